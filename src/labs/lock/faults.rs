//! Faults: what they do to clients, lock servers and the store, under every design that has such a part.

use super::fact::{Fact, What};
use super::side::Side;
use super::{Event, Locks, key};
use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::labs::cluster::Change;
use crate::labs::fault::{Fault, Target, Verb};

/// How long a client that has started waits before it asks for the lock.
const AFTER_START: Span = Span::from_millis(50);

impl Locks {
    pub(super) fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        if Target::message(&fault.target).is_some() && self.sides.len() > 1 {
            return Err(
                "With all designs at once no message has a number of its own: choose one design.".into()
            );
        }
        let (mut refused, mut told) = (None, None);
        let mut done = false;
        for s in 0..self.sides.len() {
            match self.begin_in(s, fault, &mut told, cx) {
                Ok(()) => done = true,
                // What a design lacks says less than what another says of the part.
                Err(error) if refused.is_none() || self.has(s, &fault.target) => refused = Some(error),
                Err(_) => {}
            }
        }
        if done { Ok(()) } else { Err(refused.unwrap_or_else(|| format!("There is no {}.", fault.target))) }
    }

    fn has(&self, s: usize, name: &str) -> bool {
        self.sides[s].cluster.node(name).is_some()
    }

    fn begin_in(
        &mut self,
        s: usize,
        fault: &Fault,
        told: &mut Option<u64>,
        cx: &mut Context<'_, Self>,
    ) -> Result<(), String> {
        let now = cx.now();
        let side = &mut self.sides[s];
        is_possible(side, fault)?;
        let (holder, store) = (side.holder(now), side.store_node());
        let servers = side.servers();
        let alias = |name: &str| -> Result<Vec<Node>, String> {
            match name {
                "holder" => Ok(vec![holder]),
                "clients" => Ok((0..store).collect()),
                "lock" => Ok(servers.clone().collect()),
                _ => Err(format!("There is no {name} in this design.")),
            }
        };
        let begun = side.cluster.begin(fault, alias, now)?;
        if let Some(number) = begun.number {
            let fact = match *told {
                Some(fact) => fact,
                None => cx.report(Fact { side: key(s), what: What::Began(number) }),
            };
            *told = Some(fact);
            self.sides[s].cluster.note(number, fact);
            if let Some(lasts) = begun.lasts {
                cx.after(lasts, Event::Over(key(s), number));
            }
        }
        if fault.verb == Verb::Promote {
            self.promote(s, cx)?;
        }
        if fault.verb == Verb::Starve {
            self.rearm(s, cx);
        }
        self.carry_out(s, &begun.changes, cx);
        self.observe(s, cx);
        Ok(())
    }

    pub(super) fn fault_over(&mut self, s: usize, number: u32, cx: &mut Context<'_, Self>) {
        let changes = self.sides[s].cluster.over(number, cx.now());
        self.carry_out(s, &changes, cx);
    }

    fn rearm(&mut self, s: usize, cx: &mut Context<'_, Self>) {
        for node in 0..self.sides[s].store_node() {
            self.arm_client(s, node, cx);
        }
    }

    fn carry_out(&mut self, s: usize, changes: &[Change], cx: &mut Context<'_, Self>) {
        for change in changes {
            self.carry_out_change(s, *change, cx);
        }
    }

    fn carry_out_change(&mut self, s: usize, change: Change, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let store = self.sides[s].store_node();
        match change {
            Change::Ended(number) => {
                let told = self.sides[s].cluster.told(number).map(|told| told.number);
                // A fault that is on under several designs ends under all of them at once, and is told of once.
                if told.is_some() && self.told_over != told {
                    self.told_over = told;
                    cx.report_because(told, Fact { side: key(s), what: What::Over(number) });
                }
                self.rearm(s, cx);
            }
            Change::Due(number, at) => cx.at(at, self.arrival(s)(number)),
            Change::Delivered(number) => {
                if let Some(flight) = self.sides[s].cluster.deliver(number, now) {
                    self.receive(s, (flight.from, flight.to), &flight.message, cx);
                }
            }
            Change::Crashed(node) if node < store => self.client_crashed(s, node, cx),
            Change::Started(node) if node < store => self.client_starts(s, node, AFTER_START, cx),
            Change::Paused(node) | Change::Clock(node) if node < store => self.arm_client(s, node, cx),
            Change::Resumed(node) if node < store => self.resume(s, node, cx),
            Change::Crashed(node) if node > store => self.server_crashed(s, node, cx),
            Change::Wiped(node) if node > store => self.wiped(s, node, cx),
            Change::Started(node) if node > store => self.server_started(s, node, cx),
            Change::Paused(node) | Change::Clock(node) if node > store => self.arm_server(s, node, cx),
            Change::Resumed(node) => {
                for flight in self.sides[s].cluster.held(node) {
                    self.receive(s, (flight.from, flight.to), &flight.message, cx);
                }
                if node > store {
                    self.server_timer(s, node, cx);
                }
            }
            _ => {}
        }
    }
}

/// Whether a fault makes sense under this design.
fn is_possible(side: &Side, fault: &Fault) -> Result<(), String> {
    let name = &fault.target;
    let node = side.cluster.node(name);
    let is_server = node.is_some_and(|node| side.machine(node).is_some()) || name == "lock";
    match fault.verb {
        Verb::Promote if side.servers().count() != 2 || side.design != super::Design::Replica => {
            Err(format!("{name} has no replica that could take over."))
        }
        Verb::Wipe if is_server && !side.design.is_redis() => {
            Err(format!("{name} stands for a whole ensemble, which does not lose its disks at once."))
        }
        _ => Ok(()),
    }
}
