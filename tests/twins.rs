//! What forks, twins and logs promise, on random runs: equal settings tell equal facts, other settings the same coming,
//! a fork is free, and every future can be had again from its log.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use halfopen::engine::run::{OnBreak, Run};
use halfopen::engine::time::{Span, Time};
use halfopen::engine::world::{Context, World};
use halfopen::labs::branch::Branches;
use halfopen::labs::catalogue::find;
use halfopen::labs::digest::digest;
use halfopen::labs::fault::Vocabulary;
use halfopen::labs::lab::{Lab, Occurrence};
use halfopen::labs::scenario::Scenario;
use halfopen::labs::twin::Twin;
use proptest::prelude::*;

#[path = "support/scenarios.rs"]
mod scenarios;
use scenarios::{disturbance, scenarios};

const END: Time = Time::from_secs(25);

fn facts(lab: &dyn Lab) -> Vec<Occurrence> {
    (0..lab.fact_count()).filter_map(|index| lab.occurrence(index)).collect()
}

/// This very run as a scenario.
fn recorded(lab: &dyn Lab) -> Scenario {
    Scenario { script: lab.log().to_vec(), ..lab.scenario().clone() }
}

fn go(branches: &mut Branches, to: Time) {
    branches.current_mut().lab_mut().seek(to);
    branches.current_mut().look();
}

fn do_something(branches: &mut Branches) {
    let lab = branches.current().lab();
    let parts = lab.parts();
    let vocabulary = Vocabulary { faults: lab.spec().faults, parts: &parts, knobs: lab.knobs() };
    let act = vocabulary.read(&harm(lab)).unwrap();
    branches.act(act).unwrap();
}

fn harm(lab: &dyn Lab) -> String {
    format!("{} for 3s", disturbance(lab.spec().name))
}

/// The breaker lab with open arrivals under some preset, and the same with other settings of breaker and retries.
fn differing() -> impl Strategy<Value = (Scenario, Scenario)> {
    let spec = find("breaker").unwrap().spec;
    let presets: Vec<&str> = spec.presets.iter().map(|preset| preset.name).collect();
    let knobs: Vec<usize> = (0..spec.knobs.len())
        .filter(|index| ["breaker", "probes", "retry"].contains(&spec.knobs[*index].group))
        .collect();
    assert!(knobs.len() > 10);
    let turns = proptest::collection::vec((proptest::sample::select(knobs), any::<bool>(), 1_usize..6), 1..8);
    (proptest::sample::select(presets), any::<u64>(), turns).prop_map(move |(preset, seed, turns)| {
        let mut a = Scenario::first(find("breaker").unwrap()).with_seed(seed);
        a.use_preset(preset).unwrap();
        a.knobs.set("arrivals", "open").unwrap();
        a.knobs.set("callers", "5").unwrap();
        let mut b = a.clone();
        for (index, up, times) in turns {
            for _ in 0..times {
                let knob = &spec.knobs[index];
                b.knobs.put(index, knob.turned(b.knobs.value(index).unwrap(), up));
            }
        }
        (a, b)
    })
}

