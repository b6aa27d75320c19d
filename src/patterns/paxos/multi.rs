//! Multi-Paxos: a sequence of values, one instance of Paxos a slot, with a stable leader and a master lease.
//!
//! A leader carries phase 1 out once for all slots that are still open (Lamport 2001, §3); from then on each value takes one
//! round trip. What the promises tell of it must propose again, and a slot between them that nobody told of it fills with a
//! no-op. Here each node is proposer, acceptor and learner in one, as in Chubby: a [`MultiPaxos`].
//!
//! A leader of this kind may have been replaced without knowing, so what it has chosen may not be the latest. A *master
//! lease* makes it sure (Burrows, "The Chubby lock service for loosely-coupled distributed systems", 2006, §2.2; Chandra,
//! Griesemer and Redstone, "Paxos Made Live", 2007, §5.2): a replica that answers a master promises to help no other for
//! [`Lease::granted`] on its own clock. The master counts [`Lease::used`], which is shorter as clocks drift, from the moment
//! it *asked*, on its clock. Any phase 1 of another needs one of the replicas that granted, so while the lease lasts there
//! is no other master, and reads need no messages. Only the lease depends on clocks; agreement never does.
//!
//! A [`MultiPaxos`] has no clock either: `now` is the clock of its node, and never goes back, over a restart included.

mod act;
mod message;
mod receive;

use std::collections::BTreeMap;

use super::config::{Config, Flaw};
use super::message::{Acceptors, Ballot, Proposal};
use crate::engine::time::{Span, Time};

pub use self::message::{Body, Entry, Message, Note, Output, Save, Slot};

/// How long a replica keeps its promise to a master, and how much of that the master trusts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Lease {
    /// So long a replica helps no other, from its answer, on its own clock.
    pub granted: Span,
    /// So long the master relies on it, from its question, on its own clock.
    pub used: Span,
}

impl Lease {
    /// A lease that is safe while no clock runs faster or slower than true time by more than `ppm` millionths (below
    /// 1 000 000): the fastest replica's `granted` is not shorter than the slowest master's `used`.
    pub const fn with_drift(granted: Span, ppm: u32) -> Self {
        let slow = 1_000_000_u128.saturating_sub(ppm as u128);
        let used = granted.nanos() as u128 * slow / (1_000_000 + ppm as u128);
        #[expect(clippy::cast_possible_truncation, reason = "at most `granted`")]
        let used = Span::from_nanos(used as u64);
        Self { granted, used }
    }
}

/// The settings of one replica. Those of a cell differ in `id`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Setting {
    /// Which one it is, from 0.
    pub id: u8,
    /// How many there are, the quorums, and what is done wrong. `learners` and `nacks` are not looked at: each replica
    /// learns, and always says why it refuses.
    pub config: Config,
    /// The master lease, if there is one.
    pub lease: Option<Lease>,
}

/// What a replica takes itself for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// It answers and waits.
    Replica,
    /// It has asked for promises.
    Preparing,
    /// It has them, for all slots. An older leader may not know that it is one no more.
    Leader,
}

/// Why a wish can't be granted here, now.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Declined {
    /// It does not lead.
    #[error("this replica does not lead")]
    NotLeader {
        /// The ballot that it has promised, whose proposer may.
        promised: Option<Ballot>,
    },
    /// It has promised a master to help no other.
    #[error("a lease is granted to another replica")]
    Leased {
        /// Until then, on its own clock.
        until: Time,
    },
}

/// A promise to help no other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Granted {
    /// To which replica; `None` after a restart, when it can't know to whom it did.
    pub to: Option<u8>,
    /// Until then, on its own clock.
    pub until: Time,
}

/// What a replica must find again after a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The promise, for all slots at once, and the last ballot that it used itself.
    pub promised: Option<Ballot>,
    /// What it accepted last in each slot.
    pub accepted: BTreeMap<Slot, Proposal<Entry>>,
}

impl Disk {
    /// Writes `save`.
    pub fn write(&mut self, save: &Save) {
        self.promised = save.promised;
        if let Some((slot, proposal)) = save.accepted {
            self.accepted.insert(slot, proposal);
        }
    }
}

/// One replica.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MultiPaxos {
    setting: Setting,
    disk: Disk,
    /// The highest round that it used or heard of.
    seen: u32,
    chosen: BTreeMap<Slot, Entry>,
    first_open: Slot,
    granted: Option<Granted>,
    lead: Lead,
}

