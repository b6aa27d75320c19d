//! What the lab `breaker` is made of: its knobs, presets, faults, readings and invariants.

use crate::labs::fault::{FaultSpec, Takes, Verb};
use crate::labs::knob::{Effect, Kind, Knob};
use crate::labs::lab::{Invariant, Preset, Promise, Spec};
use crate::labs::reading::{Quantity, ReadingSpec};

/// The specification.
pub static SPEC: Spec = Spec {
    name: "breaker",
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
};

const fn live(
    group: &'static str,
    name: &'static str,
    kind: Kind,
    default: &'static str,
    meaning: &'static str,
) -> Knob {
    Knob { name, group, kind, default, meaning, effect: Effect::Live }
}

const fn fixed(
    group: &'static str,
    name: &'static str,
    kind: Kind,
    default: &'static str,
    meaning: &'static str,
) -> Knob {
    Knob { name, group, kind, default, meaning, effect: Effect::Restart }
}

const fn span(zero: Option<&'static str>) -> Kind {
    Kind::Span { min_ms: 1, max_ms: 3_600_000, zero }
}

const fn count(min: u64, max: u64) -> Kind {
    Kind::Count { min, max }
}

static KNOBS: [Knob; 42] = [
    live(
        "breaker",
        "breaker",
        Kind::Choice(&["none", "resilience4j", "hystrix", "hystrix-master", "opossum", "pybreaker"]),
        "none",
        "Whose circuit breaker stands before payments. Any change here starts it anew.",
    ),
    live(
        "breaker",
        "scope",
        Kind::Choice(&["per-caller", "shared", "per-shard"]),
        "per-caller",
        "One breaker for each caller, one for all, or one for each caller and shard.",
    ),
    live("breaker", "failure_threshold", Kind::Share, "50%", "Failure rate that opens."),
    live("breaker", "slow_threshold", Kind::Share, "100%", "Share of slow calls that opens (Resilience4j)."),
    live("breaker", "slow_call", span(None), "60s", "A call that takes longer is slow (Resilience4j)."),
    live(
        "breaker",
        "window",
        Kind::Choice(&["count", "time"]),
        "count",
        "Whether the window holds the last calls or the last seconds (Resilience4j; the others: seconds).",
    ),
    live("breaker", "window_size", count(1, 10_000), "100", "Size of the window, in calls or seconds."),
    live(
        "breaker",
        "minimum_calls",
        count(0, 10_000),
        "100",
        "Results below which nothing opens (Hystrix: request volume; opossum: volume threshold).",
    ),
    live("breaker", "open_for", span(None), "60s", "How long it stays open before it lets a probe through."),
    live(
        "breaker",
        "open_jitter",
        Kind::Share,
        "0%",
        "Spreads open_for by up to this share, drawn once for each breaker.",
    ),
    live(
        "breaker",
        "open_factor",
        Kind::Number { min: 1.0, max: 10.0, unit: "" },
        "1",
        "Each failed half-open phase multiplies the wait by this (Resilience4j).",
    ),
    live("breaker", "open_max", span(Some("no cap")), "0", "The longest such wait (Resilience4j)."),
    live(
        "breaker",
        "probes",
        count(1, 1000),
        "10",
        "Calls permitted while half-open (Resilience4j); successes that close (pybreaker).",
    ),
    live(
        "breaker",
        "max_half_open",
        span(Some("none")),
        "0",
        "How long half-open may last before it opens again (Resilience4j).",
    ),
    live(
        "breaker",
        "auto_half_open",
        Kind::Switch,
        "off",
        "Whether a timer ends the open state without a call (Resilience4j).",
    ),
    live("breaker", "consecutive", count(1, 1000), "5", "Failures in a row that open (pybreaker)."),
    live(
        "breaker",
        "count_4xx",
        Kind::Switch,
        "on",
        "Whether an answer 4xx is recorded as a failure; off: it is ignored.",
    ),
    live("time", "call_timeout", span(Some("none")), "1s", "How long a caller waits for payments."),
    live("time", "gateway_timeout", span(Some("none")), "0", "How long the gateway waits for order-service."),
    live("retry", "retries", count(0, 10), "0", "Further attempts after a failed call to payments."),
    live(
        "retry",
        "retry_place",
        Kind::Choice(&["outside", "inside"]),
        "outside",
        "outside: the breaker sees each attempt. inside: it sees the outcome of them all.",
    ),
    live(
        "retry",
        "backoff",
        Kind::Choice(&["none", "fixed", "exponential", "full-jitter"]),
        "fixed",
        "How the wait before a further attempt is chosen.",
    ),
    live("retry", "backoff_base", span(None), "500ms", "The first wait."),
    live(
        "retry",
        "backoff_factor",
        Kind::Number { min: 1.0, max: 10.0, unit: "" },
        "1.5",
        "How the wait grows, if it is exponential or full-jitter.",
    ),
    live(
        "retry",
        "retry_rejected",
        Kind::Switch,
        "on",
        "Whether a call that the breaker refused is attempted again too.",
    ),
    live(
        "fallback",
        "fallback",
        Kind::Choice(&["none", "cached"]),
        "none",
        "What a user gets when payments fails: an error, or a cached answer.",
    ),
    fixed(
        "traffic",
        "arrivals",
        Kind::Choice(&["open", "closed"]),
        "open",
        "open: users come whatever happens. closed: each waits for its answer.",
    ),
    live(
        "traffic",
        "rate",
        Kind::Number { min: 0.1, max: 10_000.0, unit: "/s" },
        "60",
        "Requests per second of all users together, if arrivals are open.",
    ),
    fixed("traffic", "clients", count(1, 10_000), "100", "Users, if arrivals are closed."),
    live(
        "traffic",
        "think",
        span(None),
        "1s",
        "How long a user thinks between answer and next request, if arrivals are closed.",
    ),
    live(
        "traffic",
        "payments_share",
        Kind::Share,
        "50%",
        "Share of the requests that need payments; the rest only needs order-service.",
    ),
    live(
        "pools",
        "gateway_threads",
        count(1, 10_000),
        "200",
        "Requests that the gateway can have open at the same time.",
    ),
    fixed("pools", "callers", count(1, 1000), "3", "Instances of order-service: the callers A, B, C ..."),
    live(
        "pools",
        "order_threads",
        count(1, 1000),
        "20",
        "Threads of each caller; a request holds one until it is answered.",
    ),
    live(
        "pools",
        "order_queue",
        count(0, 10_000),
        "100",
        "Requests that may wait for a thread of a caller; more are refused.",
    ),
    live("pools", "order_time", span(None), "5ms", "What order-service itself works on a request."),
    fixed(
        "payments",
        "shards",
        count(1, 10),
        "5",
        "Shards of payments; the key of a request decides which one it needs.",
    ),
    live("payments", "shard_workers", count(1, 1000), "4", "Calls that a shard works on at the same time."),
    live(
        "payments",
        "shard_queue",
        count(0, 10_000),
        "50",
        "Calls that may wait at a shard; more are refused with 503.",
    ),
    live("payments", "service_time", span(None), "40ms", "How long payments works on a call, on average."),
    live(
        "payments",
        "service_distribution",
        Kind::Choice(&["exponential", "constant"]),
        "exponential",
        "Whether these times vary (exponential) or are all the same.",
    ),
    live(
        "payments",
        "error_rate",
        Kind::Share,
        "0%",
        "Share of the calls that payments fails even on a good day.",
    ),
];

