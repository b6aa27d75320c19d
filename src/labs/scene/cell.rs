//! A cell of a table, a matrix or a row of nodes.

use super::words::{joined, width};
use super::{Tone, Unit};

/// A few words in a column, or a bar.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// How it stands; the text or a letter in it says so too.
    pub tone: Tone,
    /// A bar filled to this share of one, drawn before the text: a timer, a level.
    pub bar: Option<f64>,
}

impl Cell {
    /// A plain cell.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A cell with a tone.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, bar: None }
    }

    /// A bar filled to `share` of one, with a few words after it.
    pub fn bar(share: f64, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain, bar: Some(share) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// The columns that a bar in a cell takes, with its brackets and the blank after it.
pub const BAR_WIDTH: u16 = 12;

impl Cell {
    /// How many columns it takes when nothing is cut.
    pub fn width(&self) -> u16 {
        let text = width(&self.text);
        match (self.bar, text) {
            (None, _) => text,
            (Some(_), 0) => BAR_WIDTH,
            (Some(_), _) => text.saturating_add(BAR_WIDTH).saturating_add(1),
        }
    }

    /// Its bar and its text in words.
    pub fn spoken(&self) -> String {
        let bar = self.bar.map_or_else(String::new, |share| Unit::Share.text(share));
        joined([bar.as_str(), &self.text], " ")
    }
}
