//! What the lab `server` is made of.

use crate::labs::fault::{FaultSpec, Takes, Verb};
use crate::labs::knob::{Kind, Knob};
use crate::labs::lab::{Invariant, Preset, Promise, Spec};
use crate::labs::reading::{Quantity, ReadingSpec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "server",
    version: 1,
    title: "One server",
    summary: "One queue and its workers: how waiting grows with load, and what a slow spell leaves behind.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("slow x5, 20 s", "slow server x5 for 20s"),
        ("traffic x2, 10 s", "burst users x2 for 10s"),
        ("pause 5 s", "pause server for 5s"),
        ("heal", "heal all"),
    ],
    readings: &READINGS,
    strips: &[("done/s", "done_per_s"), ("queue", "queue"), ("p99 s", "p99_s"), ("busy", "busy")],
    invariants: &INVARIANTS,
    moment: None,
};

static KNOBS: [Knob; 5] = [
    Knob::live(
        "traffic",
        "rate",
        Kind::Number { min: 0.01, max: 100_000.0, unit: "/s" },
        "70",
        "Requests that come per second, at random (Poisson).",
    ),
    Knob::live(
        "server",
        "workers",
        Kind::Count { min: 1, max: 1000 },
        "10",
        "Requests that are worked on at the same time.",
    ),
    Knob::live(
        "server",
        "service_time",
        Kind::Span { min_ms: 1, max_ms: 600_000, zero: None },
        "100ms",
        "How long a request holds its worker, on average.",
    ),
    Knob::live(
        "server",
        "service_distribution",
        Kind::Choice(&["exponential", "constant"]),
        "exponential",
        "Whether service times vary (exponential) or are all the same.",
    ),
    Knob::live(
        "server",
        "queue_cap",
        Kind::Limit { max: 1_000_000 },
        "none",
        "Waiting places; who comes when they are taken is refused.",
    ),
];

static PRESETS: [Preset; 5] = [
    Preset { name: "calm", meaning: "70 requests/s on a capacity of 100/s.", source: "", set: &[] },
    Preset {
        name: "busy",
        meaning: "95 requests/s on a capacity of 100/s.",
        source: "",
        set: &[("rate", "95")],
    },
    Preset {
        name: "full",
        meaning: "120 requests/s on a capacity of 100/s.",
        source: "",
        set: &[("rate", "120")],
    },
    Preset {
        name: "capped",
        meaning: "120 requests/s on a capacity of 100/s, with 50 waiting places.",
        source: "",
        set: &[("rate", "120"), ("queue_cap", "50")],
    },
    Preset {
        name: "mm1",
        meaning: "The textbook queue: one worker, 9 requests/s on a capacity of 10/s.",
        source: "",
        set: &[("rate", "9"), ("workers", "1")],
    },
];

static FAULTS: [FaultSpec; 4] = [
    FaultSpec {
        verb: Verb::Slow,
        targets: &["server"],
        amount: Takes::Factor(5.0),
        meaning: "Every service that starts takes N times as long.",
    },
    FaultSpec {
        verb: Verb::Pause,
        targets: &["server"],
        amount: Takes::Nothing,
        meaning: "The workers stand still; they go on where they were.",
    },
    FaultSpec {
        verb: Verb::Burst,
        targets: &["users"],
        amount: Takes::Factor(2.0),
        meaning: "N times the requests; less than 1 for a lull.",
    },
    FaultSpec { verb: Verb::Heal, targets: &["all"], amount: Takes::Nothing, meaning: "Ends every fault." },
];

static READINGS: [ReadingSpec; 13] = [
    ReadingSpec::new("arrivals_per_s", Quantity::Rate("arrivals"), "Requests that came."),
    ReadingSpec::new("done_per_s", Quantity::Rate("done"), "Requests that were answered."),
    ReadingSpec::new(
        "refused_per_s",
        Quantity::Rate("refused"),
        "Requests that found every waiting place taken.",
    ),
    ReadingSpec::new("queue", Quantity::Level(""), "Requests that wait."),
    ReadingSpec::new("busy", Quantity::Level(""), "Workers that are busy."),
    ReadingSpec::new("wait_mean_s", Quantity::Level("s"), "Mean wait for a worker since the start."),
    ReadingSpec::new(
        "sojourn_mean_s",
        Quantity::Level("s"),
        "Mean time from arrival to answer since the start.",
    ),
    ReadingSpec::new(
        "utilisation",
        Quantity::Level(""),
        "Share of worker time that was used since the start.",
    ),
    ReadingSpec::new(
        "p50_s",
        Quantity::PerSecond("s"),
        "Half of the answers of the last second took no longer.",
    ),
    ReadingSpec::new(
        "p99_s",
        Quantity::PerSecond("s"),
        "99 % of the answers of the last second took no longer.",
    ),
    ReadingSpec::new("arrivals", Quantity::Total, "Requests that came."),
    ReadingSpec::new("done", Quantity::Total, "Requests that were answered."),
    ReadingSpec::new("refused", Quantity::Total, "Requests that were refused."),
];

static INVARIANTS: [Invariant; 2] = [
    Invariant {
        name: "conservation",
        kind: Promise::Sanity,
        meaning: "Every request that came is done, refused, in service or waiting.",
    },
    Invariant {
        name: "no-idle-while-waiting",
        kind: Promise::Sanity,
        meaning: "No worker is free while a request waits.",
    },
];
