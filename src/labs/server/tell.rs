//! The facts of the lab `server` as sentences, and which are about which part of its stage.

use super::{Fact, Server};
use crate::labs::lab::{About, Told};
use crate::labs::reading::short;

impl Fact {
    /// The request that it is about.
    pub(super) const fn request(self) -> Option<u64> {
        match self {
            Self::Arrived(number) | Self::Started(number, ..) | Self::Refused(number) => Some(number),
            Self::Growing(_) | Self::Drained | Self::Began(_) | Self::Ended(_) => None,
        }
    }
}

impl Server {
    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let name = |number: u32| {
            self.told.get(number as usize).map(|told| told.fault.to_string()).unwrap_or_default()
        };
        let (kind, sentence) = match *fact {
            Fact::Arrived(job) => ("arrived", format!("Request {job} comes.")),
            Fact::Started(job, wait, service) => {
                let (wait, service) = (short(wait.secs()), short(service.secs()));
                (
                    "started",
                    format!("Request {job} gets a worker after {wait} s and will hold it for {service} s."),
                )
            }
            Fact::Refused(job) => {
                ("refused", format!("Request {job} is refused: every waiting place is taken."))
            }
            Fact::Growing(n) => {
                ("queue-grows", format!("{n} requests wait: they come faster than the workers finish them."))
            }
            Fact::Drained => ("queue-empty", "The queue is empty again.".into()),
            Fact::Began(fault) => ("fault-began", format!("Begins: {}.", name(fault))),
            Fact::Ended(fault) => ("fault-ended", format!("Ends: {}.", name(fault))),
        };
        let part = if matches!(fact, Fact::Began(_) | Fact::Ended(_)) { "you" } else { "server" };
        Told { kind, part: part.into(), sentence, notable: fact.request().is_none() }
    }
}

/// Says which facts are about the part `id`.
pub(super) fn facts_of(id: &str) -> Option<About<'static, Fact>> {
    if let Some(number) = id.strip_prefix("request.") {
        let number: u64 = number.parse().ok()?;
        return Some(Box::new(move |fact| fact.request() == Some(number)));
    }
    match id {
        "server" => Some(Box::new(|_| true)),
        _ => id
            .starts_with("load.")
            .then(|| Box::new(|fact: &Fact| fact.request().is_none()) as About<'static, Fact>),
    }
}
