//! What is told of the memory that a run takes, against what it takes. A binary of its own: the allocator is for all of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::engine::random::Random;
use halfopen::engine::run::{OnBreak, Run};
use halfopen::engine::time::{Span, Time};
use halfopen::engine::world::{Context, World};
use halfopen::labs::breaker::Shop;
use halfopen::labs::catalogue::LABS;
use halfopen::labs::failover::Failover;
use halfopen::labs::lab::Model;
use halfopen::labs::lock::Locks;
use halfopen::labs::paxos::Paxos;
use halfopen::labs::scenario::{Scenario, Wanted};
use halfopen::labs::server::Server;
use halfopen::labs::storm::Storm;

#[path = "support/scenarios.rs"]
mod scenarios;
use scenarios::disturbance;

#[global_allocator]
static HEAP: dhat::Alloc = dhat::Alloc;

/// Bytes on the heap now.
fn heap() -> usize {
    dhat::HeapStats::get().curr_bytes
}

/// What is told of the bytes of something, and what the heap grew by.
#[track_caller]
fn assert_honest(what: &str, told: usize, grown: usize) {
    let ratio = told as f64 / grown.max(1) as f64;
    assert!((0.5..=2.0).contains(&ratio), "{what}: told {told} bytes, the heap grew by {grown}");
}

/// One test: everything in this process shares the heap that is measured.
#[test]
fn what_is_told_of_memory_is_within_a_factor_of_two() {
    let _profiler = dhat::Profiler::builder().testing().build();
    ten_minutes_of_a_lab("breaker", "tuned");
    ten_minutes_of_a_lab("server", "busy");
    copies_of_every_preset();
    a_large_world_keeps_its_history_within_the_budget();
}

fn ten_minutes_of_a_lab(lab: &str, preset: &str) {
    let at = ["20s burst users x2 for 10s".to_owned()];
    let wanted = Wanted { lab, preset: Some(preset), set: &[], seed: 1, at: &at };
    let scenario = Scenario::read(&wanted).unwrap();
    let before = heap();
    let lab_run = scenario.run(Time::from_secs(600));
    let (moments, told) = lab_run.kept();
    assert!(moments > 1);
    assert_honest(&format!("{lab}, {preset}, ten minutes"), told, heap() - before);
}

fn copies_of_every_preset() {
    for entry in &LABS {
        for preset in entry.spec.presets {
            let at = [format!("10s {}", disturbance(entry.spec.name))];
            let name = entry.spec.name;
            let wanted = Wanted { lab: name, preset: Some(preset.name), set: &[], seed: 1, at: &at };
            let scenario = Scenario::read(&wanted).unwrap();
            let what = format!("a copy of {name}, {}", preset.name);
            match name {
                "breaker" => copy_of::<Shop>(&scenario, &what),
                "failover" => copy_of::<Failover>(&scenario, &what),
                "lock" => copy_of::<Locks>(&scenario, &what),
                "retry-storm" => copy_of::<Storm>(&scenario, &what),
                "paxos" => copy_of::<Paxos>(&scenario, &what),
                _ => copy_of::<Server>(&scenario, &what),
            }
        }
    }
    assert_eq!(LABS.len(), 6, "a new lab wants a line above");
}

fn copy_of<M: Model>(scenario: &Scenario, what: &str) {
    let world = M::build(&scenario.knobs, Random::new(scenario.seed));
    let mut run = Run::new(world, scenario.script.iter().cloned());
    run.advance(Time::from_millis(14_500), 300_000, OnBreak::GoOn);
    let before = heap();
    let copy = Box::new(run.world().clone());
    assert_honest(what, run.world().bytes(), heap() - before);
    drop(copy);
}

/// What a copy of the large world takes.
const LARGE: usize = 4 << 20;
/// What the checkpoints of a run may take together.
const BUDGET: usize = 192 << 20;

/// A world that is a load to copy and does little.
#[derive(Clone)]
struct Large {
    load: Vec<u8>,
    ticks: u64,
}

impl World for Large {
    type Event = ();
    type Act = ();
    type Occurrence = ();

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        cx.after(Span::from_nanos(10_000), ());
    }

    fn handle(&mut self, (): (), cx: &mut Context<'_, Self>) {
        self.ticks += 1;
        cx.after(Span::from_nanos(10_000), ());
    }

    fn act(&mut self, (): &(), _: &mut Context<'_, Self>) -> Result<(), String> {
        Ok(())
    }

    fn sample(&mut self, _: Time, _: &[f64], _: &mut Vec<f64>) {}

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.load.len()
    }
}

fn a_large_world_keeps_its_history_within_the_budget() {
    let before = heap();
    let mut run = Run::new(Large { load: vec![1; LARGE], ticks: 0 }, []);
    let mut most = 0;
    for second in 1..=100 {
        run.advance(Time::from_secs(second), u64::MAX, OnBreak::GoOn);
        let (moments, told) = run.kept();
        assert!(told <= BUDGET, "{moments} moments take {told} bytes after {} events", run.events());
        most = most.max(told);
    }
    // Ten million events: thinned, and still close enough together.
    assert!(most > BUDGET / 2 && run.world().ticks > 9_000_000, "{most}");
    assert_honest("a world of 4 MB", run.kept().1, heap() - before - LARGE);
    run.seek(Time::from_secs(1));
    assert_eq!(run.world().ticks, 100_000);
    drop(run);

    // So large that three moments are all that is kept: the start, and the way back to what was seen just now.
    let mut run = Run::new(Large { load: vec![1; BUDGET / 2], ticks: 0 }, []);
    run.advance(Time::from_secs(1000), u64::MAX, OnBreak::GoOn);
    assert_eq!(run.kept().0, 3);
    let (now, apart) = (run.events(), BUDGET as u64 / 2 / 16);
    run.rewind(Time::from_secs(1000) - Span::from_nanos(1));
    assert!(now - run.events() <= apart, "{} events back", now - run.events());
    run.advance(Time::from_secs(1000), u64::MAX, OnBreak::GoOn);
    assert_eq!(run.events(), now);
}
