//! The sliding windows of Resilience4j: what is counted, and for how long. Knows no state and no threshold.
//!
//! `FixedSizeSlidingWindowMetrics` and `SlidingTimeWindowMetrics` of Resilience4j 2.4.0 (strategy SYNCHRONIZED).

use std::collections::VecDeque;

use crate::engine::time::Time;
use crate::patterns::breaker::{Counts, Recorded};

use super::DivisionByZero;

impl Counts {
    fn add(&mut self, result: Recorded) {
        self.calls += 1;
        self.failed += u32::from(result.failed);
        self.slow += u32::from(result.slow);
    }

    fn remove(&mut self, gone: Self) {
        self.calls -= gone.calls;
        self.failed -= gone.failed;
        self.slow -= gone.slow;
    }
}

impl From<Recorded> for Counts {
    fn from(result: Recorded) -> Self {
        let mut counts = Self::default();
        counts.add(result);
        counts
    }
}

/// The last `size` results, in the order in which the calls ended.
#[derive(Clone, Debug)]
pub struct CountWindow {
    size: u32,
    results: VecDeque<Recorded>,
    total: Counts,
}

impl CountWindow {
    /// An empty window for `size` results.
    pub fn new(size: u32) -> Self {
        Self { size, results: VecDeque::with_capacity(size as usize), total: Counts::default() }
    }

    /// Puts a result in; the oldest leaves a full window.
    ///
    /// A window of size 0 counts the result and then fails, as the library does: the totals rise and never fall again.
    pub fn record(&mut self, result: Recorded) -> Result<(), DivisionByZero> {
        self.total.add(result);
        if self.size == 0 {
            return Err(DivisionByZero);
        }
        if self.results.len() == self.size as usize
            && let Some(oldest) = self.results.pop_front()
        {
            self.total.remove(oldest.into());
        }
        self.results.push_back(result);
        Ok(())
    }

    /// All that is in it.
    pub fn counts(&self) -> Counts {
        self.total
    }

    /// How many results fit in.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The results, oldest first.
    pub fn results(&self) -> impl Iterator<Item = Recorded> + '_ {
        self.results.iter().copied()
    }
}

/// The results of the last `seconds` whole clock seconds, the current one included.
///
/// Buckets are aligned to the clock, so all results of a second leave together, and one stays between `seconds - 1` and
/// `seconds` seconds.
#[derive(Clone, Debug)]
pub struct TimeWindow {
    /// One bucket a second, oldest first; the last one is `head`.
    buckets: VecDeque<Counts>,
    head: u64,
    total: Counts,
}

impl TimeWindow {
    /// An empty window over `seconds` (at least 1), created at `now`.
    pub fn new(seconds: u32, now: Time) -> Self {
        let buckets = VecDeque::from(vec![Counts::default(); seconds.max(1) as usize]);
        Self { buckets, head: now.whole_secs(), total: Counts::default() }
    }

    /// Puts a result into the second of `now`.
    pub fn record(&mut self, now: Time, result: Recorded) {
        self.turn(now);
        self.total.add(result);
        if let Some(bucket) = self.buckets.back_mut() {
            bucket.add(result);
        }
    }

    /// All that counts at `now`.
    pub fn counts(&self, now: Time) -> Counts {
        let mut counts = self.total;
        for &bucket in self.buckets.iter().take(self.aged(now)) {
            counts.remove(bucket);
        }
        counts
    }

    /// The seconds that count at `now`, oldest first, each with its results.
    pub fn buckets(&self, now: Time) -> impl Iterator<Item = (u64, Counts)> + '_ {
        let (aged, size) = (self.aged(now), self.buckets.len() as u64);
        let end = now.whole_secs().max(self.head) + 1;
        // The clock begins at second 0: a window longer than its age has buckets for seconds that never were.
        let never = size.saturating_sub(end);
        let all = self.buckets.iter().copied().skip(aged).chain(std::iter::repeat_n(Counts::default(), aged));
        (end - (size - never)..).zip(all.skip(usize::try_from(never).unwrap_or(usize::MAX)))
    }

    /// How many of the oldest buckets no longer count at `now`.
    fn aged(&self, now: Time) -> usize {
        let passed = now.whole_secs().saturating_sub(self.head);
        usize::try_from(passed).map_or(self.buckets.len(), |n| n.min(self.buckets.len()))
    }

    fn turn(&mut self, now: Time) {
        for _ in 0..self.aged(now) {
            if let Some(oldest) = self.buckets.pop_front() {
                self.total.remove(oldest);
            }
            self.buckets.push_back(Counts::default());
        }
        self.head = self.head.max(now.whole_secs());
    }
}

/// The window now in use.
#[derive(Clone, Debug)]
pub enum Window {
    /// Count-based.
    Count(CountWindow),
    /// Time-based.
    Time(TimeWindow),
}

impl Window {
    /// Puts a result in.
    pub fn record(&mut self, now: Time, result: Recorded) -> Result<(), DivisionByZero> {
        match self {
            Self::Count(window) => window.record(result),
            Self::Time(window) => {
                window.record(now, result);
                Ok(())
            }
        }
    }

    /// All that counts at `now`.
    pub fn counts(&self, now: Time) -> Counts {
        match self {
            Self::Count(window) => window.counts(),
            Self::Time(window) => window.counts(now),
        }
    }

    /// Bytes that a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Count(window) => window.results.len() * size_of::<Recorded>(),
            Self::Time(window) => window.buckets.len() * size_of::<Counts>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Recorded = Recorded { failed: true, slow: false };
    const FINE: Recorded = Recorded { failed: false, slow: false };

    #[test]
    fn a_full_count_window_forgets_the_oldest_result() {
        let mut window = CountWindow::new(3);
        for result in [FAILED, FAILED, FINE, FINE] {
            window.record(result).unwrap();
        }
        assert_eq!(window.counts(), Counts { calls: 3, failed: 1, slow: 0 });
        assert_eq!(window.results().collect::<Vec<_>>(), [FAILED, FINE, FINE]);
    }

    #[test]
    fn all_results_of_a_second_leave_a_time_window_together() {
        let mut window = TimeWindow::new(2, Time::from_millis(10_300));
        window.record(Time::from_millis(10_300), FAILED);
        window.record(Time::from_millis(10_999), FAILED);
        window.record(Time::from_millis(11_000), FAILED);
        assert_eq!(window.counts(Time::from_millis(11_999)).calls, 3);
        assert_eq!(window.counts(Time::from_millis(12_000)).calls, 1);
        assert_eq!(window.counts(Time::from_millis(13_000)).calls, 0);
        let seconds: Vec<_> = window.buckets(Time::from_millis(12_000)).map(|(s, c)| (s, c.calls)).collect();
        assert_eq!(seconds, [(11, 1), (12, 0)]);
    }

    #[test]
    fn an_idle_hour_empties_a_time_window() {
        let mut window = TimeWindow::new(60, Time::ZERO);
        window.record(Time::ZERO, FAILED);
        window.record(Time::from_secs(3600), FINE);
        assert_eq!(window.counts(Time::from_secs(3600)), FINE.into());
    }
}
