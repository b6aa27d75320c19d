//! Draws pools of slots, a letter for each that is taken and a dot for each that is free.
//!
//! ```text
//! threads  38/40  RRRRRRRRRRRRRRRRPPC..  +212 wait
//!          R recs  P profile  C cart
//! ```

use super::canvas::{Canvas, visible, width};
use crate::labs::scene::{Pool, Slots, words};
use crate::ui::theme::Role;

/// Draws the pools, and the legend if a row is left for it.
pub(super) fn draw(slots: &Slots, canvas: &mut Canvas<'_>) {
    let (label, level) = slots.head_widths();
    let (shown, hidden) =
        visible(slots.pools.iter().map(|pool| &pool.part), canvas.height(), canvas.look().selected);
    let x = label.saturating_add(level).saturating_add(4);
    let mut y = 0;
    for pool in &slots.pools[shown] {
        canvas.label(y, label, &pool.part, &pool.label);
        let text = pool.level_text();
        let style = canvas.tone(pool.tone);
        canvas.put(
            label.saturating_add(2).saturating_add(level.saturating_sub(width(&text))),
            y,
            &text,
            style,
        );
        draw_pool(pool, x, y, canvas);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", words::counted(hidden as u64, "pool")));
    } else if y < canvas.height() {
        draw_legend(slots, x, y, canvas);
    }
}

/// The slots of one pool; where they are too many, each letter stands for several.
fn draw_pool(pool: &Pool, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    let total = usize::try_from(pool.total).unwrap_or(usize::MAX).max(pool.used.len());
    let waiting = pool.waiting_text();
    let mut tail = waiting.clone();
    let mut each = total.div_ceil(usize::from(room_for(&tail, x, canvas)));
    if each > 1 {
        tail = words::joined([waiting.as_str(), "1 letter = 99"], "  ");
        each = total.div_ceil(usize::from(room_for(&tail, x, canvas)));
    }
    let shown = words::rows(total.div_ceil(each.max(1)));
    for at in 0..shown {
        match pool.used.get(usize::from(at).saturating_mul(each)) {
            Some(slot) => {
                let style = canvas.tone(slot.tone);
                canvas.letter(x.saturating_add(at), y, slot.letter, style);
            }
            None => canvas.letter(x.saturating_add(at), y, '.', dim),
        }
    }
    let mut end = x.saturating_add(shown).saturating_add(2);
    let style = canvas.tone(pool.tone);
    let rest = [(waiting, style), (if each > 1 { format!("1 letter = {each}") } else { String::new() }, dim)];
    for (text, style) in rest.into_iter().chain([(pool.note.clone(), dim)]) {
        let room = canvas.width().saturating_sub(end);
        canvas.fit(end, y, room, &text, style);
        end = if text.is_empty() { end } else { end.saturating_add(width(&text)).saturating_add(2) };
    }
}

/// The columns that are left for letters before what must stand behind them, at least six.
fn room_for(tail: &str, x: u16, canvas: &Canvas<'_>) -> u16 {
    let taken = if tail.is_empty() { 0 } else { width(tail).saturating_add(2) };
    canvas.width().saturating_sub(x).saturating_sub(taken).max(6)
}

/// What the letters mean.
fn draw_legend(slots: &Slots, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    let mut x = x;
    for (letter, word) in &slots.legend {
        if x.saturating_add(width(word)).saturating_add(2) > canvas.width() {
            return;
        }
        canvas.letter(x, y, *letter, canvas.role(Role::Text));
        x = canvas.put(x.saturating_add(2), y, word, dim).saturating_add(2);
    }
}
