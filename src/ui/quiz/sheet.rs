//! Lines being written one under the other, some of them hanging from a mark.

use std::ops::Range;

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::course::{Block, Inlines};
use crate::ui::markdown::{self, Setting};
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Lines of a width.
pub(super) struct Sheet {
    width: u16,
    theme: Theme,
    lines: Vec<Line<'static>>,
    cursor: Option<Range<usize>>,
}

impl Sheet {
    pub(super) const fn new(width: u16, theme: Theme) -> Self {
        Self { width, theme, lines: Vec::new(), cursor: None }
    }

    pub(super) const fn theme(&self) -> Theme {
        self.theme
    }

    pub(super) const fn width(&self) -> u16 {
        self.width
    }

    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// The lines that the cursor is on.
    pub(super) fn cursor(&self) -> Option<Range<usize>> {
        self.cursor.clone()
    }

    /// A blank line, unless there is one already or nothing above.
    pub(super) fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    pub(super) fn push(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// Runs in their styles, wrapped.
    pub(super) fn runs(&mut self, runs: &[Run]) {
        self.lines.extend(wrap::wrap(runs, self.width));
    }

    /// A text in the style of a role, wrapped.
    pub(super) fn write(&mut self, text: &str, role: Role) {
        self.runs(&[Run::new(text, self.theme.style(role))]);
    }

    /// The text of a question.
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        self.lines.extend(markdown::lay_out(blocks, self.setting(self.width)).lines());
    }

    /// Styled text that hangs from a mark.
    pub(super) fn hang(&mut self, mark: Vec<Span<'static>>, text: &Inlines) {
        self.hang_with(mark, text, "", Role::Text);
    }

    /// Styled text that hangs from a mark, with a few words after it, on a line of their own where there is no room.
    pub(super) fn hang_with(&mut self, mark: Vec<Span<'static>>, text: &Inlines, tail: &str, role: Role) {
        let columns = self.width.saturating_sub(wide(&mark));
        let mut body = markdown::lay_out_inlines(text, self.setting(columns)).body;
        if !tail.is_empty() {
            let style = self.theme.style(role);
            let fits = |line: &Line<'_>| line.width() + 2 + tail.width() <= usize::from(columns);
            match body.last_mut().filter(|line| fits(line)) {
                Some(line) => line.spans.extend([Span::raw("  "), Span::styled(tail.to_owned(), style)]),
                None => body.push(Line::styled(tail.to_owned(), style)),
            }
        }
        self.hang_lines(mark, body);
    }

    /// A plain text that hangs from a mark.
    pub(super) fn hang_text(&mut self, mark: Vec<Span<'static>>, text: &str, role: Role) {
        let columns = self.width.saturating_sub(wide(&mark));
        let body = wrap::wrap(&[Run::new(text, self.theme.style(role))], columns);
        self.hang_lines(mark, body);
    }

    /// Lines that hang from a mark.
    pub(super) fn hang_lines(&mut self, mark: Vec<Span<'static>>, body: Vec<Line<'static>>) {
        let indent = " ".repeat(usize::from(wide(&mark)));
        if body.is_empty() {
            return self.lines.push(Line::from(mark));
        }
        let mut mark = Some(mark);
        for line in body {
            let mut spans = mark.take().unwrap_or_else(|| vec![Span::raw(indent.clone())]);
            spans.extend(line.spans);
            self.lines.push(Line::from(spans));
        }
    }

    /// Writes with `write`, and puts the cursor on it if `there`.
    pub(super) fn at_cursor(&mut self, there: bool, write: impl FnOnce(&mut Self)) {
        let from = self.lines.len();
        write(self);
        if there {
            self.cursor = Some(from..self.lines.len());
        }
    }

    const fn setting(&self, width: u16) -> Setting<'static> {
        Setting { width, theme: self.theme, sources: &[] }
    }
}

fn wide(mark: &[Span<'_>]) -> u16 {
    u16::try_from(mark.iter().map(Span::width).sum::<usize>()).unwrap_or(u16::MAX)
}

/// The letter of an option by its place: `a`, `b` …
pub(super) fn letter(place: usize) -> char {
    u8::try_from(place).ok().filter(|place| *place < 26).map_or('?', |place| char::from(b'a' + place))
}
