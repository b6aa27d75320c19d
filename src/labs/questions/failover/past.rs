//! A few terms of leaders whose entries reached some of the others: planned, foreseen, and run.
//!
//! Foreseeing takes a small part of the time of a run and serves only to choose a past that is worth a question. What is
//! shown and asked is what the servers have after the run.

use super::super::dice::Dice;
use super::cluster::{Cluster, MAJORITY, SERVERS, config};
use crate::patterns::raft::{Config, Disk, Index};

/// The settings of servers whose logs are looked at: no leader writes a no-op, and each entry takes a message, so that it can
/// get lost alone.
pub(super) fn plain(server: usize) -> Config {
    Config { noop: false, batch: 1, ..config(server) }
}

/// The logs of all servers: for each entry the number of the term, counted from 1 among the terms that had a leader.
pub(super) type Logs = [Vec<u8>; SERVERS];

/// One term.
#[derive(Clone, Debug)]
struct Round {
    /// The leader comes first, then those who get its entries, those who only vote, and those who are cut off.
    order: [usize; SERVERS],
    /// How many hear the leader, itself included, and how many of them store what it writes.
    together: usize,
    storing: usize,
    writes: u64,
    /// Whether those who store hear once more from the leader, and so learn what is committed.
    told: bool,
}

/// The past of a cluster.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    rounds: Vec<Round>,
    /// What the servers will have in their logs.
    pub logs: Logs,
    /// About how far each will know the log to be committed. What is not told once more may be heard with a later entry.
    pub commits: [Index; SERVERS],
    /// Who will take itself for a leader: such a one does not campaign.
    pub leads: [bool; SERVERS],
}

/// Where a log ends: its last term, then its length.
pub(super) fn end(log: &[u8]) -> (u8, usize) {
    (log.last().copied().unwrap_or(0), log.len())
}

impl Plan {
    /// Terms of leaders that could be elected, each with a majority that hears it.
    pub fn draw(dice: &mut Dice) -> Self {
        let mut plan = Self {
            rounds: Vec::new(),
            logs: Logs::default(),
            commits: [0; SERVERS],
            leads: [false; SERVERS],
        };
        for _ in 0..dice.between(3, 5) {
            let mut order: [usize; SERVERS] = std::array::from_fn(|at| at);
            dice.shuffle(&mut order);
            let together = usize::try_from(dice.between(3, 5)).unwrap_or(MAJORITY);
            let (here, _) = order.split_at_mut(together);
            let ends = plan.logs.each_ref().map(|log| end(log));
            let votes = |candidate: usize| here.iter().filter(|&&at| ends[at] <= ends[candidate]).count();
            let able = |&at: &usize| !plan.leads[at] && votes(at) >= MAJORITY;
            let Some(place) = here.iter().position(able) else { continue };
            here.swap(0, place);
            let storing = 1 + usize::try_from(dice.between(0, 4)).unwrap_or(0).min(together - 1);
            let (writes, told) = (dice.between(1, 2), dice.chance(50));
            plan.add(Round { order, together, storing, writes, told });
        }
        plan
    }

    fn add(&mut self, round: Round) {
        let term = u8::try_from(self.rounds.len() + 1).unwrap_or(u8::MAX);
        let mut log = self.logs[round.order[0]].clone();
        // Who votes is brought up to the leader's log at once, but a follower that has all of it keeps what it has more.
        for &at in &round.order[round.storing..round.together] {
            if !self.logs[at].starts_with(&log) {
                self.logs[at].clone_from(&log);
            }
        }
        for &at in &round.order[..round.together] {
            self.leads[at] = at == round.order[0];
        }
        log.extend((0..round.writes).map(|_| term));
        let commit = self.commits[round.order[0]];
        let stored = if round.storing < MAJORITY { commit } else { log.len() as Index };
        for &at in &round.order[..round.together] {
            self.commits[at] = self.commits[at].max(commit);
        }
        for &at in &round.order[..round.storing] {
            self.logs[at].clone_from(&log);
            if round.told || at == round.order[0] {
                self.commits[at] = stored;
            }
        }
        self.rounds.push(round);
    }

    /// The longest log.
    pub fn longest(&self) -> usize {
        self.logs.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Servers that went through it. Nobody has crashed, and whoever led last is cut off from some.
    pub fn run(&self) -> Cluster {
        let mut cluster = Cluster::by_hand(&vec![Disk::default(); SERVERS], plain);
        let mut value = 0;
        for round in &self.rounds {
            for (place, &server) in round.order.iter().enumerate() {
                cluster.put(server, if place < round.together { 0 } else { 1 + place });
            }
            let leader = round.order[0];
            cluster.win(leader);
            for (place, &server) in round.order.iter().enumerate().skip(round.storing) {
                cluster.put(server, 1 + place);
            }
            for _ in 0..round.writes {
                value += 1;
                cluster.propose(leader, value);
            }
            cluster.settle();
            if round.told {
                cluster.beat(leader);
                cluster.settle();
            }
        }
        cluster
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::cluster::agree;
    use super::*;

    #[test]
    fn a_run_goes_as_foreseen() {
        for seed in 1..=500 {
            let plan = Plan::draw(&mut Dice::new("past", seed, 0));
            let cluster = plan.run();
            let disks = cluster.disks();
            let terms = disks.iter().flat_map(|disk| disk.log.entries()).map(|entry| entry.term);
            // Terms that have left no entry on any disk are numbered too.
            let numbers = plan.logs.iter().flatten().copied().collect::<BTreeSet<u8>>();
            let terms: Vec<(u64, u8)> = terms.collect::<BTreeSet<u64>>().into_iter().zip(numbers).collect();
            for (disk, log) in disks.iter().zip(&plan.logs) {
                let number = |term| terms.iter().find(|(real, _)| *real == term).unwrap().1;
                let run: Vec<u8> = disk.log.entries().iter().map(|entry| number(entry.term)).collect();
                assert_eq!(run, *log, "{plan:?}");
            }
        }
    }

    /// Servers that vote and write by the rules leave no other logs.
    #[test]
    fn pasts_are_possible_ones() {
        for seed in 1..=300 {
            let disks = Plan::draw(&mut Dice::new("past", seed, 0)).run().disks();
            for one in &disks {
                for other in &disks {
                    let same = one.log.entries().iter().zip(other.log.entries());
                    let last = same.clone().rposition(|(one, other)| one.term == other.term);
                    let agreed = usize::try_from(agree(one, other)).unwrap();
                    assert_eq!(last.map_or(0, |at| at + 1), agreed, "equal terms mean equal logs: {disks:?}");
                }
            }
        }
    }
}
