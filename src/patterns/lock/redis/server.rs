//! One server: keys with an end, what outlives a crash, and what a replica has of it.

use std::collections::BTreeMap;

use super::command::{Command, Effect, Entry, Key, Output, Owner, Reply, Stored, Value};
use crate::engine::time::{Span, Time};
use crate::patterns::lock::{Client, Token};

/// What is written down (`save ""` and `appendonly`, redis.io/docs, "Redis persistence").
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Persistence {
    /// Nothing: a restart forgets every lock.
    Nothing,
    /// `appendonly yes`, `appendfsync everysec`, the default: fsync when the second of the clock changes.
    EverySecond,
    /// `appendfsync always`: fsync before the answer.
    Always,
}

/// What took a server down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outage {
    /// The process died (`kill -9`). What it has written is in the page cache and survives, synced or not.
    Process,
    /// The power failed. What was not synced is gone.
    Power,
}

/// What a server is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Takes writes and ends keys.
    Master,
    /// Follows a master. Ends nothing by itself, but shows nothing either that is past its end.
    Replica,
}

type Data = BTreeMap<Key, Entry>;

/// One server. `now` is its wall clock, by which Redis ends keys: if the clock is set, locks end sooner or later.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Redis {
    persistence: Persistence,
    role: Role,
    data: Data,
    /// What a power cut leaves.
    synced: Data,
    /// The second of the last fsync.
    synced_in: u64,
    next_cycle: Time,
    offset: u64,
    subscribers: Vec<(Key, Client)>,
}

impl Redis {
    /// How often keys that nobody touches are looked through: `hz 10`, the default.
    pub const CYCLE: Span = Span::from_millis(100);

    /// An empty master that starts at `now`.
    pub const fn new(persistence: Persistence, now: Time) -> Self {
        Self {
            persistence,
            role: Role::Master,
            data: Data::new(),
            synced: Data::new(),
            synced_in: now.whole_secs(),
            next_cycle: now,
            offset: 0,
            subscribers: Vec::new(),
        }
    }

    /// Carries out one command.
    pub fn execute(&mut self, now: Time, command: &Command, out: &mut Output) -> Reply {
        match *command {
            Command::Get(key) => match self.entry(now, key).map(|entry| entry.stored) {
                None => Reply::Nil,
                Some(Stored::Text(value)) => Reply::Value(value),
                Some(Stored::Number(number)) => integer(number),
                Some(Stored::Hash { .. }) => Reply::WrongType,
            },
            Command::TimeLeft(key) => self.entry(now, key).map_or(Reply::Integer(-2), |entry| {
                entry.left(now).map_or(Reply::Integer(-1), |left| integer(left.millis()))
            }),
            Command::Subscribe(key, client) => {
                if !self.subscribers.contains(&(key, client)) {
                    self.subscribers.push((key, client));
                }
                Reply::Ok
            }
            Command::Unsubscribe(key, client) => {
                self.subscribers.retain(|&subscriber| subscriber != (key, client));
                Reply::Ok
            }
            _ if self.role == Role::Replica => Reply::ReadOnly,
            _ => {
                self.sync_if_due(now);
                self.change(now, command, out)
            }
        }
    }

    fn change(&mut self, now: Time, command: &Command, out: &mut Output) -> Reply {
        match *command {
            Command::SetIfAbsent { key, value, ttl, counter } => {
                if self.present(now, key, out).is_some() {
                    return Reply::Nil;
                }
                self.put(key, Some(Entry { stored: Stored::Text(value), last: last(now, ttl) }), out);
                match counter {
                    None => Reply::Ok,
                    Some(counter) => Reply::Entered(self.count(now, counter, out).map(Token)),
                }
            }
            Command::Delete(key) => {
                let found = self.present(now, key, out).is_some();
                self.delete_if(found, key, out)
            }
            Command::CompareAndDelete(key, value) => {
                let own = self.is(now, key, value, out);
                self.delete_if(own, key, out)
            }
            Command::Expire(key, ttl) => {
                let found = self.present(now, key, out).is_some();
                self.extend_if(found, now, key, ttl, out)
            }
            Command::CompareAndExpire(key, value, ttl) => {
                let own = self.is(now, key, value, out);
                self.extend_if(own, now, key, ttl, out)
            }
            Command::Renew { key, owner, ttl } => {
                let own = self.holds(now, key, owner, out) > 0;
                self.extend_if(own, now, key, ttl, out)
            }
            Command::Increment(key) => self.count(now, key, out).map_or(Reply::WrongType, integer),
            Command::Enter { key, owner, ttl, counter } => self.enter(now, key, owner, ttl, counter, out),
            Command::Leave { key, owner, ttl } => self.leave(now, key, owner, ttl, out),
            Command::Get(_) | Command::TimeLeft(_) | Command::Subscribe(..) | Command::Unsubscribe(..) => {
                Reply::Nil
            }
        }
    }

