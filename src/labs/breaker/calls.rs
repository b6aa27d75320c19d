//! The way of an attempt: past the breaker, into a shard, back, and perhaps again.

use super::payments::{Call, CallKey, CallPlace};
use super::requests::Answer;
use super::{CallEnd, Event, Fact, Kind, RequestKey, Shop, Stage};
use crate::engine::queue::TimerKey;
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::labs::fault::{Fault, Verb};
use crate::patterns::breaker::{Outcome, Permit, Refused, State, Transition};

impl Shop {
    /// Starts the attempt that is next for a request.
    pub(super) fn attempt(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get(key).copied() else { return };
        self.totals.attempts += 1;
        self.totals.retries_made += u64::from(request.attempt > 0);
        let guard = self.guard_of(&request);
        let held = if self.config.retry_inside { request.permit } else { None };
        let permit = if let Some(permit) = held {
            Ok(permit)
        } else {
            let asked = self.guards.ask(guard, cx.now());
            self.note_guard(guard, &asked.moved, asked.broken, cx);
            asked.permit
        };
        match permit {
            Ok(permit) => self.call(key, permit, cx),
            Err(refused) => self.rejected(key, refused, cx),
        }
    }

    fn guard_of(&self, request: &super::Request) -> usize {
        self.config
            .breaker_of(request.caller as usize, request.shard as usize)
            .min(self.guards.list.len() - 1)
    }

    fn rejected(&mut self, key: RequestKey, refused: Refused, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get(key).copied() else { return };
        self.totals.rejected += 1;
        self.totals.wrongly_rejected +=
            u64::from(self.would_work(request.number, request.attempt, request.shard));
        self.totals.first_rejected.get_or_insert(cx.now());
        let because = self.guards.list[self.guard_of(&request)].told.or(Some(request.told));
        let told = cx.report_because(because, Fact::Rejected(request.number, request.caller, refused));
        self.requests[key].told = told;
        let again = self.config.retry_rejected && !self.config.retry_inside;
        if again && request.attempt < self.config.retries {
            return self.sleep(key, cx);
        }
        self.give_up(key, cx);
    }

    /// Whether payments would have answered this attempt in time, had it been let through.
    fn would_work(&self, number: u64, attempt: u32, shard: u32) -> bool {
        let state = &self.payments.shards[shard as usize];
        let healthy =
            !state.down && !self.is(Verb::Hang, shard) && state.queue.len() < self.config.shard_workers;
        healthy
            && self.config.call_timeout.is_none_or(|timeout| self.service(number, attempt, shard) < timeout)
            && !self.fails_by_share(number, attempt, shard)
    }

    /// The call goes out.
    fn call(&mut self, key: RequestKey, permit: Permit, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let inside = self.config.retry_inside;
        let Some(request) = self.requests.get(key) else { return };
        // A probe goes out because the breaker went half-open.
        let lets_in = if permit.began == State::HalfOpen {
            self.guards.list[self.guard_of(request)].told
        } else {
            None
        };
        let Some(request) = self.requests.get_mut(key) else { return };
        request.permit = Some(permit);
        if !inside || request.attempt == 0 {
            request.asked = now;
        }
        request.stage = Stage::Blocked;
        self.callers[request.caller as usize].blocked += 1;
        let called = Fact::Called(request.number, request.caller, request.shard, request.attempt);
        request.told = cx.report_because(lets_in.or(Some(request.told)), called);
        let request = *request;
        self.totals.payments_calls += 1;
        let call = Call {
            request: key,
            attempt: request.attempt,
            number: request.number,
            bad: request.kind == Kind::Bad,
            shard: request.shard,
            since: now,
            place: CallPlace::Waiting,
        };
        let shard = &self.payments.shards[request.shard as usize];
        if shard.down {
            return self.call_ended(key, CallEnd::Reset, cx);
        }
        let hangs = self.is(Verb::Hang, request.shard);
        if !hangs && shard.busy >= self.config.shard_workers && shard.queue.len() >= self.config.shard_queue {
            return self.call_ended(key, CallEnd::Failed, cx);
        }
        let call = self.payments.calls.insert(call);
        if let Some(request) = self.requests.get_mut(key) {
            request.call = Some(call);
        }
        if let Some(patience) = self.config.call_timeout {
            cx.after(patience, Event::CallTimeout(key, request.attempt));
        }
        if hangs {
            self.payments.calls[call].place = CallPlace::Stuck;
            self.payments.shards[request.shard as usize].stuck.push(call);
        } else {
            self.payments.shards[request.shard as usize].queue.push_back(call);
            self.serve(request.shard, cx);
        }
    }

