//! Paths: curves in a plane of two quantities, such as load and goodput.

use super::{Part, Tone, Unit};

/// Curves on two axes.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Path {
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// The curves; later ones are drawn over earlier ones.
    pub curves: Vec<Curve>,
    /// Single points with a letter, over everything.
    pub points: Vec<Point>,
}

/// One axis.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// In what.
    pub unit: Unit,
    /// Its low end.
    pub min: f64,
    /// Its high end.
    pub max: f64,
}

/// One curve.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Curve {
    /// The curve.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// The letter that it is drawn with.
    pub letter: char,
    /// How it stands.
    pub tone: Tone,
    /// Its points in order.
    pub points: Vec<(f64, f64)>,
}

/// One marked point.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Point {
    /// The point.
    pub part: Part,
    /// Its letter: `@` for now.
    pub letter: char,
    /// What it is.
    pub label: String,
    /// Where.
    pub at: (f64, f64),
    /// How it stands.
    pub tone: Tone,
}
