//! The log on its way: `AppendEntries` from both sides, and what is committed (§5.3, §5.4.2).

use super::message::{Body, Server};
use super::note::Note;
use super::{Call, Entry, Flaw, Index, Manner, Payload, Position, Raft, Reads, Role};

impl Raft {
    /// Writes an entry of the own term at the end of the log. Leaders do nothing else to their log.
    pub(super) fn append(&mut self, payload: Payload) -> Index {
        let index = self.log.push(Entry { term: self.term, payload });
        self.saving.log_changed(index);
        index
    }

    /// Sends `AppendEntries` to all: a heartbeat, if they have everything.
    pub(super) fn broadcast(&mut self, call: &mut Call<'_>) {
        if self.config.reads == Reads::Lease {
            self.begin_round(call.now);
        }
        for to in self.config.others() {
            self.send_entries(call, to);
        }
        self.commit_by_counting(call);
    }

    /// Sends `to` what it lacks, as far as the leader knows and as fits in a message.
    pub(super) fn send_entries(&mut self, call: &mut Call<'_>, to: Server) {
        let round = self.lead.round;
        let Some(peer) = self.lead.peers.get_mut(usize::from(to.0)) else { return };
        let missing = self.log.from(peer.next);
        let entries = missing[..missing.len().min(usize::from(self.config.batch.max(1)))].to_vec();
        let before = peer.next.saturating_sub(1);
        let prev = Position { index: before, term: self.log.term_at(before).unwrap_or(0) };
        peer.sent = before + entries.len() as Index;
        self.send(call, to, self.term, Body::AppendEntries { prev, entries, commit: self.commit, round });
    }

    /// The leader of this term writes.
    pub(super) fn on_append_entries(
        &mut self,
        call: &mut Call<'_>,
        from: Server,
        prev: Position,
        entries: &[Entry],
        (commit, round): (Index, u64),
    ) {
        if self.log.term_at(prev.index) != Some(prev.term) {
            let last = self.log.last().index;
            let hint = if prev.index > last { last } else { self.log.start_of_term_at(prev.index) - 1 };
            return self.send(call, from, self.term, Body::Rejected { prev: prev.index, hint, round });
        }
        let upto = prev.index + entries.len() as Index;
        for (index, &entry) in (prev.index + 1..).zip(entries) {
            match self.log.term_at(index) {
                // Already there. What follows stays: this message may be older than it.
                Some(term) if term == entry.term => continue,
                Some(_) => {
                    let last = self.log.last().index;
                    self.log.truncate(index);
                    self.saving.log_changed(index);
                    call.note(Note::Truncated { from: index, upto: last });
                }
                None => {}
            }
            let index = self.log.push(entry);
            self.saving.log_changed(index);
        }
        self.commit_to(call, commit.min(upto));
        self.send(call, from, self.term, Body::Appended { upto, round });
    }

    /// A follower's log agrees up to `upto`.
    pub(super) fn on_appended(&mut self, call: &mut Call<'_>, from: Server, upto: Index, round: u64) {
        self.heard_from(call, from, round);
        let last = self.log.last().index;
        let Some(peer) = self.lead.peers.get_mut(usize::from(from.0)) else { return };
        if upto > peer.matched {
            peer.matched = upto.min(last);
            peer.next = peer.next.max(peer.matched + 1);
            let more = peer.sent.max(peer.matched) < last;
            self.commit_by_counting(call);
            if more {
                self.send_entries(call, from);
            }
        }
        self.hand_over_if_ready(call);
    }

    /// A follower's log has another entry at `prev`, or none.
    pub(super) fn on_rejected(
        &mut self,
        call: &mut Call<'_>,
        from: Server,
        (prev, hint): (Index, Index),
        round: u64,
    ) {
        self.heard_from(call, from, round);
        let Some(peer) = self.lead.peers.get_mut(usize::from(from.0)) else { return };
        // Only the answer to the latest guess says something new.
        if prev + 1 == peer.next && prev > peer.matched {
            peer.next = (hint + 1).clamp(peer.matched + 1, prev);
            self.send_entries(call, from);
        }
    }

    /// A leader commits what a majority stores, itself included once its own disk has it, if it is of its own term. What is
    /// before that is committed with it. An old entry alone is not: a majority may store it, and a server that lacks it may
    /// still win an election (Figure 8).
    pub(super) fn commit_by_counting(&mut self, call: &mut Call<'_>) {
        if self.role != Role::Leader {
            return;
        }
        let mut stored = [0; 16];
        for ((at, slot), peer) in stored.iter_mut().enumerate().zip(&self.lead.peers) {
            *slot = if at == usize::from(self.config.id.0) { self.saving.durable() } else { peer.matched };
        }
        stored.sort_unstable_by(|a, b| b.cmp(a));
        let Some(&index) = stored.get(self.config.majority() - 1) else { return };
        let own = self.log.term_at(index) == Some(self.term);
        if index > self.commit && (own || self.config.flaw == Some(Flaw::CommitOldTermByCounting)) {
            self.commit_to(call, index);
            self.start_waiting_reads(call);
            if self.config.manner == Manner::Etcd {
                for to in self.config.others() {
                    self.send_entries(call, to);
                }
            }
        }
    }

    /// Everything up to `index` is committed.
    fn commit_to(&mut self, call: &mut Call<'_>, index: Index) {
        if index > self.commit {
            call.note(Note::Committed { from: self.commit + 1, upto: index });
            self.commit = index;
        }
    }
}