/// What only a candidate or a leader has.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Lead {
    ballot: Option<Ballot>,
    elected: bool,
    promises: Acceptors,
    /// The highest proposal told for each open slot.
    told: BTreeMap<Slot, Proposal<Entry>>,
    /// What it has proposed, and who accepted; gone from here once chosen.
    open: BTreeMap<Slot, (Entry, Acceptors)>,
    next: Slot,
    /// Before this slot all was perhaps chosen by others; a read waits until it is chosen here too.
    inherited: Slot,
    /// For each replica, from when on its lease counts.
    leases: BTreeMap<u8, Time>,
}

impl MultiPaxos {
    /// A replica with an empty disk: a new one. Not one that lost it (see [`super::Acceptor::new`]).
    pub fn new(setting: Setting, now: Time) -> Self {
        Self::restart(setting, Disk::default(), now)
    }

    /// A replica that starts at `now` with what is on its disk. It has forgotten to whom it granted a lease, so it helps
    /// nobody until any that it may have granted is over.
    pub fn restart(setting: Setting, disk: Disk, now: Time) -> Self {
        let forgets = setting.config.has(Flaw::ForgetOnRestart);
        let disk = if forgets { Disk::default() } else { disk };
        let granted = setting.lease.filter(|_| !forgets);
        Self {
            setting,
            seen: disk.promised.map_or(0, |ballot| ballot.round),
            disk,
            chosen: BTreeMap::new(),
            first_open: 0,
            granted: granted.map(|lease| Granted { to: None, until: now + lease.granted }),
            lead: Lead::default(),
        }
    }

    /// Its settings.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// What it takes itself for.
    pub fn role(&self) -> Role {
        match self.lead.ballot {
            None => Role::Replica,
            Some(_) if self.lead.elected => Role::Leader,
            Some(_) => Role::Preparing,
        }
    }

    /// The ballot that it campaigns or leads with.
    pub fn ballot(&self) -> Option<Ballot> {
        self.lead.ballot
    }

    /// The highest round that it used or heard of.
    pub fn seen(&self) -> u32 {
        self.seen
    }

    /// The ballot below which it takes no part, in any slot.
    pub fn promised(&self) -> Option<Ballot> {
        self.disk.promised
    }

    /// Who promised its ballot.
    pub fn promises(&self) -> Acceptors {
        self.lead.promises
    }

    /// What it accepted last in each slot.
    pub fn accepted(&self) -> &BTreeMap<Slot, Proposal<Entry>> {
        &self.disk.accepted
    }

    /// What it knows to be chosen.
    pub fn chosen(&self) -> &BTreeMap<Slot, Entry> {
        &self.chosen
    }

    /// The first slot of which it does not know what is chosen. All before it can be carried out.
    pub fn first_open(&self) -> Slot {
        self.first_open
    }

    /// What it has proposed as the leader and does not know to be chosen, with who accepted.
    pub fn proposed(&self) -> impl Iterator<Item = (Slot, Entry, Acceptors)> {
        self.lead.open.iter().map(|(&slot, &(entry, accepts))| (slot, entry, accepts))
    }

    /// To whom it has promised to help no other, if that is not over.
    pub fn granted(&self, now: Time) -> Option<Granted> {
        self.granted.filter(|granted| now < granted.until)
    }

    /// Until when it is surely the only master, on its own clock; `None` if it leads without a lease, or not at all.
    pub fn lease_until(&self) -> Option<Time> {
        let lease = self.setting.lease.filter(|_| self.lead.elected)?;
        let mut since: Vec<Time> = self.lead.leases.values().copied().collect();
        since.sort_unstable_by(|a, b| b.cmp(a));
        // As many as meet every quorum of phase 1.
        let config = &self.setting.config;
        let blocking = (usize::from(config.acceptors) + 1).saturating_sub(config.promise_quorum());
        since.get(blocking.max(1) - 1).map(|&since| since + lease.used)
    }

    /// Whether it is surely the only master now.
    pub fn holds_lease(&self, now: Time) -> bool {
        self.lease_until().is_some_and(|until| now < until)
    }

    /// Whether it may answer a read from what it knows, without asking anybody: it holds the lease, and knows what became of
    /// every slot that others may have filled before it.
    pub fn reads_locally(&self, now: Time) -> bool {
        self.holds_lease(now) && self.first_open() >= self.lead.inherited
    }

    /// What it has to find on its disk after a restart.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }
}
