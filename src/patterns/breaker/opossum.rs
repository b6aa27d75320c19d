//! The circuit breaker of opossum 9.0.0 (`lib/circuit.js`, `lib/status.js`), for Node.js.
//!
//! Opens on a failure only, when failures by *fires* is strictly greater than the threshold. A fire is counted when a call
//! asks, also if it is refused or still under way, so both dilute the rate. Half-open is entered by a timer. Closing clears
//! no count: the next failure may open again at once.
//!
//! The timeout of a call is measured by the caller here (report [`Outcome::Timeout`], then nothing more of that call).
//! `allowWarmUp`, caching and fallbacks are not here.

use std::collections::VecDeque;

use super::{
    Counts, History, IllegalTransition, Outcome, Permit, Rate, Reading, Refused, State, Transition, Why,
};
use crate::engine::time::{Span, Time};

/// The options that the breaker itself reads, with opossum's defaults.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config {
    /// `errorThresholdPercentage`; only *more* than that opens. Default 50.
    pub error_threshold: f64,
    /// `volumeThreshold`: fires below which nothing opens. Default 0: the very first failure opens.
    pub volume_threshold: u32,
    /// `resetTimeout`: how long open lasts. Default 30 s.
    pub reset_timeout: Span,
    /// `rollingCountTimeout`. Default 10 s.
    pub window: Span,
    /// `rollingCountBuckets`, at least 1. Default 10.
    pub buckets: u32,
    /// `capacity`: calls under way at once. Default: no limit.
    pub capacity: Option<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            error_threshold: 50.0,
            volume_threshold: 0,
            reset_timeout: Span::from_secs(30),
            window: Span::from_secs(10),
            buckets: 10,
            capacity: None,
        }
    }
}

/// What `status.stats` counts over the rolling window.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Stats {
    /// Calls that asked, refused ones included.
    pub fires: u32,
    /// Failures, with timeouts and calls over capacity.
    pub failures: u32,
    /// Successes.
    pub successes: u32,
    /// Calls refused because the breaker was open.
    pub rejects: u32,
    /// Timeouts; each is a failure too.
    pub timeouts: u32,
    /// Calls over capacity; each is a failure too.
    pub semaphore_rejections: u32,
}

impl Stats {
    /// Failures by fires in percent; `None` without fires.
    pub fn error_rate(&self) -> Option<f64> {
        (self.fires > 0).then(|| f64::from(self.failures) / f64::from(self.fires) * 100.0)
    }

