//! Lanes: named rows over time, made of stretches and marks.

use super::words::{joined, rows, sentence, widest};
use super::{FULL_WIDTH, Part, Primitive, Tone, Value};
use crate::engine::time::Time;

/// Lanes on one time axis: belief, lease and storage side by side.
///
/// ```text
/// A thinks  [holds......................]
/// lease A   [33.........]expired
/// storage                      34  33!
///           0 s       2 s       4 s     @
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Lanes {
    /// What the width shows.
    pub window: Window,
    /// The lanes, top to bottom.
    pub lanes: Vec<Lane>,
}

/// The part of time that a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Window {
    /// The left edge.
    pub from: Time,
    /// The right edge.
    pub to: Time,
    /// The present, drawn as `@`; at or after `to` if the window ends with it.
    pub now: Time,
}

/// One row over time.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Lane {
    /// The lane.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// What lasts, in order of time.
    pub stretches: Vec<Stretch>,
    /// What happens at an instant, in order of time.
    pub marks: Vec<Mark>,
}

/// Something that lasts.
#[derive(Clone, PartialEq, Debug)]
pub struct Stretch {
    /// When it begins.
    pub from: Time,
    /// When it ends; `Time::NEVER` if it has not.
    pub to: Time,
    /// The letter that fills it: `L` leads, `z` paused, `#` holds.
    pub letter: char,
    /// What it is, written into it where it fits: `token 33`.
    pub label: String,
    /// How it stands.
    pub tone: Tone,
}

/// Something that happens at an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// Its letter.
    pub letter: char,
    /// What it is, written behind the letter where it fits; instead of it, if it begins with the letter.
    pub label: String,
    /// How it stands.
    pub tone: Tone,
}

impl Mark {
    /// What it is in words: its label, or its letter.
    pub fn words(&self) -> String {
        if self.label.is_empty() { self.letter.to_string() } else { self.label.clone() }
    }
}

impl Window {
    /// The part of time that ends with the present.
    pub const fn until(from: Time, now: Time) -> Self {
        Self { from, to: now, now }
    }
}

impl Stretch {
    /// Whether it lasts at `time`.
    pub fn covers(&self, time: Time) -> bool {
        self.from <= time && time < self.to
    }

    /// What it is in words: its label, or its letter.
    pub fn words(&self) -> String {
        if self.label.is_empty() { self.letter.to_string() } else { self.label.clone() }
    }
}

impl Lane {
    /// What lasts at `time`: the latest that does.
    pub fn at(&self, time: Time) -> Option<&Stretch> {
        self.stretches.iter().rev().find(|stretch| stretch.covers(time))
    }

    /// `holds since t 2.000; last: w 33 at t 6.800`, from the point of view of `window`.
    pub(super) fn speak(&self, window: Window) -> String {
        let lasting = self.at(window.now).map_or_else(
            || "nothing now".to_owned(),
            |stretch| format!("{} since {}", stretch.words(), Value::from(stretch.from)),
        );
        let past = self.marks.iter().rfind(|mark| mark.at <= window.now);
        let last = past.map_or_else(String::new, |mark| {
            format!("last event {} at {}", mark.words(), Value::from(mark.at))
        });
        let lasting = if self.stretches.is_empty() { String::new() } else { lasting };
        sentence(&self.label, &joined([lasting.as_str(), &last], "; "))
    }
}

impl Primitive for Lanes {
    fn min_size(&self) -> (u16, u16) {
        let labels = widest(self.lanes.iter().map(|lane| lane.label.as_str()));
        (labels.saturating_add(14), rows(self.lanes.len()).min(5))
    }

    fn best_size(&self) -> (u16, u16) {
        (FULL_WIDTH, rows(self.lanes.len().saturating_add(1)))
    }

    fn one_line(&self) -> String {
        let lanes = self.lanes.iter().filter_map(|lane| {
            let stretch = lane.at(self.window.now)?;
            Some(format!("{} {}", lane.label, stretch.words()))
        });
        lanes.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        self.lanes.iter().map(|lane| lane.speak(self.window)).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.lanes.iter().map(|lane| vec![&lane.part]).collect()
    }
}
