//! A lab being played, by commands and by time.

use super::*;
use crate::labs::catalogue;

fn player(preset: &str, script: &[&str]) -> Player {
    let at: Vec<String> = script.iter().map(|line| (*line).to_owned()).collect();
    let wanted = Wanted { lab: "server", preset: Some(preset), set: &[], seed: 1, at: &at };
    Player::open(&Scenario::read(&wanted).unwrap(), Time::ZERO)
}

fn watch(player: &mut Player, seconds: u64) {
    for _ in 0..seconds * 10 {
        let _moved = player.frame(Duration::from_millis(100), u64::MAX);
    }
}

fn value(player: &Player, knob: &str) -> String {
    player.lab().knobs().get(knob).unwrap().to_string()
}

fn choose(player: &mut Player, knob: &str) {
    let (index, _) = player.lab().knobs().find(knob).unwrap();
    player.choose_at(index);
}

fn remark(player: &Player) -> &str {
    player.remark().map_or("", |remark| remark.text.as_str())
}

#[test]
fn time_passes_only_while_it_runs_and_as_fast_as_it_is_told() {
    let mut player = player("calm", &[]);
    assert_eq!(player.frame(Duration::from_secs(1), 1000), Moved::Still);
    assert_eq!(player.frame_interval(), None);
    player.toggle();
    watch(&mut player, 1);
    assert_eq!(player.lab().now(), Time::from_secs(1));
    player.change_speed(Way::Forward);
    watch(&mut player, 1);
    assert_eq!(player.lab().now(), Time::from_secs(3));
    assert!(player.frame_interval().is_some());
    player.toggle();
    assert_eq!(player.frame_interval(), None);
}

#[test]
fn a_lab_that_cannot_keep_up_slows_its_clock_and_says_so() {
    let mut player = player("busy", &[]);
    player.run();
    for _ in 0..60 {
        let moved = player.frame(Duration::from_millis(100), 3);
        assert!(moved.events() <= 3);
    }
    assert!(player.lab().now() < Time::from_secs(6));
    assert!(player.lag().unwrap() < 0.5);
    watch(&mut player, 6);
    assert_eq!(player.lag(), None);
}

#[test]
fn it_stops_where_it_was_told_to_and_runs_on_when_asked() {
    let mut player = player("calm", &[]);
    player.run_until(Time::from_secs(2));
    watch(&mut player, 5);
    assert_eq!((player.lab().now(), player.pace()), (Time::from_secs(2), Pace::Paused));
    player.toggle();
    watch(&mut player, 1);
    assert_eq!(player.lab().now(), Time::from_secs(3));
}

#[test]
fn a_step_back_undoes_a_step() {
    let mut player = player("calm", &[]);
    player.seek(Time::from_millis(2345));
    let events = player.lab().events();
    player.step();
    player.step();
    let after_two = (player.lab().now(), player.lab().events());
    assert_eq!(after_two.1, events + 2);
    player.step();
    player.step_back();
    assert_eq!((player.lab().now(), player.lab().events()), after_two);
    for _ in 0..events + 9 {
        player.step_back();
    }
    assert_eq!((player.lab().now(), player.lab().events()), (Time::ZERO, 0));
}

#[test]
fn a_live_knob_is_an_act_that_can_be_taken_back_and_outlives_a_restart() {
    let mut player = player("calm", &[]);
    player.seek(Time::from_secs(2));
    choose(&mut player, "service_time");
    player.turn(Way::Forward);
    assert_eq!((value(&player, "service_time").as_str(), player.lab().now()), ("150ms", Time::from_secs(2)));
    assert!(player.is_changed(player.chosen()));
    assert_eq!(player.changes(), ["2s set service_time 150ms"]);
    player.undo();
    assert_eq!((value(&player, "service_time").as_str(), player.lab().now()), ("100ms", Time::from_secs(2)));
    assert_eq!(remark(&player), "Taken back: set service_time 150ms.");
    player.turn(Way::Forward);
    player.restart();
    assert_eq!((value(&player, "service_time").as_str(), player.lab().now()), ("150ms", Time::ZERO));
    assert_eq!(player.changes(), ["set service_time 150ms"]);
    player.reset_knob();
    assert_eq!(value(&player, "service_time"), "100ms");
}

