//! What travels between clients, lock servers and the store.

use crate::patterns::lock::Token;
use crate::patterns::lock::redis::{Ask, Call, Command, Effect, Redis, Reply};
use crate::patterns::lock::storage::{Refused, Version};
use crate::patterns::lock::{etcd, zookeeper};

/// Which life of a client's process sent something: what comes for an earlier one is for nobody.
pub(super) type Life = u16;

/// What travels.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// To Redis, and back.
    Command(Life, Call),
    Reply(Life, Ask, Reply),
    /// On the channel of a lock: it is free.
    Free,
    /// From a master to its replica; back: it is not the next one; and then a full copy.
    Effect(Effect),
    Behind,
    Copy(Box<Redis>),
    /// To `ZooKeeper`, and back.
    Packet(Life, zookeeper::Packet),
    Answered(Life, u32, zookeeper::Answer),
    Watched(Life, u32, zookeeper::Event),
    Closed(Life, u32),
    /// To etcd, and back.
    Call(Life, etcd::Call),
    Told(Life, Ask, etcd::Answer),
    Deleted(Life, etcd::Lease),
    /// To the store, and back; the number is that of the piece of work.
    Read(u32),
    Content(u32, u64, Version),
    Write(u32, u64, Version, Option<Token>),
    Written(u32, Result<Version, Refused>),
    /// There is no process: the connection is refused.
    Refused(Life, Refusal),
}

/// What was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    Ask(Ask),
    Connection(u32),
}

impl Message {
    /// What it is called in pictures.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Command(_, call) => match call.command {
                Command::SetIfAbsent { .. } => "SET NX",
                Command::Delete(_) => "DEL",
                Command::CompareAndDelete(..) | Command::Leave { .. } => "release",
                Command::CompareAndExpire(..) | Command::Expire(..) | Command::Renew { .. } => "renew",
                Command::Enter { .. } => "enter",
                Command::Subscribe(..) | Command::Unsubscribe(..) => "listen",
                Command::Increment(_) => "INCR",
                Command::Get(_) | Command::TimeLeft(_) => "look",
            },
            Self::Reply(_, _, reply) => match reply {
                Reply::Ok | Reply::Entered(_) | Reply::Integer(1) => "ok",
                _ => "no",
            },
            Self::Free => "free",
            Self::Effect(_) => "replicate",
            Self::Behind => "behind",
            Self::Copy(_) => "copy",
            Self::Packet(_, packet) => match packet.request {
                zookeeper::Request::Connect { .. } => "connect",
                zookeeper::Request::Ping => "ping",
                zookeeper::Request::Create => "create",
                zookeeper::Request::List { .. } => "list",
                zookeeper::Request::Exists { .. } => "watch",
                zookeeper::Request::Delete(_) => "delete",
                zookeeper::Request::Close => "close",
            },
            Self::Answered(_, _, answer) => match answer {
                zookeeper::Answer::Expired => "expired",
                zookeeper::Answer::Pong => "pong",
                _ => "ok",
            },
            Self::Watched(..) | Self::Deleted(..) => "gone",
            Self::Closed(..) => "closed",
            Self::Call(_, call) => match call.request {
                etcd::Request::Grant(_) => "grant",
                etcd::Request::KeepAlive(_) => "keep",
                etcd::Request::Revoke(_) => "revoke",
                etcd::Request::Enter(_) => "enter",
                etcd::Request::Before(_) | etcd::Request::Get(_) => "look",
                etcd::Request::Watch(_) => "watch",
                etcd::Request::Delete(_) => "delete",
            },
            Self::Told(_, _, answer) => match answer {
                etcd::Answer::NoLease | etcd::Answer::NoLeader | etcd::Answer::Kept(_, None) => "no",
                etcd::Answer::Kept(..) => "kept",
                _ => "ok",
            },
            Self::Read(_) => "read",
            Self::Content(..) => "value",
            Self::Write(..) => "WRITE",
            Self::Written(_, result) => {
                if result.is_ok() {
                    "written"
                } else {
                    "REJECTED"
                }
            }
            Self::Refused(..) => "refused",
        }
    }

    /// Whether it is between a client and the store, and not the lock's.
    pub const fn is_for_store(&self) -> bool {
        matches!(self, Self::Read(_) | Self::Content(..) | Self::Write(..) | Self::Written(..))
    }

    /// What a client hears if the process that this is for is not there.
    pub const fn refusal(&self) -> Option<Self> {
        match self {
            Self::Command(life, call) => Some(Self::Refused(*life, Refusal::Ask(call.ask))),
            Self::Call(life, call) => Some(Self::Refused(*life, Refusal::Ask(call.ask))),
            Self::Packet(life, packet) => Some(Self::Refused(*life, Refusal::Connection(packet.connection))),
            _ => None,
        }
    }
}
