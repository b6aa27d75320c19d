//! The lab `paxos` through its public face: what it must show, rule by rule.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::engine::time::Time;
use halfopen::labs::fault::Verb;
use halfopen::labs::lab::Lab;
use halfopen::labs::reading::Value;
use halfopen::labs::recording::Recording;
use halfopen::labs::scenario::{Scenario, Wanted};
use halfopen::labs::scene::{PartId, Picture};
use halfopen::labs::violation::{self, Found};

fn scenario(lab: &str, preset: &str, set: &[(&str, &str)], at: &[&str], seed: u64) -> Scenario {
    let set: Vec<(String, String)> = set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let at: Vec<String> = at.iter().map(|text| (*text).to_owned()).collect();
    Scenario::read(&Wanted { lab, preset: Some(preset), set: &set, seed, at: &at }).unwrap()
}

fn paxos(preset: &str, set: &[(&str, &str)]) -> Box<dyn Lab> {
    scenario("paxos", preset, set, &[], 1).open()
}

/// Sentences, a second apart.
fn say(lab: &mut dyn Lab, sentences: &[&str]) {
    for sentence in sentences {
        lab.advance(Time::from_nanos(lab.now().nanos() + 1_000_000_000), u64::MAX);
        lab.act_on(sentence).unwrap_or_else(|err| panic!("{sentence}: {err}"));
    }
}

/// Delivers the first message that says `label` from one node to another.
fn deliver(lab: &mut dyn Lab, ways: &[(&str, &str, &str)]) {
    for (label, from, to) in ways {
        let scene = lab.scene();
        let pending = scene.panels.iter().find_map(|panel| match &panel.picture {
            Picture::Schedule(schedule) => Some(&schedule.pending),
            _ => None,
        });
        let wanted = pending
            .unwrap()
            .iter()
            .find(|it| it.label.starts_with(label) && it.from == *from && it.to == *to);
        let number = wanted
            .unwrap_or_else(|| panic!("no {label} from {from} to {to}: {:?}", lab.scene().speak()))
            .number;
        say(lab, &[&format!("deliver m{number}")]);
    }
}

fn number(lab: &dyn Lab, name: &str) -> f64 {
    lab.read(name).number().unwrap_or(f64::NAN)
}

fn broken(lab: &dyn Lab) -> Vec<(&'static str, String)> {
    let standing = lab.invariants();
    let broken =
        standing.iter().filter_map(|it| it.broken.map(|broken| (it.invariant.name, broken.facts.clone())));
    broken.collect()
}

/// Phase 1 of a proposer with these two.
fn prepared(lab: &mut dyn Lab, p: &str, by: [&str; 2]) {
    for a in by {
        deliver(lab, &[("prepare", p, a), ("promise", a, p)]);
    }
}

#[test]
fn a_value_is_chosen_before_anybody_knows_it() {
    let mut lab = paxos("by-hand", &[]);
    prepared(&mut *lab, "P1", ["A", "B"]);
    deliver(&mut *lab, &[("accept", "P1", "A")]);
    assert_eq!((lab.read("decided"), number(&*lab, "chosen")), (Value::Word("no"), 0.0));
    deliver(&mut *lab, &[("accept", "P1", "B")]);
    assert_eq!((lab.read("decided"), lab.read("value")), (Value::Word("chosen"), Value::Word("red")));
    assert_eq!(lab.read("known_s"), Value::None);
    let told: Vec<_> = lab.notable(1);
    assert_eq!(
        told[0].told.sentence,
        "Red is chosen: A and B have accepted it under 1.P1, a quorum. Nobody knows it yet."
    );
    deliver(&mut *lab, &[("accepted", "A", "L"), ("accepted", "B", "L")]);
    assert_eq!(lab.read("decided"), Value::Word("known"));
    assert!(number(&*lab, "known_s") > number(&*lab, "chosen_s"));
}

