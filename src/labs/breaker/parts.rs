//! The parts of the stage of the lab `breaker`, with all that there is to know of each.

use super::config::Scope;
use super::payments::CallPlace;
use super::readings::state_word;
use super::{Kind, Request, RequestKey, Shop, Stage, caller_name};
use crate::engine::time::Time;
use crate::labs::scene::{Arrow, Outcome, Part, PartId, State as Shown, Unit, Value};
use crate::patterns::breaker::{Breaker, Reading, State};

/// How many requests a field names; the others are counted.
const NAMED: usize = 8;

impl Shop {
    pub(super) fn caller_part(&self, caller: usize) -> Part {
        let state = &self.callers[caller];
        let word = match (state.down, state.full) {
            (true, _) => "down",
            (false, true) => "full: every thread is taken",
            (false, false) => "works",
        };
        Part::new(caller_name(caller))
            .field("state", word)
            .field("threads taken", format!("{} of {}", state.busy, self.config.order_threads))
            .field("wait for payments", state.blocked)
            .field("sleep before a retry", state.sleeping)
            .field("wait for a thread", format!("{} of {}", state.queue.len(), self.config.order_queue))
            .field("the queue", self.named(state.queue.iter().copied()))
            .field("breaker", self.worst(&self.breakers_of(caller)))
    }

    pub(super) fn threads_part(&self, caller: usize) -> Part {
        let state = &self.callers[caller];
        let works = state.busy.saturating_sub(state.blocked + state.sleeping);
        Part::new(format!("threads.{}", caller_name(caller)))
            .field("threads", self.config.order_threads)
            .field("taken", state.busy)
            .field("work", works)
            .field("wait for payments", state.blocked)
            .field("sleep before a retry", state.sleeping)
            .field("free", self.config.order_threads.saturating_sub(state.busy))
            .field("wait for a thread", self.named(state.queue.iter().copied()))
            .hit_at(caller_name(caller))
    }

    pub(super) fn gateway_part(&self) -> Part {
        let patience = self.config.gateway_timeout.map_or_else(|| "for ever".into(), |s| s.to_string());
        Part::new("gateway")
            .field("threads", self.config.gateway_threads)
            .field("taken", self.gateway_busy)
            .field("free", self.config.gateway_threads.saturating_sub(self.gateway_busy))
            .field("waits for an answer", patience)
            .field("turned away so far", self.totals.refused_full)
            .hit_at("users")
    }

    pub(super) fn payments_part(&self) -> Part {
        let calls = || self.payments.calls.values();
        let awaited = |request: RequestKey, attempt| {
            self.requests.get(request).is_some_and(|r| r.stage == Stage::Blocked && r.attempt == attempt)
        };
        let abandoned = calls().filter(|call| !awaited(call.request, call.attempt)).count();
        Part::new("payments")
            .field("shards", self.config.shards)
            .field(
                "workers busy",
                format!("{} of {}", self.payments.busy(), self.config.shard_workers * self.config.shards),
            )
            .field("calls inside", calls().count())
            .field("given up by their caller", abandoned)
            .field("calls so far", self.totals.payments_calls)
    }

    pub(super) fn shard_part(&self, index: usize, state: &str) -> Part {
        let (shard, config) = (&self.payments.shards[index], &self.config);
        let of = |place: CallPlace| {
            let calls = self.payments.calls.values();
            let here = calls.filter(move |call| call.shard as usize == index && call.place == place);
            here.map(|call| call.request).collect::<Vec<_>>()
        };
        let waiting = shard.queue.iter().filter_map(|key| self.payments.calls.get(*key));
        Part::new(format!("shard-{}", index + 1))
            .field("state", state)
            .field("workers busy", format!("{} of {}", shard.busy, config.shard_workers))
            .field("works on", self.named(of(CallPlace::Served)))
            .field("waiting", format!("{} of {}", shard.queue.len(), config.shard_queue))
            .field("the queue", self.named(waiting.map(|call| call.request)))
            .field("stuck", self.named(of(CallPlace::Stuck)))
            .hit_at(format!("shard-{}", index + 1))
            .hit_at("payments")
    }

