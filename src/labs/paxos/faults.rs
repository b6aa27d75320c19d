//! Faults: what they do to agents.

use super::fact::Fact;
use super::{Event, Paxos};
use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::engine::world::Context;
use crate::labs::cluster::{Change, Look};
use crate::labs::fault::{Fault, Verb};
use crate::labs::scene::Tone;
use crate::patterns::paxos::multi::{Disk, Role};
use crate::patterns::paxos::{Phase, Promised, Proposer};

impl Paxos {
    pub(super) fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        self.is_possible(fault)?;
        let (leader, acceptors, agents) = (self.leader(), self.config.acceptors(), self.config.agents());
        let alias = |name: &str| -> Result<Vec<Node>, String> {
            match name {
                "leader" => leader.map(|leader| vec![leader]).ok_or_else(|| "Nobody leads now.".to_owned()),
                "acceptors" | "replicas" => Ok((0..acceptors).collect()),
                "proposers" => Ok((acceptors..agents).collect()),
                _ => Err(format!("There is no {name} here.")),
            }
        };
        let begun = self.cluster.begin(fault, alias, cx.now())?;
        self.cluster.announce(&begun, cx, Fact::Fault, Event::Over);
        self.carry_out_changes(&begun.changes, cx);
        Ok(())
    }

    /// Whether a fault makes sense now that the cluster itself would not refuse.
    fn is_possible(&self, fault: &Fault) -> Result<(), String> {
        let node = if fault.target == "leader" { self.leader() } else { self.cluster.node(&fault.target) };
        let Some(node) = node else { return Ok(()) };
        let name = &fault.target;
        match fault.verb {
            Verb::Propose if self.is_done(node) => Err(format!("{name} knows what is chosen.")),
            Verb::Write | Verb::Read if !self.cluster.host(node).up => Err(format!("{name} is down.")),
            Verb::Write | Verb::Read if !self.cluster.acts(node) => Err(format!("{name} stands still.")),
            Verb::Write if !self.leads(node) => Err(format!("{name} does not lead, and takes no writes.")),
            _ => Ok(()),
        }
    }

    /// Whether the proposer at `node` knows what is chosen.
    fn is_done(&self, node: Node) -> bool {
        let proposer = self.proposer_at(node).and_then(|id| self.single.wishers[id].proposer.as_ref());
        proposer.is_some_and(|proposer| proposer.phase() == Phase::Done)
    }

    pub(super) fn fault_over(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let changes = self.cluster.over(number, cx.now());
        self.carry_out_changes(&changes, cx);
    }

    fn carry_out_changes(&mut self, changes: &[Change], cx: &mut Context<'_, Self>) {
        for change in changes {
            self.carry_out_change(*change, cx);
        }
    }

    fn carry_out_change(&mut self, change: Change, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        match change {
            Change::Ended(number) => {
                let told = self.cluster.told(number).map(|told| told.number);
                cx.report_because(told, Fact::Over(number));
            }
            Change::Due(number, at) => cx.at(at, Event::Arrive(number)),
            Change::Delivered(number) => {
                if let Some(flight) = self.cluster.deliver(number, now) {
                    self.receive(flight.from, flight.to, &flight.message, cx);
                }
            }
            Change::Crashed(node) => self.crashed(node, cx),
            Change::Stopping(node) => {
                self.step_down(node, cx);
                self.cluster.crash(node);
                self.crashed(node, cx);
            }
            Change::Wiped(node) => {
                if let Some(store) = self.single.stores.get_mut(usize::from(node)) {
                    store.disk = Promised::default();
                }
                if let Some(replica) = self.replicas.get_mut(usize::from(node)) {
                    replica.disk = Disk::default();
                }
            }
            Change::Started(node) => {
                if Some(node) == self.client_node() {
                    self.resume_client(cx);
                } else if self.config.multi {
                    self.restart_multi(node, cx);
                } else {
                    self.restart_single(node, cx);
                }
                self.look(node, now);
            }
            Change::Paused(node) => self.look(node, now),
            Change::Resumed(node) => self.resumed(node, cx),
            Change::Clock(node) => {
                if self.config.multi && !self.config.by_hand && Some(node) != self.client_node() {
                    self.resume_multi(node, cx);
                }
            }
            Change::Fired(node) if self.leads(node) => self.renews(node, cx),
            Change::Fired(node) => self.campaign(node, cx),
            Change::Proposes(node) => self.begin_round(node, cx),
            Change::Write(node) => self.ask_by_hand(node, false, cx),
            Change::Read(node) => self.ask_by_hand(node, true, cx),
        }
    }

    fn crashed(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if self.config.multi {
            self.crash_multi(node, cx);
        } else {
            self.crash_single(node, cx);
        }
        self.look(node, cx.now());
    }

    /// A process that stood still goes on: first with what came for it, in order.
    fn resumed(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        self.look(node, cx.now());
        for flight in self.cluster.held(node) {
            self.receive(flight.from, flight.to, &flight.message, cx);
        }
        if Some(node) == self.client_node() {
            self.resume_client(cx);
        } else if self.config.multi {
            if !self.config.by_hand {
                self.resume_multi(node, cx);
            }
        } else if !self.config.by_hand {
            self.again(node, cx);
        }
    }

    /// Notes how a node looks now.
    pub(super) fn look(&mut self, node: Node, now: Time) {
        let host = self.cluster.host(node);
        let (letter, word, tone) = if !host.up {
            ('x', "down", Tone::Bad)
        } else if host.paused {
            ('z', "stands still", Tone::Warn)
        } else {
            self.state(node)
        };
        self.cluster.look(node, Look { letter, word, tone }, now);
    }

    /// What a node that runs is doing: a letter, a word, a tone.
    pub(super) fn state(&self, node: Node) -> (char, &'static str, Tone) {
        if let Some(id) = self.proposer_at(node) {
            let phase = self.single.wishers[id].proposer.as_ref().map_or(Phase::Idle, Proposer::phase);
            return match phase {
                Phase::Idle => ('w', "waits", Tone::Idle),
                Phase::Preparing => ('1', "phase 1", Tone::Plain),
                Phase::Accepting => ('2', "phase 2", Tone::Accent),
                Phase::Done => ('D', "done", Tone::Good),
            };
        }
        if let Some(agent) = self.replicas.get(usize::from(node)).and_then(|replica| replica.agent.as_ref()) {
            return match agent.role() {
                Role::Replica => ('F', "follows", Tone::Plain),
                Role::Preparing => ('C', "campaigns", Tone::Warn),
                Role::Leader => ('L', "leads", Tone::Good),
            };
        }
        if let Some(store) = self.single.stores.get(usize::from(node)) {
            let acceptor = store.acceptor.as_ref();
            return match acceptor.map(|it| (it.promised(), it.accepted())) {
                Some((_, Some(_))) => ('a', "has accepted", Tone::Good),
                Some((Some(_), None)) => ('p', "has promised", Tone::Plain),
                _ => ('.', "knows nothing", Tone::Idle),
            };
        }
        if let Some(learner) = &self.single.learner {
            return if learner.learned().is_some() {
                ('K', "knows", Tone::Good)
            } else {
                ('.', "knows nothing", Tone::Idle)
            };
        }
        ('c', "asks", Tone::Plain)
    }
}
