//! The palette on the screen: what it finds from where, what it does, and what it says to a sentence that is wrong.

use std::time::Duration;

use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, proptest};

use crate::app::screen::{Go, Screen};
use crate::app::shared::Shared;
use crate::app::{Message, Overlay};
use crate::course::StepId;
use crate::ui::harness::{self, Harness};

/// The fixture course, and over it the lab of this name.
fn lab(name: &'static str, width: u16, height: u16) -> Harness {
    let mut harness = Harness::fixture(width, height);
    harness.app.go(Go::Play(name, None), &mut Vec::new());
    harness
}

/// Types a text, a key a character.
fn types(mut harness: Harness, text: &str) -> Harness {
    for c in text.chars() {
        harness = harness.press(&if c == ' ' { "space".to_owned() } else { c.to_string() });
    }
    harness
}

fn is_open(harness: &Harness) -> bool {
    matches!(harness.app.overlay(), Some(Overlay::Palette(_)))
}

/// The names of what is listed, from the top.
fn names(harness: &Harness) -> Vec<String> {
    let Some(Overlay::Palette(palette)) = harness.app.overlay() else { return Vec::new() };
    let name =
        |number| palette.row(number).map(|row| format!("{}: {}", row.entry.kind.word(), row.entry.name));
    (0..palette.len()).filter_map(name).collect()
}

fn assert_shows(harness: &mut Harness, texts: &[&str]) {
    let screen = harness.screen();
    for text in texts {
        assert!(screen.contains(text), "`{text}` is not on the screen:\n{screen}");
    }
}

#[test]
fn on_the_map_the_course_comes_first() {
    let mut harness = Harness::fixture(80, 24).press("ctrl-p");
    insta::assert_snapshot!("map_80x24", harness.screen());
    let mut harness = types(harness, "qu");
    insta::assert_snapshot!("map_qu_80x24_mono", harness.screen());
    insta::assert_snapshot!("map_qu_80x24_mono_styles", harness.mono().styles());
}

#[test]
fn in_a_lab_what_can_be_done_to_it_comes_first() {
    let mut harness = lab("breaker", 80, 24).press(":");
    insta::assert_snapshot!("lab_80x24", harness.screen());
    let mut harness = types(lab("breaker", 160, 45).press(":"), "pay");
    insta::assert_snapshot!("lab_pay_160x45", harness.screen());
    insta::assert_snapshot!("lab_pay_160x45_styles", harness.styles());
    let mut harness = types(lab("breaker", 60, 18).press(":"), "pay");
    insta::assert_snapshot!("lab_pay_60x18", harness.screen());
    insta::assert_snapshot!("lab_pay_60x18_ascii", harness.ascii().screen());
}

#[test]
fn a_fault_in_words_is_offered_first_and_happens() {
    let mut harness = types(lab("server", 80, 24).press(":"), "slow server x3 for 4s");
    insta::assert_snapshot!("now_80x24", harness.screen());
    harness = harness.press("enter");
    assert!(!is_open(&harness));
    let harness = types(harness.press(":"), "set workers 12").press("enter");
    let player = harness.app.screen().and_then(Screen::player).unwrap();
    assert_eq!(player.changes(), ["0s slow server x3 for 4s", "0s set workers 12"]);
}

#[test]
fn a_wrong_word_is_pointed_at_once_it_is_typed() {
    let harness = types(lab("server", 80, 24).press(":"), "slow sever");
    let mut harness = types(harness, " x3");
    insta::assert_snapshot!("misread_80x24", harness.screen());
    // It can be mended where it stands.
    harness = harness.press("left left left left left left r");
    assert!(!harness.screen().contains("there is no"));
    let mut harness = harness.press("backspace right right right right right right enter");
    assert_shows(&mut harness, &["there is no `sever` to slow; did you mean `server`?"]);
    let mut harness = harness.press("left left left left left left r enter");
    assert!(!is_open(&harness));
    assert_shows(&mut harness, &["Begins: slow server x3."]);
}

