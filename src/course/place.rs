//! Where a piece of content stands, so that whoever judges it later can point at it.
//!
//! A place is only a number range: `Texts` turns it into a path, a line and a column.

use std::fmt;
use std::ops::Deref;

/// A stretch of one course file, in bytes of its text as loaded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Place {
    /// Which file: its index among the loaded ones.
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where it was written. Reads like the value itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed<T> {
    /// What was written.
    pub value: T,
    /// Where; for TOML strings the place includes the quotes.
    pub place: Place,
}

/// Text whose place matters: an id, a fault sentence, a condition.
pub type Name = Placed<String>;

impl<T> Placed<T> {
    /// A value with its place.
    pub const fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Placed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl PartialEq<str> for Placed<String> {
    fn eq(&self, other: &str) -> bool {
        self.value == other
    }
}

impl PartialEq<&str> for Placed<String> {
    fn eq(&self, other: &&str) -> bool {
        self.value == *other
    }
}
