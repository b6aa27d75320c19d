//! The way of a request: attempts, patience, retries, at the client and at every layer behind it.

use super::{ARRIVAL_TIMER, Ending, Event, Fact, Failure, Stage, Storm, Task, TaskKey};
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::labs::fault::Verb;
use crate::patterns::breaker::Outcome;

/// No client of closed arrivals.
const NOBODY: u32 = u32::MAX;

impl Storm {
    pub(super) fn schedule_arrival(&mut self, cx: &mut Context<'_, Self>) {
        let gap = self.streams.arrival.draw(self.totals.arrivals, 0).exponential(Span::from_secs(1));
        cx.set_timer(ARRIVAL_TIMER, cx.now() + gap.times(1.0 / self.rate()), Event::Arrive);
        self.next_arrival = cx.now() + gap.times(1.0 / self.rate());
    }

    /// First tries per second, if arrivals are open.
    pub(super) fn rate(&self) -> f64 {
        (self.config.rate * self.faults.factor(Verb::Burst)).max(1e-9)
    }

    /// The rate has changed from `before`: the next request comes sooner or later by as much. It has no memory of how long it
    /// has been due (Poisson), so this is the same as to draw it anew, and keeps its luck.
    pub(super) fn retime_arrival(&mut self, before: f64, cx: &mut Context<'_, Self>) {
        let rate = self.rate();
        #[expect(clippy::float_cmp, reason = "the same product of the same numbers")]
        if rate == before || self.config.closed || self.race.is_on() {
            return;
        }
        let left = self.next_arrival.since(cx.now()).times(before / rate);
        self.next_arrival = cx.now() + left;
        cx.set_timer(ARRIVAL_TIMER, self.next_arrival, Event::Arrive);
    }

    pub(super) fn arrive(&mut self, cx: &mut Context<'_, Self>) {
        let number = self.totals.arrivals;
        // Before it is counted, and before it is told: it does not lead to the next one.
        self.totals.arrivals += 1;
        self.schedule_arrival(cx);
        self.begin_request(number, NOBODY, cx);
    }

    /// Closed arrivals: everybody begins with a thought, or all ask at once.
    pub(super) fn start_clients(&mut self, cx: &mut Context<'_, Self>) {
        let together = self.knobs.is("start", "together");
        for client in 0..self.config.clients {
            if together {
                cx.after(Span::ZERO, Event::Think(client));
            } else {
                self.think(client, cx);
            }
        }
    }

    fn think(&self, client: u32, cx: &mut Context<'_, Self>) {
        let nth = self.asked[client as usize];
        let thought = self.streams.think.draw(u64::from(client), nth.into()).exponential(self.config.think);
        cx.after(thought.times(1.0 / self.faults.factor(Verb::Burst).max(1e-9)), Event::Think(client));
    }

    pub(super) fn arrive_client(&mut self, client: u32, cx: &mut Context<'_, Self>) {
        let nth = self.asked[client as usize];
        self.asked[client as usize] += 1;
        self.totals.arrivals += 1;
        self.begin_request(u64::from(client) << 32 | u64::from(nth), client, cx);
    }

    fn begin_request(&mut self, number: u64, client: u32, cx: &mut Context<'_, Self>) {
        self.in_flight += 1;
        let told = self.config.telling.then(|| cx.report(Fact::Came(number)));
        let expires = self.config.deadline.map_or(Time::NEVER, |deadline| cx.now() + deadline);
        let task = Task {
            subject: number,
            came: cx.now(),
            asked: cx.now(),
            expires,
            slept: Span::ZERO,
            parent: None,
            client,
            told: told.and_then(|number| u32::try_from(number).ok()),
            parent_attempt: 0,
            attempt: 0,
            level: 0,
            stage: Stage::Sleeping,
            permit: None,
            paid: 0,
        };
        let key = self.begin_task(task, cx);
        if self.config.deadline.is_some() && self.tasks.contains_key(key) {
            cx.at(expires, Event::Deadline(key));
        }
        self.check(cx);
    }

    /// A layer takes a request on.
    fn begin_task(&mut self, task: Task, cx: &mut Context<'_, Self>) -> TaskKey {
        self.protection.budgets[usize::from(task.level)].deposit();
        let key = self.tasks.insert(task);
        if self.streams.layer.draw(task.subject, task.level.into()).chance(self.config.tier_errors) {
            self.fail(key, Failure::ByItself, cx);
        } else {
            self.attempt(key, cx);
        }
        key
    }

