//! Draws links: callers at the left, their gates, what gets through, and the targets in a column of their own.
//!
//! ```text
//! caller A  30/s --> [ OPEN   3.1 s ] --X        payments  ok  8/10 [########..]
//! caller B  30/s --> [ CLOSED 20 %  ] ========>  shard 1   ok
//! and 197 more: 150 OPEN, 47 CLOSED
//! ```

use ratatui::style::Style;

use super::canvas::{Canvas, scaled, visible, width};
use crate::labs::scene::words::{joined, tallied, widest};
use crate::labs::scene::{Flow, Link, Links, Part, PartId, Target, Tone};
use crate::ui::theme::Role;

/// How much is told where width is short: the first that fits is taken.
#[derive(Clone, Copy)]
struct Detail {
    load: bool,
    notes: bool,
    target: TargetDetail,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TargetDetail {
    /// A line for the name, one for the pool with a bar, one for the note.
    Tall,
    /// Everything in one line, with a bar for the pool.
    Bar,
    /// Everything in one line.
    Words,
    /// A line for the name, one for the rest.
    Stacked,
    /// Name and state.
    Name,
    /// Nothing.
    None,
}

const DETAILS: [Detail; 9] = [
    Detail { load: true, notes: true, target: TargetDetail::Tall },
    Detail { load: true, notes: true, target: TargetDetail::Bar },
    Detail { load: true, notes: true, target: TargetDetail::Words },
    Detail { load: true, notes: true, target: TargetDetail::Stacked },
    Detail { load: true, notes: true, target: TargetDetail::Name },
    Detail { load: true, notes: false, target: TargetDetail::Words },
    Detail { load: true, notes: false, target: TargetDetail::Name },
    Detail { load: false, notes: false, target: TargetDetail::Name },
    Detail { load: false, notes: false, target: TargetDetail::None },
];

/// Columns of the arrow from a caller to its first gate, blanks included.
const LEAD: u16 = 5;
/// The shortest and the longest arrow from the last gate on.
const FLOW: (u16, u16) = (4, 14);
/// The bar of a pool with its brackets.
const POOL_BAR: u16 = 12;

/// Where things stand in a row.
struct Columns {
    detail: Detail,
    from: u16,
    load: u16,
    /// State and note of each gate.
    gates: Vec<(u16, u16)>,
    flow: u16,
}

/// A line of the column of targets.
#[derive(Default)]
struct Line<'a> {
    /// The target, if the line begins with its name.
    part: Option<&'a Part>,
    spans: Vec<(String, Style)>,
}

/// Draws the links, as many callers as there are rows.
pub(super) fn draw(links: &Links, canvas: &mut Canvas<'_>) {
    let (columns, ends) = arrange(links, canvas);
    // One line tells of the callers without a row, whether they had one or not.
    let counted = !links.more.is_empty();
    let fits = links.rows.len() < usize::from(canvas.height());
    let room = canvas.height().saturating_sub(u16::from(counted && fits));
    let (shown, hidden) = visible(links.rows.iter().map(|row| &row.part), room, selected_row(links, canvas));
    let mut target_x = 0;
    for (y, link) in (0..).zip(&links.rows[shown.clone()]) {
        target_x = draw_row(link, y, &columns, canvas);
    }
    let mut last = canvas.height();
    if hidden > 0 || counted {
        let rest = links.callers().saturating_sub(shown.len() as u64);
        let text = format!("and {rest} more: {}", tallied(&links.tally_outside(&shown)));
        last = u16::try_from(shown.len()).unwrap_or(u16::MAX);
        canvas.more(1, last, &text);
    }
    draw_targets(&ends, target_x, last, canvas);
}

/// The caller whose row the selected part is in: its own, or that of its gate.
fn selected_row<'a>(links: &'a Links, canvas: &Canvas<'a>) -> Option<&'a PartId> {
    let selected = canvas.look().selected?;
    let of_gate = |row: &&Link| row.gates.iter().any(|gate| gate.part.id == *selected);
    Some(links.rows.iter().find(of_gate).map_or(selected, |row| &row.part.id))
}

