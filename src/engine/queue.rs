//! The event queue: a sorted map from (time, insertion number) to events, with keyed timers.
//!
//! What comes next lies in a small heap. Only when much is pending does the rest lie in buckets by time (`far.rs`):
//! a heap of a million entries costs a miss of the cache on every level, and a small queue shall pay for nothing.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::far::{Batch, Far, Pending};
use super::time::Time;

/// Names a timer. Setting a timer replaces what was set under the same key.
/// Keys index a dense table, so give them out from 0 upwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerKey(pub u32);

/// An event that no timer key stands for.
const NO_KEY: u32 = u32::MAX;
/// The insertion number of no event.
const NOTHING: u32 = u32::MAX;
/// When the near heap has more entries, most of them go to buckets.
const CROWD: usize = 1024;
/// So many replaced timers may be held in any case; beyond it they must not be the half of all.
const STALE: usize = 64;

/// Pending events, in order of (time, insertion): ties go to what was scheduled first.
#[derive(Clone, Debug)]
pub struct Queue<E> {
    /// Every entry up to `last`.
    near: BinaryHeap<Pending<E>>,
    /// [`Time::NEVER`] as long as the heap holds everything.
    last: Time,
    /// Entries of the heap beyond which it is a crowd.
    room: usize,
    far: Option<Box<Far<E>>>,
    /// The next insertion number.
    inserted: u32,
    /// Entries whose timer was replaced or cancelled.
    stale: usize,
    /// For each timer key the insertion number of its latest setting; older entries are stale.
    latest: Vec<u32>,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self {
            near: BinaryHeap::new(),
            last: Time::NEVER,
            room: CROWD,
            far: None,
            inserted: 0,
            stale: 0,
            latest: Vec::new(),
        }
    }
}

impl<E> Queue<E> {
    /// Schedules `event` at `at`; `tag` comes back with it.
    pub fn push(&mut self, at: Time, tag: u32, event: E) {
        let order = self.number();
        self.insert(at, order, NO_KEY, tag, event);
    }

    /// Schedules `event` at `at` under `key`, in place of what was set under that key before.
    pub fn set(&mut self, key: TimerKey, at: Time, tag: u32, event: E) {
        let order = self.number();
        self.supersede(key, order);
        self.insert(at, order, key.0, tag, event);
    }

    /// Forgets what was set under `key`; nothing happens if that is nothing.
    pub fn cancel(&mut self, key: TimerKey) {
        self.supersede(key, NOTHING);
    }

    /// When the next event is due.
    pub fn next_time(&mut self) -> Option<Time> {
        loop {
            let Some(next) = self.near.peek() else {
                if self.last == Time::NEVER {
                    return None;
                }
                self.refill();
                continue;
            };
            if is_wanted(&self.latest, next) {
                return Some(next.at);
            }
            self.near.pop();
            self.stale -= 1;
        }
    }

    /// Takes the next event with its time and tag.
    pub fn pop(&mut self) -> Option<(Time, u32, E)> {
        self.pop_until(Time::NEVER)
    }

    /// Takes the next event, if it is due at or before `limit`.
    pub fn pop_until(&mut self, limit: Time) -> Option<(Time, u32, E)> {
        loop {
            while self.near.peek().is_some_and(|next| next.at <= limit) {
                let next = self.near.pop()?;
                if next.key == NO_KEY {
                    return Some((next.at, next.tag, next.event));
                }
                if is_wanted(&self.latest, &next) {
                    self.latest[next.key as usize] = NOTHING;
                    return Some((next.at, next.tag, next.event));
                }
                self.stale -= 1;
            }
            if !self.near.is_empty() || limit <= self.last {
                return None;
            }
            self.refill();
        }
    }

    /// How many entries are held. A replaced timer may be held until its time comes.
    pub fn len(&self) -> usize {
        self.near.len() + self.far.as_ref().map_or(0, |far| far.len())
    }