#[test]
fn a_proposer_must_push_the_value_of_its_rival() {
    let mut lab = paxos("by-hand", &[]);
    prepared(&mut *lab, "P1", ["A", "B"]);
    deliver(&mut *lab, &[("accept", "P1", "A"), ("accept", "P1", "B")]);
    deliver(&mut *lab, &[("prepare", "P2", "B"), ("promise", "B", "P2"), ("prepare", "P2", "C")]);
    // The stage says it before it happens.
    let said = lab.scene().speak().join("\n");
    assert!(said.contains("P2 must push red!"), "{said}");
    deliver(&mut *lab, &[("promise", "C", "P2")]);
    let told = lab.notable(1)[0].told.sentence.clone();
    assert_eq!(told, "P2 must push red of 1.P2: B told it of red of 1.P1.");
    assert!(lab.scene().speak().join("\n").contains("P2 asked B and C: B told."));
    deliver(
        &mut *lab,
        &[("accept", "P2", "B"), ("accept", "P2", "C"), ("accepted", "B", "P2"), ("accepted", "C", "P2")],
    );
    assert_eq!((number(&*lab, "chosen"), lab.read("value")), (1.0, Value::Word("red")));
    assert_eq!(broken(&*lab), []);
    assert_eq!(lab.act_on("propose P2"), Err("P2 knows what is chosen.".into()));
}

#[test]
fn a_message_can_be_named_by_its_age() {
    let mut lab = paxos("by-hand", &[]);
    say(&mut *lab, &["deliver oldest", "drop oldest", "deliver newest", "deliver"]);
    let said: Vec<String> = lab.log().iter().map(|entry| entry.act.to_string()).collect();
    assert_eq!(said, ["deliver oldest", "drop oldest", "deliver newest", "deliver oldest"]);
    // m1 and m6 were delivered and answered, m2 is lost, m3 came last.
    let told: Vec<String> = lab.notable(9).into_iter().map(|it| it.told.sentence).collect();
    assert!(
        told.contains(&"Begins: drop m2.".to_owned()) && told.contains(&"Begins: deliver m3.".to_owned()),
        "{told:?}"
    );
    for _ in 0..40 {
        if lab.act_on("drop newest").is_err() {
            break;
        }
    }
    assert_eq!(lab.act_on("deliver oldest"), Err("No message is on its way.".into()));
}

#[test]
fn the_loser_is_refused_and_begins_anew_with_a_higher_ballot() {
    let mut lab = paxos("by-hand", &[]);
    prepared(&mut *lab, "P1", ["A", "B"]);
    deliver(
        &mut *lab,
        &[("prepare", "P2", "A"), ("prepare", "P2", "B"), ("accept", "P1", "A"), ("accept", "P1", "B")],
    );
    assert_eq!((number(&*lab, "refused"), number(&*lab, "chosen")), (2.0, 0.0));
    deliver(&mut *lab, &[("refusal", "A", "P1"), ("refusal", "B", "P1")]);
    say(&mut *lab, &["propose P1"]);
    assert_eq!((number(&*lab, "ballots"), number(&*lab, "duels")), (2.0, 1.0));
}

/// How many of 300 runs decide within a second, and the first invariant that broke in any.
fn duels(preset: &str) -> usize {
    let decided = |seed: &u64| {
        let lab = scenario("paxos", preset, &[], &[], *seed).run(Time::from_secs(1));
        assert_eq!(broken(&*lab), [], "seed {seed}");
        lab.read("decided") != Value::Word("no")
    };
    (1..=300).filter(decided).count()
}

#[test]
fn duels_with_fixed_waits_go_on_and_random_waits_end_them() {
    let (fixed, random) = (duels("duel-fixed"), duels("duel-random"));
    println!("decided within 1 s, of 300: fixed {fixed}, random {random}");
    assert!((45..=105).contains(&fixed), "{fixed}");
    assert!(random >= 297, "{random}");
}

/// A fixed wait that is longer than the disk takes ends duels as well: who was refused comes back too late.
#[test]
fn a_duel_needs_a_wait_that_is_shorter_than_the_disk() {
    let decided = |seed: &u64| {
        let set = [("retry_min", "40ms"), ("retry_max", "40ms")];
        let lab = scenario("paxos", "duel-fixed", &set, &[], *seed).run(Time::from_secs(1));
        lab.read("decided") == Value::Word("known")
    };
    assert_eq!((1..=100).filter(decided).count(), 100);
}

