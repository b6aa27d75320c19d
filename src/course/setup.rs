//! How a lab is set up, and the blocks that do something with it: lab, claim, predict, goal, and scenario files.
//!
//! Knobs, presets, fault sentences and conditions are text here: whether a lab knows them is judged by who knows labs,
//! and every such text has its [`Place`] for that judge's error.

use std::ops::RangeInclusive;

use super::place::{Name, Place};
use super::prose::Inlines;
use crate::engine::time::{Span, Time};

/// A lab as it starts: which, from which preset, with which knobs, seed and script.
///
/// Already merged with the scenario that it names: the block's `lab`, `preset` and `seed` win, its `set` overrides knob
/// by knob, its `at` is added after the scenario's.
#[derive(Clone, PartialEq, Debug)]
pub struct SetUp {
    /// The lab's name.
    pub lab: Name,
    /// The preset's name; `None` for the lab's own default.
    pub preset: Option<Name>,
    /// The seed; 1 unless said otherwise.
    pub seed: u64,
    /// Knobs in the order in which they were written, each knob once.
    pub set: Vec<Setting>,
    /// Fault sentences, in the order in which they were written.
    pub at: Vec<Name>,
    /// The scenario of the chapter from which it was merged.
    pub scenario: Option<Name>,
    /// The whole block or table.
    pub place: Place,
}

impl SetUp {
    /// The knobs as plain pairs of name and value.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.set.iter().map(Setting::pair).collect()
    }

    /// The fault sentences as plain text.
    pub fn sentences(&self) -> Vec<String> {
        self.at.iter().map(|sentence| sentence.value.clone()).collect()
    }
}

/// A knob and the value that it is set to, as a learner would type it: a TOML bool becomes `on` or `off`.
#[derive(Clone, PartialEq, Debug)]
pub struct Setting {
    /// The knob's name.
    pub knob: Name,
    /// Its value.
    pub value: Name,
}

impl Setting {
    /// Name and value without their places.
    pub fn pair(&self) -> (String, String) {
        (self.knob.value.clone(), self.value.value.clone())
    }
}

/// A scenario file of a chapter: a set-up that several blocks start from.
#[derive(Clone, PartialEq, Debug)]
pub struct ScenarioFile {
    /// The file's name without folder and ending.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// The set-up.
    pub setup: SetUp,
    /// How long a run takes.
    pub length: Span,
    /// Conditions that hold on its seed; may be empty.
    pub expect: Vec<Name>,
    /// What was recorded of a run; nothing in the scenarios of a chapter.
    pub run: RunKeys,
    /// The whole file.
    pub place: Place,
}

/// What makes a scenario file a run file: it tells what was done by hand, and what came of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RunKeys {
    /// Fault sentences of what was done by hand, in the order in which they were written.
    pub hand: Vec<Name>,
    /// The version of the lab's model.
    pub model: Option<u32>,
    /// The digest of the run, as written.
    pub digest: Option<Name>,
}

/// The lab that a step shows; it stays for the steps after it.
#[derive(Clone, PartialEq, Debug)]
pub struct LabBlock {
    /// How the lab starts.
    pub setup: SetUp,
    /// The moment at which it opens.
    pub from: Time,
    /// Whether it opens paused.
    pub start: Start,
    /// The fence's body.
    pub place: Place,
}

/// Whether a lab opens paused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Start {
    /// It waits for the learner.
    #[default]
    Paused,
    /// It runs at once.
    Running,
}

/// A sentence that runs prove.
#[derive(Clone, PartialEq, Debug)]
pub struct Claim {
    /// What is run.
    pub setup: SetUp,
    /// The sentence, where the paragraph before does not say it all.
    pub says: Option<Inlines>,
    /// How long each run takes: its own `for`, else the scenario's, else a minute.
    pub length: Span,
    /// Conditions, at least one; all hold on every seed.
    pub expect: Vec<Name>,
    /// The seeds that are run.
    pub seeds: Seeds,
    /// The fence's body.
    pub place: Place,
}

/// Seeds from the first to the last, both included. Never empty, never more than 10 000.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seeds {
    /// The lowest.
    pub first: u64,
    /// The highest.
    pub last: u64,
}

impl Seeds {
    /// Each seed in turn.
    pub const fn iter(self) -> RangeInclusive<u64> {
        self.first..=self.last
    }

    /// How many there are.
    pub const fn count(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }
}

impl IntoIterator for Seeds {
    type Item = u64;
    type IntoIter = RangeInclusive<u64>;

    fn into_iter(self) -> RangeInclusive<u64> {
        self.iter()
    }
}

/// A question that the learner commits to and a run decides.
#[derive(Clone, PartialEq, Debug)]
pub struct Predict {
    /// Unique among predictions.
    pub id: Name,
    /// What is run.
    pub setup: SetUp,
    /// The question.
    pub question: Inlines,
    /// The lab is shown up to here before the learner commits.
    pub from: Time,
    /// The run decides here.
    pub until: Time,
    /// Two to four; the run makes exactly one of them true.
    pub outcomes: Vec<Outcome>,
    /// What to see once it ran.
    pub after: Inlines,
    /// The concept that it trains.
    pub concept: Option<Name>,
    /// The seeds on which it must have exactly one true outcome; the learner gets `setup.seed`.
    pub seeds: Seeds,
    /// The fence's body.
    pub place: Place,
}

