//! Paxos under every schedule of small worlds and under those that luck finds in larger ones, and its flaws under the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "measurements, for whoever asks with --nocapture")]
#![allow(clippy::cast_possible_truncation, reason = "a handful of nodes")]

mod exhaustive;
mod multi;
mod rules;
mod schedules;
mod world;
