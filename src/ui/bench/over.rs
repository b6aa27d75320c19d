//! What lies over the stage: the presets.
//!
//! ```text
//! +- presets -------------------------------------------------+
//! |> calm     70 requests/s on a capacity of 100/s.           |
//! |  busy     95 requests/s on a capacity of 100/s.           |
//! +-----------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::app::player::Player;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};

/// Columns of the window at most.
const WIDTH: u16 = 76;

/// Draws the presets with the cursor on number `at`.
pub(super) fn presets(player: &Player, at: usize, area: Rect, buf: &mut Buffer, theme: Theme) {
    let presets = player.spec().presets;
    let source = presets.get(at).map_or("", |preset| preset.source);
    let height = u16::try_from(presets.len()).unwrap_or(u16::MAX).saturating_add(4);
    let title = format!("presets {} of {}", at + 1, presets.len());
    let inner = frame::window(&title, (WIDTH, height), area, buf, theme);
    let rows = usize::from(inner.height.saturating_sub(2));
    let top = at.saturating_sub(rows / 2).min(presets.len().saturating_sub(rows));
    let names = presets.iter().map(|preset| preset.name.width()).max().unwrap_or(0);
    for ((index, preset), number) in presets.iter().enumerate().skip(top).take(rows).zip(0..) {
        let (cursor, style) =
            if index == at { (">", theme.style(Role::Focus)) } else { (" ", theme.style(Role::Text)) };
        let now = if preset.name == player.setup().preset { "*" } else { " " };
        let room = usize::from(inner.width).saturating_sub(names + 6);
        let line = Line::from(vec![
            Span::styled(format!("{cursor} {:<names$} {now} ", preset.name), style),
            Span::raw(frame::fit(preset.meaning, room)),
        ]);
        frame::put_line(&line, frame::row(inner, number), buf);
    }
    let last = frame::row(inner, inner.height.saturating_sub(1));
    let note = match source {
        "" => " * is set now. The lab starts again at 0 s; its script stays.".to_owned(),
        source => format!(" Source: {source}"),
    };
    frame::put(&note, last, buf, theme.style(Role::Dim));
}
