//! Raft: a log kept alike on several servers, by a leader that a majority has elected.
//!
//! The algorithm is that of Diego Ongaro and John Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended
//! Version)", 2014: all of Figure 2, with the no-op and the reads of §8. What the paper leaves open comes from Ongaro's
//! dissertation (2014) and from etcd-io/raft: pre-vote, check-quorum and the lease of voters, leadership transfer, leases for
//! reads, client sessions. "§5.4" means the paper where nothing else is said.
//!
//! A [`Raft`] is one server, sans-I/O. It is told what happened ([`Raft::tick`], [`Raft::step`], [`Raft::saved`],
//! [`Raft::propose`], [`Raft::read`], [`Raft::transfer`]) and adds to an [`Output`] what there is to save, to send and to
//! know. It has no clock: `now` is the clock of the server that it runs on, may drift from others, and never goes back.
//! It has no luck: each call gets a fresh [`Draw`], from which a new timeout comes if one is needed.
//!
//! ```
//! use halfopen::engine::{random::Random, time::Time};
//! use halfopen::patterns::raft::{Config, Output, Raft, Role, Server};
//!
//! let luck = Random::new(7).stream("raft");
//! let mut out = Output::default();
//! let mut server = Raft::new(Config::paper(Server(0), 3, 150, 300), Time::ZERO, luck.draw(0, 0));
//! let now = server.next_timer();
//! server.tick(now, luck.draw(0, 1), &mut out);
//! assert_eq!((server.role(), server.term()), (Role::Candidate, 1));
//! // Term and vote first: the two requests may go when they are on disk.
//! assert_eq!((out.saves.len(), out.messages.len()), (1, 2));
//! assert!(out.messages.iter().all(|outgoing| outgoing.after == out.saves[0].mark));
//! ```
//!
//! # What is where
//!
//! [`config`] has the settings, the flaws, and where implementations differ; [`log`] the log; [`message`] what goes over the
//! wire; [`disk`] what outlives a crash; [`note`] what a server tells about itself; [`session`] at-most-once. The rules
//! are in `receive.rs` (terms), `elect.rs` (who leads), `replicate.rs` (what is committed) and `read.rs` (reads, handing over).
//!
//! Servers are `Eq` and `Hash`: two that will behave alike are equal, if `now` is. A search over all schedules keeps `now` at
//! zero and lets timers run out by hand, with [`Raft::time_out`] and [`Raft::beat`].
//!
//! Not here: snapshots and changes of membership.

pub mod config;
pub mod disk;
mod elect;
mod lead;
pub mod log;
pub mod message;
pub mod note;
mod read;
mod receive;
mod replicate;
pub mod session;

use crate::engine::random::Draw;
use crate::engine::time::Time;

pub use self::config::{Between, Config, Flaw, Manner, Reads, Tick};
use self::disk::Saving;
pub use self::disk::{Disk, Mark, Save};
pub use self::lead::Peer;
use self::lead::{Leading, PendingRead, Timer, Transfer};
pub use self::log::{Command, Entry, Index, Log, Payload, Position, Term};
pub use self::message::{Body, Message, Outgoing, Output, Server, Servers};
pub use self::note::{Campaign, Note, SteppedDown, Withheld};
use self::receive::Call;
pub use self::session::{Applied, Sessions};

/// What a server takes itself for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Answers and waits.
    Follower,
    /// Asks whether it could win an election.
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Leads its term. Of an older term there may be one that doesn't know yet.
    Leader,
}

/// Why a wish can't be granted here, now.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Declined {
    /// Another server leads.
    #[error("this server does not lead")]
    NotLeader {
        /// Who does, as far as is known here.
        leader: Option<Server>,
    },
    /// The lead is being handed over.
    #[error("the lead is being handed to another server")]
    Transferring,
    /// The lead can go only to another server of the cluster.
    #[error("the lead can go only to another server of the cluster")]
    NoSuchServer,
}

/// One server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Raft {
    config: Config,
    // Persistent, by Figure 2.
    term: Term,
    vote: Option<Server>,
    log: Log,
    // Volatile, by Figure 2.
    commit: Index,
    role: Role,
    leader: Option<Server>,
    /// The election timer. Stands still in a leader.
    timer: Timer,
    /// When it last heard from a leader; at first, when it started.
    heard: Time,
    granted: Servers,
    refused: Servers,
    lead: Leading,
    saving: Saving,
}

impl Raft {
    /// A server with an empty disk: a new one, or one that lost it. The latter is not safe: it may have promised a vote, or
    /// stored an entry, that a majority counts on.
    pub fn new(config: Config, now: Time, draw: Draw) -> Self {
        Self::restart(config, Disk::default(), now, draw)
    }

    /// A server that starts at `now` with what is on its disk. It knows of no leader and of nothing committed.
    pub fn restart(config: Config, disk: Disk, now: Time, draw: Draw) -> Self {
        let vote = disk.vote.filter(|_| config.flaw != Some(Flaw::ForgetVoteOnRestart));
        Self {
            term: disk.term,
            vote,
            saving: Saving::settled(disk.log.last().index),
            log: disk.log,
            commit: 0,
            role: Role::Follower,
            leader: None,
            timer: Timer { since: now, length: config.election_timeout(draw) },
            heard: now,
            granted: Servers::default(),
            refused: Servers::default(),
            lead: Leading::default(),
            config,
        }
    }

