//! A few agents, and a network from which nothing that was said ever goes away.
//!
//! Each message may be delivered at any time, any number of times, or never: so it may be lost, late, doubled and overtaken.

use std::fmt;
use std::hash::{Hash, Hasher};

use halfopen::engine::explore::fingerprint;
use halfopen::patterns::paxos::{
    Acceptor, Acceptors, Agent, Body, Config, History, Learner, Message, Note, Output, Phase, Proposal,
    Proposer, Value,
};

/// What may happen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Start(u8),
    Deliver(Message),
    Restart(u8),
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = |agent| match agent {
            Agent::Proposer(id) => format!("P{id}"),
            Agent::Acceptor(id) => char::from(b'A' + id).to_string(),
            Agent::Learner(id) => format!("L{id}"),
        };
        match *self {
            Self::Start(id) => write!(f, "P{id} starts"),
            Self::Restart(id) => write!(f, "{} restarts", node(Agent::Acceptor(id))),
            Self::Deliver(Message { from, to, body }) => {
                write!(f, "{} -> {}: ", node(from), node(to))?;
                match body {
                    Body::Prepare { ballot } => write!(f, "prepare {}.{}", ballot.round, ballot.proposer),
                    Body::Promise { ballot, accepted } => {
                        write!(
                            f,
                            "promise {}.{}, {:?}",
                            ballot.round,
                            ballot.proposer,
                            accepted.map(|p| p.value.0)
                        )
                    }
                    Body::Accept(p) => {
                        write!(f, "accept {}.{} value {}", p.ballot.round, p.ballot.proposer, p.value.0)
                    }
                    Body::Accepted(p) => {
                        write!(f, "accepted {}.{} value {}", p.ballot.round, p.ballot.proposer, p.value.0)
                    }
                    Body::Nack { promised, .. } => write!(f, "nack {}.{}", promised.round, promised.proposer),
                }
            }
        }
    }
}

/// How large a world is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Setting {
    pub config: Config,
    /// How many rounds each proposer may begin.
    pub rounds: [u8; 2],
    /// How many restarts of acceptors there may be.
    pub restarts: u8,
    /// Restarted acceptors find an empty disk.
    pub lose_disks: bool,
    /// Proposers hear of acceptances. It changes nothing that they do, only what they know.
    pub tell_proposers: bool,
    /// Messages that can change nothing any more are forgotten. Only with the right rules and disks that last.
    pub forget_dead: bool,
}

impl Setting {
    /// Two proposers with one round each, no restarts, as few messages as will do.
    pub fn new(config: Config) -> Self {
        let config = Config { nacks: false, ..config };
        Self {
            config,
            rounds: [1, 1],
            restarts: 0,
            lose_disks: false,
            tell_proposers: false,
            forget_dead: false,
        }
    }
}

#[derive(Clone)]
pub struct World {
    setting: Setting,
    pub acceptors: Vec<Acceptor>,
    pub proposers: Vec<Proposer>,
    pub learners: Vec<Learner>,
    /// Sorted.
    network: Vec<Message>,
    rounds: [u8; 2],
    restarts: u8,
    pub history: History,
    /// A guarantee other than agreement that broke on the way here.
    wrong: Option<&'static str>,
}

/// Acceptors are alike and know nothing of each other. So a state is what is known of each, in whatever order, and what the
/// proposers and learners have come to; worlds in which only the names are swapped are one.
impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for proposer in &self.proposers {
            (proposer.seen(), proposer.phase(), proposer.ballot(), proposer.proposal()).hash(state);
        }
        for learner in &self.learners {
            learner.learned().hash(state);
        }
        (self.rounds, self.restarts, self.wrong).hash(state);
        let mut views: Vec<u128> = self.acceptors.iter().map(|acceptor| self.view(acceptor)).collect();
        views.sort_unstable();
        views.hash(state);
    }
}

