//! The server: a bounded queue and workers. It knows attempts, and nothing of who gave up.

use super::config::Config;
use super::{Ending, Event, Fact, Stage, Storm, TaskKey};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::labs::fault::Verb;
use crate::patterns::breaker::Outcome;
use crate::patterns::shedding::{Admission, Rules, Waiting, WaitingRoom};

/// How much slower a cold server is.
const COLD: f64 = 5.0;

/// An attempt at the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub task: TaskKey,
    /// The luck of its service; kept here, since the call may outlive its request.
    pub draw: Draw,
    pub subject: u64,
    /// When its client gives up.
    pub expires: Time,
    pub attempt: u8,
}

/// A worker that has something to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub call: Call,
    pub submitted: Time,
    pub began: Time,
    /// Never, if it hangs.
    pub ends: Time,
}

#[derive(Clone, Debug)]
pub(super) struct Server {
    pub queue: WaitingRoom<Call>,
    pub works: Vec<Option<Work>>,
    /// How many attempts each worker has begun: an event of an earlier one is stale.
    begun: Vec<u32>,
    free: Vec<u32>,
    pub busy: usize,
    /// Attempts in the queue that nobody waits for.
    pub dead: usize,
    pub down: bool,
    /// When it started again after a crash.
    pub restarted: Option<Time>,
    pub served: u64,
    pub late: u64,
    pub dropped: u64,
    pub lost: u64,
    pub worked: Span,
    pub wasted: Span,
    /// Attempts times the time that they waited, up to `summed`.
    pub queued: Span,
    summed: Time,
    /// Waits of the attempts that got a worker, since the last sample.
    pub waited: Span,
    pub started: u64,
    /// Whether that was told since the queue was last empty.
    pub told_full: bool,
    pub told_dead: bool,
    /// Whether the queue has been made shorter than what waits in it.
    pub over_cap: bool,
}

impl Server {
    pub fn new(config: &Config) -> Self {
        let mut server = Self {
            queue: WaitingRoom::new(Rules::default()),
            works: Vec::new(),
            begun: Vec::new(),
            free: Vec::new(),
            busy: 0,
            dead: 0,
            down: false,
            restarted: None,
            served: 0,
            late: 0,
            dropped: 0,
            lost: 0,
            worked: Span::ZERO,
            wasted: Span::ZERO,
            queued: Span::ZERO,
            summed: Time::ZERO,
            waited: Span::ZERO,
            started: 0,
            told_full: false,
            told_dead: false,
            over_cap: false,
        };
        server.tune(config);
        server
    }

    /// Takes on what the knobs say.
    pub fn tune(&mut self, config: &Config) {
        self.queue.rules = config.waiting();
        self.over_cap |= self.queue.len() > config.queue_cap;
        self.resize(config.workers);
    }

    /// More workers, or fewer: one that is taken away finishes what it does.
    fn resize(&mut self, workers: usize) {
        let before = self.works.len();
        if workers > before {
            self.works.resize(workers, None);
            self.begun.resize(workers, 0);
            // The lowest number is taken first.
            self.free.splice(0..0, (before as u32..workers as u32).rev());
        }
    }

    /// Adds up the waiting until `now`; to be called before the queue changes, and before `queued` is read.
    pub fn sum_up(&mut self, now: Time) {
        let waiting = self.queue.len() as u64;
        self.queued += Span::from_nanos(now.since(self.summed).nanos() * waiting);
        self.summed = now;
    }

    pub fn bytes(&self) -> usize {
        self.queue.bytes() + self.works.len() * (size_of::<Option<Work>>() + 2 * size_of::<u32>())
    }

    /// Where the attempts are, if that is not where they should be.
    pub fn unaccounted(&self, attempts: u64, rejected: u64) -> Option<String> {
        let inside = (self.queue.len() + self.busy) as u64;
        let gone = rejected + self.served + self.dropped + self.lost;
        (attempts != gone + inside)
            .then(|| format!("{attempts} attempts came, {gone} are over and {inside} are inside"))
    }
}

