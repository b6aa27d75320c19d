//! What agents say to each other, and what one call of an agent gives back.

use super::acceptor::Promised;
use super::note::Note;

/// The number of a proposal. Ordered by round, then by proposer; as each proposer has its own, no two use the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ballot {
    /// From 1 on.
    pub round: u32,
    /// Whose it is.
    pub proposer: u8,
}

/// What is to be agreed on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Value(pub u64);

/// A value under a ballot (§2.2: "a proposal consists of a proposal number and a value").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Proposal<V = Value> {
    /// The number.
    pub ballot: Ballot,
    /// The value.
    pub value: V,
}

/// The classes of agents (§2), each numbered from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Agent {
    /// Wants a value to be chosen.
    Proposer(u8),
    /// Remembers.
    Acceptor(u8),
    /// Wants to know what is chosen.
    Learner(u8),
}

/// A set of acceptors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Acceptors(u16);

impl Acceptors {
    /// Adds one.
    pub fn insert(&mut self, acceptor: u8) {
        self.0 |= 1_u16.checked_shl(u32::from(acceptor)).unwrap_or(0);
    }

    /// Whether it is in.
    pub fn contains(self, acceptor: u8) -> bool {
        self.0.checked_shr(u32::from(acceptor)).unwrap_or(0) & 1 == 1
    }

    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Them, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..16).filter(move |&acceptor| self.contains(acceptor))
    }
}

impl FromIterator<u8> for Acceptors {
    fn from_iter<I: IntoIterator<Item = u8>>(acceptors: I) -> Self {
        let mut set = Self::default();
        acceptors.into_iter().for_each(|acceptor| set.insert(acceptor));
        set
    }
}

/// One message. It may be lost, late or doubled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Message {
    /// Who sends it.
    pub from: Agent,
    /// Who shall get it.
    pub to: Agent,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Body {
    /// Phase 1a: promise to take no part in lower ballots.
    Prepare {
        /// The ballot.
        ballot: Ballot,
    },
    /// Phase 1b: promised, and what was accepted last.
    Promise {
        /// The ballot.
        ballot: Ballot,
        /// The proposal with the highest ballot that the acceptor has accepted.
        accepted: Option<Proposal>,
    },
    /// Phase 2a: accept this.
    Accept(Proposal),
    /// Phase 2b: accepted; to the proposer and to all learners.
    Accepted(Proposal),
    /// To a prepare or an accept: a higher ballot is promised.
    Nack {
        /// The ballot of the request.
        ballot: Ballot,
        /// The one that is promised.
        promised: Ballot,
    },
}

/// What has to be on disk before any message of the same call leaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Save {
    /// All that this acceptor has to remember.
    Acceptor(u8, Promised),
    /// This proposer has used this round.
    Proposer(u8, u32),
}

/// What calls ask of their caller. Calls only add to it; empty it when all is done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// What to write to disk before anything is sent. At most one a call; each replaces the one before it.
    pub saves: Vec<Save>,
    /// What to send.
    pub messages: Vec<Message>,
    /// What happened, to be told or shown. Nothing has to be done about it.
    pub notes: Vec<Note>,
}

impl Output {
    /// Empties it, and keeps the room.
    pub fn clear(&mut self) {
        self.saves.clear();
        self.messages.clear();
        self.notes.clear();
    }

    pub(super) fn send(&mut self, from: Agent, to: Agent, body: Body) {
        self.messages.push(Message { from, to, body });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_2_2_ballots_are_ordered_and_no_two_proposers_share_one() {
        let ballot = |round, proposer| Ballot { round, proposer };
        assert!(ballot(1, 1) > ballot(1, 0) && ballot(2, 0) > ballot(1, 1));
        assert_ne!(ballot(1, 0), ballot(1, 1));
    }

    #[test]
    fn two_majorities_share_someone() {
        let (ab, bc): (Acceptors, Acceptors) = ([0, 1].into_iter().collect(), [1, 2].into_iter().collect());
        assert_eq!(ab.shared(bc).iter().collect::<Vec<_>>(), [1]);
        assert_eq!((ab.len(), ab.contains(2), ab.contains(200), ab.is_empty()), (2, false, false, false));
    }
}
