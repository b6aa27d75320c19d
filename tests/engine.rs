//! What the engine promises, on random runs: determinism, going back, coupling of runs, order of events.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use halfopen::engine::queue::{Queue, TimerKey};
use halfopen::engine::time::{Span, Time};
use halfopen::labs::catalogue::LABS;
use halfopen::labs::digest::digest;
use halfopen::labs::fault::Vocabulary;
use halfopen::labs::lab::Lab;
use halfopen::labs::scenario::Scenario;
use proptest::prelude::*;

#[path = "support/scenarios.rs"]
mod scenarios;
use scenarios::scenarios;

const END: Time = Time::from_secs(25);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_run_gives_the_same_bytes(scenario in scenarios()) {
        let (a, b) = (scenario.run(END), scenario.run(END));
        prop_assert_eq!(digest(&*a), digest(&*b));
    }

    #[test]
    fn how_time_is_cut_into_pieces_changes_nothing(scenario in scenarios(), pieces in proptest::collection::vec((1_u64..3_000, 1_u64..500), 1..20)) {
        let whole = scenario.run(END);
        let mut lab = scenario.open();
        let mut to = Time::ZERO;
        for (ms, budget) in pieces {
            to = (to + Span::from_millis(ms)).min(END);
            lab.advance(to, budget);
            lab.step();
            to = to.max(lab.now()).min(END);
        }
        if lab.now() <= END {
            lab.advance(END, u64::MAX);
            prop_assert_eq!(digest(&*whole), digest(&*lab));
        }
    }

    #[test]
    fn going_back_and_forth_is_the_same_as_never_having_moved(scenario in scenarios(), stops in proptest::collection::vec(0_u64..25_000, 1..8)) {
        let mut lab = scenario.run(END);
        for ms in stops {
            let at = Time::from_millis(ms);
            lab.seek(at);
            prop_assert_eq!(digest(&*lab), digest(&*scenario.run(at)), "at {}", at);
        }
        lab.seek(END);
        prop_assert_eq!(digest(&*lab), digest(&*scenario.run(END)));
    }

    #[test]
    fn what_was_done_by_hand_is_replayed_at_its_place(scenario in scenarios(), steps in 1_usize..2_000) {
        let mut lab = scenario.open();
        (0..steps).for_each(|_| { lab.step(); });
        let sentence = if lab.spec().name == "breaker" { "hang shard-1" } else { "slow server x4" };
        lab.act_on(sentence).unwrap();
        lab.advance(END.max(lab.now()), u64::MAX);
        let (end, before) = (lab.now(), digest(&*lab));
        lab.seek(Time::ZERO);
        lab.seek(end);
        prop_assert_eq!(before, digest(&*lab));
    }

    #[test]
    fn undoing_the_only_act_gives_the_run_without_it(seed in any::<u64>(), ms in 1_u64..20_000) {
        for entry in &LABS {
            let scenario = Scenario::first(entry).with_seed(seed);
            let mut lab = scenario.open();
            lab.advance(Time::from_millis(ms), u64::MAX);
            lab.act_on(if entry.spec.name == "breaker" { "hang shard-1" } else { "slow server x4" }).unwrap();
            lab.advance(END, u64::MAX);
            prop_assert!(lab.take_back().is_some());
            prop_assert_eq!(digest(&*lab), digest(&*scenario.run(END)));
        }
    }

    #[test]
    fn no_fault_and_no_preset_breaks_an_invariant(scenario in scenarios()) {
        let lab = scenario.run(END);
        for standing in lab.invariants() {
            prop_assert!(standing.broken.is_none(), "{}: {:?}", standing.invariant.name, standing.broken);
        }
    }

    #[test]
    fn the_queue_behaves_as_a_sorted_map(ops in proptest::collection::vec((0_u8..4, 0_u64..50, 0_u32..6), 1..200)) {
        let mut queue = Queue::default();
        let mut map: BTreeMap<(u64, usize), (Option<u32>, u32, usize)> = BTreeMap::new();
        for (n, (op, at, key)) in ops.into_iter().enumerate() {
            match op {
                0 => {
                    queue.push(Time::from_nanos(at), key, n);
                    map.insert((at, n), (None, key, n));
                }
                1 => {
                    queue.set(TimerKey(key), Time::from_nanos(at), key, n);
                    map.retain(|_, (k, ..)| *k != Some(key));
                    map.insert((at, n), (Some(key), key, n));
                }
                2 => {
                    queue.cancel(TimerKey(key));
                    map.retain(|_, (k, ..)| *k != Some(key));
                }
                _ => {
                    let wanted = map.pop_first().map(|((at, _), (_, tag, n))| (Time::from_nanos(at), tag, n));
                    prop_assert_eq!(queue.pop(), wanted);
                }
            }
            prop_assert_eq!(queue.next_time(), map.keys().next().map(|(at, _)| Time::from_nanos(*at)));
        }
    }
}

