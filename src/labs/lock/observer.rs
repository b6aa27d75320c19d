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
    /// How a client stands.
    pub fn stance(&self, node: Node) -> Stance {
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
            Belief::Holds => Stance::Holds,
            Belief::Doubts => Stance::Doubts,
            _ if client.is_waiting() => Stance::Waits,
            _ => Stance::Out,
        }
    }
}

impl Locks {
    /// Looks at one design after something has happened there.
    pub(super) fn observe(&mut self, s: usize, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let side = &mut self.sides[s];
        let clients = 0..side.store_node();
        for node in clients.clone() {
            let stance = side.stance(node);
            note(&mut side.history.clients[usize::from(node)], now, stance);
        }
        let truth = side.truth(now);
        note(&mut side.history.truth, now, truth);
        let mut believers = clients.clone().filter(|node| side.believes(*node));
        let (first, second) = (believers.next(), believers.next());
        let count = usize::from(first.is_some()) + usize::from(second.is_some()) + believers.count();
        note(&mut side.history.overlap, now, count > 1);
        let (before, was) = (side.seen.truth, side.seen.two);
        side.seen.truth = truth;
        side.seen.believers = count;
        if let Some(owner) = before.filter(|owner| truth != Some(*owner) && side.believes(*owner)) {
            self.report(s, What::Ended(owner), cx);
        }
        match (first.zip(second), was) {
            (Some((a, b)), None) => {
                self.sides[s].seen.two = Some(now);
                self.report(s, What::Two(a, b), cx);
                let words =
                    format!("{} and {} both believe that they hold it", self.name(s, a), self.name(s, b));
                self.broken(s, ONE, &words, cx);
            }
            (None, Some(since)) => {
                let seen = &mut self.sides[s].seen;
                seen.two = None;
                seen.overlap = seen.overlap + now.since(since);
                self.report(s, What::OneAgain(now.since(since)), cx);
            }
            _ => {}
        }
        self.observe_outage(s, cx);
        self.conserve(s, cx);
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
                    self.report(s, What::OutageOver(node, lasted), cx);
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
