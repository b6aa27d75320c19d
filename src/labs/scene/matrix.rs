//! Matrices: who believes what of whom.

use super::{Cell, Part};

/// Words in a grid; a wrong belief ends with `!`.
///
/// ```text
///             i1   i2   i3
/// TRUTH       UP   UP   DEAD
/// LB east     UP   UP   UP !
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Matrix {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<MatrixRow>,
}

/// One row of a matrix.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct MatrixRow {
    /// Who believes.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// What else matters of the row: `view 33 s old`.
    pub note: String,
}
