//! Strips: series over time, a line each, with the last value at the right.

use super::words::{counted, rows, sentence, widest};
use super::{FULL_WIDTH, Mark, Part, Primitive, Stretch, Tone, Unit, Value, Window};

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

impl TrackRow {
    /// A track of a number over time.
    pub fn bars(label: impl Into<String>, unit: Unit, samples: Vec<Option<f64>>) -> Self {
        let last = samples.last().copied().flatten();
        let track = Track::Bars { samples, max: 0.0, last, unit, tone: Tone::Plain };
        Self { part: Part::default(), label: label.into(), track }
    }

    /// What stands at its right edge: the value now.
    pub fn last_text(&self, window: Window) -> String {
        match &self.track {
            Track::Bars { last, unit, .. } => last.map_or_else(|| "-".to_owned(), |value| unit.text(value)),
            Track::States(stretches) => {
                stretches.iter().rev().find(|s| s.covers(window.now)).map_or_else(String::new, Stretch::words)
            }
            Track::Marks(_) => String::new(),
        }
    }

    fn speak(&self, window: Window) -> String {
        let now = self.last_text(window);
        let says = match &self.track {
            Track::Bars { samples, unit, .. } => {
                let known = || samples.iter().flatten().copied().filter(|value| value.is_finite());
                let (low, high) =
                    (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
                if low > high {
                    now
                } else {
                    format!("{now} now, {} to {} before", unit.text(low), unit.text(high))
                }
            }
            Track::States(_) => now,
            Track::Marks(marks) => marks.last().map_or_else(String::new, |mark| {
                let events = counted(marks.len() as u64, "event");
                format!("{events}, last {} at {}", mark.words(), Value::from(mark.at))
            }),
        };
        sentence(&self.label, &says)
    }
}

impl Primitive for Strip {
    fn min_size(&self) -> (u16, u16) {
        (
            widest(self.rows.iter().map(|row| row.label.as_str())).saturating_add(20),
            rows(self.rows.len()).min(2),
        )
    }

    fn best_size(&self) -> (u16, u16) {
        (FULL_WIDTH, rows(self.rows.len().saturating_add(1)))
    }

    fn one_line(&self) -> String {
        let told = self.rows.iter().filter(|row| !matches!(row.track, Track::Marks(_)));
        let rows = told.map(|row| format!("{} {}", row.label, row.last_text(self.window)));
        rows.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.speak(self.window)).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.rows.iter().map(|row| vec![&row.part]).collect()
    }
}
