//! Who can win this election, and with how many votes.

use std::collections::BTreeMap;

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, MAJORITY, SERVERS, agree, config, listed, name, past, table, wanted};
use crate::patterns::raft::{Config, Disk, Entry, Flaw, Log, Note, Payload, Term};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "election-who-wins",
    rev: 1,
    title: "who can win this election",
    skill: "predict",
    concepts: &["vote-rule", "quorum"],
    draw,
};

/// No log is longer.
const LONGEST: u64 = 8;

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

impl Case {
    fn draw(past: &Cluster, dice: &mut Dice, down: usize) -> Option<Self> {
        let mut disks = past.disks();
        if disks.iter().any(|disk| disk.log.last().index > LONGEST) {
            return None;
        }
        // All have heard of the last term, and nobody has voted in the next one.
        let term = disks.iter().map(|disk| disk.term).max()?;
        for disk in &mut disks {
            (disk.term, disk.vote) = (term, None);
        }
        let mut up: Vec<usize> = (0..SERVERS).collect();
        dice.shuffle(&mut up);
        up.truncate(SERVERS - down);
        up.sort_unstable();
        let mut case = Self { disks, up, polls: BTreeMap::new() };
        // Where all logs end alike there is nothing to tell apart.
        let first = case.up.first().map(|&server| (case.last_term(server), case.length(server)));
        if case.up.iter().all(|&server| Some((case.last_term(server), case.length(server))) == first) {
            return None;
        }
        // The truth comes first: some of the others build on it.
        for belief in [Belief::Truth].into_iter().chain(WRONG) {
            for candidate in case.up.clone() {
                let poll = case.run(candidate, belief);
                case.polls.insert((belief, candidate), poll);
            }
        }
        Some(case)
    }

    fn poll(&self, candidate: usize, belief: Belief) -> Poll {
        self.polls.get(&(belief, candidate)).cloned().unwrap_or_default()
    }

    /// What the run gives `candidate`, whose timer runs out first.
    fn run(&self, candidate: usize, belief: Belief) -> Poll {
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
        let mut voters: Vec<usize> = self.up.iter().copied().filter(given).collect();
        let leads = cluster.leads(candidate);
        match belief {
            // It would not get the candidate's vote in turn.
            Belief::Later => {
                voters.retain(|&voter| !self.poll(voter, Belief::Truth).voters.contains(&candidate));
            }
            // No server of Raft votes like that, so nothing can be run.
            Belief::EveryEntry => {
                voters.clone_from(&self.up);
                voters.retain(|&voter| voter != candidate && self.has_all_of(candidate, voter));
            }
            Belief::Living => return Poll { leads: voters.len() + 1 > self.up.len() / 2, voters },
            _ => return Poll { voters, leads },
        }
        Poll { leads: voters.len() + 1 >= MAJORITY, voters }
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
    // Of two servers there are seldom sets enough for four options.
    let full = dice.chance(if down == 3 { 25 } else { 85 });
    let fitting = |past: &Cluster, dice: &mut Dice| {
        let case = Case::draw(past, dice, down)?;
        let mut draft = if kind <= 12 { of_all(&case) } else { of_one(&case, dice)? };
        draft.lines(table(&case.disks, |server| if case.up.contains(&server) { "" } else { "down" }));
        if full { draft.full() } else { Some(draft) }
    };
    // A past takes longer to draw than who is down.
    wanted(dice, 12, |dice| {
        let past = past(dice);
        wanted(dice, 4, |dice| fitting(&past, dice))
    })
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
        for belief in [Belief::Truth, Belief::Longest, Belief::First, Belief::LastTerm] {
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
fn of_one(case: &Case, dice: &mut Dice) -> Option<Draft> {
    let candidate = dice.one_of(&case.up, case.up.first().copied()?);
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
    Some(draft)
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
        for seed in 1..=500 {
            let mut dice = Dice::new("votes", seed, 0);
            let past = past(&mut dice);
            let Some(case) = Case::draw(&past, &mut dice, 1 + usize::from(seed % 2 == 0)) else { continue };
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
            }
        }
    }

    /// Servers that vote and write by the rules leave no other logs.
    #[test]
    fn pasts_are_possible_ones() {
        for seed in 1..=300 {
            let disks = past(&mut Dice::new("past", seed, 0)).disks();
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
