//! Conditions against a run, claims against many.

use std::fmt;

use super::{Claim, Comparison, Condition, Over, Relation, Side, Test, When};
use crate::engine::time::{Span, Time};
use crate::labs::lab::Lab;
use crate::labs::reading::{Value, short};

/// Whether something held, and what was seen.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Whether it held.
    pub holds: bool,
    /// What decided: "`ok_per_s` was 12 in second 43, not >= 25".
    pub because: String,
    /// The moment that decided, if one did.
    pub at: Option<Time>,
}

impl Condition {
    /// Judges it against a run at its present instant, which counts as the end.
    pub fn judge(&self, lab: &dyn Lab) -> Verdict {
        match self {
            Self::Test(test) => test.judge(lab),
            Self::Not(inner) => {
                let verdict = inner.judge(lab);
                Verdict { holds: !verdict.holds, ..verdict }
            }
            Self::And(a, b) => {
                let (a, b) = (a.judge(lab), b.judge(lab));
                if a.holds == b.holds {
                    both(&a, &b)
                } else if a.holds {
                    b
                } else {
                    a
                }
            }
            Self::Or(a, b) => {
                let (a, b) = (a.judge(lab), b.judge(lab));
                if a.holds == b.holds {
                    both(&a, &b)
                } else if a.holds {
                    a
                } else {
                    b
                }
            }
        }
    }

    /// Whether it holds in a run at its present instant.
    pub fn holds(&self, lab: &dyn Lab) -> bool {
        self.judge(lab).holds
    }
}

/// Two verdicts of which each alone decides nothing, or everything.
fn both(a: &Verdict, b: &Verdict) -> Verdict {
    let because =
        if a.because == b.because { a.because.clone() } else { format!("{}, and {}", a.because, b.because) };
    Verdict { holds: a.holds, because, at: a.at.or(b.at) }
}

/// Where a reading is looked at: in a second that was sampled, or now.
#[derive(Clone, Copy)]
enum Spot {
    Second(usize),
    Now,
}

impl Test {
    fn judge(&self, lab: &dyn Lab) -> Verdict {
        let seconds = lab.seconds();
        match self.when {
            When::End => self.at(lab, Spot::Now),
            When::At(at) if whole(at) > seconds => self.beyond(at, lab),
            When::At(at) if at >= lab.now() => self.at(lab, Spot::Now),
            // The row that closes at `at` shows what held then.
            When::At(at) => self.at(lab, Spot::Second(whole(at).saturating_sub(1))),
            When::Never => match self.first(lab, 0, seconds, true) {
                Some(found) => Verdict { holds: false, ..found },
                None => self.over(lab, (0, seconds), true, "never"),
            },
            When::Throughout { after, lasts } => {
                let until = lasts.map_or(lab.now(), |lasts| after + lasts);
                let (from, to) = (ceil(after), ceil(until));
                if from > seconds || to > seconds && until > lab.now() {
                    return self.beyond(until.max(after), lab);
                }
                let to = to.min(seconds);
                if from >= to {
                    let because = format!(
                        "no whole second lies between {after} s and {until} s, where {} is asked for",
                        self.left.written()
                    );
                    return Verdict { holds: false, because, at: None };
                }
                if self.aggregates() {
                    return self.put_together(lab, from, to);
                }
                self.first(lab, from, to, false).unwrap_or_else(|| self.over(lab, (from, to), true, "always"))
            }
            When::Within { of, span } => {
                let (from, to) = (ceil(of), ceil(of + span).min(seconds));
                if from >= to {
                    return self.beyond(of + span, lab);
                }
                self.first(lab, from, to, true).unwrap_or_else(|| self.over(lab, (from, to), false, "never"))
            }
        }
    }

    fn beyond(&self, at: Time, lab: &dyn Lab) -> Verdict {
        let because = format!(
            "the run ends at {} s, before {} s, where {} is asked for",
            lab.now(),
            at,
            self.left.written()
        );
        Verdict { holds: false, because, at: None }
    }

    fn aggregates(&self) -> bool {
        let aggregates = |side: &Side| matches!(side, Side::Reading { over: Some(_), .. });
        aggregates(&self.left) || matches!(&self.is, Relation::Compare(_, right) if aggregates(right))
    }

    /// The first second of `from..to` in which the test holds (or does not, if that is `wanted`).
    fn first(&self, lab: &dyn Lab, from: usize, to: usize, wanted: bool) -> Option<Verdict> {
        (from..to).map(|second| self.at(lab, Spot::Second(second))).find(|verdict| verdict.holds == wanted)
    }

