//! The parts of the stage of the lab `lock`, with all that there is to know of each.

use super::Locks;
use super::client::Stage;
use super::design::Design;
use super::history::Stance;
use super::message::Message;
use super::server::Machine;
use super::side::Side;
use crate::engine::network::{Flight, Node};
use crate::engine::time::Time;
use crate::labs::scene::{Part, Tone, Value};
use crate::patterns::lock::redis::Role;

/// What a client does, in a few words.
pub(super) const fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Thinks => "does without",
        Stage::Waits => "waits for the lock",
        Stage::Reads => "reads",
        Stage::Works => "works",
        Stage::Ready => "has looked at its clock",
        Stage::Writes => "writes",
        Stage::Leaves => "gives the lock back",
    }
}

/// How a client stands, in a few words.
pub(super) const fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::Out => "without",
        Stance::Waits => "waits",
        Stance::Holds => "believes it holds",
        Stance::Wrong => "wrongly believes it holds",
        Stance::Doubts => "in doubt",
        Stance::Still(true) => "stands still, believes it holds",
        Stance::Still(false) => "stands still",
        Stance::Down => "down",
    }
}

impl Locks {
    /// A client.
    pub(super) fn client_part(&self, s: usize, node: Node, now: Time) -> Part {
        let side = &self.sides[s];
        let name = side.cluster.name(node);
        let Some(client) = side.client(node) else { return Part::new(name) };
        let local = side.cluster.clock(node, now);
        let mut part = Part::new(name)
            .field("it", stance_word(side.stance(node, side.seen.truth)))
            .field("does", stage_word(client.stage))
            .field("its lock by the server", side.truth(now) == Some(node));
        if let Some(token) = client.token {
            part = part.field("token", token.0);
        }
        if client.is_waiting() {
            part = part.field("has waited", now.since(client.asked));
        } else if side.believes(node) {
            part = part.field("has held", now.since(client.since));
        }
        if let Some(until) = client.agent.until() {
            part = if until >= local {
                part.field("by its clock for", until.since(local))
            } else {
                part.field("by its clock over since", local.since(until))
            };
        }
        if let Some((value, version)) = client.read {
            part = part.field("has read", format!("{value}, version {}", version.0));
        }
        if let Some(yes) = client.agent.yes() {
            part = part.field("servers that said yes", yes);
        }
        if let Some(session) = client.agent.session() {
            part = part.field(if side.design == Design::Etcd { "lease" } else { "session" }, session);
        }
        if side.is_starved(node) {
            part = part.field("what keeps its lock", "does not run");
        }
        part.field("pieces of work", client.job).hit_at(name)
    }

    /// A lock server.
    pub(super) fn server_part(&self, s: usize, node: Node, now: Time) -> Part {
        let side = &self.sides[s];
        let name = side.cluster.name(node);
        let owner = side.owner_at(node, now);
        let holder = owner.map_or("nobody", |(node, _)| side.cluster.name(node));
        let mut part = Part::new(name).field("holder", holder);
        if let Some((_, Some(end))) = owner {
            part = part.field("ends in", end.since(side.server_time(node, now)));
        }
        match side.machine(node) {
            Some(Machine::Redis { redis, .. }) => {
                let role = if redis.role() == Role::Master { "master" } else { "replica" };
                part = part.field("is", role).field("writes", redis.offset());
            }
            Some(Machine::Keeper { keeper, .. }) => {
                part = part
                    .field("in line", keeper.nodes().len())
                    .field("zxid", keeper.zxid().0)
                    .field("watches fired", keeper.notified());
            }
            Some(Machine::Etcd { etcd, .. }) => {
                part = part
                    .field("in line", etcd.keys().len())
                    .field("revision", etcd.revision().0)
                    .field("leads", etcd.leading());
            }
            None => {}
        }
        let clock = &side.cluster.host(node).clock;
        if !clock.is_true() {
            part = part.field("its clock shows", clock.read(now));
        }
        part.hit_at(name)
    }

    /// The store.
    pub(super) fn store_part(&self, s: usize) -> Part {
        let side = &self.sides[s];
        let token = |token: Option<_>| {
            token.map_or(Value::None, |token: crate::patterns::lock::Token| Value::Count(token.0))
        };
        let (value, version) = side.store.read();
        let checks = side.store.fencing() == crate::patterns::lock::storage::Fencing::Checked;
        Part::new("store")
            .field("value", value)
            .field("writes taken", version.0)
            .field("updates lost", side.counts.lost_updates)
            .field("writes refused", side.counts.rejected)
            .field("highest token", token(side.store.highest()))
            .field("checks tokens", checks)
            .hit_at("store")
    }

    /// What a message says, what comes of it if nothing changes, and how that stands.
    pub(super) fn describe(&self, s: usize, flight: &Flight<Message>) -> (String, String, Tone) {
        let side = &self.sides[s];
        let label = flight.message.label().to_owned();
        match &flight.message {
            Message::Write(_, _, based_on, token) => {
                let label = token.map_or(label.clone(), |token| format!("{label} {}", token.0));
                let (stale, old) = (*token < side.store.highest(), *based_on < side.store.read().1);
                let checks = side.store.fencing() == crate::patterns::lock::storage::Fencing::Checked;
                match (checks, stale, old) {
                    (true, true, _) => (label, "will be rejected".into(), Tone::Good),
                    (_, _, true) => (label, "based on an old value".into(), Tone::Bad),
                    _ => (label, String::new(), Tone::Plain),
                }
            }
            _ => (label, String::new(), Tone::Plain),
        }
    }
}

impl Side {
    /// What a server says of the lock, in a few words.
    pub fn server_words(&self, node: Node, now: Time) -> String {
        let Some((owner, end)) = self.owner_at(node, now) else { return "free".into() };
        let owner = self.cluster.name(owner);
        end.map_or_else(
            || format!("{owner}, without end"),
            |end| format!("{owner}, {} left", Value::Span(end.since(self.server_time(node, now)))),
        )
    }
}