impl World {
    /// All that is about this acceptor, without its name.
    fn view(&self, acceptor: &Acceptor) -> u128 {
        let id = acceptor.id();
        let me = Agent::Acceptor(id);
        let said: Vec<(bool, Agent, Body)> = (self.network.iter())
            .filter(|message| message.from == me || message.to == me)
            .map(|message| {
                if message.to == me {
                    (true, message.from, message.body)
                } else {
                    (false, message.to, message.body)
                }
            })
            .collect();
        let known: Vec<_> = (self.proposers.iter())
            .map(|proposer| {
                let report =
                    proposer.reports().iter().find(|report| report.by == id).map(|report| report.accepted);
                (report, proposer.accepts().contains(id), proposer.refused().contains(id))
            })
            .collect();
        let by_me = |list: &[(Proposal, Acceptors)]| -> Vec<Proposal> {
            list.iter().filter(|(_, by)| by.contains(id)).map(|&(proposal, _)| proposal).collect()
        };
        let heard: Vec<_> = self.learners.iter().map(|learner| by_me(learner.heard())).collect();
        fingerprint(&(acceptor.disk(), said, known, heard, by_me(self.history.accepted())))
    }

    pub fn new(setting: Setting) -> Self {
        let config = setting.config;
        Self {
            setting,
            acceptors: (0..config.acceptors).map(|id| Acceptor::new(config, id)).collect(),
            proposers: (0..2).map(|id| Proposer::new(config, id, Value(u64::from(id) + 1))).collect(),
            learners: (0..config.learners).map(|id| Learner::new(config, id)).collect(),
            network: Vec::new(),
            rounds: setting.rounds,
            restarts: setting.restarts,
            history: History::new(&config),
            wrong: None,
        }
    }

    pub fn steps(&self) -> Vec<Step> {
        let starts = (0..2).filter(|&id| self.rounds[usize::from(id)] > 0).map(Step::Start);
        let restarts = (0..self.setting.config.acceptors).filter(|_| self.restarts > 0).map(Step::Restart);
        starts.chain(restarts).chain(self.network.iter().copied().map(Step::Deliver)).collect()
    }

    #[must_use]
    pub fn after(&self, step: &Step) -> Self {
        let mut next = self.clone();
        let mut out = Output::default();
        match step {
            Step::Start(id) => {
                next.rounds[usize::from(*id)] -= 1;
                next.proposers[usize::from(*id)].start(&mut out);
            }
            Step::Restart(id) => {
                next.restarts -= 1;
                let acceptor = &mut next.acceptors[usize::from(*id)];
                *acceptor = if self.setting.lose_disks {
                    Acceptor::new(self.setting.config, *id)
                } else {
                    Acceptor::restart(self.setting.config, *id, acceptor.disk())
                };
            }
            Step::Deliver(message) => match message.to {
                Agent::Acceptor(id) => next.acceptors[usize::from(id)].step(message, &mut out),
                Agent::Proposer(id) => next.proposers[usize::from(id)].step(message, &mut out),
                Agent::Learner(id) => next.learners[usize::from(id)].step(message, &mut out),
            },
        }
        for message in out.messages {
            let news = matches!((message.to, message.body), (Agent::Proposer(_), Body::Accepted(_)));
            if (self.setting.tell_proposers || !news)
                && let Err(at) = next.network.binary_search(&message)
            {
                next.network.insert(at, message);
            }
        }
        for note in &out.notes {
            next.history.note(note);
            if matches!(note, Note::Accepted { broke: Some(_), .. }) {
                next.wrong = next.wrong.or(Some("a promise is broken"));
            }
        }
        next.wrong = next.wrong.or_else(|| next.broken_since(self));
        if self.setting.forget_dead {
            let network = std::mem::take(&mut next.network);
            next.network = network.into_iter().filter(|message| !next.dead(message)).collect();
        }
        next
    }

