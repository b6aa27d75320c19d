//! What a client asks of a server, what it is told, and what a server tells its replicas.

use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::{Client, Token};

/// The name of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub u16);

/// The random value by which a client knows its own lock again. The documentation suggests 20 bytes of `/dev/urandom`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Value(pub u64);

impl From<Draw> for Value {
    fn from(draw: Draw) -> Self {
        Self(draw.bits())
    }
}

/// A thread of a client: to Redisson another thread of the same client is somebody else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Owner {
    /// The client.
    pub client: Client,
    /// Its thread.
    pub thread: u16,
}

/// What a client asks. Each is carried out whole: a script counts as one command.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    /// `SET key value NX [PX ttl]`. With a `counter` it is a script that also takes the next number of that key.
    SetIfAbsent {
        /// What to set.
        key: Key,
        /// To what.
        value: Value,
        /// For how long. `None`: until somebody deletes it.
        ttl: Option<Span>,
        /// The key from which a token comes.
        counter: Option<Key>,
    },
    /// `GET key`.
    Get(Key),
    /// `DEL key`, whoever's it is.
    Delete(Key),
    /// The script of the documentation: `if GET == value then DEL`.
    CompareAndDelete(Key, Value),
    /// `PEXPIRE key ttl`, whoever's it is.
    Expire(Key, Span),
    /// The script for a renewal: `if GET == value then PEXPIRE`.
    CompareAndExpire(Key, Value, Span),
    /// `PTTL key`.
    TimeLeft(Key),
    /// `INCR key`.
    Increment(Key),
    /// The script by which Redisson takes a lock (`RedissonLock.tryLockInnerAsync`), with a `counter` that of
    /// `RedissonFencedLock`, which counts re-entries too.
    Enter {
        /// The lock.
        key: Key,
        /// Who wants it.
        owner: Owner,
        /// For how long.
        ttl: Span,
        /// The key from which a token comes.
        counter: Option<Key>,
    },
    /// The script by which Redisson leaves a lock (`unlockInnerAsync`): one re-entry less, or all gone and a message sent.
    Leave {
        /// The lock.
        key: Key,
        /// Who leaves.
        owner: Owner,
        /// How long it goes on if a re-entry is left.
        ttl: Span,
    },
    /// The script of Redisson's watchdog (`LockTask`): `if HEXISTS then PEXPIRE`.
    Renew {
        /// The lock.
        key: Key,
        /// Whose it should be.
        owner: Owner,
        /// From now on.
        ttl: Span,
    },
    /// `SUBSCRIBE` to the channel of a lock.
    Subscribe(Key, Client),
    /// `UNSUBSCRIBE`.
    Unsubscribe(Key, Client),
}

/// What a server answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// Done.
    Ok,
    /// Nothing there, or the condition did not hold.
    Nil,
    /// A number.
    Integer(i64),
    /// A value.
    Value(Value),
    /// A script took the lock.
    Entered(Option<Token>),
    /// A script found the lock taken; so much time is left of it, if it ends at all.
    Taken(Option<Span>),
    /// A replica takes no writes.
    ReadOnly,
    /// The key holds something else.
    WrongType,
}

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stored {
    /// The value of a plain lock.
    Text(Value),
    /// The hash of a lock of Redisson, which has one field.
    Hash {
        /// The field.
        owner: Owner,
        /// How often it entered.
        holds: u32,
    },
    /// A counter.
    Number(u64),
}

/// A key's content and end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Entry {
    /// What it holds.
    pub stored: Stored,
    /// Until this millisecond of the server's clock, which is included. `None`: for ever.
    pub last: Option<u64>,
}

impl Entry {
    /// Whether it is past its end. Redis compares whole milliseconds and wants to be *past* the end (`keyIsExpired`,
    /// redis/redis @ 4f8cdc2a), so it comes up to a millisecond late and never early.
    pub fn expired(&self, now: Time) -> bool {
        self.last.is_some_and(|last| now.millis() > last)
    }

    /// What `PTTL` says.
    pub fn left(&self, now: Time) -> Option<Span> {
        self.last.map(|last| Span::from_millis(last.saturating_sub(now.millis())))
    }
}

/// One write as it goes to a replica: the key as it is from now on, with an absolute end (a relative one is rewritten to
/// `PXAT`). So a replica whose clock is ahead ends it sooner.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Effect {
    /// Its place in the stream, from 1.
    pub offset: u64,
    /// The key.
    pub key: Key,
    /// What it holds now; `None` if it is gone.
    pub entry: Option<Entry>,
}

/// What a call gives besides its answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// For each replica, in this order. The client has its answer by then: replication is asynchronous.
    pub effects: Vec<Effect>,
    /// Who gets word that a lock is free.
    pub messages: Vec<(Client, Key)>,
    /// Keys that were found past their end and deleted: the `expired` keyspace event.
    pub expired: Vec<Key>,
}
