//! The retry budget of Finagle (`RetryBudget.scala` at commit 4feb34c), a bucket whose tokens expire, and what that stands on:
//! `TokenBucket.newLeakyBucket` and `WindowedAdder` of twitter/util (at commit 1bdeab5).
//!
//! It differs from [`RatioBudget`](super::RatioBudget) in two ways. A deposit is worth something for about ten seconds only, so
//! calm hours save nothing up for the storm. And there is a reserve, so that a client with few requests can retry at all: by
//! default ten retries a second, whatever fails. A withdrawal expires as a deposit does: this is how the reserve comes back.

use crate::engine::time::{Span, Time};

/// The settings, with Finagle's defaults.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config {
    /// `ttl`: how long a deposit, or a withdrawal, counts. 1 to 60 s, in whole milliseconds. Default 10 s.
    pub ttl: Span,
    /// `minRetriesPerSec`: the reserve. Default 10.
    pub min_retries_per_sec: u32,
    /// `percentCanRetry`: retries for each request, 0 to 1000; a share, whatever its name says. Default 0.2.
    pub percent_can_retry: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { ttl: Span::from_secs(10), min_retries_per_sec: 10, percent_can_retry: 0.2 }
    }
}

/// The budget that all calls of a client share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetryBudget {
    adder: WindowedAdder,
    reserve: i64,
    deposit: i64,
    withdrawal: i64,
}

impl RetryBudget {
    /// A budget that holds its reserve only.
    #[expect(clippy::cast_possible_truncation, reason = "Scala's toInt; float casts saturate")]
    pub fn new(config: Config, now: Time) -> Self {
        let ttl = config.ttl.clamp(Span::from_secs(1), Span::from_secs(60));
        let ratio = config.percent_can_retry.clamp(0.0, 1000.0);
        // Without deposits everything costs 1, and the reserve is all there is.
        let (deposit, withdrawal) = if ratio > 0.0 { (1000, (1000.0 / ratio) as i64) } else { (0, 1) };
        let seconds = i64::try_from(ttl.millis() / 1000).unwrap_or(60);
        Self {
            adder: WindowedAdder::new(ttl.millis(), now),
            reserve: i64::from(config.min_retries_per_sec) * seconds * withdrawal,
            deposit,
            withdrawal,
        }
    }

    /// A request was made for the first time.
    pub fn deposit(&mut self, now: Time) {
        self.adder.add(self.deposit, now);
    }

    /// Pays for one retry; `false`, and nothing taken, if there is not enough.
    pub fn try_withdraw(&mut self, now: Time) -> bool {
        let enough = self.count(now) >= self.withdrawal;
        if enough {
            self.adder.add(-self.withdrawal, now);
        }
        enough
    }

    /// How many retries could be made now.
    pub fn balance(&mut self, now: Time) -> i64 {
        self.count(now) / self.withdrawal
    }

    fn count(&mut self, now: Time) -> i64 {
        self.adder.sum(now) + self.reserve
    }
}

/// A sum over the last while, in ten slices, the one now written to included. A slice begins when somebody looks after the one
/// before has ended, so slices are not aligned to anything.
#[derive(Clone, PartialEq, Eq, Debug)]
struct WindowedAdder {
    /// How long a slice is, in milliseconds.
    slice: u64,
    writer: i64,
    past: [i64; 9],
    next: usize,
    /// When the current slice began, in milliseconds.
    since: u64,
}

impl WindowedAdder {
    fn new(range: u64, now: Time) -> Self {
        Self { slice: range / 10, writer: 0, past: [0; 9], next: 0, since: now.millis() }
    }

    fn add(&mut self, amount: i64, now: Time) {
        self.expire(now.millis());
        self.writer += amount;
    }

    fn sum(&mut self, now: Time) -> i64 {
        self.expire(now.millis());
        self.writer + self.past.iter().sum::<i64>()
    }

    fn expire(&mut self, now: u64) {
        let slices = now.saturating_sub(self.since) / self.slice;
        if slices == 0 {
            return;
        }
        let places = self.past.len();
        self.past[self.next] = std::mem::take(&mut self.writer);
        self.next = (self.next + 1) % places;
        // Slices in which nobody looked were empty.
        for _ in 1..slices.min(1 + places as u64) {
            self.past[self.next] = 0;
            self.next = (self.next + 1) % places;
        }
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deposits of 1000, withdrawals of 5000, and a reserve of a hundred retries for ten seconds.
    #[test]
    fn the_reserve_is_a_hundred_retries_and_five_requests_add_one() {
        let mut budget = RetryBudget::new(Config::default(), Time::ZERO);
        assert_eq!(budget.balance(Time::ZERO), 100);
        (0..5).for_each(|_| budget.deposit(Time::ZERO));
        assert_eq!((0..500).filter(|_| budget.try_withdraw(Time::ZERO)).count(), 101);
    }

    #[test]
    fn what_was_saved_and_what_was_spent_are_forgotten_after_ten_seconds() {
        let mut budget = RetryBudget::new(Config::default(), Time::ZERO);
        (0..1000).for_each(|_| budget.deposit(Time::ZERO));
        assert_eq!(budget.balance(Time::from_millis(9999)), 300);
        assert_eq!(budget.balance(Time::from_secs(10)), 300, "the slice of the deposits ended a moment ago");
        let late = Time::from_secs(20);
        assert_eq!(budget.balance(late), 100);
        assert_eq!((0..500).filter(|_| budget.try_withdraw(late)).count(), 100);
        assert_eq!(budget.balance(late + Span::from_secs(5)), 0);
        assert_eq!(budget.balance(late + Span::from_secs(30)), 100);
    }

    /// 100 requests a second, all of which fail and want three retries each: a fifth of them and ten a second more.
    #[test]
    fn a_storm_gets_a_fifth_and_the_reserve() {
        let mut budget = RetryBudget::new(Config::default(), Time::ZERO);
        let mut retries = 0;
        for i in 0..30_000_u64 {
            let now = Time::from_millis(i * 10);
            budget.deposit(now);
            retries += (0..3).take_while(|_| budget.try_withdraw(now)).count();
        }
        let per_second = retries as f64 / 300.0;
        assert!((29.0..=31.0).contains(&per_second), "{per_second}");
    }

    #[test]
    fn without_a_share_only_the_reserve_is_left() {
        let config = Config { percent_can_retry: 0.0, ..Config::default() };
        let mut budget = RetryBudget::new(config, Time::ZERO);
        (0..1000).for_each(|_| budget.deposit(Time::ZERO));
        assert_eq!(budget.balance(Time::ZERO), 100);
    }
}
