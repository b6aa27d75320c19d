//! How far a leader may count its log as committed, entries of old terms included.

use std::collections::BTreeSet;

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, MAJORITY, SERVERS, agree, listed, name, past, plain, table, wanted};
use crate::patterns::raft::{Config, Disk, Flaw, Index, Server, Term};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "raft-committed",
    rev: 1,
    title: "how far the log is committed",
    skill: "compute",
    concepts: &["commit-rule", "log-matching", "quorum"],
    draw,
};

/// No log is longer.
const LONGEST: Index = 8;

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

impl Case {
    fn draw(past: &Cluster, dice: &mut Dice) -> Option<Self> {
        let mut order: Vec<usize> = (0..SERVERS).collect();
        dice.shuffle(&mut order);
        let cut = usize::try_from(dice.between(0, 2)).unwrap_or(0);
        let (cut, here) = order.split_at(cut);
        let leader = *here.first().filter(|&&server| !past.leads(server))?;
        let disks = past.disks();
        let own = disks.get(leader)?;
        // How many entries behind those that it shares with the leader reach each, and how many new ones there are.
        let limits: Vec<Index> = disks.iter().map(|disk| agree(own, disk) + dice.between(1, 4)).collect();
        let new = dice.between(0, 3);
        let run = |mut cluster: Cluster| {
            for server in 0..SERVERS {
                cluster.put(server, usize::from(cut.contains(&server)));
            }
            // Others may know later terms than its own. Its first campaign tells it.
            cluster.time_out(leader);
            if !cluster.leads(leader) {
                cluster.time_out(leader);
            }
            for (server, limit) in limits.iter().enumerate() {
                cluster.limit(server, *limit);
            }
            for value in 1..=new {
                cluster.propose(leader, 1000 + value);
            }
            cluster.beat(leader);
            cluster.settle();
            cluster.leads(leader).then_some(cluster)
        };
        let before = past.raft(leader)?.commit();
        let cluster = run(past.clone())?;
        let raft = cluster.raft(leader)?;
        let known = (0..SERVERS).map(|server| {
            let peer = raft.peer(Server(u8::try_from(server).unwrap_or(u8::MAX)));
            peer.map_or(raft.log().last().index, |peer| peer.matched)
        });
        let mut heard: Vec<Index> = (0..SERVERS).filter_map(|at| Some(cluster.raft(at)?.commit())).collect();
        heard.sort_unstable_by(|a, b| b.cmp(a));
        let flawed = |server| Config { flaw: Some(Flaw::CommitOldTermByCounting), ..plain(server) };
        let case = Self {
            leader,
            term: raft.term(),
            cut: cut.to_vec(),
            known: known.collect(),
            before,
            commit: raft.commit(),
            heard: *heard.get(MAJORITY - 1)?,
            counted: run(Cluster::by_hand(&disks, flawed))?.raft(leader)?.commit().max(before),
            disks: cluster.disks(),
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
    fn others(&self) -> BTreeSet<Index> {
        let stored = [SERVERS, MAJORITY + 1, MAJORITY - 1].map(|servers| self.stored_on(servers));
        let all = stored.into_iter().chain([self.counted, self.heard, self.last()]);
        all.filter(|index| *index != self.commit).collect()
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
        self.last() <= LONGEST
            && self.disks.iter().all(|disk| disk.log.last().index <= LONGEST)
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
    let fitting = |past: &Cluster, dice: &mut Dice| {
        let case = Case::draw(past, dice)?;
        let others = case.others();
        let fits = (nothing || case.commit > 0)
            && (least..=3).contains(&others.len())
            && others.iter().filter(|other| **other > case.commit).count() == larger
            && old == (case.counted > case.commit);
        fits.then(|| question(&case))
    };
    // A past takes longer to draw than a present.
    wanted(dice, 12, |dice| {
        let past = past(dice);
        wanted(dice, 8, |dice| fitting(&past, dice))
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
        for seed in 1..=3000 {
            let mut dice = Dice::new("commit", seed, 0);
            let past = past(&mut dice);
            let Some(case) = Case::draw(&past, &mut dice) else { continue };
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
