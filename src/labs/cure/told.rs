//! A comparison in words and figures, the same on the screen and line by line.

use super::{Axis, Better, Cell, Kind, Mark, Plan, Table};
use crate::labs::sweep::table::digits;

/// The sign of a mark: what it is without colours.
pub const fn glyph(mark: Option<Mark>) -> char {
    match mark {
        None => ' ',
        Some(Mark::Buys) => '+',
        Some(Mark::Costs) => '-',
        Some(Mark::Same) => '=',
        Some(Mark::Mixed) => '?',
    }
}

/// The word of a mark.
pub const fn word(mark: Mark) -> &'static str {
    match mark {
        Mark::Buys => "buys",
        Mark::Costs => "costs",
        Mark::Same => "same",
        Mark::Mixed => "depends",
    }
}

/// A number of an axis: `29.8`, `never`, `-` where there was nothing to measure.
pub fn amount(number: Option<f64>) -> String {
    match number {
        None => "-".to_owned(),
        Some(x) if x.is_nan() => "-".to_owned(),
        Some(x) if x.is_infinite() => "never".to_owned(),
        Some(x) => digits(x),
    }
}

impl Axis {
    /// Which way is better, and what it is about: `cured, more is better`.
    pub fn told(&self) -> String {
        let kind = match self.kind {
            Kind::Cured => "cured",
            Kind::Paid => "paid",
        };
        let better = match self.better {
            Better::More => "more",
            Better::Less => "less",
        };
        format!("{kind}, {better} is better")
    }

    fn with_unit(&self, number: Option<f64>) -> String {
        let unit = self.measure.unit();
        let text = amount(number);
        match number {
            Some(x) if x.is_finite() && unit.starts_with('/') => format!("{text}{unit}"),
            Some(x) if x.is_finite() && !unit.is_empty() => format!("{text} {unit}"),
            _ => text,
        }
    }

    /// A cell in figures: `29.8/s, 8 of 10 runs between 28.6/s and 31.2/s`.
    pub fn figures(&self, cell: &Cell) -> String {
        let median = self.with_unit(cell.median());
        match cell.spread() {
            Some((low, high)) if amount(Some(low)) != amount(Some(high)) => {
                format!("{median}, 8 of 10 runs from {} to {}", amount(Some(low)), self.with_unit(Some(high)))
            }
            Some(_) => format!("{median} in nearly every run"),
            None => "nothing to measure".to_owned(),
        }
    }
}

impl Plan {
    /// A cell in a sentence: what it came to, and against what.
    pub fn told(&self, table: &Table, row: usize, axis: usize) -> String {
        let (Some(about), Some(cell)) = (self.axes.get(axis), table.cell(row, axis)) else {
            return String::new();
        };
        let figures = format!("{}: {}", about.name, about.figures(cell));
        let (Some(mark), Some(without)) = (cell.mark(), table.cell(0, axis)) else { return figures };
        let seeds = cell.values().len();
        let on = match mark {
            Mark::Buys => format!("better on {} of {seeds} seeds", cell.better()),
            Mark::Costs => format!("worse on {} of {seeds} seeds", cell.worse()),
            Mark::Same | Mark::Mixed => {
                format!("better on {}, worse on {} of {seeds} seeds", cell.better(), cell.worse())
            }
        };
        let without = about.with_unit(without.median());
        format!("{figures}; no remedy {without}. {}: {on}.", word(mark).to_uppercase())
    }

    /// What a remedy comes to, in a line: `buys A, B; costs C`.
    pub fn verdict(&self, table: &Table, row: usize) -> String {
        let names = |mark: Mark| -> Vec<&str> {
            table.along(row, mark, self).map(|axis| axis.name.as_str()).collect()
        };
        let part = |verb: &str, names: Vec<&str>| match names.as_slice() {
            [] => format!("{verb} nothing"),
            names => format!("{verb} {}", names.join(", ")),
        };
        let depends = names(Mark::Mixed);
        let depends = if depends.is_empty() {
            String::new()
        } else {
            format!("; depends on luck: {}", depends.join(", "))
        };
        format!("{}; {}{depends}", part("buys", names(Mark::Buys)), part("costs", names(Mark::Costs)))
    }
}
