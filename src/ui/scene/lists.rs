//! Draws what is a plain list of lines: a schedule of messages, a histogram, sentences.
//!
//! ```text
//! > 17  promise(9, none)  A  -> P2  gives P2 its majority
//! 150-200 ms  ######################  220  median
//! 30 calls/s x 1 s = 30 threads
//! ```

use ratatui::style::Style;

use super::canvas::{Canvas, scaled, visible, width};
use crate::labs::scene::words::{counted, rows, widest};
use crate::labs::scene::{Bin, Histogram, Pending, Primitive, Schedule, Sentence};
use crate::ui::theme::Role;
use crate::ui::wrap::{Run, wrap};

/// The longest bar of a histogram.
const LONGEST_BAR: u16 = 60;

/// Draws the messages that wait.
pub(super) fn draw_schedule(schedule: &Schedule, canvas: &mut Canvas<'_>) {
    let dim = canvas.role(Role::Dim);
    if schedule.pending.is_empty() {
        canvas.put(1, 0, "no message waits", dim);
        return;
    }
    let number = |message: &Pending| message.number.to_string();
    let numbers = schedule.pending.iter().map(|message| width(&number(message))).max().unwrap_or(0);
    let label = widest(schedule.pending.iter().map(|message| message.label.as_str()));
    let from = widest(schedule.pending.iter().map(|message| message.from.as_str()));
    let to = widest(schedule.pending.iter().map(|message| message.to.as_str()));
    let parts = schedule.pending.iter().map(|message| &message.part);
    let (shown, hidden) = visible(parts, canvas.height(), canvas.look().selected);
    let ends = from.saturating_add(to).saturating_add(4);
    let room = canvas.width().saturating_sub(numbers.saturating_add(3));
    let label = label.min(room.saturating_sub(ends.saturating_add(2)).max(8));
    let mut y = 0;
    for message in &schedule.pending[shown] {
        canvas.label(y, numbers, &message.part, &number(message));
        let mut x = numbers.saturating_add(3);
        canvas.fit(x, y, label, &message.label, Style::new());
        x = x.saturating_add(label).saturating_add(2);
        canvas.put(x, y, &message.from, Style::new());
        x = x.saturating_add(from).saturating_add(1);
        canvas.put(x, y, "->", dim);
        canvas.put(x.saturating_add(3), y, &message.to, Style::new());
        x = x.saturating_add(to).saturating_add(5);
        let style = canvas.tone(message.tone);
        let room = canvas.width().saturating_sub(x);
        canvas.fit(x, y, room, &message.effect, style);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "message")));
    }
}

/// Draws the bins.
pub(super) fn draw_histogram(histogram: &Histogram, canvas: &mut Canvas<'_>) {
    let (label, count) = histogram.head_widths();
    let notes = widest(histogram.bins.iter().map(|bin| bin.note.as_str()));
    let notes = if notes > 0 { notes.saturating_add(2) } else { 0 };
    let x = label.saturating_add(3);
    let room = canvas.width().saturating_sub(x).saturating_sub(count.saturating_add(2));
    let bar = room.saturating_sub(notes).max(4).min(room).min(LONGEST_BAR);
    let parts = histogram.bins.iter().map(|bin| &bin.part);
    let (shown, hidden) = visible(parts, canvas.height(), canvas.look().selected);
    let mut y = 0;
    for bin in &histogram.bins[shown] {
        canvas.label(y, label, &bin.part, &bin.label);
        let long = scaled(share(bin, histogram.highest()), bar);
        let style = canvas.tone(bin.tone);
        canvas.repeat(x, y, '#', long, style);
        let text = bin.count.to_string();
        let end = x.saturating_add(bar).saturating_add(2);
        canvas.put(end.saturating_add(count.saturating_sub(width(&text))), y, &text, Style::new());
        let note = end.saturating_add(count).saturating_add(2);
        let room = canvas.width().saturating_sub(note);
        canvas.fit(note, y, room, &bin.note, style);
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", counted(hidden as u64, "bin")));
    }
}

fn share(bin: &Bin, highest: u64) -> f64 {
    bin.count as f64 / highest.max(1) as f64
}

/// The rows that words take at this width.
pub(super) fn sentence_height(sentence: &Sentence, width: u16) -> u16 {
    rows(wrap(&[Run::new(sentence.text.as_str(), Style::new())], width).len())
}

/// Draws words, wrapped.
pub(super) fn draw_sentence(sentence: &Sentence, canvas: &mut Canvas<'_>) {
    let style = canvas.tone(sentence.tone);
    let room = canvas.width().saturating_sub(1);
    let lines = wrap(&[Run::new(sentence.text.as_str(), style)], room);
    let height = usize::from(canvas.height());
    if height == 1 && lines.len() > 1 {
        return canvas.fit(1, 0, room, &sentence.one_line(), style);
    }
    let shown = if lines.len() > height { height.saturating_sub(1) } else { lines.len() };
    for (y, line) in (0..).zip(lines.iter().take(shown)) {
        canvas.put(1, y, &line.to_string(), style);
    }
    if lines.len() > shown {
        let y = u16::try_from(shown).unwrap_or(u16::MAX);
        canvas.more(1, y, &format!("+{} lines", lines.len().saturating_sub(shown)));
    }
}
