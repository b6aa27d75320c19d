//! Knobs: what a learner may set on a lab, typed, with unit, range and one line of meaning.

mod scale;

use std::fmt;

use super::text::{Misread, nearest};
use crate::engine::time::Span;

/// A knob of a lab, as its specification lists it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Knob {
    /// Its name in files and commands: `call_timeout`.
    pub name: &'static str,
    /// The heading it stands under on the bench: `traffic`.
    pub group: &'static str,
    /// What can be set.
    pub kind: Kind,
    /// Its value where no preset says otherwise, in the notation of files.
    pub default: &'static str,
    /// One line of meaning.
    pub meaning: &'static str,
    /// Whether a change acts on the running world, or needs a new run.
    pub effect: Effect,
}

/// When a changed knob takes effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// At once; the change is recorded as a perturbation.
    Live,
    /// Only in a new run, which starts with it.
    Restart,
}

/// What a [`Kind::Limit`] of "none" is kept as.
pub const NO_LIMIT: u64 = u64::MAX;

/// The type, unit and range of a knob.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// A whole number in an inclusive range.
    Count {
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// A whole number up to `max`, or none: no limit, kept as [`NO_LIMIT`].
    Limit {
        /// The largest limit.
        max: u64,
    },
    /// A number in an inclusive range.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Its unit, such as `/s`, or empty.
        unit: &'static str,
    },
    /// A share of a whole, 0 % to 100 %.
    Share,
    /// A length of time in an inclusive range.
    Span {
        /// Shortest, in milliseconds.
        min_ms: u64,
        /// Longest, in milliseconds.
        max_ms: u64,
        /// What zero means ("none"), if zero is allowed in spite of `min_ms`.
        zero: Option<&'static str>,
    },
    /// One of several words.
    Choice(&'static [&'static str]),
    /// `on` or `off`.
    Switch,
}

/// A value of a knob.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// Of [`Kind::Count`] or [`Kind::Limit`].
    Count(u64),
    /// Of [`Kind::Number`].
    Number(f64),
    /// Of [`Kind::Share`]: 0 to 1.
    Share(f64),
    /// Of [`Kind::Span`].
    Span(Span),
    /// Of [`Kind::Choice`].
    Choice(&'static str),
    /// Of [`Kind::Switch`].
    Switch(bool),
}

/// As files and commands write it: `3`, `50%`, `1.5s`, `on`, `resilience4j`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(NO_LIMIT) => f.write_str("none"),
            Self::Count(n) => write!(f, "{n}"),
            Self::Number(x) => write!(f, "{x}"),
            Self::Share(x) => match percent(*x) {
                Some(percent) => write!(f, "{percent}%"),
                None => write!(f, "{x}"),
            },
            Self::Span(span) => write!(f, "{span}"),
            Self::Choice(word) => f.write_str(word),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
        }
    }
}

/// Drops the noise of binary fractions: 55.000000000000007 is 55.
fn round(x: f64) -> f64 {
    (x * 1e6).round() / 1e6
}

/// The percentage that reads back as this very share: a round one if possible. A share that was computed may have none.
fn percent(share: f64) -> Option<f64> {
    let exact = share * 100.0;
    [round(exact), exact, exact.next_up(), exact.next_down()]
        .into_iter()
        .find(|percent| (percent / 100.0).to_bits() == share.to_bits())
}

impl Value {
    /// The value as a plain SI number, for JSON and sweeps; `None` for words and switches.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Count(NO_LIMIT) => Some(f64::INFINITY),
            Self::Count(n) => Some(n as f64),
            Self::Number(x) | Self::Share(x) => Some(x),
            Self::Span(span) => Some(span.secs()),
            Self::Choice(_) | Self::Switch(_) => None,
        }
    }
}

impl Kind {
    /// Times from a millisecond to an hour; `zero` is what zero means, if it is allowed.
    pub const fn span(zero: Option<&'static str>) -> Self {
        Self::Span { min_ms: 1, max_ms: 3_600_000, zero }
    }

    /// Whole numbers in an inclusive range.
    pub const fn count(min: u64, max: u64) -> Self {
        Self::Count { min, max }
    }
}

