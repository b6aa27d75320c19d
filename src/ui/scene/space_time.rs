//! Draws space-time diagrams: a lane a node, messages as slanted lines in the rows between the lanes.
//!
//! ```text
//! S1  LLLLLLLLLLx.............
//!        \  \
//! S2  FFFFFFFFFFFFFFFFn.......
//!     0 ms      50 ms
//! ```

use ratatui::style::Style;

use super::axis::{Axis, fill};
use super::canvas::{Canvas, width};
use crate::engine::time::Time;
use crate::labs::scene::words::{counted, joined, rows, widest};
use crate::labs::scene::{Fate, Lane, SpaceTime, Trip};
use crate::ui::theme::Role;

/// Where the lanes stand: one every `pitch` rows.
struct Grid {
    axis: Axis,
    pitch: u16,
    first: usize,
    shown: usize,
}

/// Draws the lanes, the messages between them if there are rows for that, and the time beneath.
pub(super) fn draw(diagram: &SpaceTime, canvas: &mut Canvas<'_>) {
    let label = widest(diagram.nodes.iter().map(|lane| lane.label.as_str()));
    let x = label.saturating_add(3);
    let axis = Axis { x, columns: canvas.width().saturating_sub(x), window: diagram.window };
    let nodes = rows(diagram.nodes.len());
    let pitch = match nodes.saturating_sub(1) {
        0 => 1,
        gaps => (canvas.height().saturating_sub(1) / gaps).clamp(1, 3),
    };
    let shown = diagram.nodes.len().min(usize::from(canvas.height()));
    let selected = canvas.look().selected.and_then(|id| diagram.row(id)).unwrap_or(0);
    let first = selected.saturating_add(1).saturating_sub(shown);
    let grid = Grid { axis, pitch, first, shown };
    for (at, lane) in diagram.nodes.iter().enumerate().skip(first).take(shown) {
        draw_lane(lane, label, grid.row(at), &axis, canvas);
    }
    if pitch > 1 {
        for trip in &diagram.trips {
            draw_trip(trip, diagram, &grid, canvas);
        }
    }
    let last = grid.row(first.saturating_add(shown).saturating_sub(1));
    axis.draw(last.saturating_add(1), canvas);
    tell_hidden(diagram, &grid, last, canvas);
}

/// Says at the lower right how much is hidden: nodes without a row, messages without rows to be drawn in.
fn tell_hidden(diagram: &SpaceTime, grid: &Grid, last: u16, canvas: &mut Canvas<'_>) {
    let told = |count: usize, noun: &str| {
        if count == 0 { String::new() } else { format!("+{}", counted(count as u64, noun)) }
    };
    let nodes = told(diagram.nodes.len().saturating_sub(grid.shown), "node");
    let messages = told(if grid.pitch == 1 { diagram.trips.len() } else { 0 }, "message");
    let text = joined([nodes.as_str(), &messages], ", ");
    if text.is_empty() {
        return;
    }
    let y = last.saturating_add(1).min(canvas.height().saturating_sub(1));
    let x = canvas.width().saturating_sub(width(&text));
    canvas.put(x.saturating_sub(1), y, " ", Style::new());
    canvas.more(x, y, &text);
}

impl Grid {
    fn row(&self, at: usize) -> u16 {
        rows(at.saturating_sub(self.first)).saturating_mul(self.pitch)
    }

    fn shows(&self, at: usize) -> bool {
        (self.first..self.first.saturating_add(self.shown)).contains(&at)
    }
}

fn draw_lane(lane: &Lane, label: u16, y: u16, axis: &Axis, canvas: &mut Canvas<'_>) {
    canvas.label(y, label, &lane.part, &lane.label);
    let dim = canvas.role(Role::Dim);
    canvas.repeat(axis.x, y, '.', axis.columns, dim);
    for stretch in &lane.stretches {
        fill(stretch, axis, y, canvas);
    }
    for mark in &lane.marks {
        if let Some(column) = axis.column(mark.at) {
            let style = canvas.tone(mark.tone);
            canvas.letter(axis.x.saturating_add(column), y, mark.letter, style);
        }
    }
}

/// Draws one message, as far as it has come.
fn draw_trip(trip: &Trip, diagram: &SpaceTime, grid: &Grid, canvas: &mut Canvas<'_>) {
    let (Some(from), Some(to)) = (diagram.row(&trip.from), diagram.row(&trip.to)) else { return };
    if from == to || !grid.shows(from) || !grid.shows(to) || trip.fate.at() < diagram.window.from {
        return;
    }
    let (top, bottom) = (grid.row(from.min(to)), grid.row(from.max(to)));
    let style = canvas.tone(trip.tone);
    let (sent, ends) = (trip.sent, trip.fate.at());
    let length = bottom.saturating_sub(top).max(1);
    let slant = grid.axis.clamped(ends).abs_diff(grid.axis.clamped(sent));
    let shaft = match (slant, from < to) {
        (0, _) => '|',
        (_, true) => '\\',
        (_, false) => '/',
    };
    let mut head = None;
    for y in top.saturating_add(1)..bottom {
        // Lanes in between keep their letters: a message passes behind them.
        if y % grid.pitch == 0 {
            continue;
        }
        let passed = if from < to { y - top } else { bottom - y };
        let at = between(sent, ends, passed, length);
        let lost = matches!(trip.fate, Fate::Lost(_)) && passed.saturating_mul(2) > length;
        if at > diagram.window.now || lost {
            continue;
        }
        if let Some(column) = grid.axis.column(at) {
            canvas.letter(grid.axis.x.saturating_add(column), y, shaft, style);
            canvas.spot(&trip.part, (grid.axis.x.saturating_add(column), y), 1);
            if head.is_none_or(|(far, _, _)| passed > far) {
                head = Some((passed, column, y));
            }
        }
    }
    if let (Some((_, column, y)), Fate::Lost(_)) = (head, trip.fate) {
        canvas.letter(grid.axis.x.saturating_add(column), y, 'x', style);
    }
}

/// The instant `passed` of `length` rows along the way.
fn between(sent: Time, ends: Time, passed: u16, length: u16) -> Time {
    let whole = u128::from(ends.since(sent).nanos());
    let part = whole * u128::from(passed) / u128::from(length.max(1));
    Time::from_nanos(sent.nanos().saturating_add(u64::try_from(part).unwrap_or(u64::MAX)))
}
