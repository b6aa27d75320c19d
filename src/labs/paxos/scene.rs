//! What the lab `paxos` shows: who has promised and accepted what, what waits to be delivered, and why two values can't be
//! chosen.

use super::{Paxos, tell};
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::labs::scene::{
    self, Cell, Nodes, Panel, Pending, Picture, Scene, Schedule, Sentence, SpaceTime, Tone,
};
use crate::patterns::paxos::{Acceptor, Learner, Phase, Proposer};

impl Paxos {
    pub(super) fn picture(&self, now: Time) -> Scene {
        let scene = Scene::new().with(Panel::stage("agents", Picture::Nodes(self.nodes(now))));
        let scene = if self.config.by_hand {
            scene.with(
                Panel::stage("schedule", Picture::Schedule(self.schedule(now)))
                    .titled("pending, and what follows if delivered now"),
            )
        } else {
            scene
        };
        scene.with(Panel::stage("sum", Picture::Sentence(self.sum(now))).ranked(1)).with(
            Panel::strip("space-time", Picture::SpaceTime(self.space_time(now))).titled(
                if self.config.multi {
                    "L leads  C campaigns  F follows  x down"
                } else {
                    "1 asks for promises  2 asks to accept  p promised  a accepted"
                },
            ),
        )
    }

    fn nodes(&self, now: Time) -> Nodes {
        let columns: [&str; 3] = if self.config.multi {
            ["ballot", "slots", "lease"]
        } else {
            ["ballot", "accepted", "must push"]
        };
        let flights = if self.config.by_hand {
            Vec::new()
        } else {
            self.cluster.flights(now, |_, flight| self.describe(flight))
        };
        Nodes {
            columns: columns.map(str::to_owned).into(),
            nodes: (0..self.cluster.network.nodes()).map(|node| self.row(node, now)).collect(),
            cuts: self.cluster.cuts(),
            flights,
        }
    }

    fn row(&self, node: Node, now: Time) -> scene::Node {
        let (letter, _, tone) = self.state(node);
        let cells: Vec<Cell> = if let Some(id) = self.proposer_at(node) {
            self.single.wishers[id].proposer.as_ref().map_or_else(Vec::new, |it| self.proposer_cells(it))
        } else if let Some(store) = self.single.stores.get(usize::from(node)) {
            let disk = store.acceptor.as_ref().map_or(store.disk, Acceptor::disk);
            vec![
                disk.ballot.map_or_else(|| "-".into(), |it| self.ballot(it)).into(),
                disk.accepted.map_or_else(|| "-".into(), |it| self.proposal(it)).into(),
            ]
        } else if self.config.multi {
            self.replica_cells(node, now)
        } else {
            vec![Cell::default(), Cell::default(), self.learner_words().into()]
        };
        scene::Node {
            part: self.part(node, now),
            label: self.cluster.name(node).into(),
            letter,
            tone,
            presence: self.cluster.presence(node),
            cells,
        }
    }

    fn proposer_cells(&self, proposer: &Proposer) -> Vec<Cell> {
        let rules = &self.config.rules;
        let ballot = proposer.ballot().map_or_else(|| "-".into(), |it| self.ballot(it));
        let so_far = match proposer.phase() {
            Phase::Idle => "waits".to_owned(),
            Phase::Preparing => format!("promised {}/{}", proposer.promises().len(), rules.promise_quorum()),
            Phase::Accepting => format!("accepted {}/{}", proposer.accepts().len(), rules.accept_quorum()),
            Phase::Done => "knows it".to_owned(),
        };
        vec![ballot.into(), so_far.into(), self.must_propose(proposer).into()]
    }

    fn learner_words(&self) -> String {
        let learned = self.single.learner.as_ref().and_then(Learner::learned);
        learned.map_or_else(|| "knows nothing".to_owned(), |value| format!("knows {}", tell::word(value)))
    }

    fn replica_cells(&self, node: Node, now: Time) -> Vec<Cell> {
        let Some(agent) = self.replicas.get(usize::from(node)).and_then(|replica| replica.agent.as_ref())
        else {
            return Vec::new();
        };
        let local = self.cluster.clock(node, now);
        let lease = if self.holds_lease(node, now) {
            Cell::toned(format!("holds it, {}", tell::seconds(self.lease_left(node, now))), Tone::Good)
        } else {
            agent.granted(local).map_or_else(Cell::default, |granted| {
                let to = granted.to.map_or("somebody", |to| self.cluster.name(to));
                format!("for {to}, {}", tell::seconds(granted.until.since(local).secs())).into()
            })
        };
        vec![
            agent.promised().map_or_else(|| "-".into(), |it| self.ballot(it)).into(),
            agent.first_open().to_string().into(),
            lease,
        ]
    }

