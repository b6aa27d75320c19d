//! The search for the sets that are each enough: greedy removal, in large pieces first, and a look for other ways.

use std::collections::BTreeMap;

use super::{Answer, Case, Found, Question};

/// How many sets are looked for at most.
const MOST_SETS: usize = 4;

/// How far a search is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// How many times the run was run again so far.
    pub reruns: usize,
}

/// Why a search ended early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Halt {
    /// It is no longer wanted.
    Cancelled,
    /// It took as many reruns as it may.
    Spent,
}

/// Looks for what the outcome of `question` came from, in at most `most` reruns. `watch` is told how far it is, also
/// within a long rerun, and ends the search by false: then there is no answer. The case comes along, so that its sets can
/// be tried on other seeds.
pub fn search(
    question: &Question,
    most: usize,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Option<(Found, Case)> {
    let (case, outcome) = Case::new(question, &mut || watch(Progress { reruns: 0 }))?;
    let seed = question.scenario.seed;
    let mut search = Search { case: &case, seed, known: BTreeMap::new(), reruns: 0, most, watch };
    let found = match search.found(outcome) {
        Ok(found) => found,
        Err(Halt::Cancelled | Halt::Spent) => return None,
    };
    Some((found, case))
}

struct Search<'a> {
    case: &'a Case,
    seed: u64,
    known: BTreeMap<Vec<usize>, bool>,
    reruns: usize,
    most: usize,
    watch: &'a mut dyn FnMut(Progress) -> bool,
}

impl Search<'_> {
    fn found(&mut self, outcome: String) -> Result<Found, Halt> {
        let all: Vec<usize> = (0..self.case.elements().len()).collect();
        // These two are looked at whatever the bound is: without them there is nothing to say.
        self.most = self.most.max(2);
        if !self.happens(&all)? {
            let (reruns, watch) = (self.reruns, &mut *self.watch);
            let seen = self.case.instead(&all, self.seed, &mut || watch(Progress { reruns }));
            return seen.map(Found::NotSo).ok_or(Halt::Cancelled);
        }
        let mut answer = Answer {
            outcome,
            preset: self.case.bare.preset,
            elements: self.case.elements().to_vec(),
            sets: Vec::new(),
            undoing: Vec::new(),
            reruns: 0,
            cut_short: false,
            others: None,
        };
        let ended = if self.happens(&[])? {
            answer.sets.push(Vec::new());
            Ok(())
        } else {
            self.explain(&all, &mut answer)
        };
        if ended == Err(Halt::Cancelled) {
            return Err(Halt::Cancelled);
        }
        answer.cut_short = ended.is_err();
        answer.reruns = self.reruns;
        Ok(Found::Because(answer))
    }

    /// Fills in the sets and what only undoes others.
    fn explain(&mut self, all: &[usize], answer: &mut Answer) -> Result<(), Halt> {
        self.keep_minimal(all.to_vec(), answer)?;
        // Sets that share nothing with those before.
        loop {
            let rest = without(all, &answer.sets.concat());
            if answer.sets.len() >= MOST_SETS || !self.happens(&rest)? {
                break;
            }
            self.keep_minimal(rest, answer)?;
        }
        // Sets that share something with the first: if the run without one of its elements still has the outcome,
        // something else takes the place of that element.
        for element in answer.sets.first().cloned().unwrap_or_default() {
            let rest = without(all, &[element]);
            let is_told = answer.sets.iter().any(|set| !set.contains(&element));
            if answer.sets.len() < MOST_SETS && !is_told && self.happens(&rest)? {
                self.keep_minimal(rest, answer)?;
            }
        }
        for element in without(all, &answer.sets.concat()) {
            if !self.happens(&without(all, &[element]))? {
                answer.undoing.push(element);
            }
        }
        Ok(())
    }

    /// Makes a set that is enough as small as it gets and keeps it; at the bound as small as it got.
    fn keep_minimal(&mut self, mut set: Vec<usize>, answer: &mut Answer) -> Result<(), Halt> {
        let ended = self.minimise(&mut set);
        if !answer.sets.contains(&set) {
            answer.sets.push(set);
        }
        ended
    }

    /// Leaves out what is not needed: halves first, then ever smaller pieces, the latest first, so that of two that are
    /// each enough the earlier one stays. In the end single elements, until none can go.
    fn minimise(&mut self, set: &mut Vec<usize>) -> Result<(), Halt> {
        let mut piece = set.len().div_ceil(2).max(1);
        loop {
            let mut left_out = false;
            let mut end = set.len();
            while end > 0 {
                let from = end.saturating_sub(piece);
                let mut fewer = set.clone();
                fewer.drain(from..end);
                if self.happens(&fewer)? {
                    *set = fewer;
                    left_out = true;
                }
                end = from;
            }
            if piece > 1 {
                piece = piece.div_ceil(2);
            } else if !left_out {
                return Ok(());
            }
        }
    }

    /// Whether the outcome happens with these elements, which are sorted, alone.
    fn happens(&mut self, set: &[usize]) -> Result<bool, Halt> {
        if let Some(known) = self.known.get(set) {
            return Ok(*known);
        }
        if self.reruns >= self.most {
            return Err(Halt::Spent);
        }
        self.reruns += 1;
        let (reruns, watch) = (self.reruns, &mut *self.watch);
        let mut keep_on = || watch(Progress { reruns });
        if !keep_on() {
            return Err(Halt::Cancelled);
        }
        let happens = self.case.happens(set, self.seed, &mut keep_on).ok_or(Halt::Cancelled)?;
        self.known.insert(set.to_vec(), happens);
        Ok(happens)
    }
}

/// All but these.
fn without(all: &[usize], some: &[usize]) -> Vec<usize> {
    all.iter().copied().filter(|index| !some.contains(index)).collect()
}

#[cfg(test)]
mod tests;
