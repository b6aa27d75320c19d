//! The one face of all labs: what a lab is made of ([`Spec`]), what its author writes ([`Model`]), and what the
//! rest of the program sees of a running one ([`Lab`]).

use super::fault::{Act, FaultSpec, Target, Vocabulary};
use super::knob::{Knob, Knobs};
use super::reading::{ReadingSpec, Row, Value};
use super::scenario::Scenario;
use super::scene::{PartId, Scene};
use crate::engine::random::Random;
use crate::engine::run::{Broken, Entry};
use crate::engine::time::{Span, Time};
use crate::engine::world::World;

/// What a lab is made of, as data.
#[derive(Debug)]
pub struct Spec {
    /// Its name in files and commands.
    pub name: &'static str,
    /// Grows with every change of its behaviour, so that a run recorded before is known for what it is.
    pub version: u32,
    /// Its name on screens.
    pub title: &'static str,
    /// One sentence: what it shows.
    pub summary: &'static str,
    /// What can be set.
    pub knobs: &'static [Knob],
    /// Named settings; the first is used where none is named.
    pub presets: &'static [Preset],
    /// What can be done to it.
    pub faults: &'static [FaultSpec],
    /// The faults under the digits 1 to 9 on the bench, as (label, sentence).
    pub buttons: &'static [(&'static str, &'static str)],
    /// What can be read off it.
    pub readings: &'static [ReadingSpec],
    /// The readings drawn over time, as (label, reading, upper end of the scale or 0 to fit).
    pub strips: &'static [(&'static str, &'static str)],
    /// What must hold.
    pub invariants: &'static [Invariant],
    /// How long takes what one comes to watch, under these knobs: the clock starts so that it can be watched.
    pub moment: Option<fn(&Knobs) -> Span>,
}

/// Named settings of a lab's knobs.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// One sentence: what it is for, or which system it follows.
    pub meaning: &'static str,
    /// Where its values come from; empty for a teaching situation.
    pub source: &'static str,
    /// The knobs that differ from their defaults.
    pub set: &'static [(&'static str, &'static str)],
}

impl Preset {
    /// A teaching situation.
    pub const fn situation(
        name: &'static str,
        meaning: &'static str,
        set: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { name, meaning, source: "", set }
    }

    /// A real system, after this source.
    pub const fn system(
        name: &'static str,
        meaning: &'static str,
        source: &'static str,
        set: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { name, meaning, source, set }
    }
}

/// A property that is watched at every event.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// What kind of promise it is.
    pub kind: Promise,
    /// One sentence: what holds.
    pub meaning: &'static str,
}

/// Kinds of invariants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Promise {
    /// Conservation and the like: never breaks.
    Sanity,
    /// Holds for the right variants, under the faults that its meaning names.
    Guarantee,
    /// May break, and that is the lesson.
    Property,
}

/// A fact of a run, told.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// The kind of fact, one word with hyphens: `breaker-opened`.
    pub kind: &'static str,
    /// The part it is about: `A`, `payments`.
    pub part: String,
    /// One plain sentence with its cause: "A opens: 55 % of its last 20 calls failed, the threshold is 50 %."
    pub sentence: String,
    /// Whether it is worth a mark on the timeline.
    pub notable: bool,
}

impl Told {
    /// Whether it tells of what was done to the lab, and not of what came of it.
    pub fn is_of_an_act(&self) -> bool {
        matches!(self.kind, "fault-began" | "fault-ended" | "knob-turned")
    }
}

/// A told fact with its place in the run.
#[derive(Clone, PartialEq, Debug)]
pub struct Occurrence {
    /// When.
    pub at: Time,
    /// Its number among the facts of the run.
    pub number: u64,
    /// The number of the fact that led to it; none if it came from outside, or by itself.
    pub cause: Option<u64>,
    /// What.
    pub told: Told,
}

/// How an invariant stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Which.
    pub invariant: &'static Invariant,
    /// When and how it broke, if it did.
    pub broken: Option<&'a Broken>,
}

/// What the author of a lab writes besides its [`World`].
pub trait Model: World<Act = Act, Event: Send + Sync, Occurrence: Send> + Send + Sync + 'static {
    /// The lab's specification.
    fn spec() -> &'static Spec;

    /// The world as `knobs` set it up; its randomness is `random`.
    fn build(knobs: &Knobs, random: Random) -> Self;

    /// The names of the parts that faults can aim at, under these knobs.
    fn parts(knobs: &Knobs) -> Vec<Target>;

    /// The knobs in force.
    fn knobs(&self) -> &Knobs;

    /// Puts every total, level, moment and state.
    fn levels(&self, now: Time, row: &mut Row);

    /// Puts what is measured over the second that ends now, and begins the next.
    fn second(&mut self, row: &mut Row);

    /// Tells a fact.
    fn tell(&self, fact: &Self::Occurrence) -> Told;

    /// Whether a fact is worth a mark on the timeline: what [`Model::tell`] says, but without words, since there are many.
    fn is_notable(&self, fact: &Self::Occurrence) -> bool {
        self.tell(fact).notable
    }

    /// Which facts are about the part `id` of the scene; none if nothing is told of it.
    fn about(&self, id: &str) -> Option<About<'_, Self::Occurrence>>;

    /// The stage: the state of the world as pictures, without the strips over time.
    fn scene(&self, now: Time) -> Scene;
}

