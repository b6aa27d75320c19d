//! Outcomes: the last calls of each caller, a letter each, newest right.

use super::{Part, Tone};

/// Named lanes of outcomes.
///
/// ```text
/// A  ..x.xx.s.xxx.x.xx.xx|-----   fail 55 %  n 20/20  TRIPPED
/// B  ..x....x..                   fail 20 %  n 10/10  below 50 %
///    . ok  x error  s slow  - rejected
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Outcomes {
    /// One lane a caller.
    pub lanes: Vec<OutcomeLane>,
}

/// The outcomes of one caller.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct OutcomeLane {
    /// The lane.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// What the window holds, oldest first.
    pub window: Vec<Outcome>,
    /// How many the window can hold; 0 where that has no meaning.
    pub capacity: u64,
    /// What came after the window froze: calls rejected while open, probes.
    pub after: Vec<Outcome>,
    /// What follows from it, most important first: `fail 55 %`, `n 20/20`, `trips at 50 %`.
    pub notes: Vec<String>,
    /// How the lane stands.
    pub tone: Tone,
}

/// How one call ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// Answered in time: `.`
    Ok,
    /// Failed: `x`
    Error,
    /// Answered, too slowly: `s`
    Slow,
    /// Never answered: `t`
    Timeout,
    /// Refused without a call: `-`
    Rejected,
    /// Not counted: `i`
    Ignored,
    /// Done although it must not be: `!`
    Wrong,
    /// Still running: `?`
    Pending,
}

impl Outcome {
    /// Every outcome, in the order of a legend.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Error,
        Self::Slow,
        Self::Timeout,
        Self::Rejected,
        Self::Ignored,
        Self::Wrong,
        Self::Pending,
    ];

    /// Its letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Ok => '.',
            Self::Error => 'x',
            Self::Slow => 's',
            Self::Timeout => 't',
            Self::Rejected => '-',
            Self::Ignored => 'i',
            Self::Wrong => '!',
            Self::Pending => '?',
        }
    }

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Slow => "slow",
            Self::Timeout => "timeout",
            Self::Rejected => "rejected",
            Self::Ignored => "ignored",
            Self::Wrong => "wrong",
            Self::Pending => "running",
        }
    }

    /// How it stands.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Error | Self::Timeout | Self::Wrong => Tone::Bad,
            Self::Slow => Tone::Warn,
            Self::Rejected | Self::Ignored => Tone::Idle,
            Self::Pending => Tone::Accent,
        }
    }
}