fn script(scenario: &mut Scenario, sentence: &str) {
    let parts = (scenario.lab.parts)(&scenario.knobs);
    let vocabulary = Vocabulary { faults: scenario.lab.spec.faults, parts: &parts, knobs: &scenario.knobs };
    let entry = vocabulary.read_timed(sentence).unwrap();
    scenario.script.push(entry);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn equal_settings_tell_equal_facts(scenario in scenarios(), ms in 1_u64..25_000) {
        let whole = scenario.run(END);
        let mut pieces = scenario.open();
        pieces.advance(Time::from_millis(ms), u64::MAX);
        pieces.advance(END, u64::MAX);
        prop_assert_eq!(facts(&*whole), facts(&*pieces));
        let mut twin = Twin::default();
        twin.compare(&*whole, &*pieces);
        prop_assert_eq!((twin.first(), twin.first_notable()), (None, None));
    }

    #[test]
    fn a_cause_is_an_earlier_fact(scenario in scenarios()) {
        let lab = scenario.run(END);
        for fact in facts(&*lab) {
            if let Some(cause) = fact.cause {
                prop_assert!(cause < fact.number, "{fact:?}");
                // What led to it may be forgotten, but never lie later.
                prop_assert!(lab.fact(cause).is_none_or(|cause| cause.at <= fact.at), "{fact:?}");
            }
        }
    }

    #[test]
    fn another_breaker_and_other_retries_see_the_same_requests((mut a, mut b) in differing()) {
        for scenario in [&mut a, &mut b] {
            script(scenario, "5s error payments 50% for 5s");
        }
        let requests = |scenario: &Scenario| -> Vec<(Time, String)> {
            let lab = scenario.run(END);
            let all = facts(&*lab).into_iter().filter(|fact| fact.told.kind == "request");
            all.map(|fact| (fact.at, fact.told.sentence)).collect()
        };
        prop_assert_eq!(requests(&a), requests(&b));
    }

    /// With so few requests that none waits at payments, the time of a first attempt is its service time.
    #[test]
    fn another_breaker_and_other_retries_see_the_same_service_times((mut a, mut b) in differing()) {
        let answers = |scenario: &mut Scenario| -> BTreeMap<String, String> {
            for (knob, value) in [("rate", "2"), ("call_timeout", "0"), ("slow_call", "60s")] {
                scenario.knobs.set(knob, value).unwrap();
            }
            let lab = scenario.run(END);
            let told = |fact: Occurrence| {
                // A further attempt has a service time of its own.
                let call = lab.fact(fact.cause?)?.told.sentence;
                if call.contains(", attempt ") {
                    return None;
                }
                let (_, rest) = fact.told.sentence.split_once(" has the answer for request ")?;
                rest.split_once(" after ").map(|(request, took)| (request.to_owned(), took.to_owned()))
            };
            facts(&*lab).into_iter().filter_map(told).collect()
        };
        let (a, b) = (answers(&mut a), answers(&mut b));
        prop_assert!(a.len() > 3);
        prop_assert!(b.iter().all(|(request, took)| a.get(request).is_none_or(|other| other == took)), "{a:?} {b:?}");
    }

    #[test]
    fn a_fork_in_which_nothing_is_done_is_the_same_run(scenario in scenarios(), ms in 0_u64..25_000, steps in 0_usize..20) {
        let whole = scenario.run(END);
        let mut branches = Branches::new(scenario.open());
        go(&mut branches, Time::from_millis(ms));
        (0..steps).for_each(|_| { branches.current_mut().lab_mut().step(); });
        branches.current_mut().look();
        if branches.current().lab().now() > END {
            return Ok(());
        }
        branches.fork("fork").unwrap();
        for index in [0, 1] {
            branches.switch(index);
            branches.current_mut().lab_mut().advance(END, u64::MAX);
            branches.current_mut().look();
            let lab = branches.current().lab();
            prop_assert_eq!(digest(lab), digest(&*whole));
            prop_assert_eq!(facts(lab), facts(&*whole));
        }
    }

    #[test]
    fn acting_in_a_fork_never_changes_the_other(scenario in scenarios(), back in 0_u64..25_000, more in 0_u64..25_000) {
        let mut branches = Branches::new(scenario.run(END));
        let before = (digest(branches.current().lab()), facts(branches.current().lab()));
        go(&mut branches, Time::from_millis(back));
        let at = (digest(branches.current().lab()), facts(branches.current().lab()));
        do_something(&mut branches);
        go(&mut branches, END);
        go(&mut branches, Time::from_millis(more));
        do_something(&mut branches);
        go(&mut branches, END);
        prop_assert!(branches.all().len() >= 2);
        branches.switch(0);
        prop_assert_eq!((digest(branches.current().lab()), facts(branches.current().lab())), at);
        go(&mut branches, END);
        prop_assert_eq!(digest(branches.current().lab()), before.0);
        // Going back lets go of facts before the checkpoint's window: what is left is the same.
        let (now, then) = (facts(branches.current().lab()), before.1);
        prop_assert!(then.ends_with(&now) || now.ends_with(&then));
    }

    #[test]
    fn every_branch_is_had_again_from_its_own_log(scenario in scenarios(), acts in proptest::collection::vec((0_u64..25_000, 0_usize..5), 1..5)) {
        let mut branches = Branches::new(scenario.open());
        for (ms, steps) in acts {
            go(&mut branches, Time::from_millis(ms));
            (0..steps).for_each(|_| { branches.current_mut().lab_mut().step(); });
            branches.current_mut().look();
            do_something(&mut branches);
        }
        for index in 0..branches.all().len() {
            branches.switch(index);
            let end = branches.current().lab().reached().max(END);
            go(&mut branches, end);
            let lab = branches.current().lab();
            prop_assert_eq!(digest(lab), digest(&*recorded(lab).run(end)), "{}", branches.current().name());
        }
    }

    #[test]
    fn going_back_to_an_event_is_having_stepped_so_far(scenario in scenarios(), share in 0.0_f64..1.0) {
        let mut lab = scenario.run(END);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let events = (lab.events() as f64 * share) as u64;
        // A lab that is played by hand has no events of its own, and nothing to go back to.
        prop_assume!(events < lab.events());
        let mut stepped = scenario.open();
        while stepped.events() < events {
            stepped.step();
        }
        lab.seek_event(events);
        prop_assert_eq!(lab.events(), events);
        prop_assert_eq!((lab.now(), digest(&*lab)), (stepped.now(), digest(&*stepped)));
    }
}

