//! The command line is a contract: other programs call it. Its shapes, its exit codes, its words for wrong input.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "it prepares files for the program to read")]

use halfopen::labs::catalogue::LABS;
use std::io::Read;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn halfopen(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfopen"));
    command
        .args(args)
        .stdin(Stdio::null())
        .env_remove("HALFOPEN_COURSE")
        .env("HALFOPEN_DATA", "/dev/null/none");
    command
}

fn run(args: &[&str]) -> Output {
    halfopen(args).output().unwrap()
}

#[track_caller]
fn text(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    serde_json::from_str(&text(args)).unwrap()
}

/// The exit code and what is said on standard error.
fn refused(args: &[&str]) -> (i32, String) {
    let output = run(args);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn run_prints_one_object_with_everything() {
    let args = [
        "run",
        "breaker",
        "--preset",
        "tuned",
        "--at",
        "20s hang payments for 10s",
        "--for",
        "40s",
        "--format",
        "json",
    ];
    let run = json(&args);
    let keys: Vec<&String> = run.as_object().unwrap().keys().collect();
    for key in ["lab", "preset", "seed", "knobs", "until", "readings", "series", "occurrences", "invariants"]
    {
        assert!(keys.iter().any(|k| *k == key), "{key}");
    }
    assert_eq!(
        (&run["lab"], &run["preset"], &run["seed"], &run["until"]),
        (&"breaker".into(), &"tuned".into(), &1.into(), &40.0.into())
    );
    let series = run["series"]["ok_per_s"].as_array().unwrap();
    assert_eq!(series.len(), 40);
    assert_eq!(series[7][0], 7, "t is the start of its second");
    assert!(
        run["occurrences"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["kind"] == "breaker-opened" && o["t"].as_f64().unwrap() > 20.0)
    );
    assert_eq!(run["invariants"]["no-call-while-open"], "held");
    assert_eq!(run["knobs"]["call_timeout"], 1.0);
    assert_eq!(run["readings"]["gateway_full_s"], Value::Null);
    assert_eq!(text(&args), text(&args), "the same run gives the same bytes");
}

#[test]
fn csv_has_a_row_a_second_and_a_column_a_reading() {
    let csv = text(&["run", "server", "--for", "12s", "--format", "csv"]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 13);
    assert!(rows[0].starts_with("t,arrivals_per_s,"));
    assert!(rows.iter().all(|row| row.split(',').count() == rows[0].split(',').count()));
}

#[test]
fn events_tell_the_run_in_sentences() {
    let events = text(&["run", "breaker", "--at", "20s hang payments", "--format", "events"]);
    assert!(events.contains("Begins: hang payments."), "{events}");
    assert!(events.contains("Every thread of the gateway is taken"), "{events}");
}

#[test]
fn labs_lists_every_name_that_can_be_used() {
    let lab = json(&["labs", "breaker", "--format", "json"]);
    for key in ["presets", "knobs", "perturbations", "readings", "invariants"] {
        assert!(!lab[key].as_array().unwrap().is_empty(), "{key}");
    }
    let all = json(&["labs", "--format", "json"]);
    assert_eq!(all.as_array().unwrap().len(), LABS.len());
    for preset in lab["presets"].as_array().unwrap() {
        text(&["run", "breaker", "--preset", preset["name"].as_str().unwrap(), "--for", "2s"]);
    }
}

#[test]
fn wrong_input_exits_with_2_and_says_what_was_expected() {
    for (args, said) in [
        (&["run", "breker"][..], "did you mean `breaker`?"),
        (&["run", "breaker", "--preset", "tunde"], "did you mean `tuned`?"),
        (&["run", "breaker", "--set", "cal_timeout=3s"], "did you mean `call_timeout`?"),
        (&["run", "breaker", "--set", "rate=-3"], "`rate` takes a number from 0.1 to 10000/s, not `-3`"),
        (&["run", "breaker", "--set", "rate"], "--set takes KNOB=VALUE, not `rate`"),
        (&["run", "breaker", "--at", "20s hagn payments"], "did you mean `hang`?"),
        (&["run", "breaker", "--at", "20s hang paymints"], "      ^^^^^^^^"),
        (&["run", "breaker", "--for", "soon"], "a time such as 2s"),
        (&["run", "nowhere.toml"], "nowhere.toml"),
        (&["run"], "name a lab"),
        (&["labs", "serve"], "did you mean `server`?"),
        (&["lesson", "braker", "--plain"], "did you mean `breaker`?"),
        (&["lesson", "breaker.99", "--plain"], "breaker.18"),
        (&["quiz", "braker", "--plain"], "breaker"),
        (&["check", "/nowhere"], "/nowhere is not a folder"),
        (&["frobnicate"], "unrecognized subcommand"),
    ] {
        let (code, stderr) = refused(args);
        assert_eq!(code, 2, "{args:?}: {stderr}");
        assert!(stderr.contains(said), "{args:?}: {stderr}");
    }
}

#[test]
fn a_scenario_file_whose_expectation_fails_exits_with_1_and_says_which() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hang.toml");
    let scenario = |expect: &str| {
        format!(
            "title = \"Hang\"\nlab = \"breaker\"\npreset = \"tuned\"\nfor = \"30s\"\nat = [\"20s hang payments\"]\nexpect = [\"{expect}\"]\n"
        )
    };
    std::fs::write(&path, scenario("gateway_full_s is none")).unwrap();
    text(&["run", path.to_str().unwrap(), "--format", "events"]);
    std::fs::write(&path, scenario("breaker.A is open at 10s")).unwrap();
    let (code, stderr) = refused(&["run", path.to_str().unwrap()]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("expected `breaker.A is open at 10s`, but breaker.A was closed in second 9"),
        "{stderr}"
    );
    std::fs::write(&path, scenario("breker.A is open")).unwrap();
    let (code, stderr) = refused(&["run", path.to_str().unwrap()]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("hang.toml:6:12") && stderr.contains("did you mean `breaker.A`?"), "{stderr}");
}

