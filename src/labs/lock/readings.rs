//! What the lab `lock` shows in numbers.

use super::Locks;
use super::side::Side;
use super::spec::HOLDERS;
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::labs::latency::Latencies;
use crate::labs::reading::Row;
use crate::patterns::lock::Token;

/// The word for whoever it is.
fn word(node: Option<Node>, count: usize) -> &'static str {
    match (node, count) {
        (None, _) => HOLDERS[0],
        (_, 2..) => HOLDERS[1],
        (Some(node), _) => HOLDERS.get(usize::from(node) + 2).copied().unwrap_or(HOLDERS[1]),
    }
}

fn number(token: Option<Token>) -> f64 {
    token.map_or(f64::NAN, |token| token.0 as f64)
}

impl Side {
    /// The word for who believes to hold the lock.
    pub fn holder_word(&self) -> &'static str {
        let first = (0..self.store_node()).find(|node| self.believes(*node));
        word(first, self.seen.believers)
    }
}

impl Locks {
    pub(super) fn read_levels(&self, now: Time, row: &mut Row) {
        let sum = |of: fn(&Side) -> u64| self.sides.iter().map(of).sum::<u64>();
        let longest =
            |of: &dyn Fn(&Side) -> Span| self.sides.iter().map(of).max().unwrap_or(Span::ZERO).secs();
        if let Some(first) = self.sides.first() {
            row.state("holder", first.holder_word());
            row.state("owner", word(first.truth(now), 1));
            let left = first.lease_left(now).filter(|_| !self.is_several());
            row.put("lease_left_s", left.map_or(f64::NAN, Span::secs));
        }
        let most = self.sides.iter().map(|side| side.seen.believers).max().unwrap_or(0);
        row.count("holders", most as u64);
        row.count(
            "waiting",
            sum(|side| (0..side.store_node()).filter(|node| side.waits(*node)).count() as u64),
        );
        row.put("overlap_s", longest(&|side| side.overlap(now)));
        row.put("outage_s", longest(&|side| side.outage(now)));
        row.put("outage_now_s", longest(&|side| side.seen.dry.map_or(Span::ZERO, |since| now.since(since))));
        row.put("token", number(self.sides.iter().filter_map(|side| side.granted).max()));
        row.put("written_token", number(self.sides.iter().filter_map(|side| side.written).max()));
        let (messages, acquired) = (sum(|side| side.counts.messages), sum(|side| side.counts.acquired));
        row.put(
            "messages_per_acquire",
            if acquired > 0 { messages as f64 / acquired as f64 } else { f64::NAN },
        );
        row.count("asked", sum(|side| side.counts.asked));
        row.count("acquired", acquired);
        row.count("gave_up", sum(|side| side.counts.gave_up));
        row.count("lost_updates", sum(|side| side.counts.lost_updates));
        row.count("accepted", sum(|side| side.counts.accepted));
        row.count("rejected", sum(|side| side.counts.rejected));
        row.count("unknown", sum(|side| side.counts.unknown));
        row.count("overruns", sum(|side| side.counts.overruns));
        row.count("renew_failures", sum(|side| side.counts.renew_failures));
        row.count("woken", sum(|side| side.counts.woken));
        row.count("messages", messages);
        row.count("in_flight", sum(|side| side.cluster.network.flights().count() as u64));
        if self.is_several() {
            for side in &self.sides {
                read_design(side, now, row);
            }
        }
    }

    pub(super) fn read_second(&mut self, row: &mut Row) {
        let mut all = Latencies::default();
        for side in &mut self.sides {
            for wait in side.waits.drain(..) {
                all.add(wait);
            }
        }
        row.put("wait_p50_s", all.quantile(0.5));
        row.put("wait_p99_s", all.quantile(0.99));
    }
}

/// The readings of one design among all.
fn read_design(side: &Side, now: Time, row: &mut Row) {
    let [holder, holders, overlap, lost, rejected, outage, messages, acquired, token] =
        side.design.readings();
    row.state(holder, side.holder_word());
    row.count(holders, side.seen.believers as u64);
    row.put(overlap, side.overlap(now).secs());
    row.count(lost, side.counts.lost_updates);
    row.count(rejected, side.counts.rejected);
    row.put(outage, side.outage(now).secs());
    row.count(messages, side.counts.messages);
    row.count(acquired, side.counts.acquired);
    row.put(token, number(side.granted));
}
