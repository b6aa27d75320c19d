//! What a breaker shows of itself: its state and counts now, and why it last changed. Plain data; knows no algorithm.

use super::State;
use crate::engine::time::Time;

/// A share of results that was held against a threshold.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// How many results were bad (failed, or slow).
    pub bad: u32,
    /// Of how many that counted.
    pub of: u32,
    /// The share as the system computes it, in percent.
    pub percent: f32,
    /// The threshold in effect, in percent.
    pub threshold: f32,
}

/// Why a breaker changed its state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Why {
    /// The failure rate was too high.
    FailureRate(Rate),
    /// The share of slow calls was too high (Resilience4j).
    SlowRate(Rate),
    /// Both the failure rate and the share of slow calls were too high (Resilience4j).
    BothRates {
        /// The failure rate.
        failure: Rate,
        /// The share of slow calls.
        slow: Rate,
    },
    /// So many failures in a row (pybreaker).
    ConsecutiveFailures {
        /// Failures since the last success, this one included.
        failures: u32,
        /// How many it takes.
        limit: u32,
    },
    /// The wait was over and a call asked: it goes through as a probe.
    WaitOver,
    /// The wait was over, and the breaker's own timer moved it without a call.
    Timer,
    /// Half-open lasted too long without a decision (Resilience4j `maxWaitDurationInHalfOpenState`).
    HalfOpenTooLong,
    /// A timer that a reset had left running acted on a state that it did not belong to (Resilience4j).
    StaleTimer,
    /// Enough results came in while half-open, and the failure rate stayed below its threshold (Resilience4j).
    ProbesPassed(Rate),
    /// A success came in, and one is enough (or, for pybreaker, as many as `success_threshold`). It may be the late success
    /// of a call that began before the breaker opened.
    Succeeded,
    /// A failure came in while half-open, and one is enough. It may be a late one.
    ProbeFailed,
    /// A call that was *refused* while half-open reopened the breaker (Hystrix master, its issue 1853).
    RefusalReopened,
    /// Somebody did it by hand.
    ByHand,
    /// Somebody reset the breaker.
    Reset,
}

/// One change of state.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Transition {
    /// Counts the transitions of this breaker: 1, 2, 3 …; a new number is a new transition.
    pub number: u32,
    /// When.
    pub at: Time,
    /// From which state.
    pub from: State,
    /// To which state; never the same one.
    pub to: State,
    /// What made it so.
    pub why: Why,
}

/// The last transition of a breaker, counted.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct History {
    last: Option<Transition>,
}

impl History {
    /// Notes a transition; from a state to itself is none.
    pub(crate) fn note(&mut self, at: Time, from: State, to: State, why: Why) {
        if from != to {
            let number = self.last.map_or(1, |t| t.number.wrapping_add(1));
            self.last = Some(Transition { number, at, from, to, why });
        }
    }

    pub(crate) fn last(&self) -> Option<Transition> {
        self.last
    }
}

/// Results counted together.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// All of them.
    pub calls: u32,
    /// The failed ones, slow or not.
    pub failed: u32,
    /// The slow ones, failed or not. Always 0 but for Resilience4j.
    pub slow: u32,
}

/// One recorded result, for drawing a window.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Recorded {
    /// It counted as a failure.
    pub failed: bool,
    /// It took longer than the slow-call threshold.
    pub slow: bool,
}

/// What a breaker shows of itself at one instant. Fields that a system does not have are `None`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Reading {
    /// The state.
    pub state: State,
    /// While open with a wait: when the wait is over. Whether a call is let through *at* that instant differs: Resilience4j
    /// and Hystrix want it strictly later, pybreaker does not, opossum moves by a timer exactly then.
    pub open_until: Option<Time>,
    /// Percentage of failures, `None` while too few results are in. Hystrix: of the latest snapshot.
    pub failure_rate: Option<f32>,
    /// Percentage of slow calls, `None` while too few results are in.
    pub slow_rate: Option<f32>,
    /// The results that the rates are made of. pybreaker: failures in a row.
    pub counts: Counts,
    /// Calls refused. Resilience4j and opossum forget some of them, see there.
    pub not_permitted: u32,
    /// While half-open: how many more calls may pass; `None` in other states, or if there is no limit.
    pub permits_left: Option<u32>,
    /// How many results it takes before the rate is looked at, as in effect now. pybreaker: failures in a row that open.
    pub minimum: u32,
    /// Percentage of failures that opens, `None` where no rate is computed.
    pub failure_threshold: Option<f32>,
    /// Percentage of slow calls that opens.
    pub slow_threshold: Option<f32>,
}
