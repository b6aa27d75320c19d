//! What faults do to nodes, to ways and to messages, and what is left when they end.

use super::{Begun, Change, Cluster, On};
use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::labs::fault::{Fault, Route, Target, Verb};
use crate::labs::faults::ToldFault;

impl<M: Clone> Cluster<M> {
    /// Begins `fault`; `alias` resolves names of parts that are no nodes, such as `leader` or `followers`. The error is a
    /// sentence.
    pub fn begin(
        &mut self,
        fault: &Fault,
        alias: impl Fn(&str) -> Result<Vec<Node>, String>,
        now: Time,
    ) -> Result<Begun, String> {
        let fault = &self.by_number(fault)?;
        let mut changes = Vec::new();
        if fault.verb == Verb::Heal {
            let which: Vec<u32> =
                self.on.iter().filter(|on| self.is_meant(on, fault)).map(|on| on.number).collect();
            if which.is_empty() {
                return Err("Nothing is broken there, so nothing can be healed.".into());
            }
            for number in which {
                self.end(number, now, &mut changes);
            }
            return Ok(Begun { changes, ..Begun::default() });
        }
        let mut on = On {
            number: u32::try_from(self.told.len()).unwrap_or(u32::MAX),
            nodes: Vec::new(),
            ways: Vec::new(),
        };
        if let Some(message) = Target::message(&fault.target).filter(|_| self.node(&fault.target).is_none()) {
            self.move_message(fault, message, now, &mut changes)?;
        } else if fault.verb == Verb::Cut {
            on.ways = self.ways(&fault.target, &alias)?;
            if on.ways.iter().all(|&(from, to)| self.network.is_cut(from, to)) {
                return Err("That is cut already.".into());
            }
        } else if fault.verb == Verb::Slow {
            on.ways = self.ways(&fault.target, &alias)?;
        } else {
            let nodes =
                self.node(&fault.target).map_or_else(|| alias(&fault.target), |node| Ok(vec![node]))?;
            // Of several, those to which it can be done.
            let mut refused = Err(format!("There is no {} now.", fault.target));
            for node in nodes {
                match self.hit(fault, node, now, &mut changes) {
                    Ok(()) => on.nodes.push(node),
                    Err(why) => refused = Err(why),
                }
            }
            if on.nodes.is_empty() {
                return refused;
            }
        }
        let number = on.number;
        self.told.push(ToldFault { fault: fault.clone(), began: now, number: 0 });
        let mut lasts = fault.lasts;
        if fault.verb.is_instant() {
            lasts = None;
        } else {
            let same = |other: &On| {
                let told = &self.told[other.number as usize].fault;
                told.verb == fault.verb && other.nodes == on.nodes && other.ways == on.ways
            };
            self.on.retain(|other| !same(other));
            self.on.push(on);
            self.set_ways();
        }
        Ok(Begun { number: Some(number), lasts, changes })
    }

    /// The fault with the number of the message that it names by its age.
    fn by_number(&self, fault: &Fault) -> Result<Fault, String> {
        let mut flights = self.network.flights().map(|(number, _)| number);
        let number = match fault.target.as_str() {
            Target::OLDEST => flights.next(),
            Target::NEWEST => flights.last(),
            _ => return Ok(fault.clone()),
        };
        let number = number.ok_or_else(|| "No message is on its way.".to_owned())?;
        Ok(Fault { target: format!("m{number}"), ..fault.clone() })
    }

