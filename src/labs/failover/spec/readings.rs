//! What can be read off the lab `failover`.

use crate::labs::failover::readings::LEADERS;
use crate::labs::reading::{Quantity, ReadingSpec};

pub(super) static READINGS: [ReadingSpec; 34] = [
    ReadingSpec::new("writes_per_s", Quantity::Rate("writes"), "Writes acknowledged to clients."),
    ReadingSpec::new("reads_per_s", Quantity::Rate("reads"), "Reads answered to clients."),
    ReadingSpec::new("timeouts_per_s", Quantity::Rate("timeouts"), "Attempts that clients gave up."),
    ReadingSpec::new("messages_per_s", Quantity::Rate("messages"), "Messages between servers."),
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
    ReadingSpec::new("leader", Quantity::State(LEADERS), "Who leads the latest term, of those that run."),
    ReadingSpec::new("leaders_now", Quantity::Level(""), "Servers that take themselves for the leader."),
    ReadingSpec::new("term", Quantity::Level(""), "The highest term that anyone has reached."),
    ReadingSpec::new(
        "election_s",
        Quantity::Level("s"),
        "From the loss of the leader until another leads; with election_ends heard, until the others know.",
    ),
    ReadingSpec::new(
        "detect_s",
        Quantity::Level("s"),
        "From the loss of the leader until someone campaigns.",
    ),
    ReadingSpec::new(
        "heard_s",
        Quantity::Level("s"),
        "From the loss of the leader until all others that run have heard from the new one.",
    ),
    ReadingSpec::new(
        "unavailable_s",
        Quantity::Level("s"),
        "From the loss of the leader until a write is acknowledged that was sent after it.",
    ),
    ReadingSpec::new(
        "leaderless_s",
        Quantity::Level("s"),
        "How long nobody has led, in the failover under way.",
    ),
    ReadingSpec::new("rounds", Quantity::Level(""), "Campaigns for votes in the latest failover."),
    ReadingSpec::new("terms_used", Quantity::Level(""), "Terms that the latest failover took."),
    ReadingSpec::new("up", Quantity::Level(""), "Servers that run and move."),
    ReadingSpec::new("committed", Quantity::Level(""), "Entries that are committed."),
    ReadingSpec::new("waiting", Quantity::Level(""), "Clients that wait for an answer."),
    ReadingSpec::new("in_flight", Quantity::Level(""), "Messages on their way."),
    ReadingSpec::new("failovers", Quantity::Total, "How often the leader was lost."),
    ReadingSpec::new("terms", Quantity::Total, "Terms since the start."),
    ReadingSpec::new("elections", Quantity::Total, "Campaigns for votes."),
    ReadingSpec::new("leaders", Quantity::Total, "Of those, the ones that were won."),
    ReadingSpec::new("split_votes", Quantity::Total, "Of those, the ones that nobody won, or not yet."),
    ReadingSpec::new(
        "lost_uncommitted",
        Quantity::Total,
        "Writes that a leader took into its log and that were deleted before they were committed.",
    ),
    ReadingSpec::new(
        "stale_reads",
        Quantity::Total,
        "Reads answered with less than what was acknowledged before they were asked.",
    ),
    ReadingSpec::new("duplicates", Quantity::Total, "Writes that took effect twice."),
    ReadingSpec::new("answers", Quantity::Total, "Requests that were answered."),
    ReadingSpec::new("writes", Quantity::Total, "Writes acknowledged to clients."),
    ReadingSpec::new("reads", Quantity::Total, "Reads answered to clients."),
    ReadingSpec::new("timeouts", Quantity::Total, "Attempts that clients gave up."),
    ReadingSpec::new(
        "unknown",
        Quantity::Total,
        "Requests that clients gave up for good: they can't know what became of them.",
    ),
    ReadingSpec::new("messages", Quantity::Total, "Messages between servers."),
];
