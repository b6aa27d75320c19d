//! Who can win this election, and with how many votes.

use std::collections::BTreeMap;

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, MAJORITY, SERVERS, agree, config, listed, name, table, wanted};
use super::past::{Logs, Plan, end};
use crate::patterns::raft::{Config, Disk, Entry, Flaw, Log, Note, Payload, Term};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "election-who-wins",
    rev: 2,
    title: "who can win this election",
    skill: "predict",
    concepts: &["vote-rule", "quorum"],
    draw,
};

/// No log is longer.
const LONGEST: usize = 8;
/// So many pasts are looked at for one question, and so many sets of living servers of each.
const PASTS: u32 = 400;
const PICKS: u32 = 8;

/// What is thought of votes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Belief {
    Truth,
    /// The length of a log decides.
    Longest,
    /// Whoever asks gets the votes.
    First,
    /// The last term decides, and the length never does.
    LastTerm,
    /// A log must end later than the voter's, and not as late.
    Later,
    /// Nobody votes for a log that lacks an entry of its own.
    EveryEntry,
    /// The majority is one of those that are up.
    Living,
}

const WRONG: [Belief; 6] =
    [Belief::Longest, Belief::First, Belief::LastTerm, Belief::Later, Belief::EveryEntry, Belief::Living];

/// Those that tell servers apart where too few are up, and one thinks that they are enough.
const OF_FEW: [Belief; 4] = [Belief::Truth, Belief::Longest, Belief::First, Belief::LastTerm];

impl Belief {
    fn id(self) -> &'static str {
        match self {
            Self::Truth => "",
            Self::Longest => "raft-longest-log-wins",
            Self::First => "raft-first-to-ask-wins",
            Self::LastTerm => "raft-length-never-counts",
            Self::Later => "raft-equal-logs-refuse",
            Self::EveryEntry => "raft-winner-needs-every-entry",
            Self::Living => "raft-majority-of-the-living",
        }
    }
}

/// The servers and which of them are up.
#[derive(Clone, Debug)]
struct Case {
    disks: Vec<Disk>,
    up: Vec<usize>,
    /// By what is believed and the candidate: each is a run.
    polls: BTreeMap<(Belief, usize), Poll>,
}

/// What becomes of a campaign.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Poll {
    /// Who votes for the candidate, itself left out.
    voters: Vec<usize>,
    leads: bool,
}

/// What would be answered, reckoned from the logs alone: a cheap look at whether a case is worth its runs.
struct Foreseen<'a> {
    logs: &'a Logs,
    up: &'a [usize],
}

impl Foreseen<'_> {
    fn votes(&self, belief: Belief, voter: usize, candidate: usize) -> bool {
        let (own, asked) = (&self.logs[voter], &self.logs[candidate]);
        let ((term, length), (later, longer)) = (end(own), end(asked));
        match belief {
            Belief::Truth | Belief::Living => (term, length) <= (later, longer),
            Belief::Longest => length <= longer,
            Belief::First => true,
            Belief::LastTerm => term <= later,
            Belief::Later => (term, length) < (later, longer),
            Belief::EveryEntry => asked.starts_with(own),
        }
    }

    /// Who votes for `candidate`, a bit for each.
    fn voters(&self, belief: Belief, candidate: usize) -> u8 {
        let others = self.up.iter().filter(|&&voter| voter != candidate);
        others.filter(|&&voter| self.votes(belief, voter, candidate)).fold(0, |set, voter| set | 1 << voter)
    }

    fn winners(&self, belief: Belief, needed: usize) -> u8 {
        let wins = |candidate: &&usize| {
            usize::try_from(self.voters(belief, **candidate).count_ones()).unwrap_or(0) + 1 >= needed
        };
        self.up.iter().filter(wins).fold(0, |set, candidate| set | 1 << candidate)
    }

    /// How many wrong answers there are, to the question about `candidate` or about all.
    fn wrong(&self, candidate: Option<usize>) -> usize {
        let living = self.up.len() / 2 + 1;
        let answer = |belief: Belief| match candidate {
            Some(candidate) => self.voters(belief, candidate),
            None if self.up.len() < MAJORITY => self.winners(belief, living),
            None => self.winners(belief, if belief == Belief::Living { living } else { MAJORITY }),
        };
        let few = candidate.is_none() && self.up.len() < MAJORITY;
        let right = if few { 0 } else { answer(Belief::Truth) };
        let beliefs: &[Belief] = if few { &OF_FEW } else { &WRONG };
        let mut seen = Vec::from([right]);
        for &belief in beliefs {
            let answer = answer(belief);
            if !seen.contains(&answer) {
                seen.push(answer);
            }
        }
        seen.len() - 1
    }
}