    fn enter(
        &mut self,
        now: Time,
        key: Key,
        owner: Owner,
        ttl: Span,
        counter: Option<Key>,
        out: &mut Output,
    ) -> Reply {
        let present = self.present(now, key, out);
        let holds = match present.map(|entry| entry.stored) {
            None => 0,
            Some(Stored::Hash { owner: holder, holds }) if holder == owner => holds,
            Some(_) => return Reply::Taken(present.and_then(|entry| entry.left(now))),
        };
        let token = counter.and_then(|counter| self.count(now, counter, out)).map(Token);
        let stored = Stored::Hash { owner, holds: holds + 1 };
        self.put(key, Some(Entry { stored, last: last(now, Some(ttl)) }), out);
        Reply::Entered(token)
    }

    fn leave(&mut self, now: Time, key: Key, owner: Owner, ttl: Span, out: &mut Output) -> Reply {
        match self.holds(now, key, owner, out) {
            0 => Reply::Nil,
            1 => {
                self.put(key, None, out);
                let subscribers = self.subscribers.iter().filter(|&&(to, _)| to == key);
                out.messages.extend(subscribers.map(|&(key, client)| (client, key)));
                Reply::Integer(1)
            }
            holds => {
                let stored = Stored::Hash { owner, holds: holds - 1 };
                self.put(key, Some(Entry { stored, last: last(now, Some(ttl)) }), out);
                Reply::Integer(0)
            }
        }
    }

    fn is(&mut self, now: Time, key: Key, value: Value, out: &mut Output) -> bool {
        self.present(now, key, out).is_some_and(|entry| entry.stored == Stored::Text(value))
    }

    fn holds(&mut self, now: Time, key: Key, owner: Owner, out: &mut Output) -> u32 {
        match self.present(now, key, out).map(|entry| entry.stored) {
            Some(Stored::Hash { owner: holder, holds }) if holder == owner => holds,
            _ => 0,
        }
    }

    fn delete_if(&mut self, doing: bool, key: Key, out: &mut Output) -> Reply {
        if doing {
            self.put(key, None, out);
        }
        Reply::Integer(i64::from(doing))
    }

    fn extend_if(&mut self, doing: bool, now: Time, key: Key, ttl: Span, out: &mut Output) -> Reply {
        if let Some(&entry) = self.data.get(&key).filter(|_| doing) {
            self.put(key, Some(Entry { last: last(now, Some(ttl)), ..entry }), out);
        }
        Reply::Integer(i64::from(doing))
    }

    /// The next number of a counter; `None` if the key is none.
    fn count(&mut self, now: Time, key: Key, out: &mut Output) -> Option<u64> {
        let next = match self.present(now, key, out).map(|entry| entry.stored) {
            None => 1,
            Some(Stored::Number(number)) => number + 1,
            Some(_) => return None,
        };
        self.put(key, Some(Entry { stored: Stored::Number(next), last: None }), out);
        Some(next)
    }

    /// What is there for a write; what is past its end is deleted first, for the replicas too.
    fn present(&mut self, now: Time, key: Key, out: &mut Output) -> Option<Entry> {
        let entry = self.data.get(&key).copied()?;
        if !entry.expired(now) {
            return Some(entry);
        }
        self.put(key, None, out);
        out.expired.push(key);
        None
    }

    fn put(&mut self, key: Key, entry: Option<Entry>, out: &mut Output) {
        self.offset += 1;
        set(&mut self.data, key, entry);
        out.effects.push(Effect { offset: self.offset, key, entry });
    }

    /// With `everysec` the file is synced once the second of the clock is another one (`flushAppendOnlyFile`).
    fn sync_if_due(&mut self, now: Time) {
        if now.whole_secs() != self.synced_in {
            self.synced_in = now.whole_secs();
            self.synced.clone_from(&self.data);
        }
    }

