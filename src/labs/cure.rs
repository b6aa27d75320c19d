//! What a cure buys and what it costs: a sick scenario with each of several remedies, on many seeds, along the same axes.
//!
//! Pure and one run at a time, as [`super::sweep`] is: [`Plan::run`] is one run, [`Plan::sum`] puts what all of them gave
//! together. A remedy is compared with doing nothing seed by seed: on one seed both see the same arrivals and the same luck,
//! so what differs is the remedy's doing. An axis may be measured on another day of the same lab, such as one on which
//! nothing is broken.

mod table;
mod told;

use std::ops::RangeInclusive;

pub use table::{Cell, Mark, Table};
pub use told::{amount, glyph, word};

use super::judge::MOST_EVENTS;
use super::language::Measure;
use super::scenario::Scenario;
use super::sweep::Stopped;
use crate::engine::time::Time;

/// A difference below this share of the larger value is none, where the axis says nothing else.
pub const LEAST_SHARE: f64 = 0.05;
/// After so many events a run asks whether it is still wanted: some hundredths of a second.
const SLICE: u64 = 200_000;

/// Which way an axis is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// The more.
    More,
    /// The less.
    Less,
}

/// What an axis is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// What is to be cured.
    Cured,
    /// What is paid for it.
    Paid,
}

/// Something that is measured of every run.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// Its name, in a word or three.
    pub name: String,
    /// What it is, in a sentence; may be empty.
    pub says: String,
    /// What is measured.
    pub measure: Measure,
    /// Which way is better.
    pub better: Better,
    /// Whether it is what is cured or what is paid.
    pub kind: Kind,
    /// The least difference that counts; none: [`LEAST_SHARE`] of the larger value.
    pub least: Option<f64>,
    /// On which of [`Plan::days`] it is measured.
    pub day: usize,
}

/// A cure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remedy {
    /// Its name, in a word or three.
    pub name: String,
    /// What it is, in a sentence.
    pub says: String,
    /// What it changes, each as it can be typed.
    pub changes: Vec<String>,
}

/// A situation, without a remedy and with each of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Day {
    /// Nothing is done about it.
    pub untreated: Scenario,
    /// With each remedy, in their order.
    pub treated: Vec<Scenario>,
    /// When its runs end.
    pub until: Time,
}

impl Day {
    /// What is run in a row of the table: 0 is without a remedy.
    pub fn scenario(&self, row: usize) -> &Scenario {
        row.checked_sub(1).and_then(|at| self.treated.get(at)).unwrap_or(&self.untreated)
    }
}

/// What is run, and what is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The remedies.
    pub remedies: Vec<Remedy>,
    /// The axes, what is cured first.
    pub axes: Vec<Axis>,
    /// The days on which they are measured.
    pub days: Vec<Day>,
    /// On which seeds.
    pub seeds: RangeInclusive<u64>,
}

impl Plan {
    /// The rows of the table: without a remedy, then each of them.
    pub const fn rows(&self) -> usize {
        self.remedies.len() + 1
    }

    /// How many seeds there are.
    pub fn seed_count(&self) -> usize {
        usize::try_from((self.seeds.end() - self.seeds.start()).saturating_add(1)).unwrap_or(usize::MAX)
    }

    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.days.len().saturating_mul(self.rows()).saturating_mul(self.seed_count())
    }

    /// What a row of the table is called.
    pub fn row_name(&self, row: usize) -> &str {
        row.checked_sub(1).and_then(|at| self.remedies.get(at)).map_or("no remedy", |remedy| &remedy.name)
    }

    /// The day and the row of run number `run`, and its seed.
    fn place(&self, run: usize) -> (usize, usize, u64) {
        let seeds = self.seed_count().max(1);
        let seed = self.seeds.start().saturating_add((run % seeds) as u64);
        (run / seeds / self.rows(), run / seeds % self.rows(), seed)
    }

    /// What run number `run` of [`Plan::runs`] gives for the axes of its day, in their order. Asks `wanted` now and then.
    pub fn run(&self, run: usize, wanted: &dyn Fn() -> bool) -> Result<Vec<f64>, Stopped> {
        let (at, row, seed) = self.place(run);
        let Some(day) = self.days.get(at) else { return Ok(Vec::new()) };
        let mut lab = day.scenario(row).with_seed(seed).open();
        while lab.now() < day.until {
            if !wanted() {
                return Err(Stopped::Cancelled);
            }
            if lab.advance(day.until, SLICE) < SLICE {
                break;
            }
            if lab.events() >= MOST_EVENTS {
                let (name, now) = (self.row_name(row), lab.now());
                return Err(Stopped::Endless(format!(
                    "{name}, seed {seed}: stopped at {now} s, after {MOST_EVENTS} events: choose shorter runs"
                )));
            }
        }
        Ok(self.axes.iter().filter(|axis| axis.day == at).map(|axis| axis.measure.of(&*lab)).collect())
    }

    /// What all runs gave, in their order, put together.
    pub fn sum(&self, found: &[Vec<f64>]) -> Table {
        let seeds = self.seed_count();
        let values = |row: usize, axis: usize| -> Vec<f64> {
            let Some(day) = self.axes.get(axis).map(|axis| axis.day) else { return Vec::new() };
            let column = self.axes.iter().take(axis).filter(|other| other.day == day).count();
            let from = (day * self.rows() + row) * seeds;
            let runs = found.get(from..from + seeds).unwrap_or_default();
            runs.iter().map(|run| run.get(column).copied().unwrap_or(f64::NAN)).collect()
        };
        Table::of(self, values)
    }

    /// All of it, one run after the other.
    pub fn compare(&self) -> Result<Table, Stopped> {
        let found = (0..self.runs()).map(|run| self.run(run, &|| true)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.sum(&found))
    }

    /// The run behind a cell: the first seed whose value is the median, from a little before the first thing that is done.
    pub fn typical(&self, row: usize, axis: usize, cell: &Cell) -> Option<(Scenario, Time)> {
        let day = self.days.get(self.axes.get(axis)?.day)?;
        let scenario = day.scenario(row);
        let median = cell.median();
        let at = cell.values().iter().position(|value| Some(*value) == median).unwrap_or(0);
        let first = scenario.script.iter().map(|entry| entry.at).min().unwrap_or(Time::ZERO);
        let from = Time::from_secs(first.whole_secs().saturating_sub(2));
        Some((scenario.with_seed(self.seeds.start().saturating_add(at as u64)), from))
    }
}

#[cfg(test)]
mod tests;
