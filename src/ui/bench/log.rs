//! What happened: every notable fact with its time and its cause.
//!
//! ```text
//! +- log 3 of 7 ------------------------------------------+
//! |   3.000  server  Begins: slow server x5 for 20s.     |
//! |>  9.127  server  50 requests wait: they come faster ~ |
//! +-------------------------------------------------------+
//! ```
//! Over the whole stage it can be searched, and the line under the cursor tells what led to it:
//!
//! ```text
//! +- log 3 of 7: 7 of 41 notable facts fit ---------------+
//! | /opens A_                                             |
//! |> 22.105  A       A opens: 10 of 20 (50 %) of its r ~  |
//! | A opens: 10 of 20 (50 %) of its results failed, the   |
//! | threshold is 50 %.                                    |
//! | because   t 22.105  A: A gives up on request 1540 ~   |
//! |           t 20.000  you: Begins: hang payments.       |
//! +-------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::framed;
use crate::app::bench::{Bench, Focus};
use crate::labs::causes;
use crate::labs::lab::Occurrence;
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Rows of the chain of causes at most.
const CAUSES: usize = 6;
/// Rows of the sentence under the cursor at most.
const SENTENCE: u16 = 3;

/// Draws the log, the newest line last.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let focused = bench.focus() == Focus::Log;
    let log = bench.log();
    let at = log.at().unwrap_or(0);
    let narrowed = if log.search().words().is_empty() {
        String::new()
    } else {
        format!(", {}", frame::fit(log.typed().text().trim(), 20))
    };
    let title = match (log.search().lines().len(), focused) {
        (0, _) => format!("log{narrowed}"),
        (count, true) => format!("log {} of {count}{narrowed}   Enter goes there", at + 1),
        (count, false) => format!("log {count}{narrowed}"),
    };
    let role = if focused { Role::Focus } else { Role::Frame };
    let inner = framed(&title, role, area, buf, theme);
    list(bench, focused, inner, buf, theme);
}

/// The lines that were found, with the cursor in sight if there is one.
fn list(bench: &Bench, with_cursor: bool, area: Rect, buf: &mut Buffer, theme: Theme) {
    let (log, lab) = (bench.log(), bench.player().lab());
    let lines = log.search().lines();
    let Some(at) = log.at() else {
        let nothing = match (log.search().words().is_empty(), log.search().every()) {
            (false, _) => " No fact fits these words.",
            (true, true) => " Nothing has happened yet.",
            (true, false) => " Nothing notable has happened yet.",
        };
        return frame::put(nothing, area, buf, theme.style(Role::Dim));
    };
    let rows = usize::from(area.height);
    let count = lines.len();
    let shown = if with_cursor { at } else { count - 1 };
    // With the cursor in the list, some of what follows stays in sight.
    let last = (shown + rows / 3).min(count - 1).max(rows.min(count) - 1);
    let top = (last + 1).saturating_sub(rows);
    let visible = lines.range(top..(top + rows).min(count));
    let facts: Vec<Option<Occurrence>> = visible.map(|line| line.told(lab)).collect();
    let parts = facts.iter().flatten().map(|fact| fact.told.part.len()).max().unwrap_or(0);
    for ((fact, index), number) in facts.iter().zip(top..).zip(0..) {
        let Some(fact) = fact else { continue };
        let line = line(fact, parts.min(12), with_cursor && index == at, theme);
        let row = frame::row(area, number);
        frame::put_line(&line, row, buf);
        if line.width() > usize::from(row.width) && row.width > 0 {
            frame::put("~", Rect { x: row.right() - 1, width: 1, ..row }, buf, theme.style(Role::More));
        }
    }
}

fn line(fact: &Occurrence, parts: usize, chosen: bool, theme: Theme) -> Line<'static> {
    let cursor = if chosen { ">" } else { " " };
    let style = match (chosen, fact.told.kind) {
        (_, "check-broken") => theme.tone(Tone::Bad),
        (true, _) => theme.style(Role::Strong),
        (false, _) => theme.style(Role::Text),
    };
    let part = frame::fit(&fact.told.part, parts);
    Line::from(vec![
        Span::styled(cursor, theme.style(Role::Focus)),
        Span::styled(format!("{:>8}  ", fact.at.to_string()), theme.style(Role::Dim)),
        Span::styled(format!("{part:<parts$}  "), theme.style(Role::Dim)),
        Span::styled(fact.told.sentence.clone(), style),
    ])
}