#[test]
fn a_wiped_acceptor_forgets_what_a_quorum_counts_on() {
    let mut lab = paxos("by-hand", &[]);
    prepared(&mut *lab, "P1", ["A", "B"]);
    deliver(&mut *lab, &[("accept", "P1", "A"), ("accept", "P1", "B")]);
    say(&mut *lab, &["wipe B"]);
    prepared(&mut *lab, "P2", ["B", "C"]);
    deliver(&mut *lab, &[("accept", "P2", "B"), ("accept", "P2", "C")]);
    let broken = broken(&*lab);
    assert_eq!(broken[0].0, "agreement");
    assert_eq!(broken[0].1, "A and B chose red under 1.P1 and B and C chose green under 1.P2: B in both");
    // A restart alone does no harm.
    let mut lab = paxos("by-hand", &[]);
    prepared(&mut *lab, "P1", ["A", "B"]);
    deliver(&mut *lab, &[("accept", "P1", "A"), ("accept", "P1", "B")]);
    say(&mut *lab, &["restart B"]);
    prepared(&mut *lab, "P2", ["B", "C"]);
    deliver(&mut *lab, &[("accept", "P2", "B"), ("accept", "P2", "C")]);
    assert_eq!((self::broken(&*lab), lab.read("value")), (vec![], Value::Word("red")));
}

#[test]
fn a_crash_before_the_write_loses_nothing_that_was_told() {
    for crash in 0..40 {
        let at = [format!("{}ms crash A for 3ms", 2 + crash), format!("{}ms crash B for 5ms", 7 + crash)];
        let at: Vec<&str> = at.iter().map(String::as_str).collect();
        let lab = scenario("paxos", "duel-random", &[], &at, crash).run(Time::from_secs(2));
        assert_eq!((broken(&*lab), number(&*lab, "chosen")), (vec![], 1.0), "{at:?}");
    }
}

fn search(scenario: &Scenario, may: &[(Verb, u32)]) -> Found {
    let wanted = violation::Wanted { may, invariants: &[], states: 100_000 };
    (scenario.lab.search.unwrap())(scenario, &wanted).unwrap()
}

/// The shortest way to break `invariant` takes so many acts; replayed through the lab's face and as a line, it does.
#[track_caller]
fn breaks(scenario: &Scenario, may: &[(Verb, u32)], invariant: &str, steps: usize) {
    let found = search(scenario, may);
    let violation = found.violation.as_ref().unwrap_or_else(|| panic!("{}", found.sentence()));
    assert_eq!((violation.invariant, violation.steps), (invariant, steps), "{}", found.sentence());
    let lab = violation.scenario.run(violation.until);
    let names: Vec<&str> = broken(&*lab).iter().map(|(name, _)| *name).collect();
    assert!(names.contains(&invariant), "{names:?}");
    let line = Recording::of(&*lab).line();
    assert!(line.contains("digest"), "{line}");
    // Without its last act nothing is broken yet.
    let mut shorter = violation.scenario.clone();
    shorter.script.pop();
    let names: Vec<&str> = broken(&*shorter.run(violation.until)).iter().map(|(name, _)| *name).collect();
    assert!(!names.contains(&invariant), "{names:?}");
}

#[test]
fn the_machine_finds_the_shortest_way_through_each_broken_rule() {
    for (preset, steps) in [
        ("skip-phase-1", 4),
        ("no-memory", 13),
        ("no-promise", 12),
        ("own-value", 12),
        ("same-ballot", 12),
        ("two-of-four", 12),
        ("no-overlap", 8),
    ] {
        println!("{preset}");
        breaks(&scenario("paxos", preset, &[], &[], 1), &[], "agreement", steps);
    }
}

#[test]
fn the_machine_finds_that_a_disk_must_not_be_lost() {
    breaks(&scenario("paxos", "by-hand", &[], &[], 1), &[(Verb::Wipe, 1)], "agreement", 13);
}

#[test]
fn with_the_right_rules_there_is_no_way() {
    let found = search(&scenario("paxos", "by-hand", &[], &[], 1), &[]);
    println!("{}", found.sentence());
    assert!(found.complete && found.violation.is_none(), "{}", found.sentence());
    assert_eq!(found.states, 42_993);
}

/// Howard et al. 2016: what matters is that any quorum of phase 1 meets any of phase 2. Where they do, the first 20 000
/// states are looked at; `tests/paxos` looks at all of a smaller world.
#[test]
fn quorums_must_meet_and_need_do_no_more() {
    for (q1, q2) in (1..=3).flat_map(|q1| (1..=3).map(move |q2| (q1, q2))) {
        let set = [("q1", q1.to_string()), ("q2", q2.to_string())];
        let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let scenario = scenario("paxos", "by-hand", &set, &[], 1);
        let wanted = violation::Wanted { may: &[], invariants: &[], states: 20_000 };
        let found = (scenario.lab.search.unwrap())(&scenario, &wanted).unwrap();
        println!("{q1} and {q2}: {}", found.sentence());
        assert_eq!(found.violation.is_none(), q1 + q2 > 3, "{q1} and {q2}");
    }
}

