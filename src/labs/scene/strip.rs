//! Strips: series over time, a line each, with the last value at the right.

use super::{Mark, Part, Stretch, Tone, Unit, Window};

/// Tracks on one time axis.
///
/// ```text
/// ok/s      ####++++==--::.....      0.0
/// state A   CCCCCCCCCCCOOOOOOOOO    open
/// events    ....2......O........
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Strip {
    /// What the width shows.
    pub window: Window,
    /// The tracks, top to bottom; the last are the first to be hidden.
    pub rows: Vec<TrackRow>,
}

/// One line of a strip.
#[derive(Clone, PartialEq, Debug)]
pub struct TrackRow {
    /// The series.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// What it shows.
    pub track: Track,
}

/// What a line of a strip shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Track {
    /// A number over time, as bars.
    Bars {
        /// Samples, evenly spread over the window, oldest first; `None` where there is no value.
        samples: Vec<Option<f64>>,
        /// What a full bar means; 0 takes the largest sample.
        max: f64,
        /// The value now, at the right edge.
        last: Option<f64>,
        /// What they are measured in.
        unit: Unit,
        /// How a high bar stands.
        tone: Tone,
    },
    /// Which state held when, a letter each.
    States(Vec<Stretch>),
    /// What happened when, a letter each.
    Marks(Vec<Mark>),
}