impl Case {
    /// The case with its polls.
    fn new(mut disks: Vec<Disk>, up: Vec<usize>) -> Self {
        // All have heard of the last term, and nobody has voted in the next one.
        let term = disks.iter().map(|disk| disk.term).max().unwrap_or(0);
        for disk in &mut disks {
            (disk.term, disk.vote) = (term, None);
        }
        let mut case = Self { disks, up, polls: BTreeMap::new() };
        // The truth comes first: some of the others build on it.
        for belief in [Belief::Truth].into_iter().chain(WRONG) {
            for candidate in case.up.clone() {
                let poll = case.run(candidate, belief);
                case.polls.insert((belief, candidate), poll);
            }
        }
        case
    }

    fn poll(&self, candidate: usize, belief: Belief) -> Poll {
        self.polls.get(&(belief, candidate)).cloned().unwrap_or_default()
    }

    /// What becomes of it if the timer of `candidate` runs out first.
    fn run(&self, candidate: usize, belief: Belief) -> Poll {
        let truth = self.poll(candidate, Belief::Truth);
        let voters = match belief {
            // It would not get the candidate's vote in turn.
            Belief::Later => {
                let mut voters = truth.voters;
                voters.retain(|&voter| !self.poll(voter, Belief::Truth).voters.contains(&candidate));
                voters
            }
            // No server of Raft votes like that, so nothing can be run.
            Belief::EveryEntry => {
                let others = self.up.iter().copied().filter(|&voter| voter != candidate);
                others.filter(|&voter| self.has_all_of(candidate, voter)).collect()
            }
            Belief::Living => {
                return Poll { leads: truth.voters.len() + 1 > self.up.len() / 2, ..truth };
            }
            Belief::Truth | Belief::Longest | Belief::First | Belief::LastTerm => {
                return self.campaign(candidate, belief);
            }
        };
        Poll { leads: voters.len() + 1 >= MAJORITY, voters }
    }

    /// Servers that run, and one of them campaigns.
    fn campaign(&self, candidate: usize, belief: Belief) -> Poll {
        let flaw = (belief == Belief::First).then_some(Flaw::VoteWithoutLogCheck);
        let disks: Vec<Disk> = self.disks.iter().map(|disk| seen(disk, belief)).collect();
        let mut cluster = Cluster::by_hand(&disks, |server| Config { flaw, ..config(server) });
        for server in (0..SERVERS).filter(|server| !self.up.contains(server)) {
            cluster.crash(server);
        }
        cluster.time_out(candidate);
        let given = |server: &usize| {
            cluster.told.iter().any(|told| told.by == *server && matches!(told.note, Note::Granted { .. }))
        };
        let voters = self.up.iter().copied().filter(given).collect();
        Poll { voters, leads: cluster.leads(candidate) }
    }

    fn has_all_of(&self, server: usize, other: usize) -> bool {
        let both = self.disks.get(server).zip(self.disks.get(other));
        both.is_some_and(|(own, other)| agree(own, other) == other.log.last().index)
    }

    fn winners(&self, belief: Belief) -> Vec<usize> {
        self.up.iter().copied().filter(|&server| self.poll(server, belief).leads).collect()
    }

    /// The same where too few are up, and one thinks that they are enough.
    fn winners_of_few(&self, belief: Belief) -> Vec<usize> {
        let wins = |server: &usize| self.poll(*server, belief).voters.len() + 1 > self.up.len() / 2;
        self.up.iter().copied().filter(wins).collect()
    }

    fn votes(&self, candidate: usize) -> usize {
        self.poll(candidate, Belief::Truth).voters.len() + 1
    }

    fn last_term(&self, server: usize) -> Term {
        self.disks.get(server).map_or(0, |disk| disk.log.last().term)
    }

