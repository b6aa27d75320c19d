//! What an agent tells about itself: each decision with its reason.

use super::message::{Ballot, Proposal, Value};

/// Something that happened inside an agent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Note {
    /// A proposer begins a round.
    Started {
        /// Under this ballot.
        ballot: Ballot,
    },
    /// A proposer gave its round up.
    Abandoned {
        /// The ballot.
        ballot: Ballot,
    },
    /// An acceptor promised.
    Promised {
        /// Which one.
        by: u8,
        /// The ballot.
        ballot: Ballot,
        /// What it told that it has accepted.
        told: Option<Proposal>,
    },
    /// An acceptor refused to promise or to accept.
    Refused {
        /// Which one.
        by: u8,
        /// The ballot of the request.
        ballot: Ballot,
        /// The higher one that it has promised.
        promised: Ballot,
    },
    /// A proposer has its promises and asks to accept a value.
    Proposes {
        /// What it asks for.
        proposal: Proposal,
        /// Why this value.
        because: Because,
    },
    /// An acceptor accepted.
    Accepted {
        /// Which one.
        by: u8,
        /// What.
        proposal: Proposal,
        /// The ballot that it had promised, if that is higher: the promise is broken.
        broke: Option<Ballot>,
    },
    /// A proposer knows that its proposal is chosen.
    Succeeded {
        /// What is chosen.
        proposal: Proposal,
    },
    /// A learner knows what is chosen.
    Learned {
        /// Which one.
        by: u8,
        /// What.
        value: Value,
    },
}

/// Why a proposer asks to accept this value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Because {
    /// Nobody it heard from has accepted anything, so it is free to push its own.
    Free,
    /// It must push the value of the highest proposal that it was told of: it may be chosen.
    Told {
        /// The proposal.
        proposal: Proposal,
        /// Who told. The first of them, if several did.
        by: u8,
    },
    /// It should, and pushes its own: [`Flaw::IgnoreHighestValue`](super::Flaw::IgnoreHighestValue).
    Ignored {
        /// The proposal that it ignores.
        proposal: Proposal,
        /// Who told.
        by: u8,
    },
    /// It asked nobody: [`Flaw::SkipPhaseOne`](super::Flaw::SkipPhaseOne).
    Unasked,
}