impl Storm {
    /// An attempt reaches the server.
    pub(super) fn submit(&mut self, task: TaskKey, expires: Time, cx: &mut Context<'_, Self>) {
        self.totals.attempts += 1;
        let of = self.tasks[task];
        let (subject, attempt) = (of.subject, of.attempt);
        let draw = self.streams.service.draw(subject, attempt.into());
        if self.server.down {
            return self.turn_away(task, Ending::Reset, cx);
        }
        if self.sheds(subject, attempt) {
            return self.turn_away(task, Ending::Shed, cx);
        }
        let call = Call { task, draw, subject, expires, attempt };
        if self.server.busy < self.config.workers && self.server.queue.is_empty() {
            return self.start_service(Waiting { item: call, since: cx.now() }, cx);
        }
        self.server.sum_up(cx.now());
        match self.server.queue.push(cx.now(), call) {
            Admission::Accepted => {}
            Admission::Rejected(_) => {
                self.note_full(cx);
                return self.turn_away(task, Ending::Rejected, cx);
            }
            Admission::Displaced(oldest) => {
                self.note_full(cx);
                self.throw_out(&oldest.item, cx);
            }
        }
        self.tasks[task].stage = Stage::Queued;
        let (held, cap) = (self.server.queue.len(), self.config.queue_cap);
        if held > cap && !self.server.over_cap {
            cx.broken(3, || format!("{held} attempts wait in a queue of {cap}"));
        }
    }

    fn turn_away(&mut self, task: TaskKey, ending: Ending, cx: &mut Context<'_, Self>) {
        self.totals.rejected += 1;
        self.tell_breaker(task, Outcome::Failure, cx);
        self.attempt_failed(task, ending, cx);
    }

    fn throw_out(&mut self, call: &Call, cx: &mut Context<'_, Self>) {
        if self.is_out(call.task, call.attempt) {
            self.turn_away(call.task, Ending::Rejected, cx);
        } else {
            self.totals.rejected += 1;
            self.server.dead -= 1;
        }
    }

    fn sheds(&self, subject: u64, attempt: u8) -> bool {
        let on = self.faults.iter().find(|fault| fault.verb == Verb::Shed);
        on.is_some_and(|fault| self.streams.shed.draw(subject, attempt.into()).chance(fault.share))
    }

    /// Gives waiting attempts to free workers.
    pub(super) fn serve(&mut self, cx: &mut Context<'_, Self>) {
        self.server.sum_up(cx.now());
        while self.server.busy < self.config.workers && !self.server.down {
            // How long an attempt may wait is its own matter: the room drops nobody.
            let Some(next) = self.server.queue.next(cx.now(), |_| {}) else { break };
            let call = next.item;
            let awaited = self.is_out(call.task, call.attempt);
            if !awaited {
                self.server.dead -= 1;
            }
            if self.config.drop_expired && call.expires <= cx.now() + self.config.margin {
                self.server.dropped += 1;
                if awaited {
                    // Its client is not told; it waits on, but not in the queue.
                    self.tasks[call.task].stage = Stage::Called;
                }
                if self.config.telling {
                    cx.report(Fact::Dropped(call.subject, call.attempt));
                }
                continue;
            }
            self.start_service(next, cx);
        }
        if self.server.queue.is_empty() && (self.server.told_full || self.server.told_dead) {
            self.server.told_full = false;
            self.server.told_dead = false;
            cx.report_because(self.health.blamed, Fact::Drained);
        }
    }

    fn start_service(&mut self, next: Waiting<Call>, cx: &mut Context<'_, Self>) {
        let Some(worker) = self.server.free.pop() else { return };
        let Waiting { item: call, since: submitted } = next;
        let wait = cx.now().since(submitted);
        let hangs = self.faults.has(Verb::Hang);
        let service = self.service(call.draw, cx.now());
        let ends = if hangs { Time::NEVER } else { cx.now() + service };
        let server = &mut self.server;
        server.works[worker as usize] = Some(Work { call, submitted, began: cx.now(), ends });
        server.begun[worker as usize] += 1;
        server.busy += 1;
        server.waited += wait;
        server.started += 1;
        let nth = server.begun[worker as usize];
        if self.is_out(call.task, call.attempt) {
            self.tasks[call.task].stage = Stage::Called;
        } else if !self.server.told_dead {
            self.server.told_dead = true;
            cx.report_because(self.health.blamed, Fact::AllDead(wait));
        }
        if self.config.telling {
            let told = self.tasks.get(call.task).and_then(|task| task.told);
            let number = self.number(call.task).max(call.subject & !(1 << 63));
            cx.report_because(told.map(u64::from), Fact::Started(number, call.attempt, wait));
        }
        if !hangs {
            cx.at(ends, Event::Done(worker, nth));
        }
    }