/// Chooses the detail that fits and measures the columns for it.
fn arrange<'a>(links: &'a Links, canvas: &Canvas<'_>) -> (Columns, Vec<Line<'a>>) {
    let from = widest(links.rows.iter().map(|row| row.from.as_str()));
    let load = links.rows.iter().map(|row| width(&row.load_text())).max().unwrap_or(0);
    for detail in DETAILS {
        let gates = gate_widths(&links.rows, detail.notes);
        let ends = if links.targets.is_empty() {
            plain_ends(links, detail, canvas)
        } else {
            target_lines(&links.targets, detail.target, canvas)
        };
        let target = ends.iter().map(Line::width).max().unwrap_or(0);
        let load = if detail.load && load > 0 { load.saturating_add(1) } else { 0 };
        let mut columns = Columns { detail, from, load, gates, flow: FLOW.0 };
        let taken = columns.end().saturating_add(target);
        // Several lines a target read well only for one target beside several callers.
        let tall = match (detail.target, links.targets.len()) {
            (TargetDetail::Tall | TargetDetail::Stacked, 2..) => 0,
            (TargetDetail::Tall, _) => links.rows.len().min(usize::from(canvas.height())),
            (TargetDetail::Stacked, _) => usize::from(canvas.height()),
            _ => usize::MAX,
        };
        let too_tall = ends.len() > tall;
        if (taken <= canvas.width() && !too_tall) || detail.target == TargetDetail::None {
            columns.flow = FLOW.0.saturating_add(canvas.width().saturating_sub(taken)).min(FLOW.1);
            return (columns, ends);
        }
    }
    (Columns { detail: DETAILS[8], from, load: 0, gates: Vec::new(), flow: FLOW.0 }, Vec::new())
}

/// The ends of links without targets, a line each.
fn plain_ends<'a>(links: &Links, detail: Detail, canvas: &Canvas<'_>) -> Vec<Line<'a>> {
    if detail.target == TargetDetail::None {
        return Vec::new();
    }
    links
        .rows
        .iter()
        .take(usize::from(canvas.height()))
        .map(|row| Line::of(row.to.clone(), Style::new()))
        .collect()
}

fn gate_widths(rows: &[Link], notes: bool) -> Vec<(u16, u16)> {
    let count = rows.iter().map(|row| row.gates.len()).max().unwrap_or(0);
    let of = |at: usize| {
        let gates = || rows.iter().filter_map(move |row| row.gates.get(at));
        let note = if notes { widest(gates().map(|gate| gate.note.as_str())) } else { 0 };
        (widest(gates().map(|gate| gate.state.as_str())), note)
    };
    (0..count).map(of).collect()
}

impl Columns {
    /// The column where the targets begin.
    fn end(&self) -> u16 {
        let gates = self
            .gates
            .iter()
            .fold(0_u16, |sum, gate| sum.saturating_add(Self::gate_width(*gate)).saturating_add(LEAD));
        let head = self.from.saturating_add(self.load).saturating_add(1);
        head.saturating_add(gates).saturating_add(1).saturating_add(self.flow).saturating_add(1)
    }

    /// A gate with its brackets: `[ OPEN 3.1 s ]`.
    const fn gate_width((state, note): (u16, u16)) -> u16 {
        state.saturating_add(if note > 0 { note.saturating_add(1) } else { 0 }).saturating_add(4)
    }
}

/// Draws one caller and gives the column where its target stands.
fn draw_row(link: &Link, y: u16, columns: &Columns, canvas: &mut Canvas<'_>) -> u16 {
    let dim = canvas.role(Role::Dim);
    canvas.label(y, columns.from, &link.part, &link.from);
    let mut x = columns.from.saturating_add(1);
    if columns.load > 0 {
        let load = link.load_text();
        let blank = columns.load.saturating_sub(width(&load));
        canvas.put(x.saturating_add(blank), y, &load, Style::new());
        x = x.saturating_add(columns.load);
    }
    for (at, widths) in columns.gates.iter().enumerate() {
        let wide = Columns::gate_width(*widths);
        if let Some(gate) = link.gates.get(at) {
            canvas.put(x, y, " --> ", dim);
            let inner = x.saturating_add(LEAD);
            canvas.put(inner, y, "[ ", dim);
            let tone = canvas.tone(gate.tone);
            canvas.put(inner.saturating_add(2), y, &gate.state, tone);
            if columns.detail.notes && widths.1 > 0 {
                canvas.put(inner.saturating_add(widths.0).saturating_add(3), y, &gate.note, Style::new());
            }
            canvas.put(inner.saturating_add(wide).saturating_sub(2), y, " ]", dim);
            canvas.spot(&gate.part, (inner, y), wide);
        }
        x = x.saturating_add(LEAD).saturating_add(wide);
    }
    x = x.saturating_add(1);
    draw_flow(link.flow, x, y, columns.flow, canvas);
    x.saturating_add(columns.flow).saturating_add(1)
}

/// The arrow that says what gets through.
fn draw_flow(flow: Flow, x: u16, y: u16, long: u16, canvas: &mut Canvas<'_>) {
    let shaft = long.saturating_sub(1);
    let tip = x.saturating_add(shaft);
    match flow {
        Flow::Passing => {
            let style = canvas.tone(Tone::Good);
            canvas.repeat(x, y, '=', shaft, style);
            canvas.letter(tip, y, '>', style);
        }
        Flow::Failing => {
            let style = canvas.tone(Tone::Bad);
            canvas.repeat(x, y, '=', shaft, style);
            canvas.letter(tip, y, 'x', style);
        }
        Flow::Trickle => {
            let style = canvas.tone(Tone::Warn);
            for at in (0..shaft).step_by(2) {
                canvas.letter(x.saturating_add(at), y, '-', style);
            }
            canvas.letter(tip, y, '>', style);
        }
        Flow::Blocked => {
            let style = canvas.tone(Tone::Bad);
            canvas.put(x, y, "--X", style);
        }
        Flow::Idle => {}
    }
}

