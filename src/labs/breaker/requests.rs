//! The way of a request through gateway and order-service.

use super::{Caller, Event, Fact, Kind, Request, RequestKey, Shop, Stage};
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::labs::fault::Verb;

/// A failure that takes no longer than this is fast.
const FAST: Span = Span::from_millis(100);

/// What a request ends with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Ok,
    Cached,
    Error,
    /// A bad client gets its 400, or whatever else.
    Bad,
}

impl Shop {
    pub(super) fn schedule_arrival(&self, cx: &mut Context<'_, Self>) {
        let rate = self.config.rate * self.faults.factor(Verb::Burst);
        let gap = self.streams.arrival.draw(self.totals.requests, 0).exponential(Span::from_secs(1));
        cx.after(gap.times(1.0 / rate.max(1e-9)), Event::Arrive);
    }

    pub(super) fn schedule_bad(&self, cx: &mut Context<'_, Self>) {
        let Some(flood) = self.faults.iter().find(|fault| fault.verb == Verb::Flood) else { return };
        let rate = self.config.rate * flood.factor;
        let gap = self.streams.bad.draw(self.totals.bad, 0).exponential(Span::from_secs(1));
        cx.after(gap.times(1.0 / rate.max(1e-9)), Event::Bad);
    }

    pub(super) fn arrive(&mut self, cx: &mut Context<'_, Self>) {
        let number = self.totals.requests;
        self.totals.requests += 1;
        self.schedule_arrival(cx);
        self.enter(number, self.kind(number), None, cx);
    }

    /// A bad client's request; the stream dries up when the flood is over.
    pub(super) fn arrive_bad(&mut self, cx: &mut Context<'_, Self>) {
        if !self.faults.has(Verb::Flood) {
            return;
        }
        let number = self.totals.bad | 1 << 62;
        self.totals.bad += 1;
        self.schedule_bad(cx);
        self.enter(number, Kind::Bad, None, cx);
    }

    pub(super) fn think(&mut self, user: u32, cx: &mut Context<'_, Self>) {
        let nth = self.thoughts[user as usize];
        let thought = self.streams.think.draw(u64::from(user), nth).exponential(self.config.think);
        cx.after(thought.times(1.0 / self.faults.factor(Verb::Burst).max(1e-9)), Event::Think(user));
    }

    pub(super) fn arrive_user(&mut self, user: u32, cx: &mut Context<'_, Self>) {
        let nth = self.thoughts[user as usize];
        self.thoughts[user as usize] += 1;
        self.totals.requests += 1;
        let number = u64::from(user) << 32 | nth;
        self.enter(number, self.kind(number), Some(user), cx);
    }

    fn kind(&self, number: u64) -> Kind {
        let pays = self.streams.kind.draw(number, 0).chance(self.config.payments_share);
        if pays { Kind::Pay } else { Kind::Browse }
    }

    /// A request reaches the gateway.
    fn enter(&mut self, number: u64, kind: Kind, user: Option<u32>, cx: &mut Context<'_, Self>) {
        let caller = (number % self.callers.len() as u64) as u32;
        let told = cx.report(Fact::Came(number, caller));
        let request = Request {
            number,
            kind,
            came: cx.now(),
            caller,
            shard: self.streams.shard.draw(number, 0).below(self.config.shards as u64) as u32,
            attempt: 0,
            stage: Stage::Queued,
            wakes: cx.now(),
            asked: cx.now(),
            permit: None,
            call: None,
            awaited: true,
            user,
            told,
        };
        if self.gateway_busy >= self.config.gateway_threads {
            return self.refuse(&request, cx);
        }
        self.gateway_busy += 1;
        self.note_gateway(cx);
        let state = &self.callers[caller as usize];
        let full = state.busy >= self.config.order_threads;
        if state.down || (full && state.queue.len() >= self.config.order_queue) {
            self.gateway_busy -= 1;
            self.refuse(&request, cx);
            return self.note_gateway(cx);
        }
        let key = self.requests.insert(request);
        if let Some(patience) = self.config.gateway_timeout {
            cx.after(patience, Event::GatewayTimeout(key));
        }
        if full {
            self.callers[caller as usize].queue.push_back(key);
        } else {
            self.take_thread(key, cx);
        }
    }

    /// Turned away at the door.
    fn refuse(&mut self, request: &Request, cx: &mut Context<'_, Self>) {
        self.totals.refused_full += 1;
        let answer = if request.kind == Kind::Bad { Answer::Bad } else { Answer::Error };
        self.answer(request, answer, cx);
    }

    /// A request gets a thread of its caller and is worked on.
    fn take_thread(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get_mut(key) else { return };
        request.stage = Stage::Working;
        let caller = request.caller;
        self.callers[caller as usize].busy += 1;
        self.note_caller(caller, cx);
        cx.after(self.config.order_time, Event::Worked(key));
    }

    pub(super) fn worked(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get_mut(key) else { return };
        if request.kind == Kind::Browse {
            return self.finish(key, Answer::Ok, cx);
        }
        request.asked = cx.now();
        self.attempt(key, cx);
    }

