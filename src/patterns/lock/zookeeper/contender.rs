//! A client that wants the lock: the session that it keeps alive, what it believes, and the recipe.

use super::{Answer, Event, Node, Request, Sequence, Session};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::{Belief, Token};

/// What a contender that waits watches.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Watching {
    /// The node just below its own, as the recipe says: a release wakes one.
    Predecessor,
    /// All nodes: a release wakes everybody, the herd.
    Everyone,
}

/// How a client locks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// The session timeout that it asks for.
    pub timeout: Span,
    /// What it watches.
    pub watching: Watching,
    /// How long after a broken connection it connects again, ± 40 %, doubled each time. kazoo: 100 ms.
    pub reconnect: Span,
}

impl Settings {
    /// The recipe, with a session timeout of `timeout`.
    pub const fn with_timeout(timeout: Span) -> Self {
        Self { timeout, watching: Watching::Predecessor, reconnect: Span::from_millis(100) }
    }
}

/// What a client knows of its session (`KazooState`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum State {
    /// It has a session. Also said by one that was stopped and has not looked.
    Connected,
    /// No connection. The session may live on, or not.
    Suspended,
    /// The session is over, or there was none yet.
    Lost,
}

/// A request, and the connection that it goes out on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Packet {
    /// Connections are numbered from 1. What comes back on an older one is dropped.
    pub connection: u32,
    /// The session of the connection.
    pub session: Option<Session>,
    /// The request.
    pub request: Request,
}

/// What a client tells its user.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Note {
    /// It has the lock.
    Acquired(Token),
    /// It has given it back.
    Released,
    /// The session's state has changed.
    Now(State),
}

/// What a call gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// To be sent, in order.
    pub packets: Vec<Packet>,
    /// To be known.
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Link {
    /// None; the timer says when it connects.
    Down,
    /// Has asked to connect.
    Connecting,
    Up,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Recipe {
    Out,
    /// Wants the lock, but has no connection to ask on.
    Wanting,
    Creating,
    Listing,
    /// Has asked for a watch on this node.
    Asking(Sequence),
    /// Sleeps until the watch fires.
    Sleeping(Option<Sequence>),
    Holding,
    Deleting,
    /// It held the lock when its session ended.
    Robbed,
}

/// One client. `now` is its own clock; while it is stopped, nothing of it is called.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Contender {
    settings: Settings,
    state: State,
    session: Option<Session>,
    /// As negotiated.
    timeout: Span,
    connection: u32,
    link: Link,
    delay: Span,
    ping_outstanding: bool,
    /// When it pings, or connects again.
    timer: Time,
    recipe: Recipe,
    node: Option<Node>,
    ahead: usize,
}