/// Draws the log over the stage and all the rest: the words, the lines, the sentence under the cursor, and its causes.
pub(super) fn whole(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let log = bench.log();
    let (found, all) = (log.search().lines().len(), log.search().all());
    let kind = if log.search().every() { "facts" } else { "notable facts" };
    let title = match (log.at(), log.search().words().is_empty()) {
        (Some(at), true) => format!("log {} of {all} {kind}", at + 1),
        (Some(at), false) => format!("log {} of {found}: {found} of {all} {kind} fit", at + 1),
        (None, true) => "log".to_owned(),
        (None, false) => format!("log: none of {all} {kind} fits"),
    };
    let inner = frame::window(&title, (area.width, area.height), area, buf, theme);
    words(bench, frame::row(inner, 0), buf, theme);
    let below = frame::rows(inner, 1, inner.height.saturating_sub(1));
    let told = told(bench, below, theme);
    let foot = u16::try_from(told.len()).unwrap_or(u16::MAX).min(below.height * 2 / 3);
    list(bench, true, frame::rows(below, 0, below.height - foot), buf, theme);
    for (line, number) in told.iter().zip(below.height - foot..below.height) {
        frame::put_line(line, frame::row(below, number), buf);
    }
}

/// The words that are looked for, or how to look for some.
fn words(bench: &Bench, row: Rect, buf: &mut Buffer, theme: Theme) {
    let log = bench.log();
    let text = log.typed().text();
    if text.is_empty() && !log.is_typing() {
        let every = if log.search().every() { "only the notable ones" } else { "every fact" };
        return frame::put(&format!(" / looks for words, a shows {every}"), row, buf, theme.style(Role::Dim));
    }
    frame::put(" /", row, buf, theme.style(Role::Focus));
    let area = Rect { x: row.x.saturating_add(2), width: row.width.saturating_sub(2), ..row };
    let skip = log.typed().cursor().saturating_sub(usize::from(area.width.saturating_sub(1)));
    let shown: String = text.chars().skip(skip).collect();
    frame::put(&shown, area, buf, theme.style(Role::Text));
    let x = area.x.saturating_add(u16::try_from(log.typed().cursor() - skip).unwrap_or(u16::MAX));
    if log.is_typing() && x < area.right() {
        buf.set_style(Rect { x, width: 1, ..area }, theme.style(Role::Selected));
    }
}

/// The sentence under the cursor, and what led to it.
fn told(bench: &Bench, area: Rect, theme: Theme) -> Vec<Line<'static>> {
    let lab = bench.player().lab();
    let Some(fact) = bench.log().chosen(bench.player()) else { return Vec::new() };
    let rule = theme.rule().repeat(usize::from(area.width));
    let mut lines = vec![Line::styled(rule, theme.style(Role::Dim))];
    let width = area.width.saturating_sub(2);
    let indented = |line: Line<'static>| {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(line.spans);
        Line::from(spans)
    };
    let sentence = wrap::wrap(&[Run::new(fact.told.sentence.as_str(), theme.style(Role::Strong))], width);
    lines.extend(sentence.into_iter().take(usize::from(SENTENCE)).map(indented));
    let mut chain = Vec::new();
    if let Some(cause) = fact.cause.and_then(|number| lab.fact(number)) {
        let rest = causes::chain(lab, cause.number);
        chain.push(cause);
        chain.extend(rest);
    }
    for (sentence, nth) in causes::told(&chain, CAUSES).into_iter().zip(0..) {
        let lead = if nth == 0 { " because  " } else { "          " };
        let room = usize::from(area.width).saturating_sub(lead.len() + 1);
        lines.push(Line::from(vec![
            Span::styled(lead, theme.style(Role::Caption)),
            Span::raw(frame::fit(&sentence, room)),
        ]));
    }
    if chain.is_empty() {
        lines.push(Line::styled(" It came from outside, or by itself.", theme.style(Role::Dim)));
    }
    lines
}
