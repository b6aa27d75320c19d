//! Every schedule of small worlds: the right rules never fail, and each flaw has a shortest way to two chosen values.

use halfopen::engine::explore::{Explored, explore};
use halfopen::patterns::paxos::{Config, Flaw};

use crate::world::{Setting, Step, World};

const LIMIT: usize = 5_000_000;

fn all(setting: Setting, broken: impl Fn(&World) -> Option<String>) -> Explored<Step, String> {
    explore(World::new(setting), World::steps, World::after, broken, LIMIT)
}

/// All guarantees hold in all states, and these are so many.
#[track_caller]
fn clean(setting: Setting, states: usize) {
    let found = all(setting, World::wrong);
    println!("{} states, {} moves, {} deep: {setting:?}", found.states, found.moves, found.depth);
    if let Some(violation) = &found.violation {
        panic!("{setting:?}: {}\n{:#?}", violation.what, violation.steps);
    }
    assert!(found.complete, "more than {LIMIT} states");
    assert_eq!(found.states, states);
}

/// Two values are chosen after so many steps, and never after fewer.
#[track_caller]
fn breaks(setting: Setting, steps: usize) {
    let found = all(setting, World::disagrees);
    let violation = found.violation.unwrap_or_else(|| {
        panic!("no violation in {} states (all: {}): {setting:?}", found.states, found.complete)
    });
    println!("{} steps, {} states: {:#?}", violation.steps.len(), found.states, violation.steps);
    assert_eq!(violation.steps.len(), steps, "{}\n{:#?}", violation.what, violation.steps);
}

fn flawed(flaw: Flaw, acceptors: u8) -> Setting {
    Setting::new(Config { flaw: Some(flaw), ..Config::majority(acceptors) })
}

/// As few messages as will do, and none that can change nothing.
fn lean(rounds: [u8; 2], acceptors: u8) -> Setting {
    Setting { rounds, forget_dead: true, ..Setting::new(Config::majority(acceptors)) }
}

#[test]
fn one_round_each_with_a_learner() {
    let with = Config { learners: 1, nacks: false, ..Config::majority(3) };
    clean(Setting { config: with, ..lean([1, 1], 3) }, 2438);
}

#[test]
fn one_round_each_with_nacks() {
    clean(Setting { config: Config::majority(3), ..lean([1, 1], 3) }, 7617);
}

#[test]
fn proposers_who_hear_of_their_success() {
    clean(Setting { tell_proposers: true, ..lean([2, 1], 3) }, 20_955);
}

/// Forgetting dead messages is no cheating: the same world with them has more states and no other end.
#[test]
fn one_round_each() {
    clean(Setting::new(Config::majority(3)), 5897);
    clean(lean([1, 1], 3), 533);
}

#[test]
fn two_rounds_each() {
    clean(lean([2, 2], 3), 55_408);
}

#[test]
fn five_acceptors() {
    clean(lean([1, 1], 5), 7058);
}

#[test]
fn restarts_with_the_disk_do_no_harm() {
    clean(Setting { restarts: 1, ..Setting::new(Config::majority(3)) }, 11_794);
}

#[test]
fn a_disk_lost_is_a_promise_lost() {
    breaks(Setting { restarts: 1, lose_disks: true, ..Setting::new(Config::majority(3)) }, 15);
    breaks(Setting { restarts: 1, ..flawed(Flaw::ForgetOnRestart, 3) }, 15);
}

#[test]
fn an_acceptor_must_keep_its_promise() {
    breaks(flawed(Flaw::BreakPromise, 3), 14);
}

#[test]
fn a_proposer_must_push_what_it_was_told() {
    breaks(flawed(Flaw::IgnoreHighestValue, 3), 14);
}

#[test]
fn ballots_must_be_unique() {
    breaks(flawed(Flaw::SameBallot, 3), 14);
}

#[test]
fn without_phase_one_any_two_proposers_disagree() {
    breaks(flawed(Flaw::SkipPhaseOne, 3), 6);
}

#[test]
fn two_nodes_are_enough_only_where_they_are_a_majority() {
    breaks(flawed(Flaw::TwoNodesAreEnough, 4), 14);
    clean(flawed(Flaw::TwoNodesAreEnough, 3), 5897);
}

/// Howard et al. 2016: clean exactly if any quorum of phase 1 meets any of phase 2.
#[test]
fn quorums_of_the_two_phases_must_meet_and_need_do_no_more() {
    for (q1, q2) in (1..=3).flat_map(|q1| (1..=3).map(move |q2| (q1, q2))) {
        let config = Config::flexible(3, q1, q2);
        let found = all(Setting::new(config), World::wrong);
        println!("{q1} and {q2} of 3: {} states, clean: {}", found.states, found.clean());
        assert_eq!(found.clean(), q1 + q2 > 3, "{q1} and {q2}: {:?}", found.violation);
        assert_eq!(config.quorums_meet(), q1 + q2 > 3);
        assert!(found.complete || found.violation.is_some());
    }
}
