//! The five properties of the paper's Figure 3, looked at after every event.

use std::collections::BTreeMap;

use halfopen::patterns::raft::{Entry, Index, Log, Note, Payload, Raft, Role, Server, Term};

/// What an observer who sees everything remembers.
#[derive(Clone, Hash, Default)]
pub struct Safety {
    /// Who led which term.
    leaders: BTreeMap<Term, Server>,
    /// For each entry ever seen: the term before it, and what it asks. So logs that share an entry share all before.
    entries: BTreeMap<(Index, Term), (Term, Payload)>,
    /// The log of each server at its last event as a leader.
    led: BTreeMap<Server, (Term, Log)>,
    /// Each committed entry, with the first term in which someone took it for committed.
    pub committed: Vec<(Entry, Term)>,
    /// How far each server has told that it committed.
    applied: BTreeMap<Server, Index>,
}

impl Safety {
    /// The highest index that anyone has committed.
    pub fn top(&self) -> Index {
        self.committed.len() as Index
    }

    /// How many terms had a leader.
    pub fn led(&self) -> usize {
        self.leaders.len()
    }

    /// A server starts again with nothing applied.
    pub fn restarted(&mut self, server: Server) {
        self.applied.remove(&server);
        self.led.remove(&server);
    }

    /// The property that `raft` breaks after an event with these notes.
    pub fn broken(&mut self, raft: &Raft, notes: &[Note]) -> Option<&'static str> {
        let me = raft.config().id;
        for note in notes {
            if let Note::Led { term } = note
                && *self.leaders.entry(*term).or_insert(me) != me
            {
                return Some("election safety");
            }
        }
        if raft.role() == Role::Leader {
            if let Some((term, before)) = self.led.get(&me)
                && *term == raft.term()
                && raft.log().entries().get(..before.entries().len()) != Some(before.entries())
            {
                return Some("leader append-only");
            }
            self.led.insert(me, (raft.term(), raft.log().clone()));
        }
        let mut before = 0;
        for (index, entry) in (1..).zip(raft.log().entries()) {
            let known = self.entries.entry((index, entry.term)).or_insert((before, entry.payload));
            if *known != (before, entry.payload) {
                return Some("log matching");
            }
            before = entry.term;
        }
        let applied = self.applied.entry(me).or_insert(0);
        while *applied < raft.commit() {
            *applied += 1;
            let Some(entry) = raft.log().get(*applied) else { return Some("state machine safety") };
            match self.committed.get(*applied as usize - 1) {
                None => self.committed.push((entry, raft.term())),
                Some((other, _)) if *other == entry => {}
                Some(_) => return Some("state machine safety"),
            }
        }
        if raft.role() == Role::Leader {
            for (index, (entry, since)) in (1..).zip(&self.committed) {
                if *since < raft.term() && raft.log().get(index) != Some(*entry) {
                    return Some("leader completeness");
                }
            }
        }
        None
    }
}
