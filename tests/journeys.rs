//! A learner's ways through the program, by keys only, on the course of the fixtures: what is on the screen and what
//! goes into the journal.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
#[path = "support/harness.rs"]
mod harness;

use std::time::Duration;

use halfopen::app::shared::Shared;
use halfopen::app::{Effect, Message};
use halfopen::labs::catalogue::LABS;
use halfopen::study::progress::Progress;
use halfopen::study::record::{Kind, Record, Said, Screen};
use harness::Harness;

/// What of a journal matters here, a word or two a record.
fn told(harness: &Harness) -> Vec<String> {
    let told = |kind: &&Kind| match kind {
        Kind::Visited(it) => format!("visited {}", it.step),
        Kind::Predicted(it) => format!("predicted {} {} right={}", it.chosen, it.confidence, it.right),
        Kind::GoalTried(it) => format!("tried {}/{} {}", it.passed, it.of, it.changes.join("; ")),
        Kind::HintTaken(it) => format!("hint {}", it.n),
        Kind::Place(it) => format!("place {}", it.step.clone().unwrap_or_default()),
        Kind::Reset { scope } => format!("reset {scope:?}"),
        other => format!("{other:?}"),
    };
    harness.recorded().iter().map(told).collect()
}

fn assert_shows(harness: &mut Harness, texts: &[&str]) {
    let screen = harness.screen();
    for text in texts {
        assert!(screen.contains(text), "`{text}` is not on the screen:\n{screen}");
    }
}

#[test]
fn from_the_map_through_a_lesson_a_bet_and_a_goal_to_the_map() {
    let mut at = Harness::fixture(80, 24);
    assert_shows(&mut at, &["> Begin: Text of every kind", "0 of 3 steps"]);

    at = at.press("enter");
    assert_shows(&mut at, &["step 1 of 3", "Text of every kind"]);
    at = at.press("n");
    assert_shows(&mut at, &["step 2 of 3", "[claim: 5 seeds]", "p  Predict:", "running"]);

    // Going on opens the bet first.
    at = at.press("n");
    assert_shows(&mut at, &["> a  Shorter than ten", "n goes on without"]);
    at = at.press("b l l enter");
    assert_shows(&mut at, &["Your bet: b, 80 % sure", "running"]);
    assert!(told(&at).contains(&"predicted 1 80 right=true".to_owned()), "{:?}", told(&at));
    at = at.play(Duration::from_secs(15));
    assert_shows(&mut at, &["Right: b came. You were 80 % sure.", "Requests arrive faster"]);

    at = at.press("n");
    assert_shows(&mut at, &["step 3 of 3", "g  Goal: Keep the queue short"]);
    at = at.press("g");
    assert_shows(&mut at, &["GOAL  Keep the queue short", "[..]  queue < 20"]);
    at = at.press("space").play(Duration::from_secs(20)).press("g");
    assert_shows(&mut at, &["of 5 runs"]);
    at = at.press("j l g");
    assert_shows(&mut at, &["of 5 runs"]);
    // Three hints, the solution in words, then it plays. It is not the learner's, so it is not judged.
    at = at.press("i i i i");
    assert_shows(&mut at, &["solution  workers = 20, 1s heal all", "i plays it in the lab"]);
    at = at.press("i g").play(Duration::from_secs(3));
    assert_shows(&mut at, &["The solution plays.", "running"]);
    let before = told(&at);
    at = at.press("i");
    assert_shows(&mut at, &["Your own set-up, as you left it.", "paused"]);
    assert_eq!(told(&at), before);
    // And now by hand.
    at = at.press("R l l l l l l l l l g");
    assert_shows(&mut at, &["5 of 5 runs: reached, with 1 change, par 2."]);
    let journal = told(&at);
    assert_eq!(journal.last().unwrap(), "tried 5/5 set workers 20", "{journal:?}");

    at = at.press("esc n");
    assert_shows(&mut at, &["The chapter ends here."]);
    at = at.press("n");
    assert_shows(&mut at, &["read, 3 steps", "3 of 3 steps"]);
    let visited: Vec<String> = told(&at).into_iter().filter(|it| it.starts_with("visited")).collect();
    assert_eq!(visited, ["visited first.1", "visited first.2", "visited first.3"]);
}

