//! What the lab `retry-storm` tells.

use crate::engine::time::Span;
use crate::patterns::breaker::State;

/// What is told.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fact {
    /// A request came.
    Came(u64),
    /// An attempt went out: request, attempt, layer.
    Sent(u64, u8, u8),
    /// An attempt ended: request, attempt, layer, how, after how long.
    Ended(u64, u8, u8, Ending, Span),
    /// The request will be tried again after this wait.
    Waits(u64, Span),
    /// It has failed for good: request, attempts, why.
    Failed(u64, u8, Failure),
    /// An attempt got a worker: request, attempt, after this wait.
    Started(u64, u8, Span),
    /// An attempt was served that no user waits for any more.
    Wasted(u64, u8),
    /// An attempt was thrown away, its time was up.
    Dropped(u64, u8),
    /// Retries outnumber first tries: so many of each in the last second.
    Outnumbered(u32, u32),
    /// What gets a worker now has waited longer than its client's patience.
    AllDead(Span),
    /// The queue is full.
    QueueFull(u32),
    /// The queue is empty again.
    Drained,
    /// No fault is left, and less than half of what comes is answered: goodput and attempts per second.
    Stuck(u32, u32),
    /// 90 % of what comes is answered again; so long after the last fault.
    Recovered(Span),
    /// The breaker went from one state to another.
    Breaker(State, State),
    /// Contention: a client lost a race, or had its update: client, writes so far.
    Conflict(u32, u32),
    /// Contention: a client has its update.
    Updated(u32, u32),
    /// Contention: every client has.
    Finished(u32),
    /// A fault began.
    Began(u32),
    /// A fault ended.
    Over(u32),
    /// A knob was turned, by its index.
    Tuned(u32),
}

/// How an attempt ended, seen from who made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Answered.
    Ok,
    /// Answered with an error.
    Error,
    /// Turned away: every waiting place was taken.
    Rejected,
    /// Turned away since load is shed.
    Shed,
    /// The server is down, or lost it.
    Reset,
    /// Not even sent: the breaker is open.
    HeldBack,
    /// Who made it gave up.
    TimedOut,
}

/// Why a request failed for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The last attempt failed.
    OutOfAttempts,
    /// The retry budget is empty.
    OutOfBudget,
    /// The deadline of the request passed.
    OutOfTime,
    /// A layer failed by itself.
    ByItself,
}
