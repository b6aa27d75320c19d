//! The presets of the lab `failover`: teaching situations, the lines of the paper's Figure 16, and real systems.

use crate::labs::lab::Preset;

/// Where the lines of Figure 16 come from.
const FIGURE: &str = "Ongaro, Ousterhout 2014, Figure 16; Ongaro 2014, section 9.3";

/// A line of Figure 16: five servers, a crash after a heartbeat, two of four survivors behind. The paper gives only the sum
/// of what a round takes, "roughly 15 ms" with the network and a write to disk; how it splits is fitted to the lines, once
/// for all of them.
macro_rules! figure_16 {
    ($name:literal, $min:literal, $max:literal, $heartbeat:literal) => {
        Preset::system(
            $name,
            concat!(
                "A line of the paper's Figure 16: timeouts of ",
                $min,
                " to ",
                $max,
                ", the leader crashes."
            ),
            FIGURE,
            &[
                ("election_min", $min),
                ("election_max", $max),
                ("heartbeat", $heartbeat),
                ("latency", "1900us"),
                ("jitter", "1ms"),
                ("fsync", "4500us"),
                ("candidates", "ask-meanwhile"),
                ("timer_late", "350us"),
                ("clients", "0"),
                ("crash_at", "1s"),
                ("behind", "2"),
                ("election_ends", "heard"),
            ],
        )
    };
}

/// etcd: ticks, the check of the quorum, followers that pass requests on.
macro_rules! etcd {
    ($name:literal, $meaning:literal, $min:literal, $max:literal, $heartbeat:literal) => {
        Preset::system(
            $name,
            $meaning,
            "etcd 3.4.23; etcd-io/raft",
            &[
                ("servers", "3"),
                ("timing", "ticks"),
                ("election_min", $min),
                ("election_max", $max),
                ("heartbeat", $heartbeat),
                ("check_quorum", $min),
                ("latency", "150us"),
                ("jitter", "450us"),
                ("fsync", "100us"),
                ("clients", "1"),
                ("think", "7ms"),
                ("client_timeout", "100ms"),
                ("sessions", "off"),
                ("followers", "forward"),
            ],
        )
    };
}

pub(super) static PRESETS: [Preset; 17] = [
    Preset::situation("five", "Five servers with the paper's timeouts, two clients that write.", &[]),
    Preset::situation("three", "Three servers.", &[("servers", "3")]),
    Preset::situation(
        "reads",
        "Five servers that answer reads from what they have, without asking anyone.",
        &[("reads", "local"), ("read_share", "50%")],
    ),
    Preset::situation(
        "by-hand",
        "Three servers and no clients: you deliver every message and fire every timer.",
        &[("servers", "3"), ("clients", "0"), ("delivery", "by-hand"), ("fsync", "0"), ("noop", "off")],
    ),
    figure_16!("raft-paper-150-150", "150ms", "150ms", "75ms"),
    figure_16!("raft-paper-150-151", "150ms", "151ms", "75ms"),
    figure_16!("raft-paper-150-155", "150ms", "155ms", "75ms"),
    figure_16!("raft-paper-150-175", "150ms", "175ms", "75ms"),
    figure_16!("raft-paper-150-200", "150ms", "200ms", "75ms"),
    figure_16!("raft-paper-150-300", "150ms", "300ms", "75ms"),
    figure_16!("raft-paper-12-24", "12ms", "24ms", "6ms"),
    figure_16!("raft-paper-25-50", "25ms", "50ms", "12500us"),
    figure_16!("raft-paper-50-100", "50ms", "100ms", "25ms"),
    figure_16!("raft-paper-100-200", "100ms", "200ms", "50ms"),
    etcd!(
        "etcd",
        "etcd with its defaults: heartbeat 100 ms, timeouts of 10 to 19 ticks, CheckQuorum, no PreVote (3.4).",
        "1s",
        "2s",
        "100ms"
    ),
    etcd!(
        "etcd-fast",
        "etcd with a heartbeat of 50 ms and an election timeout of 250 ms: 5 to 9 ticks.",
        "250ms",
        "500ms",
        "50ms"
    ),
    Preset::system(
        "consul",
        "Consul with its default raft_multiplier of 5: followers wait 5 to 10 s, a leader alone steps down after 2.5 s.",
        "hashicorp/raft; Consul, raft_multiplier",
        &[
            ("servers", "3"),
            ("election_min", "5s"),
            ("election_max", "10s"),
            ("heartbeat", "500ms"),
            ("heartbeat_spread", "1"),
            ("check_quorum", "2500ms"),
            ("client_timeout", "1s"),
            ("followers", "forward"),
            ("sessions", "off"),
        ],
    ),
];
