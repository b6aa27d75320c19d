//! The clients: each has one request under way, and asks the next server if one does not answer.

use super::fact::Fact;
use super::{Event, Failover, Message};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::patterns::raft::{Index, Payload};

/// What a client wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Want {
    /// A session, so that its writes take effect once.
    Session,
    /// To change the state.
    Write,
    /// To see it.
    Read,
}

impl Want {
    /// What it is.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Write => "write",
            Self::Read => "read",
        }
    }
}

/// A request as it travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Request {
    /// Who asks; none if it was sent by hand.
    pub client: Option<Node>,
    pub want: Want,
    /// Its number at this client; a repetition has the same.
    pub serial: u32,
    pub attempt: u32,
    /// The client's session, 0 without.
    pub session: Index,
    /// The server that was asked first and will answer, if it passed the request on.
    pub entry: Option<Node>,
    /// The newest version that any client had been told of when this attempt was sent.
    pub floor: u32,
}

/// What a server answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// It is done: the state has this version; this session is open.
    Done { version: u32, session: Option<Index> },
    /// Not here; perhaps there.
    Refused(Option<Node>),
}

/// The number of no client: writes that are sent by hand.
const NOBODY: u64 = 0xff;

impl Request {
    /// A request that no client waits for.
    pub fn by_hand(want: Want, serial: u32, floor: u32) -> Self {
        Self { client: None, want, serial, attempt: 1, session: 0, entry: None, floor }
    }

    /// Whether it is another attempt at the same.
    pub fn is_of_same(&self, other: Self) -> bool {
        self.client.is_some() && (self.client, self.serial) == (other.client, other.serial)
    }

    /// What it is known by in the log.
    fn value(self) -> u64 {
        (self.client.map_or(NOBODY, u64::from) << 32) | u64::from(self.serial)
    }

    /// Whose and which request a value in the log is.
    #[expect(clippy::cast_possible_truncation, reason = "the two halves that were put together")]
    pub fn of_value(value: u64) -> (Node, u32) {
        ((value >> 32) as Node, value as u32)
    }

    /// What it is in the log.
    pub fn payload(self) -> Payload {
        match self.want {
            Want::Session => Payload::Register,
            _ => Failover::command(self.session, self.value()),
        }
    }

    /// Whether an entry of the log is what it asked for.
    pub fn is_done_by(self, payload: Payload) -> bool {
        match (self.want, payload) {
            (Want::Session, Payload::Register) => true,
            (Want::Write, Payload::Command(command)) => command.value == self.value(),
            _ => false,
        }
    }
}

/// One client.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Whom it asks next.
    target: Node,
    session: Option<Index>,
    serial: u32,
    attempts: u32,
    /// What it waits for, since when, and since when in this attempt.
    pub waits: Option<(Want, Time, Time)>,
}

impl Client {
    pub fn new(target: Node) -> Self {
        Self { target, session: None, serial: 0, attempts: 0, waits: None }
    }
}

/// How long a client waits after a refusal before it asks another, if it was not told whom.
const BACKOFF: Span = Span::from_millis(20);

impl Failover {
    fn client(&mut self, node: Node) -> &mut Client {
        &mut self.clients[usize::from(node - self.config.servers)]
    }

    fn timer_of_client(node: Node) -> TimerKey {
        TimerKey(u32::from(node))
    }

    /// A client has thought, and asks for something.
    pub(super) fn client_wakes(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if !self.cluster.acts(node) {
            return;
        }
        let now = cx.now();
        let sessions = self.config.sessions;
        let serial = self.client(node).serial + 1;
        let reads = self.wants.draw(node.into(), serial.into()).chance(self.config.read_share);
        let client = self.client(node);
        let want = match (client.session, reads) {
            (None, _) if sessions => Want::Session,
            (_, true) => Want::Read,
            _ => Want::Write,
        };
        client.serial = serial;
        client.attempts = 0;
        client.waits = Some((want, now, now));
        self.ask(node, cx);
    }

    /// Sends the request that is under way, once more or for the first time.
    pub(super) fn ask(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if !self.cluster.acts(node) {
            return;
        }
        let (now, floor) = (cx.now(), self.observer.acknowledged);
        let timeout = self.config.timeout;
        let client = self.client(node);
        let Some((want, _, sent)) = &mut client.waits else { return };
        *sent = now;
        let want = *want;
        client.attempts += 1;
        let request = Request {
            client: Some(node),
            want,
            serial: client.serial,
            attempt: client.attempts,
            session: client.session.unwrap_or(0),
            entry: None,
            floor,
        };
        let target = client.target;
        let label = if want == Want::Read { "read" } else { "write" };
        self.cluster.send((node, target), Message::Ask(request), label, cx, Event::Arrive);
        if !self.config.by_hand {
            cx.set_timer(Self::timer_of_client(node), now + timeout, Event::Patience(node));
        }
    }

    /// A client has waited long enough for this server.
    pub(super) fn out_of_patience(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if !self.cluster.acts(node) {
            return;
        }
        let client = self.client(node);
        let (serial, attempts) = (client.serial, client.attempts);
        cx.report(Fact::TimedOut(node, serial, attempts));
        self.client_timeouts += 1;
        self.turn_to(node, None);
        if self.config.retries {
            return self.ask(node, cx);
        }
        cx.report(Fact::GaveUp(node, serial));
        self.unknown += 1;
        self.client(node).waits = None;
        cx.after(self.config.think, Event::Think(node));
    }

    /// Asks `leader` next, or the next server if it is not known.
    fn turn_to(&mut self, node: Node, leader: Option<Node>) {
        let servers = self.config.servers;
        let client = self.client(node);
        client.target = leader.unwrap_or((client.target + 1) % servers);
    }

    /// An answer came.
    pub(super) fn answered(
        &mut self,
        node: Node,
        from: Node,
        request: Request,
        answer: Answer,
        cx: &mut Context<'_, Self>,
    ) {
        let now = cx.now();
        let client = self.client(node);
        let Some((want, since, sent)) = client.waits.filter(|_| client.serial == request.serial) else {
            return;
        };
        match answer {
            // An attempt that was given up says nothing about the one under way.
            Answer::Refused(_) if request.attempt != client.attempts => {}
            Answer::Refused(leader) => {
                self.turn_to(node, leader.filter(|leader| *leader != from));
                let pause = if leader.is_some() { Span::ZERO } else { BACKOFF };
                cx.set_timer(Self::timer_of_client(node), now + pause, Event::Ask(node));
            }
            Answer::Done { version, session } => {
                client.waits = None;
                client.target = from;
                client.session = session.or(client.session);
                cx.cancel_timer(Self::timer_of_client(node));
                self.answers += 1;
                self.latencies.add(now.since(since));
                cx.report(Fact::Answered(node, request.serial, want == Want::Read, now.since(since)));
                match want {
                    Want::Read => {
                        self.was_stale(from, version, request.floor, cx);
                        self.reads_done += 1;
                    }
                    Want::Write => {
                        self.writes += 1;
                        self.observer.acknowledged = self.observer.acknowledged.max(version);
                        if let Some(took) = self.outage.written(sent, now) {
                            cx.report(Fact::Available(took));
                        }
                    }
                    Want::Session => {}
                }
                cx.after(self.config.think, Event::Think(node));
            }
        }
    }
}
