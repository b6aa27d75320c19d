//! Standard mode of the AWS SDKs, as in botocore 1.43.11 (`botocore/retries/standard.py`, `quota.py`).
//!
//! Two things together: full jitter in seconds, and a quota that all calls of one client share. An empty quota fails the
//! retry at once; it does not wait. The quota bounds how long a client goes on retrying into an outage: 500 units are 100
//! ordinary retries or 50 after timeouts, then one retry for every five calls that succeed at once.
//!
//! [`StandardMode`] is what runs by default where standard mode is on; [`StandardMode2026`] is behind
//! `AWS_NEW_RETRIES_2026=true` there. (botocore's own default is still the legacy mode, with 5 attempts and no quota.)

use crate::engine::random::Draw;
use crate::engine::time::Span;
use crate::patterns::backoff::scaled;

/// What an attempt failed of, as far as standard mode tells it apart. All of these are retried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// A status 500, 502, 503 or 504, or a connection that broke.
    Transient,
    /// The connection or the answer timed out.
    Timeout,
    /// The service throttled the client.
    Throttling,
}

/// `RetryQuota`: one bucket for all calls of a client, which starts full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RetryQuota {
    max: u32,
    available: u32,
}

impl Default for RetryQuota {
    fn default() -> Self {
        Self::new(500)
    }
}

impl RetryQuota {
    /// A full quota of `capacity` units. The default is 500.
    pub const fn new(capacity: u32) -> Self {
        Self { max: capacity, available: capacity }
    }

    /// Takes `amount`, or nothing and `false` if there is less.
    pub fn acquire(&mut self, amount: u32) -> bool {
        let left = self.available.checked_sub(amount);
        self.available = left.unwrap_or(self.available);
        left.is_some()
    }

    /// Gives `amount` back, up to the capacity.
    pub fn release(&mut self, amount: u32) {
        self.available = self.available.saturating_add(amount).min(self.max);
    }

    /// What is left.
    pub fn available(&self) -> u32 {
        self.available
    }
}

/// One call: what its latest retry cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Call {
    acquired: Option<u32>,
}

/// What a success gives back: what the last retry of that call cost, or 1 if it had none. A call that fails for good gives
/// nothing back.
fn refund(quota: &mut RetryQuota, call: Call) {
    quota.release(call.acquired.unwrap_or(1));
}

/// U(0, min(scale × 2^(failed − 1), max)).
fn jittered(scale: Span, failed: u32, max: Span, draw: Draw) -> Span {
    let longest = scaled(scale, libm::pow(2.0, f64::from(failed.saturating_sub(1)))).min(max);
    scaled(longest, draw.unit())
}

/// Standard mode so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StandardMode {
    /// `max_attempts`, the first call included. Default 3.
    pub max_attempts: u32,
    /// `max_backoff`. Default 20 s.
    pub max_backoff: Span,
    /// Shared by all calls of the client.
    pub quota: RetryQuota,
}

impl Default for StandardMode {
    fn default() -> Self {
        Self { max_attempts: 3, max_backoff: Span::from_secs(20), quota: RetryQuota::default() }
    }
}

impl StandardMode {
    /// What one retry costs: 10 after a timeout, else 5, after throttling too.
    pub const fn cost(failure: Failure) -> u32 {
        match failure {
            Failure::Timeout => 10,
            Failure::Transient | Failure::Throttling => 5,
        }
    }

    /// Attempt `failed` (from 1) of `call` has failed: the wait before the next one, or `None` if the failure is final. The last
    /// attempt costs nothing.
    pub fn on_failure(&mut self, call: &mut Call, failed: u32, failure: Failure, draw: Draw) -> Option<Span> {
        let cost = Self::cost(failure);
        if failed >= self.max_attempts || !self.quota.acquire(cost) {
            return None;
        }
        call.acquired = Some(cost);
        Some(jittered(Span::from_secs(1), failed, self.max_backoff, draw))
    }

    /// The call has succeeded.
    pub fn on_success(&mut self, call: Call) {
        refund(&mut self.quota, call);
    }
}

/// Standard mode with `AWS_NEW_RETRIES_2026=true`: shorter waits unless throttled, and dearer retries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StandardMode2026 {
    /// `max_attempts`, the first call included. Default 3 (4 for `DynamoDB`).
    pub max_attempts: u32,
    /// What the waits grow from, unless throttled. Default 50 ms (25 ms for `DynamoDB`); after throttling it is 1 s.
    pub scale: Span,
    /// `max_backoff`. Default 20 s.
    pub max_backoff: Span,
    /// Shared by all calls of the client.
    pub quota: RetryQuota,
}

impl Default for StandardMode2026 {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            scale: Span::from_millis(50),
            max_backoff: Span::from_secs(20),
            quota: RetryQuota::default(),
        }
    }
}

impl StandardMode2026 {
    /// The defaults for `DynamoDB`.
    pub fn for_dynamodb() -> Self {
        Self { max_attempts: 4, scale: Span::from_millis(25), ..Self::default() }
    }

    /// What one retry costs: 5 after throttling, else 14, after a timeout too.
    pub const fn cost(failure: Failure) -> u32 {
        match failure {
            Failure::Throttling => 5,
            Failure::Transient | Failure::Timeout => 14,
        }
    }