/// Counts up and promises to stay small, and to count every tick once.
#[derive(Clone)]
struct Counter {
    count: u64,
    limit: u64,
}

impl World for Counter {
    type Event = u64;
    type Act = u64;
    type Occurrence = u64;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        // Three ticks at each tenth of a second: the guilty one is not the last of its instant.
        (1..=300_u64).for_each(|n| cx.at(Time::from_millis(100 * n.div_ceil(3)), n));
    }

    fn handle(&mut self, n: u64, cx: &mut Context<'_, Self>) {
        self.count += 1;
        cx.report(n);
        let (count, limit) = (self.count, self.limit);
        if count > limit {
            cx.broken(0, || format!("{count} is counted, the limit is {limit}"));
        }
        if count == 250 {
            cx.broken(1, || "250 was counted".to_owned());
        }
    }

    fn act(&mut self, limit: &u64, _: &mut Context<'_, Self>) -> Result<(), String> {
        self.limit = *limit;
        Ok(())
    }

    fn sample(&mut self, _: Time, _: &[f64], _: &mut Vec<f64>) {}

    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

#[test]
fn a_run_stops_at_the_event_that_breaks_an_invariant_and_goes_on_when_asked() {
    let mut run = Run::new(Counter { count: 0, limit: 100 }, []);
    let handled = run.advance(END, u64::MAX, OnBreak::Stop);
    assert_eq!((handled, run.events(), run.world().count), (101, 101, 101));
    assert_eq!((run.now(), run.facts().len()), (Time::from_millis(3400), 101));
    let broken = &run.broken()[0];
    assert_eq!((broken.invariant, broken.at), (0, Time::from_millis(3400)));
    assert_eq!(broken.facts, "101 is counted, the limit is 100");
    // It goes on from there, past the invariant that is broken for good, to the next one that breaks.
    assert_eq!(run.advance(END, u64::MAX, OnBreak::Stop), 149);
    assert_eq!((run.events(), run.broken().len()), (250, 2));
    assert_eq!(run.advance(END, u64::MAX, OnBreak::Stop), 50);
    assert_eq!((run.now(), run.events()), (END.max(run.now()), 300));
    // Back before it, nothing is broken; and there it breaks again.
    run.seek(Time::from_millis(3300));
    assert_eq!((run.events(), run.broken().len()), (99, 0));
    run.advance(END, u64::MAX, OnBreak::Stop);
    assert_eq!((run.events(), run.broken().len()), (101, 1));
    run.seek_event(100);
    assert_eq!((run.now(), run.broken().len()), (Time::from_millis(3400), 0));
    // In another future it does not break.
    let mut other = run.clone();
    other.act(1000).unwrap();
    other.advance(Time::from_secs(8), u64::MAX, OnBreak::Stop);
    assert_eq!((other.events(), other.broken().len()), (240, 0));
    let span = Span::from_millis(100);
    assert!(run.advance(run.now() + span, 1, OnBreak::Stop) == 1 && run.broken().len() == 1);
}
