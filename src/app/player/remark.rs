//! What the player has to say about a command: done, or why not.

use std::fmt;
use std::time::Duration;

use crate::labs::text::Misread;

/// How long a remark stays while the lab runs. While it stands, it stays until the next command.
const STAYS: Duration = Duration::from_secs(5);

/// A sentence about the last command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// The sentence.
    pub text: String,
    /// Whether the command was carried out.
    pub outcome: Outcome,
    left: Duration,
}

impl Remark {
    pub(super) const fn new(outcome: Outcome, text: String) -> Self {
        Self { text, outcome, left: STAYS }
    }

    /// The remark after so much more time, if it stays that long.
    pub(super) fn after(self, elapsed: Duration) -> Option<Self> {
        let left = self.left.checked_sub(elapsed).filter(|left| !left.is_zero())?;
        Some(Self { left, ..self })
    }
}

/// Whether a command was carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was.
    Done,
    /// It was not.
    Refused,
}

/// Why something was not done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// The words were not understood.
    Misread(Misread),
    /// Understood, but it makes no sense now; a sentence.
    Senseless(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misread(misread) => misread.fmt(f),
            Self::Senseless(sentence) => f.write_str(sentence),
        }
    }
}