/// The sentences about the coming of requests and the services that start, by their request.
fn requests(lab: &dyn Lab, kinds: &[&str]) -> Vec<(Time, String)> {
    let all = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i));
    all.filter(|o| kinds.contains(&o.told.kind)).map(|o| (o.at, o.told.sentence)).collect()
}

#[test]
fn a_knob_that_has_nothing_to_do_with_arrivals_shifts_no_arrival() {
    let entry = halfopen::labs::catalogue::find("breaker").unwrap();
    let base = Scenario::first(entry).with_seed(11);
    let arrivals = requests(&*base.run(END), &["request"]);
    assert!(arrivals.len() > 1000);
    for (knob, value) in [
        ("breaker", "resilience4j"),
        ("retries", "3"),
        ("call_timeout", "20ms"),
        ("order_threads", "1"),
        ("fallback", "cached"),
        ("service_time", "400ms"),
    ] {
        let mut changed = base.clone();
        changed.knobs.set(knob, value).unwrap();
        assert_eq!(requests(&*changed.run(END), &["request"]), arrivals, "{knob}");
    }
}

#[test]
fn a_knob_that_has_nothing_to_do_with_service_shifts_no_service_time() {
    let entry = halfopen::labs::catalogue::find("server").unwrap();
    let base = Scenario::first(entry).with_seed(11);
    // "Request 7 gets a worker after W s and will hold it for S s.": the service time belongs to the request.
    let services = |scenario: &Scenario| -> BTreeMap<String, String> {
        let of = |(_, s): (Time, String)| {
            let (request, rest) = s.split_once(" gets ").unwrap();
            (request.to_string(), rest.split_once("hold it for ").unwrap().1.to_string())
        };
        requests(&*scenario.run(END), &["started"]).into_iter().map(of).collect()
    };
    let expected = services(&base);
    for (knob, value) in [("workers", "3"), ("rate", "200"), ("queue_cap", "2")] {
        let mut changed = base.clone();
        changed.knobs.set(knob, value).unwrap();
        let found = services(&changed);
        assert!(found.len() > 500);
        assert!(
            found.iter().all(|(request, time)| expected.get(request).is_none_or(|e| e == time)),
            "{knob}"
        );
    }
}

#[test]
fn what_is_done_by_hand_leaves_the_script_to_come() {
    let entry = halfopen::labs::catalogue::find("breaker").unwrap();
    let mut scenario = Scenario::first(entry);
    let parts = (entry.parts)(&scenario.knobs);
    let vocabulary = Vocabulary { faults: entry.spec.faults, parts: &parts, knobs: &scenario.knobs };
    scenario.script.push(vocabulary.read_timed("20s hang payments").unwrap());
    let mut lab = scenario.open();
    lab.advance(Time::from_secs(5), u64::MAX);
    lab.act_on("slow shard-1 x2").unwrap();
    lab.advance(Time::from_secs(10), u64::MAX);
    lab.act_on("set call_timeout 500ms").unwrap();
    // Back before both: a third act cuts them off, and the script stays.
    lab.seek(Time::from_secs(3));
    lab.act_on("set order_threads 30").unwrap();
    lab.advance(Time::from_secs(30), u64::MAX);
    let acts: Vec<String> = lab.log().iter().map(|entry| format!("{} {}", entry.at, entry.act)).collect();
    assert_eq!(acts, ["3.000 set order_threads 30", "20.000 hang payments"]);
    // Only what was done by hand can be taken back.
    assert!(lab.take_back().is_some());
    assert!(lab.undo().is_none());
    assert_eq!(digest(&*lab), digest(&*scenario.run(Time::from_secs(30))));
}

#[test]
fn what_is_done_after_an_entry_whose_events_never_came_is_replayed_after_it() {
    let mut scenario = Scenario::first(&LABS[0]);
    let parts = (scenario.lab.parts)(&scenario.knobs);
    let vocabulary = Vocabulary { faults: scenario.lab.spec.faults, parts: &parts, knobs: &scenario.knobs };
    // No event happens at this very nanosecond, so nothing has to be waited for.
    let entry = vocabulary.read_timed("1500000001ns+1 pause server").unwrap();
    scenario.script.push(entry.clone());
    let mut lab = scenario.open();
    while lab.now() < entry.at {
        lab.step();
    }
    lab.act_on("heal all").unwrap();
    lab.advance(Time::from_secs(5), u64::MAX);
    let again = Scenario { script: lab.log().to_vec(), ..scenario }.run(Time::from_secs(5));
    assert_eq!((again.log(), digest(&*again)), (lab.log(), digest(&*lab)));
}
