//! A claim to run: everything that is needed to run it on its seeds, and what came of that.
//!
//! In words, so that it can be sent, kept and compared. One seed at a time: who has threads spreads them.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::course::setup::Claim as Sentence;
use crate::engine::time::Time;
use crate::labs::judge::{self, Trial};
use crate::labs::language::{Claim, Comparison, Finding, Measured};
use crate::labs::reading::short;
use crate::labs::scenario::Scenario;

use super::player::scenario_of;

/// Columns of a drawn distribution.
const BINS: usize = 32;
/// How often runs fall into a bin, from seldom to most often.
const DENSITY: [char; 5] = ['.', ':', '+', '*', '#'];

/// A claim to run.
#[derive(Clone, PartialEq, Debug)]
pub struct Proving {
    trial: Scenario,
    until: Time,
    claims: Vec<(String, Claim, RangeInclusive<u64>)>,
}

/// What one seed gave for one condition of a claim.
#[derive(Clone, PartialEq, Debug)]
pub struct Ran {
    finding: Finding,
    numbers: Vec<Measured>,
}

/// What a claim's runs gave, condition by condition.
#[derive(Clone, PartialEq, Debug)]
pub struct Proof {
    /// Each condition.
    pub parts: Vec<Part>,
}

/// What the runs gave for one condition.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// The condition as it is written.
    pub text: String,
    /// Whether it holds.
    pub holds: bool,
    /// What decided.
    pub because: String,
    /// On how many seeds it held.
    pub passed: usize,
    /// On how many it was judged.
    pub of: usize,
    /// The seeds on which it did not hold.
    pub failed: Vec<u64>,
    /// The numbers that it speaks about.
    pub numbers: Vec<Spread>,
}

/// What all runs gave for a number.
#[derive(Clone, PartialEq, Debug)]
pub struct Spread {
    /// What it is.
    pub what: String,
    /// What is wanted of it.
    pub limit: Option<(Comparison, f64)>,
    /// The numbers, smallest first.
    pub values: Vec<f64>,
    /// In how many runs there was none.
    pub none: usize,
}

impl Proving {
    /// A claim of a course; the error is a sentence.
    pub fn of(sentence: &Sentence) -> Result<Self, String> {
        let trial = scenario_of(&sentence.setup)?;
        let read = |text: &str| {
            let claim = Claim::read(text, trial.lab.spec).map_err(|misread| misread.to_string())?;
            let seeds = judge::seeds_of(&claim, &sentence.seeds.iter());
            Ok((text.to_owned(), claim, seeds))
        };
        let claims = sentence.expect.iter().map(|it| read(it)).collect::<Result<_, String>>()?;
        Ok(Self { trial, until: Time::ZERO + sentence.length, claims })
    }

    /// Every seed that any of its conditions is judged on.
    pub fn seeds(&self) -> Vec<u64> {
        let all: BTreeSet<u64> = self.claims.iter().flat_map(|(_, _, seeds)| seeds.clone()).collect();
        all.into_iter().collect()
    }

    /// What one seed gives for each condition; none for those that name other seeds.
    pub fn run_on(&self, seed: u64) -> Vec<Option<Ran>> {
        let run = Trial::new(self.trial.clone(), self.until).run(seed);
        let one = |claim: &Claim| match &run {
            Ok(lab) => Ran { finding: claim.find(seed, &**lab), numbers: claim.measure(&**lab) },
            Err(because) => Ran { finding: Finding::unfinished(seed, because), numbers: Vec::new() },
        };
        self.claims.iter().map(|(_, claim, seeds)| seeds.contains(&seed).then(|| one(claim))).collect()
    }

    /// What all seeds gave together.
    pub fn sum(&self, ran: &[Vec<Option<Ran>>]) -> Proof {
        let part = |(at, (text, claim, _)): (usize, &(String, Claim, RangeInclusive<u64>))| {
            let ran: Vec<&Ran> = ran.iter().filter_map(|of| of.get(at)?.as_ref()).collect();
            let mut found: Vec<Finding> = ran.iter().map(|it| it.finding.clone()).collect();
            found.sort_by_key(|it| it.seed);
            let judged = judge::claim(claim, &found);
            Part {
                text: text.clone(),
                holds: judged.verdict.holds,
                because: judged.verdict.because.clone(),
                passed: judged.passed(),
                of: judged.of,
                failed: judged.failed,
                numbers: spreads(&ran),
            }
        };
        Proof { parts: self.claims.iter().enumerate().map(part).collect() }
    }

