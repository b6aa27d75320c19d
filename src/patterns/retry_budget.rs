//! A retry budget: each first attempt earns a part of a retry, and a retry is paid for before it is made.
//!
//! The idea is the retry budget of a client in Google's *Site Reliability Engineering*, chapter 21 (retry only while retries
//! are below a tenth of the requests), written as a bucket of tokens. It bounds what retries add to the load, whatever the
//! failure rate: over a long time at most `ratio` of the first attempts. Backoff alone does not do that.
//!
//! Budgets of real clients: [`finagle`], [`grpc`](super::retry::grpc::Throttle),
//! [`aws`](super::retry::aws::RetryQuota), [`envoy`](super::retry::envoy::Limit).

pub mod finagle;

/// One bucket of tokens that starts full. Jobs fill it, retries empty it, time does nothing: there is no minimum rate.
///
/// Tokens are counted in millionths, so ten deposits of a tenth are exactly one retry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RatioBudget {
    ratio: u64,
    burst: u64,
    tokens: u64,
}

/// What one retry costs, in millionths of a token.
const TOKEN: u64 = 1_000_000;

impl RatioBudget {
    /// A full budget. Each job adds `ratio` of a retry (0.1: ten jobs pay for one; negative and NaN give 0), and at most `burst`
    /// retries can be saved.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
    pub fn new(ratio: f64, burst: u32) -> Self {
        let burst = u64::from(burst) * TOKEN;
        Self { ratio: (ratio * TOKEN as f64 + 0.5) as u64, burst, tokens: burst }
    }

    /// A job arrived; call it before its first attempt.
    pub fn deposit(&mut self) {
        self.tokens = self.tokens.saturating_add(self.ratio).min(self.burst);
    }

    /// Takes one retry out of the budget, at the failure and before any backoff; `false`, and nothing taken, if less than one
    /// is left. Then the job has failed for good.
    pub fn try_spend(&mut self) -> bool {
        let left = self.tokens.checked_sub(TOKEN);
        self.tokens = left.unwrap_or(self.tokens);
        left.is_some()
    }

    /// How many retries are left, with the part of one that was earned since.
    pub fn tokens(&self) -> f64 {
        self.tokens as f64 / TOKEN as f64
    }

    /// How many retries the budget can hold.
    pub fn burst(&self) -> f64 {
        self.burst as f64 / TOKEN as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_budget_pays_for_its_burst_then_for_every_tenth_job() {
        let mut budget = RatioBudget::new(0.1, 10);
        budget.deposit();
        assert!((budget.tokens() - 10.0).abs() < 1e-9, "no more than the burst is saved");
        assert_eq!((0..20).filter(|_| budget.try_spend()).count(), 10);
        for _ in 0..9 {
            budget.deposit();
            assert!(!budget.try_spend());
        }
        budget.deposit();
        assert!(budget.try_spend(), "ten tenths are one");
        assert!(!budget.try_spend());
    }

    /// While everything fails, with three retries wished for each job, a tenth of a retry is made.
    #[test]
    fn retries_stay_below_their_share_whatever_fails() {
        let mut budget = RatioBudget::new(0.1, 10);
        let mut retries = 0;
        for _ in 0..10_000 {
            budget.deposit();
            retries += (0..3).take_while(|_| budget.try_spend()).count();
        }
        // The first deposit is lost: the bucket was full.
        assert_eq!(retries, 10 + 999);
    }

    #[test]
    fn a_ratio_that_makes_no_sense_earns_nothing() {
        for ratio in [0.0, -1.0, f64::NAN] {
            let mut budget = RatioBudget::new(ratio, 1);
            assert!(budget.try_spend());
            (0..100).for_each(|_| budget.deposit());
            assert!(!budget.try_spend(), "{ratio}");
        }
    }
}
