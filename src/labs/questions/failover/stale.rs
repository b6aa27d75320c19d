//! Which reads are stale while an old leader is cut off and another one has been elected.

mod told;

use self::told::{
    ANSWERS_ON, CUT_OFF_IS_STALE, FOLLOWERS_ARE_STALE, LATE_IS_STALE, LEADER_IS_FRESH, LEASE_COVERS,
    STALE_FROM_ELECTION, WRITES_ARE_SEEN, because, refuted, set,
};
use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, SERVERS, config, listed, name, wanted};
use crate::engine::time::{Span, Time};
use crate::patterns::raft::{Between, Config, Disk, Index, Note, Reads};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "raft-stale-read",
    rev: 1,
    title: "which read is stale",
    skill: "predict",
    concepts: &["stale-read", "lease", "check-quorum"],
    draw,
};

/// All times are milliseconds. How long a message takes.
const WAY: u64 = 5;
/// The shortest election timeout, the time between two looks for a majority, and when the first leader campaigns.
const TIMEOUT: u64 = 1000;
/// How long a lease lasts.
const LEASE: u64 = 900;
/// From heartbeat to heartbeat.
const BEAT: u64 = 200;
/// When the first leader leads: from here times are counted.
const ZERO: u64 = TIMEOUT + 2 * WAY;
/// An election timeout that never runs out here.
const LONG: u64 = 1_000_000_000;

/// One read.
#[derive(Clone, Copy, Debug)]
struct Read {
    /// The client that asks. Their numbers are in no order, or else the last would be the best guess.
    client: usize,
    at: u64,
    server: usize,
    /// What it came to.
    outcome: Outcome,
}

/// What became of a read.
#[derive(Clone, Copy, Default, Debug)]
struct Outcome {
    /// How far the server knew the log to be committed when it was asked, and whether it took itself for the leader.
    had: Index,
    led: bool,
    /// When the answer came, and how much of the log it shows.
    answer: Option<(u64, Index)>,
}

/// A split, a new leader and its write.
#[derive(Clone, Debug)]
struct Case {
    reads: Reads,
    /// At how many percent of its speed the old leader's clock runs after the cut.
    percent: u64,
    old: usize,
    new: usize,
    /// Who is cut off with the old leader.
    with: Option<usize>,
    /// When its last heartbeat goes out that all get, when it is cut off, when the other one is elected.
    beat: u64,
    cut: u64,
    elected: u64,
    /// When the new value is proposed, and acknowledged.
    written: u64,
    acknowledged: u64,
    index: Index,
    asked: Vec<Read>,
}

/// Moments at which a read can be asked on a server.
#[derive(Clone, Copy, Debug)]
struct Slot {
    server: usize,
    from: u64,
    to: u64,
}

impl Case {
    fn draw(dice: &mut Dice, reads: Reads, percent: u64) -> Option<Self> {
        let mut order: Vec<usize> = (0..SERVERS).collect();
        dice.shuffle(&mut order);
        let [old, new, other, ..] = *order.as_slice() else { return None };
        let beat = BEAT * dice.between(0, 2);
        let elected = beat + WAY + TIMEOUT + 10 * dice.between(2, 20) + 2 * WAY;
        let written = elected + 10 * dice.between(3, 15);
        Some(Self {
            reads,
            percent,
            old,
            new,
            with: Some(other).filter(|_| dice.chance(60)),
            beat,
            cut: beat + 10 * dice.between(2, BEAT / 10 - 2),
            elected,
            written,
            acknowledged: written + 2 * WAY,
            index: 0,
            asked: Vec::new(),
        })
    }

    /// When the old leader stops to answer alone.
    fn stops(&self) -> u64 {
        match self.reads {
            Reads::Local => u64::MAX,
            Reads::Index => 0,
            Reads::Lease => self.cut + (self.beat + LEASE).saturating_sub(self.cut) * 100 / self.percent,
            Reads::CheckQuorum => 2 * TIMEOUT,
        }
    }

    /// When followers of the new leader hear of the write's commit.
    fn learned(&self) -> u64 {
        self.elected + (self.acknowledged - self.elected).div_ceil(BEAT) * BEAT + WAY
    }

