//! The proposer: it asks for promises, then for its value or the one that it must push (§2.2, phases 1a and 2a).

use super::config::{Config, Flaw};
use super::message::{Acceptors, Agent, Ballot, Body, Message, Output, Proposal, Save, Value};
use super::note::{Because, Note};

/// How far a proposer is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It has no ballot under way.
    Idle,
    /// Phase 1: it waits for promises.
    Preparing,
    /// Phase 2: it waits until its value is accepted.
    Accepting,
    /// It knows that the value is chosen.
    Done,
}

/// A promise that a proposer got.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Report {
    /// From whom.
    pub by: u8,
    /// What that one has accepted.
    pub accepted: Option<Proposal>,
}

/// One proposer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Proposer {
    config: Config,
    id: u8,
    wish: Value,
    /// The highest round that it used or heard of.
    seen: u32,
    ballot: Option<Ballot>,
    phase: Phase,
    /// By acceptor.
    reports: Vec<Report>,
    proposing: Option<(Proposal, Because)>,
    accepts: Acceptors,
    refused: Acceptors,
}

impl Proposer {
    /// A proposer that wishes for `wish` and does nothing yet.
    pub fn new(config: Config, id: u8, wish: Value) -> Self {
        Self {
            config,
            id,
            wish,
            seen: 0,
            ballot: None,
            phase: Phase::Idle,
            reports: Vec::new(),
            proposing: None,
            accepts: Acceptors::default(),
            refused: Acceptors::default(),
        }
    }

    /// A proposer that starts again. Of its disk it needs only the last round that it used, so as to use no ballot twice (§3).
    pub fn restart(config: Config, id: u8, wish: Value, used: u32) -> Self {
        let seen = if config.has(Flaw::ForgetOnRestart) { 0 } else { used };
        Self { seen, ..Self::new(config, id, wish) }
    }

    /// Begins a round with a ballot above all that it has seen, and gives up the one under way.
    pub fn start(&mut self, out: &mut Output) -> Ballot {
        self.abandon(out);
        self.seen = self.seen.saturating_add(1);
        let proposer = if self.config.has(Flaw::SameBallot) { 0 } else { self.id };
        let ballot = Ballot { round: self.seen, proposer };
        self.ballot = Some(ballot);
        self.phase = Phase::Preparing;
        out.saves.push(Save::Proposer(self.id, self.seen));
        out.notes.push(Note::Started { ballot });
        if self.config.has(Flaw::SkipPhaseOne) {
            self.propose(ballot, out);
        } else {
            self.ask(out);
        }
        ballot
    }

    /// Gives up the round under way, if there is one. What was accepted under it stays accepted, and may be chosen.
    pub fn abandon(&mut self, out: &mut Output) {
        if let Some(ballot) = self.ballot.take()
            && self.phase != Phase::Done
        {
            out.notes.push(Note::Abandoned { ballot });
        }
        self.phase = Phase::Idle;
        self.reports.clear();
        self.proposing = None;
        self.accepts = Acceptors::default();
        self.refused = Acceptors::default();
    }

    /// Sends the request of the phase under way again to all who have not answered it.
    pub fn ask(&self, out: &mut Output) {
        for acceptor in 0..self.config.acceptors {
            let body = match (self.phase, self.ballot, self.proposing) {
                (Phase::Preparing, Some(ballot), _) if !self.promises().contains(acceptor) => {
                    Body::Prepare { ballot }
                }
                (Phase::Accepting, _, Some((proposal, _))) if !self.accepts.contains(acceptor) => {
                    Body::Accept(proposal)
                }
                _ => continue,
            };
            out.send(Agent::Proposer(self.id), Agent::Acceptor(acceptor), body);
        }
    }

