//! A few Raft servers with their disks and clocks and the network between them, run from one moment to the next.

use std::collections::BTreeMap;

use super::super::dice::Dice;
use crate::engine::random::{Draw, Random, Stream};
use crate::engine::time::{Span, Time};
use crate::patterns::raft::{
    Body, Command, Config, Disk, Index, Mark, Message, Note, Outgoing, Output, Payload, Raft, Role, Save,
    Server,
};

/// How many servers the clusters of these questions have, and how many of them are a majority.
pub(super) const SERVERS: usize = 5;
pub(super) const MAJORITY: usize = SERVERS / 2 + 1;
const NAMES: [&str; SERVERS] = ["A", "B", "C", "D", "E"];

/// With as many campaigns a server wins that can.
const CAMPAIGNS: u32 = 3;

/// More events than that a question never takes.
const EVENTS: u32 = 20_000;

/// The name of a server.
pub(super) fn name(server: usize) -> &'static str {
    NAMES.get(server).copied().unwrap_or("?")
}

/// The settings of a server, as the paper has them.
pub(super) fn config(server: usize) -> Config {
    Config::paper(id(server), u8::try_from(SERVERS).unwrap_or(0), 150, 300)
}

fn id(server: usize) -> Server {
    Server(u8::try_from(server).unwrap_or(u8::MAX))
}

/// Something that is under way.
#[derive(Clone, Debug)]
enum Event {
    Arrives(Message),
    Saved(usize, Save),
}

/// What a server told about itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub at: Time,
    pub by: usize,
    pub note: Note,
}

#[derive(Clone, Debug)]
struct Node {
    raft: Option<Raft>,
    disk: Disk,
    held: Vec<Outgoing>,
    /// Messages between sides are lost.
    side: usize,
    /// Entries beyond this index are lost on the way to it.
    limit: Index,
    clock: Clock,
}

/// A clock that shows the time until `since` and then runs at `percent` of its speed.
#[derive(Clone, Copy, Debug)]
struct Clock {
    since: Time,
    percent: u64,
}

impl Clock {
    fn shows(self, now: Time) -> Time {
        if now <= self.since {
            return now;
        }
        self.since + Span::from_nanos(now.since(self.since).nanos() * self.percent / 100)
    }

    /// When it shows that.
    fn at(self, shown: Time) -> Time {
        if shown <= self.since || shown == Time::NEVER {
            return shown;
        }
        self.since + Span::from_nanos((shown.since(self.since).nanos() * 100).div_ceil(self.percent))
    }
}

/// Servers and what is between them. Everybody's clock begins at zero and is right, unless it is slowed.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    nodes: Vec<Node>,
    under_way: BTreeMap<(Time, u64), Event>,
    number: u64,
    now: Time,
    latency: Span,
    fsync: Span,
    luck: Stream,
    /// What was told, oldest first.
    pub told: Vec<Told>,
}

impl Cluster {
    /// Servers that start with these disks. Messages take `latency` and writes to disk take `fsync`.
    pub fn new(disks: &[Disk], latency: Span, fsync: Span, config: impl Fn(usize) -> Config) -> Self {
        let luck = Random::new(0).stream("cluster");
        let nodes = disks.iter().enumerate().map(|(at, disk)| Node {
            raft: Some(Raft::restart(config(at), disk.clone(), Time::ZERO, luck.draw(0, 0))),
            disk: disk.clone(),
            held: Vec::new(),
            side: 0,
            limit: Index::MAX,
            clock: Clock { since: Time::ZERO, percent: 100 },
        });
        Self {
            nodes: nodes.collect(),
            under_way: BTreeMap::new(),
            number: 0,
            now: Time::ZERO,
            latency,
            fsync,
            luck,
            told: Vec::new(),
        }
    }

    /// Servers whose timers run out by hand, and whose messages and disks take no time.
    pub fn by_hand(disks: &[Disk], config: impl Fn(usize) -> Config) -> Self {
        Self::new(disks, Span::ZERO, Span::ZERO, config)
    }

