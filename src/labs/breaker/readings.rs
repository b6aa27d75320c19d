//! What can be read off the lab `breaker`.

use super::config::Scope;
use super::{Caller, Request, RequestKey, Shop};
use crate::engine::time::Time;
use crate::labs::fault::Fault;
use crate::labs::faults::told_bytes;
use crate::labs::reading::Row;
use crate::patterns::breaker::{Breaker, Reading, State};

/// The word for a breaker's state.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Closed => "closed",
        State::Open => "open",
        State::HalfOpen => "half-open",
        State::Disabled => "disabled",
        State::ForcedOpen => "forced-open",
        State::MetricsOnly => "metrics-only",
    }
}

/// Callers that have readings of their own, by index and names.
const NAMED: [[&str; 4]; 5] = [
    ["breaker.A", "fail_rate.A", "slow_rate.A", "buffered.A"],
    ["breaker.B", "fail_rate.B", "slow_rate.B", "buffered.B"],
    ["breaker.C", "fail_rate.C", "slow_rate.C", "buffered.C"],
    ["breaker.D", "fail_rate.D", "slow_rate.D", "buffered.D"],
    ["breaker.E", "fail_rate.E", "slow_rate.E", "buffered.E"],
];

impl Shop {
    /// Bytes that a copy holds outside of itself.
    pub(super) fn held_bytes(&self) -> usize {
        let caller = |caller: &Caller| size_of::<Caller>() + caller.queue.len() * size_of::<RequestKey>();
        let counted = |(fault, _): &(Fault, u64)| size_of::<(Fault, u64)>() + fault.target.len();
        self.knobs.bytes()
            + self.callers.iter().map(caller).sum::<usize>()
            + self.requests.capacity() * (size_of::<Request>() + size_of::<u64>())
            + self.payments.bytes()
            + self.guards.bytes()
            + self.faults.bytes()
            + told_bytes(&self.told)
            + self.tuned.iter().map(|text| size_of::<String>() + text.len()).sum::<usize>()
            + self.counted.iter().map(counted).sum::<usize>()
            + self.thoughts.len() * size_of::<u64>()
            + self.latencies.bytes()
    }

    pub(super) fn read_levels(&self, now: Time, row: &mut Row) {
        let sum = |of: fn(&super::Caller) -> usize| self.callers.iter().map(of).sum::<usize>() as u64;
        row.count("order_blocked", sum(|caller| caller.blocked));
        row.count("order_busy", sum(|caller| caller.busy));
        row.count("gateway_busy", self.gateway_busy as u64);
        row.count("payments_busy", self.payments.busy() as u64);
        self.read_totals(row);
        self.read_breakers(now, row);
        row.count("callers_full", self.callers.iter().filter(|caller| caller.full).count() as u64);
        row.count("threads_waiting_retry", sum(|caller| caller.sleeping));
        let t = &self.totals;
        row.count("attempts", t.attempts);
        row.count("retries_made", t.retries_made);
        row.count("timeouts", t.timeouts);
        row.count("refused_full", t.refused_full);
    }

    fn read_totals(&self, row: &mut Row) {
        let t = &self.totals;
        for (name, total) in [
            ("requests", t.requests),
            ("ok", t.browse_ok + t.pay_ok),
            ("browse_ok", t.browse_ok),
            ("pay_ok", t.pay_ok),
            ("slow_err", t.slow_err),
            ("fast_err", t.fast_err),
            ("fallback", t.fallback),
            ("bad_requests", t.bad_requests),
            ("rejected", t.rejected),
            ("wrongly_rejected", t.wrongly_rejected),
            ("payments_calls", t.payments_calls),
        ] {
            row.count(name, total);
        }
        let of_guards = &self.guards.tally;
        row.count("half_open_admitted", of_guards.half_open_admitted);
        row.count("opens", of_guards.opens);
        row.count("closes", of_guards.closes);
        row.count("probe_peak", of_guards.probe_peak);
        let open = self.guards.list.iter().filter(|guard| guard.breaker.state() == State::Open).count();
        row.count("open_breakers", open as u64);
        row.moment("first_open_s", of_guards.first_open);
        row.moment("first_half_open_s", of_guards.first_half_open);
        row.moment("first_close_s", of_guards.first_close);
        row.moment("first_rejected_s", t.first_rejected);
        row.moment("order_full_s", t.order_full);
        row.moment("gateway_full_s", t.gateway_full);
    }

    fn read_breakers(&self, now: Time, row: &mut Row) {
        let all: Vec<usize> = (0..self.guards.list.len()).collect();
        row.state("breaker", self.worst(&all));
        for (caller, [state, failed, slow, buffered]) in
            NAMED.into_iter().enumerate().take(self.callers.len())
        {
            row.state(state, self.worst(&self.breakers_of(caller)));
            if let Some(reading) = self.reading_of(caller, now) {
                let share = |rate: Option<f32>| rate.map_or(f64::NAN, |percent| f64::from(percent) / 100.0);
                row.put(failed, share(reading.failure_rate));
                row.put(slow, share(reading.slow_rate));
                row.count(buffered, reading.counts.calls.into());
            }
        }
        if let Some(reading) = self.reading_of(0, now) {
            let wait = reading.open_until.map_or(f64::NAN, |until| until.since(now).secs());
            row.put("open_wait_s.A", wait);
            row.put("permits_left.A", reading.permits_left.map_or(f64::NAN, f64::from));
            row.count("minimum.A", reading.minimum.into());
        }
    }

    /// The numbers of the breakers that calls of `caller` pass.
    pub(super) fn breakers_of(&self, caller: usize) -> Vec<usize> {
        match self.config.scope {
            Scope::PerShard => {
                (0..self.config.shards).map(|shard| self.config.breaker_of(caller, shard)).collect()
            }
            Scope::PerCaller | Scope::Shared => vec![self.config.breaker_of(caller, 0)],
        }
    }

    /// What the breaker of `caller` shows; the one of the first shard that is not closed, if there is one for each.
    pub(super) fn reading_of(&self, caller: usize, now: Time) -> Option<Reading> {
        let numbers = self.breakers_of(caller);
        let of = |number: &usize| self.guards.list.get(*number).map(|guard| &guard.breaker);
        let chosen =
            numbers.iter().find(|n| of(n).is_some_and(|b| b.state() != State::Closed)).or(numbers.first());
        of(chosen?)?.reading(now)
    }

    /// The worst state among these breakers.
    pub(super) fn worst(&self, numbers: &[usize]) -> &'static str {
        let badness = |state: State| match state {
            State::Open | State::ForcedOpen => 2,
            State::HalfOpen => 1,
            State::Closed | State::Disabled | State::MetricsOnly => 0,
        };
        let breakers =
            numbers.iter().filter_map(|number| self.guards.list.get(*number)).map(|guard| &guard.breaker);
        let existing = breakers.filter(|breaker| !matches!(breaker, Breaker::None)).map(Breaker::state);
        existing.max_by_key(|state| badness(*state)).map_or("none", state_word)
    }
}
