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

    /// Like [`Misread::point`], with no more of a long text than stands around the words at fault.
    pub fn point_near(&self, text: &str) -> String {
        const BEFORE: usize = 30;
        const SHOWN: usize = 90;
        let chars = text.chars().count();
        let start = text.get(..self.at.start).unwrap_or_default().chars().count();
        if chars <= SHOWN {
            return self.point(text);
        }
        let from = start.saturating_sub(BEFORE).min(chars - SHOWN);
        let shown: String = text.chars().skip(from).take(SHOWN).collect();
        let (front, back) = (if from > 0 { "…" } else { "" }, if from + SHOWN < chars { "…" } else { "" });
        let before = start - from + usize::from(from > 0);
        let width = text.get(self.at.clone()).unwrap_or_default().chars().count();
        let width = width.clamp(1, SHOWN.saturating_sub(start - from).max(1));
        format!("  {front}{shown}{back}\n  {}{}", " ".repeat(before), "^".repeat(width))
    }

    /// The column at which the words at fault begin, the first being 1.
    pub fn column(&self, text: &str) -> usize {
        text.get(..self.at.start).unwrap_or_default().chars().count() + 1
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
        assert_eq!(err.point_near("20s hagn payments"), err.point("20s hagn payments"));
    }

    #[test]
    fn of_a_long_text_only_the_place_is_shown() {
        let text = format!("{}hagn{}", "ä ".repeat(200), " b".repeat(200));
        let start = text.find("hagn").unwrap();
        let pointed = Misread { at: start..start + 4, message: String::new(), help: None }.point_near(&text);
        let (shown, marks) = pointed.split_once('\n').unwrap();
        assert!(shown.starts_with("  …") && shown.ends_with('…') && shown.chars().count() < 100, "{shown}");
        let column =
            shown.chars().collect::<Vec<_>>().windows(4).position(|four| four == ['h', 'a', 'g', 'n']);
        assert_eq!(marks.find('^'), column);
        let end = text.len()..text.len();
        let marks = Misread { at: end, message: String::new(), help: None }.point_near(&text);
        assert!(marks.ends_with('^'), "{marks}");
    }
}
