//! Paxos with its agents on a network: one value by hand, or a sequence under a leader with a lease.
//!
//! ```text
//! single   P1 P2 --- prepare, accept ---> A B C --- accepted ---> P1 P2, L
//! multi    client --- write, read ---> A B C, each proposer, acceptor and learner
//! ```
//! In single mode agents are those of [`crate::patterns::paxos`]: acceptors write to disk before they answer, a proposer
//! that was refused waits and begins anew. Delivered by hand, nobody does anything of himself. In multi mode each node is a
//! [`crate::patterns::paxos::multi::MultiPaxos`], its timers run by its own clock. An observer sees every acceptance that
//! is on a disk, and looks at the guarantees at every event.
//!
//! A duel is a race: who was refused must come back before the other has used its promises. On an even network it is always
//! late, as the way there is as long for both. It can win only where an acceptor's disk holds the promise back for longer
//! than the loser waits.

mod about;
mod client;
mod config;
mod fact;
mod faults;
mod multi;
mod parts;
mod possible;
mod readings;
mod scene;
mod single;
mod spec;
mod tell;
mod watch;

use self::client::{Client, Request};
use self::config::Config;
pub use self::fact::Fact;
use self::multi::Replica;
use self::single::Single;
pub use self::spec::SPEC;
use self::watch::Watch;
use super::cluster::Cluster;
use super::fault::{Act, Target};
use super::knob::Knobs;
use super::lab::{self, About, Model, Spec, Told};
use super::reading::Row;
use super::scene::Scene;
use crate::engine::network::Node;
use crate::engine::random::{Random, Stream};
use crate::engine::time::{Span, Time};
use crate::engine::world::{Context, World};
use crate::patterns::paxos::{self as rules, multi as many};

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A message is due.
    Arrive(u32),
    /// A proposer, or a replica that hears no leader, has waited long enough.
    Again(Node),
    /// A leader asks for its lease to go on.
    Renew(Node),
    /// The oldest write of an acceptor is on its disk, in this life of the process.
    Synced(Node, u32),
    /// The client asks for something.
    Think,
    /// The client has waited long enough.
    Patience,
    /// The time of a fault is over.
    Over(u32),
}

/// What travels.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Message {
    /// Between agents that want one value.
    Single(rules::Message),
    /// Between replicas.
    Multi(many::Message),
    /// From the client.
    Ask(Request),
    /// To the client: the version, or no answer and who may lead.
    Answer(Request, Result<many::Slot, Option<Node>>),
}

/// The world: agents and a network.
#[derive(Clone, Debug)]
pub struct Paxos {
    knobs: Knobs,
    config: Config,
    /// Acceptors, proposers, the learner; or replicas and the client.
    cluster: Cluster<Message>,
    single: Single,
    replicas: Vec<Replica>,
    client: Client,
    watch: Watch,
    starts: Stream,
    wants: Stream,
    rounds: u64,
    duels: u64,
    refused: u64,
    accepted: u64,
    messages: u64,
    steps: u64,
    leaders: u64,
}

impl World for Paxos {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        for node in 0..self.cluster.network.nodes() {
            self.look(node, cx.now());
        }
        if self.config.multi { self.start_multi(cx) } else { self.start_single(cx) }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        match event {
            Event::Arrive(number) => {
                if let Some(flight) = self.cluster.arrive(number, cx.now()) {
                    self.receive(flight.from, flight.to, &flight.message, cx);
                }
            }
            Event::Again(node) if self.config.multi => self.suspects(node, cx),
            Event::Again(node) => self.again(node, cx),
            Event::Renew(node) => self.renews(node, cx),
            Event::Synced(node, life) => self.synced(node, life, cx),
            Event::Think => self.client_wakes(cx),
            Event::Patience => self.out_of_patience(cx),
            Event::Over(number) => self.fault_over(number, cx),
        }
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Set(index, _, value) => {
                cx.report(Fact::Tuned(u32::try_from(*index).unwrap_or(u32::MAX)));
                self.knobs.put(*index, *value);
                self.config = Config::read(&self.knobs);
                self.cluster.network.set_weather(self.config.weather);
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
            + self.cluster.bytes()
            + self.single.bytes()
            + self.replicas.iter().map(Replica::bytes).sum::<usize>()
            + self.client.latencies.bytes()
            + self.watch.bytes()
    }
}

impl Paxos {
    fn receive(&mut self, from: Node, to: Node, message: &Message, cx: &mut Context<'_, Self>) {
        self.steps += 1;
        match message {
            Message::Single(message) => self.step_single(message, cx),
            Message::Multi(message) => self.step_multi(message, cx),
            Message::Ask(request) => self.asked(to, *request, cx),
            Message::Answer(request, answer) => self.answered(from, *request, *answer, cx),
        }
    }
}

impl Model for Paxos {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let config = Config::read(knobs);
        let replica = |id| Replica::new(&config, id);
        Self {
            cluster: Cluster::new(names(&config, knobs), config.weather, random.stream("delay")),
            single: Single::new(&config),
            replicas: (0..config.acceptors()).filter(|_| config.multi).map(replica).collect(),
            client: Client::default(),
            watch: Watch::new(config.rules),
            starts: random.stream("start"),
            wants: random.stream("want"),
            rounds: 0,
            duels: 0,
            refused: 0,
            accepted: 0,
            messages: 0,
            steps: 0,
            leaders: 0,
            knobs: knobs.clone(),
            config,
        }
    }

    fn parts(knobs: &Knobs) -> Vec<Target> {
        let config = Config::read(knobs);
        let groups: &[&str] = if config.multi { &["replicas"] } else { &["acceptors", "proposers"] };
        let mut parts = names(&config, knobs);
        if config.multi {
            parts.push(Target::new("leader", "replica"));
        }
        parts.extend(groups.iter().map(|name| Target::new(*name, "group")));
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
        self.is_worth_a_mark(fact)
    }

    fn about(&self, id: &str) -> Option<About<'_, Fact>> {
        self.facts_of(id)
    }

    fn scene(&self, now: Time) -> Scene {
        self.picture(now)
    }
}

/// The nodes: acceptors are A, B and so on in either mode.
fn names(config: &Config, knobs: &Knobs) -> Vec<Target> {
    let letter = |id: u8| char::from(b'A' + id).to_string();
    let kind = if config.multi { "replica" } else { "acceptor" };
    let mut names: Vec<Target> = (0..config.acceptors()).map(|id| Target::new(letter(id), kind)).collect();
    if config.multi {
        if knobs.is_on("clients") && !config.by_hand {
            names.push(Target::new("client", "client"));
        }
    } else {
        names.extend((1..=config.proposers).map(|id| Target::new(format!("P{id}"), "proposer")));
        names.push(Target::new("L", "learner"));
    }
    names
}

/// No time at all.
const NOW: Span = Span::ZERO;
