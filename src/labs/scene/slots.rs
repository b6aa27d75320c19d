//! Slots: pools of workers, threads or connections, a letter for each.

use super::{Part, Tone};

/// Pools under one another.
///
/// ```text
/// threads  38/40  RRRRRRRRRRRRRRRRPPC..  +212 waiting
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Slots {
    /// The pools.
    pub pools: Vec<Pool>,
    /// What the letters mean, in order: `('R', "recs")`.
    pub legend: Vec<(char, String)>,
}

/// One pool.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Pool {
    /// The pool.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// The slots that are taken, a letter each; the rest up to `total` are free.
    pub used: Vec<Slot>,
    /// How many there are.
    pub total: u64,
    /// How many wait for one.
    pub waiting: u64,
    /// How it stands.
    pub tone: Tone,
    /// A few words at the end.
    pub note: String,
}

/// One slot that is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// By whom, as a letter.
    pub letter: char,
    /// How that stands.
    pub tone: Tone,
}
