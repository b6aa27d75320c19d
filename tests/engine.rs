//! What the engine promises, on random runs: determinism, going back, coupling of runs, order of events.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use halfopen::engine::queue::{Queue, TimerKey};
use halfopen::engine::time::{Span, Time};
use halfopen::labs::catalogue::{LABS, find};
use halfopen::labs::digest::digest;
use halfopen::labs::fault::{Act, Verb, Vocabulary};
use halfopen::labs::lab::{Lab, Promise};
use halfopen::labs::scenario::Scenario;
use proptest::prelude::*;

#[path = "support/scenarios.rs"]
mod scenarios;
use scenarios::{disturbance, scenarios};

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
        lab.act_on(disturbance(lab.spec().name)).unwrap();
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
            lab.act_on(disturbance(entry.spec.name)).unwrap();
            lab.advance(END, u64::MAX);
            prop_assert!(lab.take_back().is_some());
            prop_assert_eq!(digest(&*lab), digest(&*scenario.run(END)));
        }
    }

    #[test]
    fn no_fault_and_no_preset_breaks_an_invariant(scenario in scenarios()) {
        let lab = scenario.run(END);
        // What a lost disk takes, no algorithm gives back, and a lease is worth what the clocks are worth; a property may
        // break, that is the lesson.
        let voids = |act: &Act| {
            matches!(act, Act::Fault(fault) if [Verb::Wipe, Verb::Skew, Verb::Jump].contains(&fault.verb))
        };
        let voided = scenario.script.iter().any(|entry| voids(&entry.act))
            || !["", "none"].contains(&scenario.knobs.word("flaw"))
            || scenario.preset == "no-overlap";
        let holds = |kind| kind == Promise::Sanity || (kind == Promise::Guarantee && !voided);
        for standing in lab.invariants().into_iter().filter(|standing| holds(standing.invariant.kind)) {
            prop_assert!(standing.broken.is_none(), "{}: {:?}", standing.invariant.name, standing.broken);
        }
    }

    #[test]
    fn the_queue_behaves_as_a_sorted_map(ops in proptest::collection::vec(op(), 1..200)) {
        let mut pair = Pair::default();
        for op in ops {
            pair.apply(&op)?;
        }
        pair.drain()?;
    }

    #[test]
    fn a_queue_with_much_pending_behaves_as_a_sorted_map(
        fillings in proptest::collection::vec((proptest::collection::vec(filling(), 1..4), proptest::collection::vec(op(), 0..60)), 1..4),
    ) {
        let mut pair = Pair::default();
        for (fillings, ops) in fillings {
            for filling in fillings {
                pair.fill(&filling)?;
            }
            for op in ops {
                pair.apply(&op)?;
            }
        }
        pair.drain()?;
    }
}

/// Something that is done to a queue. Times are from the event taken last on.
#[derive(Clone, Debug)]
enum Op {
    Push(u64),
    Set(u32, u64),
    Cancel(u32),
    Pop,
    PopUntil(u64),
    /// Takes so many, and schedules another one for each, so much later: time goes on.
    Hold(u16, u64),
    /// Goes on with a copy; the original must come to the same end.
    Copy,
}

/// Delays of every size: ties, a few nanoseconds, seconds, and never.
fn delay() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => 0_u64..4,
        3 => 0_u64..50,
        3 => 0_u64..20_000_000_000,
        2 => (0_u32..64).prop_map(|bits| 1 << bits),
        1 => Just(u64::MAX),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => delay().prop_map(Op::Push),
        4 => (0_u32..6, delay()).prop_map(|(key, delay)| Op::Set(key, delay)),
        2 => (0_u32..6).prop_map(Op::Cancel),
        4 => Just(Op::Pop),
        1 => delay().prop_map(Op::PopUntil),
        1 => (1_u16..3_000, delay()).prop_map(|(count, delay)| Op::Hold(count, delay)),
        1 => Just(Op::Copy),
    ]
}

/// Many entries at once: how many, within how long from now on, and how many in ten have a timer.
#[derive(Clone, Debug)]
struct Filling {
    count: u32,
    within: u64,
    timers: u32,
}

fn filling() -> impl Strategy<Value = Filling> {
    (1_u32..6_000, delay(), 0_u32..11).prop_map(|(count, within, timers)| Filling { count, within, timers })
}

/// The number of an event, of its timer, its tag.
type Entry = (usize, Option<u32>, u32);

/// A queue, and the sorted map that it has to behave as.
#[derive(Clone, Default)]
struct Pair {
    queue: Queue<usize>,
    map: BTreeMap<(u64, usize), Entry>,
    timers: BTreeMap<u32, (u64, usize)>,
    inserted: usize,
    now: u64,
}