    /// What is on the disks.
    pub fn disks(&self) -> Vec<Disk> {
        self.nodes.iter().map(|node| node.disk.clone()).collect()
    }

    pub fn raft(&self, server: usize) -> Option<&Raft> {
        self.nodes.get(server)?.raft.as_ref()
    }

    pub fn leads(&self, server: usize) -> bool {
        self.raft(server).is_some_and(|raft| raft.role() == Role::Leader)
    }

    /// Stops it. What it has sent is on its way; what it was writing is lost.
    pub fn crash(&mut self, server: usize) {
        if let Some(node) = self.nodes.get_mut(server) {
            node.raft = None;
            node.held.clear();
        }
        self.under_way.retain(|_, event| !matches!(event, Event::Saved(at, _) if *at == server));
    }

    /// Puts a server on a side of the network.
    pub fn put(&mut self, server: usize, side: usize) {
        if let Some(node) = self.nodes.get_mut(server) {
            node.side = side;
        }
    }

    /// From now on entries beyond `limit` do not reach it.
    pub fn limit(&mut self, server: usize, limit: Index) {
        if let Some(node) = self.nodes.get_mut(server) {
            node.limit = limit;
        }
    }

    /// Lets its election timer run out, and everything happen that follows.
    pub fn time_out(&mut self, server: usize) {
        self.call(server, Raft::time_out);
        self.settle();
    }

    /// Lets its election timer run out until it leads, if it can. Others may know later terms than its own; its first campaign
    /// tells it.
    pub fn win(&mut self, server: usize) {
        for _ in 0..CAMPAIGNS {
            if !self.leads(server) {
                self.time_out(server);
            }
        }
    }

    /// Gives it a command of a client, if it leads. Commands of different values differ.
    pub fn propose(&mut self, server: usize, value: u64) -> Option<Index> {
        let payload = Payload::Command(Command { session: 0, serial: value, value });
        self.call(server, |raft, now, draw, out| raft.propose(now, draw, payload, out))?.ok()
    }

    /// Asks it for a read of that name.
    pub fn read(&mut self, server: usize, read: u64) {
        self.call(server, |raft, now, draw, out| raft.read(now, draw, read, out));
    }

    /// From now on its clock runs at `percent` of its speed.
    pub fn slow(&mut self, server: usize, percent: u64) {
        if let Some(node) = self.nodes.get_mut(server) {
            node.clock = Clock { since: self.now, percent };
        }
    }

    /// Sends a heartbeat, if it leads.
    pub fn beat(&mut self, server: usize) {
        self.call(server, Raft::beat);
    }

    /// Lets everything arrive that is under way, and what follows from that. No timer runs out.
    pub fn settle(&mut self) {
        for _ in 0..EVENTS {
            let Some(((at, _), event)) = self.under_way.pop_first() else { return };
            self.now = at;
            self.happen(event);
        }
    }

