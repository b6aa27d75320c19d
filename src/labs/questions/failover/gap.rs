//! How long nothing can be committed after a leader has crashed.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::{Cluster, SERVERS, config, name, wanted};
use crate::engine::time::{Span, Time};
use crate::patterns::raft::{Between, Config, Disk, Note};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "failover-time",
    rev: 1,
    title: "how long nothing is committed",
    skill: "compute",
    concepts: &["failover-time", "election"],
    draw,
};

/// The leader that crashes.
const LEADER: usize = 0;
/// How long is looked after the crash.
const LOOKED: Span = Span::from_secs(5);
/// From and up to which a timeout is drawn, in milliseconds.
const RANGE: (u64, u64) = (150, 300);
/// A timer that never runs out.
const NEVER: Span = Span::from_secs(1000);

/// The cluster and the crash of its leader.
#[derive(Clone, Debug)]
struct Case {
    latency: Span,
    fsync: Span,
    heartbeat: Span,
    /// From the last heartbeat to the crash.
    crash: Span,
    /// By server.
    timeouts: Vec<Span>,
    /// The follower that lacks the last entry.
    behind: Option<usize>,
}

/// What came of it, counted from the crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Gap {
    winner: usize,
    campaigned: Span,
    led: Span,
    committed: Span,
}

impl Case {
    fn draw(dice: &mut Dice) -> Option<Self> {
        let ms = Span::from_millis;
        let heartbeat = 10 * dice.between(5, 10);
        let timeouts = (0..SERVERS).map(|at| {
            if at == LEADER { ms(100) } else { ms(dice.between(RANGE.0 / 5, RANGE.1 / 5 - 1) * 5) }
        });
        let timeouts: Vec<Span> = timeouts.collect();
        let latency = dice.between(1, 12);
        let mut case = Self {
            latency: ms(latency),
            fsync: ms(dice.between(2, 8)),
            heartbeat: ms(heartbeat),
            crash: ms(dice.between(2 * latency + 10, heartbeat - 1)),
            timeouts,
            behind: None,
        };
        let order = case.followers();
        case.behind = order.first().copied().filter(|_| dice.chance(40));
        // Nobody else asks while the votes are on their way.
        let asked = case.latency.nanos() * 2 + case.fsync.nanos() * 2 + ms(5).nanos();
        let apart = order.windows(2).take(if case.behind.is_some() { 2 } else { 1 }).all(|pair| {
            let waits = |at: usize| pair.get(at).map_or(Span::ZERO, |&server| case.timeout(server));
            waits(1).saturating_sub(waits(0)).nanos() >= asked
        });
        apart.then_some(case)
    }

    fn timeout(&self, server: usize) -> Span {
        self.timeouts.get(server).copied().unwrap_or(NEVER)
    }

