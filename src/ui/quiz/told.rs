//! The verdict on an answer: right or wrong in words, why the right one is right, why the others are not.
//!
//! ```text
//! Wrong. It comes again at the end.
//!
//!   +  a  They fail too: each thread ends up waiting for payments.
//!         A hung call keeps its thread. Ten pay requests a second take 20 threads in 2 s.
//!
//! > x  b  They go on as before: reading the catalogue calls nobody.   your answer
//!         They need no call, but they need a thread.
//!         Belief: "A failure stays where it is." In the run, browse answers fall to zero.
//! ```

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, letter};
use crate::app::quiz::Told;
use crate::course::prose::Language;
use crate::course::quiz::{Choice, Verdict};
use crate::course::{Ask, Course, Inlines, Question};
use crate::labs::scene::Tone;
use crate::study::question::Fault;
use crate::study::record::Answer;
use crate::ui::frame;
use crate::ui::markdown::{self, highlight::highlight};
use crate::ui::theme::Role;
use crate::ui::wrap::Run;

/// Writes the verdict and every reason.
pub(super) fn write(question: &Question, told: &Told, course: &Course, sheet: &mut Sheet) {
    verdict(told, sheet);
    sheet.blank();
    match &question.ask {
        Ask::Single { options } | Ask::Several { options } => {
            self::options(question, options, told, course, sheet);
        }
        Ask::Order { items } => order(items, told, sheet),
        Ask::Number { .. } | Ask::Text { .. } => typed(question, told, sheet),
        Ask::Line { code, language, answer, why_not } => {
            let given = if let Answer::Line(line) = &told.graded.record.answer { Some(*line) } else { None };
            self::code(code, *language, sheet, |number| match (number == *answer, given == Some(number)) {
                (true, _) => Some(("+", Role::Strong)),
                (_, true) => Some(("x", Role::Strong)),
                _ => None,
            });
            sheet.blank();
            sheet.write(&format!("Line {answer} is the faulty one."), Role::Strong);
            if let Some(why) = given.filter(|line| line != answer).and_then(|line| why_not.get(&line)) {
                let line = given.unwrap_or_default();
                sheet.hang(vec![Span::raw(format!("Not line {line}: "))], why);
            }
        }
        Ask::Match { pairs } => matched(pairs, told, sheet),
    }
    if !matches!(question.ask, Ask::Single { .. } | Ask::Several { .. }) {
        sheet.blank();
        sheet.hang(Vec::new(), &question.why);
        beliefs(told, course, sheet);
    }
    sheet.blank();
    taught(question, course, sheet);
    sheet.blank();
    sheet.write("The question was", Role::Caption);
    sheet.blocks(&question.prompt);
}

fn verdict(told: &Told, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let record = &told.graded.record;
    let missed = told.graded.verdict.wrong.iter().any(|wrong| matches!(wrong.fault, Fault::Missed(_)));
    let chosen = told.graded.verdict.wrong.iter().any(|wrong| matches!(wrong.fault, Fault::Chosen(_)));
    let (word, tone) = match (told.graded.verdict.right, &record.answer) {
        (true, _) => ("Right.", Tone::Good),
        (false, Answer::Unknown) => ("Not known: better than a lucky guess.", Tone::Warn),
        (false, _) if missed && !chosen => ("Not quite: something is missing.", Tone::Warn),
        (false, _) => ("Wrong.", Tone::Bad),
    };
    let mut spans = vec![Span::styled(word, theme.tone(tone).patch(theme.style(Role::Strong)))];
    if told.graded.comes_again {
        spans.push(Span::styled("  It comes again at the end.", theme.style(Role::Text)));
    }
    if let Some(sure) = record.confidence {
        spans.push(Span::styled(format!("  You were {sure} % sure."), theme.style(Role::Dim)));
    }
    sheet.push(Line::from(spans));
}

