//! The bench on the screen: at every size, with and without colours, and under every key.

mod bets;
mod hostile;

use std::time::Duration;

use crate::app::bench::Bench;
use crate::app::key::Key;
use crate::app::player::Player;
use crate::app::screen::Screen;
use crate::app::{Effect, Message};
use crate::engine::run::By;
use crate::engine::time::Time;
use crate::labs::catalogue;
use crate::labs::recording::{Recording, Replay};
use crate::labs::scenario::{Scenario, Wanted};
use crate::ui::harness::Harness;

/// A bench with one server that a slow spell hits at 10 s.
fn bench(width: u16, height: u16) -> Harness {
    bench_with("calm", &["10s slow server x5 for 20s"], width, height)
}

fn bench_with(preset: &str, script: &[&str], width: u16, height: u16) -> Harness {
    let at: Vec<String> = script.iter().map(|line| (*line).to_owned()).collect();
    let wanted = Wanted { lab: "server", preset: Some(preset), set: &[], seed: 7, at: &at };
    let scenario = Scenario::read(&wanted).unwrap();
    let mut harness = Harness::new(width, height);
    harness.app.open(Screen::Bench(Box::new(Bench::new(Player::open(&scenario, Time::ZERO)))));
    harness
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn a_run_at_80x24() {
    let mut harness = bench(80, 24).press("space").play(seconds(18)).press("space");
    insta::assert_snapshot!("run_80x24", harness.screen());
    insta::assert_snapshot!("run_80x24_styles", harness.styles());
    insta::assert_snapshot!("run_80x24_mono", harness.mono().styles());
}

#[test]
fn a_run_at_160x45() {
    let mut harness = bench(160, 45).press("space").play(seconds(40)).press("2").play(seconds(12));
    insta::assert_snapshot!("run_160x45", harness.screen());
    let mut harness = harness.press("space tab tab up up");
    insta::assert_snapshot!("log_160x45", harness.screen());
    insta::assert_snapshot!("log_160x45_styles", harness.styles());
}

#[test]
fn a_run_on_a_small_terminal_shows_the_stage() {
    let mut harness = bench(60, 18).press("space").play(seconds(18)).press("space");
    insta::assert_snapshot!("run_60x18", harness.screen());
    let mut harness = harness.resize(40, 10);
    insta::assert_snapshot!("run_40x10", harness.screen());
}

#[test]
fn the_start_in_ascii_tells_what_the_lab_is_about() {
    insta::assert_snapshot!("start_80x24_ascii", bench(80, 24).ascii().screen());
}

#[test]
fn turned_knobs_are_marked() {
    let mut harness = bench(80, 24).press("space").play(seconds(3)).press("space j l l j l");
    insta::assert_snapshot!("knobs_80x24", harness.screen());
}

#[test]
fn tab_shows_the_log_and_then_the_numbers() {
    let harness = bench(80, 24).press("space").play(seconds(60)).press("space tab tab up up up");
    let mut harness = harness;
    insta::assert_snapshot!("log_80x24", harness.screen());
    let mut harness = harness.press("tab");
    insta::assert_snapshot!("numbers_80x24", harness.screen());
    let screen = harness.press("tab tab tab up up enter").screen();
    assert!(screen.contains("paused"), "{screen}");
}

/// The breaker lab with a hanging shard, where every kind of part is on the stage.
fn breaker(width: u16, height: u16) -> Harness {
    let at = ["5s hang payments".to_owned()];
    let wanted = Wanted { lab: "breaker", preset: Some("tuned"), set: &[], seed: 7, at: &at };
    let scenario = Scenario::read(&wanted).unwrap();
    let mut harness = Harness::new(width, height);
    let player = Player::open(&scenario, Time::from_secs(6));
    harness.app.open(Screen::Bench(Box::new(Bench::new(player))));
    harness
}

#[test]
fn parts_of_the_stage_are_selected_and_opened() {
    for (width, height) in [(80, 24), (160, 45), (60, 18)] {
        let mut harness = breaker(width, height).press("tab l");
        insta::assert_snapshot!(format!("part_{width}x{height}"), harness.screen());
        if width == 80 {
            insta::assert_snapshot!("part_80x24_mono", breaker(80, 24).press("tab l").mono().styles());
        }
        let mut harness = harness.press("enter");
        insta::assert_snapshot!(format!("inspect_{width}x{height}"), harness.screen());
        let screen = harness.press("esc").screen();
        assert!(!screen.contains("WHAT HAPPENED"), "{screen}");
    }
}

/// The name of the selected part, as the frame of the stage states it.
fn selected(harness: &mut Harness) -> String {
    let screen = harness.screen();
    let rest = screen.split("stage: ").nth(1).unwrap_or_else(|| panic!("{screen}"));
    rest.split("   ").next().unwrap().to_owned()
}

#[test]
fn the_arrows_reach_every_part_and_stay_in_their_column() {
    let mut harness = breaker(80, 24).press("tab");
    assert_eq!(selected(&mut harness), "A");
    for (keys, part) in
        [("l", "breaker A"), ("j", "breaker B"), ("down", "breaker C"), ("k right", "shard-1"), ("home", "A")]
    {
        harness = harness.press(keys);
        assert_eq!(selected(&mut harness), part, "{keys}");
    }
    let parts = harness.app.screen().and_then(Screen::player).unwrap().lab().scene().parts().len();
    let mut seen = vec![selected(&mut harness)];
    for _ in 1..parts {
        harness = harness.press("l");
        seen.push(selected(&mut harness));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), parts, "{seen:?}");
}

