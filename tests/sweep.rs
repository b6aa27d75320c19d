//! `halfopen sweep` and `--plot`: their contract, what they refuse, and that sweeps tell the truth.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "it reads the files that the program writes")]

use std::process::{Command, Output, Stdio};

use halfopen::engine::time::Time;
use halfopen::labs::catalogue;
use halfopen::labs::scenario::Scenario;
use halfopen::labs::sweep::{Plan, Stopped, Varied, reading};
use halfopen::shell::sweep::sweep;
use serde_json::{Value, json};

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfopen"));
    command
        .args(args)
        .stdin(Stdio::null())
        .env_remove("HALFOPEN_COURSE")
        .env("HALFOPEN_DATA", "/dev/null/none");
    command.output().unwrap()
}

#[track_caller]
fn text(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

const MM1: [&str; 10] =
    ["sweep", "server", "--preset", "mm1", "--seeds", "1..12", "--vary", "rate=5,8", "--for", "20s"];

#[track_caller]
fn json_of(more: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = MM1.iter().chain(more).chain(&["--format", "json"]).copied().collect();
    serde_json::from_str(&text(&args)).unwrap()
}

#[test]
fn json_is_a_list_with_an_object_for_each_combination_and_reading() {
    let more = ["--vary", "workers=1,2", "--reading", "done", "--reading", "sojourn_mean_s", "--samples"];
    let list = json_of(&more);
    assert_eq!(list.len(), 2 * 2 * 2);
    let knobs: Vec<&Value> = list.iter().step_by(2).map(|it| &it["knobs"]).collect();
    assert_eq!(knobs[0], &json!({"rate": 5.0, "workers": 1.0}));
    assert_eq!(knobs[1], &json!({"rate": 5.0, "workers": 2.0}));
    assert_eq!(knobs[3], &json!({"rate": 8.0, "workers": 2.0}));
    for it in &list {
        let keys: Vec<&str> = it.as_object().unwrap().keys().map(String::as_str).collect();
        let wanted = [
            "knobs", "max", "mean", "min", "missing", "n", "p10", "p25", "p50", "p75", "p90", "p95", "p99",
            "reading", "samples",
        ];
        assert_eq!(keys, wanted);
        let mut samples: Vec<f64> =
            it["samples"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        assert_eq!((&it["n"], &it["missing"], samples.len()), (&json!(12), &json!(0), 12));
        let mean = samples.iter().sum::<f64>() / 12.0;
        samples.sort_by(f64::total_cmp);
        // Nearest rank: of twelve, the 2nd, 3rd, 6th, 9th, 11th, 12th, 12th.
        let ranks = [
            ("min", 1),
            ("p10", 2),
            ("p25", 3),
            ("p50", 6),
            ("p75", 9),
            ("p90", 11),
            ("p95", 12),
            ("max", 12),
        ];
        for (name, rank) in ranks {
            assert_eq!(it[name].as_f64().unwrap(), samples[rank - 1], "{name}");
        }
        // The reader of JSON may miss the last digit.
        assert!((it["mean"].as_f64().unwrap() / mean - 1.0).abs() < 1e-12);
    }
    // Each sample is what `run` shows for that seed.
    let run: Value = serde_json::from_str(&text(&[
        "run",
        "server",
        "--preset",
        "mm1",
        "--set",
        "rate=8",
        "--set",
        "workers=2",
        "--seed",
        "3",
        "--for",
        "20s",
        "--format",
        "json",
    ]))
    .unwrap();
    assert_eq!(list[7]["reading"], "sojourn_mean_s");
    assert_eq!(list[7]["samples"][2], run["readings"]["sojourn_mean_s"]);
}

#[test]
fn without_a_reading_those_of_the_strips_are_looked_at() {
    let list = json_of(&[]);
    let names: Vec<&str> = list.iter().take(4).map(|it| it["reading"].as_str().unwrap()).collect();
    assert_eq!((names, list.len()), (vec!["done_per_s", "queue", "p99_s", "busy"], 8));
    assert!(list[0].get("samples").is_none());
}

#[test]
fn a_moment_that_never_came_is_missing_and_a_state_is_counted() {
    let args = [
        "sweep",
        "breaker",
        "--preset",
        "tuned",
        "--seeds",
        "1..4",
        "--for",
        "30s",
        "--at",
        "20s hang payments",
        "--reading",
        "first_open_s",
        "--reading",
        "first_close_s",
        "--reading",
        "breaker.A",
        "--samples",
        "--format",
        "json",
    ];
    let list: Vec<Value> = serde_json::from_str(&text(&args)).unwrap();
    assert_eq!((&list[0]["missing"], &list[0]["knobs"]), (&json!(0), &json!({})));
    assert!(list[0]["p50"].as_f64().unwrap() > 20.0);
    assert_eq!((&list[1]["n"], &list[1]["missing"], &list[1]["p50"]), (&json!(4), &json!(4), &Value::Null));
    assert_eq!(list[1]["samples"], json!([null, null, null, null]));
    let words = list[2]["words"].as_object().unwrap();
    assert_eq!(words.values().map(|count| count.as_u64().unwrap()).sum::<u64>(), 4);
}

#[test]
fn text_json_and_csv_have_the_same_figures() {
    let args: Vec<&str> = MM1.iter().chain(&["--reading", "queue", "--format", "csv"]).copied().collect();
    let csv = text(&args);
    let list = json_of(&["--reading", "queue"]);
    let mut rows = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = rows.next().unwrap();
    assert_eq!(head[..4], ["rate", "reading", "n", "missing"]);
    for (row, it) in rows.zip(&list) {
        assert_eq!(row[0].parse::<f64>().unwrap(), it["knobs"]["rate"].as_f64().unwrap());
        for (name, cell) in head.iter().zip(&row).skip(2) {
            assert_eq!(cell.parse::<f64>().unwrap(), it[*name].as_f64().unwrap(), "{name}");
        }
    }
    let args: Vec<&str> = MM1.iter().chain(&["--reading", "queue"]).copied().collect();
    let table = text(&args);
    assert!(table.is_ascii() && table.lines().all(|line| line.len() <= 80), "{table}");
    let max = list[1]["max"].to_string();
    assert!(table.contains(&max), "{max} is not in\n{table}");
}

#[test]
fn the_table() {
    let more = ["--reading", "sojourn_mean_s", "--reading", "queue"];
    let args: Vec<&str> = MM1.iter().chain(&more).copied().collect();
    insta::assert_snapshot!("sweep_table", text(&args));
}

#[test]
fn mistakes_are_pointed_at() {
    let with = |more: &[&str]| refused(&MM1.iter().chain(more).copied().collect::<Vec<_>>());
    let wrong = with(&["--reading", "sojourn_s"]);
    assert!(
        wrong.contains("no reading `sojourn_s`") && wrong.contains("did you mean `sojourn_mean_s`"),
        "{wrong}"
    );
    let wrong = with(&["--vary", "workers=1,many"]);
    assert!(wrong.contains("  workers=1,many\n            ^^^^"), "{wrong}");
    assert!(with(&["--vary", "worker=1"]).contains("did you mean `workers`?"));
    assert!(with(&["--vary", "rate=9"]).contains("varied twice"));
    assert!(with(&["--set", "rate=9"]).contains("both set and varied"));
    assert!(with(&["--seed", "3"]).contains("--seeds"));
    assert!(with(&["--plot", "plot.png"]).contains("plot.svg"));
    assert!(with(&["--plot", "/dev/null/x.svg"]).contains("cannot be written"));
    assert!(with(&["--at", "5s slwo server"]).contains("^^^^"));
    let seeds = |seeds: &str| refused(&["sweep", "server", "--seeds", seeds]);
    assert!(seeds("1..1000000").contains("1000000 runs are too many"));
    assert!(seeds("1..99999999").contains("too many seeds"));
    assert!(seeds("9..1").contains("1..200"));
}

#[test]
fn plots_are_written_for_runs_and_sweeps() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plot.svg");
    let name = file.to_str().unwrap();
    let plotted = |args: &[&str]| {
        text(args);
        std::fs::read_to_string(&file).unwrap()
    };
    let at = ["--at", "5s pause server for 2s", "--for", "10s"];
    let of_run = plotted(&[&["run", "server", "--plot", name, "--reading", "queue"], &at[..]].concat());
    assert!(of_run.starts_with("<svg") && of_run.ends_with("</svg>\n"));
    assert!(of_run.contains("5 s: pause server for 2s") && of_run.contains(">queue<"));
    let sweep = [&MM1[..], &["--plot", name, "--plot-theme", "dark"]].concat();
    let of_sweep = plotted(&sweep);
    assert!(of_sweep.contains("p10 to p90") && !of_sweep.contains("prefers-color-scheme"));
    assert_eq!(of_sweep, plotted(&sweep), "the same sweep gives the same bytes");
}

fn plan(rates: &str, name: &str, seconds: u64, seeds: u64) -> Plan {
    let mut base = Scenario::first(catalogue::find("server").unwrap());
    base.use_preset("mm1").unwrap();
    let varied = vec![Varied::read(rates, &base.knobs).unwrap()];
    let readings = vec![reading(name, base.lab.spec).unwrap()];
    Plan::new(base, Time::from_secs(seconds), 1..=seeds, varied, readings).unwrap()
}

#[test]
fn over_the_cores_comes_what_comes_one_after_the_other() {
    let plan = plan("rate=5,8,9", "queue", 20, 10);
    let serial = plan.sweep().unwrap();
    for _ in 0..3 {
        let parallel = sweep(&plan, &|_, _| {}, &|| true).unwrap();
        let samples = |all: &[halfopen::labs::sweep::Summary]| {
            all.iter().map(|it| (it.samples.clone(), it.outcome.clone())).collect::<Vec<_>>()
        };
        assert_eq!(samples(&parallel), samples(&serial));
    }
}

#[test]
fn what_is_interrupted_gives_nothing() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let done = AtomicUsize::new(0);
    let plan = plan("rate=5", "queue", 20, 2000);
    let swept = sweep(&plan, &|n, _| done.store(n, Ordering::Relaxed), &|| done.load(Ordering::Relaxed) < 5);
    assert_eq!(swept.unwrap_err(), Stopped::Cancelled);
    assert!(done.load(Ordering::Relaxed) < 2000);
}

/// M/M/1: 1 / (mu - lambda), here with mu = 10/s.
#[test]
fn a_queue_takes_as_long_as_theory_says() {
    let plan = plan("rate=3,5,7", "sojourn_mean_s", 1500, 20);
    for (summary, theory) in
        sweep(&plan, &|_, _| {}, &|| true).unwrap().iter().zip([1.0 / 7.0, 0.2, 1.0 / 3.0])
    {
        let mean = summary.figures().unwrap().mean;
        assert!((mean / theory - 1.0).abs() < 0.03, "{mean} is not {theory}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_sweep_in_good_order() {
    use std::time::Duration;
    let mut child = Command::new(env!("CARGO_BIN_EXE_halfopen"))
        .args(["sweep", "server", "--seeds", "1..50000", "--for", "600s"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted"));
}
