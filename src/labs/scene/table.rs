//! Tables: cells in columns.

use super::{Cell, Part};

/// Rows under headings.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Table {
    /// The columns; the last are the first to be hidden.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One column.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Column {
    /// Its heading; may be empty.
    pub heading: String,
    /// Where its cells stand.
    pub align: Align,
}

/// Where a text stands in its column.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// One row.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Row {
    /// What the row is about.
    pub part: Part,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}
