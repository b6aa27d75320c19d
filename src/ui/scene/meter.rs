//! Draws meters: a bar a gauge, with its threshold in the bar and in words.
//!
//! ```text
//! fail  55 %  [##########|#.........]  trips at 50 %
//! slow   5 %  [#.........|..........]
//! ```

use ratatui::style::Style;

use super::canvas::{Canvas, scaled, visible, width};
use crate::labs::scene::{Gauge, Meter, words};
use crate::ui::theme::Role;

/// The shortest and the longest bar, with brackets.
const BAR: (u16, u16) = (6, 34);

/// Draws the gauges.
pub(super) fn draw(meter: &Meter, canvas: &mut Canvas<'_>) {
    let (label, value) = meter.head_widths();
    let head = label.saturating_add(value).saturating_add(4);
    let notes = meter.gauges.iter().map(|gauge| width(&gauge.notes_text())).max().unwrap_or(0);
    let room = canvas.width().saturating_sub(head);
    let bar = room.saturating_sub(notes.saturating_add(2)).clamp(BAR.0, BAR.1).min(room);
    let (shown, hidden) =
        visible(meter.gauges.iter().map(|gauge| &gauge.part), canvas.height(), canvas.look().selected);
    let mut y = 0;
    for gauge in &meter.gauges[shown] {
        canvas.label(y, label, &gauge.part, &gauge.label);
        let text = gauge.value_text();
        let style = canvas.tone(gauge.tone);
        let at = label.saturating_add(2).saturating_add(value.saturating_sub(width(&text)));
        canvas.put(at, y, &text, style);
        draw_bar(gauge, head, (y, bar), canvas);
        let x = head.saturating_add(bar).saturating_add(2);
        let room = canvas.width().saturating_sub(x);
        canvas.fit(x, y, room, &gauge.notes_text(), Style::new());
        y = y.saturating_add(1);
    }
    if hidden > 0 {
        canvas.more(1, y, &format!("+{}", words::counted(hidden as u64, "meter")));
    }
}

fn draw_bar(gauge: &Gauge, x: u16, (y, long): (u16, u16), canvas: &mut Canvas<'_>) {
    let max = if gauge.max > 0.0 { gauge.max } else { 1.0 };
    canvas.bar(x, y, long, gauge.value / max, gauge.tone);
    let Some(mark) = &gauge.threshold else { return };
    let inner = long.saturating_sub(2);
    if inner > 0 {
        let at = scaled(mark.at / max, inner).min(inner.saturating_sub(1));
        let style = canvas.role(Role::Strong);
        canvas.letter(x.saturating_add(1).saturating_add(at), y, '|', style);
    }
}
