//! Plots as SVG, good enough for a slide: text out, nothing else in.
//!
//! A writer of our own, since the charting libraries at hand draw fixed colours: here one file is light or dark as its
//! viewer is. Curves differ in dashes and markers as well as in colour, so they can be told apart in grey, and by those who
//! see fewer colours. Fonts are generic. Every text is escaped.
//!
//! [`of_run`] and [`of_sweep`] make a [`Figure`] out of what was run; [`Figure::svg`] lays it out and writes it.

mod axis;
mod layout;
mod marks;
mod run;
mod svg;
mod sweep;

pub use axis::Axis;
pub use run::of_run;
pub use sweep::of_sweep;

use super::sweep::Figures;

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Theme {
    /// As its viewer prefers.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A page with panels.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// What it shows.
    pub title: String,
    /// Under which circumstances.
    pub subtitle: String,
    /// The panels.
    pub panels: Vec<Panel>,
    /// How they stand.
    pub order: Order,
    /// What the curves are, each with its style.
    pub legend: Vec<(usize, String)>,
    /// What was done and what happened, on a shared time axis.
    pub marks: Vec<Mark>,
    /// What else is to be said, a line each.
    pub notes: Vec<String>,
}

/// How panels stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// One above the other, on the same horizontal axis.
    Stacked,
    /// In rows and columns, each with its own axes.
    Grid,
}

/// One pair of axes and what is drawn on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Panel {
    /// What is measured.
    pub name: String,
    /// In what; empty for a plain number.
    pub unit: String,
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// What is drawn, the last over everything.
    pub layers: Vec<Layer>,
}

/// Something drawn on a pair of axes. Styles are counted from 0.
#[derive(Clone, PartialEq, Debug)]
pub enum Layer {
    /// A curve; where there is no point it is broken.
    Line {
        /// Its style.
        style: usize,
        /// Whether its points are marked.
        marked: bool,
        /// Its points, from left to right.
        points: Vec<Option<Dot>>,
    },
    /// What lies between two curves.
    Band {
        /// Its style.
        style: usize,
        /// Where, how low and how high; broken where there is nothing.
        points: Vec<Option<(f64, f64, f64)>>,
    },
    /// Bars that stand on the lower axis: from, to, how high.
    Bars(Vec<(f64, f64, f64)>),
    /// A vertical line with a word at its top.
    Rule(f64, String),
    /// Boxes with whiskers: the median, the quartiles, p10 and p90, each at its place.
    Boxes(Vec<(f64, Figures)>),
}

/// A point of a curve.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Dot {
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
    /// Whether it stands on some of the runs only.
    pub hollow: bool,
}

/// A vertical line through every panel, with a sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Where.
    pub at: f64,
    /// Until where it lasts, if it does.
    pub until: Option<f64>,
    /// Whether somebody did it, or it happened.
    pub kind: MarkKind,
    /// What.
    pub sentence: String,
}

/// Kinds of marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// Somebody did it: numbered.
    Done,
    /// It happened: lettered.
    Happened,
}

/// A unit in words, as an axis has it.
fn spelled(unit: &str) -> String {
    match unit {
        "/s" => "per second".to_owned(),
        "s" => "seconds".to_owned(),
        unit => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests;
