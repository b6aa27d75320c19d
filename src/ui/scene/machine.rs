//! Draws a state machine: states in a row and the ways back beneath, or a list of ways where the row is too wide.
//!
//! ```text
//!  CLOSED -- 55 % >= 50 % --> [OPEN 3.1 s left] -- 5.0 s --> HALF-OPEN
//!   ^----------------- 5 of 5 probes ok -------------------+
//! ```

use ratatui::style::{Modifier, Style};

use super::canvas::{Canvas, width};
use crate::labs::scene::words::counted;
use crate::labs::scene::{Arrow, State, StateMachine, Tone};
use crate::ui::theme::Role;

/// The longest that the shaft of an arrow grows beyond its label on each side.
const SHAFT: u16 = 6;

/// Draws the machine.
pub(super) fn draw(machine: &StateMachine, canvas: &mut Canvas<'_>) {
    match row(machine, canvas.width(), canvas.height()) {
        Some(row) => draw_row(machine, &row, canvas),
        None => draw_list(machine, canvas),
    }
}

/// What stands for a state: the current one in brackets, with its remaining time.
fn text(machine: &StateMachine, state: &State, timed: bool) -> String {
    if state.part.id != machine.current {
        return state.name.clone();
    }
    let left = machine.remaining_text();
    if left.is_empty() || !timed { format!("[{}]", state.name) } else { format!("[{} {left}]", state.name) }
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

/// The first `count` ways that the row itself does not show, shortest first, so that they nest.
fn routes(machine: &StateMachine, count: usize) -> Vec<(usize, usize, &Arrow)> {
    let ends =
        machine.arrows.iter().filter_map(|arrow| machine.ends(arrow).map(|(from, to)| (from, to, arrow)));
    let inline = |from: usize, to: usize| to == from + 1;
    let mut routes: Vec<_> = ends.filter(|(from, to, _)| !inline(*from, *to) && from != to).collect();
    routes.truncate(count);
    routes.sort_by_key(|(from, to, _)| from.abs_diff(*to));
    routes
}

/// How a row is set: whether the remaining time stands in it, and the columns of an arrow beyond its label.
const SETTINGS: [(bool, u16); 4] = [(true, 9), (true, 5), (false, 9), (false, 5)];

/// A row that fits.
struct Row {
    /// What stands for each state, and in which column.
    states: Vec<(u16, String)>,
    /// The ways back that have a row of their own.
    routes: usize,
}

/// The roomiest row that fits; `None` if none does.
fn row(machine: &StateMachine, room: u16, height: u16) -> Option<Row> {
    let routes = routes(machine, usize::from(height.saturating_sub(1))).len();
    SETTINGS.iter().find_map(|setting| {
        let states = set_row(machine, room, *setting)?;
        Some(Row { states, routes })
    })
}

fn set_row(
    machine: &StateMachine,
    room: u16,
    (timed, arrow_room): (bool, u16),
) -> Option<Vec<(u16, String)>> {
    let texts: Vec<String> = machine.states.iter().map(|state| text(machine, state, timed)).collect();
    let gaps: Vec<u16> = (0..texts.len().saturating_sub(1))
        .map(|at| forward(machine, at).map_or(3, |arrow| width(&arrow.label).saturating_add(arrow_room)))
        .collect();
    let taken = texts.iter().map(|text| width(text)).chain(gaps.iter().copied()).fold(1, u16::saturating_add);
    let slack = room.checked_sub(taken)?;
    let count = u16::try_from(gaps.len()).unwrap_or(u16::MAX).max(1);
    let stretch = (slack / count).min(SHAFT.saturating_mul(2));
    let mut x = 1_u16;
    let mut states = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let gap = gaps.get(at).map_or(0, |gap| gap.saturating_add(stretch));
        let next = x.saturating_add(width(&text)).saturating_add(gap);
        states.push((x, text));
        x = next;
    }
    Some(states)
}

fn draw_row(machine: &StateMachine, row: &Row, canvas: &mut Canvas<'_>) {
    for (at, (state, (x, text))) in machine.states.iter().zip(&row.states).enumerate() {
        let style = style(machine, state, canvas);
        let end = canvas.put(*x, 0, text, style);
        canvas.spot(&state.part, (*x, 0), width(text));
        if let (Some(arrow), Some((next, _))) = (forward(machine, at), row.states.get(at + 1)) {
            draw_forward(machine, arrow, (end, *next), canvas);
        }
    }
    draw_routes(machine, row, canvas);
}

