//! Every fact leads to its cause, and the chain down to what was done makes sense to a learner.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::engine::time::{Span, Time};
use halfopen::labs::causes::{chain, told};
use halfopen::labs::lab::{Lab, Occurrence};
use halfopen::labs::scenario::{Scenario, Wanted};

fn run(preset: &str, set: &[(&str, &str)], at: &[&str], until: u64) -> Box<dyn Lab> {
    run_of("breaker", preset, set, at, until)
}

fn run_of(lab: &str, preset: &str, set: &[(&str, &str)], at: &[&str], until: u64) -> Box<dyn Lab> {
    let set: Vec<_> = set.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect();
    let at: Vec<_> = at.iter().map(ToString::to_string).collect();
    let wanted = Wanted { lab, preset: Some(preset), set: &set, seed: 7, at: &at };
    Scenario::read(&wanted).unwrap_or_else(|err| panic!("{err:?}")).run(Time::from_secs(until))
}

fn facts<'a>(lab: &'a dyn Lab, kind: &'a str) -> impl Iterator<Item = Occurrence> + 'a {
    (0..lab.fact_count()).filter_map(|at| lab.occurrence(at)).filter(move |fact| fact.told.kind == kind)
}

/// The kinds of a fact and of what led to it, nearest first.
fn kinds(lab: &dyn Lab, fact: &Occurrence) -> Vec<&'static str> {
    std::iter::once(fact.told.kind).chain(chain(lab, fact.number).iter().map(|it| it.told.kind)).collect()
}

/// The kinds that lead to the first fact of this kind.
#[track_caller]
fn first(lab: &dyn Lab, kind: &str) -> Vec<&'static str> {
    let fact = facts(lab, kind).next().unwrap_or_else(|| panic!("no {kind} was told"));
    kinds(lab, &fact)
}

#[test]
fn an_opened_breaker_leads_to_the_call_that_tipped_it_and_to_the_fault() {
    for (preset, fault) in
        [("tuned", "hang payments"), ("tuned", "error payments"), ("tuned", "slow payments x100")]
    {
        let lab = run(preset, &[], &[&format!("20s {fault}")], 40);
        assert_eq!(
            first(&*lab, "breaker-opened"),
            ["breaker-opened", "call-ended", "fault-began"],
            "{fault}"
        );
        let opened = facts(&*lab, "breaker-opened").next().unwrap();
        let root = chain(&*lab, opened.number).pop().unwrap();
        assert_eq!((root.told.part.as_str(), root.at), ("you", Time::from_secs(20)));
        assert!(root.told.sentence.contains(fault), "{}", root.told.sentence);
    }
}

#[test]
fn a_refused_call_leads_to_the_breaker() {
    let lab = run("tuned", &[], &["20s hang payments"], 24);
    let led = first(&*lab, "call-rejected");
    assert_eq!(led, ["call-rejected", "breaker-opened", "call-ended", "fault-began"]);
}

#[test]
fn full_pools_lead_to_one_another_and_to_the_fault() {
    let lab = run("no-breaker", &[], &["20s hang payments"], 40);
    assert_eq!(first(&*lab, "caller-full"), ["caller-full", "fault-began"]);
    assert_eq!(first(&*lab, "gateway-full"), ["gateway-full", "caller-full", "fault-began"]);
    let burst = run("no-breaker", &[], &["20s burst users x20"], 40);
    assert_eq!(first(&*burst, "caller-full"), ["caller-full", "fault-began"]);
}

#[test]
fn half_open_leads_to_open_and_closed_to_the_success_of_a_probe() {
    let lab = run("tuned", &[], &["20s hang payments for 10s"], 60);
    assert_eq!(first(&*lab, "breaker-half-open")[..2], ["breaker-half-open", "breaker-opened"]);
    let closed = facts(&*lab, "breaker-closed").next().unwrap();
    let led = kinds(&*lab, &closed);
    assert_eq!(led[..5], ["breaker-closed", "call-ended", "call", "breaker-half-open", "breaker-opened"]);
    let success = chain(&*lab, closed.number).remove(0);
    assert!(success.told.sentence.contains("has the answer"), "{}", success.told.sentence);
}