#[test]
fn a_wrong_bet_tells_why_and_the_belief_behind_it() {
    let mut at = Harness::fixture(80, 24).press("enter n p 1 5 enter enter");
    assert_shows(&mut at, &["Not so: you said a, 50 % sure, and b came.", "+6 lines, j"]);
    at = at.press("pgdn");
    assert_shows(
        &mut at,
        &["a  Shorter than ten", "Each request only takes longer", "The belief behind it:"],
    );
    let journal = at.recorded();
    let predicted = journal.iter().find_map(|it| if let Kind::Predicted(it) = it { Some(it) } else { None });
    assert_eq!(predicted.unwrap().misconception.as_deref(), Some("slow-is-fine"));
}

#[test]
fn the_next_start_goes_on_at_the_step_and_the_row() {
    let at = Harness::fixture(60, 18).press("enter j j j q q");
    assert_eq!(at.effects.last(), Some(&Effect::Quit));
    let records: Vec<Record> = at.recorded().into_iter().cloned().map(record).collect();
    let row = |kind: &&Record| if let Kind::Place(place) = &kind.kind { Some(place.row) } else { None };
    assert_eq!(records.iter().rev().find_map(|it| row(&it)), Some(3));

    let progress = Progress::replay(&records);
    let course = harness::fixture("course").course;
    let mut again = Harness::of(Shared { course, progress, ..Shared::default() }, 60, 18);
    assert_shows(&mut again, &["> Continue: first.1  Text of every kind"]);
    let first = again.press("enter").screen();
    let left = Harness::fixture(60, 18).press("enter j j j").screen();
    assert_eq!(first, left);
}

fn record(kind: Kind) -> Record {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Record { id: String::new(), v: halfopen::study::record::VERSION, at, kind }
}

#[test]
fn a_crash_loses_nothing_but_the_row() {
    let at = Harness::fixture(80, 24).press("enter n");
    let place = at
        .recorded()
        .into_iter()
        .rev()
        .find_map(|it| if let Kind::Place(place) = it { Some(place.clone()) } else { None });
    let place = place.unwrap();
    assert_eq!((place.screen, place.step.as_deref()), (Screen::Lesson, Some("first.2")));
}

#[test]
fn the_lab_of_a_step_goes_to_the_whole_screen_and_comes_back_as_it_is_there() {
    let mut at = Harness::fixture(80, 24).press("enter n space");
    assert_shows(&mut at, &["j/k scroll", "Tab text/lab"]);
    at = at.press("tab");
    assert_shows(&mut at, &["j/k knob", "h/l turn"]);
    at = at.press("enter space");
    assert_shows(&mut at, &["┌ stage"]);
    at = at.play(Duration::from_secs(3)).press("space esc");
    assert_shows(&mut at, &["step 2 of 3", "t 18.0 s", "paused"]);
}

#[test]
fn a_claim_opens_its_own_run_and_leaves_the_steps_lab_alone() {
    let mut at = Harness::fixture(80, 24).press("enter n space c");
    assert_shows(
        &mut at,
        &[">claim: 5 seeds<", "Enter runs it on 5 seeds: About seven of ten workers are busy."],
    );
    at = at.press("enter");
    let figures = ["CLAIM  About seven", "[ok]  utilisation < 0.9: 5 of 5 hold", "(wanted < 0.9)", "|] 0.9"];
    assert_shows(&mut at, &figures);
    at = at.press("esc");
    assert_shows(&mut at, &[">claim: 5 seeds<", "t 15.0 s"]);
    at = at.press("enter enter");
    assert_shows(&mut at, &["┌ stage", "t 0.0 s"]);
    at = at.press("esc");
    assert_shows(&mut at, &["step 2 of 3", "t 15.0 s", "CLAIM  About seven"]);
}

#[test]
fn a_step_that_shares_a_lab_keeps_it_running() {
    let course = halfopen::course::load(&halfopen::course::embedded::files()).course;
    let mut shared = None;
    for lesson in course.lessons().map(|(_, lesson)| lesson) {
        let steps = lesson.steps.iter().zip(lesson.steps.iter().skip(1));
        let kept = steps.clone().find(|(one, two)| one.lab().is_some() && two.lab().is_none());
        shared = shared.or_else(|| kept.map(|(one, _)| (lesson.id.value.clone(), one.number)));
    }
    let Some((lesson, number)) = shared else { return };
    let mut at = Harness::new(80, 24).with(course);
    let id = halfopen::course::StepId { lesson, number };
    at.app.go(halfopen::app::screen::Go::Step(id), &mut Vec::new());
    let mut at = at.press("tab R").press("space").play(Duration::from_secs(2)).press("space tab n n");
    let screen = at.screen();
    assert!(screen.contains("t 2.0 s"), "{screen}");
}

