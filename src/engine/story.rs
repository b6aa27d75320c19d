//! What a run has told: its facts with what led to each, and the invariants that broke.

use super::time::Time;

/// A fact and when it was reported.
#[derive(Clone, PartialEq, Debug)]
pub struct Noted<O> {
    /// The instant.
    pub at: Time,
    /// How many facts were reported before it in this run.
    pub number: u64,
    /// The number of the fact that led to it; none if it came from outside, or by itself.
    pub cause: Option<u64>,
    /// The fact.
    pub fact: O,
}

/// An invariant that did not hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Broken {
    /// Index in the world's list of invariants.
    pub invariant: usize,
    /// When it first broke.
    pub at: Time,
    /// How many facts had been reported by then.
    pub told: u64,
    /// Which facts contradict each other.
    pub facts: String,
}

/// The most facts that are kept; the oldest go first.
const FACTS_KEPT: usize = 50_000;

#[derive(Clone, Debug)]
pub(super) struct Story<O> {
    pub facts: Vec<Noted<O>>,
    pub reported: u64,
    pub broken: Vec<Broken>,
}

impl<O> Story<O> {
    pub const fn new() -> Self {
        Self { facts: Vec::new(), reported: 0, broken: Vec::new() }
    }

    /// Notes a fact; its number is returned.
    pub fn note(&mut self, at: Time, cause: Option<u64>, fact: O) -> u64 {
        if self.facts.len() == 2 * FACTS_KEPT {
            self.facts.drain(..FACTS_KEPT);
        }
        let number = self.reported;
        self.facts.push(Noted { at, number, cause, fact });
        self.reported += 1;
        number
    }

    /// Notes that an invariant broke; the first time counts.
    pub fn broke(&mut self, invariant: usize, at: Time, facts: impl FnOnce() -> String) {
        if !self.broken.iter().any(|broken| broken.invariant == invariant) {
            self.broken.push(Broken { invariant, at, told: self.reported, facts: facts() });
        }
    }

    /// Forgets what was told after the first `reported` facts and the first `broken` invariants.
    pub fn rewind(&mut self, reported: u64, broken: usize) {
        let kept = self.facts.partition_point(|noted| noted.number < reported);
        self.facts.truncate(kept);
        self.reported = reported;
        self.broken.truncate(broken);
    }

    /// Bytes that the facts take.
    pub fn bytes(&self) -> usize {
        self.facts.capacity() * size_of::<Noted<O>>()
    }
}
