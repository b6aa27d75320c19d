//! Readings: named numbers and states that can be read off a lab, now and second by second.

use std::fmt;

use crate::engine::time::Time;

/// A reading, as a lab's specification lists it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ReadingSpec {
    /// Its name in files and commands. Names that end in `_s` are seconds, in `_per_s` rates.
    pub name: &'static str,
    /// What kind of quantity it is.
    pub kind: Quantity,
    /// One line of meaning.
    pub meaning: &'static str,
}

/// Kinds of quantities.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Quantity {
    /// How often per second, over the last full second: the growth of the total of that name.
    Rate(&'static str),
    /// Measured over the last full second, in the unit given.
    PerSecond(&'static str),
    /// How often since the start.
    Total,
    /// A value at this instant, in the unit given.
    Level(&'static str),
    /// When something happened, in seconds; none until it does.
    Moment,
    /// One of several words.
    State(&'static [&'static str]),
}

/// What a reading shows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value {
    /// Nothing to measure yet.
    None,
    /// A number in SI units.
    Number(f64),
    /// A state.
    Word(&'static str),
}

impl Value {
    /// The number, if it is one.
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(x),
            Self::None | Self::Word(_) => None,
        }
    }
}

/// With as many digits as help: `0.265`, `24.8`, `1043`; `-` for nothing.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("-"),
            Self::Word(word) => f.write_str(word),
            Self::Number(x) => f.write_str(&short(*x)),
        }
    }
}

/// A number with about three digits, whole numbers whole.
pub fn short(x: f64) -> String {
    let magnitude = x.abs();
    if magnitude >= 100.0 || x.fract() == 0.0 {
        format!("{x:.0}")
    } else if magnitude >= 10.0 {
        format!("{x:.1}")
    } else {
        let text = format!("{x:.3}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }
}

impl ReadingSpec {
    /// The reading `name`.
    pub const fn new(name: &'static str, kind: Quantity, meaning: &'static str) -> Self {
        Self { name, kind, meaning }
    }

    /// The value that `number` stands for; `NaN` is nothing, states are their index.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index, put by Row")]
    pub fn value(&self, number: f64) -> Value {
        match self.kind {
            _ if number.is_nan() => Value::None,
            Quantity::State(words) => {
                words.get(number as usize).map_or(Value::None, |word| Value::Word(word))
            }
            _ => Value::Number(number),
        }
    }

    /// Its unit as a screen shows it, or empty.
    pub const fn unit(&self) -> &'static str {
        match self.kind {
            Quantity::Rate(_) => "/s",
            Quantity::PerSecond(unit) | Quantity::Level(unit) => unit,
            Quantity::Moment => "s",
            Quantity::Total | Quantity::State(_) => "",
        }
    }
}

/// The readings of a lab at one instant, in the making.
#[derive(Debug)]
pub struct Row {
    specs: &'static [ReadingSpec],
    values: Vec<f64>,
    /// Where the next name is looked for: models put readings in the order of the specification.
    cursor: usize,
}

impl Row {
    /// Nothing put yet.
    pub fn new(specs: &'static [ReadingSpec]) -> Self {
        Self { specs, values: vec![f64::NAN; specs.len()], cursor: 0 }
    }

    /// Puts a number.
    pub fn put(&mut self, name: &str, number: f64) {
        let (before, after) = self.specs.split_at(self.cursor);
        let found = after.iter().position(|spec| spec.name == name).map(|i| i + self.cursor);
        if let Some(index) = found.or_else(|| before.iter().position(|spec| spec.name == name)) {
            self.values[index] = number;
            self.cursor = index;
        }
        debug_assert_eq!(self.specs[self.cursor].name, name, "a reading that is not in the specification");
    }

    /// Puts a count.
    pub fn count(&mut self, name: &str, count: u64) {
        self.put(name, count as f64);
    }

    /// Puts a moment that may not have come yet.
    pub fn moment(&mut self, name: &str, at: Option<Time>) {
        self.put(name, at.map_or(f64::NAN, Time::secs));
    }

    /// Puts a state.
    pub fn state(&mut self, name: &str, word: &str) {
        let spec = self.specs.iter().find(|spec| spec.name == name);
        if let Some(ReadingSpec { kind: Quantity::State(words), .. }) = spec
            && let Some(index) = words.iter().position(|w| *w == word)
        {
            self.put(name, index as f64);
        }
    }

    /// Fills in the rates: what the totals have grown by since `previous` (empty: since nothing).
    pub fn rates(&mut self, previous: &[f64]) {
        for i in 0..self.specs.len() {
            if let Quantity::Rate(total) = self.specs[i].kind
                && let Some(of) = self.specs.iter().position(|spec| spec.name == total)
            {
                self.values[i] = self.values[of] - previous.get(of).copied().unwrap_or(0.0);
            }
        }
    }

    /// Takes what is measured by the second from the row of the last full one.
    pub fn keep_measured(&mut self, last: &[f64]) {
        for (i, spec) in self.specs.iter().enumerate() {
            if matches!(spec.kind, Quantity::Rate(_) | Quantity::PerSecond(_)) {
                self.values[i] = last.get(i).copied().unwrap_or(f64::NAN);
            }
        }
    }

    /// The value at `index`.
    pub fn value(&self, index: usize) -> Value {
        match (self.specs.get(index), self.values.get(index)) {
            (Some(spec), Some(number)) => spec.value(*number),
            _ => Value::None,
        }
    }

    /// The numbers, in the order of the specification.
    pub fn into_values(self) -> Vec<f64> {
        self.values
    }
}
