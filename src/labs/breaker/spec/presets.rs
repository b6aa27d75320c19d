//! The presets of the lab `breaker`: real systems with their defaults, and teaching situations.

use crate::labs::lab::Preset;

pub(super) static PRESETS: [Preset; 16] = [
    Preset::situation(
        "no-breaker",
        "Nothing protects the callers: no breaker and no timeout on the call.",
        &[("call_timeout", "0")],
    ),
    Preset::situation("timeout-only", "A call timeout of 1 s and no breaker.", &[]),
    Preset::system(
        "resilience4j",
        "Resilience4j with its defaults: last 100 calls, minimum 100, 50 %, open 60 s, 10 probes.",
        "Resilience4j 2.4.0, CircuitBreakerConfig",
        &[("breaker", "resilience4j")],
    ),
    Preset::system(
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
    Preset::system(
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
    Preset::system(
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
    Preset::system(
        "pybreaker",
        "pybreaker with its defaults: 5 failures in a row, reset 60 s, one success closes.",
        "pybreaker 1.4.1",
        &[("breaker", "pybreaker"), ("open_for", "60s"), ("probes", "1")],
    ),
    Preset::situation(
        "tuned",
        "Resilience4j set for this traffic: last 20 calls, 50 %, slow above 500 ms, open 5 s, 5 probes.",
        &TUNED,
    ),
    Preset::situation(
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
    Preset::situation(
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
    Preset::situation(
        "one-shard",
        "One breaker for each caller, whichever of the five shards a call needs.",
        &TUNED_20_PERCENT,
    ),
    Preset::situation(
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
    Preset::situation(
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
    Preset::situation(
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
    Preset::situation(
        "fallback-cached",
        "The tuned breaker with a cached answer instead of an error.",
        &TUNED_FALLBACK,
    ),
    Preset::situation(
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
