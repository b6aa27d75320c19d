//! Many values: replicas with their timers, leaders, leases.

use super::client::Request;
use super::config::Config;
use super::fact::Fact;
use super::watch::{AGREEMENT, Filled, INTEGRITY, ONE_MASTER};
use super::{Event, Message, NOW, Paxos};
use crate::engine::network::Node;
use crate::engine::queue::TimerKey;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::patterns::paxos::Proposal;
use crate::patterns::paxos::multi::{
    self as many, Body, Declined, Disk, Entry, MultiPaxos, Note, Output, Role, Setting, Slot,
};

/// One replica: the process, if it runs, and the disk, which is as fast as memory here.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    setting: Setting,
    pub agent: Option<MultiPaxos>,
    pub disk: Disk,
    /// Requests that it will answer once their slot is carried out.
    pub waiting: Vec<(Slot, Entry, Request)>,
}

impl Replica {
    pub fn new(config: &Config, id: Node) -> Self {
        let setting = Setting { id, config: config.rules, lease: config.lease };
        Self {
            setting,
            agent: Some(MultiPaxos::new(setting, Time::ZERO)),
            disk: Disk::default(),
            waiting: Vec::new(),
        }
    }

    pub fn bytes(&self) -> usize {
        let slots = |disk: &Disk| disk.accepted.len() * 56;
        let agent = self.agent.as_ref().map_or(0, |agent| slots(agent.disk()) + agent.chosen().len() * 40);
        size_of::<Self>() + slots(&self.disk) + agent + self.waiting.len() * 64
    }
}

/// The timer with which a leader renews; below it are those with which replicas suspect.
const RENEW: u32 = 16;

impl Paxos {
    pub(super) fn leads(&self, node: Node) -> bool {
        let agent = self.replicas.get(usize::from(node)).and_then(|replica| replica.agent.as_ref());
        agent.is_some_and(|agent| agent.role() == Role::Leader)
    }

    /// Who leads with the highest ballot, of those that run.
    pub(super) fn leader(&self) -> Option<Node> {
        let ballot =
            |node: &Node| self.replicas[usize::from(*node)].agent.as_ref().and_then(MultiPaxos::ballot);
        (0..self.config.acceptors()).filter(|node| self.leads(*node)).max_by_key(ballot)
    }

    pub(super) fn holds_lease(&self, node: Node, now: Time) -> bool {
        let now = self.cluster.clock(node, now);
        let agent = self.replicas.get(usize::from(node)).and_then(|replica| replica.agent.as_ref());
        agent.is_some_and(|agent| agent.holds_lease(now))
    }

    /// How long the lease of a replica lasts on its clock, in seconds; none without one.
    pub(super) fn lease_left(&self, node: Node, now: Time) -> f64 {
        let agent = self.replicas.get(usize::from(node)).and_then(|replica| replica.agent.as_ref());
        let until = agent.and_then(MultiPaxos::lease_until);
        until.map_or(f64::NAN, |until| until.since(self.cluster.clock(node, now)).secs())
    }

    pub(super) fn start_multi(&mut self, cx: &mut Context<'_, Self>) {
        for node in 0..self.config.acceptors() {
            self.listen(node, cx);
        }
        if self.cluster.network.nodes() > self.config.acceptors() {
            cx.after(self.config.think, Event::Think);
        }
    }

    /// The instant at which `span` has passed on the clock of `node`.
    fn after(&self, node: Node, span: Span, now: Time) -> Time {
        let local = self.cluster.clock(node, now) + span;
        self.cluster.when(node, local, now)
    }

    /// Waits for a leader once more, unless it leads itself.
    fn listen(&self, node: Node, cx: &mut Context<'_, Self>) {
        let key = TimerKey(node.into());
        if self.config.by_hand || self.leads(node) {
            return cx.cancel_timer(key);
        }
        let now = cx.now();
        let (min, max) = self.config.suspect;
        let waits = self.starts.draw(node.into(), now.nanos()).between(min, max);
        cx.set_timer(key, self.after(node, waits, now), Event::Again(node));
    }

    /// A replica has heard no leader for too long.
    pub(super) fn suspects(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if !self.cluster.acts(node) || self.leads(node) {
            return;
        }
        self.campaign(node, cx);
    }

