//! The lock servers: Redis, `ZooKeeper` or etcd on a machine, as the lab runs them.

use super::agent::LOCK;
use super::config::Config;
use super::design::Design;
use super::fact::What;
use super::message::{Life, Message};
use super::{Event, FOREIGN, Locks, OWN, TOKENS, UNIQUE, key};
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::patterns::lock::redis::{self, Call, Command, Redis, Reply, Role};
use crate::patterns::lock::zookeeper::{self, Notices, Packet, Request, Session};
use crate::patterns::lock::{Client, Token, etcd};

/// One lock server: the software and what is on its disk.
#[derive(Clone, Debug)]
pub(super) enum Machine {
    Redis {
        redis: Redis,
        /// When it went down, by its own clock.
        down: Time,
    },
    /// The phase is how long its clock has been running when the run begins.
    Keeper {
        keeper: zookeeper::Server,
        phase: Span,
    },
    Etcd {
        etcd: etcd::Server,
        phase: Span,
    },
}

/// etcd's default.
const ELECTION_TIMEOUT: Span = Span::from_secs(1);

impl Machine {
    pub fn new(config: &Config, design: Design, phase: Span) -> Self {
        match design {
            Design::Keeper => Self::Keeper { keeper: zookeeper::Server::new(config.tick), phase },
            Design::Etcd => {
                Self::Etcd { etcd: etcd::Server::new(ELECTION_TIMEOUT, Time::ZERO + phase), phase }
            }
            _ => Self::Redis { redis: Redis::new(config.persistence, Time::ZERO), down: Time::ZERO },
        }
    }

    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Redis { redis, .. } => 200 + redis.subscribers(LOCK).count() * 8,
                Self::Keeper { keeper, .. } => 100 + keeper.nodes().len() * 100,
                Self::Etcd { etcd, .. } => 100 + etcd.keys().len() * 80,
            }
    }
}

/// Whether a command gives a lock back.
const fn is_release(command: Command) -> bool {
    matches!(command, Command::Delete(_) | Command::CompareAndDelete(..) | Command::Leave { .. })
}

impl Locks {
    /// A command came to Redis.
    pub(super) fn commanded(
        &mut self,
        s: usize,
        (from, node): (Node, Node),
        (life, call): (Life, Call),
        cx: &mut Context<'_, Self>,
    ) {
        let now = cx.now();
        let side = &mut self.sides[s];
        let local = side.server_time(node, now);
        let before = side.owner_at(node, now).map(|(owner, _)| owner);
        let mut out = redis::Output::default();
        let Some(Machine::Redis { redis, .. }) = side.machine_mut(node) else { return };
        let reply = redis.execute(local, &call.command, &mut out);
        if let (Command::SetIfAbsent { value, .. }, Reply::Ok | Reply::Entered(_)) = (call.command, reply) {
            side.owns(value, from);
        }
        let freed = before.filter(|owner| *owner != from && side.owner_at(node, now).is_none());
        let freed = freed.filter(|_| is_release(call.command));
        let token = match (call.command, reply) {
            (_, Reply::Entered(token)) => token,
            (Command::Increment(_), Reply::Integer(n)) => u64::try_from(n).ok().map(Token),
            _ => None,
        };
        self.send(s, (node, from), Message::Reply(life, call.ask, reply), cx);
        if let Some(owner) = freed {
            Self::report(s, What::Freed(from, owner), cx);
            let words = format!("{} deleted the lock of {}", self.name(s, from), self.name(s, owner));
            self.broken(s, FOREIGN, &words, cx);
            if call.command != Command::Delete(LOCK) {
                self.broken(s, OWN, &words, cx);
            }
        }
        if let Some(token) = token {
            self.granted(s, from, token, cx);
        }
        for (Client(client), _) in out.messages {
            self.sides[s].counts.woken += 1;
            self.send(s, (node, Node::try_from(client).unwrap_or(0)), Message::Free, cx);
        }
        self.replicate(s, node, out.effects, cx);
        self.arm_server(s, node, cx);
    }

