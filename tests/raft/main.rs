//! Raft under every schedule that luck finds, its flaws under the same, and its elections against the clock.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "seeds and measurements, for whoever asks with --nocapture")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of servers")]
#![allow(clippy::disallowed_methods, reason = "how much is tried is set from outside")]

mod elections;
mod exhaustive;
mod rules;
mod safety;
mod schedules;
mod world;
