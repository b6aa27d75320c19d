//! Circuit breakers, one type for each real system, and one face for all of them.
//!
//! A breaker stands in front of calls to something that may fail. It is asked before each call
//! ([`Breaker::try_acquire`]) and told how the call ended ([`Breaker::on_result`]); from the results it decides to refuse
//! calls for a while. Every type here is sans-I/O: time is an argument and never goes back, and a breaker that acts by
//! itself says when ([`Breaker::next_timer`], [`Breaker::on_time`]).
//!
//! The systems agree on the picture (closed, open, half-open) and on almost nothing else: when thresholds are looked at,
//! whether "equal" opens, how many probes pass, what a late result does. So they share a vocabulary and no algorithm.
//!
//! Nothing here knows who calls, how long a call takes, or what is shown of it.

use crate::engine::time::{Span, Time};

pub mod hystrix;
pub mod hystrix_master;
pub mod opossum;
pub mod pybreaker;
pub mod reading;
pub mod resilience4j;

pub(crate) use self::reading::History;
pub use self::reading::{Counts, Rate, Reading, Recorded, Transition, Why};

/// Where a breaker stands. All systems know the first two, all but Hystrix 1.5.18 the third.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum State {
    /// Calls pass and their results are counted.
    Closed,
    /// Calls are refused until a wait is over.
    Open,
    /// Some calls pass as probes; their results decide between [`State::Closed`] and [`State::Open`].
    HalfOpen,
    /// All calls pass, nothing is counted (Resilience4j `DISABLED`, opossum `disable()`).
    Disabled,
    /// All calls are refused, with no way out but by hand (Resilience4j `FORCED_OPEN`).
    ForcedOpen,
    /// All calls pass and are counted, and no threshold acts (Resilience4j `METRICS_ONLY`).
    MetricsOnly,
}

/// How a call that was let through ended, as far as a breaker may care.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// It answered.
    Success,
    /// It failed with an error that counts.
    Failure,
    /// The caller gave up waiting. A failure in every system; opossum counts it separately as well.
    Timeout,
    /// A pool or semaphore behind the breaker turned it away; the call never ran. A failure in every system.
    Rejected,
    /// It failed with an error that the breaker was told to ignore: `ignoreExceptions` (Resilience4j: no result),
    /// `HystrixBadRequestException` (no result, but see [`hystrix_master`]), `errorFilter` (opossum: a success),
    /// `exclude` (pybreaker: a success).
    Ignored,
    /// It failed with an error that is not among the recorded ones: a *success* for Resilience4j (`recordExceptions`). The
    /// other systems have no such list: a failure.
    Unrecorded,
    /// The caller took it back before it ended: `releasePermission()` (Resilience4j), unsubscribe (Hystrix). pybreaker sees
    /// the `GeneratorExit` of an abandoned generator and counts a failure.
    Cancelled,
}

impl Outcome {
    /// Whether it is a failure by the words of this page, for a system without exceptions to the rule.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failure | Self::Timeout | Self::Rejected | Self::Unrecorded)
    }
}

/// Leave to make one call; hand it back with the result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[must_use = "a permit is handed back with the result of its call"]
pub struct Permit {
    /// The state that admitted the call. pybreaker judges a result by the rules of the state in which the call began, and
    /// opossum doesn't hear of calls begun while disabled; the others ask only for the state at the end.
    pub began: State,
}

/// Why a call was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refused {
    /// Open: nobody passes until the wait is over.
    Open,
    /// Half-open, and all probes are out.
    ProbesOut,
    /// Forced open by hand or by configuration.
    ForcedOpen,
    /// Too many calls in flight (opossum `capacity`).
    Capacity,
}

/// What became of a result, seen from the caller of the protected call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ending {
    /// The caller gets what the call gave.
    Own,
    /// The caller gets the breaker's error in place of the call's own, since this failure opened the breaker (pybreaker
    /// `throw_new_error_on_trip`).
    BreakerError,
    /// The caller gets an `ArithmeticException` out of the breaker itself (Resilience4j, see
    /// [`resilience4j::DivisionByZero`]).
    DivisionByZero,
}

/// That change is not possible by hand in this system, from this state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("this breaker can't be moved from {from:?} to {to:?} by hand")]
pub struct IllegalTransition {
    /// The state it is in, and stays in.
    pub from: State,
    /// The state that was asked for.
    pub to: State,
}