#[test]
fn a_search_is_refused_where_things_happen_by_themselves() {
    for (lab, preset) in [("paxos", "duel-fixed"), ("paxos", "chubby"), ("failover", "five")] {
        let scenario = scenario(lab, preset, &[], &[], 1);
        let wanted = violation::Wanted { may: &[], invariants: &[], states: 1000 };
        assert!((scenario.lab.search.unwrap())(&scenario, &wanted).unwrap_err().contains("by hand"));
    }
    let scenario = scenario("paxos", "by-hand", &[], &[], 1);
    let wanted = violation::Wanted { may: &[], invariants: &["agreemnt".into()], states: 1000 };
    assert!((scenario.lab.search.unwrap())(&scenario, &wanted).unwrap_err().contains("one-master"));
}

fn raft(flaw: &str, at: &[&str]) -> Scenario {
    scenario("failover", "by-hand", &[("flaw", flaw)], at, 1)
}

#[test]
fn the_machine_finds_the_shortest_way_through_raft() {
    breaks(&raft("vote-without-log-check", &[]), &[], "leader-completeness", 9);
    breaks(&raft("forget-vote-on-restart", &[]), &[], "election-safety", 7);
}

/// Figure 8 up to (b), with three servers: S1 led term 1 and wrote an entry that nobody has; S2 led term 2 and wrote
/// another; all that was on its way is lost.
#[test]
fn the_machine_finds_the_rest_of_figure_8() {
    let at = [
        "1ms fire S1",
        "2ms deliver m2",
        "3ms deliver m3",
        "4ms write S1",
        "5ms drop m1",
        "5ms drop m4",
        "5ms drop m5",
        "5ms drop m6",
        "5ms drop m7",
        "6ms fire S2",
        "7ms drop m8",
        "7ms drop m9",
        "8ms fire S2",
        "9ms deliver m11",
        "9ms drop m10",
        "10ms deliver m12",
        "11ms drop m13",
        "11ms drop m14",
        "12ms write S2",
        "13ms drop m15",
        "13ms drop m16",
    ];
    breaks(&raft("commit-old-term-by-counting", &at), &[], "leader-completeness", 13);
    let found = search(&raft("none", &at), &[(Verb::Fire, 3), (Verb::Write, 0)]);
    assert!(found.complete && found.violation.is_none(), "{}", found.sentence());
}

/// Found by the search: whoever is elected late, in a term that is over, need not have what was committed since.
#[test]
fn a_leader_of_an_old_term_may_lack_what_a_later_one_committed() {
    let at = [
        "1s fire S1",
        "2s deliver m1",
        "3s fire S2",
        "4s deliver m5",
        "5s deliver m6",
        "6s write S2",
        "7s deliver m10",
        "8s deliver m11",
        "9s deliver m3",
    ];
    let lab = raft("none", &at).run(Time::from_secs(9));
    assert_eq!((number(&*lab, "committed"), number(&*lab, "leaders_now")), (1.0, 2.0));
    assert_eq!(broken(&*lab), []);
}

#[test]
fn with_the_rules_of_raft_there_is_no_way() {
    let found = search(&raft("none", &[]), &[]);
    println!("{}", found.sentence());
    assert!(found.complete && found.violation.is_none(), "{}", found.sentence());
    let found = search(&raft("none", &[]), &[(Verb::Write, 0), (Verb::Restart, 1)]);
    println!("{}", found.sentence());
    assert!(found.complete && found.violation.is_none(), "{}", found.sentence());
}