    /// Draws reads, at most one from each slot.
    fn ask(&mut self, dice: &mut Dice) -> Option<()> {
        let slot =
            |server: usize, from: u64, to: u64| Slot { server, from: from + 10, to: to.min(from + 600) };
        let (done, stops) = (self.acknowledged, self.stops());
        let mut slots = vec![
            slot(self.old, self.cut, self.elected),
            slot(self.old, self.elected, done),
            slot(self.old, done, stops.max(done)),
            slot(self.old, done.max(stops.min(done + 600)), done.max(stops.min(done + 600)) + 400),
        ];
        let mut many = 3;
        match self.reads {
            Reads::Local => {
                let follower =
                    (0..SERVERS).find(|&at| at != self.old && at != self.new && Some(at) != self.with)?;
                slots.extend([
                    slot(follower, done, self.learned()),
                    slot(follower, self.learned(), self.learned() + 400),
                    slot(self.with.unwrap_or(self.old), done, done + 400),
                    slot(self.new, done, done + 300),
                ]);
                many = 4;
            }
            Reads::Index => {
                // Asked just before, answered after.
                slots.push(Slot { server: self.new, from: done - WAY, to: done - WAY + 10 });
                many = 4;
            }
            Reads::Lease | Reads::CheckQuorum => slots.push(slot(self.new, done, done + 300)),
        }
        slots.retain(|slot| slot.from + 10 <= slot.to);
        dice.shuffle(&mut slots);
        slots.truncate(many);
        for (client, Slot { server, from, to }) in (1..).zip(slots) {
            let at = from + 10 * dice.between(0, (to - from) / 10 - 1);
            self.asked.push(Read { client, at, server, outcome: Outcome::default() });
        }
        self.asked.sort_by_key(|read| read.at);
        let apart = self.asked.windows(2).all(|pair| matches!(pair, [a, b] if a.at < b.at));
        (self.asked.len() == many && apart).then_some(())
    }

    fn config(&self, server: usize) -> Config {
        let election = if server == self.old {
            Between::exactly(Span::from_millis(TIMEOUT))
        } else if server == self.new {
            Between::exactly(Span::from_millis(self.elected - self.beat - 3 * WAY))
        } else {
            Between::millis(TIMEOUT, LONG)
        };
        Config {
            election,
            heartbeat: Between::exactly(Span::from_millis(BEAT)),
            check_quorum: (self.reads == Reads::CheckQuorum).then_some(Span::from_millis(TIMEOUT)),
            reads: self.reads,
            lease: Span::from_millis(LEASE),
            ..config(server)
        }
    }

    /// Lets it happen. None if it goes another way than planned.
    fn run(mut self) -> Option<Self> {
        let after = |ms: u64| Time::from_millis(ZERO + ms);
        let disks = vec![Disk::default(); SERVERS];
        let mut cluster = Cluster::new(&disks, Span::from_millis(WAY), Span::ZERO, |at| self.config(at));
        cluster.run(after(self.cut));
        for server in 0..SERVERS {
            cluster.put(server, usize::from(server != self.old && Some(server) != self.with));
        }
        cluster.slow(self.old, self.percent);
        let mut asked = self.asked.clone();
        let mut propose = Some(self.written);
        for (number, read) in (0..).zip(&mut asked) {
            if let Some(written) = propose.take_if(|written| *written <= read.at) {
                cluster.run(after(written));
                self.index = cluster.propose(self.new, 2)?;
            }
            cluster.run(after(read.at));
            let raft = cluster.raft(read.server)?;
            (read.outcome.had, read.outcome.led) = (raft.commit(), cluster.leads(read.server));
            cluster.read(read.server, number);
        }
        if let Some(written) = propose {
            cluster.run(after(written));
            self.index = cluster.propose(self.new, 2)?;
        }
        let last = asked.last().map_or(0, |read| read.at);
        cluster.run(after(last.max(self.acknowledged) + 10 * WAY));
        let told = |server: usize, wanted: &dyn Fn(&Note) -> bool| {
            let told = cluster.told.iter().find(|told| told.by == server && wanted(&told.note))?;
            Some(told.at.since(after(0)).millis())
        };
        for (number, read) in (0..).zip(&mut asked) {
            read.outcome.answer = cluster.told.iter().find_map(|told| match told.note {
                Note::Read { read, index } if read == number => {
                    Some((told.at.since(after(0)).millis(), index))
                }
                _ => None,
            });
        }
        self.asked = asked;
        let led = |server| told(server, &|note| matches!(note, Note::Led { .. }));
        let committed =
            told(self.new, &|note| matches!(note, Note::Committed { upto, .. } if *upto >= self.index));
        let planned = led(self.old) == Some(0)
            && led(self.new) == Some(self.elected)
            && committed == Some(self.acknowledged);
        planned.then_some(self)
    }

