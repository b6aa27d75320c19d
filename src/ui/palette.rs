//! The palette: a line to type into, what fits, and a sentence about what is chosen.
//!
//! ```text
//! +- 1 of 14 -------------------------------------------------+
//! |> slow                                                     |
//! |> do it   slow server x5                                   |
//! |  break   slow server x5 for 20s                         1 |
//! |  lesson  What a slow server does                          |
//! |                                                           |
//! | Every service that starts takes N times as long.          |
//! +-----------------------------------------------------------+
//! ```
//!
//! What is wrong with a sentence stands under the line, at the word. From 90 columns on each row tells what it means.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::frame;
use super::theme::{Role, Theme};
use super::wrap::{self, Run};
use crate::app::palette::{Kind, Palette, Row};
use crate::app::player::Refused;
use crate::labs::scene::Tone;

/// Columns and rows of the window at most.
const LARGEST: (u16, u16) = (120, 34);
/// Columns inside the window from which each row has room for its meaning.
const ROOMY: usize = 90;
/// Columns of the name at most where its meaning stands beside it.
const NAME: usize = 44;
/// Columns before the name: the cursor and the kind.
const BEFORE: usize = 10;
/// Rows for the sentence about what is chosen.
const FOOT: u16 = 2;

/// Draws the palette over `area`.
pub fn view(palette: &Palette, area: Rect, buf: &mut Buffer, theme: Theme) {
    let title = match palette.cursor() {
        Some(at) => format!("find {} of {}", at + 1, palette.len()),
        None if palette.takes_faults() && !palette.line().is_blank() => {
            "VERB [TARGET] [xN | P% | by D] [first N] [for D]".to_owned()
        }
        None => "find".to_owned(),
    };
    let width = LARGEST.0.min(area.width).saturating_sub(2);
    let told =
        palette.refused().map(|it| complaint(it, palette.line().text(), width, theme)).unwrap_or_default();
    let rows_of = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    // It hangs from the top and is as high as it must be: what is typed stays where it is, and the lab is seen below.
    let meaning = sentence(palette);
    let foot = if meaning.is_empty() { 0 } else { FOOT };
    let height = rows_of(told.len()).saturating_add(rows_of(palette.len())).saturating_add(3 + foot);
    let area = Rect { height: area.height.min(height).min(LARGEST.1), ..area };
    let inner = frame::window(&title, LARGEST, area, buf, theme);
    frame::typed(palette.line(), &hint(palette), frame::row(inner, 0), buf, theme);
    let complained = rows_of(told.len()).min(inner.height.saturating_sub(1));
    for (line, number) in told.iter().zip(1..=complained) {
        frame::put_line(line, frame::row(inner, number), buf);
    }
    let above = 1 + complained;
    let below = foot.min(inner.height.saturating_sub(above));
    rows(palette, frame::rows(inner, above, inner.height.saturating_sub(above + below)), buf, theme);
    let foot = frame::rows(inner, inner.height.saturating_sub(below), below);
    let foot = Rect { x: foot.x.saturating_add(1), width: foot.width.saturating_sub(2), ..foot };
    frame::put_lines(&wrap::wrap(&[Run::new(meaning, theme.style(Role::Dim))], foot.width), foot, buf, theme);
}

/// What stands at the foot: what is chosen, in a sentence.
fn sentence(palette: &Palette) -> String {
    let typed = !palette.line().is_blank();
    match palette.chosen() {
        Some(entry) => entry.meaning.clone(),
        None if palette.refused().is_some() => String::new(),
        None if palette.takes_faults() && typed => "Enter says it to the lab.".to_owned(),
        None => "Nothing here is called like this.".to_owned(),
    }
}

/// The list, scrolled so that the cursor is in sight.
fn rows(palette: &Palette, area: Rect, buf: &mut Buffer, theme: Theme) {
    let (count, height) = (palette.len(), usize::from(area.height));
    let at = palette.cursor().unwrap_or(0);
    let top = at.saturating_sub(height / 2).min(count.saturating_sub(height));
    let shown: Vec<(usize, Row<'_>)> =
        (top..count).take(height).filter_map(|number| Some((number, palette.row(number)?))).collect();
    let names = shown.iter().map(|(_, row)| row.entry.name.width()).max().unwrap_or(0).min(NAME);
    for ((number, row), y) in shown.into_iter().zip(0..) {
        let is_chosen = palette.cursor() == Some(number);
        spoken(row, is_chosen, names, frame::row(area, y), buf, theme);
    }
}

fn spoken(row: Row<'_>, is_chosen: bool, names: usize, area: Rect, buf: &mut Buffer, theme: Theme) {
    let entry = row.entry;
    let (cursor, style) =
        if is_chosen { (">", theme.style(Role::Focus)) } else { (" ", theme.style(Role::Text)) };
    let right = format!(" {} ", entry.right);
    let area = if entry.right.is_empty() {
        Rect { width: area.width.saturating_sub(1), ..area }
    } else {
        frame::put_right(&right, area, buf, theme.style(Role::Key))
    };
    let width = usize::from(area.width);
    let beside = width >= ROOMY && !entry.meaning.is_empty();
    let room = if beside { names } else { width.saturating_sub(BEFORE) };
    let mut spans = vec![
        Span::styled(format!("{cursor} "), style),
        Span::styled(format!("{:<7} ", entry.kind.word()), theme.style(Role::Dim)),
    ];
    let name = frame::fit(&entry.name, room);
    let gap = room.saturating_sub(name.width()) + 2;
    spans.extend(marked(&name, row.marks, style, theme));
    if beside {
        let left = width.saturating_sub(BEFORE + room + 2);
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(Span::styled(frame::fit(&entry.meaning, left), theme.style(Role::Dim)));
    }
    frame::put_line(&Line::from(spans), area, buf);
}

/// The name, its matched characters set apart by weight and a line below.
fn marked(name: &str, marks: &[usize], style: Style, theme: Theme) -> Vec<Span<'static>> {
    let mut spans: Vec<(bool, String)> = Vec::new();
    for (number, c) in name.chars().enumerate() {
        let is_marked = marks.binary_search(&number).is_ok();
        match spans.last_mut() {
            Some((last, text)) if *last == is_marked => text.push(c),
            _ => spans.push((is_marked, c.to_string())),
        }
    }
    let set = |is_marked: bool| if is_marked { style.patch(theme.style(Role::Match)) } else { style };
    spans.into_iter().map(|(is_marked, text)| Span::styled(text, set(is_marked))).collect()
}

/// What may be typed.
fn hint(palette: &Palette) -> String {
    let example = palette.row(0).filter(|row| row.entry.kind == Kind::Fault);
    match example.filter(|_| palette.takes_faults()) {
        Some(row) => format!("part of a name, or a fault in words: {}", row.entry.name),
        None => "part of a name".to_owned(),
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
    let columns = width.saturating_sub(2);
    let told = wrap::wrap(&[Run::new(sentence, theme.style(Role::Text))], columns);
    lines.extend(told.into_iter().map(|line| {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(line.spans);
        Line::from(spans)
    }));
    lines
}

#[cfg(test)]
mod tests;
