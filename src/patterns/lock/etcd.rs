//! A lock of etcd: the key with the lowest create revision below one prefix, each key tied to a lease.
//!
//! [`Server`] follows etcd-io/etcd @ c34dc7ee, `server/lease/lessor.go`: leases end TTL after the last keepalive, are looked
//! through every 500 ms, and start anew when a leader is elected. A whole cluster is one server here, with or without a
//! leader. [`Mutex`] follows `client/v3/concurrency` (`session.go`, `mutex.go`, `key.go`) and `client/v3/lease.go`.
//!
//! A waiter watches the key before its own, so a release wakes one. When its turn has come it looks whether its own key is
//! still there. The create revision of that key can be a fencing token. It is needed: etcd's own documentation says that a
//! lock cannot exclude others from a resource outside of etcd.

mod mutex;
mod server;

use crate::engine::time::Span;
use crate::patterns::lock::Client;

pub use self::mutex::{Call, Mutex, Note, Output, Settings};
pub use self::server::Server;

/// The number of a lease. It also names the key of its owner: `prefix/lease`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lease(pub u32);

/// A revision of the store. It grows with every change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Revision(pub u64);

/// A key of the lock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// When it was created. The lowest has the lock.
    pub created: Revision,
    /// Whose it is.
    pub lease: Lease,
}

/// What a client asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Request {
    /// A new lease.
    Grant(Span),
    /// Starts a lease anew.
    KeepAlive(Lease),
    /// Ends a lease, and deletes its key.
    Revoke(Lease),
    /// The transaction of `tryAcquire`: puts the key, if it is not there, and reads the lowest.
    Enter(Lease),
    /// The key created last before this revision.
    Before(Revision),
    /// To be told when the key of this lease is deleted; at once, if it is gone already.
    Watch(Lease),
    /// Whether the key of this lease is there.
    Get(Lease),
    /// Deletes the key of this lease.
    Delete(Lease),
}

/// What the server answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// A lease, with the TTL that it has.
    Granted(Lease, Span),
    /// A lease was started anew. `None`: there is no such lease any more.
    Kept(Lease, Option<Span>),
    /// The client's own key, and the lowest.
    Entered {
        /// Its own.
        own: Key,
        /// Who has the lock.
        lowest: Key,
    },
    /// A key, if there is one.
    Found(Option<Key>),
    /// Done.
    Done,
    /// There is no such lease.
    NoLease,
    /// Nobody leads: not carried out.
    NoLeader,
}

/// Word to a watcher: the key of this lease is deleted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Deleted {
    /// Who watched it.
    pub to: Client,
    /// Whose key it was.
    pub key: Lease,
}
