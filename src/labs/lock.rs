//! Clients that take turns under a lock, lock servers of six designs, and a store that may look at tokens.
//!
//! ```text
//! clients A, B, C --- take, renew, give back ---> lock servers
//!        |
//!        +--- read, work, write ---> store
//! ```
//! What a client believes, whose lock it is by the servers, and what the store takes are three things: an observer looks at
//! all of them after every event. Each design is driven through its type in [`patterns::lock`](crate::patterns::lock), on
//! machines of a [`Cluster`](super::cluster::Cluster), by their own clocks.
//!
//! With the design `all` six worlds run side by side, each with its own copy of clients, servers and store. A fault hits the
//! part of that name in each that has it. Draws are about a client and its piece of work, and not about a design.

mod about;
mod agent;
mod client;
mod config;
mod design;
mod fact;
mod faults;
mod history;
mod message;
mod observer;
mod parts;
mod readings;
mod scene;
mod server;
mod side;
mod spec;
mod store;
mod tell;

use self::config::Config;
use self::design::Design;
pub use self::fact::{Fact, What};
use self::message::Message;
use self::side::Side;
pub use self::spec::SPEC;
use super::fault::{Act, Target};
use super::knob::Knobs;
use super::lab::{self, About, Model, Spec, Told};
use super::reading::Row;
use super::scene::Scene;
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::random::{Random, Stream};
use crate::engine::time::{Span, Time};
use crate::engine::world::{Context, World};

/// What can happen; the first number is that of the design.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A message is due.
    Arrive(u8, u32),
    /// Something of a node is due.
    Timer(u8, Node),
    /// The lag of a write to the replica is over.
    Replicate(u8),
    /// A master has been down for so long that its replica takes over.
    Sentinel(u8, Node),
    /// A client stands still by itself, in this piece of work.
    Stop(u8, Node, u32),
    /// It goes on, in this life of its process.
    Go(u8, Node, u16),
    /// The time of a fault is over.
    Over(u8, u32),
}

/// Invariants, by their place in the specification.
const CONSERVED: usize = 0;
const TOKENS: usize = 1;
const OWN: usize = 2;
const FENCED: usize = 3;
const ONE: usize = 4;
const LOST: usize = 5;
const FOREIGN: usize = 6;
const UNIQUE: usize = 7;

/// More than the nodes of any design.
const STRIDE: u32 = 64;
/// Clients ask for the first time so long after each other.
const APART: Span = Span::from_millis(200);

/// The world: one design, or all.
#[derive(Clone, Debug)]
pub struct Locks {
    knobs: Knobs,
    config: Config,
    sides: Vec<Side>,
    /// Of pieces of work.
    jobs: Stream,
    /// Of everything else that a client does.
    lucks: Stream,
    /// The fact of the fault whose end was told last.
    told_over: Option<u64>,
}

impl World for Locks {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        for s in 0..self.sides.len() {
            for node in 0..self.sides[s].store_node() {
                let later =
                    APART.times(f64::from(node)) + APART.times(0.5 * self.jobs.draw(node.into(), 0).unit());
                self.client_starts(s, node, APART + later, cx);
            }
            for node in self.sides[s].servers() {
                self.arm_server(s, node, cx);
            }
            self.observe(s, cx);
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        let s = match event {
            Event::Arrive(s, _)
            | Event::Timer(s, _)
            | Event::Replicate(s)
            | Event::Sentinel(s, _)
            | Event::Stop(s, ..)
            | Event::Go(s, ..)
            | Event::Over(s, _) => usize::from(s),
        };
        match event {
            Event::Arrive(_, number) => self.arrive(s, number, cx),
            Event::Timer(_, node) if node < self.sides[s].store_node() => self.client_timer(s, node, cx),
            Event::Timer(_, node) => self.server_timer(s, node, cx),
            Event::Replicate(_) => self.replicate_next(s, cx),
            Event::Sentinel(_, node) => self.sentinel(s, node, cx),
            Event::Stop(_, node, job) => self.stops(s, node, job, cx),
            Event::Go(_, node, life) => self.goes_on(s, node, life, cx),
            Event::Over(_, number) => self.fault_over(s, number, cx),
        }
        self.observe(s, cx);
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Set(index, _, value) => {
                let index32 = u32::try_from(*index).unwrap_or(u32::MAX);
                cx.report(Fact { side: 0, what: What::Tuned(index32) });
                self.knobs.put(*index, *value);
                self.config = Config::read(&self.knobs);
                for side in &mut self.sides {
                    side.cluster.network.set_weather(self.config.weather);
                }
                Ok(())
            }
            Act::Fault(fault) => self.begin(fault, cx),
        }
    }

    fn sample(&mut self, now: Time, previous: &[f64], row: &mut Vec<f64>) {
        lab::sample(self, now, previous, row);
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.knobs.bytes()
            + self.sides.iter().map(|side| size_of::<Side>() + side.bytes()).sum::<usize>()
    }
}

/// The number of a design as events carry it.
#[expect(clippy::cast_possible_truncation, reason = "there are six designs")]
const fn key(s: usize) -> u8 {
    s as u8
}

