//! The rolling health stream of Hystrix (`HealthCountsStream`), shared by both of its breakers. Knows no state.
//!
//! Results fall into buckets of `metrics.healthSnapshot.intervalInMilliseconds`. Only when a bucket ends does the *snapshot*
//! become the sum of the last window's buckets; between two snapshots nothing is visible.

use std::collections::VecDeque;

use crate::engine::time::{Span, Time};
use crate::patterns::breaker::{Counts, Outcome};

/// How long the first bucket of a restarted stream lasts.
///
/// A stream is restarted by the success that closes the breaker, and that success is its first entry. In the recorded runs it
/// sits alone in a first bucket of no length and is visible 1 ms later; with real threads it is a race.
const FIRST_BUCKET: Span = Span::from_millis(1);

/// Health counts by buckets, and the latest snapshot.
#[derive(Clone, Debug)]
pub struct HealthStream {
    interval: Span,
    /// Ended buckets, oldest first, as many as the window has.
    buckets: VecDeque<Counts>,
    filling: Counts,
    snapshot: Counts,
    /// When the bucket being filled ends.
    ends: Time,
    /// When the one after it ends.
    then_ends: Time,
}

impl HealthStream {
    /// Bytes that a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.buckets.len() * size_of::<Counts>()
    }

    /// An empty stream from `now` on, over `window`, in buckets of `interval` (at least 1 ms).
    pub fn new(window: Span, interval: Span, now: Time) -> Self {
        let interval = interval.max(Span::from_millis(1));
        let size = usize::try_from(window.nanos() / interval.nanos()).unwrap_or(usize::MAX).clamp(1, 100_000);
        Self {
            interval,
            buckets: VecDeque::from(vec![Counts::default(); size]),
            filling: Counts::default(),
            snapshot: Counts::default(),
            ends: now + interval,
            then_ends: now + interval + interval,
        }
    }

    /// Forgets everything; bucket borders are counted from `now`.
    pub fn restart(&mut self, now: Time) {
        self.buckets.iter_mut().for_each(|bucket| *bucket = Counts::default());
        self.filling = Counts::default();
        self.snapshot = Counts::default();
        self.ends = now + FIRST_BUCKET;
        self.then_ends = now + self.interval;
    }

    /// Counts a result. Ignored errors (bad requests) and cancelled calls are in no count.
    pub fn record(&mut self, outcome: Outcome) {
        let failed = match outcome {
            Outcome::Ignored | Outcome::Cancelled => return,
            Outcome::Success => false,
            Outcome::Failure | Outcome::Timeout | Outcome::Rejected | Outcome::Unrecorded => true,
        };
        self.filling.calls += 1;
        self.filling.failed += u32::from(failed);
    }

    /// When the next snapshot is taken.
    pub fn next_snapshot(&self) -> Time {
        self.ends
    }

    /// Ends the bucket being filled, if it ends at or before `now`; says when it ended.
    pub fn poll(&mut self, now: Time) -> Option<Time> {
        let ended = self.ends;
        if ended > now {
            return None;
        }
        let gone = self.buckets.pop_front().unwrap_or_default();
        self.snapshot.calls = self.snapshot.calls + self.filling.calls - gone.calls;
        self.snapshot.failed = self.snapshot.failed + self.filling.failed - gone.failed;
        self.buckets.push_back(std::mem::take(&mut self.filling));
        self.ends = self.then_ends;
        self.then_ends += self.interval;
        Some(ended)
    }

    /// The latest snapshot.
    pub fn snapshot(&self) -> Counts {
        self.snapshot
    }

    /// What the bucket being filled holds; no decision sees it yet.
    pub fn filling(&self) -> Counts {
        self.filling
    }
}

/// The error percentage of a snapshot, a whole number: `(int) ((double) errors / total * 100)`.
///
/// The order of the operations matters: 29 errors of 100 are 28 %, since 0.29 × 100 falls just short of 29.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cut is the rule")]
pub fn error_percentage(counts: Counts) -> u32 {
    if counts.calls == 0 {
        return 0;
    }
    (f64::from(counts.failed) / f64::from(counts.calls) * 100.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_visible_when_their_bucket_ends_and_leave_with_it() {
        let mut stream = HealthStream::new(Span::from_millis(2000), Span::from_millis(500), Time::ZERO);
        while stream.poll(Time::from_millis(100)).is_some() {}
        stream.record(Outcome::Failure);
        while stream.poll(Time::from_millis(499)).is_some() {}
        assert_eq!(stream.snapshot().calls, 0);
        for (at, calls) in [(500, 1), (2000, 1), (2499, 1), (2500, 0)] {
            while stream.poll(Time::from_millis(at)).is_some() {}
            assert_eq!(stream.snapshot().calls, calls, "at {at} ms");
        }
    }

    #[test]
    fn percentages_are_cut_after_binary_arithmetic() {
        let percent = |failed, calls| error_percentage(Counts { calls, failed, slow: 0 });
        assert_eq!([percent(2, 3), percent(1, 2), percent(29, 100), percent(0, 0)], [66, 50, 28, 0]);
    }
}
