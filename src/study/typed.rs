//! Answers typed as a line: letters, an order, a number, words, pairs.
//!
//! What is typed goes by what is shown; the answer goes by positions in the course file.

use super::question::{Ask, Question, read_number};
use super::record::Answer;

/// What stands for "I don't know".
pub const UNKNOWN: &str = "?";

/// What a typed answer goes by, besides the question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown<'a> {
    /// The positions in the course file of what is shown, in the order shown.
    pub order: &'a [usize],
    /// The unit that a number may be followed by.
    pub unit: &'a str,
    /// How many lines the code has.
    pub lines: usize,
}

/// The letter that stands for what is shown in this place, the first being 0.
pub fn letter(place: usize) -> char {
    u8::try_from(place).ok().filter(|place| *place < 26).map_or('?', |place| char::from(b'a' + place))
}

/// How a question of this kind is answered, as the end of "Type …".
pub fn how(question: &Question, shown: Shown<'_>) -> String {
    // No example may be taken for an answer, nor be one.
    let last = letter(shown.order.len().saturating_sub(1));
    match &question.ask {
        Ask::Single(_) => format!("one letter, a to {last}"),
        Ask::Several(_) => format!("every right letter from a to {last}, with blanks between"),
        Ask::Order(_) => format!("the letters a to {last} in the right order, with blanks between"),
        Ask::Number { .. } if shown.unit.is_empty() => "a number".to_owned(),
        Ask::Number { .. } => format!("a number, in {}", shown.unit),
        Ask::Text { .. } => "a word or two".to_owned(),
        Ask::Line(_) => format!("the number of a line, 1 to {}", shown.lines),
        Ask::Match(pairs) => format!("each number from 1 to {} with its letter, as in 1x 2y", pairs.len()),
    }
}

/// Reads a typed answer. The error says what was expected.
pub fn read(question: &Question, shown: Shown<'_>, typed: &str) -> Result<Answer, String> {
    let typed = typed.trim();
    if typed == UNKNOWN {
        return Ok(Answer::Unknown);
    }
    let expected =
        |what: &str| format!("{what} Type {}, or {UNKNOWN} if you don't know.", how(question, shown));
    match &question.ask {
        Ask::Single(_) => match places(typed, shown.order).as_deref() {
            Some([one]) => Ok(Answer::Options(vec![*one])),
            _ => Err(expected("One option is right.")),
        },
        Ask::Several(_) => match places(typed, shown.order) {
            Some(mut chosen) if !chosen.is_empty() => {
                chosen.sort_unstable();
                chosen.dedup();
                Ok(Answer::Options(chosen))
            }
            _ => Err(expected("Choose at least one option.")),
        },
        Ask::Order(items) => match places(typed, shown.order) {
            Some(order) if is_permutation(&order, *items) => Ok(Answer::Order(order)),
            _ => Err(expected("Every letter has one place.")),
        },
        Ask::Number { .. } => read_number(typed, shown.unit)
            .map(Answer::Number)
            .ok_or_else(|| expected(&format!("\"{typed}\" is not a number."))),
        Ask::Text { .. } if typed.is_empty() => Err(expected("Nothing was typed.")),
        Ask::Text { .. } => Ok(Answer::Text(typed.to_owned())),
        Ask::Line(_) => match typed.parse() {
            Ok(line) if (1..=shown.lines).contains(&line) => Ok(Answer::Line(line)),
            _ => Err(expected("There is no such line.")),
        },
        Ask::Match(pairs) => match_pairs(typed, shown.order, pairs.len())
            .map(Answer::Pairs)
            .ok_or_else(|| expected("Every number gets a letter of its own.")),
    }
}

/// What a list of letters stands for; none where something else was typed.
fn places(typed: &str, order: &[usize]) -> Option<Vec<usize>> {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != ',');
    letters.map(|c| order.get(place(c)?).copied()).collect()
}

fn place(letter: char) -> Option<usize> {
    let letter = letter.to_ascii_lowercase();
    letter.is_ascii_lowercase().then(|| usize::from(letter as u8 - b'a'))
}

