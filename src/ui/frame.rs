//! What every screen stands in: header, body, footer; and the few things that screens draw alike.
//!
//! ```text
//!  8.1 The circuit breaker   4 The window                          step 4 of 19     header
//!
//!                                                                                   body
//!
//!  Enter open  j/k move  z quiz  x reset                    q back  ? keys          footer
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::theme::{Role, Theme};
use crate::app::App;
use crate::app::keymap::Binding;
use crate::app::shared::{Notice, NoticeKind};
use crate::labs::scene::Tone;

/// The smallest terminal that shows more than a sentence.
pub const SMALLEST: (u16, u16) = (60, 18);

/// The parts of the screen, from top to bottom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parts {
    /// One row.
    pub header: Rect,
    /// All rows but two.
    pub body: Rect,
    /// One row.
    pub footer: Rect,
}

/// The first line of a screen.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Title {
    /// Where the learner is, from the general to the particular.
    pub left: Vec<String>,
    /// How far, how fast, how well.
    pub right: String,
}

/// The parts of the screen, unless it is too small for them.
pub fn split(area: Rect) -> Option<Parts> {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return None;
    }
    let row = |y: u16, height: u16| Rect { y: area.y + y, height, ..area };
    Some(Parts { header: row(0, 1), body: row(1, area.height - 2), footer: row(area.height - 1, 1) })
}

/// All that fits on a terminal that is too small.
pub fn too_small(area: Rect, buf: &mut Buffer, theme: Theme) {
    let (width, height) = SMALLEST;
    let sentence = format!("needs {width}x{height}, this is {}x{}", area.width, area.height);
    let short = format!("needs {width}x{height}");
    let text = if sentence.width() <= usize::from(area.width) { sentence } else { short };
    put(&text, row(area, area.height / 2), buf, theme.style(Role::Text));
}

/// The row of an area with that number; empty where the area has no such row.
pub fn row(area: Rect, number: u16) -> Rect {
    let height = u16::from(number < area.height);
    Rect { y: area.y.saturating_add(number.min(area.height)), height, ..area }
}

/// The rows of an area from `first` on, at most `rows` of them.
pub fn rows(area: Rect, first: u16, rows: u16) -> Rect {
    let first = first.min(area.height);
    Rect { y: area.y + first, height: rows.min(area.height - first), ..area }
}

/// Writes a text into the first row of an area, cut with `~` where it is too long.
pub fn put(text: &str, area: Rect, buf: &mut Buffer, style: Style) {
    if area.is_empty() {
        return;
    }
    let text = fit(text, usize::from(area.width));
    buf.set_stringn(area.x, area.y, text, usize::from(area.width), style);
}

/// Writes a line into the first row of an area; what does not fit is cut off.
pub fn put_line(line: &Line<'_>, area: Rect, buf: &mut Buffer) {
    if !area.is_empty() {
        buf.set_line(area.x, area.y, line, area.width);
    }
}

/// Writes as many of these lines as an area has rows; if there are more, the last row ends at a word and with `...`.
pub fn put_lines(lines: &[Line<'_>], area: Rect, buf: &mut Buffer, theme: Theme) {
    let rows = usize::from(area.height);
    for (number, line) in (0..area.height).zip(lines) {
        put_line(line, row(area, number), buf);
    }
    let Some(last) = rows.checked_sub(1).filter(|_| lines.len() > rows).and_then(|at| lines.get(at)) else {
        return;
    };
    let room = usize::from(area.width).saturating_sub(MORE.width());
    let line = row(area, area.height - 1);
    // The last word gives way if there is no room behind it.
    let mut end = last.width();
    if end > room {
        let text: String = last.spans.iter().map(|span| span.content.as_ref()).collect();
        let kept = fit(&text, room);
        end = kept
            .trim_end_matches('~')
            .rfind(' ')
            .map_or(0, |at| kept.get(..at).unwrap_or("").trim_end().width());
    }
    let end = u16::try_from(end).unwrap_or(area.width).min(area.width);
    let rest = Rect { x: line.x + end, width: line.width - end, ..line };
    put(&" ".repeat(usize::from(rest.width)), rest, buf, theme.style(Role::Text));
    put(MORE, rest, buf, theme.style(Role::More));
}

/// What stands behind a sentence that goes on elsewhere.
const MORE: &str = " ...";

/// Writes a text at the right end of the first row of an area and returns what is left of the row.
pub fn put_right(text: &str, area: Rect, buf: &mut Buffer, style: Style) -> Rect {
    let width = u16::try_from(text.width()).unwrap_or(u16::MAX).min(area.width);
    if width > 0 {
        let x = area.x + area.width - width;
        put(text, Rect { x, width, ..area }, buf, style);
    }
    Rect { width: area.width - width, ..area }
}

/// A line that is typed into, with its cursor, scrolled so that the cursor is in sight; `hint` stands where nothing is
/// typed yet.
pub fn typed(line: &crate::app::line::Line, hint: &str, row: Rect, buf: &mut Buffer, theme: Theme) {
    put(">", row, buf, theme.style(Role::Focus));
    let room = usize::from(row.width.saturating_sub(3));
    let skip = line.cursor().saturating_sub(room);
    let text: String = line.text().chars().skip(skip).collect();
    let area = Rect { x: row.x.saturating_add(2), width: row.width.saturating_sub(2), ..row };
    if line.text().is_empty() {
        put(hint, area, buf, theme.style(Role::Dim));
    } else {
        put(&text, area, buf, theme.style(Role::Text));
    }
    let x = area.x.saturating_add(u16::try_from(line.cursor() - skip).unwrap_or(u16::MAX));
    if x < area.right() {
        buf.set_style(Rect { x, width: 1, ..area }, theme.style(Role::Selected));
    }
}

/// The text in at most `width` columns, its cut end marked by `~`.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let next = cut.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if next + 1 > width {
            break;
        }
        cut.push(c);
    }
    if width > 0 {
        cut.push('~');
    }
    cut
}

