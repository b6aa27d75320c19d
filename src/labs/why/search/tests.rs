//! Known stories, and against trying every subset.

use proptest::prelude::*;

use super::*;
use crate::engine::time::{Span, Time};
use crate::labs::language::Condition;
use crate::labs::scenario::{Scenario, Wanted};
use crate::labs::why::{MOST_RERUNS, Outcome};

fn scenario(lab: &str, preset: &str, set: &[(&str, &str)], at: &[&str]) -> Scenario {
    let set: Vec<(String, String)> = set.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let at: Vec<String> = at.iter().map(|it| (*it).to_string()).collect();
    Scenario::read(&Wanted { lab, preset: Some(preset), set: &set, seed: 1, at: &at }).unwrap()
}

fn question(scenario: Scenario, secs: u64, text: &str) -> Question {
    let condition = Condition::read(text, scenario.lab.spec).unwrap();
    Question::condition(scenario, Time::from_secs(secs), text.into(), condition)
}

fn find(question: &Question) -> Found {
    search(question, MOST_RERUNS, &mut |_| true).unwrap().0
}

fn lines(question: &Question) -> Vec<String> {
    find(question).lines()
}

#[test]
fn a_hang_and_a_short_timeout_open_the_breaker_and_a_slow_shard_does_not() {
    let it = scenario(
        "breaker",
        "tuned",
        &[("call_timeout", "500ms")],
        &["15s slow shard-3 x5", "20s hang payments for 10s"],
    );
    let lines = lines(&question(it, 30, "breaker.A is open within 5s of 20s"));
    assert_eq!(
        lines,
        [
            "Because of: 20s hang payments for 10s. Without that it does not happen.",
            "call_timeout 500ms; 15s slow shard-3 x5 made no difference.",
        ]
    );
}

#[test]
fn a_queue_from_two_things_together() {
    let it =
        scenario("server", "calm", &[("workers", "8")], &["2s burst users x1.4", "5s set queue_cap 100000"]);
    assert_eq!(
        lines(&question(it, 60, "queue > 300")),
        [
            "Because of: workers 8; 2s burst users x1.4. Without either it does not happen.",
            "5s set queue_cap 100000 made no difference.",
        ]
    );
}

#[test]
fn two_pauses_are_each_enough() {
    let it = scenario("server", "calm", &[], &["5s pause server for 30s", "6s pause server for 30s"]);
    assert_eq!(
        lines(&question(it, 15, "queue > 200")),
        [
            "Two things are each enough alone, so no single one was needed:",
            "1) 5s pause server for 30s.",
            "2) 6s pause server for 30s.",
        ]
    );
    let it = scenario("server", "calm", &[("rate", "200")], &["8s set workers 1", "8s slow server x10"]);
    assert_eq!(
        lines(&question(it, 16, "queue > 2000")),
        [
            "Two sets are each enough, and rate 200 is in all of them:",
            "1) rate 200; 8s set workers 1.",
            "2) rate 200; 8s slow server x10.",
        ]
    );
}

#[test]
fn the_preset_may_do_it_by_itself_or_it_may_not_have_happened() {
    let it = scenario("server", "full", &[("workers", "9")], &[]);
    assert_eq!(
        lines(&question(it.clone(), 60, "queue > 50")),
        ["It happens in the preset full by itself, on this seed. What was changed was not needed for it."]
    );
    let told = lines(&question(it, 60, "queue < 50"));
    assert!(told[0].starts_with("It did not happen: queue was "), "{told:?}");
}

#[test]
fn what_makes_up_for_another_is_told_apart_from_what_does_nothing() {
    // The cap keeps the queue short, the second one takes it away again.
    let it = scenario("server", "calm", &[("rate", "150")], &["1s set queue_cap 5", "2s set queue_cap none"]);
    assert_eq!(
        lines(&question(it, 20, "queue > 100")),
        [
            "Because of: rate 150. Without that it does not happen.",
            "2s set queue_cap none only makes up for others: without it alone it does not happen, without them all it \
             does.",
            "1s set queue_cap 5 made no difference.",
        ]
    );
}