fn is_permutation(order: &[usize], of: usize) -> bool {
    order.len() == of && (0..of).all(|item| order.contains(&item))
}

/// Reads `1b 2a 3c`, in any order and with or without blanks.
fn match_pairs(typed: &str, order: &[usize], pairs: usize) -> Option<Vec<usize>> {
    let mut given: Vec<Option<usize>> = vec![None; pairs];
    let signs: Vec<char> =
        typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '-' | '=')).collect();
    for pair in signs.chunks(2) {
        let [number, letter] = pair else { return None };
        let left = usize::try_from(number.to_digit(10)?).ok()?.checked_sub(1)?;
        let slot = given.get_mut(left)?;
        if slot.is_some() {
            return None;
        }
        *slot = Some(*order.get(place(*letter)?)?);
    }
    let given: Vec<usize> = given.into_iter().collect::<Option<_>>()?;
    is_permutation(&given, pairs).then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::question::Choice;

    fn question(ask: Ask) -> Question {
        Question {
            id: "q".to_owned(),
            rev: 1,
            chapter: "c".to_owned(),
            concepts: vec![],
            misconception: None,
            ask,
        }
    }

    fn typed(ask: Ask, order: &[usize], typed: &str) -> Option<Answer> {
        read(&question(ask), Shown { order, unit: "calls", lines: 3 }, typed).ok()
    }

    #[test]
    fn letters_stand_for_what_is_shown() {
        let choices = || vec![Choice::Right, Choice::Right, Choice::Wrong("m".to_owned())];
        let order = [2, 0, 1];
        assert_eq!(typed(Ask::Single(choices()), &order, " A "), Some(Answer::Options(vec![2])));
        assert_eq!(typed(Ask::Single(choices()), &order, "ab"), None);
        assert_eq!(typed(Ask::Single(choices()), &order, "d"), None);
        assert_eq!(typed(Ask::Single(choices()), &order, ""), None);
        assert_eq!(typed(Ask::Single(choices()), &order, "?"), Some(Answer::Unknown));
        for line in ["b c", "cb", "c, b, b"] {
            assert_eq!(typed(Ask::Several(choices()), &order, line), Some(Answer::Options(vec![0, 1])));
        }
        assert_eq!(typed(Ask::Order(3), &order, "b c a"), Some(Answer::Order(vec![0, 1, 2])));
        assert_eq!(typed(Ask::Order(3), &order, "b c b"), None);
    }

    #[test]
    fn pairs_are_read_in_any_order() {
        let ask = || Ask::Match(vec![0, 1, 2]);
        for line in ["1b 2c 3a", "3a1b2c", "1=b, 2-c, 3 a"] {
            assert_eq!(typed(ask(), &[2, 0, 1], line), Some(Answer::Pairs(vec![0, 1, 2])), "{line}");
        }
        for line in ["1b 2c", "1b 1c 3a", "1b 2b 3a", "0a 1b 2c", "bca", "1b 2c 3"] {
            assert_eq!(typed(ask(), &[2, 0, 1], line), None, "{line}");
        }
    }

    #[test]
    fn numbers_words_and_lines() {
        let number = || Ask::Number { answer: 1.0, tolerance: 0.0, traps: vec![] };
        assert_eq!(typed(number(), &[], "64 calls"), Some(Answer::Number(64.0)));
        assert_eq!(typed(number(), &[], "many"), None);
        let text = || Ask::Text { accept: vec![], traps: vec![] };
        assert_eq!(typed(text(), &[], " half open "), Some(Answer::Text("half open".to_owned())));
        assert_eq!(typed(text(), &[], ""), None);
        assert_eq!(typed(Ask::Line(2), &[], "3"), Some(Answer::Line(3)));
        assert_eq!(typed(Ask::Line(2), &[], "4"), None);
    }

    #[test]
    fn an_error_says_what_is_expected() {
        let err = read(&question(Ask::Line(2)), Shown { order: &[], unit: "", lines: 3 }, "x").unwrap_err();
        assert_eq!(err, "There is no such line. Type the number of a line, 1 to 3, or ? if you don't know.");
    }
}
