//! Which facts of the lab `breaker` are about which part of its stage.

use super::parts::number_of;
use super::readings::state_word;
use super::{Fact, Owner, Shop, caller_name};
use crate::labs::lab::About;

/// Whether a fact is worth a mark on the timeline.
pub(super) const fn is_notable(fact: &Fact) -> bool {
    match fact {
        Fact::Moved(..)
        | Fact::CallerFull(..)
        | Fact::GatewayFull
        | Fact::Began(_)
        | Fact::Over(_)
        | Fact::Tuned(_) => true,
        Fact::Came(..)
        | Fact::Called(..)
        | Fact::Ended(..)
        | Fact::Rejected(..)
        | Fact::CallerFree(_)
        | Fact::GatewayFree => false,
    }
}

impl Fact {
    /// The request that it is about.
    const fn request(self) -> Option<u64> {
        match self {
            Self::Came(number, _)
            | Self::Called(number, ..)
            | Self::Ended(number, ..)
            | Self::Rejected(number, ..) => Some(number),
            _ => None,
        }
    }

    /// The caller that it is about; a breaker that all share is nobody's.
    const fn caller(self) -> Option<u32> {
        match self {
            Self::Came(_, caller)
            | Self::Called(_, caller, ..)
            | Self::Ended(_, caller, ..)
            | Self::Rejected(_, caller, _)
            | Self::CallerFull(caller, _)
            | Self::CallerFree(caller)
            | Self::Moved(Owner { caller: Some(caller), .. }, ..) => Some(caller),
            _ => None,
        }
    }

    /// Whether it is a change of a breaker that guards calls of this caller.
    fn moves(self, caller: u32) -> bool {
        matches!(self, Self::Moved(owner, ..) if owner.caller.is_none_or(|it| it == caller))
    }
}

impl Shop {
    /// Says which facts are about the part `id`.
    pub(super) fn facts_of(&self, id: &str) -> Option<About<'_, Fact>> {
        if let Some(index) = self.caller_index(id) {
            let name = id.to_owned();
            return Some(Box::new(move |fact| {
                fact.caller() == Some(index) || fact.moves(index) || self.hits(*fact, &[&name])
            }));
        }
        if let Some(shard) = id.strip_prefix("shard-").and_then(|number| number.parse::<u32>().ok()) {
            let name = id.to_owned();
            return Some(Box::new(move |fact| {
                matches!(fact, Fact::Called(_, _, to, _) if to + 1 == shard)
                    || self.hits(*fact, &[&name, "payments", "all"])
            }));
        }
        match id.split_once('.') {
            None if id == "payments" => Some(Box::new(|fact| {
                matches!(fact, Fact::Called(..)) || (is_fault(*fact) && !self.hits(*fact, &["users"]))
            })),
            None if id == "gateway" => Some(Box::new(|fact| {
                matches!(fact, Fact::Came(..) | Fact::GatewayFull | Fact::GatewayFree)
                    || self.hits(*fact, &["users", "all"])
            })),
            Some(("request" | "gateway", number)) => {
                let number = number_of(number)?;
                Some(Box::new(move |fact| fact.request() == Some(number)))
            }
            Some(("state", word)) => {
                let word = word.to_owned();
                let first = self.config.owner(0);
                Some(Box::new(move |fact| {
                    matches!(fact, Fact::Moved(owner, moved, _) if *owner == first
                        && (state_word(moved.to) == word || state_word(moved.from) == word))
                }))
            }
            Some((what, caller)) => facts_of_caller(what, self.caller_index(caller)?),
            None => None,
        }
    }

    fn caller_index(&self, name: &str) -> Option<u32> {
        (0..self.callers.len()).find(|index| caller_name(*index) == name).map(|index| index as u32)
    }

    /// Whether it is the begin or the end of a fault that aims at one of these.
    fn hits(&self, fact: Fact, targets: &[&str]) -> bool {
        let (Fact::Began(number) | Fact::Over(number)) = fact else { return false };
        self.told.get(number as usize).is_some_and(|told| targets.contains(&told.fault.target.as_str()))
    }
}

const fn is_fault(fact: Fact) -> bool {
    matches!(fact, Fact::Began(_) | Fact::Over(_))
}

/// Facts about what belongs to a caller.
fn facts_of_caller(what: &str, caller: u32) -> Option<About<'static, Fact>> {
    let is_of = move |fact: &Fact| fact.caller() == Some(caller);
    match what {
        "breaker" => Some(Box::new(move |fact| {
            fact.moves(caller) || (is_of(fact) && matches!(fact, Fact::Rejected(..)))
        })),
        "window" => Some(Box::new(move |fact| {
            fact.moves(caller) || (is_of(fact) && matches!(fact, Fact::Ended(..) | Fact::Rejected(..)))
        })),
        "threads" => Some(Box::new(move |fact| {
            is_of(fact) && matches!(fact, Fact::CallerFull(..) | Fact::CallerFree(_) | Fact::Came(..))
        })),
        _ => None,
    }
}
