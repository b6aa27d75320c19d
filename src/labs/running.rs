//! A running lab of a known kind, behind the face that all labs share.

use super::fault::{Act, Target};
use super::knob::Knobs;
use super::lab::{Lab, Model, Occurrence, Spec, Standing};
use super::reading::{Row, Value};
use super::scenario::Scenario;
use super::scene::{PartId, Scene};
use crate::engine::random::Random;
use crate::engine::run::{By, Entry, Noted, OnBreak, Run};
use crate::engine::time::Time;

/// A running lab of a known kind.
#[derive(Clone)]
struct Running<M: Model> {
    run: Run<M>,
    scenario: Scenario,
}

impl<M: Model> Running<M> {
    fn told(&self, noted: &Noted<M::Occurrence>) -> Occurrence {
        let told = self.run.world().tell(&noted.fact);
        Occurrence { at: noted.at, number: noted.number, cause: noted.cause, told }
    }
}

/// Starts a lab of kind `M` as `scenario` says.
pub fn open<M: Model>(scenario: &Scenario) -> Box<dyn Lab> {
    let world = M::build(&scenario.knobs, Random::new(scenario.seed));
    Box::new(Running { run: Run::new(world, scenario.script.iter().cloned()), scenario: scenario.clone() })
}

impl<M: Model> Lab for Running<M> {
    fn spec(&self) -> &'static Spec {
        M::spec()
    }
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }
    fn knobs(&self) -> &Knobs {
        self.run.world().knobs()
    }
    fn now(&self) -> Time {
        self.run.now()
    }
    fn events(&self) -> u64 {
        self.run.events()
    }
    fn next_time(&mut self) -> Option<Time> {
        self.run.next_time()
    }
    fn step(&mut self) -> bool {
        self.run.step()
    }
    fn advance(&mut self, to: Time, budget: u64) -> u64 {
        self.run.advance(to, budget, OnBreak::GoOn)
    }
    fn advance_to_break(&mut self, to: Time, budget: u64) -> u64 {
        self.run.advance(to, budget, OnBreak::Stop)
    }
    fn seek(&mut self, to: Time) {
        self.run.seek(to);
    }
    fn rewind(&mut self, to: Time) {
        self.run.rewind(to);
    }
    fn seek_event(&mut self, events: u64) {
        self.run.seek_event(events);
    }
    fn reached(&self) -> Time {
        self.run.reached()
    }
    fn kept(&self) -> (usize, usize) {
        self.run.kept()
    }
    fn act(&mut self, act: Act) -> Result<(), String> {
        self.run.act(act)
    }
    fn undo(&mut self) -> Option<Act> {
        self.run.undo()
    }
    fn log(&self) -> &[Entry<Act>] {
        self.run.log()
    }
    fn done(&self) -> usize {
        self.run.done()
    }
    fn can_undo(&self) -> bool {
        self.run.log().iter().take(self.run.done()).any(|entry| entry.by == By::Hand)
    }
    fn reading(&self, index: usize) -> Value {
        let specs = M::spec().readings;
        let mut row = Row::new(specs);
        self.run.world().levels(self.run.now(), &mut row);
        row.keep_measured(self.run.row(self.run.rows().wrapping_sub(1)));
        row.value(index)
    }
    fn seconds(&self) -> usize {
        self.run.rows()
    }
    fn sampled(&self, index: usize, second: usize) -> Value {
        let specs = M::spec().readings;
        match (specs.get(index), self.run.row(second).get(index)) {
            (Some(spec), Some(number)) => spec.value(*number),
            _ => Value::None,
        }
    }
    fn reported(&self) -> u64 {
        self.run.reported()
    }
    fn fact_count(&self) -> usize {
        self.run.facts().len()
    }
    fn occurrence(&self, index: usize) -> Option<Occurrence> {
        self.run.facts().get(index).map(|noted| self.told(noted))
    }
    fn is_notable(&self, index: usize) -> bool {
        self.run.facts().get(index).is_some_and(|noted| self.run.world().is_notable(&noted.fact))
    }
    fn facts_about(&self, part: &PartId, notable: usize, others: usize) -> Vec<Occurrence> {
        let Some(about) = self.run.world().about(part.as_str()) else { return Vec::new() };
        let mut left = [others, notable];
        let mut found = Vec::new();
        for noted in self.run.facts().iter().rev().filter(|noted| about(&noted.fact)) {
            let left = &mut left[usize::from(self.run.world().is_notable(&noted.fact))];
            if *left > 0 {
                *left -= 1;
                found.push(self.told(noted));
                if found.len() == notable + others {
                    break;
                }
            }
        }
        found.reverse();
        found
    }
    fn invariants(&self) -> Vec<Standing<'_>> {
        let broken = self.run.broken();
        let stands =
            |(i, invariant)| Standing { invariant, broken: broken.iter().find(|b| b.invariant == i) };
        M::spec().invariants.iter().enumerate().map(stands).collect()
    }
    fn scene(&self) -> Scene {
        self.run.world().scene(self.run.now())
    }
    fn parts(&self) -> Vec<Target> {
        M::parts(self.knobs())
    }
    fn boxed_clone(&self) -> Box<dyn Lab> {
        Box::new(self.clone())
    }
}