#[test]
fn links_lead_to_steps_and_addresses_into_the_clipboard() {
    let mut at = Harness::fixture(80, 24).press("enter o");
    assert_shows(
        &mut at,
        &[
            "Links and sources",
            "[1] page  https://example.org/",
            "[2] step (first.2)",
            "[3] Resilience4j",
            "A book on queues",
        ],
    );
    at = at.press("enter");
    assert_eq!(at.effects.last(), Some(&Effect::Copy("https://example.org/".to_owned())));
    at = at.press("j enter");
    assert_shows(&mut at, &["step 2 of 3"]);
}

#[test]
fn beginning_anew_is_asked_for_and_forgets() {
    let mut at = Harness::fixture(80, 24).press("enter n q x");
    assert_shows(&mut at, &["sure?", "Begin \"", "y yes"]);
    at = at.press("n");
    assert_shows(&mut at, &["Continue: first.2"]);
    at = at.press("x y");
    assert_shows(&mut at, &["Begin: Text of every kind", "0 of 3 steps"]);
}

#[test]
fn what_is_wrong_is_one_line_and_its_details_one_key_away() {
    let course = harness::fixture("course").course;
    let problems = vec!["error: no such thing\n  --> lessons/01-x/01-y.md:3:1\n".to_owned()];
    let warning = Some("Nothing is saved: the journal cannot be written.".to_owned());
    let mut at = Harness::of(Shared { course, problems, warning, ..Shared::default() }, 80, 24);
    assert_shows(&mut at, &["Nothing is saved", "1 problem in the course folder, e shows them"]);
    at = at.press("e");
    assert_shows(&mut at, &["What is wrong in the course folder", "error: no such thing", "01-y.md:3:1"]);
    at = at.press("q");
    assert_shows(&mut at, &["Begin: Text of every kind"]);
}

#[test]
fn a_sentence_of_the_moment_goes_with_the_next_key() {
    let mut at = Harness::fixture(80, 24);
    let _ = at.send(Message::Notice("Another copy has answered meanwhile.".to_owned()));
    assert_shows(&mut at, &["Another copy has answered meanwhile."]);
    at = at.press("j");
    assert!(!at.screen().contains("Another copy"));
}

#[test]
fn what_could_not_be_saved_stays_told_until_it_is() {
    let mut at = Harness::fixture(80, 24);
    let _ = at.send(Message::Saved(Err("Nothing is saved: the disk is full.".to_owned())));
    at = at.press("j");
    assert_shows(&mut at, &["Nothing is saved: the disk is full."]);
    let _ = at.send(Message::Saved(Ok(())));
    assert!(!at.screen().contains("Nothing is saved"));
}

#[test]
fn why_answers_for_the_latest_fact_the_chosen_one_and_a_number() {
    let mut at = Harness::fixture(80, 24).press("enter n tab enter w");
    assert_shows(&mut at, &["Nothing notable has happened yet."]);
    at = at.press("space").play(Duration::from_secs(2)).press(": p a u s e");
    for key in "space s e r v e r".split(' ') {
        at = at.press(key);
    }
    at = at.press("enter space").play(Duration::from_secs(8)).press("w");
    assert_shows(
        &mut at,
        &["┌ why", "Because of: ", "pause server. Without that it does not happen.", "reruns."],
    );
    at = at.press("esc tab tab home w");
    assert_shows(&mut at, &["┌ why", "Because of: "]);
    at = at.press("w tab j j j w");
    assert_shows(&mut at, &["Asked: queue >= ", "in the preset ", "pause server"]);
    at = at.press("q");
    assert!(!at.screen().contains("┌ why"));
    // A search that is called off is told to the background.
    at.works = false;
    at = at.press("w");
    assert_shows(
        &mut at,
        &["Running it again with less of what was done: 0 reruns.", "Esc stops the search."],
    );
    let ticket =
        at.effects.iter().rev().find_map(|it| if let Effect::Work(id, _) = it { Some(*id) } else { None });
    let runs = Message::Worked(ticket.unwrap(), Box::new(halfopen::app::work::News::Runs(7)));
    let _ = at.send(runs);
    assert_shows(&mut at, &["7 reruns."]);
    at = at.press("esc");
    assert_eq!(at.effects.last(), Some(&Effect::CallOff(ticket.unwrap())));
}