    /// Runs it on every seed, one after the other.
    pub fn prove(&self) -> Proof {
        self.sum(&self.seeds().into_iter().map(|seed| self.run_on(seed)).collect::<Vec<_>>())
    }
}

impl Proof {
    /// The seeds on which a condition that is to hold in each run did not.
    pub fn failed(&self) -> Vec<u64> {
        let failed: BTreeSet<u64> =
            self.parts.iter().filter(|part| !part.holds).flat_map(|part| part.failed.clone()).collect();
        failed.into_iter().collect()
    }
}

/// The numbers of all runs, each under what it is.
fn spreads(ran: &[&Ran]) -> Vec<Spread> {
    let Some(first) = ran.first() else { return Vec::new() };
    let spread = |(at, head): (usize, &Measured)| {
        let all: Vec<f64> = ran.iter().filter_map(|it| it.numbers.get(at)).map(|it| it.number).collect();
        let mut values: Vec<f64> = all.iter().copied().filter(|it| it.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let none = all.len() - values.len();
        Spread { what: head.what.clone(), limit: head.limit, values, none }
    };
    first.numbers.iter().enumerate().map(spread).collect()
}

impl Spread {
    /// In figures: `ok_per_s: 26.1 to 29.8, half below 28`.
    pub fn figures(&self) -> String {
        let none = match self.none {
            0 => String::new(),
            none => format!("; in {none} runs it never came to be"),
        };
        let (Some(low), Some(high)) = (self.values.first(), self.values.last()) else {
            return format!("{}: it never came to be, in {} runs", self.what, self.none);
        };
        let middle = self.values.get(self.values.len() / 2).copied().unwrap_or(f64::NAN);
        let limit = self.limit.map_or_else(String::new, |(compare, limit)| {
            format!(" (wanted {} {})", compare.sign(), short(limit))
        });
        let range = if short(*low) == short(*high) {
            format!("{} in every run", short(*low))
        } else {
            format!("{} to {}, in the middle {}", short(*low), short(*high), short(middle))
        };
        format!("{}: {range}{limit}{none}", self.what)
    }

    /// Drawn in a line, with `|` at the limit: `26.1 [..:+#*:.      |] 40`; none where there is nothing to see.
    pub fn drawn(&self) -> Option<String> {
        let (low, high) = (*self.values.first()?, *self.values.last()?);
        let limit = self.limit.map(|(_, limit)| limit).filter(|limit| limit.is_finite());
        let from = limit.map_or(low, |limit| low.min(limit));
        let to = limit.map_or(high, |limit| high.max(limit));
        if to - from <= 0.0 || !(to - from).is_finite() {
            return None;
        }
        let bin = |value: f64| bin((value - from) / (to - from));
        let mut counts = [0_usize; BINS];
        for value in &self.values {
            counts[bin(*value)] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(1).max(1);
        let mut line: Vec<char> = counts
            .iter()
            .map(|count| match count {
                0 => ' ',
                count => DENSITY[(count * DENSITY.len()).div_ceil(most).clamp(1, DENSITY.len()) - 1],
            })
            .collect();
        if let Some(limit) = limit {
            // Never over a run: the limit stands in a column of its own, before the bin that it opens.
            line.insert(
                if limit >= to {
                    BINS
                } else if limit <= from {
                    0
                } else {
                    bin(limit)
                },
                '|',
            );
        }
        Some(format!("{} [{}] {}", short(from), line.into_iter().collect::<String>(), short(to)))
    }
}

/// The bin of a place between 0 and 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place within the line")]
fn bin(place: f64) -> usize {
    ((place * BINS as f64) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[f64], limit: f64) -> Spread {
        Spread { what: "x".into(), limit: Some((Comparison::Less, limit)), values: values.to_vec(), none: 0 }
    }

    #[test]
    fn a_distribution_is_drawn_with_its_limit_in_a_column_of_its_own() {
        let it = spread(&[1.0, 1.5, 1.5, 2.0], 5.0);
        let line = it.drawn().unwrap();
        assert_eq!(line, "1 [+   #   +                       |] 5");
        assert_eq!(it.figures(), "x: 1 to 2, in the middle 1.5 (wanted < 5)");
        assert!(spread(&[1.0, 3.0], 2.0).drawn().unwrap().contains("               |        "));
        assert_eq!(spread(&[2.0, 2.0], 2.0).drawn(), None);
        let never = Spread { none: 3, ..spread(&[], 2.0) };
        assert_eq!((never.drawn(), never.figures().as_str()), (None, "x: it never came to be, in 3 runs"));
    }
}
