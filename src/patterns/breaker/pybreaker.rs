//! The circuit breaker of pybreaker 1.4.1, for Python: no window and no rate, only failures in a row.
//!
//! A result is judged by the rules of the state in which its call *began*. Plain calls hold the breaker's lock for their whole
//! duration, so only generator functions can overlap; whoever lets calls overlap here models those.

use super::{
    Counts, Ending, History, IllegalTransition, Outcome, Permit, Reading, Refused, State, Transition, Why,
};
use crate::engine::time::{Span, Time};

/// The arguments of `CircuitBreaker(…)`, with their defaults. Excluded exceptions are given in as [`Outcome::Ignored`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// `fail_max`: failures in a row that open. Default 5.
    pub fail_max: u32,
    /// `reset_timeout`: how long open lasts. Default 60 s.
    pub reset_timeout: Span,
    /// `success_threshold`: successes in half-open that close. Default 1.
    pub success_threshold: u32,
    /// `throw_new_error_on_trip`: whether the caller whose failure opens gets `CircuitBreakerError`. Default `true`.
    pub new_error_on_trip: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            fail_max: 5,
            reset_timeout: Span::from_secs(60),
            success_threshold: 1,
            new_error_on_trip: true,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    Closed,
    Open { at: Time },
    HalfOpen,
}

/// One breaker, with its state in memory.
#[derive(Clone, Debug)]
pub struct CircuitBreaker {
    config: Config,
    phase: Phase,
    /// Not cleared by opening: it goes on rising with failed trials.
    fail_counter: u32,
    success_counter: u32,
    not_permitted: u32,
    history: History,
}

impl CircuitBreaker {
    /// A closed breaker.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            phase: Phase::Closed,
            fail_counter: 0,
            success_counter: 0,
            not_permitted: 0,
            history: History::default(),
        }
    }

    /// Asks for a call. It passes *at* the end of the timeout already, and half-open has no limit.
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        if let Phase::Open { at } = self.phase {
            if now < at + self.config.reset_timeout {
                self.not_permitted = self.not_permitted.saturating_add(1);
                return Err(Refused::Open);
            }
            self.become_phase(now, Phase::HalfOpen, Why::WaitOver);
        }
        Ok(Permit { began: self.state() })
    }

    /// A permitted call ended. A late failure of a call begun while closed opens *again*, so the timeout starts anew; its late
    /// success clears the failure counter, and is no trial.
    pub fn on_result(&mut self, now: Time, permit: Permit, outcome: Outcome) -> Ending {
        let trial = permit.began == State::HalfOpen;
        if matches!(outcome, Outcome::Success | Outcome::Ignored) {
            self.fail_counter = 0;
            if trial {
                self.success_counter += 1;
                if self.success_counter >= self.config.success_threshold {
                    self.become_phase(now, Phase::Closed, Why::Succeeded);
                }
            }
            return Ending::Own;
        }
        self.fail_counter = self.fail_counter.saturating_add(1);
        let (failures, limit) = (self.fail_counter, self.config.fail_max);
        if trial {
            self.become_phase(now, Phase::Open { at: now }, Why::ProbeFailed);
        } else if failures >= limit {
            self.become_phase(now, Phase::Open { at: now }, Why::ConsecutiveFailures { failures, limit });
        } else {
            return Ending::Own;
        }
        if self.config.new_error_on_trip { Ending::BreakerError } else { Ending::Own }
    }

    fn become_phase(&mut self, now: Time, phase: Phase, why: Why) {
        let from = self.state();
        self.phase = phase;
        self.success_counter = 0;
        if phase == Phase::Closed {
            self.fail_counter = 0;
        }
        self.history.note(now, from, self.state(), why);
    }

    /// `open()`, `half_open()` and `close()`; opening starts the timeout anew, closing clears the counters.
    pub fn transition_to(&mut self, now: Time, to: State) -> Result<(), IllegalTransition> {
        let phase = match to {
            State::Closed => Phase::Closed,
            State::Open => Phase::Open { at: now },
            State::HalfOpen => Phase::HalfOpen,
            State::Disabled | State::ForcedOpen | State::MetricsOnly => {
                return Err(IllegalTransition { from: self.state(), to });
            }
        };
        self.become_phase(now, phase, Why::ByHand);
        Ok(())
    }

    /// The state; it reads open until a call asks after the timeout.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen => State::HalfOpen,
        }
    }

    /// The last change of state, and why.
    pub fn last_transition(&self) -> Option<Transition> {
        self.history.last()
    }

    /// `fail_counter`: failures since the last success.
    pub fn fail_counter(&self) -> u32 {
        self.fail_counter
    }

    /// `success_counter`: trial successes of this half-open phase.
    pub fn success_counter(&self) -> u32 {
        self.success_counter
    }

    /// State and counter: failures in a row, of `minimum` that open. Refusals are counted since creation.
    pub fn reading(&self) -> Reading {
        Reading {
            state: self.state(),
            open_until: if let Phase::Open { at } = self.phase {
                Some(at + self.config.reset_timeout)
            } else {
                None
            },
            failure_rate: None,
            slow_rate: None,
            counts: Counts { calls: self.fail_counter, failed: self.fail_counter, slow: 0 },
            not_permitted: self.not_permitted,
            permits_left: None,
            minimum: self.config.fail_max,
            failure_threshold: None,
            slow_threshold: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_starts_the_count_anew_and_the_timeout_ends_inclusively() {
        let mut breaker = CircuitBreaker::new(Config { fail_max: 2, ..Config::default() });
        let permit = breaker.try_acquire(Time::ZERO).unwrap();
        for outcome in [Outcome::Failure, Outcome::Success, Outcome::Failure] {
            assert_eq!(breaker.on_result(Time::ZERO, permit, outcome), Ending::Own);
        }
        assert_eq!(breaker.on_result(Time::ZERO, permit, Outcome::Failure), Ending::BreakerError);
        assert!(breaker.try_acquire(Time::from_millis(59_999)).is_err());
        assert!(breaker.try_acquire(Time::from_secs(60)).is_ok());
        assert_eq!(breaker.state(), State::HalfOpen);
    }
}
