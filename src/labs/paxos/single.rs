//! One value: the acceptors with their disks, the proposers with their waits, the learner.

use super::config::Config;
use super::fact::Fact;
use super::watch::{AGREEMENT, INTEGRITY};
use super::{Event, Message, NOW, Paxos};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::patterns::paxos::{
    self as rules, Acceptor, Agent, Ballot, Body, Learner, Note, Output, Phase, Promised, Proposal, Proposer,
    Save, Value,
};

/// One acceptor: the process, if it runs, and the disk.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub acceptor: Option<Acceptor>,
    pub disk: Promised,
    /// What is being written, in this order, and what waits for it.
    writing: Vec<Write>,
    /// How often it has started: what the disk of an earlier life reports means nothing.
    life: u32,
}

/// A write to disk with what leaves after it.
#[derive(Clone, Debug)]
struct Write {
    disk: Promised,
    messages: Vec<rules::Message>,
    accepted: Option<Proposal>,
}

/// One proposer: the process, if it runs, and the last round that it used. Rounds are set aside on disk ahead of their use,
/// so that none has to wait for a write.
#[derive(Clone, Debug)]
pub(super) struct Wisher {
    pub proposer: Option<Proposer>,
    pub used: u32,
    /// The highest ballot that refused the round under way.
    overtaken: Option<Ballot>,
}

/// The agents.
#[derive(Clone, Debug)]
pub(super) struct Single {
    pub stores: Vec<Store>,
    pub wishers: Vec<Wisher>,
    pub learner: Option<Learner>,
    out: Output,
}

impl Single {
    pub fn new(config: &Config) -> Self {
        if config.multi {
            return Self { stores: Vec::new(), wishers: Vec::new(), learner: None, out: Output::default() };
        }
        let store = |id| Store {
            acceptor: Some(Acceptor::new(config.rules, id)),
            disk: Promised::default(),
            writing: Vec::new(),
            life: 0,
        };
        let wisher = |id| Wisher {
            proposer: Some(Proposer::new(config.rules, id, Value(id.into()))),
            used: 0,
            overtaken: None,
        };
        Self {
            stores: (0..config.acceptors()).map(store).collect(),
            wishers: (0..config.proposers).map(wisher).collect(),
            learner: Some(Learner::new(config.rules, 0)),
            out: Output::default(),
        }
    }

    pub fn bytes(&self) -> usize {
        let writing: usize = self.stores.iter().map(|store| store.writing.len() * 200).sum();
        self.stores.len() * size_of::<Store>() + self.wishers.len() * (size_of::<Wisher>() + 120) + writing
    }
}

impl Paxos {
    /// The node of an agent.
    pub(super) fn node_of(&self, agent: Agent) -> Node {
        match agent {
            Agent::Acceptor(id) => id,
            Agent::Proposer(id) => self.config.acceptors() + id,
            Agent::Learner(_) => self.config.acceptors() + self.config.proposers,
        }
    }

    /// The proposer at `node`, by its number.
    pub(super) fn proposer_at(&self, node: Node) -> Option<usize> {
        let id = node.checked_sub(self.config.acceptors())?;
        (!self.config.multi && id < self.config.proposers).then_some(usize::from(id))
    }

    pub(super) fn start_single(&mut self, cx: &mut Context<'_, Self>) {
        let mut begins = cx.now();
        for id in 0..self.config.proposers {
            let node = self.config.acceptors() + id;
            if self.config.by_hand {
                self.begin_round(node, cx);
            } else {
                // Each within a while after the one before it.
                cx.set_timer(TimerKey(node.into()), begins, Event::Again(node));
                begins += self.starts.draw(id.into(), 0).between(NOW, self.config.stagger);
            }
        }
    }

    /// Gives up the round under way, if there is one, and begins a new one.
    pub(super) fn begin_round(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some(id) = self.proposer_at(node) else { return };
        self.give_up(node, cx);
        let mut out = std::mem::take(&mut self.single.out);
        if let Some(proposer) = &mut self.single.wishers[id].proposer {
            proposer.start(&mut out);
            self.rounds += 1;
        }
        self.settle(node, &mut out, cx);
        self.single.out = out;
        self.wait_for(node, (self.config.round_timeout, self.config.round_timeout), cx);
    }

    /// Ends a round without success.
    fn give_up(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some(id) = self.proposer_at(node) else { return };
        let wisher = &mut self.single.wishers[id];
        let overtaken = wisher.overtaken.take();
        let Some(proposer) = &mut wisher.proposer else { return };
        let (phase, ballot) = (proposer.phase(), proposer.ballot());
        if let Some(ballot) = ballot.filter(|_| matches!(phase, Phase::Preparing | Phase::Accepting)) {
            let late = phase == Phase::Accepting;
            self.duels += u64::from(late && overtaken.is_some());
            let mut out = Output::default();
            proposer.abandon(&mut out);
            cx.report(Fact::GaveUp(node, ballot, late, overtaken));
        }
    }

