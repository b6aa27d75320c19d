//! Code blocks: set in by two columns, highlighted, long lines cut with a count of what is hidden.

use ratatui::text::{Line, Span};

use super::highlight::highlight;
use crate::course::prose::Code;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{Run, clip, width};

/// How far code is set in.
const INDENT: u16 = 2;

/// Lays a code block out.
pub(super) fn lay_out(code: &Code, columns: u16, theme: Theme) -> Vec<Line<'static>> {
    let indent = if columns > INDENT.saturating_add(super::LEAST_TEXT) { INDENT } else { 0 };
    let room = columns.saturating_sub(indent);
    highlight(code.language, &code.text)
        .iter()
        .map(|pieces| {
            let runs: Vec<Run> =
                pieces.iter().map(|(syntax, text)| Run::new(text.as_str(), theme.syntax(*syntax))).collect();
            let mut line = cut(&runs, room, theme);
            if indent > 0 && !line.spans.is_empty() {
                line.spans.insert(0, Span::raw(" ".repeat(usize::from(indent))));
            }
            line
        })
        .collect()
}

/// A line of code in `room` columns, with `+N` for the N columns that are hidden.
pub(in crate::ui) fn cut(runs: &[Run], room: u16, theme: Theme) -> Line<'static> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let (kept, hidden) = clip(&text, room);
    let mut line = Line::default();
    let mut left = kept.len();
    for run in runs {
        let piece = run.text.get(..left.min(run.text.len())).unwrap_or("");
        left -= piece.len();
        let piece = piece.replace(char::is_control, "");
        if !piece.is_empty() {
            line.push_span(Span::styled(piece, run.style));
        }
    }
    if hidden > 0 {
        let mark = format!("+{hidden}");
        let fits = width(kept).saturating_add(width(&mark)) <= room;
        let mark = if fits { mark } else { "+".repeat(usize::from(room.min(1))) };
        line.push_span(Span::styled(mark, theme.style(Role::More)));
    }
    line
}
