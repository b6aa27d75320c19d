//! Draws curves in a plane: each with its letter, marked points over them, a legend beside or beneath.
//!
//! ```text
//!   100 │      ......B
//!  ok/s │   ...
//!       │ ..            A  stuck here
//!     0 └──────────────────
//!       0    offered    300
//! ```

use super::canvas::{Canvas, width};
use crate::labs::scene::words::joined;
use crate::labs::scene::{Axis, Path};
use crate::ui::theme::Role;

/// The rectangle of the plane inside the axes.
#[derive(Clone, Copy)]
struct Plane<'a> {
    path: &'a Path,
    left: u16,
    columns: u16,
    rows: u16,
}

/// Draws axes, curves, points and legend.
pub(super) fn draw(path: &Path, canvas: &mut Canvas<'_>) {
    let ends = [path.y.unit.text(path.y.min), path.y.unit.text(path.y.max), path.y.label.clone()];
    let left = ends.iter().map(|text| width(text)).max().unwrap_or(0).min(12).saturating_add(3);
    let legend: Vec<(char, &str, crate::labs::scene::Tone)> = path
        .points
        .iter()
        .map(|point| (point.letter, point.label.as_str(), point.tone))
        .chain(path.curves.iter().map(|curve| (curve.letter, curve.label.as_str(), curve.tone)))
        .filter(|(_, label, _)| !label.is_empty())
        .collect();
    let longest = legend.iter().map(|(_, label, _)| width(label).saturating_add(4)).max().unwrap_or(0);
    let room = canvas.width().saturating_sub(left);
    let beside = !legend.is_empty() && room >= longest.saturating_add(24);
    let columns = if beside { room.saturating_sub(longest) } else { room }.min(80);
    let plane = Plane { path, left, columns, rows: canvas.height().saturating_sub(2) };
    draw_axes(plane, canvas);
    draw_curves(plane, canvas);
    if beside {
        let x = left.saturating_add(columns).saturating_add(2);
        let plain = canvas.role(Role::Text);
        for (y, (letter, label, tone)) in (0..plane.rows).zip(&legend) {
            let style = canvas.tone(*tone);
            canvas.letter(x, y, *letter, style);
            let room = canvas.width().saturating_sub(x.saturating_add(2));
            canvas.fit(x.saturating_add(2), y, room, label, plain);
        }
    }
}

/// Both axes with their ends and names.
fn draw_axes(plane: Plane<'_>, canvas: &mut Canvas<'_>) {
    let (dim, theme) = (canvas.role(Role::Dim), canvas.look().theme);
    let Plane { path, left, columns, rows } = plane;
    let axis = left.saturating_sub(1);
    let y_text = |y: u16, text: &str, canvas: &mut Canvas<'_>| {
        canvas.put(axis.saturating_sub(1).saturating_sub(width(text)), y, text, dim);
    };
    y_text(0, &path.y.unit.text(path.y.max), canvas);
    if rows > 2 {
        y_text(rows / 2, &path.y.label, canvas);
    }
    y_text(rows, &path.y.unit.text(path.y.min), canvas);
    for y in 0..rows {
        canvas.put(axis, y, theme.bar(), dim);
    }
    canvas.put(axis, rows, theme.corner(), dim);
    for x in 0..columns {
        canvas.put(left.saturating_add(x), rows, theme.rule(), dim);
    }
    let foot = rows.saturating_add(1);
    let (low, high) = (path.x.unit.text(path.x.min), path.x.unit.text(path.x.max));
    canvas.put(left, foot, &low, dim);
    let end = left.saturating_add(columns).saturating_sub(width(&high));
    canvas.put(end, foot, &high, dim);
    let middle = left.saturating_add(columns.saturating_sub(width(&path.x.label)) / 2);
    if middle > left.saturating_add(width(&low)) {
        canvas.put(middle, foot, &joined([path.x.label.as_str()], ""), dim);
    }
}

fn draw_curves(plane: Plane<'_>, canvas: &mut Canvas<'_>) {
    for curve in &plane.path.curves {
        let style = canvas.tone(curve.tone);
        for pair in curve.points.windows(2) {
            plane.segment(pair[0], pair[1], &mut |x, y| {
                canvas.letter(x, y, curve.letter, style);
                canvas.spot(&curve.part, (x, y), 1);
            });
        }
        if let [only] = curve.points.as_slice()
            && let Some((x, y)) = plane.spot(*only)
        {
            canvas.letter(x, y, curve.letter, style);
            canvas.spot(&curve.part, (x, y), 1);
        }
    }
    for point in &plane.path.points {
        let Some((x, y)) = plane.spot(point.at) else { continue };
        let style = canvas.tone(point.tone);
        canvas.letter(x, y, point.letter, style);
        canvas.spot(&point.part, (x, y), 1);
    }
}

impl Plane<'_> {
    /// Where a point stands; `None` outside the plane.
    fn spot(&self, (x, y): (f64, f64)) -> Option<(u16, u16)> {
        let column = scale(x, &self.path.x, self.columns)?;
        let row = scale(y, &self.path.y, self.rows)?;
        Some((self.left.saturating_add(column), self.rows.saturating_sub(1).saturating_sub(row)))
    }

    /// Every cell of a straight line.
    fn segment(&self, from: (f64, f64), to: (f64, f64), put: &mut impl FnMut(u16, u16)) {
        let steps = self.columns.saturating_add(self.rows).max(1);
        let mut last = None;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            let spot = self.spot((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share));
            if let Some((x, y)) = spot.filter(|spot| Some(*spot) != last) {
                put(x, y);
            }
            last = spot;
        }
    }
}

/// The cell of a value on an axis of `cells` cells.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and `cells`, which is 16 bits"
)]
fn scale(value: f64, axis: &Axis, cells: u16) -> Option<u16> {
    let share = (value - axis.min) / (axis.max - axis.min);
    if !(0.0..=1.0).contains(&share) || cells == 0 {
        return None;
    }
    Some(((share * f64::from(cells)) as u16).min(cells - 1))
}
