//! The presets of the lab `paxos`: one value by hand, with each rule broken, duels, and a sequence under a leader.

use crate::labs::lab::Preset;

/// Where the setting of a duel of two proposers comes from.
const SIMPLE: &str = "Lamport 2001, section 2.4";

/// Two proposers whose prepares wait to be delivered, with one rule broken.
macro_rules! broken {
    ($name:literal, $meaning:literal, $($knob:literal: $value:literal),+) => {
        Preset::situation($name, $meaning, &[("delivery", "by-hand"), ("fsync", "0"), $(($knob, $value)),+])
    };
}

/// Two proposers on a network, each write to disk longer than the shortest wait after a refusal: so a proposer that was
/// refused may come back before the other has used its promises.
macro_rules! duel {
    ($name:literal, $meaning:literal, $retry_max:literal) => {
        Preset::system(
            $name,
            $meaning,
            SIMPLE,
            &[
                ("latency", "2ms"),
                ("jitter", "100us"),
                ("fsync", "20ms"),
                ("stagger", "25ms"),
                ("retry_min", "1ms"),
                ("retry_max", $retry_max),
            ],
        )
    };
}

pub(super) static PRESETS: [Preset; 13] = [
    Preset::situation(
        "by-hand",
        "Two proposers have asked three acceptors for promises: you deliver every message.",
        &[("delivery", "by-hand"), ("fsync", "0")],
    ),
    duel!("duel-fixed", "Two proposers that try again 1 ms after a refusal.", "1ms"),
    duel!("duel-random", "Two proposers that try again 1 to 60 ms after a refusal.", "60ms"),
    Preset::situation(
        "stable-leader",
        "Multi-Paxos: three replicas and a leader, which needs one round trip a value; reads take a slot.",
        &[("mode", "multi"), ("reads", "slot")],
    ),
    Preset::system(
        "chubby",
        "A Chubby cell: five replicas, and a master with a lease of a few seconds, from which it answers reads.",
        "Burrows, OSDI 2006, section 2.1: five replicas, a lease of a few seconds",
        &[
            ("mode", "multi"),
            ("acceptors", "5"),
            ("lease", "4s"),
            ("renew", "1s"),
            ("suspect_min", "500ms"),
            ("suspect_max", "1s"),
        ],
    ),
    Preset::system(
        "flexible",
        "Five acceptors of which four promise and two choose: any four and any two share one.",
        "Howard, Malkhi, Spiegelman 2016",
        &[("delivery", "by-hand"), ("fsync", "0"), ("acceptors", "5"), ("q1", "4"), ("q2", "2")],
    ),
    broken!("skip-phase-1", "Proposers ask for no promises: by hand.", "flaw": "skip-phase-1"),
    broken!("no-memory", "Acceptors forget all on a restart: by hand.", "flaw": "forget-on-restart"),
    broken!("no-promise", "Acceptors accept below what they promised: by hand.", "flaw": "break-promise"),
    broken!("own-value", "Proposers push their own value, whatever they are told: by hand.", "flaw": "ignore-highest-value"),
    broken!("same-ballot", "Proposers use the same ballots: by hand.", "flaw": "same-ballot"),
    broken!("two-of-four", "Two of four acceptors are enough for either phase: by hand.", "flaw": "two-are-enough", "acceptors": "4"),
    broken!("no-overlap", "Three acceptors, of which one promises and two choose: by hand.", "q1": "1", "q2": "2"),
];
