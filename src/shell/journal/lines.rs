//! Lines of a journal sorted into records and the rest.

use crate::study::record::{Entry, Unreadable};

/// How every record that this program writes begins.
const BEGINNING: &[u8] = br#"{"id":"#;

/// Lines sorted into records and the rest. Empty lines are nothing.
#[derive(Debug)]
pub struct Sorted {
    /// The records, with their lines.
    pub good: Vec<(String, Entry)>,
    /// The numbers of the other lines, the first of the file being 1, and what is wrong with them.
    pub bad: Vec<(u64, Unreadable)>,
}

impl Sorted {
    /// Sorts these lines, before which so many others stand.
    pub fn new(lines: &[Vec<u8>], before: u64) -> Self {
        let mut sorted = Self { good: Vec::new(), bad: Vec::new() };
        for (line, number) in lines.iter().zip(before + 1..) {
            if line.trim_ascii().is_empty() {
                continue;
            }
            match entry(line) {
                Ok(entry) => {
                    sorted.good.push((String::from_utf8_lossy(line.trim_ascii()).into_owned(), entry));
                }
                Err(reason) => sorted.bad.push((number, reason)),
            }
        }
        sorted
    }

    /// Whether a file of these lines, and of this behind its last newline, is something else than a journal. A single
    /// line that was cut off is the journal's first, if it begins like one.
    pub fn is_alien(&self, rest: &[u8]) -> bool {
        let begins = rest.starts_with(BEGINNING) || BEGINNING.starts_with(rest);
        self.good.is_empty() && (!self.bad.is_empty() || !begins)
    }
}

/// The record on this line.
pub fn entry(line: &[u8]) -> Result<Entry, Unreadable> {
    let text = std::str::from_utf8(line.trim_ascii()).map_err(|_| Unreadable::NotJson)?;
    Entry::from_line(text)
}
