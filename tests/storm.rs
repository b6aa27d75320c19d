//! The lab `retry-storm` agrees with references that were written independently: the retry-storm model in two languages
//! (`tests/truth/retry-storm/per_seed.csv`, 30 seeds a setting), the contention model behind "Exponential Backoff And
//! Jitter" (`tests/truth/backoff/contention.csv`, 2 000 runs a point), and the closed forms of layered retries.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use halfopen::engine::time::Time;
use halfopen::labs::catalogue;
use halfopen::labs::lab::Lab;
use halfopen::labs::scenario::Scenario;
use rayon::prelude::*;

fn storm(set: &[(&str, &str)]) -> Scenario {
    let mut scenario = Scenario::first(catalogue::find("retry-storm").unwrap());
    for (knob, value) in set {
        scenario.knobs.set(knob, value).unwrap_or_else(|err| panic!("{err}"));
    }
    scenario
}

fn with_fault(scenario: &Scenario, seed: u64, at: u64, fault: &str) -> Box<dyn Lab> {
    let mut lab = scenario.with_seed(seed).open();
    lab.advance(Time::from_secs(at), u64::MAX);
    lab.act_on(fault).unwrap();
    lab
}

fn read(lab: &dyn Lab, name: &str) -> f64 {
    lab.read(name).number().unwrap_or(f64::NAN)
}

