//! Retries of gRPC, after its proposal A6 (grpc/proposal at commit 1fd061a, `A6-client-retries.md`, text of 2024-08-23).
//!
//! Nothing is retried until a service config has a `retryPolicy`. The deadline of the call covers all attempts. The jitter is
//! ± 20 % around the exponential value, after the cap: a wait can be a little below the first backoff or above the largest.
//! The text of 2017 (commit 94bed81) had full jitter, U(0, …), and is still quoted much.
//!
//! Which status codes are retried is not here: report only those, and "don't retry" of the server. Transparent retries (the
//! request never reached the application of the server) count for nothing and are not here either.

use crate::engine::random::Draw;
use crate::engine::time::Span;
use crate::patterns::backoff::scaled;

/// `retryPolicy` of a service config. There are no defaults in gRPC; those here are the example of the proposal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RetryPolicy {
    /// `maxAttempts`, the first call included; more than 5 act as 5.
    pub max_attempts: u32,
    /// `initialBackoff`.
    pub initial_backoff: Span,
    /// `maxBackoff`.
    pub max_backoff: Span,
    /// `backoffMultiplier`.
    pub backoff_multiplier: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_backoff: Span::from_millis(100),
            max_backoff: Span::from_secs(1),
            backoff_multiplier: 2.0,
        }
    }
}

/// What a client allows at most, whatever the service config says.
pub const MAX_ATTEMPTS: u32 = 5;

impl RetryPolicy {
    /// The wait before the `n`-th retry (from 1) since the last pushback:
    /// min(initial × multiplier^(n−1), max) × U(0.8, 1.2).
    pub fn backoff(&self, n: u32, draw: Draw) -> Span {
        let growth = libm::pow(self.backoff_multiplier, f64::from(n.saturating_sub(1)));
        let middle = scaled(self.initial_backoff, growth).min(self.max_backoff);
        scaled(middle, 0.8 + 0.4 * draw.unit())
    }
}

/// What the server said about retries, in `grpc-retry-pushback-ms`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pushback {
    /// Nothing.
    #[default]
    None,
    /// Retry after exactly so long; the exponential backoff begins anew after it.
    After(Span),
    /// A negative number, or none at all: don't retry.
    Never,
}

/// One call: what it remembers between its attempts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Call {
    retries: u32,
    since_pushback: u32,
}

impl Call {
    /// An attempt has failed with a retryable status, or with "don't retry": the wait before the next one, or `None` if the
    /// failure goes to the application. The throttle is the one of the server's name, shared by all calls to it; it counts
    /// the failure first, so the failure that brings it down to half is not retried.
    pub fn on_failure(
        &mut self,
        policy: &RetryPolicy,
        throttle: Option<&mut Throttle>,
        pushback: Pushback,
        draw: Draw,
    ) -> Option<Span> {
        let throttled = throttle.is_some_and(|throttle| {
            throttle.on_failure();
            !throttle.allows()
        });
        let last = self.retries + 1 >= policy.max_attempts.min(MAX_ATTEMPTS);
        if throttled || last || pushback == Pushback::Never {
            return None;
        }
        self.retries += 1;
        Some(if let Pushback::After(wait) = pushback {
            self.since_pushback = 0;
            wait
        } else {
            self.since_pushback += 1;
            policy.backoff(self.since_pushback, draw)
        })
    }

    /// Retries so far: `grpc-previous-rpc-attempts` of the next attempt.
    pub fn retries(&self) -> u32 {
        self.retries
    }
}

/// `retryThrottling`: tokens that all calls to one server name share. Retries (and hedges) are made only while more than half
/// of the tokens are there; first attempts are always made. Nothing refills it but successes.
///
/// Tokens are counted in thousandths: further decimals of `tokenRatio` are ignored in gRPC too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Throttle {
    max: u32,
    tokens: u32,
    ratio: u32,
}

impl Throttle {
    /// A full throttle: `maxTokens` (1 to 1000) and `tokenRatio`, which is what each success gives back.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
    pub fn new(max_tokens: u32, token_ratio: f64) -> Self {
        let max = max_tokens.clamp(1, 1000) * 1000;
        // So that 0.57 is 570 thousandths, though its nearest binary number is below.
        Self { max, tokens: max, ratio: (token_ratio * 1000.0 + 1e-6) as u32 }
    }

