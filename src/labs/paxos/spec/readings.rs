//! What can be read off the lab `paxos`.

use crate::labs::paxos::readings::{DECIDED, LEADERS, VALUES};
use crate::labs::reading::{Quantity, ReadingSpec};

pub(super) static READINGS: [ReadingSpec; 29] = [
    ReadingSpec::new("messages_per_s", Quantity::Rate("messages"), "Messages sent."),
    ReadingSpec::new("writes_per_s", Quantity::Rate("writes"), "Writes acknowledged to the client."),
    ReadingSpec::new("reads_per_s", Quantity::Rate("reads"), "Reads answered to the client."),
    ReadingSpec::new(
        "p50_s",
        Quantity::PerSecond("s"),
        "Half of the writes of the last second took no longer.",
    ),
    ReadingSpec::new(
        "decided",
        Quantity::State(DECIDED),
        "no, chosen by a quorum, or known to somebody, too.",
    ),
    ReadingSpec::new(
        "value",
        Quantity::State(VALUES),
        "The value that is chosen; the one of the lowest ballot.",
    ),
    ReadingSpec::new(
        "chosen",
        Quantity::Level(""),
        "Different values that are chosen; with mode multi, slots.",
    ),
    ReadingSpec::new("chosen_s", Quantity::Moment, "When the first value was chosen."),
    ReadingSpec::new("known_s", Quantity::Moment, "When somebody first knew."),
    ReadingSpec::new("ballots", Quantity::Level(""), "The highest round that anyone has used."),
    ReadingSpec::new("in_flight", Quantity::Level(""), "Messages on their way."),
    ReadingSpec::new("up", Quantity::Level(""), "Nodes that run and move."),
    ReadingSpec::new(
        "leader",
        Quantity::State(LEADERS),
        "Who leads with the highest ballot, of those that run.",
    ),
    ReadingSpec::new("leaders_now", Quantity::Level(""), "Replicas that take themselves for the leader."),
    ReadingSpec::new("masters", Quantity::Level(""), "Replicas that hold the lease."),
    ReadingSpec::new(
        "lease_left_s",
        Quantity::Level("s"),
        "How long the lease of the leader lasts, on its clock.",
    ),
    ReadingSpec::new("rounds", Quantity::Total, "Rounds that were begun."),
    ReadingSpec::new(
        "duels",
        Quantity::Total,
        "Rounds that had their promises and were overtaken before a value was chosen.",
    ),
    ReadingSpec::new("refused", Quantity::Total, "Requests that an acceptor refused."),
    ReadingSpec::new("accepted", Quantity::Total, "Acceptances."),
    ReadingSpec::new("messages", Quantity::Total, "Messages sent."),
    ReadingSpec::new("steps", Quantity::Total, "Messages that reached somebody."),
    ReadingSpec::new("leaders", Quantity::Total, "How often a replica came to lead."),
    ReadingSpec::new("writes", Quantity::Total, "Writes acknowledged to the client."),
    ReadingSpec::new("reads", Quantity::Total, "Reads answered to the client."),
    ReadingSpec::new(
        "local_reads",
        Quantity::Total,
        "Of those, the ones that needed no message between replicas.",
    ),
    ReadingSpec::new(
        "stale_reads",
        Quantity::Total,
        "Reads answered with less than what was acknowledged before.",
    ),
    ReadingSpec::new("timeouts", Quantity::Total, "Attempts that the client gave up."),
    ReadingSpec::new("slots", Quantity::Total, "Slots of which a quorum has accepted the value."),
];
