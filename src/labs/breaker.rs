//! Users, a gateway, order-service and payments: what a hanging dependency takes down, and what a breaker saves.
//!
//! ```text
//! users --> gateway --> order-service A, B, C ... --[breaker]--> payments: shard-1 ... shard-5
//! ```
//! A request holds a thread of the gateway, and then one of its caller (an instance of order-service), until it is
//! answered. A share of the requests needs payments: their threads wait for the answer, the error or the timeout.
//! Abandoned calls are worked off all the same: a timeout does not reach the server.
//!
//! Every draw is about a request and its attempt, so another breaker or another retry policy sees the same
//! requests, the same service times and the same failures.

#![allow(
    clippy::cast_possible_truncation,
    reason = "numbers of parts, threads and faults are far below 2^32"
)]

mod about;
mod blame;
mod calls;
mod config;
mod fact;
mod faults;
mod guard;
mod parts;
mod payments;
mod readings;
mod requests;
mod scene;
mod spec;
mod tell;

use std::collections::VecDeque;

use slotmap::SlotMap;

use self::about::is_notable;
use self::config::Config;
pub use self::fact::{CallEnd, Fact, Owner};
use self::guard::Guards;
use self::payments::{CallKey, Payments};
pub use self::spec::SPEC;
use super::fault::{Act, Fault, Target};
use super::faults::{Faults, ToldFault};
use super::knob::Knobs;
use super::lab::{self, About, Model, Spec, Told};
use super::latency::Latencies;
use super::reading::Row;
use super::scene::Scene;
use crate::engine::random::{Random, Stream};
use crate::engine::time::Time;
use crate::engine::world::{Context, World};
use crate::patterns::breaker::Permit;

slotmap::new_key_type! {
    /// A request that holds a thread of its caller, or waits for one.
    pub struct RequestKey;
}

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The next user comes (open arrivals).
    Arrive,
    /// The next request of a bad client comes.
    Bad,
    /// This user has thought long enough (closed arrivals).
    Think(u32),
    /// order-service has done its own work on a request.
    Worked(RequestKey),
    /// The wait before a further attempt is over.
    Retry(RequestKey),
    /// payments has finished a call.
    Served(CallKey),
    /// The caller's patience with an attempt is over.
    CallTimeout(RequestKey, u32),
    /// The gateway's patience with order-service is over.
    GatewayTimeout(RequestKey),
    /// A breaker may do something by itself.
    BreakerTimer(u32),
    /// The time of the fault with this number is over.
    Over(u32),
}

/// A request that has been let in by its caller.
#[derive(Clone, Copy, Debug)]
struct Request {
    number: u64,
    kind: Kind,
    came: Time,
    caller: u32,
    shard: u32,
    /// The attempt that runs or ran last, counted from 0.
    attempt: u32,
    stage: Stage,
    /// When the wait before a further attempt is over, if it sleeps.
    wakes: Time,
    /// When the attempt that runs began; with retries inside the breaker, when the first did.
    asked: Time,
    permit: Option<Permit>,
    /// The call of the attempt that runs.
    call: Option<CallKey>,
    /// Whether the gateway still waits.
    awaited: bool,
    /// The user, if arrivals are closed.
    user: Option<u32>,
    /// The number of the latest fact about it.
    told: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Browse,
    Pay,
    Bad,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Queued,
    Working,
    /// Waits for payments.
    Blocked,
    /// Sleeps before a further attempt.
    Sleeping,
}

