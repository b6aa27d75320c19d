//! The machine finds the shortest way to break an invariant.
//!
//! A lab in which nothing happens by itself (every message is delivered by hand, no timer runs) stands still between two
//! acts. So its futures are the orders in which acts can be done, and [`explore`] goes through them, nearest first: what it
//! finds is one of the shortest scripts of sentences that break an invariant, or that there is none within the bounds.
//!
//! Messages may be delivered in any order, each once or never; that one is lost is the case in which it is not delivered.
//! What else may be done, such as restarts or new rounds, is bounded by how often.

use std::hash::{Hash, Hasher};

use super::fault::{Act, Verb};
use super::lab::Model;
use super::scenario::Scenario;
use crate::engine::explore::{Explored, explore};
use crate::engine::random::Random;
use crate::engine::run::{By, Entry, OnBreak, Run};
use crate::engine::still::{Still, Unable};
use crate::engine::time::{Span, Time};

/// How a catalogue offers the search of a lab.
pub type Search = fn(&Scenario, &Wanted<'_>) -> Result<Found, String>;

/// A lab that can be searched.
pub trait Searched: Model {
    /// Why it would go on by itself as it is set up, as a sentence; none if it stands still.
    fn moves_by_itself(&self) -> Option<String>;

    /// What may be done now, always in the same order: deliveries, and what `left` allows.
    fn moves(&self, left: &Left) -> Vec<Act>;

    /// How often what is no delivery may be done, where nobody says otherwise.
    fn bounds(&self) -> Vec<(Verb, u32)>;

    /// The invariants that a search is about, where nobody names any.
    fn sought(&self) -> &'static [&'static str];

    /// Hashes all that decides what can come and what is wrong, and no more: states with equal hashes are one.
    fn print<H: Hasher>(&self, left: &Left, state: &mut H);

    /// Forgets what pictures and tales are made of.
    fn forget(&mut self);
}

/// How often what is no delivery may still be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Left(Vec<(Verb, u32)>);

impl Left {
    /// How often `verb` may still be done.
    pub fn of(&self, verb: Verb) -> u32 {
        self.0.iter().find(|(other, _)| *other == verb).map_or(0, |(_, times)| *times)
    }

    /// The same after `verb` was done once.
    fn without(&self, verb: Verb) -> Self {
        let less = |&(other, times): &(Verb, u32)| {
            (other, if other == verb { times.saturating_sub(1) } else { times })
        };
        Self(self.0.iter().map(less).collect())
    }
}

/// What is searched for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// How often something may be done, in place of the lab's own bounds.
    pub may: &'a [(Verb, u32)],
    /// The names of the invariants that may break; those of the lab if there are none.
    pub invariants: &'a [String],
    /// The most states that are looked at.
    pub states: usize,
}

/// What a search came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many different states it met.
    pub states: usize,
    /// How many moves it tried.
    pub moves: usize,
    /// The most moves that a state it met is away from the start.
    pub depth: usize,
    /// It met all states that can be reached.
    pub complete: bool,
    /// How often what is no delivery could be done.
    pub may: Vec<(Verb, u32)>,
    /// The invariants that it was about.
    pub invariants: Vec<&'static str>,
    /// The shortest way to break one, if it met any.
    pub violation: Option<Violation>,
}

/// A script that breaks an invariant, and no shorter one does.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The invariant.
    pub invariant: &'static str,
    /// Which facts contradict each other.
    pub facts: String,
    /// How many acts it takes.
    pub steps: usize,
    /// The scenario with these acts at the end of its script, a second apart.
    pub scenario: Scenario,
    /// The instant of the last of them.
    pub until: Time,
}

/// A state of the search.
#[derive(Clone)]
struct State<M: Searched> {
    still: Still<M>,
    left: Left,
    /// The first of the wanted invariants that broke on the way here.
    broken: Option<(usize, String)>,
    unable: bool,
}

impl<M: Searched> Hash for State<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.still.world().print(&self.left, state);
        self.left.hash(state);
        (self.broken.is_some(), self.unable).hash(state);
    }
}

/// Goes through all that may be done to the lab after the script of `scenario`. The error is a sentence.
pub fn search<M: Searched>(scenario: &Scenario, wanted: &Wanted<'_>) -> Result<Found, String> {
    let begin = after_script::<M>(scenario)?;
    let world = begin.world();
    let names = sought::<M>(world, wanted.invariants)?;
    let wanted_ones: Vec<usize> = names.iter().filter_map(|name| index_of::<M>(name)).collect();
    let mut may = world.bounds();
    for &(verb, times) in wanted.may {
        may.retain(|(other, _)| *other != verb);
        may.push((verb, times));
    }
    let start = State { still: begin, left: Left(may.clone()), broken: None, unable: false };
    let explored = explore(
        start,
        |state| if state.unable { Vec::new() } else { state.still.world().moves(&state.left) },
        |state, act| after(state, act, &wanted_ones),
        |state| state.broken.clone(),
        wanted.states,
    );
    let Explored { states, moves, depth, complete, violation } = explored;
    let violation = violation.map(|it| told::<M>(scenario, it.steps, it.what)).transpose()?;
    Ok(Found { states, moves, depth, complete, may, invariants: names, violation })
}

