//! An observer who sees every acceptance the moment it happens, and never forgets one.
//!
//! No agent can know all this. It is what the guarantees are stated in: a value is chosen when a quorum *has accepted* it,
//! even if some of it has crashed, forgotten or accepted something else since.

use super::config::Config;
use super::learner::tally;
use super::message::{Acceptors, Proposal, Value};
use super::note::Note;

/// Two values that were chosen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Disagreement {
    /// The one with the lower ballot, and who accepted it.
    pub first: (Proposal, Acceptors),
    /// The other.
    pub second: (Proposal, Acceptors),
}

impl Disagreement {
    /// Who accepted both. One of them broke a rule, or nobody is in both.
    pub fn shared(&self) -> Acceptors {
        self.first.1.shared(self.second.1)
    }
}

/// All acceptances so far.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct History {
    quorum: usize,
    accepted: Vec<(Proposal, Acceptors)>,
}

impl History {
    /// Nothing has been accepted.
    pub fn new(config: &Config) -> Self {
        Self { quorum: config.accept_quorum(), accepted: Vec::new() }
    }

    /// Takes down what an agent told. Only acceptances count.
    pub fn note(&mut self, note: &Note) {
        if let Note::Accepted { by, proposal, .. } = *note {
            tally(&mut self.accepted, proposal, by);
        }
    }

    /// Everything that was ever accepted and by whom, by ballot.
    pub fn accepted(&self) -> &[(Proposal, Acceptors)] {
        &self.accepted
    }

    /// What is chosen, by ballot, each with its quorum. The same value may be chosen under several ballots.
    pub fn chosen(&self) -> impl Iterator<Item = (Proposal, Acceptors)> {
        self.accepted.iter().copied().filter(|(_, by)| by.len() >= self.quorum)
    }

    /// The value that is chosen; the one of the lowest ballot, if it is not the only one.
    pub fn value(&self) -> Option<Value> {
        self.chosen().next().map(|(proposal, _)| proposal.value)
    }

    /// Two values that are chosen, if there are (against agreement).
    pub fn disagreement(&self) -> Option<Disagreement> {
        let first = self.chosen().next()?;
        let second = self.chosen().find(|(proposal, _)| proposal.value != first.0.value)?;
        Some(Disagreement { first, second })
    }
}
