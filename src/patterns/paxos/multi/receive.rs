//! What a replica does with a message: as an acceptor, as a leader, as a learner.

use std::collections::btree_map::Entry::Vacant;

use super::message::{Body, Entry, Message, Note, Output, Save, Slot};
use super::{Flaw, Granted, MultiPaxos, Role};
use crate::engine::time::Time;
use crate::patterns::paxos::message::Proposal;

impl MultiPaxos {
    /// A message arrived. One that is for another, or from none of the cell, is dropped.
    pub fn step(&mut self, now: Time, message: &Message, out: &mut Output) {
        let me = self.setting.id;
        if message.to != me || message.from == me || message.from >= self.setting.config.acceptors {
            return;
        }
        match message.body {
            Body::Prepare { .. } | Body::Accept { .. } | Body::Renew => {
                let answer = self.answer(now, message, out);
                out.messages.push(answer);
            }
            Body::Chosen { slot, entry } => self.learn(slot, entry, out),
            Body::Promise { .. } | Body::Accepted { .. } | Body::Renewed | Body::Nack { .. } => {
                self.answered(now, message, out);
            }
        }
    }

    /// The acceptor: one promise for all slots, and the lease.
    pub(super) fn answer(&mut self, now: Time, message: &Message, out: &mut Output) -> Message {
        let ballot = message.ballot;
        let promised = self.disk.promised;
        self.seen = self.seen.max(ballot.round);
        // A restart forgets to whom the lease was granted, and the promise on disk still says who asks for no more than it has.
        let leased = self.granted(now).is_some_and(|granted| granted.to != Some(message.from))
            && promised != Some(ballot);
        let accepts = matches!(message.body, Body::Accept { .. });
        let breaks = accepts && self.setting.config.has(Flaw::BreakPromise);
        let low = promised.is_some_and(|promised| ballot < promised) && !breaks;
        let body = if low || leased {
            out.notes.push(Note::Refused { ballot, promised, leased: !low });
            Body::Nack { promised, leased: !low }
        } else {
            if self.lead.ballot.is_some_and(|own| own < ballot) {
                self.step_down(out);
            }
            self.grant(now, message.from);
            self.disk.promised = promised.max(Some(ballot));
            let mut save = (self.disk.promised != promised)
                .then_some(Save { promised: self.disk.promised, accepted: None });
            let body = match message.body {
                Body::Prepare { open } => {
                    out.notes.push(Note::Promised { ballot });
                    let accepted = self.disk.accepted.range(open..);
                    Body::Promise { accepted: accepted.map(|(&slot, &proposal)| (slot, proposal)).collect() }
                }
                Body::Accept { slot, entry } => {
                    let proposal = Proposal { ballot, value: entry };
                    if self.disk.accepted.insert(slot, proposal) != Some(proposal) {
                        save = Some(Save { promised: self.disk.promised, accepted: Some((slot, proposal)) });
                    }
                    out.notes.push(Note::Accepted { slot, proposal });
                    Body::Accepted { slot }
                }
                _ => Body::Renewed,
            };
            out.saves.extend(save);
            body
        };
        let (from, to) = (self.setting.id, message.from);
        Message { from, to, ballot, asked: message.asked, body }
    }

    /// The promise to help no other starts again.
    fn grant(&mut self, now: Time, to: u8) {
        if let Some(lease) = self.setting.lease {
            let until = now + lease.granted;
            self.granted = Some(Granted { to: Some(to), until });
        }
    }

    /// The leader, or candidate: an answer to what it asked with its ballot.
    pub(super) fn answered(&mut self, now: Time, message: &Message, out: &mut Output) {
        let (by, ballot) = (message.from, message.ballot);
        if let Body::Nack { promised, .. } = message.body {
            self.seen = self.seen.max(promised.map_or(0, |promised| promised.round));
            if self.lead.ballot == Some(ballot) && promised > Some(ballot) {
                self.step_down(out);
            }
            return;
        }
        if self.lead.ballot != Some(ballot) {
            return;
        }
        if self.setting.lease.is_some() {
            // An answer says that the lease was granted after the question, not how long after.
            let late = self.setting.config.has(Flaw::LeaseFromAnswer);
            let since = self.lead.leases.entry(by).or_default();
            *since = (*since).max(if late { now } else { message.asked });
        }
        match &message.body {
            Body::Promise { accepted } if self.role() == Role::Preparing => {
                for &(slot, proposal) in accepted {
                    let best = self.lead.told.entry(slot).or_insert(proposal);
                    if proposal.ballot > best.ballot {
                        *best = proposal;
                    }
                }
                self.lead.promises.insert(by);
                if self.lead.promises.len() >= self.setting.config.promise_quorum() {
                    self.lead(now, ballot, out);
                }
            }
            Body::Accepted { slot } => {
                let Some((entry, accepts)) = self.lead.open.get_mut(slot) else { return };
                accepts.insert(by);
                if accepts.len() >= self.setting.config.accept_quorum() {
                    let entry = *entry;
                    self.learn(*slot, entry, out);
                    let me = self.setting.id;
                    for to in (0..self.setting.config.acceptors).filter(|&to| to != me) {
                        let body = Body::Chosen { slot: *slot, entry };
                        out.messages.push(Message { from: me, to, ballot, asked: message.asked, body });
                    }
                }
            }
            _ => {}
        }
    }

    /// The learner. What it knows it does not forget, nor what it heard first.
    fn learn(&mut self, slot: Slot, entry: Entry, out: &mut Output) {
        self.lead.open.remove(&slot);
        if let Vacant(place) = self.chosen.entry(slot) {
            place.insert(entry);
            while self.chosen.contains_key(&self.first_open) {
                self.first_open += 1;
            }
            out.notes.push(Note::Chosen { slot, entry });
        }
    }
}