    fn length(&self, server: usize) -> u64 {
        self.disks.get(server).map_or(0, |disk| disk.log.last().index)
    }

    /// `B (last term 3, length 4)`.
    fn end(&self, server: usize) -> String {
        format!("{} (last term {}, length {})", name(server), self.last_term(server), self.length(server))
    }
}

/// A disk as somebody sees it who looks at a part of the log only.
fn seen(disk: &Disk, belief: Belief) -> Disk {
    let last = disk.log.last();
    let terms: Vec<Term> = match belief {
        Belief::Longest => disk.log.entries().iter().map(|_| 1).collect(),
        Belief::LastTerm if last.index > 0 => vec![last.term],
        _ => return disk.clone(),
    };
    let mut log = Log::default();
    for term in terms {
        log.push(Entry { term, payload: Payload::Noop });
    }
    Disk { log, ..disk.clone() }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let kind = dice.between(1, 20);
    let down = if kind <= 3 { 3 } else { usize::try_from(dice.between(1, 2)).unwrap_or(1) };
    let of_all_of_them = kind <= 12;
    // Of two servers there are seldom sets enough for four options.
    let full = dice.chance(if down == 3 { 25 } else { 85 });
    let (plan, up, candidate) = wanted(dice, PASTS, |dice| {
        let plan = Plan::draw(dice);
        if plan.longest() > LONGEST {
            return None;
        }
        let (up, candidate) = wanted(dice, PICKS, |dice| {
            let mut up: Vec<usize> = (0..SERVERS).collect();
            dice.shuffle(&mut up);
            up.truncate(SERVERS - down);
            let candidate = up.first().copied().filter(|_| !of_all_of_them);
            let least = if full { 3 } else { 2 };
            (Foreseen { logs: &plan.logs, up: &up }.wrong(candidate) >= least).then_some((up, candidate))
        })?;
        Some((plan, up, candidate))
    })?;
    let mut up = up;
    up.sort_unstable();
    let case = Case::new(plan.run().disks(), up);
    let mut draft = candidate.map_or_else(|| of_all(&case), |candidate| of_one(&case, candidate));
    draft.lines(table(&case.disks, |server| if case.up.contains(&server) { "" } else { "down" }));
    if full { draft.full() } else { Some(draft) }
}

const RULE: &str = "A server votes for a log that ends no earlier than its own: the later last term, and with equal terms the longer log.";

/// Who can win?
fn of_all(case: &Case) -> Draft {
    let right = case.winners(Belief::Truth);
    let votes: Vec<String> =
        case.up.iter().map(|&server| format!("{} {}", name(server), case.votes(server))).collect();
    let why = format!(
        "{RULE} Votes that each would get, its own included: {}. {MAJORITY} of all {SERVERS} are needed.",
        votes.join(", ")
    );
    let mut draft = Draft::new(2, who(&right, "or"), why);
    draft.text(format!(
        "Five Raft servers, and in each row the term of each entry in its log. {} are up and reach each other; the leader is \
         gone. Which of them can win an election, if its timer is the first to run out?",
        listed(&case.up, "and"),
    ));
    if case.up.len() < MAJORITY {
        let (up, down) = (case.up.len(), SERVERS - case.up.len());
        let why = format!(
            "{down} servers are down and still count. Even all {up} votes are no majority of {SERVERS}, so nobody leads."
        );
        for belief in OF_FEW {
            draft.wrong(who(&case.winners_of_few(belief), "or"), Belief::Living.id(), why.clone());
        }
        return draft;
    }
    for belief in WRONG {
        let believed = case.winners(belief);
        let differs = |server: &usize| believed.contains(server) != right.contains(server);
        if let Some(server) = case.up.iter().copied().find(differs) {
            draft.wrong(who(&believed, "or"), belief.id(), refuted(case, server, belief));
        }
    }
    draft
}

