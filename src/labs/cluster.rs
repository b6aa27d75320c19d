//! Nodes, the network between them, and what faults do to both: shared by every lab in which messages are the story.
//!
//! A world with a [`Cluster`] sends through it, asks it for what arrives, and hands it its faults. What a fault means for
//! the software on a node comes back as [`Change`]s, which the world carries out.

mod scene;
mod trail;

use self::trail::Trail;
pub use self::trail::{Kept, Look};
use super::fault::{Fault, Route, Target, Verb};
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
    /// On which node, if on one.
    node: Option<Node>,
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

    /// Begins `fault`; `alias` resolves names of parts that are no nodes, such as `leader` or `followers`. The error is a
    /// sentence.
    pub fn begin(
        &mut self,
        fault: &Fault,
        alias: impl Fn(&str) -> Result<Vec<Node>, String>,
        now: Time,
    ) -> Result<Begun, String> {
        let mut changes = Vec::new();
        if fault.verb == Verb::Heal {
            let which: Vec<u32> =
                self.on.iter().filter(|on| self.is_meant(on, fault)).map(|on| on.number).collect();
            if which.is_empty() {
                return Err("Nothing is broken there, so nothing can be healed.".into());
            }
            for number in which {
                self.end(number, now, &mut changes);
            }
            return Ok(Begun { changes, ..Begun::default() });
        }
        let mut on =
            On { number: u32::try_from(self.told.len()).unwrap_or(u32::MAX), node: None, ways: Vec::new() };
        if let Some(message) = Target::message(&fault.target).filter(|_| self.node(&fault.target).is_none()) {
            self.move_message(fault, message, now, &mut changes)?;
        } else if fault.verb == Verb::Cut {
            on.ways = self.ways(&fault.target, &alias)?;
            if on.ways.iter().all(|&(from, to)| self.network.is_cut(from, to)) {
                return Err("That is cut already.".into());
            }
        } else if fault.verb == Verb::Slow {
            on.ways = self.ways(&fault.target, &alias)?;
        } else {
            let nodes =
                self.node(&fault.target).map_or_else(|| alias(&fault.target), |node| Ok(vec![node]))?;
            let Some(&node) = nodes.first() else { return Err(format!("There is no {} now.", fault.target)) };
            on.node = Some(node);
            self.hit(fault, node, now, &mut changes)?;
        }
        let number = on.number;
        self.told.push(ToldFault { fault: fault.clone(), began: now, number: 0 });
        let mut lasts = fault.lasts;
        if fault.verb.is_instant() {
            lasts = None;
        } else {
            let same = |other: &On| {
                let told = &self.told[other.number as usize].fault;
                told.verb == fault.verb && other.node == on.node && other.ways == on.ways
            };
            self.on.retain(|other| !same(other));
            self.on.push(on);
            self.set_ways();
        }
        Ok(Begun { number: Some(number), lasts, changes })
    }

    /// What a fault does to a node.
    fn hit(&mut self, fault: &Fault, node: Node, now: Time, changes: &mut Vec<Change>) -> Result<(), String> {
        let (up, paused) = (self.host(node).up, self.host(node).paused);
        let name = self.name(node).to_owned();
        let must_run = || if up { Ok(()) } else { Err(format!("{name} is down.")) };
        match fault.verb {
            Verb::Crash => {
                must_run()?;
                self.end_on(node, Verb::Pause);
                self.crash(node);
                changes.push(Change::Crashed(node));
            }
            Verb::Stop => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still."));
                }
                changes.push(Change::Stopping(node));
            }
            Verb::Wipe | Verb::Restart => {
                if up {
                    self.end_on(node, Verb::Pause);
                    self.crash(node);
                    changes.push(Change::Crashed(node));
                }
                if fault.verb == Verb::Wipe {
                    changes.push(Change::Wiped(node));
                }
                if fault.verb == Verb::Restart || up {
                    for verb in [Verb::Crash, Verb::Stop] {
                        changes.extend(self.end_on(node, verb).into_iter().map(Change::Ended));
                    }
                    self.hosts[usize::from(node)].up = true;
                    changes.push(Change::Started(node));
                }
            }
            Verb::Pause => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still already."));
                }
                self.hosts[usize::from(node)].paused = true;
                changes.push(Change::Paused(node));
            }
            Verb::Skew => {
                self.hosts[usize::from(node)].clock.run_at(fault.factor, now);
                changes.push(Change::Clock(node));
            }
            Verb::Jump => {
                self.hosts[usize::from(node)].clock.jump(fault.by, now);
                changes.push(Change::Clock(node));
            }
            Verb::Fire => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still."));
                }
                changes.push(Change::Fired(node));
            }
            Verb::Write => changes.push(Change::Write(node)),
            Verb::Read => changes.push(Change::Read(node)),
            _ => {}
        }
        Ok(())
    }

    /// What a fault does to a message on its way.
    fn move_message(
        &mut self,
        fault: &Fault,
        number: u32,
        now: Time,
        changes: &mut Vec<Change>,
    ) -> Result<(), String> {
        let gone = || format!("m{number} is not on its way.");
        if self.network.flight(number).is_none() {
            return Err(gone());
        }
        match fault.verb {
            Verb::Drop => {
                self.network.take(number);
                self.trail.lost(number, now);
            }
            Verb::Duplicate => {
                let (copy, due) = self.network.duplicate(number).ok_or_else(gone)?;
                self.trail.copied(number, copy, now);
                if due != Time::NEVER {
                    changes.push(Change::Due(copy, due));
                }
            }
            Verb::Delay => {
                let due = self.network.delay(number, fault.by, now).ok_or_else(gone)?;
                changes.push(Change::Due(number, due));
            }
            _ => changes.push(Change::Delivered(number)),
        }
        Ok(())
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

    /// The time of fault `number` is over. Nothing happens if it was ended before.
    pub fn over(&mut self, number: u32, now: Time) -> Vec<Change> {
        let mut changes = Vec::new();
        self.end(number, now, &mut changes);
        changes
    }

    /// Whether a fault of this kind is on at `node`.
    pub fn suffers(&self, node: Node, verb: Verb) -> bool {
        let is = |on: &On| on.node == Some(node) && self.told[on.number as usize].fault.verb == verb;
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

    /// About how many bytes a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.network.bytes()
            + self.trail.bytes()
            + told_bytes(&self.told)
            + self.hosts.len() * size_of::<Host<M>>()
            + self.on.iter().map(|on| size_of::<On>() + on.ways.len() * 2).sum::<usize>()
    }

    /// Whether healing `fault`'s target ends this one.
    fn is_meant(&self, on: &On, fault: &Fault) -> bool {
        fault.target == "all"
            || self.told[on.number as usize].fault.target == fault.target
            || (on.node.is_some() && on.node == self.node(&fault.target))
    }

    fn end(&mut self, number: u32, now: Time, changes: &mut Vec<Change>) {
        let Some(at) = self.on.iter().position(|on| on.number == number) else { return };
        let on = self.on.remove(at);
        changes.push(Change::Ended(number));
        self.set_ways();
        let Some(node) = on.node else { return };
        let rate = self.skew_of(node);
        let host = &mut self.hosts[usize::from(node)];
        match self.told[number as usize].fault.verb {
            Verb::Crash | Verb::Stop if !host.up => {
                host.up = true;
                changes.push(Change::Started(node));
            }
            Verb::Pause if host.paused => {
                host.paused = false;
                changes.push(Change::Resumed(node));
            }
            Verb::Skew => {
                host.clock.run_at(rate, now);
                changes.push(Change::Clock(node));
            }
            _ => {}
        }
    }

    /// Forgets that faults of this kind are on at `node`; what they were is returned.
    fn end_on(&mut self, node: Node, verb: Verb) -> Vec<u32> {
        let (told, mut ended) = (&self.told, Vec::new());
        self.on.retain(|on| {
            let ends = on.node == Some(node) && told[on.number as usize].fault.verb == verb;
            if ends {
                ended.push(on.number);
            }
            !ends
        });
        ended
    }

    /// How fast the clock of `node` runs by the faults that are on.
    fn skew_of(&self, node: Node) -> f64 {
        let skews =
            self.on.iter().filter(|on| on.node == Some(node)).map(|on| &self.told[on.number as usize].fault);
        skews.filter(|fault| fault.verb == Verb::Skew).map(|fault| fault.factor).product()
    }

    /// Sets every way of the network as the faults that are on say.
    fn set_ways(&mut self) {
        let nodes = self.network.nodes();
        for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
            let (mut cut, mut slow) = (false, 1.0);
            for on in self.on.iter().filter(|on| on.ways.contains(&(from, to))) {
                let fault = &self.told[on.number as usize].fault;
                match fault.verb {
                    Verb::Cut => cut = true,
                    _ => slow *= fault.factor,
                }
            }
            self.network.set_cut(from, to, cut);
            self.network.set_slow(from, to, slow);
        }
    }

    /// The ways that a sentence names.
    fn ways(
        &self,
        target: &str,
        alias: &impl Fn(&str) -> Result<Vec<Node>, String>,
    ) -> Result<Vec<(Node, Node)>, String> {
        let resolve = |names: &[&str]| -> Result<Vec<Node>, String> {
            let nodes =
                names.iter().map(|name| self.node(name).map_or_else(|| alias(name), |node| Ok(vec![node])));
            Ok(nodes.collect::<Result<Vec<_>, _>>()?.concat())
        };
        // Names of nodes, and what is said instead of them.
        let mut known = self.names.clone();
        known.extend(target.split([',', '>', '-']).map(|name| Target::new(name, "alias")));
        let route = Route::read(target, &known).ok_or_else(|| format!("There is no way {target}."))?;
        let (from, to) = (resolve(&route.from)?, resolve(&route.to)?);
        let others = |side: &[Node]| -> Vec<Node> {
            (0..self.network.nodes()).filter(|node| !side.contains(node)).collect()
        };
        let (from, to) = match (route.from.is_empty(), route.to.is_empty()) {
            (true, _) => (others(&to), to),
            (_, true) => (from.clone(), others(&from)),
            _ => (from, to),
        };
        let pairs = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
        let mut ways: Vec<(Node, Node)> = pairs.filter(|(from, to)| from != to).collect();
        if !route.one_way {
            ways.extend(ways.clone().into_iter().map(|(from, to)| (to, from)));
        }
        if ways.is_empty() {
            return Err(format!("There is no way {target} now."));
        }
        Ok(ways)
    }
}
