//! Faults: what they do to servers and clients.

use super::fact::Fact;
use super::{Event, Failover};
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::labs::cluster::{Change, Look};
use crate::labs::fault::{Fault, Verb};
use crate::labs::scene::Tone;
use crate::patterns::raft::{Disk, Raft, Reads, Role, Server};

/// How long the preset's crash waits for a leader, if there is none.
const AGAIN: Span = Span::from_millis(10);

impl Failover {
    pub(super) fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        self.is_possible(fault)?;
        let (leader, term, cut_off) = (self.leader(), self.term(), self.is_leader_cut_off());
        let servers = self.config.servers;
        let nodes = self.cluster.network.nodes();
        let alias = |name: &str| -> Result<Vec<Node>, String> {
            let led = || leader.ok_or_else(|| "Nobody leads now.".to_owned());
            match name {
                "leader" => led().map(|leader| vec![leader]),
                "followers" => led().map(|leader| (0..servers).filter(|node| *node != leader).collect()),
                "servers" => Ok((0..servers).collect()),
                "clients" => Ok((servers..nodes).collect()),
                _ => Err(format!("There is no {name} here.")),
            }
        };
        let begun = self.cluster.begin(fault, alias, cx.now())?;
        self.cluster.announce(&begun, cx, Fact::Began, Event::Over);
        // The outage begins with what caused it, before anything comes of it.
        let hit = |change: &Change| match *change {
            Change::Crashed(node) | Change::Stopping(node) | Change::Paused(node) => Some(node) == leader,
            _ => false,
        };
        if begun.changes.iter().any(hit) || (!cut_off && self.is_leader_cut_off()) {
            self.outage.leader_lost(term, cx.now());
        }
        self.carry_out_changes(&begun.changes, cx);
        Ok(())
    }

    /// Whether a fault makes sense now that the cluster itself would not refuse.
    fn is_possible(&self, fault: &Fault) -> Result<(), String> {
        let node = self.cluster.node(&fault.target);
        let raft = node.and_then(|node| self.servers.get(usize::from(node))).map(|server| &server.raft);
        match (fault.verb, raft) {
            (Verb::Fire, Some(Some(raft))) if raft.role() == Role::Leader && !self.config.by_hand => {
                Err(format!("{} leads, and has no election timer.", fault.target))
            }
            (Verb::Write, Some(Some(raft))) if raft.role() != Role::Leader => {
                Err(format!("{} does not lead, and takes no writes.", fault.target))
            }
            (Verb::Read, Some(Some(raft)))
                if raft.role() != Role::Leader && raft.config().reads != Reads::Local =>
            {
                Err(format!("{} does not lead, and only a leader answers reads here.", fault.target))
            }
            (Verb::Write | Verb::Read, Some(None)) => Err(format!("{} is down.", fault.target)),
            (Verb::Write | Verb::Read, Some(Some(_)))
                if node.is_some_and(|node| !self.cluster.acts(node)) =>
            {
                Err(format!("{} stands still.", fault.target))
            }
            _ => Ok(()),
        }
    }

    /// Whether the leader can't hear a majority, itself counted, or they can't hear it.
    fn is_leader_cut_off(&self) -> bool {
        let Some(leader) = self.leader() else { return false };
        let network = &self.cluster.network;
        let reached = (0..self.config.servers).filter(|&other| {
            other == leader || !(network.is_cut(leader, other) || network.is_cut(other, leader))
        });
        reached.count() < self.config.majority()
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
            Change::Crashed(node)
            | Change::Stopping(node)
            | Change::Wiped(node)
            | Change::Started(node)
            | Change::Paused(node)
            | Change::Resumed(node)
            | Change::Clock(node)
            | Change::Fired(node)
            | Change::Proposes(node)
            | Change::Write(node)
            | Change::Read(node)
                if node >= self.config.servers =>
            {
                self.change_client(change, node, cx);
            }
            Change::Crashed(node) => self.crashed(node, cx),
            Change::Stopping(node) => self.stop(node, cx),
            Change::Wiped(node) => {
                self.servers[usize::from(node)].disk = Disk::default();
            }
            Change::Started(node) => self.start_server(node, cx),
            Change::Paused(node) => {
                if self.config.ticks {
                    self.cluster.hold_clock(node, true, now);
                }
                self.arm(node, cx);
                self.look(node, now);
            }
            Change::Resumed(node) => self.resume(node, cx),
            Change::Clock(node) => self.arm(node, cx),
            Change::Fired(node) | Change::Proposes(node) => self.fire(node, cx),
            Change::Write(node) => self.write_by_hand(node, cx),
            Change::Read(node) => self.read_by_hand(node, cx),
        }
    }

    /// Clients only stop and go on: they keep nothing.
    fn change_client(&mut self, change: Change, node: Node, cx: &mut Context<'_, Self>) {
        match change {
            Change::Started(_) | Change::Resumed(_) => {
                for flight in self.cluster.held(node) {
                    self.receive(flight.from, flight.to, &flight.message, cx);
                }
                let waits = self.clients[usize::from(node - self.config.servers)].waits.is_some();
                cx.after(Span::ZERO, if waits { Event::Ask(node) } else { Event::Think(node) });
            }
            _ => {}
        }
    }

    fn crashed(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        self.servers[usize::from(node)].crash();
        self.arm(node, cx);
        self.look(node, cx.now());
    }

    /// Lets the timer of a server run out: that of an election, or of the next heartbeat.
    fn fire(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if self.servers[usize::from(node)].leads() {
            self.call(node, cx, Raft::beat);
        } else {
            self.call(node, cx, Raft::time_out);
        }
    }

    /// A process that stood still goes on: first with what came for it, in order.
    fn resume(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if self.config.ticks {
            self.cluster.hold_clock(node, false, cx.now());
        }
        self.look(node, cx.now());
        self.see_saves(node, cx);
        for flight in self.cluster.held(node) {
            self.receive(flight.from, flight.to, &flight.message, cx);
        }
        self.arm(node, cx);
    }

    /// A server ends in good order: a leader hands over first, to the follower whose log is longest.
    fn stop(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let successor = self.successor(node);
        let told = successor.and_then(|to| {
            self.call(node, cx, |raft, now, draw, out| raft.transfer(now, draw, Server(to), out))
        });
        if matches!(told, Some(Ok(()))) && self.servers[usize::from(node)].leads() {
            self.servers[usize::from(node)].stopping = true;
        } else {
            self.end_process(node, cx);
        }
    }

    fn successor(&self, node: Node) -> Option<Node> {
        let raft =
            self.servers[usize::from(node)].raft.as_ref().filter(|raft| raft.role() == Role::Leader)?;
        let others = (0..self.config.servers).filter(|other| *other != node && self.cluster.host(*other).up);
        let matched = |other: &Node| raft.peer(Server(*other)).map_or(0, |peer| peer.matched);
        // The first of those that have most.
        others.rev().max_by_key(matched)
    }

    /// A server that is to end and leads no more is done.
    pub(super) fn stop_if_done(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        if self.servers[usize::from(node)].stopping {
            cx.after(Span::ZERO, Event::Stopped(node));
        }
    }

    /// The process of `node` ends.
    pub(super) fn end_process(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        self.cluster.crash(node);
        self.crashed(node, cx);
    }

    /// The crash that a preset brings along.
    pub(super) fn own_crash(&mut self, cx: &mut Context<'_, Self>) {
        let Some(leader) = self.leader().filter(|leader| self.cluster.host(*leader).up) else {
            return cx.after(AGAIN, Event::OwnCrash);
        };
        cx.report(Fact::OwnCrash(leader));
        self.crashed = true;
        self.outage.leader_lost(self.term(), cx.now());
        self.end_process(leader, cx);
    }

    /// Notes how a server looks now.
    pub(super) fn look(&mut self, node: Node, now: Time) {
        let host = self.cluster.host(node);
        let role = self.servers[usize::from(node)].raft.as_ref().map(Raft::role);
        let (letter, word, tone) = match role {
            _ if host.paused => ('z', "stands still", Tone::Warn),
            None => ('x', "down", Tone::Bad),
            Some(Role::Follower) => ('F', "follows", Tone::Plain),
            Some(Role::PreCandidate) => ('P', "asks", Tone::Warn),
            Some(Role::Candidate) => ('C', "campaigns", Tone::Warn),
            Some(Role::Leader) => ('L', "leads", Tone::Good),
        };
        self.cluster.look(node, Look { letter, word, tone }, now);
    }
}
