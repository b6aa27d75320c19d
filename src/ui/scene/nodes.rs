//! Draws nodes as rows of fields, then cut links, then the messages in flight.
//!
//! ```text
//!         role       term  voted  timer
//! S1  x   crashed       3  S1
//! S3  C   candidate     4  S3     votes 1/3
//! cut  S1 -/- S5
//! RequestVote t4      S3 ---o----> S4   in 5 ms  will grant
//! ```

use ratatui::style::Style;

use super::canvas::{Canvas, scaled, visible, width};
use crate::labs::scene::words::{counted, joined, rows, widest};
use crate::labs::scene::{Align, Cell, Flight, Node, Nodes, Tone};
use crate::ui::theme::Role;

/// The columns of a message's way, arrow head included.
const WIRE: u16 = 10;
/// Blanks between two fields.
const GAP: u16 = 2;

/// Draws nodes, cuts and messages, in this order of importance.
pub(super) fn draw(nodes: &Nodes, canvas: &mut Canvas<'_>) {
    let height = canvas.height();
    let head = u16::from(!nodes.columns.is_empty() && height > rows(nodes.nodes.len()));
    let (shown, hidden) = visible(
        nodes.nodes.iter().map(|node| &node.part),
        height.saturating_sub(head),
        canvas.look().selected.filter(|id| nodes.nodes.iter().any(|node| node.part.id == **id)),
    );
    let mut y = draw_fields(nodes, shown, head, canvas);
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "node")));
        return;
    }
    if y >= height {
        return tell_hidden(nodes, canvas);
    }
    if !nodes.cuts.is_empty() {
        draw_cuts(nodes, y, canvas);
        y = y.saturating_add(1);
    }
    // A blank row sets the messages apart if none of them has to go for it.
    let spare = usize::from(height.saturating_sub(y)) > nodes.flights.len();
    y = y.saturating_add(u16::from(spare && nodes.cuts.is_empty()));
    draw_flights(nodes, y, canvas);
}

/// Says at the upper right that there are cuts and messages without a row.
fn tell_hidden(nodes: &Nodes, canvas: &mut Canvas<'_>) {
    let told = |count: usize, noun: &str| {
        if count == 0 { String::new() } else { format!("+{}", counted(count as u64, noun)) }
    };
    let words = joined([told(nodes.cuts.len(), "cut").as_str(), &told(nodes.flights.len(), "message")], " ");
    let fields = (0..nodes.columns.len()).map(|at| column_width(nodes, at).saturating_add(GAP));
    let label = widest(nodes.nodes.iter().map(|node| node.label.as_str()));
    let end = fields.fold(label.saturating_add(5), u16::saturating_add);
    let short = format!("+{}", nodes.cuts.len().saturating_add(nodes.flights.len()));
    let fits = end.saturating_add(width(&words)) <= canvas.width();
    let text = if fits || words.is_empty() { words } else { short };
    canvas.more(canvas.width().saturating_sub(width(&text)), 0, &text);
}

/// The nodes of `shown` under their headings; gives the row below them.
fn draw_fields(nodes: &Nodes, shown: std::ops::Range<usize>, head: u16, canvas: &mut Canvas<'_>) -> u16 {
    let label = widest(nodes.nodes.iter().map(|node| node.label.as_str()));
    let start = label.saturating_add(5);
    let widths: Vec<u16> = (0..nodes.columns.len()).map(|at| column_width(nodes, at)).collect();
    let mut end = start;
    let fitting = widths.iter().take_while(|wide| {
        let fits = end.saturating_add(**wide) <= canvas.width();
        end = end.saturating_add(**wide).saturating_add(GAP);
        fits
    });
    let fitting = fitting.count();
    let dim = canvas.role(Role::Dim);
    if head > 0 {
        let mut x = start;
        for (at, wide) in widths.iter().enumerate().take(fitting) {
            canvas.fit_aligned((x, 0), *wide, &nodes.columns[at], dim, align(nodes, at));
            x = x.saturating_add(*wide).saturating_add(GAP);
        }
        if fitting < widths.len() {
            let text = format!("+{}", widths.len().saturating_sub(fitting));
            canvas.more(canvas.width().saturating_sub(width(&text)), 0, &text);
        }
    }
    let mut y = head;
    for node in &nodes.nodes[shown] {
        draw_node(node, label, y, canvas);
        let mut x = start;
        for (at, wide) in widths.iter().enumerate().take(fitting) {
            if let Some(cell) = node.cells.get(at) {
                canvas.cell((x, y), *wide, cell, align(nodes, at));
            }
            x = x.saturating_add(*wide).saturating_add(GAP);
        }
        y = y.saturating_add(1);
    }
    y
}