#[test]
fn a_locked_knob_stays() {
    let mut player = player("calm", &[]);
    player.lock(["rate"]);
    choose(&mut player, "rate");
    player.turn(Way::Forward);
    assert_eq!((value(&player, "rate").as_str(), remark(&player)), ("70", "rate is fixed here."));
    assert_eq!(player.say("set rate 5"), Err(Refused::Senseless("rate is fixed here.".to_owned())));
    player.use_preset("full");
    assert_eq!(value(&player, "rate"), "70");
}

#[test]
fn buttons_and_sentences_break_it_and_a_wrong_word_is_pointed_at() {
    let mut player = player("calm", &[]);
    player.seek(Time::from_secs(3));
    player.press(1);
    assert_eq!(player.lab().log().len(), 1);
    assert_eq!(player.notable().len(), 1, "{:?}", player.narrator());
    player.press(9);
    assert!(remark(&player).starts_with("The buttons go from 1 to"), "{}", remark(&player));
    let Err(Refused::Misread(misread)) = player.say("slow sever x5") else { panic!("understood") };
    assert_eq!(misread.point("slow sever x5"), "  slow sever x5\n       ^^^^^");
    let Err(refused) = player.say("20s slow server x5") else { panic!("understood") };
    assert_eq!(
        refused.to_string(),
        "a sentence typed here begins with what is done; leave the time out: it is done now"
    );
}

#[test]
fn marks_are_acts_and_notable_facts_and_stay_known_after_a_jump_back() {
    let mut player = player("calm", &["3s slow server x5 for 5s"]);
    player.seek(Time::from_secs(20));
    let marks = player.marks();
    assert!(marks.len() >= 3, "{marks:?}");
    let (notable, told) = (player.notable().len(), player.narrator().map(str::to_owned));
    player.jump_to_mark(Way::Back);
    assert_eq!(
        Some(&player.lab().now()),
        marks.iter().map(|mark| &mark.at).rfind(|at| **at < Time::from_secs(20))
    );
    for _ in 0..marks.len() {
        player.jump_to_mark(Way::Back);
    }
    assert_eq!((player.lab().now(), player.notable()), (Time::ZERO, &[][..]));
    assert_eq!(player.marks(), marks);
    player.jump_to_mark(Way::Forward);
    assert_eq!(player.lab().now(), Time::from_secs(3));
    player.seek(Time::from_secs(20));
    assert_eq!((player.notable().len(), player.narrator().map(str::to_owned)), (notable, told));
    // Acting in the past makes another future.
    player.seek(Time::from_secs(1));
    player.press(1);
    // Of the old one only the script is left.
    let later: Vec<Time> =
        player.marks().iter().map(|mark| mark.at).filter(|at| *at > Time::from_secs(1)).collect();
    assert_eq!(later, [Time::from_secs(3)]);
}

#[test]
fn a_preset_keeps_the_script_and_the_seed_and_another_seed_keeps_the_knobs() {
    let mut player = player("calm", &["3s slow server x5 for 5s"]);
    player.use_preset("full");
    assert_eq!((value(&player, "rate").as_str(), player.lab().log().len()), ("120", 1));
    player.reseed();
    assert_eq!((value(&player, "rate").as_str(), player.setup().seed), ("120", 2));
    player.use_preset("nonsense");
    assert!(remark(&player).contains("has no preset `nonsense`"), "{}", remark(&player));
    assert_eq!(player.setup().preset, "full");
}