    /// A request gives its thread back and, if it is still awaited, its answer.
    pub(super) fn finish(&mut self, key: RequestKey, answer: Answer, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.remove(key) else { return };
        let caller = &mut self.callers[request.caller as usize];
        match request.stage {
            Stage::Queued => caller.queue.retain(|queued| *queued != key),
            Stage::Working => caller.busy -= 1,
            Stage::Blocked => {
                caller.busy -= 1;
                caller.blocked -= 1;
            }
            Stage::Sleeping => {
                caller.busy -= 1;
                caller.sleeping -= 1;
            }
        }
        if request.awaited {
            self.leave_gateway(&request, answer, cx);
        }
        self.fill_caller(request.caller, cx);
        self.note_caller(request.caller, cx);
    }

    fn leave_gateway(&mut self, request: &Request, answer: Answer, cx: &mut Context<'_, Self>) {
        self.gateway_busy -= 1;
        self.answer(request, answer, cx);
        self.note_gateway(cx);
    }

    /// Counts what a user got, and when.
    fn answer(&mut self, request: &Request, answer: Answer, cx: &mut Context<'_, Self>) {
        let took = cx.now().since(request.came);
        let t = &mut self.totals;
        match (request.kind, answer) {
            (Kind::Bad, _) | (_, Answer::Bad) => t.bad_requests += 1,
            (Kind::Browse, Answer::Ok) => t.browse_ok += 1,
            (Kind::Pay, Answer::Ok) => t.pay_ok += 1,
            (_, Answer::Cached) => t.fallback += 1,
            (_, Answer::Error) if took >= FAST => t.slow_err += 1,
            (_, Answer::Error) => t.fast_err += 1,
        }
        if request.kind != Kind::Bad {
            self.latencies.add(took);
        }
        if let Some(user) = request.user {
            self.think(user, cx);
        }
    }

    pub(super) fn gateway_timeout(&mut self, key: RequestKey, cx: &mut Context<'_, Self>) {
        let Some(request) = self.requests.get_mut(key).filter(|request| request.awaited) else { return };
        request.awaited = false;
        let request = *request;
        // The user is told; order-service does not hear of it and goes on.
        self.leave_gateway(&request, Answer::Error, cx);
        if request.stage == Stage::Queued {
            self.finish(key, Answer::Error, cx);
        }
    }

    /// Gives free threads to requests that wait, after knobs or callers changed.
    pub(super) fn fill(&mut self, cx: &mut Context<'_, Self>) {
        (0..self.callers.len() as u32).for_each(|caller| self.fill_caller(caller, cx));
    }

    fn fill_caller(&mut self, caller: u32, cx: &mut Context<'_, Self>) {
        while let Caller { busy, down: false, queue, .. } = &mut self.callers[caller as usize]
            && *busy < self.config.order_threads
            && let Some(next) = queue.pop_front()
        {
            self.take_thread(next, cx);
        }
    }

    fn note_caller(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let caller = &mut self.callers[number as usize];
        if let Some(full) = turned(caller.full, caller.busy, self.config.order_threads) {
            caller.full = full;
            if full {
                self.totals.order_full.get_or_insert(cx.now());
            }
            let waiting = caller.blocked as u32;
            let holds = self.what_holds_callers();
            let told = match (full, holds) {
                (true, Some(fault)) => cx.report_because(Some(fault), Fact::CallerFull(number, waiting)),
                (true, None) => cx.report(Fact::CallerFull(number, waiting)),
                (false, _) => cx.report(Fact::CallerFree(number)),
            };
            self.callers[number as usize].told = full.then_some(told);
        }
        let caller = &self.callers[number as usize];
        if caller.blocked + caller.sleeping > caller.busy {
            let (blocked, busy) = (caller.blocked + caller.sleeping, caller.busy);
            cx.broken(3, || format!("{blocked} threads wait or sleep, but only {busy} are taken"));
        }
    }

    fn note_gateway(&mut self, cx: &mut Context<'_, Self>) {
        if let Some(full) = turned(self.gateway_is_full, self.gateway_busy, self.config.gateway_threads) {
            self.gateway_is_full = full;
            if full {
                self.totals.gateway_full.get_or_insert(cx.now());
            }
            // The first caller that ran out of threads keeps those of the gateway.
            let caller = self.callers.iter().filter_map(|caller| caller.told).min();
            match caller.or_else(|| self.what_holds_callers()) {
                Some(cause) if full => cx.report_because(Some(cause), Fact::GatewayFull),
                _ => cx.report(if full { Fact::GatewayFull } else { Fact::GatewayFree }),
            };
        }
    }

    /// Every request of a caller that crashes is lost; its users get an error.
    pub(super) fn lose_requests(&mut self, caller: u32, cx: &mut Context<'_, Self>) {
        let lost: Vec<_> =
            self.requests.iter().filter(|(_, r)| r.caller == caller).map(|(key, _)| key).collect();
        for key in lost {
            self.finish(key, Answer::Error, cx);
        }
        debug_assert_eq!(self.callers[caller as usize].busy, 0);
    }
}

/// Whether a pool has become full or is so no longer. A pool that was full counts as free again only when a quarter of
/// it is, or every answer under load would be told twice.
fn turned(was_full: bool, busy: usize, threads: usize) -> Option<bool> {
    match was_full {
        false if busy >= threads => Some(true),
        true if busy <= threads - threads.div_ceil(4) => Some(false),
        _ => None,
    }
}
