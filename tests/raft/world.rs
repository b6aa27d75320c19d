//! A few servers, their disks, and a network in which every message may be lost, late, doubled or overtaken.

use std::collections::{BTreeMap, VecDeque};

use halfopen::engine::random::{Draw, Random, Stream};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::raft::{
    Command, Config, Disk, Flaw, Manner, Message, Note, Outgoing, Output, Payload, Raft, Reads, Role, Save,
    Server,
};

use crate::safety::Safety;

/// One server: the process, which may be down, and its disk.
struct Node {
    config: Config,
    raft: Option<Raft>,
    disk: Disk,
    saving: VecDeque<Save>,
    held: Vec<Outgoing>,
}

/// How a world is run.
#[derive(Clone, Copy, Default)]
pub struct Setting {
    pub flaw: Option<Flaw>,
    /// The smallest world: three servers, timers by hand, disks as fast as memory, nothing optional.
    pub small: bool,
    /// Restarts find an empty disk.
    pub lose_disks: bool,
}

/// What a run came to.
#[derive(Default, Debug)]
pub struct Tally {
    pub events: u64,
    pub leaders: usize,
    pub committed: u64,
    pub reads: u64,
    pub truncated: u64,
    pub transfers: u64,
}

pub struct World {
    nodes: Vec<Node>,
    network: Vec<Message>,
    /// The side of each server; messages between sides are lost.
    sides: Vec<u64>,
    now: Time,
    luck: Stream,
    drawn: u64,
    /// Timers run out when the schedule says so, and time stands still.
    by_hand: bool,
    /// A disk is as fast as memory.
    fast_disk: bool,
    lose_disks: bool,
    /// What was committed when a read began.
    reads: BTreeMap<u64, u64>,
    pub safety: Safety,
    pub tally: Tally,
}

impl World {
    pub fn new(seed: u64, setting: Setting) -> Self {
        let mut world = Self {
            nodes: Vec::new(),
            network: Vec::new(),
            sides: Vec::new(),
            now: Time::ZERO,
            luck: Random::new(seed).stream("schedule"),
            drawn: 0,
            by_hand: false,
            fast_disk: false,
            lose_disks: setting.lose_disks,
            reads: BTreeMap::new(),
            safety: Safety::default(),
            tally: Tally::default(),
        };
        world.by_hand = world.draw().chance(0.6);
        world.fast_disk = world.draw().chance(0.5);
        let servers = if world.draw().chance(0.5) { 3 } else { 5 };
        let ticks = world.draw().chance(0.3);
        let batch = 1 + world.draw().below(3) as u16;
        let mut config = Config::paper(Server(0), servers, 150, 300);
        if ticks {
            config = Config::etcd(Server(0), servers, Span::from_millis(20), 10, Span::ZERO);
        }
        config.batch = batch;
        config.flaw = setting.flaw;
        config.noop = world.draw().chance(0.7);
        config.manner = if world.draw().chance(0.5) { Manner::Paper } else { Manner::Etcd };
        config.pre_vote = world.draw().chance(0.3);
        config.check_quorum = (!world.by_hand && world.draw().chance(0.5)).then_some(config.election.min);
        if !world.by_hand && world.draw().chance(0.5) {
            config.reads = Reads::Lease;
        }
        if setting.small {
            (world.by_hand, world.fast_disk) = (true, true);
            config =
                Config { noop: false, batch: 1, flaw: setting.flaw, ..Config::paper(Server(0), 3, 150, 300) };
        }
        for id in 0..config.servers {
            let mut config = Config { id: Server(id), ..config };
            if let Some(tick) = &mut config.tick {
                tick.phase = Span::from_millis(world.draw().below(20));
            }
            let raft = Raft::new(config, world.now, world.draw());
            world.nodes.push(Node {
                config,
                raft: Some(raft),
                disk: Disk::default(),
                saving: VecDeque::new(),
                held: Vec::new(),
            });
            world.sides.push(0);
        }
        world
    }

    fn draw(&mut self) -> Draw {
        self.drawn += 1;
        self.luck.draw(self.drawn, 0)
    }

    fn below(&mut self, n: usize) -> usize {
        self.draw().below(n as u64) as usize
    }

    /// Runs so many events, or until a property breaks.
    pub fn run(&mut self, events: u64) -> Result<(), String> {
        for _ in 0..events {
            self.tally.events += 1;
            self.event()?;
        }
        self.tally.leaders = self.safety.led();
        self.tally.committed = self.safety.top();
        Ok(())
    }

