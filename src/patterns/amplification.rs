//! How retries multiply: the load they add at one layer, and through a chain of layers that all retry.
//!
//! "Three retries at three layers" are 4 × 4 × 4 = 64 calls at the bottom (Google, *Site Reliability Engineering*, chapter 22).
//! The 243 that is often heard is 3⁵: three *attempts* at five layers (Brooker, *Timeouts, retries, and backoff with jitter*, Amazon
//! Builders' Library); 27 are three attempts at three layers.
//!
//! Closed forms, for failures that are independent of each other and of the load. Under overload they are neither: then the
//! numbers go towards [`worst_case`].

/// Calls that reach the bottom for one request when everything fails: (retries + 1)^layers.
pub fn worst_case(layers: u32, retries: u32) -> u64 {
    u64::from(retries).saturating_add(1).saturating_pow(layers)
}

/// Attempts for one call, if each fails with probability `failure`: 1 + p + … + p^(attempts − 1).
pub fn expected_attempts(attempts: u32, failure: f64) -> f64 {
    let (mut sum, mut reached) = (0.0, 1.0);
    for _ in 0..attempts {
        sum += reached;
        reached *= failure;
    }
    sum
}

/// Whether a collapsed server stays collapsed after its trigger has gone: every client makes all its attempts, and these alone
/// are more than it can do. `rate` and `capacity` by the second.
pub fn sustains_itself(rate: f64, retries: u32, capacity: f64) -> bool {
    rate * (f64::from(retries) + 1.0) > capacity
}

/// Which calls of a chain fail by themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failing {
    /// Only those at the bottom.
    BottomOnly,
    /// Those of every layer, before they call on, and those at the bottom.
    EveryLayer,
}

/// One layer of callers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Layer {
    /// Attempts that it makes for each call that it receives, on average.
    pub attempts: f64,
    /// The probability that a call to it fails after all its attempts.
    pub failure: f64,
}

/// A chain of `layers` callers above a bottom, each with so many `retries`; a call that can fail by itself does so with
/// probability `failure`. The layers come in order, the one above the bottom first.
pub fn chain(layers: u32, retries: u32, failure: f64, failing: Failing) -> impl Iterator<Item = Layer> {
    let attempts = retries.saturating_add(1);
    let own = if failing == Failing::EveryLayer { failure } else { 0.0 };
    let mut below = failure;
    (0..layers).map(move |_| {
        let layer = Layer {
            attempts: (1.0 - own) * expected_attempts(attempts, below),
            failure: own + (1.0 - own) * libm::pow(below, f64::from(attempts)),
        };
        below = layer.failure;
        layer
    })
}

/// Calls that reach the bottom for one request, on average.
pub fn bottom_calls(layers: u32, retries: u32, failure: f64, failing: Failing) -> f64 {
    chain(layers, retries, failure, failing).map(|layer| layer.attempts).product()
}

/// The probability that the request fails.
pub fn user_failure(layers: u32, retries: u32, failure: f64, failing: Failing) -> f64 {
    chain(layers, retries, failure, failing).last().map_or(failure, |top| top.failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_that_interviews_ask_for() {
        assert_eq!(worst_case(3, 3), 64);
        assert_eq!(worst_case(5, 3), 1024);
        assert_eq!(worst_case(5, 2), 243);
        assert_eq!(worst_case(3, 2), 27);
        assert_eq!(worst_case(0, 3), 1);
        assert_eq!(worst_case(64, u32::MAX), u64::MAX);
    }

    #[test]
    fn three_attempts_add_as_much_as_the_first_two_fail() {
        for (p, load) in [(0.0, 1.0), (0.1, 1.11), (0.5, 1.75), (0.9, 2.71), (1.0, 3.0)] {
            assert!((expected_attempts(3, p) - load).abs() < 1e-12, "{p}");
        }
    }

    /// 24 a second with four attempts are 96 of 100; 26 are 104.
    #[test]
    fn a_storm_lasts_if_all_attempts_together_exceed_the_capacity() {
        assert!(!sustains_itself(24.0, 3, 100.0));
        assert!(sustains_itself(26.0, 3, 100.0));
        assert!(sustains_itself(70.0, 1, 100.0));
        assert!(!sustains_itself(70.0, 0, 100.0));
    }

    /// A chain in which only the bottom fails is one caller with all the attempts.
    #[test]
    fn a_chain_is_as_good_as_one_caller_with_all_its_attempts() {
        for p in [0.1, 0.5, 0.9, 1.0] {
            let chain = bottom_calls(3, 3, p, Failing::BottomOnly);
            assert!((chain / expected_attempts(64, p) - 1.0).abs() < 1e-12, "{p}");
        }
        assert!((user_failure(0, 3, 0.3, Failing::EveryLayer) - 0.3).abs() < 1e-12);
    }
}
