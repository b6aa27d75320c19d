//! What the lab `failover` tells.

use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::patterns::raft::{Campaign, Index, Role, SteppedDown, Term, Withheld};

/// What is told. Servers and clients are nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A server asks for votes.
    Campaigned(Node, Term, Campaign),
    /// A server gave its vote, or would: who, to whom, in which term, whether it was only asked.
    Granted(Node, Node, Term, bool),
    /// A server did not: who, from whom, in which term, whether it was only asked, why.
    Withheld(Node, Node, Term, bool, Withheld),
    /// A server leads.
    Led(Node, Term),
    /// All others that run have heard from the new leader.
    Heard(Node, Term),
    /// A server follows that did not.
    SteppedDown(Node, Term, Role, SteppedDown),
    /// A follower deleted entries, from and to, of which so many were writes.
    Truncated(Node, Index, Index, u32),
    /// A leader knows that entries are committed, up to here.
    Committed(Node, Index),
    /// A leader told its successor to campaign.
    HandedOver(Node, Node),
    /// Handing over was given up.
    TransferAborted(Node, Node),
    /// A client has its answer: who, its request, whether it was a read, after how long.
    Answered(Node, u32, bool, Span),
    /// A client waited long enough for a server: who, its request, which attempt.
    TimedOut(Node, u32, u32),
    /// A client gave a request up: it can't know what became of it.
    GaveUp(Node, u32),
    /// A server refused a client, and named the leader that it knows of: server, client, leader.
    Refused(Node, Node, Option<Node>),
    /// The first write since the leader was lost is acknowledged, so long after.
    Available(Span),
    /// A server answered a read with an old state: who, the version it gave, the version that was acknowledged before.
    Stale(Node, u32, u32),
    /// A server answered a read that was asked by hand, with this version.
    Fresh(Node, u32),
    /// A write took effect a second time: client, request, index.
    Twice(Node, u32, Index),
    /// The leader crashed, as the preset has it.
    OwnCrash(Node),
    /// A fault began.
    Began(u32),
    /// A fault ended.
    Over(u32),
    /// A knob was turned, by its index.
    Tuned(u32),
}

impl Fact {
    /// The node that it is about first, and second.
    pub(super) const fn nodes(self) -> (Option<Node>, Option<Node>) {
        match self {
            Self::Campaigned(node, ..)
            | Self::Led(node, ..)
            | Self::Heard(node, _)
            | Self::SteppedDown(node, ..)
            | Self::Truncated(node, ..)
            | Self::Committed(node, _)
            | Self::Answered(node, ..)
            | Self::TimedOut(node, ..)
            | Self::GaveUp(node, _)
            | Self::Stale(node, ..)
            | Self::Fresh(node, _)
            | Self::Twice(node, ..)
            | Self::OwnCrash(node) => (Some(node), None),
            Self::Granted(a, b, ..)
            | Self::Withheld(a, b, ..)
            | Self::HandedOver(a, b)
            | Self::TransferAborted(a, b)
            | Self::Refused(a, b, _) => (Some(a), Some(b)),
            Self::Available(_) | Self::Began(_) | Self::Over(_) | Self::Tuned(_) => (None, None),
        }
    }
}