const fn system(
    name: &'static str,
    meaning: &'static str,
    source: &'static str,
    set: &'static [(&'static str, &'static str)],
) -> Preset {
    Preset { name, meaning, source, set }
}

const fn situation(
    name: &'static str,
    meaning: &'static str,
    set: &'static [(&'static str, &'static str)],
) -> Preset {
    Preset { name, meaning, source: "", set }
}

static PRESETS: [Preset; 16] = [
    situation(
        "no-breaker",
        "Nothing protects the callers: no breaker and no timeout on the call.",
        &[("call_timeout", "0")],
    ),
    situation("timeout-only", "A call timeout of 1 s and no breaker.", &[]),
    system(
        "resilience4j",
        "Resilience4j with its defaults: last 100 calls, minimum 100, 50 %, open 60 s, 10 probes.",
        "Resilience4j 2.4.0, CircuitBreakerConfig",
        &[("breaker", "resilience4j")],
    ),
    system(
        "hystrix",
        "Hystrix 1.5.18 with its defaults: 10 s of snapshots, volume 20, 50 %, sleep 5 s, timeout 1 s, 10 threads.",
        "Hystrix 1.5.18, HystrixCommandProperties",
        &[
            ("breaker", "hystrix"),
            ("window_size", "10"),
            ("minimum_calls", "20"),
            ("open_for", "5s"),
            ("count_4xx", "off"),
        ],
    ),
    system(
        "hystrix-master",
        "The half-open algorithm of Hystrix 1.5.12, 1.5.13 and master, same defaults.",
        "Hystrix 1.5.13, HystrixCircuitBreaker",
        &[
            ("breaker", "hystrix-master"),
            ("window_size", "10"),
            ("minimum_calls", "20"),
            ("open_for", "5s"),
            ("count_4xx", "off"),
        ],
    ),
    system(
        "opossum",
        "opossum with its defaults: any volume, more than 50 % of 10 s, reset 30 s, one probe.",
        "opossum 9.0.0",
        &[
            ("breaker", "opossum"),
            ("window_size", "10"),
            ("minimum_calls", "0"),
            ("open_for", "30s"),
            ("call_timeout", "10s"),
        ],
    ),
    system(
        "pybreaker",
        "pybreaker with its defaults: 5 failures in a row, reset 60 s, one success closes.",
        "pybreaker 1.4.1",
        &[("breaker", "pybreaker"), ("open_for", "60s"), ("probes", "1")],
    ),
    situation(
        "tuned",
        "Resilience4j set for this traffic: last 20 calls, 50 %, slow above 500 ms, open 5 s, 5 probes.",
        &TUNED,
    ),
    situation(
        "small-window",
        "One caller, 30 calls/s to payments, 20 % of them fail on a good day, window 10.",
        &[
            ("breaker", "resilience4j"),
            ("callers", "1"),
            ("rate", "30"),
            ("payments_share", "100%"),
            ("order_threads", "100"),
            ("error_rate", "20%"),
            ("window_size", "10"),
            ("minimum_calls", "10"),
            ("open_for", "5s"),
            ("probes", "5"),
        ],
    ),
    situation(
        "low-traffic",
        "Each caller calls payments once a second; the window is 10 s, the minimum 20 calls.",
        &[
            ("breaker", "resilience4j"),
            ("rate", "3"),
            ("payments_share", "100%"),
            ("window", "time"),
            ("window_size", "10"),
            ("minimum_calls", "20"),
            ("open_for", "5s"),
            ("probes", "5"),
        ],
    ),
    situation(
        "one-shard",
        "One breaker for each caller, whichever of the five shards a call needs.",
        &TUNED_20_PERCENT,
    ),
    situation(
        "retry-outside",
        "Three attempts around the breaker: it sees each of them.",
        &[
            ("breaker", "resilience4j"),
            ("window_size", "20"),
            ("minimum_calls", "20"),
            ("open_for", "5s"),
            ("probes", "5"),
            ("retries", "2"),
        ],
    ),
    situation(
        "retry-inside",
        "Three attempts inside the breaker: it sees one outcome.",
        &[
            ("breaker", "resilience4j"),
            ("window_size", "20"),
            ("minimum_calls", "20"),
            ("open_for", "5s"),
            ("probes", "5"),
            ("retries", "2"),
            ("retry_place", "inside"),
        ],
    ),
    situation(
        "herd",
        "200 callers open together and probe together, 5.0 s later.",
        &[
            ("breaker", "resilience4j"),
            ("callers", "200"),
            ("rate", "600"),
            ("payments_share", "100%"),
            ("gateway_threads", "2000"),
            ("shard_workers", "8"),
            ("window_size", "10"),
            ("minimum_calls", "10"),
            ("open_for", "5s"),
            ("probes", "1"),
        ],
    ),
    situation(
        "fallback-cached",
        "The tuned breaker with a cached answer instead of an error.",
        &TUNED_FALLBACK,
    ),
    situation(
        "closed-loop",
        "100 users who each wait for their answer before they ask again.",
        &[("arrivals", "closed")],
    ),
];