    fn at(&self, lab: &dyn Lab, spot: Spot) -> Verdict {
        let look = |index: usize| match spot {
            Spot::Now => lab.reading(index),
            Spot::Second(second) => lab.sampled(index, second),
        };
        let (place, at) = match spot {
            Spot::Now => (format!("at {} s", lab.now()), lab.now()),
            Spot::Second(second) => (format!("in second {second}"), Time::from_secs(second as u64 + 1)),
        };
        let number = |side: &Side| match side {
            Side::Number(x) => *x,
            Side::Reading { times, index, .. } => times * look(*index).number().unwrap_or(f64::NAN),
        };
        let left = if let Side::Reading { index, .. } = self.left { look(index) } else { Value::None };
        let (holds, seen, against) = match &self.is {
            Relation::Nothing => (left == Value::None, left.to_string(), None),
            Relation::State(word) => (left == Value::Word(word), left.to_string(), None),
            Relation::Compare(compare, right) => {
                let (a, b) = (number(&self.left), number(right));
                (compare.holds(a, b), apart(a, b), Some(b))
            }
        };
        let name = self.left.written();
        let because = match (left, against, holds) {
            (Value::None, ..) => format!("{name} had nothing to show {place}"),
            (_, None, true) => format!("{name} was {seen} {place}"),
            (_, Some(x), false) if x.is_nan() => {
                format!("{name} was {seen} {place}, but {}", self.is.lacks(&place))
            }
            _ => format!("{name} was {seen} {place}, {}", self.is.told(holds, against)),
        };
        Verdict { holds, because, at: Some(at) }
    }

    /// What was seen in every second of an interval, in which the test held `always` or `never`.
    fn over(&self, lab: &dyn Lab, (from, to): (usize, usize), holds: bool, how: &str) -> Verdict {
        let mut words: Vec<&str> = Vec::new();
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        if let Side::Reading { times, index, .. } = self.left {
            for second in from..to {
                match lab.sampled(index, second) {
                    Value::None => {}
                    Value::Word(word) if words.contains(&word) => {}
                    Value::Word(word) => words.push(word),
                    Value::Number(x) => (least, most) = (least.min(times * x), most.max(times * x)),
                }
            }
        }
        let seen = match (&words[..], least.total_cmp(&most)) {
            ([], std::cmp::Ordering::Greater) => "had nothing to show".to_owned(),
            ([], std::cmp::Ordering::Equal) => format!("was {}", short(least)),
            ([], _) => format!("was between {} and {}", short(least), short(most)),
            (words, _) => format!("was {}", words.join(" and ")),
        };
        let because =
            format!("{} {seen} from {from} s to {to} s, {how} {}", self.left.written(), self.is.wanted(None));
        Verdict { holds, because, at: None }
    }

    fn put_together(&self, lab: &dyn Lab, from: usize, to: usize) -> Verdict {
        let number = |side: &Side| match side {
            Side::Number(x) => *x,
            Side::Reading { times, index, over, .. } => {
                let seen = (from..to).filter_map(|second| lab.sampled(*index, second).number()).collect();
                times * over.unwrap_or(Over::Mean).of(seen)
            }
        };
        let Relation::Compare(compare, right) = &self.is else {
            return Verdict { holds: false, because: "only numbers can be put together".into(), at: None };
        };
        let (left, right) = (number(&self.left), number(right));
        let holds = compare.holds(left, right);
        let (name, place) = (self.left.written(), format!("from {from} s to {to} s"));
        let because = match (left.is_nan(), right.is_nan()) {
            (true, _) => format!("{name} had nothing to show {place}"),
            (false, true) => format!("{name} was {} {place}, but {}", short(left), self.is.lacks(&place)),
            _ => format!("{name} was {} {place}, {}", apart(left, right), self.is.told(holds, Some(right))),
        };
        Verdict { holds, because, at: None }
    }
}

impl Side {
    /// As it is written: `2 * mean(ok_per_s)`.
    #[expect(clippy::float_cmp, reason = "1 is what stands for no factor")]
    fn written(&self) -> String {
        match self {
            Self::Number(x) => x.to_string(),
            Self::Reading { times, name, over, .. } => {
                let factor = if *times == 1.0 { String::new() } else { format!("{} * ", short(*times)) };
                match over {
                    None => format!("{factor}{name}"),
                    Some(over) => format!("{factor}{over}({name})"),
                }
            }
        }
    }
}

impl Relation {
    /// What is asked for: `>= 25`, `> 2 * rejected_per_s (14)`, `open`. The number is the other side's, where it is a reading.
    fn wanted(&self, right: Option<f64>) -> String {
        match self {
            Self::Nothing => "none".to_owned(),
            Self::State(word) => (*word).to_owned(),
            Self::Compare(compare, side) => {
                let value = match (side, right) {
                    (Side::Reading { .. }, Some(x)) => format!(" ({})", short(x)),
                    _ => String::new(),
                };
                format!("{} {}{value}", compare.sign(), side.written())
            }
        }
    }

