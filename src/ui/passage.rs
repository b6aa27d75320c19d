//! A text area: passages from top to bottom, scrolled, with a mark for what is hidden.
//!
//! ```text
//! The server becomes five times slower for 20 s. How long is the queue?
//!
//! > a  Shorter than ten
//!   b  Ten or more, and this outcome needs more words, so it goes on
//!      under its own text
//! +3 lines
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::frame;
use super::markdown::{self, Setting};
use super::theme::{Role, Theme};
use super::wrap;
use crate::app::passage::{Passage, Scroll, Weight};
use crate::labs::scene::Tone;

/// How many rows passages take at a width: what [`crate::app::shared::Shared::measure`] is.
pub fn measure(passages: &[Passage], width: u16) -> usize {
    lines(passages, width, Theme::mono()).len()
}

/// The lines of passages.
pub fn lines(passages: &[Passage], width: u16, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for passage in passages {
        match passage {
            Passage::Prose(blocks) => {
                lines.extend(markdown::lay_out(blocks, Setting { width, theme, sources: &[] }).body);
            }
            Passage::Item { mark, text, weight } => {
                let taken = u16::try_from(mark.width()).unwrap_or(u16::MAX);
                let inner = width.saturating_sub(taken).max(wrap::NARROWEST);
                let page = markdown::lay_out_inlines(text, Setting { width: inner, theme, sources: &[] });
                let lines_of = page.body.into_iter().enumerate();
                lines.extend(lines_of.map(|(n, line)| behind(mark, n == 0, line, *weight, theme)));
            }
            Passage::Gap => lines.push(Line::default()),
        }
    }
    lines.iter_mut().flat_map(|line| &mut line.spans).for_each(soften);
    lines
}

/// Hard spaces have done their work once lines are broken; a terminal without Unicode could not show them.
fn soften(span: &mut Span<'_>) {
    if span.content.contains('\u{a0}') {
        span.content = span.content.replace('\u{a0}', " ").into();
    }
}

/// A line behind its mark, or under it. Of a key to press, only the key is set apart.
fn behind(mark: &str, is_first: bool, line: Line<'static>, weight: Weight, theme: Theme) -> Line<'static> {
    let mark = if is_first { mark.to_owned() } else { " ".repeat(mark.width()) };
    let key = if weight == Weight::Key { theme.style(Role::Key) } else { Style::new() };
    let spans = std::iter::once(Span::styled(mark, key)).chain(line.spans);
    Line::from(spans.collect::<Vec<_>>()).patch_style(style(weight, theme))
}

fn style(weight: Weight, theme: Theme) -> Style {
    match weight {
        Weight::Plain | Weight::Key => theme.style(Role::Text),
        Weight::Dim => theme.style(Role::Dim),
        Weight::Strong => theme.style(Role::Strong),
        Weight::Selected => theme.style(Role::Text).add_modifier(Modifier::BOLD),
        Weight::Good => theme.tone(Tone::Good),
        Weight::Bad => theme.tone(Tone::Bad),
    }
}

/// Draws passages, scrolled. Where text is hidden below, the last row says how much.
pub fn view(passages: &[Passage], scroll: Scroll, area: Rect, buf: &mut Buffer, theme: Theme) {
    let rows = usize::from(area.height);
    let lines = lines(passages, area.width, theme);
    let top = scroll.top.min(lines.len().saturating_sub(rows));
    let below = lines.len().saturating_sub(top + rows);
    let shown = if below > 0 { rows.saturating_sub(1) } else { rows };
    for (line, y) in lines.iter().skip(top).take(shown).zip(0..) {
        frame::put_line(line, frame::row(area, y), buf);
    }
    if below > 0 {
        let last = frame::row(area, area.height.saturating_sub(1));
        frame::put(&frame::more(below + 1, "line", "j"), last, buf, theme.style(Role::More));
    }
}