    pub(super) fn campaign(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let began = self.call(node, cx, MultiPaxos::campaign);
        match began {
            Some(Err(Declined::Leased { until })) => {
                cx.report(Fact::Waits(node, until));
                if !self.config.by_hand && until != Time::NEVER {
                    // Others wait for the same moment.
                    let (min, _) = self.config.suspect;
                    let more = self.starts.draw(node.into(), cx.now().nanos()).between(NOW, min);
                    let at = self.cluster.when(node, until + more, cx.now());
                    cx.set_timer(TimerKey(node.into()), at, Event::Again(node));
                }
            }
            _ => self.listen(node, cx),
        }
    }

    /// A leader asks for its lease to go on, and once more for what is open.
    pub(super) fn renews(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if !self.cluster.acts(node) || !self.leads(node) {
            return;
        }
        self.call(node, cx, |agent, now, out| {
            agent.renew(now, out);
            agent.ask_again(now, out);
        });
        if !self.config.by_hand {
            let at = self.after(node, self.config.renew, cx.now());
            cx.set_timer(TimerKey(RENEW + u32::from(node)), at, Event::Renew(node));
        }
    }

    /// A message reached a replica.
    pub(super) fn step_multi(&mut self, message: &many::Message, cx: &mut Context<'_, Self>) {
        let node = message.to;
        self.call(node, cx, |agent, now, out| agent.step(now, message, out));
        let agent = self.replicas[usize::from(node)].agent.as_ref();
        let current = agent.is_some_and(|agent| agent.promised() <= Some(message.ballot));
        if matches!(message.body, Body::Prepare { .. } | Body::Accept { .. } | Body::Renew) && current {
            self.listen(node, cx);
        }
    }

    /// Lets the process of `node` do something, and sees to what it asks for.
    pub(super) fn call<R>(
        &mut self,
        node: Node,
        cx: &mut Context<'_, Self>,
        body: impl FnOnce(&mut MultiPaxos, Time, &mut Output) -> R,
    ) -> Option<R> {
        let now = self.cluster.clock(node, cx.now());
        let mut out = Output::default();
        let replica = &mut self.replicas[usize::from(node)];
        let result = replica.agent.as_mut().map(|agent| body(agent, now, &mut out));
        for save in &out.saves {
            replica.disk.write(save);
        }
        for note in std::mem::take(&mut out.notes) {
            self.noted_multi(node, note, cx);
        }
        for message in std::mem::take(&mut out.messages) {
            self.send_multi(message, cx);
        }
        self.carry_out_slots(node, cx);
        self.look(node, cx.now());
        self.look_at_masters(cx);
        result
    }

    fn send_multi(&mut self, message: many::Message, cx: &mut Context<'_, Self>) {
        let label = match message.body {
            Body::Prepare { .. } => "prepare",
            Body::Promise { .. } => "promise",
            Body::Accept { .. } => "accept",
            Body::Accepted { .. } => "accepted",
            Body::Renew => "renew",
            Body::Renewed => "renewed",
            Body::Chosen { .. } => "chosen",
            Body::Nack { .. } => "refusal",
        };
        self.messages += 1;
        self.cluster.send((message.from, message.to), Message::Multi(message), label, cx, Event::Arrive);
    }

    fn noted_multi(&mut self, node: Node, told: Note, cx: &mut Context<'_, Self>) {
        match told {
            Note::Campaigned { ballot } => {
                self.rounds += 1;
                cx.report(Fact::Began(node, ballot));
            }
            Note::Promised { ballot } => {
                self.hold_to_promise(node, ballot, cx);
                self.watch.told_promise(node, ballot);
                cx.report(Fact::Promised(node, ballot, None));
            }
            Note::Refused { ballot, promised, leased } => {
                self.refused += 1;
                cx.report(Fact::Refused(node, ballot, promised, leased));
            }
            Note::Led { ballot, inherited } => {
                self.leaders += 1;
                cx.report(Fact::Led(node, ballot, inherited));
                if !self.config.by_hand {
                    let at = self.after(node, self.config.renew, cx.now());
                    cx.set_timer(TimerKey(RENEW + u32::from(node)), at, Event::Renew(node));
                    cx.cancel_timer(TimerKey(node.into()));
                }
            }
            Note::SteppedDown { ballot } => {
                cx.report(Fact::SteppedDown(node, ballot));
                self.listen(node, cx);
            }
            Note::Accepted { slot, proposal } => self.accepts(node, slot, proposal, cx),
            Note::Chosen { slot, entry } => {
                self.watch.known_at.get_or_insert(cx.now());
                if self.watch.slots.get(&slot).is_none_or(|(proposal, _)| proposal.value != entry) {
                    let name = self.cluster.name(node).to_owned();
                    cx.broken(INTEGRITY, || format!("{name} takes for chosen in slot {slot} what is not"));
                }
            }
        }
    }

