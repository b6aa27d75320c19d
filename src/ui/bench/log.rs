//! What happened: every notable fact with its time and its cause.
//!
//! ```text
//! +- log 3 of 7 ------------------------------------------+
//! |   3.000  server  Begins: slow server x5 for 20s.     |
//! |>  9.127  server  50 requests wait: they come faster ~ |
//! +-------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::framed;
use crate::app::bench::{Bench, Focus};
use crate::labs::lab::Occurrence;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};

/// Draws the log, the newest line last.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let focused = bench.focus() == Focus::Log;
    let facts = bench.player().notable();
    let at = bench.fact().unwrap_or(0);
    let title = match (facts.len(), focused) {
        (0, _) => "log".to_owned(),
        (count, true) => format!("log {} of {count}   Enter goes there", at + 1),
        (count, false) => format!("log {count}"),
    };
    let role = if focused { Role::Focus } else { Role::Frame };
    let inner = framed(&title, role, area, buf, theme);
    if facts.is_empty() {
        return frame::put(" Nothing notable has happened yet.", inner, buf, theme.style(Role::Dim));
    }
    let rows = usize::from(inner.height);
    let shown = if focused { at } else { facts.len() - 1 };
    // With the cursor in the list, some of what follows stays in sight.
    let last = (shown + rows / 3).min(facts.len() - 1).max(rows.min(facts.len()) - 1);
    let top = (last + 1).saturating_sub(rows);
    let parts = facts.iter().skip(top).take(rows).map(|fact| fact.told.part.len()).max().unwrap_or(0);
    for ((index, fact), number) in facts.iter().enumerate().skip(top).take(rows).zip(0..) {
        let line = line(fact, parts.min(12), focused && index == at, theme);
        let row = frame::row(inner, number);
        frame::put_line(&line, row, buf);
        if line.width() > usize::from(row.width) && row.width > 0 {
            frame::put("~", Rect { x: row.right() - 1, width: 1, ..row }, buf, theme.style(Role::More));
        }
    }
}

fn line(fact: &Occurrence, parts: usize, chosen: bool, theme: Theme) -> Line<'static> {
    let cursor = if chosen { ">" } else { " " };
    let style = if chosen { theme.style(Role::Strong) } else { theme.style(Role::Text) };
    Line::from(vec![
        Span::styled(cursor, theme.style(Role::Focus)),
        Span::styled(format!("{:>8}  ", fact.at.to_string()), theme.style(Role::Dim)),
        Span::styled(format!("{:<parts$}  ", fact.told.part), theme.style(Role::Dim)),
        Span::styled(fact.told.sentence.clone(), style),
    ])
}
