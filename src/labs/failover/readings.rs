//! What the lab `failover` shows in numbers.

use super::Failover;
use crate::engine::time::Time;
use crate::labs::reading::Row;

/// Who leads, as the reading `leader` says it.
pub(super) const LEADERS: &[&str] = &[
    "nobody", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "S15",
];

impl Failover {
    pub(super) fn read_levels(&self, now: Time, row: &mut Row) {
        let outage = &self.outage;
        let ended = if self.config.heard { outage.heard } else { outage.led.map(|(at, ..)| at) };
        row.put("election_s", outage.until(ended));
        row.put("detect_s", outage.until(outage.detected));
        row.put("heard_s", outage.until(outage.heard));
        row.put("unavailable_s", outage.until(outage.written));
        row.put("leaderless_s", if outage.led.is_none() { outage.until(Some(now)) } else { 0.0 });
        row.count("rounds", outage.rounds);
        let terms = outage.led.map_or_else(|| self.term(), |(_, _, term)| term);
        row.count(
            "terms_used",
            if outage.began.is_some() { terms.saturating_sub(outage.lost_term) } else { 0 },
        );
        row.count("failovers", outage.count);
        row.state("leader", LEADERS[self.leader().map_or(0, |leader| usize::from(leader) + 1)]);
        row.count("leaders_now", self.servers.iter().filter(|server| server.leads()).count() as u64);
        row.count("term", self.term());
        row.count("terms", self.term());
        row.count("elections", self.campaigns);
        row.count("leaders", self.leaders);
        row.count("split_votes", self.campaigns.saturating_sub(self.leaders));
        row.count("up", (0..self.config.servers).filter(|node| self.cluster.acts(*node)).count() as u64);
        row.count("committed", self.observer.top());
        row.count("lost_uncommitted", self.observer.lost());
        row.count("stale_reads", self.observer.stale);
        row.count("duplicates", self.observer.twice);
        row.count("answers", self.answers);
        row.count("writes", self.writes);
        row.count("reads", self.reads_done);
        row.count("timeouts", self.client_timeouts);
        row.count("unknown", self.unknown);
        row.count("waiting", self.clients.iter().filter(|client| client.waits.is_some()).count() as u64);
        row.count("messages", self.messages);
        row.count("in_flight", self.cluster.network.flights().count() as u64);
    }

    pub(super) fn read_second(&mut self, row: &mut Row) {
        row.put("p50_s", self.latencies.quantile(0.5));
        row.put("p99_s", self.latencies.quantile(0.99));
        self.latencies.clear();
    }
}
