//! What must outlive a crash: the persistent state of Figure 2, and the order in which it gets to disk.
//!
//! A call that changes it gives a [`Save`]. Whoever runs the server writes it, and says so with
//! [`Raft::saved`](super::Raft::saved). What depends on it waits: votes and answers may not leave before, and a leader
//! counts its own copy of an entry only then. Its `AppendEntries` may leave at once, in parallel with its own write
//! (dissertation §10.2.1).

use super::log::{Entry, Index, Log, Term};
use super::message::Server;

/// Names a save. Once everything is on disk, numbering starts again, so that servers in the same state are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mark(pub u32);

impl Mark {
    /// No save at all.
    pub const NONE: Self = Self(0);
    /// Stands in a message until the call that makes it ends.
    pub(super) const LATEST: Self = Self(u32::MAX);
}

/// One write to disk, to be made whole and in order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Save {
    /// Its name.
    pub mark: Mark,
    /// `currentTerm` of Figure 2.
    pub term: Term,
    /// `votedFor` of Figure 2.
    pub vote: Option<Server>,
    /// What changed of the log: from this index on it is these entries. `None` if nothing did.
    pub log: Option<(Index, Vec<Entry>)>,
}

/// A disk. An empty one is that of a new server, or of one that lost it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The term.
    pub term: Term,
    /// Who got the vote in this term.
    pub vote: Option<Server>,
    /// The log.
    pub log: Log,
}

impl Disk {
    /// Writes `save`.
    pub fn write(&mut self, save: &Save) {
        self.term = save.term;
        self.vote = save.vote;
        if let Some((from, entries)) = &save.log {
            self.log.truncate(*from);
            for &entry in entries {
                self.log.push(entry);
            }
        }
    }
}

/// What is on its way to disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Saving {
    /// The last save that was asked for.
    issued: Mark,
    /// Saves that are not confirmed, with the end of the log that each makes durable.
    pending: Vec<(Mark, Index)>,
    /// The log is on disk up to here.
    durable: Index,
    /// Term or vote changed in this call.
    hard: bool,
    /// The first index of the log that changed in this call.
    from: Option<Index>,
}

impl Saving {
    /// Nothing is under way, and the log is on disk up to `durable`.
    pub fn settled(durable: Index) -> Self {
        Self { durable, ..Self::default() }
    }

    /// Term or vote changed.
    pub fn hard_state_changed(&mut self) {
        self.hard = true;
    }

    /// The log changed at `from`. What lies there on disk, or is on its way to it, is worth nothing any more.
    pub fn log_changed(&mut self, from: Index) {
        let before = from.saturating_sub(1);
        self.from = Some(self.from.map_or(from, |first| first.min(from)));
        self.durable = self.durable.min(before);
        for (_, upto) in &mut self.pending {
            *upto = (*upto).min(before);
        }
    }

    /// The log is on disk up to here.
    pub fn durable(&self) -> Index {
        self.durable
    }

    /// What a message that depends on the state of now has to wait for.
    pub fn latest(&self) -> Mark {
        if self.pending.is_empty() { Mark::NONE } else { self.issued }
    }

    /// The save for what changed in this call, if anything did.
    pub fn take(&mut self, term: Term, vote: Option<Server>, log: &Log) -> Option<Save> {
        let from = self.from.take();
        if !std::mem::take(&mut self.hard) && from.is_none() {
            return None;
        }
        self.issued.0 += 1;
        self.pending.push((self.issued, log.last().index));
        let log = from.map(|from| (from, log.from(from).to_vec()));
        Some(Save { mark: self.issued, term, vote, log })
    }

    /// `mark` and all before it are on disk.
    pub fn saved(&mut self, mark: Mark) {
        while let Some(&(first, upto)) = self.pending.first()
            && first <= mark
        {
            self.durable = self.durable.max(upto);
            self.pending.remove(0);
        }
        if self.pending.is_empty() {
            self.issued = Mark::NONE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::raft::log::Payload;

    fn entry(term: Term) -> Entry {
        Entry { term, payload: Payload::Noop }
    }

    #[test]
    fn an_entry_replaced_on_its_way_to_disk_is_not_durable() {
        let (mut saving, mut log) = (Saving::default(), Log::default());
        log.push(entry(1));
        saving.log_changed(1);
        let first = saving.take(1, None, &log).unwrap();
        log.truncate(1);
        log.push(entry(2));
        saving.log_changed(1);
        let second = saving.take(2, None, &log).unwrap();
        saving.saved(first.mark);
        assert_eq!((saving.durable(), saving.latest()), (0, second.mark));
        saving.saved(second.mark);
        assert_eq!((saving.durable(), saving.latest()), (1, Mark::NONE));

        let mut disk = Disk::default();
        disk.write(&first);
        disk.write(&second);
        assert_eq!((disk.term, disk.log), (2, log));
    }

    #[test]
    fn names_start_again_when_all_is_on_disk() {
        let mut saving = Saving::default();
        for _ in 0..3 {
            saving.hard_state_changed();
            let save = saving.take(1, None, &Log::default()).unwrap();
            assert_eq!(save.mark, Mark(1));
            saving.saved(save.mark);
            assert_eq!(saving, Saving::default());
        }
    }
}