    /// The clients for whose reads that is so.
    fn those(&self, is_so: impl Fn(&Read) -> bool) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.asked.iter().filter(|read| is_so(read)).map(|read| read.client).collect();
        all.sort_unstable();
        all
    }

    fn read(&self, client: usize) -> Option<&Read> {
        self.asked.iter().find(|read| read.client == client)
    }

    /// Whether it was asked when the new value had been acknowledged.
    fn is_after(&self, read: &Read) -> bool {
        read.at >= self.acknowledged
    }

    /// Whether it was answered with the old value.
    fn gave_old(&self, read: &Read) -> bool {
        read.outcome.answer.is_some_and(|(_, index)| index < self.index)
    }

    fn is_stale(&self, read: &Read) -> bool {
        self.is_after(read) && self.gave_old(read)
    }

    /// Whether it was asked on the side of the old leader after the cut.
    fn is_cut_off(&self, read: &Read) -> bool {
        read.at > self.cut && (read.server == self.old || Some(read.server) == self.with)
    }

    fn lines(&self) -> Vec<String> {
        let (old, new) = (name(self.old), name(self.new));
        let mut away: Vec<usize> = [Some(self.old), self.with].into_iter().flatten().collect();
        away.sort_unstable();
        let rest: Vec<usize> = (0..SERVERS).filter(|at| !away.contains(at)).collect();
        let are = if away.len() == 1 { "is" } else { "are" };
        let mut lines = vec![
            (self.cut, format!("{} {are} cut off from {}", listed(&away, "and"), listed(&rest, "and"))),
            (self.elected, format!("{new} is elected")),
            (self.acknowledged, format!("{new} acknowledges x = 2")),
        ];
        match self.reads {
            Reads::Lease => lines.push((self.beat, format!("{old} sends its last heartbeat that all get"))),
            Reads::CheckQuorum => lines.push((0, format!("{old} is elected"))),
            Reads::Local | Reads::Index => {}
        }
        for read in &self.asked {
            lines.push((read.at, format!("client {} reads on {}", read.client, name(read.server))));
        }
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(at, line)| format!("{at:>4} ms  {line}")).collect()
    }

    fn rule(&self) -> String {
        match self.reads {
            Reads::Local => format!(
                "Every server answers at once, from what it knows to be committed. Followers hear of a commit with the next \
                 heartbeat: a leader sends one when it is elected and then every {BEAT} ms."
            ),
            Reads::Index => {
                "Only a leader answers, when a majority has confirmed after the question that it leads."
                    .to_owned()
            }
            Reads::Lease => {
                let (old, percent) = (name(self.old), self.percent);
                let clock = if percent == 100 {
                    "All clocks run alike.".to_owned()
                } else {
                    format!("From the cut on the clock of {old} runs at {percent} % of its speed.")
                };
                format!(
                    "A leader answers alone for {LEASE} ms of its clock after each heartbeat that a majority answers; voters wait \
                     {TIMEOUT} ms of theirs. {clock}"
                )
            }
            Reads::CheckQuorum => format!(
                "A leader answers alone. Every {TIMEOUT} ms from its election on it looks whether a majority has answered since the \
                 last look, and if not, steps down."
            ),
        }
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let (reads, percent) = match dice.between(1, 100) {
        1..=40 => (Reads::Local, 100),
        41..=65 => (Reads::CheckQuorum, 100),
        66..=84 => (Reads::Lease, dice.one_of(&[40, 50, 60], 50)),
        85..=91 => (Reads::Lease, 100),
        _ => (Reads::Index, 100),
    };
    let full = dice.chance(90);
    // Where there can be stale reads, there mostly are: to say that there are none must not be the best guess.
    let some = dice.chance(72) && reads != Reads::Index && (reads != Reads::Lease || percent < 100);
    let several = dice.chance(38) && reads == Reads::Local;
    wanted(dice, 40, |dice| {
        let mut case = Case::draw(dice, reads, percent)?;
        case.ask(dice)?;
        let case = case.run()?;
        let stale = case.those(|read| case.is_stale(read)).len();
        if some && stale == 0 || several && stale == 1 {
            return None;
        }
        let draft = question(&case, dice);
        if full { draft.full() } else { Some(draft) }
    })
}

