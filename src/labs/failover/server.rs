//! The servers: Raft on a machine with a disk, as the lab runs it.

use super::client::{Answer, Request, Want};
use super::fact::Fact;
use super::observer::{Effect, FRESH, ONCE};
use super::{Event, Failover, Message};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::patterns::raft::{
    Body, Campaign, Command, Config, Declined, Disk, Entry, Index, Mark, Note, Outgoing, Output, Payload,
    Raft, Role, Save, SteppedDown,
};

/// One server: the process, if it runs, and the disk.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub config: Config,
    pub raft: Option<Raft>,
    pub disk: Disk,
    /// Saves that wait for the disk, and those that it writes now.
    queued: Vec<Save>,
    writing: Vec<Save>,
    /// Messages that wait for a save.
    held: Vec<Outgoing>,
    /// Saves that reached the disk while the process stood still.
    unseen: Vec<Mark>,
    /// How often it has started: what the disk of an earlier life reports means nothing.
    pub life: u32,
    /// It hands the lead over and then ends.
    pub stopping: bool,
    /// Requests that it will answer once they are applied here.
    pending: Vec<Request>,
    /// Requests that wait until a leader is known.
    parked: Vec<Request>,
    /// Reads that Raft was asked, by their number.
    reads: Vec<(u64, Request)>,
}

impl Server {
    pub fn new(config: Config, now: Time, draw: Draw) -> Self {
        Self {
            config,
            raft: Some(Raft::new(config, now, draw)),
            disk: Disk::default(),
            queued: Vec::new(),
            writing: Vec::new(),
            held: Vec::new(),
            unseen: Vec::new(),
            life: 0,
            stopping: false,
            pending: Vec::new(),
            parked: Vec::new(),
            reads: Vec::new(),
        }
    }

    /// The process is gone, and with it all that is not on the disk.
    pub fn crash(&mut self) {
        *self = Self {
            raft: None,
            life: self.life + 1,
            disk: std::mem::take(&mut self.disk),
            ..Self::new(self.config, Time::ZERO, EMPTY)
        };
    }

    /// Whether it takes itself for a leader.
    pub fn leads(&self) -> bool {
        self.raft.as_ref().is_some_and(|raft| raft.role() == Role::Leader)
    }

    /// Writes that are not on the disk yet.
    pub fn unsaved(&self) -> usize {
        self.queued.len() + self.writing.len()
    }

    /// Requests that it has not answered.
    pub fn open(&self) -> usize {
        self.pending.len() + self.parked.len() + self.reads.len()
    }

    pub fn bytes(&self) -> usize {
        let entries = |log: &crate::patterns::raft::Log| std::mem::size_of_val(log.entries());
        let raft = self.raft.as_ref().map_or(0, |raft| entries(raft.log()) + 400);
        size_of::<Self>()
            + raft
            + entries(&self.disk.log)
            + self.held.len() * size_of::<Outgoing>()
            + (self.pending.len() + self.parked.len()) * size_of::<Request>()
    }
}

/// For a process that is not there: nothing is drawn from it.
const EMPTY: Draw = crate::engine::random::Random::new(0).stream("none").draw(0, 0);

impl Failover {
    /// The luck of `node` at this instant.
    fn draw(&self, node: Node, now: Time) -> Draw {
        self.timeouts.draw(node.into(), now.nanos())
    }

    /// Lets `node`'s process do something, and sees to what it asks for. Nothing happens if it does not run.
    pub(super) fn call<R>(
        &mut self,
        node: Node,
        cx: &mut Context<'_, Self>,
        body: impl FnOnce(&mut Raft, Time, Draw, &mut Output) -> R,
    ) -> Option<R> {
        let (now, draw) = (self.cluster.clock(node, cx.now()), self.draw(node, cx.now()));
        let mut out = std::mem::take(&mut self.out);
        let result =
            self.servers[usize::from(node)].raft.as_mut().map(|raft| body(raft, now, draw, &mut out));
        self.carry_out(node, &mut out, cx);
        out.clear();
        self.out = out;
        self.arm(node, cx);
        result
    }

