//! The client of the replicas: it has one request under way, and asks the next replica if one does not answer.

use super::config::Reads;
use super::fact::Fact;
use super::watch::FRESH;
use super::{Event, Message, Paxos};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::time::Time;
use crate::engine::world::Context;
use crate::labs::latency::Latencies;
use crate::patterns::paxos::Value;
use crate::patterns::paxos::multi::{Declined, Entry, MultiPaxos, Slot};

/// A request as it travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Request {
    /// Nobody waits for it if it was sent by hand.
    pub by_hand: bool,
    pub read: bool,
    pub serial: u32,
    pub attempt: u32,
    /// What was acknowledged when this attempt was sent.
    pub floor: Slot,
}

/// The client.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    /// Whom it asks next.
    target: Node,
    serial: u32,
    attempt: u32,
    /// Whether it waits for a read, and since when.
    pub waits: Option<(bool, Time)>,
    pub writes: u64,
    pub reads: u64,
    pub local: u64,
    pub timeouts: u64,
    pub latencies: Latencies,
    by_hand: u32,
}

/// The timer of the client.
const TIMER: TimerKey = TimerKey(40);
/// Values that are written by hand, and reads that take a slot, are told from others by these.
const BY_HAND: u64 = 1 << 32;
const READ: u64 = 1 << 33;

impl Paxos {
    /// The node of the client, if there is one.
    pub(super) fn client_node(&self) -> Option<Node> {
        let node = self.config.acceptors();
        (self.config.multi && self.cluster.network.nodes() > node).then_some(node)
    }

    /// The client has thought, and asks for something.
    pub(super) fn client_wakes(&mut self, cx: &mut Context<'_, Self>) {
        let Some(node) = self.client_node().filter(|node| self.cluster.acts(*node)) else { return };
        if self.client.waits.is_none() {
            self.client.serial += 1;
            self.client.attempt = 0;
            let read = self.wants.draw(node.into(), self.client.serial.into()).chance(self.config.read_share);
            self.client.waits = Some((read, cx.now()));
        }
        self.ask(node, cx);
    }

    fn ask(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some((read, _)) = self.client.waits else { return };
        self.client.attempt += 1;
        let Client { serial, attempt, .. } = self.client;
        let request = Request { by_hand: false, read, serial, attempt, floor: self.watch.acknowledged };
        let label = if read { "read" } else { "write" };
        let to = self.client.target % self.config.acceptors();
        self.cluster.send((node, to), Message::Ask(request), label, cx, Event::Arrive);
        cx.set_timer(TIMER, cx.now() + self.config.client_timeout, Event::Patience);
    }

    pub(super) fn out_of_patience(&mut self, cx: &mut Context<'_, Self>) {
        let Some(node) = self.client_node().filter(|node| self.cluster.acts(*node)) else { return };
        if self.client.waits.is_some() {
            cx.report(Fact::TimedOut(node));
            self.client.timeouts += 1;
            self.client.target = (self.client.target + 1) % self.config.acceptors();
            self.ask(node, cx);
        }
    }

    /// A request came to a replica.
    pub(super) fn asked(&mut self, node: Node, request: Request, cx: &mut Context<'_, Self>) {
        let now = self.cluster.clock(node, cx.now());
        let Some(agent) = &self.replicas[usize::from(node)].agent else { return };
        let known = agent.first_open();
        if request.read {
            let local = match self.config.reads {
                Reads::Lease => agent.reads_locally(now),
                Reads::Leader => self.leads(node),
                Reads::Slot => false,
            };
            if local {
                return self.answer(node, request, Ok(known), true, cx);
            }
            if self.config.reads == Reads::Lease {
                let hint = self.hint(node);
                return self.answer(node, request, Err(hint), false, cx);
            }
        }
        let mark = if request.by_hand { BY_HAND } else { 0 } | if request.read { READ } else { 0 };
        let value = Value(mark | u64::from(request.serial));
        match self.call(node, cx, |agent, now, out| agent.propose(now, value, out)) {
            Some(Ok(slot)) => {
                let done =
                    self.replicas[usize::from(node)].agent.as_ref().is_some_and(|it| it.first_open() > slot);
                if done {
                    self.answer(node, request, Ok(slot + 1), false, cx);
                } else {
                    self.replicas[usize::from(node)].waiting.push((slot, Entry::Value(value), request));
                }
            }
            Some(Err(Declined::NotLeader { .. } | Declined::Leased { .. })) | None => {
                let hint = self.hint(node);
                self.answer(node, request, Err(hint), false, cx);
            }
        }
    }