/// The targets as lines of text, their columns aligned.
fn target_lines<'a>(targets: &'a [Target], detail: TargetDetail, canvas: &Canvas<'_>) -> Vec<Line<'a>> {
    let label = widest(targets.iter().map(|target| target.label.as_str()));
    let state = widest(targets.iter().map(|target| target.state.as_str()));
    let note = widest(targets.iter().map(|target| target.note.as_str()));
    let dim = canvas.role(Role::Dim);
    let mut lines = Vec::new();
    for target in targets {
        let mut line = Line::of(target.label.clone(), Style::new());
        line.part = Some(&target.part);
        push_at(&mut line, label.saturating_add(1), &target.state, canvas.tone(target.tone));
        let end = label.saturating_add(1).saturating_add(if state > 0 { state.saturating_add(1) } else { 0 });
        match detail {
            TargetDetail::None => {}
            TargetDetail::Name => lines.push(line),
            TargetDetail::Stacked => {
                lines.push(line);
                let rest = joined([target.pool_text().as_str(), &target.note], " ");
                lines.extend((!rest.is_empty()).then(|| Line::of(rest, canvas.tone(target.tone))));
            }
            TargetDetail::Tall => {
                lines.push(line);
                let mut pool = Line::default();
                push_pool(&mut pool, (0, true), target, canvas);
                let note = Line::of(target.note.clone(), dim);
                lines.extend([pool, note].into_iter().filter(|line| line.width() > 0));
            }
            TargetDetail::Words | TargetDetail::Bar => {
                push_at(&mut line, end, &target.note, Style::new());
                // A target of which only the pool is told keeps it close to its name.
                let end = match (target.state.is_empty() && target.note.is_empty(), note) {
                    (true, _) => label.saturating_add(1),
                    (false, 0) => end,
                    (false, note) => end.saturating_add(note).saturating_add(1),
                };
                push_pool(&mut line, (end, detail == TargetDetail::Bar), target, canvas);
                lines.push(line);
            }
        }
    }
    lines
}

impl Line<'_> {
    /// A line of one text.
    fn of(text: String, style: Style) -> Self {
        Self { part: None, spans: vec![(text, style)] }
    }

    fn width(&self) -> u16 {
        self.spans.iter().fold(0, |sum: u16, (text, _)| sum.saturating_add(width(text)))
    }
}

/// Adds a text at column `at` of a line.
fn push_at(line: &mut Line<'_>, at: u16, text: &str, style: Style) {
    if text.is_empty() {
        return;
    }
    let blank = at.saturating_sub(line.width());
    line.spans.push((" ".repeat(usize::from(blank)), Style::new()));
    line.spans.push((text.to_owned(), style));
}

/// Adds the pool of a target at column `at`, with a bar if asked: `8/10 [########..]`.
fn push_pool(line: &mut Line<'_>, (at, bar): (u16, bool), target: &Target, canvas: &Canvas<'_>) {
    let Some((used, total)) = target.pool else { return };
    let (tone, dim) = (canvas.tone(target.tone), canvas.role(Role::Dim));
    push_at(line, at, &target.pool_text(), tone);
    if bar {
        let inner = POOL_BAR.saturating_sub(2);
        let full = scaled(used as f64 / total.max(1) as f64, inner);
        line.spans.push((" [".to_owned(), dim));
        line.spans.push(("#".repeat(usize::from(full)), tone));
        line.spans.push((".".repeat(usize::from(inner.saturating_sub(full))), dim));
        line.spans.push(("]".to_owned(), dim));
    }
}

/// Writes the targets from column `x` on, above row `last`.
fn draw_targets(lines: &[Line<'_>], x: u16, last: u16, canvas: &mut Canvas<'_>) {
    let fits = lines.len() <= usize::from(last);
    let shown = if fits { lines.len() } else { usize::from(last).saturating_sub(1) };
    // The list moves up as far as the selected target needs.
    let chosen = lines.iter().position(|line| line.part.is_some_and(|part| canvas.is_selected(part)));
    let first = chosen.map_or(0, |at| (at + 1).saturating_sub(shown));
    for (y, line) in (0..).zip(lines.iter().skip(first).take(shown)) {
        let mut at = x;
        for (text, style) in &line.spans {
            at = canvas.put(at, y, text, *style);
        }
        if let Some((part, (name, _))) = line.part.zip(line.spans.first()) {
            canvas.spot(part, (x, y), width(name));
        }
    }
    if !fits && last > 0 {
        canvas.more(x, last - 1, &format!("+{} more", lines.len().saturating_sub(shown)));
    }
}
