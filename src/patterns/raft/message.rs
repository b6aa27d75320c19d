//! What servers say to each other, and what one call of [`Raft`](super::Raft) gives back.

use super::disk::{Mark, Save};
use super::log::{Entry, Index, Position, Term};
use super::note::Note;

/// A server, by its place in the cluster from 0. At most 16.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Server(pub u8);

/// A set of servers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Servers(u16);

impl Servers {
    /// Adds one.
    pub fn insert(&mut self, server: Server) {
        self.0 |= 1_u16.checked_shl(u32::from(server.0)).unwrap_or(0);
    }

    /// The set with `server` alone.
    pub fn only(server: Server) -> Self {
        let mut set = Self::default();
        set.insert(server);
        set
    }

    /// Whether it is in.
    pub fn contains(self, server: Server) -> bool {
        self.0.checked_shr(u32::from(server.0)).unwrap_or(0) & 1 == 1
    }

    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One message. Answers are messages too: nothing waits for one, and each may be lost, late or doubled.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Message {
    /// Who sends it.
    pub from: Server,
    /// Who shall get it.
    pub to: Server,
    /// The term of the sender; in a pre-vote the term that it would campaign for.
    pub term: Term,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Body {
    /// `RequestVote` of Figure 2.
    RequestVote {
        /// The end of the candidate's log.
        last: Position,
        /// Only a question: would you vote for me? Nobody's term or vote changes (dissertation §9.6).
        pre: bool,
        /// The leader itself asked for this campaign, so that it may disrupt (dissertation §3.10).
        transfer: bool,
    },
    /// The answer to it.
    Vote {
        /// Whether the question was one.
        pre: bool,
        /// Yes or no.
        granted: bool,
    },
    /// `AppendEntries` of Figure 2, a heartbeat if there are no entries.
    AppendEntries {
        /// The place right before the entries.
        prev: Position,
        /// What to store, empty for a heartbeat.
        entries: Vec<Entry>,
        /// How far the leader has committed.
        commit: Index,
        /// Comes back in the answer, so that a leader knows that it still led after a read came in (§8).
        round: u64,
    },
    /// The answer if the logs agreed at `prev`.
    Appended {
        /// The follower's log agrees with the leader's up to here.
        upto: Index,
        /// The round of the request.
        round: u64,
    },
    /// The answer if they did not, or if the term was old.
    Rejected {
        /// Where they were compared.
        prev: Index,
        /// Where the leader should try next: the end of a log that is too short, or the last entry before the term that
        /// conflicts.
        hint: Index,
        /// The round of the request.
        round: u64,
    },
    /// From the leader to its chosen successor: campaign now (dissertation §3.10).
    TimeoutNow,
}

/// A message, and what has to be on disk before it may go.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Outgoing {
    /// The message.
    pub message: Message,
    /// It must not leave before this save is on disk. [`Mark::NONE`] may go at once.
    pub after: Mark,
}

/// What calls of [`Raft`](super::Raft) ask of their caller. Calls only add to it; empty it when all is done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// What to write to disk, in this order.
    pub saves: Vec<Save>,
    /// What to send.
    pub messages: Vec<Outgoing>,
    /// What happened, to be told or shown. Nothing has to be done about it, except that a client waits for
    /// [`Note::Committed`] and [`Note::Read`].
    pub notes: Vec<Note>,
}

impl Output {
    /// Empties it, and keeps the room.
    pub fn clear(&mut self) {
        self.saves.clear();
        self.messages.clear();
        self.notes.clear();
    }
}
