//! Nodes: servers with their fields, and the messages in flight between them.

use super::{Cell, Part, PartId, Tone};
use crate::engine::time::Span;

/// A row a node, then a row a message.
///
/// ```text
///         role       term  voted  timer
/// S1  x   crashed       3  S1
/// S3  C   candidate     4  S3     votes 1/3
/// S5  |   cut off       3  S1     [#########.]
/// RequestVote t4   S3 ---o----> S4   in 5 ms
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Nodes {
    /// The names of the fields that every node shows.
    pub columns: Vec<String>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Links that carry nothing.
    pub cuts: Vec<Cut>,
    /// The messages, the next to arrive first.
    pub flights: Vec<Flight>,
}

/// One node.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Node {
    /// The node.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// Its role as a letter: `L`, `F`, `C`. Overruled by its presence if it is not up.
    pub letter: char,
    /// How it stands.
    pub tone: Tone,
    /// Whether it takes part.
    pub presence: Presence,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// Whether a node takes part.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Presence {
    /// Runs and is reachable.
    #[default]
    Up,
    /// Crashed: `x`
    Dead,
    /// Stopped for a while, without knowing: `z`
    Paused,
    /// Runs, but cut off from everyone: `|`
    Cut,
}

/// A link that carries nothing in one or both directions.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cut {
    /// The id of a node.
    pub from: PartId,
    /// The id of another.
    pub to: PartId,
    /// Whether the way back works.
    pub one_way: bool,
}

/// One message between two nodes.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Flight {
    /// The message.
    pub part: Part,
    /// What it says: `RequestVote t4`.
    pub label: String,
    /// The id of the node that sent it.
    pub from: PartId,
    /// The id of the node that it goes to.
    pub to: PartId,
    /// How far it is, as a share of its way.
    pub progress: f64,
    /// When it arrives; `None` if it never will, because the link is cut.
    pub due: Option<Span>,
    /// What it will cause, if that is known: `S4 will grant`.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
}
