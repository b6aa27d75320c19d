//! What the lab `breaker` tells.

use crate::engine::time::Span;
use crate::patterns::breaker::{Refused, Transition};

/// What is told.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fact {
    /// A request came: its number, and its caller.
    Came(u64, u32),
    /// An attempt was let through to payments: request, caller, shard, attempt.
    Called(u64, u32, u32, u32),
    /// An attempt ended: request, caller, how, after how long.
    Ended(u64, u32, CallEnd, Span),
    /// A breaker refused an attempt: request, caller, why.
    Rejected(u64, u32, Refused),
    /// A breaker changed its state: whose it is, how, and how long it stays open.
    Moved(Owner, Transition, Span),
    /// A caller has every thread taken; so many of them wait for payments.
    CallerFull(u32, u32),
    /// It has a free thread again.
    CallerFree(u32),
    /// The gateway has every thread taken.
    GatewayFull,
    /// It has a free thread again.
    GatewayFree,
    /// A fault began.
    Began(u32),
    /// A fault ended.
    Over(u32),
    /// A knob was turned, by its index.
    Tuned(u32),
}

/// Whose calls pass a breaker: of one caller or of all, to one shard or to all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owner {
    pub(super) caller: Option<u32>,
    pub(super) shard: Option<u32>,
}

/// How a call to payments ended, seen from its caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CallEnd {
    /// Answered.
    Ok,
    /// Answered with 500 or 503.
    Failed,
    /// Answered with 400: the request was malformed.
    Bad,
    /// The connection was refused or reset.
    Reset,
    /// The caller gave up.
    TimedOut,
}
