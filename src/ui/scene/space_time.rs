//! Draws space-time diagrams: a lane a node, messages as slanted lines in the rows between the lanes.
//!
//! ```text
//! S1  LLLLLLLLLLx.............
//!        \  \
//! S2  FFFFFFFFFFFFFFFFn.......
//!     0 ms      50 ms
//! ```

use super::axis::Axis;
use super::canvas::{Canvas, width};
use crate::engine::time::Time;
use crate::labs::scene::words::{counted, rows, widest};
use crate::labs::scene::{Fate, Lane, SpaceTime, Trip};
use crate::ui::theme::Role;

/// Where the lanes stand: one every `pitch` rows.
struct Grid {
    axis: Axis,
    pitch: u16,
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
    let fits = nodes <= canvas.height();
    let shown = if fits { diagram.nodes.len() } else { usize::from(canvas.height().saturating_sub(1)) };
    let grid = Grid { axis, pitch, shown };
    for (at, lane) in diagram.nodes.iter().enumerate().take(shown) {
        draw_lane(lane, label, grid.row(at), &axis, canvas);
    }
    let drawn = if pitch > 1 {
        diagram.trips.iter().filter(|trip| draw_trip(trip, diagram, &grid, canvas)).count()
    } else {
        0
    };
    let below = grid.row(shown.saturating_sub(1)).saturating_add(1);
    let hidden = diagram.trips.len().saturating_sub(drawn);
    let mut told = Vec::new();
    if !fits {
        told.push(format!("+{}", counted(diagram.nodes.len().saturating_sub(shown) as u64, "node")));
    }
    if hidden > 0 && pitch == 1 {
        told.push(format!("+{}", counted(hidden as u64, "message")));
    }
    draw_foot(&told.join(", "), below, &axis, canvas);
}

/// Time beneath, and how much is hidden at its right.
fn draw_foot(told: &str, y: u16, axis: &Axis, canvas: &mut Canvas<'_>) {
    let room = if told.is_empty() { 0 } else { width(told).saturating_add(2) };
    let shorter = Axis { columns: axis.columns.saturating_sub(room), ..*axis };
    let cut = shorter.columns.min(axis.columns);
    if cut == axis.columns {
        axis.draw(y, canvas);
    } else {
        canvas.more(canvas.width().saturating_sub(width(told)), y, told);
    }
}

impl Grid {
    fn row(&self, at: usize) -> u16 {
        rows(at).saturating_mul(self.pitch)
    }
}

fn draw_lane(lane: &Lane, label: u16, y: u16, axis: &Axis, canvas: &mut Canvas<'_>) {
    canvas.label(y, label, &lane.part, &lane.label);
    let dim = canvas.role(Role::Dim);
    canvas.repeat(axis.x, y, '.', axis.columns, dim);
    for stretch in &lane.stretches {
        let columns = axis.columns_of(stretch);
        let style = canvas.tone(stretch.tone);
        canvas.repeat(
            axis.x.saturating_add(columns.start),
            y,
            stretch.letter,
            columns.end - columns.start,
            style,
        );
    }
    for mark in &lane.marks {
        if let Some(column) = axis.column(mark.at) {
            let style = canvas.tone(mark.tone);
            canvas.letter(axis.x.saturating_add(column), y, mark.letter, style);
        }
    }
}

/// Draws one message; says whether any of it could be drawn.
fn draw_trip(trip: &Trip, diagram: &SpaceTime, grid: &Grid, canvas: &mut Canvas<'_>) -> bool {
    let (Some(from), Some(to)) = (diagram.row(&trip.from), diagram.row(&trip.to)) else { return false };
    if from == to || from >= grid.shown || to >= grid.shown || trip.fate.at() < diagram.window.from {
        return false;
    }
    let (top, bottom) = (grid.row(from.min(to)), grid.row(from.max(to)));
    let style =
        if canvas.is_selected(&trip.part) { canvas.role(Role::Selected) } else { canvas.tone(trip.tone) };
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
            if head.is_none_or(|(far, _, _)| passed > far) {
                head = Some((passed, column, y));
            }
        }
    }
    if let (Some((_, column, y)), Fate::Lost(_)) = (head, trip.fate) {
        canvas.letter(grid.axis.x.saturating_add(column), y, 'x', style);
    }
    head.is_some()
}

/// The instant `passed` of `length` rows along the way.
fn between(sent: Time, ends: Time, passed: u16, length: u16) -> Time {
    let whole = u128::from(ends.since(sent).nanos());
    let part = whole * u128::from(passed) / u128::from(length.max(1));
    Time::from_nanos(sent.nanos().saturating_add(u64::try_from(part).unwrap_or(u64::MAX)))
}
