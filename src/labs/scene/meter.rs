//! Meters: a value against its maximum, with the threshold that matters.

use super::{Part, Tone, Unit};

/// Gauges under one another.
///
/// ```text
/// fail  55 %  [##########|#.........]  trips at 50 %
/// slow   5 %  [#.........|..........]
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Meter {
    /// The gauges.
    pub gauges: Vec<Gauge>,
}

/// One bar.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Gauge {
    /// The gauge.
    pub part: Part,
    /// What is measured.
    pub label: String,
    /// How much there is.
    pub value: f64,
    /// How much the bar can show.
    pub max: f64,
    /// What both are measured in.
    pub unit: Unit,
    /// Where something happens.
    pub threshold: Option<Threshold>,
    /// How the value stands.
    pub tone: Tone,
    /// A few words after the bar.
    pub note: String,
}

/// A mark on a bar.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Threshold {
    /// Where.
    pub at: f64,
    /// What happens there: `trips at 50 %`.
    pub label: String,
}