#[test]
fn what_is_no_name_is_said_to_the_lab_which_tells_what_it_knows() {
    let mut harness = types(lab("server", 80, 24).press(":"), "explode").press("enter");
    assert_shows(&mut harness, &["this lab does not know the fault `explode`", "burst, heal, set"]);
    let mut harness = types(harness.press("ctrl-u"), "20s pause server").press("enter");
    assert_shows(&mut harness, &["a sentence typed here begins with what is done"]);
    let mut harness = types(harness.press("ctrl-u"), "set workers many").press("enter");
    assert_shows(&mut harness, &["^^^^"]);
    assert!(is_open(&harness));
    // Where no lab is, there is nothing to say it to.
    let harness = types(Harness::fixture(80, 24).press(":"), "explode").press("enter");
    assert!(is_open(&harness));
}

#[test]
fn tab_puts_a_fault_or_a_knob_into_the_line() {
    let mut harness = types(lab("breaker", 80, 24).press(":"), "hang pay").press("tab");
    assert_shows(&mut harness, &["> hang payments "]);
    harness = types(harness, "for 10s").press("enter");
    let mut harness = types(harness.press(":"), "call_t").press("tab");
    assert_shows(&mut harness, &["> set call_timeout "]);
    let harness = types(harness, "500ms").press("enter");
    let player = harness.app.screen().and_then(Screen::player).unwrap();
    assert_eq!(player.changes(), ["0s hang payments for 10s", "0s set call_timeout 500ms"]);
}

#[test]
fn a_running_lab_stands_while_the_palette_is_open_and_after() {
    for key in [":", "ctrl-p"] {
        let mut harness = lab("server", 80, 24).press("space").play(Duration::from_secs(2)).press(key);
        assert_eq!(harness.app.frame_interval(), None);
        harness = harness.press("esc").play(Duration::from_secs(2));
        assert_shows(&mut harness, &["t 2.0 s", "paused"]);
    }
}

#[test]
fn knobs_presets_and_keys_are_found_and_used() {
    let mut harness = types(lab("server", 80, 24).press(":"), "queue_c");
    assert_shows(&mut harness, &["> knob    queue_cap", "none"]);
    harness = harness.press("enter");
    assert_shows(&mut harness, &["> queue cap"]);
    harness = types(harness.press(":"), "full").press("enter");
    assert_shows(&mut harness, &["Preset full, from 0 s."]);
    harness = types(harness.press(":"), "another seed").press("enter");
    assert_shows(&mut harness, &["seed 2"]);
    harness = types(harness.press(":"), "every key").press("enter");
    assert_shows(&mut harness, &["┌ keys"]);
    harness = types(harness.press("ctrl-p"), "course map").press("enter");
    assert_shows(&mut harness, &["halfopen", "0 of 3 steps"]);
    harness = types(harness.press("ctrl-p"), "hystrix").press("enter");
    assert_shows(&mut harness, &["hystrix", "stage"]);
}

#[test]
fn the_other_branches_of_the_run_are_offered_and_gone_to() {
    let branches = |harness: &Harness| -> Vec<String> {
        names(harness).iter().filter_map(|name| Some(name.strip_prefix("branch: ")?.to_owned())).collect()
    };
    let harness = lab("server", 80, 24).press("space").play(Duration::from_secs(2)).press(":");
    assert!(branches(&harness).is_empty());
    let harness = harness.press("esc f :");
    let other = branches(&harness);
    assert_eq!(other.len(), 1);
    let harness = types(harness, "branch");
    assert_eq!(names(&harness).first(), Some(&format!("branch: {}", other[0])));
    let mut harness = harness.press("enter");
    assert_shows(&mut harness, &[&format!("This is the branch {}.", other[0])]);
    assert_ne!(branches(&harness.press(":")), other);
}

#[test]
fn steps_and_quizzes_are_found_and_the_step_at_hand_is_not_offered() {
    let mut harness = types(Harness::fixture(80, 24).press(":"), "first.3").press("enter");
    assert_shows(&mut harness, &["step 3 of 3"]);
    harness = harness.press(":");
    assert!(!names(&harness).contains(&"step: A lab from a scenario, with a goal".to_owned()));
    harness = types(harness, "quiz").press("enter");
    assert!(matches!(harness.app.screen(), Some(Screen::Quiz(_))));
    // The quiz gives way to another one, so that going back is short.
    harness = types(harness.press("ctrl-p"), "quiz sample").press("enter");
    assert!(matches!(harness.app.screen(), Some(Screen::Quiz(_))));
    let harness = harness.press("ctrl-p esc");
    assert!(!is_open(&harness));
}

