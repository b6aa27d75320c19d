//! The parts of the stage of the lab `failover`, with all that there is to know of each.

use super::Failover;
use crate::engine::network::{Flight, Node};
use crate::engine::time::Time;
use crate::labs::scene::{Part, Tone, Value};
use crate::patterns::raft::{Body, Raft, Role, Server};

impl Failover {
    /// A server.
    pub(super) fn server_part(&self, node: Node, now: Time) -> Part {
        let server = &self.servers[usize::from(node)];
        let name = self.cluster.name(node);
        let mut part = Part::new(name).field("is", role_word(server.raft.as_ref()));
        if let Some(raft) = &server.raft {
            let vote =
                raft.vote().map_or_else(|| "nobody".into(), |vote| self.cluster.name(vote.0).to_owned());
            let last = raft.log().last();
            part = part
                .field("term", raft.term())
                .field("voted for", vote)
                .field("its log ends at", format!("index {}, term {}", last.index, last.term))
                .field("committed, as it knows", raft.commit())
                .field("follows", raft.leader().map_or("nobody", |leader| self.cluster.name(leader.0)));
            if let Some((_, due)) = raft.election_timer() {
                part = part.field("election timer runs out in", Value::Span(self.left(node, due, now)));
            }
            if raft.role() != Role::Leader {
                part = part.field("votes it could get", self.votes_within_reach(node));
            }
        } else {
            let vote = server.disk.vote.map_or("nobody", |vote| self.cluster.name(vote.0));
            part = part
                .field("term on its disk", server.disk.term)
                .field("voted for, on its disk", vote)
                .field("entries on its disk", server.disk.log.last().index);
        }
        part =
            part.field("writes not on disk", server.unsaved()).field("requests not answered", server.open());
        let clock = &self.cluster.host(node).clock;
        if !clock.is_true() {
            part = part.field("its clock shows", clock.read(now));
        }
        part.hit_at(name)
    }

    /// How long until the clock of `node` shows `local`.
    pub(super) fn left(&self, node: Node, local: Time, now: Time) -> crate::engine::time::Span {
        local.since(self.cluster.clock(node, now))
    }

    /// How many servers would vote for `node` now, by their logs and by what reaches whom: itself and those that run, can be
    /// asked and can answer, and whose log is not more up to date. What they have voted already is left out.
    pub(super) fn votes_within_reach(&self, node: Node) -> u64 {
        let Some(candidate) = self.servers[usize::from(node)].raft.as_ref() else { return 0 };
        let last = candidate.log().last();
        let network = &self.cluster.network;
        let votes = (0..self.config.servers).filter(|&other| {
            let raft = self.servers[usize::from(other)].raft.as_ref();
            other == node
                || (self.cluster.acts(other)
                    && !network.is_cut(node, other)
                    && !network.is_cut(other, node)
                    && raft.is_some_and(|raft| last.is_up_to_date_with(raft.log().last())))
        });
        votes.count() as u64
    }

    /// A client.
    pub(super) fn client_part(&self, node: Node, now: Time) -> Part {
        let name = self.cluster.name(node);
        let client = &self.clients[usize::from(node - self.config.servers)];
        let part = match client.waits {
            None => Part::new(name).field("waits", "no"),
            Some((want, since, sent)) => Part::new(name)
                .field("waits for", want.word())
                .field("for", now.since(since))
                .field("in this attempt", now.since(sent)),
        };
        part.hit_at(name)
    }

    /// What a message says, what will come of it if nothing changes, and how that stands.
    pub(super) fn describe(&self, flight: &Flight<super::Message>) -> (String, String, Tone) {
        let super::Message::Raft(message) = &flight.message else {
            let label = match &flight.message {
                super::Message::Ask(request) => request.want.word().to_owned(),
                _ => "answer".to_owned(),
            };
            return (label, String::new(), Tone::Plain);
        };
        let term = message.term;
        let to = self.servers[usize::from(flight.to)].raft.as_ref();
        let (label, note) = match &message.body {
            Body::RequestVote { last, pre, .. } => {
                let what = if *pre { "PreVote" } else { "RequestVote" };
                let label = format!("{what} t{term} log ({},{})", last.term, last.index);
                (label, to.map_or("", |to| vote_note(to, message.from, term, *last)))
            }
            Body::Vote { granted, .. } => {
                (format!("vote t{term} {}", if *granted { "yes" } else { "NO" }), "")
            }
            Body::AppendEntries { prev, entries, .. } if entries.is_empty() => {
                (format!("heartbeat t{term} after {}", prev.index), "")
            }
            Body::AppendEntries { prev, entries, .. } => {
                (format!("entries t{term} {} after {}", entries.len(), prev.index), "")
            }
            Body::Appended { upto, .. } => (format!("stored t{term} up to {upto}"), ""),
            Body::Rejected { hint, .. } => (format!("not stored t{term}, try {hint}"), ""),
            Body::TimeoutNow => (format!("campaign now t{term}"), ""),
        };
        let old = to.is_some_and(|to| term < to.term());
        let note = if old { "of an old term" } else { note };
        (label, note.to_owned(), if old { Tone::Idle } else { Tone::Plain })
    }
}

/// What a voter will do, as far as its term, its vote and its log decide.
fn vote_note(
    voter: &Raft,
    candidate: Server,
    term: u64,
    last: crate::patterns::raft::Position,
) -> &'static str {
    if term == voter.term() && voter.vote().is_some_and(|vote| vote != candidate) {
        "has voted"
    } else if !last.is_up_to_date_with(voter.log().last()) {
        "its log is newer"
    } else {
        ""
    }
}

/// What a process takes itself for.
pub(super) fn role_word(raft: Option<&Raft>) -> &'static str {
    match raft.map(Raft::role) {
        None => "down",
        Some(Role::Follower) => "follower",
        Some(Role::PreCandidate) => "asks first",
        Some(Role::Candidate) => "CANDIDATE",
        Some(Role::Leader) => "LEADER",
    }
}
