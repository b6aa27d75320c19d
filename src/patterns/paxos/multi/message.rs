//! What replicas say to each other, and what one call of a replica gives back.

use crate::engine::time::Time;
use crate::patterns::paxos::message::{Ballot, Proposal, Value};

/// A place in the sequence, from 0.
pub type Slot = u64;

/// What fills a slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entry {
    /// Nothing: a new leader closes a gap.
    Noop,
    /// What a client asked for.
    Value(Value),
}

/// One message. It may be lost, late or doubled.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Message {
    /// Which replica sends it.
    pub from: u8,
    /// Which shall get it.
    pub to: u8,
    /// The ballot of the leader that asks, or is answered.
    pub ballot: Ballot,
    /// When the leader asked, on its own clock. An answer brings it back: from then on its lease counts.
    pub asked: Time,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Body {
    /// Phase 1a for all slots.
    Prepare {
        /// The first slot of which the candidate does not know what is chosen.
        open: Slot,
    },
    /// Phase 1b for all slots.
    Promise {
        /// What was accepted, in each slot from `open` on.
        accepted: Vec<(Slot, Proposal<Entry>)>,
    },
    /// Phase 2a for one slot.
    Accept {
        /// The slot.
        slot: Slot,
        /// What to accept.
        entry: Entry,
    },
    /// Phase 2b for one slot.
    Accepted {
        /// The slot.
        slot: Slot,
    },
    /// The leader asks only for its lease to go on.
    Renew,
    /// It does.
    Renewed,
    /// What is chosen in a slot. True for ever, whoever says it.
    Chosen {
        /// The slot.
        slot: Slot,
        /// What is in it.
        entry: Entry,
    },
    /// To a prepare, an accept or a renewal: no.
    Nack {
        /// The ballot that is promised. Not above the one of the request if `leased`.
        promised: Option<Ballot>,
        /// A lease is granted to another.
        leased: bool,
    },
}

/// What has to be on disk before any message of the same call leaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Save {
    /// The promise.
    pub promised: Option<Ballot>,
    /// What was accepted, if anything was.
    pub accepted: Option<(Slot, Proposal<Entry>)>,
}

/// Something that happened inside a replica.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Note {
    /// It asks for promises.
    Campaigned {
        /// For this ballot.
        ballot: Ballot,
    },
    /// It promised.
    Promised {
        /// This ballot.
        ballot: Ballot,
    },
    /// It refused a request.
    Refused {
        /// Of this ballot.
        ballot: Ballot,
        /// The ballot that it has promised.
        promised: Option<Ballot>,
        /// The reason is a lease that it granted to another.
        leased: bool,
    },
    /// It leads.
    Led {
        /// With this ballot.
        ballot: Ballot,
        /// So many slots it must propose again or close.
        inherited: u64,
    },
    /// It campaigns or leads no more, as another has a higher ballot or by its own will.
    SteppedDown {
        /// The ballot that it had.
        ballot: Ballot,
    },
    /// It accepted.
    Accepted {
        /// In this slot.
        slot: Slot,
        /// This.
        proposal: Proposal<Entry>,
    },
    /// It knows what is chosen.
    Chosen {
        /// In this slot.
        slot: Slot,
        /// What.
        entry: Entry,
    },
}

/// What calls ask of their caller. Calls only add to it; empty it when all is done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// What to write to disk, in this order, before anything is sent.
    pub saves: Vec<Save>,
    /// What to send.
    pub messages: Vec<Message>,
    /// What happened, to be told or shown. A client waits for [`Note::Chosen`] of its slot with its value.
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
