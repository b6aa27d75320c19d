//! What the lab `retry-storm` measures.

use super::Storm;
use super::spec::PHASES;
use crate::engine::time::{Span, Time};
use crate::labs::reading::Row;
use crate::patterns::breaker::{Breaker, State};

/// How the whole stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    Healthy,
    Disturbed,
    Stuck,
    Recovering,
}

impl Phase {
    pub const fn word(self) -> &'static str {
        PHASES[self as usize]
    }
}

/// The word for the state of a breaker.
pub(super) const fn breaker_word(state: State) -> &'static str {
    match state {
        State::HalfOpen => "half-open",
        State::Open | State::ForcedOpen => "open",
        State::Closed | State::Disabled | State::MetricsOnly => "closed",
    }
}

impl Storm {
    /// Whether first tries times all attempts exceed what the server can do.
    pub(super) fn sustains(&self) -> bool {
        // With closed arrivals who waits does not ask: only retries add up, each after its timeout.
        let config = &self.config;
        let per_s = if config.closed {
            let waits = config.timeout.map_or(f64::INFINITY, Span::secs);
            let cycle = config.think.secs() + waits * f64::from(config.attempts);
            f64::from(config.clients) * config.worst_amplification() / cycle
        } else if config.timeout.is_none() {
            config.wanted()
        } else {
            config.wanted() * config.worst_amplification()
        };
        per_s > config.capacity()
    }

    pub(super) fn state_word(&self) -> &'static str {
        if matches!(self.protection.breaker, Breaker::None) {
            "none"
        } else {
            breaker_word(self.protection.breaker.state())
        }
    }

    /// Attempts for each request that came, since the start.
    pub(super) fn calls_per_request(&self) -> f64 {
        if self.totals.arrivals == 0 {
            f64::NAN
        } else {
            self.totals.attempts as f64 / self.totals.arrivals as f64
        }
    }

    pub(super) fn read_levels(&self, now: Time, row: &mut Row) {
        let (t, server, health) = (&self.totals, &self.server, &self.health);
        let waiting = server.queue.len();
        row.count("waiting", waiting as u64);
        row.count("dead", server.dead as u64);
        row.put("dead_share", if waiting == 0 { 0.0 } else { server.dead as f64 / waiting as f64 });
        row.put("oldest_s", server.queue.oldest().map_or(0.0, |oldest| now.since(oldest.since).secs()));
        row.count("busy", server.busy as u64);
        row.count("in_flight", self.in_flight);
        row.count("sleeping", self.sleeping);
        row.put("budget_tokens", self.protection.tokens(&self.config));
        if !self.race.is_on() {
            row.state("phase", health.phase(self.config.wanted(), now).word());
        }
        row.moment("trigger_ended_s", health.trigger_ended);
        row.moment("recovered_s", health.recovered);
        let recovery = health.recovered.zip(health.trigger_ended);
        row.put("recovery_s", recovery.map_or(f64::NAN, |(at, ended)| at.since(ended).secs()));
        row.moment("completion_s", self.race.completion);
        row.count("calls", t.attempts);
        row.put("calls_per_request", self.calls_per_request());
        row.count("arrivals", t.arrivals);
        row.count("good", t.good);
        row.count("failed", t.failed);
        row.count("denied", t.denied);
        row.count("attempts", t.attempts);
        row.count("retries_made", t.retries);
        row.count("timeouts", t.timeouts);
        row.count("rejected", t.rejected);
        row.count("served", server.served);
        row.count("late", server.late);
        row.count("dropped", server.dropped);
        row.count("lost", server.lost);
        row.count("held_back", t.held_back);
        row.count("conflicts", t.conflicts);
        row.count("late_in_tiers", t.late_in_tiers);
        for (name, calls) in
            ["layer1_calls", "layer2_calls", "layer3_calls", "layer4_calls"].iter().zip(t.calls)
        {
            row.count(name, calls);
        }
        row.put("worked_s", server.worked.secs());
        row.put("wasted_s", server.wasted.secs());
        row.put("goodput_10s", health.goodput().0);
        row.state("sustains", if self.sustains() { "yes" } else { "no" });
        row.state("breaker", self.state_word());
    }

    pub(super) fn read_second(&mut self, row: &mut Row) {
        let (t, last) = (&self.totals, &self.last);
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
        let came = (t.arrivals - last.arrivals) as f64;
        row.put("amplification", ratio((t.attempts - last.attempts) as f64, came));
        let server = &mut self.server;
        let now = last.at + Span::from_secs(1);
        server.sum_up(now);
        row.put("queue", server.queued.secs());
        server.queued = Span::ZERO;
        row.put("wait_s", ratio(server.waited.secs(), server.started as f64));
        let (worked, wasted) = (server.worked.secs() - last.worked_s, server.wasted.secs() - last.wasted_s);
        row.put("wasted_share", ratio(wasted, worked));
        row.put("p50_s", self.latencies.quantile(0.50));
        row.put("p99_s", self.latencies.quantile(0.99));
        self.latencies.clear();
        server.waited = Span::ZERO;
        server.started = 0;
        self.last = super::Last {
            at: now,
            arrivals: t.arrivals,
            attempts: t.attempts,
            worked_s: server.worked.secs(),
            wasted_s: server.wasted.secs(),
        };
    }
}