    /// What a fault does to a node.
    fn hit(&mut self, fault: &Fault, node: Node, now: Time, changes: &mut Vec<Change>) -> Result<(), String> {
        let (up, paused) = (self.host(node).up, self.host(node).paused);
        let name = self.name(node).to_owned();
        let must_run = || if up { Ok(()) } else { Err(format!("{name} is down.")) };
        match fault.verb {
            Verb::Crash => {
                must_run()?;
                self.end_on(node, Verb::Pause);
                self.crash(node);
                changes.push(Change::Crashed(node));
            }
            Verb::Stop => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still."));
                }
                changes.push(Change::Stopping(node));
            }
            Verb::Wipe | Verb::Restart => {
                if up {
                    self.end_on(node, Verb::Pause);
                    self.crash(node);
                    changes.push(Change::Crashed(node));
                }
                if fault.verb == Verb::Wipe {
                    changes.push(Change::Wiped(node));
                }
                if fault.verb == Verb::Restart || up {
                    for verb in [Verb::Crash, Verb::Stop] {
                        changes.extend(self.end_on(node, verb).into_iter().map(Change::Ended));
                    }
                    self.hosts[usize::from(node)].up = true;
                    changes.push(Change::Started(node));
                }
            }
            Verb::Pause => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still already."));
                }
                self.hosts[usize::from(node)].paused = true;
                changes.push(Change::Paused(node));
            }
            Verb::Skew => {
                self.hosts[usize::from(node)].clock.run_at(fault.factor, now);
                changes.push(Change::Clock(node));
            }
            Verb::Jump => {
                self.hosts[usize::from(node)].clock.jump(fault.by, now);
                changes.push(Change::Clock(node));
            }
            Verb::Fire | Verb::Propose => {
                must_run()?;
                if paused {
                    return Err(format!("{name} stands still."));
                }
                changes.push(if fault.verb == Verb::Fire {
                    Change::Fired(node)
                } else {
                    Change::Proposes(node)
                });
            }
            Verb::Write => changes.push(Change::Write(node)),
            Verb::Read => changes.push(Change::Read(node)),
            _ => {}
        }
        Ok(())
    }

    /// What a fault does to a message on its way.
    fn move_message(
        &mut self,
        fault: &Fault,
        number: u32,
        now: Time,
        changes: &mut Vec<Change>,
    ) -> Result<(), String> {
        let gone = || format!("m{number} is not on its way.");
        if self.network.flight(number).is_none() {
            return Err(gone());
        }
        match fault.verb {
            Verb::Drop => {
                self.network.take(number);
                self.trail.lost(number, now);
            }
            Verb::Duplicate => {
                let (copy, due) = self.network.duplicate(number).ok_or_else(gone)?;
                self.trail.copied(number, copy, now);
                if due != Time::NEVER {
                    changes.push(Change::Due(copy, due));
                }
            }
            Verb::Delay => {
                let due = self.network.delay(number, fault.by, now).ok_or_else(gone)?;
                changes.push(Change::Due(number, due));
            }
            _ => changes.push(Change::Delivered(number)),
        }
        Ok(())
    }

    /// The time of fault `number` is over. Nothing happens if it was ended before.
    pub fn over(&mut self, number: u32, now: Time) -> Vec<Change> {
        let mut changes = Vec::new();
        self.end(number, now, &mut changes);
        changes
    }

    /// Whether healing `fault`'s target ends this one.
    fn is_meant(&self, on: &On, fault: &Fault) -> bool {
        fault.target == "all"
            || self.told[on.number as usize].fault.target == fault.target
            || self.node(&fault.target).is_some_and(|node| on.nodes == [node])
    }

    fn end(&mut self, number: u32, now: Time, changes: &mut Vec<Change>) {
        let Some(at) = self.on.iter().position(|on| on.number == number) else { return };
        let on = self.on.remove(at);
        changes.push(Change::Ended(number));
        self.set_ways();
        for node in on.nodes {
            let rate = self.skew_of(node);
            let host = &mut self.hosts[usize::from(node)];
            match self.told[number as usize].fault.verb {
                Verb::Crash | Verb::Stop if !host.up => {
                    host.up = true;
                    changes.push(Change::Started(node));
                }
                Verb::Pause if host.paused => {
                    host.paused = false;
                    changes.push(Change::Resumed(node));
                }
                Verb::Skew => {
                    host.clock.run_at(rate, now);
                    changes.push(Change::Clock(node));
                }
                _ => {}
            }
        }
    }

    /// Forgets that faults of this kind are on at `node`; what they were is returned.
    fn end_on(&mut self, node: Node, verb: Verb) -> Vec<u32> {
        let (told, mut ended) = (&self.told, Vec::new());
        self.on.retain_mut(|on| {
            if told[on.number as usize].fault.verb == verb && on.nodes.contains(&node) {
                on.nodes.retain(|other| *other != node);
                if on.nodes.is_empty() {
                    ended.push(on.number);
                    return false;
                }
            }
            true
        });
        ended
    }

    /// How fast the clock of `node` runs by the faults that are on.
    pub(super) fn skew_of(&self, node: Node) -> f64 {
        let skews = self
            .on
            .iter()
            .filter(|on| on.nodes.contains(&node))
            .map(|on| &self.told[on.number as usize].fault);
        skews.filter(|fault| fault.verb == Verb::Skew).map(|fault| fault.factor).product()
    }

    /// Sets every way of the network as the faults that are on say.
    fn set_ways(&mut self) {
        let nodes = self.network.nodes();
        for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
            let (mut cut, mut slow) = (false, 1.0);
            for on in self.on.iter().filter(|on| on.ways.contains(&(from, to))) {
                let fault = &self.told[on.number as usize].fault;
                match fault.verb {
                    Verb::Cut => cut = true,
                    _ => slow *= fault.factor,
                }
            }
            self.network.set_cut(from, to, cut);
            self.network.set_slow(from, to, slow);
        }
    }

    /// The ways that a sentence names.
    fn ways(
        &self,
        target: &str,
        alias: &impl Fn(&str) -> Result<Vec<Node>, String>,
    ) -> Result<Vec<(Node, Node)>, String> {
        let resolve = |names: &[&str]| -> Result<Vec<Node>, String> {
            let nodes =
                names.iter().map(|name| self.node(name).map_or_else(|| alias(name), |node| Ok(vec![node])));
            Ok(nodes.collect::<Result<Vec<_>, _>>()?.concat())
        };
        // Names of nodes, and what is said instead of them.
        let mut known = self.names.clone();
        known.extend(target.split([',', '>', '-']).map(|name| Target::new(name, "alias")));
        let route = Route::read(target, &known).ok_or_else(|| format!("There is no way {target}."))?;
        let (from, to) = (resolve(&route.from)?, resolve(&route.to)?);
        let others = |side: &[Node]| -> Vec<Node> {
            (0..self.network.nodes()).filter(|node| !side.contains(node)).collect()
        };
        let (from, to) = match (route.from.is_empty(), route.to.is_empty()) {
            (true, _) => (others(&to), to),
            (_, true) => (from.clone(), others(&from)),
            _ => (from, to),
        };
        let pairs = from.iter().flat_map(|&from| to.iter().map(move |&to| (from, to)));
        let mut ways: Vec<(Node, Node)> = pairs.filter(|(from, to)| from != to).collect();
        if !route.one_way {
            ways.extend(ways.clone().into_iter().map(|(from, to)| (to, from)));
        }
        if ways.is_empty() {
            return Err(format!("There is no way {target} now."));
        }
        Ok(ways)
    }
}
