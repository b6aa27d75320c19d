//! State machines: states, arrows, and where one stands.

use super::words::{joined, rows, sentence, width};
use super::{Part, PartId, Primitive, Tone, Value};
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

impl StateMachine {
    /// The state of this id.
    pub fn state(&self, id: &PartId) -> Option<&State> {
        self.states.iter().find(|state| state.part.id == *id)
    }

    /// The name of the state of this id, or the id itself.
    pub fn name<'a>(&'a self, id: &'a PartId) -> &'a str {
        self.state(id).map_or(id.as_str(), |state| &state.name)
    }

    /// `3.1 s left`; empty if it does not leave by itself.
    pub fn remaining_text(&self) -> String {
        self.remaining.map_or_else(String::new, |span| format!("{} left", Value::from(span)))
    }

    /// The position of an arrow's ends in the row of states.
    pub fn ends(&self, arrow: &Arrow) -> Option<(usize, usize)> {
        let place = |id: &PartId| self.states.iter().position(|state| state.part.id == *id);
        Some((place(&arrow.from)?, place(&arrow.to)?))
    }
}

impl Primitive for StateMachine {
    fn min_size(&self) -> (u16, u16) {
        let names = self.states.iter().map(|state| width(&state.name)).max().unwrap_or(0);
        (names.saturating_add(12), 2)
    }

    fn best_size(&self) -> (u16, u16) {
        let names =
            self.states.iter().map(|state| width(&state.name).saturating_add(2)).fold(0, u16::saturating_add);
        let forward = |arrow: &&Arrow| self.ends(arrow).is_some_and(|(from, to)| to == from + 1);
        let labels = self.arrows.iter().filter(forward).map(|arrow| width(&arrow.label).saturating_add(10));
        let routes = self.arrows.iter().filter(|arrow| !forward(arrow)).count();
        let wide = names.saturating_add(labels.fold(0, u16::saturating_add));
        (wide.saturating_add(width(&self.remaining_text())), rows(routes.saturating_add(1)))
    }

    fn one_line(&self) -> String {
        let left = self.remaining_text();
        joined([self.owner.as_str(), &joined([self.name(&self.current), &left], ", ")], ": ")
    }

    fn speak(&self) -> Vec<String> {
        if self.states.is_empty() {
            return Vec::new();
        }
        let mut said = vec![sentence(&self.one_line(), "")];
        for arrow in self.arrows.iter().filter(|arrow| arrow.from == self.current) {
            said.push(format!("Leads to {}: {}.", self.name(&arrow.to), arrow.label));
        }
        said
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        vec![self.states.iter().map(|state| &state.part).collect()]
    }
}
