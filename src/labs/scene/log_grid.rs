//! Log grids: replicated logs, a row a server, a cell an entry.

use super::words::{counted, joined, rows, sentence, widest, width};
use super::{Part, Primitive, Tone};

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

impl Entry {
    /// `3 x=1`: term and command.
    pub fn text(&self) -> String {
        joined([self.term.to_string().as_str(), &self.command], " ")
    }
}

impl LogGrid {
    /// How many columns the longest log takes.
    pub fn length(&self) -> usize {
        self.rows.iter().map(|row| row.entries.len()).max().unwrap_or(0)
    }

    /// How wide the names of the rows are.
    pub fn label_width(&self) -> u16 {
        widest(self.rows.iter().map(|row| row.label.as_str()))
    }

    /// How wide a cell is with its command, and with its term alone.
    pub fn cell_widths(&self) -> (u16, u16) {
        let entries = || self.rows.iter().flat_map(|row| &row.entries);
        let full = entries().map(|entry| width(&entry.text())).max().unwrap_or(1);
        (full, entries().map(|entry| width(&entry.term.to_string())).max().unwrap_or(1))
    }
}

impl Primitive for LogGrid {
    fn min_size(&self) -> (u16, u16) {
        let (_, term) = self.cell_widths();
        let cells = rows(self.length().min(3)).saturating_mul(term.saturating_add(1));
        (self.label_width().saturating_add(cells).saturating_add(4), rows(self.rows.len()).clamp(1, 7))
    }

    fn best_size(&self) -> (u16, u16) {
        let (full, _) = self.cell_widths();
        let cells = rows(self.length()).saturating_mul(full.saturating_add(3));
        let notes = widest(self.rows.iter().map(|row| row.note.as_str()));
        let wide = self.label_width().saturating_add(cells).saturating_add(notes);
        (wide.saturating_add(4), rows(self.rows.len().saturating_add(2)))
    }

    fn one_line(&self) -> String {
        let logs = self.rows.iter().map(|row| {
            let terms = row.entries.iter().map(|entry| entry.term.to_string()).collect::<Vec<_>>().join(" ");
            joined([row.label.as_str(), &terms], " ")
        });
        format!("committed {}; {}", self.committed, logs.collect::<Vec<_>>().join("; "))
    }

    fn speak(&self) -> Vec<String> {
        let mut said = vec![format!("Committed up to index {}.", self.committed)];
        said.extend(self.rows.iter().map(|row| {
            let terms = row.entries.iter().map(Entry::text).collect::<Vec<_>>().join(", ");
            let count = counted(row.entries.len() as u64, "entry");
            let log = if terms.is_empty() { count } else { format!("{count} of terms {terms}") };
            sentence(&row.label, &joined([log.as_str(), &row.note], "; "))
        }));
        said
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.rows.iter().map(|row| vec![&row.part]).collect()
    }
}
