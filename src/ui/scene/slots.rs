//! Draws pools of slots, a letter for each that is taken and a dot for each that is free.
//!
//! ```text
//! threads  38/40  RRRRRRRRRRRRRRRRPPC..  +212 waiting
//!          R recs  P profile  C cart
//! ```

use super::canvas::{Canvas, visible, width};
use crate::labs::scene::{Pool, Slots, Tone, words};
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
    let mut notes = pool.notes_text();
    let mut room = room_for(&notes, x, canvas);
    let each = total.div_ceil(usize::from(room.max(1))).max(1);
    if each > 1 {
        notes = words::joined([format!("1 letter = {each}").as_str(), &notes], "  ");
        room = room_for(&notes, x, canvas);
    }
    let each = total.div_ceil(usize::from(room.max(1))).max(1);
    let shown = words::rows(total.div_ceil(each)).min(room);
    for at in 0..shown {
        match pool.used.get(usize::from(at).saturating_mul(each)) {
            Some(slot) => {
                let style = canvas.tone(slot.tone);
                canvas.letter(x.saturating_add(at), y, slot.letter, style);
            }
            None => canvas.letter(x.saturating_add(at), y, '.', dim),
        }
    }
    let end = x.saturating_add(shown).saturating_add(2);
    let style = canvas.tone(if pool.waiting > 0 { pool.tone } else { Tone::Plain });
    let room = canvas.width().saturating_sub(end);
    canvas.fit(end, y, room, &notes, style);
}

/// The columns that are left for letters beside the notes, at least six.
fn room_for(notes: &str, x: u16, canvas: &Canvas<'_>) -> u16 {
    let taken = if notes.is_empty() { 0 } else { width(notes).saturating_add(2) };
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
