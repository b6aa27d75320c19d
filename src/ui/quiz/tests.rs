//! The quiz on a screen in memory: every kind, every verdict, every size.

use crate::app::key::Key;
use crate::app::quiz::{Draft, Stage};
use crate::app::screen::{Go, Screen};
use crate::app::shared::Shared;
use crate::app::{Effect, Message};
use crate::course::{Course, SourceFile, load};
use crate::study::record::{Answer, Kind, Record, VERSION};
use crate::ui::harness::Harness;

const LESSON: &str = "+++\nid = \"demo\"\ntitle = \"Queues\"\nminutes = 5\nneeds = []\n+++\n\n## Load\nText.\n\n## What a slow spell leaves behind\nText.\n";
const CONCEPTS: &str = r#"
[[concept]]
id = "queueing"
name = "Queueing"
definition = "Who finds no free worker waits."
step = "demo.2"
chapter = "demo"

[[concept]]
id = "load"
name = "Load"
definition = "Work that comes, over work that can be done."
step = "demo.1"
chapter = "demo"
"#;
const MISCONCEPTIONS: &str = r#"
[[misconception]]
id = "queue-is-short"
chapter = "demo"
belief = "A queue holds a moment's traffic at most."
refuted_by = "In the run, 20 slow seconds leave 1000 requests waiting."
step = "demo.2"

[[misconception]]
id = "workers-suffice"
chapter = "demo"
belief = "Enough workers make a server fast, whatever a service takes."
refuted_by = "Ten workers of 500 ms each finish 20 requests a second."
step = "demo.1"
"#;

/// A course with the questions of these ids, in one chapter.
fn course(ids: &[&str]) -> Course {
    let loaded = load(&[
        SourceFile::new(
            "lessons/00-demo/chapter.toml",
            "title = \"Queues and load\"\nsummary = \"One server.\"\n",
        ),
        SourceFile::new("lessons/00-demo/01-demo.md", LESSON),
        SourceFile::new("quizzes/demo.toml", include_str!("fixture.toml")),
        SourceFile::new("quizzes/concepts.toml", CONCEPTS),
        SourceFile::new("quizzes/misconceptions.toml", MISCONCEPTIONS),
    ]);
    let mut course = loaded.course;
    for chapter in &mut course.chapters {
        chapter.questions.retain(|question| ids.is_empty() || ids.contains(&question.id.value.as_str()));
    }
    assert!(!course.chapters[0].questions.is_empty(), "{:?}", loaded.problems);
    course
}

fn quiz(ids: &[&str], width: u16, height: u16) -> Harness {
    let shared = Shared { course: course(ids), luck: 3, ..Shared::default() };
    open(Harness::of(shared, width, height))
}

/// Opens the quiz of the chapter, as its key does.
fn open(mut harness: Harness) -> Harness {
    let mut effects = Vec::new();
    harness.app.go(Go::Quiz(Some("demo".to_owned())), &mut effects);
    for effect in effects {
        if let Effect::Record(kind) = effect.clone() {
            let at = jiff::Timestamp::UNIX_EPOCH;
            let record = Record { id: "start".to_owned(), v: VERSION, at, kind };
            let _ = harness.send(Message::Recorded(vec![record]));
        }
        harness.effects.push(effect);
    }
    harness
}

fn answers(harness: &Harness) -> Vec<(Answer, bool)> {
    let answered = harness.effects.iter().filter_map(|effect| match effect {
        Effect::Record(Kind::Answered(answered)) => Some((answered.answer.clone(), answered.right)),
        _ => None,
    });
    answered.collect()
}

/// Where the option or item with this text is shown: its letter.
fn place_of(harness: &mut Harness, text: &str) -> String {
    let screen = harness.screen();
    let line =
        screen.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{text} in\n{screen}"));
    let letter =
        line.split_whitespace().find(|word| word.len() == 1 && word.chars().all(|c| c.is_ascii_lowercase()));
    letter.unwrap().to_owned()
}

#[test]
fn one_option_is_chosen_and_every_option_has_its_reason() {
    let mut harness = quiz(&["one"], 80, 24).press("j j tab tab tab");
    insta::assert_snapshot!("single_asked", harness.screen());
    let wrong = place_of(&mut harness, "About 140");
    let mut harness = harness.press(&wrong).press("enter");
    insta::assert_snapshot!("single_wrong", harness.screen());
    insta::assert_snapshot!("single_wrong_styles", harness.styles());
    assert_eq!(answers(&harness), [(Answer::Options(vec![1]), false)]);
    let mut harness = harness.press("pgdn");
    insta::assert_snapshot!("single_wrong_below", harness.screen());
    // It comes again, and then the quiz is over.
    let mut harness = harness.press("enter");
    assert!(harness.screen().contains("once more"), "{}", harness.screen());
    let right = place_of(&mut harness, "About 1000");
    let mut harness = harness.press(&right).press("enter");
    insta::assert_snapshot!("single_right", harness.screen());
    let harness = harness.press("enter");
    assert!(matches!(harness.effects.last(), Some(Effect::Record(Kind::QuizFinished(it))) if !it.abandoned));
}

