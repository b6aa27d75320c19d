//! Which facts of the lab `retry-storm` are about which part of its stage.

use super::{Fact, Storm};
use crate::labs::lab::About;

impl Fact {
    /// The request that it is about.
    pub(super) const fn request(self) -> Option<u64> {
        match self {
            Self::Came(number)
            | Self::Sent(number, ..)
            | Self::Ended(number, ..)
            | Self::Waits(number, _)
            | Self::Failed(number, ..)
            | Self::Started(number, ..)
            | Self::Wasted(number, _)
            | Self::Dropped(number, _) => Some(number),
            _ => None,
        }
    }

    /// Whether it is about one request or one client of many.
    pub(super) const fn is_single(self) -> bool {
        self.request().is_some() || matches!(self, Self::Conflict(..) | Self::Updated(..))
    }
}

impl Storm {
    /// Says which facts are about the part `id`.
    #[expect(clippy::unused_self, reason = "every lab answers this")]
    pub(super) fn facts_of(&self, id: &str) -> Option<About<'_, Fact>> {
        if let Some(number) = id.strip_prefix("request.") {
            let number: u64 = number.parse().ok()?;
            return Some(Box::new(move |fact| fact.request() == Some(number)));
        }
        match id {
            "server" | "queue" => Some(Box::new(|fact| {
                !matches!(fact, Fact::Came(_) | Fact::Waits(..) | Fact::Failed(..) | Fact::Conflict(..))
            })),
            "clients" => Some(Box::new(|fact| !matches!(fact, Fact::Started(..) | Fact::Dropped(..)))),
            "breaker" => Some(Box::new(|fact| matches!(fact, Fact::Breaker(..)))),
            _ => {
                let known = ["load.", "layer.", "loop.", "budget", "race."];
                known
                    .iter()
                    .any(|prefix| id.starts_with(prefix))
                    .then(|| Box::new(|fact: &Fact| !fact.is_single()) as About<'static, Fact>)
            }
        }
    }
}
