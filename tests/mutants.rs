//! The claims of chapter 8.1 hold the constants of the breaker: with any of them a fifth larger, some sentence is false.
//!
//! A constant that no claim notices is a lesson that says nothing about it, so each such is listed here with its reason.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::course::setup::Claim as Sentence;
use halfopen::course::{embedded, load};
use halfopen::engine::time::{Span, Time};
use halfopen::labs::judge::Trial;
use halfopen::labs::knob::{Kind, Knob, Value};
use halfopen::labs::scenario::Scenario;
use halfopen::shell::{judge, setup};

/// What is multiplied: every number by which a breaker of the lab decides, and those around it that the chapter teaches.
const CONSTANTS: [&str; 19] = [
    "failure_threshold",
    "slow_threshold",
    "slow_call",
    "window_size",
    "minimum_calls",
    "open_for",
    "open_jitter",
    "open_factor",
    "open_max",
    "probes",
    "max_half_open",
    "consecutive",
    "call_timeout",
    "gateway_timeout",
    "retries",
    "backoff_base",
    "backoff_factor",
    "order_threads",
    "order_queue",
];

/// Those that no claim notices, and why none does.
const UNNOTICED: [(&str, &str); 2] = [
    ("gateway_timeout", "no lesson sets it: the chapter bounds the wait where the call is made"),
    ("order_queue", "the chapter shows which threads run out; a longer queue before them changes no order"),
];

/// A fifth more, or what comes nearest to it in the knob's range: less where more is not allowed.
fn mutated(knob: &Knob, value: Value) -> Option<Value> {
    let candidates = match value {
        Value::Count(n) => {
            let more = (n * 6).div_ceil(5).max(n + 1);
            vec![Value::Count(more), Value::Count(n * 5 / 6)]
        }
        Value::Number(x) => vec![Value::Number(x * 1.2), Value::Number(x / 1.2)],
        Value::Share(x) => vec![Value::Share(x * 1.2), Value::Share(x / 1.2)],
        Value::Span(span) => {
            let times = |by: f64| Value::Span(Span::from_secs_f64(span.secs() * by));
            vec![times(1.2), times(1.0 / 1.2)]
        }
        Value::Choice(_) | Value::Switch(_) => return None,
    };
    // Zero is "none" or "never": there is nothing to multiply. A limit of none stays one.
    let is_nothing = value.number().is_none_or(|x| x <= 0.0 || !x.is_finite());
    let differs = |it: &Value| *it != value && knob.admits(*it);
    if is_nothing || matches!(knob.kind, Kind::Switch) { None } else { candidates.into_iter().find(differs) }
}

/// The scenario of a claim with that constant multiplied; none where it plays no part.
fn mutant(scenario: &Scenario, name: &str) -> Option<Scenario> {
    let (index, knob) = scenario.knobs.find(name).ok()?;
    let value = mutated(knob, scenario.knobs.value(index)?)?;
    let mut mutant = scenario.clone();
    mutant.knobs.put(index, value);
    Some(mutant)
}

/// Whether a claim holds with that scenario in place of its own.
fn holds(sentence: &Sentence, scenario: Scenario) -> bool {
    let read = |text| setup::claim(text, scenario.lab.spec).unwrap();
    let claims = sentence.expect.iter().map(read).collect();
    let trial = Trial::new(scenario, Time::ZERO + sentence.length);
    judge::claims(&trial, claims, &sentence.seeds.iter()).iter().all(|judged| judged.verdict.holds)
}

#[test]
fn some_claim_notices_each_constant_a_fifth_larger() {
    let course = load(&embedded::files()).course;
    let chapter = course.find_chapter("8.1").unwrap();
    let steps = chapter.lessons.iter().flat_map(|lesson| &lesson.steps);
    let mut claims: Vec<(&Sentence, Scenario)> = steps
        .flat_map(halfopen::course::Step::claims)
        .map(|claim| (claim, setup::scenario(&claim.setup).unwrap()))
        .filter(|(_, scenario)| scenario.lab.spec.name == "breaker")
        .collect();
    // The quick ones first: most constants are noticed by several.
    claims.sort_by_key(|(claim, _)| claim.seeds.count() * claim.length.nanos());
    let mut wrong = Vec::new();
    for name in CONSTANTS {
        // Where the claim itself sets the constant, it speaks of it: those first.
        let (own, others): (Vec<_>, Vec<_>) =
            claims.iter().partition(|(claim, _)| claim.setup.set.iter().any(|it| it.knob.value == name));
        let noticed = own
            .into_iter()
            .chain(others)
            .find(|(claim, scenario)| mutant(scenario, name).is_some_and(|mutant| !holds(claim, mutant)));
        let reason = UNNOTICED.iter().find(|(listed, _)| *listed == name);
        match (noticed, reason) {
            (None, None) => wrong.push(format!("no claim notices `{name}`")),
            (Some((claim, _)), Some(_)) => {
                wrong.push(format!("`{name}` is listed, but noticed by `{}`", claim.expect[0]));
            }
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
