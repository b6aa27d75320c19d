//! A quiz: a question, then the verdict with its reasons, at the end the result.
//!
//! ```text
//!  Predict   cascading failure                                   question 3 of 10
//!
//!  order-service has 20 threads, no call timeout and no breaker. What happens?
//!
//!    a  They fail too: each thread ends up waiting for payments.
//!  > b  They go on as before: reading the catalogue calls nobody.
//!
//!  How sure, if you like?   50  60 [70] 80  90  99 %
//! ```

mod asking;
mod result;
mod sheet;
mod told;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::sheet::Sheet;
use super::frame::{self, Title};
use super::theme::{Role, Theme};
use crate::app::quiz::{Quiz, Stage};
use crate::app::shared::Shared;

/// Lines longer than this are hard to read.
const LONGEST_LINE: u16 = 84;

/// Its first line.
pub fn title(quiz: &Quiz, shared: &Shared) -> Title {
    let session = quiz.session();
    let chapter = session.started().chapter.as_deref();
    let about = chapter.and_then(|id| shared.course.find_chapter(id));
    let about = about.map_or_else(|| "all chapters".to_owned(), |chapter| chapter.title.clone());
    let asked = &session.started().questions;
    let number = quiz
        .question(&shared.course)
        .and_then(|question| asked.iter().position(|id| question.id == id.as_str()))
        .map(|at| format!("question {} of {}   ", at + 1, asked.len()));
    let first = session.result().first;
    let right = format!("{}{} right, {} wrong", number.unwrap_or_default(), first.right, first.wrong);
    Title { left: vec!["Quiz".to_owned(), about], right }
}

/// Draws it.
pub fn view(quiz: &Quiz, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    let width = area.width.saturating_sub(2).min(LONGEST_LINE);
    let inner = Rect { x: area.x.saturating_add(1), width, ..area };
    let course = &shared.course;
    let mut sheet = Sheet::new(width, theme);
    match (quiz.stage(), quiz.question(course)) {
        (Stage::Asking { draft, .. }, Some(question)) => {
            asking::write(question, draft, quiz, course, &mut sheet);
        }
        (Stage::Told(told), Some(question)) => told::write(question, told, course, &mut sheet),
        _ => result::write(quiz, course, &mut sheet),
    }
    show(&sheet, quiz.top(), inner, buf, theme);
}

/// The lines that fit, from where the learner scrolled to, or so that the cursor is in sight.
fn show(sheet: &Sheet, top: Option<usize>, area: Rect, buf: &mut Buffer, theme: Theme) {
    let rows = usize::from(area.height);
    if rows == 0 {
        return;
    }
    let lines = sheet.lines();
    let cut = lines.len() > rows;
    // Where something is cut off, the last row says so.
    let room = if cut { rows - 1 } else { rows };
    let last = lines.len().saturating_sub(room);
    let to_cursor =
        sheet.cursor().map_or(0, |cursor| (cursor.end + 1).saturating_sub(room).min(cursor.start));
    let top = top.unwrap_or(to_cursor).min(last);
    for (line, number) in lines.iter().skip(top).take(room).zip(0..) {
        frame::put_line(line, frame::row(area, number), buf);
    }
    if cut {
        let below = last - top;
        let text = match (top, below) {
            (0, below) => frame::more(below, "line", "PgDn"),
            (above, 0) => format!("+{above} above, PgUp"),
            (above, below) => format!("+{above} above, +{below} below"),
        };
        frame::put_right(&text, frame::row(area, area.height - 1), buf, theme.style(Role::More));
    }
}

#[cfg(test)]
mod tests;
