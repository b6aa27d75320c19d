//! `ZooKeeper`: when a crash is noticed, what a stopped holder believes, and the herd.

use std::collections::BTreeMap;

use halfopen::engine::random::{Draw, Random};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::lock::zookeeper::{
    Answer, Contender, Event, Note, Notices, Output, Packet, Server, Session, Settings, State, Watching,
};
use halfopen::patterns::lock::{Belief, Token};

use super::support::{median, range, rows};

#[derive(Clone, Debug)]
enum Arrival {
    Packet(usize, Packet),
    Answer(usize, u32, Answer),
    Event(usize, u32, Event),
    Cut(usize, u32),
}

#[derive(Clone, Copy, PartialEq)]
enum Health {
    Running,
    Stopped,
    Dead,
}

/// A server, its clients and the wire between them.
struct World {
    server: Server,
    clients: Vec<(Contender, Health)>,
    wire: BTreeMap<(Time, u64), Arrival>,
    connections: BTreeMap<Session, (usize, u32)>,
    /// What came while a client was stopped: the kernel keeps it.
    kept: Vec<Arrival>,
    one_way: Span,
    now: Time,
    sent: u64,
    luck: Random,
    notes: Vec<(Time, usize, Note)>,
}

impl World {
    fn new(seed: u64, tick: Span, clients: usize, settings: Settings) -> Self {
        Self {
            server: Server::new(tick),
            clients: vec![(Contender::new(settings), Health::Running); clients],
            wire: BTreeMap::new(),
            connections: BTreeMap::new(),
            kept: Vec::new(),
            one_way: Span::from_nanos(700_000),
            // The clock of the server has been running for a while: sessions start anywhere between two edges.
            now: Time::from_secs(60) + tick.times(Random::new(seed).stream("phase").draw(0, 0).unit()),
            sent: 0,
            luck: Random::new(seed),
            notes: Vec::new(),
        }
    }

    fn draw(&mut self) -> Draw {
        self.sent += 1;
        self.luck.stream("client").draw(self.sent, 0)
    }

    fn post(&mut self, arrival: Arrival) {
        self.sent += 1;
        self.wire.insert((self.now + self.one_way, self.sent), arrival);
    }

    fn call(&mut self, n: usize, f: impl FnOnce(&mut Contender, Time, Draw, &mut Output)) {
        let (mut out, draw, now) = (Output::default(), self.draw(), self.now);
        f(&mut self.clients[n].0, now, draw, &mut out);
        for packet in out.packets {
            self.post(Arrival::Packet(n, packet));
        }
        self.notes.extend(out.notes.into_iter().map(|note| (now, n, note)));
    }

    fn tell(&mut self, notices: Notices) {
        for (session, event) in notices.events {
            if let Some(&(n, connection)) = self.connections.get(&session) {
                self.post(Arrival::Event(n, connection, event));
            }
        }
        for session in notices.ended {
            if let Some((n, connection)) = self.connections.remove(&session) {
                self.post(Arrival::Cut(n, connection));
            }
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        let to = match arrival {
            Arrival::Packet(..) => None,
            Arrival::Answer(n, ..) | Arrival::Event(n, ..) | Arrival::Cut(n, _) => Some(n),
        };
        match to.map(|n| self.clients[n].1) {
            Some(Health::Stopped) => return self.kept.push(arrival),
            Some(Health::Dead) => return,
            Some(Health::Running) | None => {}
        }
        match arrival {
            Arrival::Packet(n, packet) => {
                let mut notices = Notices::default();
                let answer = self.server.handle(self.now, packet.session, packet.request, &mut notices);
                if let Answer::Connected(session, _) = answer {
                    self.connections.insert(session, (n, packet.connection));
                }
                self.post(Arrival::Answer(n, packet.connection, answer));
                self.tell(notices);
            }
            Arrival::Answer(n, connection, answer) => {
                self.call(n, |client, now, draw, out| client.answer(now, draw, connection, &answer, out));
            }
            Arrival::Event(n, connection, event) => {
                self.call(n, |client, now, draw, out| client.event(now, draw, connection, event, out));
            }
            Arrival::Cut(n, connection) => {
                self.call(n, |client, now, draw, out| client.cut(now, draw, connection, out));
            }
        }
    }

    /// Goes on to `until`, or to the instant when `done`.
    fn run(&mut self, until: Time, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let wire = self.wire.first_key_value().map_or(Time::NEVER, |(&(when, _), _)| when);
            let running = self.clients.iter().filter(|(_, health)| *health == Health::Running);
            let timer = running.map(|(client, _)| client.next_timer()).min().unwrap_or(Time::NEVER);
            let next = wire.min(timer).min(self.server.next_timer());
            if next > until {
                self.now = until;
                return;
            }
            self.now = next;
            if wire == next {
                let (_, arrival) = self.wire.pop_first().unwrap();
                self.arrive(arrival);
            } else if timer == next {
                for n in 0..self.clients.len() {
                    if self.clients[n].1 == Health::Running && self.clients[n].0.next_timer() == next {
                        self.call(n, Contender::tick);
                    }
                }
            } else {
                let mut notices = Notices::default();
                self.server.tick(self.now, &mut notices);
                self.tell(notices);
            }
        }
    }

