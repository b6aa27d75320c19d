//! The locks against what was recorded of Redis 7.0.15, a reference Redlock and `ZooKeeper` with kazoo. `tests/truth/README.md` says
//! what the files are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "locks/keeper.rs"]
mod keeper;
#[path = "locks/redis.rs"]
mod redis;
#[path = "locks/redlock.rs"]
mod redlock;
#[path = "locks/support.rs"]
mod support;
