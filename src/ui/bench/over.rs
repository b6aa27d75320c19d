//! What lies over the stage: the presets, and the line for a fault in words.
//!
//! ```text
//! +- presets -------------------------------------------------+
//! |> calm     70 requests/s on a capacity of 100/s.           |
//! |  busy     95 requests/s on a capacity of 100/s.           |
//! +-----------------------------------------------------------+
//! +- VERB [TARGET] [xN | P%] [first N] [for D] ---------------+
//! |> slow sever x5_                                           |
//! |       ^^^^^                                               |
//! | there is no `sever` to slow: did you mean `server`?       |
//! +-----------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::app;
use crate::app::bench::Prompt;
use crate::app::player::{Player, Refused};
use crate::labs::fault::{FaultSpec, Takes};
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Columns of both windows at most.
const WIDTH: u16 = 76;

/// Draws the presets with the cursor on number `at`.
pub(super) fn presets(player: &Player, at: usize, area: Rect, buf: &mut Buffer, theme: Theme) {
    let presets = player.spec().presets;
    let source = presets.get(at).map_or("", |preset| preset.source);
    let height = u16::try_from(presets.len()).unwrap_or(u16::MAX).saturating_add(4);
    let title = format!("presets {} of {}", at + 1, presets.len());
    let inner = frame::window(&title, (WIDTH, height), area, buf, theme);
    let rows = usize::from(inner.height.saturating_sub(2));
    let top = at.saturating_sub(rows / 2).min(presets.len().saturating_sub(rows));
    let names = presets.iter().map(|preset| preset.name.width()).max().unwrap_or(0);
    for ((index, preset), number) in presets.iter().enumerate().skip(top).take(rows).zip(0..) {
        let (cursor, style) =
            if index == at { (">", theme.style(Role::Focus)) } else { (" ", theme.style(Role::Text)) };
        let now = if preset.name == player.setup().preset { "*" } else { " " };
        let room = usize::from(inner.width).saturating_sub(names + 6);
        let line = Line::from(vec![
            Span::styled(format!("{cursor} {:<names$} {now} ", preset.name), style),
            Span::raw(frame::fit(preset.meaning, room)),
        ]);
        frame::put_line(&line, frame::row(inner, number), buf);
    }
    let last = frame::row(inner, inner.height.saturating_sub(1));
    let note = match source {
        "" => " * is set now. The lab starts again at 0 s; its script stays.".to_owned(),
        source => format!(" Source: {source}"),
    };
    frame::put(&note, last, buf, theme.style(Role::Dim));
}

/// Draws the line, and below it what is wrong with it, or what can be said.
pub(super) fn prompt(player: &Player, prompt: &Prompt, area: Rect, buf: &mut Buffer, theme: Theme) {
    let width = WIDTH.min(area.width);
    let below = match &prompt.refused {
        Some(refused) => complaint(refused, prompt.line.text(), width.saturating_sub(4), theme),
        None => sayable(player, prompt.line.text(), theme),
    };
    let height = u16::try_from(below.len()).unwrap_or(u16::MAX).saturating_add(3).min(11);
    let title = "break it: VERB [TARGET] [xN | P%] [first N] [for D]";
    let inner = frame::window(title, (WIDTH, height), area, buf, theme);
    typed(&prompt.line, frame::row(inner, 0), buf, theme);
    let rest = frame::rows(inner, 1, inner.height.saturating_sub(1));
    for (line, number) in below.iter().zip(0..rest.height) {
        frame::put_line(line, frame::row(rest, number), buf);
    }
    let cut = below.len().saturating_sub(usize::from(rest.height));
    if cut > 0 && !rest.is_empty() {
        let row = frame::row(rest, rest.height - 1);
        frame::put_right(
            &format!(" {}", frame::more(cut + 1, "line", "")),
            row,
            buf,
            theme.style(Role::More),
        );
    }
}

/// The typed text with its cursor, scrolled so that the cursor is in sight.
pub(super) fn typed(line: &app::line::Line, row: Rect, buf: &mut Buffer, theme: Theme) {
    frame::put(">", row, buf, theme.style(Role::Focus));
    let room = usize::from(row.width.saturating_sub(3));
    let skip = line.cursor().saturating_sub(room);
    let text: String = line.text().chars().skip(skip).collect();
    let area = Rect { x: row.x.saturating_add(2), width: row.width.saturating_sub(2), ..row };
    frame::put(&text, area, buf, theme.style(Role::Text));
    let x = area.x.saturating_add(u16::try_from(line.cursor() - skip).unwrap_or(u16::MAX));
    if x < area.right() {
        buf.set_style(Rect { x, width: 1, ..area }, theme.style(Role::Selected));
    }
}

fn complaint(refused: &Refused, typed: &str, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let bad = theme.tone(Tone::Bad);
    let mut lines = Vec::new();
    let sentence = match refused {
        Refused::Misread(misread) => {
            // The first line that `point` gives is the text itself, which stands above already.
            lines.extend(misread.point(typed).lines().nth(1).map(|line| Line::styled(line.to_owned(), bad)));
            misread.to_string()
        }
        Refused::Senseless(sentence) => sentence.clone(),
    };
    lines.extend(wrap::wrap(&[Run::new(sentence, theme.style(Role::Text))], width).into_iter().map(|line| {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(line.spans);
        Line::from(spans)
    }));
    lines
}

/// The faults that begin like what was typed.
fn sayable(player: &Player, typed: &str, theme: Theme) -> Vec<Line<'static>> {
    let typed = typed.trim_start();
    let word = typed.split_whitespace().next().unwrap_or("");
    let whole = typed.contains(' ');
    let fits = |fault: &&FaultSpec| {
        if whole { fault.verb.word() == word } else { fault.verb.word().starts_with(word) }
    };
    let shapes: Vec<(String, &str)> = player
        .spec()
        .faults
        .iter()
        .filter(fits)
        .map(|fault| (shape(fault), fault.meaning))
        .chain("set".starts_with(word).then(|| ("set KNOB VALUE".to_owned(), "Turns a knob.")))
        .collect();
    let room = shapes.iter().map(|(shape, _)| shape.width()).max().unwrap_or(0).min(34);
    let line = |(shape, meaning): (String, &str)| {
        Line::from(vec![
            Span::styled(format!("  {shape:<room$}  "), theme.style(Role::Text)),
            Span::styled(meaning.to_owned(), theme.style(Role::Dim)),
        ])
    };
    shapes.into_iter().map(line).collect()
}

/// How a fault is said: `hang payments|shard-*`.
fn shape(fault: &FaultSpec) -> String {
    let amount = match fault.amount {
        Takes::Nothing => "",
        Takes::Factor(_) => " xN",
        Takes::Share => " P%",
    };
    format!("{} {}{amount}", fault.verb.word(), fault.targets.join("|"))
}