    /// A message arrived. One that is for another, or of a round that is over, is dropped; only the ballot in a nack counts
    /// in any case.
    pub fn step(&mut self, message: &Message, out: &mut Output) {
        let Agent::Acceptor(by) = message.from else { return };
        if message.to != Agent::Proposer(self.id) || by >= self.config.acceptors {
            return;
        }
        match message.body {
            Body::Promise { ballot, accepted }
                if self.phase == Phase::Preparing && self.ballot == Some(ballot) =>
            {
                if let Err(at) = self.reports.binary_search_by_key(&by, |report| report.by) {
                    self.reports.insert(at, Report { by, accepted });
                }
                if self.reports.len() >= self.config.promise_quorum() {
                    self.propose(ballot, out);
                }
            }
            Body::Accepted(proposal)
                if self.phase == Phase::Accepting && self.proposal() == Some(proposal) =>
            {
                self.accepts.insert(by);
                if self.accepts.len() >= self.config.accept_quorum() {
                    self.phase = Phase::Done;
                    out.notes.push(Note::Succeeded { proposal });
                }
            }
            Body::Nack { ballot, promised } => {
                self.seen = self.seen.max(promised.round);
                if self.ballot == Some(ballot) && self.phase != Phase::Done {
                    self.refused.insert(by);
                }
            }
            _ => {}
        }
    }

    /// Phase 2a. The value is that of the highest proposal among the promises, if there is any (P2c).
    fn propose(&mut self, ballot: Ballot, out: &mut Output) {
        let own = self.wish;
        let (value, because) = match self.highest() {
            _ if self.config.has(Flaw::SkipPhaseOne) => (own, Because::Unasked),
            None => (own, Because::Free),
            Some((proposal, by)) if self.config.has(Flaw::IgnoreHighestValue) => {
                (own, Because::Ignored { proposal, by })
            }
            Some((proposal, by)) => (proposal.value, Because::Told { proposal, by }),
        };
        let proposal = Proposal { ballot, value };
        self.proposing = Some((proposal, because));
        self.phase = Phase::Accepting;
        out.notes.push(Note::Proposes { proposal, because });
        self.ask(out);
    }

    /// The proposal with the highest ballot among the promises so far, and the first who told of it. It decides what is
    /// proposed once the quorum is complete.
    pub fn highest(&self) -> Option<(Proposal, u8)> {
        let told = self.reports.iter().filter_map(|report| report.accepted.map(|told| (told, report.by)));
        told.reduce(|best, next| if next.0.ballot > best.0.ballot { next } else { best })
    }

    /// Which one it is.
    pub fn id(&self) -> u8 {
        self.id
    }

    /// The value that it would like to be chosen.
    pub fn wish(&self) -> Value {
        self.wish
    }

    /// How far it is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The ballot under way, or with which it succeeded.
    pub fn ballot(&self) -> Option<Ballot> {
        self.ballot
    }

    /// The highest round that it used or heard of. Its next one is above.
    pub fn seen(&self) -> u32 {
        self.seen
    }

    /// The promises that it has for its ballot, by acceptor. Those after the quorum are not looked at.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// Who promised.
    pub fn promises(&self) -> Acceptors {
        self.reports.iter().map(|report| report.by).collect()
    }

    /// What it asks to accept.
    pub fn proposal(&self) -> Option<Proposal> {
        self.proposing.map(|(proposal, _)| proposal)
    }

    /// Why it asks for this value.
    pub fn because(&self) -> Option<Because> {
        self.proposing.map(|(_, because)| because)
    }

    /// Who accepted, as far as it knows.
    pub fn accepts(&self) -> Acceptors {
        self.accepts
    }

    /// Who refused this ballot in either phase, as far as it knows.
    pub fn refused(&self) -> Acceptors {
        self.refused
    }

    /// So many refused that this round can't succeed: who has promised a higher ballot refuses this one for ever.
    pub fn hopeless(&self) -> bool {
        let left = usize::from(self.config.acceptors).saturating_sub(self.refused.len());
        match self.phase {
            Phase::Idle | Phase::Done => false,
            Phase::Preparing => left < self.config.promise_quorum(),
            Phase::Accepting => left < self.config.accept_quorum(),
        }
    }

    /// The value that it knows to be chosen.
    pub fn chosen(&self) -> Option<Value> {
        self.proposal().filter(|_| self.phase == Phase::Done).map(|proposal| proposal.value)
    }
}