fn question(case: &Case, dice: &mut Dice) -> Draft {
    let stale = case.those(|read| case.is_stale(read));
    let level = if matches!(case.reads, Reads::Lease | Reads::CheckQuorum) { 3 } else { 2 };
    let mut draft = Draft::new(level, set(&stale), because(case, &stale));
    draft.text(format!(
        "Five Raft servers keep x = 1; a message takes {WAY} ms. {} Which clients read 1, though x = 2 had been \
         acknowledged when they asked?",
        case.rule()
    ));
    draft.lines(case.lines());
    let mut beliefs = beliefs(case);
    dice.shuffle(&mut beliefs);
    for (id, believed) in beliefs {
        let differs = |client: &usize| stale.contains(client) != believed.contains(client);
        let at = (1..=case.asked.len()).find(differs);
        if let Some(why) = at.and_then(|client| refuted(case, client, id)) {
            draft.wrong(set(&believed), id, why);
        }
    }
    draft
}

/// What is answered under misconceptions.
fn beliefs(case: &Case) -> Vec<(&'static str, Vec<usize>)> {
    let stale = |read: &Read| case.is_stale(read);
    let fresh = if case.reads == Reads::Lease { LEASE_COVERS } else { LEADER_IS_FRESH };
    let mut all = vec![
        (fresh, case.those(|read| stale(read) && read.server != case.old)),
        (CUT_OFF_IS_STALE, case.those(|read| stale(read) || case.is_cut_off(read))),
        (
            STALE_FROM_ELECTION,
            case.those(|read| {
                let answers = case.reads == Reads::Index || case.gave_old(read);
                stale(read) || case.is_cut_off(read) && read.at >= case.elected && answers
            }),
        ),
        (
            LATE_IS_STALE,
            case.those(|read| {
                let late = read.outcome.answer.is_some_and(|(at, _)| at >= case.acknowledged);
                stale(read) || case.gave_old(read) && late
            }),
        ),
    ];
    if case.reads == Reads::Local {
        all.push((
            FOLLOWERS_ARE_STALE,
            case.those(|read| stale(read) || case.is_after(read) && !read.outcome.led),
        ));
        all.push((WRITES_ARE_SEEN, case.those(|read| stale(read) && case.is_cut_off(read))));
    } else {
        // What it had when it was asked is what it would have answered.
        let alone =
            |read: &Read| case.is_after(read) && read.server == case.old && read.outcome.had < case.index;
        all.push((ANSWERS_ON, case.those(|read| stale(read) || alone(read))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which reads are stale, reckoned from the times alone.
    #[test]
    fn reads_are_stale_where_the_times_say_so() {
        let (mut stale, mut answered) = (0, 0);
        for seed in 1..=400 {
            let mut dice = Dice::new("stale", seed, 0);
            let modes = [Reads::Local, Reads::Index, Reads::Lease, Reads::Lease, Reads::CheckQuorum];
            let reads = dice.one_of(&modes, Reads::Index);
            let percent = if reads == Reads::Lease { dice.one_of(&[100, 50], 100) } else { 100 };
            let Some(mut case) = Case::draw(&mut dice, reads, percent) else { continue };
            if case.ask(&mut dice).is_none() {
                continue;
            }
            let case = case.run().unwrap();
            for read in &case.asked {
                let side = case.is_cut_off(read);
                let knows = match reads {
                    Reads::Local => !side && (read.server == case.new || read.at >= case.learned()),
                    _ => !side || read.at >= case.stops(),
                };
                assert_eq!(case.is_stale(read), case.is_after(read) && !knows, "{read:?} {case:?}");
                let silent = side && read.at >= case.stops();
                assert_eq!(read.outcome.answer.is_none(), silent, "{read:?} {case:?}");
                stale += u32::from(case.is_stale(read));
                answered += u32::from(!silent);
                assert!(
                    reads != Reads::Lease || percent < 100 || !case.is_stale(read),
                    "a lease is safe: {case:?}"
                );
            }
        }
        assert!(stale > 100 && answered > 400, "{stale} {answered}");
    }

    #[test]
    fn asking_a_majority_is_never_stale() {
        for seed in 1..=100 {
            let mut dice = Dice::new("index", seed, 0);
            let mut case = Case::draw(&mut dice, Reads::Index, 100).unwrap();
            if case.ask(&mut dice).is_some() {
                let case = case.run().unwrap();
                assert!(case.asked.iter().all(|read| !case.is_stale(read)), "{case:?}");
            }
        }
    }
}
