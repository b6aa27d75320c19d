//! Sweeps: the same scenario on many seeds, with knobs varied, and what its readings come to.
//!
//! Pure and one run at a time, so that whoever has threads may spread the runs over them: [`Plan::run`] is one run,
//! [`Plan::sum`] puts what all of them gave together, in an order that does not depend on who was done first.
//!
//! A quantile is the smallest value that at least that share of the runs do not exceed (nearest rank), as everywhere in
//! the program: in claims such as `p50(first_open_s) < 30 on seeds 1..200`, and in the latencies of a second. It is
//! always a value that some run gave. Runs in which a reading never came to be are counted, and are in no quantile.

mod read;
mod summary;
pub mod table;

use std::fmt;
use std::ops::RangeInclusive;

pub use read::{reading, seeds, shown};
pub use summary::{Figures, Outcome, Summary};

use super::fault::{Vocabulary, timed};
use super::judge::MOST_EVENTS;
use super::knob::{Knob, Value as Setting};
use super::lab::Spec;
use super::reading::{ReadingSpec, Value};
use super::scenario::Scenario;
use crate::engine::time::Time;

/// The most runs of one sweep.
pub const MOST_RUNS: u64 = 100_000;
/// The most combinations of one sweep: each is at least one line of what is printed.
pub const MOST_COMBINATIONS: usize = 1_000;
/// After so many events a run asks whether it is still wanted: some hundredths of a second.
const SLICE: u64 = 200_000;

/// A knob that is varied, and over what.
#[derive(Clone, PartialEq, Debug)]
pub struct Varied {
    /// Its index among the lab's knobs.
    pub index: usize,
    /// The knob.
    pub knob: &'static Knob,
    /// Its values in the order in which they were given.
    pub values: Vec<Setting>,
}

/// What is run, and what is read off.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    base: Scenario,
    until: Time,
    seeds: RangeInclusive<u64>,
    varied: Vec<Varied>,
    readings: Vec<usize>,
}

/// Why there is nothing to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// It is not wanted any more.
    Cancelled,
    /// A run did not end. A sentence.
    Endless(String),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("it was interrupted"),
            Self::Endless(sentence) => f.write_str(sentence),
        }
    }
}

impl Plan {
    /// Runs `base` to `until` on every seed, for every combination of `varied`, and looks at `readings` at the end. The
    /// error says what cannot be run.
    pub fn new(
        base: Scenario,
        until: Time,
        seeds: RangeInclusive<u64>,
        varied: Vec<Varied>,
        readings: Vec<usize>,
    ) -> Result<Self, String> {
        let plan = Self { base, until, seeds, varied, readings };
        plan.refuse_too_many()?;
        for combination in 0..plan.combinations() {
            plan.refuse_senseless(combination)?;
        }
        Ok(plan)
    }

    fn refuse_too_many(&self) -> Result<(), String> {
        for (at, varied) in self.varied.iter().enumerate() {
            if self.varied[..at].iter().any(|other| other.index == varied.index) {
                return Err(format!("`{}` is varied twice: give all its values at once", varied.knob.name));
            }
        }
        let times = |n: u64, by: usize| n.saturating_mul(by as u64);
        let combinations = self.varied.iter().map(|varied| varied.values.len()).fold(1, times);
        let runs = combinations.saturating_mul(self.seed_count());
        if combinations > MOST_COMBINATIONS as u64 {
            return Err(format!(
                "{combinations} combinations are too many, the most is {MOST_COMBINATIONS}: vary fewer knobs, or over \
                 fewer values"
            ));
        }
        if runs > MOST_RUNS {
            return Err(format!(
                "{runs} runs are too many, the most is {MOST_RUNS}: take fewer seeds, or fewer values"
            ));
        }
        Ok(())
    }

    /// What a sentence may name depends on the knobs: with two shards there is no `shard-5`.
    fn refuse_senseless(&self, combination: usize) -> Result<(), String> {
        let scenario = self.scenario(combination);
        let parts = (scenario.lab.parts)(&scenario.knobs);
        let vocabulary =
            Vocabulary { faults: scenario.lab.spec.faults, parts: &parts, knobs: &scenario.knobs };
        for entry in &scenario.script {
            let sentence = timed(entry);
            if let Err(misread) = vocabulary.read_timed(&sentence) {
                let with = told(&self.settings(combination));
                return Err(format!("with {with}: {misread}\n{}", misread.point(&sentence)));
            }
        }
        Ok(())
    }

    /// The scenario before anything is varied.
    pub const fn base(&self) -> &Scenario {
        &self.base
    }

    /// When each run ends.
    pub const fn until(&self) -> Time {
        self.until
    }

