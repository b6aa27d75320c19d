//! The algorithms under study, sans-I/O: plain library types that a reader could lift into a service.
//!
//! Time and randomness are passed in. Nothing here knows a lab, a lesson or a screen.

pub mod backoff;
pub mod breaker;
pub mod retry;
pub mod retry_budget;
