//! Retries of Envoy: the waits of `JitteredExponentialBackOffStrategy` (`source/common/common/backoff_strategy.cc`) and the
//! limits of `ResourceManagerImpl` (`source/common/upstream/resource_manager_impl.h` at commit 01c2c1f).
//!
//! Nothing is retried until a route has `retry_on`; then `num_retries` is 1. The route's timeout, 15 s by default, includes all
//! retries and waits. The documents give the range of a wait as [0, (2^N − 1) × base), and so did the code once; for the first
//! retry the two agree.

use crate::engine::random::Draw;
use crate::engine::time::Span;

/// `retry_back_off`. Whole milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backoff {
    /// `base_interval`. Default 25 ms.
    pub base_interval: Span,
    /// `max_interval`. Default ten times the base.
    pub max_interval: Span,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base_interval: Span::from_millis(25), max_interval: Span::from_millis(250) }
    }
}

impl Backoff {
    /// What the wait before the `retry`-th retry (from 1) stays below: the base, doubled for each retry before it, at most the
    /// maximum.
    pub fn window(&self, retry: u32) -> Span {
        let max = self.max_interval.millis();
        let mut window = self.base_interval.millis();
        for _ in 1..retry {
            if window >= max / 2 {
                return Span::from_millis(max);
            }
            window *= 2;
        }
        Span::from_millis(window)
    }

    /// The wait before the `retry`-th retry: any whole number of milliseconds below its window, zero included.
    pub fn wait(&self, retry: u32, draw: Draw) -> Span {
        Span::from_millis(draw.below(self.window(retry).millis()))
    }
}

/// How many retries may be under way at once in a cluster. A retry is under way from its decision, so its wait counts, until its
/// answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Limit {
    /// `max_retries` of the circuit breaker, a plain number. Default 3.
    MaxRetries(u32),
    /// `retry_budget`, which takes the place of `max_retries`.
    Budget {
        /// `budget_percent` of the requests that are active or pending, cut to a whole number. Default 20.
        percent: f64,
        /// `min_retry_concurrency`: so many are always allowed. Default 3.
        min_concurrency: u32,
    },
}

impl Default for Limit {
    fn default() -> Self {
        Self::MaxRetries(3)
    }
}

impl Limit {
    /// `retry_budget` with its defaults.
    pub const fn budget() -> Self {
        Self::Budget { percent: 20.0, min_concurrency: 3 }
    }

    /// How many may be under way while `requests` are active or pending, retries among them.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "C++ cuts to uint64_t")]
    pub fn max(&self, requests: u64) -> u64 {
        match *self {
            Self::MaxRetries(max) => u64::from(max),
            Self::Budget { percent, min_concurrency } => {
                ((percent / 100.0 * requests as f64) as u64).max(u64::from(min_concurrency))
            }
        }
    }

    /// Whether one more retry may begin while `retries` are under way.
    pub fn allows(&self, retries: u64, requests: u64) -> bool {
        retries < self.max(requests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    #[test]
    fn windows_double_up_to_ten_times_the_base() {
        let backoff = Backoff::default();
        let windows = (1..=7).map(|n| backoff.window(n).millis()).collect::<Vec<_>>();
        assert_eq!(windows, [25, 50, 100, 200, 250, 250, 250]);
        assert_eq!(backoff.window(u32::MAX).millis(), 250);
    }

    #[test]
    fn the_first_wait_is_from_0_to_24_milliseconds() {
        let draws = Random::new(1).stream("envoy");
        let waits = (0..2000).map(|n| Backoff::default().wait(1, draws.draw(n, 0))).collect::<Vec<_>>();
        assert_eq!(waits.iter().min(), Some(&Span::ZERO));
        assert_eq!(waits.iter().max(), Some(&Span::from_millis(24)));
    }

    #[test]
    fn a_budget_is_a_fifth_of_the_requests_and_at_least_three() {
        let budget = Limit::budget();
        assert_eq!([0, 15, 19, 20, 100, 1004].map(|requests| budget.max(requests)), [3, 3, 3, 4, 20, 200]);
        assert!(budget.allows(19, 100) && !budget.allows(20, 100));
        assert!(Limit::default().allows(2, 1_000_000) && !Limit::default().allows(3, 1_000_000));
    }
}
