//! The surprises of the breaker lab: each is what a learner must be able to see, on more than one seed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::ops::RangeInclusive;

use halfopen::engine::time::{Span, Time};
use halfopen::labs::language::{Claim, judge_runs};
use halfopen::labs::scenario::{Scenario, Wanted};

/// A run to be judged.
struct Case<'a> {
    preset: &'a str,
    set: &'a [(&'a str, &'a str)],
    at: &'a [&'a str],
    length: &'a str,
    seeds: RangeInclusive<u64>,
}

const USUAL: Case<'_> = Case { preset: "no-breaker", set: &[], at: &[], length: "60s", seeds: 1..=10 };

impl Case<'_> {
    /// Fails unless every claim holds.
    #[track_caller]
    fn holds(&self, claims: &[&str]) {
        let set: Vec<_> = self.set.iter().map(|(k, v)| ((*k).to_string(), (*v).to_string())).collect();
        let at: Vec<_> = self.at.iter().map(ToString::to_string).collect();
        let wanted = Wanted { lab: "breaker", preset: Some(self.preset), set: &set, seed: 1, at: &at };
        let scenario = Scenario::read(&wanted).unwrap_or_else(|err| panic!("{err:?}"));
        let until = Time::ZERO + self.length.parse::<Span>().unwrap();
        let runs: Vec<_> =
            self.seeds.clone().map(|seed| (seed, scenario.with_seed(seed).run(until))).collect();
        for (seed, run) in &runs {
            let broken: Vec<_> = run.invariants().into_iter().filter_map(|s| s.broken.cloned()).collect();
            assert!(broken.is_empty(), "seed {seed}: {broken:?}");
        }
        for text in claims {
            let claim = Claim::read(text, scenario.lab.spec)
                .unwrap_or_else(|err| panic!("{}\n{err}", err.point(text)));
            let found: Vec<_> = runs.iter().map(|(seed, run)| claim.find(*seed, &**run)).collect();
            let verdict = judge_runs(&claim, &found);
            assert!(verdict.holds, "{text}: {}", verdict.because);
        }
    }
}

#[test]
fn without_a_breaker_a_hanging_dependency_takes_callers_and_gateway_with_it() {
    let story = Case { at: &["20s hang payments"], ..USUAL };
    story.holds(&[
        "mean(ok_per_s) > 50 for 10s after 10s",
        "order_full_s < 24",
        "gateway_full_s < 28",
        // Requests that need no payment die too.
        "browse_ok_per_s = 0 after 30s",
        "order_blocked = 60 after 30s",
    ]);
}

#[test]
fn with_a_breaker_it_fails_fast_and_the_rest_lives() {
    let story = Case { preset: "tuned", at: &["20s hang payments"], ..USUAL };
    story.holds(&[
        "breaker.A is open within 6s of 20s",
        "gateway_full_s is none",
        "mean(browse_ok_per_s) > 25 after 30s",
        "mean(slow_err_per_s) < 8 after 30s",
        "mean(fast_err_per_s) > 20 after 30s",
    ]);
}

#[test]
fn failing_fast_frees_the_thread() {
    let at = &["20s hang payments"][..];
    // A timeout of 1 s alone: each of the 30 calls a second holds its thread for a second.
    Case { preset: "timeout-only", at, ..USUAL }
        .holds(&["mean(order_blocked) > 20 after 30s", "mean(p99_s) >= 1 after 30s"]);
    Case { preset: "tuned", at, ..USUAL }
        .holds(&["mean(order_blocked) < 8 after 30s", "p50(p50_s) < 0.05 after 30s"]);
}

#[test]
fn a_small_window_trips_by_luck_and_a_larger_one_does_not() {
    let of = |window| [("window_size", window), ("minimum_calls", window)];
    let long = Case { preset: "small-window", length: "600s", seeds: 1..=41, ..USUAL };
    Case { set: &of("10"), ..long }
        .holds(&["p50(first_open_s) < 8 on seeds", "p50(first_open_s) > 1 on seeds"]);
    let long = Case { preset: "small-window", length: "600s", seeds: 1..=41, ..USUAL };
    Case { set: &of("20"), ..long }
        .holds(&["p50(first_open_s) > 15 on seeds", "p50(first_open_s) < 100 on seeds"]);
    let hour = Case { preset: "small-window", length: "3600s", seeds: 1..=5, ..USUAL };
    Case { set: &of("50"), ..hour }.holds(&["first_open_s is none"]);
}

#[test]
fn a_caller_with_little_traffic_never_trips() {
    let quiet = Case { preset: "low-traffic", at: &["10s error payments"], length: "600s", ..USUAL };
    quiet.holds(&["first_open_s is none", "ok_per_s = 0 after 15s", "buffered.A < 20 always"]);
}

