//! What screens look like, on the course of the fixtures: at the sizes that matter, with and without colours; and that
//! no key and no size brings them down.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/harness.rs"]
mod harness;

use std::time::Duration;

use halfopen::app::Message;
use halfopen::app::key::{Code, Key};
use harness::Harness;
use insta::assert_snapshot;
use proptest::prelude::*;

const SIZES: [(u16, u16); 4] = [(80, 24), (160, 45), (60, 18), (40, 10)];

/// The screen after these keys, at every size that matters.
fn everywhere(name: &str, keys: &str) {
    for (width, height) in SIZES {
        let screen = Harness::fixture(width, height).mono().press(keys).screen();
        assert_snapshot!(format!("{name}_{width}x{height}"), screen);
    }
}

#[test]
fn the_map() {
    everywhere("home", "");
    assert_snapshot!("home_half_read", Harness::fixture(80, 24).mono().press("enter n q").screen());
}

#[test]
fn a_lesson_of_text_alone() {
    everywhere("lesson_text", "enter");
}

#[test]
fn a_lesson_with_a_lab() {
    everywhere("lesson_lab", "enter n space");
    assert_snapshot!("lesson_lab_in_focus", Harness::fixture(60, 18).mono().press("enter n tab j").screen());
    assert_snapshot!("lesson_claim", Harness::fixture(80, 24).mono().press("enter n space c").screen());
}

#[test]
fn a_prediction_from_the_question_to_the_verdict() {
    everywhere("bet_open", "enter n p");
    let weighing = Harness::fixture(80, 24).mono().press("enter n p a l");
    assert_snapshot!("bet_weighed", { weighing }.screen());
    let running = Harness::fixture(80, 24).mono().press("enter n p a enter").play(Duration::from_secs(3));
    assert_snapshot!("bet_running", { running }.screen());
    let told = Harness::fixture(80, 24).mono().press("enter n p a enter").play(Duration::from_secs(30));
    assert_snapshot!("bet_told", { told }.screen());
}

#[test]
fn a_goal_from_the_task_to_the_result() {
    everywhere("goal_open", "enter n n n g");
    let judged = Harness::fixture(80, 24).mono().press("enter n n n g space").play(Duration::from_secs(30));
    assert_snapshot!("goal_judged", judged.press("g").screen());
    assert_snapshot!("goal_hints", Harness::fixture(80, 24).mono().press("enter n n n g i i i i").screen());
}

#[test]
fn links_help_and_questions() {
    assert_snapshot!("sources", Harness::fixture(80, 24).mono().press("enter o j").screen());
    everywhere("help", "?");
    assert_snapshot!("help_in_a_lesson", Harness::fixture(80, 24).mono().press("enter n ?").screen());
    assert_snapshot!("confirm", Harness::fixture(80, 24).mono().press("enter q x").screen());
}

#[test]
fn colours_and_ascii() {
    for (name, keys) in
        [("home", ""), ("lesson", "enter n space c"), ("bet", "enter n p"), ("goal", "enter n n n g")]
    {
        assert_snapshot!(format!("{name}_styles"), Harness::fixture(80, 24).press(keys).styles());
        let screen = Harness::fixture(80, 24).ascii().press(keys).screen();
        assert!(screen.is_ascii(), "{screen}");
    }
    assert_snapshot!("lesson_ascii", Harness::fixture(80, 24).ascii().press("enter n space").screen());
}

#[test]
fn no_size_brings_a_screen_down() {
    for keys in
        ["", "enter", "enter n", "enter n tab", "enter n p", "enter n n n g i i i i", "enter o", "?", "x"]
    {
        for width in [0, 1, 2, 3, 5, 8, 13, 20, 40, 59, 60, 79, 80, 119, 120, 200] {
            for height in [0, 1, 2, 3, 5, 8, 12, 17, 18, 23, 24, 40, 60] {
                let _ = Harness::fixture(80, 24).press(keys).resize(width, height).screen();
            }
        }
    }
}

/// Keys that do something, and some that do not.
fn key() -> impl Strategy<Value = Key> {
    let codes = vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::PageUp,
        Code::PageDown,
        Code::Home,
        Code::End,
        Code::Backspace,
        Code::F(1),
    ];
    let chars = "abcdefghijklmnopqrsuvwxyzNRSX0123456789?:.,[]{}+-= é";
    prop_oneof![
        2 => proptest::sample::select(codes).prop_map(Key::plain),
        5 => proptest::sample::select(chars.chars().collect::<Vec<_>>()).prop_map(Key::char),
    ]
}

#[derive(Clone, Debug)]
enum Happening {
    Key(Key),
    Time(u64),
    Size(u16, u16),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => key().prop_map(Happening::Key),
        2 => (1..200u64).prop_map(Happening::Time),
        1 => (0..170u16, 0..50u16).prop_map(|(width, height)| Happening::Size(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_and_no_sizes_bring_it_down(happenings in proptest::collection::vec(happening(), 1..60)) {
        let mut at = Harness::fixture(80, 24).press("enter n");
        for happening in happenings {
            match happening {
                Happening::Key(key) => {
                    let _ = at.send(Message::Key(key));
                }
                Happening::Time(ms) => at = at.play(Duration::from_millis(ms)),
                Happening::Size(width, height) => at = at.resize(width, height),
            }
            let _ = at.screen();
        }
    }
}
