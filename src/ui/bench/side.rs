//! Beside the stage: the knobs, and what can be broken.
//!
//! ```text
//! +- knobs 2 of 5 -------+
//! |  rate           70/s |
//! |> workers         *10 |     * differs from how it was set up
//! |                      |
//! |BREAK IT              |
//! |1 slow x5   2 pause   |
//! +- 1 to 1000 ----------+     the range of the chosen knob
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::inset;
use crate::app::bench::{Bench, Focus};
use crate::app::player::Player;
use crate::engine::time::Span as Length;
use crate::labs::knob::{Effect, Kind, Knob};
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// From this many rows on, knobs stand under the headings of their groups.
const ROOMY: u16 = 14;

/// A line of the list.
#[derive(Clone, Copy)]
enum Item {
    Group(&'static str),
    Knob(usize),
}

/// Draws the knobs and the buttons.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let player = bench.player();
    let role = if bench.focus() == Focus::Knobs { Role::Focus } else { Role::Frame };
    let count = player.spec().knobs.len();
    let (group, range) = player.knob().map(|(knob, _)| (knob.group, range(knob))).unwrap_or_default();
    let block = theme.frame(&format!("knobs {} of {count}: {group}", player.chosen() + 1), role);
    let range = frame::fit(&range, usize::from(area.width.saturating_sub(4)));
    let block = block.title_bottom(Line::styled(format!(" {range} "), theme.style(Role::Dim)));
    let inner = block.inner(area);
    block.render(area, buf);
    let rest = put_buttons(player, inner, "?", buf, theme);
    knobs(player, rest, buf, theme);
}

/// Rows that are left to the knobs where the buttons would take all.
const LEAST_KNOBS: u16 = 3;

/// The buttons at the foot of `area`; returns what is left above them. Lines without room are counted in a row of their
/// own, with the key that shows them.
pub(in crate::ui) fn put_buttons(
    player: &Player,
    area: Rect,
    key: &str,
    buf: &mut Buffer,
    theme: Theme,
) -> Rect {
    let lines = buttons(player, area.width, theme);
    let room = area.height.saturating_sub(LEAST_KNOBS);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(room);
    let foot = frame::rows(area, area.height - height, height);
    let fits = usize::from(height) >= lines.len();
    let shown = if fits { height } else { height.saturating_sub(1) };
    for (line, number) in lines.iter().zip(0..shown) {
        frame::put_line(line, frame::row(foot, number), buf);
    }
    if !fits {
        let more = frame::more(lines.len() - usize::from(shown), "line", key);
        frame::put(&more, frame::row(foot, shown), buf, theme.style(Role::More));
    }
    Rect { height: area.height - height, ..area }
}