    /// Whether a message changes nothing, now or later: ballots only rise, and what was counted once is not counted again.
    fn dead(&self, message: &Message) -> bool {
        let nacks = self.setting.config.nacks;
        match (message.to, message.body) {
            // Its answer may tell of a higher ballot each time.
            (Agent::Acceptor(_), _) if nacks => false,
            // A prepare for the promised ballot has been answered, or its proposer needs no more answers.
            (Agent::Acceptor(id), Body::Prepare { ballot }) => {
                Some(ballot) <= self.acceptors[usize::from(id)].promised()
            }
            (Agent::Acceptor(id), Body::Accept(proposal)) => {
                let acceptor = &self.acceptors[usize::from(id)];
                Some(proposal.ballot) < acceptor.promised() || acceptor.accepted() == Some(proposal)
            }
            (Agent::Proposer(id), Body::Promise { ballot, .. }) => {
                let proposer = &self.proposers[usize::from(id)];
                let Agent::Acceptor(by) = message.from else { return true };
                proposer.phase() != Phase::Preparing
                    || proposer.ballot() != Some(ballot)
                    || proposer.promises().contains(by)
            }
            (Agent::Proposer(id), Body::Accepted(proposal)) => {
                let proposer = &self.proposers[usize::from(id)];
                let Agent::Acceptor(by) = message.from else { return true };
                proposer.phase() != Phase::Accepting
                    || proposer.proposal() != Some(proposal)
                    || proposer.accepts().contains(by)
            }
            (Agent::Proposer(id), Body::Nack { ballot, promised }) => {
                let proposer = &self.proposers[usize::from(id)];
                let Agent::Acceptor(by) = message.from else { return true };
                let counted = proposer.ballot() != Some(ballot) || proposer.refused().contains(by);
                proposer.seen() >= promised.round && (counted || proposer.phase() == Phase::Done)
            }
            (Agent::Learner(id), Body::Accepted(proposal)) => {
                let Agent::Acceptor(by) = message.from else { return true };
                let heard = self.learners[usize::from(id)].heard();
                heard.iter().any(|(other, who)| *other == proposal && who.contains(by))
            }
            _ => false,
        }
    }

    /// What went wrong from `before` to here, other than agreement.
    fn broken_since(&self, before: &Self) -> Option<&'static str> {
        if self
            .acceptors
            .iter()
            .zip(&before.acceptors)
            .any(|(after, before)| after.promised() < before.promised())
        {
            return Some("promise monotone: an acceptor promises less than before");
        }
        if self.acceptors.iter().any(|acceptor| acceptor.accepted().map(|p| p.ballot) > acceptor.promised()) {
            return Some("an acceptor accepted more than it promised");
        }
        let chosen = |value| self.history.chosen().any(|(proposal, _)| proposal.value == value);
        for (after, before) in self.learners.iter().zip(&before.learners) {
            if after.learned().is_some_and(|value| !chosen(value)) {
                return Some("integrity: a learner learned what is not chosen");
            }
            if before.learned().is_some() && after.learned() != before.learned() {
                return Some("integrity: a learner changed its mind");
            }
        }
        let done = |proposer: &&Proposer| proposer.phase() == Phase::Done;
        if self.proposers.iter().filter(done).any(|proposer| !proposer.chosen().is_some_and(chosen)) {
            return Some("integrity: a proposer takes for chosen what is not");
        }
        let wished = |value| self.proposers.iter().any(|proposer| proposer.wish() == value);
        if self.history.accepted().iter().any(|(proposal, _)| !wished(proposal.value)) {
            return Some("validity: nobody wished for what is accepted");
        }
        None
    }

    /// The guarantee that does not hold, of all.
    pub fn wrong(&self) -> Option<String> {
        self.disagrees().or_else(|| self.wrong.map(String::from))
    }

    /// Two chosen values, if there are, with their quorums.
    pub fn disagrees(&self) -> Option<String> {
        self.history.disagreement().map(|both| format!("agreement: {both:?} share {:?}", both.shared()))
    }
}