    fn wait(&mut self, span: Span) {
        self.run(self.now + span, |_| false);
    }

    /// Everybody connects. The first one gets the lock, then the others ask for it, all at once.
    fn queue_up(&mut self) {
        for n in 0..self.clients.len() {
            self.call(n, |client, now, _, out| client.start(now, out));
        }
        self.wait(Span::from_millis(50));
        self.call(0, Contender::acquire);
        self.wait(Span::from_millis(50));
        for n in 1..self.clients.len() {
            self.call(n, Contender::acquire);
        }
        self.wait(Span::from_millis(50));
        assert_eq!(self.clients[0].0.belief(), Belief::Holds);
    }

    fn acquired(&self, n: usize) -> Option<(Time, Token)> {
        self.notes.iter().find_map(|&(when, who, note)| match note {
            Note::Acquired(token) if who == n => Some((when, token)),
            _ => None,
        })
    }

    fn resume(&mut self, n: usize) {
        self.clients[n].1 = Health::Running;
        for arrival in std::mem::take(&mut self.kept) {
            self.arrive(arrival);
        }
    }
}

fn settings(session: u64) -> Settings {
    Settings::with_timeout(Span::from_millis(session))
}

fn ms(span: Span) -> f64 {
    span.secs() * 1000.0
}

/// How long after the holder's end the next one has the lock. The end comes 3 to 8 s after it got it.
fn hand_over(seed: u64, session: u64, tick: u64, end: impl Fn(&mut World)) -> f64 {
    let mut world = World::new(seed, Span::from_millis(tick), 2, settings(session));
    world.queue_up();
    let held = Random::new(seed).stream("end").draw(0, 0).between(Span::from_secs(3), Span::from_secs(8));
    world.wait(held);
    let ended = world.now;
    end(&mut world);
    world.run(ended + Span::from_secs(60), |world| world.acquired(1).is_some());
    ms(world.acquired(1).unwrap().0.since(ended))
}

#[test]
fn a_crash_is_noticed_a_session_less_the_last_ping_plus_a_tick_later() {
    for row in rows("zookeeper.csv").iter().filter(|row| !row[0].contains("close")) {
        let number = |n: usize| row[n].parse::<f64>().unwrap();
        let (session, tick) = (number(1), number(2));
        let stop = if row[0].contains("paused") { Health::Stopped } else { Health::Dead };
        let times: Vec<f64> = (0..400)
            .map(|seed| {
                hand_over(seed, row[1].parse().unwrap(), row[2].parse().unwrap(), |world| {
                    world.clients[0].1 = stop;
                })
            })
            .collect();
        let (low, high) = (session - session / 3.0, session + tick);
        let (ours, theirs) = (range(&times), (number(4), number(7)));
        // Two round trips and a millisecond for the rounding.
        assert!(ours.0 >= low && ours.1 <= high + 5.0, "{row:?}: {ours:?}");
        assert!(theirs.0 >= low && theirs.1 <= high, "{row:?}");
        let (ours, theirs) = (median(&times), number(5));
        assert!((ours / theirs - 1.0).abs() < 0.08, "{row:?}: median {ours}");
        let early = times.iter().filter(|&&time| time < session).count();
        assert!(early > 40, "{row:?}: before the timeout has passed in {early} of 400");
    }
}

#[test]
fn a_clean_close_hands_over_at_once() {
    for row in rows("zookeeper.csv").iter().filter(|row| row[0].contains("close")) {
        assert!(row[7].parse::<f64>().unwrap() < 20.0);
        let times: Vec<f64> = (0..20)
            .map(|seed| hand_over(seed, 10_000, 2000, |world| world.call(0, Contender::close)))
            .collect();
        assert!(range(&times).1 < 20.0, "{times:?}");
    }
}

