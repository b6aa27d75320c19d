//! Small helpers for turning a primitive into words; the only place where labs put text together.

use unicode_width::UnicodeWidthStr;

use super::{Tally, Tone};

/// How many columns `text` takes.
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The widest of `texts`; 0 without any.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> u16 {
    texts.into_iter().map(width).max().unwrap_or(0)
}

/// A length as a number of rows or columns.
pub fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// `1 caller`, `3 callers`: a count with its noun.
pub fn counted(count: u64, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ if noun.ends_with(['s', 'x', 'h']) => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}

/// The texts that say something, with `between` between them.
pub fn joined<'a>(texts: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

/// How often each word occurs, in order of first occurrence.
pub fn tally<'a>(words: impl IntoIterator<Item = (&'a str, Tone)>) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = Vec::new();
    for (word, tone) in words {
        match tallies.iter_mut().find(|tally| tally.word.eq_ignore_ascii_case(word)) {
            Some(tally) => tally.count += 1,
            None => tallies.push(Tally { word: word.to_owned(), count: 1, tone }),
        }
    }
    tallies
}

/// `150 open, 47 closed`: tallies as words.
pub fn tallied(tallies: &[Tally]) -> String {
    tallies.iter().map(|tally| format!("{} {}", tally.count, tally.word)).collect::<Vec<_>>().join(", ")
}

/// A sentence: ends with a full stop and begins with what it is about.
pub fn sentence(about: &str, says: &str) -> String {
    let says = says.trim_end_matches('.');
    match (about.is_empty(), says.is_empty()) {
        (true, _) => format!("{says}."),
        (false, true) => format!("{about}."),
        (false, false) => format!("{about}: {says}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_take_the_plural_of_their_noun() {
        assert_eq!(counted(1, "caller"), "1 caller");
        assert_eq!(counted(0, "message"), "0 messages");
        assert_eq!(counted(2, "box"), "2 boxes");
        assert_eq!(counted(2, "way"), "2 ways");
        assert_eq!(counted(3, "entry"), "3 entries");
    }

    #[test]
    fn tallies_keep_the_order_of_first_occurrence() {
        let words = ["open", "closed", "open"].map(|word| (word, Tone::Plain));
        assert_eq!(tallied(&tally(words)), "2 open, 1 closed");
    }
}
