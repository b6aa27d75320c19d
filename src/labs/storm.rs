//! Clients that retry, a server with a queue, and what keeps them down after the cause is gone.
//!
//! ```text
//! clients --> (layers that retry too) --> queue --> server: workers
//!    ^            retries                                |
//!    +----------- timeout, rejection, error -------------+
//! ```
//! An attempt waits in the queue, then holds a worker. A client that has waited long enough gives up and may try again;
//! the server does not hear of it, and works the abandoned attempt off all the same. With open arrivals requests come
//! whatever happens; with closed ones each client waits for its answer, thinks, and asks again.
//!
//! Every draw is about a request and its attempt, so another retry policy sees the same requests and service times.
//! With the knob `contention` the clients race for one row instead of calling a server: see `contention.rs`.

#![allow(
    clippy::cast_possible_truncation,
    reason = "attempts, layers, workers and faults are far below 2^32"
)]

mod about;
mod clients;
mod config;
mod contention;
mod fact;
mod faults;
mod health;
mod parts;
mod protection;
mod readings;
mod scene;
mod server;
mod spec;
mod tell;

use slotmap::SlotMap;

use self::config::Config;
use self::contention::Race;
pub use self::fact::{Ending, Fact, Failure};
use self::health::Health;
use self::protection::Protection;
use self::server::Server;
pub use self::spec::SPEC;
use super::fault::{Act, Target};
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
use crate::patterns::breaker::Permit;

slotmap::new_key_type! {
    /// A request at one layer: a user's at the client, or a call of one layer at the next.
    pub struct TaskKey;
}

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The next request comes (open arrivals).
    Arrive,
    /// This client has thought long enough (closed arrivals).
    Think(u32),
    /// The patience with this attempt is over.
    Timeout(TaskKey, u8),
    /// The patience with the whole request is over.
    Deadline(TaskKey),
    /// The wait before a further attempt is over.
    Retry(TaskKey),
    /// The worker with this number is done with the attempt that it began as its n-th.
    Done(u32, u32),
    /// A second is over.
    Tick,
    /// The breaker may do something by itself.
    BreakerTimer,
    /// Contention: a message of this client arrives.
    Race(contention::Step, u32),
    /// The time of the fault with this number is over.
    Over(u32),
}

/// Where a task is with its current attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// The attempt waits in the queue of the server.
    Queued,
    /// It is served, or the next layer works on it.
    Called,
    /// It failed; the next one is due later.
    Sleeping,
}

/// A request at one layer, until it is answered or has failed.
#[derive(Clone, Copy, Debug)]
struct Task {
    /// What its randomness is about: the request's number at the client, a number of its own behind it.
    subject: u64,
    came: Time,
    /// When the current attempt went out.
    asked: Time,
    /// When who asked for it gives up; never, if that is unknown here.
    expires: Time,
    /// The last wait.
    slept: Span,
    /// Whose attempt it answers, and which; none at the client.
    parent: Option<TaskKey>,
    /// The client, if arrivals are closed.
    client: u32,
    /// The number of the fact that it came, if that was told.
    told: Option<u32>,
    parent_attempt: u8,
    /// The current attempt, from 1; 0 before the first.
    attempt: u8,
    level: u8,
    stage: Stage,
    permit: Option<Permit>,
    /// What the last retry cost of a quota.
    paid: u8,
}

/// What has been counted since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    arrivals: u64,
    good: u64,
    failed: u64,
    denied: u64,
    attempts: u64,
    retries: u64,
    timeouts: u64,
    rejected: u64,
    late_in_tiers: u64,
    held_back: u64,
    conflicts: u64,
    /// Calls made by each layer, rejected ones too.
    calls: [u64; 4],
}

/// Counts at the last sample, for what is measured by the second.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    at: Time,
    arrivals: u64,
    attempts: u64,
    worked_s: f64,
    wasted_s: f64,
}

/// The draws, each about a request or a client and which of its attempts.
#[derive(Clone, Copy, Debug)]
struct Streams {
    arrival: Stream,
    think: Stream,
    service: Stream,
    backoff: Stream,
    error: Stream,
    shed: Stream,
    layer: Stream,
    throttle: Stream,
    network: Stream,
}

/// The world: clients, layers and a server.
#[derive(Clone, Debug)]
pub struct Storm {
    knobs: Knobs,
    config: Config,
    streams: Streams,
    tasks: SlotMap<TaskKey, Task>,
    /// Requests of users that are not over, and of those the ones that sleep before a retry.
    in_flight: u64,
    sleeping: u64,
    /// How often each client has asked, if arrivals are closed.
    asked: Vec<u32>,
    protection: Protection,
    server: Server,
    race: Race,
    faults: Faults,
    /// Every fault so far; facts and timers name them by index.
    told: Vec<ToldFault>,
    /// When the next request comes, if arrivals are open.
    next_arrival: Time,
    /// Attempts that an error fault with `first N` has still to fail.
    errors_left: Option<u64>,
    totals: Totals,
    last: Last,
    latencies: Latencies,
    health: Health,
}

