//! Every lab there is: one line each.

use super::fault::Target;
use super::knob::Knobs;
use super::lab::{Lab, Model, Spec};
use super::scenario::Scenario;
use super::text::{Misread, nearest};
use super::violation::{self, Search, Searched};
use super::{breaker, failover, lock, paxos, running, server, storm};

/// A lab that can be opened.
#[derive(Debug)]
pub struct Entry {
    /// What it is made of.
    pub spec: &'static Spec,
    /// The names of the parts that faults can aim at, under these knobs.
    pub parts: fn(&Knobs) -> Vec<Target>,
    /// Starts it.
    pub open: fn(&Scenario) -> Box<dyn Lab>,
    /// Goes through all that may be done to it, if it can stand still.
    pub search: Option<Search>,
}

/// Every lab, in the order of the course.
pub static LABS: [Entry; 6] = [
    entry::<server::Server>(&server::SPEC),
    entry::<breaker::Shop>(&breaker::SPEC),
    entry::<storm::Storm>(&storm::SPEC),
    searched::<failover::Failover>(&failover::SPEC),
    searched::<paxos::Paxos>(&paxos::SPEC),
    entry::<lock::Locks>(&lock::SPEC),
];

const fn entry<M: Model>(spec: &'static Spec) -> Entry {
    Entry { spec, parts: M::parts, open: running::open::<M>, search: None }
}

const fn searched<M: Searched>(spec: &'static Spec) -> Entry {
    Entry { search: Some(violation::search::<M>), ..entry::<M>(spec) }
}

/// How many columns the longest name takes, for lists of labs.
pub fn widest() -> usize {
    LABS.iter().map(|entry| entry.spec.name.len()).max().unwrap_or(0)
}

/// The lab called `name`; the error names the nearest.
pub fn find(name: &str) -> Result<&'static Entry, Misread> {
    LABS.iter().find(|entry| entry.spec.name == name).ok_or_else(|| {
        let names = || LABS.iter().map(|entry| entry.spec.name);
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
        };
        Misread::whole(name, format!("there is no lab `{name}`"), Some(help))
    })
}
