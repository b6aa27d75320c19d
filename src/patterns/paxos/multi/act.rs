//! What a replica does of itself or for a client: campaign, propose, ask again, step down.

use super::message::{Body, Entry, Message, Note, Output, Slot};
use super::{Declined, Flaw, Lead, MultiPaxos, Role};
use crate::engine::time::Time;
use crate::patterns::paxos::message::{Acceptors, Ballot, Value};

impl MultiPaxos {
    /// Asks for promises with a ballot above all that it has seen. Not while it has promised another to help no other.
    pub fn campaign(&mut self, now: Time, out: &mut Output) -> Result<Ballot, Declined> {
        let me = Some(self.setting.id);
        if let Some(granted) = self.granted(now).filter(|granted| granted.to != me) {
            return Err(Declined::Leased { until: granted.until });
        }
        self.step_down(out);
        self.seen = self.seen.saturating_add(1);
        let proposer = if self.setting.config.has(Flaw::SameBallot) { 0 } else { self.setting.id };
        let ballot = Ballot { round: self.seen, proposer };
        self.lead.ballot = Some(ballot);
        out.notes.push(Note::Campaigned { ballot });
        let open = self.first_open();
        self.ask_all(now, ballot, &Body::Prepare { open }, out);
        Ok(ballot)
    }

    /// Proposes a value in the next free slot, which is not decided yet: it is done once [`Note::Chosen`] names this slot
    /// *with this value*.
    pub fn propose(&mut self, now: Time, value: Value, out: &mut Output) -> Result<Slot, Declined> {
        let Some(ballot) = self.lead.ballot.filter(|_| self.lead.elected) else {
            return Err(Declined::NotLeader { promised: self.disk.promised });
        };
        let slot = self.lead.next;
        self.lead.next += 1;
        self.open(now, ballot, slot, Entry::Value(value), out);
        Ok(slot)
    }

    /// Asks everyone for the lease to go on, if it leads.
    pub fn renew(&mut self, now: Time, out: &mut Output) {
        if let Some(ballot) = self.lead.ballot.filter(|_| self.lead.elected) {
            self.ask_all(now, ballot, &Body::Renew, out);
        }
    }

    /// Sends again what has not been answered, as messages may be lost.
    pub fn ask_again(&mut self, now: Time, out: &mut Output) {
        let Some(ballot) = self.lead.ballot else { return };
        if self.role() == Role::Preparing {
            let open = self.first_open();
            return self.ask_all(now, ballot, &Body::Prepare { open }, out);
        }
        let waiting: Vec<(Slot, Entry)> = self.proposed().map(|(slot, entry, _)| (slot, entry)).collect();
        for (slot, entry) in waiting {
            self.ask_all(now, ballot, &Body::Accept { slot, entry }, out);
        }
    }

    /// Tells another what it knows to be chosen from `open` on.
    pub fn teach(&self, now: Time, to: u8, open: Slot, out: &mut Output) {
        let Some(ballot) = self.lead.ballot.or(self.disk.promised) else { return };
        let from = self.setting.id;
        let chosen = self.chosen.range(open..).filter(|_| to != from);
        out.messages.extend(chosen.map(|(&slot, &entry)| Message {
            from,
            to,
            ballot,
            asked: now,
            body: Body::Chosen { slot, entry },
        }));
    }

    /// Campaigns or leads no more. The lease that it granted to itself it keeps, as others may count on it: a promise.
    pub fn step_down(&mut self, out: &mut Output) {
        if let Some(ballot) = std::mem::take(&mut self.lead).ballot {
            out.notes.push(Note::SteppedDown { ballot });
        }
    }

    /// Asks to accept `entry` in `slot`.
    pub(super) fn open(&mut self, now: Time, ballot: Ballot, slot: Slot, entry: Entry, out: &mut Output) {
        self.lead.open.insert(slot, (entry, Acceptors::default()));
        self.ask_all(now, ballot, &Body::Accept { slot, entry }, out);
    }

    /// Sends to all others, and answers itself at once.
    fn ask_all(&mut self, now: Time, ballot: Ballot, body: &Body, out: &mut Output) {
        let me = self.setting.id;
        let message = |to| Message { from: me, to, ballot, asked: now, body: body.clone() };
        out.messages.extend((0..self.setting.config.acceptors).filter(|&to| to != me).map(message));
        let answer = self.answer(now, &message(me), out);
        self.answered(now, &answer, out);
    }

    /// Phase 1 is over: proposes again what was told, and closes the gaps.
    pub(super) fn lead(&mut self, now: Time, ballot: Ballot, out: &mut Output) {
        let open = self.first_open();
        let told = std::mem::take(&mut self.lead.told);
        let known = self.chosen.last_key_value().map_or(0, |(&slot, _)| slot + 1);
        let next = told.last_key_value().map_or(0, |(&slot, _)| slot + 1).max(known).max(open);
        self.lead = Lead { elected: true, next, inherited: next, ..std::mem::take(&mut self.lead) };
        let missing: Vec<Slot> = (open..next).filter(|slot| !self.chosen.contains_key(slot)).collect();
        out.notes.push(Note::Led { ballot, inherited: missing.len() as u64 });
        let ignores = self.setting.config.has(Flaw::IgnoreHighestValue);
        for slot in missing {
            let entry = told.get(&slot).filter(|_| !ignores).map_or(Entry::Noop, |proposal| proposal.value);
            self.open(now, ballot, slot, entry, out);
        }
    }
}
