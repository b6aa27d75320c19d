//! The settings of a Resilience4j breaker, with the library's defaults. Knows nothing of the state machine.

use crate::engine::time::Span;
use crate::patterns::breaker::State;
use crate::patterns::retry::resilience4j::exponential;

/// Which results the rates are made of while closed (`slidingWindowType` and `slidingWindowSize`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowKind {
    /// The last so many results (`COUNT_BASED`), at least 1.
    Count(u32),
    /// The results of the last so many whole clock seconds, the current one included (`TIME_BASED`), at least 1.
    Seconds(u32),
}

/// How long OPEN lasts at least (`waitDurationInOpenState` or `waitIntervalFunctionInOpenState`).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum OpenWait {
    /// Always the same.
    Constant(Span),
    /// `IntervalFunction.ofExponentialBackoff`: longer with each failed half-open phase, from the beginning again after
    /// CLOSED.
    Exponential {
        /// The first wait.
        initial: Span,
        /// Each further wait is so many times the one before, cut to whole milliseconds; at least 1.
        multiplier: f64,
        /// No wait is longer.
        max: Span,
    },
}

impl OpenWait {
    /// The wait of the `attempt`-th opening in a row, counted from 1, in whole milliseconds (0 counts as 1).
    pub fn after(self, attempt: u32) -> Span {
        match self {
            Self::Constant(wait) => Span::from_millis(wait.millis()),
            Self::Exponential { initial, multiplier, max } => {
                Span::from_millis(exponential(initial.millis(), multiplier, attempt).min(max.millis()))
            }
        }
    }
}

/// Where a half-open phase that lasted too long goes (`transitionToStateAfterWaitDuration`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterHalfOpen {
    /// Open again, with a new wait (the default).
    Open,
    /// Closed, as if the probes had passed.
    Closed,
}

/// `CircuitBreakerConfig` of Resilience4j 2.4.0. Which errors are recorded or ignored is not here: they are given in as
/// [`Outcome`](crate::patterns::breaker::Outcome)s.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config {
    /// The window while closed. Default: the last 100 results.
    pub window: WindowKind,
    /// `minimumNumberOfCalls`: results it takes before rates exist. Default 100. Capped by the size of a count window and by
    /// the permits of half-open, and by nothing in a time window.
    pub minimum_calls: u32,
    /// `failureRateThreshold` in percent, above 0 and at most 100. Default 50. Reaching it opens.
    pub failure_threshold: f32,
    /// `slowCallRateThreshold` in percent, above 0 and at most 100. Default 100. Reaching it opens.
    pub slow_threshold: f32,
    /// `slowCallDurationThreshold`: a call that took *longer* is slow. Default 60 s.
    pub slow_duration: Span,
    /// How long OPEN lasts at least, at least 1 ms. Default 60 s.
    pub open_wait: OpenWait,
    /// `permittedNumberOfCallsInHalfOpenState`, at least 1. Default 10.
    pub half_open_permits: u32,
    /// `maxWaitDurationInHalfOpenState`, cut to whole milliseconds; zero, the default, is no limit.
    pub half_open_max_wait: Span,
    /// Where to go when that wait is over. Default: open.
    pub after_half_open: AfterHalfOpen,
    /// `automaticTransitionFromOpenToHalfOpenEnabled`: a timer ends OPEN, without a call. Default `false`.
    pub automatic_half_open: bool,
    /// `initialState`. Default closed.
    pub initial: State,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: WindowKind::Count(100),
            minimum_calls: 100,
            failure_threshold: 50.0,
            slow_threshold: 100.0,
            slow_duration: Span::from_secs(60),
            open_wait: OpenWait::Constant(Span::from_secs(60)),
            half_open_permits: 10,
            half_open_max_wait: Span::ZERO,
            after_half_open: AfterHalfOpen::Open,
            automatic_half_open: false,
            initial: State::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_waits_are_cut_to_milliseconds_at_each_step_and_capped() {
        let wait = OpenWait::Exponential {
            initial: Span::from_millis(500),
            multiplier: 1.5,
            max: Span::from_millis(2000),
        };
        let waits: Vec<u64> = (1..=6).map(|k| wait.after(k).millis()).collect();
        assert_eq!(waits, [500, 750, 1125, 1687, 2000, 2000]);
    }

    #[test]
    fn a_wait_too_short_to_grow_stays() {
        let wait = OpenWait::Exponential {
            initial: Span::from_millis(5),
            multiplier: 1.1,
            max: Span::from_secs(60),
        };
        assert_eq!(wait.after(u32::MAX), Span::from_millis(5));
    }
}