#[test]
fn where_text_is_typed_a_colon_is_text_and_ctrl_p_still_opens() {
    let course = harness::fixture("course").course;
    // Every question of the fixture comes in some quiz; the typed ones are found by their look.
    let mut tried = 0;
    for luck in 0..8 {
        let mut harness = Harness::of(Shared { course: course.clone(), luck, ..Shared::default() }, 80, 24);
        harness.app.go(Go::Quiz(None), &mut Vec::new());
        for _ in 0..12 {
            if harness.app.screen().is_some_and(Screen::types) {
                tried += 1;
                harness = harness.press(":");
                assert!(!is_open(&harness));
                harness = harness.press("ctrl-p");
                assert!(is_open(&harness));
                harness = harness.press("esc");
            }
            harness = harness.press("a enter i enter");
        }
    }
    assert!(tried > 0);
}

#[test]
fn help_gives_way_and_a_question_of_yes_and_no_does_not() {
    let harness = Harness::fixture(80, 24).press("? ctrl-p");
    assert!(is_open(&harness));
    let mut harness = Harness::fixture(80, 24).press("enter n q x ctrl-p");
    assert_shows(&mut harness, &["sure?"]);
}

#[test]
fn while_a_bet_is_open_its_lab_takes_no_faults() {
    let harness = Harness::fixture(80, 24).press("enter n p :");
    assert!(names(&harness).iter().all(|name| !name.starts_with("break")), "{:?}", names(&harness));
    let harness = Harness::fixture(80, 24).press("enter n :");
    assert!(names(&harness).iter().any(|name| name.starts_with("break")), "{:?}", names(&harness));
}

#[test]
fn pasted_text_comes_into_the_line() {
    let mut harness = lab("server", 80, 24).press(":");
    let _ = harness.send(Message::Paste("pause server for 2s".to_owned()));
    assert_shows(&mut harness, &["> do it   pause server for 2"]);
}

#[test]
fn every_size_can_be_drawn() {
    for typed in ["", "s", "slow sever x3 ", "zzzz"] {
        let mut harness = types(lab("breaker", 80, 24).press(":"), typed);
        for width in [0, 1, 2, 3, 10, 26, 40, 59, 60, 79, 80, 81, 100, 119, 120, 160, 200] {
            for height in [0, 1, 2, 3, 5, 10, 17, 18, 19, 20, 23, 24, 25, 33, 36, 45, 60] {
                harness = harness.resize(width, height);
                let _ = harness.screen();
            }
        }
    }
}

#[test]
fn going_about_with_it_for_long_does_not_pile_up_screens() {
    let mut harness = Harness::fixture(80, 24);
    for _ in 0..40 {
        harness = types(harness.press("ctrl-p"), "one server").press("enter");
        harness = types(harness.press("ctrl-p"), "first.2").press("enter");
    }
    let mut backs = 0;
    while !matches!(harness.app.screen(), Some(Screen::Home(_))) {
        harness = harness.press("esc");
        backs += 1;
        assert!(backs < 30);
    }
    let id = StepId { lesson: "first".into(), number: 2 };
    assert!(harness.app.shared().course.step(&id).is_some());
}

proptest! {
    #[test]
    fn no_keys_break_it(keys in prop::collection::vec(key(), 1..60)) {
        let mut harness = Harness::fixture(80, 24);
        for key in keys {
            harness = harness.press(&key);
            let _ = harness.screen();
        }
        prop_assert!(harness.app.screen().is_some());
    }
}

/// Keys, among them often those of the palette.
fn key() -> impl Strategy<Value = String> {
    const OFTEN: [&str; 30] = [
        "ctrl-p",
        ":",
        "enter",
        "tab",
        "esc",
        "down",
        "up",
        "pgdn",
        "pgup",
        "ctrl-n",
        "left",
        "home",
        "end",
        "right",
        "backspace",
        "ctrl-w",
        "ctrl-u",
        "space",
        "s",
        "e",
        "t",
        "h",
        "a",
        "n",
        "g",
        "x",
        "5",
        "ü",
        "%",
        "?",
    ];
    (any::<bool>(), 0..OFTEN.len(), "[a-zX0-9:ß]").prop_map(
        |(often, at, other)| {
            if often { OFTEN[at].to_owned() } else { other }
        },
    )
}
