//! The facts of the lab `paxos` as sentences, each with its cause.

use super::{Fact, Paxos};
use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::labs::lab::Told;
use crate::labs::scene::Value as Shown;
use crate::patterns::paxos::{Acceptors, Ballot, Because, Proposal, Value};

/// The name of a value: each proposer wants its own.
pub(super) const fn word(value: Value) -> &'static str {
    match value.0 {
        0 => "red",
        1 => "green",
        2 => "blue",
        _ => "something",
    }
}

type Words = (&'static str, String, String);

impl Paxos {
    fn n(&self, node: Node) -> &str {
        if node < self.cluster.network.nodes() { self.cluster.name(node) } else { "nobody" }
    }

    /// A proposal: value and ballot.
    pub(super) fn proposal(&self, proposal: Proposal) -> String {
        format!("{} of {}", word(proposal.value), self.ballot(proposal.ballot))
    }

    /// Whether a fact is worth a mark on the timeline: by hand, each step is.
    pub(super) fn is_worth_a_mark(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Promised(..) | Fact::Accepted(..) | Fact::Refused(..) => self.config.by_hand,
            Fact::Filled(..) | Fact::Answered(..) | Fact::TimedOut(_) | Fact::Fresh(..) | Fact::Waits(..) => {
                false
            }
            _ => true,
        }
    }

    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let (kind, part, sentence) = match *fact {
            Fact::Fault(_) | Fact::Over(_) | Fact::Tuned(_) => self.told_act(*fact),
            Fact::Promised(node, ballot, told) => self.told_promise(node, ballot, told),
            Fact::Refused(node, ballot, promised, leased) => {
                self.told_refusal(node, ballot, promised, leased)
            }
            Fact::Proposes(node, proposal, because) => self.told_proposal(node, proposal, because),
            Fact::Accepted(node, proposal, broke) => self.told_acceptance(node, proposal, broke),
            Fact::Chosen(proposal, by) => self.told_choice(proposal, by),
            Fact::GaveUp(node, ballot, late, by) => self.told_end(node, ballot, late, by),
            Fact::Answered(..) | Fact::TimedOut(_) | Fact::Stale(..) | Fact::Fresh(..) => {
                self.told_answer(*fact)
            }
            _ => self.told_leader(*fact),
        };
        Told { kind, part, sentence, notable: self.is_worth_a_mark(fact) }
    }

    fn told_promise(&self, node: Node, ballot: Ballot, told: Option<Proposal>) -> Words {
        let (n, b) = (self.n(node), self.ballot(ballot));
        let sentence = match told {
            None if self.config.multi => format!("{n} promises to take no part below {b}, in any slot."),
            None => format!("{n} promises to take no part below {b}, and has accepted nothing."),
            Some(told) => {
                format!(
                    "{n} promises to take no part below {b}, and tells that it has accepted {}.",
                    self.proposal(told)
                )
            }
        };
        ("promised", n.to_owned(), sentence)
    }

    fn told_refusal(&self, node: Node, ballot: Ballot, promised: Option<Ballot>, leased: bool) -> Words {
        let (n, b) = (self.n(node), self.ballot(ballot));
        let sentence = match promised {
            _ if leased => format!("{n} refuses {b}: it granted its lease to another."),
            Some(promised) => format!("{n} refuses {b}: it has promised {}.", self.ballot(promised)),
            None => format!("{n} refuses {b}."),
        };
        ("refused", n.to_owned(), sentence)
    }

    fn told_proposal(&self, node: Node, proposal: Proposal, because: Because) -> Words {
        let (n, what) = (self.n(node), self.proposal(proposal));
        let sentence = match because {
            Because::Free => {
                format!("{n} asks all to accept {what}: nobody of its quorum has accepted anything.")
            }
            Because::Told { proposal: told, by } => {
                format!("{n} must push {what}: {} told it of {}.", self.n(by), self.proposal(told))
            }
            Because::Ignored { proposal: told, by } => {
                format!(
                    "{n} pushes {what}, although {} told it of {}: a rule is broken.",
                    self.n(by),
                    self.proposal(told)
                )
            }
            Because::Unasked => {
                format!("{n} asks all to accept {what} without having asked for promises: a rule is broken.")
            }
        };
        ("proposes", n.to_owned(), sentence)
    }

    fn told_acceptance(&self, node: Node, proposal: Proposal, broke: Option<Ballot>) -> Words {
        let (n, what) = (self.n(node), self.proposal(proposal));
        let sentence = broke.map_or_else(
            || format!("{n} accepts {what}."),
            |broke| {
                format!("{n} accepts {what}, although it promised {}: a rule is broken.", self.ballot(broke))
            },
        );
        ("accepted", n.to_owned(), sentence)
    }

    fn told_choice(&self, proposal: Proposal, by: Acceptors) -> Words {
        let nobody = if self.watch.known_at.is_some() { "" } else { " Nobody knows it yet." };
        let value = word(proposal.value);
        let sentence = format!(
            "{value} is chosen: {} have accepted it under {}, a quorum.{nobody}",
            self.all(by),
            self.ballot(proposal.ballot)
        );
        ("chosen", value.to_owned(), capital(&sentence))
    }

    fn told_end(&self, node: Node, ballot: Ballot, late: bool, by: Option<Ballot>) -> Words {
        let (n, b) = (self.n(node), self.ballot(ballot));
        let sentence = match (by, late) {
            (Some(by), true) => {
                format!("{n} gives {b} up: {} was promised before its value came. A duel.", self.ballot(by))
            }
            (Some(by), false) => format!("{n} gives {b} up: {} is promised already.", self.ballot(by)),
            (None, _) => format!("{n} gives {b} up: too few have answered."),
        };
        (if late && by.is_some() { "duel" } else { "gave-up" }, n.to_owned(), sentence)
    }

    fn told_leader(&self, fact: Fact) -> Words {
        let (kind, node, sentence) = match fact {
            Fact::Began(node, ballot) => {
                ("began", node, format!("{} begins {}.", self.n(node), self.ballot(ballot)))
            }
            Fact::Succeeded(node, proposal) => (
                "succeeded",
                node,
                format!(
                    "{} knows that {} is chosen: it heard from a quorum.",
                    self.n(node),
                    word(proposal.value)
                ),
            ),
            Fact::Learned(node, value) => {
                ("learned", node, format!("{} learns {}: it heard from a quorum.", self.n(node), word(value)))
            }
            Fact::Led(node, ballot, inherited) => {
                let first = match inherited {
                    0 => String::new(),
                    1 => " First it closes a slot that others may have filled.".to_owned(),
                    n => format!(" First it closes {n} slots that others may have filled."),
                };
                (
                    "elected",
                    node,
                    format!(
                        "{} leads with {}: a quorum has promised.{first}",
                        self.n(node),
                        self.ballot(ballot)
                    ),
                )
            }
            Fact::SteppedDown(node, ballot) => {
                ("stepped-down", node, format!("{} gives {} up.", self.n(node), self.ballot(ballot)))
            }
            Fact::Filled(node, slot) => {
                ("filled", node, format!("Slot {slot} is chosen, as {} asked.", self.n(node)))
            }
            Fact::Waits(node, until) => (
                "waits",
                node,
                format!(
                    "{} does not campaign: it has granted a lease until {until} s on its clock.",
                    self.n(node)
                ),
            ),
            Fact::Master(node) => {
                ("master", node, format!("{} is the master: it holds a lease of a quorum.", self.n(node)))
            }
            _ => ("", 0, String::new()),
        };
        (kind, self.n(node).to_owned(), sentence)
    }

    fn told_answer(&self, fact: Fact) -> Words {
        let (kind, node, sentence) = match fact {
            Fact::Answered(node, read, version) => {
                let what = if read { "a read" } else { "a write" };
                ("answered", node, format!("{} answers {what}, with {version} slots filled.", self.n(node)))
            }
            Fact::TimedOut(node) => (
                "timed-out",
                node,
                "The client waits no longer for this replica, and can't know what became of it.".into(),
            ),
            Fact::Stale(node, version, floor) => (
                "stale-read",
                node,
                format!(
                    "{} answers a read with the state of {version} slots; {floor} were acknowledged before it was asked.",
                    self.n(node)
                ),
            ),
            Fact::Fresh(node, version) => (
                "fresh-read",
                node,
                format!("{} answers a read with the state of {version} slots, the newest.", self.n(node)),
            ),
            _ => ("", 0, String::new()),
        };
        (kind, self.n(node).to_owned(), sentence)
    }

    fn told_act(&self, fact: Fact) -> Words {
        match fact {
            Fact::Tuned(index) => {
                let knob = self.knobs.iter().nth(index as usize);
                let told = knob.map(|(knob, value)| format!("{} is now {}.", knob.name, knob.show(value)));
                ("knob-turned", "you".into(), told.unwrap_or_default())
            }
            Fact::Fault(number) | Fact::Over(number) => {
                let said = self.cluster.told(number).map_or_else(String::new, |told| told.fault.to_string());
                if matches!(fact, Fact::Fault(_)) {
                    ("fault-began", "you".into(), format!("Begins: {said}."))
                } else {
                    ("fault-ended", "you".into(), format!("Ends: {said}."))
                }
            }
            _ => ("", String::new(), String::new()),
        }
    }
}

/// How long, as a screen shows it.
pub(super) fn seconds(seconds: f64) -> String {
    Shown::Span(Span::from_secs_f64(seconds)).to_string()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
