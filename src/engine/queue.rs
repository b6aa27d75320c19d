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

/// Pending events, in order of (time, insertion): ties go to what was scheduled first.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    heap: BinaryHeap<Pending<E>>,
    inserted: u64,
    /// For each timer key the generation that is still wanted; older entries of the heap are stale.
    generations: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Pending<E> {
    at: Time,
    order: u64,
    key: u32,
    generation: u32,
    event: E,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), inserted: 0, generations: Vec::new() }
    }
}

impl<E> Queue<E> {
    /// Schedules `event` at `at`.
    pub fn push(&mut self, at: Time, event: E) {
        self.insert(at, NO_KEY, 0, event);
    }

    /// Schedules `event` at `at` under `key`, in place of what was set under that key before.
    pub fn set(&mut self, key: TimerKey, at: Time, event: E) {
        let generation = self.supersede(key);
        self.insert(at, key.0, generation, event);
    }

    /// Forgets what was set under `key`; nothing happens if that is nothing.
    pub fn cancel(&mut self, key: TimerKey) {
        self.supersede(key);
    }

    /// When the next event is due.
    pub fn next_time(&mut self) -> Option<Time> {
        self.drop_stale();
        self.heap.peek().map(|next| next.at)
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Time, E)> {
        self.drop_stale();
        let next = self.heap.pop()?;
        if next.key != NO_KEY {
            self.supersede(TimerKey(next.key));
        }
        Some((next.at, next.event))
    }

    /// How many entries are held, replaced timers included until their time comes.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether no entry is held.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    fn insert(&mut self, at: Time, key: u32, generation: u32, event: E) {
        self.heap.push(Pending { at, order: self.inserted, key, generation, event });
        self.inserted += 1;
    }

    /// Makes every entry under `key` stale and returns the generation that a new one must carry.
    fn supersede(&mut self, key: TimerKey) -> u32 {
        let index = key.0 as usize;
        if index >= self.generations.len() {
            self.generations.resize(index + 1, 0);
        }
        self.generations[index] = self.generations[index].wrapping_add(1);
        self.generations[index]
    }

    fn drop_stale(&mut self) {
        while let Some(next) = self.heap.peek()
            && next.key != NO_KEY
            && self.generations[next.key as usize] != next.generation
        {
            self.heap.pop();
        }
    }
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
