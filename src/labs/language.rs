//! The small language of claims, goals, predictions and expectations.
//!
//! ```text
//! ok_per_s >= 25                      at the end of the run
//! ok_per_s >= 25 at 30s               at that moment
//! ok_per_s >= 25 for 10s after 40s    in every second of [40 s, 50 s)
//! ok_per_s >= 25 after 40s            in every second from 40 s on
//! ok_per_s >= 25 always               in every second; `never`: in none
//! ok_per_s < 1 within 5s of 20s       in some second of [20 s, 25 s)
//! mean(ok_per_s) > 2 * rejected_per_s after 40s    mean, min, max, sum, p50, p90, p99 … over those seconds
//! breaker.A is open at 30s            a state; `x is none`: it never came to be
//! not (a or b) and c                  `and` binds tighter than `or`
//! p50(first_open_s) < 30 on seeds 1..200           over runs
//! share(ok_per_s < 1 at 60s) >= 95% on seeds       share of the runs in which it holds
//! ```
//! Where a number is wanted and nothing is compared ([`Measure`]):
//! ```text
//! wrongly_rejected                    at the end of the run; `at 30s`: at that moment
//! sum(slow_err_per_s) for 20s after 20s            mean, min, max, sum, p50 … over those seconds
//! sum(slow_err_per_s) + sum(fast_err_per_s) after 20s      added up, or taken away with `-`
//! until ok_per_s >= 25 after 40s      seconds from 40 s until the first second in which it holds
//! until ok_per_s >= 25 for 5s after 40s            until it holds in 5 seconds in a row
//! ```
//! Numbers are plain SI; `50%`, `20ms` and `3s` are read as 0.5, 0.02 and 3. A reading that has nothing to show
//! satisfies no comparison, except that a moment that never came is beyond every number over runs.

mod judge;
mod measure;
mod parse;

use std::ops::RangeInclusive;

pub use judge::{Finding, Verdict, judge_runs};
pub use measure::{Measure, Measured};

use super::lab::Spec;
use super::text::Misread;
use crate::engine::time::{Span, Time};

/// Something that holds in a run or does not.
#[derive(Clone, PartialEq, Debug)]
pub enum Condition {
    /// A comparison or a state, and when.
    Test(Test),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One at least.
    Or(Box<Condition>, Box<Condition>),
    /// Not that.
    Not(Box<Condition>),
}

/// A comparison or a state, and when it must hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Test {
    /// What is compared.
    pub left: Side,
    /// How.
    pub is: Relation,
    /// When.
    pub when: When,
}

/// What stands on a side of a comparison.
#[derive(Clone, PartialEq, Debug)]
pub enum Side {
    /// A plain number.
    Number(f64),
    /// A reading, times a factor.
    Reading {
        /// The factor.
        times: f64,
        /// Its index in the specification.
        index: usize,
        /// Its name.
        name: &'static str,
        /// How its values over the seconds are put together; none: each must satisfy.
        over: Option<Over>,
    },
}

/// How values are put together.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Over {
    /// Their mean.
    Mean,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// Their sum.
    Sum,
    /// The value that this share of them do not exceed (nearest rank).
    Quantile(f64),
}

/// How the sides relate.
#[derive(Clone, PartialEq, Debug)]
pub enum Relation {
    /// A comparison with the other side.
    Compare(Comparison, Side),
    /// A state, by its word.
    State(&'static str),
    /// There is nothing to show.
    Nothing,
}

/// Comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    Differs,
}

impl Comparison {
    /// Whether `a` and `b` compare so; nothing compares with a missing value.
    #[expect(clippy::float_cmp, reason = "`=` is meant for counts, which are exact")]
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::More => a > b,
            Self::AtLeast => a >= b,
            Self::Equal => a == b,
            Self::Differs => a != b && !a.is_nan() && !b.is_nan(),
        }
    }

    /// As it is written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
            Self::Differs => "!=",
        }
    }
}

/// When a test must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// At the end of the run.
    End,
    /// At that moment.
    At(Time),
    /// In every second of an interval; to the end of the run if no length is given.
    Throughout {
        /// Its begin.
        after: Time,
        /// Its length.
        lasts: Option<Span>,
    },
    /// In some second of an interval.
    Within {
        /// Its begin.
        of: Time,
        /// Its length.
        span: Span,
    },
    /// In no second of the run.
    Never,
}