/// Mean of a series over the seconds `from..to`.
fn mean_of(lab: &dyn Lab, name: &str, (from, to): (usize, usize)) -> f64 {
    let index = lab.find_reading(name).unwrap();
    let values = (from..to).map(|second| lab.sampled(index, second).number().unwrap());
    values.sum::<f64>() / (to - from) as f64
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

type Setting = (&'static str, &'static [(&'static str, &'static str)], u64);

/// The settings of the reference: what differs from its defaults, and its trigger in seconds.
const SETTINGS: [Setting; 9] = [
    ("01_no_retry", &[("retries", "0")], 20),
    ("02_immediate_metastable", &[], 20),
    ("05_full_jitter", &[("backoff", "full-jitter"), ("backoff_base", "1s"), ("backoff_cap", "8s")], 20),
    ("06_immediate_budget10", &[("budget", "0.1")], 20),
    ("08_immediate_shed_Q50", &[("queue_cap", "50")], 20),
    ("09_immediate_lifo", &[("discipline", "lifo")], 20),
    ("10_deadline_drop_m0", &[("drop_expired", "on"), ("deadline_margin", "0")], 20),
    ("12_low_load_lam20", &[("rate", "20")], 20),
    ("16_short3s_fixed_20s", &[("backoff", "fixed"), ("backoff_base", "20s")], 3),
];

/// For each setting: the columns of the reference by name, a value a seed.
fn reference() -> BTreeMap<String, BTreeMap<String, Vec<f64>>> {
    let text = include_str!("truth/retry-storm/per_seed.csv");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let mut table: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for cells in lines {
        let of = table.entry(cells[0].into()).or_default();
        for (name, cell) in names.iter().zip(&cells).skip(2) {
            of.entry((*name).into()).or_default().push(cell.parse().unwrap_or(f64::INFINITY));
        }
    }
    table
}

const SEEDS: u64 = 16;

#[test]
fn goodput_attempts_and_queue_are_those_of_the_reference_model() {
    let reference = reference();
    assert_eq!(reference.len(), SETTINGS.len());
    for (setting, set, trigger) in SETTINGS {
        let scenario = storm(set);
        let after = 60 + usize::try_from(trigger).unwrap();
        let windows =
            [("pre", (30, 60)), ("trig", (60, after)), ("post60", (after, after + 60)), ("late", (200, 300))];
        let series = [("good", "goodput_per_s"), ("attempts", "attempts_per_s"), ("queue_avg", "queue")];
        let runs: Vec<(Vec<f64>, f64)> = (1..=SEEDS)
            .into_par_iter()
            .map(|seed| {
                let fault = format!("slow server x5 for {trigger}s");
                let mut lab = with_fault(&scenario, seed, 60, &fault);
                lab.advance(Time::from_secs(301), u64::MAX);
                let means = windows
                    .iter()
                    .flat_map(|(_, window)| series.map(|(_, name)| mean_of(&*lab, name, *window)));
                (means.collect(), read(&*lab, "recovery_s"))
            })
            .collect();
        let of = &reference[setting];
        let mut column = 0;
        for (window, _) in windows {
            for (theirs, name) in series {
                let ours: Vec<f64> = runs.iter().map(|(means, _)| means[column]).collect();
                column += 1;
                let (ours, our_error) = mean_and_error(&ours);
                let (theirs, their_error) = mean_and_error(&of[&format!("{theirs}_{window}")]);
                let allowed = (4.0 * our_error.hypot(their_error)).max(0.03 * theirs).max(0.3);
                assert!(
                    (ours - theirs).abs() <= allowed,
                    "{setting} {name} {window}: {ours} here, {theirs} there, {allowed} allowed"
                );
            }
        }
        let came_back =
            runs.iter().filter(|(_, recovery)| recovery.is_finite()).count() as f64 / SEEDS as f64;
        let there = &of["recovery_s"];
        let share = there.iter().filter(|recovery| recovery.is_finite()).count() as f64 / there.len() as f64;
        assert!((came_back - share).abs() < 0.15, "{setting}: {came_back} recover here, {share} there");
    }
}

#[test]
fn contention_costs_the_calls_and_the_time_of_the_aws_simulator() {
    const RUNS: u64 = 60;
    let names = [
        ("None", "immediate"),
        ("Exponential", "exponential"),
        ("EqualJitter", "equal-jitter"),
        ("FullJitter", "full-jitter"),
        ("Decorr", "decorrelated"),
    ];
    let mut compared = 0;
    for row in include_str!("truth/backoff/contention.csv").lines().skip(1) {
        let columns: Vec<&str> = row.split(',').collect();
        let number = |at: usize| columns[at].parse::<f64>().unwrap();
        let clients = columns[0];
        if !["1", "10", "50", "100"].contains(&clients) {
            continue;
        }
        let backoff =
            names.iter().find(|(theirs, _)| *theirs == columns[1]).unwrap_or_else(|| panic!("{row}")).1;
        let mut scenario = Scenario::first(catalogue::find("retry-storm").unwrap());
        scenario.use_preset("contention").unwrap();
        scenario.knobs.set("clients", clients).unwrap();
        scenario.knobs.set("backoff", backoff).unwrap();
        let runs: Vec<(f64, f64)> = (1..=RUNS)
            .into_par_iter()
            .map(|seed| {
                let mut lab = scenario.with_seed(seed).open();
                lab.advance(Time::from_secs(300), u64::MAX);
                (read(&*lab, "calls"), read(&*lab, "completion_s") * 1e3)
            })
            .collect();
        let calls: Vec<f64> = runs.iter().map(|run| run.0).collect();
        let completion: Vec<f64> = runs.iter().map(|run| run.1).collect();
        for (what, ours, mean, sd) in
            [("calls", calls, number(3), number(4)), ("ms", completion, number(6), number(7))]
        {
            let ours = mean_and_error(&ours).0;
            let allowed = 3.0 * (sd * sd / RUNS as f64 + sd * sd / 2000.0).sqrt() + 1e-9;
            assert!(
                (ours - mean).abs() <= allowed,
                "{clients} clients, {backoff}, {what}: {ours} here, {mean} there, {allowed} allowed"
            );
        }
        compared += 1;
    }
    assert_eq!(compared, 20);
}

/// Model A: only the bottom fails. Expected calls at the bottom for each request: (1 - p^(n^L)) / (1 - p), or n^L if p is 1.
/// Model B: every layer fails by itself as well, before it calls on.
#[test]
fn layers_that_retry_multiply_as_the_closed_forms_say() {
    for (layers, retries, p, by_themselves) in [
        (1, 3, 0.5, false),
        (2, 2, 0.5, false),
        (3, 3, 1.0, false),
        (3, 2, 0.9, false),
        (4, 1, 0.7, false),
        (2, 2, 0.5, true),
        (3, 3, 0.3, true),
    ] {
        let n = f64::from(retries + 1);
        let own = if by_themselves { p } else { 0.0 };
        let mut failure: f64 = p;
        let mut calls = 1.0;
        for _ in 0..layers {
            let all_fail = failure.powi(retries + 1);
            let attempts = if failure > 1.0 - 1e-9 { n } else { (1.0 - all_fail) / (1.0 - failure) };
            calls *= (1.0 - own) * attempts;
            failure = own + (1.0 - own) * all_fail;
        }
        let scenario = storm(&[
            ("tiers", &layers.to_string()),
            ("retries", &retries.to_string()),
            ("error_rate", &p.to_string()),
            ("tier_errors", &own.to_string()),
            ("timeout", "0"),
            ("rate", "50"),
            ("workers", "1000"),
            ("service", "1ms"),
            ("queue_cap", "none"),
        ]);
        let runs: Vec<(f64, f64)> = (1..=10)
            .into_par_iter()
            .map(|seed| {
                let mut lab = scenario.with_seed(seed).open();
                lab.advance(Time::from_secs(60), u64::MAX);
                let over = read(&*lab, "good") + read(&*lab, "failed");
                (read(&*lab, "calls_per_request"), read(&*lab, "failed") / over)
            })
            .collect();
        let (ours, error) = mean_and_error(&runs.iter().map(|run| run.0).collect::<Vec<_>>());
        assert!(
            (ours - calls).abs() <= 4.0 * error + 0.01,
            "{layers} layers, p {p}: {ours} calls, {calls} expected"
        );
        let (ours, error) = mean_and_error(&runs.iter().map(|run| run.1).collect::<Vec<_>>());
        assert!(
            (ours - failure).abs() <= 4.0 * error + 0.002,
            "{layers} layers, p {p}: {ours} fail, {failure} expected"
        );
    }
}