const TUNED: [(&str, &str); 8] = [
    ("breaker", "resilience4j"),
    ("window_size", "20"),
    ("minimum_calls", "20"),
    ("slow_call", "500ms"),
    ("slow_threshold", "50%"),
    ("open_for", "5s"),
    ("probes", "5"),
    ("call_timeout", "1s"),
];

const TUNED_FALLBACK: [(&str, &str); 9] =
    [TUNED[0], TUNED[1], TUNED[2], TUNED[3], TUNED[4], TUNED[5], TUNED[6], TUNED[7], ("fallback", "cached")];

const TUNED_20_PERCENT: [(&str, &str); 9] = [
    TUNED[0],
    TUNED[1],
    TUNED[2],
    TUNED[3],
    TUNED[4],
    TUNED[5],
    TUNED[6],
    TUNED[7],
    ("failure_threshold", "20%"),
];

const fn fault(
    verb: Verb,
    targets: &'static [&'static str],
    amount: Takes,
    meaning: &'static str,
) -> FaultSpec {
    FaultSpec { verb, targets, amount, meaning }
}

const BACKEND: &[&str] = &["payments", "shard"];

static FAULTS: [FaultSpec; 9] = [
    fault(Verb::Error, BACKEND, Takes::Share, "Calls fail with 500 after their usual time."),
    fault(
        Verb::Hang,
        BACKEND,
        Takes::Nothing,
        "Calls are taken and never answered; when it ends, those that still wait are reset.",
    ),
    fault(Verb::Slow, BACKEND, Takes::Factor(5.0), "Calls take N times as long."),
    fault(
        Verb::Crash,
        &["caller", "shard", "payments"],
        Takes::Nothing,
        "Stops at once: what it did is lost, further connections are refused.",
    ),
    fault(Verb::Restart, &["caller", "shard", "payments"], Takes::Nothing, "Starts again after a crash."),
    fault(Verb::Flap, BACKEND, Takes::Nothing, "Calls fail for 2 s, work for 2 s, and so on."),
    fault(
        Verb::Flood,
        &["users"],
        Takes::Factor(1.0),
        "A bad client adds N times the rate in requests that payments answers with 400.",
    ),
    fault(Verb::Burst, &["users"], Takes::Factor(10.0), "N times the requests; less than 1 for a lull."),
    fault(
        Verb::Heal,
        &["all", "payments", "shard", "users", "caller"],
        Takes::Nothing,
        "Ends the faults of the target.",
    ),
];

