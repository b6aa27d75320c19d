//! The acceptor: it promises, accepts, and remembers (§2.2, phases 1b and 2b).

use super::config::{Config, Flaw};
use super::message::{Agent, Ballot, Body, Message, Output, Proposal, Save};
use super::note::Note;

/// What an acceptor must remember for ever. On disk before it answers (§3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Promised {
    /// It takes no part in ballots below this one.
    pub ballot: Option<Ballot>,
    /// What it accepted last.
    pub accepted: Option<Proposal>,
}

/// One acceptor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Acceptor {
    config: Config,
    id: u8,
    disk: Promised,
}

impl Acceptor {
    /// An acceptor that has promised nothing. One that lost its disk is *not* that: it may have accepted what a quorum counts
    /// on, and must not come back under its old name.
    pub fn new(config: Config, id: u8) -> Self {
        Self { config, id, disk: Promised::default() }
    }

    /// An acceptor that starts again with what is on its disk.
    pub fn restart(config: Config, id: u8, disk: Promised) -> Self {
        let disk = if config.has(Flaw::ForgetOnRestart) { Promised::default() } else { disk };
        Self { config, id, disk }
    }

    /// A message arrived. One that is for another is dropped.
    pub fn step(&mut self, message: &Message, out: &mut Output) {
        let me = Agent::Acceptor(self.id);
        if message.to != me {
            return;
        }
        match message.body {
            Body::Prepare { ballot } => {
                if !self.would_promise(ballot) {
                    return self.refuse(message.from, ballot, out);
                }
                let accepted = self.disk.accepted;
                self.write(Promised { ballot: Some(ballot), accepted }, out);
                out.notes.push(Note::Promised { by: self.id, ballot, told: accepted });
                out.send(me, message.from, Body::Promise { ballot, accepted });
            }
            Body::Accept(proposal) => {
                if !self.would_accept(proposal.ballot) {
                    return self.refuse(message.from, proposal.ballot, out);
                }
                let broke = self.disk.ballot.filter(|&promised| promised > proposal.ballot);
                // Who accepts a ballot has also promised it, asked or not.
                let ballot = self.disk.ballot.max(Some(proposal.ballot));
                self.write(Promised { ballot, accepted: Some(proposal) }, out);
                out.notes.push(Note::Accepted { by: self.id, proposal, broke });
                out.send(me, message.from, Body::Accepted(proposal));
                for learner in 0..self.config.learners {
                    out.send(me, Agent::Learner(learner), Body::Accepted(proposal));
                }
            }
            Body::Promise { .. } | Body::Accepted(_) | Body::Nack { .. } => {}
        }
    }

    /// Whether it would answer a prepare with a promise. The paper asks for a ballot above all before; the same one again is
    /// the same request again, as ballots are unique, and gets the same answer.
    pub fn would_promise(&self, ballot: Ballot) -> bool {
        self.disk.ballot.is_none_or(|promised| ballot >= promised)
    }

    /// Whether it would accept a proposal under this ballot.
    pub fn would_accept(&self, ballot: Ballot) -> bool {
        self.would_promise(ballot) || self.config.has(Flaw::BreakPromise)
    }

    fn refuse(&self, to: Agent, ballot: Ballot, out: &mut Output) {
        let Some(promised) = self.disk.ballot else { return };
        out.notes.push(Note::Refused { by: self.id, ballot, promised });
        if self.config.nacks {
            out.send(Agent::Acceptor(self.id), to, Body::Nack { ballot, promised });
        }
    }

    fn write(&mut self, disk: Promised, out: &mut Output) {
        if disk != self.disk {
            self.disk = disk;
            out.saves.push(Save::Acceptor(self.id, disk));
        }
    }

    /// Which one it is.
    pub fn id(&self) -> u8 {
        self.id
    }

    /// The ballot below which it takes no part.
    pub fn promised(&self) -> Option<Ballot> {
        self.disk.ballot
    }

    /// What it accepted last.
    pub fn accepted(&self) -> Option<Proposal> {
        self.disk.accepted
    }

    /// What it has to find on its disk after a restart.
    pub fn disk(&self) -> Promised {
        self.disk
    }
}
