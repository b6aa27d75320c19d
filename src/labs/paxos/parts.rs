//! The parts of the stage of the lab `paxos`, with all that there is to know of each.

use super::{Message, Paxos, tell};
use crate::engine::network::{Flight, Node};
use crate::engine::time::Time;
use crate::labs::scene::{Part, Tone};
use crate::patterns::paxos::multi::{Body as Many, Entry, MultiPaxos};
use crate::patterns::paxos::{Acceptor, Agent, Body, Message as One, Phase, Proposer};

impl Paxos {
    /// A node.
    pub(super) fn part(&self, node: Node, now: Time) -> Part {
        let name = self.cluster.name(node);
        let (_, word, _) = self.state(node);
        let is = if self.cluster.host(node).up { word } else { "down" };
        let mut part = Part::new(name).field("is", is);
        if let Some(id) = self.proposer_at(node) {
            let wisher = &self.single.wishers[id];
            part = part.field("rounds used", u64::from(wisher.used));
            if let Some(proposer) = &wisher.proposer {
                part = part
                    .field("wants", tell::word(proposer.wish()))
                    .field("ballot", proposer.ballot().map_or_else(|| "none".into(), |it| self.ballot(it)))
                    .field("promised by", self.all(proposer.promises()))
                    .field("refused by", self.all(proposer.refused()))
                    .field("accepted by", self.all(proposer.accepts()))
                    .field("must propose", self.must_propose(proposer));
            }
        } else if let Some(store) = self.single.stores.get(usize::from(node)) {
            let disk = store.acceptor.as_ref().map_or(store.disk, Acceptor::disk);
            part = part
                .field("promised", disk.ballot.map_or_else(|| "nothing".into(), |it| self.ballot(it)))
                .field("accepted", disk.accepted.map_or_else(|| "nothing".into(), |it| self.proposal(it)));
        } else if let Some(replica) = self.replicas.get(usize::from(node)) {
            part = self.replica_part(part, node, replica.agent.as_ref(), now);
        } else if let Some(learner) = self.single.learner.as_ref().filter(|_| !self.config.multi) {
            part = part.field("knows", learner.learned().map_or("nothing", tell::word));
        } else {
            part = part.field(
                "waits",
                self.client.waits.map_or("no", |(read, _)| if read { "read" } else { "write" }),
            );
        }
        part.hit_at(name)
    }

    fn replica_part(&self, part: Part, node: Node, agent: Option<&MultiPaxos>, now: Time) -> Part {
        let Some(agent) = agent else { return part };
        let local = self.cluster.clock(node, now);
        let granted = agent.granted(local).map_or_else(
            || "nobody".to_owned(),
            |granted| {
                let to = granted.to.map_or("somebody", |to| self.cluster.name(to));
                format!("{to}, for {} more", tell::seconds(granted.until.since(local).secs()))
            },
        );
        let mut part = part
            .field("promised", agent.promised().map_or_else(|| "nothing".into(), |it| self.ballot(it)))
            .field("slots known, without a gap", agent.first_open())
            .field("slots accepted", agent.accepted().len() as u64)
            .field("lease granted to", granted);
        if self.leads(node) {
            let held = if agent.holds_lease(local) { "yes" } else { "no" };
            part =
                part.field("holds the lease", held).field("slots under way", agent.proposed().count() as u64);
        }
        let clock = &self.cluster.host(node).clock;
        if clock.is_true() { part } else { part.field("its clock shows", clock.read(now)) }
    }

    /// What a proposer has to push, and why, as far as it is decided.
    pub(super) fn must_propose(&self, proposer: &Proposer) -> String {
        match (proposer.phase(), proposer.proposal(), proposer.highest()) {
            (Phase::Idle, ..) => "-".to_owned(),
            (Phase::Accepting | Phase::Done, Some(proposal), Some((told, by)))
                if told.value == proposal.value =>
            {
                format!("{}: {} told it", tell::word(proposal.value), self.cluster.name(by))
            }
            (Phase::Accepting | Phase::Done, Some(proposal), None) => {
                format!("{}, its own", tell::word(proposal.value))
            }
            (Phase::Accepting | Phase::Done, Some(proposal), Some((told, _))) => {
                format!("{}, and not {}!", tell::word(proposal.value), tell::word(told.value))
            }
            (_, _, Some((told, by))) => {
                format!("{}: {} told it", tell::word(told.value), self.cluster.name(by))
            }
            _ => format!("{}, if free", tell::word(proposer.wish())),
        }
    }

