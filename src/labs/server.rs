//! The smallest lab: one queue, c workers. Requests come at random; each takes a worker for a while.
//!
//! With exponential service it is M/M/c, and M/M/c/K with a bounded queue, so theory says what it must measure
//! (Erlang 1917; the values are in `tests/truth/queueing.csv`).

#![allow(clippy::cast_possible_truncation, reason = "numbers of workers and faults are far below 2^32")]

mod scene;
mod spec;
mod tell;

use std::collections::VecDeque;

pub use spec::SPEC;
use tell::facts_of;

use super::fault::{Act, Fault, Target, Verb};
use super::faults::{Faults, ToldFault, told_bytes};
use super::knob::Knobs;
use super::lab::{self, About, Model, Spec, Told};
use super::latency::Latencies;
use super::reading::Row;
use super::scene::Scene;
use crate::engine::queue::TimerKey;
use crate::engine::random::{Random, Stream};
use crate::engine::time::{Span, Time};
use crate::engine::world::{Context, World};

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The next request comes.
    Arrive,
    /// The worker with this number is done.
    Done(u32),
    /// The time of the fault with this number is over.
    Over(u32),
}

/// What is told.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fact {
    /// A request came.
    Arrived(u64),
    /// A request got a worker, after this wait, for this long.
    Started(u64, Span, Span),
    /// A request was refused: every waiting place was taken.
    Refused(u64),
    /// The queue grew to this many, twice as many as when that was last told.
    Growing(usize),
    /// The queue is empty again.
    Drained,
    /// A fault began.
    Began(u32),
    /// A fault ended.
    Ended(u32),
}

#[derive(Clone, Copy, Debug)]
struct Job {
    number: u64,
    came: Time,
    /// The number of the fact that it came.
    told: u64,
}

#[derive(Clone, Copy, Debug)]
struct Work {
    job: Job,
    began: Time,
    ends: Time,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Totals {
    arrivals: u64,
    done: u64,
    refused: u64,
    started: u64,
    wait: Span,
    sojourn: Span,
    busy: Span,
}

/// The world: a queue and its workers.
#[derive(Clone, Debug)]
pub struct Server {
    knobs: Knobs,
    rate: f64,
    service_time: Span,
    exponential: bool,
    queue_cap: usize,
    arrivals: Stream,
    services: Stream,
    queue: VecDeque<Job>,
    workers: Vec<Option<Work>>,
    busy: usize,
    /// Since when `busy` has its value.
    busy_since: Time,
    paused: Option<Time>,
    faults: Faults,
    /// Every fault so far; facts and timers name them by index.
    told: Vec<ToldFault>,
    totals: Totals,
    latencies: Latencies,
    grown: usize,
    /// The number of the fact that it grew to that.
    grew: Option<u64>,
}

impl World for Server {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        self.schedule_arrival(cx);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        match event {
            Event::Arrive => self.arrive(cx),
            Event::Done(worker) => self.done(worker as usize, cx),
            Event::Over(fault) => self.over(fault, cx),
        }
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Set(index, _, value) => {
                self.knobs.put(*index, *value);
                self.tune();
                self.fill(cx);
            }
            Act::Fault(fault) => self.begin(fault, cx)?,
        }
        Ok(())
    }

    fn sample(&mut self, now: Time, previous: &[f64], row: &mut Vec<f64>) {
        lab::sample(self, now, previous, row);
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.knobs.bytes()
            + self.queue.len() * size_of::<Job>()
            + self.workers.len() * size_of::<Option<Work>>()
            + self.faults.bytes()
            + told_bytes(&self.told)
            + self.latencies.bytes()
    }
}

impl Server {
    fn tune(&mut self) {
        self.rate = self.knobs.number("rate");
        self.service_time = self.knobs.span("service_time");
        self.exponential = self.knobs.is("service_distribution", "exponential");
        self.queue_cap = self.knobs.count("queue_cap");
        let workers = self.knobs.count("workers");
        // A worker that is taken away finishes what it does: see `fill`.
        if workers > self.workers.len() {
            self.workers.resize(workers, None);
        }
    }

