//! Reading what people type: where a text went wrong, what was expected, the nearest name.

use std::ops::Range;

/// Why a text was not understood, pointing at the word.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}{}", help.as_ref().map(|h| format!("; {h}")).unwrap_or_default())]
pub struct Misread {
    /// The bytes of the text that are at fault.
    pub at: Range<usize>,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Misread {
    /// The whole of `text` is at fault.
    pub fn whole(text: &str, message: String, help: Option<String>) -> Self {
        Self { at: 0..text.len(), message, help }
    }

    /// The same, in a text in which this one begins at byte `offset`.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.at = self.at.start + offset..self.at.end + offset;
        self
    }

    /// The text with a marker under the words at fault, for a terminal.
    pub fn point(&self, text: &str) -> String {
        let before = text.get(..self.at.start).unwrap_or_default().chars().count();
        let width = text.get(self.at.clone()).unwrap_or_default().chars().count().max(1);
        format!("  {text}\n  {}{}", " ".repeat(before), "^".repeat(width))
    }
}

/// The name that is most like `word`, if one is like it at all.
pub fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (distance(word, name), name))
        .filter(|(d, name)| *d <= 1 + name.chars().count() / 3 || (word.len() >= 3 && name.contains(word)))
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// Levenshtein's distance, transpositions counted as two.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// The words of `text` with their byte ranges.
pub fn words(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (i, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(i),
            (true, Some(from)) => {
                found.push((from..i, &text[from..i]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        let names = ["payments", "users", "shard-3"];
        assert_eq!(nearest("payment", names.into_iter()), Some("payments"));
        assert_eq!(nearest("shard3", names.into_iter()), Some("shard-3"));
        assert_eq!(nearest("database", names.into_iter()), None);
    }

    #[test]
    fn a_misread_points_at_the_word() {
        let err = Misread { at: 4..8, message: String::new(), help: None };
        assert_eq!(err.point("20s hagn payments"), "  20s hagn payments\n      ^^^^");
    }
}
