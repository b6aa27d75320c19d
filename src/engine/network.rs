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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use crate::engine::run::{OnBreak, Run};

    const MS: fn(u64) -> Span = Span::from_millis;

    /// Sends a message every millisecond from node 0 to node 1, and notes when which one arrives.
    #[derive(Clone)]
    struct Post {
        network: Network<u32>,
        sent: u32,
        most: u32,
        arrived: Vec<(Time, u32)>,
    }

    #[derive(Clone, Copy)]
    enum Event {
        Send,
        Arrive(u32),
    }

    #[derive(Clone, Copy)]
    enum Act {
        Cut(bool),
        Drop(u32),
        Delay(u32),
        Duplicate(u32),
        Deliver(u32),
    }

    impl World for Post {
        type Event = Event;
        type Act = Act;
        type Occurrence = ();

        fn start(&mut self, cx: &mut Context<'_, Self>) {
            cx.after(MS(1), Event::Send);
        }

        fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
            match event {
                Event::Send if self.sent < self.most => {
                    self.sent += 1;
                    self.network.send((0, 1), self.sent, cx, Event::Arrive);
                    cx.after(MS(1), Event::Send);
                }
                Event::Send => {}
                Event::Arrive(number) => {
                    if let Some(flight) = self.network.arrive(number, cx.now()) {
                        self.arrived.push((cx.now(), flight.message));
                    }
                }
            }
        }

        fn act(&mut self, act: &Act, cx: &mut Context<'_, Self>) -> Result<(), String> {
            match *act {
                Act::Cut(cut) => self.network.set_cut(0, 1, cut),
                Act::Drop(number) => {
                    self.network.take(number);
                }
                Act::Delay(number) => {
                    if let Some(due) = self.network.delay(number, MS(30), cx.now()) {
                        cx.at(due, Event::Arrive(number));
                    }
                }
                Act::Duplicate(number) => {
                    if let Some((copy, due)) = self.network.duplicate(number) {
                        cx.at(due, Event::Arrive(copy));
                    }
                }
                Act::Deliver(number) => {
                    self.arrived.extend(self.network.take(number).map(|flight| (cx.now(), flight.message)));
                }
            }
            Ok(())
        }

        fn sample(&mut self, _: Time, _: &[f64], _: &mut Vec<f64>) {}

        fn bytes(&self) -> usize {
            0
        }
    }

    fn post(weather: Weather, most: u32, seed: u64) -> Run<Post> {
        let network = Network::new(2, weather, Random::new(seed).stream("delay"));
        Run::new(Post { network, sent: 0, most, arrived: Vec::new() }, [])
    }

    fn to_end(run: &mut Run<Post>) -> Vec<u32> {
        run.advance(Time::from_secs(100), u64::MAX, OnBreak::GoOn);
        run.world().arrived.iter().map(|(_, message)| *message).collect()
    }

    #[test]
    fn messages_take_their_time_and_keep_their_order() {
        let mut run = post(Weather::fair(MS(5), MS(10)), 1000, 1);
        assert_eq!(to_end(&mut run), (1..=1000).collect::<Vec<_>>());
        for (at, message) in &run.world().arrived {
            let took = at.since(Time::from_millis(u64::from(*message)));
            assert!(took >= MS(5) && took < MS(15), "{message} took {took}");
        }
        assert_eq!((run.world().network.sent(), run.world().network.lost()), (1000, 0));
    }

    #[test]
    fn in_foul_weather_messages_are_lost_doubled_and_overtaken() {
        let weather = Weather { loss: 0.1, duplicates: 0.2, ordered: false, ..Weather::fair(MS(5), MS(10)) };
        let mut run = post(weather, 10_000, 1);
        let arrived = to_end(&mut run);
        let lost = f64::from(run.world().network.lost()) / 10_000.0;
        assert!((lost - 0.1).abs() < 0.01, "{lost}");
        let doubled = (arrived.len() as f64 - 10_000.0 * (1.0 - lost)) / 9_000.0;
        assert!((doubled - 0.2).abs() < 0.02, "{doubled}");
        assert!(arrived.windows(2).any(|pair| pair[0] > pair[1]), "one overtakes another");
    }

    #[test]
    fn what_comes_to_a_cut_is_lost_whenever_it_was_sent() {
        let mut run = post(Weather::fair(MS(10), Span::ZERO), 30, 1);
        run.advance(Time::from_millis(15), u64::MAX, OnBreak::GoOn);
        run.act(Act::Cut(true)).unwrap();
        run.advance(Time::from_millis(18), u64::MAX, OnBreak::GoOn);
        run.act(Act::Cut(false)).unwrap();
        // Sent by 5 ms: arrived. Due at 16 to 18 ms, or sent then: lost.
        let gone = [6, 7, 8, 16, 17, 18];
        assert_eq!(to_end(&mut run), (1..=30).filter(|n| !gone.contains(n)).collect::<Vec<_>>());
        assert_eq!(run.world().network.lost(), 6);
    }

    #[test]
    fn a_message_can_be_moved_by_hand() {
        let mut run = post(Weather::fair(MS(10), Span::ZERO), 5, 1);
        run.advance(Time::from_millis(5), u64::MAX, OnBreak::GoOn);
        for act in [Act::Drop(1), Act::Delay(2), Act::Duplicate(3), Act::Deliver(4)] {
            run.act(act).unwrap();
        }
        assert_eq!(to_end(&mut run), [4, 3, 3, 5, 2]);
        assert_eq!(run.world().arrived[4].0, Time::from_millis(42));
        run.act(Act::Deliver(4)).unwrap();
        assert_eq!(run.world().arrived.len(), 5, "it is delivered once");
    }

    #[test]
    fn by_hand_nothing_arrives_by_itself() {
        let mut run = post(Weather { by_hand: true, ..Weather::fair(MS(1), Span::ZERO) }, 3, 1);
        assert!(to_end(&mut run).is_empty());
        assert_eq!(run.world().network.flights().map(|(number, _)| number).collect::<Vec<_>>(), [1, 2, 3]);
        run.act(Act::Delay(2)).unwrap();
        run.advance(Time::from_secs(200), u64::MAX, OnBreak::GoOn);
        assert_eq!(run.world().arrived, [(Time::from_millis(100_030), 2)]);
    }

    /// A draw is about the link and the instant: that others were sent before changes nothing.
    #[test]
    fn the_same_message_at_the_same_instant_takes_as_long_in_another_run() {
        let weather = Weather { ordered: false, ..Weather::fair(MS(5), MS(10)) };
        let mut whole = post(weather, 100, 9);
        to_end(&mut whole);
        let mut cut = post(weather, 100, 9);
        cut.act(Act::Cut(true)).unwrap();
        cut.advance(Time::from_millis(50), u64::MAX, OnBreak::GoOn);
        cut.act(Act::Cut(false)).unwrap();
        to_end(&mut cut);
        let late = |run: &Run<Post>| {
            run.world().arrived.iter().filter(|(_, message)| *message > 50).copied().collect::<Vec<_>>()
        };
        assert_eq!(late(&cut), late(&whole));
        assert_eq!(late(&cut).len(), 50);
    }
}
