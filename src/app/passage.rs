//! What a text area shows, from top to bottom, as data: what is read in a lesson, a bet, a goal.
//!
//! A screen says what stands there and how far it is scrolled; `ui` lays it out. So that scrolling can stop at the end
//! without this layer knowing how text is laid out, the height comes from a [`Measure`] that is handed in.

use crate::app::keymap::Command;
use crate::course::{Block, Inlines};

/// A piece of text.
#[derive(Clone, PartialEq, Debug)]
pub enum Passage {
    /// Prose of the course.
    Prose(Vec<Block>),
    /// A paragraph behind a mark, its further lines indented by the width of the mark.
    Item {
        /// What stands before it; empty for none.
        mark: String,
        /// The paragraph.
        text: Inlines,
        /// How it stands.
        weight: Weight,
    },
    /// An empty line.
    Gap,
}

/// How a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Weight {
    /// As it is.
    #[default]
    Plain,
    /// May be skipped.
    Dim,
    /// Matters.
    Strong,
    /// Under the cursor.
    Selected,
    /// It went well.
    Good,
    /// It did not.
    Bad,
    /// A key to press.
    Key,
}

impl Passage {
    /// A paragraph of plain words.
    pub fn note(text: impl Into<String>, weight: Weight) -> Self {
        Self::item("", Inlines::from_plain(text), weight)
    }

    /// A paragraph behind a mark.
    pub fn item(mark: impl Into<String>, text: Inlines, weight: Weight) -> Self {
        Self::Item { mark: mark.into(), text, weight }
    }
}

/// How many rows passages take at a width.
pub type Measure = fn(&[Passage], u16) -> usize;

/// How far a text is scrolled.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Scroll {
    /// Rows hidden above.
    pub top: usize,
}

impl Scroll {
    /// Moves by `by` rows, within a text of `height` rows of which `rows` are seen.
    pub fn by(&mut self, by: isize, height: usize, rows: usize) {
        self.top = self.top.saturating_add_signed(by);
        self.clamp(height, rows);
    }

    /// Moves as a command asks for, by a row or by a page; false if it asks for something else.
    pub fn obey(&mut self, command: Command, height: usize, rows: usize) -> bool {
        let page = isize::try_from(rows).unwrap_or(1).max(2) - 1;
        let by = match command {
            Command::Up => -1,
            Command::Down => 1,
            Command::PageUp => -page,
            Command::PageDown => page,
            _ => return false,
        };
        self.by(by, height, rows);
        true
    }

    /// Keeps within a text of `height` rows of which `rows` are seen.
    pub fn clamp(&mut self, height: usize, rows: usize) {
        self.top = self.top.min(height.saturating_sub(rows));
    }

    /// Brings the rows `from..to` into sight, the first one above all.
    pub fn show(&mut self, from: usize, to: usize, height: usize, rows: usize) {
        // One row may hold the mark that tells what is hidden.
        let seen = rows.saturating_sub(1).max(1);
        if to > self.top + seen {
            self.top = to.saturating_sub(seen);
        }
        self.top = self.top.min(from);
        self.clamp(height, rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut scroll = Scroll::default();
        scroll.by(-3, 20, 9);
        assert_eq!(scroll.top, 0);
        scroll.by(100, 20, 9);
        assert_eq!(scroll.top, 11);
        scroll.by(1, 5, 9);
        assert_eq!(scroll.top, 0);
    }

    #[test]
    fn what_is_to_be_seen_is_seen_from_its_first_row() {
        let mut scroll = Scroll::default();
        scroll.show(12, 14, 30, 9);
        assert!(scroll.top <= 12 && scroll.top + 8 >= 14, "{scroll:?}");
        scroll.show(3, 25, 30, 9);
        assert_eq!(scroll.top, 3);
    }
}