    /// That it was so, or was not.
    fn told(&self, holds: bool, right: Option<f64>) -> String {
        let wanted = self.wanted(right);
        if holds { format!("which is {wanted}") } else { format!("not {wanted}") }
    }

    /// That the other side has nothing to compare with.
    fn lacks(&self, place: &str) -> String {
        let name = if let Self::Compare(_, side) = self { side.written() } else { String::new() };
        format!("{name} had nothing to show {place}")
    }
}

/// A number with as many digits as tell it from the other.
fn apart(x: f64, other: f64) -> String {
    #[expect(clippy::float_cmp, reason = "only the very same number reads the same")]
    if short(x) == short(other) && x != other { x.to_string() } else { short(x) }
}

/// As it is written: `mean`, `p99`.
impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean => f.write_str("mean"),
            Self::Min => f.write_str("min"),
            Self::Max => f.write_str("max"),
            Self::Sum => f.write_str("sum"),
            Self::Quantile(q) => write!(f, "p{}", short(q * 100.0)),
        }
    }
}

impl Over {
    /// The values put together; `NaN` if there are none.
    pub fn of(self, mut values: Vec<f64>) -> f64 {
        values.sort_by(f64::total_cmp);
        self.of_sorted(&values)
    }

    /// The values, from the smallest to the largest, put together; `NaN` if there are none.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank within the list")]
    pub fn of_sorted(self, values: &[f64]) -> f64 {
        let n = values.len();
        if n == 0 {
            return f64::NAN;
        }
        match self {
            Self::Mean => values.iter().sum::<f64>() / n as f64,
            Self::Sum => values.iter().sum(),
            Self::Min => values[0],
            Self::Max => values[n - 1],
            Self::Quantile(q) => values[((q * n as f64).ceil() as usize).clamp(1, n) - 1],
        }
    }
}

/// The first whole second at or after `time`.
pub(super) fn ceil(time: Time) -> usize {
    whole(time + Span::from_nanos(999_999_999))
}

/// The number of whole seconds before `time`.
pub(super) fn whole(time: Time) -> usize {
    usize::try_from(time.whole_secs()).unwrap_or(usize::MAX)
}

impl Finding {
    /// A run that did not end holds nothing.
    pub fn unfinished(seed: u64, because: &str) -> Self {
        let verdict = Verdict { holds: false, because: because.to_owned(), at: None };
        Self { seed, verdict, number: f64::NAN }
    }
}

/// What one run adds to a claim.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The run's seed.
    pub seed: u64,
    /// Whether the claim's condition held in it; true where the claim has none.
    pub verdict: Verdict,
    /// The reading that the claim puts together; infinite if it never came to be.
    pub number: f64,
}

impl Claim {
    /// What the finished run of `seed` adds.
    pub fn find(&self, seed: u64, lab: &dyn Lab) -> Finding {
        match self {
            Self::EachRun(condition) | Self::Share { condition, .. } => {
                Finding { seed, verdict: condition.judge(lab), number: f64::NAN }
            }
            Self::Readings { index, .. } => {
                let number = lab.reading(*index).number().unwrap_or(f64::INFINITY);
                Finding { seed, verdict: Verdict { holds: true, because: String::new(), at: None }, number }
            }
        }
    }
}

/// Judges a claim by what all its runs added. Without runs it does not hold.
pub fn judge_runs(claim: &Claim, found: &[Finding]) -> Verdict {
    let over_runs = |value: f64, what: &str, compare: Comparison, than: f64| {
        let holds = compare.holds(value, than);
        let not = if holds { "" } else { "not " };
        let because = format!(
            "{what} was {} over {} runs, {not}{} {}",
            short(value),
            found.len(),
            compare.sign(),
            short(than)
        );
        Verdict { holds, because, at: None }
    };
    if found.is_empty() {
        return Verdict { holds: false, because: "there was no run".into(), at: None };
    }
    match claim {
        Claim::EachRun(_) => {
            let failed: Vec<_> = found.iter().filter(|f| !f.verdict.holds).collect();
            let (holds, because) = match failed.first() {
                None => (true, format!("it held on all {} seeds", found.len())),
                Some(first) => {
                    let because = &first.verdict.because;
                    (
                        false,
                        format!(
                            "it failed on {} of {} seeds; seed {}: {because}",
                            failed.len(),
                            found.len(),
                            first.seed
                        ),
                    )
                }
            };
            Verdict { holds, because, at: None }
        }
        Claim::Readings { over, compare, than, .. } => {
            over_runs(over.of(found.iter().map(|f| f.number).collect()), "it", *compare, *than)
        }
        Claim::Share { compare, than, .. } => {
            let held = found.iter().filter(|f| f.verdict.holds).count();
            over_runs(held as f64 / found.len() as f64, "the share", *compare, *than)
        }
    }
}
