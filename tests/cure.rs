//! Remedies of a lesson: what each buys and what it costs, on the screen, line by line, and what `check` says of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a course folder is files")]

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/harness.rs"]
mod harness;

use std::io::Write;
use std::process::{Command, Stdio};

use halfopen::app::Effect;
use halfopen::course::{Block, Loaded, SourceFile, load};
use halfopen::shell::check::check;
use harness::Harness;
use insta::assert_snapshot;

const CHAPTER: &str = "title = \"One\"\nsummary = \"One.\"\n";

/// A queue that is slow for ten seconds: more workers cure it at a price, a bigger queue is no cure.
const CURE: &str = r#"title = "A slow server, and two cures"
lab = "server"
preset = "calm"
at = ["10s slow server x5 for 10s"]
for = "60s"
seeds = "1..5"

[[remedy]]
name = "30 workers"
says = "Three times the workers."
set = { workers = 30 }

[[remedy]]
name = "refuse early"
says = "Who finds twenty waiting is refused."
set = { queue_cap = 20 }

[[cured]]
name = "longest queue"
measure = "max(queue) for 20s after 10s"
better = "less"

[[cured]]
name = "short queue after"
measure = "until queue <= 5 for 3s after 20s"
better = "less"

[[paid]]
name = "refused"
measure = "refused"
better = "less"

[[paid]]
name = "busy on a calm day"
says = "The share of the workers that earn what they are paid."
measure = "mean(utilisation) after 5s"
better = "more"
at = []
for = "30s"
"#;

fn files(cure: &str) -> [SourceFile; 2] {
    let front = "+++\nid = \"one\"\ntitle = \"One\"\nminutes = 5\n\n[[source]]\nid = \"s\"\ntitle = \"S\"\n+++\n\n## A step\n\nText.\n\n";
    let lesson = format!("{front}```cure\n{cure}```\n\n## Another step\n\nText.\n");
    [
        SourceFile::new("lessons/00-one/chapter.toml", CHAPTER),
        SourceFile::new("lessons/00-one/01-one.md", lesson),
    ]
}

fn course(cure: &str) -> Loaded {
    load(&files(cure))
}

fn changed(from: &str, to: &str) -> String {
    assert!(CURE.contains(from), "{from}");
    CURE.replacen(from, to, 1)
}

/// What is wrong with a comparison: line, column and message of each.
fn problems(cure: &str) -> Vec<String> {
    let report = check(&course(cure), None, &|_, _| ());
    let about = |it: &&halfopen::course::Problem| it.path.ends_with("01-one.md");
    report.problems.iter().filter(about).map(ToString::to_string).collect()
}

fn opened(width: u16, height: u16) -> Harness {
    Harness::new(width, height).with(course(CURE).course).mono().press("enter")
}

#[test]
fn a_comparison_is_read_with_its_remedies_and_axes() {
    let loaded = course(CURE);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let step = loaded.course.find_step("one.1").unwrap().step;
    assert!(matches!(step.blocks.last(), Some(Block::Cure(_))));
    let cure = step.cures().next().unwrap();
    assert_eq!((cure.remedies.len(), cure.axes.len(), cure.seeds.count()), (2, 4, 5));
    assert_eq!(problems(CURE), [""; 0]);
}

