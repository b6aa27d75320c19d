//! Draws outcomes: a lane a caller, newest right, what follows from them beside it, and a legend.
//!
//! ```text
//! A  ..x.xx.s.xxx.x.xx.xx|-----  fail 55 %  TRIPPED  n 20/20
//! C  ________.x          |       fail 50 %  CANNOT TRIP  n 2/10
//!    . ok  x error  s slow  - rejected
//! ```

use super::canvas::{Canvas, Key, visible, width};
use crate::labs::scene::{Outcome, OutcomeLane, Outcomes, words};
use crate::ui::theme::Role;

/// Columns for what came after a window, at most.
const AFTER: u16 = 10;

/// What a window keeps of its columns when it gives way to the notes.
const NEWEST: u16 = 10;
/// Columns for telling that there are more notes, with its blanks.
const MORE: u16 = 5;

/// Where things stand in a lane.
struct Columns {
    label: u16,
    window: u16,
    after: u16,
}

/// Draws the lanes, and the legend if a row is left for it.
pub(super) fn draw(outcomes: &Outcomes, canvas: &mut Canvas<'_>) {
    let longest =
        |of: fn(&OutcomeLane) -> usize| words::rows(outcomes.lanes.iter().map(of).max().unwrap_or(0));
    let label = outcomes.label_width();
    let room = canvas.width().saturating_sub(label.saturating_add(3));
    let after = longest(|lane| lane.after.len()).min(AFTER).min(room / 4);
    let capacity =
        |lane: &OutcomeLane| lane.window.len().max(usize::try_from(lane.capacity).unwrap_or(usize::MAX));
    let after_taken = if after > 0 { after.saturating_add(1) } else { 0 };
    // The first note is the verdict: a long window gives way to it, down to its newest few.
    let verdict = outcomes.lanes.iter().filter_map(|lane| lane.notes.first()).map(|note| width(note)).max();
    let verdict = verdict.map_or(0, |wide| wide.saturating_add(MORE));
    let left = room.saturating_sub(after_taken);
    let window = longest(capacity).min(left.saturating_sub(verdict).max(NEWEST)).min(left);
    let columns = Columns { label, window, after };
    let (shown, hidden) =
        visible(outcomes.lanes.iter().map(|lane| &lane.part), canvas.height(), canvas.look().selected);
    let mut y = 0;
    for lane in &outcomes.lanes[shown] {
        draw_lane(lane, y, &columns, canvas);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", words::counted(hidden as u64, "caller")));
    } else if y < canvas.height() {
        canvas.legend(label.saturating_add(2), y, &legend(outcomes));
    }
}

fn draw_lane(lane: &OutcomeLane, y: u16, columns: &Columns, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    canvas.label(y, columns.label, &lane.part, &lane.label);
    let x = columns.label.saturating_add(2);
    // What the window could still take stands before what it holds, so that the newest are under one another.
    let free = usize::try_from(lane.capacity).unwrap_or(usize::MAX).saturating_sub(lane.window.len());
    let free = words::rows(free).min(columns.window.saturating_sub(words::rows(lane.window.len())));
    let blank = columns.window.saturating_sub(free).saturating_sub(words::rows(lane.window.len()));
    canvas.repeat(x.saturating_add(blank), y, '_', free, dim);
    draw_newest(&lane.window, x.saturating_add(blank).saturating_add(free), (y, columns.window), canvas);
    let mut end = x.saturating_add(columns.window);
    if columns.after > 0 {
        canvas.letter(end, y, '|', dim);
        draw_newest(&lane.after, end.saturating_add(1), (y, columns.after), canvas);
        end = end.saturating_add(1).saturating_add(columns.after);
    }
    draw_notes(lane, end.saturating_add(1), y, canvas);
}

/// The newest outcomes that have room; a `+` before them if there are more.
fn draw_newest(outcomes: &[Outcome], x: u16, (y, room): (u16, u16), canvas: &mut Canvas<'_>) {
    let hidden = outcomes.len().saturating_sub(usize::from(room));
    for (at, outcome) in (0..).zip(outcomes.iter().skip(hidden)) {
        let style = canvas.tone(outcome.tone());
        canvas.letter(x.saturating_add(at), y, outcome.letter(), style);
    }
    if hidden > 0 {
        // The mark covers the oldest letters that it stands for, so they count as hidden too.
        let mark = format!("+{}", hidden.saturating_add(usize::from(room.min(3))));
        let mark = if width(&mark) <= room { mark } else { "+".to_owned() };
        canvas.more(x, y, &mark);
    }
}

/// As many notes as fit, the most important first.
fn draw_notes(lane: &OutcomeLane, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let mut x = x;
    for (at, note) in lane.notes.iter().enumerate() {
        let rest = lane.notes.len().saturating_sub(at);
        let reserve = if rest > 1 { 4 } else { 0 };
        if x.saturating_add(width(note)).saturating_add(reserve) > canvas.width() {
            if x.saturating_add(2) <= canvas.width() {
                canvas.more(x, y, &format!("+{rest}"));
            }
            return;
        }
        let style = if at < 2 { canvas.tone(lane.tone) } else { canvas.role(Role::Dim) };
        x = canvas.put(x, y, note, style).saturating_add(2);
    }
}

/// What the letters mean, as far as they occur.
pub(super) fn legend(outcomes: &Outcomes) -> Vec<Key> {
    let key = |outcome: Outcome| Key {
        letter: outcome.letter(),
        word: outcome.word().to_owned(),
        tone: outcome.tone(),
    };
    outcomes.used().into_iter().map(key).collect()
}
