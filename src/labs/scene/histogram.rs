//! Histograms: counts by bin, a row each.

use super::{Part, Tone};

/// Bins under one another.
///
/// ```text
/// 100-150 ms  ####                      40
/// 150-200 ms  ######################   220   median
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Histogram {
    /// What is counted: `runs`.
    pub counted: String,
    /// The bins in order.
    pub bins: Vec<Bin>,
}

/// One bin.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Bin {
    /// The bin.
    pub part: Part,
    /// Its bounds in words: `100-150 ms`.
    pub label: String,
    /// How many fell into it.
    pub count: u64,
    /// How it stands.
    pub tone: Tone,
    /// What is special about it: `median`, `you`.
    pub note: String,
}
