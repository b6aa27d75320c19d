//! A cluster, seen from outside: leases, the keys that hang on them, and who watches which.

use std::collections::BTreeMap;

use super::{Answer, Deleted, Key, Lease, Request, Revision};
use crate::engine::time::{Span, Time};
use crate::patterns::lock::Client;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Granted {
    ttl: Span,
    ends: Time,
}

/// A cluster with one lock. `now` is the clock of the server that leads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Server {
    election_timeout: Span,
    leading: bool,
    leases: BTreeMap<Lease, Granted>,
    next_lease: u32,
    /// Lowest first.
    keys: Vec<Key>,
    revision: u64,
    watches: Vec<(Client, Lease)>,
    next_check: Time,
}

impl Server {
    /// How often expired leases are looked for (`lessor.runLoop`).
    pub const CHECK: Span = Span::from_millis(500);

    /// An empty cluster with a leader since `now`. The default of `election_timeout` is 1 s.
    pub const fn new(election_timeout: Span, now: Time) -> Self {
        Self {
            election_timeout,
            leading: true,
            leases: BTreeMap::new(),
            next_lease: 1,
            keys: Vec::new(),
            revision: 1,
            watches: Vec::new(),
            next_check: now,
        }
    }

    /// The shortest lease: 1.5 election timeouts, rounded up to a second. 2 s by default.
    pub const fn min_ttl(&self) -> Span {
        Span::from_secs((self.election_timeout.nanos() * 3 / 2).div_ceil(1_000_000_000))
    }

    /// A request of `from` came.
    pub fn handle(&mut self, now: Time, from: Client, request: Request, out: &mut Vec<Deleted>) -> Answer {
        if !self.leading {
            return Answer::NoLeader;
        }
        match request {
            Request::Grant(ttl) => {
                let lease = Lease(self.next_lease);
                self.next_lease += 1;
                // Leases are counted in whole seconds.
                let ttl = Span::from_secs(ttl.nanos().div_ceil(1_000_000_000)).max(self.min_ttl());
                self.leases.insert(lease, Granted { ttl, ends: now + ttl });
                Answer::Granted(lease, ttl)
            }
            // One that is over but not revoked yet waits until it is, and is told then.
            Request::KeepAlive(lease) => {
                let granted = self.leases.get_mut(&lease).filter(|granted| granted.ends > now);
                Answer::Kept(
                    lease,
                    granted.map(|granted| {
                        granted.ends = now + granted.ttl;
                        granted.ttl
                    }),
                )
            }
            Request::Revoke(lease) => {
                if self.leases.remove(&lease).is_none() {
                    return Answer::NoLease;
                }
                self.delete(lease, out);
                Answer::Done
            }
            Request::Enter(lease) => self.enter(lease),
            Request::Before(revision) => {
                Answer::Found(self.keys.iter().rev().find(|key| key.created < revision).copied())
            }
            Request::Watch(lease) => {
                if self.key(lease).is_none() {
                    out.push(Deleted { to: from, key: lease });
                } else if !self.watches.contains(&(from, lease)) {
                    self.watches.push((from, lease));
                }
                Answer::Done
            }
            Request::Get(lease) => Answer::Found(self.key(lease)),
            Request::Delete(lease) => {
                self.delete(lease, out);
                Answer::Done
            }
        }
    }

    fn enter(&mut self, lease: Lease) -> Answer {
        if !self.leases.contains_key(&lease) {
            return Answer::NoLease;
        }
        let own = self.key(lease).unwrap_or_else(|| {
            self.revision += 1;
            let key = Key { created: Revision(self.revision), lease };
            self.keys.push(key);
            key
        });
        Answer::Entered { own, lowest: self.holder().unwrap_or(own) }
    }

    fn delete(&mut self, lease: Lease, out: &mut Vec<Deleted>) {
        if self.key(lease).is_none() {
            return;
        }
        self.revision += 1;
        self.keys.retain(|key| key.lease != lease);
        let told = self.watches.iter().filter(|&&(_, key)| key == lease);
        out.extend(told.map(|&(to, key)| Deleted { to, key }));
        self.watches.retain(|&(_, key)| key != lease);
    }

    /// The leader is gone. While nobody leads, no lease ends.
    pub fn lose_leader(&mut self) {
        self.leading = false;
    }

    /// A leader is elected. It does not know how much of each lease was left, so all start anew, with an election timeout on top
    /// (`lessor.Promote`): a lock may be kept longer than its TTL by a change of leaders, never shorter.
    pub fn elect(&mut self, now: Time) {
        self.leading = true;
        self.next_check = now;
        for granted in self.leases.values_mut() {
            granted.ends = now + self.election_timeout + granted.ttl;
        }
    }

    /// When [`Server::tick`] has something to do.
    pub fn next_timer(&self) -> Time {
        if self.leading && !self.leases.is_empty() { self.next_check } else { Time::NEVER }
    }

    /// Looks, if it is time to, for leases that are over, and revokes them.
    pub fn tick(&mut self, now: Time, out: &mut Vec<Deleted>) {
        if !self.leading || now < self.next_check {
            return;
        }
        let past = now.since(self.next_check).nanos() / Self::CHECK.nanos() + 1;
        self.next_check += Span::from_nanos(past.saturating_mul(Self::CHECK.nanos()));
        let over: Vec<Lease> =
            self.leases.iter().filter(|(_, granted)| granted.ends <= now).map(|(&lease, _)| lease).collect();
        for lease in over {
            self.leases.remove(&lease);
            self.delete(lease, out);
        }
    }

    fn key(&self, lease: Lease) -> Option<Key> {
        self.keys.iter().find(|key| key.lease == lease).copied()
    }

    /// Who has the lock, and the token of it.
    pub fn holder(&self) -> Option<Key> {
        self.keys.first().copied()
    }

    /// Who has it and who waits, in the order in which they came.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// When a lease ends, if nothing is heard of it; it is revoked with the next look.
    pub fn ends(&self, lease: Lease) -> Option<Time> {
        self.leases.get(&lease).map(|granted| granted.ends)
    }

    /// Whether it has a leader.
    pub const fn leading(&self) -> bool {
        self.leading
    }

    /// The revision of the store.
    pub const fn revision(&self) -> Revision {
        Revision(self.revision)
    }
}
