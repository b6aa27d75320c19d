//! The learner: it hears of acceptances and puts two and two together (§2.3).

use super::config::Config;
use super::message::{Acceptors, Agent, Body, Message, Output, Proposal, Value};
use super::note::Note;

/// One learner.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Learner {
    config: Config,
    id: u8,
    heard: Vec<(Proposal, Acceptors)>,
    learned: Option<Value>,
}

impl Learner {
    /// A learner who has heard nothing.
    pub fn new(config: Config, id: u8) -> Self {
        Self { config, id, heard: Vec::new(), learned: None }
    }

    /// A message arrived. One that is for another is dropped.
    pub fn step(&mut self, message: &Message, out: &mut Output) {
        let (Agent::Acceptor(by), Body::Accepted(proposal)) = (message.from, message.body) else { return };
        if message.to != Agent::Learner(self.id) || by >= self.config.acceptors {
            return;
        }
        let count = tally(&mut self.heard, proposal, by).len();
        if count >= self.config.accept_quorum() && self.learned.is_none() {
            self.learned = Some(proposal.value);
            out.notes.push(Note::Learned { by: self.id, value: proposal.value });
        }
    }

    /// Which one it is.
    pub fn id(&self) -> u8 {
        self.id
    }

    /// What it has heard: who accepted each proposal.
    pub fn heard(&self) -> &[(Proposal, Acceptors)] {
        &self.heard
    }

    /// What it knows to be chosen. It never changes its mind.
    pub fn learned(&self) -> Option<Value> {
        self.learned
    }
}

/// Adds an acceptance to a list by proposal; who has accepted that proposal by now.
pub(super) fn tally(list: &mut Vec<(Proposal, Acceptors)>, proposal: Proposal, by: u8) -> Acceptors {
    let at = match list.binary_search_by_key(&proposal, |&(proposal, _)| proposal) {
        Ok(at) => at,
        Err(at) => {
            list.insert(at, (proposal, Acceptors::default()));
            at
        }
    };
    list[at].1.insert(by);
    list[at].1
}