    /// The next attempt goes out.
    fn attempt(&mut self, key: TaskKey, cx: &mut Context<'_, Self>) {
        let bottom = self.config.tiers - 1;
        let Some(task) = self.tasks.get_mut(key) else { return };
        task.attempt += 1;
        task.asked = cx.now();
        task.stage = Stage::Called;
        let Task { subject, attempt, level, expires, .. } = *task;
        let patience = self.config.patience(level).map_or(Time::NEVER, |span| cx.now() + span);
        let until = patience.min(expires);
        self.totals.retries += u64::from(attempt > 1);
        if attempt > self.config.attempts {
            cx.broken(2, || format!("request {subject} is tried for the {attempt}th time"));
        }
        let draw = self.streams.throttle.draw(subject, attempt.into());
        let goes_out = level > 0 || self.protection.lets_out(cx.now(), draw);
        if !goes_out || (level == bottom && !self.ask_breaker(key, cx)) {
            self.totals.held_back += 1;
            return self.attempt_failed(key, Ending::HeldBack, cx);
        }
        self.totals.calls[usize::from(level)] += 1;
        if self.config.telling {
            cx.report(Fact::Sent(self.root(key).map_or(subject, |root| root.subject), attempt, level));
        }
        if level == bottom {
            self.submit(key, until, cx);
        } else {
            let expires = if self.config.propagate { until } else { Time::NEVER };
            self.begin_task(self.call_of(key, expires, cx.now()), cx);
        }
        let goes_on = |task: &Task| task.attempt == attempt && task.stage != Stage::Sleeping;
        // When its deadline ends an attempt, that ends the request too: see `deadline_passed`.
        if patience < expires && self.tasks.get(key).is_some_and(goes_on) {
            cx.at(patience, Event::Timeout(key, attempt));
        } else if level > 0 && until < Time::NEVER && self.tasks.get(key).is_some_and(goes_on) {
            cx.at(until, Event::Deadline(key));
        }
    }

    /// What the next layer takes on when this one calls.
    fn call_of(&self, key: TaskKey, expires: Time, now: Time) -> Task {
        let caller = self.tasks[key];
        Task {
            // Each attempt of each layer is a call of its own, with its own luck.
            subject: caller.subject.wrapping_mul(16).wrapping_add(caller.attempt.into()) | 1 << 63,
            came: now,
            asked: now,
            expires,
            slept: Span::ZERO,
            parent: Some(key),
            client: NOBODY,
            told: caller.told,
            parent_attempt: caller.attempt,
            attempt: 0,
            level: caller.level + 1,
            stage: Stage::Sleeping,
            permit: None,
            paid: 0,
        }
    }

    /// The user's request behind a call, if its user and every layer between still wait for it.
    pub(super) fn root(&self, key: TaskKey) -> Option<&Task> {
        let mut task = self.tasks.get(key)?;
        while let Some(parent) = task.parent {
            let attempt = task.parent_attempt;
            task = self.tasks.get(parent)?;
            if task.attempt != attempt || task.stage == Stage::Sleeping {
                return None;
            }
        }
        Some(task)
    }

    pub(super) fn wake(&mut self, key: TaskKey, cx: &mut Context<'_, Self>) {
        let Some(task) = self.tasks.get(key) else { return };
        self.sleeping -= u64::from(task.level == 0);
        // The number of retries may have been turned down since.
        if task.attempt >= self.config.attempts {
            self.fail(key, Failure::OutOfAttempts, cx);
        } else {
            self.attempt(key, cx);
        }
        self.check(cx);
    }

    /// Whether this attempt of the task is the current one, and still out.
    pub(super) fn is_out(&self, key: TaskKey, attempt: u8) -> bool {
        self.tasks.get(key).is_some_and(|task| task.attempt == attempt && task.stage != Stage::Sleeping)
    }

    pub(super) fn timed_out(&mut self, key: TaskKey, attempt: u8, cx: &mut Context<'_, Self>) {
        if self.is_out(key, attempt) {
            self.give_up(key, cx);
            self.attempt_failed(key, Ending::TimedOut, cx);
            self.check(cx);
        }
    }

    pub(super) fn deadline_passed(&mut self, key: TaskKey, cx: &mut Context<'_, Self>) {
        let Some(task) = self.tasks.get(key) else { return };
        // A later attempt of an inner layer may have more time than the one that set this timer.
        if task.expires > cx.now() {
            return;
        }
        if task.stage == Stage::Sleeping {
            self.sleeping -= u64::from(task.level == 0);
        } else {
            self.give_up(key, cx);
        }
        self.fail(key, Failure::OutOfTime, cx);
        self.check(cx);
    }