#[test]
fn the_table_says_by_signs_what_each_remedy_buys_and_costs() {
    assert_snapshot!("cure_invited", opened(80, 24).screen());
    for (width, height) in [(80, 24), (160, 45), (60, 18)] {
        assert_snapshot!(format!("cure_{width}x{height}"), opened(width, height).press("m j l").screen());
    }
    let ascii = Harness::new(80, 24).with(course(CURE).course).ascii().press("enter m j j").screen();
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn a_run_behind_a_number_opens_on_the_bench_and_comes_back_to_the_table() {
    let mut harness = opened(80, 24).press("m j enter");
    let bench = harness.screen();
    assert!(bench.contains("t 8.0 s") && bench.contains("refuse early: a run in the middle"), "{bench}");
    let back = harness.press("q").screen();
    assert!(back.contains("> refuse early"), "{back}");
}

#[test]
fn a_comparison_that_is_left_before_its_end_is_called_off_and_a_finished_one_is_kept() {
    let mut waiting = opened(80, 24);
    waiting.works = false;
    let mut waiting = waiting.press("m");
    assert!(waiting.screen().contains("0 of 30 runs"), "{}", waiting.screen());
    let called_off = |harness: &Harness| harness.effects.iter().any(|it| matches!(it, Effect::CallOff(_)));
    assert!(!called_off(&waiting));
    let left = waiting.press("esc");
    assert!(called_off(&left));
    let works =
        |harness: &Harness| harness.effects.iter().filter(|it| matches!(it, Effect::Work(..))).count();
    let again = opened(80, 24).press("m esc m");
    assert_eq!(works(&again), 1);
    let mut next = opened(80, 24).press("m n");
    assert!(next.screen().contains("Another step"), "{}", next.screen());
}

#[test]
fn what_is_wrong_is_shown_at_its_line() {
    let at = |from: &str, to: &str| problems(&changed(from, to)).join("\n");
    let unknown = at("max(queue)", "max(queu)");
    assert_eq!(unknown, "lessons/00-one/01-one.md:35:16: lab `server` has no reading `queu`");
    let knob = at("workers = 30", "worker = 30");
    assert!(knob.contains(":26:9: this lab has no knob `worker`"), "{knob}");
    let same = at("workers = 30", "workers = 10");
    assert!(same.contains("the remedy `30 workers` is as the scenario without it"), "{same}");
    let beyond = at("for 20s after 10s", "for 80s after 10s");
    assert!(beyond.ends_with("this looks at 90.000 s, but the run ends at 60.000 s"), "{beyond}");
    let window = at("max(queue)", "queue");
    assert!(window.contains(":35:18: one number is wanted of these seconds"), "{window}");
    let nothing = at("set = { workers = 30 }", "");
    assert!(nothing.contains("a remedy that changes nothing"), "{nothing}");
    let better = at("better = \"more\"", "better = \"bigger\"");
    assert!(better.contains("`better` is \"more\" or \"less\", not `bigger`"), "{better}");
    let twice = at("name = \"refused\"", "name = \"longest queue\"");
    assert!(twice.contains("`longest queue` stands here twice"), "{twice}");
    let unpaid = CURE.replace("[[paid]]", "[[cured]]");
    assert!(problems(&unpaid).join("\n").contains("this cure has no [[paid]]"));
    let many = at("1..5", "1..2000");
    assert!(many.contains("runs are too many"), "{many}");
}

#[test]
fn a_remedy_without_use_or_price_is_doubted_unless_the_author_says_so() {
    let useless = changed("set = { workers = 30 }", "set = { queue_cap = 9999 }");
    let told = problems(&useless).join("\n");
    assert!(told.contains(":24:8: `30 workers` buys nothing on any axis on most seeds"), "{told}");
    let free = useless.replace(
        "says = \"Three times the workers.\"",
        "says = \"Never reached.\"\nuseless = true\nfree = true",
    );
    assert_eq!(problems(&free), [""; 0]);
    let wrong =
        changed("says = \"Three times the workers.\"", "says = \"Three.\"\nuseless = true\nfree = true");
    let told = problems(&wrong).join("\n");
    assert!(told.contains("`30 workers` is said to be useless, but buys `longest queue`"), "{told}");
    assert!(told.contains("`30 workers` is said to be free, but"), "{told}");
}

#[test]
fn line_by_line_the_same_is_told_in_sentences() {
    let folder = tempfile::tempdir().unwrap();
    for file in files(CURE) {
        let path = folder.path().join(file.path.as_ref());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.text.as_ref()).unwrap();
    }
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_halfopen"))
        .args(["--course", folder.path().to_str().unwrap(), "lesson", "one", "--plain"])
        .env("HALFOPEN_DATA", data.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"remedies\nremedies 2\nq\n").unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    assert_snapshot!("cure_plain", String::from_utf8_lossy(&out.stdout));
}