    /// When [`Redis::tick`] has something to do.
    pub fn next_timer(&self) -> Time {
        let ends = self.data.values().any(|entry| entry.last.is_some());
        if ends && self.role == Role::Master { self.next_cycle } else { Time::NEVER }
    }

    /// The active expire cycle: deletes what is past its end and nobody asks for. A lock does not need it; a listener to the
    /// `expired` event hears of the end only now, up to 100 ms late.
    pub fn tick(&mut self, now: Time, out: &mut Output) {
        if now < self.next_cycle || self.role == Role::Replica {
            return;
        }
        self.sync_if_due(now);
        let past = now.since(self.next_cycle).nanos() / Self::CYCLE.nanos() + 1;
        self.next_cycle += Span::from_nanos(past.saturating_mul(Self::CYCLE.nanos()));
        let keys: Vec<Key> = self.data.keys().copied().collect();
        for key in keys {
            let _ = self.present(now, key, out);
        }
    }

    /// Goes down at `now` and comes up again with what was written down; `back` is when. Who had subscribed has to again.
    pub fn restart(&mut self, now: Time, outage: Outage, back: Time) {
        self.sync_if_due(now);
        match (self.persistence, outage) {
            (Persistence::Nothing, _) => self.data.clear(),
            (Persistence::EverySecond, Outage::Power) => self.data.clone_from(&self.synced),
            (Persistence::EverySecond, Outage::Process) | (Persistence::Always, _) => {}
        }
        self.synced.clone_from(&self.data);
        self.synced_in = back.whole_secs();
        self.next_cycle = back;
        self.subscribers.clear();
    }

    /// Becomes a replica of `master`, with a full copy of what that has now. What it had itself is gone.
    pub fn follow(&mut self, master: &Self) {
        self.role = Role::Replica;
        self.data.clone_from(&master.data);
        self.offset = master.offset;
    }

    /// As a replica: carries out a write of its master. `false` if it is not the next one; only [`Redis::follow`] helps then.
    pub fn apply(&mut self, now: Time, effect: &Effect) -> bool {
        if self.role == Role::Master || effect.offset != self.offset + 1 {
            return false;
        }
        self.sync_if_due(now);
        self.offset = effect.offset;
        set(&mut self.data, effect.key, effect.entry);
        true
    }

    /// Failover: a replica becomes master with what it has. What had not reached it is lost, locks included.
    pub fn promote(&mut self, now: Time) {
        self.role = Role::Master;
        self.next_cycle = now;
    }

    /// What `key` holds at `now`.
    pub fn entry(&self, now: Time, key: Key) -> Option<Entry> {
        self.data.get(&key).filter(|entry| !entry.expired(now)).copied()
    }

    /// Its role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// What it writes down.
    pub const fn persistence(&self) -> Persistence {
        self.persistence
    }

    /// How many writes it has: the difference to a replica's is what a failover would lose.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Who waits for word from the channel of `key`, in the order in which they came.
    pub fn subscribers(&self, key: Key) -> impl Iterator<Item = Client> {
        self.subscribers.iter().filter(move |&&(to, _)| to == key).map(|&(_, client)| client)
    }
}

fn set(data: &mut Data, key: Key, entry: Option<Entry>) {
    match entry {
        Some(entry) => data.insert(key, entry),
        None => data.remove(&key),
    };
}

fn last(now: Time, ttl: Option<Span>) -> Option<u64> {
    ttl.map(|ttl| now.millis().saturating_add(ttl.millis()))
}

