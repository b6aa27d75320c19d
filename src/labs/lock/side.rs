//! One design with its own copy of clients, lock servers and store.

use std::collections::{BTreeMap, VecDeque};

use super::client::Client;
use super::config::Config;
use super::design::Design;
use super::history::History;
use super::message::{Life, Message};
use super::server::Machine;
use crate::engine::network::Node;
use crate::engine::random::Stream;
use crate::engine::time::{Span, Time};
use crate::labs::cluster::Cluster;
use crate::labs::fault::{Target, Verb};
use crate::patterns::lock::etcd::Lease;
use crate::patterns::lock::redis::{Effect, Stored, Value};
use crate::patterns::lock::storage::Store;
use crate::patterns::lock::zookeeper::Session;
use crate::patterns::lock::{Belief, Token};

/// So many values are remembered, with whose they are: more than clients can have under way.
const VALUES: usize = 64;

/// How often things have happened.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Counts {
    pub messages: u64,
    pub asked: u64,
    pub acquired: u64,
    /// Requests that ended without the lock: given up, or gone with their process.
    pub gave_up: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub lost_updates: u64,
    pub unknown: u64,
    pub renew_failures: u64,
    /// Releases that found the lock gone.
    pub overruns: u64,
    /// Word to waiters that the lock may be free.
    pub woken: u64,
}

/// What the observer saw last.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Seen {
    pub truth: Option<Node>,
    pub believers: usize,
    /// Since when several believe.
    pub two: Option<Time>,
    /// Who got in first of those who believe together, and the overlap before; told of until it believes no more.
    pub first: Option<(Node, Span)>,
    pub overlap: Span,
    /// Since when somebody waits and nobody who runs has the lock.
    pub dry: Option<Time>,
    pub outage: Span,
}

/// One design.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub design: Design,
    /// Clients first, then the store, then lock servers.
    pub cluster: Cluster<Message>,
    pub clients: Vec<Client>,
    pub machines: Vec<Machine>,
    pub store: Store,
    /// Whom clients of Redis ask.
    pub master: Node,
    /// Writes that have not left the master for the replica.
    pub backlog: VecDeque<Effect>,
    owners: VecDeque<(Value, Node)>,
    /// Which client, in which life, on which connection.
    pub sessions: BTreeMap<Session, (Node, Life, u32)>,
    /// The same of etcd's leases.
    pub leases: BTreeMap<u32, (Node, Life)>,
    pub counts: Counts,
    /// The highest token that was given out.
    pub granted: Option<Token>,
    /// The highest since a Redis last lost what it had.
    pub granted_since: Option<Token>,
    /// The highest that was written with.
    pub written: Option<Token>,
    pub seen: Seen,
    /// How long those waited who got the lock in this second.
    pub waits: Vec<Span>,
    pub history: History,
}

impl Side {
    pub fn new(config: &Config, design: Design, delays: Stream, phase: Span) -> Self {
        let clients = (0..config.clients).map(|id| Target::new(char::from(b'A' + id).to_string(), "client"));
        let servers = design.servers(config.servers);
        let machines = servers.iter().map(|_| Machine::new(config, design, phase)).collect::<Vec<_>>();
        let names = clients
            .chain([Target::new("store", "store")])
            .chain(servers.into_iter().map(|(name, kind)| Target::new(name, kind)));
        let mut side = Self {
            design,
            cluster: Cluster::new(names.collect(), config.weather, delays),
            clients: (0..config.clients).map(|id| Client::new(config, design, id)).collect(),
            machines,
            store: Store::new(config.fencing),
            master: config.clients + 1,
            backlog: VecDeque::new(),
            owners: VecDeque::new(),
            sessions: BTreeMap::new(),
            leases: BTreeMap::new(),
            counts: Counts::default(),
            granted: None,
            granted_since: None,
            written: None,
            seen: Seen::default(),
            waits: Vec::new(),
            history: History::new(config.clients),
        };
        side.follow();
        side
    }

    /// The replica begins with what its master has.
    fn follow(&mut self) {
        if self.design == Design::Replica
            && let [Machine::Redis { redis: master, .. }, Machine::Redis { redis: replica, .. }] =
                &mut self.machines[..]
        {
            replica.follow(master);
        }
    }

    /// The number of the store.
    #[expect(clippy::cast_possible_truncation, reason = "26 at most")]
    pub fn store_node(&self) -> Node {
        self.clients.len() as Node
    }

    /// The number of the first lock server.
    pub fn first_server(&self) -> Node {
        self.store_node() + 1
    }

    /// The lock servers.
    pub fn servers(&self) -> std::ops::Range<Node> {
        self.first_server()..self.cluster.network.nodes()
    }

    /// The client `node`, if it is one.
    pub fn client(&self, node: Node) -> Option<&Client> {
        self.clients.get(usize::from(node))
    }

    /// The lock server `node`, if it is one.
    pub fn machine(&self, node: Node) -> Option<&Machine> {
        self.machines.get(usize::from(node.checked_sub(self.first_server())?))
    }

    pub fn machine_mut(&mut self, node: Node) -> Option<&mut Machine> {
        let first = self.first_server();
        self.machines.get_mut(usize::from(node.checked_sub(first)?))
    }

    /// What server `node` takes for the time. `ZooKeeper` and etcd count on a clock that nobody sets.
    pub fn server_time(&self, node: Node, now: Time) -> Time {
        match self.machine(node) {
            Some(Machine::Keeper { phase, .. } | Machine::Etcd { phase, .. }) => now + *phase,
            _ => self.cluster.clock(node, now),
        }
    }

