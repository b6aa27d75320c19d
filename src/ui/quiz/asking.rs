//! A question with the answer in the making.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Sheet, letter};
use crate::app::line;
use crate::app::quiz::{Draft, Quiz, SURE};
use crate::course::quiz::Skill;
use crate::course::{Ask, Course, Inlines, Question};
use crate::ui::markdown::{self, Setting};
use crate::ui::theme::Role;

/// Writes the question, what can be answered, and how sure one is.
pub(super) fn write(question: &Question, draft: &Draft, quiz: &Quiz, course: &Course, sheet: &mut Sheet) {
    let again = quiz.session().turn().is_some_and(|turn| turn.attempt > 1);
    head(question, course, again, sheet);
    sheet.blank();
    sheet.blocks(&question.prompt);
    sheet.blank();
    answer(question, draft, sheet);
    sheet.blank();
    sure(quiz.sure(), sheet);
}

/// What the question asks for, and what it is about.
fn head(question: &Question, course: &Course, again: bool, sheet: &mut Sheet) {
    let names: Vec<&str> = question.concepts.iter().map(|id| concept(course, id)).collect();
    let mut spans = vec![
        Span::styled(skill(question.skill), sheet.theme().style(Role::Caption)),
        Span::styled(format!("   {}", names.join(", ")), sheet.theme().style(Role::Dim)),
    ];
    if again {
        spans.push(Span::styled("   once more", sheet.theme().style(Role::Strong)));
    }
    sheet.push(Line::from(spans));
}

/// The name of a concept, or its id where the course has lost it.
pub(super) fn concept<'a>(course: &'a Course, id: &'a str) -> &'a str {
    course.concept(id).map_or(id, |concept| concept.name.as_str())
}

const fn skill(skill: Skill) -> &'static str {
    match skill {
        Skill::Explain => "Explain",
        Skill::Predict => "Predict",
        Skill::Compute => "Compute",
        Skill::Compare => "Compare",
        Skill::Diagnose => "Diagnose",
        Skill::Choose => "Choose",
    }
}

fn answer(question: &Question, draft: &Draft, sheet: &mut Sheet) {
    match (draft, &question.ask) {
        (Draft::Single { shown, cursor }, Ask::Single { options }) => {
            for (place, choice) in shown.iter().filter_map(|at| options.get(*at)).enumerate() {
                let here = *cursor == Some(place);
                let mark = mark(here, &format!("{}  ", letter(place)), sheet);
                sheet.at_cursor(here, |sheet| sheet.hang(mark, &choice.text));
            }
        }
        (Draft::Several { shown, cursor, chosen }, Ask::Several { options }) => {
            sheet.write("Tick all that are right:", Role::Dim);
            for (place, (at, choice)) in
                shown.iter().filter_map(|at| Some((at, options.get(*at)?))).enumerate()
            {
                let tick = if chosen.contains(at) { 'x' } else { ' ' };
                let mark = mark(place == *cursor, &format!("[{tick}] {}  ", letter(place)), sheet);
                sheet.at_cursor(place == *cursor, |sheet| sheet.hang(mark, &choice.text));
            }
        }
        (Draft::Order { items: order, cursor, .. }, Ask::Order { items }) => {
            sheet.write("First to last; J and K move the item under the cursor:", Role::Dim);
            for (place, item) in order.iter().filter_map(|at| items.get(*at)).enumerate() {
                let mark = mark(place == *cursor, &format!("{}  ", place + 1), sheet);
                sheet.at_cursor(place == *cursor, |sheet| sheet.hang(mark, item));
            }
        }
        (Draft::Number(line), Ask::Number { unit, .. }) => typed(line, unit, sheet),
        (Draft::Text(line), _) => typed(line, "", sheet),
        (Draft::Code { cursor, .. }, Ask::Line { code, language, .. }) => {
            sheet.write("Choose the faulty line:", Role::Dim);
            super::told::code(code, *language, sheet, |number| {
                if *cursor == Some(number - 1) { Some((">", Role::Focus)) } else { None }
            });
        }
        (Draft::Match { shown, given, cursor }, Ask::Match { pairs }) => {
            matching(shown, given, *cursor, pairs, sheet);
        }
        // A draft is made from its question, so the kinds never differ.
        _ => {}
    }
}

