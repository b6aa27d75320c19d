//! Draws pools of slots, a letter for each that is taken and a dot for each that is free.
//!
//! ```text
//! threads  38/40  RRRRRRRRRRRRRRRRPPC..  +212 wait
//!          R recs  P profile  C cart
//! ```

use super::canvas::{Canvas, Key, visible, width};
use crate::labs::scene::{Pool, Slots, Tone, words};
use crate::ui::theme::Role;

/// The longest note that letters make room for.
const SHORT: u16 = 8;
/// Columns kept free for notes that are still to come, such as `+10 wait FULL`, so that the slots keep their scale.
const NOTES: u16 = 13;

/// Draws the pools, and the legend if a row is left for it.
pub(super) fn draw(slots: &Slots, canvas: &mut Canvas<'_>) {
    let (label, level) = slots.head_widths();
    let selected = canvas.look().selected.map(|id| {
        let holds = |pool: &&Pool| pool.used.iter().any(|slot| slot.part.id == *id);
        slots.pools.iter().find(holds).map_or(id, |pool| &pool.part.id)
    });
    let (shown, hidden) = visible(slots.pools.iter().map(|pool| &pool.part), canvas.height(), selected);
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
        canvas.legend(x, y, &legend(slots));
    }
}

/// What the letters mean, as far as they occur.
pub(super) fn legend(slots: &Slots) -> Vec<Key> {
    slots.used().map(|(letter, word)| Key { letter, word: word.to_owned(), tone: Tone::Plain }).collect()
}

/// The slots of one pool; where they are too many, each letter stands for several.
fn draw_pool(pool: &Pool, x: u16, y: u16, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    let total = usize::try_from(pool.total).unwrap_or(usize::MAX).max(pool.used.len());
    let waiting = pool.waiting_text();
    // A short note is a verdict (FULL) and must be seen; a long one takes what is left.
    let verdict = if width(&pool.note) <= SHORT { pool.note.as_str() } else { "" };
    let tail = words::joined([waiting.as_str(), verdict], " ");
    let each = total.div_ceil(usize::from(room_for(width(&tail).max(NOTES), x, canvas))).max(1);
    let shown = words::rows(total.div_ceil(each));
    for at in 0..shown {
        match pool.used.get(usize::from(at).saturating_mul(each)) {
            Some(slot) => {
                let style = canvas.tone(slot.tone);
                canvas.letter(x.saturating_add(at), y, slot.letter, style);
                let first = usize::from(at).saturating_mul(each);
                for hidden in pool.used.iter().skip(first).take(each) {
                    canvas.spot(&hidden.part, (x.saturating_add(at), y), 1);
                }
            }
            None => canvas.letter(x.saturating_add(at), y, '.', dim),
        }
    }
    let mut end = x.saturating_add(shown).saturating_add(1);
    // The scale stands where no note needs the room.
    let taken = if tail.is_empty() { 0 } else { width(&tail).saturating_add(1) };
    let scale = if each > 1 { scale_text(each) } else { String::new() };
    let fits = end.saturating_add(taken).saturating_add(width(&scale)) <= canvas.width();
    let scale = if fits { scale } else { String::new() };
    let tone = canvas.tone(pool.tone);
    let mut rest = [(waiting, tone), (pool.note.clone(), tone), (scale, dim)];
    if verdict.is_empty() {
        rest.swap(1, 2);
    }
    for (text, style) in rest {
        let room = canvas.width().saturating_sub(end);
        canvas.fit(end, y, room, &text, style);
        end = if text.is_empty() { end } else { end.saturating_add(width(&text)).saturating_add(1) };
    }
}

/// How many slots a letter stands for.
fn scale_text(each: usize) -> String {
    format!("1 letter = {each}")
}

/// The columns that are left for letters before what must stand behind them, at least six.
fn room_for(tail: u16, x: u16, canvas: &Canvas<'_>) -> u16 {
    canvas.width().saturating_sub(x).saturating_sub(tail.saturating_add(1)).max(6)
}
