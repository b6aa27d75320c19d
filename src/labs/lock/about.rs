//! Which facts of the lab `lock` are about which part of its stage.

use super::design::Design;
use super::{Fact, Locks, What};
use crate::labs::fault::Target;
use crate::labs::lab::About;

impl Locks {
    /// Says which facts are about the part `id`: a client, a server, the store, or a design.
    pub(super) fn facts_of(&self, id: &str) -> Option<About<'_, Fact>> {
        if let Some(word) = id.strip_prefix("design.").or_else(|| id.strip_prefix("time.")) {
            let side = self.sides.iter().position(|side| side.design.word() == word)?;
            return Some(Box::new(move |fact| usize::from(fact.side) == side || is_of_an_act(fact.what)));
        }
        let name = id.to_owned();
        if id == "truth" {
            return Some(Box::new(|fact| {
                matches!(
                    fact.what,
                    What::Two(..)
                        | What::OneAgain(_)
                        | What::Ended(_)
                        | What::Freed(..)
                        | What::Forgotten(..)
                        | What::Promoted(..)
                        | What::OutageOver(..)
                )
            }));
        }
        if Target::message(id).is_some() {
            return Some(Box::new(|fact| is_of_an_act(fact.what)));
        }
        let known = self.sides.iter().any(|side| side.cluster.node(&name).is_some());
        known.then(|| -> About<'_, Fact> {
            Box::new(move |fact| {
                let s = usize::from(fact.side).min(self.sides.len() - 1);
                let node = self.sides[s].cluster.node(&name);
                let (first, second) = fact.what.nodes();
                let is_it = node.is_some() && (first == node || second == node);
                let of_store = name == "store" && fact.what.is_at_store();
                is_it || of_store || self.is_aimed_at(s, fact.what, &name)
            })
        })
    }

    /// Whether a fact is that a fault on `name` began or ended.
    fn is_aimed_at(&self, s: usize, what: What, name: &str) -> bool {
        let (What::Began(number) | What::Over(number)) = what else { return false };
        let told = self.sides[s].cluster.told(number);
        told.is_some_and(|told| told.fault.target.split([',', '-', '>']).any(|it| it == name))
    }
}

const fn is_of_an_act(what: What) -> bool {
    matches!(what, What::Began(_) | What::Over(_) | What::Tuned(_))
}

impl Design {
    /// The id of the row that stands for it.
    pub fn part(self) -> String {
        format!("design.{}", self.word())
    }
}