/// The start of an option: the cursor, and a label.
fn mark(cursor: bool, label: &str, sheet: &Sheet) -> Vec<Span<'static>> {
    let (sign, role) = if cursor { ("> ", Role::Focus) } else { ("  ", Role::Key) };
    vec![
        Span::styled(sign, sheet.theme().style(Role::Focus)),
        Span::styled(label.to_owned(), sheet.theme().style(role)),
    ]
}

/// The line that is typed into.
fn typed(line: &line::Line, unit: &str, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let caption = "Answer: ";
    let room = usize::from(sheet.width()).saturating_sub(caption.width() + unit.width() + 3);
    let skip = line.cursor().saturating_sub(room);
    let (before, after) = split(line.text(), skip, line.cursor());
    let mut rest = after.chars();
    let under = rest.next().map_or_else(|| " ".to_owned(), String::from);
    let spans = vec![
        Span::styled(caption, theme.style(Role::Caption)),
        Span::raw(before),
        Span::styled(under, theme.style(Role::Selected)),
        Span::raw(rest.collect::<String>()),
        Span::styled(format!("  {unit}"), theme.style(Role::Dim)),
    ];
    sheet.at_cursor(true, |sheet| sheet.push(Line::from(spans)));
}

/// The text before and after a column, without its first `skip` columns.
fn split(text: &str, skip: usize, column: usize) -> (String, String) {
    let mut before = String::new();
    let mut used = 0;
    for (at, c) in text.char_indices() {
        if used >= column {
            return (before, text.get(at..).unwrap_or_default().to_owned());
        }
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > skip {
            before.push(c);
        }
    }
    (before, String::new())
}

/// Left sides with the letters given to them, and below them the right sides.
fn matching(
    shown: &[usize],
    given: &[Option<usize>],
    cursor: usize,
    pairs: &[(Inlines, Inlines)],
    sheet: &mut Sheet,
) {
    let theme = sheet.theme();
    let widest = pairs.iter().map(|(left, _)| left.plain().width()).max().unwrap_or(0);
    let columns = u16::try_from(widest).unwrap_or(u16::MAX).min(sheet.width().saturating_sub(10)).max(4);
    for (place, (left, _)) in pairs.iter().enumerate() {
        let right = given.get(place).copied().flatten();
        let letter = right.and_then(|at| shown.iter().position(|other| *other == at)).map_or('.', letter);
        let mut body = markdown::lay_out_inlines(left, Setting { width: columns, theme, sources: &[] }).body;
        if let Some(first) = body.first_mut() {
            let gap = " ".repeat(usize::from(columns).saturating_sub(first.width()) + 2);
            let style = if right.is_some() { theme.style(Role::Strong) } else { theme.style(Role::Dim) };
            first.spans.extend([Span::raw(gap), Span::styled(format!("->  {letter}"), style)]);
        }
        let mark = mark(place == cursor, "", sheet);
        sheet.at_cursor(place == cursor, |sheet| sheet.hang_lines(mark, body));
    }
    sheet.blank();
    for (place, at) in shown.iter().enumerate() {
        let Some((_, right)) = pairs.get(*at) else { continue };
        let used = given.contains(&Some(*at));
        let role = if used { Role::Dim } else { Role::Key };
        let mark = vec![Span::styled(format!("  {}  ", letter(place)), theme.style(role))];
        sheet.hang(mark, right);
    }
}

/// The scale of confidence.
fn sure(sure: Option<u8>, sheet: &mut Sheet) {
    let theme = sheet.theme();
    let mut spans = vec![Span::styled("How sure, if you like to say?  ", theme.style(Role::Dim))];
    for percent in SURE {
        spans.push(if sure == Some(percent) {
            Span::styled(format!("[{percent}]"), theme.style(Role::Focus))
        } else {
            Span::styled(format!(" {percent} "), theme.style(Role::Dim))
        });
    }
    spans.push(Span::styled(" %", theme.style(Role::Dim)));
    sheet.push(Line::from(spans));
}