    /// Free workers of a shard take waiting calls.
    pub(super) fn serve(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        loop {
            let hangs = self.is(Verb::Hang, number);
            let shard = &mut self.payments.shards[number as usize];
            if hangs || shard.down || shard.busy >= self.config.shard_workers {
                return;
            }
            let Some(key) = shard.queue.pop_front() else { return };
            shard.busy += 1;
            let Some(call) = self.payments.calls.get_mut(key) else { continue };
            call.place = CallPlace::Served;
            let call = *call;
            cx.after(self.service(call.number, call.attempt, number), Event::Served(key));
        }
    }

    /// How long payments works on an attempt: a property of the attempt, scaled by what slows its shard now.
    fn service(&self, number: u64, attempt: u32, shard: u32) -> Span {
        let drawn = if self.config.exponential {
            self.streams.service.draw(number, attempt.into()).exponential(self.config.service_time)
        } else {
            self.config.service_time
        };
        let slow = self.faults_on(Verb::Slow, shard).map(|fault| fault.factor).product();
        drawn.times(slow)
    }

    pub(super) fn served(&mut self, key: CallKey, cx: &mut Context<'_, Self>) {
        let Some(call) = self.payments.calls.remove(key) else { return };
        self.payments.shards[call.shard as usize].busy -= 1;
        let end = if call.bad {
            CallEnd::Bad
        } else if self.fails(&call, cx) {
            CallEnd::Failed
        } else {
            CallEnd::Ok
        };
        // A fault of the first N calls is over with the N-th.
        let spent = self.counted.iter().find(|(_, left)| *left == 0).map(|(fault, _)| fault.clone());
        if let Some(spent) = spent {
            self.end_fault(&spent, cx);
        }
        if self.is_current(&call) {
            self.call_ended(call.request, end, cx);
        }
        self.serve(call.shard, cx);
    }

    fn is_current(&self, call: &Call) -> bool {
        let waits =
            |request: &super::Request| request.stage == Stage::Blocked && request.attempt == call.attempt;
        self.requests.get(call.request).is_some_and(waits)
    }

    fn fails(&mut self, call: &Call, cx: &Context<'_, Self>) -> bool {
        let hits =
            |fault: &Fault| fault.target == "payments" || shard_number(&fault.target) == Some(call.shard);
        if let Some((_, left)) = self.counted.iter_mut().find(|(fault, left)| *left > 0 && hits(fault)) {
            *left -= 1;
            return true;
        }
        self.fails_by_share(call.number, call.attempt, call.shard) || self.flaps(call.shard, cx)
    }

    fn fails_by_share(&self, number: u64, attempt: u32, shard: u32) -> bool {
        let faults = self.faults_on(Verb::Error, shard).filter(|fault| fault.first.is_none());
        let injected = faults.map(|fault| fault.share).fold(0.0, f64::max);
        self.streams.error.draw(number, attempt.into()).chance(self.config.error_rate)
            || self.streams.fault.draw(number, attempt.into()).chance(injected)
    }

    /// A flapping shard fails for two seconds, works for two, and so on.
    fn flaps(&self, shard: u32, cx: &Context<'_, Self>) -> bool {
        let began =
            |fault: &Fault| self.told.iter().rev().find(|told| told.fault == *fault).map(|told| told.began);
        self.faults_on(Verb::Flap, shard)
            .filter_map(began)
            .any(|began| (cx.now().since(began).nanos() / FLAP.nanos()).is_multiple_of(2))
    }