    fn carry_out(&mut self, node: Node, out: &mut Output, cx: &mut Context<'_, Self>) {
        for save in out.saves.drain(..) {
            self.watch_log(node, &save, cx);
            self.servers[usize::from(node)].queued.push(save);
        }
        for note in std::mem::take(&mut out.notes) {
            self.noted(node, note, cx);
        }
        for outgoing in out.messages.drain(..) {
            let asks =
                matches!(outgoing.message.body, Body::RequestVote { .. }) && self.config.asks_meanwhile;
            if outgoing.after == Mark::NONE || self.config.fsync == Span::ZERO || asks {
                self.send_raft(outgoing, cx);
            } else {
                self.servers[usize::from(node)].held.push(outgoing);
            }
        }
        self.write(node, cx);
    }

    fn send_raft(&mut self, outgoing: Outgoing, cx: &mut Context<'_, Self>) {
        let mut message = outgoing.message;
        let (from, to) = (message.from.0, message.to.0);
        if let Body::AppendEntries { entries, .. } = &mut message.body
            && self.is_kept_behind(to)
        {
            entries.clear();
        }
        let label = match &message.body {
            Body::RequestVote { pre: true, .. } => "PreVote",
            Body::RequestVote { .. } => "RequestVote",
            Body::Vote { granted: true, .. } => "granted",
            Body::Vote { .. } => "refused",
            Body::AppendEntries { entries, .. } if entries.is_empty() => "Heartbeat",
            Body::AppendEntries { .. } => "AppendEntries",
            Body::Appended { .. } => "ok",
            Body::Rejected { .. } => "no",
            Body::TimeoutNow => "TimeoutNow",
        };
        self.messages += 1;
        self.cluster.send((from, to), Message::Raft(message), label, cx, Event::Arrive);
    }

    /// Starts to write what waits, all of it at once, if the disk has nothing to do.
    fn write(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let server = &mut self.servers[usize::from(node)];
        if server.queued.is_empty() || !server.writing.is_empty() {
            return;
        }
        server.writing = std::mem::take(&mut server.queued);
        if self.config.fsync > Span::ZERO {
            cx.after(self.config.fsync, Event::Synced(node, server.life));
        } else {
            self.synced(node, self.servers[usize::from(node)].life, cx);
        }
    }

    /// What was being written is on the disk.
    pub(super) fn synced(&mut self, node: Node, life: u32, cx: &mut Context<'_, Self>) {
        let paused = self.cluster.host(node).paused;
        let server = &mut self.servers[usize::from(node)];
        if server.life != life || server.raft.is_none() {
            return;
        }
        let mut last = Mark::NONE;
        for save in std::mem::take(&mut server.writing) {
            server.disk.write(&save);
            last = save.mark;
        }
        if paused {
            server.unseen.push(last);
        } else {
            self.saved(node, last, cx);
        }
    }

    /// The process learns that its saves up to `mark` are on the disk.
    fn saved(&mut self, node: Node, mark: Mark, cx: &mut Context<'_, Self>) {
        let held = std::mem::take(&mut self.servers[usize::from(node)].held);
        for outgoing in held {
            if outgoing.after <= mark {
                self.send_raft(outgoing, cx);
            } else {
                self.servers[usize::from(node)].held.push(outgoing);
            }
        }
        self.call(node, cx, |raft, now, draw, out| raft.saved(now, draw, mark, out));
    }

    /// What happened on the disk while the process stood still.
    pub(super) fn see_saves(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        for mark in std::mem::take(&mut self.servers[usize::from(node)].unseen) {
            self.saved(node, mark, cx);
        }
    }

    /// Sets the timer of `node` to when its process has something to do.
    pub(super) fn arm(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let key = TimerKey(node.into());
        let next = self.servers[usize::from(node)].raft.as_ref().map_or(Time::NEVER, Raft::next_timer);
        let at = self.cluster.when(node, next, cx.now());
        if at == Time::NEVER || !self.cluster.acts(node) || self.config.by_hand {
            cx.cancel_timer(key);
        } else {
            cx.set_timer(key, at, Event::Timer(node));
        }
    }