/// Says of a fact whether it is about a certain part.
pub type About<'a, F> = Box<dyn Fn(&F) -> bool + 'a>;

/// The body of every lab's [`World::sample`].
pub fn sample<M: Model>(world: &mut M, now: Time, previous: &[f64], row: &mut Vec<f64>) {
    let mut filled = Row::new(M::spec().readings);
    world.levels(now, &mut filled);
    world.second(&mut filled);
    filled.rates(previous);
    *row = filled.into_values();
}

/// A running lab, whatever its kind.
pub trait Lab: Send {
    /// What it is made of.
    fn spec(&self) -> &'static Spec;
    /// What it was started with.
    fn scenario(&self) -> &Scenario;
    /// The knobs in force.
    fn knobs(&self) -> &Knobs;
    /// The current instant.
    fn now(&self) -> Time;
    /// Events handled since the start.
    fn events(&self) -> u64;
    /// When the next event is due.
    fn next_time(&mut self) -> Option<Time>;
    /// Lets one event happen; false if none is left.
    fn step(&mut self) -> bool;
    /// Goes on to `to` or for `budget` events; returns how many happened (fewer than `budget`: `to` was reached).
    fn advance(&mut self, to: Time, budget: u64) -> u64;
    /// Like [`Lab::advance`], but stops right after an event that breaks an invariant.
    fn advance_to_break(&mut self, to: Time, budget: u64) -> u64;
    /// Goes to `to`, back or forth.
    fn seek(&mut self, to: Time);
    /// Goes back to the nearest kept moment before `to`, if that has passed; to be advanced from there.
    fn rewind(&mut self, to: Time);
    /// Goes back to just after event number `events`, if more have happened.
    fn seek_event(&mut self, events: u64);
    /// The latest instant that was seen of this future: later than now after going back.
    fn reached(&self) -> Time;
    /// How many moments are kept to go back to, and about how many bytes the whole history takes.
    fn kept(&self) -> (usize, usize);
    /// Does `act` now, cutting off what was done by hand later; the error is a sentence.
    fn act(&mut self, act: Act) -> Result<(), String>;
    /// Takes the latest act that was done by hand out of the run, which then stands somewhere before it; to be advanced
    /// from there.
    fn undo(&mut self) -> Option<Act>;
    /// Everything that is done in the run, in order; what is still to come included.
    fn log(&self) -> &[Entry<Act>];
    /// How many entries of [`Lab::log`] have been done.
    fn done(&self) -> usize;
    /// Whether [`Lab::undo`] would take something back: what a script did stays.
    fn can_undo(&self) -> bool;
    /// The value of the reading at `index` of the specification, now.
    fn reading(&self, index: usize) -> Value;
    /// How many whole seconds have been sampled.
    fn seconds(&self) -> usize;
    /// The reading at `index` in second `second`.
    fn sampled(&self, index: usize, second: usize) -> Value;
    /// How many facts were reported since the start.
    fn reported(&self) -> u64;
    /// How many facts are at hand.
    fn fact_count(&self) -> usize;
    /// The fact at `index` of those at hand, oldest first.
    fn occurrence(&self, index: usize) -> Option<Occurrence>;
    /// Whether the fact at `index` is worth telling; false if there is none.
    fn is_notable(&self, index: usize) -> bool;
    /// The latest facts about a part, newest last: at most `notable` of those worth telling and `others` of the rest.
    fn facts_about(&self, part: &PartId, notable: usize, others: usize) -> Vec<Occurrence>;
    /// Every invariant and how it stands.
    fn invariants(&self) -> Vec<Standing<'_>>;
    /// The stage now.
    fn scene(&self) -> Scene;
    /// What fault sentences may name now.
    fn parts(&self) -> Vec<Target>;
    /// The same lab, to go on separately.
    fn boxed_clone(&self) -> Box<dyn Lab>;
}

impl dyn Lab + '_ {
    /// Reads a fault sentence (without time) and does it now; the error is a sentence.
    pub fn act_on(&mut self, sentence: &str) -> Result<(), String> {
        let parts = self.parts();
        let vocabulary = Vocabulary { faults: self.spec().faults, parts: &parts, knobs: self.knobs() };
        let act = vocabulary.read(sentence).map_err(|err| err.to_string())?;
        self.act(act)
    }

    /// Takes back the latest act that was done by hand, keeping the instant.
    pub fn take_back(&mut self) -> Option<Act> {
        let now = self.now();
        let act = self.undo()?;
        self.advance(now, u64::MAX);
        Some(act)
    }

    /// The index of the reading `name`.
    pub fn find_reading(&self, name: &str) -> Option<usize> {
        self.spec().readings.iter().position(|reading| reading.name == name)
    }

    /// The value of the reading `name` now; `Value::None` where there is none.
    pub fn read(&self, name: &str) -> Value {
        self.find_reading(name).map_or(Value::None, |index| self.reading(index))
    }

    /// The fact with this number, if it is at hand.
    pub fn fact(&self, number: u64) -> Option<Occurrence> {
        let first = self.occurrence(0)?.number;
        self.occurrence(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    /// The latest facts worth telling, newest last.
    pub fn notable(&self, most: usize) -> Vec<Occurrence> {
        let mut found: Vec<_> = (0..self.fact_count())
            .rev()
            .filter_map(|i| self.occurrence(i))
            .filter(|o| o.told.notable)
            .take(most)
            .collect();
        found.reverse();
        found
    }
}
