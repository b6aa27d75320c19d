//! What the lab `paxos` is made of: its knobs, presets, faults, readings and invariants.

mod knobs;
mod presets;
mod readings;

use self::knobs::KNOBS;
use self::presets::PRESETS;
use self::readings::READINGS;
use crate::engine::time::Span;
use crate::labs::fault::{FaultSpec, Takes, Target, Verb};
use crate::labs::lab::{Invariant, Promise, Spec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "paxos",
    version: 1,
    title: "Paxos",
    summary: "Acceptors that agree on a value for ever, and you decide which message arrives when.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("deliver the oldest", "deliver oldest"),
        ("deliver the newest", "deliver newest"),
        ("drop the oldest", "drop oldest"),
        ("P1 proposes anew", "propose P1"),
        ("P2 proposes anew", "propose P2"),
        ("crash A for 2 s", "crash A for 2s"),
        ("restart B", "restart B"),
        ("wipe B", "wipe B"),
        ("cut A off for 2 s", "cut A for 2s"),
    ],
    readings: &READINGS,
    strips: &[
        ("messages/s", "messages_per_s"),
        ("writes/s", "writes_per_s"),
        ("reads/s", "reads_per_s"),
        ("leader", "leader"),
        ("decided", "decided"),
    ],
    invariants: &INVARIANTS,
    // A round, or a change of the master.
    moment: Some(|knobs| knobs.span("suspect_max")),
};

const AGENTS: &[&str] = &["acceptor", "proposer", "learner", "replica", "client"];
const WAYS: &[&str] = &["acceptor", "proposer", "learner", "replica", "client", "group", Target::LINK];
const REMEMBER: &[&str] = &["acceptor", "replica"];

static FAULTS: [FaultSpec; 18] = [
    FaultSpec::new(Verb::Deliver, &[Target::MESSAGE], Takes::Nothing, "The message arrives now."),
    FaultSpec::new(Verb::Drop, &[Target::MESSAGE], Takes::Nothing, "The message never arrives."),
    FaultSpec::new(Verb::Duplicate, &[Target::MESSAGE], Takes::Nothing, "The message arrives twice."),
    FaultSpec::new(
        Verb::Delay,
        &[Target::MESSAGE],
        Takes::By(Span::from_millis(50)),
        "The message arrives later than it would.",
    ),
    FaultSpec::new(
        Verb::Propose,
        &["proposer"],
        Takes::Nothing,
        "Begins a new round, with a ballot above all that it has heard of.",
    ),
    FaultSpec::new(
        Verb::Crash,
        AGENTS,
        Takes::Nothing,
        "The process is gone, with all that is not on its disk. When it ends, it starts again.",
    ),
    FaultSpec::new(Verb::Restart, AGENTS, Takes::Nothing, "Starts again with what is on its disk."),
    FaultSpec::new(
        Verb::Wipe,
        REMEMBER,
        Takes::Nothing,
        "Loses its disk: promise and acceptance. One that runs starts again without.",
    ),
    FaultSpec::new(
        Verb::Pause,
        AGENTS,
        Takes::Nothing,
        "Stands still without knowing; what is sent to it waits.",
    ),
    FaultSpec::new(
        Verb::Cut,
        WAYS,
        Takes::Nothing,
        "Nothing gets through: around nodes (A or A,B), between two (P1-A), or one way (P1>A, all>A).",
    ),
    FaultSpec::new(
        Verb::Slow,
        WAYS,
        Takes::Factor(10.0),
        "Every message on these ways takes N times as long.",
    ),
    FaultSpec::new(
        Verb::Fire,
        &["replica"],
        Takes::Nothing,
        "Campaigns now; a leader asks again for what is open.",
    ),
    FaultSpec::new(
        Verb::Write,
        &["replica"],
        Takes::Nothing,
        "Somebody writes to this replica, which must lead.",
    ),
    FaultSpec::new(
        Verb::Read,
        &["replica"],
        Takes::Nothing,
        "Somebody reads from this replica; the log tells whether the answer was stale.",
    ),
    FaultSpec::new(Verb::Skew, &["replica"], Takes::Factor(1.5), "Its clock runs N times as fast as time."),
    FaultSpec::new(Verb::Jump, &["replica"], Takes::By(Span::from_secs(1)), "Its clock is set forward."),
    FaultSpec::new(
        Verb::Stop,
        &["replica"],
        Takes::Nothing,
        "Ends in good order: a leader steps down, then it is gone.",
    ),
    FaultSpec::new(
        Verb::Heal,
        &["all", "acceptor", "proposer", "learner", "replica", "client", "group", Target::LINK],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

static INVARIANTS: [Invariant; 6] = [
    Invariant {
        name: "agreement",
        kind: Promise::Guarantee,
        meaning: "No two values are chosen, whatever is lost, late or down, unless a disk is lost.",
    },
    Invariant {
        name: "validity",
        kind: Promise::Guarantee,
        meaning: "Only what somebody wished for is accepted.",
    },
    Invariant {
        name: "integrity",
        kind: Promise::Guarantee,
        meaning: "Nobody takes a value for chosen that is not, or changes its mind.",
    },
    Invariant {
        name: "promise-monotone",
        kind: Promise::Guarantee,
        meaning: "No acceptor takes part in a ballot below one that it promised, unless its disk is lost.",
    },
    Invariant {
        name: "one-master",
        kind: Promise::Property,
        meaning: "No two replicas hold the lease at once; holds while clocks are no worse than drift.",
    },
    Invariant {
        name: "fresh-reads",
        kind: Promise::Property,
        meaning: "No read returns less than what was acknowledged before it was asked; holds with a lease.",
    },
];
