//! The notable facts of a run as they were seen: also those that a jump back has made future again.

use super::fault::Act;
use super::lab::{Lab, Occurrence};
use crate::engine::run::Entry;
use crate::engine::time::Time;

/// Notable facts that are kept at most; twice as many for a moment.
const KEPT: usize = 10_000;

/// A place in the run worth jumping to.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// What.
    pub what: Marked,
}

/// What a mark stands for.
#[derive(Clone, PartialEq, Debug)]
pub enum Marked {
    /// Something was done to the lab, or a script will do it.
    Act(Act),
    /// Something notable happened by itself.
    Fact(Occurrence),
}

/// The notable facts that were seen.
#[derive(Clone, Default, Debug)]
pub struct Story {
    facts: Vec<Occurrence>,
    /// One past the number of the last fact up to now.
    happened: u64,
    /// One past the number of the last fact ever seen.
    seen: u64,
}

impl Story {
    /// Takes in what the lab reported since the last time.
    pub fn take_in(&mut self, lab: &dyn Lab) {
        let mut fresh = Vec::new();
        self.happened = 0;
        for occurrence in (0..lab.fact_count()).rev().map_while(|index| lab.occurrence(index)) {
            self.happened = self.happened.max(occurrence.number + 1);
            if occurrence.number < self.seen {
                break;
            }
            fresh.push(occurrence);
        }
        self.seen = self.seen.max(self.happened);
        self.facts.extend(fresh.into_iter().rev().filter(|occurrence| occurrence.told.notable));
        if self.facts.len() > 2 * KEPT {
            self.facts.drain(..KEPT);
        }
    }

    /// Drops what lies ahead, which is another future from now on.
    pub fn forget_future(&mut self) {
        self.facts.truncate(self.past().len());
        self.seen = self.happened;
    }

    /// The notable facts up to now, oldest first.
    pub fn past(&self) -> &[Occurrence] {
        let upto = self.facts.partition_point(|occurrence| occurrence.number < self.happened);
        self.facts.get(..upto).unwrap_or_default()
    }

    /// Acts and notable facts, in order of time.
    pub fn marks(&self, lab: &dyn Lab) -> Vec<Mark> {
        let mark = |entry: &Entry<Act>| Mark { at: entry.at, what: Marked::Act(entry.act.clone()) };
        let acts = lab.log().iter().map(mark);
        let facts = self.facts.iter().map(|o| Mark { at: o.at, what: Marked::Fact(o.clone()) });
        let mut marks: Vec<Mark> = acts.chain(facts).collect();
        // Stable: at one instant, what was done stands before what came of it.
        marks.sort_by_key(|mark| mark.at);
        marks
    }
}
