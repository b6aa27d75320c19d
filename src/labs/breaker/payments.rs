//! Payments: shards with workers and a bounded queue. They know calls, not who makes them.

use std::collections::VecDeque;

use slotmap::SlotMap;

use super::RequestKey;
use crate::engine::time::Time;

slotmap::new_key_type! {
    /// A call at payments; it may outlive the patience of its caller.
    pub struct CallKey;
}

/// A call that reached payments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// Whose it is, and which attempt.
    pub request: RequestKey,
    pub attempt: u32,
    /// What its randomness is about.
    pub number: u64,
    /// Refused as malformed, whatever payments' health.
    pub bad: bool,
    pub shard: u32,
    /// When it went out.
    pub since: Time,
    pub place: CallPlace,
}

/// Where a call is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CallPlace {
    Waiting,
    Served,
    /// Taken by a shard that hangs: nothing will come of it.
    Stuck,
}

/// One shard.
#[derive(Clone, Debug, Default)]
pub(super) struct Shard {
    pub busy: usize,
    pub queue: VecDeque<CallKey>,
    /// Calls that a hanging shard has taken.
    pub stuck: Vec<CallKey>,
    pub down: bool,
}

/// All shards.
#[derive(Clone, Debug, Default)]
pub(super) struct Payments {
    pub shards: Vec<Shard>,
    pub calls: SlotMap<CallKey, Call>,
}

impl Payments {
    pub fn new(shards: usize) -> Self {
        Self { shards: vec![Shard::default(); shards], calls: SlotMap::with_key() }
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        let held = |shard: &Shard| {
            (shard.queue.len() + shard.stuck.len()) * size_of::<CallKey>() + size_of::<Shard>()
        };
        self.calls.capacity() * (size_of::<Call>() + size_of::<u64>())
            + self.shards.iter().map(held).sum::<usize>()
    }

    pub fn busy(&self) -> usize {
        self.shards.iter().map(|shard| shard.busy).sum()
    }
}