    /// An attempt failed with a code that is retried (or not fatal to a hedged call), or the server said "don't retry".
    pub fn on_failure(&mut self) {
        self.tokens = self.tokens.saturating_sub(1000);
    }

    /// A call succeeded.
    pub fn on_success(&mut self) {
        self.tokens = self.tokens.saturating_add(self.ratio).min(self.max);
    }

    /// Whether retries are made now: strictly more than half of the tokens are left.
    pub fn allows(&self) -> bool {
        self.tokens * 2 > self.max
    }

    /// `token_count`.
    pub fn tokens(&self) -> f64 {
        f64::from(self.tokens) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn draw(n: u64) -> Draw {
        Random::new(1).stream("grpc").draw(n, 0)
    }

    #[test]
    fn the_backoff_is_a_fifth_around_the_capped_exponential_value() {
        let policy = RetryPolicy::default();
        for (n, middle) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1000), (9, 1000)] {
            let waits = (0..4000).map(|i| policy.backoff(n, draw(i)).secs() * 1000.0).collect::<Vec<_>>();
            let (low, high) = waits.iter().fold((f64::MAX, 0.0_f64), |(l, h), w| (l.min(*w), h.max(*w)));
            let middle = f64::from(middle);
            assert!(
                (low / middle - 0.8).abs() < 0.001 && (high / middle - 1.2).abs() < 0.001,
                "{low} {high}"
            );
        }
    }

    #[test]
    fn attempts_count_the_first_call_and_end_at_five() {
        for (max_attempts, retries) in [(1, 0), (2, 1), (4, 3), (5, 4), (50, 4)] {
            let policy = RetryPolicy { max_attempts, ..RetryPolicy::default() };
            let mut call = Call::default();
            let waits =
                std::iter::from_fn(|| call.on_failure(&policy, None, Pushback::None, draw(0))).count();
            assert_eq!(waits, retries, "{max_attempts}");
        }
    }

    /// Ten tokens: 9, 8, 7, 6 are more than half, 5 is not.
    #[test]
    fn five_failures_in_a_row_stop_retries_and_eleven_successes_let_two_failures_pass() {
        let policy = RetryPolicy::default();
        let mut throttle = Throttle::new(10, 0.1);
        let fail = |throttle: &mut Throttle| {
            Call::default().on_failure(&policy, Some(throttle), Pushback::None, draw(0)).is_some()
        };
        let retried = (0..6).map(|_| fail(&mut throttle)).collect::<Vec<_>>();
        assert_eq!(retried, [true, true, true, true, false, false]);
        (0..21).for_each(|_| throttle.on_success());
        assert!((throttle.tokens() - 6.1).abs() < 1e-9);
        assert!(fail(&mut throttle), "5.1 is more than half");
        assert!(!fail(&mut throttle));
    }

    #[test]
    fn tokens_stay_within_their_bounds_and_decimals_beyond_the_third_are_ignored() {
        let mut throttle = Throttle::new(2, 0.5466);
        (0..9).for_each(|_| throttle.on_failure());
        assert!(throttle.tokens().abs() < 1e-9);
        throttle.on_success();
        assert!((throttle.tokens() - 0.546).abs() < 1e-9);
        (0..9).for_each(|_| throttle.on_success());
        assert!((throttle.tokens() - 2.0).abs() < 1e-9);
        assert_eq!(Throttle::new(10, 0.57).ratio, 570);
    }

    #[test]
    fn pushback_sets_the_wait_and_starts_the_backoff_anew() {
        let policy = RetryPolicy { max_attempts: 5, ..RetryPolicy::default() };
        let mut call = Call::default();
        let mut next = |pushback| call.on_failure(&policy, None, pushback, draw(0)).map(Span::millis);
        let near = |wait: Option<u64>, middle: u64| {
            wait.is_some_and(|wait| wait >= middle * 8 / 10 && wait <= middle * 12 / 10)
        };
        assert!(near(next(Pushback::None), 100));
        assert!(near(next(Pushback::None), 200));
        assert_eq!(next(Pushback::After(Span::from_millis(5000))), Some(5000));
        assert!(near(next(Pushback::None), 100));
        assert_eq!(next(Pushback::After(Span::ZERO)), None, "no attempt is left");
        assert_eq!(Call::default().on_failure(&policy, None, Pushback::Never, draw(0)), None);
    }
}
