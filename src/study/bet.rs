//! A bet on a reading of a lab, as it is written down the moment the run has decided it.

use serde::{Deserialize, Serialize};

/// A reading was bet on and the run decided. Only what was not seen before is written down.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bet {
    /// The lab.
    pub lab: String,
    /// The run that it began as, in a line; what was done to it by hand is not in it.
    pub run: String,
    /// The reading.
    pub reading: String,
    /// What it is about, where a lesson says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept: Option<String>,
    /// The moment at which it was made, in milliseconds of the run.
    pub made_ms: u64,
    /// The moment that it was about, in milliseconds of the run.
    pub at_ms: u64,
    /// What was said.
    pub said: Said,
    /// How sure the learner was, in percent, 50 to 99.
    pub confidence: u8,
    /// What came.
    pub came: Came,
    /// Whether it was right.
    pub right: bool,
}

/// What was said of a reading.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// A number, right from `low` to `high`.
    Number {
        /// The number.
        number: f64,
        /// The least that is right.
        low: f64,
        /// The most that is right.
        high: f64,
    },
    /// A word: `higher`, `same`, `lower`, a state.
    Outcome(String),
}

/// What a reading came to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    /// A number; of a total, by how much it grew.
    Number(f64),
    /// A state.
    Word(String),
    /// Nothing to measure.
    Nothing,
}