impl Knob {
    /// One whose change acts at once.
    pub const fn live(
        group: &'static str,
        name: &'static str,
        kind: Kind,
        default: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, group, kind, default, meaning, effect: Effect::Live }
    }

    /// One that is set before a run starts.
    pub const fn fixed(
        group: &'static str,
        name: &'static str,
        kind: Kind,
        default: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { effect: Effect::Restart, ..Self::live(group, name, kind, default, meaning) }
    }

    /// Reads a value in the notation of files; the error says what was expected.
    pub fn read(&self, text: &str) -> Result<Value, Misread> {
        let text = text.trim();
        let value = match self.kind {
            Kind::Limit { .. } if text == "none" => Some(Value::Count(NO_LIMIT)),
            Kind::Count { .. } | Kind::Limit { .. } => text.parse().ok().map(Value::Count),
            Kind::Number { unit, .. } => text
                .strip_suffix(unit)
                .unwrap_or(text)
                .trim()
                .parse()
                .ok()
                .filter(|x: &f64| x.is_finite())
                .map(Value::Number),
            Kind::Share => read_share(text).map(Value::Share),
            Kind::Span { zero, .. } => {
                if zero == Some(text) {
                    Some(Value::Span(Span::ZERO))
                } else {
                    text.parse().ok().map(Value::Span)
                }
            }
            Kind::Choice(words) => words.iter().find(|word| **word == text).map(|word| Value::Choice(word)),
            Kind::Switch => match text {
                "on" | "true" | "yes" => Some(Value::Switch(true)),
                "off" | "false" | "no" => Some(Value::Switch(false)),
                _ => None,
            },
        };
        let near =
            if let Kind::Choice(words) = self.kind { nearest(text, words.iter().copied()) } else { None };
        value.filter(|value| self.admits(*value)).ok_or_else(|| {
            let help = near.map(|word| format!("did you mean `{word}`?"));
            Misread::whole(text, format!("`{}` takes {}, not `{text}`", self.name, self.range()), help)
        })
    }

    /// Whether `value` is of this knob's type and in its range.
    pub fn admits(&self, value: Value) -> bool {
        match (self.kind, value) {
            (Kind::Count { min, max }, Value::Count(n)) => (min..=max).contains(&n),
            (Kind::Limit { max }, Value::Count(n)) => n <= max || n == NO_LIMIT,
            (Kind::Number { min, max, .. }, Value::Number(x)) => (min..=max).contains(&x),
            (Kind::Share, Value::Share(x)) => (0.0..=1.0).contains(&x),
            (Kind::Span { min_ms, max_ms, zero }, Value::Span(span)) => {
                (zero.is_some() && span == Span::ZERO)
                    || (Span::from_millis(min_ms)..=Span::from_millis(max_ms)).contains(&span)
            }
            (Kind::Choice(words), Value::Choice(word)) => words.contains(&word),
            (Kind::Switch, Value::Switch(_)) => true,
            _ => false,
        }
    }

    /// What can be set, in words: "a time from 1ms to 10m, or 0 = none".
    pub fn range(&self) -> String {
        match self.kind {
            Kind::Count { min, max } => format!("a whole number from {min} to {max}"),
            Kind::Limit { max } => format!("a whole number from 0 to {max}, or none"),
            Kind::Number { min, max, unit } => format!("a number from {min} to {max}{unit}"),
            Kind::Share => "a share from 0% to 100%".into(),
            Kind::Span { min_ms, max_ms, zero } => {
                let (min, max) = (Span::from_millis(min_ms), Span::from_millis(max_ms));
                match zero {
                    Some(word) => format!("a time from {min} to {max}, or 0 = {word}"),
                    None => format!("a time from {min} to {max}"),
                }
            }
            Kind::Choice(words) => words.join(" | "),
            Kind::Switch => "on | off".into(),
        }
    }

    /// A value as a screen shows it: zero of a time that may be absent is its word.
    pub fn show(&self, value: Value) -> String {
        match (self.kind, value) {
            (Kind::Span { zero: Some(word), .. }, Value::Span(Span::ZERO)) => word.into(),
            (Kind::Number { unit, .. }, Value::Number(_)) => format!("{value}{unit}"),
            _ => value.to_string(),
        }
    }
}

/// Reads `50%`, `0.5` or `1`.
fn read_share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok().map(|x| x / 100.0),
        None => text.parse().ok(),
    }
}

/// The setting of every knob of a lab.
#[derive(Clone, PartialEq, Debug)]
pub struct Knobs {
    list: &'static [Knob],
    values: Vec<Value>,
}

impl Knobs {
    /// Bytes that the values take.
    pub const fn bytes(&self) -> usize {
        self.values.len() * size_of::<Value>()
    }

    /// Every knob at its default. A default that its own knob refuses reads as zero; a test forbids that.
    pub fn defaults(list: &'static [Knob]) -> Self {
        let values = list.iter().map(|knob| knob.read(knob.default).unwrap_or(Value::Count(0))).collect();
        Self { list, values }
    }