#[test]
fn several_options_are_ticked() {
    let mut harness = quiz(&["some"], 80, 24);
    let first = place_of(&mut harness, "Each service");
    let mut harness = harness.press(&first);
    insta::assert_snapshot!("several_asked", harness.screen());
    let mut harness = harness.press("enter");
    insta::assert_snapshot!("several_missed", harness.screen());
}

#[test]
fn items_are_moved() {
    let mut harness = quiz(&["sorted"], 80, 24).press("J j K");
    insta::assert_snapshot!("order_asked", harness.screen());
    let mut harness = harness.press("enter");
    insta::assert_snapshot!("order_wrong", harness.screen());
}

#[test]
fn a_number_is_typed_and_a_trap_is_told() {
    let mut harness = quiz(&["count"], 80, 24).press("1 0 x");
    insta::assert_snapshot!("number_asked", harness.screen());
    let mut harness = harness.press("enter");
    assert!(harness.screen().contains("`10x` is no number"), "{}", harness.screen());
    let mut harness = harness.press("backspace enter");
    insta::assert_snapshot!("number_trap", harness.screen());
    let mut harness = harness.press("enter 9 9 . 7 enter");
    insta::assert_snapshot!("number_right", harness.screen());
    assert_eq!(answers(&harness)[1], (Answer::Number(99.7), true));
}

#[test]
fn a_word_is_typed() {
    let mut harness = quiz(&["word"], 80, 24).press("t h r o u g h p u t enter");
    insta::assert_snapshot!("text_trap", harness.screen());
    let mut harness = harness.press("enter q enter");
    assert!(harness.screen().contains("Your answer  q"), "{}", harness.screen());
}

#[test]
fn nothing_typed_means_not_known_only_at_the_second_enter() {
    let mut harness = quiz(&["word"], 80, 24).press("enter");
    assert!(harness.screen().contains("Enter once more"), "{}", harness.screen());
    let mut harness = harness.press("enter");
    insta::assert_snapshot!("unknown", harness.screen());
    assert_eq!(answers(&harness), [(Answer::Unknown, false)]);
}

#[test]
fn a_line_is_found_in_code() {
    let mut harness = quiz(&["faulty"], 80, 24).press("j j j j j");
    insta::assert_snapshot!("line_asked", harness.screen());
    insta::assert_snapshot!("line_asked_styles", harness.styles());
    let mut harness = harness.press("enter");
    insta::assert_snapshot!("line_wrong", harness.screen());
}

#[test]
fn pairs_are_matched_by_letters() {
    let mut harness = quiz(&["pairs"], 80, 24).press("b a");
    insta::assert_snapshot!("match_asked", harness.screen());
    let harness = harness.press("enter");
    assert!(answers(&harness).is_empty(), "one is still without its match");
    let mut harness = harness.press("c enter");
    insta::assert_snapshot!("match_told", harness.screen());
}

#[test]
fn the_result_is_told_by_concept() {
    let mut harness = quiz(&[], 80, 24);
    let mut wrong = 0;
    while !matches!(harness.effects.last(), Some(Effect::Record(Kind::QuizFinished(_)))) {
        // The first five answers are given up or guessed; then each question is answered by its solution.
        let question = {
            let Some(Screen::Quiz(quiz)) = harness.app.screen() else { panic!("no quiz") };
            quiz.session().turn().map(|turn| turn.question.clone())
        };
        let Some(question) = question else { break };
        harness = if wrong < 5 {
            wrong += 1;
            guess(harness)
        } else {
            solve(harness, &question.solution())
        };
        harness = harness.press("enter");
        assert!(answers(&harness).len() < 40, "{}", harness.screen());
    }
    insta::assert_snapshot!("result", harness.screen());
    insta::assert_snapshot!("result_160x45", harness.resize(160, 45).screen());
}

