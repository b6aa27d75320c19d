//! Discrete-event simulation: virtual time, an ordered event queue, keyed randomness and run history.
//!
//! Pure: no I/O, no clock, no global state, no floats in time. A run is a function of a world's
//! configuration, a seed and a log of acts; the same run gives the same bytes on every platform.
//!
//! * [`time`]: instants and spans in whole nanoseconds.
//! * [`random`]: draws that are a hash of (seed, purpose, subject, ordinal), so a changed retry policy shifts no arrival.
//! * [`queue`]: events in order of (time, insertion), with keyed timers.
//! * [`clock`]: the clock of a node, which may be wrong.
//! * [`network`]: messages between nodes, on their way, lost, late or moved by hand.
//! * [`world`]: what a lab's author writes, and how every fact comes to know its cause.
//! * [`run`]: a running [`world::World`], the log of what was done to it, going back in time.
//! * [`still`]: a world to which acts are done outside of time.
//! * [`explore`]: all futures of a small world, and the shortest way to one that is broken.

pub mod clock;
pub mod explore;
mod far;
mod history;
mod log;
pub mod network;
pub mod queue;
pub mod random;
pub mod run;
pub mod still;
mod story;
pub mod time;
pub mod world;