    /// What a master has written goes to its replica, after the lag.
    fn replicate(&mut self, s: usize, node: Node, effects: Vec<redis::Effect>, cx: &mut Context<'_, Self>) {
        let side = &mut self.sides[s];
        if side.design != Design::Replica || node != side.master {
            return;
        }
        for effect in effects {
            self.sides[s].backlog.push_back(effect);
            cx.after(self.config.lag, Event::Replicate(key(s)));
        }
    }

    /// The lag of the oldest write is over.
    pub(super) fn replicate_next(&mut self, s: usize, cx: &mut Context<'_, Self>) {
        let side = &mut self.sides[s];
        let master = side.master;
        if !side.cluster.acts(master) {
            return;
        }
        if let Some(effect) = side.backlog.pop_front() {
            let other = self.other(s, master);
            self.send(s, (master, other), Message::Effect(effect), cx);
        }
    }

    /// The other one of a master and its replica.
    pub(super) fn other(&self, s: usize, node: Node) -> Node {
        let first = self.sides[s].first_server();
        if node == first { first + 1 } else { first }
    }

    /// Something of replication came.
    pub(super) fn replicated(
        &mut self,
        s: usize,
        (from, node): (Node, Node),
        message: &Message,
        cx: &mut Context<'_, Self>,
    ) {
        let local = self.sides[s].server_time(node, cx.now());
        let Some(Machine::Redis { redis, .. }) = self.sides[s].machine_mut(node) else { return };
        match message {
            Message::Effect(effect) => {
                let is_news = redis.role() == Role::Replica && effect.offset > redis.offset();
                if is_news && !redis.apply(local, effect) {
                    self.send(s, (node, from), Message::Behind, cx);
                }
            }
            Message::Behind if redis.role() == Role::Master => {
                let copy = Message::Copy(Box::new(redis.clone()));
                self.send(s, (node, from), copy, cx);
            }
            Message::Copy(master) if redis.role() == Role::Replica => redis.follow(master),
            _ => {}
        }
    }

    /// The replica takes over. The error is a sentence.
    pub(super) fn promote(&mut self, s: usize, cx: &mut Context<'_, Self>) -> Result<(), String> {
        let side = &self.sides[s];
        let (old, new) = (side.master, self.other(s, side.master));
        if !side.cluster.host(new).up {
            return Err(format!("{} is down and cannot take over.", self.name(s, new)));
        }
        let (now, local) = (cx.now(), side.server_time(new, cx.now()));
        let held = side.truth(now);
        let offset = |node: Node| match self.sides[s].machine(node) {
            Some(Machine::Redis { redis, .. }) => redis.offset(),
            _ => 0,
        };
        let missing = offset(old).saturating_sub(offset(new));
        let side = &mut self.sides[s];
        side.master = new;
        side.granted_since = None;
        side.backlog.clear();
        let mut leader = None;
        if let Some(Machine::Redis { redis, .. }) = side.machine_mut(new) {
            redis.promote(local);
            leader = Some(redis.clone());
        }
        let up = side.cluster.host(old).up;
        if let (Some(leader), true, Some(Machine::Redis { redis, .. })) = (leader, up, side.machine_mut(old))
        {
            redis.follow(&leader);
        }
        Self::report(s, What::Promoted(new, missing), cx);
        self.forgotten(s, new, held, cx);
        self.arm_server(s, new, cx);
        Ok(())
    }

    /// Whether a server has just forgotten whose the lock was.
    pub(super) fn forgotten(&mut self, s: usize, node: Node, held: Option<Node>, cx: &mut Context<'_, Self>) {
        if let Some(owner) = held.filter(|held| self.sides[s].truth(cx.now()) != Some(*held)) {
            Self::report(s, What::Forgotten(node, owner), cx);
        }
    }

    /// A token was given out.
    fn granted(&mut self, s: usize, to: Node, token: Token, cx: &mut Context<'_, Self>) {
        let side = &mut self.sides[s];
        let (highest, since) = (side.granted, side.granted_since);
        side.granted = highest.max(Some(token));
        side.granted_since = since.max(Some(token));
        if let Some(highest) = highest.filter(|highest| token <= *highest) {
            Self::report(s, What::TokenAgain(to, token, highest), cx);
            let words = format!("{} gets token {} after {}", self.name(s, to), token.0, highest.0);
            self.broken(s, UNIQUE, &words, cx);
            if since.is_some_and(|since| token <= since) {
                self.broken(s, TOKENS, &words, cx);
            }
        }
    }