    /// Nobody waits any more for the attempt that is out. The server does not hear of it.
    fn give_up(&mut self, key: TaskKey, cx: &mut Context<'_, Self>) {
        self.totals.timeouts += 1;
        let Some(task) = self.tasks.get(key).copied() else { return };
        if task.stage == Stage::Queued {
            self.server.dead += 1;
        }
        self.tell_breaker(key, Outcome::Timeout, cx);
    }

    /// The attempt that is out has failed: another one, or an end.
    pub(super) fn attempt_failed(&mut self, key: TaskKey, ending: Ending, cx: &mut Context<'_, Self>) {
        let Some(task) = self.tasks.get(key).copied() else { return };
        let number = if task.level == 0 { task.subject } else { self.number(key) };
        if self.config.telling {
            let took = cx.now().since(task.asked);
            cx.report(Fact::Ended(number, task.attempt, task.level, ending, took));
        }
        if task.level == 0 {
            self.protection.failed();
            if ending == Ending::Error {
                self.protection.accepted(cx.now());
            }
        }
        if task.attempt >= self.config.attempts {
            return self.fail(key, Failure::OutOfAttempts, cx);
        }
        let Some(paid) = self.protection.pay(task.level, ending == Ending::TimedOut, &self.config) else {
            self.totals.denied += u64::from(task.level == 0);
            return self.fail(key, Failure::OutOfBudget, cx);
        };
        let draw = self.streams.backoff.draw(task.subject, task.attempt.into());
        let wait = self.config.backoff.wait(task.attempt.into(), task.slept, draw);
        if task.level > 0 && cx.now() + wait >= task.expires {
            return self.fail(key, Failure::OutOfTime, cx);
        }
        self.tasks[key].slept = wait;
        self.tasks[key].paid = paid;
        self.tasks[key].stage = Stage::Sleeping;
        self.sleeping += u64::from(task.level == 0);
        if self.config.telling && wait > Span::ZERO {
            cx.report(Fact::Waits(number, wait));
        }
        // Also without a wait: an event, or a hundred failures at one instant would be a hundred calls deep.
        cx.after(wait, Event::Retry(key));
    }

    /// The number of the user's request behind a call; the call's own if nobody waits for it any more.
    pub(super) fn number(&self, key: TaskKey) -> u64 {
        let own = self.tasks.get(key).map_or(0, |task| task.subject);
        self.root(key).map_or(own, |root| root.subject)
    }

    /// The attempt that is out is answered.
    pub(super) fn answered(&mut self, key: TaskKey, ok: bool, cx: &mut Context<'_, Self>) {
        if !ok {
            return self.attempt_failed(key, Ending::Error, cx);
        }
        let number = if self.config.telling { self.number(key) } else { 0 };
        let Some(task) = self.tasks.remove(key) else { return };
        if self.config.telling {
            let took = cx.now().since(task.asked);
            cx.report(Fact::Ended(number, task.attempt, task.level, Ending::Ok, took));
        }
        if task.parent.is_some() {
            return self.reply(&task, true, cx);
        }
        self.totals.good += 1;
        self.protection.accepted(cx.now());
        self.protection.succeeded(task.paid);
        self.in_flight -= 1;
        self.latencies.add(cx.now().since(task.came));
        check_deadline(&task, cx);
        self.ask_again(&task, cx);
    }

    /// The task is over without an answer.
    fn fail(&mut self, key: TaskKey, why: Failure, cx: &mut Context<'_, Self>) {
        let Some(task) = self.tasks.remove(key) else { return };
        if task.parent.is_some() {
            return self.reply(&task, false, cx);
        }
        self.totals.failed += 1;
        self.in_flight -= 1;
        if self.config.telling {
            cx.report(Fact::Failed(task.subject, task.attempt, why));
        }
        check_deadline(&task, cx);
        self.ask_again(&task, cx);
    }

    /// A layer answers the one that called it, if that still waits.
    fn reply(&mut self, task: &Task, ok: bool, cx: &mut Context<'_, Self>) {
        let Some(caller) = task.parent else { return };
        if self.is_out(caller, task.parent_attempt) {
            self.answered(caller, ok, cx);
        } else {
            self.totals.late_in_tiers += 1;
        }
    }

    fn ask_again(&self, task: &Task, cx: &mut Context<'_, Self>) {
        if task.client != NOBODY {
            self.think(task.client, cx);
        }
    }
}

fn check_deadline(task: &Task, cx: &mut Context<'_, Storm>) {
    if cx.now() > task.expires {
        let (now, expires) = (cx.now(), task.expires);
        cx.broken(4, || format!("a client still waited at {now}, its deadline was {expires}"));
    }
}
