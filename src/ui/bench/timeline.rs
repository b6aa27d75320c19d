//! The whole run on the lower frame of its strip: what was done and what happened, and where now is.
//!
//! ```text
//! +- 0 s --1----O--C--@..2...O....... 60.0 s   history 4.1 MB -+
//! ```
//!
//! Lines have passed, dots were seen before a jump back. Letters are those of the strip; acts are drawn over facts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::bench::{Bench, Focus, Letters};
use crate::app::player::{Marked, Player};
use crate::engine::time::Time;
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};

/// Columns of the run below which there is no timeline.
const LEAST: usize = 16;

/// Draws it on the last row of `area`, which is a frame.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let player = bench.player();
    let end = player.lab().reached();
    if end == Time::ZERO || area.height < 2 {
        return;
    }
    let is_focus = bench.focus() == Focus::Timeline;
    let role = if is_focus { Role::Focus } else { Role::Dim };
    let before = if is_focus { " > 0 s " } else { " 0 s " };
    let after = format!(" {} s   history {} ", tenths(end), bytes(player.branches().bytes()));
    let row = frame::row(area, area.height - 1);
    let room = usize::from(row.width.saturating_sub(4));
    let Some(cells) = room.checked_sub(before.len() + after.len()).filter(|cells| *cells >= LEAST) else {
        return;
    };
    let mut spans = vec![Span::styled(before, theme.style(role))];
    spans.extend(ruler(player, end, cells, theme));
    spans.push(Span::styled(after, theme.style(role)));
    frame::put_line(&Line::from(spans), Rect { x: row.x + 2, width: row.width - 4, ..row }, buf);
}

/// The run from 0 s to `end` in `cells` columns.
fn ruler(player: &Player, end: Time, cells: usize, theme: Theme) -> Vec<Span<'static>> {
    let now = column(player.lab().now(), end, cells);
    let (passed, ahead) = (theme.style(Role::Dim), theme.tone(Tone::Idle));
    let line = theme.rule().to_owned();
    let mut row: Vec<Span<'static>> = (0..cells)
        .map(|at| if at < now { Span::styled(line.clone(), passed) } else { Span::styled(".", ahead) })
        .collect();
    let marks = player.marks();
    let letters = Letters::of(player, &marks);
    for by_hand in [false, true] {
        for mark in marks.iter().filter(|mark| matches!(mark.what, Marked::Act(_)) == by_hand) {
            let Some((letter, _)) = letters.of_mark(mark).filter(|_| mark.at <= end) else { continue };
            let style = if by_hand { theme.tone(Tone::Accent) } else { theme.style(Role::Text) };
            row[column(mark.at, end, cells)] = Span::styled(letter.to_string(), style);
        }
    }
    row[now] = Span::styled("@", theme.style(Role::Focus));
    row
}

/// The column of an instant.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a column of the row")]
fn column(at: Time, end: Time, cells: usize) -> usize {
    let part = at.secs() / end.secs().max(1e-9);
    ((part * cells as f64) as usize).min(cells.saturating_sub(1))
}

/// `12.4`.
pub(super) fn tenths(at: Time) -> String {
    let tenths = at.millis() / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// About how many bytes: `820 kB`, `4.1 MB`.
pub(super) fn bytes(count: usize) -> String {
    match count {
        0..1_000_000 => format!("{} kB", count / 1000),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instant_has_its_column() {
        let end = Time::from_secs(60);
        let columns = [0, 30, 59, 60].map(|secs| column(Time::from_secs(secs), end, 60));
        assert_eq!(columns, [0, 30, 59, 59]);
    }

    #[test]
    fn sizes_are_told_in_the_unit_that_fits() {
        assert_eq!([bytes(0), bytes(820_400), bytes(4_150_000)], ["0 kB", "820 kB", "4.1 MB"]);
    }
}