#[test]
fn a_leader_needs_one_round_trip_a_value_and_a_master_none_for_a_read() {
    let lab = scenario("paxos", "stable-leader", &[], &[], 3).run(Time::from_secs(20));
    assert_eq!((number(&*lab, "leaders"), broken(&*lab).len()), (1.0, 0));
    // The way to the replica, a round trip, the way back, 2 to 3 ms each.
    assert!((0.008..=0.0125).contains(&number(&*lab, "p50_s")), "{}", number(&*lab, "p50_s"));
    assert!(number(&*lab, "local_reads") < 1.0);
    let lab = scenario("paxos", "chubby", &[], &[], 3).run(Time::from_secs(30));
    assert!(number(&*lab, "reads") > 100.0);
    assert!((number(&*lab, "local_reads") - number(&*lab, "reads")).abs() < 1.0);
    assert_eq!((number(&*lab, "masters"), number(&*lab, "stale_reads")), (1.0, 0.0));
    assert!((2.9..=4.0).contains(&number(&*lab, "lease_left_s")));
}

/// A master that is gone keeps others out until its lease is over: the price of reads without messages.
#[test]
fn the_next_master_waits_for_the_lease() {
    for seed in 1..=20 {
        let lab = scenario("paxos", "chubby", &[], &["10s crash leader"], seed).run(Time::from_secs(30));
        assert_eq!(broken(&*lab), [], "seed {seed}");
        let masters: Vec<Time> = (0..lab.fact_count())
            .filter_map(|i| lab.occurrence(i))
            .filter(|it| it.told.kind == "master")
            .map(|it| it.at)
            .collect();
        assert_eq!(masters.len(), 2, "seed {seed}");
        let waited = masters[1].secs() - 10.0;
        assert!((2.5..=7.0).contains(&waited), "seed {seed}: {waited}");
    }
}

/// A leader that is cut off from the others and not from somebody who reads.
#[test]
fn without_a_lease_a_leader_that_was_replaced_reads_what_is_old() {
    let mut stale = 0;
    for seed in 1..=20 {
        for (reads, lease) in [("leader", "0"), ("lease", "300ms")] {
            let set = [("reads", reads), ("lease", lease)];
            let mut lab = scenario("paxos", "stable-leader", &set, &[], seed).run(Time::from_secs(3));
            let Value::Word(old) = lab.read("leader") else { panic!() };
            let others: Vec<&str> = ["A", "B", "C"].into_iter().filter(|name| *name != old).collect();
            lab.act_on(&format!("cut {old}-{}", others.join(","))).unwrap();
            lab.act_on(&format!("cut {old}-client")).unwrap();
            lab.advance(Time::from_secs(8), u64::MAX);
            lab.act_on(&format!("read {old}")).unwrap();
            if lease == "0" {
                stale += u64::from(number(&*lab, "stale_reads") > 0.0);
            } else {
                assert_eq!(broken(&*lab), [], "seed {seed}");
            }
        }
    }
    assert_eq!(stale, 20);
}

/// A lease counts on clocks that are not worse than it was told: those who granted it count faster than the master.
#[test]
fn clocks_that_run_away_make_two_masters() {
    let two_masters = |factor: &str| {
        let broke = |seed: &u64| {
            let mut lab = scenario("paxos", "chubby", &[], &[], *seed).run(Time::from_secs(6));
            let Value::Word(leader) = lab.read("leader") else { panic!() };
            for other in ["A", "B", "C", "D", "E"].into_iter().filter(|name| *name != leader) {
                lab.act_on(&format!("skew {other} {factor}")).unwrap();
            }
            lab.advance(Time::from_secs(10), u64::MAX);
            lab.act_on("cut leader").unwrap();
            lab.advance(Time::from_secs(20), u64::MAX);
            let broken = broken(&*lab);
            assert!(broken.iter().all(|(name, _)| *name == "one-master"), "{broken:?}");
            !broken.is_empty()
        };
        (1..=20).filter(broke).count()
    };
    assert_eq!((two_masters("x1.009"), two_masters("x4")), (0, 20));
}

#[test]
fn every_part_has_fields_and_can_be_aimed_at() {
    use halfopen::labs::inspect;
    for preset in halfopen::labs::paxos::SPEC.presets {
        let lab = scenario("paxos", preset.name, &[], &[], 1).run(Time::from_secs(7));
        let scene = lab.scene();
        assert!(!scene.parts().is_empty());
        for part in scene.parts() {
            assert!(!part.fields.is_empty(), "{}: {}", preset.name, part.id);
            assert!(!inspect::faults(&*lab, part).is_empty(), "{}: {}", preset.name, part.id);
        }
        assert!(scene.part(&PartId::from("A")).is_some());
    }
}
