//! A part of the stage, opened: what there is to know of it, what happened to it last, what can be done to it.
//!
//! ```text
//! +- request 1540 ----------------------------------------+
//! | request      1540          caller      A              |
//! | does         waits for ~   attempt     1 of 1         |
//! | WHAT HAPPENED                                         |
//! |   20.910  A calls shard-3 for request 1540.           |
//! | DO TO IT                                              |
//! |> hang shard-3      Calls are taken and never answer~  |
//! |  +7 faults, j                                         |
//! +-------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::app::bench::Inspect;
use crate::app::player::Player;
use crate::labs::inspect::{Aimed, latest};
use crate::labs::scene::{Field, Tone};
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};

/// The columns of the window at most.
const WIDTH: u16 = 110;
/// The columns that a value has at least where two fields stand beside each other.
const VALUE: usize = 12;
/// Facts and faults at most, on a screen with room.
const FACTS: u16 = 6;
const FAULTS: u16 = 8;

/// Draws an open part over the bench.
pub(super) fn view(player: &Player, open: &Inspect, area: Rect, buf: &mut Buffer, theme: Theme) {
    let part = open.part();
    let faults = open.faults(player);
    let names = part.fields.iter().map(|field| field.name.width()).max().unwrap_or(0);
    let half = usize::from(WIDTH.min(area.width).saturating_sub(2) / 2);
    let columns = if half >= names + 4 + VALUE { 2 } else { 1 };
    let fields = u16::try_from(part.fields.len().div_ceil(columns)).unwrap_or(u16::MAX);
    let menu = u16::try_from(faults.len()).unwrap_or(u16::MAX).clamp(1, FAULTS);
    let wanted = fields.saturating_add(FACTS).saturating_add(menu).saturating_add(4);
    let name = part.id.spoken();
    let title = if open.is_gone() { format!("{name}, which is gone: as it was last") } else { name };
    let inner = frame::window(&title, (WIDTH, wanted), area, buf, theme);
    // Where rows are short, facts and faults give way to the fields, down to a third of the room each.
    let room = inner.height.saturating_sub(2);
    let spare = room.saturating_sub(fields);
    let menu = menu.min((spare / 2).max(room / 4)).max(1);
    let facts = FACTS.min(spare.saturating_sub(menu).max(room / 5));
    let fields = room.saturating_sub(menu + facts);
    draw_fields(open, columns, frame::rows(inner, 0, fields), buf, theme);
    draw_facts(player, open, frame::rows(inner, fields, facts + 1), buf, theme);
    let rest = frame::rows(inner, fields + facts + 1, menu + 1);
    draw_faults(open, &faults, rest, buf, theme);
}

/// The fields, read downwards.
fn draw_fields(open: &Inspect, columns: usize, area: Rect, buf: &mut Buffer, theme: Theme) {
    let all = &open.part().fields;
    let lines = all.len().div_ceil(columns);
    let rows = usize::from(area.height);
    let top = open.top().min(lines.saturating_sub(rows));
    let names = all.iter().map(|field| field.name.width()).max().unwrap_or(0);
    let wide = area.width / u16::try_from(columns).unwrap_or(1);
    for column in 0..columns {
        let of_column = all.iter().skip(column * lines).take(lines).skip(top).take(rows);
        for (field, number) in of_column.zip(0..) {
            let x = area.x + u16::try_from(column).unwrap_or(0) * wide;
            draw_field(field, names, frame::row(Rect { x, width: wide, ..area }, number), buf, theme);
        }
    }
    let hidden = lines.saturating_sub(top + rows);
    if hidden > 0 && rows > 0 {
        let text = frame::more(hidden, "line", "PgDn");
        frame::put_right(&text, frame::row(area, area.height - 1), buf, theme.style(Role::More));
    }
}

fn draw_field(field: &Field, names: usize, row: Rect, buf: &mut Buffer, theme: Theme) {
    let room = usize::from(row.width).saturating_sub(names + 4);
    let line = Line::from(vec![
        Span::styled(format!(" {:<names$}  ", field.name), theme.style(Role::Dim)),
        Span::raw(frame::fit(&field.value.to_string(), room)),
    ]);
    frame::put_line(&line, row, buf);
}

/// The latest facts, the newest last.
fn draw_facts(player: &Player, open: &Inspect, area: Rect, buf: &mut Buffer, theme: Theme) {
    frame::put(" WHAT HAPPENED", frame::row(area, 0), buf, theme.style(Role::Caption));
    let rows = usize::from(area.height.saturating_sub(1));
    let facts = latest(player.lab(), &open.part().id, rows);
    if facts.is_empty() {
        frame::put("  nothing yet", frame::row(area, 1), buf, theme.style(Role::Dim));
    }
    for (fact, number) in facts.iter().zip(1..) {
        let row = frame::row(area, number);
        let room = usize::from(row.width).saturating_sub(12);
        let line = Line::from(vec![
            Span::styled(format!(" {:>8}  ", fact.at.to_string()), theme.style(Role::Dim)),
            Span::raw(frame::fit(&fact.told.sentence, room)),
        ]);
        frame::put_line(&line, row, buf);
    }
}

/// The faults with their meaning, and what came of the last one.
fn draw_faults(open: &Inspect, faults: &[Aimed], area: Rect, buf: &mut Buffer, theme: Theme) {
    let head = frame::row(area, 0);
    frame::put(" DO TO IT", head, buf, theme.style(Role::Caption));
    if let Some(said) = open.said() {
        let (text, style) = match said {
            Ok(done) => (done, theme.style(Role::Strong)),
            Err(refused) => (refused, theme.tone(Tone::Warn)),
        };
        let rest = Rect { x: head.x.saturating_add(12), width: head.width.saturating_sub(13), ..head };
        frame::put(text, rest, buf, style);
    }
    let list = frame::rows(area, 1, area.height.saturating_sub(1));
    if faults.is_empty() {
        frame::put("  nothing can be aimed at it", list, buf, theme.style(Role::Dim));
    }
    let rows = usize::from(list.height);
    let top = open.at().saturating_sub(rows / 2).min(faults.len().saturating_sub(rows));
    let names = faults.iter().map(|aimed| aimed.sentence.width()).max().unwrap_or(0);
    for ((aimed, index), number) in faults.iter().zip(0..).skip(top).take(rows).zip(0..) {
        let chosen = index == open.at();
        let (cursor, style) =
            if chosen { (">", theme.style(Role::Focus)) } else { (" ", theme.style(Role::Text)) };
        let row = frame::row(list, number);
        let room = usize::from(row.width).saturating_sub(names + 5);
        let line = Line::from(vec![
            Span::styled(format!("{cursor} {:<names$}  ", aimed.sentence), style),
            Span::styled(frame::fit(aimed.meaning, room), theme.style(Role::Dim)),
        ]);
        frame::put_line(&line, row, buf);
    }
    let hidden = faults.len().saturating_sub(top + rows);
    if hidden > 0 && rows > 0 {
        let row = frame::row(list, list.height - 1);
        let text = format!(" {}", frame::more(hidden, "fault", "j"));
        frame::put_right(&text, row, buf, theme.style(Role::More));
    }
}
