//! Draws strips: one line a track, its name at the left, its value now at the right, time beneath.
//!
//! ```text
//! ok/s     ████████████▅▅▃▃▂▁▁▁....   0.0/s
//! state A  CCCCCCCCCCCCCCCCOOOOOOOO   OPEN
//! events   ....2...........O.......
//!          0 s       5 s       10 s
//! ```

use super::axis::{Axis, fill};
use super::canvas::{Canvas, visible, width};
use crate::labs::scene::words::{counted, widest};
use crate::labs::scene::{Mark, Stretch, Strip, Tone, Track, TrackRow};
use crate::ui::theme::Role;

/// Columns that values take at least, so that the tracks do not change their width with every digit.
const VALUE: u16 = 6;

/// Draws the tracks, and the time beneath if a row is left for it.
pub(super) fn draw(strip: &Strip, canvas: &mut Canvas<'_>) {
    let label = widest(strip.rows.iter().map(|row| row.label.as_str()));
    let last = strip.rows.iter().map(|row| width(&row.last_text(strip.window))).max().unwrap_or(0);
    let last = last.max(VALUE);
    let x = label.saturating_add(3);
    let columns = canvas.width().saturating_sub(x).saturating_sub(last.saturating_add(2));
    let axis = Axis { x, columns, window: strip.window };
    let (shown, hidden) =
        visible(strip.rows.iter().map(|row| &row.part), canvas.height(), canvas.look().selected);
    let mut y = 0;
    for row in &strip.rows[shown] {
        canvas.label(y, label, &row.part, &row.label);
        draw_track(row, &axis, y, canvas);
        let text = row.last_text(strip.window);
        let x = axis
            .x
            .saturating_add(columns)
            .saturating_add(2)
            .saturating_add(last.saturating_sub(width(&text)));
        let style = last_style(row, strip, canvas);
        canvas.put(x, y, &text, style);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "track")));
    } else if y < canvas.height() {
        axis.draw(y, canvas);
    }
}

fn last_style(row: &TrackRow, strip: &Strip, canvas: &Canvas<'_>) -> ratatui::style::Style {
    let tone = match &row.track {
        Track::Bars { tone, last, .. } if last.is_some_and(|value| value > 0.0) => *tone,
        Track::States(stretches) => stretches
            .iter()
            .rev()
            .find(|stretch| stretch.covers(strip.window.now))
            .map_or(Tone::Plain, |s| s.tone),
        Track::Bars { .. } | Track::Marks(_) => Tone::Plain,
    };
    canvas.tone(tone)
}

fn draw_track(row: &TrackRow, axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    match &row.track {
        Track::Bars { samples, max, tone, .. } => draw_bars(samples, *max, *tone, (axis, y), canvas),
        Track::States(stretches) => draw_states(stretches, axis, y, canvas),
        Track::Marks(marks) => {
            let dim = canvas.role(Role::Dim);
            canvas.repeat(axis.x, y, '.', axis.columns, dim);
            draw_marks(marks, axis, y, canvas);
        }
    }
}

/// Samples as bars: several to a column where there are more samples than columns, their mean.
fn draw_bars(
    samples: &[Option<f64>],
    max: f64,
    tone: Tone,
    (axis, y): (&Axis, u16),
    canvas: &mut Canvas<'_>,
) {
    let known = samples.iter().flatten().copied().filter(|value| value.is_finite());
    let highest = known.fold(0.0, f64::max);
    let max = if max > 0.0 { max } else { highest };
    let (style, dim) = (canvas.tone(tone), canvas.role(Role::Dim));
    let columns = usize::from(axis.columns);
    for (column, at) in (0..axis.columns).zip(0_usize..) {
        let from = at.saturating_mul(samples.len()) / columns.max(1);
        let to = at.saturating_add(1).saturating_mul(samples.len()).div_ceil(columns.max(1));
        let to = if samples.len() <= columns { from.saturating_add(1) } else { to };
        let Some(value) = mean(samples.get(from..to.min(samples.len())).unwrap_or(&[])) else { continue };
        let level = level(value, max);
        let style = if level == 0 { dim } else { style };
        canvas.letter(axis.x.saturating_add(column), y, canvas.look().theme.spark(level), style);
    }
}

fn mean(samples: &[Option<f64>]) -> Option<f64> {
    let known = samples.iter().flatten().filter(|value| value.is_finite());
    let (sum, count) = known.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// A value in eighths of `max`; above nothing at least one.
fn level(value: f64, max: f64) -> usize {
    if max <= 0.0 { 0 } else { usize::from(super::canvas::scaled(value / max, 8)) }
}

fn draw_states(stretches: &[Stretch], axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    for stretch in stretches {
        fill(stretch, axis, y, canvas);
    }
}

fn draw_marks(marks: &[Mark], axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    for mark in marks {
        if let Some(column) = axis.column(mark.at) {
            let style = canvas.tone(mark.tone);
            canvas.letter(axis.x.saturating_add(column), y, mark.letter, style);
        }
    }
}