#[test]
fn the_end_of_a_fault_leads_to_its_beginning_and_frees_what_hung() {
    let lab = run("no-breaker", &[], &["20s hang payments for 10s"], 40);
    assert_eq!(first(&*lab, "fault-ended"), ["fault-ended", "fault-began"]);
    let reset = facts(&*lab, "call-ended").find(|fact| fact.told.sentence.contains("loses")).unwrap();
    assert_eq!(kinds(&*lab, &reset), ["call-ended", "fault-ended", "fault-began"]);
    let healed = run("no-breaker", &[], &["20s hang shard-3", "30s heal all"], 40);
    assert_eq!(first(&*healed, "fault-ended"), ["fault-ended", "fault-began"]);
}

#[test]
fn a_further_attempt_leads_to_the_former_one() {
    let lab = run("no-breaker", &[("retries", "2"), ("error_rate", "0.5")], &[], 20);
    let again = facts(&*lab, "call").find(|fact| fact.told.sentence.contains("attempt 3")).unwrap();
    let led = kinds(&*lab, &again);
    assert_eq!(led, ["call", "call-ended", "call", "call-ended", "call", "request"]);
    let request = |fact: &Occurrence| fact.told.sentence.split("request ").nth(1).map(digits);
    assert_eq!(request(&chain(&*lab, again.number)[0]), request(&again));
}

fn digits(text: &str) -> String {
    text.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn a_crash_and_a_flood_are_blamed_for_what_they_do() {
    let lab = run("tuned", &[], &["20s crash shard-2"], 21);
    let reset = facts(&*lab, "call-ended").find(|fact| fact.told.sentence.contains("loses")).unwrap();
    assert_eq!(kinds(&*lab, &reset), ["call-ended", "fault-began"]);
    let flooded = run("tuned", &[("count_4xx", "on")], &["20s flood users x3"], 40);
    assert_eq!(first(&*flooded, "breaker-opened"), ["breaker-opened", "call-ended", "fault-began"]);
}

#[test]
fn a_growing_queue_leads_to_what_slowed_the_server() {
    let lab = run_of("server", "calm", &[], &["10s slow server x5 for 20s"], 90);
    assert_eq!(first(&*lab, "queue-grows"), ["queue-grows", "fault-began"]);
    assert_eq!(first(&*lab, "started")[..2], ["started", "arrived"]);
    assert_eq!(first(&*lab, "fault-ended"), ["fault-ended", "fault-began"]);
    assert_eq!(first(&*lab, "queue-empty")[..2], ["queue-empty", "queue-grows"]);
}

/// A cause lies before its effect, whatever happens: no chain runs in a circle.
#[test]
fn causes_lie_in_the_past() {
    for preset in ["tuned", "no-breaker", "retry-inside"] {
        let at = ["5s hang payments for 5s", "8s crash A", "15s burst users x10 for 5s", "25s flap payments"];
        let lab = run(if preset == "retry-inside" { "tuned" } else { preset }, &[("retries", "2")], &at, 60);
        for fact in (0..lab.fact_count()).filter_map(|at| lab.occurrence(at)) {
            assert!(fact.cause.is_none_or(|cause| cause < fact.number), "{fact:?}");
        }
    }
}

#[test]
fn a_long_chain_keeps_its_beginning_and_its_end() {
    let lab = run("tuned", &[], &["20s hang payments"], 60);
    let opened = facts(&*lab, "breaker-opened").last().unwrap();
    let found = chain(&*lab, opened.number);
    let mut chain = vec![found[0].clone(); 20];
    chain.extend(found.last().cloned());
    let lines = told(&chain, 6);
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[4], format!("... {} more ...", chain.len() - 5));
    assert!(lines[5].ends_with("you: Begins: hang payments."), "{lines:?}");
    assert_eq!(told(&chain[..3], 6).len(), 3);
}

#[test]
fn a_breaker_that_waited_longer_each_time_says_how_long_it_waited() {
    let lab = run("tuned", &[("open_factor", "2")], &["5s hang payments"], 120);
    let facts = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i));
    let mut told = Vec::new();
    for fact in facts.filter(|fact| fact.told.kind == "breaker-half-open") {
        let opened = lab.fact(fact.cause.unwrap()).unwrap().at;
        let (_, rest) = fact.told.sentence.split_once("its wait of ").unwrap();
        let wait: Span = rest.split(' ').next().unwrap().parse().unwrap();
        let passed = fact.at.since(opened);
        // The next call asks within some tenths of a second.
        assert!(passed >= wait && passed < wait + Span::from_secs(1), "{passed}: {}", fact.told.sentence);
        told.push(wait);
    }
    told.sort_unstable();
    told.dedup();
    assert!(told.len() > 2, "{told:?}");
}
