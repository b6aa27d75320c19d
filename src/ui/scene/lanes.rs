//! Draws lanes over time: stretches filled with their letter and named where they have room, marks over them.
//!
//! ```text
//! A thinks  [holds #############################
//! lease A   [33 ##########]expired
//! storage                       34       33!
//!           0 s       2 s       4 s       6 s
//! ```

use super::axis::Axis;
use super::canvas::{Canvas, visible, width};
use crate::labs::scene::words::{counted, widest};
use crate::labs::scene::{Lane, Lanes, Stretch};
use crate::ui::theme::Role;

/// Draws the lanes, and the time beneath if a row is left for it.
pub(super) fn draw(lanes: &Lanes, canvas: &mut Canvas<'_>) {
    let label = widest(lanes.lanes.iter().map(|lane| lane.label.as_str()));
    let x = label.saturating_add(3);
    let axis = Axis { x, columns: canvas.width().saturating_sub(x), window: lanes.window };
    let parts = lanes.lanes.iter().map(|lane| &lane.part);
    let (shown, hidden) = visible(parts, canvas.height(), canvas.look().selected);
    let mut y = 0;
    for lane in &lanes.lanes[shown] {
        canvas.label(y, label, &lane.part, &lane.label);
        for stretch in &lane.stretches {
            draw_stretch(stretch, &axis, y, canvas);
        }
        draw_marks(lane, &axis, y, canvas);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "lane")));
    } else if y < canvas.height() {
        axis.draw(y, canvas);
    }
}

/// One stretch: `[label ####]`, as much of that as its columns hold.
fn draw_stretch(stretch: &Stretch, axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    let columns = axis.columns_of(stretch);
    let long = columns.end.saturating_sub(columns.start);
    let (style, x) = (canvas.tone(stretch.tone), axis.x.saturating_add(columns.start));
    canvas.repeat(x, y, stretch.letter, long, style);
    let named = !stretch.label.is_empty() && long >= width(&stretch.label).saturating_add(4);
    if long >= 4 {
        let dim = canvas.role(Role::Dim);
        if stretch.from >= axis.window.from {
            canvas.letter(x, y, '[', dim);
        }
        if stretch.to <= axis.window.to {
            canvas.letter(x.saturating_add(long).saturating_sub(1), y, ']', dim);
        }
    }
    if named {
        let end = canvas.put(x.saturating_add(1), y, &stretch.label, style);
        canvas.letter(end, y, ' ', style);
    }
}

/// The marks of a lane, each with its name behind it where nothing else stands.
fn draw_marks(lane: &Lane, axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    let columns: Vec<_> = lane.marks.iter().map(|mark| axis.column(mark.at)).collect();
    for (at, (mark, column)) in lane.marks.iter().zip(&columns).enumerate() {
        let Some(column) = *column else { continue };
        let style = canvas.tone(mark.tone);
        canvas.letter(axis.x.saturating_add(column), y, mark.letter, style);
        let instead = mark.label.starts_with(mark.letter);
        let start = column.saturating_add(u16::from(!instead));
        let end = start.saturating_add(width(&mark.label));
        let next = columns.iter().skip(at + 1).flatten().next().copied().unwrap_or(axis.columns);
        let taken = |stretch: &Stretch| {
            let own = axis.columns_of(stretch);
            own.start < end && column.saturating_add(1) < own.end
        };
        if end <= next && end <= axis.columns && !lane.stretches.iter().any(taken) {
            canvas.put(axis.x.saturating_add(start), y, &mark.label, style);
        }
    }
}
