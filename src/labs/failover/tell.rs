//! The facts of the lab `failover` as sentences, each with its cause.

use super::{Fact, Failover};
use crate::engine::network::Node;
use crate::labs::lab::Told;
use crate::labs::scene::Value;
use crate::patterns::raft::{Campaign, Role, SteppedDown, Withheld};

/// Whether a fact is worth a mark on the timeline.
pub(super) const fn is_notable(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Granted(..) | Fact::Committed(..) | Fact::Answered(..) | Fact::TimedOut(..) | Fact::Refused(..)
    )
}

impl Failover {
    fn s(&self, node: Node) -> &str {
        self.cluster.name(node)
    }

    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let (kind, part, sentence) = match *fact {
            Fact::Began(_) | Fact::Over(_) | Fact::Tuned(_) => self.told_act(*fact),
            Fact::Answered(..)
            | Fact::TimedOut(..)
            | Fact::GaveUp(..)
            | Fact::Refused(..)
            | Fact::Twice(..) => self.told_client(*fact),
            Fact::Stale(..) | Fact::Fresh(..) | Fact::Available(_) => self.told_answer(*fact),
            _ => self.told_server(*fact),
        };
        Told { kind, part, sentence, notable: is_notable(fact) }
    }

    fn told_server(&self, fact: Fact) -> (&'static str, String, String) {
        let needs = self.config.majority();
        let (kind, node, sentence) = match fact {
            Fact::Campaigned(node, term, Campaign::Pre) => {
                let s = self.s(node);
                (
                    "asked-first",
                    node,
                    format!("{s} hears no leader and asks who would vote for it in term {term}."),
                )
            }
            Fact::Campaigned(node, term, Campaign::Vote) => {
                let s = self.s(node);
                (
                    "campaigned",
                    node,
                    format!(
                        "{s} hears no leader: it begins term {term}, votes for itself and asks the others."
                    ),
                )
            }
            Fact::Campaigned(node, term, Campaign::Transfer) => {
                let s = self.s(node);
                (
                    "campaigned",
                    node,
                    format!("{s} is told to take over: it begins term {term} and asks for votes."),
                )
            }
            Fact::Granted(node, to, term, pre) => {
                let would = if pre { "would vote" } else { "votes" };
                ("granted", node, format!("{} {would} for {} in term {term}.", self.s(node), self.s(to)))
            }
            Fact::Withheld(node, from, term, pre, why) => {
                ("withheld", node, self.told_withheld(node, from, term, pre, why))
            }
            Fact::Led(node, term) => {
                let (s, n) = (self.s(node), self.config.servers);
                ("elected", node, format!("{s} leads term {term}: it has {needs} of {n} votes, a majority."))
            }
            Fact::Heard(node, term) => (
                "heard",
                node,
                format!("All others that run have heard from {}, the leader of term {term}.", self.s(node)),
            ),
            Fact::SteppedDown(node, term, was, why) => {
                ("stepped-down", node, self.told_step(node, term, was, why))
            }
            Fact::Truncated(node, from, upto, writes) => {
                let range =
                    if from == upto { format!("entry {from}") } else { format!("entries {from} to {upto}") };
                let lost = match writes {
                    0 => String::new(),
                    1 => " A write is lost that was never committed.".into(),
                    n => format!(" {n} writes are lost that were never committed."),
                };
                (
                    "truncated",
                    node,
                    format!("{} deletes {range}: its leader has others there.{lost}", self.s(node)),
                )
            }
            Fact::Committed(node, upto) => {
                ("committed", node, format!("{} knows that all up to {upto} is committed.", self.s(node)))
            }
            Fact::HandedOver(node, to) => (
                "handed-over",
                node,
                format!("{} tells {}, which has its whole log, to campaign now.", self.s(node), self.s(to)),
            ),
            Fact::TransferAborted(node, to) => (
                "kept-the-lead",
                node,
                format!("{} gives up handing the lead to {}.", self.s(node), self.s(to)),
            ),
            Fact::OwnCrash(node) => {
                ("crashed", node, format!("{}, the leader, crashes: the preset has it so.", self.s(node)))
            }
            _ => ("", 0, String::new()),
        };
        (kind, self.s(node).to_owned(), sentence)
    }

    fn told_withheld(&self, node: Node, from: Node, term: u64, pre: bool, why: Withheld) -> String {
        let (s, candidate) = (self.s(node), self.s(from));
        let refuses = if pre { "would refuse" } else { "refuses" };
        match why {
            Withheld::OldTerm => format!("{s} {refuses} {candidate}: term {term} is over."),
            Withheld::Voted(other) => {
                format!("{s} {refuses} {candidate}: in term {term} its vote went to {}.", self.s(other.0))
            }
            Withheld::OlderLog => {
                format!("{s} {refuses} {candidate} in term {term}: its own log is more up to date.")
            }
            Withheld::Lease => {
                format!(
                    "{s} does not even answer {candidate} in term {term}: it heard from a leader too short a time ago."
                )
            }
        }
    }

    fn told_step(&self, node: Node, term: u64, was: Role, why: SteppedDown) -> String {
        let s = self.s(node);
        let lost = match was {
            Role::Leader => "leads no more",
            Role::Candidate => "gives its campaign up",
            Role::PreCandidate | Role::Follower => "stops asking",
        };
        match why {
            SteppedDown::LaterTerm => format!("{s} {lost}: it sees term {term}, which is later."),
            SteppedDown::OtherLeads => format!("{s} {lost}: another leads term {term}."),
            SteppedDown::Refused => format!("{s} {lost}: a majority refused it."),
            SteppedDown::NoQuorum => format!("{s} {lost}: it has not heard from a majority for too long."),
        }
    }

    fn told_client(&self, fact: Fact) -> (&'static str, String, String) {
        let (kind, node, sentence) = match fact {
            Fact::Answered(node, request, read, took) => {
                let what = if read { "read" } else { "write" };
                (
                    "answered",
                    node,
                    format!(
                        "{} has its answer to {what} {request} after {}.",
                        self.s(node),
                        Value::Span(took)
                    ),
                )
            }
            Fact::TimedOut(node, request, attempt) => (
                "timed-out",
                node,
                format!(
                    "{} waits no longer for attempt {attempt} of request {request}: it can't know whether it is done.",
                    self.s(node)
                ),
            ),
            Fact::GaveUp(node, request) => (
                "gave-up",
                node,
                format!("{} gives request {request} up; it may still take effect.", self.s(node)),
            ),
            Fact::Refused(node, client, Some(leader)) => (
                "redirected",
                node,
                format!(
                    "{} sends {} to {}, the leader that it knows of.",
                    self.s(node),
                    self.s(client),
                    self.s(leader)
                ),
            ),
            Fact::Refused(node, client, None) => (
                "refused",
                node,
                format!("{} refuses {}, and knows of no leader.", self.s(node), self.s(client)),
            ),
            Fact::Twice(client, request, index) => {
                let named = (client < self.cluster.network.nodes()).then(|| self.s(client));
                let whose = named.map_or_else(String::new, |name| format!("{name}'s "));
                let text = format!("{whose}request {request} takes effect a second time, at {index}.");
                return ("applied-twice", named.unwrap_or("clients").to_owned(), capital(&text));
            }
            _ => ("", 0, String::new()),
        };
        (kind, self.s(node).to_owned(), sentence)
    }

    fn told_answer(&self, fact: Fact) -> (&'static str, String, String) {
        match fact {
            Fact::Stale(node, version, floor) => (
                "stale-read",
                self.s(node).to_owned(),
                format!(
                    "{} answers a read with the state after {version} writes; {floor} were acknowledged before it was asked.",
                    self.s(node)
                ),
            ),
            Fact::Fresh(node, version) => (
                "fresh-read",
                self.s(node).to_owned(),
                format!("{} answers a read with the state after {version} writes, the newest.", self.s(node)),
            ),
            Fact::Available(took) => (
                "available",
                "clients".to_owned(),
                format!("A write is acknowledged again, {} after the leader was lost.", Value::Span(took)),
            ),
            _ => ("", String::new(), String::new()),
        }
    }

    fn told_act(&self, fact: Fact) -> (&'static str, String, String) {
        match fact {
            Fact::Tuned(index) => {
                let knob = self.knobs.iter().nth(index as usize);
                let told = knob.map(|(knob, value)| format!("{} is now {}.", knob.name, knob.show(value)));
                ("knob-turned", "you".into(), told.unwrap_or_default())
            }
            Fact::Began(number) | Fact::Over(number) => {
                let said = self.cluster.told(number).map_or_else(String::new, |told| told.fault.to_string());
                if matches!(fact, Fact::Began(_)) {
                    ("fault-began", "you".into(), format!("Begins: {said}."))
                } else {
                    ("fault-ended", "you".into(), format!("Ends: {said}."))
                }
            }
            _ => ("", String::new(), String::new()),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
