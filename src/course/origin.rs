//! Text that was cut out of a file, with the way from its characters back into the file.

use std::ops::Range;

use super::place::Place;
use super::text::{look_up, offset};

/// How the offsets of a text that was cut out of a file lead back into the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    /// The file.
    pub file: u32,
    /// Pairs (offset in the text, offset in the file), in order.
    pub pieces: Vec<(usize, usize)>,
}

impl Origin {
    /// Of a text that stands in the file in one piece, from this offset on.
    pub fn at(file: u32, start: usize) -> Self {
        Self { file, pieces: vec![(0, start)] }
    }

    /// The place of a range of the text.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = look_up(&self.pieces, range.start);
        // Asked of the last byte: the one after it may already belong to another piece.
        let end = range.end.checked_sub(1).map_or(start, |last| look_up(&self.pieces, last) + 1);
        Place { file: self.file, start: offset(start), end: offset(end.max(start)) }
    }
}

/// A prose string with the way back from its characters to the file.
pub(crate) struct Prose {
    /// The text, cleaned.
    pub text: String,
    /// Its way back.
    pub origin: Origin,
}