fn integer(number: u64) -> Reply {
    Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: Key = Key(0);
    const COUNTER: Key = Key(1);
    const A: Value = Value(0xa);
    const B: Value = Value(0xb);
    const TTL: Span = Span::from_secs(10);

    fn at(micros: u64) -> Time {
        Time::from_nanos(micros * 1000)
    }

    fn lock(value: Value, ttl: Option<Span>) -> Command {
        Command::SetIfAbsent { key: LOCK, value, ttl, counter: None }
    }

    fn ask(server: &mut Redis, now: Time, command: Command) -> Reply {
        server.execute(now, &command, &mut Output::default())
    }

    fn locked(persistence: Persistence, now: Time) -> Redis {
        let mut server = Redis::new(persistence, Time::ZERO);
        assert_eq!(ask(&mut server, now, lock(A, Some(TTL))), Reply::Ok);
        server
    }

    #[test]
    fn a_lock_ends_with_the_first_millisecond_past_its_time() {
        let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
        assert_eq!(ask(&mut server, at(300), lock(A, Some(Span::from_millis(20)))), Reply::Ok);
        assert_eq!(ask(&mut server, at(20_300), lock(B, None)), Reply::Nil);
        assert_eq!(ask(&mut server, at(20_999), lock(B, None)), Reply::Nil);
        assert_eq!(ask(&mut server, at(21_000), lock(B, None)), Reply::Ok);
        assert_eq!(ask(&mut server, at(99_999_999), Command::Get(LOCK)), Reply::Value(B), "no TTL: for ever");
    }

    #[test]
    fn time_left_is_counted_in_ticks_of_the_servers_clock() {
        let mut server = locked(Persistence::Nothing, at(1_900));
        assert_eq!(ask(&mut server, at(1_950), Command::TimeLeft(LOCK)), Reply::Integer(10_000));
        assert_eq!(ask(&mut server, at(2_050), Command::TimeLeft(LOCK)), Reply::Integer(9_999));
        assert_eq!(ask(&mut server, at(10_001_999), Command::TimeLeft(LOCK)), Reply::Integer(0));
        assert_eq!(ask(&mut server, at(10_002_000), Command::TimeLeft(LOCK)), Reply::Integer(-2));
        assert_eq!(ask(&mut server, at(10_002_000), lock(B, None)), Reply::Ok);
        assert_eq!(ask(&mut server, at(10_002_000), Command::TimeLeft(LOCK)), Reply::Integer(-1));
    }

    #[test]
    fn only_the_owner_renews_and_renewing_starts_anew() {
        let mut server = locked(Persistence::Nothing, at(0));
        let renew = |value| Command::CompareAndExpire(LOCK, value, TTL);
        assert_eq!(ask(&mut server, at(9_000_000), renew(B)), Reply::Integer(0));
        assert_eq!(ask(&mut server, at(9_000_000), renew(A)), Reply::Integer(1));
        assert_eq!(ask(&mut server, at(19_000_000), lock(B, None)), Reply::Nil);
        assert_eq!(ask(&mut server, at(19_001_000), renew(A)), Reply::Integer(0));
        assert_eq!(ask(&mut server, at(19_001_000), Command::Expire(LOCK, TTL)), Reply::Integer(0));
    }

    #[test]
    fn a_clock_that_is_set_forward_ends_a_lock() {
        let mut server = locked(Persistence::Nothing, at(0));
        assert_eq!(ask(&mut server, at(0) + Span::from_secs(12), lock(B, None)), Reply::Ok);
    }

    #[test]
    fn a_script_takes_lock_and_number_at_once() {
        let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
        let fenced =
            |value| Command::SetIfAbsent { key: LOCK, value, ttl: Some(TTL), counter: Some(COUNTER) };
        assert_eq!(ask(&mut server, at(0), fenced(A)), Reply::Entered(Some(Token(1))));
        assert_eq!(ask(&mut server, at(0), fenced(B)), Reply::Nil);
        assert_eq!(ask(&mut server, at(10_001_000), fenced(B)), Reply::Entered(Some(Token(2))));
        assert_eq!(ask(&mut server, at(10_001_000), Command::Increment(COUNTER)), Reply::Integer(3));
        assert_eq!(ask(&mut server, at(10_001_000), Command::Increment(LOCK)), Reply::WrongType);
    }

    #[test]
    fn who_listens_for_the_end_hears_of_it_with_the_next_cycle() {
        let mut server = Redis::new(Persistence::Nothing, at(30_000));
        let _ = ask(&mut server, at(40_000), lock(A, Some(Span::from_millis(200))));
        let mut out = Output::default();
        let mut heard = Time::ZERO;
        while out.expired.is_empty() {
            heard = server.next_timer();
            server.tick(heard, &mut out);
        }
        assert_eq!((heard, &out.expired[..]), (at(330_000), &[LOCK][..]));
        assert_eq!(out.effects, [Effect { offset: 2, key: LOCK, entry: None }]);
        assert_eq!(server.next_timer(), Time::NEVER);
    }

    #[test]
    fn what_outlives_a_restart_depends_on_what_was_written_down() {
        // Locked in second 3, down in the same second, or in the next, when a tick has synced.
        for (persistence, outage, tick, kept) in [
            (Persistence::Nothing, Outage::Process, true, false),
            (Persistence::EverySecond, Outage::Process, false, true),
            (Persistence::EverySecond, Outage::Power, false, false),
            (Persistence::EverySecond, Outage::Power, true, true),
            (Persistence::Always, Outage::Power, false, true),
        ] {
            let mut server = locked(persistence, at(3_200_000));
            if tick {
                server.tick(at(4_000_000), &mut Output::default());
            }
            let down = at(if tick { 4_100_000 } else { 3_900_000 });
            server.restart(down, outage, at(5_000_000));
            let free = ask(&mut server, at(5_000_000), lock(B, None)) == Reply::Ok;
            assert_eq!(free, !kept, "{persistence:?} {outage:?} {tick}");
        }
    }

    #[test]
    fn a_failover_loses_what_was_not_replicated() {
        for replicated in [false, true] {
            let mut master = Redis::new(Persistence::Nothing, Time::ZERO);
            let mut replica = Redis::new(Persistence::Nothing, Time::ZERO);
            replica.follow(&master);
            let mut out = Output::default();
            assert_eq!(master.execute(at(0), &lock(A, Some(TTL)), &mut out), Reply::Ok);
            if replicated {
                assert!(replica.apply(at(100), &out.effects[0]));
                assert!(!replica.apply(at(100), &out.effects[0]), "twice is once too often");
            }
            assert_eq!(ask(&mut replica, at(150), lock(B, None)), Reply::ReadOnly);
            assert_eq!(master.offset() - replica.offset(), u64::from(!replicated));
            replica.promote(at(200));
            let second = ask(&mut replica, at(200), lock(B, Some(TTL)));
            assert_eq!(second, if replicated { Reply::Nil } else { Reply::Ok });
            master.follow(&replica);
            assert_eq!(master.entry(at(300), LOCK), replica.entry(at(300), LOCK));
        }
    }

    #[test]
    fn a_replica_ends_nothing_itself_but_shows_nothing_past_its_end() {
        let mut master = locked(Persistence::Nothing, at(0));
        let mut replica = Redis::new(Persistence::Nothing, Time::ZERO);
        replica.follow(&master);
        let late = at(10_001_000);
        replica.tick(late, &mut Output::default());
        assert_eq!(ask(&mut replica, late, Command::Get(LOCK)), Reply::Nil);
        assert_eq!(replica.offset(), 1);
        let mut out = Output::default();
        master.tick(late, &mut out);
        assert!(replica.apply(late, &out.effects[0]));
        assert_eq!((replica.offset(), replica.data.len()), (2, 0));
    }

    #[test]
    fn a_lock_of_redisson_is_entered_and_left_by_threads() {
        let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
        let mine = Owner { client: Client(0), thread: 1 };
        let other = Owner { thread: 2, ..mine };
        let enter = |owner| Command::Enter { key: LOCK, owner, ttl: TTL, counter: Some(COUNTER) };
        let leave = |owner| Command::Leave { key: LOCK, owner, ttl: TTL };
        assert_eq!(ask(&mut server, at(0), enter(mine)), Reply::Entered(Some(Token(1))));
        assert_eq!(ask(&mut server, at(0), enter(mine)), Reply::Entered(Some(Token(2))), "counts re-entries");
        assert_eq!(ask(&mut server, at(4_000_000), enter(other)), Reply::Taken(Some(Span::from_secs(6))));
        assert_eq!(ask(&mut server, at(4_000_000), leave(other)), Reply::Nil);
        let _ = ask(&mut server, at(4_000_000), Command::Subscribe(LOCK, Client(7)));
        assert_eq!(ask(&mut server, at(4_000_000), leave(mine)), Reply::Integer(0));
        let renewed = ask(&mut server, at(4_000_000), enter(other));
        assert_eq!(renewed, Reply::Taken(Some(TTL)), "leaving once starts the time anew");
        let mut out = Output::default();
        assert_eq!(server.execute(at(5_000_000), &leave(mine), &mut out), Reply::Integer(1));
        assert_eq!(out.messages, [(Client(7), LOCK)]);
        assert_eq!(ask(&mut server, at(5_000_000), leave(mine)), Reply::Nil);
    }
}
