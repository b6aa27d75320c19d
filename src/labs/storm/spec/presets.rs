//! The presets of the lab `retry-storm`: the reference, the teaching situations, and real clients.

use crate::labs::lab::Preset;

pub(super) static PRESETS: [Preset; 17] = [
    Preset::situation(
        "reference",
        "70 requests/s on a capacity of 100/s, timeout 1 s, three retries at once, a queue of 1000.",
        &[],
    ),
    Preset::situation("no-retry", "The same without retries.", &[("retries", "0")]),
    Preset::situation(
        "full-jitter",
        "The same with exponential waits and full jitter.",
        &[("backoff", "full-jitter")],
    ),
    Preset::situation("budget", "The same with a retry budget of 10 %.", &[("budget", "10%")]),
    Preset::situation("short-queue", "The same with 50 waiting places.", &[("queue_cap", "50")]),
    Preset::situation("lifo", "The same, newest first.", &[("discipline", "lifo")]),
    Preset::situation(
        "drop-expired",
        "The same; the server throws away what nobody waits for.",
        &[("drop_expired", "on")],
    ),
    Preset::situation(
        "low-load",
        "20 requests/s: with three retries each still below the capacity.",
        &[("rate", "20")],
    ),
    Preset::situation(
        "no-timeout",
        "The client waits for ever, and so never retries a slow answer.",
        &[("timeout", "0"), ("queue_cap", "none")],
    ),
    Preset::situation(
        "closed-loop",
        "2 000 clients that wait for their answer and think for 28 s: 70 requests/s.",
        &[("arrivals", "closed"), ("clients", "2000"), ("think", "28s")],
    ),
    Preset::situation(
        "layers",
        "Three layers that each retry three times; a failed request is 64 calls to the server.",
        &[("tiers", "3"), ("rate", "5"), ("timeout", "0"), ("workers", "100"), ("service", "1ms")],
    ),
    Preset::situation(
        "chain",
        "Client, two services and the server, a timeout of 1 s in each layer, no retries.",
        &[("tiers", "3"), ("rate", "20"), ("retries", "0"), ("workers", "10")],
    ),
    Preset::situation(
        "million",
        "1 000 000 clients that think for 10 s, on a capacity of 120 000 requests/s.",
        &[
            ("arrivals", "closed"),
            ("clients", "1000000"),
            ("think", "10s"),
            ("workers", "12000"),
            ("queue_cap", "1000000"),
            ("backoff", "full-jitter"),
        ],
    ),
    Preset::system(
        "resilience4j",
        "Resilience4j Retry with its defaults: three attempts, 500 ms apart, no jitter, no budget.",
        "Resilience4j, RetryConfig",
        &[("retries", "2"), ("backoff", "fixed"), ("backoff_base", "500ms")],
    ),
    Preset::system(
        "aws-standard",
        "AWS SDK standard mode: three attempts, full jitter from 1 s to 20 s, a quota of 500.",
        "botocore, standard retry mode",
        &[
            ("retries", "2"),
            ("backoff", "full-jitter"),
            ("backoff_base", "1s"),
            ("backoff_cap", "20s"),
            ("quota", "aws"),
        ],
    ),
    Preset::system(
        "feign",
        "Feign's own Retryer: five attempts, waits of 150, 225, 337 and 506 ms (Spring Cloud OpenFeign turns it off).",
        "OpenFeign, Retryer.Default",
        &[
            ("retries", "4"),
            ("backoff", "exponential"),
            ("backoff_base", "100ms"),
            ("backoff_factor", "1.5"),
            ("backoff_cap", "1s"),
            ("first_exponent", "1"),
        ],
    ),
    Preset::system(
        "contention",
        "100 clients race to update one row: the model behind \"Exponential Backoff And Jitter\".",
        "aws-samples/aws-arch-backoff-simulator, commit 66cb169 (2015)",
        &[
            ("contention", "on"),
            ("arrivals", "closed"),
            ("start", "together"),
            ("clients", "100"),
            ("backoff", "full-jitter"),
            ("backoff_base", "5ms"),
            ("backoff_cap", "2s"),
            ("first_exponent", "1"),
        ],
    ),
];
