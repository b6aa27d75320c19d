//! Tables that fit: columns keep their natural width if all fit, else the wide ones share what is left and wrap.
//!
//! ```text
//! setting        default  meaning
//! ─────────────  ───────  ──────────────────
//! minimum calls      100  below it, a window
//!                         has no opinion
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Layout;
use crate::course::prose::{Align, Inlines, Table};
use crate::ui::theme::Role;
use crate::ui::wrap::width;

/// Blanks between two columns.
const GAP: u16 = 2;
/// The columns that a cell must have, else the rows are set as lists.
const NARROWEST_CELL: u16 = 5;

/// Lays a table out.
pub(super) fn lay_out(table: &Table, columns: u16, layout: &mut Layout) -> Vec<Line<'static>> {
    let natural: Vec<u16> = (0..table.columns.len()).map(|at| natural_width(table, at)).collect();
    let Some(widths) = share(&natural, columns) else { return stacked(table, columns, layout) };
    let strong = layout.theme.style(Role::Strong);
    let mut lines = Vec::new();
    if table.head.iter().any(|cell| !cell.is_empty()) {
        lines.extend(row(&table.head, strong, (&widths, &table.columns), layout));
        lines.push(rule(&widths, layout));
    }
    for cells in &table.rows {
        lines.extend(row(cells, Style::new(), (&widths, &table.columns), layout));
    }
    lines
}

/// The width of a column in which nothing wraps. Links grow by their number, so the notes are asked, not the text.
fn natural_width(table: &Table, at: usize) -> u16 {
    let cells = std::iter::once(&table.head).chain(&table.rows).filter_map(|row| row.get(at));
    cells.map(cell_width).max().unwrap_or(0).max(1)
}

fn cell_width(cell: &Inlines) -> u16 {
    let links = cell.runs().filter(|run| run.link.is_some()).count();
    let numbers = u16::try_from(links).unwrap_or(u16::MAX).saturating_mul(4);
    let plain = cell.plain();
    plain.lines().map(width).max().unwrap_or(0).saturating_add(numbers)
}

/// Widths that fit `columns`: columns below the fair share keep theirs, the others share what is left.
///
/// `None` if a column would be too narrow to read.
fn share(natural: &[u16], columns: u16) -> Option<Vec<u16>> {
    let count = u16::try_from(natural.len()).ok()?;
    let gaps = GAP.saturating_mul(count.saturating_sub(1));
    let mut room = columns.checked_sub(gaps)?;
    let mut widths = vec![0; natural.len()];
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_by_key(|at| natural[*at]);
    let mut left = count;
    for at in order {
        let fair = room / left.max(1);
        let width = natural[at].min(fair);
        if width < natural[at].min(NARROWEST_CELL) {
            return None;
        }
        widths[at] = width;
        room = room.saturating_sub(width);
        left = left.saturating_sub(1);
    }
    Some(widths)
}

/// One row, as many lines as its tallest cell.
fn row(
    cells: &[Inlines],
    style: Style,
    (widths, aligns): (&[u16], &[Align]),
    layout: &mut Layout,
) -> Vec<Line<'static>> {
    let wrapped: Vec<Vec<Line<'static>>> =
        cells.iter().zip(widths).map(|(cell, width)| layout.text(cell, style, *width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let line = |y: usize| {
        let mut line = Line::default();
        // Blanks are written only before something, so that no line has a tail of them.
        let mut owed = 0_u16;
        for ((lines, wide), align) in wrapped.iter().zip(widths).zip(aligns) {
            let cell = lines.get(y).cloned().unwrap_or_default();
            let taken = cell.spans.iter().fold(0, |sum: u16, span| sum.saturating_add(width(&span.content)));
            let blank = wide.saturating_sub(taken);
            let before = match align {
                Align::Left => 0,
                Align::Centre => blank / 2,
                Align::Right => blank,
            };
            if cell.spans.is_empty() {
                owed = owed.saturating_add(*wide).saturating_add(GAP);
                continue;
            }
            let lead = usize::from(owed.saturating_add(before));
            line.spans.extend((lead > 0).then(|| Span::raw(" ".repeat(lead))));
            line.spans.extend(cell.spans);
            owed = blank.saturating_sub(before).saturating_add(GAP);
        }
        line
    };
    (0..height).map(line).collect()
}

/// The line under the head.
fn rule(widths: &[u16], layout: &Layout) -> Line<'static> {
    let pieces: Vec<String> =
        widths.iter().map(|wide| layout.theme.rule().repeat(usize::from(*wide))).collect();
    Line::styled(pieces.join(&" ".repeat(usize::from(GAP))), layout.theme.style(Role::Dim))
}

/// Where columns would be too narrow: each row as a list of head and cell.
fn stacked(table: &Table, columns: u16, layout: &mut Layout) -> Vec<Line<'static>> {
    let strong = layout.theme.style(Role::Strong);
    let mut lines = Vec::new();
    // The head stands in every row; a table without rows still shows it.
    if table.rows.is_empty() {
        lines.extend(table.head.iter().flat_map(|head| layout.text(head, strong, columns)));
    }
    for cells in &table.rows {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        for (head, cell) in table.head.iter().zip(cells) {
            lines.extend(layout.text(head, strong, columns));
            let indent = Span::raw("  ");
            lines.extend(layout.prefixed(&indent, &indent, columns, |layout, columns| {
                layout.text(cell, Style::new(), columns)
            }));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_columns_keep_their_width_and_wide_ones_share() {
        assert_eq!(share(&[5, 6], 20), Some(vec![5, 6]));
        assert_eq!(share(&[5, 40, 30], 49), Some(vec![5, 20, 20]));
        assert_eq!(share(&[5, 60, 12], 49), Some(vec![5, 28, 12]));
        assert_eq!(share(&[10, 10, 10], 14), None);
        assert_eq!(share(&[], 14), Some(vec![]));
    }
}