/// The holder is stopped for 11.1 s: what was recorded says so, 4232 ms to the hand-over and 6979 ms of both believing, less
/// 93 ms until it knows. (It was 9 to 15 s, not evenly.)
#[test]
fn a_stopped_holder_believes_for_seconds_what_is_over() {
    let pause = Span::from_millis(11_118);
    let (mut overlaps, mut learnt) = (Vec::new(), Vec::new());
    for seed in 0..200 {
        let mut world = World::new(seed, Span::from_secs(2), 2, settings(4000));
        world.queue_up();
        world.wait(
            Span::from_secs(1) + Span::from_secs(2).times(Random::new(seed).stream("stop").draw(0, 0).unit()),
        );
        let first = world.acquired(0).unwrap().1;
        world.clients[0].1 = Health::Stopped;
        let resumed = world.now + pause;
        world.run(resumed, |_| false);
        let (entered, token) = world.acquired(1).unwrap();
        assert!(entered < resumed && token > first, "during the pause, with a higher token");
        assert_eq!(world.clients[0].0.belief(), Belief::Holds);
        world.resume(0);
        assert_eq!(world.clients[0].0.belief(), Belief::Doubts);
        world.run(resumed + Span::from_secs(5), |world| world.clients[0].0.belief() == Belief::Lost);
        let states: Vec<State> = world
            .notes
            .iter()
            .filter_map(|&(_, who, note)| match note {
                Note::Now(state) if who == 0 => Some(state),
                _ => None,
            })
            .collect();
        assert_eq!(states, [State::Connected, State::Suspended, State::Lost]);
        overlaps.push(ms(world.now.since(entered)));
        learnt.push(ms(world.now.since(resumed)));
        world.wait(Span::from_secs(1));
        assert_eq!(
            (world.clients[0].0.state(), world.clients[0].0.belief()),
            (State::Connected, Belief::Lost)
        );
    }
    let (ours, theirs) = (median(&overlaps), 6979.0);
    assert!((ours / theirs - 1.0).abs() < 0.08, "{ours}");
    // Recorded: median 93.3, at most 137.9. 100 ms ± 40 % until it connects again, and two trips.
    assert!((median(&learnt) / 93.3 - 1.0).abs() < 0.12 && range(&learnt).1 < 145.0, "{}", median(&learnt));
}

/// The holder and 20 who wait; each holds for 50 ms. Counted: watches that fired, and lists.
fn drain(watching: Watching) -> (Vec<u64>, u64, bool) {
    let settings = Settings { watching, ..settings(10_000) };
    let mut world = World::new(3, Span::from_secs(2), 21, settings);
    world.queue_up();
    // The first look of each of the 20 counts, but not the holder's, nor that it saw the first of them come.
    let fired = world.server.notified();
    let lists = 1;
    let mut after = Vec::new();
    for n in 0..21 {
        assert_eq!(world.clients[n].0.belief(), Belief::Holds, "{n}");
        world.call(n, Contender::release);
        world.wait(Span::from_millis(50));
        after.push(world.server.notified() - fired);
    }
    let fifo = (1..21).all(|n| world.acquired(n).unwrap().0 > world.acquired(n - 1).unwrap().0);
    (after, world.server.lists() - lists, fifo)
}

#[test]
fn a_release_wakes_one_or_the_herd() {
    let (after, lists, fifo) = drain(Watching::Predecessor);
    assert_eq!((after[0], after[20], lists, fifo), (1, 20, 40, true));
    let (after, lists, fifo) = drain(Watching::Everyone);
    assert_eq!((after[0], after[20], lists, fifo), (20, 230, 230, true));
}

#[test]
fn a_short_cut_is_doubted_and_survived() {
    let mut world = World::new(1, Span::from_secs(2), 2, settings(10_000));
    world.queue_up();
    let connection = world.clients[0].0.connection();
    world.arrive(Arrival::Cut(0, connection));
    assert_eq!(world.clients[0].0.belief(), Belief::Doubts);
    world.wait(Span::from_secs(1));
    assert_eq!(world.clients[0].0.belief(), Belief::Holds);
    let connection = world.clients[1].0.connection();
    world.arrive(Arrival::Cut(1, connection));
    world.wait(Span::from_secs(1));
    assert!(world.clients[1].0.watches().is_some(), "it watches again");
    world.call(0, Contender::release);
    world.wait(Span::from_millis(50));
    assert_eq!(world.clients[1].0.belief(), Belief::Holds);
}
