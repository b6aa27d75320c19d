//! Space-time diagrams: nodes as lanes over time, messages as arrows between them.

use super::{Lane, Part, PartId, Tone, Window};
use crate::engine::time::Time;

/// Who did what when, and what was sent to whom.
///
/// ```text
/// S1  LLLLLLLLLLx.............
///        \  \
/// S2  FFFFFFFFFFFFFFFFn.......
///                    /
/// S3  FFFFFFFFFFFFFCCCCC......
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct SpaceTime {
    /// What the width shows.
    pub window: Window,
    /// The nodes, a lane each.
    pub nodes: Vec<Lane>,
    /// The messages.
    pub trips: Vec<Trip>,
}

/// One message on its way through space and time.
#[derive(Clone, PartialEq, Debug)]
pub struct Trip {
    /// The message.
    pub part: Part,
    /// What it says, short: `vote t4`.
    pub label: String,
    /// The id of the lane that sent it.
    pub from: PartId,
    /// The id of the lane that it goes to.
    pub to: PartId,
    /// When it left.
    pub sent: Time,
    /// What became of it.
    pub fate: Fate,
    /// How it stands.
    pub tone: Tone,
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It arrived then.
    Arrived(Time),
    /// It will arrive then.
    Due(Time),
    /// It was lost then.
    Lost(Time),
}
