//! What happened in a run, gathered while it goes on: a long one lets go of its first facts.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::engine::time::Time;
use crate::labs::causes::chain;
use crate::labs::fault::Act;
use crate::labs::lab::{Lab, Occurrence};
use crate::labs::narrate;

/// So many events are handled before what was told of them is gathered; a run keeps the facts of many more.
const PIECE: u64 = 8192;

/// The facts of a run that are printed.
pub struct Tale {
    every: bool,
    facts: Vec<Fact>,
    /// The numbers of those, to find the nearest cause that is printed as well.
    numbers: BTreeSet<u64>,
    /// One past the number of the last fact that was looked at.
    next: u64,
}

struct Fact {
    is: Occurrence,
    /// The nearest of its causes that is printed as well.
    because: Option<Occurrence>,
}

impl Tale {
    /// Lets `lab` go on to `until` and gathers the notable facts, or every one. False: it was stopped after so many events.
    pub fn gather(lab: &mut dyn Lab, until: Time, most_events: u64, every: bool) -> (Self, bool) {
        let mut tale = Self { every, facts: Vec::new(), numbers: BTreeSet::new(), next: 0 };
        let mut left = most_events;
        loop {
            let piece = PIECE.min(left);
            let handled = lab.advance(until, piece);
            tale.look(lab);
            left -= handled;
            if handled < piece || left == 0 {
                return (tale, handled < piece);
            }
        }
    }

    fn look(&mut self, lab: &dyn Lab) {
        let first = lab.reported() - lab.fact_count() as u64;
        for number in self.next.max(first)..lab.reported() {
            let index = usize::try_from(number - first).unwrap_or(usize::MAX);
            if !self.every && !lab.is_notable(index) {
                continue;
            }
            let Some(is) = lab.occurrence(index) else { continue };
            let because = if self.every {
                is.cause.and_then(|cause| lab.fact(cause))
            } else {
                chain(lab, number).into_iter().find(|cause| self.numbers.contains(&cause.number))
            };
            self.numbers.insert(number);
            self.facts.push(Fact { is, because });
        }
        self.next = lab.reported();
    }

    /// The facts, oldest first.
    pub fn facts(&self) -> impl Iterator<Item = &Occurrence> {
        self.facts.iter().map(|fact| &fact.is)
    }

    /// The facts with their times, a sentence a line, and the acts and broken invariants of which no fact tells, in place.
    pub fn lines(&self, lab: &dyn Lab) -> String {
        self.told(lab, false)
    }

    /// The whole run in sentences: what is run, what happened and because of what, and how it stands at the end.
    pub fn whole(&self, lab: &dyn Lab) -> String {
        let scenario = narrate::scenario(lab.scenario());
        format!("The run: {scenario}.\n{}{}\n", self.told(lab, true), narrate::standing(lab))
    }

    fn told(&self, lab: &dyn Lab, causes: bool) -> String {
        let mut lines: Vec<(Time, String)> = Vec::new();
        for Fact { is, because } in &self.facts {
            let mut line = format!("  {:>9}  {}", is.at.to_string(), is.told.sentence);
            if let Some(cause) = because.as_ref().filter(|_| causes) {
                let _ = write!(line, "\n  {:>9}  because at {} s: {}", "", cause.at, cause.told.sentence);
            }
            lines.push((is.at, line));
        }
        for entry in lab.log().iter().take(lab.done()) {
            // Faults are facts in every lab, the turn of a knob is not.
            let told = |fact: &Fact| fact.is.at == entry.at && fact.is.told.is_of_an_act();
            if matches!(entry.act, Act::Set(..)) && !self.facts.iter().any(told) {
                lines.push((entry.at, format!("  {:>9}  Done: {}.", entry.at.to_string(), entry.act)));
            }
        }
        for standing in lab.invariants() {
            if let Some(broken) = standing.broken {
                let told = narrate::broke(standing.invariant, broken, "here");
                lines.push((broken.at, format!("  {:>9}  {told}", broken.at.to_string())));
            }
        }
        if lines.is_empty() {
            return "  Nothing worth telling.\n".to_owned();
        }
        // Stable: what is told at one instant stays in its order.
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(_, line)| line + "\n").collect()
    }
}
