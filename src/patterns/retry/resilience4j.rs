//! Retry of Resilience4j 2.4.0: `RetryConfig` (`resilience4j-retry`) and `IntervalFunction` (`resilience4j-core`).
//!
//! All waits are whole milliseconds, cut at each step as Java's `(long)` does. The jitter is symmetric around the exponential
//! value, which is not AWS's full jitter; the cap is applied after it. A blocking retry sleeps on the caller's thread.
//!
//! Which exceptions and results are retried is not here. A result that is still bad after the last attempt is *returned*,
//! unless `failAfterMaxAttempts` is set; an exception is thrown on.

use crate::engine::random::Draw;
use crate::engine::time::Span;

/// `RetryConfig`, as far as it says when and how often.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config {
    /// `maxAttempts`, the first call included. Default 3.
    pub max_attempts: u32,
    /// `waitDuration` or `intervalFunction`. Default: always 500 ms.
    pub interval: IntervalFunction,
}

impl Default for Config {
    fn default() -> Self {
        Self { max_attempts: 3, interval: IntervalFunction::default() }
    }
}

impl Config {
    /// Attempt `failed` (from 1) has failed with something that is retried: the wait before the next one, or `None` if it was
    /// the last.
    pub fn after_failure(&self, failed: u32, draw: Draw) -> Option<Span> {
        (failed < self.max_attempts).then(|| self.interval.apply(failed, draw))
    }
}

/// The interval functions that the library ships. Spans are cut to whole milliseconds and have to be at least 1 ms.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum IntervalFunction {
    /// `of`: always the same.
    Constant(Span),
    /// `ofRandomized`: the same, give or take.
    Randomized {
        /// The middle.
        interval: Span,
        /// `randomizationFactor`: how much of the interval it may be more or less, from 0 to 1. Default 0.5.
        randomization: f64,
    },
    /// `ofExponentialBackoff`.
    Exponential {
        /// The first wait. Default 500 ms.
        initial: Span,
        /// Each wait is so many times the one before. Default 1.5.
        multiplier: f64,
        /// No wait is longer. Default: no limit.
        max: Option<Span>,
    },
    /// `ofExponentialRandomBackoff`.
    ExponentialRandom {
        /// The middle of the first wait. Default 500 ms.
        initial: Span,
        /// Each middle is so many times the one before. Default 1.5.
        multiplier: f64,
        /// How much of the middle a wait may be more or less, from 0 to 1. Default 0.5.
        randomization: f64,
        /// No wait is longer, jitter included. Default: no limit.
        max: Option<Span>,
    },
}

impl Default for IntervalFunction {
    fn default() -> Self {
        Self::Constant(Self::INITIAL)
    }
}

impl IntervalFunction {
    /// `DEFAULT_INITIAL_INTERVAL`.
    pub const INITIAL: Span = Span::from_millis(500);
    /// `DEFAULT_MULTIPLIER`.
    pub const MULTIPLIER: f64 = 1.5;
    /// `DEFAULT_RANDOMIZATION_FACTOR`.
    pub const RANDOMIZATION: f64 = 0.5;

    /// `ofExponentialBackoff()` with its defaults.
    pub const fn exponential() -> Self {
        Self::Exponential { initial: Self::INITIAL, multiplier: Self::MULTIPLIER, max: None }
    }

    /// `ofExponentialRandomBackoff()` with its defaults.
    pub const fn exponential_random() -> Self {
        Self::ExponentialRandom {
            initial: Self::INITIAL,
            multiplier: Self::MULTIPLIER,
            randomization: Self::RANDOMIZATION,
            max: None,
        }
    }

    /// The wait after attempt `attempt` (from 1).
    pub fn apply(self, attempt: u32, draw: Draw) -> Span {
        let (millis, max) = match self {
            Self::Constant(interval) => (interval.millis(), None),
            Self::Randomized { interval, randomization } => {
                (randomize(interval.millis(), randomization, draw), None)
            }
            Self::Exponential { initial, multiplier, max } => {
                (exponential(initial.millis(), multiplier, attempt), max)
            }
            Self::ExponentialRandom { initial, multiplier, randomization, max } => {
                (randomize(exponential(initial.millis(), multiplier, attempt), randomization, draw), max)
            }
        };
        Span::from_millis(max.map_or(millis, |max| millis.min(max.millis())))
    }
}