    /// The knobs with their values, in the order of the specification.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Knob, Value)> {
        self.list.iter().zip(self.values.iter().copied())
    }

    /// The knob called `name` and its index; the error names the nearest.
    pub fn find(&self, name: &str) -> Result<(usize, &'static Knob), Misread> {
        self.list.iter().enumerate().find(|(_, knob)| knob.name == name).ok_or_else(|| {
            let names = || self.list.iter().map(|knob| knob.name);
            let help = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has: {}", names().collect::<Vec<_>>().join(", ")),
            };
            Misread::whole(name, format!("this lab has no knob `{name}`"), Some(help))
        })
    }

    /// Sets the knob `name` to what `text` says.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Misread> {
        let (index, knob) = self.find(name)?;
        self.values[index] = knob.read(text)?;
        Ok(())
    }

    /// Puts a value that the knob at `index` admits; anything else is left undone.
    pub fn put(&mut self, index: usize, value: Value) {
        if self.list.get(index).is_some_and(|knob| knob.admits(value)) {
            self.values[index] = value;
        }
    }

    /// The value at `index` of the specification.
    pub fn value(&self, index: usize) -> Option<Value> {
        self.values.get(index).copied()
    }

    /// The value of the knob `name`, if the lab has it.
    pub fn get(&self, name: &str) -> Option<Value> {
        let (index, _) = self.find(name).ok()?;
        self.value(index)
    }

    /// The number of a knob of kind count, number or share; 0 where there is none.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(Value::number).unwrap_or(0.0)
    }

    /// The value of a count knob; 0 where there is none.
    pub fn count(&self, name: &str) -> usize {
        match self.get(name) {
            Some(Value::Count(n)) => usize::try_from(n).unwrap_or(usize::MAX),
            _ => 0,
        }
    }

    /// The value of a span knob; zero where there is none.
    pub fn span(&self, name: &str) -> Span {
        match self.get(name) {
            Some(Value::Span(span)) => span,
            _ => Span::ZERO,
        }
    }

    /// The word of a choice knob; empty where there is none.
    pub fn word(&self, name: &str) -> &'static str {
        match self.get(name) {
            Some(Value::Choice(word)) => word,
            _ => "",
        }
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some(Value::Switch(true))
    }

    /// Whether the choice knob `name` stands on `word`.
    pub fn is(&self, name: &str, word: &str) -> bool {
        self.word(name) == word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Knob = Knob {
        name: "call_timeout",
        group: "time",
        kind: Kind::Span { min_ms: 1, max_ms: 600_000, zero: Some("none") },
        default: "1s",
        meaning: "",
        effect: Effect::Live,
    };

    #[test]
    fn a_value_out_of_range_says_what_is_expected() {
        let err = TIMEOUT.read("2h").unwrap_err();
        assert_eq!(err.message, "`call_timeout` takes a time from 1ms to 600s, or 0 = none, not `2h`");
        assert_eq!(TIMEOUT.read("none").unwrap(), Value::Span(Span::ZERO));
        assert_eq!(TIMEOUT.show(Value::Span(Span::ZERO)), "none");
    }

    #[test]
    fn a_hand_turns_a_knob_through_round_values_and_back() {
        let mut value = TIMEOUT.read("1s").unwrap();
        let mut seen = vec![];
        for _ in 0..4 {
            value = TIMEOUT.turned(value, true);
            seen.push(value.to_string());
        }
        assert_eq!(seen, ["1.5s", "2s", "3s", "5s"]);
        for _ in 0..40 {
            value = TIMEOUT.turned(value, false);
        }
        assert_eq!(TIMEOUT.show(value), "none");
        assert_eq!(TIMEOUT.turned(value, true).to_string(), "1ms");
    }

    #[test]
    fn a_rate_of_95_can_be_reached_from_70_by_hand_and_left_again() {
        let knob = Knob { kind: Kind::Number { min: 0.01, max: 1e5, unit: "/s" }, ..TIMEOUT };
        let mut value = Value::Number(70.0);
        let mut seen = vec![];
        for up in [true, true, true, true, true, true, true, false, false] {
            value = knob.turned(value, up);
            seen.push(value.to_string());
        }
        assert_eq!(seen, ["75", "80", "85", "90", "95", "100", "110", "100", "95"]);
        assert_eq!(knob.turned(Value::Number(2.0), false), Value::Number(1.9));
        assert_eq!(knob.turned(Value::Number(2.0), true), Value::Number(2.5));
    }

    #[test]
    fn counts_move_by_one_and_then_by_round_steps() {
        let knob = Knob { kind: Kind::Count { min: 1, max: 1000 }, ..TIMEOUT };
        assert_eq!(knob.turned(Value::Count(9), true), Value::Count(10));
        assert_eq!(knob.turned(Value::Count(10), true), Value::Count(11));
        assert_eq!(knob.turned(Value::Count(10), false), Value::Count(9));
        assert_eq!(knob.turned(Value::Count(1), false), Value::Count(1));
        assert_eq!(knob.turned(Value::Count(1000), true), Value::Count(1000));
    }

    #[test]
    fn a_share_reads_back_as_the_very_same() {
        let knob = Knob { kind: Kind::Share, ..TIMEOUT };
        for share in [0.0, 0.55, 0.05, 1.0 / 3.0, 0.1 + 0.2, 0.285, 1e-9, 0.999_999_999_999, 0.07 * 3.0] {
            let text = Value::Share(share).to_string();
            assert_eq!(knob.read(&text).unwrap(), Value::Share(share), "{text}");
        }
        assert_eq!(Value::Share(0.55).to_string(), "55%");
    }
}
