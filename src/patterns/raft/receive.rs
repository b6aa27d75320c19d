//! What all calls share: where their results go, what waits for the disk, and the rules that come before all others (§5.1).

use super::lead::Timer;
use super::message::{Body, Message, Outgoing, Output, Server, Servers};
use super::note::{Campaign, Note, SteppedDown, Withheld};
use super::{Manner, Mark, Raft, Role, Term};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};

/// One call: when it is, its luck, and where its results go.
pub(super) struct Call<'a> {
    pub(super) now: Time,
    pub(super) draw: Draw,
    pub(super) out: &'a mut Output,
    /// Messages before this one are of earlier calls.
    pub(super) first: usize,
}

impl<'a> Call<'a> {
    pub(super) fn new(now: Time, draw: Draw, out: &'a mut Output) -> Self {
        let first = out.messages.len();
        Self { now, draw, out, first }
    }

    pub(super) fn note(&mut self, note: Note) {
        self.out.notes.push(note);
    }
}

impl Raft {
    /// Runs `body`; then whatever changed of the persistent state becomes a save, and what depends on it waits for it.
    pub(super) fn call<R>(
        &mut self,
        now: Time,
        draw: Draw,
        out: &mut Output,
        body: impl FnOnce(&mut Self, &mut Call<'_>) -> R,
    ) -> R {
        let mut call = Call::new(now, draw, out);
        let result = body(self, &mut call);
        let first = call.first;
        out.saves.extend(self.saving.take(self.term, self.vote, &self.log));
        let latest = self.saving.latest();
        for outgoing in &mut out.messages[first..] {
            if outgoing.after == Mark::LATEST {
                outgoing.after = latest;
            }
        }
        result
    }

    /// The rules that come before all others: an old term counts for nothing, a later one is followed (§5.1).
    pub(super) fn receive(&mut self, call: &mut Call<'_>, message: &Message) {
        let (from, term) = (message.from, message.term);
        if term < self.term {
            return match message.body {
                Body::RequestVote { pre, .. } => self.on_old_request_vote(call, (from, term), pre),
                Body::AppendEntries { prev, round, .. } => {
                    let body = Body::Rejected { prev: prev.index, hint: prev.index, round };
                    self.send(call, from, self.term, body);
                }
                _ => {}
            };
        }
        if term > self.term {
            match message.body {
                Body::RequestVote { pre, transfer: false, .. } if self.in_lease(call.now) => {
                    return call.note(Note::Withheld { from, term, pre, why: Withheld::Lease });
                }
                // The term of a pre-vote is one that nobody has reached.
                Body::RequestVote { pre: true, .. } | Body::Vote { pre: true, granted: true } => {}
                _ => self.follow(call, term, None, SteppedDown::LaterTerm),
            }
        }
        match message.body {
            Body::RequestVote { last, pre, .. } => self.on_request_vote(call, (from, term), last, pre),
            Body::Vote { pre, granted } => self.on_vote(call, (from, term), pre, granted),
            Body::AppendEntries { prev, ref entries, commit, round } if self.role != Role::Leader => {
                if self.role != Role::Follower {
                    self.follow(call, term, Some(from), SteppedDown::OtherLeads);
                }
                self.leader = Some(from);
                self.heard = call.now;
                self.start_timer(call, self.config.manner == Manner::Paper);
                self.on_append_entries(call, from, prev, entries, (commit, round));
            }
            Body::Appended { upto, round } if self.role == Role::Leader => {
                self.on_appended(call, from, upto, round);
            }
            Body::Rejected { prev, hint, round } if self.role == Role::Leader => {
                self.on_rejected(call, from, (prev, hint), round);
            }
            Body::TimeoutNow if self.role == Role::Follower => self.campaign(call, Campaign::Transfer),
            _ => {}
        }
    }

    /// The election timer ran out.
    pub(super) fn run_out(&mut self, call: &mut Call<'_>) {
        self.campaign(call, if self.config.pre_vote { Campaign::Pre } else { Campaign::Vote });
    }

    /// Steps down unless a majority, itself included, has answered since the last look.
    pub(super) fn check_quorum(&mut self, call: &mut Call<'_>, length: Span) {
        self.lead.active.insert(self.config.id);
        if self.lead.active.len() < self.config.majority() {
            return self.follow(call, self.term, None, SteppedDown::NoQuorum);
        }
        self.lead.active = Servers::default();
        self.lead.check = Some(Timer { since: call.now, length });
    }

    /// The next heartbeat is a wait from now.
    pub(super) fn start_heartbeat(&mut self, call: &Call<'_>) {
        let length = self.config.heartbeat_wait(call.draw);
        self.lead.heartbeat = Some(Timer { since: call.now, length });
    }

    /// Sends a message. Whatever a server says follows from its persistent state, except for what a leader writes: its own
    /// copy is one of those that are counted, and it counts it when it is there.
    pub(super) fn send(&self, call: &mut Call<'_>, to: Server, term: Term, body: Body) {
        let free = matches!(body, Body::AppendEntries { .. } | Body::TimeoutNow);
        let message = Message { from: self.config.id, to, term, body };
        let after = if free { Mark::NONE } else { Mark::LATEST };
        call.out.messages.push(Outgoing { message, after });
    }

    pub(super) fn due(&self, timer: Timer) -> Time {
        self.config.due(timer.since, timer.length)
    }
}
