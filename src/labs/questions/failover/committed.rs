//! How far a leader may count its log as committed, entries of old terms included.

use std::collections::BTreeSet;

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, MAJORITY, SERVERS, agree, listed, name, table, wanted};
use super::past::{Plan, end, plain};
use crate::patterns::raft::{Config, Disk, Flaw, Index, Server, Term};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "raft-committed",
    rev: 2,
    title: "how far the log is committed",
    skill: "compute",
    concepts: &["commit-rule", "log-matching", "quorum"],
    draw,
};

/// No log is longer.
const LONGEST: usize = 8;
/// So many pasts are looked at for one question, and so many presents of each.
const PASTS: u32 = 200;
const PRESENTS: u32 = 20;

/// A leader of the present, and where its entries have got to.
#[derive(Clone, Debug)]
struct Case {
    leader: usize,
    term: Term,
    disks: Vec<Disk>,
    /// Those that do not hear of the leader.
    cut: Vec<usize>,
    /// How far each log is known to agree with the leader's, by the leader.
    known: Vec<Index>,
    /// What it knew to be committed when it was elected, and what it does now.
    before: Index,
    commit: Index,
    /// What a majority knows to be committed, the leader included.
    heard: Index,
    /// What a leader takes for committed that counts every entry alike.
    counted: Index,
}

/// Who is elected, and how far its entries get.
#[derive(Clone, Debug)]
struct Present {
    leader: usize,
    cut: Vec<usize>,
    /// How many entries it writes, and how many of them at most reach each.
    new: Index,
    reach: [Index; SERVERS],
}

impl Present {
    fn draw(past: &Plan, dice: &mut Dice) -> Option<Self> {
        let mut order: [usize; SERVERS] = std::array::from_fn(|at| at);
        dice.shuffle(&mut order);
        let cut = usize::try_from(dice.between(0, 2)).unwrap_or(0);
        let (cut, here) = order.split_at(cut);
        let ends = past.logs.each_ref().map(|log| end(log));
        let votes = |server: usize| here.iter().filter(|&&voter| ends[voter] <= ends[server]).count();
        let leader = *here.iter().find(|&&server| !past.leads[server] && votes(server) >= MAJORITY)?;
        let new = dice.between(0, 3);
        let reach = std::array::from_fn(|_| dice.between(0, 4).min(new));
        Some(Self { leader, cut: cut.to_vec(), new, reach })
    }

    /// What comes of it, reckoned from the logs alone: a cheap look at whether it is worth its run. Gives the commit index,
    /// that of one who counts every entry alike, and all wrong ones but that of which followers have heard.
    fn foreseen(&self, past: &Plan, before: Index) -> (Index, Index, Vec<Index>) {
        let old = past.logs[self.leader].len() as Index;
        let mut known: [Index; SERVERS] = std::array::from_fn(|server| {
            if self.cut.contains(&server) {
                0
            } else if server == self.leader {
                old + self.new
            } else {
                old + self.reach[server]
            }
        });
        known.sort_unstable_by(|a, b| b.cmp(a));
        let counted = known[MAJORITY - 1].max(before);
        let commit = if counted > old { counted } else { before };
        let mut others: Vec<Index> = known.into_iter().map(|index| index.max(before)).collect();
        others.dedup();
        others.retain(|index| *index != commit);
        (commit, counted, others)
    }

    /// Lets it happen.
    fn run(&self, mut cluster: Cluster) -> Option<Cluster> {
        for server in 0..SERVERS {
            cluster.put(server, usize::from(self.cut.contains(&server)));
        }
        cluster.win(self.leader);
        let old = cluster.raft(self.leader)?.log().last().index;
        for (server, reach) in self.reach.iter().enumerate() {
            cluster.limit(server, old + reach);
        }
        for value in 1..=self.new {
            cluster.propose(self.leader, 1000 + value);
        }
        cluster.beat(self.leader);
        cluster.settle();
        cluster.leads(self.leader).then_some(cluster)
    }
}

