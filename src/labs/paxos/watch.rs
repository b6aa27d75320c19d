//! Who sees everything: what is chosen, what was promised, what was acknowledged.

use std::collections::BTreeMap;

use super::{Paxos, tell};
use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::engine::world::Context;
use crate::patterns::paxos::multi::{Entry, Slot};
use crate::patterns::paxos::{Acceptors, Ballot, Config, Disagreement, History, Proposal};

/// Numbers of the invariants, in the order of the specification.
pub(super) const AGREEMENT: usize = 0;
pub(super) const VALIDITY: usize = 1;
pub(super) const INTEGRITY: usize = 2;
pub(super) const MONOTONE: usize = 3;
pub(super) const ONE_MASTER: usize = 4;
pub(super) const FRESH: usize = 5;

#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub history: History,
    /// Of each acceptor the highest ballot that it has told somebody it promised.
    promised: BTreeMap<Node, Ballot>,
    pub chosen_at: Option<Time>,
    pub known_at: Option<Time>,
    quorum: usize,
    /// Of each slot, who accepted what.
    accepted: BTreeMap<(Slot, Proposal<Entry>), Acceptors>,
    /// Of each slot, what was chosen first, and by whom.
    pub slots: BTreeMap<Slot, (Proposal<Entry>, Acceptors)>,
    /// So many slots were acknowledged to the client, without a gap.
    pub acknowledged: Slot,
    pub stale: u64,
    /// The only replica that holds the lease.
    pub master: Option<Node>,
}

impl Watch {
    pub fn new(config: Config) -> Self {
        Self {
            history: History::new(&config),
            promised: BTreeMap::new(),
            chosen_at: None,
            known_at: None,
            quorum: config.accept_quorum(),
            accepted: BTreeMap::new(),
            slots: BTreeMap::new(),
            acknowledged: 0,
            stale: 0,
            master: None,
        }
    }

    /// An acceptor tells a proposer that it has promised.
    pub fn told_promise(&mut self, node: Node, ballot: Ballot) {
        let highest = self.promised.entry(node).or_insert(ballot);
        *highest = ballot.max(*highest);
    }

    /// The ballot above `ballot` that an acceptor has told it promised.
    pub fn promised_more(&self, node: Node, ballot: Ballot) -> Option<Ballot> {
        self.promised.get(&node).copied().filter(|promised| *promised > ballot)
    }

    /// The highest ballot that an acceptor has told it promised.
    pub fn promised_by(&self, node: Node) -> Option<Ballot> {
        self.promised.get(&node).copied()
    }

    /// An acceptance in a slot; what was chosen by it for the first time, or what was chosen there before.
    pub fn accepted(&mut self, node: Node, slot: Slot, proposal: Proposal<Entry>) -> Filled {
        let by = self.accepted.entry((slot, proposal)).or_default();
        by.insert(node);
        let by = *by;
        if by.len() < self.quorum {
            return Filled::No;
        }
        match self.slots.get(&slot) {
            None => {
                self.slots.insert(slot, (proposal, by));
                Filled::First
            }
            Some((other, _)) if other.value == proposal.value => Filled::No,
            Some(&(other, who)) => Filled::Twice((other, who), (proposal, by)),
        }
    }

    pub fn bytes(&self) -> usize {
        self.history.accepted().len() * 40
            + self.promised.len() * 24
            + (self.accepted.len() + self.slots.len()) * 72
    }
}

/// What an acceptance in a slot comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filled {
    No,
    First,
    Twice((Proposal<Entry>, Acceptors), (Proposal<Entry>, Acceptors)),
}

impl Paxos {
    /// An acceptor takes part in `ballot`: is it held to what it told?
    pub(super) fn hold_to_promise(&mut self, node: Node, ballot: Ballot, cx: &mut Context<'_, Self>) {
        if let Some(more) = self.watch.promised_more(node, ballot) {
            let facts = format!(
                "{} promised {} and takes part in {}, which is lower",
                self.cluster.name(node),
                self.ballot(more),
                self.ballot(ballot)
            );
            cx.broken(MONOTONE, || facts);
        }
    }

    /// An acceptor accepts a value: did anybody wish for it?
    pub(super) fn hold_to_wishes(&mut self, node: Node, proposal: Proposal, cx: &mut Context<'_, Self>) {
        if proposal.value.0 >= self.config.proposers.into() {
            let name = self.cluster.name(node).to_owned();
            cx.broken(VALIDITY, || {
                format!("{name} accepts {}, which nobody wants", tell::word(proposal.value))
            });
        }
    }

    /// Two chosen values: the two quorums, and who is in both.
    pub(super) fn disagreement_words(&self, both: &Disagreement) -> String {
        let one = |(proposal, by): (Proposal, Acceptors)| {
            format!(
                "{} chose {} under {}",
                self.all(by),
                tell::word(proposal.value),
                self.ballot(proposal.ballot)
            )
        };
        let shared = both.shared();
        let why = if shared.is_empty() {
            "they share nobody".to_owned()
        } else {
            format!("{} in both", self.all(shared))
        };
        format!("{} and {}: {why}", one(both.first), one(both.second))
    }

    /// Names of acceptors: `A and B`.
    pub(super) fn all(&self, who: Acceptors) -> String {
        let names: Vec<&str> = who.iter().map(|id| self.cluster.name(id)).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            Some((last, _)) => (*last).to_owned(),
            None => "nobody".to_owned(),
        }
    }

    /// A ballot: its round and whose it is.
    pub(super) fn ballot(&self, ballot: Ballot) -> String {
        if self.config.multi {
            format!("{}.{}", ballot.round, self.cluster.name(ballot.proposer))
        } else {
            format!("{}.P{}", ballot.round, u16::from(ballot.proposer) + 1)
        }
    }
}
