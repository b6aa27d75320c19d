//! The knobs of the lab `retry-storm`, the client's policy first: that is what is under study.

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

pub(super) static KNOBS: [Knob; 33] = [
    live("client", "timeout", span(Some("none")), "1s", "How long a client waits for each attempt."),
    live("client", "retries", Kind::Count { min: 0, max: 15 }, "3", "Further attempts after a failed one."),
    live(
        "client",
        "backoff",
        Kind::Choice(&["immediate", "fixed", "exponential", "equal-jitter", "full-jitter", "decorrelated"]),
        "immediate",
        "How the wait before a further attempt is chosen.",
    ),
    live("client", "backoff_base", span(None), "1s", "The first wait, before jitter."),
    live("client", "backoff_cap", span(None), "8s", "The longest wait."),
    live(
        "client",
        "backoff_factor",
        Kind::Number { min: 1.0, max: 10.0, unit: "" },
        "2",
        "How the wait grows from one attempt to the next.",
    ),
    live(
        "client",
        "deadline",
        span(Some("none")),
        "0",
        "How long a client waits for a request, all its attempts together.",
    ),
    live(
        "protection",
        "budget",
        Kind::Share,
        "0",
        "Retry budget: each request that comes pays for this share of a retry; 0 is no budget.",
    ),
    live(
        "protection",
        "budget_burst",
        Kind::Count { min: 1, max: 10_000 },
        "10",
        "Retries that the budget can save up; it starts full.",
    ),
    live(
        "protection",
        "quota",
        Kind::Choice(&["none", "grpc", "aws"]),
        "none",
        "A real client's limit: gRPC retry throttling (10 tokens, 0.1 back), AWS quota (500; 5 a retry, 10 after a timeout).",
    ),
    live(
        "protection",
        "throttle",
        Kind::Switch,
        "off",
        "Clients hold attempts back themselves when few were answered in the last two minutes (Google SRE, K = 2).",
    ),
    live(
        "protection",
        "breaker",
        Kind::Choice(&["none", "resilience4j"]),
        "none",
        "A breaker before the server: last 50 calls, minimum 20, 50 %, open 5 s, 5 probes.",
    ),
    live(
        "server",
        "workers",
        Kind::Count { min: 1, max: 100_000 },
        "10",
        "Attempts worked on at the same time.",
    ),
    live("server", "service", span(None), "100ms", "How long the server works on an attempt, on average."),
    live(
        "server",
        "service_distribution",
        Kind::Choice(&["exponential", "constant"]),
        "exponential",
        "Whether these times vary (exponential) or are all the same.",
    ),
    live(
        "server",
        "queue_cap",
        Kind::Limit { max: 1_000_000 },
        "1000",
        "Waiting places; an attempt that finds them taken is rejected.",
    ),
    live(
        "server",
        "discipline",
        Kind::Choice(&["fifo", "lifo"]),
        "fifo",
        "Who is next: the oldest attempt that waits, or the newest (a full queue then throws out the oldest).",
    ),
    live(
        "server",
        "drop_expired",
        Kind::Switch,
        "off",
        "Whether the server throws away an attempt whose client has given up.",
    ),
    live(
        "server",
        "deadline_margin",
        span(Some("none")),
        "0",
        "With drop_expired: also throw away what has no more than this left.",
    ),
    live(
        "server",
        "error_rate",
        Kind::Share,
        "0",
        "Share of the attempts that the server fails on a good day.",
    ),
    live(
        "server",
        "warm_up",
        span(Some("none")),
        "0",
        "After a restart the server is cold: five times slower, as fast as ever after this time.",
    ),
    fixed(
        "traffic",
        "arrivals",
        Kind::Choice(&["open", "closed"]),
        "open",
        "open: requests come whatever happens. closed: each client waits for its answer, thinks, asks again.",
    ),
    live(
        "traffic",
        "rate",
        Kind::Number { min: 0.1, max: 100_000.0, unit: "/s" },
        "70",
        "Requests per second (first tries), if arrivals are open.",
    ),
    fixed(
        "traffic",
        "clients",
        Kind::Count { min: 1, max: 2_000_000 },
        "100",
        "Clients, if arrivals are closed.",
    ),
    live(
        "traffic",
        "think",
        span(None),
        "1s",
        "How long a client thinks between an answer and its next request, if arrivals are closed.",
    ),
    fixed(
        "traffic",
        "start",
        Kind::Choice(&["spread", "together"]),
        "spread",
        "Closed arrivals: whether the clients begin at random moments, or all at once.",
    ),
    fixed(
        "tiers",
        "tiers",
        Kind::Count { min: 1, max: 4 },
        "1",
        "Layers that each retry: the client, and services between it and the server.",
    ),
    live(
        "tiers",
        "inner_timeout",
        span(Some("as the client's")),
        "0",
        "How long the layers behind the client wait for each attempt.",
    ),
    live(
        "tiers",
        "propagate",
        Kind::Switch,
        "off",
        "Whether a call carries its deadline, so that nothing is begun for a caller that has given up.",
    ),
    live(
        "tiers",
        "tier_errors",
        Kind::Share,
        "0",
        "Share of the calls that each layer fails by itself, before it calls on.",
    ),
    fixed(
        "contention",
        "contention",
        Kind::Switch,
        "off",
        "Instead of calls to a server: every client updates one row once, by read and compare-and-set.",
    ),
    fixed(
        "contention",
        "network",
        span(None),
        "10ms",
        "Contention: mean one-way delay of a message; its standard deviation is a fifth of it.",
    ),
    live(
        "contention",
        "first_exponent",
        Kind::Count { min: 0, max: 1 },
        "0",
        "Power of backoff_factor in the first wait: 0 is the base itself, 1 as in the AWS simulator.",
    ),
];