/// Name and letter of a node.
fn draw_node(node: &Node, label: u16, y: u16, canvas: &mut Canvas<'_>) {
    canvas.label(y, label, &node.part, &node.label);
    let style = canvas.tone(node.shown_tone());
    canvas.letter(label.saturating_add(2), y, node.shown_letter(), style);
}

fn column_width(nodes: &Nodes, at: usize) -> u16 {
    let cells = nodes.nodes.iter().filter_map(|node| node.cells.get(at)).map(Cell::width);
    cells.max().unwrap_or(0).max(nodes.columns.get(at).map_or(0, |name| width(name)))
}

/// Numbers stand at the right of their column, words at the left.
fn align(nodes: &Nodes, at: usize) -> Align {
    let mut texts = nodes.nodes.iter().filter_map(|node| node.cells.get(at)).map(|cell| cell.text.as_str());
    let numeric =
        |text: &str| text.is_empty() || text == "-" || text.bytes().all(|byte| byte.is_ascii_digit());
    if texts.all(numeric) { Align::Right } else { Align::Left }
}

/// The links that carry nothing, in one row.
fn draw_cuts(nodes: &Nodes, y: u16, canvas: &mut Canvas<'_>) {
    let (dim, warn) = (canvas.role(Role::Dim), canvas.tone(Tone::Warn));
    let mut x = canvas.put(1, y, "cut", dim).saturating_add(2);
    for (at, cut) in nodes.cuts.iter().enumerate() {
        let text = nodes.cut_text(cut);
        if x.saturating_add(width(&text)).saturating_add(4) > canvas.width() {
            return canvas.more(x, y, &format!("+{}", nodes.cuts.len().saturating_sub(at)));
        }
        x = canvas.put(x, y, &text, warn).saturating_add(3);
    }
}

/// The messages from row `top` on, the next to arrive first.
fn draw_flights(nodes: &Nodes, top: u16, canvas: &mut Canvas<'_>) {
    let room = canvas.height().saturating_sub(top);
    let parts = nodes.flights.iter().map(|flight| &flight.part);
    let (shown, hidden) = visible(parts, room, canvas.look().selected);
    let ends = |flight: &Flight| width(nodes.name(&flight.from)).max(width(nodes.name(&flight.to)));
    let ends = nodes.flights.iter().map(ends).max().unwrap_or(0);
    let due = nodes.flights.iter().map(|flight| width(&flight.due_text())).max().unwrap_or(0);
    let label = widest(nodes.flights.iter().map(|flight| flight.label.as_str()));
    let taken = ends.saturating_mul(2).saturating_add(WIRE).saturating_add(due).saturating_add(7);
    let label = label.min(canvas.width().saturating_sub(taken)).max(6);
    let mut y = top;
    for flight in &nodes.flights[shown] {
        canvas.label(y, label, &flight.part, &flight.label);
        let x = label.saturating_add(3);
        canvas.put(x, y, nodes.name(&flight.from), Style::new());
        let wire = x.saturating_add(ends).saturating_add(1);
        draw_wire(flight, wire, y, canvas);
        let to = wire.saturating_add(WIRE).saturating_add(1);
        canvas.put(to, y, nodes.name(&flight.to), Style::new());
        let at = to.saturating_add(ends).saturating_add(2);
        let tone = if flight.due.is_none() { Tone::Warn } else { flight.tone };
        let style = canvas.tone(tone);
        canvas.put(at, y, &flight.due_text(), style);
        let note = at.saturating_add(due).saturating_add(2);
        let room = canvas.width().saturating_sub(note);
        if room >= 6 {
            canvas.fit(note, y, room, &flight.note, style);
        }
        y = y.saturating_add(1);
    }
    if hidden > 0 && room > 0 {
        canvas.more(1, y, &format!("+{} in flight", counted(hidden as u64, "message")));
    }
}

/// The way of a message, and where on it the message is.
fn draw_wire(flight: &Flight, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    let shaft = WIRE.saturating_sub(1);
    canvas.repeat(x, y, '-', shaft, dim);
    if flight.due.is_none() {
        let style = canvas.tone(Tone::Warn);
        canvas.repeat(x.saturating_add(shaft / 2).saturating_add(1), y, ' ', shaft, dim);
        canvas.letter(x.saturating_add(shaft / 2), y, '|', style);
        return;
    }
    canvas.letter(x.saturating_add(shaft), y, '>', dim);
    let at = scaled(flight.progress, shaft.saturating_sub(1));
    let style = canvas.tone(if flight.tone == Tone::Plain { Tone::Accent } else { flight.tone });
    canvas.letter(x.saturating_add(at), y, 'o', style);
}
