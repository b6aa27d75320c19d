//! What may be done to the lab `failover` when it is delivered by hand, for the search through all of it.

use std::hash::{Hash, Hasher};

use super::{Failover, Message};
use crate::engine::explore::fingerprint;
use crate::engine::time::Span;
use crate::labs::fault::{Act, Fault, Verb};
use crate::labs::violation::{Left, Searched};
use crate::patterns::raft::{self, Body, Flaw, Raft, Role};

impl Searched for Failover {
    fn moves_by_itself(&self) -> Option<String> {
        let config = &self.config;
        let stands =
            config.by_hand && config.clients == 0 && config.fsync == Span::ZERO && config.own_crash.is_none();
        (!stands).then(|| {
            "only a cluster by hand can be searched: set delivery by-hand, clients 0, fsync 0".into()
        })
    }

    fn moves(&self, left: &Left) -> Vec<Act> {
        let mut seen: Vec<&raft::Message> = Vec::new();
        let mut moves = Vec::new();
        let mut add = |verb, target: String| moves.push(Act::Fault(Fault::plain(verb, target)));
        for (number, message) in self.living() {
            if !seen.contains(&message) {
                seen.push(message);
                add(Verb::Deliver, format!("m{number}"));
            }
        }
        // Servers are alike, so the first to time out may as well be the first.
        let untouched = self.term() == 0;
        for node in 0..self.config.servers {
            let name = || self.cluster.name(node).to_owned();
            let Some(raft) = &self.servers[usize::from(node)].raft else { continue };
            let leads = raft.role() == Role::Leader;
            if !leads && left.of(Verb::Fire) > 0 && (node == 0 || !untouched) {
                add(Verb::Fire, name());
            }
            if leads && left.of(Verb::Write) > 0 {
                add(Verb::Write, name());
            }
            if left.of(Verb::Restart) > 0 && !untouched {
                add(Verb::Restart, name());
            }
        }
        moves
    }

    /// Of timers only those of elections are fired: nothing is lost here, so heartbeats bring nothing new.
    fn bounds(&self) -> Vec<(Verb, u32)> {
        let (fires, writes, restarts) = match self.servers.first().and_then(|server| server.config.flaw) {
            Some(Flaw::ForgetVoteOnRestart) => (2, 0, 1),
            Some(Flaw::CommitOldTermByCounting) => (3, 0, 0),
            Some(_) => (3, 1, 0),
            None => (2, 1, 0),
        };
        vec![(Verb::Fire, fires), (Verb::Write, writes), (Verb::Restart, restarts)]
    }

    fn sought(&self) -> &'static [&'static str] {
        &[
            "election-safety",
            "leader-append-only",
            "log-matching",
            "leader-completeness",
            "state-machine-safety",
        ]
    }

    fn print<H: Hasher>(&self, _left: &Left, state: &mut H) {
        for server in &self.servers {
            server.raft.hash(state);
            server.disk.hash(state);
        }
        self.observer.hash(state);
        let mut living: Vec<u128> = self.living().map(|(_, message)| fingerprint(message)).collect();
        living.sort_unstable();
        living.hash(state);
    }

    fn forget(&mut self) {
        self.cluster.forget();
    }
}

impl Failover {
    /// The messages on their way that can still change something.
    fn living(&self) -> impl Iterator<Item = (u32, &raft::Message)> {
        self.cluster.network.flights().filter_map(|(number, flight)| match &flight.message {
            Message::Raft(message) if !self.is_dead(message) => Some((number, message)),
            _ => None,
        })
    }

    /// Whether a message changes nothing that matters, now or later. Terms only rise, over a restart too.
    fn is_dead(&self, message: &raft::Message) -> bool {
        let server = &self.servers[usize::from(message.to.0)];
        let (term, role) = server
            .raft
            .as_ref()
            .map_or((server.disk.term, Role::Follower), |it: &Raft| (it.term(), it.role()));
        let over = |wanted| term > message.term || term == message.term && role != wanted;
        match message.body {
            // A refusal only carries a term.
            Body::Vote { granted: false, .. } => term >= message.term,
            Body::Vote { .. } => over(Role::Candidate),
            // Who led a term and does no more will not again.
            Body::Appended { .. } | Body::Rejected { .. } => over(Role::Leader),
            // Who asks in an old term may always be told of a later one.
            Body::RequestVote { .. } | Body::AppendEntries { .. } | Body::TimeoutNow => false,
        }
    }
}
