//! Nodes, the network between them, and what faults do to both: shared by every lab in which messages are the story.
//!
//! A world with a [`Cluster`] sends through it, asks it for what arrives, and hands it its faults. What a fault means for
//! the software on a node comes back as [`Change`]s, which the world carries out.

mod faults;
mod scene;
mod trail;

use self::trail::Trail;
pub use self::trail::{Kept, Look};
use super::fault::{Target, Verb};
use super::faults::{ToldFault, told_bytes};
use crate::engine::clock::Clock;
use crate::engine::network::{Flight, Network, Node, Weather};
use crate::engine::random::Stream;
use crate::engine::time::{Span, Time};
use crate::engine::world::{Context, World};

/// A machine with a process on it.
#[derive(Clone, Debug)]
pub struct Host<M> {
    /// Whether the process runs.
    pub up: bool,
    /// Whether it stands still without knowing.
    pub paused: bool,
    /// What it takes for the time.
    pub clock: Clock,
    /// What arrived while it stood still.
    held: Vec<Flight<M>>,
}

/// Nodes and a network.
#[derive(Clone, Debug)]
pub struct Cluster<M> {
    /// The network.
    pub network: Network<M>,
    hosts: Vec<Host<M>>,
    names: Vec<Target>,
    on: Vec<On>,
    told: Vec<ToldFault>,
    trail: Trail,
}

/// A fault that is on.
#[derive(Clone, Debug)]
struct On {
    /// Which of those that were told.
    number: u32,
    /// On which nodes, if on any.
    nodes: Vec<Node>,
    /// On which ways.
    ways: Vec<(Node, Node)>,
}

/// What a fault, or its end, means for the software of a node; in the order in which it happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// The process is gone, with all that it did not write to disk.
    Crashed(Node),
    /// It shall end in good order; the world then calls [`Cluster::crash`].
    Stopping(Node),
    /// What it had on its disk is gone.
    Wiped(Node),
    /// It starts.
    Started(Node),
    /// It stands still: nothing it does happens.
    Paused(Node),
    /// It goes on: what it held back happens, then what [`Cluster::held`] gives arrives.
    Resumed(Node),
    /// Its clock shows something else, or runs at another rate.
    Clock(Node),
    /// This message arrives at that instant: to be scheduled.
    Due(u32, Time),
    /// This message is delivered now: see [`Cluster::deliver`].
    Delivered(u32),
    /// Its timer shall run out.
    Fired(Node),
    /// It shall begin a new round.
    Proposes(Node),
    /// Someone shall send it a write.
    Write(Node),
    /// Someone shall send it a read.
    Read(Node),
    /// A fault ended: the world tells so, as a consequence of [`Cluster::told`].
    Ended(u32),
}

/// What a fault that was begun leads to.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// Its number among those that were told; none for what only ends others.
    pub number: Option<u32>,
    /// When it ends by itself, after now.
    pub lasts: Option<Span>,
    /// What happens.
    pub changes: Vec<Change>,
}

impl<M: Clone> Cluster<M> {
    /// Nodes of these names, all up, with a network in fair or foul weather.
    pub fn new(names: Vec<Target>, weather: Weather, delays: Stream) -> Self {
        let nodes = Node::try_from(names.len()).unwrap_or(Node::MAX);
        let host = || Host { up: true, paused: false, clock: Clock::default(), held: Vec::new() };
        Self {
            network: Network::new(nodes, weather, delays),
            hosts: (0..nodes).map(|_| host()).collect(),
            trail: Trail::new(names.len()),
            names,
            on: Vec::new(),
            told: Vec::new(),
        }
    }

    /// The machine `node`.
    pub fn host(&self, node: Node) -> &Host<M> {
        &self.hosts[usize::from(node)]
    }

    /// Whether the process on `node` runs and moves.
    pub fn acts(&self, node: Node) -> bool {
        let host = self.host(node);
        host.up && !host.paused
    }

    /// The name of `node`.
    pub fn name(&self, node: Node) -> &str {
        &self.names[usize::from(node)].name
    }

    /// The node called `name`.
    pub fn node(&self, name: &str) -> Option<Node> {
        self.names.iter().position(|target| target.name == name).and_then(|at| Node::try_from(at).ok())
    }

