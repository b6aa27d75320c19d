//! Which facts of the lab `failover` are about which part of its stage.

use super::{Fact, Failover};
use crate::labs::lab::About;

impl Failover {
    /// Says which facts are about the part `id`: a node, its log or its lane.
    pub(super) fn facts_of(&self, id: &str) -> Option<About<'_, Fact>> {
        let name = id.strip_prefix("log.").or_else(|| id.strip_prefix("time.")).unwrap_or(id);
        if let Some(node) = self.cluster.node(name) {
            return Some(Box::new(move |fact| {
                let (first, second) = fact.nodes();
                first == Some(node) || second == Some(node) || self.is_aimed_at(*fact, name_of(self, node))
            }));
        }
        let known = id.starts_with('m') || id == "clients";
        known.then(|| Box::new(|fact: &Fact| fact.nodes() == (None, None)) as About<'static, Fact>)
    }

    /// Whether a fact is that a fault on `name` began or ended.
    fn is_aimed_at(&self, fact: Fact, name: &str) -> bool {
        let (Fact::Began(number) | Fact::Over(number)) = fact else { return false };
        self.cluster
            .told(number)
            .is_some_and(|told| told.fault.target.split([',', '-', '>']).any(|it| it == name))
    }
}

fn name_of(lab: &Failover, node: u8) -> &str {
    lab.cluster.name(node)
}
