//! What the lab `breaker` is made of: its knobs, presets, faults, readings and invariants.

mod knobs;
mod presets;
mod readings;

use self::knobs::KNOBS;
use self::presets::PRESETS;
use self::readings::READINGS;
use crate::labs::fault::{FaultSpec, Takes, Verb};
use crate::labs::lab::{Invariant, Promise, Spec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "breaker",
    version: 1,
    title: "Circuit breaker",
    summary: "Users, a gateway, order-service and payments: what a hanging dependency takes down, and what a breaker saves.",
    knobs: &KNOBS,
    presets: &PRESETS,
    faults: &FAULTS,
    buttons: &[
        ("errors 50%", "error payments 50%"),
        ("hang", "hang payments"),
        ("slow x5", "slow payments x5"),
        ("1 shard hangs", "hang shard-3"),
        ("4xx flood", "flood users x1"),
        ("flapping", "flap payments"),
        ("traffic x10, 5 s", "burst users x10 for 5s"),
        ("kill caller A", "crash A"),
        ("recover", "heal all"),
    ],
    readings: &READINGS,
    strips: &[
        ("ok/s", "ok_per_s"),
        ("slow err/s", "slow_err_per_s"),
        ("fast err/s", "fast_err_per_s"),
        ("payments/s", "payments_calls_per_s"),
        ("blocked", "order_blocked"),
        ("p99 s", "p99_s"),
        ("state A", "breaker.A"),
    ],
    invariants: &INVARIANTS,
    moment: None,
};

const BACKEND: &[&str] = &["payments", "shard"];

static FAULTS: [FaultSpec; 9] = [
    FaultSpec::new(Verb::Error, BACKEND, Takes::Share, "Calls fail with 500 after their usual time."),
    FaultSpec::new(
        Verb::Hang,
        BACKEND,
        Takes::Nothing,
        "Calls are taken and never answered; when it ends, those that still wait are reset.",
    ),
    FaultSpec::new(Verb::Slow, BACKEND, Takes::Factor(5.0), "Calls take N times as long."),
    FaultSpec::new(
        Verb::Crash,
        &["caller", "shard", "payments"],
        Takes::Nothing,
        "Stops at once: what it did is lost, further connections are refused.",
    ),
    FaultSpec::new(
        Verb::Restart,
        &["caller", "shard", "payments"],
        Takes::Nothing,
        "Starts again after a crash.",
    ),
    FaultSpec::new(Verb::Flap, BACKEND, Takes::Nothing, "Calls fail for 2 s, work for 2 s, and so on."),
    FaultSpec::new(
        Verb::Flood,
        &["users"],
        Takes::Factor(1.0),
        "A bad client adds N times the rate in requests that payments answers with 400.",
    ),
    FaultSpec::new(
        Verb::Burst,
        &["users"],
        Takes::Factor(10.0),
        "N times the requests; less than 1 for a lull.",
    ),
    FaultSpec::new(
        Verb::Heal,
        &["all", "payments", "shard", "users", "caller"],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

static INVARIANTS: [Invariant; 5] = [
    Invariant {
        name: "no-call-while-open",
        kind: Promise::Guarantee,
        meaning: "No call reaches payments through an open breaker. Hystrix 1.5.18 is excepted: it has no half-open state and tests while open.",
    },
    Invariant {
        name: "half-open-admissions",
        kind: Promise::Guarantee,
        meaning: "Half-open lets through what its system says: Resilience4j the permitted calls and one more for each release; opossum and Hystrix master one at a time.",
    },
    Invariant {
        name: "window-within-size",
        kind: Promise::Sanity,
        meaning: "A count window never holds more results than its size.",
    },
    Invariant {
        name: "threads-within-pool",
        kind: Promise::Sanity,
        meaning: "No pool has more threads taken than it has, and no thread waits for payments without being taken.",
    },
    Invariant {
        name: "conservation",
        kind: Promise::Sanity,
        meaning: "Every request that came is answered or holds a thread of the gateway.",
    },
];
