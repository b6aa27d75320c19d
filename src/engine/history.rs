//! The moments of a run that are kept, so that going back need not replay from the start.

use std::sync::Arc;

use super::queue::Queue;
use super::time::Time;
use super::world::World;

/// What changes while a run goes on, except its facts and series, which only grow.
#[derive(Clone)]
pub(super) struct Moment<W: World> {
    pub world: W,
    pub queue: Queue<W::Event>,
    pub now: Time,
    /// Events handled in all, and at `now`.
    pub events: u64,
    pub events_now: u64,
    /// Log entries already done.
    pub done: usize,
}

/// A kept moment, and how much had been told by then.
#[derive(Clone)]
pub(super) struct Checkpoint<W: World> {
    pub moment: Moment<W>,
    pub reported: u64,
    pub broken: usize,
    pub rows: usize,
    pub bytes: usize,
}

/// Events between checkpoints at first; doubles each time that the checkpoints are thinned.
const EVERY: u64 = 1 << 14;
/// Checkpoints that are kept, the first included.
const MOST: usize = 48;
/// Bytes that they may take together, but for the first and the last.
const BUDGET: usize = 192 << 20;
/// An event costs three hundred nanoseconds or more, copying a byte (to memory that is new) up to one: at one event for
/// this many bytes keeping history stays a few percent of the work.
const BYTES_PER_EVENT: usize = 16;

/// The checkpoints of a run, oldest first; the first is its start. Copies of a run share them.
#[derive(Clone)]
pub(super) struct History<W: World> {
    kept: Vec<Arc<Checkpoint<W>>>,
    bytes: usize,
    every: u64,
    /// The count of events at which the next is due.
    next: u64,
}

impl<W: World> History<W> {
    pub const fn new() -> Self {
        Self { kept: Vec::new(), bytes: 0, every: EVERY, next: 0 }
    }

    /// Whether a checkpoint is due after so many events.
    pub const fn is_due(&self, events: u64) -> bool {
        events >= self.next
    }

    /// Keeps `moment`, unless a replay passes where it was kept already.
    pub fn keep(&mut self, moment: &Moment<W>, reported: u64, broken: usize, rows: usize) {
        let bytes = size_of::<Checkpoint<W>>() + moment.world.bytes() + moment.queue.bytes();
        self.next = moment.events + self.gap(bytes);
        if self.kept.last().is_some_and(|last| last.moment.events >= moment.events) {
            return;
        }
        if self.kept.len() == MOST {
            self.thin();
        }
        while self.kept.len() > 2 && self.bytes + bytes > BUDGET {
            self.forget_one(moment.events);
        }
        self.bytes += bytes;
        self.kept.push(Arc::new(Checkpoint { moment: moment.clone(), reported, broken, rows, bytes }));
    }

    /// Lets every second one go; the first stays.
    fn thin(&mut self) {
        let mut keep = false;
        self.retain(|_| {
            keep = !keep;
            keep
        });
        self.every *= 2;
    }

    /// Lets one go that is missed least: where they lie close together for their age. Of a large world only a few can be
    /// kept, and the way back to what was seen just now should be the shortest. The first stays.
    fn forget_one(&mut self, now: u64) {
        let events = |n: usize| self.kept.get(n).map_or(now, |checkpoint| checkpoint.moment.events);
        let missed = |n: usize| (events(n + 1) - events(n - 1)) as f64 / (now - events(n)).max(1) as f64;
        let least = (1..self.kept.len()).min_by(|a, b| missed(*a).total_cmp(&missed(*b)));
        if let Some(least) = least {
            self.bytes -= self.kept.remove(least).bytes;
        }
    }

    /// Keeps those for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Moment<W>) -> bool) {
        self.kept.retain(|checkpoint| keep(&checkpoint.moment));
        self.bytes = self.kept.iter().map(|checkpoint| checkpoint.bytes).sum();
    }

    /// The latest one for which `wanted` holds, or the first; the next is due after it.
    pub fn latest(&mut self, wanted: impl Fn(&Moment<W>) -> bool) -> Option<Arc<Checkpoint<W>>> {
        let found = self.kept.iter().rposition(|checkpoint| wanted(&checkpoint.moment)).unwrap_or(0);
        let checkpoint = Arc::clone(self.kept.get(found)?);
        self.next = checkpoint.moment.events + self.gap(checkpoint.bytes);
        Some(checkpoint)
    }

    /// Events from a checkpoint of so many bytes to the next.
    fn gap(&self, bytes: usize) -> u64 {
        self.every.max((bytes / BYTES_PER_EVENT) as u64)
    }

    /// How many are kept.
    pub const fn len(&self) -> usize {
        self.kept.len()
    }

    /// About how many bytes they take.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }
}
