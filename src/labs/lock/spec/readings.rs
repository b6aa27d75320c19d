//! What can be read off the lab `lock`.

use crate::labs::reading::{Quantity, ReadingSpec};

/// Who has the lock, as the readings `holder` say it.
pub(crate) const HOLDERS: &[&str] = &[
    "nobody", "several", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q",
    "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
];

/// The readings of one design, under its prefix, when all run.
macro_rules! of_design {
    ($prefix:literal) => {
        [
            ReadingSpec::new(
                concat!($prefix, "_holder"),
                Quantity::State(HOLDERS),
                "Who believes to hold the lock, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_holders"),
                Quantity::Level(""),
                "Clients that believe to hold the lock, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_overlap_s"),
                Quantity::Level("s"),
                "How long several believed it at once, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_lost_updates"),
                Quantity::Total,
                "Updates that were written over unseen, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_rejected"),
                Quantity::Total,
                "Writes that the store refused, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_outage_s"),
                Quantity::Level("s"),
                "The longest time that somebody waited and nobody who runs had the lock, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_messages"),
                Quantity::Total,
                "Messages of the lock, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_acquired"),
                Quantity::Total,
                "How often somebody got the lock, in this design.",
            ),
            ReadingSpec::new(
                concat!($prefix, "_token"),
                Quantity::Level(""),
                "The highest token given out, in this design.",
            ),
        ]
    };
}

const OWN: [ReadingSpec; 27] = [
    ReadingSpec::new("messages_per_s", Quantity::Rate("messages"), "Messages of the lock."),
    ReadingSpec::new("acquired_per_s", Quantity::Rate("acquired"), "How often somebody got the lock."),
    ReadingSpec::new(
        "wait_p50_s",
        Quantity::PerSecond("s"),
        "Half of those who got the lock in the last second waited no longer.",
    ),
    ReadingSpec::new(
        "wait_p99_s",
        Quantity::PerSecond("s"),
        "99 % of those who got the lock in the last second waited no longer.",
    ),
    ReadingSpec::new(
        "holder",
        Quantity::State(HOLDERS),
        "Who believes to hold the lock; in all designs, of the first.",
    ),
    ReadingSpec::new(
        "owner",
        Quantity::State(HOLDERS),
        "Whose lock it is by the servers; in all designs, of the first.",
    ),
    ReadingSpec::new(
        "holders",
        Quantity::Level(""),
        "Clients that believe to hold the lock; in all designs, the most.",
    ),
    ReadingSpec::new("waiting", Quantity::Level(""), "Clients that wait for the lock."),
    ReadingSpec::new(
        "lease_left_s",
        Quantity::Level("s"),
        "What is left of the lease by the server; none without one.",
    ),
    ReadingSpec::new(
        "overlap_s",
        Quantity::Level("s"),
        "How long several believed to hold it at once, in sum; in all designs, the longest.",
    ),
    ReadingSpec::new(
        "outage_s",
        Quantity::Level("s"),
        "The longest time that somebody waited and nobody who runs had the lock.",
    ),
    ReadingSpec::new("outage_now_s", Quantity::Level("s"), "For how long that has been so now."),
    ReadingSpec::new("token", Quantity::Level(""), "The highest token given out."),
    ReadingSpec::new("written_token", Quantity::Level(""), "The highest token that the store has seen."),
    ReadingSpec::new(
        "messages_per_acquire",
        Quantity::Level(""),
        "Messages of the lock for each time that somebody got it.",
    ),
    ReadingSpec::new("asked", Quantity::Total, "How often somebody asked for the lock."),
    ReadingSpec::new("acquired", Quantity::Total, "How often somebody got it."),
    ReadingSpec::new("gave_up", Quantity::Total, "Requests for the lock that ended without it."),
    ReadingSpec::new(
        "lost_updates",
        Quantity::Total,
        "Updates that were written over by a client that had not seen them.",
    ),
    ReadingSpec::new("accepted", Quantity::Total, "Writes that the store took."),
    ReadingSpec::new("rejected", Quantity::Total, "Writes that the store refused."),
    ReadingSpec::new(
        "unknown",
        Quantity::Total,
        "Writes without an answer: nobody knows whether they were taken.",
    ),
    ReadingSpec::new(
        "overruns",
        Quantity::Total,
        "Releases that found the lock gone: each was a time without exclusion.",
    ),
    ReadingSpec::new(
        "renew_failures",
        Quantity::Total,
        "Renewals that had no answer or found the lock gone.",
    ),
    ReadingSpec::new("woken", Quantity::Total, "Word sent to waiters that the lock may be free."),
    ReadingSpec::new("messages", Quantity::Total, "Messages between clients, lock servers and replicas."),
    ReadingSpec::new("in_flight", Quantity::Level(""), "Messages on their way, those of the store too."),
];

const DESIGNS: [[ReadingSpec; 9]; 6] = [
    of_design!("redis"),
    of_design!("redis_replica"),
    of_design!("redlock"),
    of_design!("redisson"),
    of_design!("zookeeper"),
    of_design!("etcd"),
];

pub(super) static READINGS: [ReadingSpec; 81] = {
    let mut all = [OWN[0]; 81];
    let mut i = 0;
    while i < all.len() {
        all[i] = if i < OWN.len() { OWN[i] } else { DESIGNS[(i - OWN.len()) / 9][(i - OWN.len()) % 9] };
        i += 1;
    }
    all
};
