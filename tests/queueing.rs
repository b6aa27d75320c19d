//! The lab `server` measures what queueing theory says (`tests/truth/queueing/queueing.csv`: exact values).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::engine::time::{Span, Time};
use halfopen::labs::catalogue;
use halfopen::labs::scenario::Scenario;

/// One row of the table, as far as the lab can be set to it.
struct Row {
    name: String,
    rate: f64,
    service_s: f64,
    workers: String,
    /// Waiting places.
    cap: String,
    wait_s: f64,
    blocked: f64,
}

fn rows() -> Vec<Row> {
    let table = include_str!("truth/queueing/queueing.csv");
    let lines = table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let number = |text: &str| text.parse::<f64>().unwrap();
    lines
        .filter(|cells| matches!(cells[0], "M/M/1" | "M/M/c" | "M/M/1/K" | "M/M/c/K"))
        // At 99 % load a mean needs hours to settle, and a queue of 1 000 places takes as long to fill.
        .filter(|cells| number(cells[5]) < 0.97 || cells[4] != "inf")
        .filter(|cells| cells[4] == "inf" || number(cells[4]) <= 100.0)
        .map(|cells| Row {
            name: format!("{} lambda={} mu={} c={} K={}", cells[0], cells[1], cells[2], cells[3], cells[4]),
            rate: number(cells[1]),
            service_s: 1.0 / number(cells[2]),
            workers: cells[3].into(),
            cap: match cells[4] {
                "inf" => "none".into(),
                all => format!("{}", number(all) - number(cells[3])),
            },
            wait_s: number(cells[7]),
            blocked: number(cells[11]),
        })
        .collect()
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn waits_and_refusals_are_those_of_theory_within_the_sampling_error() {
    let rows = rows();
    assert!(rows.len() >= 25, "{}", rows.len());
    for row in rows {
        let mut scenario = Scenario::first(catalogue::find("server").unwrap());
        for (knob, value) in [
            ("rate", row.rate.to_string()),
            ("service_time", format!("{}ms", row.service_s * 1000.0)),
            ("workers", row.workers.clone()),
            ("queue_cap", row.cap.clone()),
        ] {
            scenario.knobs.set(knob, &value).unwrap();
        }
        let (warm, end) = (Span::from_secs_f64(2_000.0 / row.rate), Span::from_secs_f64(22_000.0 / row.rate));
        let runs: Vec<(f64, f64)> = (1..=10)
            .map(|seed| {
                let mut lab = scenario.with_seed(seed).open();
                let read = |lab: &dyn halfopen::labs::lab::Lab, name| lab.read(name).number().unwrap();
                let sums = |lab: &dyn halfopen::labs::lab::Lab| {
                    let started = read(lab, "done") + read(lab, "busy");
                    (read(lab, "wait_mean_s") * started, started, read(lab, "refused"), read(lab, "arrivals"))
                };
                lab.advance(Time::ZERO + warm, u64::MAX);
                let before = sums(&*lab);
                lab.advance(Time::ZERO + end, u64::MAX);
                let after = sums(&*lab);
                ((after.0 - before.0) / (after.1 - before.1), (after.2 - before.2) / (after.3 - before.3))
            })
            .collect();
        let (wait, wait_error) = mean_and_error(&runs.iter().map(|run| run.0).collect::<Vec<_>>());
        let (blocked, blocked_error) = mean_and_error(&runs.iter().map(|run| run.1).collect::<Vec<_>>());
        // Ten runs: 4.3 standard errors are exceeded once in 500 by Student's t, and a small bias is left by the warm-up.
        let near = |found: f64, wanted: f64, error: f64| {
            (found - wanted).abs() <= 4.3 * error + 1e-4 * wanted + 1e-9
        };
        assert!(
            near(wait, row.wait_s, wait_error),
            "{}: waits {wait} +- {wait_error}, theory {}",
            row.name,
            row.wait_s
        );
        assert!(
            near(blocked, row.blocked, blocked_error + 1e-4),
            "{}: refuses {blocked}, theory {}",
            row.name,
            row.blocked
        );
    }
}
