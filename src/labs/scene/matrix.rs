//! Matrices: who believes what of whom.

use super::words::{counted, joined, rows, sentence, widest};
use super::{Cell, Part, Primitive, Tone};

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

impl Matrix {
    /// How wide a column of cells must be.
    pub fn cell_width(&self) -> u16 {
        let cells = self.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.as_str());
        widest(cells.chain(self.columns.iter().map(String::as_str)))
    }

    /// How wide the names of the rows are.
    pub fn label_width(&self) -> u16 {
        widest(self.rows.iter().map(|row| row.label.as_str()))
    }
}

impl Primitive for Matrix {
    fn min_size(&self) -> (u16, u16) {
        let columns = rows(self.columns.len().min(2));
        (
            self.label_width().saturating_add(columns.saturating_mul(self.cell_width().saturating_add(1))),
            rows(self.rows.len().saturating_add(1)).min(6),
        )
    }

    fn best_size(&self) -> (u16, u16) {
        let cells = rows(self.columns.len()).saturating_mul(self.cell_width().saturating_add(2));
        let notes = widest(self.rows.iter().map(|row| row.note.as_str()));
        let wide = self.label_width().saturating_add(cells).saturating_add(notes);
        (wide.saturating_add(2), rows(self.rows.len().saturating_add(1)))
    }

    fn one_line(&self) -> String {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let bad = cells().filter(|cell| cell.tone == Tone::Bad).count();
        format!("{} of {} wrong", counted(bad as u64, "cell"), cells().count())
    }

    fn speak(&self) -> Vec<String> {
        let says = |row: &MatrixRow| {
            let cells = self.columns.iter().zip(&row.cells).map(|(name, cell)| {
                let text = cell.text.replace('!', "");
                joined([name.as_str(), text.trim(), if cell.tone == Tone::Bad { "(wrong)" } else { "" }], " ")
            });
            let cells = cells.collect::<Vec<_>>().join(", ");
            sentence(&row.label, &joined([cells.as_str(), &row.note], "; "))
        };
        self.rows.iter().map(says).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.rows.iter().map(|row| vec![&row.part]).collect()
    }
}
