//! What may be done to the lab `paxos` when it is delivered by hand, for the search through all of it.

use std::hash::{Hash, Hasher};

use super::{Message, Paxos};
use crate::engine::explore::fingerprint;
use crate::engine::network::Node;
use crate::labs::fault::{Act, Fault, Verb};
use crate::labs::violation::{Left, Searched};
use crate::patterns::paxos::{
    Acceptor, Acceptors, Agent, Body, Flaw, Learner, Message as One, Phase, Proposal,
};

impl Searched for Paxos {
    fn moves_by_itself(&self) -> Option<String> {
        let stands = self.config.by_hand && !self.config.multi && self.config.fsync == super::NOW;
        (!stands).then(|| {
            "only one value by hand can be searched: set delivery by-hand, mode single, fsync 0".into()
        })
    }

    fn moves(&self, left: &Left) -> Vec<Act> {
        let mut seen: Vec<One> = Vec::new();
        let mut moves = Vec::new();
        let mut add = |verb, target: String| moves.push(Act::Fault(Fault::plain(verb, target)));
        for (number, message) in self.living(left) {
            if !seen.contains(message) {
                seen.push(*message);
                add(Verb::Deliver, format!("m{number}"));
            }
        }
        let acceptors = self.config.acceptors();
        for (verb, from, to) in [
            (Verb::Propose, acceptors, acceptors + self.config.proposers),
            (Verb::Restart, 0, acceptors),
            (Verb::Wipe, 0, acceptors),
        ] {
            if left.of(verb) > 0 {
                (from..to).for_each(|node| add(verb, self.cluster.name(node).to_owned()));
            }
        }
        moves
    }

    fn bounds(&self) -> Vec<(Verb, u32)> {
        let restarts = u32::from(self.config.rules.has(Flaw::ForgetOnRestart));
        vec![(Verb::Propose, 0), (Verb::Restart, restarts), (Verb::Wipe, 0)]
    }

    fn sought(&self) -> &'static [&'static str] {
        &["agreement", "validity", "integrity"]
    }

    /// Acceptors are alike and know nothing of each other. So a state is what is known of each, in whatever order, and what
    /// proposers and the learner have come to; worlds in which only the names of acceptors are swapped are one.
    fn print<H: Hasher>(&self, left: &Left, state: &mut H) {
        for wisher in &self.single.wishers {
            let known =
                wisher.proposer.as_ref().map(|it| (it.seen(), it.phase(), it.ballot(), it.proposal()));
            (wisher.used, known).hash(state);
        }
        self.single.learner.as_ref().map(Learner::learned).hash(state);
        let living: Vec<&One> = self.living(left).map(|(_, message)| message).collect();
        let mut views: Vec<u128> = (0..self.config.acceptors()).map(|id| self.view(id, &living)).collect();
        views.sort_unstable();
        views.hash(state);
    }

    fn forget(&mut self) {
        self.cluster.forget();
    }
}

impl Paxos {
    /// The messages on their way that can still change something.
    fn living<'a>(&'a self, left: &'a Left) -> impl Iterator<Item = (u32, &'a One)> {
        self.cluster.network.flights().filter_map(|(number, flight)| match &flight.message {
            Message::Single(message) if !self.is_dead(message, left) => Some((number, message)),
            _ => None,
        })
    }

    /// All that is about this acceptor, without its name.
    fn view(&self, id: Node, living: &[&One]) -> u128 {
        let me = Agent::Acceptor(id);
        let mut said: Vec<(bool, Agent, Body)> = living
            .iter()
            .filter(|message| message.from == me || message.to == me)
            .map(|message| {
                if message.to == me {
                    (true, message.from, message.body)
                } else {
                    (false, message.to, message.body)
                }
            })
            .collect();
        said.sort_unstable();
        let known: Vec<_> = (self.single.wishers.iter())
            .map(|wisher| {
                wisher.proposer.as_ref().map(|proposer| {
                    let report = proposer.reports().iter().find(|report| report.by == id);
                    (report.map(|report| report.accepted), proposer.accepts().contains(id))
                })
            })
            .collect();
        let by_me = |list: &[(Proposal, Acceptors)]| -> Vec<Proposal> {
            list.iter().filter(|(_, by)| by.contains(id)).map(|&(proposal, _)| proposal).collect()
        };
        let heard = self.single.learner.as_ref().map(|learner| by_me(learner.heard()));
        let store = &self.single.stores[usize::from(id)];
        let acceptor = store.acceptor.as_ref().map(Acceptor::disk);
        let promised = self.watch.promised_by(id);
        fingerprint(&(
            store.disk,
            acceptor,
            promised,
            said,
            known,
            heard,
            by_me(self.watch.history.accepted()),
        ))
    }

    /// Whether a message changes nothing, now or later. Where acceptors may forget, what they refuse now they may take later.
    fn is_dead(&self, message: &One, left: &Left) -> bool {
        let anew = left.of(Verb::Propose) > 0;
        let forgets = left.of(Verb::Restart) > 0 || left.of(Verb::Wipe) > 0;
        let proposer = |id: u8| self.single.wishers[usize::from(id)].proposer.as_ref();
        match (message.to, message.body, message.from) {
            // A refusal does nothing but tell of a higher round, which matters to who begins anew.
            (Agent::Acceptor(id), Body::Prepare { ballot }, _) if !anew && !forgets => {
                let acceptor = self.single.stores[usize::from(id)].acceptor.as_ref();
                acceptor.is_some_and(|acceptor| !acceptor.would_promise(ballot))
            }
            (Agent::Acceptor(id), Body::Accept(proposal), _) if !anew && !forgets => {
                let acceptor = self.single.stores[usize::from(id)].acceptor.as_ref();
                acceptor.is_some_and(|acceptor| !acceptor.would_accept(proposal.ballot))
            }
            (Agent::Proposer(id), Body::Promise { ballot, .. }, Agent::Acceptor(by)) => proposer(id)
                .is_some_and(|proposer| {
                    proposer.phase() != Phase::Preparing
                        || proposer.ballot() != Some(ballot)
                        || proposer.promises().contains(by)
                }),
            (Agent::Proposer(id), Body::Accepted(proposal), Agent::Acceptor(by)) => {
                proposer(id).is_some_and(|proposer| {
                    proposer.phase() != Phase::Accepting
                        || proposer.proposal() != Some(proposal)
                        || proposer.accepts().contains(by)
                })
            }
            (Agent::Proposer(id), Body::Nack { promised, .. }, _) => {
                !anew || proposer(id).is_some_and(|proposer| proposer.seen() >= promised.round)
            }
            (Agent::Learner(_), Body::Accepted(proposal), Agent::Acceptor(by)) => {
                self.single.learner.as_ref().is_some_and(|learner| {
                    learner.learned().is_some()
                        || learner.heard().iter().any(|(other, who)| *other == proposal && who.contains(by))
                })
            }
            _ => false,
        }
    }
}
