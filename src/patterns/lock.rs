//! Distributed locks: who may act alone, and for how long it may go on believing so.
//!
//! Each system is two kinds of thing, both sans-I/O. A server keeps who holds the lock and forgets it by its own clock. A
//! client asks, waits and believes. Calls take `now` of the clock of the node that they run on, so clocks may drift, jump
//! and stand still apart from each other. Luck comes in as a [`Draw`](crate::engine::random::Draw). What is to be sent
//! comes back as a value.
//!
//! | system | the lock ends | the next one learns of it by | token |
//! |---|---|---|---|
//! | [`redis`], `SET key value NX PX ttl` | ttl after the command was carried out | asking again | none; a counter, if a script takes both at once |
//! | [`redlock`], the same on N independent servers | ttl − elapsed − drift after the first send | asking again after a random delay | none |
//! | [`redisson`], a hash with a watchdog | 30 s after the last renewal, renewed every 10 s; a fixed lease is not renewed | a message on release, else by the time left | `RFencedLock` |
//! | [`zookeeper`], an ephemeral sequential node | a session timeout after the last ping, rounded up to a tick | a watch on the node before its own | the node's zxid |
//! | [`etcd`], a key with a lease | TTL after the last keepalive, seen every 500 ms | a watch on the key before its own | the key's create revision |
//!
//! None of them stops a client that was stopped itself: between its last look at the lock and its write, time may pass.
//! Only the resource can refuse it: [`storage`] has a store that looks at fencing tokens and one that does not.

pub mod etcd;
pub mod redis;
pub mod redisson;
pub mod redlock;
pub mod storage;
pub mod zookeeper;

/// A client of a lock service, by number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Client(pub u16);

/// A fencing token: a number that grows with every new holder (Kleppmann, "How to do distributed locking", 2016).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Token(pub u64);

/// What a client takes to be true of its own lock. It may be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Belief {
    /// It has not asked, or has left.
    Out,
    /// It has asked and waits.
    Waiting,
    /// It holds the lock.
    Holds,
    /// It held the lock when it last heard from the service, and now hears nothing.
    Doubts,
    /// It held the lock and was told, or has worked out, that it is gone.
    Lost,
}
