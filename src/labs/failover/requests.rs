//! What servers do with requests: refuse them, pass them on, take them into the log, and answer when they are applied.

use super::client::{Answer, Request, Want};
use super::fact::Fact;
use super::observer::{Effect, FRESH, ONCE};
use super::{Event, Failover, Message};
use crate::engine::network::Node;
use crate::engine::world::Context;
use crate::patterns::raft::{Command, Declined, Entry, Index, Payload, Reads, Role};

impl Failover {
    /// A server applies what is committed, and answers who waits for it.
    pub(super) fn applied(&mut self, node: Node, from: Index, upto: Index, cx: &mut Context<'_, Self>) {
        if self.servers[usize::from(node)].leads() {
            cx.report(Fact::Committed(node, upto));
        }
        for index in from..=upto {
            let entry = self.servers[usize::from(node)].raft.as_ref().and_then(|raft| raft.log().get(index));
            match self.observer.commit(index, entry, self.cluster.name(node)) {
                Err((invariant, facts)) => cx.broken(invariant, || facts),
                Ok(Some(Effect { twice: true, .. })) => {
                    if let Some(Entry { payload: Payload::Command(command), .. }) = entry {
                        let (client, serial) = Request::of_value(command.value);
                        cx.report(Fact::Twice(client, serial, index));
                        cx.broken(ONCE, || format!("the write at {index} had taken effect before"));
                    }
                }
                Ok(_) => {}
            }
            let Some(entry) = entry else { continue };
            let pending = &mut self.servers[usize::from(node)].pending;
            if let Some(at) = pending.iter().rposition(|request| request.is_done_by(entry.payload)) {
                let request = pending.swap_remove(at);
                pending.retain(|other| !other.is_of_same(request));
                let session = matches!(request.want, Want::Session).then_some(index);
                self.answer(
                    node,
                    request,
                    Answer::Done { version: self.observer.version(index), session },
                    cx,
                );
            }
        }
    }

    /// A read may be answered from the state after `index`.
    pub(super) fn read_done(&mut self, node: Node, read: u64, index: Index, cx: &mut Context<'_, Self>) {
        let server = &mut self.servers[usize::from(node)];
        let Some(at) = server.reads.iter().position(|(number, _)| *number == read) else { return };
        let (_, request) = server.reads.remove(at);
        let version = self.observer.version(index);
        if request.client.is_some() {
            return self.answer(node, request, Answer::Done { version, session: None }, cx);
        }
        if !self.was_stale(node, version, request.floor, cx) {
            cx.report(Fact::Fresh(node, version));
        }
    }

    /// Whether an answer is older than what was acknowledged before it was asked for; told if so.
    pub(super) fn was_stale(
        &mut self,
        node: Node,
        version: u32,
        floor: u32,
        cx: &mut Context<'_, Self>,
    ) -> bool {
        let stale = version < floor;
        if stale {
            self.observer.stale += 1;
            cx.report(Fact::Stale(node, version, floor));
            cx.broken(FRESH, || {
                format!(
                    "a read was answered with write {version}, and write {floor} was acknowledged before it"
                )
            });
        }
        stale
    }

    /// A request came to `node`, from a client or from another server.
    pub(super) fn asked(&mut self, node: Node, request: Request, cx: &mut Context<'_, Self>) {
        let server = &mut self.servers[usize::from(node)];
        // Who asks for something new has given up what it asked before.
        server.pending.retain(|other| !(other.client == request.client && other.serial < request.serial));
        let Some(raft) = &server.raft else { return };
        let local = matches!(request.want, Want::Read) && raft.config().reads == Reads::Local;
        if raft.role() == Role::Leader || local {
            return self.take(node, request, cx);
        }
        let leader = raft.leader().map(|server| server.0).filter(|leader| *leader != node);
        if !self.config.forward || request.entry.is_some_and(|entry| entry != node) {
            return self.answer(node, request, Answer::Refused(leader), cx);
        }
        self.servers[usize::from(node)].parked.push(Request { entry: Some(node), ..request });
        self.unpark(node, cx);
    }

    /// Passes on what waits for a leader, if one is known here.
    pub(super) fn unpark(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let server = &mut self.servers[usize::from(node)];
        let Some(raft) = &server.raft else { return };
        let Some(leader) = raft.leader().map(|server| server.0) else { return };
        for request in std::mem::take(&mut server.parked) {
            if leader == node {
                self.take(node, request, cx);
                continue;
            }
            // Who passes a write on answers it, once it is applied here.
            if matches!(request.want, Want::Read) {
                self.cluster.send((node, leader), Message::Ask(request), "read", cx, Event::Arrive);
            } else {
                self.servers[usize::from(node)].pending.push(request);
                self.cluster.send((node, leader), Message::Ask(request), "forwarded", cx, Event::Arrive);
            }
        }
    }

    /// A leader takes a request into its log, or reads.
    pub(super) fn take(&mut self, node: Node, request: Request, cx: &mut Context<'_, Self>) {
        let taken = if matches!(request.want, Want::Read) {
            self.next_read += 1;
            let number = self.next_read;
            self.servers[usize::from(node)].reads.push((number, request));
            let taken = self.call(node, cx, |raft, now, draw, out| raft.read(now, draw, number, out));
            if matches!(taken, Some(Err(_))) {
                self.servers[usize::from(node)].reads.retain(|(other, _)| *other != number);
            }
            taken
        } else {
            let mine = request.entry.is_none_or(|entry| entry == node);
            if mine {
                self.servers[usize::from(node)].pending.push(request);
            }
            let payload = request.payload();
            let taken =
                self.call(node, cx, |raft, now, draw, out| raft.propose(now, draw, payload, out).map(|_| ()));
            if mine && matches!(taken, Some(Err(_))) {
                self.servers[usize::from(node)].pending.retain(|other| *other != request);
            }
            taken
        };
        match taken {
            Some(Err(Declined::NotLeader { leader })) => {
                self.answer(node, request, Answer::Refused(leader.map(|server| server.0)), cx);
            }
            Some(Err(_)) => self.answer(node, request, Answer::Refused(None), cx),
            _ => {}
        }
    }

    /// Answers a request, if someone waits for an answer.
    pub(super) fn answer(
        &mut self,
        node: Node,
        request: Request,
        answer: Answer,
        cx: &mut Context<'_, Self>,
    ) {
        let Some(client) = request.client else { return };
        if let Answer::Refused(leader) = answer {
            cx.report(Fact::Refused(node, client, leader));
        }
        let label = if matches!(answer, Answer::Refused(_)) { "not me" } else { "done" };
        self.cluster.send((node, client), Message::Answer(request, answer), label, cx, Event::Arrive);
    }

    /// A write that somebody sends by hand.
    pub(super) fn write_by_hand(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        self.by_hand_writes += 1;
        let request = Request::by_hand(Want::Write, self.by_hand_writes, self.observer.acknowledged);
        self.take(node, request, cx);
    }

    /// A read that somebody sends by hand.
    pub(super) fn read_by_hand(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let request = Request::by_hand(Want::Read, 0, self.observer.acknowledged);
        self.take(node, request, cx);
    }

    /// A command as Raft takes it.
    pub(super) fn command(session: Index, value: u64) -> Payload {
        Payload::Command(Command { session, serial: value & 0xffff_ffff, value })
    }
}