impl Predict {
    /// The outcomes in the order in which they are shown, each as its place in the file: shuffled by the prediction's id,
    /// so that the order says nothing about the answer and yet is the same at every visit.
    pub fn shown(&self) -> Vec<usize> {
        shuffled(&self.id.value, self.outcomes.len())
    }

    /// The place at which the outcome with this place in the file is shown.
    pub fn place_of(&self, outcome: usize) -> usize {
        self.shown().iter().position(|it| *it == outcome).unwrap_or(outcome)
    }
}

/// The numbers below `count` in an order that `id` alone decides, the same for ever.
fn shuffled(id: &str, count: usize) -> Vec<usize> {
    // FNV-1a for a start, Splitmix64 for the draws: the low bits of FNV alone are weak.
    let start = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut key = start;
    let mut numbers: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        key = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let drawn = (mixed ^ (mixed >> 31)) % (last as u64 + 1);
        numbers.swap(last, usize::try_from(drawn).unwrap_or(0));
    }
    numbers
}

/// What a sensible person might expect of a run.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// The expectation.
    pub text: Inlines,
    /// When it is what happened.
    pub when: When,
    /// The wrong belief that leads to it.
    pub misconception: Option<Name>,
    /// Why one expects it, and what is wrong with that.
    pub why: Option<Inlines>,
}

/// When an outcome is the one that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum When {
    /// When this condition holds of the run.
    Holds(Name),
    /// When none of the others did; only the last outcome.
    Otherwise,
}

/// A state to reach in the lab, judged on seeds that the learner has not seen.
#[derive(Clone, PartialEq, Debug)]
pub struct Goal {
    /// Unique among goals.
    pub id: Name,
    /// What to reach, in a few words.
    pub title: String,
    /// What is run; its script is replayed on each seed together with what the learner changed.
    pub setup: SetUp,
    /// How long each run takes: its own `for`, else the scenario's, else a minute.
    pub length: Span,
    /// The condition.
    pub goal: Name,
    /// A ladder of three.
    pub hints: [Inlines; 3],
    /// One way to reach it.
    pub solution: Solution,
    /// Why that works.
    pub solution_text: Inlines,
    /// The seeds on which it is judged.
    pub seeds: Seeds,
    /// Knobs that the learner may not change.
    pub locked: Vec<Name>,
    /// The concept that it trains.
    pub concept: Option<Name>,
    /// The fence's body.
    pub place: Place,
}

/// What to change to reach a goal.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Solution {
    /// Knobs to turn.
    pub set: Vec<Setting>,
    /// Perturbations to make.
    pub at: Vec<Name>,
}

/// Remedies for a sick scenario: what each buys and what it costs, along the same axes.
#[derive(Clone, PartialEq, Debug)]
pub struct Cure {
    /// What is compared, in a few words.
    pub title: String,
    /// The scenario without a remedy.
    pub setup: SetUp,
    /// How long each run takes: its own `for`, else the scenario's, else a minute.
    pub length: Span,
    /// At least one.
    pub remedies: Vec<Remedy>,
    /// What is measured: at least one that is cured and one that is paid, those that are cured first.
    pub axes: Vec<Axis>,
    /// The seeds that are run.
    pub seeds: Seeds,
    /// The fence's body.
    pub place: Place,
}

/// A remedy.
#[derive(Clone, PartialEq, Debug)]
pub struct Remedy {
    /// Its name, short enough for a table.
    pub name: Name,
    /// What it is, in a sentence.
    pub says: Inlines,
    /// What it changes: knobs, and sentences that are added to the script.
    pub change: Solution,
    /// Whether it is shown because it buys nothing.
    pub useless: bool,
    /// Whether it is shown though it costs nothing along these axes.
    pub free: bool,
    /// Its table.
    pub place: Place,
}

/// Something that is measured of every remedy.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// Its name, short enough for the head of a column.
    pub name: Name,
    /// What it is, in a sentence.
    pub says: Option<Inlines>,
    /// What is measured, in the language of claims.
    pub measure: Name,
    /// Whether more of it is better.
    pub more: bool,
    /// Whether it is what is paid, not what is cured.
    pub paid: bool,
    /// The least difference that counts.
    pub least: Option<f64>,
    /// On what other day it is measured.
    pub day: Option<Day>,
    /// Its table.
    pub place: Place,
}

/// Another day: the set-up with other knobs, another script, another length.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Day {
    /// Knobs, below those of the remedy.
    pub set: Vec<Setting>,
    /// What happens in place of the set-up's script; none: the same.
    pub at: Option<Vec<Name>>,
    /// How long each run takes, if not as long as the others.
    pub length: Option<Span>,
}

/// "See it happen": a lab at the moment that answers a question.
#[derive(Clone, PartialEq, Debug)]
pub struct See {
    /// How the lab starts.
    pub setup: SetUp,
    /// The moment at which it opens.
    pub from: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_shuffled_by_the_id_alone_and_each_place_is_as_likely() {
        let mut last = [0; 3];
        for n in 0..300 {
            let order = shuffled(&format!("bet-{n}"), 3);
            assert_eq!(order, shuffled(&format!("bet-{n}"), 3));
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2]);
            last[order[2]] += 1;
        }
        assert!(last.iter().all(|count| (70..130).contains(count)), "{last:?}");
        assert_eq!(shuffled("one", 0), Vec::<usize>::new());
    }
}
