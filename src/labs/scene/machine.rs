//! State machines: states, arrows, and where one stands.

use super::{Part, PartId, Tone};
use crate::engine::time::Span;

/// States in a row, arrows between them, and the current one marked.
///
/// ```text
/// CLOSED ---55 % >= 50 %---> [OPEN 3.1 s] ---5.0 s---> HALF-OPEN
///   ^--------------- 5 of 5 probes ok ---------------------+
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct StateMachine {
    /// Whose machine: `A`.
    pub owner: String,
    /// The states, in the order in which they are usually passed.
    pub states: Vec<State>,
    /// The ways between them.
    pub arrows: Vec<Arrow>,
    /// Where the machine stands: the id of a state.
    pub current: PartId,
    /// How long until it leaves by itself.
    pub remaining: Option<Span>,
}

/// One state.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct State {
    /// The state.
    pub part: Part,
    /// Its name, as the field writes it: `HALF-OPEN`.
    pub name: String,
    /// How things stand when the machine is in it.
    pub tone: Tone,
}

/// One way from a state to another.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Arrow {
    /// The id of the state that it leaves.
    pub from: PartId,
    /// The id of the state that it enters.
    pub to: PartId,
    /// On what condition.
    pub label: String,
}
