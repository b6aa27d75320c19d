//! Every schedule of a small cluster: three servers, a few elections and commands, messages in any order and any number of
//! times or never.
//!
//! Time stands still, and timers run out whenever the search likes. A disk is as fast as memory.

use std::fmt;

use halfopen::engine::explore::{Explored, explore, fingerprint};
use halfopen::engine::random::{Draw, Random};
use halfopen::engine::time::Time;
use halfopen::patterns::raft::{
    Body, Command, Config, Disk, Flaw, Message, Note, Output, Payload, Raft, Role, Server,
};

use crate::safety::Safety;

const LIMIT: usize = 5_000_000;

/// What may still happen besides deliveries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Left {
    time_outs: u8,
    beats: u8,
    commands: u8,
    restarts: u8,
}

#[derive(Clone)]
enum Step {
    TimeOut(u8),
    Beat(u8),
    Propose(u8),
    Restart(u8),
    Deliver(Message),
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeOut(id) => write!(f, "S{id} times out"),
            Self::Beat(id) => write!(f, "S{id} sends a heartbeat"),
            Self::Propose(id) => write!(f, "S{id} takes a command"),
            Self::Restart(id) => write!(f, "S{id} restarts"),
            Self::Deliver(message) => {
                let (from, to) = (message.from.0, message.to.0);
                write!(f, "S{from} -> S{to}, term {}: {:?}", message.term, message.body)
            }
        }
    }
}

#[derive(Clone, Hash)]
struct World {
    servers: Vec<Raft>,
    disks: Vec<Disk>,
    /// By fingerprint. What was said never goes away, unless it can change nothing any more.
    network: Vec<(u128, Message)>,
    left: Left,
    safety: Safety,
    wrong: Option<&'static str>,
}

fn luck() -> Draw {
    Random::new(1).stream("timeout").draw(0, 0)
}

impl World {
    fn new(flaw: Option<Flaw>, left: Left) -> Self {
        let config = |id| Config { noop: false, batch: 1, flaw, ..Config::paper(Server(id), 3, 150, 300) };
        Self {
            servers: (0..3).map(|id| Raft::new(config(id), Time::ZERO, luck())).collect(),
            disks: vec![Disk::default(); 3],
            network: Vec::new(),
            left,
            safety: Safety::default(),
            wrong: None,
        }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        // Servers are alike, so the first to time out may as well be the first.
        let untouched = self.servers.iter().all(|raft| raft.term() == 0);
        for (id, raft) in (0..).zip(&self.servers) {
            let leads = raft.role() == Role::Leader;
            if !leads && self.left.time_outs > 0 && (id == 0 || !untouched) {
                steps.push(Step::TimeOut(id));
            }
            if leads && self.left.beats > 0 {
                steps.push(Step::Beat(id));
            }
            if leads && self.left.commands > 0 {
                steps.push(Step::Propose(id));
            }
            if self.left.restarts > 0 && !untouched {
                steps.push(Step::Restart(id));
            }
        }
        steps.extend(self.network.iter().map(|(_, message)| Step::Deliver(message.clone())));
        steps
    }

    fn after(&self, step: &Step) -> Self {
        let mut next = self.clone();
        match step {
            Step::TimeOut(id) => {
                next.left.time_outs -= 1;
                next.at(*id, |raft, out| raft.time_out(Time::ZERO, luck(), out));
            }
            Step::Beat(id) => {
                next.left.beats -= 1;
                next.at(*id, |raft, out| raft.beat(Time::ZERO, luck(), out));
            }
            Step::Propose(id) => {
                // A value of its own, so that no two entries look the same by chance.
                let value = u64::from(next.left.commands);
                next.left.commands -= 1;
                let payload = Payload::Command(Command { session: 1, serial: value, value });
                next.at(*id, |raft, out| {
                    raft.propose(Time::ZERO, luck(), payload, out).unwrap();
                });
            }
            Step::Restart(id) => {
                next.left.restarts -= 1;
                let raft = &mut next.servers[usize::from(*id)];
                let disk = next.disks[usize::from(*id)].clone();
                *raft = Raft::restart(*raft.config(), disk, Time::ZERO, luck());
                next.safety.restarted(Server(*id));
            }
            Step::Deliver(message) => {
                next.at(message.to.0, |raft, out| raft.step(Time::ZERO, luck(), message, out));
            }
        }
        let network = std::mem::take(&mut next.network);
        next.network = network.into_iter().filter(|(_, message)| !next.dead(message)).collect();
        next
    }

    fn at(&mut self, id: u8, call: impl FnOnce(&mut Raft, &mut Output)) {
        let raft = &mut self.servers[usize::from(id)];
        let committed = raft.commit();
        let mut out = Output::default();
        call(raft, &mut out);
        for save in std::mem::take(&mut out.saves) {
            self.disks[usize::from(id)].write(&save);
            raft.saved(Time::ZERO, luck(), save.mark, &mut out);
        }
        for outgoing in out.messages {
            let print = fingerprint(&outgoing.message);
            if let Err(at) = self.network.binary_search_by_key(&print, |&(print, _)| print) {
                self.network.insert(at, (print, outgoing.message));
            }
        }
        let deleted = |note: &Note| matches!(note, Note::Truncated { from, .. } if *from <= committed);
        if out.notes.iter().any(deleted) {
            self.wrong = Some("a committed entry is deleted");
        }
        self.wrong = self.wrong.or_else(|| self.safety.broken(raft, &out.notes));
    }

