//! Multi-Paxos under random schedules, with clocks that drift: one history for all, and never two masters with a lease.

use std::collections::BTreeMap;

use halfopen::engine::random::{Random, Stream};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::paxos::multi::{
    Disk, Entry, Lease, Message, MultiPaxos, Note, Output, Role, Setting, Slot,
};
use halfopen::patterns::paxos::{Acceptors, Config, Flaw, Proposal, Value};

const LEASE: Span = Span::from_millis(30);

struct Node {
    replica: Option<MultiPaxos>,
    setting: Setting,
    disk: Disk,
    /// Its clock shows `shift` and this many millionths of true time.
    shift: Span,
    rate: u64,
}

struct World {
    nodes: Vec<Node>,
    network: Vec<Message>,
    now: Time,
    accepted: BTreeMap<(Slot, Proposal<Entry>), Acceptors>,
    chosen: BTreeMap<Slot, Entry>,
    /// What some leader has answered to a client.
    answered: BTreeMap<Slot, Entry>,
    luck: Stream,
    drawn: u64,
    tally: Tally,
}

#[derive(Default, Debug)]
struct Tally {
    leaders: u64,
    chosen: u64,
    leases: u64,
    reads: u64,
    restarts: u64,
}

impl World {
    /// Clocks are off by `drift` millionths, one way or the other.
    fn new(seed: u64, flaw: Option<Flaw>, drift: u64, lease: Option<Lease>) -> Self {
        let luck = Random::new(seed).stream("schedule");
        let config = Config { flaw, ..Config::majority(if seed.is_multiple_of(2) { 3 } else { 5 }) };
        let node = |id: u8| {
            let setting = Setting { id, config, lease };
            let draw = luck.draw(u64::from(id), 1);
            let (shift, rate) =
                (Span::from_millis(draw.below(5000)), 1_000_000 - drift + draw.below(2) * 2 * drift);
            let mut node = Node { replica: None, setting, disk: Disk::default(), shift, rate };
            node.replica = Some(MultiPaxos::new(setting, node.clock(Time::ZERO)));
            node
        };
        Self {
            nodes: (0..config.acceptors).map(node).collect(),
            network: Vec::new(),
            now: Time::ZERO,
            accepted: BTreeMap::new(),
            chosen: BTreeMap::new(),
            answered: BTreeMap::new(),
            luck,
            drawn: 0,
            tally: Tally::default(),
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.drawn += 1;
        self.luck.draw(self.drawn, 0).below(n as u64) as usize
    }

    fn event(&mut self) -> Result<(), String> {
        let node = self.below(self.nodes.len());
        match self.below(200) {
            0..120 if !self.network.is_empty() => {
                let at = if self.below(2) == 0 { 0 } else { self.below(self.network.len()) };
                let again = self.below(20) == 0;
                let message = if again { self.network[at].clone() } else { self.network.remove(at) };
                self.at(usize::from(message.to), |replica, now, out| replica.step(now, &message, out))
            }
            120..126 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                self.network.swap_remove(at);
                Ok(())
            }
            126..156 => {
                let passed = Span::from_nanos(self.below(12_000_000) as u64);
                self.now += passed;
                self.look()
            }
            156..160 => self.at(node, |replica, now, out| {
                let _ = replica.campaign(now, out);
            }),
            160..175 => {
                let value = Value(self.drawn);
                self.at_leader(node, |replica, now, out| {
                    let _ = replica.propose(now, value, out);
                })
            }
            175..187 => self.at_leader(node, MultiPaxos::renew),
            187..194 => self.at(node, MultiPaxos::ask_again),
            194..196 => {
                // A crash, and a restart at once: the shortest of all.
                let now = self.nodes[node].clock(self.now);
                let node = &mut self.nodes[node];
                node.replica = Some(MultiPaxos::restart(node.setting, node.disk.clone(), now));
                self.tally.restarts += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn at_leader(
        &mut self,
        near: usize,
        call: impl FnOnce(&mut MultiPaxos, Time, &mut Output),
    ) -> Result<(), String> {
        let leads = |node: &Node| node.replica.as_ref().is_some_and(|replica| replica.role() == Role::Leader);
        let n = self.nodes.len();
        let at = (near..near + n).map(|at| at % n).find(|&at| leads(&self.nodes[at]));
        at.map_or(Ok(()), |at| self.at(at, call))
    }

    fn at(&mut self, at: usize, call: impl FnOnce(&mut MultiPaxos, Time, &mut Output)) -> Result<(), String> {
        let now = self.nodes[at].clock(self.now);
        let node = &mut self.nodes[at];
        let Some(replica) = &mut node.replica else { return Ok(()) };
        let mut out = Output::default();
        call(replica, now, &mut out);
        out.saves.iter().for_each(|save| node.disk.write(save));
        if node.disk != *replica.disk() && node.setting.config.flaw.is_none() {
            return Err("what is on disk is not what the replica relies on".into());
        }
        let (leads, quorum) = (replica.role() == Role::Leader, node.setting.config.accept_quorum());
        self.network.extend(out.messages);
        for note in out.notes {
            match note {
                Note::Led { .. } => self.tally.leaders += 1,
                Note::Accepted { slot, proposal } => {
                    let by = self.accepted.entry((slot, proposal)).or_default();
                    by.insert(at as u8);
                    if by.len() >= quorum
                        && *self.chosen.entry(slot).or_insert(proposal.value) != proposal.value
                    {
                        return Err(format!("agreement: slot {slot}"));
                    }
                }
                Note::Chosen { slot, entry } => {
                    if self.chosen.get(&slot) != Some(&entry) {
                        return Err(format!("integrity: slot {slot}"));
                    }
                    if leads {
                        self.answered.insert(slot, entry);
                    }
                }
                _ => {}
            }
        }
        self.look()
    }

    /// Who holds a lease now, and whether what it would answer to a read is the latest.
    fn look(&mut self) -> Result<(), String> {
        let mut holder = None;
        for (id, node) in self.nodes.iter().enumerate() {
            let now = node.clock(self.now);
            let Some(replica) = node.replica.as_ref().filter(|replica| replica.holds_lease(now)) else {
                continue;
            };
            if let Some(other) = holder.replace(id) {
                return Err(format!("two masters: {other} and {id}"));
            }
            self.tally.leases += 1;
            if replica.reads_locally(now) {
                self.tally.reads += 1;
                let known = |(slot, entry): (&Slot, &Entry)| replica.chosen().get(slot) == Some(entry);
                if !self.answered.iter().all(known) {
                    return Err(format!("{id} reads what is old"));
                }
            }
        }
        Ok(())
    }

    fn run(&mut self, events: u64) -> Result<(), String> {
        let result = (0..events).try_for_each(|_| self.event());
        self.tally.chosen = self.chosen.len() as u64;
        result
    }
}

impl Node {
    fn clock(&self, now: Time) -> Time {
        let nanos = u128::from(now.nanos()) * u128::from(self.rate) / 1_000_000;
        Time::from_nanos(nanos as u64) + self.shift
    }
}

fn first_break(flaw: Option<Flaw>, drift: u64, lease: Option<Lease>, wanted: &str) -> Option<(u64, String)> {
    (0..3000).find_map(|seed| {
        let what = World::new(seed, flaw, drift, lease).run(800).err()?;
        what.starts_with(wanted).then_some((seed, what))
    })
}

#[test]
fn one_history_and_one_master_on_every_schedule() {
    let mut sum = Tally::default();
    for seed in 0..1000 {
        let mut world = World::new(seed, None, 50_000, Some(Lease::with_drift(LEASE, 50_000)));
        world.run(800).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
        sum.leaders += world.tally.leaders;
        sum.chosen += world.tally.chosen;
        sum.leases += world.tally.leases;
        sum.reads += world.tally.reads;
        sum.restarts += world.tally.restarts;
    }
    println!("{sum:?}");
    // Schedules on which nothing happens prove nothing.
    assert!(sum.leaders > 1500 && sum.chosen > 5000 && sum.reads > 5000 && sum.restarts > 5000, "{sum:?}");
}

/// Each without which there are two masters.
#[test]
fn a_lease_needs_the_send_the_bound_and_the_wait_after_a_restart() {
    for (flaw, drift, ppm) in
        [(Some(Flaw::LeaseFromAnswer), 0, 0), (None, 300_000, 0), (Some(Flaw::ForgetOnRestart), 0, 0)]
    {
        let found = first_break(flaw, drift, Some(Lease::with_drift(LEASE, ppm)), "two masters");
        println!("{flaw:?}, drift {drift}, reckoned with {ppm}: {found:?}");
        assert!(found.is_some(), "{flaw:?}, {drift}");
    }
}

/// Without a lease, which keeps most of it from happening.
#[test]
fn what_breaks_one_slot_breaks_many() {
    for flaw in [Flaw::BreakPromise, Flaw::IgnoreHighestValue, Flaw::ForgetOnRestart] {
        let found = first_break(Some(flaw), 0, None, "agreement");
        println!("{flaw:?}: {found:?}");
        assert!(found.is_some(), "{flaw:?}");
    }
}
