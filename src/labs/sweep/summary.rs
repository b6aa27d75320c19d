//! What a reading came to over many runs.

use crate::labs::knob::{Knob, Value as Setting};
use crate::labs::language::Over;
use crate::labs::reading::{Quantity, ReadingSpec, Value};

/// What a reading came to in all runs of one combination.
#[derive(Clone, PartialEq, Debug)]
pub struct Summary {
    /// How the varied knobs were set.
    pub settings: Vec<(&'static Knob, Setting)>,
    /// The reading.
    pub reading: &'static ReadingSpec,
    /// What it was in each run, in the order of the seeds.
    pub samples: Vec<Value>,
    /// In how many runs it never came to be.
    pub missing: usize,
    /// What it came to.
    pub outcome: Outcome,
}

/// What a reading came to, by its kind.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Of a number; none if it never came to be.
    Numbers(Option<Figures>),
    /// Of a state: how often each word, in the order of the specification; those that never came are left out.
    Words(Vec<(&'static str, usize)>),
}

/// A sample of numbers in a few figures. Quantiles are by nearest rank.
#[derive(Clone, Copy, PartialEq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Figures {
    pub min: f64,
    pub p10: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
    pub mean: f64,
}

impl Figures {
    /// The figures of a sample; none of an empty one.
    pub fn of(sample: &[f64]) -> Option<Self> {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let quantile = |q: f64| Over::Quantile(q).of_sorted(&sorted);
        Some(Self {
            min,
            p10: quantile(0.1),
            p25: quantile(0.25),
            p50: quantile(0.5),
            p75: quantile(0.75),
            p90: quantile(0.9),
            p95: quantile(0.95),
            p99: quantile(0.99),
            max,
            // In the order of the seeds, so that it is the same whoever was done first.
            mean: sample.iter().sum::<f64>() / sample.len() as f64,
        })
    }

    /// The figures' names, in the order of [`Figures::values`].
    pub const NAMES: [&str; 10] = ["min", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "max", "mean"];

    /// Every figure.
    pub const fn values(&self) -> [f64; 10] {
        let Self { min, p10, p25, p50, p75, p90, p95, p99, max, mean } = *self;
        [min, p10, p25, p50, p75, p90, p95, p99, max, mean]
    }
}

impl Summary {
    /// Puts the samples of one reading together.
    pub fn new(
        settings: Vec<(&'static Knob, Setting)>,
        reading: &'static ReadingSpec,
        samples: Vec<Value>,
    ) -> Self {
        let samples: Vec<Value> = samples.into_iter().map(finite).collect();
        let missing = samples.iter().filter(|value| **value == Value::None).count();
        let outcome = if let Quantity::State(words) = reading.kind {
            let count = |word: &&'static str| samples.iter().filter(|it| **it == Value::Word(word)).count();
            let counted = words.iter().map(|word| (*word, count(word)));
            Outcome::Words(counted.filter(|(_, count)| *count > 0).collect())
        } else {
            let numbers: Vec<f64> = samples.iter().filter_map(|value| value.number()).collect();
            Outcome::Numbers(Figures::of(&numbers))
        };
        Self { settings, reading, samples, missing, outcome }
    }

    /// On how many runs it stands.
    pub const fn n(&self) -> usize {
        self.samples.len()
    }

    /// The figures, of a number that came to be.
    pub const fn figures(&self) -> Option<&Figures> {
        match &self.outcome {
            Outcome::Numbers(figures) => figures.as_ref(),
            Outcome::Words(_) => None,
        }
    }

    /// The numbers that came to be, in the order of the seeds.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        self.samples.iter().filter_map(|value| value.number())
    }
}

/// What is beyond every number tells as little as nothing.
fn finite(value: Value) -> Value {
    match value {
        Value::Number(x) if !x.is_finite() => Value::None,
        value => value,
    }
}
