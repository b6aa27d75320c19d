//! The pictures that a cluster draws of itself: who is there, what is cut, what is on its way, and how it came.

use super::{Cluster, Kept, Look};
use crate::engine::network::{Flight, Node};
use crate::engine::time::{Span, Time};
use crate::labs::scene;
use crate::labs::scene::{
    Cut, Fate, Lane, Part, PartId, Presence, SpaceTime, Stretch, Tone, Trip, Value, Window,
};

impl<M: Clone> Cluster<M> {
    /// Whether a node takes part, as pictures tell it.
    pub fn presence(&self, node: Node) -> Presence {
        let host = self.host(node);
        let others = || (0..self.network.nodes()).filter(|&other| other != node);
        if !host.up {
            Presence::Dead
        } else if host.paused {
            Presence::Paused
        } else if others().all(|to| self.network.is_cut(node, to) && self.network.is_cut(to, node)) {
            Presence::Cut
        } else {
            Presence::Up
        }
    }

    /// The ways that carry nothing, both directions in one where both are cut. Those around a node that is cut off from all
    /// are left out: it says so itself.
    pub fn cuts(&self) -> Vec<Cut> {
        let nodes = self.network.nodes();
        let mut cuts = Vec::new();
        for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
            let (there, back) = (self.network.is_cut(from, to), self.network.is_cut(to, from));
            let off = [from, to].into_iter().any(|node| self.presence(node) == Presence::Cut);
            if there && !off && (!back || from < to) {
                cuts.push(Cut { from: self.id(from), to: self.id(to), one_way: !back });
            }
        }
        cuts
    }

    /// The id of the part that stands for `node`: its name.
    pub fn id(&self, node: Node) -> PartId {
        PartId::from(self.name(node))
    }

    /// The id of its lane over time.
    fn lane_id(&self, node: Node) -> PartId {
        PartId(format!("time.{}", self.name(node)))
    }

    /// The part of message `number`, with what is known of every message.
    pub fn message_part(&self, number: u32, flight: &Flight<M>, label: &str, now: Time) -> Part {
        let arrives = if flight.due == Time::NEVER {
            Value::Text("when it is delivered".into())
        } else {
            Value::Span(flight.due.since(now))
        };
        Part::new(format!("m{number}"))
            .field("message", label)
            .field("from", self.name(flight.from))
            .field("to", self.name(flight.to))
            .field("sent", flight.sent)
            .field("arrives in", arrives)
            .hit_at(format!("m{number}"))
    }

    /// The messages on their way, the next to arrive first, each with its label, a note and a tone.
    pub fn flights(
        &self,
        now: Time,
        describe: impl Fn(u32, &Flight<M>) -> (String, String, Tone),
    ) -> Vec<scene::Flight> {
        let mut flights: Vec<(u32, &Flight<M>)> = self.network.flights().collect();
        flights.sort_by_key(|(number, flight)| (flight.due, *number));
        let picture = |(number, flight): (u32, &Flight<M>)| {
            let (label, note, tone) = describe(number, flight);
            let whole = flight.due.since(flight.sent).nanos().max(1) as f64;
            let cut = self.network.is_cut(flight.from, flight.to);
            scene::Flight {
                part: self.message_part(number, flight, &label, now),
                label: format!("m{number} {label}"),
                from: self.id(flight.from),
                to: self.id(flight.to),
                progress: if flight.due == Time::NEVER {
                    0.0
                } else {
                    now.since(flight.sent).nanos() as f64 / whole
                },
                due: (flight.due != Time::NEVER && !cut).then(|| flight.due.since(now)),
                note,
                tone,
            }
        };
        flights.into_iter().map(picture).collect()
    }

    /// Nodes as lanes over the last `past`, with the messages between them for which `shown` holds.
    pub fn space_time(
        &self,
        nodes: impl Iterator<Item = Node>,
        past: Span,
        now: Time,
        shown: impl Fn(&Kept) -> bool,
    ) -> SpaceTime {
        let from = Time::ZERO + now.since(Time::ZERO).saturating_sub(past);
        let nodes: Vec<Node> = nodes.collect();
        let lanes = nodes.iter().map(|&node| self.lane(node, from)).collect();
        let is_shown = |kept: &&Kept| {
            let end = kept.fate.map_or(Time::NEVER, Fate::at);
            end >= from && nodes.contains(&kept.from) && nodes.contains(&kept.to) && shown(kept)
        };
        let trips = self.trail.trips().filter(is_shown).map(|kept| self.trip(kept)).collect();
        SpaceTime { window: Window::until(from, now), nodes: lanes, trips }
    }

    fn lane(&self, node: Node, from: Time) -> Lane {
        let looks = self.trail.looks(node);
        let ends = looks.iter().skip(1).map(|(since, _)| *since).chain([Time::NEVER]);
        let stretch = |((since, look), to): (&(Time, Look), Time)| Stretch {
            from: *since,
            to,
            letter: look.letter,
            label: look.word.into(),
            tone: look.tone,
        };
        let stretches = looks.iter().zip(ends).filter(|(_, to)| *to > from).map(stretch).collect();
        let part = Part::new(self.lane_id(node))
            .field("node", self.name(node))
            .field("is", looks.back().map_or("", |(_, look)| look.word))
            .field("since", looks.back().map_or(Time::ZERO, |(since, _)| *since))
            .hit_at(self.name(node));
        Lane { part, label: self.name(node).into(), stretches, marks: Vec::new() }
    }

    fn trip(&self, kept: &Kept) -> Trip {
        let due = || self.network.flight(kept.number).map_or(Time::NEVER, |flight| flight.due);
        let fate = kept.fate.unwrap_or_else(|| Fate::Due(due()));
        Trip {
            part: Part::default(),
            label: kept.label.into(),
            from: self.lane_id(kept.from),
            to: self.lane_id(kept.to),
            sent: kept.sent,
            fate,
            tone: if matches!(fate, Fate::Lost(_)) { Tone::Bad } else { Tone::Plain },
        }
    }
}