/// Who votes for this one?
fn of_one(case: &Case, candidate: usize) -> Draft {
    let right = case.poll(candidate, Belief::Truth);
    let others: Vec<String> = case
        .up
        .iter()
        .copied()
        .filter(|&server| server != candidate)
        .map(|server| case.end(server))
        .collect();
    let why = format!("{RULE} {} asks {}.", case.end(candidate), others.join(", "));
    let mut draft = Draft::new(1, who(&right.voters, "and"), why);
    draft.text(format!(
        "Five Raft servers, and in each row the term of each entry in its log. {} are up and reach each other; the leader is \
         gone. The timer of {} is the first to run out. Which of the others vote for it?",
        listed(&case.up, "and"),
        name(candidate),
    ));
    for belief in WRONG {
        let voters = case.poll(candidate, belief).voters;
        draft.wrong(who(&voters, "and"), belief.id(), refuted(case, candidate, belief));
    }
    draft
}

fn who(servers: &[usize], word: &str) -> String {
    match servers {
        [] => "Nobody".to_owned(),
        [_] => format!("Only {}", listed(servers, word)),
        _ => listed(servers, word),
    }
}

/// Why a belief is wrong about this candidate: a voter that does something else.
fn refuted(case: &Case, candidate: usize, belief: Belief) -> String {
    let (right, believed) = (case.poll(candidate, Belief::Truth), case.poll(candidate, belief));
    let differs = |server: &usize| right.voters.contains(server) != believed.voters.contains(server);
    let voter = case.up.iter().copied().find(differs).unwrap_or(candidate);
    let does = if right.voters.contains(&voter) { "votes for" } else { "refuses" };
    let (it, got) = (name(candidate), case.votes(candidate));
    let act = format!("{} {does} {}", case.end(voter), case.end(candidate));
    let counted = format!("{it} gets {got} of {SERVERS} votes.");
    match belief {
        Belief::Truth => counted,
        Belief::Longest => format!("The last term counts before the length: {act}. {counted}"),
        Belief::First => format!("To ask first is not enough: {act}. {counted}"),
        Belief::LastTerm => format!("With equal last terms the longer log is ahead: {act}. {counted}"),
        Belief::Later => format!("A log that ends as late as the voter's is good enough: {act}. {counted}"),
        Belief::EveryEntry => {
            format!(
                "Only the ends of logs are compared, and what is not committed may be missing: {act}. {counted}"
            )
        }
        Belief::Living => format!(
            "Of {SERVERS} servers {} are down, and they count: {it} gets {got} votes, and a majority is {MAJORITY}.",
            SERVERS - case.up.len()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figure 2, written down a second time.
    #[test]
    fn votes_are_those_of_the_rule() {
        for seed in 1..=200 {
            let mut dice = Dice::new("votes", seed, 0);
            let plan = Plan::draw(&mut dice);
            let mut up: Vec<usize> = (0..SERVERS).collect();
            dice.shuffle(&mut up);
            up.truncate(SERVERS - 1 - usize::from(seed % 2 == 0));
            let case = Case::new(plan.run().disks(), up);
            let foreseen = Foreseen { logs: &plan.logs, up: &case.up };
            for &candidate in &case.up {
                let end = |at: usize| (case.last_term(at), case.length(at));
                let votes = case.up.iter().filter(|&&voter| end(voter) <= end(candidate)).count();
                let poll = case.poll(candidate, Belief::Truth);
                assert_eq!(
                    (poll.voters.len() + 1, poll.leads),
                    (votes, votes >= 3),
                    "{candidate} of {case:?}"
                );
                let count = |counts: &dyn Fn(usize) -> bool| case.up.iter().filter(|&&at| counts(at)).count();
                let shorter = count(&|at| case.length(at) <= case.length(candidate));
                assert_eq!(case.poll(candidate, Belief::Longest).voters.len() + 1, shorter);
                let earlier = count(&|at| end(at) < end(candidate));
                assert_eq!(case.poll(candidate, Belief::Later).voters.len(), earlier);
                let term = count(&|at| case.last_term(at) <= case.last_term(candidate));
                assert_eq!(case.poll(candidate, Belief::LastTerm).voters.len() + 1, term);
                assert_eq!(case.poll(candidate, Belief::First).voters.len() + 1, case.up.len());
                for belief in [Belief::Truth].into_iter().chain(WRONG) {
                    let polled = case.poll(candidate, belief).voters;
                    let polled = polled.into_iter().fold(0, |set, voter| set | 1 << voter);
                    assert_eq!(foreseen.voters(belief, candidate), polled, "{belief:?}: {case:?}");
                }
            }
        }
    }
}
