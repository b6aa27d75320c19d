//! Axes: a range with round ticks.

/// What a direction of a panel measures.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// What it measures, with its unit.
    pub label: String,
    /// Its low end.
    pub from: f64,
    /// Its high end.
    pub to: f64,
    /// Whether equal steps are equal factors.
    pub log: bool,
    /// Where it has ticks, and what they say.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From `from` to `to` exactly, with about `count` round ticks in it.
    pub fn exact(label: impl Into<String>, from: f64, to: f64, count: usize) -> Self {
        let to = if to > from { to } else { from + 1.0 };
        Self { label: label.into(), from, to, log: false, ticks: ticks(from, to, count) }
    }

    /// From a round number below `from` to one above `to`; from zero, if that is near.
    pub fn round(label: impl Into<String>, from: f64, to: f64, count: usize) -> Self {
        let from = if from >= 0.0 && from <= to * 0.6 { 0.0 } else { from };
        let wide = if to > from { to - from } else { from.abs().max(1.0) };
        let step = step(wide, count);
        let low = (from / step).floor() * step;
        let high = (if to > from { to } else { from + wide } / step).ceil() * step;
        Self::exact(label, low, high, count)
    }

    /// With ticks where the values stand; `log`: where they are factors apart.
    pub fn of_values(label: impl Into<String>, values: &[(f64, String)]) -> Self {
        let low = values.iter().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
        let high = values.iter().map(|(x, _)| *x).fold(f64::NEG_INFINITY, f64::max);
        let log = low > 0.0 && high / low >= 30.0;
        // Some room at both ends, so that no marker is cut.
        let (from, to) = if log {
            let room = libm::pow(high / low, 0.04);
            (low / room, high * room)
        } else {
            let room = 0.04 * (high - low).max(f64::MIN_POSITIVE);
            (low - room, high + room)
        };
        let mut ticks = values.to_vec();
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { label: label.into(), from, to, log, ticks }
    }

    /// Words side by side, the first at 0.
    pub fn of_words(label: impl Into<String>, words: impl IntoIterator<Item = String>) -> Self {
        let ticks: Vec<(f64, String)> =
            words.into_iter().enumerate().map(|(at, word)| (at as f64, word)).collect();
        Self { label: label.into(), from: -0.6, to: ticks.len() as f64 - 0.4, log: false, ticks }
    }

    /// Where `value` stands, 0 at the low end and 1 at the high one.
    pub fn share(&self, value: f64) -> f64 {
        let share = if self.log {
            libm::log(value.max(f64::MIN_POSITIVE) / self.from) / libm::log(self.to / self.from)
        } else {
            (value - self.from) / (self.to - self.from)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The round step that cuts `wide` into about `count` pieces: 1, 2 or 5 times a power of ten.
pub fn step(wide: f64, count: usize) -> f64 {
    let rough = (wide / count.max(1) as f64).max(1e-12);
    let decade = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let place = rough / decade;
    decade
        * if place <= 1.0 + 1e-9 {
            1.0
        } else if place <= 2.0 + 1e-9 {
            2.0
        } else if place <= 5.0 + 1e-9 {
            5.0
        } else {
            10.0
        }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen at most")]
fn ticks(from: f64, to: f64, count: usize) -> Vec<(f64, String)> {
    let step = step(to - from, count);
    let first = (from / step - 1e-9).ceil();
    let many = ((to / step + 1e-9).floor() - first).clamp(0.0, 60.0) as usize;
    let decimals = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize;
    (0..=many).map(|at| (first + at as f64) * step).map(|x| (x, number(x, decimals))).collect()
}

/// A tick's number: thousands as `12k`, millions as `3M`.
fn number(x: f64, decimals: usize) -> String {
    let text = match x.abs() {
        1e6.. => format!("{:.2}", x / 1e6),
        1e4.. => format!("{:.1}", x / 1e3),
        _ => format!("{x:.decimals$}"),
    };
    let suffix = match x.abs() {
        1e6.. => "M",
        1e4.. => "k",
        _ => "",
    };
    let text =
        if suffix.is_empty() { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() };
    let text = if text.trim_matches(['-', '0', '.']).is_empty() { "0".to_owned() } else { text };
    format!("{text}{suffix}")
}
