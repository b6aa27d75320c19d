//! The facts of the lab `lock` as sentences, each with its cause.

use super::design::Design;
use super::{Fact, Locks, What};
use crate::engine::network::Node;
use crate::labs::lab::Told;
use crate::labs::scene::Value;
use crate::patterns::lock::Token;
use crate::patterns::lock::storage::Refused;

/// Whether a fact is worth a mark on the timeline.
pub(super) const fn is_notable(what: What) -> bool {
    !matches!(
        what,
        What::Acquired(..)
            | What::Accepted(_, _, 0)
            | What::Released(_, true)
            | What::GoesOn(_)
            | What::NotRenewed(_)
            | What::Rejected(_, Refused::NoToken)
    )
}

/// ` with token 33`, or nothing.
fn with(token: Option<Token>) -> String {
    token.map_or_else(String::new, |token| format!(" with token {}", token.0))
}

impl Locks {
    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let s = usize::from(fact.side).min(self.sides.len().saturating_sub(1));
        let (kind, part, sentence) = match fact.what {
            What::Began(_) | What::Over(_) | What::Tuned(_) => self.told_act(s, fact.what),
            What::Accepted(..) | What::Rejected(..) | What::Unknown(_) => self.told_store(s, fact.what),
            What::Freed(..)
            | What::Ended(_)
            | What::Forgotten(..)
            | What::Two(..)
            | What::OneAgain(_)
            | What::Promoted(..)
            | What::TokenAgain(..)
            | What::OutageOver(..) => self.told_truth(s, fact.what),
            _ => self.told_client(s, fact.what),
        };
        let sentence = if self.is_several() && part != "you" {
            format!("{}: {sentence}", self.title(s))
        } else {
            sentence
        };
        Told { kind, part, sentence, notable: is_notable(fact.what) }
    }

    fn told_client(&self, s: usize, what: What) -> (&'static str, String, String) {
        let design = self.sides[s].design;
        let name = |node: Node| self.name(s, node).to_owned();
        match what {
            What::Acquired(node, token, waited, left) => {
                let left = left
                    .map_or_else(String::new, |left| format!(", for {} by its own clock", Value::Span(left)));
                let (name, waited) = (name(node), Value::Span(waited));
                (
                    "acquired",
                    name.clone(),
                    format!("{name} has the lock{}{left}; it waited {waited}.", with(token)),
                )
            }
            What::Refused(node, waited) => (
                "gave-up",
                name(node),
                format!("{} gives up: tryLock is false after {}.", name(node), Value::Span(waited)),
            ),
            What::Released(node, true) => {
                ("released", name(node), format!("{} gives the lock back.", name(node)))
            }
            What::Released(node, false) => (
                "overrun",
                name(node),
                format!("{} releases and finds no lock of its own: its time was over before.", name(node)),
            ),
            What::ReleaseUnknown(node) => (
                "release-unknown",
                name(node),
                format!(
                    "{} has no answer to its release: if it did not arrive, the lock stays to its end.",
                    name(node)
                ),
            ),
            What::NotOwner(node) => (
                "not-owner",
                name(node),
                format!(
                    "unlock() throws at {}: IllegalMonitorStateException, the lock is not its own.",
                    name(node)
                ),
            ),
            What::Lost(node) => {
                let why = match design {
                    Design::Keeper => "its session has expired",
                    Design::Etcd => "its lease was not kept alive",
                    _ => "its renewal found the lock gone",
                };
                (
                    "lost",
                    name(node),
                    format!("{} knows that it has lost the lock: {why}. It stops its work.", name(node)),
                )
            }
            What::Doubts(node) => (
                "doubts",
                name(node),
                format!(
                    "{} has no connection (SUSPENDED): it can't know whether it has the lock, and writes nothing.",
                    name(node)
                ),
            ),
            What::WatchdogStopped(node) => (
                "watchdog-stopped",
                name(node),
                format!(
                    "The watchdog of {} finds the lock gone and stops; the thread that works is not told.",
                    name(node)
                ),
            ),
            What::NotRenewed(node) => {
                ("not-renewed", name(node), format!("A renewal of {} came to nothing.", name(node)))
            }
            What::Abandoned(node) => (
                "abandoned",
                name(node),
                format!(
                    "{} looks at its clock before it writes: its lease is over, so it doesn't.",
                    name(node)
                ),
            ),
            What::Stopped(node, pause) => (
                "stopped",
                name(node),
                format!("{} stands still for {}, in the middle of its work.", name(node), Value::Span(pause)),
            ),
            What::GoesOn(node) => ("goes-on", name(node), format!("{} goes on.", name(node))),
            _ => ("", String::new(), String::new()),
        }
    }

    fn told_store(&self, s: usize, what: What) -> (&'static str, String, String) {
        let name = |node: Node| self.name(s, node).to_owned();
        match what {
            What::Accepted(node, token, 0) => {
                ("written", name(node), format!("{} writes{}: taken.", name(node), with(token)))
            }
            What::Accepted(node, token, lost) => {
                let lost = if lost == 1 {
                    "an update is lost".to_owned()
                } else {
                    format!("{lost} updates are lost")
                };
                let text = format!(
                    "{} writes{}, worked out from an old value: taken, and {lost}.",
                    name(node),
                    with(token)
                );
                ("lost-update", name(node), text)
            }
            What::Rejected(node, why) => {
                let why = match why {
                    Refused::Stale { given, highest } => {
                        format!("with token {}; the store has seen {}: rejected.", given.0, highest.0)
                    }
                    Refused::NoToken => "without a token: rejected, for the store wants one.".to_owned(),
                    Refused::Changed { .. } => "what is based on an old version: rejected.".to_owned(),
                };
                ("rejected", name(node), format!("{} writes {why}", name(node)))
            }
            What::Unknown(node) => (
                "unknown",
                name(node),
                format!("{} has no answer to its write: it can't know whether it was taken.", name(node)),
            ),
            _ => ("", String::new(), String::new()),
        }
    }

    fn told_truth(&self, s: usize, what: What) -> (&'static str, String, String) {
        let name = |node: Node| self.name(s, node).to_owned();
        match what {
            What::Freed(node, owner) => (
                "freed",
                name(node),
                format!(
                    "{} sends DEL for a lock that is {}'s by now, and deletes it.",
                    name(node),
                    name(owner)
                ),
            ),
            What::Ended(node) => (
                "ended",
                name(node),
                format!("By the server {}'s lock is over; {} still believes in it.", name(node), name(node)),
            ),
            What::Forgotten(server, owner) => (
                "forgotten",
                name(server),
                format!("{} knows nothing of {}'s lock.", name(server), name(owner)),
            ),
            What::Two(a, b) => (
                "two-holders",
                name(a),
                format!("{} and {} both believe that they hold the lock.", name(a), name(b)),
            ),
            What::OneAgain(span) => (
                "one-again",
                "lock".into(),
                format!(
                    "Whoever was overtaken believes no more; several believed for {}.",
                    Value::Span(span)
                ),
            ),
            What::Promoted(node, 0) => {
                ("promoted", name(node), format!("{} takes over with all that its master had.", name(node)))
            }
            What::Promoted(node, missing) => {
                let writes = if missing == 1 { "a write".to_owned() } else { format!("{missing} writes") };
                let text = format!("{} takes over without {writes} that had not reached it.", name(node));
                ("promoted", name(node), text)
            }
            What::TokenAgain(node, token, highest) => (
                "token-again",
                name(node),
                format!("{} gets token {}, though {} was given out before.", name(node), token.0, highest.0),
            ),
            What::OutageOver(node, lasted) => (
                "outage-over",
                name(node),
                format!(
                    "{} gets in: for {} somebody waited and nobody who runs had the lock.",
                    name(node),
                    Value::Span(lasted)
                ),
            ),
            _ => ("", String::new(), String::new()),
        }
    }

    fn told_act(&self, s: usize, what: What) -> (&'static str, String, String) {
        match what {
            What::Tuned(index) => {
                let knob = self.knobs.iter().nth(index as usize);
                let told = knob.map(|(knob, value)| format!("{} is now {}.", knob.name, knob.show(value)));
                ("knob-turned", "you".into(), told.unwrap_or_default())
            }
            What::Began(number) | What::Over(number) => {
                let told = self.sides[s].cluster.told(number);
                let said = told.map_or_else(String::new, |told| told.fault.to_string());
                if matches!(what, What::Began(_)) {
                    ("fault-began", "you".into(), format!("Begins: {said}."))
                } else {
                    ("fault-ended", "you".into(), format!("Ends: {said}."))
                }
            }
            _ => ("", String::new(), String::new()),
        }
    }
}
