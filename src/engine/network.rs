//! A network between nodes: messages take their time, get lost, doubled or overtaken, and can be moved by hand.
//!
//! The network keeps every message that is on its way under a number, and schedules the event that it arrives. Who
//! handles that event asks [`Network::arrive`] for the message: it may be gone by then, or due later.
//!
//! A draw is about a link and the instant of sending. So two runs that send the same message at the same instant see the
//! same delay, whatever else they do differently.

use std::collections::BTreeMap;

use super::random::Stream;
use super::time::{Span, Time};
use super::world::{Context, World};

/// A node, by its number from 0.
pub type Node = u8;

/// How messages fare.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Weather {
    /// The shortest way from one node to another.
    pub latency: Span,
    /// Added to it: anything up to this, evenly spread.
    pub jitter: Span,
    /// The share of messages that are lost.
    pub loss: f64,
    /// The share of messages that arrive twice.
    pub duplicates: f64,
    /// No message overtakes an earlier one from the same node to the same node, as over TCP.
    pub ordered: bool,
    /// Nothing arrives unless it is delivered by hand.
    pub by_hand: bool,
}

impl Weather {
    /// A network that loses nothing: `latency` and up to `jitter` more, each pair in order.
    pub const fn fair(latency: Span, jitter: Span) -> Self {
        Self { latency, jitter, loss: 0.0, duplicates: 0.0, ordered: true, by_hand: false }
    }
}

/// A message on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flight<M> {
    /// From where.
    pub from: Node,
    /// To where.
    pub to: Node,
    /// When it was sent.
    pub sent: Time,
    /// When it arrives; never, if nothing delivers it.
    pub due: Time,
    /// The message.
    pub message: M,
}

/// How a way from one node to another stands.
#[derive(Clone, Copy, Debug)]
struct Link {
    cut: bool,
    /// Every message takes so many times as long.
    slow: f64,
    /// When the last message was sent, and how many at that instant.
    last: (Time, u32),
    /// When the last message arrives.
    arrives: Time,
}

/// The network and what is on its way in it.
#[derive(Clone, Debug)]
pub struct Network<M> {
    nodes: Node,
    weather: Weather,
    links: Vec<Link>,
    flights: BTreeMap<u32, Flight<M>>,
    sent: u32,
    lost: u32,
    delays: Stream,
}

impl<M: Clone> Network<M> {
    /// A network of `nodes` nodes whose delays and losses come from `delays`.
    pub fn new(nodes: Node, weather: Weather, delays: Stream) -> Self {
        let link = Link { cut: false, slow: 1.0, last: (Time::NEVER, 0), arrives: Time::ZERO };
        let links = vec![link; usize::from(nodes) * usize::from(nodes)];
        Self { nodes, weather, links, flights: BTreeMap::new(), sent: 0, lost: 0, delays }
    }

    /// Sends `message`; `arrival` makes the event of its arrival from its number. Returns that number, and whether the
    /// message is lost right away: it is cut off, or out of luck.
    pub fn send<W: World>(
        &mut self,
        (from, to): (Node, Node),
        message: M,
        cx: &mut Context<'_, W>,
        arrival: fn(u32) -> W::Event,
    ) -> Sent {
        let now = cx.now();
        let number = self.next();
        let weather = self.weather;
        let link = self.link(from, to);
        let nth = if link.last.0 == now { link.last.1 + 1 } else { 0 };
        link.last = (now, nth);
        let (cut, slow, arrives) = (link.cut, link.slow, link.arrives);
        let subject = (u64::from(from) << 40) | (u64::from(to) << 32) | u64::from(nth);
        let draw = |kind: u64| self.delays.draw(subject | (kind << 48), now.nanos());
        if cut || draw(1).chance(weather.loss) {
            self.lost = self.lost.wrapping_add(1);
            return Sent { number, lost: true };
        }
        let doubled = draw(2).chance(weather.duplicates);
        let takes = |kind: u64| (weather.latency + weather.jitter.times(draw(kind).unit())).times(slow);
        let first = takes(0);
        let second = doubled.then(|| takes(3));
        let mut launch = |network: &mut Self, number: u32, takes: Span, arrives: Time| {
            let due = if weather.by_hand {
                Time::NEVER
            } else if weather.ordered {
                (now + takes).max(arrives)
            } else {
                now + takes
            };
            if due != Time::NEVER {
                network.link(from, to).arrives = due.max(arrives);
                cx.at(due, arrival(number));
            }
            network.flights.insert(number, Flight { from, to, sent: now, due, message: message.clone() });
        };
        launch(self, number, first, arrives);
        if let Some(takes) = second {
            let number = self.next();
            launch(self, number, takes, Time::ZERO);
        }
        Sent { number, lost: false }
    }