/// Right options first, each with the reason; then the wrong ones, that of the learner before the others.
fn options(question: &Question, options: &[Choice], told: &Told, course: &Course, sheet: &mut Sheet) {
    let chosen =
        if let Answer::Options(chosen) = &told.graded.record.answer { chosen.as_slice() } else { &[] };
    let mut order: Vec<(usize, usize)> = told.shown.iter().copied().enumerate().collect();
    let is_right = |at: usize| options.get(at).is_some_and(Choice::is_right);
    order.sort_by_key(|(place, at)| (!is_right(*at), !chosen.contains(at), *place));
    let rights = order.iter().filter(|(_, at)| is_right(*at)).count();
    for (number, (place, at)) in order.iter().enumerate() {
        let Some(choice) = options.get(*at) else { continue };
        let mark = mark(choice, chosen.contains(at), letter(*place), sheet);
        let several = matches!(question.ask, Ask::Several { .. });
        let note = match (chosen.contains(at), choice.is_right() && several) {
            (true, _) => "your answer",
            (false, true) => "missed",
            (false, false) => "",
        };
        sheet.hang_with(mark, &choice.text, note, Role::Strong);
        match &choice.verdict {
            Verdict::Right if number + 1 == rights => {
                sheet.hang(indent(), &question.why);
                sheet.blank();
            }
            Verdict::Right => {}
            Verdict::Wrong { misconception, why } => {
                sheet.hang(indent(), why);
                belief(misconception, course, sheet);
                sheet.blank();
            }
        }
    }
}

/// The columns before the text of an option.
fn indent() -> Vec<Span<'static>> {
    vec![Span::raw("        ")]
}

fn mark(choice: &Choice, yours: bool, letter: char, sheet: &Sheet) -> Vec<Span<'static>> {
    let theme = sheet.theme();
    let (sign, tone) = if choice.is_right() { ("+", Tone::Good) } else { ("x", Tone::Bad) };
    let cursor = if yours { "> " } else { "  " };
    vec![
        Span::styled(cursor, theme.style(Role::Focus)),
        Span::styled(format!("{sign}  "), theme.tone(tone)),
        Span::styled(format!("{letter}  "), theme.style(Role::Key)),
    ]
}

/// The belief that leads to a wrong answer, and what refutes it.
fn belief(id: &str, course: &Course, sheet: &mut Sheet) {
    let Some(known) = course.misconception(id) else { return };
    let style = sheet.theme().style(Role::Dim);
    let columns = sheet.width().saturating_sub(8);
    let runs = [
        Run::new("The belief behind it: ", style),
        Run::new(known.belief.plain(), sheet.theme().style(Role::Emphasis)),
    ];
    let body = crate::ui::wrap::wrap(&runs, columns);
    sheet.hang_lines(indent(), body);
}

/// The beliefs that the answer shows, where no option tells them.
fn beliefs(told: &Told, course: &Course, sheet: &mut Sheet) {
    for known in told.graded.verdict.misconceptions.iter().filter_map(|id| course.misconception(id)) {
        sheet.blank();
        let theme = sheet.theme();
        sheet.runs(&[
            Run::new("The belief behind it: ", theme.style(Role::Dim)),
            Run::new(known.belief.plain(), theme.style(Role::Emphasis)),
        ]);
        sheet.hang(Vec::new(), &known.refuted_by);
    }
}

/// The right order, and where the learner had put what.
fn order(items: &[Inlines], told: &Told, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let given = if let Answer::Order(order) = &told.graded.record.answer { order.as_slice() } else { &[] };
    sheet.write("The right order:", Role::Caption);
    for (place, item) in items.iter().enumerate() {
        let yours = given.iter().position(|at| *at == place);
        let off = yours.filter(|yours| *yours != place);
        let (sign, tone) = if off.is_some() { ("x", Tone::Bad) } else { ("+", Tone::Good) };
        let sign = if given.is_empty() { " " } else { sign };
        let mark = vec![
            Span::styled(format!("  {sign}  "), theme.tone(tone)),
            Span::styled(format!("{}  ", place + 1), theme.style(Role::Key)),
        ];
        let tail = off.map(|yours| format!("yours: {}", yours + 1)).unwrap_or_default();
        sheet.hang_with(mark, item, &tail, Role::Strong);
    }
}

/// What was typed, and what is right.
fn typed(question: &Question, told: &Told, sheet: &mut Sheet) {
    let (right, unit) = match &question.ask {
        Ask::Number { answer, tolerance, unit, .. } => (within(*answer, unit, *tolerance), unit.as_str()),
        Ask::Text { accept, .. } => (accept.first().cloned().unwrap_or_default(), ""),
        _ => return,
    };
    let given = match &told.graded.record.answer {
        Answer::Number(number) => Some(number.to_string()),
        Answer::Text(text) => Some(text.clone()),
        _ => None,
    };
    let fault = told.graded.verdict.wrong.first().map(|wrong| wrong.fault);
    if let Some(given) = given {
        let judged = match fault {
            Some(Fault::TooSmall) => ", too small",
            Some(Fault::TooLarge) => ", too large",
            _ => "",
        };
        pair("Your answer", &format!("{given} {unit}{judged}"), sheet);
    }
    pair("Right", &right, sheet);
    let why = match (&question.ask, fault) {
        (Ask::Number { traps, .. }, Some(Fault::Trap(at))) => traps.get(at).map(|trap| &trap.why),
        (Ask::Text { traps, .. }, Some(Fault::Trap(at))) => traps.get(at).map(|trap| &trap.why),
        _ => None,
    };
    if let Some(why) = why {
        sheet.blank();
        sheet.hang(Vec::new(), why);
    }
}

