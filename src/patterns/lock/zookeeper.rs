//! A lock of `ZooKeeper`: the lowest of the ephemeral sequential nodes below one path.
//!
//! [`Server`] follows apache/zookeeper @ 53a78e36: `SessionTrackerImpl` and `ExpiryQueue` for the end of a session, the
//! recipe of `recipes.mdx` ("Locks") for what a lock needs. [`Contender`] is a client of kazoo (python-zk/kazoo,
//! `protocol/connection.py`, `retry.py`, `recipe/lock.py`): its pings, its states, its recipe.
//!
//! A session ends T after the last word from its client, rounded up to the next edge of a tick. The client pings every
//! T/3 less some jitter, so the end comes T − a + r after a crash, with a the age of the last ping and r what the rounding
//! adds: up to a third of T *before* T has passed, and up to a tick after it. A connection that breaks ends nothing.
//! Only the server decides; a client that was stopped learns of it when it has connected again.

mod contender;
mod server;

use crate::engine::time::Span;
use crate::patterns::lock::Token;

pub use self::contender::{Contender, Note, Output, Packet, Settings, State, Watching};
pub use self::server::{Notices, Server};

/// The number of a session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Session(pub u32);

/// The number at the end of a sequential node's name: `lock-0000000007`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sequence(pub u32);

/// An ephemeral sequential node: it goes with its session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Node {
    /// The number in its name.
    pub sequence: Sequence,
    /// Whose it is. Stands for the GUID in its name, by which a client finds a node whose creation it never heard of.
    pub session: Session,
    /// The transaction that made it, `czxid`: it grows with every change, so it can be a fencing token.
    pub created: Token,
}

/// What a client asks. Everything but `Connect` belongs to the session of its connection, and keeps it alive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Request {
    /// A new connection: for a new session, or for one that there is.
    Connect {
        /// The session to go on with.
        session: Option<Session>,
        /// The timeout that a new one should have.
        timeout: Span,
    },
    /// Nothing but a sign of life.
    Ping,
    /// `create` of an ephemeral sequential node.
    Create,
    /// `getChildren`.
    List {
        /// Whether to be told, once, of the next change.
        watch: bool,
    },
    /// `exists`.
    Exists {
        /// Which node.
        node: Sequence,
        /// Whether to be told, once, when it is gone.
        watch: bool,
    },
    /// `delete`.
    Delete(Sequence),
    /// The end of the session, by its client.
    Close,
}

/// What the server answers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// Connected, with the session's number and its negotiated timeout.
    Connected(Session, Span),
    /// There is no such session (any more).
    Expired,
    /// To a ping.
    Pong,
    /// The new node.
    Created(Node),
    /// All nodes, lowest first.
    Children(Vec<Node>),
    /// Whether it is there.
    Exists(bool),
    /// Whether it was there.
    Deleted(bool),
    /// The session is over.
    Closed,
}

/// What a watch tells. It has fired then, and must be set again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Event {
    /// `NodeDeleted`.
    Gone(Sequence),
    /// `NodeChildrenChanged`.
    ChildrenChanged,
}