    /// When [`Raft::tick`] has something to do.
    pub fn next_timer(&self) -> Time {
        if self.role != Role::Leader {
            return self.due(self.timer);
        }
        let timer = |timer: Option<Timer>| timer.map_or(Time::NEVER, |timer| self.due(timer));
        let transfer = self.lead.transfer.as_ref().map_or(Time::NEVER, |transfer| transfer.until);
        timer(self.lead.heartbeat).min(timer(self.lead.check)).min(transfer)
    }

    /// Does what is due at `now`; nothing, if nothing is.
    pub fn tick(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.call(now, draw, out, |raft, call| {
            if raft.role != Role::Leader {
                if raft.due(raft.timer) <= now {
                    raft.run_out(call);
                }
                return;
            }
            if let Some(check) = raft.lead.check.filter(|&check| raft.due(check) <= now) {
                raft.check_quorum(call, check.length);
            }
            if let Some(transfer) = raft.lead.transfer.take_if(|transfer| transfer.until <= now) {
                call.note(Note::TransferAborted { to: transfer.to });
            }
            if raft.lead.heartbeat.is_some_and(|heartbeat| raft.due(heartbeat) <= now) {
                raft.broadcast(call);
                raft.start_heartbeat(call);
            }
        });
    }

    /// Lets the election timer run out now. A leader has none.
    pub fn time_out(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.call(now, draw, out, |raft, call| {
            if raft.role != Role::Leader {
                raft.run_out(call);
            }
        });
    }

    /// Sends a heartbeat now, if it leads.
    pub fn beat(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.call(now, draw, out, |raft, call| {
            if raft.role == Role::Leader {
                raft.broadcast(call);
                raft.start_heartbeat(call);
            }
        });
    }

    /// Looks now whether it has heard from a majority since the last look, and steps down if not.
    pub fn check(&mut self, now: Time, draw: Draw, out: &mut Output) {
        self.call(now, draw, out, |raft, call| {
            if let Some(check) = raft.lead.check {
                raft.check_quorum(call, check.length);
            }
        });
    }

    /// A message arrived. One that is for another server, or from none of the cluster, is dropped.
    pub fn step(&mut self, now: Time, draw: Draw, message: &Message, out: &mut Output) {
        let known = message.from.0 < self.config.servers && message.from != self.config.id;
        if known && message.to == self.config.id {
            self.call(now, draw, out, |raft, call| raft.receive(call, message));
        }
    }

    /// The save of that name is on disk, and all before it.
    pub fn saved(&mut self, now: Time, draw: Draw, mark: Mark, out: &mut Output) {
        self.call(now, draw, out, |raft, call| {
            raft.saving.saved(mark);
            raft.commit_by_counting(call);
        });
    }

    /// Takes a command into the log and says where. It may be lost still: it is done once [`Note::Committed`] has reached
    /// this index *and* the entry there is of this term.
    pub fn propose(
        &mut self,
        now: Time,
        draw: Draw,
        payload: Payload,
        out: &mut Output,
    ) -> Result<Index, Declined> {
        if self.role != Role::Leader {
            return Err(Declined::NotLeader { leader: self.leader });
        }
        if self.lead.transfer.is_some() {
            return Err(Declined::Transferring);
        }
        Ok(self.call(now, draw, out, |raft, call| {
            let index = raft.append(payload);
            for to in raft.config.others() {
                raft.send_entries(call, to);
            }
            raft.commit_by_counting(call);
            index
        }))
    }

    /// Begins a read that the caller names. It ends in a [`Note::Read`] or a [`Note::ReadLost`] of that name; which servers
    /// take it, and how sure the answer is, depends on [`Config::reads`].
    pub fn read(&mut self, now: Time, draw: Draw, read: u64, out: &mut Output) -> Result<(), Declined> {
        self.call(now, draw, out, |raft, call| raft.begin_read(call, read))
    }

    /// Hands the lead to another server: sends it what it lacks, then tells it to campaign at once.
    pub fn transfer(&mut self, now: Time, draw: Draw, to: Server, out: &mut Output) -> Result<(), Declined> {
        self.call(now, draw, out, |raft, call| raft.begin_transfer(call, to))
    }

    /// Its settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it takes itself for.
    pub fn role(&self) -> Role {
        self.role
    }

    /// `currentTerm` of Figure 2.
    pub fn term(&self) -> Term {
        self.term
    }

    /// `votedFor` of Figure 2.
    pub fn vote(&self) -> Option<Server> {
        self.vote
    }

    /// `log[]` of Figure 2.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// `commitIndex` of Figure 2. What is applied, and when, is up to the caller.
    pub fn commit(&self) -> Index {
        self.commit
    }

    /// Who leads, as far as it knows.
    pub fn leader(&self) -> Option<Server> {
        self.leader
    }

    /// Who gave it a vote in the campaign under way, itself included.
    pub fn granted(&self) -> Servers {
        self.granted
    }

    /// When its election timer started and when it runs out; `None` in a leader.
    pub fn election_timer(&self) -> Option<(Time, Time)> {
        (self.role != Role::Leader).then(|| (self.timer.since, self.due(self.timer)))
    }

    /// What it knows of `server` as its leader.
    pub fn peer(&self, server: Server) -> Option<&Peer> {
        self.lead.peers.get(usize::from(server.0)).filter(|_| server != self.config.id)
    }

    /// The log is on its own disk up to here.
    pub fn durable(&self) -> Index {
        self.saving.durable()
    }

    /// To whom the lead is being handed.
    pub fn transferring(&self) -> Option<Server> {
        self.lead.transfer.as_ref().map(|transfer| transfer.to)
    }
}