    /// The followers, the one that waits shortest first.
    fn followers(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..SERVERS).filter(|&at| at != LEADER).collect();
        all.sort_by_key(|&at| self.timeout(at));
        all
    }

    /// The same with other timers.
    fn with(&self, timeout: impl Fn(usize) -> Span) -> Self {
        let timeouts = (0..SERVERS).map(|at| if at == LEADER { self.timeout(at) } else { timeout(at) });
        Self { timeouts: timeouts.collect(), ..self.clone() }
    }

    fn run(&self) -> Option<Gap> {
        let heartbeat = Between::exactly(self.heartbeat);
        let mut cluster = Cluster::new(&vec![Disk::default(); SERVERS], self.latency, self.fsync, |server| {
            Config { election: Between::exactly(self.timeout(server)), heartbeat, ..config(server) }
        });
        // The leader is elected, and all have heard of its first entry.
        cluster.run(Time::from_millis(500));
        let beat = cluster.raft(LEADER).filter(|_| cluster.leads(LEADER))?.next_timer();
        cluster.run(beat);
        if let Some(behind) = self.behind {
            cluster.limit(behind, 1);
            cluster.propose(LEADER, 1);
        }
        let crash = beat + self.crash;
        cluster.run(crash);
        cluster.crash(LEADER);
        if let Some(behind) = self.behind {
            cluster.limit(behind, u64::MAX);
        }
        // As long as it takes, and no longer: heartbeats go on for ever.
        let (mut until, mut seen) = (crash, cluster.told.len());
        let committed = loop {
            if until > crash + LOOKED {
                return None;
            }
            until += heartbeat.min;
            cluster.run(until);
            let new = cluster.told.get(seen..).unwrap_or_default();
            let told =
                new.iter().find(|told| matches!(told.note, Note::Committed { .. }) && cluster.leads(told.by));
            if let Some(told) = told {
                break *told;
            }
            seen = cluster.told.len();
        };
        let after = cluster.told.iter().filter(|told| told.at >= crash);
        let first = |wanted: fn(&Note) -> bool| {
            let mut own = after.clone().filter(|told| told.by == committed.by && told.at <= committed.at);
            own.rfind(|told| wanted(&told.note)).map(|told| told.at.since(crash))
        };
        Some(Gap {
            winner: committed.by,
            campaigned: first(|note| matches!(note, Note::Campaigned { .. }))?,
            led: first(|note| matches!(note, Note::Led { .. }))?,
            committed: committed.at.since(crash),
        })
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let behind = dice.chance(40);
    let longer = usize::try_from(dice.between(0, 3)).unwrap_or(0);
    let case = wanted(dice, 60, |dice| Case::draw(dice).filter(|case| case.behind.is_some() == behind))?;
    let gap = case.run()?;
    let Case { latency, fsync, heartbeat, crash, .. } = case;
    let (it, waits) = (name(gap.winner), case.timeout(gap.winner));
    let way = told(latency);
    let mut draft = Draft::new(if behind { 3 } else { 2 }, told(gap.committed), because(&case, gap));
    draft.text(format!(
        "Five Raft servers. A message takes {way} one way, a write to disk {}; votes and answers wait for the disk, and a leader \
         writes while its messages are on their way. {} leads, with a heartbeat every {}, and everybody has drawn an election \
         timeout from {} to {} ms.",
        told(fsync),
        name(LEADER),
        told(heartbeat),
        RANGE.0,
        RANGE.1
    ));
    draft.lines(
        case.followers()
            .into_iter()
            .map(|at| {
                let remark =
                    if case.behind == Some(at) { "  lacks the last entry, which is committed" } else { "" };
                format!("{} {:>6}{remark}", name(at), told(case.timeout(at)))
            })
            .collect(),
    );
    draft.text(format!(
        "{} crashes {} after it has sent its last heartbeat. A new leader writes a no-op at once. How long after the crash is \
         that committed?",
        name(LEADER),
        told(crash)
    ));
    let mut others = parts(gap);
    let rest = case.with(|server| if server == gap.winner { heartbeat } else { case.timeout(server) });
    let mut offer = |run: Option<Gap>, id: &'static str, why: String| {
        if let Some(believed) = run {
            others.push((believed.committed, id, why));
        }
    };
    offer(
        rest.run(),
        "raft-missed-heartbeat-is-enough",
        format!(
            "A heartbeat that does not come proves nothing. {it} waits for its timeout of {}.",
            told(waits)
        ),
    );
    let slowest = case.followers().last().copied();
    offer(
        case.with(|server| if Some(server) == slowest { case.timeout(server) } else { NEVER }).run(),
        "raft-last-timer-decides",
        format!(
            "Others need not find out for themselves: they vote when {it} asks, {} after the crash.",
            told(gap.campaigned)
        ),
    );
    offer(
        case.with(|server| if server == gap.winner { Span::from_millis(RANGE.1) } else { NEVER }).run(),
        "raft-waits-the-maximum",
        format!("{} ms is the longest that can be drawn. {it} has drawn {}.", RANGE.1, told(waits)),
    );
    offer(
        Case { crash: latency, ..case.clone() }.run(),
        "raft-timer-starts-at-the-crash",
        format!(
            "A timer begins with the last heartbeat. When {} crashes, {it} has waited for {}.",
            name(LEADER),
            told(crash.saturating_sub(latency))
        ),
    );
    offer(
        Case { fsync: Span::ZERO, ..case.clone() }.run(),
        "raft-votes-need-no-disk",
        format!(
            "Term, vote and entry must be on disk before anything is said that rests on them: three times {}.",
            told(fsync)
        ),
    );
    offer(
        Case { behind: None, ..case.clone() }.run(),
        "raft-first-to-ask-wins",
        case.behind.map_or(String::new(), |behind| {
            format!(
                "{} asks first and lacks a committed entry, so the others refuse. {it} is the next to ask.",
                name(behind)
            )
        }),
    );
    dice.shuffle(&mut others);
    // So many of the offered ones are longer: the middle must not be the best guess.
    let mut room = [3 - longer, longer];
    for (span, id, why) in others {
        let room = &mut room[usize::from(span > gap.committed)];
        if span != gap.committed && *room > 0 && !draft.offers(&told(span)) {
            *room -= 1;
            draft.wrong(told(span), id, why);
        }
    }
    draft.full()
}

/// Answers that are a part of the same run.
fn parts(gap: Gap) -> Vec<(Span, &'static str, String)> {
    let it = name(gap.winner);
    vec![
        (
            gap.campaigned,
            "raft-failover-is-the-timeout",
            format!(
                "That is when {it} begins to ask. Votes take there and back and two writes, the first entry there and back and \
                 one."
            ),
        ),
        (
            gap.led,
            "raft-elected-is-available",
            format!(
                "That is when {it} is elected. Its first entry must reach a majority: {} more.",
                told(gap.committed.saturating_sub(gap.led))
            ),
        ),
        (
            gap.committed.saturating_sub(gap.campaigned),
            "raft-failover-is-instant",
            format!(
                "Nobody is told of the crash. {it} first waits out its timer, of which {} are left.",
                told(gap.campaigned)
            ),
        ),
    ]
}

fn told(span: Span) -> String {
    format!("{} ms", span.millis())
}

fn because(case: &Case, gap: Gap) -> String {
    let it = name(gap.winner);
    let first = case.behind.map_or(String::new(), |behind| {
        format!(" ({} is sooner, but lacks a committed entry and is refused)", name(behind))
    });
    format!(
        "The timer of {it} began {} after the last heartbeat was sent and runs out {} after the crash{first}. Two ways and two \
         writes later {it} leads, at {}; two more ways and a write for the no-op make {}.",
        told(case.latency),
        told(gap.campaigned),
        told(gap.led),
        told(gap.committed)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The timer, five ways and three writes, less what was over when it crashed.
    #[test]
    fn the_gap_is_the_sum_of_its_parts() {
        let mut behind = 0;
        for seed in 1..=400 {
            let Some(case) = Case::draw(&mut Dice::new("gap", seed, 0)) else { continue };
            let order = case.followers();
            let winner = order[usize::from(case.behind.is_some())];
            let sum = case.timeout(winner).millis() + 5 * case.latency.millis() + 3 * case.fsync.millis();
            let gap = case.run().unwrap();
            assert_eq!((gap.winner, gap.committed.millis()), (winner, sum - case.crash.millis()), "{case:?}");
            behind += u32::from(case.behind.is_some());
        }
        assert!(behind > 20, "{behind}");
    }
}
