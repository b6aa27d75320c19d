//! A run goes through a line or a file and comes back as the same run; whatever else stands there is an error or a run,
//! never a panic and never long work.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use halfopen::course::showable::unshowable;
use halfopen::course::{SourceFile, load_scenario};
use halfopen::engine::run::By;
use halfopen::engine::time::{Span, Time};
use halfopen::labs::catalogue::{self, LABS};
use halfopen::labs::knob::Effect;
use halfopen::labs::lab::Lab;
use halfopen::labs::recording::{Recording, Replay, SHORT};
use halfopen::labs::scenario::Scenario;
use halfopen::shell::setup;
use proptest::prelude::*;

/// Reads a run file as the program does; the error is what it tells.
fn read_file(text: &str) -> Result<Recording, String> {
    let loaded = load_scenario(&SourceFile::new("run.toml", text.to_owned()));
    let told: Vec<String> = loaded.problems.iter().map(halfopen::course::Problem::render).collect();
    let Some(file) = loaded.scenario.filter(|_| told.is_empty()) else { return Err(told.join("\n")) };
    setup::recording(&file).map_err(|wrong| {
        let problem = |(place, misread): setup::Wrong| {
            let place = loaded.texts.within(place, misread.at);
            loaded.texts.error(place, &misread.message, misread.help.as_deref()).render()
        };
        wrong.into_iter().take(20).map(problem).collect::<Vec<_>>().join("\n")
    })
}

/// Reads a line; the error is what it tells.
fn read_line(text: &str) -> Result<Recording, String> {
    Recording::read_line(text).map_err(|wrong| {
        let told = wrong.iter().map(|misread| {
            format!("column {}: {misread}\n{}", misread.column(text), misread.point_near(text))
        });
        told.collect::<Vec<_>>().join("\n")
    })
}

fn replayed(recording: &Recording) -> Box<dyn Lab> {
    recording.scenario.run(recording.until.unwrap())
}

/// What somebody does with a lab.
#[derive(Clone, Debug)]
enum Deed {
    Wait(u64),
    Steps(usize),
    Press(usize),
    Turn(usize, bool),
    Back(u64),
    Undo,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (0..900_000_000_u64).prop_map(Deed::Wait),
        3 => (1..60_usize).prop_map(Deed::Steps),
        4 => (0..9_usize).prop_map(Deed::Press),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(knob, up)| Deed::Turn(knob, up)),
        1 => (0..1_500_000_000_u64).prop_map(Deed::Back),
        1 => Just(Deed::Undo),
    ]
}