/// The answer in the making.
fn draft(harness: &Harness) -> Draft {
    match harness.app.screen() {
        Some(Screen::Quiz(quiz)) => match quiz.stage() {
            Stage::Asking { draft, .. } => draft.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Answers with one option, quite sure of it, or not at all.
fn guess(harness: Harness) -> Harness {
    let keys = match draft(&harness) {
        Draft::Single { .. } | Draft::Several { .. } => "tab tab tab tab tab a enter",
        _ => "enter enter",
    };
    harness.press(keys)
}

/// Answers by keys.
fn solve(harness: Harness, solution: &Answer) -> Harness {
    let mut harness = harness.press("tab tab");
    let draft = draft(&harness);
    let letter = |place: usize| char::from(b'a' + u8::try_from(place).unwrap()).to_string();
    match (draft, solution) {
        (Draft::Single { shown, .. } | Draft::Several { shown, .. }, Answer::Options(options)) => {
            for option in options {
                let place = shown.iter().position(|at| at == option).unwrap();
                harness = harness.press(&letter(place));
            }
        }
        (Draft::Order { mut items, .. }, Answer::Order(order)) => {
            for (place, item) in order.iter().enumerate() {
                let mut at = items.iter().position(|other| other == item).unwrap();
                harness = harness.press(&"k ".repeat(9)).press(&"j ".repeat(at));
                while at > place {
                    items.swap(at, at - 1);
                    at -= 1;
                    harness = harness.press("K");
                }
            }
        }
        (Draft::Number(_), Answer::Number(number)) => {
            let keys: Vec<String> = number.to_string().chars().map(String::from).collect();
            harness = harness.press(&keys.join(" "));
        }
        (Draft::Text(_), Answer::Text(text)) => {
            let keys: Vec<String> = text.chars().map(String::from).collect();
            harness = harness.press(&keys.join(" "));
        }
        (Draft::Code { .. }, Answer::Line(line)) => harness = harness.press(&"j ".repeat(*line)),
        (Draft::Match { shown, .. }, Answer::Pairs(pairs)) => {
            for right in pairs {
                let place = shown.iter().position(|at| at == right).unwrap();
                harness = harness.press(&letter(place));
            }
        }
        (draft, solution) => panic!("{draft:?} {solution:?}"),
    }
    harness.press("enter")
}

#[test]
fn a_quiz_left_midway_is_taken_up_where_it_was() {
    let mut harness = quiz(&[], 80, 24);
    for _ in 0..3 {
        harness = guess(harness).press("enter");
    }
    let before = harness.screen();
    let mut harness = open(harness.press("esc"));
    assert_eq!(harness.screen(), before);
    let started =
        harness.effects.iter().filter(|e| matches!(e, Effect::Record(Kind::QuizStarted(_)))).count();
    assert_eq!(started, 1);
}

#[test]
fn seeing_it_happen_opens_the_lab_at_the_moment() {
    let mut harness = quiz(&["one"], 80, 24).press("a enter s");
    let screen = harness.screen();
    assert!(screen.contains("One server") && screen.contains("t 28.0 s"), "{screen}");
    let screen = harness.press("q").screen();
    assert!(screen.contains("The question was") || screen.contains('+'), "{screen}");
}

#[test]
fn small_terminals_scroll() {
    let mut harness = quiz(&["one"], 60, 18).press("a enter");
    insta::assert_snapshot!("single_told_60x18", harness.screen());
    let mut harness = harness.resize(40, 10);
    insta::assert_snapshot!("single_told_40x10", harness.screen());
}

#[test]
fn mono_and_wide() {
    let mut harness = quiz(&["one"], 160, 45).mono().press("a enter");
    insta::assert_snapshot!("single_told_160x45", harness.screen());
    insta::assert_snapshot!("single_told_160x45_mono", harness.styles());
}

#[test]
fn every_kind_can_be_drawn_at_every_size() {
    for id in ["one", "some", "sorted", "count", "word", "faulty", "pairs"] {
        let mut harness = quiz(&[id], 80, 24);
        for keys in ["tab", "i", "pgdn", "enter pgdn pgdn"] {
            harness = harness.press(keys);
            for width in [0, 1, 2, 3, 10, 40, 59, 60, 61, 80, 120, 200] {
                for height in [0, 1, 2, 3, 10, 17, 18, 24, 60] {
                    harness = harness.resize(width, height);
                    let _ = harness.screen();
                }
            }
        }
    }
}

#[test]
fn no_keys_break_it() {
    let keys = [
        "a",
        "b",
        "c",
        "h",
        "j",
        "k",
        "l",
        "J",
        "K",
        "space",
        "enter",
        "enter",
        "tab",
        "shift-tab",
        "i",
        "1",
        "x",
        "left",
        "right",
        "home",
        "end",
        "backspace",
        "delete",
        "pgup",
        "pgdn",
        "up",
        "down",
        "o",
        "s",
    ];
    let mut harness = quiz(&[], 80, 24);
    let mut state = 11_u64;
    for _ in 0..1500 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = usize::try_from(state >> 33).unwrap() % keys.len();
        let key: Key = keys[pick].parse().unwrap();
        let _ = harness.send(Message::Key(key));
        if !matches!(harness.app.screen(), Some(Screen::Quiz(_))) {
            harness = open(harness.press("q"));
        }
        let _ = harness.screen();
    }
}

#[test]
fn nothing_is_answered_by_the_place_where_the_cursor_begins() {
    for id in ["one", "some", "sorted", "faulty", "pairs"] {
        let mut harness = quiz(&[id], 80, 24).press("enter");
        assert!(harness.screen().contains("Nothing is answered yet."), "{}", harness.screen());
        assert!(answers(&harness).is_empty(), "{id}");
    }
}
