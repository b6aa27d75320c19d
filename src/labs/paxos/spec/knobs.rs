//! What can be set on the lab `paxos`.

use crate::labs::knob::{Kind, Knob};

/// Times down to nothing.
const SHORT: Kind = Kind::Span { min_ms: 0, max_ms: 60_000, zero: Some("none") };
const LONG: Kind = Kind::Span { min_ms: 1, max_ms: 60_000, zero: None };

pub(super) static KNOBS: [Knob; 26] = [
    Knob::fixed(
        "agents",
        "acceptors",
        Kind::count(1, 7),
        "3",
        "Who remembers; with mode multi, the replicas.",
    ),
    Knob::fixed("agents", "proposers", Kind::count(1, 3), "2", "P1 wants red, P2 green, P3 blue."),
    Knob::fixed(
        "agents",
        "mode",
        Kind::Choice(&["single", "multi"]),
        "single",
        "single: agents agree on one value. multi: replicas fill slot after slot under a leader.",
    ),
    Knob::fixed("agents", "q1", Kind::count(0, 7), "0", "How many promises end phase 1; 0 is a majority."),
    Knob::fixed(
        "agents",
        "q2",
        Kind::count(0, 7),
        "0",
        "How many acceptors choose a value; 0 is a majority.",
    ),
    Knob::fixed(
        "network",
        "delivery",
        Kind::Choice(&["network", "by-hand"]),
        "network",
        "by-hand: nothing arrives unless you deliver it, and nobody tries again unless you say so.",
    ),
    Knob::live("network", "latency", SHORT, "2ms", "The shortest way of a message."),
    Knob::live("network", "jitter", SHORT, "1ms", "Added to it at random, up to this."),
    Knob::live("network", "loss", Kind::Share, "0", "Share of the messages that are lost."),
    Knob::live("network", "duplicates", Kind::Share, "0", "Share of the messages that arrive twice."),
    Knob::live(
        "disk",
        "fsync",
        SHORT,
        "1ms",
        "How long an acceptor writes before it answers; with mode multi, disks take no time.",
    ),
    Knob::fixed(
        "rounds",
        "stagger",
        SHORT,
        "10ms",
        "Each proposer begins at random within this after the one before.",
    ),
    Knob::live("rounds", "retry_min", SHORT, "1ms", "A proposer waits this long after a round without hope."),
    Knob::live("rounds", "retry_max", SHORT, "1ms", "The wait is spread at random up to this."),
    Knob::live("rounds", "round_timeout", LONG, "200ms", "A round that lasts longer is without hope."),
    Knob::fixed(
        "leader",
        "lease",
        SHORT,
        "0",
        "For this long a replica helps no other than the master it answered.",
    ),
    Knob::fixed(
        "leader",
        "drift",
        Kind::Share,
        "1%",
        "By so much the lease takes clocks to be wrong, at most.",
    ),
    Knob::live(
        "leader",
        "renew",
        LONG,
        "100ms",
        "How often a leader asks for its lease and repeats what is open.",
    ),
    Knob::live(
        "leader",
        "suspect_min",
        LONG,
        "300ms",
        "A replica that hears no leader for this long campaigns.",
    ),
    Knob::live("leader", "suspect_max", LONG, "600ms", "That is spread at random up to this."),
    Knob::live(
        "client",
        "reads",
        Kind::Choice(&["lease", "slot", "leader"]),
        "lease",
        "lease: a master with a lease answers alone. slot: a read is agreed on. leader: who leads answers alone.",
    ),
    Knob::live("client", "think", LONG, "50ms", "How long the client waits after an answer."),
    Knob::live("client", "read_share", Kind::Share, "50%", "Share of the requests that are reads."),
    Knob::live(
        "client",
        "client_timeout",
        LONG,
        "200ms",
        "How long it waits before it asks another replica.",
    ),
    Knob::fixed(
        "experiment",
        "flaw",
        Kind::Choice(&[
            "none",
            "break-promise",
            "ignore-highest-value",
            "same-ballot",
            "two-are-enough",
            "forget-on-restart",
            "skip-phase-1",
            "lease-from-answer",
        ]),
        "none",
        "A rule of Paxos that all break.",
    ),
    Knob::fixed(
        "experiment",
        "clients",
        Kind::Switch,
        "on",
        "Whether a client writes and reads, with mode multi.",
    ),
];
