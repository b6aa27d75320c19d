//! Raft servers, clients that write and read, and the network between them: what happens when the leader is lost.
//!
//! ```text
//! clients --- write, read ---> servers: Raft, disk
//!                               |   ^
//!                               +---+  votes, entries, heartbeats
//! ```
//! Each server is a [`Raft`] on a machine of the [`Cluster`]: its messages take their time on
//! the network, its saves on the disk, its timers run by its own clock. An observer sees everything and looks at the five
//! properties of the paper at every event. The run begins with S1 asking for votes.
//!
//! Delays are drawn by link and instant, timeouts by server and instant: twins see the same as long as they do the same.

mod about;
mod client;
mod config;
mod disk;
mod fact;
mod faults;
mod observer;
mod outage;
mod parts;
mod possible;
mod readings;
mod requests;
mod scene;
mod server;
mod spec;
mod tell;

use self::client::{Answer, Client, Request};
use self::config::Config;
pub use self::fact::Fact;
use self::observer::Observer;
use self::outage::Outage;
use self::server::Server;
pub use self::spec::SPEC;
use super::cluster::Cluster;
use super::fault::{Act, Target};
use super::knob::Knobs;
use super::lab::{self, About, Model, Spec, Told};
use super::latency::Latencies;
use super::reading::Row;
use super::scene::Scene;
use crate::engine::network::Node;
use crate::engine::random::{Random, Stream};
use crate::engine::time::{Span, Time};
use crate::engine::world::{Context, World};
use crate::patterns::raft::{self, Body, Entry, Index, Output, Raft};

/// What can happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A message is due.
    Arrive(u32),
    /// The timer of a server.
    Timer(Node),
    /// The disk of a server has written what it was given, in this life of the process.
    Synced(Node, u32),
    /// A client has thought long enough.
    Think(Node),
    /// A client has waited long enough for an answer.
    Patience(Node),
    /// A client asks again.
    Ask(Node),
    /// The leader crashes, as the preset has it.
    OwnCrash,
    /// A server that was to stop has handed the lead over.
    Stopped(Node),
    /// The time of a fault is over.
    Over(u32),
}

/// What travels.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Message {
    /// Between servers.
    Raft(raft::Message),
    /// From a client, or from a server that passes it on.
    Ask(Request),
    /// To a client.
    Answer(Request, Answer),
}

/// The world: servers, clients and a network.
#[derive(Clone, Debug)]
pub struct Failover {
    knobs: Knobs,
    config: Config,
    /// Servers first, then clients.
    cluster: Cluster<Message>,
    servers: Vec<Server>,
    clients: Vec<Client>,
    observer: Observer,
    outage: Outage,
    timeouts: Stream,
    lateness: Stream,
    wants: Stream,
    own: Stream,
    phases: Stream,
    /// The own crash has been.
    crashed: bool,
    /// A server's log before the call that is under way, from where a message would change it.
    before: Vec<(Index, Entry)>,
    /// Kept for its room.
    out: Output,
    next_read: u64,
    by_hand_writes: u32,
    campaigns: u64,
    leaders: u64,
    messages: u64,
    answers: u64,
    writes: u64,
    reads_done: u64,
    client_timeouts: u64,
    unknown: u64,
    latencies: Latencies,
}

impl World for Failover {
    type Event = Event;
    type Act = Act;
    type Occurrence = Fact;

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        for node in 0..self.config.servers {
            self.look(node, cx.now());
            self.arm(node, cx);
        }
        if !self.config.by_hand {
            self.call(0, cx, Raft::time_out);
        }
        for node in self.config.servers..self.cluster.network.nodes() {
            let begins = self.wants.draw(node.into(), 0).between(Span::ZERO, self.config.think);
            cx.after(begins, Event::Think(node));
        }
        if let Some(at) = self.config.own_crash {
            let more = self.own.draw(0, 0).between(Span::ZERO, self.config.heartbeat());
            cx.at(Time::ZERO + at + more, Event::OwnCrash);
        }
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        match event {
            Event::Arrive(number) => self.arrive(number, cx),
            Event::Timer(node) => {
                self.call(node, cx, Raft::tick);
            }
            Event::Synced(node, life) => self.synced(node, life, cx),
            Event::Think(node) => self.client_wakes(node, cx),
            Event::Patience(node) => self.out_of_patience(node, cx),
            Event::Ask(node) => self.ask(node, cx),
            Event::OwnCrash => self.own_crash(cx),
            Event::Stopped(node) if self.servers[usize::from(node)].stopping => self.end_process(node, cx),
            Event::Stopped(_) => {}
            Event::Over(number) => self.fault_over(number, cx),
        }
    }

    fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match act {
            Act::Set(index, _, value) => {
                cx.report(Fact::Tuned(u32::try_from(*index).unwrap_or(u32::MAX)));
                self.knobs.put(*index, *value);
                self.config = Config::read(&self.knobs, self.phases);
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
            + self.servers.iter().map(Server::bytes).sum::<usize>()
            + self.clients.len() * size_of::<Client>()
            + self.observer.bytes()
            + self.latencies.bytes()
    }
}

impl Failover {
    /// A message is due, and reaches whoever it is for.
    fn arrive(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let refused = self.asked_of_nobody(number);
        if let Some(flight) = self.cluster.arrive(number, cx.now()) {
            return self.receive(flight.from, flight.to, &flight.message, cx);
        }
        // A machine whose process is gone refuses the connection at once.
        if let Some((node, request)) = refused {
            self.answer(node, request, Answer::Refused(None), cx);
        }
    }

