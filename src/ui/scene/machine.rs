//! Draws a state machine: states in a row and the ways back beneath, or a list of ways where the row is too wide.
//!
//! ```text
//!  CLOSED --55 % >= 50 %--> [OPEN 3.1 s left] --5.0 s--> HALF-OPEN
//!    ^---------------- 5 of 5 probes ok -------------------+
//! ```

use ratatui::style::{Modifier, Style};

use super::canvas::{Canvas, width};
use crate::labs::scene::{Arrow, State, StateMachine, Tone};
use crate::ui::theme::Role;

/// The longest that the shaft of an arrow grows beyond its label on each side.
const SHAFT: u16 = 6;

/// Draws the machine.
pub(super) fn draw(machine: &StateMachine, canvas: &mut Canvas<'_>) {
    match row(machine, canvas.width(), canvas.height()) {
        Some(starts) => draw_row(machine, &starts, canvas),
        None => draw_list(machine, canvas),
    }
}

/// What stands for a state: the current one in brackets, with its remaining time.
fn text(machine: &StateMachine, state: &State) -> String {
    if state.part.id != machine.current {
        return format!(" {} ", state.name);
    }
    let left = machine.remaining_text();
    if left.is_empty() { format!("[{}]", state.name) } else { format!("[{} {left}]", state.name) }
}

fn style(machine: &StateMachine, state: &State, canvas: &Canvas<'_>) -> Style {
    if state.part.id == machine.current {
        canvas.tone(state.tone).add_modifier(Modifier::BOLD)
    } else {
        Style::new()
    }
}

/// The label of the way from one state to the next in the row.
fn forward(machine: &StateMachine, from: usize) -> Option<&Arrow> {
    machine.arrows.iter().find(|arrow| machine.ends(arrow) == Some((from, from + 1)))
}

/// The ways that the row itself does not show, shortest first.
fn routes(machine: &StateMachine) -> Vec<(usize, usize, &Arrow)> {
    let ends =
        machine.arrows.iter().filter_map(|arrow| machine.ends(arrow).map(|(from, to)| (from, to, arrow)));
    let inline = |from: usize, to: usize| to == from + 1;
    let mut routes: Vec<_> = ends.filter(|(from, to, _)| !inline(*from, *to) && from != to).collect();
    routes.sort_by_key(|(from, to, _)| from.abs_diff(*to));
    routes
}

/// The column and the width of each state in a row; `None` if they do not fit.
fn row(machine: &StateMachine, room: u16, height: u16) -> Option<Vec<(u16, u16)>> {
    let states: Vec<u16> = machine.states.iter().map(|state| width(&text(machine, state))).collect();
    let gaps: Vec<u16> = (0..states.len().saturating_sub(1))
        .map(|at| forward(machine, at).map_or(2, |arrow| width(&arrow.label).saturating_add(7)))
        .collect();
    let taken = states.iter().chain(&gaps).fold(1_u16, |sum, wide| sum.saturating_add(*wide));
    let slack = room.checked_sub(taken)?;
    if usize::from(height) < routes(machine).len().saturating_add(1) {
        return None;
    }
    let count = u16::try_from(gaps.len()).unwrap_or(u16::MAX).max(1);
    let stretch = (slack / count).min(SHAFT.saturating_mul(2));
    let mut x = 1_u16;
    let mut starts = Vec::new();
    for (at, wide) in states.iter().enumerate() {
        starts.push((x, *wide));
        let gap = gaps.get(at).map_or(0, |gap| gap.saturating_add(stretch));
        x = x.saturating_add(*wide).saturating_add(gap);
    }
    Some(starts)
}

fn draw_row(machine: &StateMachine, starts: &[(u16, u16)], canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    for (at, (state, (x, wide))) in machine.states.iter().zip(starts).enumerate() {
        let style = style(machine, state, canvas);
        canvas.put(*x, 0, &text(machine, state), style);
        if canvas.is_selected(&state.part) {
            canvas.reverse(*x, 0, *wide);
        }
        if let (Some(arrow), Some((next, _))) = (forward(machine, at), starts.get(at + 1)) {
            let (from, to) = (x.saturating_add(*wide).saturating_add(1), next.saturating_sub(1));
            let shaft = to.saturating_sub(from);
            canvas.repeat(from, 0, '-', shaft, dim);
            canvas.letter(to.saturating_sub(1), 0, '>', dim);
            let label = shaft.saturating_sub(1).saturating_sub(width(&arrow.label)) / 2;
            draw_label(arrow, from.saturating_add(label), 0, machine, canvas);
        }
    }
    draw_routes(machine, starts, canvas);
}

