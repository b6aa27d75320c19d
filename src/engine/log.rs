//! The log of a run: what was done to its world, when, and by whom.

use super::time::Time;

/// An act and its place in the run: after the events before `at` and the first `n` events *at* that instant.
///
/// By time alone, a replay would diverge where events tie; by a count of all events, it would break as soon as
/// anything before it differs. Scripts use `n` = 0.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry<A> {
    /// The instant.
    pub at: Time,
    /// Events already handled at that instant.
    pub n: u64,
    /// What is done.
    pub act: A,
    /// Who does it.
    pub by: By,
}

/// Who does an act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The script that the run began with: it happens whatever else is done, and cannot be taken back.
    Script,
    /// Somebody, while the run went on.
    Hand,
}
