//! Log grids: replicated logs, a row a server, a cell an entry.

use super::{Part, Tone};

/// Logs under one another, by index.
///
/// ```text
///       1   2   3   4   5
/// S1   [1] [1] [2] [3] [3]
/// S2   [1] [1] [2]
///       =   =   =          committed
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct LogGrid {
    /// The index of the first column; earlier entries are in a snapshot.
    pub first_index: u64,
    /// The logs.
    pub rows: Vec<LogRow>,
    /// The highest index that is committed anywhere; 0 for none.
    pub committed: u64,
}

/// The log of one server.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct LogRow {
    /// The server, or its log.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// Its entries from `first_index` on.
    pub entries: Vec<Entry>,
    /// The highest index that this server knows to be committed.
    pub commit: u64,
    /// What else matters of the row: `next 5  match 4`.
    pub note: String,
}

/// One entry of a log.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Entry {
    /// The term, epoch or ballot in which it was written.
    pub term: u64,
    /// What it does, short: `x=3`; may be empty.
    pub command: String,
    /// How it stands: accented if new, bad if it will be overwritten. Says so in the note of its row.
    pub tone: Tone,
}
