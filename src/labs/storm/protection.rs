//! What keeps clients from sending: retry budgets and quotas, their own throttle, the breaker before the server.

use super::config::Config;
use super::{BREAKER_TIMER, Event, Fact, Storm, TaskKey};
use crate::engine::random::Draw;
use crate::engine::time::Time;
use crate::engine::world::Context;
use crate::patterns::adaptive_throttle::{self, AdaptiveThrottle};
use crate::patterns::breaker::{Breaker, Outcome, Permit};
use crate::patterns::retry::aws::{self, RetryQuota, StandardMode};
use crate::patterns::retry::grpc::Throttle;
use crate::patterns::retry_budget::RatioBudget;

/// All that stands between a client and its next attempt; the clients share it as if they were one process.
#[derive(Clone, Debug)]
pub(super) struct Protection {
    /// One for each layer.
    pub budgets: Vec<RatioBudget>,
    quota: Quota,
    throttle: Option<AdaptiveThrottle>,
    pub breaker: Breaker,
    /// The number of the breaker's transition that was told last.
    told: u32,
}

/// A limit on retries as a real client has it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Quota {
    None,
    /// Ten tokens; a success gives a tenth back (the example of gRFC A6).
    Grpc(Throttle),
    /// 500 tokens; a retry costs 5, after a timeout 10.
    Aws(RetryQuota),
}

impl Protection {
    pub fn new(config: &Config, now: Time) -> Self {
        Self {
            budgets: vec![RatioBudget::new(config.budget, config.budget_burst); usize::from(config.tiers)],
            quota: match config.quota {
                "grpc" => Quota::Grpc(Throttle::new(10, 0.1)),
                "aws" => Quota::Aws(RetryQuota::default()),
                _ => Quota::None,
            },
            throttle: config.throttle.then(|| AdaptiveThrottle::new(adaptive_throttle::Config::default())),
            breaker: config.build_breaker(now),
            told: 0,
        }
    }

    pub fn bytes(&self) -> usize {
        self.budgets.len() * size_of::<RatioBudget>()
            + self.breaker.bytes()
            + self.throttle.as_ref().map_or(0, AdaptiveThrottle::bytes)
    }

    /// Whether the client's own throttle lets an attempt out.
    pub fn lets_out(&mut self, now: Time, draw: Draw) -> bool {
        self.throttle.as_mut().is_none_or(|throttle| throttle.try_acquire(now, draw))
    }

    /// The server took an attempt and answered it.
    pub fn accepted(&mut self, now: Time) {
        if let Some(throttle) = &mut self.throttle {
            throttle.on_accepted(now);
        }
    }

    /// An attempt has failed.
    pub fn failed(&mut self) {
        if let Quota::Grpc(throttle) = &mut self.quota {
            throttle.on_failure();
        }
    }

    /// Pays for a retry, after a timeout or another failure: what it cost, or none if there is not enough.
    pub fn pay(&mut self, level: u8, timed_out: bool, config: &Config) -> Option<u8> {
        if config.budget > 0.0 && !self.budgets[usize::from(level)].try_spend() {
            return None;
        }
        match &mut self.quota {
            _ if level > 0 => Some(0),
            Quota::None => Some(0),
            Quota::Grpc(throttle) => throttle.allows().then_some(0),
            Quota::Aws(quota) => {
                let cost = StandardMode::cost(if timed_out {
                    aws::Failure::Timeout
                } else {
                    aws::Failure::Transient
                });
                quota.acquire(cost).then_some(cost as u8)
            }
        }
    }

    /// A request has succeeded; its last retry cost this much, 0 if there was none.
    pub fn succeeded(&mut self, paid: u8) {
        match &mut self.quota {
            Quota::None => {}
            Quota::Grpc(throttle) => throttle.on_success(),
            Quota::Aws(quota) => quota.release(u32::from(paid).max(1)),
        }
    }

    /// What a limit on retries holds: retries of the budget, or the tokens of a quota.
    pub fn tokens(&self, config: &Config) -> f64 {
        match (&self.quota, self.budgets.first()) {
            (Quota::Grpc(throttle), _) => throttle.tokens(),
            (Quota::Aws(quota), _) => quota.available().into(),
            (Quota::None, Some(budget)) if config.budget > 0.0 => budget.tokens(),
            (Quota::None, _) => f64::NAN,
        }
    }
}

impl Storm {
    /// What was turned is set up anew, and full; the rest stays as it is.
    pub(super) fn renew_protection(&mut self, before: &Config, now: Time) {
        let (old, config) = (&mut self.protection, &self.config);
        let new = Protection::new(config, now);
        #[expect(clippy::float_cmp, reason = "both come from the same knob")]
        if before.budget != config.budget || before.budget_burst != config.budget_burst {
            old.budgets = new.budgets;
        }
        if before.quota != config.quota {
            old.quota = new.quota;
        }
        if before.throttle != config.throttle {
            old.throttle = new.throttle;
        }
        if before.breaker != config.breaker {
            old.breaker = new.breaker;
            old.told = 0;
        }
    }

    /// Whether the breaker lets this attempt through.
    pub(super) fn ask_breaker(&mut self, key: TaskKey, cx: &mut Context<'_, Self>) -> bool {
        if matches!(self.protection.breaker, Breaker::None) {
            return true;
        }
        let permit = self.protection.breaker.try_acquire(cx.now());
        self.tasks[key].permit = permit.ok();
        self.note_breaker(cx);
        permit.is_ok()
    }

    /// Tells the breaker how the attempt that is out ended.
    pub(super) fn tell_breaker(&mut self, key: TaskKey, outcome: Outcome, cx: &mut Context<'_, Self>) {
        let Some(task) = self.tasks.get_mut(key) else { return };
        let took = cx.now().since(task.asked);
        let permit: Option<Permit> = task.permit.take();
        if let Some(permit) = permit {
            self.protection.breaker.on_result(cx.now(), permit, outcome, took);
            self.note_breaker(cx);
        }
    }

    pub(super) fn breaker_timer(&mut self, cx: &mut Context<'_, Self>) {
        self.protection.breaker.poll_timer(cx.now());
        self.note_breaker(cx);
    }

    /// Tells of a change of the breaker, and sets its timer.
    fn note_breaker(&mut self, cx: &mut Context<'_, Self>) {
        let breaker = &self.protection.breaker;
        let next = breaker.next_timer();
        if let Some(last) = breaker.last_transition().filter(|last| last.number != self.protection.told) {
            self.protection.told = last.number;
            cx.report(Fact::Breaker(last.from, last.to));
        }
        match next {
            Some(at) => cx.set_timer(BREAKER_TIMER, at, Event::BreakerTimer),
            None => cx.cancel_timer(BREAKER_TIMER),
        }
    }
}