    fn schedule(&self, now: Time) -> Schedule {
        let pending = |(number, flight): (u32, &crate::engine::network::Flight<super::Message>)| {
            let (label, effect, tone) = self.describe(flight);
            Pending {
                part: self.cluster.message_part(number, flight, &label, now).field("would", effect.clone()),
                number: number.into(),
                label,
                from: self.cluster.name(flight.from).into(),
                to: self.cluster.name(flight.to).into(),
                effect,
                tone,
            }
        };
        Schedule { pending: self.cluster.network.flights().map(pending).collect() }
    }

    fn space_time(&self, now: Time) -> SpaceTime {
        let past = match () {
            () if self.config.by_hand => Span::from_secs(30),
            () if self.config.multi => Span::from_millis(500),
            () => Span::from_millis(100),
        };
        let quiet = |label: &str| matches!(label, "renew" | "renewed" | "chosen" | "read" | "write" | "done");
        self.cluster.space_time(0..self.config.agents(), past, now, |kept| !quiet(kept.label))
    }

    /// Why two different values can't be chosen, or why they could.
    fn sum(&self, now: Time) -> Sentence {
        if self.config.multi {
            return self.sum_of_many(now);
        }
        if let Some(both) = self.watch.history.disagreement() {
            return Sentence {
                text: format!("Two values are chosen. {}.", self.disagreement_words(&both)),
                tone: Tone::Bad,
            };
        }
        let rules = &self.config.rules;
        let (q1, q2, n) = (rules.promise_quorum(), rules.accept_quorum(), rules.acceptors);
        let Some((proposal, by)) = self.watch.history.chosen().next() else {
            let text = if rules.quorums_meet() {
                format!("Nothing is chosen: any {q1} and any {q2} of {n} share one.")
            } else {
                format!("Nothing is chosen: {q1} and {q2} of {n} need not meet!")
            };
            return Sentence { text, tone: if rules.quorums_meet() { Tone::Plain } else { Tone::Warn } };
        };
        let value = tell::word(proposal.value);
        let chosen = format!("{value} is chosen by {} under {}.", self.all(by), self.ballot(proposal.ballot));
        let known = if self.watch.known_at.is_some() { "" } else { " Nobody knows it yet." };
        let later =
            self.single.wishers.iter().filter_map(|wisher| wisher.proposer.as_ref()).find(|proposer| {
                proposer.ballot() > Some(proposal.ballot) && proposer.promises().len() >= q1
            });
        let why = later.map_or_else(
            || format!(" Whoever asks {q1} of {n} meets one of them."),
            |proposer| {
                let shared = by.shared(proposer.promises());
                if shared.is_empty() {
                    " A later quorum met none of them.".to_owned()
                } else {
                    format!(
                        " {} asked {}: {} told.",
                        self.cluster.name(self.config.acceptors() + proposer.id()),
                        self.all(proposer.promises()),
                        self.all(shared)
                    )
                }
            },
        );
        Sentence { text: format!("{chosen}{known}{why}"), tone: Tone::Good }
    }

    fn sum_of_many(&self, now: Time) -> Sentence {
        let Some(leader) = self.leader() else {
            let waits = if self.config.lease.is_some() {
                ", until no lease is left that somebody granted"
            } else {
                ""
            };
            return Sentence { text: format!("Nobody leads{waits}."), tone: Tone::Warn };
        };
        let name = self.cluster.name(leader);
        let slots = self.watch.slots.len();
        let text = match (self.config.lease, self.holds_lease(leader, now)) {
            (None, _) => format!(
                "{name} leads: phase 1 is done for all slots, each value takes one round trip. {slots} slots."
            ),
            (Some(_), true) => format!(
                "{name} is the master for {} more: a quorum helps nobody else, so it answers reads alone. {slots} slots.",
                tell::seconds(self.lease_left(leader, now))
            ),
            (Some(_), false) => {
                format!("{name} leads without a lease: it may have been replaced. {slots} slots.")
            }
        };
        Sentence { text, tone: Tone::Plain }
    }
}
