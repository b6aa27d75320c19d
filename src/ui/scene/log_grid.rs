//! Draws replicated logs: a row a server, a cell an entry, and what is committed beneath.
//!
//! ```text
//!          1   2   3   4   5
//! S1      [1] [1] [2] [3] [3]
//! S2      [1] [1] [2]
//! commit   =   =   =   ?   ?
//! ```

use super::canvas::{Canvas, visible, width};
use crate::labs::scene::words::{counted, rows};
use crate::labs::scene::{Entry, LogGrid, LogRow, Tone};
use crate::ui::theme::Role;

/// The label of the last row.
const COMMIT: &str = "commit";

/// How a cell is drawn: the first that lets the whole log fit is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// `[3 x=1]`
    Command,
    /// `[3]`
    Boxed,
    /// `3`
    Bare,
}

/// Where things stand.
struct Columns {
    detail: Detail,
    label: u16,
    /// The width of a cell with the blank after it.
    pitch: u16,
    /// The first and the last entry that fits; the newest matter most.
    first: usize,
    count: usize,
}

/// Draws the logs.
pub(super) fn draw(grid: &LogGrid, canvas: &mut Canvas<'_>) {
    let columns = arrange(grid, canvas.width());
    let dim = canvas.role(Role::Dim);
    let height = canvas.height();
    let body = rows(grid.rows.len());
    let head = height > body;
    let foot = height > body.saturating_add(1);
    let room = height.saturating_sub(u16::from(head)).saturating_sub(u16::from(foot));
    if head {
        for at in columns.first..columns.first.saturating_add(columns.count) {
            let index = grid.first_index.saturating_add(at as u64).to_string();
            let x = columns.middle(at);
            canvas.fit(x, 0, columns.pitch.saturating_sub(1).max(1), &index, dim);
        }
    }
    let mut y = u16::from(head);
    let (shown, hidden) = visible(grid.rows.iter().map(|row| &row.part), room, canvas.look().selected);
    for row in &grid.rows[shown] {
        draw_row(row, grid, y, &columns, canvas);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "server")));
    } else if foot {
        draw_commit(grid, y, &columns, canvas);
    }
    if columns.first > 0 {
        let text = format!("+{} <", columns.first);
        let y = if head { 0 } else { y.saturating_sub(1) };
        canvas.more(1, y, &text);
    }
}

fn arrange(grid: &LogGrid, room: u16) -> Columns {
    let (full, term) = grid.cell_widths();
    let label = grid.label_width().max(width(COMMIT));
    let length = grid.length();
    let room = room.saturating_sub(label.saturating_add(2));
    let details = [(Detail::Command, full.saturating_add(3)), (Detail::Boxed, term.saturating_add(3))];
    for (detail, pitch) in details {
        if rows(length).saturating_mul(pitch) <= room {
            return Columns { detail, label, pitch, first: 0, count: length };
        }
    }
    let pitch = term.saturating_add(1);
    let count = usize::from(room.saturating_add(1) / pitch.max(1)).min(length);
    Columns { detail: Detail::Bare, label, pitch, first: length.saturating_sub(count), count }
}

impl Columns {
    /// The column where the cell of entry `at` begins.
    fn start(&self, at: usize) -> u16 {
        let nth = rows(at.saturating_sub(self.first));
        self.label.saturating_add(2).saturating_add(nth.saturating_mul(self.pitch))
    }

    /// The column of what stands above or below that cell.
    fn middle(&self, at: usize) -> u16 {
        self.start(at).saturating_add(u16::from(self.detail != Detail::Bare))
    }
}

fn draw_row(row: &LogRow, grid: &LogGrid, y: u16, columns: &Columns, canvas: &mut Canvas<'_>) {
    canvas.label(y, columns.label, &row.part, &row.label);
    let dim = canvas.role(Role::Dim);
    let entries = row.entries.iter().enumerate().skip(columns.first).take(columns.count);
    for (at, entry) in entries {
        let x = columns.start(at);
        let index = grid.first_index.saturating_add(at as u64);
        let committed = index <= grid.committed;
        // What is not committed may still go: it stands back unless the lab says otherwise.
        let style = match entry.tone {
            Tone::Plain if !committed => dim,
            tone => canvas.tone(tone),
        };
        let text = text(entry, columns.detail);
        if columns.detail == Detail::Bare {
            canvas.put(x, y, &text, style);
        } else {
            canvas.letter(x, y, '[', dim);
            canvas.put(x.saturating_add(1), y, &text, style);
            canvas.letter(x.saturating_add(columns.pitch).saturating_sub(2), y, ']', dim);
        }
    }
    let x = columns.start(columns.first.saturating_add(columns.count)).saturating_add(1);
    let room = canvas.width().saturating_sub(x);
    if room >= 4 {
        canvas.fit(x, y, room, &row.note, dim);
    }
}

fn text(entry: &Entry, detail: Detail) -> String {
    match detail {
        Detail::Command => entry.text(),
        Detail::Boxed | Detail::Bare => entry.term.to_string(),
    }
}

/// `=` under what is committed, `?` under the rest.
fn draw_commit(grid: &LogGrid, y: u16, columns: &Columns, canvas: &mut Canvas<'_>) {
    let (dim, good) = (canvas.role(Role::Dim), canvas.tone(Tone::Good));
    canvas.put(1, y, COMMIT, dim);
    for at in columns.first..columns.first.saturating_add(columns.count) {
        let committed = grid.first_index.saturating_add(at as u64) <= grid.committed;
        let (letter, style) = if committed { ('=', good) } else { ('?', dim) };
        canvas.letter(columns.middle(at), y, letter, style);
    }
}