/// An instance of order-service.
#[derive(Clone, Debug, Default)]
struct Caller {
    busy: usize,
    blocked: usize,
    sleeping: usize,
    queue: VecDeque<RequestKey>,
    down: bool,
    full: bool,
    /// The number of the fact that it became full.
    told: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Streams {
    arrival: Stream,
    bad: Stream,
    think: Stream,
    kind: Stream,
    shard: Stream,
    service: Stream,
    error: Stream,
    fault: Stream,
    backoff: Stream,
    jitter: Stream,
}

/// Everything that has been counted.
#[derive(Clone, Copy, Default, Debug)]
struct Totals {
    requests: u64,
    bad: u64,
    bad_requests: u64,
    browse_ok: u64,
    pay_ok: u64,
    slow_err: u64,
    fast_err: u64,
    fallback: u64,
    rejected: u64,
    wrongly_rejected: u64,
    payments_calls: u64,
    attempts: u64,
    retries_made: u64,
    timeouts: u64,
    refused_full: u64,
    order_full: Option<Time>,
    gateway_full: Option<Time>,
    first_rejected: Option<Time>,
}

/// The world.
#[derive(Clone, Debug)]
pub struct Shop {
    knobs: Knobs,
    config: Config,
    streams: Streams,
    gateway_busy: usize,
    gateway_is_full: bool,
    callers: Vec<Caller>,
    requests: SlotMap<RequestKey, Request>,
    payments: Payments,
    guards: Guards,
    faults: Faults,
    /// Every fault so far; facts and timers name them by index.
    told: Vec<ToldFault>,
    tuned: Vec<String>,
    /// Faults that fail the first so many calls, and how many are left.
    counted: Vec<(Fault, u64)>,
    thoughts: Vec<u64>,
    totals: Totals,
    latencies: Latencies,
}

impl World for Shop {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        if self.config.closed_loop {
            (0..self.config.clients as u32).for_each(|user| self.think(user, cx));
        } else {
            self.schedule_arrival(cx);
        }
        self.set_breaker_timers(cx);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        match event {
            Event::Arrive => self.arrive(cx),
            Event::Bad => self.arrive_bad(cx),
            Event::Think(user) => self.arrive_user(user, cx),
            Event::Worked(request) => self.worked(request, cx),
            Event::Retry(request) => self.retry(request, cx),
            Event::Served(call) => self.served(call, cx),
            Event::CallTimeout(request, attempt) => self.call_timeout(request, attempt, cx),
            Event::GatewayTimeout(request) => self.gateway_timeout(request, cx),
            Event::BreakerTimer(number) => self.breaker_timer(number as usize, cx),
            Event::Over(fault) => self.fault_over(fault, cx),
        }
        self.check(cx);
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Fault(fault) => self.begin(fault, cx),
            Act::Set(index, _, value) => {
                self.knobs.put(*index, *value);
                self.config = Config::read(&self.knobs);
                let told = self.tuned.len() as u32;
                self.tuned.push(act.to_string());
                cx.report(Fact::Tuned(told));
                if SPEC.knobs.get(*index).is_some_and(|knob| knob.group == "breaker") {
                    self.guards.rebuild(&self.config, &self.knobs, self.streams.jitter, cx.now());
                    self.set_breaker_timers(cx);
                }
                self.fill(cx);
                Ok(())
            }
        }
    }

    fn sample(&mut self, now: Time, previous: &[f64], row: &mut Vec<f64>) {
        lab::sample(self, now, previous, row);
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.held_bytes()
    }
}

impl Model for Shop {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let config = Config::read(knobs);
        let streams = Streams {
            arrival: random.stream("arrival"),
            bad: random.stream("bad client"),
            think: random.stream("think"),
            kind: random.stream("kind"),
            shard: random.stream("shard"),
            service: random.stream("service"),
            error: random.stream("error"),
            fault: random.stream("fault"),
            backoff: random.stream("backoff"),
            jitter: random.stream("open jitter"),
        };
        Self {
            knobs: knobs.clone(),
            guards: Guards::build(&config, knobs, streams.jitter, Time::ZERO),
            callers: vec![Caller::default(); config.callers],
            payments: Payments::new(config.shards),
            thoughts: vec![0; if config.closed_loop { config.clients } else { 0 }],
            config,
            streams,
            gateway_busy: 0,
            gateway_is_full: false,
            requests: SlotMap::with_key(),
            faults: Faults::default(),
            told: Vec::new(),
            tuned: Vec::new(),
            counted: Vec::new(),
            totals: Totals::default(),
            latencies: Latencies::default(),
        }
    }

    fn parts(knobs: &Knobs) -> Vec<Target> {
        let mut parts = vec![Target::new("payments", "payments")];
        parts.extend((1..=knobs.count("shards")).map(|i| Target::new(format!("shard-{i}"), "shard")));
        parts.extend((0..knobs.count("callers")).map(|i| Target::new(caller_name(i), "caller")));
        parts.extend([Target::new("users", "users"), Target::new("all", "all")]);
        parts
    }

    fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    fn levels(&self, now: Time, row: &mut Row) {
        self.read_levels(now, row);
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
        is_notable(fact)
    }

    fn about(&self, id: &str) -> Option<About<'_, Fact>> {
        self.facts_of(id)
    }

    fn scene(&self, now: Time) -> Scene {
        self.picture(now)
    }
}

impl Shop {
    /// What must hold after every event.
    fn check(&self, cx: &mut Context<'_, Self>) {
        let t = &self.totals;
        let answered = t.browse_ok + t.pay_ok + t.slow_err + t.fast_err + t.fallback + t.bad_requests;
        let (came, inside) = (t.requests + t.bad, self.gateway_busy as u64);
        if came != answered + inside {
            cx.broken(4, || format!("{came} requests came, {answered} are answered and {inside} are inside"));
        }
    }
}

/// The name of caller number `index`: A to Z, then c27, c28 …
fn caller_name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(letter) if letter < 26 => char::from(b'A' + letter).to_string(),
        _ => format!("c{}", index + 1),
    }
}
