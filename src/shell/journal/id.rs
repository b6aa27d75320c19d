//! Ids that no two records share, on whatever machine they were made.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// 128 bits as 32 hexadecimal digits: process, count and time, mixed under keys that the standard library takes from the
/// operating system's randomness.
pub fn fresh(at: Timestamp) -> String {
    let what = (std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed), at.as_nanosecond());
    let half = || RandomState::new().hash_one(what);
    format!("{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_long_and_differ_even_at_the_same_instant() {
        let ids: BTreeSet<String> = (0..10_000).map(|_| fresh(Timestamp::UNIX_EPOCH)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 32));
    }
}