    /// Whether a message changes nothing that matters, now or later. Terms only rise, over a restart too.
    fn dead(&self, message: &Message) -> bool {
        let to = &self.servers[usize::from(message.to.0)];
        let role = |role| to.term() > message.term || to.term() == message.term && to.role() != role;
        match message.body {
            // A refusal only carries a term.
            Body::Vote { granted: false, .. } => to.term() >= message.term,
            Body::Vote { .. } => role(Role::Candidate),
            // Who led a term and does no more will not again.
            Body::Appended { .. } | Body::Rejected { .. } => role(Role::Leader),
            // Who asks in an old term may always be told of a later one.
            Body::RequestVote { .. } | Body::AppendEntries { .. } | Body::TimeoutNow => false,
        }
    }
}

fn all(start: World) -> Explored<Step, &'static str> {
    explore(start, World::steps, World::after, |world| world.wrong, LIMIT)
}

#[track_caller]
fn clean(left: Left, states: usize) {
    let found = all(World::new(None, left));
    println!("{} states, {} moves, {} deep: {left:?}", found.states, found.moves, found.depth);
    if let Some(violation) = &found.violation {
        panic!("{}\n{:#?}", violation.what, violation.steps);
    }
    assert!(found.complete, "more than {LIMIT} states");
    assert_eq!(found.states, states);
}

#[track_caller]
fn breaks(start: World, what: &str, steps: usize) {
    let found = all(start);
    let violation = found
        .violation
        .unwrap_or_else(|| panic!("no violation in {} states, all: {}", found.states, found.complete));
    println!("{}, {} states: {:#?}", violation.what, found.states, violation.steps);
    let length = violation.steps.len();
    assert_eq!((violation.what, length), (what, steps), "{:#?}", violation.steps);
}

#[test]
fn figure_3_the_five_properties_hold_in_every_state_of_two_elections() {
    clean(Left { time_outs: 2, commands: 1, ..Left::default() }, 14_744);
}

#[test]
fn figure_3_the_five_properties_hold_over_a_restart() {
    clean(Left { time_outs: 2, restarts: 1, ..Left::default() }, 8660);
}

#[test]
fn section_5_4_1_a_vote_without_a_look_at_the_log() {
    let left = Left { time_outs: 3, commands: 1, ..Left::default() };
    breaks(World::new(Some(Flaw::VoteWithoutLogCheck), left), "leader completeness", 9);
}

#[test]
fn section_5_1_a_vote_forgotten_over_a_restart() {
    let left = Left { time_outs: 2, restarts: 1, ..Left::default() };
    breaks(World::new(Some(Flaw::ForgetVoteOnRestart), left), "election safety", 7);
}

/// What of the network reaches whom in a scene: everything between these two, until there is nothing left to say.
fn settle(mut world: World, between: [u8; 2]) -> World {
    let inside = |(_, message): &&(u128, Message)| {
        between.contains(&message.from.0) && between.contains(&message.to.0)
    };
    while let Some((print, message)) = world.network.iter().find(inside).cloned() {
        world.network.retain(|(other, _)| *other != print);
        world = world.after(&Step::Deliver(message));
    }
    world
}

/// Figure 8 up to (b), with three servers: S0 led term 1 and wrote an entry that nobody has; S1 led term 2, by the vote of
/// S2, and wrote another. All that was on its way is lost.
fn figure_8(flaw: Option<Flaw>) -> World {
    let mut world = World::new(flaw, Left { time_outs: 5, commands: 2, ..Left::default() });
    world = settle(world.after(&Step::TimeOut(0)), [0, 2]);
    world = world.after(&Step::Propose(0));
    world.network.clear();
    // S1 is a term behind.
    world = world.after(&Step::TimeOut(1));
    world.network.clear();
    world = settle(world.after(&Step::TimeOut(1)), [1, 2]);
    world = world.after(&Step::Propose(1));
    world.network.clear();
    let terms: Vec<Vec<u64>> = (world.servers.iter())
        .map(|raft| raft.log().entries().iter().map(|entry| entry.term).collect())
        .collect();
    assert_eq!(terms, [vec![1], vec![2], vec![]], "as in the figure");
    assert!(world.wrong.is_none() && world.servers[1].role() == Role::Leader);
    // One to lead and commit, one to overwrite, and one because the other is a term behind.
    world.left = Left { time_outs: 3, ..Left::default() };
    world
}

/// The same world, and every schedule of it: only the rule is missing above.
#[test]
fn figure_8_comes_to_nothing_with_the_rule() {
    let found = all(figure_8(None));
    println!("{} states, {} moves, {} deep", found.states, found.moves, found.depth);
    assert!(found.clean(), "{:#?}", found.violation);
    assert_eq!(found.states, 21_650);
}

#[test]
fn figure_8_an_old_entry_committed_by_counting() {
    breaks(figure_8(Some(Flaw::CommitOldTermByCounting)), "leader completeness", 13);
}