/// A condition, or a statement over the runs of many seeds.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// It holds in each run.
    EachRun(Condition),
    /// A reading at the end of each run, put together, compares so; moments that never came are infinite.
    Readings {
        /// How they are put together.
        over: Over,
        /// The reading's index.
        index: usize,
        /// The comparison.
        compare: Comparison,
        /// With what.
        than: f64,
        /// On which seeds; none: those of the context.
        seeds: Option<RangeInclusive<u64>>,
    },
    /// The share of the runs in which a condition holds compares so.
    Share {
        /// The condition.
        condition: Condition,
        /// The comparison.
        compare: Comparison,
        /// With what, 0 to 1.
        than: f64,
        /// On which seeds; none: those of the context.
        seeds: Option<RangeInclusive<u64>>,
    },
}

impl Condition {
    /// Reads a condition about a lab of this kind.
    pub fn read(text: &str, spec: &'static Spec) -> Result<Self, Misread> {
        parse::condition(text, spec)
    }

    /// The latest instant that it looks at, besides the end of the run.
    pub fn latest(&self) -> Time {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.latest().max(b.latest()),
            Self::Not(inner) => inner.latest(),
            Self::Test(test) => match test.when {
                When::End | When::Never => Time::ZERO,
                When::At(at) => at,
                When::Throughout { after, lasts } => after + lasts.unwrap_or(Span::from_secs(1)),
                When::Within { of, span } => of + span,
            },
        }
    }
}

impl Claim {
    /// Reads a claim about a lab of this kind.
    pub fn read(text: &str, spec: &'static Spec) -> Result<Self, Misread> {
        parse::claim(text, spec)
    }

    /// The seeds that it names itself.
    pub fn seeds(&self) -> Option<RangeInclusive<u64>> {
        match self {
            Self::EachRun(_) => None,
            Self::Readings { seeds, .. } | Self::Share { seeds, .. } => seeds.clone(),
        }
    }

    /// The latest instant that it looks at, besides the end of a run.
    pub fn latest(&self) -> Time {
        match self {
            Self::EachRun(condition) | Self::Share { condition, .. } => condition.latest(),
            Self::Readings { .. } => Time::ZERO,
        }
    }
}