impl Contender {
    /// A client that has no session yet.
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            state: State::Lost,
            session: None,
            timeout: settings.timeout,
            connection: 0,
            link: Link::Down,
            delay: settings.reconnect,
            ping_outstanding: false,
            timer: Time::NEVER,
            recipe: Recipe::Out,
            node: None,
            ahead: 0,
        }
    }

    /// Connects.
    pub fn start(&mut self, now: Time, out: &mut Output) {
        self.connection += 1;
        self.link = Link::Connecting;
        self.ping_outstanding = false;
        self.timer = now + self.timeout;
        let request = Request::Connect { session: self.session, timeout: self.settings.timeout };
        out.packets.push(Packet { connection: self.connection, session: None, request });
    }

    /// Asks for the lock.
    pub fn acquire(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.recipe = Recipe::Wanting;
        if self.link == Link::Up {
            self.recipe = Recipe::Creating;
            self.send(now, draw, Request::Create, out);
        }
    }

    /// Gives the lock back, or leaves the queue.
    pub fn release(&mut self, now: Time, draw: Draw, out: &mut Output) {
        let Some(node) = self.node else {
            self.recipe = Recipe::Out;
            return;
        };
        self.recipe = Recipe::Deleting;
        if self.link == Link::Up {
            self.send(now, draw, Request::Delete(node.sequence), out);
        }
    }

    /// Ends the session, and so gives back whatever it has: a clean stop.
    pub fn close(&mut self, now: Time, draw: Draw, out: &mut Output) {
        if self.link == Link::Up {
            self.send(now, draw, Request::Close, out);
        }
        self.recipe = Recipe::Out;
        self.node = None;
    }

    /// Sends, which is a sign of life too: the next ping is due T/3 from now less 10 to 400 ms (kazoo, `_connect_attempt`).
    fn send(&mut self, now: Time, draw: Draw, request: Request, out: &mut Output) {
        out.packets.push(Packet { connection: self.connection, session: self.session, request });
        let jitter = Span::from_millis(10 * (1 + draw.below(40)));
        let third = Span::from_nanos(self.timeout.nanos() / 3);
        self.timer = now + third.saturating_sub(jitter).max(jitter);
    }

    /// An answer came on `connection`.
    pub fn answer(&mut self, now: Time, draw: Draw, connection: u32, answer: &Answer, out: &mut Output) {
        if connection != self.connection {
            return;
        }
        self.ping_outstanding = false;
        match answer {
            Answer::Connected(session, timeout) => {
                self.session = Some(*session);
                self.timeout = *timeout;
                self.link = Link::Up;
                self.delay = self.settings.reconnect;
                self.turn(State::Connected, out);
                self.take_up(now, draw, out);
            }
            Answer::Expired => self.expired(now, out),
            Answer::Created(node) => {
                self.node = Some(*node);
                self.list_if(Recipe::Creating, now, draw, out);
            }
            Answer::Children(nodes) => self.listed(now, draw, nodes, out),
            Answer::Exists(there) => {
                let Recipe::Asking(node) = self.recipe else { return };
                if *there {
                    self.recipe = Recipe::Sleeping(Some(node));
                } else {
                    self.list(now, draw, out);
                }
            }
            Answer::Deleted(_) => {
                if self.recipe == Recipe::Deleting {
                    self.recipe = Recipe::Out;
                    self.node = None;
                    out.notes.push(Note::Released);
                }
            }
            Answer::Closed => {
                self.link = Link::Down;
                self.session = None;
                self.timer = Time::NEVER;
                self.turn(State::Lost, out);
            }
            Answer::Pong => {}
        }
    }

    /// What was under way when the connection broke is done again. Whether it was carried out is unknown, so a contender looks
    /// for its own node first.
    fn take_up(&mut self, now: Time, draw: Draw, out: &mut Output) {
        match (self.recipe, self.node) {
            (Recipe::Wanting, _) => {
                self.recipe = Recipe::Creating;
                self.send(now, draw, Request::Create, out);
            }
            (Recipe::Creating | Recipe::Listing | Recipe::Asking(_) | Recipe::Sleeping(_), _) => {
                self.list(now, draw, out);
            }
            (Recipe::Deleting, Some(node)) => self.send(now, draw, Request::Delete(node.sequence), out),
            _ => self.send(now, draw, Request::Ping, out),
        }
    }

    /// The session is over, and the node with it. One that waited asks again; one that held has lost the lock.
    fn expired(&mut self, now: Time, out: &mut Output) {
        self.session = None;
        self.node = None;
        self.timeout = self.settings.timeout;
        self.recipe = match self.recipe {
            Recipe::Holding | Recipe::Robbed => Recipe::Robbed,
            Recipe::Out | Recipe::Deleting => Recipe::Out,
            _ => Recipe::Wanting,
        };
        self.turn(State::Lost, out);
        self.start(now, out);
    }

    fn turn(&mut self, state: State, out: &mut Output) {
        if self.state != state {
            self.state = state;
            out.notes.push(Note::Now(state));
        }
    }

    fn list_if(&mut self, expected: Recipe, now: Time, draw: Draw, out: &mut Output) {
        if self.recipe == expected {
            self.list(now, draw, out);
        }
    }

    fn list(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.recipe = Recipe::Listing;
        let watch = self.settings.watching == Watching::Everyone;
        self.send(now, draw, Request::List { watch }, out);
    }

    fn listed(&mut self, now: Time, draw: Draw, nodes: &[Node], out: &mut Output) {
        if self.recipe != Recipe::Listing {
            return;
        }
        let Some(place) = nodes.iter().position(|node| Some(node.session) == self.session) else {
            self.recipe = Recipe::Creating;
            self.send(now, draw, Request::Create, out);
            return;
        };
        self.node = nodes.get(place).copied();
        self.ahead = place;
        match (place.checked_sub(1).and_then(|before| nodes.get(before)), self.settings.watching) {
            (None, _) => {
                self.recipe = Recipe::Holding;
                out.notes.extend(self.node.map(|node| Note::Acquired(node.created)));
            }
            (Some(before), Watching::Predecessor) => {
                self.recipe = Recipe::Asking(before.sequence);
                self.send(now, draw, Request::Exists { node: before.sequence, watch: true }, out);
            }
            (Some(_), Watching::Everyone) => self.recipe = Recipe::Sleeping(None),
        }
    }

    /// A watch fired, on `connection`.
    pub fn event(&mut self, now: Time, draw: Draw, connection: u32, event: Event, out: &mut Output) {
        if connection != self.connection {
            return;
        }
        let awaited = match (self.recipe, event) {
            (Recipe::Sleeping(Some(node)) | Recipe::Asking(node), Event::Gone(gone)) => node == gone,
            (Recipe::Sleeping(None), Event::ChildrenChanged) => true,
            _ => false,
        };
        if awaited {
            self.list(now, draw, out);
        }
    }

    /// The connection is gone: closed by the server, or refused.
    pub fn cut(&mut self, now: Time, draw: Draw, connection: u32, out: &mut Output) {
        if connection == self.connection && self.link != Link::Down {
            self.drop_connection(now, draw, out);
        }
    }

    fn drop_connection(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.link = Link::Down;
        self.ping_outstanding = false;
        // Whatever still comes on the old connection is for nobody.
        self.connection += 1;
        if self.state == State::Connected {
            self.turn(State::Suspended, out);
        }
        // KazooRetry: the delay times U(0.6, 1.4), and twice that the next time, a minute at most.
        let sleep = self.delay.times(draw.unit().mul_add(0.8, 0.6));
        self.delay = sleep.times(2.0).min(Span::from_secs(60));
        self.timer = now + sleep;
    }

    /// Does what is due at `now`: pings, gives a silent connection up, or connects again.
    pub fn tick(&mut self, now: Time, draw: Draw, out: &mut Output) {
        if now < self.timer {
            return;
        }
        match self.link {
            Link::Up if !self.ping_outstanding => {
                self.ping_outstanding = true;
                self.send(now, draw, Request::Ping, out);
            }
            Link::Up | Link::Connecting => self.drop_connection(now, draw, out),
            Link::Down => self.start(now, out),
        }
    }

    /// When [`Contender::tick`] has something to do.
    pub const fn next_timer(&self) -> Time {
        self.timer
    }

    /// What it goes by.
    pub const fn belief(&self) -> Belief {
        match (self.recipe, self.state) {
            (Recipe::Out | Recipe::Deleting, _) => Belief::Out,
            (Recipe::Robbed, _) | (Recipe::Holding, State::Lost) => Belief::Lost,
            (Recipe::Holding, State::Connected) => Belief::Holds,
            (Recipe::Holding, State::Suspended) => Belief::Doubts,
            _ => Belief::Waiting,
        }
    }

    /// What it knows of its session.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Its session, as far as it knows.
    pub const fn session(&self) -> Option<Session> {
        self.session
    }

    /// The connection that it listens to.
    pub const fn connection(&self) -> u32 {
        self.connection
    }

    /// Its node.
    pub const fn node(&self) -> Option<Node> {
        self.node
    }

    /// The zxid of its node, which can be its fencing token.
    pub fn token(&self) -> Option<Token> {
        self.node.map(|node| node.created)
    }

    /// How many were before it when it last looked.
    pub const fn ahead(&self) -> usize {
        self.ahead
    }

    /// The node that it watches while it sleeps, if it watches one.
    pub const fn watches(&self) -> Option<Sequence> {
        if let Recipe::Sleeping(node) = self.recipe { node } else { None }
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    fn draw(n: u64) -> Draw {
        Random::new(2).stream("ping").draw(n, 0)
    }

    fn connected(timeout: u64) -> Contender {
        let timeout = Span::from_millis(timeout);
        let (mut client, mut out) = (Contender::new(Settings::with_timeout(timeout)), Output::default());
        client.start(Time::ZERO, &mut out);
        client.answer(Time::ZERO, draw(0), 1, &Answer::Connected(Session(1), timeout), &mut out);
        client
    }

    #[test]
    fn it_pings_every_third_of_the_timeout_less_ten_to_four_hundred_milliseconds() {
        let mut client = connected(6000);
        let mut gaps = Vec::new();
        for n in 1..1000 {
            let (mut out, now) = (Output::default(), client.next_timer());
            client.tick(now, draw(n), &mut out);
            assert_eq!(out.packets.iter().map(|packet| packet.request).collect::<Vec<_>>(), [Request::Ping]);
            client.answer(now, draw(n), 1, &Answer::Pong, &mut out);
            gaps.push(client.next_timer().since(now).millis());
        }
        gaps.sort_unstable();
        assert_eq!((gaps.first(), gaps.last()), (Some(&1600), Some(&1990)));
        assert!(gaps.iter().all(|gap| gap % 10 == 0));
    }

    #[test]
    fn a_ping_without_an_answer_until_the_next_is_due_is_a_broken_connection() {
        let (mut client, mut out) = (connected(6000), Output::default());
        for n in 1..=2 {
            assert_eq!(client.state(), State::Connected);
            client.tick(client.next_timer(), draw(n), &mut out);
        }
        assert_eq!((client.state(), client.connection()), (State::Suspended, 2));
        let broken = client.next_timer();
        client.tick(broken, draw(3), &mut out);
        let packet = out.packets.last().unwrap();
        assert_eq!((packet.connection, packet.session), (3, None));
        assert!(matches!(packet.request, Request::Connect { session: Some(Session(1)), .. }));
        // The answer on the old connection is for nobody.
        client.answer(broken, draw(4), 1, &Answer::Pong, &mut out);
        assert_eq!(client.state(), State::Suspended);
        client.answer(broken, draw(4), 3, &Answer::Connected(Session(1), Span::from_secs(6)), &mut out);
        assert_eq!(client.state(), State::Connected);
    }
}