    /// When server `node` takes `local` for the time.
    pub fn server_when(&self, node: Node, local: Time, now: Time) -> Time {
        match self.machine(node) {
            Some(Machine::Keeper { phase, .. } | Machine::Etcd { phase, .. }) if local != Time::NEVER => {
                Time::ZERO + local.since(Time::ZERO).saturating_sub(*phase)
            }
            Some(_) => self.cluster.when(node, local, now),
            None => Time::NEVER,
        }
    }

    /// Remembers whose a lease of etcd is, and forgets those that are over.
    pub fn granted_lease(&mut self, lease: Lease, whose: (Node, Life)) {
        if let Some(Machine::Etcd { etcd, .. }) = self.machines.first() {
            self.leases.retain(|known, _| etcd.ends(Lease(*known)).is_some());
        }
        self.leases.insert(lease.0, whose);
    }

    /// Remembers whose a value is.
    pub fn owns(&mut self, value: Value, node: Node) {
        self.owners.retain(|(known, _)| *known != value);
        if self.owners.len() == VALUES {
            self.owners.pop_front();
        }
        self.owners.push_back((value, node));
    }

    /// Whose lock a server of Redis holds.
    pub fn owner_of(&self, stored: Stored) -> Option<Node> {
        match stored {
            Stored::Text(value) => {
                self.owners.iter().find(|(known, _)| *known == value).map(|(_, node)| *node)
            }
            Stored::Hash { owner, .. } => Node::try_from(owner.client.0).ok(),
            Stored::Number(_) => None,
        }
    }

    /// Whose lock it is by server `node` alone, and until when by its clock.
    pub fn owner_at(&self, node: Node, now: Time) -> Option<(Node, Option<Time>)> {
        let local = self.server_time(node, now);
        match self.machine(node)? {
            Machine::Redis { redis, .. } => {
                let entry = redis.entry(local, super::agent::LOCK)?;
                let end = entry.last.map(|last| Time::from_millis(last.saturating_add(1)));
                Some((self.owner_of(entry.stored)?, end))
            }
            Machine::Keeper { keeper, .. } => {
                let holder = keeper.holder()?;
                let (node, ..) = self.sessions.get(&holder.session)?;
                Some((*node, keeper.ends(holder.session)))
            }
            Machine::Etcd { etcd, .. } => {
                let holder = etcd.holder()?;
                let (node, _) = self.leases.get(&holder.lease.0)?;
                Some((*node, etcd.ends(holder.lease)))
            }
        }
    }

    /// Whose lock it is by the servers: by the master, or by a majority.
    pub fn truth(&self, now: Time) -> Option<Node> {
        if self.design != Design::Redlock {
            return self.owner_at(self.master, now).map(|(node, _)| node);
        }
        let quorum = self.machines.len() / 2 + 1;
        let held = |client: &Node| {
            let at = |server: &Node| self.owner_at(*server, now).map(|(node, _)| node) == Some(*client);
            self.servers().filter(|server| self.cluster.host(*server).up).filter(at).count() >= quorum
        };
        (0..self.store_node()).find(held)
    }

    /// What is left of the lease of whoever has it, by the server.
    pub fn lease_left(&self, now: Time) -> Option<Span> {
        let truth = self.truth(now)?;
        let left = |server: Node| {
            let (node, end) = self.owner_at(server, now)?;
            (node == truth).then(|| end.map(|end| end.since(self.server_time(server, now))))?
        };
        let counts = |server: &Node| self.design == Design::Redlock || *server == self.master;
        let mut lefts: Vec<Span> = self.servers().filter(counts).filter_map(left).collect();
        lefts.sort_unstable();
        // With a majority it lasts as long as one more than half of the servers say.
        let place = lefts.len().saturating_sub(self.machines.len() / 2 + 1);
        lefts.get(place).copied()
    }

    /// Whether a client takes itself for the holder.
    pub fn believes(&self, node: Node) -> bool {
        self.cluster.host(node).up
            && self.client(node).is_some_and(|client| client.agent.belief() == Belief::Holds)
    }

    /// Whether a client has asked and does not have the lock yet.
    pub fn waits(&self, node: Node) -> bool {
        self.cluster.host(node).up && self.client(node).is_some_and(Client::is_waiting)
    }

    /// Whether what keeps a client's lock is kept from running.
    pub fn is_starved(&self, node: Node) -> bool {
        self.cluster.suffers(node, Verb::Starve)
    }

    /// Whoever a fault on the holder is meant for: who believes, else whose lock it is, else who waits, else the first.
    pub fn holder(&self, now: Time) -> Node {
        let mut clients = 0..self.store_node();
        clients
            .find(|node| self.believes(*node))
            .or_else(|| self.truth(now))
            .or_else(|| (0..self.store_node()).find(|node| self.waits(*node)))
            .unwrap_or(0)
    }

    /// The overlap so far, the one under way included.
    pub fn overlap(&self, now: Time) -> Span {
        self.seen.overlap + self.seen.two.map_or(Span::ZERO, |since| now.since(since))
    }

    /// The longest outage so far, the one under way included.
    pub fn outage(&self, now: Time) -> Span {
        self.seen.outage.max(self.seen.dry.map_or(Span::ZERO, |since| now.since(since)))
    }

    pub fn bytes(&self) -> usize {
        self.cluster.bytes()
            + self.clients.iter().map(|client| size_of::<Client>() + client.agent.bytes()).sum::<usize>()
            + self.machines.iter().map(Machine::bytes).sum::<usize>()
            + self.backlog.capacity() * size_of::<Effect>()
            + self.owners.capacity() * size_of::<(Value, Node)>()
            + (self.sessions.len() + self.leases.len()) * 32
            + self.waits.capacity() * size_of::<Span>()
            + self.history.bytes()
    }
}
