//! What the lab `retry-storm` is made of: its knobs, presets, faults, readings and invariants.

mod knobs;
mod presets;
mod readings;

use self::knobs::KNOBS;
use self::presets::PRESETS;
pub(super) use self::readings::PHASES;
use self::readings::READINGS;
use crate::labs::fault::{FaultSpec, Takes, Verb};
use crate::labs::lab::{Invariant, Promise, Spec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "retry-storm",
    version: 1,
    title: "Retry storm",
    summary: "Clients that retry and a server with a queue: why an outage outlives its cause, and what ends it.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("slow x5, 20 s", "slow server x5 for 20s"),
        ("traffic x2, 10 s", "burst clients x2 for 10s"),
        ("hang 5 s", "hang server for 5s"),
        ("crash 5 s", "crash server for 5s"),
        ("restart", "restart server"),
        ("retries off", "set retries 0"),
        ("shed 50%, 20 s", "shed clients 50% for 20s"),
        ("drain the queue", "drain server"),
        ("heal", "heal all"),
    ],
    readings: &READINGS,
    strips: &[
        ("goodput/s", "goodput_per_s"),
        ("attempts/s", "attempts_per_s"),
        ("queue", "queue"),
        ("dead", "dead_share"),
        ("failed/s", "failed_per_s"),
        ("p99 s", "p99_s"),
    ],
    invariants: &INVARIANTS,
    moment: None,
};

static FAULTS: [FaultSpec; 9] = [
    FaultSpec::new(
        Verb::Slow,
        &["server"],
        Takes::Factor(5.0),
        "Every service that starts takes N times as long.",
    ),
    FaultSpec::new(
        Verb::Hang,
        &["server"],
        Takes::Nothing,
        "Attempts that get a worker are never answered; when it ends, they are lost.",
    ),
    FaultSpec::new(Verb::Error, &["server"], Takes::Share, "Attempts fail after their usual time."),
    FaultSpec::new(
        Verb::Crash,
        &["server"],
        Takes::Nothing,
        "What it does and what waits is lost; further attempts are refused. When it ends, the server is cold.",
    ),
    FaultSpec::new(
        Verb::Restart,
        &["server"],
        Takes::Nothing,
        "Starts again after a crash; a server that runs loses what it does and what waits.",
    ),
    FaultSpec::new(
        Verb::Burst,
        &["clients"],
        Takes::Factor(2.0),
        "N times the requests; less than 1 for a lull.",
    ),
    FaultSpec::new(
        Verb::Shed,
        &["clients"],
        Takes::Share,
        "The server turns this share of the attempts away at once.",
    ),
    FaultSpec::new(
        Verb::Drain,
        &["server"],
        Takes::Nothing,
        "Throws away what waits in the queue; the clients are not told.",
    ),
    FaultSpec::new(
        Verb::Heal,
        &["all", "server", "clients"],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

static INVARIANTS: [Invariant; 5] = [
    Invariant {
        name: "conservation",
        kind: Promise::Sanity,
        meaning: "Every request that came is answered, has failed or is still open.",
    },
    Invariant {
        name: "attempts-accounted",
        kind: Promise::Sanity,
        meaning: "Every attempt was served, turned away, thrown away or lost, or is inside.",
    },
    Invariant {
        name: "attempts-within-policy",
        kind: Promise::Guarantee,
        meaning: "No request is tried more often than one first try and its retries.",
    },
    Invariant {
        name: "queue-within-cap",
        kind: Promise::Sanity,
        meaning: "No more attempts wait than there are waiting places.",
    },
    Invariant {
        name: "within-deadline",
        kind: Promise::Guarantee,
        meaning: "No client waits longer than the deadline of its request.",
    },
];
