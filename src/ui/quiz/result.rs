//! What a quiz came to, by concept, with what to read again.
//!
//! ```text
//! 8 of 10 right at the first try.
//!
//! half-open          1 of 2   read breaker.9 Half-open is a test
//! cascading failure  3 of 3
//! ```

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::asking::concept;
use super::sheet::Sheet;
use crate::app::quiz::Quiz;
use crate::course::Course;
use crate::labs::scene::Tone;
use crate::study::ledger::Tally;
use crate::ui::frame;
use crate::ui::theme::Role;

/// Answers that said how sure they were, before that says anything.
const BETS_THAT_TELL: usize = 3;
/// A difference in percent that is more than luck in so few answers.
const NOTABLE: f64 = 12.0;

/// Writes the result.
pub(super) fn write(quiz: &Quiz, course: &Course, sheet: &mut Sheet) {
    let result = quiz.session().result();
    let all = result.first.all();
    sheet.write(&format!("{} of {all} right at the first try.", result.first.right), Role::Heading);
    if result.missed.is_empty() && all > 0 {
        sheet.write("Nothing to read again.", Role::Text);
    } else {
        sheet.write("What was wrong came again until it was right.", Role::Text);
    }
    if let Some((sure, right)) = quiz.calibration(BETS_THAT_TELL) {
        let verdict = if sure > right + NOTABLE {
            "you are too sure of yourself"
        } else if right > sure + NOTABLE {
            "you know more than you think"
        } else {
            "you know what you know"
        };
        sheet.write(&format!("You were {sure:.0} % sure and {right:.0} % right: {verdict}."), Role::Text);
    }
    sheet.blank();
    concepts(quiz, course, sheet);
    beliefs(quiz, course, sheet);
}

fn concepts(quiz: &Quiz, course: &Course, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let tallies = quiz.session().result().concepts;
    let mut rows: Vec<(&str, Tally)> = tallies.iter().map(|(id, tally)| (id.as_str(), *tally)).collect();
    let weak = quiz.weak();
    rows.sort_by_key(|(id, _)| weak.iter().position(|other| other == id).unwrap_or(weak.len()));
    let widest = rows.iter().map(|(id, _)| concept(course, id).width()).max().unwrap_or(0).min(32);
    for (id, tally) in rows {
        let name = frame::fit(concept(course, id), widest);
        let tone = if tally.wrong > 0 { Tone::Warn } else { Tone::Good };
        let mut mark = vec![
            Span::raw(format!("{name:<widest$}   ")),
            Span::styled(format!("{} of {}   ", tally.right, tally.all()), theme.tone(tone)),
        ];
        let step = course.concept(id).filter(|_| tally.wrong > 0).map(|concept| &concept.step.value);
        let Some(step) = step else {
            sheet.push(Line::from(mark));
            continue;
        };
        let title = course.step(step).map(|at| at.step.title.clone()).unwrap_or_default();
        mark.push(Span::styled("read ", theme.style(Role::Dim)));
        sheet.hang_text(mark, format!("{step} {title}").trim_end(), Role::Link);
    }
}

/// What the learner seemed to believe, and what refutes it.
fn beliefs(quiz: &Quiz, course: &Course, sheet: &mut Sheet) {
    let shown = quiz.session().result().misconceptions;
    let mut known: Vec<_> =
        shown.iter().filter_map(|(id, n)| Some((course.misconception(id)?, *n))).collect();
    if known.is_empty() {
        return;
    }
    known.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    sheet.blank();
    sheet.write("Beliefs that led astray", Role::Caption);
    for (misconception, times) in known {
        let mark = vec![Span::raw("- ")];
        let times = if times > 1 { format!("{times} times") } else { String::new() };
        sheet.hang_with(mark, &misconception.belief, &times, Role::Dim);
        sheet.hang(vec![Span::raw("  ")], &misconception.refuted_by);
    }
}
