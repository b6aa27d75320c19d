//! The draws of a question, one after the other.

use crate::engine::random::{Draw, Random, Stream};

/// Draws that depend on the template, the seed and the number of the draw, and on nothing else.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    stream: Stream,
    number: u64,
    next: u64,
}

impl Dice {
    pub fn new(template: &str, seed: u64, number: u64) -> Self {
        Self { stream: Random::new(seed).stream(template), number, next: 0 }
    }

    fn draw(&mut self) -> Draw {
        self.next += 1;
        self.stream.draw(self.number, self.next)
    }

    /// Uniform from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.draw().below(high.saturating_sub(low) + 1)
    }

    /// The same for counts.
    pub fn count(&mut self, low: u32, high: u32) -> u32 {
        u32::try_from(self.between(u64::from(low), u64::from(high))).unwrap_or(high)
    }

    /// True with this chance in percent.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them. `all` is never empty.
    pub fn one_of<T: Copy>(&mut self, all: &[T], otherwise: T) -> T {
        let last = u64::try_from(all.len().saturating_sub(1)).unwrap_or(0);
        let at = usize::try_from(self.between(0, last)).unwrap_or(0);
        all.get(at).copied().unwrap_or(otherwise)
    }

    /// Puts them in any order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            let other = usize::try_from(self.between(0, u64::try_from(last).unwrap_or(0))).unwrap_or(0);
            all.swap(last, other);
        }
    }
}