fn tag_of(n: usize) -> u32 {
    u32::try_from(n % 7).unwrap()
}

impl Pair {
    fn push(&mut self, delay: u64) {
        let (at, n) = (self.now.saturating_add(delay), self.inserted);
        self.inserted += 1;
        self.queue.push(Time::from_nanos(at), tag_of(n), n);
        self.map.insert((at, n), (n, None, tag_of(n)));
    }

    fn set(&mut self, key: u32, delay: u64) {
        let (at, n) = (self.now.saturating_add(delay), self.inserted);
        self.inserted += 1;
        self.queue.set(TimerKey(key), Time::from_nanos(at), key, n);
        if let Some(replaced) = self.timers.insert(key, (at, n)) {
            self.map.remove(&replaced);
        }
        self.map.insert((at, n), (n, Some(key), key));
    }

    fn cancel(&mut self, key: u32) {
        self.queue.cancel(TimerKey(key));
        if let Some(cancelled) = self.timers.remove(&key) {
            self.map.remove(&cancelled);
        }
    }

    /// Takes the next entry up to `limit` from both.
    fn pop_until(&mut self, limit: u64) -> Result<bool, TestCaseError> {
        let due = self.map.first_key_value().map(|(place, _)| *place).filter(|(at, _)| *at <= limit);
        let wanted = due.and_then(|place| self.map.remove_entry(&place));
        if let Some(((at, _), (_, timer, _))) = wanted {
            timer.map(|key| self.timers.remove(&key));
            self.now = at;
        }
        let wanted = wanted.map(|((at, _), (n, _, tag))| (Time::from_nanos(at), tag, n));
        prop_assert_eq!(self.queue.pop_until(Time::from_nanos(limit)), wanted);
        Ok(wanted.is_some())
    }

    fn apply(&mut self, op: &Op) -> Result<(), TestCaseError> {
        match *op {
            Op::Push(delay) => self.push(delay),
            Op::Set(key, delay) => self.set(key, delay),
            Op::Cancel(key) => self.cancel(key),
            Op::Pop => {
                self.pop_until(u64::MAX)?;
            }
            Op::PopUntil(delay) => {
                self.pop_until(self.now.saturating_add(delay))?;
            }
            Op::Hold(count, delay) => {
                for n in 0..u64::from(count) {
                    if self.pop_until(u64::MAX)? {
                        self.push((delay / 1000).saturating_mul(n * 7919 % 1000));
                    }
                }
            }
            Op::Copy => {
                let copy = self.clone();
                std::mem::replace(self, copy).drain()?;
            }
        }
        self.check()
    }

    fn fill(&mut self, filling: &Filling) -> Result<(), TestCaseError> {
        for n in 0..filling.count {
            // Scattered over the whole stretch, in no order.
            let delay =
                (u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15)).checked_rem(filling.within).unwrap_or(0);
            if n % 10 < filling.timers {
                self.set(n / 2, delay);
            } else {
                self.push(delay);
            }
            if n % 3 == 0 && n % 10 < filling.timers {
                self.cancel(n / 3);
            }
        }
        self.check()
    }

    fn check(&mut self) -> Result<(), TestCaseError> {
        let next = self.map.keys().next().map(|(at, _)| Time::from_nanos(*at));
        prop_assert_eq!(self.queue.next_time(), next);
        // Replaced timers do not pile up, and a copy is not large for what it holds.
        prop_assert!(self.queue.len() >= self.map.len() && self.queue.len() <= 2 * self.map.len() + 66);
        let timers = 4 * self.timers.keys().next_back().map_or(6_000, |key| 6_000.max(*key as usize));
        prop_assert!(
            self.queue.bytes() <= 100 * self.queue.len() + timers + 1000,
            "{} bytes, {} entries",
            self.queue.bytes(),
            self.queue.len()
        );
        Ok(())
    }

    /// Takes everything from both.
    fn drain(mut self) -> Result<(), TestCaseError> {
        while self.pop_until(u64::MAX)? {}
        prop_assert!(self.queue.is_empty() && self.map.is_empty());
        Ok(())
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

#[test]
fn an_act_between_two_events_of_the_very_start_is_replayed_there() {
    let mut scenario = Scenario::first(find("retry-storm").unwrap());
    for (knob, value) in [("arrivals", "closed"), ("start", "together")] {
        scenario.knobs.set(knob, value).unwrap();
    }
    let mut lab = scenario.open();
    lab.step();
    assert_eq!(lab.now(), Time::ZERO);
    lab.act_on("set service 150ms").unwrap();
    lab.advance(END, u64::MAX);
    let again = Scenario { script: lab.log().to_vec(), ..scenario }.run(END);
    assert_eq!(digest(&*again), digest(&*lab));
}
