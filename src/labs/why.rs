//! Why something happened in a run: the fewest acts and knob changes, against the preset, without which it would not have.
//!
//! Found by rerunning. The set is 1-minimal: with it alone, and nothing else of what was done, the outcome still happens,
//! and without any one of its elements it does not. Where several sets are each enough, that is said, and so is an
//! outcome that the preset brings about by itself. Pure: who has threads runs [`Case::happens`] on other seeds.

mod search;
mod told;

pub use search::{Halt, Progress, search};
pub use told::{act, typed};

use super::fault::Act;
use super::judge::MOST_EVENTS;
use super::knob::Value as Setting;
use super::lab::{Lab, Occurrence};
use super::language::{Comparison, Condition, Relation, Side, Test, When};
use super::reading::{Value, short};
use super::scenario::Scenario;
use crate::engine::run::Entry;
use crate::engine::time::{Span, Time};

/// The most reruns that a search takes, unless told otherwise.
pub const MOST_RERUNS: usize = 300;
/// How many other seeds a set is tried on.
pub const OTHER_SEEDS: u64 = 20;
/// How much of the way back to the preset's value a reading may go and still count as what it is.
const SLACK: f64 = 0.2;
/// How much later than it did a fact may come and still be the same.
const GRACE: Span = Span::from_secs(1);
/// Events between two looks at whether the search is still wanted.
const PIECE: u64 = 20_000;

/// What is asked: a run up to an instant, and what of it is to be explained.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// The run, with everything that was done in it by `until`.
    pub scenario: Scenario,
    /// The instant at which the outcome is looked for.
    pub until: Time,
    /// What is to be explained.
    pub outcome: Outcome,
}

/// What is to be explained.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// This condition, with its text, holds at the end.
    Holds(String, Condition),
    /// Facts of this kind about this part came to be this many, by then.
    Happened {
        /// The kind of fact.
        kind: &'static str,
        /// The part.
        part: String,
        /// How many of them.
        times: usize,
        /// The fact as it was told, for whoever reads the answer.
        sentence: String,
    },
    /// The reading at this index shows this, where the preset alone would show something else.
    Shows(usize, Value),
}

/// Something that was done, or set, and that can be left out.
#[derive(Clone, PartialEq, Debug)]
pub enum Element {
    /// A knob that differs from the preset when the run starts.
    Knob(usize, &'static str, Setting),
    /// An act of the log; several where a knob was turned on and on at one instant, which counts as once.
    Acts(Vec<Entry<Act>>),
}

/// A question, taken apart: what can be left out, and what the rest is.
#[derive(Clone, Debug)]
pub struct Case {
    /// The preset, with nothing done to it.
    bare: Scenario,
    elements: Vec<Element>,
    until: Time,
    goal: Goal,
}

/// What is looked for in a rerun.
#[derive(Clone, Debug)]
enum Goal {
    Holds(Condition),
    Happened { kind: &'static str, part: String, times: usize },
}

/// What came of a search.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// The outcome did not happen, and this was seen instead.
    NotSo(String),
    /// It did.
    Because(Answer),
}

/// Why something happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// What was explained, as a few words: `ok_per_s <= 20 at 60 s`.
    pub outcome: String,
    /// The preset that it was held against.
    pub preset: &'static str,
    /// Everything that was done or set.
    pub elements: Vec<Element>,
    /// Sets, each enough alone, as indices of the elements. One that is empty: the preset itself is enough.
    pub sets: Vec<Vec<usize>>,
    /// What no set holds, and yet was needed here, because it makes up for others.
    pub undoing: Vec<usize>,
    /// How many times the run was run again.
    pub reruns: usize,
    /// Whether the search ended at its bound: then the sets may be too large, and not all.
    pub cut_short: bool,
    /// How it goes on other seeds.
    pub others: Option<Others>,
}