    /// A request came to `ZooKeeper`.
    pub(super) fn packet(
        &mut self,
        s: usize,
        (from, node): (Node, Node),
        (life, packet): (Life, Packet),
        cx: &mut Context<'_, Self>,
    ) {
        let local = self.sides[s].server_time(node, cx.now());
        let mut notices = Notices::default();
        let side = &mut self.sides[s];
        let Some(Machine::Keeper { keeper, .. }) = side.machine_mut(node) else { return };
        let answer = keeper.handle(local, packet.session, packet.request, &mut notices);
        if let zookeeper::Answer::Connected(session, _) = answer {
            side.sessions.insert(session, (from, life, packet.connection));
        }
        let created = if let zookeeper::Answer::Created(node) = &answer { Some(node.created) } else { None };
        self.send(s, (node, from), Message::Answered(life, packet.connection, answer), cx);
        if let Some(token) = created {
            self.granted(s, from, token, cx);
        }
        self.notify(s, node, notices, cx);
        self.arm_server(s, node, cx);
    }

    fn notify(&mut self, s: usize, node: Node, notices: Notices, cx: &mut Context<'_, Self>) {
        for (session, event) in notices.events {
            if let Some(&(client, life, connection)) = self.sides[s].sessions.get(&session) {
                self.sides[s].counts.woken += 1;
                self.send(s, (node, client), Message::Watched(life, connection, event), cx);
            }
        }
        for session in notices.ended {
            if let Some((client, life, connection)) = self.sides[s].sessions.remove(&session) {
                self.send(s, (node, client), Message::Closed(life, connection), cx);
            }
        }
    }

    /// A request came to etcd.
    pub(super) fn called(
        &mut self,
        s: usize,
        (from, node): (Node, Node),
        (life, call): (Life, etcd::Call),
        cx: &mut Context<'_, Self>,
    ) {
        let local = self.sides[s].server_time(node, cx.now());
        let mut deleted = Vec::new();
        let side = &mut self.sides[s];
        let Some(Machine::Etcd { etcd, .. }) = side.machine_mut(node) else { return };
        let answer = etcd.handle(local, Client(from.into()), call.request, &mut deleted);
        if let etcd::Answer::Granted(lease, _) = answer {
            side.granted_lease(lease, (from, life));
        }
        self.send(s, (node, from), Message::Told(life, call.ask, answer), cx);
        if let etcd::Answer::Entered { own, .. } = answer
            && self.sides[s].granted.is_none_or(|highest| own.created.0 > highest.0)
        {
            self.granted(s, from, Token(own.created.0), cx);
        }
        self.tell_deleted(s, node, &deleted, cx);
        self.arm_server(s, node, cx);
    }

    fn tell_deleted(&mut self, s: usize, node: Node, deleted: &[etcd::Deleted], cx: &mut Context<'_, Self>) {
        for word in deleted {
            let client = Node::try_from(word.to.0).unwrap_or(0);
            let life = self.sides[s].client(client).map_or(0, |client| client.life);
            self.sides[s].counts.woken += 1;
            self.send(s, (node, client), Message::Deleted(life, word.key), cx);
        }
    }

    /// Something of a server is due: sessions or leases end, or a key of Redis has just ended.
    pub(super) fn server_timer(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let local = self.sides[s].server_time(node, cx.now());
        let (mut notices, mut deleted) = (Notices::default(), Vec::new());
        match self.sides[s].machine_mut(node) {
            Some(Machine::Keeper { keeper, .. }) => keeper.tick(local, &mut notices),
            Some(Machine::Etcd { etcd, .. }) => etcd.tick(local, &mut deleted),
            _ => {}
        }
        self.notify(s, node, notices, cx);
        self.tell_deleted(s, node, &deleted, cx);
        self.arm_server(s, node, cx);
    }

