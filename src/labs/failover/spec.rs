//! What the lab `failover` is made of: its knobs, presets, faults, readings and invariants.

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
    name: "failover",
    version: 1,
    title: "Leader failover",
    summary: "Raft servers that lose their leader: how long until another leads, what is lost, what is read meanwhile.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("crash the leader", "crash leader"),
        ("pause it for 3 s", "pause leader for 3s"),
        ("cut it off", "cut leader for 5s"),
        ("it hears nothing", "cut all>leader for 5s"),
        ("hand over and stop", "stop leader"),
        ("cut S1 and S2 off", "cut S1,S2 for 5s"),
        ("fire S3's timer", "fire S3"),
        ("read from S1", "read S1"),
        ("heal", "heal all"),
    ],
    readings: &READINGS,
    strips: &[
        ("writes/s", "writes_per_s"),
        ("reads/s", "reads_per_s"),
        ("timeouts/s", "timeouts_per_s"),
        ("messages/s", "messages_per_s"),
        ("leader", "leader"),
        ("p99 s", "p99_s"),
    ],
    invariants: &INVARIANTS,
    // A failover.
    moment: Some(|knobs| knobs.span("election_max").times(2.0)),
};

const NODES: &[&str] = &["server", "client"];
const WAYS: &[&str] = &["server", "client", "group", Target::LINK];

static FAULTS: [FaultSpec; 17] = [
    FaultSpec::new(
        Verb::Crash,
        NODES,
        Takes::Nothing,
        "The process is gone, with all that is not on its disk. When it ends, it starts again.",
    ),
    FaultSpec::new(Verb::Restart, NODES, Takes::Nothing, "Starts again with what is on its disk."),
    FaultSpec::new(
        Verb::Stop,
        &["server"],
        Takes::Nothing,
        "Ends in good order: a leader first hands over to the follower with the longest log.",
    ),
    FaultSpec::new(
        Verb::Wipe,
        &["server"],
        Takes::Nothing,
        "Loses its disk: votes, term and log. One that runs crashes and starts again.",
    ),
    FaultSpec::new(
        Verb::Pause,
        NODES,
        Takes::Nothing,
        "Stands still without knowing; what is sent to it waits.",
    ),
    FaultSpec::new(
        Verb::Cut,
        WAYS,
        Takes::Nothing,
        "Nothing gets through: around nodes (S1 or S1,S2), between two (S1-S2), or one way (S1>S2, all>S1).",
    ),
    FaultSpec::new(
        Verb::Slow,
        WAYS,
        Takes::Factor(10.0),
        "Every message on these ways takes N times as long.",
    ),
    FaultSpec::new(Verb::Drop, &[Target::MESSAGE], Takes::Nothing, "The message never arrives."),
    FaultSpec::new(Verb::Duplicate, &[Target::MESSAGE], Takes::Nothing, "The message arrives twice."),
    FaultSpec::new(
        Verb::Delay,
        &[Target::MESSAGE],
        Takes::By(Span::from_millis(50)),
        "The message arrives later than it would.",
    ),
    FaultSpec::new(Verb::Deliver, &[Target::MESSAGE], Takes::Nothing, "The message arrives now."),
    FaultSpec::new(Verb::Skew, &["server"], Takes::Factor(1.5), "Its clock runs N times as fast as time."),
    FaultSpec::new(Verb::Jump, &["server"], Takes::By(Span::from_secs(1)), "Its clock is set forward."),
    FaultSpec::new(
        Verb::Fire,
        &["server"],
        Takes::Nothing,
        "Its election timer runs out now; delivered by hand, a leader sends its heartbeat.",
    ),
    FaultSpec::new(
        Verb::Write,
        &["server"],
        Takes::Nothing,
        "Somebody writes to this server, which must take itself for the leader.",
    ),
    FaultSpec::new(
        Verb::Read,
        &["server"],
        Takes::Nothing,
        "Somebody reads from this server; the log tells whether the answer was stale.",
    ),
    FaultSpec::new(
        Verb::Heal,
        &["all", "server", "client", "group", Target::LINK],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

static INVARIANTS: [Invariant; 7] = [
    Invariant {
        name: "election-safety",
        kind: Promise::Guarantee,
        meaning: "At most one server is elected in a term, whatever crashes, is cut or is slow, unless a disk is lost.",
    },
    Invariant {
        name: "leader-append-only",
        kind: Promise::Guarantee,
        meaning: "A leader only adds to its log.",
    },
    Invariant {
        name: "log-matching",
        kind: Promise::Guarantee,
        meaning: "Logs that share an entry share all entries before it.",
    },
    Invariant {
        name: "leader-completeness",
        kind: Promise::Guarantee,
        meaning: "What is committed is in the log of every later leader, unless a disk is lost.",
    },
    Invariant {
        name: "state-machine-safety",
        kind: Promise::Guarantee,
        meaning: "No two servers apply different entries at the same index, unless a disk is lost.",
    },
    Invariant {
        name: "fresh-reads",
        kind: Promise::Property,
        meaning: "No read returns less than what was acknowledged before it was asked.",
    },
    Invariant {
        name: "once-only",
        kind: Promise::Property,
        meaning: "No write takes effect twice; holds with sessions.",
    },
];
