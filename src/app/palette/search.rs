//! Which entries a typed text means, the likeliest first.
//!
//! First come names that begin with the text, then those with a word that begins with each word of it, then those that
//! hold its letters in order. Among equals the order of the entries decides: what is nearest to the screen comes first.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::entry::{Entry, Kind, fold};

/// So much each letter of a word must score on average, else they lie too far apart to be meant. A letter scores 16, at the
/// beginning of a word twice as much; a gap costs a few.
const LEAST: usize = 20;
/// A letter further than so many columns behind the last one must begin a word.
const FAR: u32 = 6;
/// Of so many entries it is told which letters matched; nobody scrolls further.
const MARKED: usize = 200;

/// How well an entry fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fit {
    /// Its name begins with the text.
    Begins,
    /// Each word of the text begins one of its words.
    Words,
    /// It holds the letters in order; a better score comes first.
    Letters(Reverse<usize>),
}

/// An entry that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its place in the list that was searched.
    pub at: usize,
    /// How well it fits.
    pub fit: Fit,
    /// Which characters of its name matched.
    pub marks: Vec<usize>,
}

/// What `text` means among `entries`; with no text, all of them as they are.
pub fn search(text: &str, entries: &[Entry]) -> Vec<Found> {
    if text.trim().is_empty() {
        let found = |at| Found { at, fit: Fit::Begins, marks: Vec::new() };
        return (0..entries.len()).map(found).collect();
    }
    let whole = Query::new(text);
    // A knob is found by its name, whether or not `set` stands before it.
    let set = text.trim_start().strip_prefix("set ").map(Query::new);
    let query = |entry: &Entry| set.as_ref().filter(|_| entry.kind == Kind::Knob).unwrap_or(&whole);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut found: Vec<Found> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| {
            let fit = query(entry).fit(entry, &mut matcher)?;
            Some(Found { at, fit, marks: Vec::new() })
        })
        .collect();
    found.sort_by_key(|it| (it.fit, it.at));
    for it in found.iter_mut().take(MARKED) {
        if let Some(entry) = entries.get(it.at) {
            it.marks = query(entry).marks(entry, it.fit, &mut matcher);
        }
    }
    found
}

/// A typed text, made ready.
struct Query {
    folded: String,
    /// One for each word.
    atoms: Vec<Atom>,
}

impl Query {
    fn new(text: &str) -> Self {
        let folded = fold(text.trim());
        let atom = |word| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false);
        Self { atoms: folded.split_whitespace().map(atom).collect(), folded }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.folded.split_whitespace()
    }

    fn fit(&self, entry: &Entry, matcher: &mut Matcher) -> Option<Fit> {
        let names = entry.folded();
        if names.starts_with(&self.folded) {
            return Some(Fit::Begins);
        }
        if self.words().all(|word| begins_a_word(names, word).is_some()) {
            return Some(Fit::Words);
        }
        let mut buffer = Vec::new();
        let name = Utf32Str::new(&entry.name, &mut buffer);
        let score = |(atom, word): (&Atom, &str)| {
            let score = usize::from(atom.score(name, matcher)?);
            let enough = LEAST * atom.needle_text().len();
            let is_meant = names.contains(word) || (score >= enough && hangs_together(atom, name, matcher));
            is_meant.then_some(score)
        };
        let total = self.atoms.iter().zip(self.words()).map(score).sum::<Option<usize>>()?;
        Some(Fit::Letters(Reverse(total)))
    }

    fn marks(&self, entry: &Entry, fit: Fit, matcher: &mut Matcher) -> Vec<usize> {
        let mut marks: Vec<usize> = match fit {
            Fit::Begins => (0..self.folded.chars().count()).collect(),
            Fit::Words => {
                let names = entry.folded();
                let places = self.words().filter_map(|word| begins_a_word(names, word).map(|at| (at, word)));
                let chars = places.flat_map(|(at, word)| {
                    let first = names.get(..at).unwrap_or_default().chars().count();
                    first..first + word.chars().count()
                });
                chars.collect()
            }
            Fit::Letters(_) => {
                let (mut buffer, mut places) = (Vec::new(), Vec::new());
                let name = Utf32Str::new(&entry.name, &mut buffer);
                for atom in &self.atoms {
                    atom.indices(name, matcher, &mut places);
                }
                places.into_iter().filter_map(|place| usize::try_from(place).ok()).collect()
            }
        };
        let name = entry.name.chars().count();
        marks.retain(|mark| *mark < name);
        marks.sort_unstable();
        marks.dedup();
        marks
    }
}