#[test]
fn one_dead_shard_of_five_behind_one_breaker_rejects_calls_that_would_have_worked() {
    let at = &["10s hang shard-3"][..];
    Case { preset: "one-shard", at, ..USUAL }.holds(&[
        "first_open_s < 30",
        "wrongly_rejected > 0.65 * rejected",
        "wrongly_rejected < 0.9 * rejected",
    ]);
    // A breaker for each shard rejects only what would have failed.
    Case { preset: "one-shard", set: &[("scope", "per-shard")], at, ..USUAL }.holds(&[
        "opens >= 3",
        "wrongly_rejected = 0",
        "rejected > 50",
    ]);
}

#[test]
fn half_open_decides_after_the_smaller_of_permitted_and_minimum() {
    // Calls of 1 ms do not overlap, so every probe is decided before the next is let through.
    let of = |probes, minimum| {
        let quick = [("service_time", "1ms"), ("service_distribution", "constant"), ("window_size", "20")];
        [quick[0], quick[1], quick[2], ("probes", probes), ("minimum_calls", minimum)]
    };
    let at = &["10s error payments for 4s"][..];
    for (probes, minimum, admitted) in [("10", "3", 9), ("5", "20", 15), ("1", "20", 3)] {
        Case { preset: "tuned", set: &of(probes, minimum), at, ..USUAL }
            .holds(&["closes = 3", &format!("half_open_admitted = {admitted}")]);
    }
}

/// When the first breaker opened, with a retry that stands in this place.
fn first_open(place: &str, seed: u64) -> f64 {
    let at = ["10s error payments".to_string()];
    let wanted = Wanted { lab: "breaker", preset: Some(place), set: &[], seed, at: &at };
    let run = Scenario::read(&wanted).unwrap().run(Time::from_secs(60));
    run.read("first_open_s").number().unwrap()
}

#[test]
fn a_breaker_inside_the_retries_sees_each_attempt_and_opens_sooner() {
    let wins = (1..=20)
        .filter(|seed| first_open("retry-outside", *seed) < first_open("retry-inside", *seed))
        .count();
    assert!(wins >= 19, "{wins} of 20");
}

#[test]
fn callers_that_opened_together_probe_together_unless_the_wait_is_spread() {
    let at = &["10s error payments for 4s"][..];
    Case { preset: "herd", at, length: "30s", seeds: 1..=4, ..USUAL }.holds(&["probe_peak > 45"]);
    Case { preset: "herd", set: &[("open_jitter", "50%")], at, length: "30s", seeds: 1..=4 }
        .holds(&["probe_peak < 25"]);
}

#[test]
fn every_real_system_opens_on_a_hang_and_closes_after_it() {
    for preset in ["resilience4j", "hystrix", "hystrix-master", "opossum", "pybreaker"] {
        Case { preset, at: &["10s hang payments for 20s"], length: "120s", seeds: 1..=3, ..USUAL }.holds(&[
            "first_open_s < 30",
            "closes >= 3",
            "mean(pay_ok_per_s) > 25 for 10s after 105s",
        ]);
    }
}

#[test]
fn a_killed_caller_takes_its_share_with_it_and_starts_again_with_a_fresh_breaker() {
    Case {
        preset: "tuned",
        at: &["10s hang payments", "14s crash A", "20s restart A"],
        length: "30s",
        ..USUAL
    }
    .holds(&[
        "breaker.A is open at 14s",
        "mean(fast_err_per_s) > 25 for 5s after 15s",
        "breaker.A is closed at 21s",
    ]);
}

#[test]
fn a_flood_of_bad_requests_opens_a_breaker_that_counts_4xx_and_no_other() {
    let at = &["10s flood users x2"][..];
    Case { preset: "tuned", at, ..USUAL }.holds(&["opens > 0", "wrongly_rejected > 50"]);
    Case { preset: "tuned", set: &[("count_4xx", "off")], at, ..USUAL }.holds(&["opens = 0", "rejected = 0"]);
}

#[test]
fn the_first_calls_fail_whichever_shard_they_need() {
    let wanted = Wanted {
        lab: "breaker",
        preset: Some("timeout-only"),
        set: &[],
        seed: 3,
        at: &["10s error payments first 7".into()],
    };
    let run = Scenario::read(&wanted).unwrap().run(Time::from_secs(60));
    let failed = run.read("fast_err").number().unwrap() + run.read("slow_err").number().unwrap();
    assert!((failed - 7.0).abs() < 1e-9, "{failed}");
}
