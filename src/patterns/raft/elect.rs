//! Elections: campaigns, votes, and who leads (§5.2, §5.4.1; pre-vote and the lease of voters: dissertation §9.6, §4.2.3).

use super::message::{Body, Server, Servers};
use super::note::{Campaign, Note, SteppedDown, Withheld};
use super::{Call, Flaw, Leading, Manner, Payload, Position, Raft, Reads, Role, Term};
use crate::engine::time::Time;

impl Raft {
    /// The election timer ran out, or the leader asked for it.
    pub(super) fn campaign(&mut self, call: &mut Call<'_>, kind: Campaign) {
        self.leader = None;
        self.refused = Servers::default();
        self.granted = Servers::only(self.config.id);
        let pre = kind == Campaign::Pre;
        if pre {
            self.role = Role::PreCandidate;
            // etcd keeps the length here, as the term stays.
            self.start_timer(call, self.config.manner == Manner::Paper);
        } else {
            self.role = Role::Candidate;
            self.term += 1;
            self.vote = Some(self.config.id);
            self.saving.hard_state_changed();
            self.start_timer(call, true);
        }
        let term = self.term + Term::from(pre);
        call.note(Note::Campaigned { term, kind });
        if self.granted.len() >= self.config.majority() {
            return self.elected(call, pre);
        }
        let last = self.log.last();
        for to in self.config.others() {
            let transfer = kind == Campaign::Transfer;
            self.send(call, to, term, Body::RequestVote { last, pre, transfer });
        }
    }

    /// Someone asks for a vote of this term, or of a later one in a pre-vote.
    pub(super) fn on_request_vote(
        &mut self,
        call: &mut Call<'_>,
        (from, term): (Server, Term),
        last: Position,
        pre: bool,
    ) {
        let refusal = if pre {
            (term <= self.term).then_some(Withheld::OldTerm)
        } else {
            self.vote.filter(|&to| to != from).map(Withheld::Voted)
        };
        let older =
            !last.is_up_to_date_with(self.log.last()) && self.config.flaw != Some(Flaw::VoteWithoutLogCheck);
        if let Some(why) = refusal.or(older.then_some(Withheld::OlderLog)) {
            call.note(Note::Withheld { from, term, pre, why });
            return self.send(call, from, self.term, Body::Vote { pre, granted: false });
        }
        call.note(Note::Granted { to: from, term, pre });
        if !pre {
            if self.vote.is_none() {
                self.vote = Some(from);
                self.saving.hard_state_changed();
            }
            self.start_timer(call, self.config.manner == Manner::Paper);
        }
        // The term of a pre-vote is the asked one: the own may be far behind, and stays so.
        self.send(call, from, term, Body::Vote { pre, granted: true });
    }

    /// A request of an old term. It is told so, which deposes its sender.
    pub(super) fn on_old_request_vote(
        &mut self,
        call: &mut Call<'_>,
        (from, term): (Server, Term),
        pre: bool,
    ) {
        call.note(Note::Withheld { from, term, pre, why: Withheld::OldTerm });
        if pre || self.config.manner == Manner::Paper {
            self.send(call, from, self.term, Body::Vote { pre, granted: false });
        }
    }

    /// An answer to the own request. That of an old round is of an old term, except that a late "yes" to a question counts:
    /// questions bind nobody.
    pub(super) fn on_vote(
        &mut self,
        call: &mut Call<'_>,
        (from, term): (Server, Term),
        pre: bool,
        granted: bool,
    ) {
        let asked = match self.role {
            Role::Candidate => !pre && term == self.term,
            Role::PreCandidate => pre && (!granted || term == self.term + 1),
            Role::Follower | Role::Leader => false,
        };
        if !asked {
            return;
        }
        let votes = if granted { &mut self.granted } else { &mut self.refused };
        votes.insert(from);
        if self.granted.len() >= self.config.majority() {
            self.elected(call, pre);
        } else if self.refused.len() >= self.config.majority() && self.config.manner == Manner::Etcd {
            self.follow(call, self.term, None, SteppedDown::Refused);
        }
    }

    /// A majority is for it.
    fn elected(&mut self, call: &mut Call<'_>, pre: bool) {
        if pre {
            return self.campaign(call, Campaign::Vote);
        }
        self.role = Role::Leader;
        self.leader = Some(self.config.id);
        self.granted = Servers::default();
        self.refused = Servers::default();
        self.lead = Leading::new(&self.config, self.log.last().index, call.now);
        call.note(Note::Led { term: self.term });
        if self.config.noop {
            self.append(Payload::Noop);
        }
        self.broadcast(call);
        self.start_heartbeat(call);
    }

    /// Follows in `term`, and `leader` if it is known.
    pub(super) fn follow(
        &mut self,
        call: &mut Call<'_>,
        term: Term,
        leader: Option<Server>,
        why: SteppedDown,
    ) {
        if term > self.term {
            self.term = term;
            self.vote = None;
            self.saving.hard_state_changed();
        }
        let was = self.role;
        self.role = Role::Follower;
        self.leader = leader;
        self.granted = Servers::default();
        self.refused = Servers::default();
        if was != Role::Follower {
            call.note(Note::SteppedDown { term, was, why });
        }
        for read in std::mem::take(&mut self.lead).reads {
            call.note(Note::ReadLost { read: read.read });
        }
        if was == Role::Leader || self.config.manner == Manner::Etcd {
            self.start_timer(call, true);
        }
    }

    /// Whether it has heard of a leader so short a time ago that it keeps out of elections. So nobody is elected while a
    /// leader reaches a majority, and what a leader has promised to its readers holds.
    pub(super) fn in_lease(&self, now: Time) -> bool {
        if !self.config.voters_wait() {
            return false;
        }
        let waits = now < self.config.due(self.heard, self.config.election.min);
        // etcd asks for a known leader, which a restart forgets. With leases for reads the promise holds without.
        self.role == Role::Leader || waits && (self.leader.is_some() || self.config.reads == Reads::Lease)
    }

    /// Starts the election timer again, perhaps with another length.
    pub(super) fn start_timer(&mut self, call: &Call<'_>, redraw: bool) {
        self.timer.since = call.now;
        if redraw {
            self.timer.length = self.config.election_timeout(call.draw);
        }
    }
}