/// `initial × multiplier^(attempt − 1)`, cut to a whole number after each multiplication (attempt 0 counts as 1).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "Java's (long)")]
pub(crate) fn exponential(initial: u64, multiplier: f64, attempt: u32) -> u64 {
    let mut wait = initial;
    for _ in 1..attempt {
        let longer = (wait as f64 * multiplier) as u64;
        // Stuck, at the largest number or because the cut eats the growth: all further waits are the same.
        if longer == wait {
            break;
        }
        wait = longer;
    }
    wait
}

/// `IntervalFunctionCompanion.randomize`: between `current` less and `current` more its share, both ends included thanks to the
/// one that is added, and never below 1 (since pull request 2152).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "Java's (long)")]
fn randomize(current: u64, share: f64, draw: Draw) -> u64 {
    let current = current as f64;
    let (min, max) = (current - share * current, current + share * current);
    (min + draw.unit() * (max - min + 1.0)).max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn draw(n: u64) -> Draw {
        Random::new(1).stream("retry").draw(n, 0)
    }

    /// Three calls in all, and half a second between them.
    #[test]
    fn by_default_there_are_two_retries_after_half_a_second_each() {
        let config = Config::default();
        let waits = (1..=3).map(|failed| config.after_failure(failed, draw(0))).collect::<Vec<_>>();
        assert_eq!(waits, [Some(Span::from_millis(500)), Some(Span::from_millis(500)), None]);
    }

    /// As printed by the library: 500, 750, 1125, 1687; the half millisecond of the third step is cut.
    #[test]
    fn exponential_intervals_are_cut_at_each_step() {
        let interval = IntervalFunction::exponential();
        let waits = (1..=5).map(|k| interval.apply(k, draw(0)).millis()).collect::<Vec<_>>();
        assert_eq!(waits, [500, 750, 1125, 1687, 2530]);
    }

    /// As seen in the library: 250 to 750 ms for 500 ms.
    #[test]
    fn randomised_intervals_reach_both_ends_and_have_the_middle_as_mean() {
        let interval = IntervalFunction::Randomized { interval: Span::from_millis(500), randomization: 0.5 };
        let waits = (0..20_000).map(|n| interval.apply(1, draw(n)).millis()).collect::<Vec<_>>();
        assert_eq!((waits.iter().min(), waits.iter().max()), (Some(&250), Some(&750)));
        let mean = waits.iter().sum::<u64>() as f64 / waits.len() as f64;
        assert!((mean - 500.0).abs() < 3.0, "{mean}");
    }

    #[test]
    fn the_cap_comes_after_the_jitter() {
        let IntervalFunction::ExponentialRandom { initial, multiplier, randomization, .. } =
            IntervalFunction::exponential_random()
        else {
            panic!("another kind");
        };
        let max = Some(Span::from_millis(600));
        let capped = IntervalFunction::ExponentialRandom { initial, multiplier, randomization, max };
        let waits = (0..2000).map(|n| capped.apply(2, draw(n)).millis()).collect::<Vec<_>>();
        // The second middle is 750: without the cap from 375 to 1125.
        assert_eq!(waits.iter().max(), Some(&600));
        assert!(waits.iter().any(|&wait| wait < 400));
        assert!(waits.iter().filter(|&&wait| wait == 600).count() > 1200, "seven in ten are above the cap");
    }

    #[test]
    fn a_wait_is_never_below_a_millisecond_and_never_overflows() {
        let tiny = IntervalFunction::Randomized { interval: Span::from_millis(1), randomization: 1.0 };
        assert!((0..200).all(|n| tiny.apply(1, draw(n)) >= Span::from_millis(1)));
        assert!(IntervalFunction::exponential().apply(u32::MAX, draw(0)) > Span::from_secs(1 << 30));
    }
}
