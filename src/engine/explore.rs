//! All futures of a small world: a breadth-first search over its states.
//!
//! A simulation follows one schedule. This follows all of them, as Stateright and TLC do: from a state it makes every move
//! that is possible, and never looks twice at a state that it has met. As it goes by the number of moves, the first broken
//! state that it meets is one of those with the fewest moves, and what led there is the shortest story of what goes wrong.
//! If it meets none and nothing is left, there is none.
//!
//! States that were met are kept as fingerprints of 128 bits. Two states that share one would be taken for the same, and
//! the second would not be looked at: with ten million states the chance of that is below 10^-24. Short of it the answer
//! depends on no hash at all, only on the order in which `moves` names them, so it is the same on every platform.
//!
//! ```
//! use halfopen::engine::explore::explore;
//!
//! // Two jugs of 3 and 5 litres: how to have 4?
//! #[derive(Clone, Debug, PartialEq)]
//! enum Move { Fill(usize), Empty(usize), PourFrom(usize) }
//! use Move::{Empty, Fill, PourFrom};
//! const SIZES: [u8; 2] = [3, 5];
//! let found = explore(
//!     [0_u8, 0],
//!     |_| vec![Fill(0), Fill(1), Empty(0), Empty(1), PourFrom(0), PourFrom(1)],
//!     |jugs, step| {
//!         let mut jugs = *jugs;
//!         match *step {
//!             Fill(jug) => jugs[jug] = SIZES[jug],
//!             Empty(jug) => jugs[jug] = 0,
//!             PourFrom(jug) => {
//!                 let poured = jugs[jug].min(SIZES[1 - jug] - jugs[1 - jug]);
//!                 jugs[jug] -= poured;
//!                 jugs[1 - jug] += poured;
//!             }
//!         }
//!         jugs
//!     },
//!     |jugs| jugs.contains(&4).then_some("four litres"),
//!     1000,
//! );
//! let violation = found.violation.expect("it can be done");
//! assert_eq!(violation.steps, [Fill(1), PourFrom(1), Empty(0), PourFrom(1), Fill(1), PourFrom(1)]);
//! ```

use std::collections::{BTreeSet, VecDeque};
use std::hash::{Hash, Hasher};

/// What a search came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explored<M, W> {
    /// How many different states it met.
    pub states: usize,
    /// How many moves it tried, those that led to a known state included.
    pub moves: usize,
    /// The most moves that any state it met is away from the start, by the shortest way.
    pub depth: usize,
    /// The nearest broken state, if it met one. The search ends there.
    pub violation: Option<Violation<M, W>>,
    /// All states that can be reached were met. False if it stopped at the limit or at a violation.
    pub complete: bool,
}

impl<M, W> Explored<M, W> {
    /// Whether no state that can be reached is broken.
    pub const fn clean(&self) -> bool {
        self.complete && self.violation.is_none()
    }
}

/// A broken state and a shortest way to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation<M, W> {
    /// The moves that lead there from the start. No other broken state takes fewer.
    pub steps: Vec<M>,
    /// What is broken.
    pub what: W,
}

/// Where a state came from: the number of the state before it, and the move.
struct Origin<M> {
    before: usize,
    step: M,
}

/// Looks at all states that can be reached from `start`, nearest first, until one is broken or `limit` states were met.
///
/// `moves` names what may happen in a state, always in the same order; `apply` makes it happen; `broken` says what is wrong
/// with a state. A state is its `Hash`: whatever decides about its future, or about what is wrong, must be part of it.
pub fn explore<S: Hash, M, W>(
    start: S,
    moves: impl Fn(&S) -> Vec<M>,
    apply: impl Fn(&S, &M) -> S,
    broken: impl Fn(&S) -> Option<W>,
    limit: usize,
) -> Explored<M, W> {
    let mut explored = Explored { states: 1, moves: 0, depth: 0, violation: None, complete: false };
    if let Some(what) = broken(&start) {
        explored.violation = Some(Violation { steps: Vec::new(), what });
        return explored;
    }
    let mut met = BTreeSet::from([fingerprint(&start)]);
    // State `n` is the one that `origins[n - 1]` tells of.
    let mut origins: Vec<Origin<M>> = Vec::new();
    let mut waiting = VecDeque::from([(0, 0, start)]);
    while let Some((before, depth, state)) = waiting.pop_front() {
        for step in moves(&state) {
            explored.moves += 1;
            let next = apply(&state, &step);
            let print = fingerprint(&next);
            if met.contains(&print) {
                continue;
            }
            if explored.states >= limit {
                return explored;
            }
            met.insert(print);
            explored.states += 1;
            explored.depth = depth + 1;
            origins.push(Origin { before, step });
            if let Some(what) = broken(&next) {
                let steps = steps_to(origins);
                explored.violation = Some(Violation { steps, what });
                return explored;
            }
            waiting.push_back((origins.len(), depth + 1, next));
        }
    }
    explored.complete = true;
    explored
}

