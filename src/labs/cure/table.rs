//! What the runs of a comparison come to: for every remedy, along every axis, what it came to and whether that is better.

use super::{Axis, Better, Kind, LEAST_SHARE, Plan};
use crate::labs::language::Over;
use crate::labs::sweep::Figures;

/// What a remedy does along an axis, against doing nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Better on most seeds.
    Buys,
    /// Worse on most seeds.
    Costs,
    /// No difference that counts on most seeds.
    Same,
    /// None of the three on most seeds: it depends on luck.
    Mixed,
}

/// What the runs of one row gave along one axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    values: Vec<f64>,
    better: usize,
    worse: usize,
    mark: Option<Mark>,
}

/// The comparison: a row for doing nothing, then one for each remedy; a column for each axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// `values` against what no remedy gave, seed by seed.
    fn of(values: Vec<f64>, untreated: &[f64], axis: &Axis) -> Self {
        let gains: Vec<i8> =
            values.iter().zip(untreated).map(|(with, without)| gain(*with, *without, axis)).collect();
        let count = |of: i8| gains.iter().filter(|gain| **gain == of).count();
        let (better, worse, same) = (count(1), count(-1), count(0));
        let most = |count: usize| 2 * count > gains.len();
        let mark = match () {
            () if most(better) => Mark::Buys,
            () if most(worse) => Mark::Costs,
            () if most(same) => Mark::Same,
            () => Mark::Mixed,
        };
        Self { values, better, worse, mark: Some(mark) }
    }

    /// What each seed gave, in their order; infinite for what never came, `NaN` where there was nothing to measure.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// On how many seeds it is better than no remedy.
    pub const fn better(&self) -> usize {
        self.better
    }

    /// On how many seeds it is worse.
    pub const fn worse(&self) -> usize {
        self.worse
    }

    /// What the remedy does here; none in the row without a remedy.
    pub const fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// What half of the runs do not exceed, by nearest rank; none where nothing was measured.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// From where to where eight of ten runs lie.
    pub fn spread(&self) -> Option<(f64, f64)> {
        Some((self.quantile(0.1)?, self.quantile(0.9)?))
    }

    fn quantile(&self, q: f64) -> Option<f64> {
        let values: Vec<f64> = self.values.iter().copied().filter(|value| !value.is_nan()).collect();
        (!values.is_empty()).then(|| Over::Quantile(q).of(values))
    }

    /// The figures of those runs that gave a finite number.
    pub fn figures(&self) -> Option<Figures> {
        let finite: Vec<f64> = self.values.iter().copied().filter(|value| value.is_finite()).collect();
        Figures::of(&finite)
    }
}

/// Whether `with` is better than `without` by what counts (1), worse (-1), or neither.
fn gain(with: f64, without: f64, axis: &Axis) -> i8 {
    if with.is_nan() || without.is_nan() || with.to_bits() == without.to_bits() {
        return 0;
    }
    let more = with - without;
    let least = axis.least.unwrap_or_else(|| LEAST_SHARE * with.abs().max(without.abs()));
    // What never came is beyond every number, and its share would be infinite too.
    let counts = if more.is_finite() { more.abs() >= least } else { true };
    match (counts, (more > 0.0) == (axis.better == Better::More)) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => -1,
    }
}

impl Table {
    pub(super) fn of(plan: &Plan, values: impl Fn(usize, usize) -> Vec<f64>) -> Self {
        let untreated: Vec<Vec<f64>> = (0..plan.axes.len()).map(|axis| values(0, axis)).collect();
        let cell = |row: usize, (at, axis): (usize, &Axis)| match untreated.get(at) {
            Some(without) if row > 0 => Cell::of(values(row, at), without, axis),
            _ => Cell { values: values(row, at), better: 0, worse: 0, mark: None },
        };
        let row = |row: usize| plan.axes.iter().enumerate().map(|axis| cell(row, axis)).collect();
        Self { rows: (0..plan.rows()).map(row).collect() }
    }

    /// What stands in a row and a column.
    pub fn cell(&self, row: usize, axis: usize) -> Option<&Cell> {
        self.rows.get(row)?.get(axis)
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// Everything in a column.
    pub fn column(&self, axis: usize) -> impl Iterator<Item = &Cell> {
        self.rows.iter().filter_map(move |row| row.get(axis))
    }

    /// The axes along which the remedy of a row does that.
    pub fn along<'a>(&'a self, row: usize, mark: Mark, plan: &'a Plan) -> impl Iterator<Item = &'a Axis> {
        let cells = self.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        plan.axes.iter().zip(cells).filter(move |(_, cell)| cell.mark == Some(mark)).map(|(axis, _)| axis)
    }

    /// Whether the remedy of a row is better along no axis.
    pub fn is_useless(&self, row: usize, plan: &Plan) -> bool {
        self.along(row, Mark::Buys, plan).next().is_none()
    }

    /// Whether the remedy of a row is worse along no axis that tells a price.
    pub fn is_free(&self, row: usize, plan: &Plan) -> bool {
        !self.along(row, Mark::Costs, plan).any(|axis| axis.kind == Kind::Paid)
    }
}
