//! Thousands of schedules for the right Raft, and as many as it takes for a wrong one.

use halfopen::patterns::raft::Flaw;

use crate::world::{Setting, Tally, World};

const EVENTS: u64 = 1000;

/// The first seed of `seeds` on which something breaks, with what and after how many events.
fn first_break(setting: Setting, seeds: std::ops::Range<u64>) -> Option<(u64, String, u64)> {
    seeds.into_iter().find_map(|seed| {
        let mut world = World::new(seed, setting);
        world.run(EVENTS).err().map(|what| (seed, what, world.tally.events))
    })
}

/// Runs the right Raft on these seeds and says what they came to.
fn all_hold(seeds: std::ops::Range<u64>) -> Tally {
    let mut sum = Tally::default();
    for seed in seeds {
        let mut world = World::new(seed, Setting::default());
        if let Err(what) = world.run(EVENTS) {
            panic!("seed {seed}, event {}: {what}", world.tally.events);
        }
        sum.events += world.tally.events;
        sum.leaders += world.tally.leaders;
        sum.committed += world.tally.committed;
        sum.reads += world.tally.reads;
        sum.truncated += world.tally.truncated;
        sum.transfers += world.tally.transfers;
    }
    sum
}

#[test]
fn figure_3_the_five_properties_hold_on_every_schedule() {
    let sum = all_hold(0..3000);
    println!("{sum:?}");
    // Schedules on which nothing happens prove nothing.
    assert!(sum.leaders > 8000 && sum.committed > 12_000, "{sum:?}");
    assert!(sum.reads > 5000 && sum.truncated > 500 && sum.transfers > 1000, "{sum:?}");
}

/// `RAFT_SCHEDULES` says how many. Run once in a while: `cargo test --release --test raft -- --ignored --nocapture many`.
#[test]
#[ignore = "a minute or more"]
fn figure_3_the_five_properties_hold_on_very_many_schedules() {
    let schedules = std::env::var("RAFT_SCHEDULES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    println!("{:?}", all_hold(0..schedules));
}

fn caught(flaw: Flaw, properties: &[&str]) {
    let setting = Setting { flaw: Some(flaw), small: true, ..Setting::default() };
    let (seed, what, events) =
        first_break(setting, 0..20_000).unwrap_or_else(|| panic!("{flaw:?} is not caught"));
    println!("{flaw:?}: seed {seed}, event {events}: {what}");
    assert!(properties.contains(&what.as_str()), "{what}");
}

#[test]
fn section_5_4_1_a_vote_without_a_look_at_the_log_loses_committed_entries() {
    caught(
        Flaw::VoteWithoutLogCheck,
        &["leader completeness", "state machine safety", "a committed entry is deleted"],
    );
}

#[test]
fn section_5_4_2_an_old_entry_committed_by_counting_may_be_overwritten() {
    caught(
        Flaw::CommitOldTermByCounting,
        &["leader completeness", "state machine safety", "a committed entry is deleted"],
    );
}

#[test]
fn section_5_1_a_vote_forgotten_over_a_restart_gives_a_term_two_leaders() {
    caught(Flaw::ForgetVoteOnRestart, &["election safety", "leader completeness", "log matching"]);
}

/// Not a flaw of Raft: it counts on disks.
#[test]
fn figure_2_what_is_persistent_must_be_so() {
    let setting = Setting { lose_disks: true, ..Setting::default() };
    let (seed, what, events) = first_break(setting, 0..1000).unwrap();
    println!("lost disks: seed {seed}, event {events}: {what}");
}