    /// The faults of this kind that a shard suffers from.
    pub(super) fn faults_on(&self, verb: Verb, shard: u32) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(move |fault| {
            fault.verb == verb && (fault.target == "payments" || shard_number(&fault.target) == Some(shard))
        })
    }

    pub(super) fn is(&self, verb: Verb, shard: u32) -> bool {
        self.faults_on(verb, shard).next().is_some()
    }

    pub(super) fn call_timeout(&mut self, key: RequestKey, attempt: u32, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get(key) else { return };
        if request.attempt != attempt || request.stage != Stage::Blocked {
            return;
        }
        self.totals.timeouts += 1;
        // The call itself is not taken back: payments will work on it, if it can.
        self.call_ended(key, CallEnd::TimedOut, cx);
    }

    /// An attempt is over, as its caller sees it.
    pub(super) fn call_ended(&mut self, key: RequestKey, end: CallEnd, cx: &mut Context<'_, Self>) {
        self.call_ended_by(None, key, end, cx);
    }

    /// The same, with the fact that ended it.
    pub(super) fn call_ended_by(
        &mut self,
        by: Option<u64>,
        key: RequestKey,
        end: CallEnd,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(request) = self.requests.get_mut(key) else { return };
        request.stage = Stage::Working;
        request.call = None;
        self.callers[request.caller as usize].blocked -= 1;
        let request = *request;
        let took = cx.now().since(request.asked);
        let because = by.or_else(|| self.blamed(request.shard, end, took)).or(Some(request.told));
        let told = cx.report_because(because, Fact::Ended(request.number, request.caller, end, took));
        self.requests[key].told = told;
        let retryable = !matches!(end, CallEnd::Ok | CallEnd::Bad);
        let again = retryable && request.attempt < self.config.retries;
        if let Some(permit) = request.permit.filter(|_| !(again && self.config.retry_inside)) {
            let outcome = match end {
                CallEnd::Ok => Outcome::Success,
                CallEnd::Bad if !self.config.count_4xx => Outcome::Ignored,
                CallEnd::Bad | CallEnd::Failed | CallEnd::Reset => Outcome::Failure,
                CallEnd::TimedOut => Outcome::Timeout,
            };
            let guard = self.guard_of(&request);
            let told = self.guards.tell(guard, cx.now(), permit, outcome, took);
            self.note_guard(guard, &told.moved, told.broken, cx);
            if let Some(request) = self.requests.get_mut(key) {
                request.permit = None;
            }
        }
        match end {
            _ if again => self.sleep(key, cx),
            CallEnd::Ok => self.finish(key, Answer::Ok, cx),
            CallEnd::Bad => self.finish(key, Answer::Bad, cx),
            CallEnd::Failed | CallEnd::Reset | CallEnd::TimedOut => self.give_up(key, cx),
        }
    }

    fn give_up(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let bad = self.requests.get(key).is_some_and(|request| request.kind == Kind::Bad);
        let answer = match (bad, self.config.cached) {
            (true, _) => Answer::Bad,
            (false, true) => Answer::Cached,
            (false, false) => Answer::Error,
        };
        self.finish(key, answer, cx);
    }

    /// The thread sleeps before a further attempt.
    fn sleep(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get_mut(key) else { return };
        request.attempt += 1;
        request.stage = Stage::Sleeping;
        self.callers[request.caller as usize].sleeping += 1;
        let jitter = self.streams.backoff.draw(request.number, request.attempt.into()).unit();
        let wait = self.config.backoff.wait(request.attempt, jitter);
        request.wakes = cx.now() + wait;
        cx.after(wait, Event::Retry(key));
    }

    pub(super) fn retry(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get_mut(key).filter(|request| request.stage == Stage::Sleeping)
        else {
            return;
        };
        request.stage = Stage::Working;
        self.callers[request.caller as usize].sleeping -= 1;
        self.attempt(key, cx);
    }

    pub(super) fn breaker_timer(&mut self, number: usize, cx: &mut Context<'_, Self>) {
        if number < self.guards.list.len() {
            let moved = self.guards.on_time(number, cx.now());
            self.note_guard(number, &moved, None, cx);
        }
    }

    /// Tells what a breaker did, and sets its timer anew.
    fn note_guard(
        &mut self,
        number: usize,
        moved: &[Transition],
        broken: Option<(usize, String)>,
        cx: &mut Context<'_, Self>,
    ) {
        let owner = self.config.owner(number);
        for transition in moved {
            let wait = self.guards.list[number].wait;
            let fact = Fact::Moved(owner, *transition, wait);
            let earlier = self.guards.list[number].told.filter(|_| transition.to == State::HalfOpen);
            let told = if earlier.is_some() { cx.report_because(earlier, fact) } else { cx.report(fact) };
            self.guards.list[number].told = Some(told);
        }
        if let Some((invariant, facts)) = broken {
            cx.broken(invariant, || facts);
        }
        self.set_breaker_timer(number, cx);
    }

    fn set_breaker_timer(&self, number: usize, cx: &mut Context<'_, Self>) {
        let key = TimerKey(number as u32);
        match self.guards.list[number].breaker.next_timer() {
            Some(at) => cx.set_timer(key, at, Event::BreakerTimer(number as u32)),
            None => cx.cancel_timer(key),
        }
    }

    pub(super) fn set_breaker_timers(&self, cx: &mut Context<'_, Self>) {
        (0..self.guards.list.len()).for_each(|number| self.set_breaker_timer(number, cx));
    }
}

/// How long a flapping shard fails, and works.
const FLAP: Span = Span::from_secs(2);

/// The index of the shard `shard-N`.
pub(super) fn shard_number(name: &str) -> Option<u32> {
    name.strip_prefix("shard-")?.parse::<u32>().ok()?.checked_sub(1)
}
