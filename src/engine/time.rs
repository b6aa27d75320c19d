//! Virtual time: whole nanoseconds since the start of a run. No floats are stored, so nothing drifts.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

/// An instant of virtual time: nanoseconds since the run began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Time(u64);

/// A length of virtual time, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Span(u64);

impl Time {
    /// The start of every run.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// The instant `ns` nanoseconds after the start.
    pub const fn from_nanos(ns: u64) -> Self {
        Self(ns)
    }

    /// The instant `ms` milliseconds after the start.
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000_000))
    }

    /// The instant `s` seconds after the start.
    pub const fn from_secs(s: u64) -> Self {
        Self(s.saturating_mul(1_000_000_000))
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the start, cut.
    pub const fn millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Whole seconds since the start, cut.
    pub const fn whole_secs(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// Seconds since the start, for display and plots only.
    pub fn secs(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// How long ago `earlier` was; zero if it is not earlier.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `ns` nanoseconds.
    pub const fn from_nanos(ns: u64) -> Self {
        Self(ns)
    }

    /// A span of `ms` milliseconds.
    pub const fn from_millis(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000_000))
    }

    /// A span of `s` seconds.
    pub const fn from_secs(s: u64) -> Self {
        Self(s.saturating_mul(1_000_000_000))
    }

    /// The span nearest to `s` seconds; negative and NaN give zero, too large gives the largest.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
    pub fn from_secs_f64(s: f64) -> Self {
        Self((s * 1e9 + 0.5) as u64)
    }

    /// Length in nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Length in whole milliseconds, cut.
    pub const fn millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Length in seconds, for samplers, display and plots.
    pub fn secs(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// `factor` times as long; see [`Span::from_secs_f64`] for the edges.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self::from_secs_f64(self.secs() * factor)
    }

    /// The difference, zero if `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Seconds with three decimals: `18.113`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000_000_000, self.0 / 1_000_000 % 1000)
    }
}

/// The shortest exact form in the largest unit that keeps it a short number: `1s`, `2.5s`, `150ms`, `80us`, `7ns`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = match self.0 {
            0 => return f.write_str("0s"),
            n if n >= 1_000_000_000 => ("s", 1_000_000_000),
            n if n >= 1_000_000 => ("ms", 1_000_000),
            n if n >= 1_000 => ("us", 1_000),
            _ => ("ns", 1),
        };
        let (whole, rest) = (self.0 / size, self.0 % size);
        if rest == 0 {
            return write!(f, "{whole}{unit}");
        }
        let digits = format!("{:0width$}", rest, width = size.ilog10() as usize);
        write!(f, "{whole}.{}{unit}", digits.trim_end_matches('0'))
    }
}

/// Why a text is not a span of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a time such as 2s, 1.5s, 150ms or 3m was expected")]
pub struct NotASpan;

impl FromStr for Span {
    type Err = NotASpan;

    /// Reads a number with a unit: `ns`, `us`, `ms`, `s`, `m` or `h`. A bare number has no meaning, except `0`.
    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let text = text.trim();
        if text == "0" {
            return Ok(Self::ZERO);
        }
        let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or(NotASpan)?;
        let (number, unit) = text.split_at(split);
        let size: u64 = match unit {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" | "min" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(NotASpan),
        };
        let number = number.trim_end();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') || fraction.len() > 12
        {
            return Err(NotASpan);
        }
        let mut nanos = whole.parse::<u64>().ok().and_then(|n| n.checked_mul(size)).ok_or(NotASpan)?;
        let mut place = size;
        for digit in fraction.bytes() {
            if !digit.is_ascii_digit() {
                return Err(NotASpan);
            }
            place /= 10;
            nanos = nanos.checked_add(u64::from(digit - b'0') * place).ok_or(NotASpan)?;
        }
        Ok(Self(nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_back_as_they_print() {
        for text in ["0s", "7ns", "80us", "150ms", "1.5s", "2s", "90s", "1.687s", "1.000000001s"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string(), text);
        }
        assert_eq!("3m".parse(), Ok(Span::from_secs(180)));
        assert_eq!("0".parse(), Ok(Span::ZERO));
    }

    #[test]
    fn what_is_not_a_span_is_refused() {
        for text in ["", "5", "s", "1,5s", "-1s", "1.5.2s", "1e3s", "10 parsecs", "99999999999h"] {
            assert_eq!(text.parse::<Span>(), Err(NotASpan), "{text}");
        }
    }

    #[test]
    fn time_moves_by_spans_and_never_below_zero() {
        let t = Time::from_millis(1500);
        assert_eq!((t + Span::from_millis(250)).to_string(), "1.750");
        assert_eq!(t - Span::from_secs(9), Time::ZERO);
        assert_eq!(Time::ZERO.since(t), Span::ZERO);
    }
}