/// A way's condition; the ways out of the current state are the ones to look at.
fn draw_label(arrow: &Arrow, x: u16, y: u16, machine: &StateMachine, canvas: &mut Canvas<'_>) {
    let style = if arrow.from == machine.current { canvas.tone(Tone::Accent) } else { Style::new() };
    canvas.put(x, y, &arrow.label, style);
}

/// The ways back, a row each: down from the state that is left, along, and up into the one that is entered.
fn draw_routes(machine: &StateMachine, starts: &[(u16, u16)], canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    let routes = routes(machine);
    let mut used = vec![0_u16; starts.len()];
    let mut port = |at: usize| {
        let (x, wide) = starts.get(at).copied().unwrap_or_default();
        let nth = used.get_mut(at).map_or(0, |used| std::mem::replace(used, used.saturating_add(1)));
        x.saturating_add((wide / 3).max(1)).saturating_add(nth.saturating_mul(3)).min(x.saturating_add(wide))
    };
    for (y, (from, to, arrow)) in (1..).zip(&routes) {
        let (leaves, enters) = (port(*from), port(*to));
        let (left, right) = (leaves.min(enters), leaves.max(enters));
        for above in 1..y {
            canvas.letter(leaves, above, '|', dim);
            canvas.letter(enters, above, if above == 1 { '^' } else { '|' }, dim);
        }
        canvas.repeat(left, y, '-', right.saturating_sub(left), dim);
        canvas.letter(leaves, y, '+', dim);
        canvas.letter(enters, y, if y == 1 { '^' } else { '+' }, dim);
        let label = format!(" {} ", arrow.label);
        let room = right.saturating_sub(left).saturating_sub(1);
        if width(&label) <= room {
            let x = left.saturating_add(1).saturating_add((room - width(&label)) / 2);
            canvas.put(x, y, " ", dim);
            draw_label(arrow, x.saturating_add(1), y, machine, canvas);
            canvas.put(x.saturating_add(width(&label)).saturating_sub(1), y, " ", dim);
        } else {
            draw_label(arrow, right.saturating_add(2), y, machine, canvas);
        }
    }
}

/// One line a way: state, condition, next state. Without room for all, only what the current state can do.
fn draw_list(machine: &StateMachine, canvas: &mut Canvas<'_>) {
    let mut lines: Vec<(Option<&State>, Option<&Arrow>)> = Vec::new();
    for state in &machine.states {
        let mut arrows = machine.arrows.iter().filter(|arrow| arrow.from == state.part.id);
        lines.push((Some(state), arrows.next()));
        lines.extend(arrows.map(|arrow| (None, Some(arrow))));
    }
    let mut hidden = 0;
    if lines.len() > usize::from(canvas.height()) {
        let all = lines.len();
        let mut here = machine.states.iter().filter(|state| state.part.id == machine.current);
        let mut ways = machine.arrows.iter().filter(|arrow| arrow.from == machine.current);
        lines = vec![(here.next(), ways.next())];
        lines.extend(ways.map(|arrow| (None, Some(arrow))));
        lines.truncate(usize::from(canvas.height()).saturating_sub(1));
        hidden = all.saturating_sub(lines.len());
    }
    let names = machine.states.iter().map(|state| width(&text(machine, state))).max().unwrap_or(0);
    for (y, (state, arrow)) in (0..).zip(&lines) {
        if let Some(state) = state {
            let style = style(machine, state, canvas);
            canvas.put(1, y, &text(machine, state), style);
            if canvas.is_selected(&state.part) {
                canvas.reverse(1, y, width(&text(machine, state)));
            }
        }
        if let Some(arrow) = arrow {
            draw_way(machine, arrow, (names.saturating_add(2), y), canvas);
        }
    }
    if hidden > 0 {
        let y = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        canvas.more(1, y, &format!("+{hidden} more lines"));
    }
}

fn draw_way(machine: &StateMachine, arrow: &Arrow, (x, y): (u16, u16), canvas: &mut Canvas<'_>) {
    let text = format!("{} --> {}", arrow.label, machine.name(&arrow.to));
    let style = if arrow.from == machine.current { canvas.tone(Tone::Accent) } else { Style::new() };
    let room = canvas.width().saturating_sub(x);
    canvas.fit(x, y, room, &text, style);
}