/// The rows in which every knob and button has room.
pub(in crate::ui) fn height(player: &Player, width: u16, theme: Theme) -> u16 {
    let rows = items(player, true).len() + 1 + buttons(player, width, theme).len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// The list, scrolled so that the chosen knob is in the middle where the ends allow it.
pub(in crate::ui) fn knobs(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    let items = items(player, area.height >= ROOMY);
    let rows = usize::from(area.height);
    let at =
        items.iter().position(|item| matches!(item, Item::Knob(i) if *i == player.chosen())).unwrap_or(0);
    let top = at.saturating_sub(rows / 2).min(items.len().saturating_sub(rows));
    for (item, number) in items.iter().skip(top).take(rows).zip(0..) {
        let row = frame::row(area, number);
        match item {
            Item::Group(group) => frame::put(&format!(" {group}"), row, buf, theme.style(Role::Dim)),
            Item::Knob(index) => knob(player, *index, row, buf, theme),
        }
    }
}

fn items(player: &Player, with_groups: bool) -> Vec<Item> {
    let mut items = Vec::new();
    let mut last = "";
    for (index, knob) in player.spec().knobs.iter().enumerate() {
        if with_groups && knob.group != last {
            items.push(Item::Group(knob.group));
            last = knob.group;
        }
        items.push(Item::Knob(index));
    }
    items
}

fn knob(player: &Player, index: usize, row: Rect, buf: &mut Buffer, theme: Theme) {
    let Some((knob, value)) = player.spec().knobs.get(index).zip(player.lab().knobs().value(index)) else {
        return;
    };
    let chosen = index == player.chosen();
    let mark = if player.is_changed(index) { "*" } else { "" };
    let shown = format!("{mark}{}", knob.show(value));
    let style = match (player.is_locked(index), player.is_changed(index), chosen) {
        (true, ..) => theme.style(Role::Dim),
        (_, true, _) => theme.tone(Tone::Accent),
        (_, _, true) => theme.style(Role::Strong),
        _ => theme.style(Role::Text),
    };
    let left = frame::put_right(&shown, row, buf, style);
    let label = Rect { width: left.width.saturating_sub(1), ..left };
    let style = if chosen { theme.style(Role::Focus) } else { theme.style(Role::Text) };
    let cursor = if chosen { ">" } else { " " };
    frame::put(&format!("{cursor} {}", knob.name.replace('_', " ")), label, buf, style);
}

/// The heading and the buttons, as many to a line as fit; the heading takes no line of its own.
pub(in crate::ui) fn buttons(player: &Player, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut line = vec![Span::styled("BREAK IT", theme.style(Role::Caption))];
    let mut used = line.first().map_or(0, Span::width);
    for ((label, _), digit) in player.spec().buttons.iter().zip(1..=9) {
        let wide = label.width() + 2;
        if used > 0 && used + 2 + wide > usize::from(width) {
            lines.push(Line::from(std::mem::take(&mut line)));
            used = 0;
        }
        if used > 0 {
            line.push(Span::raw("  "));
            used += 2;
        }
        line.push(Span::styled(format!("{digit} "), theme.style(Role::Key)));
        line.push(Span::raw(*label));
        used += wide;
    }
    lines.push(Line::from(line));
    lines
}

/// What can be set, short.
fn range(knob: &Knob) -> String {
    match knob.kind {
        Kind::Count { min, max } => format!("{min} to {max}"),
        Kind::Limit { max } => format!("up to {max}, or none"),
        Kind::Number { min, max, unit } => format!("{min} to {max}{unit}"),
        Kind::Share => "0% to 100%".to_owned(),
        Kind::Span { min_ms, max_ms, zero } => {
            let or = zero.map(|word| format!(", or {word}")).unwrap_or_default();
            format!("{} to {}{or}", Length::from_millis(min_ms), Length::from_millis(max_ms))
        }
        Kind::Choice(words) => words.join("|"),
        Kind::Switch => "on|off".to_owned(),
    }
}

/// The chosen knob and where it stands, in one row.
pub(super) fn chosen(player: &Player, row: Rect, buf: &mut Buffer, theme: Theme) {
    let Some((knob, value)) = player.knob() else { return };
    let name = knob.name.replace('_', " ");
    frame::put(
        &format!("> {name} {}   {}", knob.show(value), range(knob)),
        inset(row),
        buf,
        theme.style(Role::Focus),
    );
}

/// What the chosen knob does, at the foot of `area`.
pub(super) fn meaning(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    let Some((knob, _)) = player.knob() else { return };
    let area = inset(area);
    let effect = match (player.is_locked(player.chosen()), knob.effect) {
        (true, _) => " (fixed here)",
        (_, Effect::Restart) => " (starts a new run)",
        (_, Effect::Live) => "",
    };
    let name = format!("{}{effect}  ", knob.name.replace('_', " "));
    let runs = [Run::new(name, theme.style(Role::Focus)), Run::new(knob.meaning, theme.style(Role::Text))];
    let lines = wrap::wrap(&runs, area.width);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    frame::put_lines(&lines, frame::rows(area, area.height - height, height), buf, theme);
}
