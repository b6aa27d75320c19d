//! Long work that is done in the background: what is asked for, how far it is, and what came of it.
//!
//! Each piece has a ticket, by which whoever asked knows its news and can call it off. Must not know threads.

use super::proving::{Proof, Proving};
use crate::labs::why::{Found, Question};

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Work {
    /// Find out why something happened.
    Why(Question),
    /// Run a claim on its seeds.
    Prove(Proving),
}

/// What there is to tell of it.
#[derive(Clone, PartialEq, Debug)]
pub enum News {
    /// So many runs are done.
    Runs(usize),
    /// Why it happened.
    Why(Found),
    /// What a claim's runs gave.
    Proved(Proof),
}
