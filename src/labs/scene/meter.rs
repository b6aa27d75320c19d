//! Meters: a value against its maximum, with the threshold that matters.

use super::words::{joined, rows, sentence, widest, width};
use super::{Part, Primitive, Tone, Unit};

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

impl Gauge {
    /// The value with its unit.
    pub fn value_text(&self) -> String {
        self.unit.text(self.value)
    }

    /// Threshold and note in one line.
    pub fn notes_text(&self) -> String {
        joined([self.threshold.as_ref().map_or("", |mark| &mark.label), &self.note], "  ")
    }

    fn text(&self) -> String {
        let of = format!("{} of {}", self.value_text(), self.unit.text(self.max));
        let mark = self.threshold.as_ref().map_or("", |mark| &mark.label);
        joined([of.as_str(), mark, &self.note], ", ")
    }
}

impl Meter {
    /// The widths of the widest label and of the widest value, be it still to come.
    pub fn head_widths(&self) -> (u16, u16) {
        let full = |gauge: &Gauge| width(&gauge.unit.text(gauge.max));
        let values = self.gauges.iter().map(|gauge| width(&gauge.value_text()).max(full(gauge)));
        (widest(self.gauges.iter().map(|gauge| gauge.label.as_str())), values.max().unwrap_or(0))
    }
}

impl Primitive for Meter {
    fn min_size(&self) -> (u16, u16) {
        let (label, value) = self.head_widths();
        (label.saturating_add(value).saturating_add(8), rows(self.gauges.len()).min(3))
    }

    fn best_size(&self) -> (u16, u16) {
        let (label, value) = self.head_widths();
        let notes = self.gauges.iter().map(|gauge| width(&gauge.notes_text())).max().unwrap_or(0);
        (label.saturating_add(value).saturating_add(notes).saturating_add(28), rows(self.gauges.len()))
    }

    fn one_line(&self) -> String {
        let gauges = self.gauges.iter().map(|gauge| format!("{} {}", gauge.label, gauge.text()));
        gauges.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        self.gauges.iter().map(|gauge| sentence(&gauge.label, &gauge.text())).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.gauges.iter().map(|gauge| vec![&gauge.part]).collect()
    }
}
