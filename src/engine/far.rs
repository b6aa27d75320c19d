//! What is pending later: buckets of time that stay unsorted until their time comes.
//!
//! A rung cuts a stretch of time into buckets of equal width. A bucket that turns out too full when its time comes is cut
//! into a finer rung, so the width needs no guess; what is later than every rung waits on one heap until they are used
//! up. An entry is moved two or three times in all, however many are pending, and always by whole buckets: the
//! processor sees long rows instead of the scattered path through a tree of many megabytes.

use std::mem;

use super::time::Time;

/// An event that is to happen, as the queue holds it.
#[derive(Clone, Debug)]
pub(super) struct Pending<E> {
    pub at: Time,
    pub order: u32,
    pub key: u32,
    pub tag: u32,
    pub event: E,
}

/// Entries of a block of a bag: so many are asked of the allocator at once, and half as many lie idle in a bucket.
const BLOCK: usize = 64;
/// Entries for which a new rung gets a bucket.
const PER_BUCKET: usize = 128;
/// The most buckets of a rung: the ends that entries are written to should stay in the cache.
const BUCKETS: usize = 2048;
/// A bucket with more is cut into a rung of its own; fewer than this in all are not worth any buckets.
const MOST: usize = 256;

/// Entries in no order. They lie in blocks, so a bag grows without being copied, and has little room to spare.
#[derive(Debug)]
struct Bag<E> {
    /// Blocks that nothing is added to.
    full: Vec<Vec<Pending<E>>>,
    last: Vec<Pending<E>>,
}

/// A stretch of time in buckets of equal width.
#[derive(Clone, Debug)]
struct Rung<E> {
    start: u64,
    /// The last instant that belongs to it.
    end: u64,
    /// The width is 2 to the power of this.
    shift: u32,
    /// Buckets before this one are empty.
    next: usize,
    buckets: Vec<Bag<E>>,
}

/// What is pending later than everything in the near heap.
#[derive(Clone, Debug)]
pub(super) struct Far<E> {
    /// Each lies before the next bucket of the one before it: the last is the finest, and comes first.
    rungs: Vec<Rung<E>>,
    /// What is later than every rung.
    beyond: Bag<E>,
    len: usize,
}

/// Entries whose time comes, and the last instant for which that is all.
pub(super) struct Batch<E> {
    pub entries: Vec<Pending<E>>,
    pub last: Time,
}

impl<E> Far<E> {
    pub const fn new() -> Self {
        Self { rungs: Vec::new(), beyond: Bag::new(), len: 0 }
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        self.len * size_of::<Pending<E>>() + self.buckets() * size_of::<Bag<E>>()
    }

    /// Adds an entry that is later than every batch so far.
    pub fn push(&mut self, entry: Pending<E>) {
        self.len += 1;
        let at = entry.at.nanos();
        match self.rungs.iter_mut().rev().find(|rung| at <= rung.end) {
            Some(rung) => rung.push(entry),
            None => self.beyond.push(entry),
        }
    }

    /// Adds entries that all come before those that are here, and at `last` at the latest. Gives them back if they are
    /// all of one instant.
    pub fn put_first(&mut self, entries: Vec<Pending<E>>, last: Time) -> Result<(), Vec<Pending<E>>> {
        let bag = Bag { full: Vec::new(), last: entries };
        let added = bag.last.len();
        self.cut(bag, last.nanos()).map_err(|bag| bag.last)?;
        self.len += added;
        Ok(())
    }

    /// Takes the entries that come first.
    pub fn take(&mut self) -> Batch<E> {
        loop {
            // Nor shall a copy of a few entries drag along buckets from when there were many.
            if self.len <= MOST.max(self.buckets()) {
                return self.take_all();
            }
            let (bag, end) = match self.rungs.last_mut() {
                None => (mem::replace(&mut self.beyond, Bag::new()), u64::MAX),
                Some(rung) => {
                    let Some(first) = rung.first() else {
                        self.rungs.pop();
                        continue;
                    };
                    first
                }
            };
            let len = bag.len();
            let whole = if len > MOST || self.rungs.is_empty() { self.cut(bag, end) } else { Err(bag) };
            if let Err(bag) = whole {
                self.len -= len;
                let last =
                    if len > MOST { bag.last.last().map_or(end, |entry| entry.at.nanos()) } else { end };
                return Batch { entries: bag.into_vec(), last: Time::from_nanos(last) };
            }
        }
    }