    /// The proposer at `node` goes on in its own time, if nothing is done by hand.
    fn wait_for(&self, node: Node, (min, max): (Span, Span), cx: &mut Context<'_, Self>) {
        if !self.config.by_hand {
            let waits = self.starts.draw(node.into(), cx.now().nanos()).between(min, max);
            cx.set_timer(TimerKey(node.into()), cx.now() + waits, Event::Again(node));
        }
    }

    /// A proposer has waited long enough.
    pub(super) fn again(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some(id) = self.proposer_at(node) else { return };
        let wisher = &self.single.wishers[id];
        let done = wisher.proposer.as_ref().is_none_or(|proposer| proposer.phase() == Phase::Done);
        if !done && self.cluster.acts(node) {
            self.begin_round(node, cx);
        }
    }

    /// A message reached an agent.
    pub(super) fn step_single(&mut self, message: &rules::Message, cx: &mut Context<'_, Self>) {
        let mut out = std::mem::take(&mut self.single.out);
        let node = self.node_of(message.to);
        match message.to {
            Agent::Acceptor(id) => {
                if let Some(acceptor) = &mut self.single.stores[usize::from(id)].acceptor {
                    acceptor.step(message, &mut out);
                }
            }
            Agent::Proposer(id) => self.step_proposer(id, message, &mut out),
            Agent::Learner(_) => {
                if let Some(learner) = &mut self.single.learner {
                    learner.step(message, &mut out);
                }
            }
        }
        self.settle(node, &mut out, cx);
        self.single.out = out;
        if self.proposer_at(node).is_some() {
            self.after_answer(node, cx);
        }
        self.look(node, cx.now());
    }

    fn step_proposer(&mut self, id: u8, message: &rules::Message, out: &mut Output) {
        let wisher = &mut self.single.wishers[usize::from(id)];
        let Some(proposer) = &mut wisher.proposer else { return };
        if let Body::Nack { ballot, promised } = message.body
            && proposer.ballot() == Some(ballot)
        {
            wisher.overtaken = wisher.overtaken.max(Some(promised));
        }
        proposer.step(message, out);
    }

    /// A proposer without hope waits before it begins again; by hand, it waits for you.
    fn after_answer(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some(proposer) = self.proposer_at(node).and_then(|id| self.single.wishers[id].proposer.as_ref())
        else {
            return;
        };
        if proposer.phase() == Phase::Done {
            cx.cancel_timer(TimerKey(node.into()));
        } else if proposer.hopeless() && !self.config.by_hand {
            self.give_up(node, cx);
            self.wait_for(node, self.config.retry, cx);
        }
    }

    /// Carries out what an agent asks for.
    fn settle(&mut self, node: Node, out: &mut Output, cx: &mut Context<'_, Self>) {
        let mut write = None;
        for save in out.saves.drain(..) {
            match save {
                Save::Proposer(id, used) => self.single.wishers[usize::from(id)].used = used,
                Save::Acceptor(_, disk) => write = Some(disk),
            }
        }
        let mut accepted = None;
        for note in std::mem::take(&mut out.notes) {
            if let Note::Accepted { proposal, .. } = note {
                accepted = Some(proposal);
            }
            self.noted(node, note, cx);
        }
        let messages = std::mem::take(&mut out.messages);
        if usize::from(node) >= self.single.stores.len() {
            return messages.into_iter().for_each(|message| self.send_single(message, cx));
        }
        let fsync = self.config.fsync;
        let store = &mut self.single.stores[usize::from(node)];
        let refusal = messages.iter().all(|message| matches!(message.body, Body::Nack { .. }));
        match write {
            Some(disk) if fsync > NOW => {
                store.writing.push(Write { disk, messages, accepted });
                cx.after(fsync, Event::Synced(node, store.life));
            }
            // It says again what it is about to have on disk.
            None if !refusal && !store.writing.is_empty() => {
                if let Some(last) = store.writing.last_mut() {
                    last.messages.extend(messages);
                }
            }
            _ => {
                let disk = write.unwrap_or(store.disk);
                self.written(node, Write { disk, messages, accepted }, cx);
            }
        }
    }

    /// The oldest write of an acceptor is on its disk.
    pub(super) fn synced(&mut self, node: Node, life: u32, cx: &mut Context<'_, Self>) {
        let Some(store) = self.single.stores.get_mut(usize::from(node)) else { return };
        if store.life == life && !store.writing.is_empty() {
            let write = store.writing.remove(0);
            self.written(node, write, cx);
        }
    }