/// A number and what is still right: `2 s, give or take 0.3`.
fn within(answer: f64, unit: &str, tolerance: f64) -> String {
    let right = format!("{answer} {unit}");
    if tolerance > 0.0 { format!("{}, give or take {tolerance}", right.trim_end()) } else { right }
}

fn pair(caption: &str, text: &str, sheet: &mut Sheet) {
    let mark = vec![Span::styled(format!("{caption:<13}"), sheet.theme().style(Role::Dim))];
    sheet.hang_text(mark, text.trim_end(), Role::Strong);
}

/// Every left side with its right side, and what the learner gave it instead.
fn matched(pairs: &[(Inlines, Inlines)], told: &Told, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let given = if let Answer::Pairs(given) = &told.graded.record.answer { given.as_slice() } else { &[] };
    let widest = pairs.iter().map(|(left, _)| left.plain().width()).max().unwrap_or(0);
    let widest = widest.min(usize::from(sheet.width() / 2));
    let off = |place: usize| told.graded.verdict.wrong.iter().any(|wrong| wrong.fault == Fault::Pair(place));
    for (place, (left, right)) in pairs.iter().enumerate() {
        let (sign, tone) = match (given.is_empty(), off(place)) {
            (true, _) => (" ", Tone::Plain),
            (false, true) => ("x", Tone::Bad),
            (false, false) => ("+", Tone::Good),
        };
        let left = frame::fit(&left.plain(), widest);
        let mark = vec![
            Span::styled(format!("  {sign}  "), theme.tone(tone)),
            Span::raw(format!("{left:<widest$}")),
            Span::styled("  ->  ", theme.style(Role::Dim)),
        ];
        sheet.hang(mark, right);
        let yours = given.get(place).filter(|_| off(place)).and_then(|at| pairs.get(*at));
        if let Some((_, wrong)) = yours {
            let caption = format!("{:>1$}  ", "yours:", widest + 9);
            sheet.hang(vec![Span::styled(caption, theme.style(Role::Dim))], wrong);
        }
    }
}

/// Where to read and to see it.
fn taught(question: &Question, course: &Course, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let title = course.step(&question.step.value).map(|at| at.step.title.clone()).unwrap_or_default();
    let mut spans = vec![
        Span::styled("Taught in ", theme.style(Role::Dim)),
        Span::styled(format!("{} {title}", question.step.value), theme.style(Role::Link)),
    ];
    if question.see.is_some() {
        spans.push(Span::styled("   s", theme.style(Role::Key)));
        spans.push(Span::styled(" shows it in the lab", theme.style(Role::Dim)));
    }
    sheet.push(Line::from(spans));
}

/// Code with its line numbers, and a mark before some of them.
pub(super) fn code(
    text: &str,
    language: Language,
    sheet: &mut Sheet,
    marks: impl Fn(usize) -> Option<(&'static str, Role)>,
) {
    let theme = sheet.theme();
    let digits = text.lines().count().to_string().width();
    for (pieces, number) in highlight(language, text).iter().zip(1..) {
        let mark = marks(number);
        let (sign, role) = mark.unwrap_or((" ", Role::Dim));
        let mut spans = vec![
            Span::styled(format!("{sign} "), theme.style(role)),
            Span::styled(format!("{number:>digits$} {} ", theme.bar()), theme.style(role)),
        ];
        let runs: Vec<Run> =
            pieces.iter().map(|(syntax, text)| Run::new(text.as_str(), theme.syntax(*syntax))).collect();
        let used: usize = spans.iter().map(Span::width).sum();
        let room = sheet.width().saturating_sub(u16::try_from(used).unwrap_or(u16::MAX));
        spans.extend(markdown::code::cut(&runs, room, theme).spans);
        sheet.at_cursor(mark.is_some_and(|(sign, _)| sign == ">"), |sheet| sheet.push(Line::from(spans)));
    }
}
