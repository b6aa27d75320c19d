//! Which facts of the lab `paxos` are about which part of its stage.

use super::{Fact, Paxos};
use crate::engine::network::Node;
use crate::labs::lab::About;

impl Paxos {
    /// Says which facts are about the part `id`: a node or its lane.
    pub(super) fn facts_of(&self, id: &str) -> Option<About<'_, Fact>> {
        let name = id.strip_prefix("time.").unwrap_or(id);
        if let Some(node) = self.cluster.node(name) {
            return Some(Box::new(move |fact| match *fact {
                Fact::Chosen(_, by) => by.contains(node) && node < self.config.acceptors(),
                Fact::Fault(number) | Fact::Over(number) => self.is_aimed_at(number, node),
                fact => fact.node() == Some(node),
            }));
        }
        let known = id.starts_with('m');
        known.then(|| Box::new(|fact: &Fact| fact.node().is_none()) as About<'static, Fact>)
    }

    /// Whether fault `number` is one on `node`.
    fn is_aimed_at(&self, number: u32, node: Node) -> bool {
        let told = self.cluster.told(number);
        told.is_some_and(|told| {
            told.fault.target.split([',', '-', '>']).any(|it| it == self.cluster.name(node))
        })
    }
}