    /// What a message says, what follows if it comes now, and how that stands.
    pub(super) fn describe(&self, flight: &Flight<Message>) -> (String, String, Tone) {
        match &flight.message {
            Message::Single(message) => {
                let effect =
                    if self.cluster.host(flight.to).up { self.effect(message) } else { "lost: down".into() };
                let idle = effect.is_empty() || effect.starts_with("nothing");
                let tone = match () {
                    () if idle => Tone::Idle,
                    () if effect.starts_with("REFUSED") => Tone::Bad,
                    () if effect.contains('!') => Tone::Accent,
                    () => Tone::Plain,
                };
                (self.says(message), effect, tone)
            }
            Message::Multi(message) => {
                let b = self.ballot(message.ballot);
                let label = match &message.body {
                    Many::Prepare { open } => format!("prepare {b} from {open}"),
                    Many::Promise { accepted } => format!("promise {b}, {} slots", accepted.len()),
                    Many::Accept { slot, entry } => {
                        let what = if *entry == Entry::Noop { " no-op" } else { "" };
                        format!("accept {b} slot {slot}{what}")
                    }
                    Many::Accepted { slot } => format!("accepted {b} slot {slot}"),
                    Many::Renew => format!("renew {b}"),
                    Many::Renewed => format!("renewed {b}"),
                    Many::Chosen { slot, .. } => format!("chosen slot {slot}"),
                    Many::Nack { .. } => format!("refusal {b}"),
                };
                (label, String::new(), Tone::Plain)
            }
            Message::Ask(request) => {
                ((if request.read { "read" } else { "write" }).to_owned(), String::new(), Tone::Plain)
            }
            Message::Answer(..) => ("answer".to_owned(), String::new(), Tone::Plain),
        }
    }

    fn says(&self, message: &One) -> String {
        match message.body {
            Body::Prepare { ballot } => format!("prepare {}", self.ballot(ballot)),
            Body::Promise { ballot, accepted: None } => format!("promise {}, none", self.ballot(ballot)),
            Body::Promise { ballot, accepted: Some(told) } => {
                format!("promise {}, {}", self.ballot(ballot), self.proposal(told))
            }
            Body::Accept(proposal) => format!("accept {}", self.proposal(proposal)),
            Body::Accepted(proposal) => format!("accepted {}", self.proposal(proposal)),
            Body::Nack { promised, .. } => format!("refusal, {}", self.ballot(promised)),
        }
    }

    /// What follows if a message comes now: the agent itself is asked, on a copy.
    fn effect(&self, message: &One) -> String {
        match message.to {
            Agent::Acceptor(id) => self.effect_on_acceptor(id, message),
            Agent::Proposer(id) => self.effect_on_proposer(id, message),
            Agent::Learner(_) => {
                let Some(learner) = &self.single.learner else { return "nothing".into() };
                let (mut after, mut out) = (learner.clone(), crate::patterns::paxos::Output::default());
                after.step(message, &mut out);
                match (learner.learned(), after.learned()) {
                    (None, Some(value)) => format!("L learns {}!", tell::word(value)),
                    (Some(_), _) => "nothing new".into(),
                    _ => "counted".into(),
                }
            }
        }
    }

    fn effect_on_acceptor(&self, id: Node, message: &One) -> String {
        let Some(acceptor) = &self.single.stores[usize::from(id)].acceptor else { return "nothing".into() };
        let name = self.cluster.name(id);
        let refused = || {
            acceptor
                .promised()
                .map_or_else(String::new, |it| format!("REFUSED: promised {}", self.ballot(it)))
        };
        match message.body {
            Body::Prepare { ballot } if acceptor.would_promise(ballot) => acceptor.accepted().map_or_else(
                || format!("{name} promises"),
                |told| format!("{name} promises, tells {}", self.proposal(told)),
            ),
            Body::Accept(proposal) if acceptor.would_accept(proposal.ballot) => {
                let now = self.watch.history.accepted().iter().find(|(other, _)| *other == proposal);
                let mut by = now.map(|(_, by)| *by).unwrap_or_default();
                let before = by.len();
                by.insert(id);
                let quorum = self.config.rules.accept_quorum();
                if before < quorum && by.len() >= quorum {
                    format!("{} is CHOSEN!", tell::word(proposal.value))
                } else {
                    format!("{name} accepts")
                }
            }
            _ => refused(),
        }
    }

    fn effect_on_proposer(&self, id: Node, message: &One) -> String {
        let Some(proposer) = &self.single.wishers[usize::from(id)].proposer else { return "nothing".into() };
        let (mut after, mut out) = (proposer.clone(), crate::patterns::paxos::Output::default());
        after.step(message, &mut out);
        let name = self.cluster.name(self.node_of(message.to));
        if after == *proposer {
            return "nothing: too late".into();
        }
        match (proposer.phase(), after.phase()) {
            (Phase::Preparing, Phase::Accepting) => {
                let value = after.proposal().map_or("", |proposal| tell::word(proposal.value));
                let forced = after.proposal().is_some_and(|proposal| proposal.value != after.wish());
                if forced { format!("{name} must push {value}!") } else { format!("{name} pushes {value}") }
            }
            (Phase::Accepting, Phase::Done) => format!("{name} knows it is chosen!"),
            _ if after.hopeless() && !proposer.hopeless() => format!("{name} has no hope"),
            _ if after.seen() > proposer.seen() => format!("{name} hears of a higher round"),
            _ => "counted".into(),
        }
    }
}