    /// Who may lead, as far as a replica knows.
    fn hint(&self, node: Node) -> Option<Node> {
        let agent = self.replicas[usize::from(node)].agent.as_ref();
        let ballot = agent.and_then(MultiPaxos::promised);
        ballot
            .map(|ballot| ballot.proposer)
            .filter(|leader| *leader != node && *leader < self.config.acceptors())
    }

    /// A replica answers a request: with the version, or who may lead.
    pub(super) fn answer(
        &mut self,
        node: Node,
        request: Request,
        answer: Result<Slot, Option<Node>>,
        local: bool,
        cx: &mut Context<'_, Self>,
    ) {
        if request.by_hand {
            if let (Ok(version), true) = (answer, request.read) {
                if !self.was_stale(node, version, request.floor, cx) {
                    cx.report(Fact::Fresh(node, version));
                }
            } else if let Ok(version) = answer {
                self.watch.acknowledged = self.watch.acknowledged.max(version);
            }
            return;
        }
        self.client.local += u64::from(local);
        let Some(client) = self.client_node() else { return };
        let label = if answer.is_ok() { "done" } else { "not me" };
        self.cluster.send((node, client), Message::Answer(request, answer), label, cx, Event::Arrive);
    }

    /// The client hears from a replica.
    pub(super) fn answered(
        &mut self,
        from: Node,
        request: Request,
        answer: Result<Slot, Option<Node>>,
        cx: &mut Context<'_, Self>,
    ) {
        let Some((read, since)) = self.client.waits.filter(|_| self.client.serial == request.serial) else {
            return;
        };
        match answer {
            Err(_) if request.attempt != self.client.attempt => {}
            Err(leader) => {
                self.client.target = leader.unwrap_or((from + 1) % self.config.acceptors());
                // It has not given up waiting, and asks again a moment later.
                cx.set_timer(TIMER, cx.now() + self.config.think, Event::Think);
            }
            Ok(version) => {
                self.client.waits = None;
                self.client.target = from;
                cx.report(Fact::Answered(from, read, version));
                if read {
                    self.client.reads += 1;
                    self.was_stale(from, version, request.floor, cx);
                } else {
                    self.client.writes += 1;
                    self.client.latencies.add(cx.now().since(since));
                    self.watch.acknowledged = self.watch.acknowledged.max(version);
                }
                cx.set_timer(TIMER, cx.now() + self.config.think, Event::Think);
            }
        }
    }

    /// Whether an answer is older than what was acknowledged before it was asked for; told if so.
    fn was_stale(&mut self, node: Node, version: Slot, floor: Slot, cx: &mut Context<'_, Self>) -> bool {
        let stale = version < floor;
        if stale {
            self.watch.stale += 1;
            cx.report(Fact::Stale(node, version, floor));
            let name = self.cluster.name(node).to_owned();
            cx.broken(FRESH, || {
                format!("{name} answered a read with the state of {version} slots, and {floor} were acknowledged before")
            });
        }
        stale
    }

    /// Somebody asks a replica by hand.
    pub(super) fn ask_by_hand(&mut self, node: Node, read: bool, cx: &mut Context<'_, Self>) {
        self.client.by_hand += 1;
        let serial = self.client.by_hand;
        self.asked(
            node,
            Request { by_hand: true, read, serial, attempt: 1, floor: self.watch.acknowledged },
            cx,
        );
    }

    /// The client goes on after it stood still or was down.
    pub(super) fn resume_client(&self, cx: &mut Context<'_, Self>) {
        cx.set_timer(TIMER, cx.now() + self.config.think, Event::Think);
    }
}