    fn accepts(&mut self, node: Node, slot: Slot, proposal: Proposal<Entry>, cx: &mut Context<'_, Self>) {
        self.accepted += 1;
        self.hold_to_promise(node, proposal.ballot, cx);
        match self.watch.accepted(node, slot, proposal) {
            Filled::No => {}
            Filled::First => {
                self.watch.chosen_at.get_or_insert(cx.now());
                cx.report(Fact::Filled(proposal.ballot.proposer, slot));
            }
            Filled::Twice(first, second) => {
                let shared = first.1.shared(second.1);
                let both = if shared.is_empty() {
                    "nobody is in both".into()
                } else {
                    format!("{} in both", self.all(shared))
                };
                let facts = format!(
                    "slot {slot}: {} chose one value under {}, {} another under {}: {both}",
                    self.all(first.1),
                    self.ballot(first.0.ballot),
                    self.all(second.1),
                    self.ballot(second.0.ballot)
                );
                cx.broken(AGREEMENT, || facts);
            }
        }
    }

    /// Answers what waits for slots that are carried out now.
    fn carry_out_slots(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let replica = &mut self.replicas[usize::from(node)];
        let Some(agent) = &replica.agent else { return };
        let open = agent.first_open();
        let mut done = Vec::new();
        replica.waiting.retain(|&(slot, entry, request)| {
            if slot < open {
                done.push((request, (agent.chosen().get(&slot) == Some(&entry)).then_some(slot + 1)));
            }
            slot >= open
        });
        for (request, version) in done {
            self.answer(node, request, version.ok_or(None), false, cx);
        }
    }

    /// Who holds the lease now; there must be no two.
    fn look_at_masters(&mut self, cx: &mut Context<'_, Self>) {
        if self.config.lease.is_none() {
            return;
        }
        let now = cx.now();
        let holders: Vec<Node> =
            (0..self.config.acceptors()).filter(|node| self.holds_lease(*node, now)).collect();
        if let [first, second, ..] = holders[..] {
            let (a, b) = (self.cluster.name(first).to_owned(), self.cluster.name(second).to_owned());
            cx.broken(ONE_MASTER, || format!("{a} and {b} both hold the lease"));
        }
        let master = holders.first().copied();
        if let Some(node) = master.filter(|_| master != self.watch.master) {
            cx.report(Fact::Master(node));
        }
        // Between two masters there may be none, and the one who was may be the next.
        self.watch.master = master.or(self.watch.master);
    }

    pub(super) fn crash_multi(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let Some(replica) = self.replicas.get_mut(usize::from(node)) else { return };
        replica.agent = None;
        replica.waiting.clear();
        for key in [u32::from(node), RENEW + u32::from(node)] {
            cx.cancel_timer(TimerKey(key));
        }
    }

    pub(super) fn restart_multi(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let now = self.cluster.clock(node, cx.now());
        let Some(replica) = self.replicas.get_mut(usize::from(node)) else { return };
        let agent = MultiPaxos::restart(replica.setting, replica.disk.clone(), now);
        replica.disk = agent.disk().clone();
        replica.agent = Some(agent);
        self.listen(node, cx);
    }

    /// A replica goes on, or its clock shows something else: its timers run anew.
    pub(super) fn resume_multi(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if self.leads(node) {
            cx.after(NOW, Event::Renew(node));
        } else {
            self.listen(node, cx);
        }
    }

    /// A leader steps down in good order.
    pub(super) fn step_down(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if usize::from(node) < self.replicas.len() {
            self.call(node, cx, |agent, _, out| agent.step_down(out));
        }
    }
}