    fn less(self, gone: Self) -> Self {
        Self {
            fires: self.fires - gone.fires,
            failures: self.failures - gone.failures,
            successes: self.successes - gone.successes,
            rejects: self.rejects - gone.rejects,
            timeouts: self.timeouts - gone.timeouts,
            semaphore_rejections: self.semaphore_rejections - gone.semaphore_rejections,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Circuit {
    Closed,
    Open { until: Time },
    HalfOpen { pending_close: bool },
}

/// One breaker.
#[derive(Clone, Debug)]
pub struct CircuitBreaker {
    config: Config,
    circuit: Circuit,
    enabled: bool,
    /// Oldest bucket first.
    buckets: VecDeque<Stats>,
    stats: Stats,
    next_turn: Time,
    in_flight: u32,
    history: History,
}

impl CircuitBreaker {
    /// Bytes that a copy takes, its window included.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.buckets.len() * size_of::<Stats>()
    }

    /// A closed breaker; its buckets turn by a timer that starts at `now`.
    pub fn new(config: Config, now: Time) -> Self {
        let mut breaker = Self {
            config,
            circuit: Circuit::Closed,
            enabled: true,
            buckets: VecDeque::from(vec![Stats::default(); config.buckets.max(1) as usize]),
            stats: Stats::default(),
            next_turn: now,
            in_flight: 0,
            history: History::default(),
        };
        breaker.next_turn = now + breaker.turn_interval();
        breaker
    }

    fn turn_interval(&self) -> Span {
        Span::from_millis((self.config.window.millis() / u64::from(self.config.buckets.max(1))).max(1))
    }

    /// `fire`: asks for a call. While half-open one call passes.
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        self.on_time(now);
        self.count(|stats| &mut stats.fires);
        if !self.enabled {
            return Ok(Permit { began: State::Disabled });
        }
        match &mut self.circuit {
            Circuit::Closed => {}
            Circuit::HalfOpen { pending_close } if *pending_close => *pending_close = false,
            Circuit::HalfOpen { .. } => return self.reject(Refused::ProbesOut),
            Circuit::Open { .. } => return self.reject(Refused::Open),
        }
        if self.config.capacity.is_some_and(|capacity| self.in_flight >= capacity) {
            self.count(|stats| &mut stats.semaphore_rejections);
            self.fail(now);
            return Err(Refused::Capacity);
        }
        self.in_flight += 1;
        Ok(Permit { began: self.state() })
    }

    fn reject(&mut self, why: Refused) -> Result<Permit, Refused> {
        self.count(|stats| &mut stats.rejects);
        Err(why)
    }

    /// A permitted call ended. An ignored error (`errorFilter`) is a success, an aborted call a failure. Calls begun while
    /// disabled are not heard of again.
    pub fn on_result(&mut self, now: Time, permit: Permit, outcome: Outcome) {
        self.on_time(now);
        if permit.began == State::Disabled {
            return;
        }
        self.in_flight = self.in_flight.saturating_sub(1);
        match outcome {
            Outcome::Success | Outcome::Ignored => {
                self.count(|stats| &mut stats.successes);
                // Any success will do, also a late one of a call that began before it opened.
                if matches!(self.circuit, Circuit::HalfOpen { .. }) {
                    self.become_circuit(now, Circuit::Closed, Why::Succeeded);
                }
            }
            Outcome::Timeout => {
                self.count(|stats| &mut stats.timeouts);
                self.fail(now);
            }
            Outcome::Failure | Outcome::Rejected | Outcome::Unrecorded | Outcome::Cancelled => self.fail(now),
        }
    }

    fn fail(&mut self, now: Time) {
        self.count(|stats| &mut stats.failures);
        match self.circuit {
            Circuit::Open { .. } => {}
            Circuit::HalfOpen { .. } => self.open(now, Why::ProbeFailed),
            Circuit::Closed if self.stats.fires < self.config.volume_threshold => {}
            Circuit::Closed => {
                if self.stats.error_rate().is_some_and(|rate| rate > self.config.error_threshold) {
                    self.open(now, Why::FailureRate(self.rate()));
                }
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "for display; the decision was taken in 64 bits")]
    fn rate(&self) -> Rate {
        Rate {
            bad: self.stats.failures,
            of: self.stats.fires,
            percent: self.stats.error_rate().unwrap_or_default() as f32,
            threshold: self.config.error_threshold as f32,
        }
    }

    fn open(&mut self, now: Time, why: Why) {
        self.become_circuit(now, Circuit::Open { until: now + self.config.reset_timeout }, why);
    }

    fn become_circuit(&mut self, now: Time, circuit: Circuit, why: Why) {
        let from = self.circuit();
        self.circuit = circuit;
        self.history.note(now, from, self.circuit(), why);
    }

    fn count(&mut self, field: fn(&mut Stats) -> &mut u32) {
        *field(&mut self.stats) += 1;
        if let Some(bucket) = self.buckets.back_mut() {
            *field(bucket) += 1;
        }
    }

    /// When the buckets turn or open ends, whichever is first.
    pub fn next_timer(&self) -> Time {
        match self.circuit {
            Circuit::Open { until } => until.min(self.next_turn),
            Circuit::Closed | Circuit::HalfOpen { .. } => self.next_turn,
        }
    }

    /// Turns the buckets or ends open, if due at or before `now`; `false` if neither is.
    pub fn poll_timer(&mut self, now: Time) -> bool {
        let due = self.next_timer();
        if due > now {
            return false;
        }
        if due == self.next_turn {
            let gone = self.buckets.pop_front().unwrap_or_default();
            self.stats = self.stats.less(gone);
            self.buckets.push_back(Stats::default());
            self.next_turn += self.turn_interval();
        } else {
            self.become_circuit(due, Circuit::HalfOpen { pending_close: true }, Why::Timer);
        }
        true
    }

    /// Does all that is due at or before `now`.
    pub fn on_time(&mut self, now: Time) {
        while self.poll_timer(now) {}
    }

    /// `open()`, `close()` and `disable()`. Opening an open breaker does not move its timer. Closing enables as well;
    /// half-open can't be had by hand.
    pub fn transition_to(&mut self, now: Time, to: State) -> Result<(), IllegalTransition> {
        self.on_time(now);
        match to {
            State::Open if matches!(self.circuit, Circuit::Open { .. }) => {}
            State::Open => self.open(now, Why::ByHand),
            State::Closed => {
                self.enable();
                self.become_circuit(now, Circuit::Closed, Why::ByHand);
            }
            State::Disabled => self.enabled = false,
            State::HalfOpen | State::ForcedOpen | State::MetricsOnly => {
                return Err(IllegalTransition { from: self.state(), to });
            }
        }
        Ok(())
    }

    /// `enable()`: takes `disable()` back. The circuit is where it was.
    pub fn enable(&mut self) {
        self.enabled = true;
    }

    /// The state: disabled, or else that of the circuit.
    pub fn state(&self) -> State {
        if self.enabled { self.circuit() } else { State::Disabled }
    }

    /// Closed, open or half-open, even while disabled.
    pub fn circuit(&self) -> State {
        match self.circuit {
            Circuit::Closed => State::Closed,
            Circuit::Open { .. } => State::Open,
            Circuit::HalfOpen { .. } => State::HalfOpen,
        }
    }

    /// The last change of the circuit, and why.
    pub fn last_transition(&self) -> Option<Transition> {
        self.history.last()
    }

    /// All that the rolling window counts.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// State, rate and counts; `counts.calls` and the rate are by fires, refusals are those of the rolling window.
    pub fn reading(&self) -> Reading {
        let rate = self.rate();
        Reading {
            state: self.state(),
            open_until: if let Circuit::Open { until } = self.circuit { Some(until) } else { None },
            failure_rate: (rate.of > 0).then_some(rate.percent),
            slow_rate: None,
            counts: Counts { calls: rate.of, failed: rate.bad, slow: 0 },
            not_permitted: self.stats.rejects,
            permits_left: match self.circuit {
                Circuit::HalfOpen { pending_close } => Some(u32::from(pending_close)),
                Circuit::Closed | Circuit::Open { .. } => None,
            },
            minimum: self.config.volume_threshold,
            failure_threshold: Some(rate.threshold),
            slow_threshold: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_the_first_failure_opens_and_a_timer_half_opens() {
        let mut breaker = CircuitBreaker::new(Config::default(), Time::ZERO);
        let permit = breaker.try_acquire(Time::ZERO).unwrap();
        breaker.on_result(Time::from_secs(1), permit, Outcome::Failure);
        assert_eq!(breaker.state(), State::Open);
        breaker.on_time(Time::from_secs(31));
        assert_eq!(breaker.state(), State::HalfOpen);
        assert!(breaker.try_acquire(Time::from_secs(31)).is_ok());
        assert_eq!(breaker.try_acquire(Time::from_secs(31)), Err(Refused::ProbesOut));
    }
}