    /// Whether no entry is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        let far = self.far.as_ref().map_or(0, |far| size_of::<Far<E>>() + far.bytes());
        far + self.near.len() * size_of::<Pending<E>>() + self.latest.len() * size_of::<u32>()
    }

    /// Where the entry goes is decided before it is put together: else it is written to memory twice.
    #[inline]
    fn insert(&mut self, at: Time, order: u32, key: u32, tag: u32, event: E) {
        if at > self.last {
            return self.put_off(Pending { at, order, key, tag, event });
        }
        self.near.push(Pending { at, order, key, tag, event });
        if self.near.len() > self.room {
            self.spread();
        }
    }

    /// Puts an entry into its bucket. Apart, so that a small queue has less to carry.
    #[inline(never)]
    fn put_off(&mut self, entry: Pending<E>) {
        self.far.get_or_insert_with(|| Box::new(Far::new())).push(entry);
    }

    /// A new insertion number.
    fn number(&mut self) -> u32 {
        if self.inserted == NOTHING {
            self.renumber();
        }
        self.inserted += 1;
        self.inserted - 1
    }

    /// From now on the entry under `key` is the one with insertion number `order`.
    fn supersede(&mut self, key: TimerKey, order: u32) {
        let index = key.0 as usize;
        if index >= self.latest.len() {
            self.latest.resize(index + 1, NOTHING);
        }
        if std::mem::replace(&mut self.latest[index], order) != NOTHING {
            self.stale += 1;
            if self.stale > STALE && self.stale > self.len() / 2 {
                self.sweep();
            }
        }
    }

    /// Moves what comes next from the buckets to the heap, which is empty.
    #[cold]
    fn refill(&mut self) {
        let Some(far) = &mut self.far else { return };
        let Batch { mut entries, last } = far.take();
        if far.len() == 0 {
            self.far = None;
        }
        self.last = if self.far.is_some() { last } else { Time::NEVER };
        let held = entries.len();
        entries.retain(|entry| is_wanted(&self.latest, entry));
        self.stale -= held - entries.len();
        self.near = BinaryHeap::from(entries);
        self.room = CROWD.max(2 * self.near.len());
    }

    /// Moves all but what comes next from the heap to buckets.
    #[cold]
    fn spread(&mut self) {
        let far = self.far.get_or_insert_with(|| Box::new(Far::new()));
        match far.put_first(std::mem::take(&mut self.near).into_vec(), self.last) {
            Ok(()) => self.refill(),
            // All of one instant: nothing is gained.
            Err(entries) => {
                self.room = 2 * entries.len();
                self.near = BinaryHeap::from(entries);
            }
        }
    }

    /// Lets go of replaced timers: a deadline that is put off again and again must not fill the queue with its past.
    #[cold]
    fn sweep(&mut self) {
        self.near.retain(|entry| is_wanted(&self.latest, entry));
        if let Some(far) = &mut self.far {
            far.retain(|entry| is_wanted(&self.latest, entry));
        }
        self.stale = 0;
    }

    /// Gives the entries new insertion numbers from 0 upwards, in the same order: 32 bits are used up now and then.
    #[cold]
    fn renumber(&mut self) {
        self.sweep();
        let mut entries = std::mem::take(&mut self.near).into_vec();
        if let Some(mut far) = self.far.take() {
            entries.append(&mut far.take_all().entries);
        }
        entries.sort_unstable_by_key(|entry| entry.order);
        self.inserted = 0;
        for entry in &mut entries {
            entry.order = self.inserted;
            self.inserted += 1;
            if entry.key != NO_KEY {
                self.latest[entry.key as usize] = entry.order;
            }
        }
        self.near = BinaryHeap::from(entries);
        (self.last, self.room) = (Time::NEVER, CROWD);
    }
}

/// Whether an entry has not been replaced or cancelled.
fn is_wanted<E>(latest: &[u32], entry: &Pending<E>) -> bool {
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

    // The heap asks these alone, and comparing the fields at once is faster than by way of an `Ordering`.
    fn lt(&self, other: &Self) -> bool {
        (other.at, other.order) < (self.at, self.order)
    }

    fn le(&self, other: &Self) -> bool {
        (other.at, other.order) <= (self.at, self.order)
    }

    fn gt(&self, other: &Self) -> bool {
        (other.at, other.order) > (self.at, self.order)
    }

    fn ge(&self, other: &Self) -> bool {
        (other.at, other.order) >= (self.at, self.order)
    }
}

impl<E> PartialEq for Pending<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<E> Eq for Pending<E> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes everything.
    fn drain(queue: &mut Queue<u32>) -> Vec<(u64, u32)> {
        std::iter::from_fn(|| queue.pop()).map(|(at, _, event)| (at.nanos(), event)).collect()
    }

    #[test]
    fn the_order_outlives_the_numbers() {
        for pending in [10, 10_000_u32] {
            let mut queue = Queue { inserted: NOTHING - pending / 2, ..Queue::default() };
            let mut expected = Vec::new();
            for n in 0..pending {
                let at = u64::from(n * 7919 % 100);
                if n % 3 == 0 {
                    queue.set(TimerKey(n % 9), Time::from_nanos(at), 0, n);
                    expected.retain(|(_, other)| other % 3 != 0 || other % 9 != n % 9);
                } else {
                    queue.push(Time::from_nanos(at), 0, n);
                }
                expected.push((at, n));
            }
            queue.cancel(TimerKey(3));
            expected.retain(|(_, other)| other % 9 != 3);
            assert!(queue.inserted < NOTHING / 2);
            expected.sort_unstable();
            assert_eq!(drain(&mut queue), expected);
        }
    }

    #[test]
    fn a_queue_that_was_large_is_small_again() {
        let mut queue = Queue::default();
        let copy_of_three = {
            (0..3).for_each(|n| queue.push(Time::from_secs(9_999), 0, n));
            queue.bytes()
        };
        (0..100_000_u32).for_each(|n| queue.push(Time::from_nanos(u64::from(n) << 20), 0, n));
        assert!(queue.far.is_some());
        while queue.len() > 3 {
            queue.pop();
        }
        assert!(queue.far.is_none());
        assert_eq!(queue.bytes(), copy_of_three);
    }

    #[test]
    fn a_deadline_that_is_put_off_again_and_again_leaves_nothing_behind() {
        let mut queue = Queue::default();
        for n in 0..100_000_u32 {
            queue.set(TimerKey(n % 100), Time::from_nanos(u64::from(n) << 20), 0, n);
            assert!(queue.len() <= 2 * 100 + STALE);
        }
        assert_eq!(drain(&mut queue).len(), 100);
    }
}