#[test]
fn a_knob_that_was_turned_on_and_on_counts_once() {
    let turns = ["3s set rate 80", "3s set rate 90", "3s set rate 150"];
    let Found::Because(answer) = find(&question(scenario("server", "calm", &[], &turns), 30, "queue > 200"))
    else {
        panic!()
    };
    assert_eq!((answer.elements.len(), answer.sets), (1, vec![vec![0]]));
}

#[test]
fn a_reading_is_held_against_the_preset_and_a_fact_counted() {
    let mut lab = scenario("server", "calm", &[], &["5s pause server", "9s slow server x2"]).open();
    lab.advance(Time::from_secs(12), u64::MAX);
    let index = lab.find_reading("queue").unwrap();
    let Found::Because(answer) = find(&Question::reading(&*lab, index)) else { panic!() };
    assert_eq!(answer.sets, [vec![0]]);
    let outcome = answer.outcome;
    assert!(
        outcome.starts_with("queue >= 4") && outcome.ends_with("(it is 502, in the preset 0)"),
        "{outcome}"
    );

    let mut lab =
        scenario("breaker", "tuned", &[], &["10s hang payments for 5s", "30s error payments for 5s"]).open();
    lab.advance(Time::from_secs(40), u64::MAX);
    let opened =
        |fact: &crate::labs::lab::Occurrence| fact.told.kind == "breaker-opened" && fact.told.part == "A";
    let facts: Vec<_> = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i)).filter(opened).collect();
    assert!(facts.len() >= 2, "{facts:?}");
    let first = find(&Question::fact(&*lab, &facts[0]));
    assert_eq!(first.lines()[0], "Because of: 10s hang payments for 5s. Without that it does not happen.");
}

#[test]
fn the_bound_and_the_end_of_interest_are_told() {
    let it = scenario("server", "calm", &[("workers", "8")], &["2s burst users x1.4", "5s slow server x1.1"]);
    let question = question(it, 60, "queue > 300");
    let Found::Because(answer) = search(&question, 3, &mut |_| true).unwrap().0 else { panic!() };
    assert!(answer.cut_short && answer.reruns == 3, "{answer:?}");
    assert!(answer.lines().last().unwrap().starts_with("The search stopped after 3 reruns"), "{answer:?}");
    let mut left = 3;
    let ended = search(&question, MOST_RERUNS, &mut |_| {
        left -= 1;
        left > 0
    });
    assert!(ended.is_none());
}

/// What holds, for every subset as a mask.
fn table(case: &Case, seed: u64) -> Vec<bool> {
    let count = case.elements().len();
    (0..1_usize << count)
        .map(|mask| case.happens(&members(mask, count), seed, &mut || true).unwrap())
        .collect()
}

fn members(mask: usize, count: usize) -> Vec<usize> {
    (0..count).filter(|index| mask & 1 << index != 0).collect()
}

fn mask(set: &[usize]) -> usize {
    set.iter().map(|index| 1 << index).sum()
}

/// Whether a set is enough and none of its elements can go.
fn is_minimal(table: &[bool], set: usize) -> bool {
    table[set] && (0..table.len().ilog2()).all(|bit| set & 1 << bit == 0 || !table[set & !(1 << bit)])
}

fn agrees(question: &Question) -> Result<(), TestCaseError> {
    let (found, case) = search(question, MOST_RERUNS, &mut |_| true).unwrap();
    let table = table(&case, question.scenario.seed);
    let all = table.len() - 1;
    let Found::Because(answer) = found else {
        prop_assert!(!table[all]);
        return Ok(());
    };
    prop_assert!(table[all] && !answer.cut_short);
    prop_assert_eq!(table[0], answer.sets == [Vec::<usize>::new()], "by itself");
    for set in &answer.sets {
        prop_assert!(is_minimal(&table, mask(set)), "{:?} of {:?}", set, answer.elements);
    }
    let first = mask(&answer.sets[0]);
    // One set alone: nothing can take the place of any of its elements, nor of all of them.
    if answer.sets.len() == 1 && first != 0 {
        prop_assert!(!table[all & !first]);
        for index in &answer.sets[0] {
            prop_assert!(!table[all & !(1 << index)]);
        }
    }
    // Where more never undoes anything, every other way there is shows as one.
    let bits = table.len().ilog2();
    let is_monotone = (0..table.len()).all(|set| !table[set] || (0..bits).all(|bit| table[set | 1 << bit]));
    if is_monotone {
        let minimal = (0..table.len()).filter(|set| is_minimal(&table, *set)).count();
        prop_assert_eq!(minimal > 1, answer.sets.len() > 1);
        prop_assert!(answer.undoing.is_empty());
    }
    let undoing: Vec<usize> = if first == 0 {
        Vec::new()
    } else {
        answer.rest().into_iter().filter(|index| !table[all & !(1 << index)]).collect()
    };
    prop_assert_eq!(undoing, answer.undoing);
    Ok(())
}

