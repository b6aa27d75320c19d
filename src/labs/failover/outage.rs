//! The time without a leader, taken apart: until someone notices, until someone leads, until a write is acknowledged.

use crate::engine::network::Node;
use crate::engine::time::{Span, Time};

/// The latest failover, and how long nobody led in all.
#[derive(Clone, Debug, Default)]
pub(super) struct Outage {
    /// When the leader was lost.
    pub began: Option<Time>,
    /// When someone campaigned.
    pub detected: Option<Time>,
    /// When someone led, and in which term.
    pub led: Option<(Time, Node, u64)>,
    /// When all others that run had heard from it.
    pub heard: Option<Time>,
    /// When a write was acknowledged that was sent after the leader was lost.
    pub written: Option<Time>,
    /// Campaigns for votes in it.
    pub rounds: u64,
    /// The term that was lost with its leader.
    pub lost_term: u64,
    /// How many there were.
    pub count: u64,
}

impl Outage {
    /// The leader of `term` is gone, or it stands still, or it is cut off.
    pub fn leader_lost(&mut self, term: u64, now: Time) {
        // Losing a leader while nobody has taken over from the last is still the same outage, unless it ended.
        *self = Self { began: Some(now), lost_term: term, count: self.count + 1, ..Self::default() };
    }

    /// A leader stepped down by itself.
    pub fn lost(&mut self, now: Time) {
        if self.began.is_none() || self.led.is_some() {
            self.leader_lost(self.lost_term, now);
        }
    }

    /// Someone campaigns, for votes or only to ask.
    pub fn campaigned(&mut self, for_votes: bool, now: Time) {
        if self.began.is_some() && self.led.is_none() {
            self.detected.get_or_insert(now);
            self.rounds += u64::from(for_votes);
        }
    }

    /// Someone leads. If it takes until all have `heard` of a leader, one that is replaced before does not count.
    pub fn elected(&mut self, node: Node, term: u64, heard: bool, now: Time) {
        if self.began.is_some() && (self.led.is_none() || (heard && self.heard.is_none())) {
            self.led = Some((now, node, term));
        }
    }

    /// A write that was sent at `sent` is acknowledged. How long there were none, if it is the first.
    pub fn written(&mut self, sent: Time, now: Time) -> Option<Span> {
        let began = self.began.filter(|began| sent >= *began && self.written.is_none())?;
        self.written = Some(now);
        Some(now.since(began))
    }

    /// From the loss to `end`, in seconds.
    pub fn until(&self, end: Option<Time>) -> f64 {
        match (self.began, end) {
            (Some(began), Some(end)) => end.since(began).secs(),
            _ => f64::NAN,
        }
    }
}