/// Whether no letter lies far from the one before it, unless it begins a word.
fn hangs_together(atom: &Atom, name: Utf32Str<'_>, matcher: &mut Matcher) -> bool {
    let mut places = Vec::new();
    atom.indices(name, matcher, &mut places);
    let begins = |at: u32| at == 0 || !name.get(at - 1).is_alphanumeric();
    places.windows(2).all(|pair| matches!(pair, [one, two] if two - one <= FAR || begins(*two)))
}

/// The first byte in `text` at which a word begins that begins with `word`.
fn begins_a_word(text: &str, word: &str) -> Option<usize> {
    let inside = |at: usize| text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    text.match_indices(word).map(|(at, _)| at).find(|at| !inside(*at))
}

#[cfg(test)]
mod tests {
    use super::super::entry::Does;
    use super::*;
    use crate::app::keymap::Command;

    fn entries(names: &[&str]) -> Vec<Entry> {
        names.iter().map(|name| Entry::new(Kind::Lesson, *name, "", Does::Command(Command::Help))).collect()
    }

    fn found<'a>(text: &str, names: &[&'a str]) -> Vec<&'a str> {
        search(text, &entries(names)).iter().map(|it| names[it.at]).collect()
    }

    #[test]
    fn a_beginning_goes_before_a_word_and_a_word_before_letters() {
        let names =
            ["Slow queries", "The queue", "Quota for some other tenant", "Queue growth", "Nothing here"];
        assert_eq!(found("que", &names), ["Queue growth", "Slow queries", "The queue"]);
        assert_eq!(found("QUE", &names), found("que", &names));
        assert_eq!(found("", &names), names);
        assert_eq!(found("gro que", &names), ["Queue growth"]);
    }

    #[test]
    fn letters_in_order_are_enough_but_not_when_they_lie_far_apart() {
        let names = ["hang payments", "The circuit breaker", "call_timeout"];
        assert_eq!(found("hng pay", &names), ["hang payments"]);
        assert_eq!(found("brkr", &names), ["The circuit breaker"]);
        assert_eq!(found("timeout", &names), ["call_timeout"]);
        assert_eq!(found("ctmo", &names), ["call_timeout"]);
        assert!(found("hcb", &["the worst case of a bad hang"]).is_empty());
        assert!(found("set work", &["Slow is worse than broken"]).is_empty(), "each word counts by itself");
        assert_eq!(found("eaker", &names), ["The circuit breaker"]);
        assert!(found("zzz", &names).is_empty());
    }

    #[test]
    fn the_letters_that_matched_are_told() {
        let marks = |text: &str, name: &str| search(text, &entries(&[name])).remove(0).marks;
        assert_eq!(marks("que", "Queue"), [0, 1, 2]);
        assert_eq!(marks("bre", "Über breaker"), [5, 6, 7]);
        assert_eq!(marks("hng", "hang"), [0, 2, 3]);
        assert_eq!(marks("lesson", "Queue"), [0usize; 0], "the kind is no part of the name");
    }

    #[test]
    fn a_kind_is_a_word_like_others_and_set_stands_before_knobs() {
        let knob = Entry::new(Kind::Knob, "call_timeout", "", Does::Knob(0)).called("set");
        let list = [entries(&["Set theory"]), vec![knob]].concat();
        let at = |text: &str| search(text, &list).iter().map(|it| it.at).collect::<Vec<_>>();
        assert_eq!(at("set"), [0, 1]);
        assert_eq!(at("set call"), [1]);
        assert_eq!(at("knob"), [1]);
        assert_eq!(at("lesson"), [0]);
    }
}
