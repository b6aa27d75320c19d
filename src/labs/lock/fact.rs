//! What the lab `lock` tells.

use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::patterns::lock::Token;
use crate::patterns::lock::storage::Refused;

/// What is told, and under which design.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fact {
    /// The number of the design among those that run.
    pub side: u8,
    /// What.
    pub what: What,
}

/// What is told. Clients, servers and the store are nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A client has the lock: who, its token, how long it waited, what is left of its lease by its own clock.
    Acquired(Node, Option<Token>, Span, Option<Span>),
    /// A client gave up waiting, after so long.
    Refused(Node, Span),
    /// A write was taken: who, its token, how many updates it wrote over that it had not seen.
    Accepted(Node, Option<Token>, u64),
    /// A write was refused.
    Rejected(Node, Refused),
    /// A write had no answer: the client can't know whether it was taken.
    Unknown(Node),
    /// A client gave the lock back: whether it still was its own.
    Released(Node, bool),
    /// A release had no answer: the client can't know whether the lock is free.
    ReleaseUnknown(Node),
    /// `unlock` threw.
    NotOwner(Node),
    /// A plain `DEL` deleted the lock of another: who, whose.
    Freed(Node, Node),
    /// A client knows that it lost the lock, and stops its work.
    Lost(Node),
    /// A client's connection is gone: it can't know whether it has the lock.
    Doubts(Node),
    /// A watchdog found the lock gone; its thread is not told.
    WatchdogStopped(Node),
    /// A renewal had no answer.
    NotRenewed(Node),
    /// A client looked at its clock and did not write.
    Abandoned(Node),
    /// The lock of a client that still believes in it is over at the server.
    Ended(Node),
    /// A client wrote, or will, with a lock that a server has forgotten.
    Forgotten(Node, Node),
    /// Two believe that they hold it.
    Two(Node, Node),
    /// That is over, after so long.
    OneAgain(Span),
    /// A replica took over, without so many of its master's writes.
    Promoted(Node, u64),
    /// A token was given out again, or a lower one.
    TokenAgain(Node, Token, Token),
    /// A client stands still by itself, for so long.
    Stopped(Node, Span),
    /// It goes on.
    GoesOn(Node),
    /// Nobody had the lock while somebody waited; it is over after so long.
    OutageOver(Node, Span),
    /// A fault began.
    Began(u32),
    /// A fault ended.
    Over(u32),
    /// A knob was turned, by its index.
    Tuned(u32),
}

impl What {
    /// The nodes that it is about.
    pub(super) const fn nodes(self) -> (Option<Node>, Option<Node>) {
        match self {
            Self::Acquired(node, ..)
            | Self::Refused(node, _)
            | Self::Accepted(node, ..)
            | Self::Rejected(node, _)
            | Self::Unknown(node)
            | Self::Released(node, _)
            | Self::ReleaseUnknown(node)
            | Self::NotOwner(node)
            | Self::Lost(node)
            | Self::Doubts(node)
            | Self::WatchdogStopped(node)
            | Self::NotRenewed(node)
            | Self::Abandoned(node)
            | Self::Ended(node)
            | Self::Promoted(node, _)
            | Self::TokenAgain(node, ..)
            | Self::Stopped(node, _)
            | Self::GoesOn(node)
            | Self::OutageOver(node, _) => (Some(node), None),
            Self::Freed(a, b) | Self::Two(a, b) | Self::Forgotten(a, b) => (Some(a), Some(b)),
            Self::OneAgain(_) | Self::Began(_) | Self::Over(_) | Self::Tuned(_) => (None, None),
        }
    }

    /// Whether it happened at the store.
    pub(super) const fn is_at_store(self) -> bool {
        matches!(self, Self::Accepted(..) | Self::Rejected(..))
    }
}
