//! Schedules: messages that the learner delivers by hand, in any order, or never.

use super::{Part, Tone};

/// A list of messages.
///
/// ```text
///   15  accept(7, red)     P1 -> A    would be refused
/// > 17  promise(9, none)   A  -> P2   gives P2 its majority
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Schedule {
    /// The messages, in the order in which they were sent.
    pub pending: Vec<Pending>,
}

/// A message that waits.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Pending {
    /// The message.
    pub part: Part,
    /// Its number in the run.
    pub number: u64,
    /// What it says.
    pub label: String,
    /// Who sent it.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// What would follow if it came now.
    pub effect: String,
    /// How that stands.
    pub tone: Tone,
}
