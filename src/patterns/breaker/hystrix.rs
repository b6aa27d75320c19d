//! The circuit breaker of Hystrix 1.5.18, the last release: two states, no half-open.
//!
//! `HystrixCircuitBreaker` of tag v1.5.18, an *older* algorithm than that of 1.5.13 and of the master branch (see
//! [`hystrix_master`](super::hystrix_master)). The decision is taken when a call asks, on the latest health snapshot: a bad
//! snapshot that nobody asks about in time has no effect.
//!
//! Everything of `HystrixCommand` beyond the breaker (threads, semaphores, timeouts, fallbacks) belongs to the caller.

pub mod health;

use self::health::{HealthStream, error_percentage};
use super::{History, Outcome, Permit, Rate, Reading, Refused, State, Transition, Why};
use crate::engine::time::{Span, Time};

/// `HystrixCommandProperties` as far as the breaker reads them, the same for both algorithms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// `circuitBreaker.requestVolumeThreshold`: results in the snapshot below which nothing opens. Default 20.
    pub request_volume: u32,
    /// `circuitBreaker.errorThresholdPercentage`; reaching it opens. Default 50.
    pub error_threshold: u32,
    /// `circuitBreaker.sleepWindowInMilliseconds`. Default 5 s.
    pub sleep_window: Span,
    /// `metrics.rollingStats.timeInMilliseconds`. Default 10 s.
    pub window: Span,
    /// `metrics.healthSnapshot.intervalInMilliseconds`. Default 500 ms.
    pub snapshot_interval: Span,
    /// `circuitBreaker.forceOpen` and `forceClosed`. Default: neither.
    pub force: Force,
}

/// Whether the configuration overrides the breaker's answers. Its status goes on by itself.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Force {
    /// It does not.
    #[default]
    Nothing,
    /// All calls are refused. Wins over `forceClosed` in Hystrix.
    Open,
    /// All calls pass.
    Closed,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            request_volume: 20,
            error_threshold: 50,
            sleep_window: Span::from_secs(5),
            window: Span::from_secs(10),
            snapshot_interval: Span::from_millis(500),
            force: Force::Nothing,
        }
    }
}

impl Config {
    /// The stream that both breakers decide on.
    pub(crate) fn stream(&self, now: Time) -> HealthStream {
        HealthStream::new(self.window, self.snapshot_interval, now)
    }

    /// The error rate of the latest snapshot, if it is bad enough to open.
    pub(crate) fn too_high(&self, health: &HealthStream) -> Option<Rate> {
        let counts = health.snapshot();
        let percent = error_percentage(counts);
        (counts.calls >= self.request_volume && percent >= self.error_threshold).then_some(Rate {
            bad: counts.failed,
            of: counts.calls,
            percent: percent as f32,
            threshold: self.error_threshold as f32,
        })
    }

    /// What both breakers show, but for the state and its end.
    pub(crate) fn reading(&self, health: &HealthStream, not_permitted: u32) -> Reading {
        let counts = health.snapshot();
        Reading {
            state: State::Closed,
            open_until: None,
            failure_rate: Some(error_percentage(counts) as f32),
            slow_rate: None,
            counts,
            not_permitted,
            permits_left: None,
            minimum: self.request_volume,
            failure_threshold: Some(self.error_threshold as f32),
            slow_threshold: None,
        }
    }
}

/// One breaker, created with its command.
#[derive(Clone, Debug)]
pub struct CircuitBreaker {
    config: Config,
    health: HealthStream,
    /// While open: when it opened, or when the last test call *started*.
    open_since: Option<Time>,
    not_permitted: u32,
    history: History,
}

