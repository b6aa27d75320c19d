//! What the lab `paxos` tells.

use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::patterns::paxos::multi::Slot;
use crate::patterns::paxos::{Acceptors, Ballot, Because, Proposal, Value};

/// What is told. Agents are nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A proposer begins a round, or a replica campaigns.
    Began(Node, Ballot),
    /// A proposer gave a round up; whether it had been let into phase 2, by whose ballot it was overtaken.
    GaveUp(Node, Ballot, bool, Option<Ballot>),
    /// An acceptor promised: which ballot, and what it told that it has accepted.
    Promised(Node, Ballot, Option<Proposal>),
    /// An acceptor refused a ballot, as it has promised another, or granted a lease.
    Refused(Node, Ballot, Option<Ballot>, bool),
    /// A proposer asks to accept a value.
    Proposes(Node, Proposal, Because),
    /// An acceptor accepted, and which promise it broke by that.
    Accepted(Node, Proposal, Option<Ballot>),
    /// A quorum has accepted.
    Chosen(Proposal, Acceptors),
    /// A proposer knows that its proposal is chosen.
    Succeeded(Node, Proposal),
    /// The learner knows what is chosen.
    Learned(Node, Value),
    /// A replica leads, and has so many slots to close.
    Led(Node, Ballot, u64),
    /// A replica leads or campaigns no more.
    SteppedDown(Node, Ballot),
    /// A quorum has accepted what is in a slot.
    Filled(Node, Slot),
    /// A replica can't campaign, as it granted a lease until then, on its own clock.
    Waits(Node, Time),
    /// A replica holds the lease, and did not before.
    Master(Node),
    /// The client has its answer: from whom, whether it was a read, of which version.
    Answered(Node, bool, Slot),
    /// The client waits no longer for a replica.
    TimedOut(Node),
    /// A read was answered with an old state: by whom, with which version, when which was acknowledged.
    Stale(Node, Slot, Slot),
    /// A read that was asked by hand is answered with this version.
    Fresh(Node, Slot),
    /// A fault began.
    Fault(u32),
    /// A fault ended.
    Over(u32),
    /// A knob was turned, by its index.
    Tuned(u32),
}

impl Fact {
    /// The node that it is about.
    pub(super) const fn node(self) -> Option<Node> {
        match self {
            Self::Began(node, ..)
            | Self::GaveUp(node, ..)
            | Self::Promised(node, ..)
            | Self::Refused(node, ..)
            | Self::Proposes(node, ..)
            | Self::Accepted(node, ..)
            | Self::Succeeded(node, _)
            | Self::Learned(node, _)
            | Self::Led(node, ..)
            | Self::SteppedDown(node, _)
            | Self::Filled(node, _)
            | Self::Waits(node, _)
            | Self::Master(node)
            | Self::Answered(node, ..)
            | Self::TimedOut(node)
            | Self::Stale(node, ..)
            | Self::Fresh(node, _) => Some(node),
            Self::Chosen(..) | Self::Fault(_) | Self::Over(_) | Self::Tuned(_) => None,
        }
    }
}
