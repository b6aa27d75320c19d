//! Hedged calls: a second copy before the first has failed, as in gRPC's proposal A6 (grpc/proposal at commit 1fd061a,
//! `A6-client-retries.md`, hedging policy).
//!
//! Dean and Barroso (*The Tail at Scale*, CACM 2013) propose to hedge after the 95th percentile of the latency, which costs about
//! 5 % more requests. That holds while latency is a matter of luck. Under overload everything is slower than its 95th
//! percentile, each call is sent several times, and hedging is a retry storm without a failure: so it shares the throttle of
//! the retries, and is for calls that may be executed more than once.

use crate::engine::time::{Span, Time};
use crate::patterns::retry::grpc::{MAX_ATTEMPTS, Pushback, Throttle};

/// `hedgingPolicy` of a service config. There are no defaults in gRPC; those here are the example of the proposal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HedgingPolicy {
    /// `maxAttempts`, the first copy included; more than 5 act as 5.
    pub max_attempts: u32,
    /// `hedgingDelay`: how long to wait for an answer before the next copy. Zero sends all copies at once.
    pub hedging_delay: Span,
}

impl Default for HedgingPolicy {
    fn default() -> Self {
        Self { max_attempts: 4, hedging_delay: Span::from_millis(500) }
    }
}

/// What to do after a copy has failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// Wait: for the copies that are out, or for [`HedgedCall::next_timer`].
    Wait,
    /// Send another copy now; it is counted as sent.
    Send,
    /// The failure goes to the application: no copy is out and none will follow.
    Fail,
}

/// One call and its copies. The first good answer, or the first fatal failure, ends it: forget it and cancel the other copies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HedgedCall {
    policy: HedgingPolicy,
    sent: u32,
    out: u32,
    /// When the next copy is due; `None` once no more will be sent.
    next: Option<Time>,
}

impl HedgedCall {
    /// A call whose first copy is sent at `now`.
    pub fn new(policy: HedgingPolicy, now: Time) -> Self {
        let mut call = Self { policy, sent: 0, out: 0, next: None };
        call.count(now);
        call
    }

    /// A copy was sent at `now`; the next one is due a delay later.
    fn count(&mut self, now: Time) {
        self.sent += 1;
        self.out += 1;
        self.next = self.more().then(|| now + self.policy.hedging_delay);
    }

    fn more(&self) -> bool {
        self.sent < self.policy.max_attempts.min(MAX_ATTEMPTS)
    }

    /// When the next copy is due, if ever.
    pub fn next_timer(&self) -> Option<Time> {
        self.next
    }

    /// Whether to send another copy at `now`; if so, it is counted as sent. A copy that the throttle forbids is not sent later, and
    /// none follows it.
    pub fn poll_timer(&mut self, now: Time, throttle: Option<&Throttle>) -> bool {
        if self.next.is_none_or(|due| due > now) {
            return false;
        }
        if throttle.is_some_and(|throttle| !throttle.allows()) {
            self.next = None;
            return false;
        }
        self.count(now);
        true
    }

    /// A copy has failed with a status that is not fatal. The next copy goes out at once, without waiting for its delay, unless the
    /// server asked for a wait or for no more copies.
    pub fn on_failure(&mut self, now: Time, throttle: Option<&mut Throttle>, pushback: Pushback) -> Then {
        self.out = self.out.saturating_sub(1);
        let throttled = throttle.is_some_and(|throttle| {
            throttle.on_failure();
            !throttle.allows()
        });
        if throttled || pushback == Pushback::Never {
            self.next = None;
        }
        match (self.next, pushback) {
            (Some(_), Pushback::After(wait)) => {
                self.next = Some(now + wait);
                Then::Wait
            }
            (Some(_), _) => {
                self.count(now);
                Then::Send
            }
            (None, _) if self.out == 0 => Then::Fail,
            (None, _) => Then::Wait,
        }
    }

    /// Copies sent so far.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Copies without an answer.
    pub fn out(&self) -> u32 {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    /// The example of the proposal: one copy out after 1 ms, two after 501, three after 1001, four after 1501.
    #[test]
    fn copies_go_out_a_delay_apart_up_to_the_limit() {
        let mut call = HedgedCall::new(HedgingPolicy::default(), at(0));
        for (now, out) in [(1, 1), (501, 2), (1001, 3), (1501, 4), (60_000, 4)] {
            while let Some(due) = call.next_timer().filter(|due| *due <= at(now)) {
                assert!(call.poll_timer(due, None));
            }
            assert_eq!(call.out(), out, "{now}");
        }
        let mut many = HedgedCall::new(HedgingPolicy { max_attempts: 50, hedging_delay: Span::ZERO }, at(0));
        while many.poll_timer(at(0), None) {}
        assert_eq!(many.sent(), MAX_ATTEMPTS);
    }

    #[test]
    fn a_failure_sends_the_next_copy_at_once_and_the_delay_starts_anew() {
        let mut call = HedgedCall::new(HedgingPolicy::default(), at(0));
        assert_eq!(call.on_failure(at(100), None, Pushback::None), Then::Send);
        assert_eq!(call.next_timer(), Some(at(600)));
        assert_eq!(call.on_failure(at(200), None, Pushback::After(Span::from_secs(2))), Then::Wait);
        assert_eq!(call.next_timer(), Some(at(2200)));
        assert!(call.poll_timer(at(2200), None));
        assert_eq!(call.next_timer(), Some(at(2700)));
        assert_eq!(call.on_failure(at(2300), None, Pushback::Never), Then::Fail);
    }

    #[test]
    fn the_call_fails_with_its_last_copy() {
        let policy = HedgingPolicy { max_attempts: 2, ..HedgingPolicy::default() };
        let mut call = HedgedCall::new(policy, at(0));
        assert!(call.poll_timer(at(500), None));
        assert_eq!(call.on_failure(at(700), None, Pushback::None), Then::Wait);
        assert_eq!(call.on_failure(at(800), None, Pushback::None), Then::Fail);
    }

    #[test]
    fn an_empty_throttle_lets_only_first_copies_through() {
        let mut throttle = Throttle::new(2, 0.1);
        let mut call = HedgedCall::new(HedgingPolicy::default(), at(0));
        assert_eq!(call.on_failure(at(100), Some(&mut throttle), Pushback::None), Then::Fail);
        let mut call = HedgedCall::new(HedgingPolicy::default(), at(200));
        assert!(!call.poll_timer(at(700), Some(&throttle)));
        assert_eq!((call.sent(), call.next_timer()), (1, None));
    }
}