/// Which breaker, and its settings.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Settings {
    /// No breaker at all.
    #[default]
    None,
    /// Resilience4j 2.4.0.
    Resilience4j(resilience4j::Config),
    /// Hystrix 1.5.18, the last release.
    Hystrix(hystrix::Config),
    /// Hystrix master (as in release 1.5.13).
    HystrixMaster(hystrix::Config),
    /// opossum 9.0.0.
    Opossum(opossum::Config),
    /// pybreaker 1.4.1.
    Pybreaker(pybreaker::Config),
}

impl Settings {
    /// A breaker with these settings, created at `now`.
    pub fn build(&self, now: Time) -> Breaker {
        match self {
            Self::None => Breaker::None,
            Self::Resilience4j(c) => {
                Breaker::Resilience4j(Box::new(resilience4j::CircuitBreaker::new(*c, now)))
            }
            Self::Hystrix(c) => Breaker::Hystrix(Box::new(hystrix::CircuitBreaker::new(*c, now))),
            Self::HystrixMaster(c) => {
                Breaker::HystrixMaster(Box::new(hystrix_master::CircuitBreaker::new(*c, now)))
            }
            Self::Opossum(c) => Breaker::Opossum(Box::new(opossum::CircuitBreaker::new(*c, now))),
            Self::Pybreaker(c) => Breaker::Pybreaker(Box::new(pybreaker::CircuitBreaker::new(*c))),
        }
    }
}

/// Any of the breakers, behind one face.
#[derive(Clone, Debug, Default)]
pub enum Breaker {
    /// Lets everything through and counts nothing.
    #[default]
    None,
    /// Resilience4j 2.4.0.
    Resilience4j(Box<resilience4j::CircuitBreaker>),
    /// Hystrix 1.5.18, the last release: two states.
    Hystrix(Box<hystrix::CircuitBreaker>),
    /// Hystrix master (as in release 1.5.13): three states.
    HystrixMaster(Box<hystrix_master::CircuitBreaker>),
    /// opossum 9.0.0.
    Opossum(Box<opossum::CircuitBreaker>),
    /// pybreaker 1.4.1.
    Pybreaker(Box<pybreaker::CircuitBreaker>),
}

