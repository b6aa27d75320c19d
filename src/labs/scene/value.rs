//! Values with units, and the one place where a number becomes text.

use std::fmt;

use crate::engine::time::{Span, Time};

/// What a number counts or measures.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Unit {
    /// A bare number.
    #[default]
    None,
    /// Events a second: `30/s`.
    PerSecond,
    /// A share of one, shown as a percentage: 0.55 is `55 %`.
    Share,
    /// Seconds: `3.1 s`, or `40 ms` below one second.
    Seconds,
    /// Times as much: `x5`.
    Times,
    /// Bytes: `2.0 kB`.
    Bytes,
}

/// One value of a field, a cell or a gauge.
#[derive(Clone, PartialEq, Default, Debug)]
pub enum Value {
    /// A word or a name.
    Text(String),
    /// So many.
    Count(u64),
    /// A measured number.
    Number(f64, Unit),
    /// A length of time.
    Span(Span),
    /// An instant of the run.
    At(Time),
    /// Nothing to tell (yet).
    #[default]
    None,
}

impl Unit {
    /// `value` in this unit, short: at most three digits that matter.
    pub fn text(self, value: f64) -> String {
        if !value.is_finite() {
            return "-".to_owned();
        }
        match self {
            Self::None => bare(value),
            Self::PerSecond => format!("{}/s", short(value)),
            Self::Share => format!("{} %", short(value * 100.0)),
            Self::Seconds => seconds(value),
            Self::Times => format!("x{}", short(value)),
            Self::Bytes if value.abs() < 1000.0 => format!("{} B", short(value)),
            Self::Bytes if value.abs() < 1e6 => format!("{} kB", short(value / 1e3)),
            Self::Bytes => format!("{} MB", short(value / 1e6)),
        }
    }
}

/// A bare number: like [`short`], but below ten with three digits, since a load of 0.95 is not one of 1.
fn bare(value: f64) -> String {
    let size = value.abs();
    if (0.0995..9.995).contains(&size) {
        trimmed(value, if size < 0.9995 { 3 } else { 2 }, "")
    } else {
        short(value)
    }
}

/// A number with at most one decimal below ten, none above, and thousands as `12k`, millions as `1.2M`.
fn short(value: f64) -> String {
    let size = value.abs();
    if size >= 1e12 {
        return format!("{value:.1e}");
    }
    if size >= 1e6 {
        return trimmed(value / 1e6, 1, "M");
    }
    if size >= 1e4 {
        return trimmed(value / 1e3, 1, "k");
    }
    if size >= 9.95 { format!("{value:.0}") } else { trimmed(value, if size < 0.095 { 3 } else { 1 }, "") }
}

/// `value` with `decimals` decimals, without a tail of zeros, and no minus before a plain zero.
fn trimmed(value: f64, decimals: usize, suffix: &str) -> String {
    let text = format!("{value:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text == "-0" { "0" } else { text };
    format!("{text}{suffix}")
}

/// Seconds as the learner reads them: `3.1 s`, `40 ms`, `2 us`.
fn seconds(value: f64) -> String {
    let size = value.abs();
    if size >= 0.9995 || size == 0.0 {
        let text = if size >= 99.95 { format!("{value:.0}") } else { format!("{value:.1}") };
        format!("{text} s")
    } else if size >= 0.000_999_5 {
        format!("{} ms", short(value * 1e3))
    } else {
        format!("{} us", short(value * 1e6))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Count(count) => f.pad(&count.to_string()),
            Self::Number(value, unit) => f.pad(&unit.text(*value)),
            Self::Span(span) => f.pad(&seconds(span.secs())),
            Self::At(time) => f.pad(&format!("t {time}")),
            Self::None => f.pad("-"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<Span> for Value {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::At(time)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::from(if yes { "yes" } else { "no" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_keep_their_unit() {
        for (value, unit, text) in [
            (30.0, Unit::PerSecond, "30/s"),
            (0.55, Unit::Share, "55 %"),
            (0.002, Unit::Share, "0.2 %"),
            (3.12, Unit::Seconds, "3.1 s"),
            (5.0, Unit::Seconds, "5.0 s"),
            (0.04, Unit::Seconds, "40 ms"),
            (0.0, Unit::Seconds, "0.0 s"),
            (1_234_567.0, Unit::None, "1.2M"),
            (12_000.0, Unit::None, "12k"),
            (1e300, Unit::None, "1.0e300"),
            (-0.0001, Unit::None, "0"),
            (9.96, Unit::None, "9.96"),
            (9.996, Unit::None, "10"),
            (0.95, Unit::None, "0.95"),
            (0.4567, Unit::None, "0.457"),
            (2048.0, Unit::Bytes, "2 kB"),
            (f64::NAN, Unit::None, "-"),
        ] {
            assert_eq!(unit.text(value), text);
        }
    }
}