/// The arrow between two neighbours, its label in its middle.
fn draw_forward(machine: &StateMachine, arrow: &Arrow, (end, next): (u16, u16), canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    // A blank keeps the arrow off each state and, if there is room, off its label.
    let room = next.saturating_sub(end).saturating_sub(3);
    let start = end.saturating_add(1);
    canvas.repeat(start, 0, '-', room, dim);
    canvas.letter(start.saturating_add(room), 0, '>', dim);
    let label = &arrow.label;
    let airy = room >= width(label).saturating_add(6);
    let text = if airy { format!(" {label} ") } else { label.clone() };
    let x = start.saturating_add(room.saturating_sub(width(&text)) / 2);
    let style = way_style(machine, arrow, canvas);
    canvas.put(x, 0, &text, style);
}

/// The ways out of the current state are the ones to look at.
fn way_style(machine: &StateMachine, arrow: &Arrow, canvas: &Canvas<'_>) -> Style {
    if arrow.from == machine.current { canvas.tone(Tone::Accent) } else { Style::new() }
}

/// The ways back, a row each: down from the state that is left, along, and up into the one that is entered.
fn draw_routes(machine: &StateMachine, row: &Row, canvas: &mut Canvas<'_>) {
    let all = routes(machine, usize::MAX).len();
    let routes = routes(machine, row.routes);
    let mut used = vec![0_u16; row.states.len()];
    let mut port = |at: usize| {
        let (x, wide) = row.states.get(at).map_or((0, 0), |(x, text)| (*x, width(text)));
        let nth = used.get_mut(at).map_or(0, |used| std::mem::replace(used, used.saturating_add(1)));
        x.saturating_add((wide / 3).max(1)).saturating_add(nth.saturating_mul(3)).min(x.saturating_add(wide))
    };
    let mut end = 0;
    for (y, (from, to, arrow)) in (1..).zip(&routes) {
        let (leaves, enters) = (port(*from), port(*to));
        end = draw_route(machine, arrow, (leaves, enters, y), canvas);
    }
    let hidden = all.saturating_sub(routes.len());
    if hidden > 0 {
        let y = u16::try_from(row.routes).unwrap_or(u16::MAX);
        // A bare number would look like one of the diagram's.
        let text = format!("+{}", counted(hidden as u64, "arrow"));
        let start = if row.routes == 0 { canvas.width().saturating_sub(width(&text)) } else { end };
        if start.saturating_add(width(&text)) <= canvas.width() {
            canvas.more(start, y, &text);
        }
    }
}

/// One way back in row `y`; gives the column after it.
fn draw_route(
    machine: &StateMachine,
    arrow: &Arrow,
    (leaves, enters, y): (u16, u16, u16),
    canvas: &mut Canvas<'_>,
) -> u16 {
    let dim = canvas.role(Role::Dim);
    let (left, right) = (leaves.min(enters), leaves.max(enters));
    for above in 1..y {
        canvas.letter(leaves, above, '|', dim);
        canvas.letter(enters, above, if above == 1 { '^' } else { '|' }, dim);
    }
    canvas.repeat(left, y, '-', right.saturating_sub(left), dim);
    canvas.letter(leaves, y, '+', dim);
    canvas.letter(enters, y, if y == 1 { '^' } else { '+' }, dim);
    let label = format!(" {} ", arrow.label);
    let style = way_style(machine, arrow, canvas);
    let room = right.saturating_sub(left).saturating_sub(1);
    if width(&label) <= room {
        let x = left.saturating_add(1).saturating_add((room - width(&label)) / 2);
        canvas.put(x, y, &label, style);
        return right.saturating_add(3);
    }
    canvas.put(right.saturating_add(1), y, &label, style).saturating_add(2)
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
    let names = machine.states.iter().map(|state| width(&text(machine, state, true))).max().unwrap_or(0);
    for (y, (state, arrow)) in (0..).zip(&lines) {
        if let Some(state) = state {
            let style = style(machine, state, canvas);
            let text = text(machine, state, true);
            canvas.put(1, y, &text, style);
            canvas.spot(&state.part, (1, y), width(&text));
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
    let style = way_style(machine, arrow, canvas);
    let room = canvas.width().saturating_sub(x);
    canvas.fit(x, y, room, &text, style);
}