    /// The numbers of these requests; one that is over is told as such, since its call goes on without it.
    fn named(&self, keys: impl IntoIterator<Item = RequestKey>) -> Value {
        let name = |key: RequestKey| self.requests.get(key).map(|request| plain(request.number));
        let mut names: Vec<Option<String>> = keys.into_iter().map(name).collect();
        let over = names.iter().filter(|name| name.is_none()).count();
        names.retain(Option::is_some);
        let more = names.len().saturating_sub(NAMED);
        let mut told: Vec<String> = names.into_iter().flatten().take(NAMED).collect();
        told.extend((more > 0).then(|| format!("{more} more")));
        told.extend((over > 0).then(|| format!("{over} given up")));
        if told.is_empty() { Value::None } else { told.join(", ").into() }
    }

    /// A request as the holder of a thread: of its caller, or of the gateway.
    pub(super) fn request_part(&self, holder: &str, request: &Request, now: Time) -> Part {
        let caller = caller_name(request.caller as usize);
        let doing = match request.stage {
            Stage::Queued => "waits for a thread of its caller",
            Stage::Working => "works",
            Stage::Blocked => "waits for payments",
            Stage::Sleeping => "sleeps before a retry",
        };
        let kind = match request.kind {
            Kind::Browse => "browse: needs no payment",
            Kind::Pay => "pays",
            Kind::Bad => "malformed, by a bad client",
        };
        let mut part = Part::new(format!("{holder}.{}", id_of(request.number)))
            .field("request", plain(request.number))
            .field("kind", kind)
            .field("came", request.came)
            .field("since then", now.since(request.came))
            .field("caller", caller.as_str())
            .field("does", doing);
        if request.kind != Kind::Browse {
            part = self.call_fields(part, request).hit_at(shard_name(request.shard));
        }
        let until = match (request.awaited, self.config.gateway_timeout) {
            (false, _) => "no longer: the user has an error".into(),
            (true, None) => "for ever".into(),
            (true, Some(patience)) => Value::At(request.came + patience),
        };
        part.field("gateway waits until", until).hit_at(caller)
    }

    fn call_fields(&self, part: Part, request: &Request) -> Part {
        let mut part = part
            .field("shard", shard_name(request.shard))
            .field("attempt", format!("{} of {}", request.attempt + 1, self.config.retries + 1));
        if request.stage == Stage::Sleeping {
            part = part.field("tries again at", request.wakes);
        }
        if let Some(call) = request.call.and_then(|key| self.payments.calls.get(key)) {
            let place = match call.place {
                CallPlace::Waiting => "waits in the queue",
                CallPlace::Served => "is worked on",
                CallPlace::Stuck => "stuck: never answered",
            };
            let patience = self.config.call_timeout;
            part = part
                .field("its call", place)
                .field("call went out", call.since)
                .field("gives up at", patience.map_or("never".into(), |span| Value::At(call.since + span)));
        }
        let permit = match request.permit.map(|permit| permit.began) {
            None => "none",
            Some(State::HalfOpen) => "a probe of the half-open breaker",
            Some(State::Open) => "a test of the open breaker",
            Some(_) => "of the closed breaker",
        };
        part.field("permit", permit)
    }

    pub(super) fn breaker_part(&self, caller: usize, reading: &Reading, now: Time) -> Part {
        let holds = |request: &&Request| {
            request.permit.is_some()
                && (request.caller as usize == caller || self.config.scope == Scope::Shared)
        };
        let out: Vec<&Request> = self.requests.values().filter(holds).collect();
        let mut part = Part::new(format!("breaker.{}", caller_name(caller)))
            .field("state", state_word(reading.state))
            .field("open until", reading.open_until.map_or(Value::None, Value::At))
            .field("results in the window", reading.counts.calls)
            .field("failed", reading.counts.failed)
            .field("slow", reading.counts.slow)
            .field("looked at from", reading.minimum)
            .field("failure rate", rate_value(reading.failure_rate))
            .field("opens at", rate_value(reading.failure_threshold))
            .field("slow rate", rate_value(reading.slow_rate))
            .field("opens at slow", rate_value(reading.slow_threshold))
            .field("calls refused", reading.not_permitted)
            .field("permits out", out.len());
        if reading.state == State::HalfOpen {
            part = part.field("probes left", reading.permits_left.map_or(Value::None, Value::from));
        }
        for (probe, nth) in out.iter().filter(|request| is_probe(request)).zip(1..=NAMED) {
            let since = Value::At(probe.asked);
            part = part.field(format!("probe {nth}"), format!("request {}, {since}", plain(probe.number)));
        }
        if self.config.scope == Scope::PerShard {
            for (shard, number) in self.breakers_of(caller).into_iter().enumerate() {
                let guard = self.guards.list.get(number);
                let of_shard = guard.and_then(|guard| guard.breaker.reading(now)).map(|it| {
                    format!("{}, {} of {} failed", state_word(it.state), it.counts.failed, it.counts.calls)
                });
                part = part.field(format!("for shard-{}", shard + 1), of_shard.unwrap_or_default());
            }
        }
        part.hit_at(caller_name(caller)).hit_at("payments")
    }