const fn reading(name: &'static str, kind: Quantity, meaning: &'static str) -> ReadingSpec {
    ReadingSpec { name, kind, meaning }
}

const STATES: Quantity =
    Quantity::State(&["none", "closed", "half-open", "open", "disabled", "forced-open", "metrics-only"]);

static READINGS: [ReadingSpec; 67] = [
    reading("ok_per_s", Quantity::Rate("ok"), "Requests answered well."),
    reading("browse_ok_per_s", Quantity::Rate("browse_ok"), "Of those, the ones that need no payment."),
    reading("pay_ok_per_s", Quantity::Rate("pay_ok"), "Of those, the ones that need a payment."),
    reading("slow_err_per_s", Quantity::Rate("slow_err"), "Requests that failed after 100 ms or more."),
    reading("fast_err_per_s", Quantity::Rate("fast_err"), "Requests that failed within 100 ms."),
    reading("fallback_per_s", Quantity::Rate("fallback"), "Requests answered from the cache."),
    reading("rejected_per_s", Quantity::Rate("rejected"), "Calls that a breaker refused."),
    reading(
        "wrongly_rejected_per_s",
        Quantity::Rate("wrongly_rejected"),
        "Of those, the ones that payments would have answered in time.",
    ),
    reading("payments_calls_per_s", Quantity::Rate("payments_calls"), "Calls that reach payments."),
    reading("order_blocked", Quantity::Level(""), "Threads of order-service that wait for payments."),
    reading("order_busy", Quantity::Level(""), "Threads of order-service that are taken."),
    reading("gateway_busy", Quantity::Level(""), "Threads of the gateway that are taken."),
    reading("payments_busy", Quantity::Level(""), "Workers of payments that are busy."),
    reading(
        "p50_s",
        Quantity::PerSecond("s"),
        "Half of the requests that ended in the last second took no longer.",
    ),
    reading(
        "p99_s",
        Quantity::PerSecond("s"),
        "99 % of the requests that ended in the last second took no longer.",
    ),
    reading("requests", Quantity::Total, "Requests that came (without a bad client's)."),
    reading("ok", Quantity::Total, "Requests answered well."),
    reading("browse_ok", Quantity::Total, "Of those, the ones that need no payment."),
    reading("pay_ok", Quantity::Total, "Of those, the ones that need a payment."),
    reading("slow_err", Quantity::Total, "Requests that failed after 100 ms or more."),
    reading("fast_err", Quantity::Total, "Requests that failed within 100 ms."),
    reading("fallback", Quantity::Total, "Requests answered from the cache."),
    reading("bad_requests", Quantity::Total, "A bad client's requests."),
    reading("rejected", Quantity::Total, "Calls that a breaker refused."),
    reading(
        "wrongly_rejected",
        Quantity::Total,
        "Of those, the ones that payments would have answered in time.",
    ),
    reading("payments_calls", Quantity::Total, "Calls that reached payments."),
    reading("half_open_admitted", Quantity::Total, "Calls that breakers let through as probes."),
    reading("opens", Quantity::Total, "How often a breaker opened."),
    reading("closes", Quantity::Total, "How often a breaker closed again."),
    reading("probe_peak", Quantity::Total, "Most probes of all breakers within 100 ms."),
    reading("open_breakers", Quantity::Level(""), "Breakers that are open now."),
    reading("first_open_s", Quantity::Moment, "When the first breaker opened."),
    reading("first_half_open_s", Quantity::Moment, "When a breaker first went half-open."),
    reading("first_close_s", Quantity::Moment, "When a breaker first closed again."),
    reading("first_rejected_s", Quantity::Moment, "When a breaker first refused a call."),
    reading("order_full_s", Quantity::Moment, "When a caller first had every thread taken."),
    reading("gateway_full_s", Quantity::Moment, "When the gateway first had every thread taken."),
    reading("breaker", STATES, "The worst state of all breakers."),
    reading(
        "breaker.A",
        STATES,
        "The breaker of caller A (the worst of them, if there is one for each shard).",
    ),
    reading("breaker.B", STATES, "The breaker of caller B."),
    reading("breaker.C", STATES, "The breaker of caller C."),
    reading("breaker.D", STATES, "The breaker of caller D."),
    reading("breaker.E", STATES, "The breaker of caller E."),
    reading("fail_rate.A", Quantity::Level(""), "Failure rate in A's window; none below the minimum."),
    reading("fail_rate.B", Quantity::Level(""), "Failure rate in B's window."),
    reading("fail_rate.C", Quantity::Level(""), "Failure rate in C's window."),
    reading("fail_rate.D", Quantity::Level(""), "Failure rate in D's window."),
    reading("fail_rate.E", Quantity::Level(""), "Failure rate in E's window."),
    reading("slow_rate.A", Quantity::Level(""), "Share of slow calls in A's window; none below the minimum."),
    reading("slow_rate.B", Quantity::Level(""), "Share of slow calls in B's window."),
    reading("slow_rate.C", Quantity::Level(""), "Share of slow calls in C's window."),
    reading("slow_rate.D", Quantity::Level(""), "Share of slow calls in D's window."),
    reading("slow_rate.E", Quantity::Level(""), "Share of slow calls in E's window."),
    reading("buffered.A", Quantity::Level(""), "Results in A's window."),
    reading("buffered.B", Quantity::Level(""), "Results in B's window."),
    reading("buffered.C", Quantity::Level(""), "Results in C's window."),
    reading("buffered.D", Quantity::Level(""), "Results in D's window."),
    reading("buffered.E", Quantity::Level(""), "Results in E's window."),
    reading("open_wait_s.A", Quantity::Level("s"), "How long A's breaker still waits while open."),
    reading(
        "permits_left.A",
        Quantity::Level(""),
        "Probes that A's breaker still lets through while half-open.",
    ),
    reading(
        "minimum.A",
        Quantity::Level(""),
        "Results below which A's breaker does nothing, as in effect now.",
    ),
    reading("callers_full", Quantity::Level(""), "Callers with every thread taken."),
    reading(
        "threads_waiting_retry",
        Quantity::Level(""),
        "Threads of order-service that sleep before a further attempt.",
    ),
    reading("attempts", Quantity::Total, "Attempts to call payments, refused ones included."),
    reading("retries_made", Quantity::Total, "Attempts after the first of a request."),
    reading("timeouts", Quantity::Total, "Calls that a caller gave up on."),
    reading("refused_full", Quantity::Total, "Requests refused because a pool was full."),
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
