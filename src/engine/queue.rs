//! The event queue: a sorted map from (time, insertion number) to events, with keyed timers.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::time::Time;

/// Names a timer. Setting a timer replaces what was set under the same key.
/// Keys index a dense table, so give them out from 0 upwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerKey(pub u32);

/// An event that no timer key stands for.
const NO_KEY: u32 = u32::MAX;
/// The insertion number of no event.
const NOTHING: u64 = u64::MAX;

/// Pending events, in order of (time, insertion): ties go to what was scheduled first.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    heap: BinaryHeap<Pending<E>>,
    inserted: u64,
    /// For each timer key the insertion number of its latest setting; older entries of the heap are stale.
    latest: Vec<u64>,
}

#[derive(Clone, Debug)]
struct Pending<E> {
    at: Time,
    order: u64,
    key: u32,
    tag: u32,
    event: E,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), inserted: 0, latest: Vec::new() }
    }
}

impl<E> Queue<E> {
    /// Schedules `event` at `at`; `tag` comes back with it.
    pub fn push(&mut self, at: Time, tag: u32, event: E) {
        self.insert(at, NO_KEY, tag, event);
    }

    /// Schedules `event` at `at` under `key`, in place of what was set under that key before.
    pub fn set(&mut self, key: TimerKey, at: Time, tag: u32, event: E) {
        self.supersede(key, self.inserted);
        self.insert(at, key.0, tag, event);
    }

    /// Forgets what was set under `key`; nothing happens if that is nothing.
    pub fn cancel(&mut self, key: TimerKey) {
        self.supersede(key, NOTHING);
    }

    /// When the next event is due.
    pub fn next_time(&mut self) -> Option<Time> {
        while let Some(next) = self.heap.peek() {
            if is_wanted(&self.latest, next) {
                return Some(next.at);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the next event with its time and tag.
    pub fn pop(&mut self) -> Option<(Time, u32, E)> {
        self.pop_until(Time::NEVER)
    }

    /// Takes the next event, if it is due at or before `limit`.
    pub fn pop_until(&mut self, limit: Time) -> Option<(Time, u32, E)> {
        while self.heap.peek().is_some_and(|next| next.at <= limit) {
            let next = self.heap.pop()?;
            if next.key == NO_KEY {
                return Some((next.at, next.tag, next.event));
            }
            if is_wanted(&self.latest, &next) {
                self.latest[next.key as usize] = NOTHING;
                return Some((next.at, next.tag, next.event));
            }
        }
        None
    }

    /// How many entries are held, replaced timers included until their time comes.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether no entry is held.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        self.heap.len() * size_of::<Pending<E>>() + self.latest.len() * size_of::<u64>()
    }

    fn insert(&mut self, at: Time, key: u32, tag: u32, event: E) {
        self.heap.push(Pending { at, order: self.inserted, key, tag, event });
        self.inserted += 1;
    }

    /// From now on the entry under `key` is the one with insertion number `order`.
    fn supersede(&mut self, key: TimerKey, order: u64) {
        let index = key.0 as usize;
        if index >= self.latest.len() {
            self.latest.resize(index + 1, NOTHING);
        }
        self.latest[index] = order;
    }
}

/// Whether an entry has not been replaced or cancelled.
fn is_wanted<E>(latest: &[u64], entry: &Pending<E>) -> bool {
    entry.key == NO_KEY || latest[entry.key as usize] == entry.order
}

// `BinaryHeap` is a max-heap: the earliest entry must compare greatest.
impl<E> Ord for Pending<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<E> PartialOrd for Pending<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Pending<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<E> Eq for Pending<E> {}
