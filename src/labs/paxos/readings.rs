//! What the lab `paxos` shows in numbers.

use super::{Paxos, tell};
use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::labs::reading::Row;
use crate::patterns::paxos::Value;
use crate::patterns::paxos::multi::MultiPaxos;

/// Who leads, as the reading `leader` says it.
pub(super) const LEADERS: &[&str] = &["nobody", "A", "B", "C", "D", "E", "F", "G"];
/// How far a decision is.
pub(super) const DECIDED: &[&str] = &["no", "chosen", "known"];
/// What is chosen.
pub(super) const VALUES: &[&str] = &["nothing", "red", "green", "blue"];

impl Paxos {
    /// How many different values are chosen.
    pub(super) fn values_chosen(&self) -> usize {
        let mut values: Vec<Value> =
            self.watch.history.chosen().map(|(proposal, _)| proposal.value).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    }

    /// The highest round that anyone has used.
    fn highest_round(&self) -> u32 {
        let single = self.single.wishers.iter().map(|wisher| wisher.used);
        let multi = self.replicas.iter().filter_map(|replica| replica.agent.as_ref()).map(MultiPaxos::seen);
        single.chain(multi).max().unwrap_or(0)
    }

    pub(super) fn read_levels(&self, now: Time, row: &mut Row) {
        let decided = match (self.watch.chosen_at, self.watch.known_at) {
            (_, Some(_)) => "known",
            (Some(_), _) => "chosen",
            _ => "no",
        };
        row.state("decided", decided);
        row.state("value", self.watch.history.value().map_or("nothing", tell::word));
        let slots = self.watch.slots.len() as u64;
        row.count("chosen", if self.config.multi { slots } else { self.values_chosen() as u64 });
        row.moment("chosen_s", self.watch.chosen_at);
        row.moment("known_s", self.watch.known_at);
        row.count("ballots", self.highest_round().into());
        row.count("in_flight", self.cluster.network.flights().count() as u64);
        row.count(
            "up",
            (0..self.cluster.network.nodes()).filter(|node| self.cluster.acts(*node)).count() as u64,
        );
        let leader = self.leader();
        row.state(
            "leader",
            LEADERS[leader.map_or(0, |leader| usize::from(leader) + 1).min(LEADERS.len() - 1)],
        );
        row.count("leaders_now", (0..self.acceptors()).filter(|node| self.leads(*node)).count() as u64);
        row.count(
            "masters",
            (0..self.acceptors()).filter(|node| self.holds_lease(*node, now)).count() as u64,
        );
        row.put("lease_left_s", leader.map_or(f64::NAN, |leader| self.lease_left(leader, now)));
        row.count("rounds", self.rounds);
        row.count("duels", self.duels);
        row.count("refused", self.refused);
        row.count("accepted", self.accepted);
        row.count("messages", self.messages);
        row.count("steps", self.steps);
        row.count("leaders", self.leaders);
        row.count("writes", self.client.writes);
        row.count("reads", self.client.reads);
        row.count("local_reads", self.client.local);
        row.count("stale_reads", self.watch.stale);
        row.count("timeouts", self.client.timeouts);
        row.count("slots", slots);
    }

    pub(super) fn read_second(&mut self, row: &mut Row) {
        row.put("p50_s", self.client.latencies.quantile(0.5));
        self.client.latencies.clear();
    }

    /// How many acceptors or replicas there are.
    pub(super) const fn acceptors(&self) -> Node {
        self.config.acceptors()
    }
}
