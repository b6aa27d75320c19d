//! Paths: curves in a plane of two quantities, such as load and goodput.

use super::words::{joined, sentence};
use super::{Part, Primitive, Tone, Unit};

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

impl Axis {
    fn at(&self, value: f64) -> String {
        joined([self.label.as_str(), &self.unit.text(value)], " ")
    }
}

impl Path {
    fn place(&self, (x, y): (f64, f64)) -> String {
        format!("{}, {}", self.x.at(x), self.y.at(y))
    }
}

impl Primitive for Path {
    fn min_size(&self) -> (u16, u16) {
        (24, 5)
    }

    fn best_size(&self) -> (u16, u16) {
        (64, 14)
    }

    fn one_line(&self) -> String {
        let points = self.points.iter().map(|point| format!("{} {}", point.letter, self.place(point.at)));
        points.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        let ends = |curve: &Curve| {
            let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else {
                return sentence(&curve.label, "nothing yet");
            };
            sentence(&curve.label, &format!("from {} to {}", self.place(*first), self.place(*last)))
        };
        let points = self.points.iter().map(|point| sentence(&point.label, &self.place(point.at)));
        self.curves.iter().map(ends).chain(points).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        let points = self.points.iter().map(|point| vec![&point.part]);
        points.chain(self.curves.iter().map(|curve| vec![&curve.part])).collect()
    }
}