    pub(super) fn arm_server(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let side = &self.sides[s];
        let now = cx.now();
        let local = side.server_time(node, now);
        let next = match side.machine(node) {
            // Redis ends a key when it is asked for it; that moment is of interest whether or not somebody asks.
            Some(Machine::Redis { redis, .. }) => redis
                .entry(local, LOCK)
                .and_then(|entry| entry.last)
                .map_or(Time::NEVER, |last| Time::from_millis(last.saturating_add(1))),
            Some(Machine::Keeper { keeper, .. }) => keeper.next_timer(),
            Some(Machine::Etcd { etcd, .. }) => etcd.next_timer(),
            None => Time::NEVER,
        };
        let acts = side.cluster.acts(node) || matches!(side.machine(node), Some(Machine::Redis { .. }));
        let when = side.server_when(node, next, now);
        Self::set_timer(s, node, if acts { when } else { Time::NEVER }, cx);
    }

    /// The process of a server is gone.
    pub(super) fn server_crashed(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let local = self.sides[s].server_time(node, cx.now());
        let side = &mut self.sides[s];
        match side.machine_mut(node) {
            Some(Machine::Redis { down, .. }) => *down = local,
            Some(Machine::Etcd { etcd, .. }) => etcd.lose_leader(),
            _ => {}
        }
        if side.design == Design::Replica && node == side.master {
            side.backlog.clear();
            if let Some(after) = self.config.sentinel {
                cx.after(after, Event::Sentinel(key(s), node));
            }
        }
        self.arm_server(s, node, cx);
    }

    /// Sentinel has waited long enough for a master.
    pub(super) fn sentinel(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let side = &self.sides[s];
        if side.master == node && !side.cluster.host(node).up {
            // With nobody to take over, everybody goes on waiting for the master.
            let _ = self.promote(s, cx);
        }
    }

    /// What was on the disk of a server is gone.
    pub(super) fn wiped(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let held = self.sides[s].truth(cx.now());
        let fresh = Redis::new(self.config.persistence, self.sides[s].server_time(node, cx.now()));
        if let Some(Machine::Redis { redis, .. }) = self.sides[s].machine_mut(node) {
            *redis = fresh;
            self.sides[s].granted_since = None;
        }
        self.forgotten(s, node, held, cx);
    }

    /// A server starts with what was written down.
    pub(super) fn server_started(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let (local, held) = (self.sides[s].server_time(node, now), self.held_at(s, node, now));
        let (outage, master) = (self.config.outage, self.sides[s].master);
        let follows = self.sides[s].design == Design::Replica && node != master;
        let leader = match self.sides[s].machine(master) {
            Some(Machine::Redis { redis, .. }) if follows => Some(redis.clone()),
            _ => None,
        };
        let sessions: Vec<Session> = self.sides[s].sessions.keys().copied().collect();
        match self.sides[s].machine_mut(node) {
            Some(Machine::Redis { redis, down }) => {
                redis.restart(*down, outage, local);
                if let Some(leader) = leader {
                    redis.follow(&leader);
                }
                self.sides[s].granted_since = None;
            }
            // A server that comes up counts every session anew.
            Some(Machine::Keeper { keeper, .. }) => {
                for session in sessions {
                    keeper.handle(local, Some(session), Request::Ping, &mut Notices::default());
                }
            }
            Some(Machine::Etcd { etcd, .. }) => etcd.elect(local),
            None => {}
        }
        if let Some(owner) = held.filter(|_| self.sides[s].owner_at(node, now).is_none()) {
            Self::report(s, What::Forgotten(node, owner), cx);
        }
        self.arm_server(s, node, cx);
    }

    /// Whose lock a server of Redis has, whether or not it runs.
    fn held_at(&self, s: usize, node: Node, now: Time) -> Option<Node> {
        let side = &self.sides[s];
        let is_redis = matches!(side.machine(node), Some(Machine::Redis { .. }));
        is_redis.then(|| side.owner_at(node, now).map(|(owner, _)| owner))?
    }
}