impl Case {
    fn new(past: &Cluster, present: Present) -> Option<Self> {
        let leader = present.leader;
        let before = past.raft(leader)?.commit();
        let cluster = present.run(past.clone())?;
        let raft = cluster.raft(leader)?;
        let known = (0..SERVERS).map(|server| {
            let peer = raft.peer(Server(u8::try_from(server).unwrap_or(u8::MAX)));
            peer.map_or(raft.log().last().index, |peer| peer.matched)
        });
        let mut heard: Vec<Index> = (0..SERVERS).filter_map(|at| Some(cluster.raft(at)?.commit())).collect();
        heard.sort_unstable_by(|a, b| b.cmp(a));
        let flawed = |server| Config { flaw: Some(Flaw::CommitOldTermByCounting), ..plain(server) };
        let flawed = present.run(Cluster::by_hand(&past.disks(), flawed))?;
        let case = Self {
            leader,
            term: raft.term(),
            known: known.collect(),
            before,
            commit: raft.commit(),
            heard: *heard.get(MAJORITY - 1)?,
            counted: flawed.raft(leader)?.commit().max(before),
            disks: cluster.disks(),
            cut: present.cut,
        };
        case.is_plain().then_some(case)
    }

    fn last(&self) -> Index {
        self.known.get(self.leader).copied().unwrap_or(0)
    }

    /// Up to where at least so many store the leader's log, as it knows.
    fn stored_on(&self, servers: usize) -> Index {
        let mut known = self.known.clone();
        known.sort_unstable_by(|a, b| b.cmp(a));
        known.get(servers - 1).copied().unwrap_or(0).max(self.before)
    }

    /// What is answered under misconceptions, where it is wrong.
    fn others(&self) -> Vec<Index> {
        let stored = [SERVERS, MAJORITY + 1, MAJORITY - 1].map(|servers| self.stored_on(servers));
        let all = stored.into_iter().chain([self.counted, self.heard, self.last()]);
        let others: BTreeSet<Index> = all.filter(|index| *index != self.commit).collect();
        others.into_iter().collect()
    }

    /// Who is known to store the entry at `index`.
    fn holders(&self, index: Index) -> Vec<usize> {
        (0..SERVERS).filter(|&at| self.known.get(at).is_some_and(|known| *known >= index)).collect()
    }

    fn term_at(&self, index: Index) -> Term {
        self.disks.get(self.leader).and_then(|disk| disk.log.term_at(index)).unwrap_or(0)
    }

