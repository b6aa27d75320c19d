//! Space-time diagrams: nodes as lanes over time, messages as arrows between them.

use super::words::{counted, rows, widest};
use super::{FULL_WIDTH, Lane, Part, PartId, Primitive, Tone, Value, Window};
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

impl Fate {
    /// When it ends.
    pub const fn at(self) -> Time {
        match self {
            Self::Arrived(at) | Self::Due(at) | Self::Lost(at) => at,
        }
    }
}

impl SpaceTime {
    /// The row of the lane of this id.
    pub fn row(&self, id: &PartId) -> Option<usize> {
        self.nodes.iter().position(|lane| lane.part.id == *id)
    }

    /// The name of the lane of this id, or the id itself.
    pub fn name<'a>(&'a self, id: &'a PartId) -> &'a str {
        self.nodes.iter().find(|lane| lane.part.id == *id).map_or(id.as_str(), |lane| &lane.label)
    }
}

impl Primitive for SpaceTime {
    fn min_size(&self) -> (u16, u16) {
        let labels = widest(self.nodes.iter().map(|lane| lane.label.as_str()));
        (labels.saturating_add(20), rows(self.nodes.len()).min(3))
    }

    fn best_size(&self) -> (u16, u16) {
        (FULL_WIDTH, rows(self.nodes.len().saturating_mul(3).saturating_sub(1)))
    }

    fn one_line(&self) -> String {
        let lanes = self.nodes.iter().filter_map(|lane| {
            let stretch = lane.at(self.window.now)?;
            Some(format!("{} {}", lane.label, stretch.words()))
        });
        lanes.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        let mut said: Vec<String> = self.nodes.iter().map(|lane| lane.speak(self.window)).collect();
        let lost = self.trips.iter().filter(|trip| matches!(trip.fate, Fate::Lost(_))).count() as u64;
        let due = self.trips.iter().filter(|trip| matches!(trip.fate, Fate::Due(_)));
        said.extend(due.map(|trip| {
            let (from, to) = (self.name(&trip.from), self.name(&trip.to));
            match trip.fate.at() {
                Time::NEVER => format!("{} from {from} to {to}, not delivered yet.", trip.label),
                at => format!("{} from {from} to {to}, due at {}.", trip.label, Value::from(at)),
            }
        }));
        if lost > 0 {
            said.push(format!("{} lost.", counted(lost, "message")));
        }
        said
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        let nodes = self.nodes.iter().map(|lane| vec![&lane.part]);
        nodes.chain(self.trips.iter().map(|trip| vec![&trip.part])).collect()
    }
}
