//! Belief against truth: what is looked at after every event.

use super::fact::What;
use super::history::{Stance, note};
use super::side::Side;
use super::{CONSERVED, Locks, ONE};
use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::patterns::lock::Belief;

/// An outage shorter than this is how a lock changes hands, and not told.
const WORTH_TELLING: Span = Span::from_secs(1);

impl Side {
    /// How a client stands, if the lock is `truth`'s.
    pub fn stance(&self, node: Node, truth: Option<Node>) -> Stance {
        let host = self.cluster.host(node);
        if !host.up {
            return Stance::Down;
        }
        let Some(client) = self.client(node) else { return Stance::Out };
        let belief = client.agent.belief();
        if host.paused {
            return Stance::Still(belief == Belief::Holds);
        }
        match belief {
            Belief::Holds if truth == Some(node) => Stance::Holds,
            Belief::Holds => Stance::Wrong,
            Belief::Doubts => Stance::Doubts,
            _ if client.is_waiting() => Stance::Waits,
            _ => Stance::Out,
        }
    }

    /// Who believes to hold the lock, whoever got in first before the others.
    fn believers(&self) -> Vec<Node> {
        let mut believers: Vec<Node> = (0..self.store_node()).filter(|node| self.believes(*node)).collect();
        believers.sort_by_key(|node| self.client(*node).map(|client| client.since));
        believers
    }
}

impl Locks {
    /// Looks at one design after something has happened there.
    pub(super) fn observe(&mut self, s: usize, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let side = &mut self.sides[s];
        let truth = side.truth(now);
        for node in 0..side.store_node() {
            let stance = side.stance(node, truth);
            note(&mut side.history.clients[usize::from(node)], now, stance);
        }
        note(&mut side.history.truth, now, truth);
        let believers = side.believers();
        note(&mut side.history.overlap, now, believers.len() > 1);
        let before = side.seen.truth;
        side.seen.truth = truth;
        side.seen.believers = believers.len();
        if let Some(owner) = before.filter(|owner| truth != Some(*owner) && believers.contains(owner)) {
            Self::report(s, What::Ended(owner), cx);
        }
        self.observe_overlap(s, &believers, cx);
        self.observe_outage(s, cx);
        self.conserve(s, cx);
    }

    /// Whether several believe at once. It is told once for whoever got in first, until that one believes no more: those who
    /// take turns beside it are not told of each time.
    fn observe_overlap(&mut self, s: usize, believers: &[Node], cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let seen = &mut self.sides[s].seen;
        match (believers, seen.two) {
            ([a, b, ..], None) => {
                seen.two = Some(now);
                if seen.first.is_none_or(|(first, _)| first != *a) {
                    seen.first = Some((*a, seen.overlap));
                    Self::report(s, What::Two(*a, *b), cx);
                    let (a, b) = (self.name(s, *a), self.name(s, *b));
                    self.broken(s, ONE, &format!("{a} and {b} both believe that they hold it"), cx);
                }
            }
            ([] | [_], Some(since)) => {
                seen.two = None;
                seen.overlap += now.since(since);
            }
            _ => {}
        }
        let seen = &mut self.sides[s].seen;
        if let Some((_, overlap)) = seen.first.take_if(|(first, _)| !believers.contains(first)) {
            let together = seen.overlap + seen.two.map_or(Span::ZERO, |since| now.since(since));
            Self::report(s, What::OneAgain(together.saturating_sub(overlap)), cx);
        }
    }

    /// Whether somebody waits and nobody who runs has the lock.
    fn observe_outage(&mut self, s: usize, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let side = &self.sides[s];
        let mut clients = 0..side.store_node();
        let served = clients.clone().find(|node| side.believes(*node) && side.cluster.acts(*node));
        let dry = served.is_none() && clients.any(|node| side.waits(node));
        match (dry, side.seen.dry) {
            (true, None) => self.sides[s].seen.dry = Some(now),
            (false, Some(since)) => {
                let lasted = now.since(since);
                let seen = &mut self.sides[s].seen;
                seen.dry = None;
                seen.outage = seen.outage.max(lasted);
                if let Some(node) = served.filter(|_| lasted >= WORTH_TELLING) {
                    Self::report(s, What::OutageOver(node, lasted), cx);
                }
            }
            _ => {}
        }
    }

    /// Whoever has asked has the lock, gave up, or waits.
    fn conserve(&self, s: usize, cx: &mut Context<'_, Self>) {
        let side = &self.sides[s];
        let counts = side.counts;
        let waiting = side.clients.iter().filter(|client| client.is_waiting()).count() as u64;
        if counts.asked != counts.acquired + counts.gave_up + waiting {
            let words = format!(
                "{} asked, {} got in, {} gave up and {waiting} wait",
                counts.asked, counts.acquired, counts.gave_up
            );
            self.broken(s, CONSERVED, &words, cx);
        }
    }
}