    /// Whether the table shows what the leader knows: nobody holds more of its log than it has been told.
    fn is_plain(&self) -> bool {
        let Some(own) = self.disks.get(self.leader) else { return false };
        let agreed = self.disks.iter().map(|disk| agree(own, disk));
        let mut all = agreed.zip(&self.known).enumerate();
        self.disks.iter().all(|disk| disk.log.entries().len() <= LONGEST)
            && all.all(|(at, (agreed, known))| self.cut.contains(&at) || agreed == *known)
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    // So many of the other answers are larger: the middle must not be the best guess. And many questions are about an entry
    // of an old term that a majority stores.
    let larger = dice.one_of(&[0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3], 0);
    let old = larger == 3 || larger > 0 && dice.chance(50);
    let least = if larger > 0 && dice.chance(70) { 3 } else { 2 };
    let nothing = dice.chance(40);
    let fits = |commit: Index, counted: Index, others: &[Index]| {
        (nothing || commit > 0)
            && old == (counted > commit)
            && (least..=3).contains(&others.len())
            && others.iter().filter(|other| **other > commit).count() == larger
    };
    wanted(dice, PASTS, |dice| {
        let plan = Plan::draw(dice);
        if plan.longest() > LONGEST {
            return None;
        }
        let present = wanted(dice, PRESENTS, |dice| {
            let present = Present::draw(&plan, dice)?;
            let (commit, counted, others) = present.foreseen(&plan, plan.commits[present.leader]);
            fits(commit, counted, &others).then_some(present)
        })?;
        let past = plan.run();
        let case = Case::new(&past, present)?;
        fits(case.commit, case.counted, &case.others()).then(|| question(&case))
    })
}

fn question(case: &Case) -> Draft {
    let Case { leader, term, before, commit, counted, heard, .. } = *case;
    let (it, last) = (name(leader), case.last());
    let (all, more, fewer) =
        (case.stored_on(SERVERS), case.stored_on(MAJORITY + 1), case.stored_on(MAJORITY - 1));
    let mut draft = Draft::new(if counted > commit { 3 } else { 2 }, told(commit), because(case));
    let away = match case.cut.as_slice() {
        [] => "It has the answers of all others.".to_owned(),
        cut => {
            let mut cut = cut.to_vec();
            cut.sort_unstable();
            format!("{} heard nothing of it; it has the answers of the others.", listed(&cut, "and"))
        }
    };
    let known = if before == 0 { "nothing".to_owned() } else { format!("index {before}") };
    draft.text(format!(
        "Five Raft servers, and in each row the term of each entry in its log. {it} was elected in term {term}. It knew {known} \
         to be committed then, and has sent entries, some of which were lost. {away} What is its commit index now?"
    ));
    draft.lines(table(&case.disks, |server| {
        if server == leader {
            "leads"
        } else if case.cut.contains(&server) {
            "cut off"
        } else {
            ""
        }
    }));
    let holders = case.holders(counted);
    draft.wrong(
        told(counted),
        "raft-majority-is-committed",
        format!(
            "{} are known to store index {counted}, but it is of term {}, and {it} leads term {term}: entries of old terms are \
             not counted, however many store them (Figure 8).",
            listed(&holders, "and"),
            case.term_at(counted)
        ),
    );
    draft.wrong(
        told(last),
        "raft-leaders-log-is-committed",
        format!(
            "As far as {it} knows, index {last} is on {} only, and {MAJORITY} of {SERVERS} must store an entry of term {term} first.",
            listed(&case.holders(last), "and")
        ),
    );
    draft.wrong(
        told(all),
        "raft-all-must-store",
        format!(
            "{MAJORITY} of {SERVERS} are enough: {} store index {commit}.",
            listed(&case.holders(commit), "and")
        ),
    );
    draft.wrong(
        told(fewer),
        "raft-one-copy-is-enough",
        format!(
            "As far as {it} knows, index {fewer} is on {} only, which is {} of {SERVERS} and no majority.",
            listed(&case.holders(fewer), "and"),
            case.holders(fewer).len()
        ),
    );
    draft.wrong(
        told(more),
        "raft-leader-does-not-count",
        format!(
            "The leader is one of the {MAJORITY}: with it {} store index {commit}.",
            case.holders(commit).len()
        ),
    );
    draft.wrong(
        told(heard),
        "raft-committed-when-told",
        format!(
            "Followers learn it with a later message. {} store index {commit}, and that commits it.",
            listed(&case.holders(commit), "and")
        ),
    );
    draft
}

fn told(index: Index) -> String {
    format!("Index {index}")
}

fn because(case: &Case) -> String {
    let Case { term, before, commit, counted, .. } = *case;
    let next = commit + 1;
    let beyond = if counted > commit {
        format!(
            " Index {counted} is known to be on a majority as well, but of term {}: it must wait for an entry of term {term} behind it.",
            case.term_at(counted)
        )
    } else if next > case.last() {
        String::new()
    } else {
        let holders = case.holders(next);
        format!(
            " Index {next} is known to be on {} of {SERVERS} only: {}.",
            holders.len(),
            listed(&holders, "and")
        )
    };
    if commit == before {
        return format!(
            "A leader counts copies of entries of its own term only, and none of term {term} is on a majority, so its commit \
             index stays at {before}.{beyond}"
        );
    }
    format!(
        "Index {commit} is of term {term}, that of its leader, and on {}: a majority. What is before it is committed with \
         it.{beyond}",
        listed(&case.holders(commit), "and")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figure 2's rule, from the table alone.
    #[test]
    fn the_commit_index_is_that_of_the_rule() {
        let mut old = 0;
        for seed in 1..=2000 {
            let mut dice = Dice::new("commit", seed, 0);
            let plan = Plan::draw(&mut dice);
            let past = plan.run();
            let Some(present) = Present::draw(&plan, &mut dice) else { continue };
            let before = past.raft(present.leader).unwrap().commit();
            let (commit, counted, _) = present.foreseen(&plan, before);
            let Some(case) = Case::new(&past, present) else { continue };
            assert_eq!((commit, counted), (case.commit, case.counted), "{case:?}");
            let own = &case.disks[case.leader];
            let on = |index: Index| {
                let heard = (0..SERVERS).filter(|at| !case.cut.contains(at));
                heard.filter(|&at| agree(own, &case.disks[at]) >= index).count()
            };
            let majority: Vec<Index> = (1..=case.last()).filter(|&index| on(index) >= 3).collect();
            let right = majority.iter().copied().filter(|&index| case.term_at(index) == case.term).max();
            assert_eq!(case.commit, right.unwrap_or(0).max(case.before), "{case:?}");
            let stored = majority.iter().copied().max().unwrap_or(0);
            assert_eq!(case.counted, stored.max(case.before), "{case:?}");
            old += u32::from(case.counted > case.commit);
        }
        assert!(old > 100, "{old}");
    }
}
