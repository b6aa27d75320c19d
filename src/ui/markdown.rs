//! Lesson text as lines of a width: what a step's blocks look like, to be sliced and drawn.
//!
//! ```text
//! A breaker counts **failures**, and when       <- paragraphs wrap between words
//! they are too many, it opens.[1]               <- links are numbered
//!
//! - one in closed state                         <- lists hang
//!   and its continuation
//! │ a quotation
//!
//! setting        default                        <- tables fit the width
//! ─────────────  ───────
//! minimum calls      100
//!
//!   resilience4j:                               <- code is highlighted, long lines are cut: +23
//!
//! [1] Resilience4j 2.2, https://…
//! ```
//!
//! Laying out is pure and quick (a step takes well under a millisecond), so that a resize needs no cleverness. The
//! interactive blocks of a step (lab, claim, predict, goal) are not text: the lesson's screen places them.

pub(super) mod code;
pub mod highlight;
mod inline;
mod table;
mod toml;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use self::inline::Notes;
use super::theme::{Role, Theme};
use super::wrap::{width, wrap};
use crate::course::model::Source;
use crate::course::prose::{Block, Inlines, Link, List};

/// What the text is laid out for.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// How many columns there are.
    pub width: u16,
    /// Styles and glyphs.
    pub theme: Theme,
    /// What links to sources mean.
    pub sources: &'a [Source],
}

/// Text laid out.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Page {
    /// The text.
    pub body: Vec<Line<'static>>,
    /// The notes that the numbers in the text refer to.
    pub notes: Vec<Line<'static>>,
    /// Where the notes lead, by number from 1.
    pub links: Vec<Link>,
}

impl Page {
    /// Text, a blank line, notes.
    pub fn lines(&self) -> Vec<Line<'static>> {
        let blank = (!self.notes.is_empty()).then(Line::default);
        self.body.iter().cloned().chain(blank).chain(self.notes.iter().cloned()).collect()
    }
}

/// Lays blocks out. No line is wider than the width, as long as that has two columns.
pub fn lay_out(blocks: &[Block], setting: Setting<'_>) -> Page {
    let mut layout = Layout { theme: setting.theme, notes: Notes::default() };
    let body = layout.blocks(blocks, setting.width);
    let notes = layout.notes.lines(setting);
    Page { body, notes, links: layout.notes.links }
}

/// Lays one run of styled text out, such as a question or an answer.
pub fn lay_out_inlines(text: &Inlines, setting: Setting<'_>) -> Page {
    let mut layout = Layout { theme: setting.theme, notes: Notes::default() };
    let body = layout.text(text, Style::new(), setting.width);
    let notes = layout.notes.lines(setting);
    Page { body, notes, links: layout.notes.links }
}

/// Columns that a prefix must leave for the text, else it is left out.
const LEAST_TEXT: u16 = 6;

/// The state of one pass over the blocks.
struct Layout {
    theme: Theme,
    notes: Notes,
}

impl Layout {
    /// Blocks one under the other, apart.
    fn blocks(&mut self, blocks: &[Block], columns: u16) -> Vec<Line<'static>> {
        let mut lines: Vec<Line<'static>> = Vec::new();
        let mut after_heading = false;
        for block in blocks {
            let next = self.block(block, columns);
            if next.is_empty() {
                continue;
            }
            if !lines.is_empty() && !after_heading {
                lines.push(Line::default());
            }
            lines.extend(next);
            after_heading = matches!(block, Block::Heading { .. });
        }
        lines
    }

    fn block(&mut self, block: &Block, columns: u16) -> Vec<Line<'static>> {
        match block {
            Block::Heading { level, text } => {
                let role = if *level <= 3 { Role::Heading } else { Role::Caption };
                self.text(text, self.theme.style(role), columns)
            }
            Block::Paragraph(text) => self.text(text, Style::new(), columns),
            Block::List(list) => self.list(list, columns),
            Block::Table(table) => table::lay_out(table, columns, self),
            Block::Code(code) => code::lay_out(code, columns, self.theme),
            Block::Quote(blocks) => {
                let bar = Span::styled(format!("{} ", self.theme.bar()), self.theme.style(Role::Dim));
                self.prefixed(&bar, &bar, columns, |layout, columns| layout.blocks(blocks, columns))
            }
            Block::Rule => {
                let rule = self.theme.rule().repeat(usize::from(columns));
                vec![Line::styled(rule, self.theme.style(Role::Dim))]
            }
            Block::Lab(_) | Block::Claim(_) | Block::Predict(_) | Block::Goal(_) | Block::Cure(_) => {
                Vec::new()
            }
        }
    }

    /// Wrapped text in a style of its own, on which the styles of its runs are laid.
    fn text(&mut self, text: &Inlines, style: Style, columns: u16) -> Vec<Line<'static>> {
        let runs = self.notes.runs(text, style, self.theme);
        wrap(&runs, columns)
    }

    fn list(&mut self, list: &List, columns: u16) -> Vec<Line<'static>> {
        let highest = list.start.map(|start| start.saturating_add(list.items.len().saturating_sub(1) as u64));
        let widest = highest.map_or(1, |number| number.to_string().len() + 1);
        let mut lines = Vec::new();
        for (at, item) in (0..).zip(&list.items) {
            let bullet =
                list.start.map_or_else(|| "-".to_owned(), |start| format!("{}.", start.saturating_add(at)));
            let first = Span::styled(format!("{bullet:>widest$} "), self.theme.style(Role::Dim));
            let rest = Span::raw(" ".repeat(widest + 1));
            if list.loose && !lines.is_empty() {
                lines.push(Line::default());
            }
            let item = self
                .prefixed(&first, &rest, columns, |layout, columns| layout.item(item, list.loose, columns));
            lines.extend(item);
        }
        lines
    }

    /// The blocks of a list's item: close together, unless the list is loose.
    fn item(&mut self, blocks: &[Block], loose: bool, columns: u16) -> Vec<Line<'static>> {
        if loose {
            return self.blocks(blocks, columns);
        }
        blocks.iter().flat_map(|block| self.block(block, columns)).collect()
    }

    /// What `inside` lays out in the columns that a prefix leaves, with that prefix before each line.
    fn prefixed(
        &mut self,
        first: &Span<'static>,
        rest: &Span<'static>,
        columns: u16,
        inside: impl FnOnce(&mut Self, u16) -> Vec<Line<'static>>,
    ) -> Vec<Line<'static>> {
        let taken = width(&first.content);
        if columns < taken.saturating_add(LEAST_TEXT) {
            return inside(self, columns);
        }
        let mut lines = inside(self, columns - taken);
        if lines.is_empty() {
            lines.push(Line::default());
        }
        for (at, line) in lines.iter_mut().enumerate() {
            let prefix = if at == 0 { first } else { rest };
            line.spans.insert(0, prefix.clone());
        }
        lines
    }
}

#[cfg(test)]
mod tests;
