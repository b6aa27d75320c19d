//! Tables: cells in columns.

use super::words::{counted, joined, rows, sentence, width};
use super::{Cell, Part, Primitive};

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

impl Table {
    /// How wide a column must be to cut nothing.
    pub fn column_width(&self, at: usize) -> u16 {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(at)).map(Cell::width);
        let heading = self.columns.get(at).map_or(0, |column| width(&column.heading));
        cells.max().unwrap_or(0).max(heading)
    }

    /// Whether any column has a heading.
    pub fn has_headings(&self) -> bool {
        self.columns.iter().any(|column| !column.heading.is_empty())
    }
}

impl Primitive for Table {
    fn min_size(&self) -> (u16, u16) {
        let wide = self.column_width(0).saturating_add(2).saturating_add(self.column_width(1));
        (wide, rows(self.rows.len()).clamp(1, 2).saturating_add(u16::from(self.has_headings())))
    }

    fn best_size(&self) -> (u16, u16) {
        let columns = (0..self.columns.len()).map(|at| self.column_width(at).saturating_add(2));
        let tall = rows(self.rows.len()).saturating_add(u16::from(self.has_headings()));
        (columns.fold(0, u16::saturating_add).saturating_sub(2), tall)
    }

    fn one_line(&self) -> String {
        let first = self
            .rows
            .first()
            .map_or_else(String::new, |row| joined(row.cells.iter().map(|cell| cell.text.as_str()), " "));
        if self.rows.len() < 2 {
            first
        } else {
            format!("{}, first: {first}", counted(self.rows.len() as u64, "row"))
        }
    }

    fn speak(&self) -> Vec<String> {
        let says = |row: &Row| {
            let mut cells = row.cells.iter().zip(&self.columns);
            let about = cells.next().map_or("", |(cell, _)| cell.text.as_str());
            let rest = cells.map(|(cell, column)| joined([column.heading.as_str(), &cell.text], " "));
            sentence(about, &rest.collect::<Vec<_>>().join(", "))
        };
        self.rows.iter().map(says).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.rows.iter().map(|row| vec![&row.part]).collect()
    }
}
