//! Any size and any keys: the bench is drawn, and nothing breaks it.

use super::*;

#[test]
fn every_size_can_be_drawn() {
    let mut harness = bench(80, 24).press("space").play(seconds(12)).press("1");
    for keys in [
        "",
        "tab",
        "enter",
        "esc tab",
        "/ s l o w",
        "enter a",
        "esc tab",
        "tab",
        ":",
        "esc b",
        "esc t",
        "f B",
        "r",
        "esc esc s",
        "w",
    ] {
        harness = harness.press(keys);
        for width in [0, 1, 2, 3, 10, 26, 40, 59, 60, 79, 80, 81, 100, 119, 120, 160, 200] {
            for height in [0, 1, 2, 3, 5, 10, 17, 18, 23, 24, 25, 33, 36, 45, 60] {
                harness = harness.resize(width, height);
                let _ = harness.screen();
            }
        }
    }
}

#[test]
fn no_keys_break_it() {
    let keys = [
        "space",
        ".",
        ",",
        "[",
        "]",
        "{",
        "}",
        "u",
        "R",
        "S",
        "1",
        "2",
        "3",
        "4",
        "9",
        "j",
        "k",
        "h",
        "l",
        "r",
        "+",
        "-",
        "f",
        "t",
        "x",
        "d",
        "B",
        "c",
        "b",
        "s",
        "w",
        ":",
        "tab",
        "enter",
        "up",
        "down",
        "pgup",
        "pgdn",
        "home",
        "end",
        "left",
        "x",
        "backspace",
        "/",
        "c",
        "a",
        "esc",
        "shift-tab",
        "tab",
        "enter",
    ];
    for entry in &catalogue::LABS {
        let mut harness = Harness::new(100, 30);
        let player = Player::open(&Scenario::first(entry), Time::ZERO);
        harness.app.open(Screen::Bench(Box::new(Bench::new(player))));
        let mut state = 7_u64;
        for _ in 0..400 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let pick = usize::try_from(state >> 33).unwrap() % keys.len();
            let key: Key = keys[pick].parse().unwrap();
            let _ = harness.send(Message::Key(key));
            harness = harness.play(Duration::from_millis(66));
            let _ = harness.screen();
        }
    }
}