#[test]
fn check_fails_on_a_false_sentence_and_shows_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let chapter = folder.path().join("lessons/01-one");
    std::fs::create_dir_all(&chapter).unwrap();
    std::fs::write(chapter.join("chapter.toml"), "title = \"One\"\nsummary = \"One.\"\n").unwrap();
    let lesson = "+++\nid = \"one\"\ntitle = \"One\"\nminutes = 5\n[[source]]\nid = \"s\"\ntitle = \"S\"\n+++\n\n## A step\n\nText.\n\n\
                  ```claim\nlab = \"server\"\nexpect = \"queue > 1000\"\nseeds = \"1..3\"\n```\n";
    std::fs::write(chapter.join("01-one.md"), lesson).unwrap();
    let output = run(&["check", folder.path().to_str().unwrap()]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("lessons/01-one/01-one.md:16:10"), "{stdout}");
    assert!(stdout.contains("this does not hold: it failed on 3 of 3 seeds"), "{stdout}");
}

#[test]
fn a_pipe_that_closes_is_no_error() {
    let mut child = halfopen(&["run", "breaker", "--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn without_a_terminal_there_is_an_overview() {
    let overview = text(&[]);
    assert!(overview.contains("Circuit breaker") && overview.contains("halfopen lesson"), "{overview}");
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(text(&["completions", shell]).contains("halfopen"));
    }
    assert!(text(&["man"]).contains(".TH halfopen"));
}

/// The line of a run, as `run --format line` prints it.
fn line_of(args: &[&str]) -> String {
    let line = text(&[&["run"], args, &["--format", "line"]].concat());
    line.trim_end().to_owned()
}

#[test]
fn a_run_goes_through_a_line_or_a_file_and_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.toml");
    let path = file.to_str().unwrap();
    let args = [
        "breaker",
        "--preset",
        "tuned",
        "--seed",
        "9",
        "--set",
        "call_timeout=500ms",
        "--at",
        "2s hang payments",
    ];
    let line = line_of(&[&args[..], &["--for", "7.25s"]].concat());
    assert!(line.starts_with("halfopen breaker v") && line.contains("; until 7.25s; digest "), "{line}");
    let saved = run(&["run", &line, "--save", path, "--format", "json"]);
    assert!(saved.status.success());
    assert!(String::from_utf8(saved.stderr).unwrap().contains("saved in"));
    let replayed = run(&["run", path, "--format", "json"]);
    assert_eq!(replayed.stdout, saved.stdout, "the same bytes");
    assert_eq!(String::from_utf8(replayed.stderr).unwrap(), "");
    assert_eq!(line_of(&[path]), line);
    let (code, stderr) = refused(&["run", &line, "--save", path]);
    assert_eq!(code, 2);
    assert!(stderr.contains("is there already and is not overwritten"), "{stderr}");
    let (code, stderr) = refused(&["run", &line, "--save", "/nowhere/run.toml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("/nowhere/run.toml can't be written (No such file"), "{stderr}");
}

#[test]
fn a_replay_that_differs_is_told_and_fails() {
    let line = line_of(&["server", "--for", "5s"]);
    let digest = line.rsplit(' ').next().unwrap();
    let other = line.replace(digest, "0123456789abcdef");
    let (code, stderr) = refused(&["run", &other]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("This is not the run that was recorded (digest 0123456789abcdef then, "),
        "{stderr}"
    );
    let version = line.split(' ').nth(2).unwrap();
    let older = line.replacen(version, "v999", 1);
    let (code, stderr) = refused(&["run", &older]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("Recorded with model version 999, this is"), "{stderr}");
    assert!(stderr.contains("it replays the same"), "{stderr}");
    let both = other.replacen(version, "v999", 1);
    let (code, stderr) = refused(&["run", &both]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("and it no longer replays the same (digest"), "{stderr}");
    let cut = &line[..line.find("; digest").unwrap()];
    let (code, stderr) = refused(&["run", cut]);
    assert_eq!((code, stderr.contains("This line has no digest")), (0, true), "{stderr}");
    for change in [
        &["--seed", "8"][..],
        &["--set", "rate=71"],
        &["--at", "1s pause server"],
        &["--for", "6s"],
        &["--preset", "full"],
    ] {
        let (code, stderr) = refused(&[&["run", &other], change].concat());
        assert_eq!((code, stderr.as_str()), (0, ""), "another run is not compared: {change:?}");
    }
}

#[test]
fn a_wrong_line_is_pointed_at_and_nothing_runs() {
    let long = format!("halfopen breaker{}; 20s hagn payments", "; 1s hang payments for 1s".repeat(40));
    for (line, said) in [
        (
            "halfopen breaker seed 7; 20s hagn payments",
            "column 30: this lab does not know the fault `hagn`; did you mean `hang`?",
        ),
        (&long, "payments for 1s; 20s hagn payments\n"),
        ("halfopen2 breaker", "this line is of format 2, from a newer halfopen; this one reads format 1"),
        ("breaker; 20s hang", "a run line begins with `halfopen`, not with `breaker`"),
        ("halfopen breaker; 20s hang \u{1b}[2J", "there is no `\u{fffd}[2J` to hang"),
    ] {
        let output = run(&["run", line]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
        assert!(output.stdout.is_empty());
        assert!(!stderr.contains('\u{1b}'));
    }
    let endless = format!("halfopen {}", "x".repeat(100_000));
    assert!(refused(&["run", &endless]).1.len() < 2_000);
}

#[test]
fn every_expectation_that_fails_is_told_with_its_moment_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hang.toml");
    let path = path.to_str().unwrap();
    text(&[
        "run",
        "breaker",
        "--preset",
        "tuned",
        "--at",
        "5s hang payments",
        "--for",
        "12s",
        "--save",
        path,
    ]);
    let mut file = std::fs::read_to_string(path).unwrap();
    file.push_str("expect = [\"ok_per_s >= 1000 for 2s after 6s\", \"gateway_full_s is none\", \"p99(ok_per_s) < 1 after 2s\"]\n");
    std::fs::write(path, file).unwrap();
    let output = run(&["run", path, "--format", "json"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    assert!(stderr.contains("expected `ok_per_s >= 1000 for 2s after 6s`, but ok_per_s was "), "{stderr}");
    assert!(stderr.contains(" in second 6, not >= 1000"), "{stderr}");
    assert!(stderr.contains("but p99(ok_per_s) was "), "{stderr}");
    assert!(stderr.contains(" from 2 s to 12 s, not < 1"), "{stderr}");
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expectations = object["expectations"].as_array().unwrap();
    assert_eq!(
        expectations.iter().map(|it| it["holds"].as_bool().unwrap()).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert_eq!(expectations[1]["text"], "gateway_full_s is none");
    assert!(expectations[0]["because"].as_str().unwrap().contains("in second 6"));
}

#[test]
fn run_says_why_a_condition_holds_at_its_end() {
    let args = ["run", "breaker", "--preset", "tuned", "--set", "retries=2", "--for", "30s"];
    let args = [&args[..], &["--at", "20s hang payments for 10s", "--why", "opens >= 3"]].concat();
    let told = text(&args);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "Why opens >= 3, at 30.000 s?");
    assert!(
        lines[1].starts_with("Because of: 20s hang payments for 10s. Without that it does not happen."),
        "{told}"
    );
    assert_eq!(lines[2], "retries 2 made no difference.");

    let object = json(&[&args[..], &["--format", "json"]].concat());
    assert_eq!(object["sets"][0]["because"][0], "20s hang payments for 10s");
    assert_eq!(object["not_needed"][0], "retries 2");

    let told = text(&["run", "server", "--for", "20s", "--why", "queue > 500"]);
    assert!(told.contains("It did not happen: queue was "), "{told}");
    let (code, said) = refused(&["run", "server", "--why", "queu > 500"]);
    assert!(code == 2 && said.contains("did you mean `queue`?"), "{said}");
    let (code, said) = refused(&["run", "server", "--for", "5s", "--why", "queue > 5 at 9s"]);
    assert!(code == 2 && said.contains("the run ends at 5.000 s"), "{said}");
}