/// How it goes on other seeds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Others {
    /// How many other seeds were tried.
    pub of: usize,
    /// On how many of them each set is enough.
    pub with: Vec<usize>,
    /// On how many of them it happens in the preset by itself.
    pub bare: usize,
}

/// One rerun on another seed: which seed, and which of the sets; none for the preset by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Try {
    seed: u64,
    set: Option<usize>,
}

/// Whether the outcome happens in a try; none if that is no longer wanted.
pub type Happens<'a> = dyn Fn(&Try, &mut dyn FnMut() -> bool) -> Option<bool> + Sync + 'a;
/// Runs tries in any order and gives what came of each, in the order given.
pub type Spread<'a> = dyn Fn(&[Try], &Happens<'_>) -> Option<Vec<bool>> + 'a;

/// Why something happened, and how that goes on other seeds: [`search()`], then tries that `spread` may spread.
pub fn answer(
    question: &Question,
    most: usize,
    watch: &mut dyn FnMut(Progress) -> bool,
    spread: &Spread<'_>,
) -> Option<Found> {
    let (mut found, case) = search(question, most, watch)?;
    if let Found::Because(answer) = &mut found {
        let which = (0..answer.sets.len()).filter(|at| !answer.sets[*at].is_empty()).map(Some).chain([None]);
        let seeds = question.other_seeds();
        let tries: Vec<Try> =
            seeds.flat_map(|seed| which.clone().map(move |set| Try { seed, set })).collect();
        let sets = answer.sets.clone();
        let happened = spread(&tries, &|it, keep_on| {
            let set = it.set.and_then(|at| sets.get(at)).map_or(&[][..], Vec::as_slice);
            case.happens(set, it.seed, keep_on)
        })?;
        let count = |set: Option<usize>| {
            tries.iter().zip(&happened).filter(|(it, happened)| it.set == set && **happened).count()
        };
        answer.reruns += tries.len();
        answer.others = Some(Others {
            of: question.other_seeds().count(),
            with: (0..answer.sets.len()).map(|at| count(Some(at))).collect(),
            bare: count(None),
        });
    }
    Some(found)
}

/// Runs tries one after the other.
pub fn in_turn(tries: &[Try], happens: &Happens<'_>) -> Option<Vec<bool>> {
    tries.iter().map(|it| happens(it, &mut || true)).collect()
}

impl Question {
    /// Why a condition holds at the end of a run.
    pub const fn condition(scenario: Scenario, until: Time, text: String, condition: Condition) -> Self {
        Self { scenario, until, outcome: Outcome::Holds(text, condition) }
    }

    /// Why a condition holds in a running lab, now.
    pub fn now(lab: &dyn Lab, text: String, condition: Condition) -> Self {
        Self::condition(done(lab, lab.now()), lab.now(), text, condition)
    }

    /// Why a reading of a running lab shows what it shows.
    pub fn reading(lab: &dyn Lab, index: usize) -> Self {
        let outcome = Outcome::Shows(index, lab.reading(index));
        Self { scenario: done(lab, lab.now()), until: lab.now(), outcome }
    }

    /// Why a fact of a running lab came to be.
    pub fn fact(lab: &dyn Lab, fact: &Occurrence) -> Self {
        let at_hand = (0..lab.fact_count()).filter_map(|index| lab.occurrence(index));
        let same = |it: &Occurrence| (it.told.kind, &it.told.part) == (fact.told.kind, &fact.told.part);
        let before = at_hand.take_while(|it| it.number < fact.number).filter(same).count();
        let outcome = Outcome::Happened {
            kind: fact.told.kind,
            part: fact.told.part.clone(),
            times: before + 1,
            sentence: format!("{} s: {}", fact.at, fact.told.sentence),
        };
        // What came after it cannot have led to it.
        Self { scenario: done(lab, fact.at), until: fact.at + GRACE, outcome }
    }

