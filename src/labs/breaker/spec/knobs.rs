//! The knobs of the lab `breaker`, what is under study first.

use crate::labs::knob::{Effect, Kind, Knob};

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

pub(super) static KNOBS: [Knob; 42] = [
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