fn do_it(lab: &mut dyn Lab, deed: &Deed) {
    match deed {
        Deed::Wait(nanos) => {
            lab.advance(lab.now() + Span::from_nanos(*nanos), u64::MAX);
        }
        Deed::Steps(n) => {
            for _ in 0..*n {
                lab.step();
            }
        }
        Deed::Press(n) => {
            let buttons = lab.spec().buttons;
            // A refused act leaves no trace.
            let _refused = lab.act_on(buttons[n % buttons.len()].1);
        }
        Deed::Turn(n, up) => {
            let live: Vec<_> = lab.knobs().iter().filter(|(knob, _)| knob.effect == Effect::Live).collect();
            let (knob, value) = live[n % live.len()];
            let sentence = format!("set {} {}", knob.name, knob.turned(value, *up));
            let _refused = lab.act_on(&sentence);
        }
        Deed::Back(nanos) => lab.seek(lab.now() - Span::from_nanos(*nanos)),
        Deed::Undo => {
            lab.take_back();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_run_comes_back_the_same(
        lab in 0..LABS.len(),
        preset in any::<prop::sample::Index>(),
        seed in 0..u64::MAX,
        scripted in prop::collection::vec((0..3_000_000_000_u64, 0..3_u64, 0..9_usize), 0..4),
        deeds in prop::collection::vec(deed(), 0..16),
    ) {
        let mut scenario = Scenario::first(&LABS[lab]).with_seed(seed);
        scenario.use_preset(preset.get(scenario.lab.spec.presets).name).unwrap();
        let buttons = scenario.lab.spec.buttons;
        let script: Vec<String> = scripted
            .iter()
            .map(|(at, n, button)| format!("{}+{n} {}", Span::from_nanos(*at), buttons[button % buttons.len()].1))
            .collect();
        // Not every preset has the part that a button aims at.
        for sentence in script {
            let _ = scenario.add(&[sentence], By::Script);
        }
        let mut played = scenario.open();
        for deed in &deeds {
            do_it(&mut *played, deed);
        }
        let recording = Recording::of(&*played);
        let line = recording.line();
        prop_assert!(line.chars().all(|c| c.is_ascii() && !c.is_control() && !"'\"$`!\\".contains(c)), "{}", line);
        for read in [read_line(&line), read_file(&recording.file(None, &[]))] {
            let read = read.unwrap_or_else(|told| panic!("{told}"));
            let again = replayed(&read);
            prop_assert_eq!(again.log(), &Recording::of(&*again).scenario.script[..]);
            let mut sorted = played.log().to_vec();
            sorted.sort_by_key(halfopen::engine::run::Entry::place);
            prop_assert_eq!(again.log(), &sorted[..]);
            prop_assert_eq!(again.now(), played.now());
            prop_assert_eq!(read.compare(&*again), Replay::Same);
            prop_assert_eq!(Recording::of(&*again).line(), line.clone());
        }
    }
}

/// A run with a script, a knob and acts by hand, one of them between two events of an instant.
fn sample() -> Recording {
    let mut scenario = Scenario::first(catalogue::find("breaker").unwrap()).with_seed(7);
    scenario.use_preset("tuned").unwrap();
    scenario.knobs.set("call_timeout", "500ms").unwrap();
    scenario.add(&["1s error payments 50% for 1s".to_owned()], By::Script).unwrap();
    let mut lab = scenario.open();
    for (steps, act) in [(40, "crash A"), (25, "set slow_threshold 60%"), (30, "slow shard-3 x5 for 700ms")] {
        for _ in 0..steps {
            lab.step();
        }
        lab.act_on(act).unwrap();
    }
    lab.advance(Time::from_millis(2_500), u64::MAX);
    assert!(lab.log().iter().any(|entry| entry.n > 0));
    Recording::of(&*lab)
}

/// What is told is fit for a terminal, and there is something.
#[track_caller]
fn assert_told(told: &str, of: &str) {
    assert!(!told.trim().is_empty(), "nothing is said of {of:?}");
    let bad = told.chars().find(|c| !matches!(c, '\n' | '\u{fffd}') && unshowable(*c).is_some());
    assert!(bad.is_none(), "{bad:?} in {told:?}");
}

#[test]
fn a_text_cut_off_anywhere_is_an_error_or_a_run() {
    let recording = sample();
    let (line, file) = (recording.line(), recording.file(None, &["ok_per_s >= 0".to_owned()]));
    for cut in 0..line.len() {
        match read_line(&line[..cut]) {
            Err(told) => assert_told(&told, &line[..cut]),
            // Cut before the digest, which stands last, it is a run of which nothing more is known.
            Ok(read) => assert_eq!(read.digest, None, "{}", &line[..cut]),
        }
    }
    let mut runs = 0;
    for cut in 0..file.len() - 1 {
        match read_file(&file[..cut]) {
            Err(told) => assert_told(&told, &file[..cut]),
            // The digest stands first: it tells that something is missing.
            Ok(read) => {
                runs += 1;
                assert_ne!(read.compare(&*replayed(&read)), Replay::Unknown, "{}", &file[..cut]);
            }
        }
    }
    assert!(runs > 0 && runs < 40, "{runs}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_byte_gives_an_error_or_a_run(at in any::<prop::sample::Index>(), byte in any::<u8>(), in_file in any::<bool>()) {
        let recording = sample();
        let text = if in_file { recording.file(None, &[]) } else { recording.line() };
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let read = if in_file { read_file(&text) } else { read_line(&halfopen::course::showable::one_line(&text)) };
        match read {
            Err(told) => assert_told(&told, &text),
            Ok(read) => {
                read.scenario.open().advance(Time::from_secs(3), 5_000);
            }
        }
    }

    #[test]
    fn words_thrown_together_give_an_error_or_a_run(words in prop::collection::vec(word(), 0..40)) {
        let text = format!("halfopen breaker {}", words.join(" "));
        if let Err(told) = read_line(&text) {
            assert_told(&told, &text);
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    let known = "; ; ; set you until digest v1 preset tuned seed 7 20s 20s+3 hang payments for 10s crash A x5 50% first 5 \
                 call_timeout 500ms 0123456789abcdef 1e9 99999999999999999999s +1 1s+99999999999999999999 -1s é";
    let known: Vec<String> = known.split_whitespace().map(ToOwned::to_owned).collect();
    prop_oneof![8 => prop::sample::select(known), 1 => "[ -~é]{0,8}"]
}

#[test]
fn three_dozen_acts_by_hand_fit_a_chat() {
    let mut lab = Scenario::first(catalogue::find("breaker").unwrap()).with_seed(123_456).open();
    let acts = ["slow shard-3 x2.5 for 12.5s", "error payments 37.5% for 10s", "set call_timeout 333ms"];
    for n in 0..36_u64 {
        lab.advance(Time::from_nanos(1_234_567_891 * (n + 1) + 7), u64::MAX);
        lab.act_on(acts[usize::try_from(n).unwrap() % acts.len()]).unwrap();
    }
    lab.advance(lab.now() + Span::from_nanos(987_654_321), u64::MAX);
    let recording = Recording::of(&*lab);
    let line = recording.line();
    assert!(line.len() < SHORT, "{} bytes", line.len());
    let read = read_line(&line).unwrap();
    assert_eq!(read.scenario.script.iter().filter(|entry| entry.by == By::Hand).count(), 36);
    assert_eq!(read.compare(&*replayed(&read)), Replay::Same);
}

#[expect(clippy::disallowed_methods, reason = "it is the clock that is asked")]
#[track_caller]
fn quickly<T>(work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());
    done
}

#[test]
fn a_hostile_file_is_refused_in_a_short_list() {
    let head = "title = \"x\"\nlab = \"breaker\"\n";
    let entries =
        |n: usize, sentence: &str| format!("{head}at = [\n{}]\n", format!("\"{sentence}\",\n").repeat(n));
    let keys = (0..40_000).map(|n| format!("k{n}=1")).collect::<Vec<_>>().join(
        "
",
    );
    for (text, said) in [
        (entries(1_000_000, "1s hang"), "a file of more than 1000000 bytes is not read"),
        (entries(20_000, "1s hang"), "more than 10000 sentences"),
        (entries(10_000, "1s hagn"), "did you mean `hang`?"),
        (entries(10_000, "1s hang").replace("at =", "hand ="), ""),
        (format!("{head}[set]\n{keys}"), "more than 500 knobs"),
        (format!("{head}{keys}"), "too many problems in this file"),
        (format!("{head}at = {}", "[".repeat(9_000)), "nested too deeply"),
        (format!("{head}at = [\"1s hang \\u001b[2J\"]\n"), "a control character"),
        (format!("{head}at = [\"1s hang {}\"]\n", "a".repeat(9_000)), "there is no `aaa"),
        (format!("{head}at = [\"{}\"]\n", "1s hang ".repeat(2_000)), "a line of more than 10000 characters"),
        (format!("{head}digest = \"12345\"\n"), "a digest has 16 hexadecimal digits, unlike `12345`"),
        (format!("{head}for = \"99999999s\"\n"), "`for` is longer than 1000000s"),
        (format!("{head}for = \"0s\"\n"), "a run of no length"),
        (format!("{head}set = {{ wndow = \"3\" }}\n"), "run.toml:3:9"),
        (format!("{head}hand = [\"1s hang\", \"2s crsh A\"]\n"), "run.toml:3:24"),
        (
            format!("format = 2\n{head}what = 3\n"),
            "format 2 is from a newer halfopen; this one reads format 1",
        ),
    ] {
        let told = quickly(|| read_file(&text)).err().unwrap_or_default();
        assert!(told.contains(said), "{said}: {}", &told[..told.floor_char_boundary(2_000)]);
        assert!(told.lines().count() < 1_000, "{} lines", told.lines().count());
    }
    let newer = read_file(&format!("format = 2\n{head}what = 3\n")).unwrap_err();
    assert_eq!(newer.matches("error:").count(), 1, "{newer}");
}

#[test]
fn a_hostile_line_is_refused_at_its_word() {
    for (text, said) in [
        (format!("halfopen breaker{}", "; 1s hang".repeat(1_000_000)), "a line of more than 1000000 bytes"),
        (format!("halfopen breaker{}", "; 1s hang".repeat(20_000)), "more than 10000 sentences"),
        (format!("halfopen breaker{}", "; 1s hagn".repeat(9_000)), "column 22: this lab does not know"),
        (format!("halfopen {}", "x".repeat(900_000)), "there is no lab"),
        (format!("halfopen breaker; {}", "x".repeat(900_000)), "a sentence begins with its time"),
        (";".repeat(900_000), "a run line begins with `halfopen`"),
    ] {
        let told = quickly(|| read_line(&text)).err().unwrap_or_default();
        assert!(told.contains(said), "{said}: {}", &told[..told.floor_char_boundary(500)]);
        assert!(told.lines().count() < 40, "{told}");
    }
}
