//! Whether questions can be answered, and do not give themselves away.

use std::collections::BTreeSet;

use super::super::problem::Ledger;
use super::super::prose::Inlines;
use super::super::quiz::{Ask, Choice, Question, Trap, same_text};

/// Reports whatever makes a question impossible to answer. Whether it can be used.
pub(super) fn is_well_formed(question: &Question, ledger: &Ledger<'_>) -> bool {
    let faults = faults(&question.ask);
    for fault in &faults {
        ledger.error(question.id.place, format!("`{}` {fault}", question.id));
    }
    if question.concepts.is_empty() {
        ledger.error(question.id.place, format!("`{}` tests no concept", question.id));
    }
    faults.is_empty() && !question.concepts.is_empty()
}

/// What is wrong with a question, each as the end of a sentence.
fn faults(ask: &Ask) -> Vec<String> {
    match ask {
        Ask::Single { options } => option_faults(options, 1..=1, "exactly one right option"),
        Ask::Several { options } => {
            let most = options.len().saturating_sub(1).max(1);
            option_faults(options, 1..=most, "at least one right and one wrong option")
        }
        Ask::Order { items } => {
            let mut faults = count_fault(items.len(), 3..=8, "items");
            faults.extend(twice(items, "items"));
            faults
        }
        Ask::Number { answer, tolerance, traps, .. } => {
            let mut faults = Vec::new();
            if *tolerance < 0.0 {
                faults.push("has a tolerance below zero".to_owned());
            }
            faults.extend(
                traps
                    .iter()
                    .filter(|trap| (trap.answer - answer).abs() <= *tolerance)
                    .map(|trap| format!("has the trap {}, which counts as right", trap.answer)),
            );
            faults
        }
        Ask::Text { accept, traps } => text_faults(accept, traps),
        Ask::Line { code, answer, why_not, .. } => {
            let lines = code.lines().count();
            let mut faults = Vec::new();
            if *answer > lines {
                faults.push(format!("has the answer line {answer} in code of {lines} lines"));
            }
            for line in why_not.keys() {
                if *line == *answer {
                    faults.push(format!("says why line {line} is not the answer, which it is"));
                } else if !(1..=lines).contains(line) {
                    faults.push(format!("says something of line {line} in code of {lines} lines"));
                }
            }
            faults
        }
        Ask::Match { pairs } => {
            let (left, right): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
            let mut faults = count_fault(pairs.len(), 3..=6, "pairs");
            faults.extend(twice(&left, "left sides"));
            faults.extend(twice(&right, "right sides"));
            faults
        }
    }
}

fn option_faults(options: &[Choice], right: std::ops::RangeInclusive<usize>, wanted: &str) -> Vec<String> {
    let texts: Vec<Inlines> = options.iter().map(|option| option.text.clone()).collect();
    let mut faults = count_fault(options.len(), 2..=8, "options");
    faults.extend(twice(&texts, "options"));
    let rights = options.iter().filter(|option| option.is_right()).count();
    if !right.contains(&rights) {
        faults.push(format!("needs {wanted}; it has {rights} right of {}", options.len()));
    }
    faults
}

fn text_faults(accept: &[String], traps: &[Trap<String>]) -> Vec<String> {
    let mut faults = Vec::new();
    if accept.iter().any(|form| same_text(form, "")) {
        faults.push("accepts an empty answer".to_owned());
    }
    for trap in traps {
        if accept.iter().any(|form| same_text(form, &trap.answer)) {
            faults.push(format!("has the trap `{}`, which counts as right", trap.answer));
        }
    }
    faults
}

fn count_fault(count: usize, wanted: std::ops::RangeInclusive<usize>, what: &str) -> Vec<String> {
    if wanted.contains(&count) {
        return Vec::new();
    }
    vec![format!("needs {} to {} {what}; it has {count}", wanted.start(), wanted.end())]
}

fn twice(texts: &[Inlines], what: &str) -> Option<String> {
    let mut seen = BTreeSet::new();
    let again =
        texts.iter().map(|text| text.plain().trim().to_lowercase()).find(|text| !seen.insert(text.clone()));
    again.map(|text| format!("has two equal {what}: `{text}`"))
}

/// A right option longer than the longest wrong one by this factor gives itself away.
const STANDS_OUT: f64 = 1.3;
/// Differences below this many characters are not seen.
const NOT_SEEN: usize = 8;
/// Over a bank, right options may be longer than wrong ones by this share.
const ON_AVERAGE: f64 = 1.1;
/// A bank of fewer such questions says nothing about an average.
const ENOUGH: usize = 5;

/// Warns of right options that a guesser finds by their length, one by one and over the bank.
pub(super) fn warn_of_length(questions: &[Question], ledger: &Ledger<'_>) {
    let (mut rights, mut wrongs) = (Vec::new(), Vec::new());
    let mut asked = 0;
    for question in questions {
        let (Ask::Single { options } | Ask::Several { options }) = &question.ask else { continue };
        asked += 1;
        let lengths = |right| options.iter().filter(move |it| it.is_right() == right).map(length);
        rights.extend(lengths(true));
        wrongs.extend(lengths(false));
        let (right, wrong) = (lengths(true).max().unwrap_or(0), lengths(false).max().unwrap_or(0));
        if as_number(right) > STANDS_OUT * as_number(wrong) && right - wrong >= NOT_SEEN {
            let message = format!(
                "the right option of `{}` stands out: {right} characters, the longest wrong one {wrong}",
                question.id
            );
            ledger.warning(question.id.place, message, "shorten it, or say as much in the others");
        }
    }
    let (right, wrong) = (mean(&rights), mean(&wrongs));
    if let Some(first) = questions.first().filter(|_| asked >= ENOUGH && right > ON_AVERAGE * wrong) {
        let more = (right / wrong.max(1.0) - 1.0) * 100.0;
        let message = format!("over this bank, right options are {more:.0} % longer than wrong ones");
        ledger.warning(first.place, message, "a reader who knows nothing would choose the longest");
    }
}

fn length(option: &Choice) -> usize {
    option.text.plain().chars().count()
}

const fn as_number(length: usize) -> f64 {
    length as f64
}

fn mean(lengths: &[usize]) -> f64 {
    as_number(lengths.iter().sum()) / as_number(lengths.len()).max(1.0)
}
