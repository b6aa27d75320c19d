//! What can be read off the lab `retry-storm`.

use crate::labs::reading::{Quantity, ReadingSpec};

const fn reading(name: &'static str, kind: Quantity, meaning: &'static str) -> ReadingSpec {
    ReadingSpec { name, kind, meaning }
}

/// How the whole stands.
pub(in crate::labs::storm) const PHASES: &[&str] = &["healthy", "disturbed", "stuck", "recovering"];

pub(super) static READINGS: [ReadingSpec; 55] = [
    reading("goodput_per_s", Quantity::Rate("good"), "Requests answered in time."),
    reading(
        "attempts_per_s",
        Quantity::Rate("attempts"),
        "Attempts that reach the server, rejected ones too.",
    ),
    reading("arrivals_per_s", Quantity::Rate("arrivals"), "Requests that came: first tries."),
    reading("retries_per_s", Quantity::Rate("retries_made"), "Attempts that repeat a failed one."),
    reading("timeouts_per_s", Quantity::Rate("timeouts"), "Attempts whose client gave up."),
    reading("rejected_per_s", Quantity::Rate("rejected"), "Attempts that the server turned away."),
    reading("late_per_s", Quantity::Rate("late"), "Attempts served although no user waits any more."),
    reading("dropped_per_s", Quantity::Rate("dropped"), "Expired attempts that the server threw away."),
    reading("failed_per_s", Quantity::Rate("failed"), "Requests that failed for good."),
    reading("denied_per_s", Quantity::Rate("denied"), "Of those, the ones that the retry budget denied."),
    reading(
        "amplification",
        Quantity::PerSecond("x"),
        "Attempts for each request that came, in the last second.",
    ),
    reading("queue", Quantity::PerSecond(""), "Attempts that wait, on average over the last second."),
    reading("waiting", Quantity::Level(""), "Attempts that wait now."),
    reading("dead", Quantity::Level(""), "Of those, the ones whose client has given up."),
    reading("dead_share", Quantity::Level(""), "Share of the waiting attempts whose client has given up."),
    reading("oldest_s", Quantity::Level("s"), "Age of the attempt that waits longest."),
    reading(
        "wait_s",
        Quantity::PerSecond("s"),
        "Mean wait of the attempts that got a worker in the last second.",
    ),
    reading("busy", Quantity::Level(""), "Workers that are busy."),
    reading(
        "wasted_share",
        Quantity::PerSecond(""),
        "Share of the work of the last second that no user got.",
    ),
    reading("in_flight", Quantity::Level(""), "Requests that are not over."),
    reading("sleeping", Quantity::Level(""), "Of those, the ones that wait before a further attempt."),
    reading("budget_tokens", Quantity::Level(""), "Retries that the client's budget holds."),
    reading("p50_s", Quantity::PerSecond("s"), "Half of the good answers of the last second took no longer."),
    reading("p99_s", Quantity::PerSecond("s"), "99 % of the good answers of the last second took no longer."),
    reading(
        "phase",
        Quantity::State(PHASES),
        "healthy: 90 % of what comes is answered. stuck: less than half, with no fault left.",
    ),
    reading("trigger_ended_s", Quantity::Moment, "When the last fault ended."),
    reading(
        "recovered_s",
        Quantity::Moment,
        "The first second after the faults from which, over 10 s, 90 % of what comes is answered.",
    ),
    reading("recovery_s", Quantity::Level("s"), "From the end of the faults to there."),
    reading("completion_s", Quantity::Moment, "Contention: when the last client had its update."),
    reading("calls", Quantity::Total, "Contention: writes that reached the row. Else: attempts."),
    reading(
        "calls_per_request",
        Quantity::Level("x"),
        "Attempts for each request that came, since the start.",
    ),
    reading("arrivals", Quantity::Total, "Requests that came."),
    reading("good", Quantity::Total, "Requests answered in time."),
    reading("failed", Quantity::Total, "Requests that failed for good."),
    reading("denied", Quantity::Total, "Of those, the ones that the retry budget denied."),
    reading("attempts", Quantity::Total, "Attempts that reached the server."),
    reading("retries_made", Quantity::Total, "Attempts that repeat a failed one."),
    reading("timeouts", Quantity::Total, "Attempts whose client gave up."),
    reading("rejected", Quantity::Total, "Attempts that the server turned away."),
    reading("served", Quantity::Total, "Attempts served to the end."),
    reading("late", Quantity::Total, "Of those, the ones that no user waited for."),
    reading("dropped", Quantity::Total, "Expired attempts that the server threw away."),
    reading("lost", Quantity::Total, "Attempts lost by a crash, a hang or a drained queue."),
    reading("held_back", Quantity::Total, "Attempts that a client's throttle or breaker refused."),
    reading("conflicts", Quantity::Total, "Contention: writes that lost the race."),
    reading("late_in_tiers", Quantity::Total, "Answers of one layer to another that had given up."),
    reading("layer1_calls", Quantity::Total, "Calls that the client makes."),
    reading("layer2_calls", Quantity::Total, "Calls that the second layer makes."),
    reading("layer3_calls", Quantity::Total, "Calls that the third layer makes."),
    reading("layer4_calls", Quantity::Total, "Calls that the fourth layer makes."),
    reading("worked_s", Quantity::Total, "Worker seconds spent."),
    reading("wasted_s", Quantity::Total, "Of those, the ones spent on attempts that no user waited for."),
    reading("goodput_10s", Quantity::Level("/s"), "Requests answered in time, mean of the last ten seconds."),
    reading(
        "sustains",
        Quantity::State(&["no", "yes"]),
        "Whether first tries times all attempts exceed the capacity: then a storm feeds itself.",
    ),
    reading("breaker", Quantity::State(&["none", "closed", "half-open", "open"]), "State of the breaker."),
];
