//! A bet on the screen, from the question to what came.

use super::{bench, seconds};
use crate::app::Message;

#[test]
fn a_bet_is_asked_weighed_and_told_at_every_size() {
    let mut at = bench(80, 24).press("space").play(seconds(15)).press("space p w a i t");
    insta::assert_snapshot!("bet_pick_80x24", at.screen());
    at = at.press("ctrl-u q u e enter");
    insta::assert_snapshot!("bet_say_80x24", at.screen());
    insta::assert_snapshot!("bet_say_80x24_mono", at.mono().styles());

    let mut at = bench(60, 18).press("space").play(seconds(15)).press("space [ [ p q u e enter");
    insta::assert_snapshot!("bet_seen_60x18", at.screen());
    at = at.press("c 1 2 enter enter").play(seconds(10));
    insta::assert_snapshot!("bet_practice_60x18", at.screen());

    let mut at = bench(160, 45).press("space").play(seconds(15)).press("space p q u e enter b 8 enter");
    insta::assert_snapshot!("bet_made_160x45", at.screen());
    at = at.play(seconds(11));
    insta::assert_snapshot!("bet_told_160x45", at.screen());
}

#[test]
fn a_run_with_too_many_events_for_one_frame_decides_a_bet_all_the_same() {
    let mut at = bench(80, 24).press("p q u e enter a enter");
    // What a slow machine allows: the copy and the run share it.
    for _ in 0..20_000 {
        if at.screen().contains("You said") {
            return;
        }
        let elapsed = std::time::Duration::from_millis(33);
        let _ = at.send(Message::Frame { elapsed, events_allowed: 3 });
    }
    panic!("it was never told:\n{}", at.screen());
}
