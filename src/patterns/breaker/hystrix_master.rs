//! The circuit breaker of the Hystrix master branch (commit 7c03bafe32b5, as in release 1.5.13): three states.
//!
//! The algorithm that most descriptions of Hystrix mean, though the last release has an older one
//! ([`hystrix`](super::hystrix)). The decision is taken by each health snapshot, without a call. Half-open lets one call pass,
//! and *any* result decides it, also a late one.

use super::hystrix::health::HealthStream;
use super::hystrix::{Config, Force};
use super::{History, Outcome, Permit, Reading, Refused, State, Transition, Why};
use crate::engine::time::Time;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Closed,
    Open { since: Time },
    HalfOpen,
}

/// One breaker, created with its command.
#[derive(Clone, Debug)]
pub struct CircuitBreaker {
    config: Config,
    health: HealthStream,
    status: Status,
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
        let health = config.stream(now);
        Self { config, health, status: Status::Closed, not_permitted: 0, history: History::default() }
    }

    /// `attemptExecution`. Strictly after the sleep window one call makes OPEN half-open and passes.
    ///
    /// A call that is refused ends at once, and the end of *any* command that did not succeed is a non-success: refused while
    /// half-open, it reopens the breaker, and the test call under way can no longer close it (Netflix/Hystrix issue 1853).
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        self.on_time(now);
        let refused = match (self.config.force, self.status) {
            (Force::Open, _) => Refused::ForcedOpen,
            (Force::Closed, _) | (Force::Nothing, Status::Closed) => {
                return Ok(Permit { began: self.state() });
            }
            (Force::Nothing, Status::Open { since }) if now > since + self.config.sleep_window => {
                self.become_status(now, Status::HalfOpen, Why::WaitOver);
                return Ok(Permit { began: State::HalfOpen });
            }
            (Force::Nothing, Status::Open { .. }) => Refused::Open,
            (Force::Nothing, Status::HalfOpen) => Refused::ProbesOut,
        };
        self.not_permitted = self.not_permitted.saturating_add(1);
        self.not_successful(now, Why::RefusalReopened);
        Err(refused)
    }

    /// A permitted call ended. Half-open closes on any success and forgets all counts but that one; it reopens on anything
    /// else, with a new sleep window: failures, but also bad requests and cancelled calls, which no count knows.
    pub fn on_result(&mut self, now: Time, outcome: Outcome) {
        self.on_time(now);
        if outcome != Outcome::Success {
            self.not_successful(now, Why::ProbeFailed);
        } else if self.status == Status::HalfOpen {
            self.health.restart(now);
            self.become_status(now, Status::Closed, Why::Succeeded);
        }
        self.health.record(outcome);
    }

    /// `markNonSuccess`.
    fn not_successful(&mut self, now: Time, why: Why) {
        if self.status == Status::HalfOpen {
            self.become_status(now, Status::Open { since: now }, why);
        }
    }

    fn become_status(&mut self, now: Time, status: Status, why: Why) {
        let from = self.state();
        self.status = status;
        self.history.note(now, from, self.state(), why);
    }

    /// When the next health snapshot is taken.
    pub fn next_timer(&self) -> Time {
        self.health.next_snapshot()
    }

    /// Takes the next snapshot, if it is due at or before `now`; a bad one opens a closed breaker then and there.
    pub fn poll_timer(&mut self, now: Time) -> bool {
        let Some(taken) = self.health.poll(now) else {
            return false;
        };
        if self.status == Status::Closed
            && let Some(rate) = self.config.too_high(&self.health)
        {
            self.become_status(taken, Status::Open { since: taken }, Why::FailureRate(rate));
        }
        true
    }

    /// Takes all snapshots due at or before `now`.
    pub fn on_time(&mut self, now: Time) {
        while self.poll_timer(now) {}
    }

    /// The status, whatever is forced.
    pub fn state(&self) -> State {
        match self.status {
            Status::Closed => State::Closed,
            Status::Open { .. } => State::Open,
            Status::HalfOpen => State::HalfOpen,
        }
    }

    /// `isOpen`: half-open counts as open, and what is forced wins.
    pub fn is_open(&self) -> bool {
        match self.config.force {
            Force::Open => true,
            Force::Closed => false,
            Force::Nothing => self.status != Status::Closed,
        }
    }

    /// `allowRequest`: whether a call would pass at `now`. Asking changes nothing.
    pub fn would_allow(&self, now: Time) -> bool {
        match (self.config.force, self.status) {
            (Force::Open, _) | (Force::Nothing, Status::HalfOpen) => false,
            (Force::Closed, _) | (Force::Nothing, Status::Closed) => true,
            (Force::Nothing, Status::Open { since }) => now > since + self.config.sleep_window,
        }
    }

    /// The last change of state, and why.
    pub fn last_transition(&self) -> Option<Transition> {
        self.history.last()
    }

    /// State and latest snapshot. Refusals are counted since creation; Hystrix itself counts them elsewhere.
    pub fn reading(&self) -> Reading {
        let (open_until, permits_left) = match self.status {
            Status::Closed => (None, None),
            Status::Open { since } => (Some(since + self.config.sleep_window), None),
            Status::HalfOpen => (None, Some(0)),
        };
        let state = self.state();
        Reading { state, open_until, permits_left, ..self.config.reading(&self.health, self.not_permitted) }
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

    fn half_open() -> CircuitBreaker {
        let mut breaker = CircuitBreaker::new(Config { request_volume: 1, ..Config::default() }, at(0));
        breaker.on_result(at(10), Outcome::Failure);
        assert!(breaker.try_acquire(at(499)).is_ok());
        assert!(breaker.try_acquire(at(5500)).is_err());
        assert!(breaker.try_acquire(at(5501)).is_ok());
        breaker
    }

    #[test]
    fn the_snapshot_opens_and_one_success_closes() {
        let mut breaker = half_open();
        breaker.on_result(at(5502), Outcome::Success);
        assert_eq!(breaker.state(), State::Closed);
        assert_eq!(breaker.reading().counts.calls, 0);
    }

    #[test]
    fn a_refused_call_reopens_and_the_probe_can_no_longer_close() {
        let mut breaker = half_open();
        assert_eq!(breaker.try_acquire(at(5600)), Err(Refused::ProbesOut));
        assert_eq!(breaker.last_transition().map(|t| t.why), Some(Why::RefusalReopened));
        breaker.on_result(at(5700), Outcome::Success);
        assert_eq!(breaker.state(), State::Open);
    }
}
