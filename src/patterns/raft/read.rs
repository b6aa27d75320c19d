//! Reads that don't go through the log (§8; dissertation §6.4), and handing the lead to another (dissertation §3.10).

use super::message::{Body, Server};
use super::note::Note;
use super::{Call, Declined, PendingRead, Raft, Reads, Role, Transfer};
use crate::engine::time::Time;

impl Raft {
    /// A client wants to read. What may be answered comes as [`Note::Read`], at once or later.
    pub(super) fn begin_read(&mut self, call: &mut Call<'_>, read: u64) -> Result<(), Declined> {
        if self.config.reads == Reads::Local {
            call.note(Note::Read { read, index: self.commit });
            return Ok(());
        }
        if self.role != Role::Leader {
            return Err(Declined::NotLeader { leader: self.leader });
        }
        if self.knows_what_is_committed() {
            self.start_read(call, read);
        } else {
            self.lead.reads.push(PendingRead { read, confirm: None });
        }
        Ok(())
    }

    /// A leader knows that its commit index is no older than its predecessor's only once it has committed in its own term.
    fn knows_what_is_committed(&self) -> bool {
        self.log.term_at(self.commit) == Some(self.term)
    }

    /// The first entry of the term is committed: reads that waited for it may begin.
    pub(super) fn start_waiting_reads(&mut self, call: &mut Call<'_>) {
        if !self.knows_what_is_committed() {
            return;
        }
        let waiting: Vec<u64> =
            self.lead.reads.iter().filter(|r| r.confirm.is_none()).map(|r| r.read).collect();
        self.lead.reads.retain(|r| r.confirm.is_some());
        for read in waiting {
            self.start_read(call, read);
        }
    }

    /// Answers from the lease, or asks a majority whether it still leads.
    fn start_read(&mut self, call: &mut Call<'_>, read: u64) {
        let index = self.commit;
        let at_once = match self.config.reads {
            Reads::Local | Reads::CheckQuorum => true,
            Reads::Index => false,
            Reads::Lease => self.holds_lease(call.now),
        };
        if at_once || self.config.majority() == 1 {
            return call.note(Note::Read { read, index });
        }
        self.begin_round(call.now);
        self.lead.reads.push(PendingRead { read, confirm: Some((index, self.lead.round)) });
        for to in self.config.others() {
            self.send_entries(call, to);
        }
    }

    /// The messages from now on are a new round: who answers one of them has answered after now.
    pub(super) fn begin_round(&mut self, now: Time) {
        self.lead.round += 1;
        if self.config.reads == Reads::Lease {
            self.lead.begun.push((self.lead.round, now));
        }
    }

    /// Whether readers may still be answered without asking a majority. Not once the lead is on its way to another, whose
    /// voters don't wait: as etcd's leader can lead on after a transfer that it gave up (etcd-io/raft issue 99), the lease stays
    /// lost for the rest of the term.
    pub fn holds_lease(&self, now: Time) -> bool {
        !self.lead.handed_over && self.lead.lease_since.is_some_and(|since| now < since + self.config.lease)
    }

    /// A follower answered in this term, to a message of `round`.
    pub(super) fn heard_from(&mut self, call: &mut Call<'_>, from: Server, round: u64) {
        self.lead.active.insert(from);
        let Some(peer) = self.lead.peers.get_mut(usize::from(from.0)) else { return };
        if round <= peer.round {
            return;
        }
        peer.round = round;
        // The newest round that a majority has answered; the leader itself has answered all.
        let mut rounds = [0; 16];
        for (slot, server) in rounds.iter_mut().zip(self.config.others()) {
            *slot = self.lead.peers.get(usize::from(server.0)).map_or(0, |peer| peer.round);
        }
        rounds.sort_unstable_by(|a, b| b.cmp(a));
        let Some(&confirmed) = self.config.majority().checked_sub(2).and_then(|nth| rounds.get(nth)) else {
            return;
        };
        while let Some(&(round, since)) = self.lead.begun.first()
            && round <= confirmed
        {
            self.lead.lease_since = Some(since);
            self.lead.begun.remove(0);
        }
        self.lead.reads.retain(|pending| match pending.confirm {
            Some((index, round)) if round <= confirmed => {
                call.note(Note::Read { read: pending.read, index });
                false
            }
            _ => true,
        });
    }

    /// The lead shall go to `to`. New commands are declined until that is over.
    pub(super) fn begin_transfer(&mut self, call: &mut Call<'_>, to: Server) -> Result<(), Declined> {
        if self.role != Role::Leader {
            return Err(Declined::NotLeader { leader: self.leader });
        }
        if to == self.config.id || to.0 >= self.config.servers {
            return Err(Declined::NoSuchServer);
        }
        let until = self.config.due(call.now, self.config.election.min);
        self.lead.transfer = Some(Transfer { to, until, told: false });
        self.send_entries(call, to);
        self.hand_over_if_ready(call);
        Ok(())
    }

    /// Tells the successor to campaign once it has the whole log.
    pub(super) fn hand_over_if_ready(&mut self, call: &mut Call<'_>) {
        let last = self.log.last().index;
        let Some(transfer) = self.lead.transfer.as_mut().filter(|transfer| !transfer.told) else { return };
        let to = transfer.to;
        if self.lead.peers.get(usize::from(to.0)).is_some_and(|peer| peer.matched == last) {
            transfer.told = true;
            self.lead.handed_over = true;
            call.note(Note::HandedOver { to });
            self.send(call, to, self.term, Body::TimeoutNow);
        }
    }
}
