//! What led to a fact: the chain of its causes, down to what was done to the lab.

use super::lab::{Lab, Occurrence};

/// A chain is not followed further than this. Causes lie in the past, so every chain ends; a long one is told as such.
const LONGEST: usize = 1000;

/// The facts that led to fact `number`, the nearest first, as far as they are at hand.
pub fn chain(lab: &dyn Lab, number: u64) -> Vec<Occurrence> {
    let cause = |of: &Occurrence| of.cause.filter(|cause| *cause < of.number).and_then(|it| lab.fact(it));
    let first = lab.fact(number).as_ref().and_then(cause);
    std::iter::successors(first, cause).take(LONGEST).collect()
}

/// At most `most` sentences of a chain: the nearest and, since it is where everything began, the last; how many are left
/// out in between is told in a line of its own.
pub fn told(chain: &[Occurrence], most: usize) -> Vec<String> {
    let line = |fact: &Occurrence| format!("t {}  {}: {}", fact.at, fact.told.part, fact.told.sentence);
    if chain.len() <= most {
        return chain.iter().map(line).collect();
    }
    let near = most.saturating_sub(2);
    let mut lines: Vec<String> = chain.iter().take(near).map(line).collect();
    if most >= 2 {
        lines.push(format!("... {} more ...", chain.len() - near - 1));
    }
    lines.extend(chain.last().filter(|_| most >= 1).map(line));
    lines
}
