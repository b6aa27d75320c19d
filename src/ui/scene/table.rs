//! Draws tables and matrices: headings, then rows of cells; columns without room are counted at the right.
//!
//! ```text
//!              A      B
//! ok/s       0.0   24.0
//! slow/s     0.0    6.0
//! ```

use super::canvas::{Canvas, visible, width};
use crate::labs::scene::{Align, Matrix, Part, Table, words};
use crate::ui::theme::Role;

/// Blanks between two columns of a table.
const GAP: u16 = 2;

/// Draws a table.
pub(super) fn draw(table: &Table, canvas: &mut Canvas<'_>) {
    let widths: Vec<u16> = (0..table.columns.len()).map(|at| table.column_width(at)).collect();
    let fitting = fitting(&widths, canvas.width().saturating_sub(1));
    let dim = canvas.role(Role::Dim);
    let head = u16::from(table.has_headings());
    if head > 0 {
        let mut x = 1;
        for (column, wide) in table.columns.iter().zip(&widths).take(fitting) {
            canvas.fit_aligned((x, 0), *wide, &column.heading, dim, column.align);
            x = x.saturating_add(*wide).saturating_add(GAP);
        }
    }
    tell_columns(widths.len().saturating_sub(fitting), canvas);
    let room = canvas.height().saturating_sub(head);
    let (shown, hidden) = visible(table.rows.iter().map(|row| &row.part), room, canvas.look().selected);
    let mut y = head;
    for row in &table.rows[shown] {
        let mut x = 1;
        for (at, wide) in widths.iter().enumerate().take(fitting) {
            let align = table.columns.get(at).map_or(Align::Left, |column| column.align);
            let Some(cell) = row.cells.get(at) else { continue };
            canvas.cell((x, y), *wide, cell, align);
            x = x.saturating_add(*wide).saturating_add(GAP);
        }
        mark(&row.part, widths.first().copied().unwrap_or(0), y, canvas);
        y = y.saturating_add(1);
    }
    tell_rows(hidden, y, canvas);
}

/// Draws a matrix.
pub(super) fn draw_matrix(matrix: &Matrix, canvas: &mut Canvas<'_>) {
    let (label, cell) = (matrix.label_width(), matrix.cell_width());
    let dim = canvas.role(Role::Dim);
    let room = canvas.width().saturating_sub(label.saturating_add(3));
    let each = cell.saturating_add(2);
    let fitting = usize::from(room.saturating_add(2) / each).min(matrix.columns.len());
    let column = |at: usize| label.saturating_add(3).saturating_add(words::rows(at).saturating_mul(each));
    for (at, name) in matrix.columns.iter().enumerate().take(fitting) {
        canvas.fit(column(at), 0, cell, name, dim);
    }
    tell_columns(matrix.columns.len().saturating_sub(fitting), canvas);
    let room = canvas.height().saturating_sub(1);
    let (shown, hidden) = visible(matrix.rows.iter().map(|row| &row.part), room, canvas.look().selected);
    let mut y = 1;
    for row in &matrix.rows[shown] {
        canvas.label(y, label, &row.part, &row.label);
        for (at, value) in row.cells.iter().enumerate().take(fitting) {
            canvas.cell((column(at), y), cell, value, Align::Left);
        }
        if fitting == matrix.columns.len() {
            let x = column(fitting);
            let room = canvas.width().saturating_sub(x);
            canvas.fit(x, y, room, &row.note, dim);
        }
        y = y.saturating_add(1);
    }
    tell_rows(hidden, y, canvas);
}

/// How many of the columns fit, leaving room to tell of the others if not all do.
fn fitting(widths: &[u16], room: u16) -> usize {
    let fit = |room: u16| {
        let mut taken = 0_u16;
        widths
            .iter()
            .take_while(|wide| {
                let end = taken.saturating_add(**wide);
                taken = end.saturating_add(GAP);
                end <= room
            })
            .count()
    };
    let all = fit(room);
    if all == widths.len() { all } else { fit(room.saturating_sub(4)) }
}

fn tell_columns(hidden: usize, canvas: &mut Canvas<'_>) {
    if hidden > 0 {
        let text = format!("+{hidden}");
        canvas.more(canvas.width().saturating_sub(width(&text)), 0, &text);
    }
}

fn tell_rows(hidden: usize, y: u16, canvas: &mut Canvas<'_>) {
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", words::counted(hidden as u64, "row")));
    }
}

/// The cursor before a row that is selected; its first cell stands for it.
fn mark(part: &Part, wide: u16, y: u16, canvas: &mut Canvas<'_>) {
    canvas.cursor(y, part);
    canvas.spot(part, (1, y), wide);
}