impl Locks {
    /// What makes the event of a message's arrival, under each design.
    fn arrival(&self, s: usize) -> fn(u32) -> Event {
        const ARRIVALS: [fn(u32) -> Event; 6] = [
            |number| Event::Arrive(0, number),
            |number| Event::Arrive(1, number),
            |number| Event::Arrive(2, number),
            |number| Event::Arrive(3, number),
            |number| Event::Arrive(4, number),
            |number| Event::Arrive(5, number),
        ];
        debug_assert!(s < self.sides.len());
        ARRIVALS[s.min(5)]
    }

    fn send(&mut self, s: usize, way: (Node, Node), message: Message, cx: &mut Context<'_, Self>) {
        let arrival = self.arrival(s);
        if !message.is_for_store() {
            self.sides[s].counts.messages += 1;
        }
        let label = message.label();
        self.sides[s].cluster.send(way, message, label, cx, arrival);
    }

    /// A message is due, and reaches whoever it is for.
    fn arrive(&mut self, s: usize, number: u32, cx: &mut Context<'_, Self>) {
        let refused = self.asked_of_nobody(s, number);
        if let Some(flight) = self.sides[s].cluster.arrive(number, cx.now()) {
            return self.receive(s, (flight.from, flight.to), &flight.message, cx);
        }
        // A machine whose process is gone refuses the connection at once.
        if let Some((way, refusal)) = refused {
            self.send(s, way, refusal, cx);
        }
    }

    fn asked_of_nobody(&self, s: usize, number: u32) -> Option<((Node, Node), Message)> {
        let cluster = &self.sides[s].cluster;
        let flight = cluster.network.flight(number)?;
        let cut = cluster.network.is_cut(flight.from, flight.to);
        let gone = !cut && !cluster.host(flight.to).up;
        gone.then(|| flight.message.refusal().map(|refusal| ((flight.to, flight.from), refusal)))?
    }

    fn receive(&mut self, s: usize, (from, to): (Node, Node), message: &Message, cx: &mut Context<'_, Self>) {
        let store = self.sides[s].store_node();
        match message {
            Message::Command(life, call) => self.commanded(s, (from, to), (*life, *call), cx),
            Message::Packet(life, packet) => self.packet(s, (from, to), (*life, *packet), cx),
            Message::Call(life, call) => self.called(s, (from, to), (*life, *call), cx),
            Message::Effect(_) | Message::Behind | Message::Copy(_) => {
                self.replicated(s, (from, to), message, cx);
            }
            _ if to == store => self.store_receives(s, from, message, cx),
            _ if to < store => self.client_receives(s, to, message, cx),
            _ => {}
        }
    }

    fn set_timer(s: usize, node: Node, at: Time, cx: &mut Context<'_, Self>) {
        let timer = TimerKey(u32::from(key(s)) * STRIDE + u32::from(node));
        if at == Time::NEVER {
            cx.cancel_timer(timer);
        } else {
            cx.set_timer(timer, at, Event::Timer(key(s), node));
        }
    }

    fn report(s: usize, what: What, cx: &mut Context<'_, Self>) {
        cx.report(Fact { side: key(s), what });
    }

    fn broken(&self, s: usize, invariant: usize, words: &str, cx: &mut Context<'_, Self>) {
        cx.broken(invariant, || {
            if self.is_several() { format!("{}: {words}", self.title(s)) } else { words.to_owned() }
        });
    }

    fn name(&self, s: usize, node: Node) -> &str {
        self.sides[s].cluster.name(node)
    }

    /// Whether more than one design runs.
    const fn is_several(&self) -> bool {
        self.sides.len() > 1
    }

    fn title(&self, s: usize) -> &'static str {
        self.sides[s].design.word()
    }
}

impl Model for Locks {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let config = Config::read(knobs);
        let delays = random.stream("delay");
        // The clocks of ZooKeeper and etcd have been running: sessions begin anywhere between two edges of a tick.
        let phase = Span::from_secs(60) + config.tick.times(random.stream("phase").draw(0, 0).unit());
        let side = |design: &Design| Side::new(&config, *design, delays, phase);
        Self {
            sides: config.designs.iter().map(side).collect(),
            jobs: random.stream("job"),
            lucks: random.stream("luck"),
            told_over: None,
            knobs: knobs.clone(),
            config,
        }
    }

    fn parts(knobs: &Knobs) -> Vec<Target> {
        let config = Config::read(knobs);
        let clients = (0..config.clients).map(|id| Target::new(char::from(b'A' + id).to_string(), "client"));
        let mut parts: Vec<Target> = [Target::new("holder", "client")].into_iter().chain(clients).collect();
        for (name, kind) in config.designs.iter().flat_map(|design| design.servers(config.servers)) {
            match parts.iter_mut().find(|part| part.name == name) {
                // In one design it is more than in another.
                Some(known) if kind == "master" => known.kind = kind,
                Some(_) => {}
                None => parts.push(Target::new(name, kind)),
            }
        }
        parts.push(Target::new("store", "store"));
        parts.extend(["lock", "clients"].map(|name| Target::new(name, "group")));
        parts.push(Target::new("all", "all"));
        parts.extend(Target::by_age());
        parts
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
        tell::is_notable(fact.what)
    }

    fn about(&self, id: &str) -> Option<About<'_, Fact>> {
        self.facts_of(id)
    }

    fn scene(&self, now: Time) -> Scene {
        self.picture(now)
    }
}