    fn written(&mut self, node: Node, write: Write, cx: &mut Context<'_, Self>) {
        self.single.stores[usize::from(node)].disk = write.disk;
        for message in write.messages {
            if let Body::Promise { ballot, .. } = message.body {
                self.watch.told_promise(node, ballot);
            }
            self.send_single(message, cx);
        }
        if let Some(proposal) = write.accepted {
            self.accepted += 1;
            self.durable(node, proposal, cx);
        }
    }

    /// An acceptance is on disk: it counts from here on.
    fn durable(&mut self, node: Node, proposal: Proposal, cx: &mut Context<'_, Self>) {
        let known = self.watch.history.chosen().any(|(chosen, _)| chosen == proposal);
        self.watch.history.note(&Note::Accepted { by: node, proposal, broke: None });
        let chosen = self.watch.history.chosen().find(|(chosen, _)| *chosen == proposal);
        if let Some((proposal, by)) = chosen.filter(|_| !known) {
            self.watch.chosen_at.get_or_insert(cx.now());
            cx.report(Fact::Chosen(proposal, by));
        }
        if let Some(both) = self.watch.history.disagreement() {
            let words = self.disagreement_words(&both);
            cx.broken(AGREEMENT, || words);
        }
    }

    fn send_single(&mut self, message: rules::Message, cx: &mut Context<'_, Self>) {
        let (from, to) = (self.node_of(message.from), self.node_of(message.to));
        let label = match message.body {
            Body::Prepare { .. } => "prepare",
            Body::Promise { .. } => "promise",
            Body::Accept(_) => "accept",
            Body::Accepted(_) => "accepted",
            Body::Nack { .. } => "refusal",
        };
        self.messages += 1;
        self.cluster.send((from, to), Message::Single(message), label, cx, Event::Arrive);
    }

    /// An agent tells something of itself.
    fn noted(&mut self, node: Node, told: Note, cx: &mut Context<'_, Self>) {
        match told {
            Note::Started { ballot } => {
                cx.report(Fact::Began(node, ballot));
            }
            Note::Promised { ballot, told, .. } => {
                self.hold_to_promise(node, ballot, cx);
                cx.report(Fact::Promised(node, ballot, told));
            }
            Note::Refused { ballot, promised, .. } => {
                self.refused += 1;
                cx.report(Fact::Refused(node, ballot, Some(promised), false));
            }
            Note::Proposes { proposal, because } => {
                cx.report(Fact::Proposes(node, proposal, because));
            }
            Note::Accepted { proposal, broke, .. } => {
                cx.report(Fact::Accepted(node, proposal, broke));
                self.hold_to_promise(node, proposal.ballot, cx);
                self.hold_to_wishes(node, proposal, cx);
            }
            Note::Succeeded { proposal } => {
                cx.report(Fact::Succeeded(node, proposal));
                self.knows(node, proposal.value, cx);
            }
            Note::Learned { value, .. } => {
                cx.report(Fact::Learned(node, value));
                self.knows(node, value, cx);
            }
            Note::Abandoned { .. } => {}
        }
        self.look(node, cx.now());
    }

    /// Somebody takes a value for chosen.
    fn knows(&mut self, node: Node, value: Value, cx: &mut Context<'_, Self>) {
        self.watch.known_at.get_or_insert(cx.now());
        if !self.watch.history.chosen().any(|(proposal, _)| proposal.value == value) {
            let name = self.cluster.name(node).to_owned();
            cx.broken(INTEGRITY, || {
                format!("{name} takes {} for chosen, which no quorum accepted", super::tell::word(value))
            });
        }
    }

    /// The process of an agent is gone.
    pub(super) fn crash_single(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if let Some(id) = self.proposer_at(node) {
            self.single.wishers[id].proposer = None;
            cx.cancel_timer(TimerKey(node.into()));
        } else if let Some(store) = self.single.stores.get_mut(usize::from(node)) {
            store.acceptor = None;
            store.writing.clear();
            store.life += 1;
        } else {
            self.single.learner = None;
        }
    }

    /// It starts with what is on its disk.
    pub(super) fn restart_single(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let config = self.config.rules;
        if let Some(id) = self.proposer_at(node) {
            let wisher = &mut self.single.wishers[id];
            let number = node - self.config.acceptors();
            wisher.overtaken = None;
            wisher.proposer = Some(Proposer::restart(config, number, Value(number.into()), wisher.used));
            self.wait_for(node, self.config.retry, cx);
        } else if let Some(store) = self.single.stores.get_mut(usize::from(node)) {
            let acceptor = Acceptor::restart(config, node, store.disk);
            store.disk = acceptor.disk();
            store.acceptor = Some(acceptor);
        } else {
            self.single.learner = Some(Learner::new(config, 0));
        }
    }
}