    /// Takes every entry.
    pub fn take_all(&mut self) -> Batch<E> {
        let mut entries = mem::replace(&mut self.beyond, Bag::new()).into_vec();
        for rung in self.rungs.drain(..) {
            rung.buckets.into_iter().for_each(|bag| bag.move_to(&mut entries));
        }
        self.len = 0;
        Batch { entries, last: Time::NEVER }
    }

    /// Keeps those for which `keep` holds.
    pub fn retain(&mut self, keep: impl Fn(&Pending<E>) -> bool) {
        let bags = self.rungs.iter_mut().flat_map(|rung| &mut rung.buckets).chain([&mut self.beyond]);
        self.len = 0;
        for bag in bags {
            let old = mem::replace(bag, Bag::new());
            old.into_entries().filter(|entry| keep(entry)).for_each(|entry| bag.push(entry));
            self.len += bag.len();
        }
    }

    fn buckets(&self) -> usize {
        self.rungs.iter().map(|rung| rung.buckets.len()).sum()
    }

    /// Makes the finest rung of `bag`, which holds all entries up to `end`; gives it back if they are all of one instant.
    fn cut(&mut self, bag: Bag<E>, end: u64) -> Result<(), Bag<E>> {
        let (mut first, mut last) = (u64::MAX, 0);
        for entry in bag.entries() {
            first = first.min(entry.at.nanos());
            last = last.max(entry.at.nanos());
        }
        if first >= last {
            return Err(bag);
        }
        let wanted = (bag.len() / PER_BUCKET).next_power_of_two().clamp(16, BUCKETS);
        let shift = (u64::BITS - (last - first).leading_zeros()).saturating_sub(wanted.ilog2());
        let needed = ((last - first) >> shift) + 1;
        let mut rung = Rung {
            start: first,
            // A stretch of 2^64 wraps to 0, and less one is right again.
            end: first.saturating_add((needed << shift).wrapping_sub(1)).min(end),
            shift,
            next: 0,
            buckets: (0..needed).map(|_| Bag::new()).collect(),
        };
        bag.into_entries().for_each(|entry| rung.push(entry));
        self.rungs.push(rung);
        Ok(())
    }
}

impl<E> Rung<E> {
    #[expect(clippy::cast_possible_truncation, reason = "there are far fewer buckets than 2^32")]
    fn push(&mut self, entry: Pending<E>) {
        let index = (entry.at.nanos().saturating_sub(self.start) >> self.shift) as usize;
        // After a bucket was cut, its later part may still be written to.
        self.next = self.next.min(index);
        self.buckets[index].push(entry);
    }

    /// Takes the first bucket that is not empty, and the last instant that belongs to it.
    fn first(&mut self) -> Option<(Bag<E>, u64)> {
        let found = self.buckets[self.next..].iter().position(|bag| !bag.is_empty())?;
        let index = self.next + found;
        self.next = index + 1;
        let end = self.start.saturating_add(((index as u64 + 1) << self.shift).wrapping_sub(1));
        Some((mem::replace(&mut self.buckets[index], Bag::new()), end.min(self.end)))
    }
}

impl<E> Bag<E> {
    const fn new() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }

    const fn is_empty(&self) -> bool {
        self.last.is_empty() && self.full.is_empty()
    }

    fn len(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.last.len()
    }

    fn push(&mut self, entry: Pending<E>) {
        if self.last.len() == BLOCK {
            self.full.push(mem::replace(&mut self.last, Vec::with_capacity(BLOCK)));
        }
        self.last.push(entry);
    }

    fn entries(&self) -> impl Iterator<Item = &Pending<E>> {
        self.full.iter().flatten().chain(&self.last)
    }

    /// The entries; each block is let go when it has been read.
    fn into_entries(self) -> impl Iterator<Item = Pending<E>> {
        self.full.into_iter().flatten().chain(self.last)
    }

    fn move_to(self, entries: &mut Vec<Pending<E>>) {
        for mut block in self.full {
            entries.append(&mut block);
        }
        entries.extend(self.last);
    }

    fn into_vec(self) -> Vec<Pending<E>> {
        if self.full.is_empty() {
            return self.last;
        }
        let mut entries = Vec::with_capacity(self.len());
        self.move_to(&mut entries);
        entries
    }
}

/// A copy has a single block, however many the bag has: a checkpoint asks the allocator once a bucket.
impl<E: Clone> Clone for Bag<E> {
    fn clone(&self) -> Self {
        if self.full.is_empty() {
            return Self { full: Vec::new(), last: self.last.clone() };
        }
        let mut block = Vec::with_capacity(self.len());
        self.full.iter().chain([&self.last]).for_each(|part| block.extend_from_slice(part));
        Self { full: vec![block], last: Vec::new() }
    }
}
