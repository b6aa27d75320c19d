//! The edge: the only owner of the terminal, the clock, files, signals and the environment.
//!
//! Turns what happens outside into messages for `app` and carries out the effects that `app` asks for. Must not decide
//! anything about lessons, labs or the learner.

pub mod check;
pub mod cli;
mod clipboard;
pub mod cure;
pub mod edge;
pub mod event_loop;
pub mod input;
pub mod interactive;
pub mod journal;
pub mod judge;
pub mod learner;
pub mod library;
pub mod new_file;
pub mod setup;
pub mod signals;
pub mod sweep;
pub mod terminal;
pub mod work;