#[test]
fn a_recorded_run_is_the_run() {
    let mut player = player("calm", &["3s slow server x5"]);
    player.seek(Time::from_secs(5));
    player.press(1);
    player.seek(Time::from_secs(9));
    let again = player.recorded().run(Time::from_secs(9));
    let readings = |lab: &dyn Lab| {
        (0..lab.spec().readings.len()).map(|i| lab.reading(i).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(readings(player.lab()), readings(&*again));
}

#[test]
fn every_preset_of_every_lab_plays() {
    for entry in &catalogue::LABS {
        let mut player = Player::open(&Scenario::first(entry), Time::from_secs(1));
        for preset in entry.spec.presets {
            player.use_preset(preset.name);
            player.run();
            watch(&mut player, 1);
            for button in 1..=9 {
                player.press(button);
            }
            for _ in 0..entry.spec.knobs.len() {
                player.turn(Way::Forward);
                player.choose(Way::Forward);
            }
            watch(&mut player, 1);
            player.undo();
            player.jump_to_mark(Way::Back);
            player.restart();
        }
    }
}

fn names(player: &Player) -> Vec<&str> {
    player.branches().all().iter().map(crate::labs::branch::Branch::name).collect()
}

#[test]
fn what_is_done_in_the_past_leaves_the_future_that_was_seen_in_a_branch() {
    let mut player = player("calm", &[]);
    player.seek(Time::from_secs(10));
    player.seek(Time::from_secs(4));
    player.press(1);
    assert_eq!(names(&player), ["main", "slow server @4"]);
    assert!(remark(&player).starts_with("The future that you saw is kept"), "{}", remark(&player));
    player.seek(Time::from_secs(9));
    assert!(!player.changes().is_empty());
    player.switch(0);
    assert_eq!((player.lab().now(), player.changes()), (Time::from_secs(9), vec![]));
    player.delete(1);
    assert_eq!(names(&player), ["main"]);
}

#[test]
fn twins_go_together_and_part_where_one_was_changed() {
    let mut player = player("calm", &[]);
    player.seek(Time::from_secs(2));
    player.twin();
    assert_eq!((player.side(), names(&player)), (Some(Side::B), vec!["main", "twin @2"]));
    player.run();
    watch(&mut player, 3);
    let at = |player: &Player| player.sides().map(|(a, b)| (a.lab().now(), b.lab().now())).unwrap();
    assert_eq!(at(&player), (Time::from_secs(5), Time::from_secs(5)));
    assert_eq!(player.divergence(), (None, None));
    player.press(1);
    watch(&mut player, 3);
    let (first, notable) = player.divergence();
    let (first, notable) = (first.unwrap().at, notable.unwrap().at);
    assert!(first > Time::from_secs(5) && first <= notable, "{first} {notable}");
    player.jump_to_divergence();
    assert_eq!((at(&player).1, player.is_running()), (notable, false));
    player.swap();
    assert_eq!((player.side(), player.changes()), (Some(Side::A), vec![]));
    let sojourn = |player: &Player| {
        let compared = player.compared();
        compared
            .into_iter()
            .find(|it| it.spec.name == "sojourn_mean_s")
            .map(|it| (it.a.number(), it.b.number()))
    };
    player.seek(Time::from_secs(8));
    let (a, b) = sojourn(&player).unwrap();
    assert!(a < b, "{a:?} {b:?}");
    player.twin();
    assert_eq!((player.side(), names(&player).len()), (None, 2));
}

#[test]
fn twins_start_again_together_each_with_its_own_knobs() {
    let mut player = player("calm", &[]);
    player.twin();
    choose(&mut player, "service_time");
    player.turn(Way::Forward);
    player.restart();
    player.reseed();
    player.seek(Time::from_secs(5));
    let (a, b) = player.sides().unwrap();
    let of = |lab: &dyn Lab| (lab.scenario().seed, lab.knobs().get("service_time").unwrap().to_string());
    assert_eq!((of(a.lab()), of(b.lab())), ((2, "100ms".into()), (2, "150ms".into())));
    assert_eq!(a.lab().now(), b.lab().now());
}

#[test]
fn a_long_jump_goes_on_from_frame_to_frame_and_nothing_is_done_on_the_way() {
    let mut player = player("busy", &[]);
    let end = Time::from_secs(2_000);
    player.seek(end);
    let (to, part) = player.heading().unwrap();
    assert!(to == end && part > 0.0 && part < 1.0, "{part}");
    player.press(1);
    assert!(remark(&player).contains("still on its way"), "{}", remark(&player));
    assert!(player.frame_interval().is_some());
    while player.heading().is_some() {
        assert!(player.frame(Duration::from_millis(16), 10_000).events() <= 10_000);
    }
    assert_eq!((player.lab().now(), player.frame_interval()), (end, None));
    player.seek(Time::ZERO);
    player.seek(end);
    player.toggle();
    assert!(player.heading().is_none() && player.lab().now() < end, "space stops it there");
}
