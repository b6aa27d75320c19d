//! Who sees everything: the log that is committed, what clients were promised, and the five properties of the paper.
//!
//! The properties are those of Figure 3 of Ongaro and Ousterhout (2014), each looked at where it can break.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::network::Node;
use crate::patterns::raft::{Applied, Entry, Index, Payload, Raft, Role, Server, Sessions, Term};

/// Numbers of the invariants, in the order of the specification.
pub(super) const ELECTION_SAFETY: usize = 0;
pub(super) const APPEND_ONLY: usize = 1;
pub(super) const LOG_MATCHING: usize = 2;
pub(super) const COMPLETENESS: usize = 3;
pub(super) const STATE_MACHINE: usize = 4;
pub(super) const FRESH: usize = 5;
pub(super) const ONCE: usize = 6;

/// A property that does not hold, and which facts contradict each other.
pub(super) type Breach = (usize, String);

/// Its hash stands for all that decides what breaks: counts do not.
#[derive(Clone, Hash, Debug)]
pub(super) struct Observer {
    leaders: BTreeMap<Term, Server>,
    /// Of each entry ever stored: index and term, with the term before it and what it asks.
    stored: BTreeMap<(Index, Term), (Term, Payload)>,
    /// Of each server: the term that it leads and the end of its log.
    led: BTreeMap<u8, (Term, Index)>,
    committed: Vec<Entry>,
    /// Of each of them the term in which someone first took it for committed.
    since: Vec<Term>,
    /// How many writes have taken effect up to and with each index.
    versions: Vec<u32>,
    sessions: Option<Sessions>,
    /// Writes that took effect, by client and serial.
    effects: BTreeSet<u64>,
    /// Writes in logs that were deleted before they were committed.
    lost: BTreeSet<(Index, Term)>,
    /// The highest version that a client was told of.
    pub acknowledged: u32,
    pub stale: u64,
    pub twice: u64,
}

/// What a committed entry came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Effect {
    /// A session that it opened.
    pub session: Option<Index>,
    /// It took effect although it had before.
    pub twice: bool,
}

impl Observer {
    pub fn new(sessions: bool) -> Self {
        Self {
            leaders: BTreeMap::new(),
            stored: BTreeMap::new(),
            led: BTreeMap::new(),
            committed: Vec::new(),
            since: Vec::new(),
            versions: Vec::new(),
            sessions: sessions.then(|| Sessions::new(1000)),
            effects: BTreeSet::new(),
            lost: BTreeSet::new(),
            acknowledged: 0,
            stale: 0,
            twice: 0,
        }
    }

    /// How many entries are committed.
    pub fn top(&self) -> Index {
        self.committed.len() as Index
    }

    /// The entry that is committed at `index`.
    pub fn committed(&self, index: Index) -> Option<Entry> {
        self.committed.get(usize::try_from(index.checked_sub(1)?).ok()?).copied()
    }

    /// How many writes have taken effect in the state after `index`.
    pub fn version(&self, index: Index) -> u32 {
        let at = usize::try_from(index).unwrap_or(usize::MAX).min(self.versions.len());
        at.checked_sub(1).map_or(0, |at| self.versions[at])
    }

    /// How many writes were in a log and are gone.
    pub fn lost(&self) -> u64 {
        self.lost.len() as u64
    }

    /// A server of the name `name` was elected.
    pub fn elected(&mut self, raft: &Raft, name: &str) -> Option<Breach> {
        let (me, term) = (raft.config().id, raft.term());
        let first = *self.leaders.entry(term).or_insert(me);
        if first != me {
            return Some((ELECTION_SAFETY, format!("S{} and {name} both lead term {term}", first.0 + 1)));
        }
        // Who is elected late, in a term that is over, need not have what was committed since.
        let missing = (1..)
            .zip(self.committed.iter().zip(&self.since))
            .find(|(index, (entry, since))| **since < term && raft.log().get(*index) != Some(**entry));
        if let Some((index, _)) = missing {
            return Some((
                COMPLETENESS,
                format!("{name} leads term {term} without the entry at {index}, which is committed"),
            ));
        }
        None
    }

    /// A server's log changed from `from` on.
    pub fn stored(&mut self, raft: &Raft, from: Index, name: &str) -> Option<Breach> {
        let me = raft.config().id.0;
        let last = raft.log().last().index;
        if raft.role() == Role::Leader {
            if let Some(&(term, end)) = self.led.get(&me)
                && term == raft.term()
                && from <= end
            {
                return Some((
                    APPEND_ONLY,
                    format!("{name} leads term {term} and rewrites its log at {from}"),
                ));
            }
            self.led.insert(me, (raft.term(), last));
        }
        let mut before = raft.log().term_at(from.saturating_sub(1)).unwrap_or(0);
        for (index, entry) in (from..).zip(raft.log().from(from)) {
            let known = *self.stored.entry((index, entry.term)).or_insert((before, entry.payload));
            if known != (before, entry.payload) {
                let term = entry.term;
                return Some((
                    LOG_MATCHING,
                    format!("two logs share the entry at {index} of term {term} and differ before or in it"),
                ));
            }
            before = entry.term;
        }
        None
    }

    /// A server takes `entry` at `index` for committed; `name` is who, in which term. The first time it takes effect.
    pub fn commit(
        &mut self,
        index: Index,
        entry: Option<Entry>,
        (name, term): (&str, Term),
    ) -> Result<Option<Effect>, Breach> {
        let differs = || {
            (STATE_MACHINE, format!("{name} applies another entry at {index} than was applied there before"))
        };
        let Some(entry) = entry else { return Err(differs()) };
        match self.committed(index) {
            Some(other) if other == entry => return Ok(None),
            Some(_) => return Err(differs()),
            None if index != self.top() + 1 => return Err(differs()),
            None => {}
        }
        self.committed.push(entry);
        self.since.push(term);
        let mut version = self.versions.last().copied().unwrap_or(0);
        let mut effect = Effect { session: None, twice: false };
        let mut ran = false;
        match (&mut self.sessions, entry.payload) {
            (Some(sessions), payload) => {
                let applied = sessions.apply(index, payload, |value| {
                    ran = true;
                    value
                });
                if let Applied::Registered(session) = applied {
                    effect.session = Some(session);
                }
            }
            (None, Payload::Register) => effect.session = Some(index),
            (None, Payload::Command(_)) => ran = true,
            (None, Payload::Noop) => {}
        }
        if let Payload::Command(command) = entry.payload
            && ran
        {
            version += 1;
            effect.twice = !self.effects.insert(command.value);
            self.twice += u64::from(effect.twice);
        }
        self.versions.push(version);
        Ok(Some(effect))
    }

    /// Entries were deleted from a log; how many of them were writes that are not committed.
    pub fn deleted(&mut self, entries: impl Iterator<Item = (Index, Entry)>) -> u32 {
        let mut writes = 0;
        for (index, entry) in entries {
            if matches!(entry.payload, Payload::Command(_)) && self.committed(index) != Some(entry) {
                writes += 1;
                self.lost.insert((index, entry.term));
            }
        }
        writes
    }

    /// A server starts again, so that it may write its log anew.
    pub fn restarted(&mut self, node: Node) {
        self.led.remove(&node);
    }

    /// About how many bytes a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.stored.len() * 72
            + self.committed.len() * (size_of::<Entry>() + size_of::<u32>() + size_of::<Term>())
            + self.effects.len() * 12
            + (self.lost.len() + self.leaders.len() + self.led.len()) * 24
    }
}