/// The moves that lead to the last state.
fn steps_to<M>(mut origins: Vec<Origin<M>>) -> Vec<M> {
    let mut steps = Vec::new();
    // Whoever comes before a state has a lower number, so what lies above it is not needed any more.
    while let Some(origin) = origins.pop() {
        origins.truncate(origin.before);
        steps.push(origin.step);
    }
    steps.reverse();
    steps
}

/// A state in 128 bits. Not for keeping: integers in slices enter it in the byte order of the machine.
pub fn fingerprint(state: &impl Hash) -> u128 {
    let mut lanes = Lanes { low: 0x9e37_79b9_7f4a_7c15, high: 0xd1b5_4a32_d192_ed03 };
    state.hash(&mut lanes);
    // A last word for both, so that the last word of the state is mixed as often as the others.
    lanes.word(0x2545_f491_4f6c_dd1d);
    u128::from(lanes.high) << 64 | u128::from(lanes.low)
}

/// Two lanes, each of which multiplies what it has with a number of its own and folds the product in half.
struct Lanes {
    low: u64,
    high: u64,
}

impl Lanes {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of a product are folded into one")]
    fn word(&mut self, word: u64) {
        let fold = |lane: u64, odd: u64| {
            let product = u128::from(lane) * u128::from(odd);
            (product >> 64) as u64 ^ product as u64
        };
        self.low = fold(self.low ^ word, 0xbf58_476d_1ce4_e5b9).wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.high = fold(self.high.wrapping_add(word).rotate_left(32), 0x94d0_49bb_1331_11eb)
            .wrapping_add(0xd1b5_4a32_d192_ed03);
    }
}

impl Hasher for Lanes {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        // So that zeros at the end count.
        self.word(bytes.len() as u64);
    }

    fn write_u8(&mut self, n: u8) {
        self.word(n.into());
    }

    fn write_u16(&mut self, n: u16) {
        self.word(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.word(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.word(n);
    }

    fn write_usize(&mut self, n: usize) {
        self.word(n as u64);
    }

    fn finish(&self) -> u64 {
        self.low ^ self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A knight on an empty board, whose shortest ways are known.
    fn knight(target: (i8, i8), limit: usize) -> Explored<(i8, i8), &'static str> {
        const JUMPS: [(i8, i8); 8] = [(1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2)];
        explore(
            (0_i8, 0_i8),
            |&(x, y)| {
                let on_board =
                    |&(dx, dy): &(i8, i8)| (0..8).contains(&(x + dx)) && (0..8).contains(&(y + dy));
                JUMPS.into_iter().filter(on_board).collect()
            },
            |&(x, y), &(dx, dy)| (x + dx, y + dy),
            |&at| (at == target).then_some("there"),
            limit,
        )
    }

    #[test]
    fn it_finds_a_shortest_way() {
        let violation = knight((7, 7), 1000).violation.unwrap();
        assert_eq!((violation.steps.len(), violation.what), (6, "there"));
        let end = violation.steps.iter().fold((0, 0), |(x, y), &(dx, dy)| (x + dx, y + dy));
        assert_eq!(end, (7, 7));
        // Next door is far for a knight in a corner.
        assert_eq!(knight((1, 1), 1000).violation.unwrap().steps.len(), 4);
    }

    #[test]
    fn it_meets_every_state_once_and_says_so() {
        let all = knight((9, 9), 1000);
        // 168 jumps each way: the edges of the knight's graph.
        assert_eq!((all.states, all.moves, all.depth, all.clean()), (64, 336, 6, true));
        assert!(knight((9, 9), 64).clean(), "a limit of exactly all states is enough");
    }

    #[test]
    fn a_limit_is_not_a_proof() {
        let some = knight((9, 9), 63);
        assert_eq!((some.states, some.complete, some.clean()), (63, false, false));
    }

    #[test]
    fn the_start_may_be_broken() {
        let found = knight((0, 0), 1000);
        assert_eq!((found.states, found.violation.unwrap().steps.len()), (1, 0));
    }

    #[test]
    fn it_is_the_same_each_time() {
        assert_eq!(knight((7, 7), 1000), knight((7, 7), 1000));
    }

    #[test]
    fn fingerprints_tell_neighbours_apart() {
        let mut prints = BTreeSet::new();
        for a in 0..64_u64 {
            for b in 0..64_u64 {
                prints.insert(fingerprint(&(a, b)));
                prints.insert(fingerprint(&(a << 58, b << 58)).rotate_left(1) ^ 1);
            }
        }
        assert_eq!(prints.len(), 2 * 64 * 64);
        assert_ne!(fingerprint(&[0_u8; 3].as_slice()), fingerprint(&[0_u8; 4].as_slice()));
        assert_ne!(fingerprint(&(None::<u8>, Some(0_u8))), fingerprint(&(Some(0_u8), None::<u8>)));
        // Each lane on its own, over many states that differ in few bits.
        let (mut low, mut high) = (BTreeSet::new(), BTreeSet::new());
        for n in 0..200_000_u64 {
            let print = fingerprint(&(n % 100, n / 100, 7_u8));
            low.insert(print << 64);
            high.insert(print >> 64);
        }
        assert_eq!((low.len(), high.len()), (200_000, 200_000));
    }
}
