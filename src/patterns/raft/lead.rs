//! What a leader knows and has under way, all of it lost when it stops leading.

use super::config::Config;
use super::log::Index;
use super::message::{Server, Servers};
use crate::engine::time::{Span, Time};

/// Something that takes `length` from `since`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Timer {
    pub(super) since: Time,
    pub(super) length: Span,
}

/// What a leader knows of a server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Peer {
    /// `nextIndex` of Figure 2: what to send next.
    pub next: Index,
    /// `matchIndex` of Figure 2: its log is known to agree up to here.
    pub matched: Index,
    /// The last index that was sent in the last message.
    pub(super) sent: Index,
    /// The last round that it answered.
    pub(super) round: u64,
}

/// A read under way, with the index and the round that answer it once it has begun.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct PendingRead {
    pub(super) read: u64,
    pub(super) confirm: Option<(Index, u64)>,
}

/// The lead on its way to another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Transfer {
    pub(super) to: Server,
    pub(super) until: Time,
    pub(super) told: bool,
}

/// What only a leader has. Empty in others.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Leading {
    /// By server; its own place is unused.
    pub(super) peers: Vec<Peer>,
    pub(super) heartbeat: Option<Timer>,
    pub(super) check: Option<Timer>,
    /// Who has answered since the last check.
    pub(super) active: Servers,
    pub(super) transfer: Option<Transfer>,
    /// Another was told to campaign in this term.
    pub(super) handed_over: bool,
    pub(super) round: u64,
    /// Rounds that no majority has answered yet, with their start.
    pub(super) begun: Vec<(u64, Time)>,
    pub(super) lease_since: Option<Time>,
    pub(super) reads: Vec<PendingRead>,
}

impl Leading {
    /// The first moment of a lead.
    pub(super) fn new(config: &Config, last: Index, now: Time) -> Self {
        let peer = Peer { next: last + 1, matched: 0, sent: last, round: 0 };
        Self {
            peers: vec![peer; usize::from(config.servers)],
            check: config.check_quorum.map(|length| Timer { since: now, length }),
            ..Self::default()
        }
    }
}
