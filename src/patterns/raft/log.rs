//! The replicated log: entries, positions in it, and which of two logs is more up to date.

/// A term: Raft's logical clock. 0 is before the first election.
pub type Term = u64;

/// A place in the log, from 1. 0 is the place before the first entry.
pub type Index = u64;

/// A place in the log with the term of what stands there. If two logs agree on one, they agree on all before it (§5.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Position {
    /// Where.
    pub index: Index,
    /// The term of the entry there; 0 before the first.
    pub term: Term,
}

impl Position {
    /// Whether a log that ends here is at least as up to date as one that ends at `other`: the later last term wins, and
    /// with equal terms the longer log (§5.4.1). "The longest log wins" is a misreading.
    pub fn is_up_to_date_with(self, other: Self) -> bool {
        (self.term, self.index) >= (other.term, other.index)
    }
}

/// What an entry asks of the state machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Payload {
    /// Nothing: what a new leader writes so that it may commit, and with it all before (§8).
    Noop,
    /// A session for a client. Its name is the index of this entry (dissertation §6.3).
    Register,
    /// A command of a client.
    Command(Command),
}

/// A command, with what it takes to carry it out only once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Command {
    /// The session, as [`Payload::Register`] named it; see [`Sessions`](super::session::Sessions).
    pub session: Index,
    /// The number of the command in its session. A repetition has the number of the first.
    pub serial: u64,
    /// What is asked. Raft never looks at it.
    pub value: u64,
}

/// One entry of the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// The term of the leader that created it.
    pub term: Term,
    /// What it asks.
    pub payload: Payload,
}

/// The entries of one server, from index 1.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
}

impl Log {
    /// The end of the log.
    pub fn last(&self) -> Position {
        Position { index: self.entries.len() as Index, term: self.entries.last().map_or(0, |e| e.term) }
    }

    /// The entry at `index`, if there is one.
    pub fn get(&self, index: Index) -> Option<Entry> {
        self.entries.get(place(index)?).copied()
    }

    /// The term at `index`: 0 before the first entry, `None` beyond the last.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        if index == 0 { Some(0) } else { self.get(index).map(|e| e.term) }
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries from `from` on.
    pub fn from(&self, from: Index) -> &[Entry] {
        place(from).and_then(|at| self.entries.get(at..)).unwrap_or_default()
    }

    /// Adds an entry at the end and says where it is.
    pub fn push(&mut self, entry: Entry) -> Index {
        self.entries.push(entry);
        self.last().index
    }

    /// Deletes the entry at `from` and all that follow it.
    pub fn truncate(&mut self, from: Index) {
        if let Some(at) = place(from) {
            self.entries.truncate(at);
        }
    }

    /// The first index of the run of equal terms that ends at `index`, so that a leader can skip a whole term of conflicts
    /// with one message (end of §5.3).
    pub fn start_of_term_at(&self, index: Index) -> Index {
        let term = self.term_at(index);
        let mut first = index;
        while first > 1 && self.term_at(first - 1) == term {
            first -= 1;
        }
        first
    }
}

/// Where `index` lies in the vector.
fn place(index: Index) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of no-ops with these terms.
    fn log(terms: &[Term]) -> Log {
        Log { entries: terms.iter().map(|&term| Entry { term, payload: Payload::Noop }).collect() }
    }

    #[test]
    fn section_5_4_1_the_later_term_wins_then_the_longer_log() {
        let ends = |terms: &[Term]| log(terms).last();
        assert!(ends(&[1, 2]).is_up_to_date_with(ends(&[1, 1, 1, 1])));
        assert!(!ends(&[1, 1, 1, 1]).is_up_to_date_with(ends(&[1, 2])));
        assert!(ends(&[1, 2, 2]).is_up_to_date_with(ends(&[1, 2])));
        assert!(!ends(&[1, 2]).is_up_to_date_with(ends(&[1, 2, 2])));
        assert!(ends(&[1, 2]).is_up_to_date_with(ends(&[2, 2])), "equal ends are up to date with each other");
        assert!(ends(&[]).is_up_to_date_with(ends(&[])));
    }

    #[test]
    fn the_edges_of_a_log() {
        let mut log = log(&[1, 1, 3, 3, 3]);
        assert_eq!((log.term_at(0), log.term_at(5), log.term_at(6)), (Some(0), Some(3), None));
        assert_eq!((log.get(0), log.from(6), log.from(0)), (None, &[][..], &[][..]));
        assert_eq!((log.start_of_term_at(5), log.start_of_term_at(2), log.start_of_term_at(3)), (3, 1, 3));
        log.truncate(3);
        assert_eq!(log.last(), Position { index: 2, term: 1 });
        log.truncate(0);
        assert_eq!(log.last().index, 2);
    }
}