    /// What a client asks with message `number` of a server that is down, if nothing lies between them.
    fn asked_of_nobody(&self, number: u32) -> Option<(Node, Request)> {
        let flight = self.cluster.network.flight(number)?;
        let cut = self.cluster.network.is_cut(flight.from, flight.to);
        match flight.message {
            Message::Ask(request) if !cut && !self.cluster.host(flight.to).up => Some((flight.to, request)),
            _ => None,
        }
    }

    fn receive(&mut self, from: Node, to: Node, message: &Message, cx: &mut Context<'_, Self>) {
        match message {
            Message::Raft(message) => {
                self.remember_log(to, message);
                self.call(to, cx, |raft, now, draw, out| raft.step(now, draw, message, out));
                self.before.clear();
                self.unpark(to, cx);
                self.heard(to, message, cx);
            }
            Message::Ask(request) => self.asked(to, *request, cx),
            Message::Answer(request, answer) => self.answered(to, from, *request, *answer, cx),
        }
    }

    /// Keeps what a message may delete from a log.
    fn remember_log(&mut self, node: Node, message: &raft::Message) {
        if let (Body::AppendEntries { prev, entries, .. }, Some(raft)) =
            (&message.body, &self.servers[usize::from(node)].raft)
            && !entries.is_empty()
        {
            let from = prev.index + 1;
            self.before.extend((from..).zip(raft.log().from(from).iter().copied()));
        }
    }

    /// Whether all others have heard from the new leader.
    fn heard(&mut self, node: Node, message: &raft::Message, cx: &mut Context<'_, Self>) {
        let Some((_, leader, term)) = self.outage.led.filter(|_| self.outage.heard.is_none()) else { return };
        if message.from.0 != leader || node == leader {
            return;
        }
        let follows = |other: Node| {
            let raft = self.servers[usize::from(other)].raft.as_ref();
            !self.cluster.acts(other)
                || raft
                    .is_some_and(|raft| raft.term() == term && raft.leader().is_some_and(|it| it.0 == leader))
        };
        if (0..self.config.servers).filter(|other| *other != leader).all(follows) {
            self.outage.heard = Some(cx.now());
            cx.report(Fact::Heard(leader, term));
        }
    }

    /// Who leads the latest term, of those that run.
    pub(super) fn leader(&self) -> Option<Node> {
        let leading = (0..self.config.servers).zip(&self.servers).filter(|(_, server)| server.leads());
        leading.max_by_key(|(_, server)| server.raft.as_ref().map(Raft::term)).map(|(node, _)| node)
    }

    /// The highest term that anyone has reached.
    fn term(&self) -> u64 {
        let term = |server: &Server| server.raft.as_ref().map_or(server.disk.term, Raft::term);
        self.servers.iter().map(term).max().unwrap_or(0)
    }

    /// Whether entries to `node` are lost until the preset's crash.
    fn is_kept_behind(&self, node: Node) -> bool {
        if self.crashed || self.config.behind == 0 || self.config.own_crash.is_none() {
            return false;
        }
        let leader = self.leader();
        let followers = (0..self.config.servers).rev().filter(|other| Some(*other) != leader);
        followers.take(self.config.behind.into()).any(|other| other == node)
    }
}

impl Model for Failover {
    fn spec() -> &'static Spec {
        &SPEC
    }

    fn build(knobs: &Knobs, random: Random) -> Self {
        let phases = random.stream("phase");
        let config = Config::read(knobs, phases);
        let timeouts = random.stream("timeout");
        let server = |id: Node| Server::new(config.raft(id), Time::ZERO, timeouts.draw(id.into(), 0));
        let names = (0..config.servers)
            .map(|id| Target::new(format!("S{}", id + 1), "server"))
            .chain((0..config.clients).map(|id| Target::new(format!("C{}", id + 1), "client")));
        Self {
            cluster: Cluster::new(names.collect(), config.weather, random.stream("delay")),
            servers: (0..config.servers).map(server).collect(),
            clients: (0..config.clients).map(|id| Client::new(id % config.servers)).collect(),
            observer: Observer::new(config.sessions),
            outage: Outage::default(),
            timeouts,
            lateness: random.stream("late"),
            wants: random.stream("want"),
            own: random.stream("own crash"),
            phases,
            crashed: false,
            before: Vec::new(),
            out: Output::default(),
            next_read: 0,
            by_hand_writes: 0,
            campaigns: 0,
            leaders: 0,
            messages: 0,
            answers: 0,
            writes: 0,
            reads_done: 0,
            client_timeouts: 0,
            unknown: 0,
            latencies: Latencies::default(),
            knobs: knobs.clone(),
            config,
        }
    }

    fn parts(knobs: &Knobs) -> Vec<Target> {
        let named = |letter: char, kind: &'static str, n: usize| {
            (1..=n).map(move |number| Target::new(format!("{letter}{number}"), kind))
        };
        let words = [("leader", "server"), ("followers", "group"), ("servers", "group"), ("all", "all")];
        let words = words.map(|(name, kind)| Target::new(name, kind));
        let clients = (knobs.count("clients") > 0).then(|| Target::new("clients", "group"));
        let servers = named('S', "server", knobs.count("servers"));
        let [leader, rest @ ..] = words;
        [leader]
            .into_iter()
            .chain(servers)
            .chain(named('C', "client", knobs.count("clients")))
            .chain(rest)
            .chain(clients)
            .chain(Target::by_age())
            .collect()
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
