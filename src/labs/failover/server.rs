//! The servers: Raft on a machine with a disk, as the lab runs it.

use super::client::{Answer, Request};
use super::fact::Fact;
use super::{Event, Failover, Message};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::patterns::raft::{Body, Campaign, Config, Disk, Mark, Note, Outgoing, Output, Raft, Role, Save};

/// One server: the process, if it runs, and the disk.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub config: Config,
    pub raft: Option<Raft>,
    pub disk: Disk,
    /// Saves that wait for the disk, and those that it writes now.
    pub queued: Vec<Save>,
    pub writing: Vec<Save>,
    /// Messages that wait for a save.
    pub held: Vec<Outgoing>,
    /// Saves that reached the disk while the process stood still.
    pub unseen: Vec<Mark>,
    /// How often it has started: what the disk of an earlier life reports means nothing.
    pub life: u32,
    /// It hands the lead over and then ends.
    pub stopping: bool,
    /// Requests that it will answer once they are applied here.
    pub pending: Vec<Request>,
    /// Requests that wait until a leader is known.
    pub parked: Vec<Request>,
    /// Reads that Raft was asked, by their number.
    pub reads: Vec<(u64, Request)>,
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
            self.hear(node, note, cx);
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

    pub(super) fn send_raft(&mut self, outgoing: Outgoing, cx: &mut Context<'_, Self>) {
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

    /// Sets the timer of `node` to when its process has something to do.
    pub(super) fn arm(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let key = TimerKey(node.into());
        let next = self.servers[usize::from(node)].raft.as_ref().map_or(Time::NEVER, Raft::next_timer);
        let at = self.cluster.when(node, next, cx.now());
        if at == Time::NEVER || !self.cluster.acts(node) || self.config.by_hand {
            cx.cancel_timer(key);
        } else {
            let late =
                self.lateness.draw(node.into(), next.nanos()).between(Span::ZERO, self.config.timer_late);
            cx.set_timer(key, at + late, Event::Timer(node));
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
    fn hear(&mut self, server: Node, note: Note, cx: &mut Context<'_, Self>) {
        match note {
            Note::Campaigned { term, kind } => {
                cx.report(Fact::Campaigned(server, term, kind));
                if kind != Campaign::Pre {
                    self.campaigns += 1;
                }
                self.outage.campaigned(kind != Campaign::Pre, cx.now());
            }
            Note::Granted { to, term, pre } if to.0 != server => {
                cx.report(Fact::Granted(server, to.0, term, pre));
            }
            Note::Withheld { from, term, pre, why } => {
                cx.report(Fact::Withheld(server, from.0, term, pre, why));
            }
            Note::Led { term } => self.elected(server, term, cx),
            Note::SteppedDown { term, was, why } => {
                cx.report(Fact::SteppedDown(server, term, was, why));
                // One that was replaced while it did not know is no loss.
                if was == Role::Leader && self.leader().is_none() {
                    self.outage.lost(term, cx.now());
                }
                self.stop_if_done(server, cx);
            }
            Note::Truncated { from, upto } => {
                let deleted = std::mem::take(&mut self.before);
                let gone =
                    (from..).zip(deleted.iter().skip_while(|(at, _)| *at < from).map(|(_, entry)| *entry));
                let writes = self.observer.deleted(gone);
                cx.report(Fact::Truncated(server, from, upto, writes));
            }
            Note::Committed { from, upto } => self.applied(server, from, upto, cx),
            Note::Read { read, index } => self.read_done(server, read, index, cx),
            Note::ReadLost { read } => {
                let this = &mut self.servers[usize::from(server)];
                if let Some(at) = this.reads.iter().position(|(number, _)| *number == read) {
                    let (_, request) = this.reads.remove(at);
                    self.answer(server, request, Answer::Refused(None), cx);
                }
            }
            Note::HandedOver { to } => {
                cx.report(Fact::HandedOver(server, to.0));
            }
            Note::TransferAborted { to } => {
                cx.report(Fact::TransferAborted(server, to.0));
                self.stop_if_done(server, cx);
            }
            Note::Granted { .. } => {}
        }
        self.look(server, cx.now());
    }

    fn elected(&mut self, node: Node, term: u64, cx: &mut Context<'_, Self>) {
        let Some(raft) = &self.servers[usize::from(node)].raft else { return };
        cx.report(Fact::Led(node, term));
        self.leaders += 1;
        if let Some((invariant, facts)) = self.observer.elected(raft, self.cluster.name(node)) {
            cx.broken(invariant, || facts);
        }
        self.outage.elected(node, term, self.config.heard, cx.now());
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
}
