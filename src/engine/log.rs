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

impl<A> Entry<A> {
    /// An act of a script: at `at`, before any event of that instant.
    pub const fn scripted(at: Time, act: A) -> Self {
        Self { at, n: 0, act, by: By::Script }
    }

    /// Its place in the run. Entries of one place are done in the order of the log, a script's first.
    pub const fn place(&self) -> (Time, u64, By) {
        (self.at, self.n, self.by)
    }
}

/// Who does an act.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum By {
    /// The script that the run began with: it happens whatever else is done, and cannot be taken back.
    Script,
    /// Somebody, while the run went on.
    Hand,
}