/// The timer of the breaker.
const BREAKER_TIMER: TimerKey = TimerKey(0);
/// The timer of the next request, if arrivals are open.
const ARRIVAL_TIMER: TimerKey = TimerKey(1);

impl World for Storm {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        if self.race.is_on() {
            self.start_race(cx);
        } else if self.config.closed {
            self.start_clients(cx);
        } else {
            self.schedule_arrival(cx);
        }
        cx.after(Span::from_secs(1), Event::Tick);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        match event {
            Event::Arrive => self.arrive(cx),
            Event::Think(client) => self.arrive_client(client, cx),
            Event::Timeout(task, attempt) => self.timed_out(task, attempt, cx),
            Event::Deadline(task) => self.deadline_passed(task, cx),
            Event::Retry(task) => self.wake(task, cx),
            Event::Done(worker, nth) => self.done(worker, nth, cx),
            Event::Tick => self.tick(cx),
            Event::BreakerTimer => self.breaker_timer(cx),
            Event::Race(step, client) => self.race_on(step, client, cx),
            Event::Over(fault) => self.fault_over(fault, cx),
        }
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Set(index, _, value) => self.set(*index, *value, cx),
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
            + self.tasks.capacity() * (size_of::<Task>() + size_of::<u64>())
            + self.asked.len() * size_of::<u32>()
            + self.server.bytes()
            + self.race.bytes()
            + self.protection.bytes()
            + self.faults.bytes()
            + told_bytes(&self.told)
            + self.latencies.bytes()
            + self.health.bytes()
    }
}

impl Storm {
    fn set(&mut self, index: usize, value: super::knob::Value, cx: &mut Context<'_, Self>) {
        cx.report(Fact::Tuned(index as u32));
        let rate = self.rate();
        self.knobs.put(index, value);
        let before = std::mem::replace(&mut self.config, Config::read(&self.knobs));
        self.renew_protection(&before, cx.now());
        self.server.tune(&self.config);
        self.serve(cx);
        self.retime_arrival(rate, cx);
    }

    /// What must hold after every event that moves a request.
    fn check(&self, cx: &mut Context<'_, Self>) {
        let t = &self.totals;
        if t.arrivals != t.good + t.failed + self.in_flight {
            let (good, failed, inside) = (t.good, t.failed, self.in_flight);
            cx.broken(0, || {
                format!(
                    "{} came, {good} are answered, {failed} have failed and {inside} are open",
                    t.arrivals
                )
            });
        }
        if let Some(facts) = self.server.unaccounted(t.attempts, t.rejected).filter(|_| !self.race.is_on()) {
            cx.broken(1, || facts);
        }
    }
}

impl Model for Storm {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let config = Config::read(knobs);
        let streams = Streams {
            arrival: random.stream("arrival"),
            think: random.stream("think"),
            service: random.stream("service"),
            backoff: random.stream("backoff"),
            error: random.stream("error"),
            shed: random.stream("shed"),
            layer: random.stream("layer"),
            throttle: random.stream("throttle"),
            network: random.stream("network"),
        };
        let race = Race::new(knobs);
        let asked =
            if config.closed && !race.is_on() { vec![0; config.clients as usize] } else { Vec::new() };
        Self {
            protection: Protection::new(&config, Time::ZERO),
            server: Server::new(&config),
            knobs: knobs.clone(),
            config,
            streams,
            tasks: SlotMap::with_key(),
            in_flight: 0,
            sleeping: 0,
            asked,
            race,
            faults: Faults::default(),
            told: Vec::new(),
            next_arrival: Time::NEVER,
            errors_left: None,
            totals: Totals::default(),
            last: Last::default(),
            latencies: Latencies::default(),
            health: Health::default(),
        }
    }

    fn parts(_: &Knobs) -> Vec<Target> {
        ["server", "clients", "all"].map(|name| Target::new(name, name)).into()
    }

    fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    fn levels(&self, now: Time, row: &mut Row) {
        self.read_levels(now, row);
    }

    fn second(&mut self, row: &mut Row) {
        self.read_second(row);
    }

    fn tell(&self, fact: &Fact) -> Told {
        self.told_fact(fact)
    }

    fn is_notable(&self, fact: &Fact) -> bool {
        tell::is_notable(fact)
    }

    fn about(&self, id: &str) -> Option<About<'_, Fact>> {
        self.facts_of(id)
    }

    fn scene(&self, now: Time) -> Scene {
        self.picture(now)
    }
}