    /// How long an attempt holds a worker: its own luck, scaled by what slows the server when it starts.
    fn service(&self, draw: Draw, now: Time) -> Span {
        let drawn =
            if self.config.exponential { draw.exponential(self.config.service) } else { self.config.service };
        drawn.times(self.faults.factor(Verb::Slow) * self.coldness(now))
    }

    /// How much slower the server is because it has just started again: a straight way back to 1.
    pub(super) fn coldness(&self, now: Time) -> f64 {
        let warm_up = self.config.warm_up.secs();
        match self.server.restarted {
            Some(at) if warm_up > 0.0 => {
                let left = 1.0 - now.since(at).secs() / warm_up;
                1.0 + (COLD - 1.0) * left.max(0.0)
            }
            _ => 1.0,
        }
    }

    pub(super) fn done(&mut self, worker: u32, nth: u32, cx: &mut Context<'_, Self>) {
        if self.server.begun.get(worker as usize) != Some(&nth) {
            return;
        }
        let Some(Work { call, began, .. }) = self.release(worker) else { return };
        let took = cx.now().since(began);
        let fails = self.fails(call.subject, call.attempt, cx);
        self.server.served += 1;
        self.server.worked += took;
        let awaited = self.is_out(call.task, call.attempt);
        if !awaited || self.root(call.task).is_none() {
            self.server.late += 1;
            self.server.wasted += took;
            if self.config.telling {
                cx.report(Fact::Wasted(call.subject, call.attempt));
            }
        }
        if awaited {
            let outcome = if fails { Outcome::Failure } else { Outcome::Success };
            self.tell_breaker(call.task, outcome, cx);
            self.answered(call.task, !fails, cx);
        }
        self.serve(cx);
        self.check(cx);
    }

    /// Takes a worker's work from it.
    fn release(&mut self, worker: u32) -> Option<Work> {
        let work = self.server.works.get_mut(worker as usize).and_then(Option::take)?;
        self.server.busy -= 1;
        self.server.free.push(worker);
        Some(work)
    }

    fn fails(&mut self, subject: u64, attempt: u8, cx: &mut Context<'_, Self>) -> bool {
        let draw = self.streams.error.draw(subject, attempt.into());
        let by_itself = draw.chance(self.config.error_rate);
        by_itself || self.fails_by_fault(draw, cx)
    }

    /// The server loses what it does and what waits; who still waits for it is told.
    pub(super) fn lose_all(&mut self, cx: &mut Context<'_, Self>) {
        self.server.sum_up(cx.now());
        let mut lost: Vec<Call> = self.server.queue.drain().map(|waiting| waiting.item).collect();
        self.server.dead = 0;
        for worker in 0..self.server.works.len() as u32 {
            lost.extend(self.release(worker).map(|work| work.call));
        }
        self.reset_calls(&lost, cx);
    }

    /// What hangs is lost.
    pub(super) fn lose_hanging(&mut self, cx: &mut Context<'_, Self>) {
        let hangs = |work: &Option<Work>| work.is_some_and(|work| work.ends == Time::NEVER);
        let hanging: Vec<u32> = (0..self.server.works.len())
            .filter(|at| hangs(&self.server.works[*at]))
            .map(|at| at as u32)
            .collect();
        let lost: Vec<Call> =
            hanging.into_iter().filter_map(|worker| self.release(worker)).map(|work| work.call).collect();
        self.reset_calls(&lost, cx);
        self.serve(cx);
    }

    fn reset_calls(&mut self, lost: &[Call], cx: &mut Context<'_, Self>) {
        self.server.lost += lost.len() as u64;
        for call in lost {
            if self.is_out(call.task, call.attempt) {
                self.tasks[call.task].stage = Stage::Called;
                self.tell_breaker(call.task, Outcome::Failure, cx);
                self.attempt_failed(call.task, Ending::Reset, cx);
            }
        }
    }

    /// What waits is thrown away; nobody is told.
    pub(super) fn drain(&mut self, now: Time) {
        self.server.sum_up(now);
        let thrown: Vec<Call> = self.server.queue.drain().map(|waiting| waiting.item).collect();
        self.server.dead = 0;
        self.server.lost += thrown.len() as u64;
        for call in &thrown {
            if self.is_out(call.task, call.attempt) {
                self.tasks[call.task].stage = Stage::Called;
            }
        }
    }

    fn note_full(&mut self, cx: &mut Context<'_, Self>) {
        if !self.server.told_full {
            self.server.told_full = true;
            cx.report_because(self.health.blamed, Fact::QueueFull(self.server.queue.len() as u32));
        }
    }
}