    /// The nodes of this kind.
    pub fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = Node> + '_ {
        let nodes = self.names.iter().zip(0..);
        nodes.filter(move |(target, _)| target.kind == kind).map(|(_, node)| node)
    }

    /// The clock of `node` now.
    pub fn clock(&self, node: Node, now: Time) -> Time {
        self.host(node).clock.read(now)
    }

    /// When the clock of `node` shows `local`.
    pub fn when(&self, node: Node, local: Time, now: Time) -> Time {
        self.host(node).clock.when(local, now)
    }

    /// Stops the clock of `node`, or lets it go on: for software that counts what it is given, such as ticks.
    pub fn hold_clock(&mut self, node: Node, hold: bool, now: Time) {
        let rate = self.skew_of(node);
        self.hosts[usize::from(node)].clock.run_at(if hold { 0.0 } else { rate }, now);
    }

    /// Sends `message`, which pictures call `label`.
    pub fn send<W: World>(
        &mut self,
        (from, to): (Node, Node),
        message: M,
        label: &'static str,
        cx: &mut Context<'_, W>,
        arrival: fn(u32) -> W::Event,
    ) -> u32 {
        let now = cx.now();
        let sent = self.network.send((from, to), message, cx, arrival);
        self.trail.sent(sent.number, (from, to), label, now, sent.lost);
        sent.number
    }

    /// What to hand to the software now that message `number` is due: nothing if it is gone, late, or lost at a node that
    /// is down or stands still.
    pub fn arrive(&mut self, number: u32, now: Time) -> Option<Flight<M>> {
        if let Some(flight) = self.network.arrive(number, now) {
            return self.land(number, flight, now);
        }
        if self.network.flight(number).is_none() {
            self.trail.lost(number, now);
        }
        None
    }

    /// What to hand to the software when message `number` is delivered by hand, whatever is cut.
    pub fn deliver(&mut self, number: u32, now: Time) -> Option<Flight<M>> {
        let flight = self.network.take(number)?;
        self.land(number, flight, now)
    }

    fn land(&mut self, number: u32, flight: Flight<M>, now: Time) -> Option<Flight<M>> {
        let host = &mut self.hosts[usize::from(flight.to)];
        if !host.up {
            self.trail.lost(number, now);
            return None;
        }
        self.trail.arrived(number, now);
        if host.paused {
            host.held.push(flight);
            return None;
        }
        Some(flight)
    }

    /// What arrived at `node` while it stood still.
    pub fn held(&mut self, node: Node) -> Vec<Flight<M>> {
        std::mem::take(&mut self.hosts[usize::from(node)].held)
    }

    /// The process on `node` is gone, as after [`Change::Stopping`].
    pub fn crash(&mut self, node: Node) {
        let host = &mut self.hosts[usize::from(node)];
        host.up = false;
        host.paused = false;
        host.held.clear();
    }

    /// Notes how `node` looks from `now` on, for pictures over time.
    pub fn look(&mut self, node: Node, look: Look, now: Time) {
        self.trail.look(node, look, now);
    }

    /// Tells that a fault has begun, and schedules its end; both are made from its number.
    pub fn announce<W: World>(
        &mut self,
        begun: &Begun,
        cx: &mut Context<'_, W>,
        fact: fn(u32) -> W::Occurrence,
        over: fn(u32) -> W::Event,
    ) {
        let Some(number) = begun.number else { return };
        let told = cx.report(fact(number));
        self.note(number, told);
        if let Some(lasts) = begun.lasts {
            cx.after(lasts, over(number));
        }
    }

    /// Notes that the fault `number` was told as fact `fact`.
    pub fn note(&mut self, number: u32, fact: u64) {
        if let Some(told) = self.told.get_mut(number as usize) {
            told.number = fact;
        }
    }

    /// The fault `number`, as it was told.
    pub fn told(&self, number: u32) -> Option<&ToldFault> {
        self.told.get(number as usize)
    }

    /// Whether a fault of this kind is on at `node`.
    pub fn suffers(&self, node: Node, verb: Verb) -> bool {
        let is = |on: &On| on.nodes.contains(&node) && self.told[on.number as usize].fault.verb == verb;
        self.on.iter().any(is)
    }

    /// The process on `node` stands still by itself, or goes on: what comes for it meanwhile is held back. Nothing happens to
    /// one that is down.
    pub fn stand_still(&mut self, node: Node, still: bool) {
        let host = &mut self.hosts[usize::from(node)];
        host.paused = still && host.up;
    }

    /// Whether a fault is on.
    pub fn is_disturbed(&self) -> bool {
        !self.on.is_empty()
    }

    /// Forgets what was seen and told, where nothing depends on it: for worlds that nobody looks at.
    pub fn forget(&mut self) {
        self.trail = Trail::new(self.names.len());
        if self.on.is_empty() {
            self.told.clear();
        }
    }

    /// About how many bytes a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.network.bytes()
            + self.trail.bytes()
            + told_bytes(&self.told)
            + self.hosts.len() * size_of::<Host<M>>()
            + self.on.iter().map(|on| size_of::<On>() + on.ways.len() * 2).sum::<usize>()
    }
}