    /// The process of `node` starts with what is on its disk.
    pub(super) fn start_server(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let (now, draw) = (self.cluster.clock(node, cx.now()), self.draw(node, cx.now()));
        let server = &mut self.servers[usize::from(node)];
        server.raft = Some(Raft::restart(server.config, server.disk.clone(), now, draw));
        self.observer.restarted(node);
        self.look(node, cx.now());
        self.arm(node, cx);
    }

    /// A server tells something of itself.
    fn noted(&mut self, node: Node, note: Note, cx: &mut Context<'_, Self>) {
        match note {
            Note::Campaigned { term, kind } => {
                cx.report(Fact::Campaigned(node, term, kind));
                if kind != Campaign::Pre {
                    self.campaigns += 1;
                }
                self.outage.campaigned(kind != Campaign::Pre, cx.now());
            }
            Note::Granted { to, term, pre } if to.0 != node => {
                cx.report(Fact::Granted(node, to.0, term, pre));
            }
            Note::Withheld { from, term, pre, why } => {
                cx.report(Fact::Withheld(node, from.0, term, pre, why));
            }
            Note::Led { term } => self.elected(node, term, cx),
            Note::SteppedDown { term, was, why } => {
                cx.report(Fact::SteppedDown(node, term, was, why));
                if was == Role::Leader && why == SteppedDown::NoQuorum {
                    self.outage.lost(cx.now());
                }
                self.stop_if_done(node, cx);
            }
            Note::Truncated { from, upto } => {
                let deleted = std::mem::take(&mut self.before);
                let gone =
                    (from..).zip(deleted.iter().skip_while(|(at, _)| *at < from).map(|(_, entry)| *entry));
                let writes = self.observer.deleted(gone);
                cx.report(Fact::Truncated(node, from, upto, writes));
            }
            Note::Committed { from, upto } => self.applied(node, from, upto, cx),
            Note::Read { read, index } => self.read_done(node, read, index, cx),
            Note::ReadLost { read } => {
                let server = &mut self.servers[usize::from(node)];
                if let Some(at) = server.reads.iter().position(|(number, _)| *number == read) {
                    let (_, request) = server.reads.remove(at);
                    self.answer(node, request, Answer::Refused(None), cx);
                }
            }
            Note::HandedOver { to } => {
                cx.report(Fact::HandedOver(node, to.0));
            }
            Note::TransferAborted { to } => {
                cx.report(Fact::TransferAborted(node, to.0));
                self.stop_if_done(node, cx);
            }
            Note::Granted { .. } => {}
        }
        self.look(node, cx.now());
    }

    fn elected(&mut self, node: Node, term: u64, cx: &mut Context<'_, Self>) {
        let Some(raft) = &self.servers[usize::from(node)].raft else { return };
        cx.report(Fact::Led(node, term));
        self.leaders += 1;
        if let Some((invariant, facts)) = self.observer.elected(raft, self.cluster.name(node)) {
            cx.broken(invariant, || facts);
        }
        self.outage.elected(node, term, cx.now());
        self.unpark(node, cx);
    }

    /// A change of a log is held against what all others stored.
    fn watch_log(&mut self, node: Node, save: &Save, cx: &mut Context<'_, Self>) {
        let Some((from, _)) = save.log else { return };
        let Some(raft) = &self.servers[usize::from(node)].raft else { return };
        if let Some((invariant, facts)) = self.observer.stored(raft, from, self.cluster.name(node)) {
            cx.broken(invariant, || facts);
        }
    }

    /// A server applies what is committed, and answers who waits for it.
    fn applied(&mut self, node: Node, from: Index, upto: Index, cx: &mut Context<'_, Self>) {
        if self.servers[usize::from(node)].leads() {
            cx.report(Fact::Committed(node, upto));
        }
        for index in from..=upto {
            let raft = self.servers[usize::from(node)].raft.as_ref();
            let entry = raft.and_then(|raft| raft.log().get(index));
            let term = raft.map_or(0, Raft::term);
            match self.observer.commit(index, entry, (self.cluster.name(node), term)) {
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
    fn read_done(&mut self, node: Node, read: u64, index: Index, cx: &mut Context<'_, Self>) {
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
        let local =
            matches!(request.want, Want::Read) && raft.config().reads == crate::patterns::raft::Reads::Local;
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