    /// The seeds on which the answer is tried, besides the run's own.
    pub fn other_seeds(&self) -> impl Iterator<Item = u64> + use<> {
        let own = self.scenario.seed;
        (1..=OTHER_SEEDS).map(move |n| own.wrapping_add(n))
    }

    /// What the question is about, in a few words.
    pub fn about(&self) -> String {
        match &self.outcome {
            Outcome::Holds(text, _) => text.clone(),
            Outcome::Happened { sentence, .. } => sentence.clone(),
            Outcome::Shows(index, value) => {
                let name = self.scenario.lab.spec.readings.get(*index).map_or("", |spec| spec.name);
                format!("{name} is {value} at {} s", self.until)
            }
        }
    }
}

/// What was played on a lab up to an instant.
fn done(lab: &dyn Lab, until: Time) -> Scenario {
    let script = lab.log().iter().take(lab.done()).filter(|entry| entry.at <= until).cloned().collect();
    Scenario { script, ..lab.scenario().clone() }
}

impl Case {
    /// Takes a question apart. What a reading shows is held against the preset, which takes a run.
    fn new(question: &Question, keep_on: &mut dyn FnMut() -> bool) -> Option<(Self, String)> {
        let scenario = &question.scenario;
        let mut bare = Scenario { script: Vec::new(), ..scenario.clone() };
        // A lab without presets has its defaults, and a scenario names no other preset than one of its lab's.
        let _without = bare.use_preset(scenario.preset);
        let elements = changes(&bare, scenario);
        let goal = Goal::Happened { kind: "", part: String::new(), times: 1 };
        let mut case = Self { bare, elements, until: question.until, goal };
        let about;
        (case.goal, about) = match &question.outcome {
            Outcome::Holds(text, condition) => (Goal::Holds(condition.clone()), text.clone()),
            Outcome::Happened { kind, part, times, sentence } => {
                (Goal::Happened { kind, part: part.clone(), times: *times }, sentence.clone())
            }
            Outcome::Shows(index, value) => {
                let lab = case.run(&[], scenario.seed, keep_on)?;
                let (condition, text, both) = against(&*lab, *index, *value);
                (Goal::Holds(condition), format!("{text} at {} s ({both})", question.until))
            }
        };
        Some((case, about))
    }

    /// What can be left out.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The scenario with these elements, in place of all of them.
    fn scenario(&self, set: &[usize], seed: u64) -> Scenario {
        let mut scenario = self.bare.with_seed(seed);
        for element in set.iter().filter_map(|index| self.elements.get(*index)) {
            match element {
                Element::Knob(index, _, value) => scenario.knobs.put(*index, *value),
                Element::Acts(entries) => scenario.script.extend(entries.iter().cloned()),
            }
        }
        scenario
    }

    /// Whether the outcome happens with these elements alone on this seed; none if it is no longer wanted.
    pub fn happens(&self, set: &[usize], seed: u64, keep_on: &mut dyn FnMut() -> bool) -> Option<bool> {
        match &self.goal {
            Goal::Holds(condition) => {
                let lab = self.run(set, seed, keep_on)?;
                Some(lab.now() >= self.until && condition.holds(&*lab))
            }
            Goal::Happened { kind, part, times } => {
                let mut lab = self.scenario(set, seed).open();
                let (mut unread, mut came) = (0, 0);
                loop {
                    let handled = lab.advance(self.until, PIECE);
                    let fresh = (0..lab.fact_count()).rev().filter_map(|index| lab.occurrence(index));
                    let fresh = fresh.take_while(|fact| fact.number >= unread);
                    came += fresh.filter(|fact| fact.told.kind == *kind && fact.told.part == *part).count();
                    unread = lab.reported();
                    if came >= *times || handled < PIECE || lab.events() > MOST_EVENTS {
                        return Some(came >= *times);
                    }
                    keep_on().then_some(())?;
                }
            }
        }
    }