/// A number with its noun: `1 line`, `2 lines`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What stands where something is cut off: how much, and how to see it.
pub fn more(count: usize, what: &str, key: &str) -> String {
    let key = if key.is_empty() { String::new() } else { format!(", {key}") };
    format!("+{}{key}", counted(count, what))
}

/// The first line.
pub fn header(title: &Title, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let left = put_right(&title.right, inner, buf, theme.style(Role::Dim));
    let left = Rect { width: left.width.saturating_sub(2), ..left };
    // The particular is what must stay readable: the general gives way, from the front.
    let mut from = 0;
    let joined = |from: usize| title.left.get(from..).unwrap_or_default().join(" / ");
    while from + 1 < title.left.len() && joined(from).width() > usize::from(left.width) {
        from += 1;
    }
    put(&joined(from), left, buf, theme.style(Role::Heading));
}

/// The last line: the sentence of the moment, or else the keys that work now.
pub fn footer(app: &App, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    match &app.shared().notice {
        Some(notice) => self::notice(notice, inner, buf, theme),
        None => keys(&app.working_keys(), inner, buf, theme),
    }
}

fn notice(notice: &Notice, area: Rect, buf: &mut Buffer, theme: Theme) {
    let style = match notice.kind {
        NoticeKind::Plain => theme.style(Role::Strong),
        NoticeKind::Error => theme.tone(Tone::Bad),
    };
    put(&notice.text, area, buf, style);
}

/// As many keys as there is room for; `? keys` always stands at the end, since it shows the rest.
pub fn keys(bindings: &[&Binding], area: Rect, buf: &mut Buffer, theme: Theme) {
    let hinted = bindings.iter().copied().filter(|b| !b.hint.is_empty());
    let (last, first): (Vec<&Binding>, Vec<&Binding>) = hinted.partition(|b| b.label == "?");
    let room = usize::from(area.width);
    let kept: usize = last.iter().map(|b| wide(b)).sum();
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut used = 0;
    for binding in first {
        if used + wide(binding) + kept > room + GAP {
            break;
        }
        used += wide(binding);
        spans.extend(spoken(binding, theme));
    }
    spans.extend(last.into_iter().flat_map(|binding| spoken(binding, theme)));
    put_line(&Line::from(spans), area, buf);
}

/// Columns between two keys.
const GAP: usize = 2;

fn wide(binding: &Binding) -> usize {
    binding.label.width() + 1 + binding.hint.width() + GAP
}

fn spoken(binding: &Binding, theme: Theme) -> [Span<'static>; 3] {
    [
        Span::styled(binding.label, theme.style(Role::Key)),
        Span::styled(format!(" {}", binding.hint), theme.style(Role::Text)),
        Span::raw("  "),
    ]
}

/// Clears an area in the middle of `outer`, draws a frame around it, and returns what is inside.
pub fn window(title: &str, size: (u16, u16), outer: Rect, buf: &mut Buffer, theme: Theme) -> Rect {
    let (width, height) = (size.0.min(outer.width), size.1.min(outer.height));
    let (x, y) = (outer.x + (outer.width - width) / 2, outer.y + (outer.height - height) / 2);
    let area = Rect { x, y, width, height };
    Clear.render(area, buf);
    let block = theme.frame(title, Role::Focus);
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_says_so_and_never_splits_a_wide_character() {
        assert_eq!(fit("window", 6), "window");
        assert_eq!(fit("windows", 6), "windo~");
        assert_eq!(fit("日本語", 4), "日~");
        assert_eq!(fit("日本語", 0), "");
    }

    #[test]
    fn the_particular_outlives_the_general() {
        let title =
            Title { left: vec!["8.1 The circuit breaker".into(), "The window".into()], right: "3/19".into() };
        let area = Rect::new(0, 0, 24, 1);
        let mut buf = Buffer::empty(area);
        header(&title, area, &mut buf, Theme::mono());
        let text: String = buf.content().iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text, " The window        3/19 ");
    }
}
