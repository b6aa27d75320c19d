//! Lanes: named rows over time, made of stretches and marks.

use super::{Part, Tone};
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
    /// What it is.
    pub label: String,
    /// How it stands.
    pub tone: Tone,
}
