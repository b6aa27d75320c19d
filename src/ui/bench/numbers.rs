//! The numbers of the lab, and its checks.
//!
//! ```text
//! +- numbers ------------------------------+  +- checks ------------------------+
//! |  done/s        70    queue          12 |  | ok  conservation                |
//! |  p99       410 ms    busy           10 |  | ok  no-idle-while-waiting       |
//! +----------------------------------------+  +---------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{framed, inset};
use crate::app::bench::{Bench, Focus, unit};
use crate::labs::lab::{Promise, Standing};
use crate::labs::reading::{Quantity, ReadingSpec, Value};
use crate::labs::scene::{Tone, Unit};
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Columns of one reading at least.
const COLUMN: u16 = 23;
const GAP: u16 = 3;

/// Checks and readings together, where they have to share the stage.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = framed("numbers now", Role::Focus, area, buf, theme);
    let lines = summary(&bench.player().lab().invariants(), inner.width, theme);
    let used = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(inner.height / 3);
    table(bench, frame::rows(inner, 0, inner.height.saturating_sub(used + 1)), buf, theme);
    for (line, number) in lines.iter().zip(inner.height.saturating_sub(used)..inner.height) {
        frame::put_line(line, frame::row(inner, number), buf);
    }
}

/// What broke and how, and how many hold.
fn summary(standings: &[Standing<'_>], width: u16, theme: Theme) -> Vec<Line<'static>> {
    let (broken, held): (Vec<_>, Vec<_>) = standings.iter().partition(|standing| standing.broken.is_some());
    let told = match (broken.len(), held.len()) {
        (_, 0) => None,
        (0, all) => Some(format!("all {all} checks hold at every event")),
        (_, others) => Some(format!("{others} other checks hold")),
    };
    let mut lines: Vec<Line<'_>> = broken.into_iter().flat_map(|s| check(s, width, theme)).collect();
    lines.extend(told.map(|told| {
        let ok = Span::styled(" ok  ", theme.tone(Tone::Good));
        Line::from(vec![ok, Span::styled(told, theme.style(Role::Dim))])
    }));
    lines
}

/// The readings alone.
pub(super) fn readings(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let role = if bench.focus() == Focus::Readings { Role::Focus } else { Role::Frame };
    let inner = framed("numbers now", role, area, buf, theme);
    table(bench, inner, buf, theme);
}

/// The readings in columns, read downwards.
fn table(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let area = inset(area);
    let lab = bench.player().lab();
    let specs = lab.spec().readings;
    let columns = usize::from(((area.width + GAP) / (COLUMN + GAP)).max(1));
    let width = ((area.width + GAP) / u16::try_from(columns).unwrap_or(1)).saturating_sub(GAP);
    let all = usize::from(area.height);
    let rows = if specs.len() > columns * all { all.saturating_sub(1) } else { all };
    let shown = columns * rows;
    let hidden = specs.len().saturating_sub(shown);
    // The cursor stays in sight.
    let top = (bench.reading() + 1).saturating_sub(shown).min(hidden);
    for (place, (index, spec)) in specs.iter().enumerate().skip(top).take(shown).enumerate() {
        let (column, row) = (place / rows.max(1), place % rows.max(1));
        let x = area.x + u16::try_from(column).unwrap_or(0) * (width + GAP);
        let cell = frame::row(Rect { x, width, ..area }, u16::try_from(row).unwrap_or(0));
        let is_chosen = bench.focus() == Focus::Readings && bench.reading() == index;
        reading(spec, lab.reading(index), is_chosen, cell, buf, theme);
    }
    if hidden > 0 && all > 0 {
        let row = frame::row(area, area.height - 1);
        frame::put_right(&frame::more(hidden, "number", "j/k"), row, buf, theme.style(Role::More));
    }
}

fn reading(spec: &ReadingSpec, value: Value, is_chosen: bool, cell: Rect, buf: &mut Buffer, theme: Theme) {
    let role = if value == Value::None { Role::Dim } else { Role::Text };
    let left = frame::put_right(&text(spec, value), cell, buf, theme.style(role));
    let left = Rect { width: left.width.saturating_sub(1), ..left };
    frame::put(&name(spec), left, buf, theme.style(if is_chosen { Role::Focus } else { Role::Dim }));
    if is_chosen && cell.x > 0 {
        // In the gap before the column.
        frame::put(">", Rect { x: cell.x - 1, width: 1, ..cell }, buf, theme.style(Role::Focus));
    }
}

/// A value with its unit.
pub(super) fn text(spec: &ReadingSpec, value: Value) -> String {
    match value {
        Value::None => "-".to_owned(),
        Value::Word(word) => word.to_owned(),
        Value::Number(number) => shown_unit(spec).text(number),
    }
}

/// Rates bear their unit in the name.
fn shown_unit(spec: &ReadingSpec) -> Unit {
    match unit(spec) {
        Unit::PerSecond => Unit::None,
        unit => unit,
    }
}

/// The name in words: `done_per_s` is `done/s`, and `p99_s` is `p99` since its value has a unit.
pub(super) fn name(spec: &ReadingSpec) -> String {
    let name = match (spec.name.strip_suffix("_per_s"), spec.kind) {
        (Some(rate), _) => format!("{rate}/s"),
        (None, Quantity::State(_)) => spec.name.to_owned(),
        (None, _) => spec.name.strip_suffix("_s").unwrap_or(spec.name).to_owned(),
    };
    name.replace('_', " ")
}

/// Every check and how it stands.
pub(super) fn checks(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let inner = framed("checks, at every event", Role::Frame, area, buf, theme);
    let standings = bench.player().lab().invariants();
    let lines: Vec<Line<'_>> = standings.iter().flat_map(|s| check(s, inner.width, theme)).collect();
    let rows = usize::from(inner.height);
    for (line, number) in lines.iter().take(rows).zip(0..) {
        frame::put_line(line, frame::row(inner, number), buf);
    }
    if lines.len() > rows && rows > 0 {
        let text = format!(" {}", frame::more(lines.len() - rows, "line", ""));
        frame::put_right(&text, frame::row(inner, inner.height - 1), buf, theme.style(Role::More));
    }
}

/// One line while it holds; when and how it broke if it did not.
fn check(standing: &Standing<'_>, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let name = standing.invariant.name;
    let Some(broken) = standing.broken else {
        let room = usize::from(width).saturating_sub(name.width() + 7);
        let meaning = frame::fit(standing.invariant.meaning, room);
        return vec![Line::from(vec![
            Span::styled(" ok  ", theme.tone(Tone::Good)),
            Span::raw(format!("{name}  ")),
            Span::styled(meaning, theme.style(Role::Dim)),
        ])];
    };
    let tone = if standing.invariant.kind == Promise::Property { Tone::Warn } else { Tone::Bad };
    let runs = [
        Run::new(" BROKEN  ", theme.tone(tone)),
        Run::new(format!("{name} at {} s: {}.", broken.at, broken.facts), theme.style(Role::Text)),
    ];
    wrap::wrap(&runs, width)
}