    /// The message `number` if it arrives now. None if it was dropped, is due later, or came to a cut: then it is lost.
    pub fn arrive(&mut self, number: u32, now: Time) -> Option<Flight<M>> {
        if self.flights.get(&number)?.due > now {
            return None;
        }
        let flight = self.flights.remove(&number)?;
        if self.is_cut(flight.from, flight.to) {
            self.lost = self.lost.wrapping_add(1);
            return None;
        }
        Some(flight)
    }

    /// Takes the message `number` out, whenever it is due: to deliver it now, or to drop it.
    pub fn take(&mut self, number: u32) -> Option<Flight<M>> {
        self.flights.remove(&number)
    }

    /// Lets the message `number` arrive later than it would, or than now if nothing would deliver it. Returns when; the
    /// caller schedules that. None if it is not on its way.
    pub fn delay(&mut self, number: u32, by: Span, now: Time) -> Option<Time> {
        let flight = self.flights.get_mut(&number)?;
        flight.due = if flight.due == Time::NEVER { now + by } else { flight.due + by };
        Some(flight.due)
    }

    /// Doubles the message `number`: the copy is due at the same instant. Returns its number and that instant; the caller
    /// schedules it. None if there is no such message on its way.
    pub fn duplicate(&mut self, number: u32) -> Option<(u32, Time)> {
        let copy = self.flights.get(&number)?.clone();
        let due = copy.due;
        let number = self.next();
        self.flights.insert(number, copy);
        Some((number, due))
    }

    /// What is on its way, by number, in the order of sending.
    pub fn flights(&self) -> impl Iterator<Item = (u32, &Flight<M>)> {
        self.flights.iter().map(|(number, flight)| (*number, flight))
    }

    /// The message `number`, if it is on its way.
    pub fn flight(&self, number: u32) -> Option<&Flight<M>> {
        self.flights.get(&number)
    }

    /// How many messages were sent, lost ones and copies too.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// How many were lost by chance or to a cut.
    pub fn lost(&self) -> u32 {
        self.lost
    }

    /// Whether nothing gets from one node to the other.
    pub fn is_cut(&self, from: Node, to: Node) -> bool {
        self.links.get(self.index(from, to)).is_some_and(|link| link.cut)
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> Node {
        self.nodes
    }

    /// Cuts the way from one node to another, or mends it. What is on its way is lost where it would arrive.
    pub fn set_cut(&mut self, from: Node, to: Node, cut: bool) {
        self.link(from, to).cut = cut;
    }

    /// Every message from one node to the other takes `factor` times as long from now on.
    pub fn set_slow(&mut self, from: Node, to: Node, factor: f64) {
        self.link(from, to).slow = factor;
    }

    /// Changes how messages fare from now on.
    pub fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// About how many bytes a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.links.len() * size_of::<Link>() + self.flights.len() * (size_of::<Flight<M>>() + 16)
    }

    fn next(&mut self) -> u32 {
        self.sent = self.sent.wrapping_add(1);
        self.sent
    }

    fn index(&self, from: Node, to: Node) -> usize {
        usize::from(from) * usize::from(self.nodes) + usize::from(to)
    }

    fn link(&mut self, from: Node, to: Node) -> &mut Link {
        let index = self.index(from, to);
        &mut self.links[index]
    }
}

/// What became of a message when it was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sent {
    /// Its number.
    pub number: u32,
    /// Whether it will not arrive.
    pub lost: bool,
}
