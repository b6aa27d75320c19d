//! What can be read off the lab `retry-storm`.

use crate::labs::reading::{Quantity, ReadingSpec};

/// How the whole stands.
pub(in crate::labs::storm) const PHASES: &[&str] = &["healthy", "disturbed", "stuck", "recovering"];

pub(super) static READINGS: [ReadingSpec; 55] = [
    ReadingSpec::new("goodput_per_s", Quantity::Rate("good"), "Requests answered in time."),
    ReadingSpec::new(
        "attempts_per_s",
        Quantity::Rate("attempts"),
        "Attempts that reach the server, rejected ones too.",
    ),
    ReadingSpec::new("arrivals_per_s", Quantity::Rate("arrivals"), "Requests that came: first tries."),
    ReadingSpec::new("retries_per_s", Quantity::Rate("retries_made"), "Attempts that repeat a failed one."),
    ReadingSpec::new("timeouts_per_s", Quantity::Rate("timeouts"), "Attempts whose client gave up."),
    ReadingSpec::new("rejected_per_s", Quantity::Rate("rejected"), "Attempts that the server turned away."),
    ReadingSpec::new(
        "late_per_s",
        Quantity::Rate("late"),
        "Attempts served although no user waits any more.",
    ),
    ReadingSpec::new(
        "dropped_per_s",
        Quantity::Rate("dropped"),
        "Expired attempts that the server threw away.",
    ),
    ReadingSpec::new("failed_per_s", Quantity::Rate("failed"), "Requests that failed for good."),
    ReadingSpec::new(
        "denied_per_s",
        Quantity::Rate("denied"),
        "Of those, the ones that the retry budget denied.",
    ),
    ReadingSpec::new(
        "amplification",
        Quantity::PerSecond("x"),
        "Attempts for each request that came, in the last second.",
    ),
    ReadingSpec::new(
        "queue",
        Quantity::PerSecond(""),
        "Attempts that wait, on average over the last second.",
    ),
    ReadingSpec::new("waiting", Quantity::Level(""), "Attempts that wait now."),
    ReadingSpec::new("dead", Quantity::Level(""), "Of those, the ones whose client has given up."),
    ReadingSpec::new(
        "dead_share",
        Quantity::Level(""),
        "Share of the waiting attempts whose client has given up.",
    ),
    ReadingSpec::new("oldest_s", Quantity::Level("s"), "Age of the attempt that waits longest."),
    ReadingSpec::new(
        "wait_s",
        Quantity::PerSecond("s"),
        "Mean wait of the attempts that got a worker in the last second.",
    ),
    ReadingSpec::new("busy", Quantity::Level(""), "Workers that are busy."),
    ReadingSpec::new(
        "wasted_share",
        Quantity::PerSecond(""),
        "Share of the work of the last second that no user got.",
    ),
    ReadingSpec::new("in_flight", Quantity::Level(""), "Requests that are not over."),
    ReadingSpec::new(
        "sleeping",
        Quantity::Level(""),
        "Of those, the ones that wait before a further attempt.",
    ),
    ReadingSpec::new("budget_tokens", Quantity::Level(""), "Retries that the client's budget holds."),
    ReadingSpec::new(
        "p50_s",
        Quantity::PerSecond("s"),
        "Half of the good answers of the last second took no longer.",
    ),
    ReadingSpec::new(
        "p99_s",
        Quantity::PerSecond("s"),
        "99 % of the good answers of the last second took no longer.",
    ),
    ReadingSpec::new(
        "phase",
        Quantity::State(PHASES),
        "healthy: 90 % of what comes is answered. stuck: less than half, with no fault left.",
    ),
    ReadingSpec::new("trigger_ended_s", Quantity::Moment, "When the last fault ended."),
    ReadingSpec::new(
        "recovered_s",
        Quantity::Moment,
        "The first second after the faults from which, over 10 s, 90 % of what comes is answered.",
    ),
    ReadingSpec::new("recovery_s", Quantity::Level("s"), "From the end of the faults to there."),
    ReadingSpec::new("completion_s", Quantity::Moment, "Contention: when the last client had its update."),
    ReadingSpec::new("calls", Quantity::Total, "Contention: writes that reached the row. Else: attempts."),
    ReadingSpec::new(
        "calls_per_request",
        Quantity::Level("x"),
        "Attempts for each request that came, since the start.",
    ),
    ReadingSpec::new("arrivals", Quantity::Total, "Requests that came."),
    ReadingSpec::new("good", Quantity::Total, "Requests answered in time."),
    ReadingSpec::new("failed", Quantity::Total, "Requests that failed for good."),
    ReadingSpec::new("denied", Quantity::Total, "Of those, the ones that the retry budget denied."),
    ReadingSpec::new("attempts", Quantity::Total, "Attempts that reached the server."),
    ReadingSpec::new("retries_made", Quantity::Total, "Attempts that repeat a failed one."),
    ReadingSpec::new("timeouts", Quantity::Total, "Attempts whose client gave up."),
    ReadingSpec::new("rejected", Quantity::Total, "Attempts that the server turned away."),
    ReadingSpec::new("served", Quantity::Total, "Attempts served to the end."),
    ReadingSpec::new("late", Quantity::Total, "Of those, the ones that no user waited for."),
    ReadingSpec::new("dropped", Quantity::Total, "Expired attempts that the server threw away."),
    ReadingSpec::new("lost", Quantity::Total, "Attempts lost by a crash, a hang or a drained queue."),
    ReadingSpec::new("held_back", Quantity::Total, "Attempts that a client's throttle or breaker refused."),
    ReadingSpec::new("conflicts", Quantity::Total, "Contention: writes that lost the race."),
    ReadingSpec::new("late_in_tiers", Quantity::Total, "Answers of one layer to another that had given up."),
    ReadingSpec::new("layer1_calls", Quantity::Total, "Calls that the client makes."),
    ReadingSpec::new("layer2_calls", Quantity::Total, "Calls that the second layer makes."),
    ReadingSpec::new("layer3_calls", Quantity::Total, "Calls that the third layer makes."),
    ReadingSpec::new("layer4_calls", Quantity::Total, "Calls that the fourth layer makes."),
    ReadingSpec::new("worked_s", Quantity::Total, "Worker seconds spent."),
    ReadingSpec::new(
        "wasted_s",
        Quantity::Total,
        "Of those, the ones spent on attempts that no user waited for.",
    ),
    ReadingSpec::new(
        "goodput_10s",
        Quantity::Level("/s"),
        "Requests answered in time, mean of the last ten seconds.",
    ),
    ReadingSpec::new(
        "sustains",
        Quantity::State(&["no", "yes"]),
        "Whether first tries times all attempts exceed the capacity: then a storm feeds itself.",
    ),
    ReadingSpec::new(
        "breaker",
        Quantity::State(&["none", "closed", "half-open", "open"]),
        "State of the breaker.",
    ),
];