    /// A rerun to the instant of the question, or as far as events are allowed.
    fn run(&self, set: &[usize], seed: u64, keep_on: &mut dyn FnMut() -> bool) -> Option<Box<dyn Lab>> {
        let mut lab = self.scenario(set, seed).open();
        while lab.advance(self.until, PIECE) == PIECE && lab.events() < MOST_EVENTS {
            keep_on().then_some(())?;
        }
        Some(lab)
    }

    /// What was seen instead of the outcome.
    fn instead(&self, set: &[usize], seed: u64, keep_on: &mut dyn FnMut() -> bool) -> Option<String> {
        match &self.goal {
            Goal::Holds(condition) => Some(condition.judge(&*self.run(set, seed, keep_on)?).because),
            Goal::Happened { kind, part, .. } => Some(format!("there was no {kind} of {part}")),
        }
    }
}

/// What of a scenario differs from the one that it came from: knobs first, then acts in their order.
pub fn changes(base: &Scenario, scenario: &Scenario) -> Vec<Element> {
    let knobs = base.knobs.iter().zip(scenario.knobs.iter()).enumerate();
    let turned = knobs.filter(|(_, ((_, was), (_, is)))| was != is);
    let mut found: Vec<Element> =
        turned.map(|(index, (_, (knob, is)))| Element::Knob(index, knob.name, is)).collect();
    let own = scenario.script.iter().filter(|entry| !base.script.contains(entry));
    let mut script: Vec<_> = own.cloned().collect();
    script.sort_by_key(Entry::place);
    for entry in script {
        match found.last_mut() {
            Some(Element::Acts(before)) if before.last().is_some_and(|it| turns_on(it, &entry)) => {
                before.push(entry);
            }
            _ => found.push(Element::Acts(vec![entry])),
        }
    }
    found
}

/// Whether `entry` turns the same knob on at the same place as the one before it.
fn turns_on(before: &Entry<Act>, entry: &Entry<Act>) -> bool {
    let knob = |entry: &Entry<Act>| if let Act::Set(index, ..) = entry.act { Some(index) } else { None };
    knob(entry).is_some() && knob(before) == knob(entry) && before.place() == entry.place()
}

/// The condition that a reading is about what it is, and not what it is in the bare run; with its text, and what both are.
fn against(bare: &dyn Lab, index: usize, value: Value) -> (Condition, String, String) {
    let name = bare.spec().readings.get(index).map_or("", |spec| spec.name);
    let was = bare.reading(index);
    let reads = |is: Relation| {
        let left = Side::Reading { times: 1.0, index, name, over: None };
        Condition::Test(Test { left, is, when: When::End })
    };
    let nothing = |value: Value| if value == Value::None { "nothing".to_owned() } else { value.to_string() };
    let both = format!("it is {}, in the preset {}", nothing(value), nothing(was));
    let (condition, text) = match (value, was) {
        (Value::None, _) => (reads(Relation::Nothing), format!("{name} is none")),
        (Value::Word(word), _) => (reads(Relation::State(word)), format!("{name} is {word}")),
        (Value::Number(_), Value::None | Value::Word(_)) => {
            (Condition::Not(Box::new(reads(Relation::Nothing))), format!("not {name} is none"))
        }
        (Value::Number(now), Value::Number(was)) => {
            let compare = match now.total_cmp(&was) {
                std::cmp::Ordering::Less => Comparison::AtMost,
                std::cmp::Ordering::Equal => Comparison::Equal,
                std::cmp::Ordering::Greater => Comparison::AtLeast,
            };
            let exact = now + (was - now) * SLACK;
            // A round number reads better, if it tells the two apart as well.
            let rounded = short(exact).parse().unwrap_or(exact);
            let parts = |limit: f64| compare.holds(now, limit) && !compare.holds(was, limit);
            let limit = if parts(rounded) { rounded } else { exact };
            let is = Relation::Compare(compare, Side::Number(limit));
            (reads(is), format!("{name} {} {}", compare.sign(), short(limit)))
        }
    };
    (condition, text, both)
}