/// Reads a range of seeds, both ends included: `1..20`, or `7` alone.
pub fn read_seeds(text: &str) -> Result<RangeInclusive<u64>, Misread> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    match (first.trim().parse::<u64>(), last.trim().trim_start_matches('=').parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last && last - first < 1_000_000 => Ok(first..=last),
        _ => Err(Misread::whole(text, format!("seeds are written like 1..200, not `{text}`"), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue::find;
    use crate::labs::lab::Lab;
    use crate::labs::scenario::{Scenario, Wanted};

    fn spec() -> &'static Spec {
        find("breaker").unwrap().spec
    }

    fn run() -> Box<dyn Lab> {
        let at = ["20s hang payments".to_string()];
        let wanted = Wanted { lab: "breaker", preset: Some("tuned"), set: &[], seed: 1, at: &at };
        Scenario::read(&wanted).unwrap().run(Time::from_secs(60))
    }

    #[test]
    fn conditions_hold_or_not_as_the_run_says() {
        let lab = run();
        for (text, holds) in [
            ("ok_per_s >= 20", true),
            ("ok_per_s >= 55 at 15s", true),
            ("ok_per_s >= 55 at 35s", false),
            ("payments_calls_per_s > 0 for 10s after 5s", true),
            ("ok_per_s > 55 after 10s", false),
            ("mean(ok_per_s) > 50 for 10s after 10s", true),
            ("mean(browse_ok_per_s) > 2 * mean(pay_ok_per_s) after 30s", true),
            ("breaker.A is open within 5s of 20s", true),
            ("breaker.A is open within 5s of 5s", false),
            ("breaker.A is half-open never", false),
            ("gateway_full_s is none", true),
            ("first_open_s is none", false),
            ("first_open_s < 25 and not (gateway_full_s < 60)", true),
            ("first_open_s > 25 or opens >= 3 and rejected > 10", true),
            ("ok_per_s >= 0 always", true),
            ("requests = 3653", true),
            ("max(p99_s) <= 1.1 after 30s", true),
            ("ok_per_s > 50% at 10s", true),
            ("ok_per_s > 1 at 61s", false),
        ] {
            let condition =
                Condition::read(text, spec()).unwrap_or_else(|err| panic!("{}\n{err}", err.point(text)));
            let verdict = condition.judge(&*lab);
            assert_eq!(verdict.holds, holds, "{text}: {}", verdict.because);
        }
    }

    #[test]
    fn a_verdict_says_what_was_seen_and_when() {
        let lab = run();
        let because = |text: &str| Condition::read(text, spec()).unwrap().judge(&*lab).because;
        assert_eq!(because("breaker.A is closed at 30s"), "breaker.A was open in second 29, not closed");
        assert_eq!(
            because("ok_per_s > 1 at 90s"),
            "the run ends at 60.000 s, before 90.000 s, where ok_per_s is asked for"
        );
    }

    #[test]
    fn every_failure_names_its_moment_and_its_values() {
        let lab = run();
        let mut told = String::new();
        for text in [
            "ok_per_s >= 55",
            "ok_per_s >= 55 at 35s",
            "ok_per_s > 0.5 * requests at 35s",
            "2 * ok_per_s < 1 at 35s",
            "ok_per_s > 55 after 10s",
            "ok_per_s > 55 for 5s after 28s",
            "ok_per_s > 1 for 10s after 55s",
            "ok_per_s > 1 after 60s",
            "ok_per_s > 1 for 500ms after 10200ms",
            "ok_per_s < 1 within 5s of 20s",
            "ok_per_s < 1 within 5s of 90s",
            "breaker.A is half-open within 5s of 5s",
            "breaker.A is open never",
            "ok_per_s > 55 never",
            "ok_per_s > 1000 always",
            "mean(ok_per_s) > 50 after 30s",
            "p90(ok_per_s) < 2 * min(pay_ok_per_s) for 10s after 10s",
            "max(p99_s) <= 0.1 after 30s",
            "breaker.A is closed",
            "first_open_s is none",
            "gateway_full_s < 30",
            "first_open_s < gateway_full_s",
            "not ok_per_s >= 0",
            "not (ok_per_s < 1000 always)",
            "not (breaker.A is disabled never)",
            "not (breaker.A is open within 5s of 20s)",
            "ok_per_s > 50 and breaker.A is closed",
            "ok_per_s >= 0 and breaker.A is closed",
            "ok_per_s > 1000 or breaker.A is closed",
            "not (ok_per_s >= 0 or breaker.A is closed)",
        ] {
            let condition =
                Condition::read(text, spec()).unwrap_or_else(|err| panic!("{}\n{err}", err.point(text)));
            let verdict = condition.judge(&*lab);
            assert!(!verdict.holds, "{text}: {}", verdict.because);
            told.extend([text, "\n    ", &verdict.because, "\n"]);
        }
        insta::assert_snapshot!(told);
    }

    #[test]
    fn statements_over_seeds_put_runs_together() {
        let scenario = Scenario::read(&Wanted {
            lab: "server",
            preset: None,
            set: &[],
            seed: 1,
            at: &["1s slow server x5 for 5s".into()],
        })
        .unwrap();
        let runs: Vec<_> =
            (1..=9).map(|seed| (seed, scenario.with_seed(seed).run(Time::from_secs(8)))).collect();
        let judge = |text: &str| {
            let claim = Claim::read(text, scenario.lab.spec)
                .unwrap_or_else(|err| panic!("{}\n{err}", err.point(text)));
            let found: Vec<_> = runs.iter().map(|(seed, run)| claim.find(*seed, &**run)).collect();
            judge_runs(&claim, &found)
        };
        assert!(judge("p50(queue) > 100 on seeds").holds);
        assert!(!judge("max(queue) < 100 on seeds 1..9").holds);
        assert!(judge("share(queue > 50 at 6s) >= 95% on seeds").holds);
        assert_eq!(
            Claim::read("mean(queue) < 1 on seeds 3..7", scenario.lab.spec).unwrap().seeds(),
            Some(3..=7)
        );
    }

    #[test]
    fn an_error_points_at_its_word() {
        for (text, word, message) in [
            ("ok_per_sec > 3", "ok_per_sec", "lab `breaker` has no reading `ok_per_sec`"),
            ("ok_per_s > ", "", "a reading was expected, not the end"),
            ("ok_per_s 3", "3", "a comparison (<, <=, >, >=, =, !=) or `is` was expected, not `3`"),
            ("breaker.A > 3", "breaker.A", "this reading is a state"),
            (
                "breaker.A is ajar",
                "ajar",
                "one of none, closed, half-open, open, disabled, forced-open, metrics-only was expected, not `ajar`",
            ),
            ("ok_per_s is open", "open", "`none` was expected, as this reading is a number, not `open`"),
            ("ok_per_s > 3 for 5s", "", "`after` was expected, not the end"),
            (
                "mean(ok_per_s) > 3 at 5s",
                "at",
                "`mean`, `max` and the like are taken over seconds: say `after T`, `for D after T` or `always`",
            ),
            ("3 < ok_per_s", "3", "a reading comes first"),
            ("(ok_per_s > 3", "", "`)` was expected, not the end"),
            ("p50(ok) > 3 on seeds 9..2", "9..2", "seeds are written like 1..200, not `9..2`"),
        ] {
            let err = Claim::read(text, spec()).unwrap_err();
            assert_eq!((&text[err.at.clone()], err.message.as_str()), (word, message), "{text}");
        }
        let deep = format!("{}ok_per_s > 1", "(".repeat(100_000));
        assert!(Claim::read(&deep, spec()).is_err());
    }
}