/// The world after the script, which must not have broken anything that is searched for.
fn after_script<M: Searched>(scenario: &Scenario) -> Result<Still<M>, String> {
    let world = M::build(&scenario.knobs, Random::new(scenario.seed));
    if let Some(sentence) = world.moves_by_itself() {
        return Err(sentence);
    }
    let end = end_of(scenario);
    let mut run = Run::new(world, scenario.script.iter().cloned());
    run.advance(end, u64::MAX, OnBreak::GoOn);
    if let Some(broken) = run.broken().first() {
        let name = M::spec().invariants[broken.invariant].name;
        return Err(format!("the script itself breaks {name} at {} s: {}", broken.at, broken.facts));
    }
    let mut world = run.world().clone();
    world.forget();
    Ok(Still::new(world, end))
}

/// The instant of the last act of the script.
fn end_of(scenario: &Scenario) -> Time {
    scenario.script.iter().map(|entry| entry.at).max().unwrap_or(Time::ZERO)
}

fn index_of<M: Searched>(name: &str) -> Option<usize> {
    M::spec().invariants.iter().position(|invariant| invariant.name == name)
}

/// The invariants that the search is about.
fn sought<M: Searched>(world: &M, names: &[String]) -> Result<Vec<&'static str>, String> {
    if names.is_empty() {
        return Ok(world.sought().to_vec());
    }
    let known = |name: &String| {
        let found = M::spec().invariants.iter().find(|invariant| invariant.name == name);
        found.map(|invariant| invariant.name).ok_or_else(|| {
            let all =
                M::spec().invariants.iter().map(|invariant| invariant.name).collect::<Vec<_>>().join(", ");
            format!("there is no invariant `{name}`: there are {all}")
        })
    };
    names.iter().map(known).collect()
}

/// The state after `act`.
fn after<M: Searched>(state: &State<M>, act: &Act, wanted: &[usize]) -> State<M> {
    let mut next = state.clone();
    if let Act::Fault(fault) = act {
        next.left = next.left.without(fault.verb);
    }
    match next.still.act(act) {
        Ok(broken) => {
            let first = broken.into_iter().find(|broken| wanted.contains(&broken.invariant));
            next.broken = first.map(|broken| (broken.invariant, broken.facts));
        }
        // What is refused changes nothing; what goes on by itself is not followed.
        Err(Unable::Refused(_)) => return state.clone(),
        Err(Unable::GoesOn) => next.unable = true,
    }
    next.still.world_mut().forget();
    next
}

/// Makes a scenario of what was found, and holds it to what it says.
fn told<M: Searched>(
    scenario: &Scenario,
    acts: Vec<Act>,
    what: (usize, String),
) -> Result<Violation, String> {
    let second = |at: Time| Time::from_secs(at.nanos() / Span::from_secs(1).nanos() + 1);
    let mut longer = scenario.clone();
    let (steps, mut at) = (acts.len(), end_of(scenario));
    for act in acts {
        at = second(at);
        longer.script.push(Entry { at, n: 0, act, by: By::Script });
    }
    let (index, facts) = what;
    let lab = longer.run(at);
    let holds = lab.invariants().get(index).is_none_or(|standing| standing.broken.is_none());
    let invariant = M::spec().invariants[index].name;
    if holds {
        return Err(format!(
            "{invariant} breaks outside of time and not in a run: this lab depends on its clocks"
        ));
    }
    Ok(Violation { invariant, facts, steps, scenario: longer, until: at })
}

impl Found {
    /// In a sentence: what was found, or how far that nothing was is a proof.
    pub fn sentence(&self) -> String {
        let may: Vec<String> = self
            .may
            .iter()
            .filter(|(_, times)| *times > 0)
            .map(|(verb, times)| format!("{} {}", verb.word(), times_word(*times)))
            .collect();
        let allowed = if may.is_empty() { String::new() } else { format!(", {}", may.join(", ")) };
        let bounds = format!("each message delivered once or never{allowed}");
        let states = self.states;
        match (&self.violation, self.complete) {
            (Some(violation), _) => format!(
                "{} breaks after {} acts, and after fewer in no state of {states}: {}. ({bounds})",
                violation.invariant, violation.steps, violation.facts
            ),
            (None, true) => {
                format!(
                    "no violation in any of {states} states, which are all: {} moves at most. ({bounds})",
                    self.depth
                )
            }
            (None, false) => format!("no violation within {states} states, but there are more. ({bounds})"),
        }
    }
}

fn times_word(times: u32) -> String {
    match times {
        1 => "once".into(),
        2 => "twice".into(),
        n => format!("{n} times"),
    }
}