    /// Runs with its timers up to and at `until`.
    pub fn run(&mut self, until: Time) {
        for _ in 0..EVENTS {
            let timers =
                self.nodes.iter().enumerate().filter_map(|(at, node)| Some((node.next_timer()?, at)));
            let timer = timers.min().unwrap_or((Time::NEVER, 0));
            let arrival = self.under_way.first_key_value().map_or(Time::NEVER, |((at, _), _)| *at);
            if arrival.min(timer.0) > until {
                break;
            }
            if arrival <= timer.0
                && let Some(((at, _), event)) = self.under_way.pop_first()
            {
                self.now = at;
                self.happen(event);
            } else {
                self.now = timer.0;
                self.call(timer.1, Raft::tick);
            }
        }
        self.now = until;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives(message) => {
                let (from, to) = (usize::from(message.from.0), usize::from(message.to.0));
                let Some((sender, node)) = self.nodes.get(from).zip(self.nodes.get(to)) else { return };
                let beyond = matches!(&message.body, Body::AppendEntries { prev, entries, .. }
                    if !entries.is_empty() && prev.index + entries.len() as Index > node.limit);
                if sender.side == node.side && !beyond {
                    self.call(to, |raft, now, draw, out| raft.step(now, draw, &message, out));
                }
            }
            Event::Saved(at, save) => {
                let Some(node) = self.nodes.get_mut(at) else { return };
                node.disk.write(&save);
                let (free, held): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut node.held).into_iter().partition(|it| it.after <= save.mark);
                node.held = held;
                for outgoing in free {
                    self.plan(self.latency, Event::Arrives(outgoing.message));
                }
                self.call(at, |raft, now, draw, out| raft.saved(now, draw, save.mark, out));
            }
        }
    }

    fn plan(&mut self, after: Span, event: Event) {
        self.number += 1;
        self.under_way.insert((self.now + after, self.number), event);
    }

    /// Calls a server that is up, and sees to what it asks.
    fn call<R>(
        &mut self,
        server: usize,
        call: impl FnOnce(&mut Raft, Time, Draw, &mut Output) -> R,
    ) -> Option<R> {
        let draw = self.luck.draw(self.number, 1);
        let node = self.nodes.get_mut(server)?;
        let mut out = Output::default();
        let result = call(node.raft.as_mut()?, node.clock.shows(self.now), draw, &mut out);
        let (free, held): (Vec<_>, Vec<_>) = out.messages.into_iter().partition(|it| it.after == Mark::NONE);
        node.held.extend(held);
        self.told.extend(out.notes.into_iter().map(|note| Told { at: self.now, by: server, note }));
        for save in out.saves {
            self.plan(self.fsync, Event::Saved(server, save));
        }
        for outgoing in free {
            self.plan(self.latency, Event::Arrives(outgoing.message));
        }
        Some(result)
    }
}

impl Node {
    /// When its next timer runs out.
    fn next_timer(&self) -> Option<Time> {
        let timer = self.raft.as_ref()?.next_timer();
        (timer < Time::NEVER).then_some(self.clock.at(timer))
    }
}

/// The first of so many draws that is wanted. What is wanted is drawn before, so that it stays as frequent as that, however
/// rare it is among the draws.
pub(super) fn wanted<T>(
    dice: &mut Dice,
    draws: u32,
    mut draw: impl FnMut(&mut Dice) -> Option<T>,
) -> Option<T> {
    (0..draws).find_map(|_| draw(dice))
}

/// The logs as a table: a row for each server and in it the term of each entry.
pub(super) fn table(disks: &[Disk], remark: impl Fn(usize) -> &'static str) -> Vec<String> {
    let longest = disks.iter().map(|disk| disk.log.entries().len()).max().unwrap_or(0);
    let cells = |cells: &mut dyn Iterator<Item = String>| {
        cells.fold(String::new(), |row, cell| row + &format!("{cell:>3}"))
    };
    let head = format!("index{}", cells(&mut (1..=longest).map(|index| index.to_string())));
    let rows = disks.iter().enumerate().map(|(at, disk)| {
        let terms = cells(&mut disk.log.entries().iter().map(|entry| entry.term.to_string()));
        format!("{:<5}{terms:<width$}  {}", name(at), remark(at), width = longest * 3).trim_end().to_owned()
    });
    [head].into_iter().chain(rows).collect()
}

/// `B`, `B or C`, `B, C or D`.
pub(super) fn listed(servers: &[usize], word: &str) -> String {
    let all: Vec<&str> = servers.iter().map(|&server| name(server)).collect();
    match all.as_slice() {
        [] => "none".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

/// How far two logs agree.
pub(super) fn agree(one: &Disk, other: &Disk) -> Index {
    let pairs = one.log.entries().iter().zip(other.log.entries());
    pairs.take_while(|(one, other)| one == other).count() as Index
}