    fn schedule_arrival(&self, cx: &mut Context<'_, Self>) {
        let rate = self.rate * self.faults.factor(Verb::Burst);
        let gap =
            self.arrivals.draw(self.totals.arrivals, 0).exponential(Span::from_secs(1)).times(1.0 / rate);
        cx.after(gap, Event::Arrive);
    }

    fn arrive(&mut self, cx: &mut Context<'_, Self>) {
        let number = self.totals.arrivals;
        self.totals.arrivals += 1;
        // Before the arrival is told: it does not lead to the next one.
        self.schedule_arrival(cx);
        let job = Job { number, came: cx.now(), told: cx.report(Fact::Arrived(number)) };
        self.queue.push_back(job);
        self.fill(cx);
        if self.queue.len() > self.queue_cap {
            self.queue.pop_back();
            self.totals.refused += 1;
            cx.report_because(Some(job.told), Fact::Refused(job.number));
        }
        let next = if self.grown == 0 { 5 * self.knobs.count("workers").max(2) } else { 2 * self.grown };
        if self.queue.len() >= next {
            self.grown = next;
            let growing = Fact::Growing(self.grown);
            let on = |told: &&ToldFault| self.faults.iter().any(|fault| *fault == told.fault);
            self.grew = Some(match self.told.iter().rev().find(on) {
                Some(fault) => cx.report_because(Some(fault.number), growing),
                None => cx.report(growing),
            });
        }
        self.check(cx);
    }

    /// Gives waiting requests to free workers.
    fn fill(&mut self, cx: &mut Context<'_, Self>) {
        let wanted = self.knobs.count("workers");
        while self.paused.is_none() && self.busy < wanted && !self.queue.is_empty() {
            let Some(worker) = self.workers.iter().position(Option::is_none) else { return };
            let Some(job) = self.queue.pop_front() else { return };
            let service = self.service(job.number);
            let ends = cx.now() + service;
            self.workers[worker] = Some(Work { job, began: cx.now(), ends });
            self.set_busy(self.busy + 1, cx.now());
            let wait = cx.now().since(job.came);
            self.totals.started += 1;
            self.totals.wait += wait;
            cx.report_because(Some(job.told), Fact::Started(job.number, wait, service));
            cx.set_timer(TimerKey(worker as u32), ends, Event::Done(worker as u32));
        }
        if self.queue.is_empty() && self.grown > 0 {
            self.grown = 0;
            cx.report_because(self.grew, Fact::Drained);
        }
    }

    /// How long the job holds a worker: a property of the job, scaled by what slows the server when it starts.
    fn service(&self, job: u64) -> Span {
        let drawn = if self.exponential {
            self.services.draw(job, 0).exponential(self.service_time)
        } else {
            self.service_time
        };
        drawn.times(self.faults.factor(Verb::Slow))
    }

    fn done(&mut self, worker: usize, cx: &mut Context<'_, Self>) {
        let Some(work) = self.workers.get_mut(worker).and_then(Option::take) else { return };
        self.set_busy(self.busy - 1, cx.now());
        let sojourn = cx.now().since(work.job.came);
        self.totals.done += 1;
        self.totals.sojourn += sojourn;
        self.latencies.add(sojourn);
        self.fill(cx);
        self.check(cx);
    }

    fn set_busy(&mut self, busy: usize, now: Time) {
        self.totals.busy = self.busy_time(now);
        self.busy_since = now;
        self.busy = busy;
    }

    /// Worker time spent so far.
    fn busy_time(&self, now: Time) -> Span {
        self.totals.busy + Span::from_nanos(now.since(self.busy_since).nanos() * self.busy as u64)
    }

    fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        let number = self.told.len() as u32;
        if fault.verb == Verb::Heal {
            if self.faults.iter().next().is_none() {
                return Err("Nothing is broken, so nothing can be healed.".into());
            }
            self.end_faults(|_| true, cx);
            return Ok(());
        }
        self.faults.add(fault);
        let told = cx.report(Fact::Began(number));
        self.told.push(ToldFault { fault: fault.clone(), began: cx.now(), number: told });
        if fault.verb == Verb::Pause && self.paused.is_none() {
            self.paused = Some(cx.now());
            (0..self.workers.len()).for_each(|worker| cx.cancel_timer(TimerKey(worker as u32)));
        }
        if let Some(lasts) = fault.lasts {
            cx.after(lasts, Event::Over(number));
        }
        Ok(())
    }

    fn over(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        if let Some(fault) = self.told.get(number as usize).map(|told| told.fault.clone()) {
            self.end_faults(|on| *on == fault, cx);
        }
    }

    fn end_faults(&mut self, which: impl Fn(&Fault) -> bool, cx: &mut Context<'_, Self>) {
        for number in 0..self.told.len() {
            let ToldFault { fault, number: began, .. } = self.told[number].clone();
            if which(&fault) && self.faults.remove(|on| *on == fault) {
                cx.report_because(Some(began), Fact::Ended(number as u32));
            }
        }
        let still_paused = self.faults.has(Verb::Pause);
        if let Some(since) = self.paused.filter(|_| !still_paused) {
            self.paused = None;
            let lost = cx.now().since(since);
            for (worker, work) in self.workers.iter_mut().enumerate() {
                if let Some(work) = work {
                    work.ends += lost;
                    cx.set_timer(TimerKey(worker as u32), work.ends, Event::Done(worker as u32));
                }
            }
            self.fill(cx);
        }
    }

    fn check(&self, cx: &mut Context<'_, Self>) {
        let t = self.totals;
        let inside = (self.queue.len() + self.busy) as u64;
        if t.arrivals != t.done + t.refused + inside {
            cx.broken(0, || {
                format!(
                    "{} came, but {} are done, refused or inside",
                    t.arrivals,
                    t.done + t.refused + inside
                )
            });
        }
        if self.paused.is_none() && !self.queue.is_empty() && self.busy < self.knobs.count("workers") {
            cx.broken(1, || format!("{} wait while only {} workers are busy", self.queue.len(), self.busy));
        }
    }
}

impl Model for Server {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let mut server = Self {
            knobs: knobs.clone(),
            rate: 0.0,
            service_time: Span::ZERO,
            exponential: true,
            queue_cap: 0,
            arrivals: random.stream("arrival"),
            services: random.stream("service"),
            queue: VecDeque::new(),
            workers: Vec::new(),
            busy: 0,
            busy_since: Time::ZERO,
            paused: None,
            faults: Faults::default(),
            told: Vec::new(),
            totals: Totals::default(),
            latencies: Latencies::default(),
            grown: 0,
            grew: None,
        };
        server.tune();
        server
    }

    fn parts(_: &Knobs) -> Vec<Target> {
        ["server", "users", "all"].map(|name| Target::new(name, name)).into()
    }

    fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    fn levels(&self, now: Time, row: &mut Row) {
        let t = self.totals;
        let mean = |sum: Span, n: u64| if n == 0 { f64::NAN } else { sum.secs() / n as f64 };
        row.count("queue", self.queue.len() as u64);
        row.count("busy", self.busy as u64);
        row.put("wait_mean_s", mean(t.wait, t.started));
        row.put("sojourn_mean_s", mean(t.sojourn, t.done));
        let offered = now.secs() * self.knobs.count("workers") as f64;
        row.put("utilisation", if offered > 0.0 { self.busy_time(now).secs() / offered } else { f64::NAN });
        row.count("arrivals", t.arrivals);
        row.count("done", t.done);
        row.count("refused", t.refused);
    }

    fn second(&mut self, row: &mut Row) {
        row.put("p50_s", self.latencies.quantile(0.50));
        row.put("p99_s", self.latencies.quantile(0.99));
        self.latencies.clear();
    }

    fn tell(&self, fact: &Fact) -> Told {
        self.told_fact(fact)
    }

    fn is_notable(&self, fact: &Fact) -> bool {
        fact.request().is_none()
    }

    fn about(&self, id: &str) -> Option<About<'_, Fact>> {
        facts_of(id)
    }

    fn scene(&self, now: Time) -> Scene {
        self.picture(now)
    }
}
