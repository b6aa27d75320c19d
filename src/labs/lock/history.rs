//! What the pictures over time are drawn from: how each client stood, whose the lock was, what the store said.

use std::collections::VecDeque;

use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::patterns::lock::Token;

/// So many changes of each row are kept.
const KEPT: usize = 40;

/// How a client stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stance {
    Out,
    Waits,
    Holds,
    /// It believes, and by the servers it is not so.
    Wrong,
    Doubts,
    /// Stands still; true: and believes that it holds the lock.
    Still(bool),
    Down,
}

/// What the store said to a write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Taken,
    /// Taken, and it wrote over so many updates.
    Lost(u64),
    Refused,
}

/// A write that came to the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Written {
    pub at: Time,
    pub by: Node,
    pub token: Option<Token>,
    pub verdict: Verdict,
}

/// The last changes, oldest first.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub clients: Vec<VecDeque<(Time, Stance)>>,
    pub truth: VecDeque<(Time, Option<Node>)>,
    pub overlap: VecDeque<(Time, bool)>,
    pub writes: VecDeque<Written>,
}

impl History {
    pub fn new(clients: u8) -> Self {
        Self {
            clients: vec![VecDeque::new(); usize::from(clients)],
            truth: VecDeque::new(),
            overlap: VecDeque::new(),
            writes: VecDeque::new(),
        }
    }

    /// Notes a write.
    pub fn wrote(&mut self, written: Written) {
        if self.writes.len() == KEPT {
            self.writes.pop_front();
        }
        self.writes.push_back(written);
    }

    pub fn bytes(&self) -> usize {
        self.clients.iter().map(|row| row.capacity() * size_of::<(Time, Stance)>() + 32).sum::<usize>()
            + self.truth.capacity() * size_of::<(Time, Option<Node>)>()
            + self.overlap.capacity() * size_of::<(Time, bool)>()
            + self.writes.capacity() * size_of::<Written>()
    }
}

/// Notes that `row` stands so from `now` on.
pub(super) fn note<T: PartialEq>(row: &mut VecDeque<(Time, T)>, now: Time, what: T) {
    if row.back().is_some_and(|(_, last)| *last == what) {
        return;
    }
    // What lasted no time is not seen.
    if row.back().is_some_and(|(since, _)| *since == now) {
        row.pop_back();
        if row.back().is_some_and(|(_, last)| *last == what) {
            return;
        }
    }
    if row.len() == KEPT {
        row.pop_front();
    }
    row.push_back((now, what));
}
