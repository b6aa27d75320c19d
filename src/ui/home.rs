//! The course map.
//!
//! ```text
//!  halfopen                                                      4 of 25 steps
//!
//!  > Continue: breaker.4  A small window trips by luck
//!
//!    Start
//!      How a server drowns                          10 min    6 of 6 steps
//!    8.1  The circuit breaker
//!      The circuit breaker                          45 min    3 of 19 steps
//!      Quiz                                   44 questions    12 right so far
//!
//!    Labs
//!      server   Ten workers and a queue
//!
//!  Enter open  j/k move  z quiz  x reset                     q back  ? keys
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::frame::{self, Title};
use super::theme::{Role, Theme};
use crate::app::home::{self, Home, Line, Next};
use crate::app::shared::Shared;
use crate::course::{Chapter, StepRef};
use crate::labs::catalogue::{LABS, widest};
use crate::labs::scene::Tone;

/// Longer rows would put a lesson's name too far from its progress.
const WIDEST: u16 = 100;
/// Columns for a length, columns for a progress.
const COLUMNS: (usize, usize) = (12, 18);

/// Its first line.
pub fn title(_home: &Home, shared: &Shared) -> Title {
    let steps = shared.course.steps().count();
    let seen = shared.course.steps().filter(|it| shared.progress.has_visited(&it.id().to_string())).count();
    let right = if steps == 0 { String::new() } else { format!("{seen} of {steps} steps") };
    Title { left: vec!["halfopen".into()], right }
}

/// Draws it.
pub fn view(home: &Home, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    let lines = home::lines(shared);
    let width = area.width.saturating_sub(2).min(WIDEST);
    let area = Rect { x: area.x + 1, y: area.y + 1, width, height: area.height.saturating_sub(2) };
    let chosen = home.chosen(&lines).map(|(row, _)| row);
    let rows = usize::from(area.height);
    let top = home.scroll.top.min(lines.len().saturating_sub(rows));
    let below = lines.len().saturating_sub(top + rows);
    let shown = if below > 0 { rows.saturating_sub(1) } else { rows };
    for ((n, line), y) in lines.iter().enumerate().skip(top).take(shown).zip(0..) {
        draw(line, chosen == Some(n), frame::row(area, y), buf, theme);
    }
    if below > 0 {
        let last = frame::row(area, area.height.saturating_sub(1));
        frame::put(&format!("  {}", frame::more(below + 1, "line", "j")), last, buf, theme.style(Role::More));
    }
}

fn draw(line: &Line<'_>, is_chosen: bool, row: Rect, buf: &mut Buffer, theme: Theme) {
    let text = theme.style(if is_chosen { Role::Focus } else { Role::Text });
    if is_chosen {
        frame::put(">", row, buf, theme.style(Role::Focus));
    }
    let row = from(row, 2);
    match line {
        Line::Gap => {}
        Line::Warning(sentence) => frame::put(sentence, row, buf, theme.tone(Tone::Warn)),
        Line::Problems(count) => {
            let count = frame::counted(*count, "problem");
            frame::put(
                &format!("{count} in the course folder, e shows them"),
                row,
                buf,
                theme.tone(Tone::Warn),
            );
        }
        Line::Empty => frame::put("This course has no lessons.", row, buf, theme.style(Role::Text)),
        Line::Next(it) => {
            let style = theme.style(if is_chosen { Role::Heading } else { Role::Strong });
            frame::put(&next(it), row, buf, style);
        }
        Line::Calibration(told) => frame::put(&format!("How sure, how right: {told}"), row, buf, text),
        Line::Chapter(chapter) => frame::put(&heading(chapter), row, buf, theme.style(Role::Caption)),
        Line::Lesson { lesson, seen, .. } => {
            let (minutes, steps) = (format!("{} min", lesson.minutes), lesson.steps.len());
            let progress = if *seen == steps {
                format!("read, {steps} steps")
            } else {
                format!("{seen} of {steps} steps")
            };
            entry(&lesson.title, (&minutes, &progress), row, buf, (text, theme));
        }
        Line::Quiz { chapter, right, answered } => {
            let count = frame::counted(chapter.questions.len(), "question");
            let progress =
                if *answered == 0 { "not asked yet".to_owned() } else { format!("{right} right so far") };
            let name = match chapter.generators.len() {
                0 => "Quiz".to_owned(),
                n => format!("Quiz, and {}", frame::counted(n, "generator")),
            };
            entry(&name, (&count, &progress), row, buf, (text, theme));
        }
        Line::Labs => frame::put("Labs to play in", row, buf, theme.style(Role::Caption)),
        Line::Lab(index) => {
            if let Some(entry) = LABS.get(*index) {
                let row = from(row, 2);
                frame::put(entry.spec.name, row, buf, text);
                let column = u16::try_from(widest()).unwrap_or(0).saturating_add(2);
                frame::put(entry.spec.summary, from(row, column), buf, theme.style(Role::Dim));
            }
        }
    }
}

fn next(next: &Next<'_>) -> String {
    let step = |it: &StepRef<'_>| format!("{}  {}", it.id(), it.step.title);
    match next {
        Next::Begin(it) => format!("Begin: {}", it.step.title),
        Next::Continue(it) => format!("Continue: {}", step(it)),
        Next::Read(it) => format!("Next: {}", step(it)),
        Next::Resume(chapter) => format!("Continue the quiz: {}", chapter.title),
        Next::Quiz(chapter) => format!("Next: the quiz of {}", chapter.title),
    }
}

/// A chapter's number and title.
pub fn heading(chapter: &Chapter) -> String {
    match &chapter.label {
        Some(label) => format!("{label}  {}", chapter.title),
        None => chapter.title.clone(),
    }
}

/// A name, how long it takes, how far the learner is.
fn entry(name: &str, (long, far): (&str, &str), row: Rect, buf: &mut Buffer, (style, theme): (Style, Theme)) {
    let dim = theme.style(Role::Dim);
    let left = frame::put_right(&format!("{far:<0$}", COLUMNS.1), row, buf, dim);
    let left = frame::put_right(&format!("{long:>0$}    ", COLUMNS.0), left, buf, dim);
    let left = from(left, 2);
    frame::put(name, Rect { width: left.width.saturating_sub(1), ..left }, buf, style);
    debug_assert!(far.width() <= COLUMNS.1, "a progress wider than its column");
}

/// The row without its first columns.
const fn from(row: Rect, columns: u16) -> Rect {
    let columns = if columns < row.width { columns } else { row.width };
    Rect { x: row.x + columns, width: row.width - columns, ..row }
}