impl Breaker {
    /// Asks to make a call at `now`. Timers that are due fire first.
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        match self {
            Self::None => Ok(Permit { began: State::Closed }),
            Self::Resilience4j(b) => b.try_acquire(now),
            Self::Hystrix(b) => b.try_acquire(now),
            Self::HystrixMaster(b) => b.try_acquire(now),
            Self::Opossum(b) => b.try_acquire(now),
            Self::Pybreaker(b) => b.try_acquire(now),
        }
    }

    /// Tells how a permitted call ended at `now`, and how long it took. Timers that are due fire first. Only Resilience4j
    /// looks at the duration, and no breaker compares it with the clock.
    pub fn on_result(&mut self, now: Time, permit: Permit, outcome: Outcome, took: Span) -> Ending {
        match self {
            Self::None => {}
            Self::Resilience4j(b) => {
                if b.on_result(now, outcome, took).is_err() {
                    return Ending::DivisionByZero;
                }
            }
            Self::Hystrix(b) => b.on_result(now, outcome),
            Self::HystrixMaster(b) => b.on_result(now, outcome),
            Self::Opossum(b) => b.on_result(now, permit, outcome),
            Self::Pybreaker(b) => return b.on_result(now, permit, outcome),
        }
        Ending::Own
    }

    /// When the breaker next does something by itself, if ever. Hystrix takes a health snapshot twice a second, for ever.
    pub fn next_timer(&self) -> Option<Time> {
        match self {
            Self::None | Self::Pybreaker(_) => None,
            Self::Resilience4j(b) => b.next_timer(),
            Self::Hystrix(b) => Some(b.next_timer()),
            Self::HystrixMaster(b) => Some(b.next_timer()),
            Self::Opossum(b) => Some(b.next_timer()),
        }
    }

    /// Fires the earliest timer that is due at or before `now`, as if at its due time; `false` if none is. Each firing makes
    /// at most one transition.
    pub fn poll_timer(&mut self, now: Time) -> bool {
        match self {
            Self::None | Self::Pybreaker(_) => false,
            Self::Resilience4j(b) => b.poll_timer(now),
            Self::Hystrix(b) => b.poll_timer(now),
            Self::HystrixMaster(b) => b.poll_timer(now),
            Self::Opossum(b) => b.poll_timer(now),
        }
    }

    /// Moves the clock to `now`: fires all that is due, in order of due time, then of creation.
    pub fn on_time(&mut self, now: Time) {
        while self.poll_timer(now) {}
    }

    /// The state, as of the last call that moved time.
    pub fn state(&self) -> State {
        match self {
            Self::None => State::Closed,
            Self::Resilience4j(b) => b.state(),
            Self::Hystrix(b) => b.state(),
            Self::HystrixMaster(b) => b.state(),
            Self::Opossum(b) => b.state(),
            Self::Pybreaker(b) => b.state(),
        }
    }

    /// The last change of state, and why; `None` before the first.
    pub fn last_transition(&self) -> Option<Transition> {
        match self {
            Self::None => None,
            Self::Resilience4j(b) => b.last_transition(),
            Self::Hystrix(b) => b.last_transition(),
            Self::HystrixMaster(b) => b.last_transition(),
            Self::Opossum(b) => b.last_transition(),
            Self::Pybreaker(b) => b.last_transition(),
        }
    }

    /// What the breaker shows at `now`, without changing it; `None` without a breaker.
    pub fn reading(&self, now: Time) -> Option<Reading> {
        match self {
            Self::None => None,
            Self::Resilience4j(b) => Some(b.reading(now)),
            Self::Hystrix(b) => Some(b.reading()),
            Self::HystrixMaster(b) => Some(b.reading()),
            Self::Opossum(b) => Some(b.reading()),
            Self::Pybreaker(b) => Some(b.reading()),
        }
    }

    /// The results of a count window, oldest first, and how many fit in; `None` if the window now in use is not of that kind.
    pub fn count_window(&self) -> Option<(impl Iterator<Item = Recorded> + '_, u32)> {
        match self {
            Self::Resilience4j(b) => b.count_window(),
            _ => None,
        }
    }

    /// Bytes that a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Resilience4j(b) => b.bytes(),
            Self::Hystrix(b) => b.bytes(),
            Self::HystrixMaster(b) => b.bytes(),
            Self::Opossum(b) => b.bytes(),
            Self::Pybreaker(b) => size_of_val(&**b),
        }
    }

    /// Moves the breaker to `to` by hand, where the system has a way to do so. [`State::Disabled`] for opossum is `disable()`;
    /// Hystrix is moved by configuration only.
    pub fn by_hand(&mut self, now: Time, to: State) -> Result<(), IllegalTransition> {
        match self {
            Self::Resilience4j(b) => b.transition_to(now, to),
            Self::Opossum(b) => b.transition_to(now, to),
            Self::Pybreaker(b) => b.transition_to(now, to),
            Self::None | Self::Hystrix(_) | Self::HystrixMaster(_) => {
                Err(IllegalTransition { from: self.state(), to })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With their defaults, how each system takes one failure, then asks again.
    #[test]
    fn one_failure_opens_opossum_alone() {
        let all = [
            Settings::None,
            Settings::Resilience4j(resilience4j::Config::default()),
            Settings::Hystrix(hystrix::Config::default()),
            Settings::HystrixMaster(hystrix::Config::default()),
            Settings::Opossum(opossum::Config::default()),
            Settings::Pybreaker(pybreaker::Config::default()),
        ];
        for settings in all {
            let mut breaker = settings.build(Time::ZERO);
            let permit = breaker.try_acquire(Time::ZERO).unwrap();
            assert_eq!(
                breaker.on_result(Time::from_secs(1), permit, Outcome::Failure, Span::from_secs(1)),
                Ending::Own
            );
            let refused = breaker.try_acquire(Time::from_secs(2)).is_err();
            assert_eq!(refused, matches!(settings, Settings::Opossum(_)), "{settings:?}");
        }
    }

    #[test]
    fn a_count_window_shows_its_results_oldest_first() {
        let mut breaker = Settings::Resilience4j(resilience4j::Config::default()).build(Time::ZERO);
        for outcome in [Outcome::Failure, Outcome::Success, Outcome::Cancelled] {
            let permit = breaker.try_acquire(Time::ZERO).unwrap();
            let _ = breaker.on_result(Time::ZERO, permit, outcome, Span::ZERO);
        }
        let (results, size) = breaker.count_window().unwrap();
        assert_eq!((results.map(|r| r.failed).collect::<Vec<_>>(), size), (vec![true, false], 100));
    }
}
