//! A list of calls, one after the other, and what becomes of each: at the real breaker, and at one that somebody believes in.

use super::believer::{self, Believer, Flaw};
use super::dice::Dice;
use crate::engine::time::{Span, Time};
use crate::patterns::breaker::resilience4j::{CircuitBreaker, Config};
use crate::patterns::breaker::{Counts, Outcome, State, Why};

/// How long an answer takes, and a slow one.
const FAST: Span = Span::from_millis(100);
const SLOW: Span = Span::from_millis(800);
/// Longer than this is slow.
pub(super) const LIMIT: Span = Span::from_millis(500);

/// What payments gives, if it is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// An answer within 100 ms.
    Well,
    /// An answer after 800 ms.
    Slow,
    /// An error within 100 ms.
    Failed,
}

impl Answer {
    /// Its mark in a table.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Slow => "S",
            Self::Failed => "F",
        }
    }

    pub const fn took(self) -> Span {
        match self {
            Self::Slow => SLOW,
            Self::Well | Self::Failed => FAST,
        }
    }

    pub fn outcome(self) -> Outcome {
        if self == Self::Failed { Outcome::Failure } else { Outcome::Success }
    }

    pub fn result(self) -> believer::Result {
        believer::Result { failed: self == Self::Failed, slow: self == Self::Slow, late: false }
    }
}

/// One call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Call {
    /// The whole second in which it is made.
    pub second: u64,
    /// What payments would give.
    pub answer: Answer,
}

/// What became of a call, and where that left the breaker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fate {
    /// It reached payments.
    pub passed: bool,
    /// The state after it.
    pub state: State,
}

/// What the real breaker did with a call.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Seen {
    /// What became of it.
    pub fate: Fate,
    /// The results that its result was judged with.
    pub counts: Counts,
    /// Why it changed the state, if it did so.
    pub why: Option<Why>,
}

/// What the real breaker does.
pub(super) fn truth(config: &Config, calls: &[Call]) -> Vec<Seen> {
    let mut breaker = CircuitBreaker::new(*config, Time::ZERO);
    calls
        .iter()
        .map(|call| {
            let now = Time::from_secs(call.second);
            let passed = breaker.try_acquire(now).is_ok();
            let end = now + call.answer.took();
            let before = breaker.last_transition().map_or(0, |it| it.number);
            if passed {
                // A division by zero needs a transition by hand, and here is none.
                let _ = breaker.on_result(end, call.answer.outcome(), call.answer.took());
            }
            let last = breaker.last_transition().filter(|it| it.number != before);
            let counts = match last.map(|it| it.why) {
                // Closing throws the results of the probes away.
                Some(Why::ProbesPassed(rate)) => Counts { calls: rate.of, failed: rate.bad, slow: 0 },
                _ => breaker.reading(end).counts,
            };
            Seen { fate: Fate { passed, state: breaker.state() }, counts, why: last.map(|it| it.why) }
        })
        .collect()
}

/// What a breaker with this flaw would do, or without one.
pub(super) fn believed(config: &Config, flaw: Option<Flaw>, calls: &[Call]) -> Vec<Fate> {
    let mut breaker = Believer::new(*config, flaw);
    calls
        .iter()
        .map(|call| {
            let now = Time::from_secs(call.second);
            let passed = breaker.acquire(now, call.answer == Answer::Well);
            if passed {
                breaker.result(now + call.answer.took(), call.answer.result());
            }
            Fate { passed, state: breaker.state() }
        })
        .collect()
}

/// The first call with which it left CLOSED, counted from 1.
pub(super) fn opened(fates: impl IntoIterator<Item = Fate>) -> Option<usize> {
    fates.into_iter().position(|fate| fate.state == State::Open || !fate.passed).map(|at| at + 1)
}

/// The first call on which they differ.
pub(super) fn parted(truth: &[Seen], believed: &[Fate]) -> Option<usize> {
    truth.iter().zip(believed).position(|(seen, fate)| seen.fate != *fate)
}

/// Calls of which about so many percent fail and so many are slow.
pub(super) fn listed(dice: &mut Dice, number: usize, failed: u64, slow: u64, longest_gap: u64) -> Vec<Call> {
    let mut second = 0;
    (0..number)
        .map(|at| {
            if at > 0 {
                second += dice.between(1, longest_gap);
            }
            let answer = match dice.between(1, 100) {
                n if n <= failed => Answer::Failed,
                n if n <= failed + slow => Answer::Slow,
                _ => Answer::Well,
            };
            Call { second, answer }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::breaker::resilience4j::{OpenWait, WindowKind};

    /// The second reckoning: a believer without a flaw agrees with the real breaker on every call.
    #[test]
    fn without_a_flaw_a_believer_is_the_real_breaker() {
        let mut opened_once = 0;
        for seed in 0..4000 {
            let dice = &mut Dice::new("agreement", seed, 0);
            let size = dice.count(1, 8);
            let config = Config {
                window: if dice.chance(50) { WindowKind::Count(size) } else { WindowKind::Seconds(size) },
                minimum_calls: dice.count(1, 10),
                failure_threshold: dice.one_of(&[20.0, 40.0, 50.0, 60.0, 100.0], 50.0),
                slow_threshold: dice.one_of(&[40.0, 50.0, 100.0], 50.0),
                slow_duration: LIMIT,
                half_open_permits: dice.count(1, 5),
                open_wait: if dice.chance(50) {
                    OpenWait::Constant(Span::from_secs(2))
                } else {
                    let (initial, max) = (Span::from_millis(1500), Span::from_secs(6));
                    OpenWait::Exponential { initial, multiplier: 2.0, max }
                },
                ..Config::default()
            };
            let calls = listed(dice, 40, 40, 20, 3);
            let seen: Vec<Fate> = truth(&config, &calls).iter().map(|it| it.fate).collect();
            assert_eq!(believed(&config, None, &calls), seen, "{config:?} {calls:?}");
            opened_once += u32::from(opened(seen).is_some());
        }
        assert!(opened_once > 2000, "{opened_once}");
    }
}