    /// Attempt `failed` (from 1) of `call` has failed: the wait before the next one, or `None` if the failure is final.
    /// `retry_after` is what the service asked for in `x-amz-retry-after`: it is waited for, but at most 5 s longer than
    /// without it.
    pub fn on_failure(
        &mut self,
        call: &mut Call,
        failed: u32,
        failure: Failure,
        retry_after: Option<Span>,
        draw: Draw,
    ) -> Option<Span> {
        let cost = Self::cost(failure);
        if failed >= self.max_attempts || !self.quota.acquire(cost) {
            return None;
        }
        call.acquired = Some(cost);
        let scale = if failure == Failure::Throttling { Span::from_secs(1) } else { self.scale };
        let own = jittered(scale, failed, self.max_backoff, draw);
        Some(retry_after.map_or(own, |asked| own.max(asked.min(own + Span::from_secs(5)))))
    }

    /// The call has succeeded.
    pub fn on_success(&mut self, call: Call) {
        refund(&mut self.quota, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn draw(n: u64) -> Draw {
        Random::new(1).stream("aws").draw(n, 0)
    }

    /// The longest of many waits, in milliseconds, and their mean.
    fn spread(wait: impl Fn(Draw) -> Option<Span>) -> (f64, f64) {
        let waits = (0..4000).map(|n| wait(draw(n)).unwrap().secs() * 1000.0).collect::<Vec<_>>();
        let longest = waits.iter().copied().fold(0.0, f64::max);
        (longest, waits.iter().sum::<f64>() / waits.len() as f64)
    }

    #[test]
    fn the_first_wait_is_up_to_a_second_and_the_cap_is_twenty() {
        for (failed, longest) in [(1, 1000.0), (2, 2000.0), (5, 16_000.0), (6, 20_000.0), (30, 20_000.0)] {
            let (max, mean) = spread(|draw| {
                let mut mode = StandardMode { max_attempts: 99, ..StandardMode::default() };
                mode.on_failure(&mut Call::default(), failed, Failure::Transient, draw)
            });
            assert!(max <= longest && max > longest * 0.99, "{failed}: {max}");
            assert!((mean / longest - 0.5).abs() < 0.02, "{failed}: {mean}");
        }
    }

    #[test]
    fn a_full_quota_buys_a_hundred_retries_or_fifty_after_timeouts() {
        for (failure, retries) in
            [(Failure::Transient, 100), (Failure::Timeout, 50), (Failure::Throttling, 100)]
        {
            let mut mode = StandardMode::default();
            let bought = (0..500)
                .filter(|_| mode.on_failure(&mut Call::default(), 1, failure, draw(0)).is_some())
                .count();
            assert_eq!(bought, retries, "{failure:?}");
        }
        for (failure, retries) in
            [(Failure::Transient, 35), (Failure::Timeout, 35), (Failure::Throttling, 100)]
        {
            let mut mode = StandardMode2026::default();
            let bought = (0..500)
                .filter(|_| mode.on_failure(&mut Call::default(), 1, failure, None, draw(0)).is_some())
                .count();
            assert_eq!(bought, retries, "{failure:?}");
        }
    }

    #[test]
    fn a_success_gives_back_what_its_last_retry_cost_and_a_failure_nothing() {
        let mut mode = StandardMode::default();
        let mut call = Call::default();
        assert!(mode.on_failure(&mut call, 1, Failure::Timeout, draw(0)).is_some());
        assert!(mode.on_failure(&mut call, 2, Failure::Transient, draw(0)).is_some());
        assert_eq!(mode.quota.available(), 485);
        assert_eq!(mode.on_failure(&mut call, 3, Failure::Transient, draw(0)), None);
        assert_eq!(mode.quota.available(), 485, "there was no third retry to pay for");
        mode.on_success(call);
        assert_eq!(mode.quota.available(), 490, "the timeout is lost");
        mode.on_success(Call::default());
        assert_eq!(mode.quota.available(), 491);
        (0..20).for_each(|_| mode.on_success(Call::default()));
        assert_eq!(mode.quota.available(), 500);
    }

    #[test]
    fn the_new_mode_waits_less_unless_throttled() {
        let wait = |mode: StandardMode2026, failure, asked| {
            spread(move |draw| {
                let mut mode = mode;
                mode.on_failure(&mut Call::default(), 1, failure, asked, draw)
            })
            .0
        };
        let mode = StandardMode2026::default();
        assert!((wait(mode, Failure::Transient, None) - 50.0).abs() < 0.5);
        assert!((wait(mode, Failure::Throttling, None) - 1000.0).abs() < 5.0);
        assert!((wait(StandardMode2026::for_dynamodb(), Failure::Timeout, None) - 25.0).abs() < 0.5);
        // Asked to wait for 2 s it does; asked for a minute, it adds 5 s to its own wait.
        assert!((wait(mode, Failure::Transient, Some(Span::from_secs(2))) - 2000.0).abs() < 0.01);
        assert!((wait(mode, Failure::Transient, Some(Span::from_secs(60))) - 5050.0).abs() < 0.5);
    }
}