    /// The seeds.
    pub const fn seeds(&self) -> &RangeInclusive<u64> {
        &self.seeds
    }

    /// The knobs that are varied.
    pub fn varied(&self) -> &[Varied] {
        &self.varied
    }

    /// The readings that are looked at, by their index.
    pub fn readings(&self) -> &[usize] {
        &self.readings
    }

    /// What the lab is made of.
    pub const fn spec(&self) -> &'static Spec {
        self.base.lab.spec
    }

    /// In how many ways the varied knobs are set.
    pub fn combinations(&self) -> usize {
        self.varied.iter().map(|varied| varied.values.len()).product()
    }

    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.combinations().saturating_mul(usize::try_from(self.seed_count()).unwrap_or(usize::MAX))
    }

    fn seed_count(&self) -> u64 {
        (self.seeds.end() - self.seeds.start()).saturating_add(1)
    }

    /// How the varied knobs are set in a combination; the last knob changes fastest.
    pub fn settings(&self, combination: usize) -> Vec<(&'static Knob, Setting)> {
        let mut rest = combination;
        let mut settings: Vec<_> = self
            .varied
            .iter()
            .rev()
            .filter_map(|varied| {
                let count = varied.values.len().max(1);
                let value = varied.values.get(rest % count)?;
                rest /= count;
                Some((varied.knob, *value))
            })
            .collect();
        settings.reverse();
        settings
    }

    /// What is run in a combination, with the base's own seed.
    pub fn scenario(&self, combination: usize) -> Scenario {
        let mut scenario = self.base.clone();
        for (varied, (_, value)) in self.varied.iter().zip(self.settings(combination)) {
            scenario.knobs.put(varied.index, value);
        }
        scenario
    }

    /// Run number `run` of [`Plan::runs`]: what its readings come to at its end. Asks `wanted` now and then.
    pub fn run(&self, run: usize, wanted: &dyn Fn() -> bool) -> Result<Vec<Value>, Stopped> {
        let seeds = usize::try_from(self.seed_count()).unwrap_or(usize::MAX).max(1);
        let combination = run / seeds;
        let seed = self.seeds.start().saturating_add((run % seeds) as u64);
        let mut lab = self.scenario(combination).with_seed(seed).open();
        while lab.now() < self.until {
            if !wanted() {
                return Err(Stopped::Cancelled);
            }
            if lab.advance(self.until, SLICE) < SLICE {
                break;
            }
            if lab.events() >= MOST_EVENTS {
                let with = told(&self.settings(combination));
                let with = if with.is_empty() { String::new() } else { format!("with {with}, ") };
                return Err(Stopped::Endless(format!(
                    "{with}seed {seed}: stopped at {} s, after {MOST_EVENTS} events: choose shorter runs",
                    lab.now()
                )));
            }
        }
        Ok(self.readings.iter().map(|index| lab.reading(*index)).collect())
    }

    /// What all runs gave, in their order, put together: for every combination, every reading.
    pub fn sum(&self, found: &[Vec<Value>]) -> Vec<Summary> {
        let seeds = usize::try_from(self.seed_count()).unwrap_or(usize::MAX).max(1);
        let mut summaries = Vec::with_capacity(self.combinations() * self.readings.len());
        for (combination, runs) in found.chunks(seeds).enumerate() {
            for (at, spec) in self.specs().enumerate() {
                let samples = runs.iter().map(|run| run.get(at).copied().unwrap_or(Value::None)).collect();
                summaries.push(Summary::new(self.settings(combination), spec, samples));
            }
        }
        summaries
    }

    /// The readings that are looked at.
    pub fn specs(&self) -> impl Iterator<Item = &'static ReadingSpec> {
        let all = self.spec().readings;
        self.readings.iter().filter_map(|index| all.get(*index))
    }

    /// All of it, one run after the other.
    pub fn sweep(&self) -> Result<Vec<Summary>, Stopped> {
        let found = (0..self.runs()).map(|run| self.run(run, &|| true)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.sum(&found))
    }

    /// What is run, in one line: `server, preset calm, 60 s, seeds 1..200`.
    pub fn title(&self) -> String {
        let (first, last) = (self.seeds.start(), self.seeds.end());
        let seeds = if first == last { format!("seed {first}") } else { format!("seeds {first}..{last}") };
        let preset = match self.base.preset {
            "" => String::new(),
            preset => format!(", preset {preset}"),
        };
        format!("{}{preset}, {} s, {seeds}", self.spec().name, super::reading::short(self.until.secs()))
    }
}

/// Settings in words: `rate 70/s, workers 3`.
pub fn told(settings: &[(&'static Knob, Setting)]) -> String {
    let one = |(knob, value): &(&Knob, Setting)| format!("{} {}", knob.name, knob.show(*value));
    settings.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
