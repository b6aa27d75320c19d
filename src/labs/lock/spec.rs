//! What the lab `lock` is made of: its knobs, presets, faults, readings and invariants.

mod knobs;
mod presets;
mod readings;

use self::knobs::KNOBS;
use self::presets::PRESETS;
pub(super) use self::readings::HOLDERS;
use self::readings::READINGS;
use crate::engine::time::Span;
use crate::labs::fault::{FaultSpec, Takes, Target, Verb};
use crate::labs::lab::{Invariant, Promise, Spec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "lock",
    version: 1,
    title: "Distributed locks",
    summary: "Clients take turns under a lock that ends by itself: who believes, whose it is, and what the store takes.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("crash the holder", "crash holder"),
        ("pause it for 9 s", "pause holder for 9s"),
        ("cut it from the lock", "cut holder-lock for 9s"),
        ("cut it from the store", "cut holder-store for 3s"),
        ("starve its watchdog", "starve holder for 40s"),
        ("clock +12 s", "jump lock by 12s"),
        ("restart the lock server", "restart lock"),
        ("fail over", "promote redis"),
        ("heal", "heal all"),
    ],
    readings: &READINGS,
    strips: &[
        ("holders", "holders"),
        ("lost", "lost_updates"),
        ("rejected", "rejected"),
        ("wait s", "wait_p99_s"),
        ("messages/s", "messages_per_s"),
        ("outage s", "outage_now_s"),
    ],
    invariants: &INVARIANTS,
    moment: None,
};

const PROCESSES: &[&str] = &["client", "server", "master", "store"];
const SERVERS: &[&str] = &["server", "master", "group"];
const MACHINES: &[&str] = &["client", "server", "master", "group"];
const WAYS: &[&str] = &["client", "server", "master", "store", "group", Target::LINK];

static FAULTS: [FaultSpec; 14] = [
    FaultSpec::new(
        Verb::Crash,
        MACHINES,
        Takes::Nothing,
        "The process is gone. A client forgets its lock; a server comes back with what it wrote down.",
    ),
    FaultSpec::new(Verb::Restart, MACHINES, Takes::Nothing, "The process ends and starts again at once."),
    FaultSpec::new(
        Verb::Wipe,
        SERVERS,
        Takes::Nothing,
        "Loses what it wrote down. One that runs crashes and starts again.",
    ),
    FaultSpec::new(
        Verb::Pause,
        PROCESSES,
        Takes::Nothing,
        "Stands still without knowing; what is sent to it waits.",
    ),
    FaultSpec::new(
        Verb::Starve,
        &["client"],
        Takes::Nothing,
        "It works, but what keeps its lock does not run: watchdog, renewals, heartbeats.",
    ),
    FaultSpec::new(
        Verb::Cut,
        WAYS,
        Takes::Nothing,
        "Nothing gets through: around a part (A), between two (A-lock), or one way (lock>A).",
    ),
    FaultSpec::new(
        Verb::Slow,
        WAYS,
        Takes::Factor(10.0),
        "Every message on these ways takes N times as long.",
    ),
    FaultSpec::new(
        Verb::Promote,
        &["master"],
        Takes::Nothing,
        "The replica takes over with what it has; the master follows it.",
    ),
    FaultSpec::new(
        Verb::Jump,
        MACHINES,
        Takes::By(Span::from_secs(12)),
        "Its clock is set forward. Redis ends keys by it; ZooKeeper and etcd do not look at it.",
    ),
    FaultSpec::new(Verb::Skew, MACHINES, Takes::Factor(1.5), "Its clock runs N times as fast as time."),
    FaultSpec::new(Verb::Drop, &[Target::MESSAGE], Takes::Nothing, "The message never arrives."),
    FaultSpec::new(
        Verb::Delay,
        &[Target::MESSAGE],
        Takes::By(Span::from_secs(5)),
        "The message arrives later than it would.",
    ),
    FaultSpec::new(Verb::Deliver, &[Target::MESSAGE], Takes::Nothing, "The message arrives now."),
    FaultSpec::new(
        Verb::Heal,
        &["all", "client", "server", "master", "store", "group", Target::LINK],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

static INVARIANTS: [Invariant; 8] = [
    Invariant {
        name: "accounts",
        kind: Promise::Sanity,
        meaning: "Whoever has asked for the lock got it, gave up, or waits.",
    },
    Invariant {
        name: "tokens-increase",
        kind: Promise::Guarantee,
        meaning: "Tokens of ZooKeeper and etcd only grow, and so do those of a Redis between two losses of what it had.",
    },
    Invariant {
        name: "own-unlock",
        kind: Promise::Guarantee,
        meaning: "A release that compares, or names its own node or lease, frees no lock of another.",
    },
    Invariant {
        name: "fenced-writes",
        kind: Promise::Guarantee,
        meaning: "A store that checks tokens takes none that is lower than one before.",
    },
    Invariant {
        name: "one-holder",
        kind: Promise::Property,
        meaning: "At most one client believes that it holds the lock. No design keeps this under a pause.",
    },
    Invariant {
        name: "no-lost-update",
        kind: Promise::Property,
        meaning: "No write goes over an update that its client had not seen.",
    },
    Invariant {
        name: "no-foreign-unlock",
        kind: Promise::Property,
        meaning: "Nobody frees the lock of another. A plain DEL does.",
    },
    Invariant {
        name: "tokens-unique",
        kind: Promise::Property,
        meaning: "No token is given out twice. A Redis that forgets does.",
    },
];
