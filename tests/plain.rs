//! Whole sessions without a screen, through the program itself: what is typed comes from a pipe, what is said goes to one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a journal is a file")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A learner with a data folder of their own, and the fixture course.
struct Learner {
    data: TempDir,
}

impl Learner {
    fn new() -> Self {
        Self { data: tempfile::tempdir().unwrap() }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_halfopen"));
        let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/course");
        command.arg("--course").arg(course).args(args).env("HALFOPEN_DATA", self.data.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command with these lines as its whole input.
    fn run(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.command(args).spawn().unwrap();
        // A command that asks for nothing may have ended before it is told anything.
        let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// What a command says that works and has nothing to complain about.
    fn says(&self, args: &[&str], input: &str) -> String {
        let output = self.run(args, input);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success() && err.is_empty(), "{args:?}: {}\n{err}\n{out}", output.status);
        let draws = |c: char| c == '\u{1b}' || ('\u{2500}'..='\u{259f}').contains(&c);
        assert!(!out.contains(draws), "{out}");
        out
    }

    /// The complaint of a command that was used wrongly.
    fn refuses(&self, args: &[&str]) -> String {
        let output = self.run(args, "");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(text(&output.stdout), "", "{args:?}");
        text(&output.stderr)
    }

    fn progress(&self) -> Value {
        serde_json::from_str(&self.says(&["progress", "--format", "json"], "")).unwrap()
    }

    fn talk(&self, args: &[&str]) -> Talk {
        let mut child = self.command(args).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Talk { child, stdin, stdout }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A command that is answered as it asks.
struct Talk {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Talk {
    /// What it says until it asks for a line, or ends.
    fn hear(&mut self) -> String {
        let mut heard = Vec::new();
        let mut byte = [0];
        while !heard.ends_with(b"\n> ") && self.stdout.read(&mut byte).unwrap() == 1 {
            heard.push(byte[0]);
        }
        text(&heard)
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The letter under which this was shown last.
fn letter_of(heard: &str, shown: &str) -> String {
    let lines = heard.lines().rev();
    let find = |line: &str| {
        line.split_once(". ").filter(|(_, text)| *text == shown).map(|(letter, _)| letter.to_owned())
    };
    lines.map(find).find_map(|it| it).unwrap_or_else(|| panic!("{shown} is not in:\n{heard}"))
}

/// The right answer to a question of the fixture course, by what is shown of it.
fn right_answer(heard: &str) -> String {
    let how = heard.lines().rev().find(|line| line.starts_with("Type ")).unwrap_or_else(|| panic!("{heard}"));
    let letters = |texts: &[&str]| texts.iter().map(|it| letter_of(heard, it)).collect::<Vec<_>>().join(" ");
    let grows = "It grows while the server is slow";
    match how {
        _ if how.contains("one letter") => letters(&[grows]),
        _ if how.contains("every right letter") => {
            letters(&[grows, "Requests wait longer before they begin"])
        }
        _ if how.contains("right order") => {
            letters(&["A request comes", "It waits in the queue", "A worker begins it"])
        }
        _ if how.contains("each number") => {
            let right = ["calls pass", "calls are rejected", "a few calls pass"];
            let pairs = right.iter().zip(1..).map(|(it, n)| format!("{n}{}", letter_of(heard, it)));
            pairs.collect::<Vec<_>>().join(" ")
        }
        _ if how.contains("a word or two") => "half open".to_owned(),
        _ if how.contains("number of a line") => "2".to_owned(),
        _ => "64 calls".to_owned(),
    }
}

#[test]
fn a_lesson_is_read_to_its_end() {
    let learner = Learner::new();
    let input = "\nclaim\nlab 25s\n\nb 90\n\ngoal\njudge\nset workers 20\njudge\nback\n\n";
    let told = learner.says(&["lesson", "--plain"], input);
    for expected in [
        "Lesson first: A first lesson. Chapter 0.1 A sample chapter, 10 minutes.",
        "Step 1 of 3: Text of every kind",
        "(https://example.org/), a step (step first.2) and a source [r4j].",
        "- Setting: window; Default: 100",
        "Checked on 5 seeds: About seven of ten workers are busy.",
        "- utilisation < 0.9 holds: it held on all 5 seeds.",
        "At 20.000 s: Begins: slow server x5 for 20s.",
        "What came: b. Ten or more",
        "You were right, at 90 %.",
        "Not yet: it failed on",
        "You changed: set workers 20.",
        "Reached: it holds on 5 of 5 seeds.",
        "That was the last step of the course.",
    ] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    let progress = learner.progress();
    let parts = &progress["chapters"][0]["parts"];
    for (part, done) in [("steps", 3), ("predictions", 1), ("goals", 1), ("questions", 0)] {
        assert_eq!(parts[part]["done"], done, "{part}");
    }
    assert_eq!(progress["step"], "first.3");
}

#[test]
fn a_wrong_bet_is_explained_and_a_goal_helps_step_by_step() {
    let learner = Learner::new();
    let input = "\nc\na\nforty\n70\ngo first.3\ngoal\nset rate 3\nset wrokers 3\n20s hang server\nhint\nhint\nhint\nhint\nsolution\nundo\n";
    let told = learner.says(&["lesson", "first.2"], input);
    for expected in [
        "\"c\" is none of them: type a letter from a to b.",
        "How sure are you?",
        "\"forty\" is not a number from 50 (a guess) to 99 (certain).",
        "You said a, at 70 %.",
        "The belief behind it: \"A slow server only makes each request slower.\"",
        "this goal keeps `rate` as it is",
        "did you mean `workers`?",
        "this lab does not know the fault `hang`",
        "Hint 3 of 3: Set workers to 20.",
        "Those were all the hints.",
        "- set workers 20",
        "There is nothing to take back.",
        "Left at step first.3. halfopen lesson --plain goes on there.",
    ] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    assert_eq!(learner.progress()["misconceptions"]["slow-is-fine"]["standing"], "held");
}

#[test]
fn a_quiz_asks_again_what_was_wrong() {
    let learner = Learner::new();
    let mut talk = learner.talk(&["quiz", "sample", "--plain", "--seed", "3"]);
    let mut told = String::new();
    let mut is_missed = false;
    loop {
        let heard = talk.hear();
        told.push_str(&heard);
        if !heard.ends_with("\n> ") {
            break;
        }
        if heard.contains("one letter") && !is_missed {
            is_missed = true;
            talk.type_line("1");
            talk.type_line(&letter_of(&heard, "It stays as it is, only slower"));
            told.push_str(&talk.hear());
        } else {
            talk.type_line(&right_answer(&heard));
        }
    }
    assert!(talk.child.wait().unwrap().success());
    for expected in [
        "One option is right. Type one letter, a to c, or ? if you don't know.",
        "is wrong: The workers are taken for longer, so fewer requests begin.",
        "The belief behind it: \"A slow server only makes each request slower.\" What",
        "Until the timeout ends, the worker is taken.",
        "It comes again at the end.",
        "of 7, again. 1 left.",
        "All right now; 6 of 7 at the first try. By concept:",
        "- Half-open: 3 of 4",
    ] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    assert!(told.contains("halfopen run server --preset calm --at \"10s slow server x5\" --for"), "{told}");
    let progress = learner.progress();
    assert_eq!(progress["chapters"][0]["parts"]["questions"]["done"], 7);
    assert_eq!(progress["misconceptions"]["slow-is-fine"]["held"], 1);
    assert_eq!(progress["concepts"]["half-open"]["wrong"], 1);
}

#[test]
fn a_killed_session_goes_on_where_it_was() {
    let learner = Learner::new();
    let mut quiz = learner.talk(&["quiz", "sample"]);
    for _ in 0..2 {
        let heard = quiz.hear();
        quiz.type_line(&right_answer(&heard));
    }
    let third = quiz.hear();
    quiz.kill();
    let again = learner.says(&["quiz", "sample"], "q\n");
    assert!(again.contains("The quiz that you left goes on, after 2 answers."), "{again}");
    let question =
        |heard: &str| heard[heard.find("Question 3 of 7").unwrap()..heard.rfind("\n> ").unwrap()].to_owned();
    assert_eq!(question(&third), question(&again));
    let progress = learner.says(&["progress"], "");
    assert!(progress.contains("a quiz is open: 2 answers so far, to 7 questions"), "{progress}");

    let mut lesson = learner.talk(&["lesson"]);
    lesson.hear();
    lesson.type_line("");
    assert!(lesson.hear().contains("Step 2 of 3"));
    lesson.kill();
    assert!(learner.says(&["lesson"], "").contains("Step 2 of 3"));
    assert!(learner.says(&["lesson", "--plain"], "b\n").contains("Step 1 of 3"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let learner = Learner::new();
    for args in [&["lesson"][..], &["quiz"], &["lab", "server"], &["progress"], &[]] {
        let mut talk = learner.talk(args);
        let mut byte = [0];
        assert_eq!(talk.stdout.read(&mut byte).unwrap(), 1);
        drop(talk.stdout);
        for _ in 0..3 {
            // It may be gone already, as it should be.
            let _gone = talk.stdin.write_all(b"\n");
        }
        drop(talk.stdin);
        let output = talk.child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}");
        assert_eq!(text(&output.stderr), "", "{args:?}");
    }
}

#[test]
fn a_lab_is_played_by_typed_lines() {
    let learner = Learner::new();
    let input = "run 3s\nslow server x5\nrun 5s\nreadings queue\nset workers 50\nundo\nback 4s\nstep\nslwo server\n\
        readings queeu\nrun soon\npreset ful\npreset full\nseed 7\nto 2s\nscene\ninvariants\nhelp\nquit\nrun 9s\n";
    let told = learner.says(&["lab", "server"], input);
    for expected in [
        "This is lab server, preset calm, seed 1.",
        "At 3.000 s: done_per_s",
        "At 3.000 s: Begins: slow server x5.",
        "At 8.000 s: done_per_s",
        "- queue 2",
        "Taken back: set workers 50.",
        "At 4.000 s: done_per_s",
        "did you mean slow?",
        "Not done: there is no reading queeu; did you mean queue?",
        "A time such as 5s or 500ms was expected, not \"soon\".",
        "did you mean `full`?",
        "Preset full, from 0 s.",
        "This is lab server, preset full, seed 1.",
        "From 0 s with seed 7: the same rules, other luck.",
        "This is lab server, preset full, seed 7.",
        "120/s come, 100/s can be served.",
        "- back 5s: goes back by that time; back alone: 1 s.",
    ] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    assert!(!told.contains("run 9s"), "nothing is played after quit:\n{told}");
    assert!(
        learner.says(&["lab"], "breaker\nset callers 5\n").contains("preset no-breaker, callers 5, seed 1")
    );
}

/// A session in the lab, from its first command on.
fn session(args: &[&str], commands: &[&str]) -> String {
    let told = Learner::new().says(&[&["lab"], args].concat(), &(commands.join("\n") + "\n"));
    told[told.find("\n> ").unwrap() + 1..].to_owned()
}

#[test]
fn time_goes_on_and_back_by_typed_lines() {
    insta::assert_snapshot!(session(
        &["server"],
        &[
            "run 3s",
            "slow server x5 for 3s",
            "run until 8s",
            "run until 2s",
            "previous",
            "previous",
            "previous",
            "next",
            "next",
            "next",
            "next",
            "next",
            "back 2500ms",
            "back step",
            "step 2",
            "back step 2",
            "step many",
            "to end",
            "undo",
            "set workers 12",
            "run",
            "restart",
            "knobs",
            "seed",
            "seed 9",
            "preset busy",
            "20s slow server",
            "quit",
        ]
    ));
}

#[test]
fn futures_are_kept_as_branches_by_typed_lines() {
    insta::assert_snapshot!(session(
        &["server", "--at", "1s burst users x2 for 1s"],
        &[
            "run 8s",
            "to 4s",
            "slow server x5 for 2s",
            "branches",
            "run 4s",
            "switch main",
            "compare slow server @4",
            "rename the calm one",
            "rename",
            "fork",
            "fork the calm one",
            "fork   a better one ",
            "pause server for 1s",
            "run 2s",
            "branches",
            "switch clam",
            "switch 9",
            "switch",
            "switch 2",
            "to 5s",
            "undo",
            "branches",
            "delete 1",
            "delete a better one",
            "delete 1",
            "delete 1",
            "delete 1",
            "branches",
            "compare",
        ]
    ));
}

#[test]
fn twins_run_side_by_side_by_typed_lines() {
    insta::assert_snapshot!(session(
        &["breaker", "--preset", "tuned"],
        &[
            "swap",
            "to parting",
            "run 2s",
            "twin",
            "twin",
            "run 2s",
            "hang payments for 2s",
            "run 3s",
            "twin",
            "to parting",
            "A",
            "hang payments for 2s",
            "B",
            "B",
            "run 500ms",
            "branches",
            "back 4s",
            "swap",
            "set retries 2",
            "step",
            "seed 5",
            "run 1s",
            "single",
            "single",
            "twin main",
            "twin 1",
            "twin 2",
        ]
    ));
}

#[test]
fn parts_log_and_causes_are_told_by_typed_lines() {
    insta::assert_snapshot!(session(
        &["breaker", "--preset", "tuned"],
        &[
            "why",
            "log",
            "run 3s",
            "hang payments for 3s",
            "run 4s",
            "log",
            "log opens b",
            "why",
            "log all request 212",
            "why 604",
            "why x",
            "why 99999",
            "inspect",
            "inspect A",
            "inspect breaker a",
            "inspect shrad 1",
            "log crash",
        ]
    ));
}

#[test]
fn a_command_that_is_mistyped_names_the_nearest() {
    let told = session(
        &["breaker"],
        &[
            "swich main",
            "brunches",
            "hagn payments",
            "hang paymints",
            "set retreis 2",
            "xyzzy",
            "inspct",
            "bcak 5s",
            "to soon",
        ],
    );
    insta::assert_snapshot!(told);
}

#[test]
fn the_events_of_a_run_are_told_with_causes_and_with_how_it_stands() {
    let args = [
        "run",
        "breaker",
        "--preset",
        "tuned",
        "--at",
        "20s hang payments for 3s",
        "--at",
        "26s set retries 1",
    ];
    let told = Learner::new().says(&[&args[..], &["--for", "30s", "--format", "events"]].concat(), "");
    insta::assert_snapshot!(told);
    // A knob that no fact tells of is told all the same; and a long run has its beginning.
    let args =
        ["run", "server", "--preset", "busy", "--at", "2s set rate 99", "--for", "30m", "--format", "events"];
    let long = Learner::new().says(&args, "");
    assert!(
        long.contains("\n      2.000  Done: set rate 99.\n") && long.contains("\nAt 1800.000 s: "),
        "{long}"
    );
}

#[test]
fn a_run_is_shared_and_saved_by_typed_lines_and_opens_where_it_stood() {
    let learner = Learner::new();
    let path = learner.data.path().join("run.toml");
    let save = format!("save {}", path.display());
    let input =
        format!("run 3s\nslow server x5\nstep 3\nset rate 90\nrun 1s\nshare\nsave\n{save}\n{save}\nquit\n");
    let told = learner.says(&["lab", "server"], &input);
    let line = told.lines().find_map(|line| Some(&line[line.find("halfopen server v")?..])).unwrap();
    assert!(line.contains("; you 3s slow server x5; you 3.") && line.contains("; digest "), "{line}");
    for expected in [
        &format!("That is {} bytes.", line.len()),
        "save takes the name of a new file, such as: save server-calm-1.toml.",
        "Saved in ",
        "is there already and is not overwritten.",
    ] {
        assert!(told.replace('\n', " ").contains(expected), "{expected} is not in:\n{told}");
    }
    for again in [line, path.to_str().unwrap()] {
        let again = learner.says(&["lab", again], "undo\nshare\nquit\n");
        assert!(again.contains("Taken back: set rate 90."), "it opens where it stood:\n{again}");
        assert!(!again.contains("no longer"), "{again}");
    }
    let digest = &line[line.len() - 16..];
    let other = learner.says(&["lab", &line.replace(digest, "0123456789abcdef")], "quit\n");
    assert!(other.contains("This is not the run that was recorded"), "{other}");
}

#[test]
fn a_wrong_name_is_told_with_the_nearest() {
    let learner = Learner::new();
    for (args, expected) in [
        (&["lesson", "frist"][..], "there is no lesson `frist`; did you mean `first`?"),
        (&["lesson", "first.9"], "there is no step `first.9`: lesson `first` has steps first.1 to first.3"),
        (&["quiz", "smaple"], "there is no chapter `smaple`; did you mean `sample`?"),
        (&["quiz", "--count", "0"], "--count takes a number from 1 on"),
        (&["lab", "srever"], "did you mean `server`?"),
        (&["reset", "smaple"], "did you mean `sample`?"),
        (&["reset"], "<CHAPTER>"),
        (&["import", "/nowhere/at/all"], "can't be read"),
    ] {
        let complaint = learner.refuses(args);
        assert!(complaint.contains(expected), "{args:?}: {complaint}");
    }
    assert!(learner.says(&["lesson", "first"], "nxet\n").contains("\"nxet\" is no command here; "));
    assert!(learner.data.path().join("journal.jsonl").exists());
}

#[test]
fn without_a_terminal_the_course_is_told() {
    let learner = Learner::new();
    let told = learner.says(&[], "");
    for expected in [
        "0.1 A sample chapter (sample): 0 % done",
        "- lesson first: A first lesson, 10 minutes, 0 of 3 steps seen",
        "- quiz sample: 0 of 7 questions right",
        "- lab server: ",
        "Begin with: halfopen lesson first.1 --plain",
    ] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    assert!(learner.data.path().read_dir().unwrap().next().is_none(), "looking writes nothing");
}

#[test]
fn a_journal_that_cannot_be_used_is_told_once_and_stops_nothing() {
    let learner = Learner::new();
    let file: PathBuf = learner.data.path().join("a-file");
    std::fs::write(&file, "in the way").unwrap();
    let mut child = learner.command(&["lesson"]).env("HALFOPEN_DATA", &file).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"\n\nb 70\n\n\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("That was the last step of the course."));
    let complaints = text(&output.stderr);
    assert!(complaints.lines().count() <= 2 && complaints.contains("a-file"), "{complaints}");
}

#[test]
fn a_journal_goes_to_another_machine_and_begins_anew() {
    let (here, there) = (Learner::new(), Learner::new());
    here.says(&["lesson"], "\n");
    let file = here.data.path().join("export.jsonl");
    let file = file.to_str().unwrap();
    assert!(here.says(&["export", file], "").contains("4 records written to"));
    assert!(here.refuses(&["export", file]).contains("is there already and is not overwritten"));
    assert_eq!(there.says(&["import", file], ""), "4 records new, 0 known already.\n");
    assert_eq!(there.says(&["import", file], ""), "0 records new, 4 known already.\n");
    assert_eq!(there.progress()["chapters"][0]["parts"]["steps"]["done"], 2);
    assert!(there.says(&["reset", "sample"], "no\n").contains("Nothing was changed."));
    assert!(there.says(&["reset", "--all"], "").contains("Nothing was changed."));
    assert_eq!(there.progress()["chapters"][0]["parts"]["steps"]["done"], 2);
    assert!(there.says(&["reset", "sample"], "Yes\n").contains("\"A sample chapter\" begins anew."));
    assert_eq!(there.progress()["chapters"][0]["parts"]["steps"]["done"], 0);
    here.says(&["reset", "--all", "--yes"], "");
    assert_eq!(here.progress()["step"], Value::Null);
}

#[test]
fn what_is_typed_cannot_drive_the_terminal_nor_fill_the_memory() {
    let learner = Learner::new();
    let long = "x".repeat(1_000_000);
    let told = learner.says(&["lesson"], &format!("\u{1b}[2J\n{long}\nsteps\n"));
    assert!(
        told.contains("- first.1 Text of every kind, seen, here") && told.len() < 20_000,
        "{}",
        told.len()
    );
    let mut child = learner.command(&["lesson"]).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"\xff\xfe\nsteps\n").unwrap();
    assert!(text(&child.wait_with_output().unwrap().stdout).contains("first.1 Text"));
}

#[test]
fn bets_are_made_told_and_kept_by_typed_lines() {
    let learner = Learner::new();
    let lines = [
        "bet",
        "bet queue",
        "bet qeue higher 80%",
        "bet queue higher 20%",
        "bet queue higher",
        "bet queue higher 80% in 7s",
        "bet queue higher 80%",
        "bet queue same 60%",
        "run 12s",
        "back 8s",
        "bet ok 1 60",
        "bet done_per_s 70/s 60 % in 5s",
        "run 10s",
        "seed 9",
        "bet done 350 75% in 5s",
        "pause server for 1s",
        "quit",
    ];
    let out = learner.says(&["lab", "server", "--plain"], &(lines.join("\n") + "\n"));
    for text in [
        "Type a reading, what it will be, and how sure you are",
        "What will queue be in 10 s, at t 10 s?\n- higher: higher than now: above 1.",
        "did you mean queue?",
        "\"20%\" is not how sure you are, from 50% (a guess) to 99% (certain).",
        "How sure are you? Put a number from 50 to 99 with a % behind it.",
        "a bet is about 5s, 10s, 30s or 60s from now, not 7s.",
        "Bet for t 10 s: queue higher than now: above 1, 80 % sure.",
        "One bet at a time.",
        "At t 10 s queue came to",
        "At 80 % sure you were right",
        "You have seen this run up to t 12 s on this seed, so this is practice",
        "Bet for t 9 s: done_per_s 70/s (63/s to 77/s), 60 % sure, practice.",
        "Practice: the moment was seen before, so nothing was recorded.",
        "Bet for t 5 s: done 350 more (315 to 385), 75 % sure.",
        "The run is another one now. This is what came of it as you bet on it:",
        "In all,",
    ] {
        let folded = out.replace('\n', " ");
        assert!(folded.contains(&text.replace('\n', " ")), "`{text}` is not said:\n{out}");
    }
    // Two counted, the practice did not; the same run is known in the next session too.
    let calibration = &learner.progress()["calibration"];
    assert_eq!(
        (&calibration["of"], &calibration["brier"], &calibration["missing"]),
        (&2.into(), &Value::Null, &8.into())
    );
    assert_eq!((&calibration["by"][0]["lab"], &calibration["by"][0]["of"]), (&"server".into(), &2.into()));
    assert_eq!(calibration["buckets"][1]["from"], 80);
    let text = learner.says(&["progress"], "");
    assert!(text.contains("How sure you are, and how right\n"), "{text}");
    assert!(text.contains("2 right so far. 8 more make a score."), "{text}");
    let again = learner.says(&["lab", "server", "--plain"], "bet queue higher 80%\nquit\n");
    assert!(again.contains("so this is practice"), "{again}");
}

#[test]
fn a_score_is_told_as_soon_as_there_are_enough() {
    let learner = Learner::new();
    let journal: String = (0..20)
        .map(|n| {
            let right = n < 11;
            format!(
                r#"{{"id":"b{n}","v":1,"at":"2026-01-01T00:00:{n:02}Z","kind":"bet","lab":"server","run":"r{n}","reading":"queue","made_ms":0,"at_ms":10000,"said":{{"outcome":"higher"}},"confidence":80,"came":{{"number":3.0}},"right":{right}}}"#
            ) + "\n"
        })
        .collect();
    std::fs::write(learner.data.path().join("journal.jsonl"), journal).unwrap();
    let text = learner.says(&["progress"], "");
    for line in [
        "Brier score 0.31 over 20 (0 is perfect, 0.25 is a coin toss).",
        "You are surer than you are right, by more than luck explains.",
        "At 80 % sure you are right 55 % of the time (11 of 20).",
        "lab server: Brier score 0.31, 11 of 20 right.",
    ] {
        assert!(text.contains(line), "`{line}` is not said:\n{text}");
    }
    let calibration = &learner.progress()["calibration"];
    assert!((calibration["brier"].as_f64().unwrap() - 0.31).abs() < 1e-9, "{calibration}");
    assert_eq!(calibration["buckets"][0]["rate"], 55);
}