impl CircuitBreaker {
    /// Bytes that a copy takes, its window included.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.health.bytes()
    }

    /// A closed breaker whose first bucket starts at `now`.
    pub fn new(config: Config, now: Time) -> Self {
        Self {
            config,
            health: config.stream(now),
            open_since: None,
            not_permitted: 0,
            history: History::default(),
        }
    }

    /// `allowRequest`. This is where it opens: the call that finds the snapshot bad is the first one refused. While open, one
    /// test call passes each time the sleep window is over, strictly; others may still be under way.
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        self.on_time(now);
        match self.config.force {
            Force::Open => return self.refuse(Refused::ForcedOpen),
            Force::Closed => {
                self.look(now);
                return Ok(Permit { began: self.state() });
            }
            Force::Nothing => self.look(now),
        }
        if let Some(since) = self.open_since {
            if now <= since + self.config.sleep_window {
                return self.refuse(Refused::Open);
            }
            self.open_since = Some(now);
        }
        Ok(Permit { began: self.state() })
    }

    fn refuse(&mut self, why: Refused) -> Result<Permit, Refused> {
        self.not_permitted = self.not_permitted.saturating_add(1);
        Err(why)
    }

    /// `isOpen`: looks at the latest snapshot, and opens on a bad one.
    fn look(&mut self, now: Time) {
        if self.open_since.is_none()
            && let Some(rate) = self.config.too_high(&self.health)
        {
            self.open_since = Some(now);
            self.history.note(now, State::Closed, State::Open, Why::FailureRate(rate));
        }
    }

    /// A permitted call ended. *Any* success closes at once, also a late one, and forgets all counts but itself; a failed test
    /// call does nothing.
    pub fn on_result(&mut self, now: Time, outcome: Outcome) {
        self.on_time(now);
        if outcome == Outcome::Success && self.open_since.take().is_some() {
            self.health.restart(now);
            self.history.note(now, State::Open, State::Closed, Why::Succeeded);
        }
        self.health.record(outcome);
    }

    /// When the next health snapshot is taken.
    pub fn next_timer(&self) -> Time {
        self.health.next_snapshot()
    }

    /// Takes the next snapshot, if it is due at or before `now`. A snapshot decides nothing by itself.
    pub fn poll_timer(&mut self, now: Time) -> bool {
        self.health.poll(now).is_some()
    }

    /// Takes all snapshots due at or before `now`.
    pub fn on_time(&mut self, now: Time) {
        while self.poll_timer(now) {}
    }

    /// Closed or open, whatever is forced.
    pub fn state(&self) -> State {
        if self.open_since.is_some() { State::Open } else { State::Closed }
    }

    /// The last change of state, and why.
    pub fn last_transition(&self) -> Option<Transition> {
        self.history.last()
    }

    /// State and latest snapshot. Refusals are counted since creation; Hystrix itself counts them elsewhere.
    pub fn reading(&self) -> Reading {
        Reading {
            state: self.state(),
            open_until: self.open_since.map(|since| since + self.config.sleep_window),
            ..self.config.reading(&self.health, self.not_permitted)
        }
    }

    /// The health counts, for what no snapshot shows yet.
    pub fn health(&self) -> &HealthStream {
        &self.health
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    #[test]
    fn a_bad_snapshot_opens_when_somebody_asks_and_any_success_closes() {
        let mut breaker = CircuitBreaker::new(Config { request_volume: 2, ..Config::default() }, at(0));
        for _ in 0..2 {
            breaker.on_result(at(10), Outcome::Failure);
        }
        breaker.on_time(at(500));
        assert_eq!(breaker.state(), State::Closed);
        assert_eq!(breaker.try_acquire(at(700)), Err(Refused::Open));
        assert_eq!(breaker.state(), State::Open);
        breaker.on_result(at(701), Outcome::Success);
        assert_eq!(breaker.state(), State::Closed);
    }

    #[test]
    fn each_sleep_window_admits_one_test_however_the_last_one_goes() {
        let mut breaker = CircuitBreaker::new(Config { request_volume: 1, ..Config::default() }, at(0));
        breaker.on_result(at(10), Outcome::Failure);
        assert!(breaker.try_acquire(at(500)).is_err());
        assert!(breaker.try_acquire(at(5500)).is_err());
        assert!(breaker.try_acquire(at(5501)).is_ok());
        assert!(breaker.try_acquire(at(10_501)).is_err());
        assert!(breaker.try_acquire(at(10_502)).is_ok());
    }
}
