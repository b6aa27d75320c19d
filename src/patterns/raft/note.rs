//! What a server tells about itself: each decision with its reason.

use super::Role;
use super::log::{Index, Term};
use super::message::Server;

/// Something that happened inside a server.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Note {
    /// It asks for votes.
    Campaigned {
        /// For this term.
        term: Term,
        /// What kind of campaign it is.
        kind: Campaign,
    },
    /// It gave its vote, or said in a pre-vote that it would.
    Granted {
        /// To whom.
        to: Server,
        /// For which term.
        term: Term,
        /// Whether this was only a pre-vote.
        pre: bool,
    },
    /// It did not.
    Withheld {
        /// From whom.
        from: Server,
        /// For which term.
        term: Term,
        /// Whether this was only a pre-vote.
        pre: bool,
        /// The reason.
        why: Withheld,
    },
    /// It leads.
    Led {
        /// In this term.
        term: Term,
    },
    /// It is a follower now and was something else.
    SteppedDown {
        /// In this term.
        term: Term,
        /// What it was.
        was: Role,
        /// The reason.
        why: SteppedDown,
    },
    /// A follower deleted entries that conflict with its leader's: these were never committed.
    Truncated {
        /// The first index that is gone.
        from: Index,
        /// The last one.
        upto: Index,
    },
    /// It knows now that entries are committed.
    Committed {
        /// The first that it did not know of before.
        from: Index,
        /// The last.
        upto: Index,
    },
    /// A read may be answered from the state after `index`.
    Read {
        /// Which read.
        read: u64,
        /// What must be applied first. Never beyond the commit index.
        index: Index,
    },
    /// A read can't be answered here any more, as the server stopped leading first.
    ReadLost {
        /// Which read.
        read: u64,
    },
    /// The leader told its successor to campaign.
    HandedOver {
        /// The successor.
        to: Server,
    },
    /// The handing over took longer than an election timeout and was given up.
    TransferAborted {
        /// The server that should have led.
        to: Server,
    },
}

/// Kinds of campaigns.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Campaign {
    /// A question that changes nobody's term.
    Pre,
    /// An election.
    Vote,
    /// An election that the leader asked for.
    Transfer,
}

/// Why a vote was not given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Withheld {
    /// The candidate's term is over.
    OldTerm,
    /// In this term the vote went to another.
    Voted(Server),
    /// The own log is more up to date.
    OlderLog,
    /// It heard of a leader too short a time ago. There is no answer at all then, and the term stays.
    Lease,
}

/// Why a server follows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SteppedDown {
    /// It saw a later term.
    LaterTerm,
    /// It heard from the leader of its term.
    OtherLeads,
    /// A majority refused it its vote (etcd).
    Refused,
    /// It led, and did not hear from a majority for too long.
    NoQuorum,
}