#[test]
fn a_fault_is_aimed_at_an_open_part_and_its_fields_change() {
    let mut harness = breaker(160, 45).press("tab j j l l l l").press("enter");
    let before = harness.screen();
    assert!(before.contains("DO TO IT"), "{before}");
    let mut harness = harness.press("j j enter");
    let after = harness.screen();
    assert!(after.contains("Done: "), "{after}");
    assert_ne!(before, after);
    let running = harness.press("space").play(seconds(3)).screen();
    assert!(running.contains("WHAT HAPPENED") && running != after, "{running}");
}

#[test]
fn the_log_is_searched_while_the_run_goes_on() {
    for (width, height) in [(80, 24), (160, 45), (60, 18)] {
        let mut harness = breaker(width, height).press("space").play(seconds(8)).press("/ o p e n s space A");
        insta::assert_snapshot!(format!("search_{width}x{height}"), harness.screen());
        if width == 80 {
            insta::assert_snapshot!("search_80x24_styles", harness.styles());
        }
    }
    let found = |screen: &str| {
        let title = screen.lines().find(|line| line.contains(" fit ")).unwrap_or_default();
        title.split(": ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned()
    };
    let harness = breaker(80, 24).press("/ c a l l s enter a space").play(seconds(1));
    let mut harness = harness;
    let early = found(&harness.screen());
    let late = found(&harness.play(seconds(3)).screen());
    assert!(late.parse::<u64>().unwrap() > early.parse::<u64>().unwrap(), "{early}, then {late}");
}

#[test]
fn the_log_leads_from_a_fact_to_its_cause_and_to_its_moment() {
    let harness = breaker(80, 24).press("space").play(seconds(8)).press("space / o p e n s space A enter");
    let mut harness = harness.press("home c");
    let screen = harness.screen();
    assert!(screen.contains("A gives up on request"), "{screen}");
    assert!(screen.contains("because"), "{screen}");
    let mut harness = harness.press("c");
    let root = harness.screen();
    assert!(root.contains("It came from outside"), "{root}");
    let screen = harness.press("enter").screen();
    assert!(screen.contains("t 5.0 s") && screen.contains('>'), "{screen}");
    let none = breaker(80, 24).press("/ n o n e s u c h").screen();
    assert!(none.contains("No fact fits these words."), "{none}");
}

#[test]
fn presets_are_chosen_from_a_list() {
    let mut harness = bench(80, 24).press("b j j");
    insta::assert_snapshot!("presets_80x24", harness.screen());
    let screen = harness.press("enter").screen();
    assert!(screen.contains("Preset full, from 0 s."), "{screen}");
}

#[test]
fn a_fault_is_said_in_words_and_a_wrong_word_is_pointed_at() {
    let keys = ": s l o w space s e v e r space x 3";
    let mut harness = bench(80, 24).press(keys).press("enter");
    assert!(harness.screen().contains("there is no `sever` to slow; did you mean `server`?"));
    let screen = harness.press("left left left left right backspace r v").screen();
    assert!(screen.contains("slow ser"), "{screen}");
}

/// Twins of the server, one of which is slow from 10 s on.
fn twins(width: u16, height: u16) -> Harness {
    bench(width, height).press("space").play(seconds(10)).press("t 1").play(seconds(8)).press("space")
}

#[test]
fn twins_stand_side_by_side_with_their_readings_and_where_they_part() {
    for (width, height) in [(80, 24), (160, 45), (60, 18)] {
        let mut harness = twins(width, height);
        insta::assert_snapshot!(format!("twins_{width}x{height}"), harness.screen());
    }
    insta::assert_snapshot!("twins_80x24_mono", twins(80, 24).mono().screen());
    let mut harness = twins(80, 24).press("x d");
    assert!(harness.screen().contains("A  main  > you act here"), "{}", harness.screen());
    assert!(!harness.press("t").screen().contains("B  twin"));
}

#[test]
fn branches_are_listed_switched_and_renamed() {
    let mut harness = twins(80, 24).press("[ 2 B");
    insta::assert_snapshot!("branches_80x24", harness.screen());
    let screen = harness.press("k k k r ctrl-u m i n e enter enter").screen();
    assert!(screen.contains("calm / A: mine") || screen.contains("calm / B: mine"), "{screen}");
    insta::assert_snapshot!("branches_60x18", twins(60, 18).press("[ 2 B r").screen());
}

#[test]
fn the_timeline_is_scrubbed() {
    let harness = bench(80, 24).press("space").play(seconds(20)).press("1").play(seconds(10)).press("space");
    let mut harness = harness.press("shift-tab pgup pgup left");
    insta::assert_snapshot!("timeline_80x24", harness.screen());
    let mut harness = harness.press("home");
    assert!(harness.screen().contains("t 0.0 s"), "{}", harness.screen());
    let screen = harness.press("end").screen();
    assert!(screen.contains("t 30.0 s"), "{screen}");
}

#[test]
fn the_legend_is_shortened_before_it_is_cut() {
    let letters = [('1', "slow x5"), ('O', "breaker opened"), ('C', "breaker closed")];
    let letters: Vec<(char, String)> = letters.map(|(letter, word)| (letter, word.to_owned())).into();
    for (room, legend) in [
        (60, "  O breaker opened  C breaker closed  1 slow x5"),
        (46, "  O opened  C closed  1 slow x5"),
        (30, "  O opened  C closed  ..."),
        (12, "  ..."),
        (3, ""),
    ] {
        assert_eq!(super::legend(&letters, room), legend, "in {room} columns");
    }
}

#[test]
fn a_run_is_shown_as_a_line_at_every_size() {
    for (width, height) in [(80, 24), (160, 45), (60, 18)] {
        let mut harness =
            bench(width, height).press("space").play(seconds(12)).press("1 l l").play(seconds(2));
        harness = harness.press("s");
        insta::assert_snapshot!(format!("share_{width}x{height}"), harness.screen());
    }
}

#[test]
fn a_shared_run_is_copied_and_saved() {
    let mut harness =
        bench(80, 24).press("space").play(seconds(3)).press("1").play(seconds(1)).press("s enter");
    let Some(Effect::Copy(line)) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    let recording = Recording::read_line(line).unwrap();
    let replayed = recording.scenario.run(recording.until.unwrap());
    assert_eq!(recording.compare(&*replayed), Replay::Same);
    assert!(recording.scenario.script.iter().any(|entry| entry.by == By::Hand));
    assert!(harness.screen().contains("Sent to the terminal."));
    let mut harness = harness.press("w");
    assert!(harness.screen().contains("> server-calm-7.toml"), "{}", harness.screen());
    let mut harness = harness.press("enter");
    let Some(Effect::Save { path, text }) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    assert_eq!(path, "server-calm-7.toml");
    assert!(text.contains("hand = [\n"), "{text}");
    let _ = harness.send(Message::Written(Err("It is there already. Name another file.".to_owned())));
    insta::assert_snapshot!("share_refused_80x24", harness.screen());
    let mut harness = harness.press("ctrl-u x enter");
    assert!(matches!(harness.effects.last(), Some(Effect::Save { path, .. }) if path == "x"));
    let _ = harness.send(Message::Written(Ok("Saved in x, 300 bytes.".to_owned())));
    let screen = harness.screen();
    assert!(screen.contains("Saved in x, 300 bytes.") && screen.contains("share: "), "{screen}");
    assert!(!harness.press("esc").screen().contains("share: "));
}

#[test]
fn a_long_line_scrolls_and_breaks_only_at_blanks() {
    let mut harness = bench(60, 18);
    for _ in 0..70 {
        harness = harness.press("1 space").play(Duration::from_millis(200)).press("space");
    }
    let mut harness = harness.press("s");
    insta::assert_snapshot!("share_long_60x18", harness.screen());
    let scrolled = harness.press("pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn pgdn").screen();
    let last = scrolled.lines().find(|row| row.contains("digest")).unwrap();
    assert!(last.len() <= 60, "{scrolled}");
    assert!(scrolled.contains("more than some chats take"), "{scrolled}");
}

#[test]
fn a_knob_is_swept_over_values_around_where_it_stands() {
    let mut harness = bench(80, 24).press("space").play(seconds(18)).press("v l");
    insta::assert_snapshot!("sweep_80x24", harness.screen());
    let mut harness = harness.resize(60, 18);
    insta::assert_snapshot!("sweep_60x18", harness.screen());
    let harness = harness.press("esc");
    let count = |wanted: fn(&Effect) -> bool| harness.effects.iter().filter(|effect| wanted(effect)).count();
    let asked = count(|effect| matches!(effect, Effect::Work(..)));
    assert_eq!((asked, count(|effect| matches!(effect, Effect::CallOff(_)))), (1, 0));
}

#[test]
fn a_sweep_that_is_left_is_stopped_and_its_news_are_no_longer_heard() {
    let mut app = crate::app::App::default();
    let mut effects = Vec::new();
    let lab = Player::open(&Scenario::first(catalogue::find("server").unwrap()), Time::ZERO);
    app.open(Screen::Bench(Box::new(Bench::new(lab))));
    let _ = app.update(Message::Key(Key::char('v')), &mut effects);
    let asked =
        effects.iter().find_map(|it| if let Effect::Work(ticket, _) = it { Some(*ticket) } else { None });
    let ticket = asked.unwrap_or_else(|| panic!("{effects:?}"));
    effects.clear();
    let _ = app.update(Message::Key("esc".parse().unwrap()), &mut effects);
    assert_eq!(effects, [Effect::CallOff(ticket)]);
}