    /// A state of the first caller's breaker, and the ways out of it.
    pub(super) fn state_part(&self, state: &Shown, current: &PartId, arrows: &[Arrow]) -> Part {
        let is_current = state.part.id == *current;
        let moved = self.breakers_of(0).first().and_then(|number| self.guards.list.get(*number));
        let moved = moved.map(|guard| &guard.breaker).and_then(Breaker::last_transition);
        let mut part = Part::new(state.part.id.clone())
            .field("breaker of", caller_name(0))
            .field("is in it now", is_current);
        if is_current {
            part = part.field("since", moved.map_or(Time::ZERO, |moved| moved.at));
        }
        for arrow in arrows.iter().filter(|arrow| arrow.from == state.part.id) {
            let to = arrow.to.as_str().trim_start_matches("state.").to_uppercase();
            part = part.field(format!("leads to {to}"), arrow.label.as_str());
        }
        part.hit_at(caller_name(0)).hit_at("payments")
    }
}

/// The results that a caller's breaker looks at.
pub(super) fn window_part(caller: usize, reading: &Reading, (window, refused): (&[Outcome], usize)) -> Part {
    let count = |outcome: Outcome| window.iter().filter(|it| **it == outcome).count();
    let letters: String = window.iter().map(|outcome| outcome.letter()).collect();
    let mut part = Part::new(format!("window.{}", caller_name(caller)))
        .field("results, newest last", letters)
        .field("ok", count(Outcome::Ok));
    for outcome in [Outcome::Error, Outcome::Slow, Outcome::Timeout, Outcome::Ignored] {
        if count(outcome) > 0 {
            part = part.field(outcome.word(), count(outcome));
        }
    }
    part.field("counted", reading.counts.calls)
        .field("looked at from", reading.minimum)
        .field("failure rate", rate_value(reading.failure_rate))
        .field("slow rate", rate_value(reading.slow_rate))
        .field("refused since", refused)
        .hit_at(caller_name(caller))
        .hit_at("payments")
}

/// Whether the request holds a permit of a breaker that tries whether payments works again.
pub(super) fn is_probe(request: &Request) -> bool {
    request.permit.is_some_and(|permit| matches!(permit.began, State::HalfOpen | State::Open))
}

fn shard_name(shard: u32) -> String {
    format!("shard-{}", shard + 1)
}

fn rate_value(percent: Option<f32>) -> Value {
    percent.map_or(Value::None, |percent| Value::Number(f64::from(percent) / 100.0, Unit::Share))
}

/// Request numbers of bad clients carry this mark, those of users in a closed loop the user's number.
const BAD: u64 = 1 << 62;

/// A request's number as people read it.
pub(super) fn plain(number: u64) -> String {
    if number & BAD != 0 {
        return format!("bad {}", number & !BAD);
    }
    match (number >> 32, number & 0xffff_ffff) {
        (0, number) => number.to_string(),
        (user, nth) => format!("{nth} of user {user}"),
    }
}

/// A request's number as the end of a part's name: `17`, `bad-3`, `user-7-2`.
pub(super) fn id_of(number: u64) -> String {
    if number & BAD != 0 {
        return format!("bad-{}", number & !BAD);
    }
    match (number >> 32, number & 0xffff_ffff) {
        (0, number) => number.to_string(),
        (user, nth) => format!("user-{user}-{nth}"),
    }
}

/// The request's number out of the end of a part's name.
pub(super) fn number_of(id: &str) -> Option<u64> {
    if let Some(bad) = id.strip_prefix("bad-") {
        return bad.parse::<u64>().ok().map(|number| number | BAD);
    }
    match id.strip_prefix("user-").map(|rest| rest.split_once('-')) {
        Some(user) => {
            let (user, nth) = user?;
            Some(user.parse::<u64>().ok()? << 32 | nth.parse::<u64>().ok()?)
        }
        None => id.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_found_by_its_name() {
        for number in [0, 17, BAD | 5, 7 << 32 | 2] {
            assert_eq!(number_of(&id_of(number)), Some(number));
        }
        assert_eq!(number_of("user-7"), None);
    }
}