#[test]
fn from_the_map_by_name_to_a_lab_and_there_a_fault_in_words() {
    let mut at = Harness::fixture(80, 24).press("ctrl-p o n e space s e r");
    assert_shows(&mut at, &["> lab     One server"]);
    at = at.press("enter");
    assert_shows(&mut at, &["stage", "t 0.0 s"]);
    at = at.press("space").play(Duration::from_secs(5)).press(":");
    at = at.press("s l o w space s e r v e r space x 4 space f o r space 1 0 s");
    assert_shows(&mut at, &["> do it   slow server x4 for 10s", "t 5.0 s", "paused"]);
    at = at.press("enter");
    assert_shows(&mut at, &["slow server x4"]);
    at = at.press("space").play(Duration::from_secs(2)).press("ctrl-p h a l f o p e n esc");
    assert_shows(&mut at, &["t 7.0 s", "paused"]);
    at = at.press("esc");
    assert_shows(&mut at, &["0 of 3 steps", ": find"]);
}

#[test]
fn a_run_is_shared_from_the_lab_of_a_lesson() {
    let mut at = Harness::fixture(80, 24).press("enter n space").play(Duration::from_secs(2)).press("s");
    assert_shows(&mut at, &["share: ", "halfopen server v", "Enter copy  w save"]);
    at = at.press("enter");
    assert!(matches!(at.effects.last(), Some(Effect::Copy(line)) if line.starts_with("halfopen server v")));
    at = at.press("esc esc");
    assert_shows(&mut at, &["step 2 of 3"]);
}

/// The bets on readings in the journal: what was said, how sure, whether it was right.
fn bets(harness: &Harness) -> Vec<(Said, u8, bool)> {
    let bets = harness.recorded().into_iter().filter_map(|kind| match kind {
        Kind::Bet(it) => Some((it.said.clone(), it.confidence, it.right)),
        _ => None,
    });
    bets.collect()
}

/// The bench with the lab `server`, at 0 s.
fn server(width: u16, height: u16) -> Harness {
    let at = Harness::new(width, height);
    let down = "down ".repeat(LABS.iter().position(|entry| entry.spec.name == "server").unwrap());
    at.press(&format!("{down} enter"))
}

#[test]
fn a_bet_is_made_with_keys_and_told_when_the_run_comes_to_its_moment() {
    let mut at = server(80, 24).press("p");
    assert_shows(&mut at, &["bet: on which reading?", "> done_per_s"]);
    // Words find a reading by its name or its meaning.
    at = at.press("w a i t");
    assert_shows(&mut at, &["> wait_mean_s", "queue"]);
    at = at.press("ctrl-u q u e enter");
    assert_shows(&mut at, &["What will queue be in 10 s, at t 10 s?", "a  higher than now: above 1", "[10]"]);
    at = at.press("a l");
    assert_shows(&mut at, &["You say: higher than now: above 1.", "[75]"]);
    at = at.press("8 enter");
    assert_shows(&mut at, &["Bet for t 10 s: queue higher than now: above 1, 80 % sure."]);
    assert_eq!(bets(&at).len(), 1, "it is written down at once, whatever happens to the program");
    at = at.play(Duration::from_secs(20));
    let came = bets(&at)[0].2;
    assert_shows(&mut at, &[if came { "Right. At t 10 s queue" } else { "Not so. At t 10 s queue" }]);
    assert_shows(&mut at, &["You said higher than now: above 1, 80 % sure.", "At 80 % sure you were right"]);
    at = at.press("enter");
    assert_shows(&mut at, &["t 10.0 s"]);
    assert_eq!(bets(&at).len(), 1);
}

#[test]
fn a_number_is_bet_on_with_the_range_that_is_right() {
    let mut at = server(80, 24).press("p d o n e _ p e r enter");
    assert_shows(&mut at, &["a  a number, within 10 % or 1, whichever is wider"]);
    at = at.press("enter m a n y enter");
    assert_shows(&mut at, &["\"many\" is no number such as 60 or 60/s."]);
    at = at.press("ctrl-u 7 0 enter");
    assert_shows(&mut at, &["You say: 70/s (63/s to 77/s)."]);
    at = at.press("enter");
    let (said, sure, right) = bets(&at).remove(0);
    assert_eq!((said, sure), (Said::Number { number: 70.0, low: 63.0, high: 77.0 }, 70));
    at = at.play(Duration::from_secs(20));
    assert_shows(
        &mut at,
        &[if right { "Right." } else { "Not so." }, "You said 70/s (63/s to 77/s), 70 % sure."],
    );
}

