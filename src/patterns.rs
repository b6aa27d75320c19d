//! The algorithms under study, sans-I/O: plain library types that a reader could lift into a service.
//!
//! Time and randomness are passed in. Nothing here knows a lab, a lesson or a screen.
//!
//! | against | there is |
//! |---|---|
//! | calling what is down | [`breaker`] |
//! | a failure that passes | [`backoff`], [`retry`] |
//! | retries that become the load | [`retry_budget`], [`adaptive_throttle`], [`amplification`] for how bad it gets |
//! | a slow answer | [`deadline`], [`hedging`] |
//! | more work than a server can do | [`shedding`] |
//! | nodes that must agree | [`raft`], [`paxos`] |
//! | two that do what one should | [`lock`], one type for each real system; [`lock::storage`] for what a lock cannot do |

pub mod adaptive_throttle;
pub mod amplification;
pub mod backoff;
pub mod breaker;
pub mod deadline;
pub mod hedging;
pub mod lock;
pub mod paxos;
pub mod raft;
pub mod retry;
pub mod retry_budget;
pub mod shedding;