fn some(of: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(of, 0..=3)
}

const SERVER_KNOBS: &[&str] = &["rate=85", "workers=8", "service_time=120ms", "queue_cap=40", "rate=40"];
const SERVER_ACTS: &[&str] = &[
    "2s pause server for 4s",
    "3s slow server x3 for 5s",
    "4s burst users x2",
    "5s heal all",
    "6s set workers 20",
    "6s pause server for 3s",
    "7s set rate 200",
    "8s set queue_cap 10",
];
const SERVER_OUTCOMES: &[&str] = &[
    "queue > 20",
    "max(queue) > 60 after 1s",
    "p99_s > 1",
    "refused > 0",
    "busy < 10",
    "done < 500",
    "mean(p50_s) > 0.2 after 5s",
];
const BREAKER_KNOBS: &[&str] = &[
    "call_timeout=300ms",
    "window_size=10",
    "retries=2",
    "order_threads=5",
    "breaker=none",
    "slow_call=100ms",
];
const BREAKER_ACTS: &[&str] = &[
    "2s hang payments for 4s",
    "3s error payments 60% for 5s",
    "4s slow payments x8",
    "5s error shard-2",
    "6s heal all",
    "6s burst users x2",
    "7s set breaker none",
];
const BREAKER_OUTCOMES: &[&str] = &[
    "opens >= 1",
    "breaker.A is open",
    "ok_per_s < 40",
    "rejected > 20",
    "gateway_full_s < 60",
    "max(p99_s) > 0.8 after 2s",
];

fn asked(lab: &str, preset: &str, knobs: &[&str], acts: &[&str], outcome: &str, seed: u64) -> Question {
    // Of two values of one knob the first counts.
    let mut set: Vec<(&str, &str)> = Vec::new();
    for (name, value) in knobs.iter().filter_map(|knob| knob.split_once('=')) {
        if set.iter().all(|(other, _)| *other != name) {
            set.push((name, value));
        }
    }
    question(scenario(lab, preset, &set, acts).with_seed(seed), 11, outcome)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_every_subset_on_a_server(
        knobs in some(SERVER_KNOBS), acts in some(SERVER_ACTS),
        outcome in proptest::sample::select(SERVER_OUTCOMES), seed in 1_u64..1000,
    ) {
        agrees(&asked("server", "calm", &knobs, &acts, outcome, seed))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_every_subset_on_the_breaker(
        knobs in some(BREAKER_KNOBS), acts in some(BREAKER_ACTS),
        outcome in proptest::sample::select(BREAKER_OUTCOMES), seed in 1_u64..1000,
    ) {
        agrees(&asked("breaker", "tuned", &knobs, &acts, outcome, seed))?;
    }
}

#[test]
fn readings_and_facts_of_random_runs_agree_too() {
    let mut lab =
        scenario("server", "calm", &[("rate", "85")], &["2s pause server for 2s", "5s slow server x3"])
            .open();
    lab.advance(Time::from_secs(11), u64::MAX);
    for index in 0..lab.spec().readings.len() {
        agrees(&Question::reading(&*lab, index)).unwrap();
    }
    let facts: Vec<_> = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i)).collect();
    for fact in facts.iter().filter(|fact| fact.told.notable) {
        let question = Question::fact(&*lab, fact);
        assert!(
            question.until == fact.at + Span::from_secs(1)
                && matches!(question.outcome, Outcome::Happened { .. })
        );
        agrees(&question).unwrap();
    }
}