    fn event(&mut self) -> Result<(), String> {
        let server = self.below(self.nodes.len());
        match self.below(300) {
            // Half of all messages keep their order.
            0..80 if !self.network.is_empty() => {
                let message = self.network.remove(0);
                self.deliver(&message)
            }
            80..160 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                let message = self.network.swap_remove(at);
                self.deliver(&message)
            }
            160..168 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                self.network.swap_remove(at);
                Ok(())
            }
            168..174 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                self.network.push(self.network[at].clone());
                Ok(())
            }
            174..234 => self.save(server),
            234..240 if self.by_hand => self.at(server, Raft::time_out),
            234..252 if self.by_hand => self.at(server, Raft::beat),
            234..252 => {
                let passed = Span::from_millis(self.draw().below(40));
                self.now += passed;
                (0..self.nodes.len()).try_for_each(|server| self.at(server, Raft::tick))
            }
            252..266 => {
                // A value of its own, so that no two entries look the same by chance.
                let value = self.tally.events;
                let payload = Payload::Command(Command { session: 1, serial: value, value });
                self.at_a_leader(server, |raft, now, draw, out| {
                    let _ = raft.propose(now, draw, payload, out);
                })
            }
            266..270 => {
                let server =
                    self.leader_near(server).filter(|_| self.drawn.is_multiple_of(2)).unwrap_or(server);
                let node = &mut self.nodes[server];
                // What was not written is lost. What was sent is on its way.
                node.raft = None;
                node.saving.clear();
                node.held.clear();
                Ok(())
            }
            270..282 => {
                self.restart(server);
                Ok(())
            }
            282..284 => {
                for at in 0..self.sides.len() {
                    self.sides[at] = self.draw().below(2);
                }
                Ok(())
            }
            284..288 => {
                self.sides.fill(0);
                Ok(())
            }
            288..296 => {
                let read = self.tally.events;
                self.reads.insert(read, self.safety.top());
                self.at_a_leader(server, |raft, now, draw, out| {
                    let _ = raft.read(now, draw, read, out);
                })
            }
            296..299 => {
                let to = Server(self.below(self.nodes.len()) as u8);
                self.at_a_leader(server, |raft, now, draw, out| {
                    let _ = raft.transfer(now, draw, to, out);
                })
            }
            _ => Ok(()),
        }
    }

    fn deliver(&mut self, message: &Message) -> Result<(), String> {
        let (from, to) = (usize::from(message.from.0), usize::from(message.to.0));
        if self.sides[from] != self.sides[to] {
            return Ok(());
        }
        self.at(to, |raft, now, draw, out| raft.step(now, draw, message, out))
    }

    fn restart(&mut self, server: usize) {
        if self.nodes[server].raft.is_some() {
            return;
        }
        let (now, draw, lose) = (self.now, self.draw(), self.lose_disks);
        let node = &mut self.nodes[server];
        if lose {
            node.disk = Disk::default();
        }
        node.raft = Some(Raft::restart(node.config, node.disk.clone(), now, draw));
        self.safety.restarted(Server(server as u8));
    }

    /// One more write reaches the disk.
    fn save(&mut self, server: usize) -> Result<(), String> {
        let node = &mut self.nodes[server];
        let Some(save) = node.saving.pop_front() else { return Ok(()) };
        node.disk.write(&save);
        for outgoing in std::mem::take(&mut node.held) {
            if outgoing.after <= save.mark {
                self.network.push(outgoing.message);
            } else {
                node.held.push(outgoing);
            }
        }
        self.at(server, |raft, now, draw, out| raft.saved(now, draw, save.mark, out))
    }

    fn at_a_leader(
        &mut self,
        server: usize,
        call: impl FnOnce(&mut Raft, Time, Draw, &mut Output),
    ) -> Result<(), String> {
        self.leader_near(server).map_or(Ok(()), |at| self.at(at, call))
    }

    /// The first server from `server` on that takes itself for the leader.
    fn leader_near(&self, server: usize) -> Option<usize> {
        let leads = |node: &Node| node.raft.as_ref().is_some_and(|raft| raft.role() == Role::Leader);
        let n = self.nodes.len();
        (server..server + n).map(|at| at % n).find(|&at| leads(&self.nodes[at]))
    }

    /// Calls a server, sees to what it asks, and looks at the five properties.
    fn at(
        &mut self,
        server: usize,
        call: impl FnOnce(&mut Raft, Time, Draw, &mut Output),
    ) -> Result<(), String> {
        let (now, draw) = (self.now, self.draw());
        let Some(raft) = &mut self.nodes[server].raft else { return Ok(()) };
        let mut out = Output::default();
        let committed = raft.commit();
        call(raft, now, draw, &mut out);
        assert!(out.saves.len() <= 1, "one call, one write");
        for note in &out.notes {
            match *note {
                Note::Read { read, index } => {
                    self.tally.reads += 1;
                    let before = self.reads[&read];
                    if index < before {
                        return Err(format!(
                            "read {read} sees {index}, and {before} was committed before it began"
                        ));
                    }
                }
                Note::Truncated { from, .. } => {
                    self.tally.truncated += 1;
                    if from <= committed {
                        return Err("a committed entry is deleted".into());
                    }
                }
                Note::HandedOver { .. } => self.tally.transfers += 1,
                _ => {}
            }
        }
        if let Some(property) = self.safety.broken(raft, &out.notes) {
            return Err(property.into());
        }
        let node = &mut self.nodes[server];
        node.saving.extend(out.saves);
        for outgoing in out.messages {
            if outgoing.after == halfopen::patterns::raft::Mark::NONE {
                self.network.push(outgoing.message);
            } else {
                node.held.push(outgoing);
            }
        }
        while self.fast_disk && !self.nodes[server].saving.is_empty() {
            self.save(server)?;
        }
        Ok(())
    }
}
