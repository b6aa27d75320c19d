//! Discrete-event simulation: virtual time, an ordered event queue, keyed randomness and run history.
//!
//! Pure: no I/O, no clock, no global state. The same run gives the same bytes on every platform.

pub mod time;