#[test]
fn running_ahead_and_going_back_is_practice_and_so_is_the_same_seed_again() {
    // Watched to 20 s, then back.
    let watched = || server(80, 24).press("space").play(Duration::from_secs(20)).press("space");
    let practice = |mut at: Harness| {
        at = at.press("p q u e u e enter");
        assert_shows(&mut at, &["You have seen this run up to t 20"]);
        at = at.press("a enter").play(Duration::from_secs(20));
        assert_shows(&mut at, &["Practice: the moment was seen before, so nothing was recorded."]);
        assert_eq!(bets(&at), []);
    };
    practice(watched().press("[ [ [ ["));
    // A fork, a twin, an act that changes nothing, the same seed again, another knob: the same luck, seen before.
    practice(watched().press("[ [ [ [ f"));
    practice(watched().press("[ [ [ [ t"));
    practice(watched().press("[ [ [ [ 4"));
    practice(watched().press("R"));
    practice(watched().press("j l R"));
    practice(watched().press("q enter"));
    // Another seed, or a moment beyond what was seen, is new.
    let counts = |mut at: Harness| {
        at = at.press("p q u e u e enter");
        assert!(!at.screen().contains("You have seen"), "{}", at.screen());
        at = at.press("a enter");
        assert_eq!(bets(&at).len(), 1);
    };
    counts(watched());
    counts(watched().press("S"));
    let mut later = watched().press("[ [ p q u e u e enter l");
    assert!(!later.screen().contains("You have seen"), "{}", later.screen());
    later = later.press("h");
    assert_shows(&mut later, &["A later moment counts, and so does another seed (S)."]);
}

#[test]
fn a_bet_that_goes_badly_cannot_be_got_rid_of_by_acting() {
    let mut at = server(80, 24).press("p q u e u e enter a enter").play(Duration::from_secs(2));
    assert_eq!(bets(&at).len(), 1);
    let told = bets(&at);
    at = at.press("3");
    assert_shows(
        &mut at,
        &["The run is another one now. This is what came of it as you bet on it:", "At t 10 s"],
    );
    assert_eq!(bets(&at), told);
    // What it told is seen now.
    at = at.press("enter R p q u e u e enter");
    assert_shows(&mut at, &["You have seen this run up to t 10 s"]);
}

#[test]
fn looking_back_and_forking_leave_a_bet_as_it_is_and_there_is_one_at_a_time() {
    let mut at = server(80, 24).press("p q u e u e enter a enter").play(Duration::from_secs(4));
    at = at.press("space [ f");
    assert_shows(&mut at, &["Bet for t 10 s: queue"]);
    at = at.press("p");
    assert_shows(&mut at, &["One bet at a time."]);
    at = at.press("] ] ]").play(Duration::from_secs(1));
    assert_shows(&mut at, &["At t 10 s queue came to"]);
}

#[test]
fn an_earlier_session_has_seen_what_its_bets_told() {
    let first = server(80, 24).press("p q u e u e enter a enter");
    let records: Vec<Record> = first.recorded().into_iter().cloned().map(record).collect();
    let progress = Progress::replay(&records);
    let mut again = Harness::of(Shared { progress, ..Shared::default() }, 80, 24);
    assert_shows(&mut again, &["How sure, how right: "]);
    let down = "down ".repeat(LABS.iter().position(|entry| entry.spec.name == "server").unwrap());
    again = again.press(&format!("down {down} enter p q u e u e enter"));
    assert_shows(&mut again, &["You have seen this run up to t 10 s"]);
}

#[test]
fn a_prediction_whose_run_was_watched_is_not_in_the_score() {
    let made = |at: Harness| {
        let at = at.press("p 1 5 enter enter");
        let seen = at.recorded().into_iter().find_map(|it| match it {
            Kind::Predicted(it) => Some(it.seen),
            _ => None,
        });
        (seen.unwrap(), at.app.shared().progress.calibration().all.tally.all(), at)
    };
    let (seen, counted, at) = made(Harness::fixture(80, 24).press("enter n"));
    assert_eq!((seen, counted), (false, 1));
    // The same once more is known by then.
    assert_eq!(made(at.press("esc esc enter n")).1, 1);

    // The lab beside the step has the set-up of the prediction but for the seed, which S comes to.
    let watched = Harness::fixture(80, 24).press("enter n tab S S").play(Duration::from_secs(50));
    let mut asked = watched.press("p");
    assert_shows(&mut asked, &["You have watched this run already"]);
    let (seen, counted, mut at) = made(asked);
    assert_eq!((seen, counted), (true, 0));
    at = at.press("pgdn pgdn");
    assert_shows(&mut at, &["You had seen what comes, so this one is not in your score."]);
}
