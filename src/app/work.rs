//! Long work that is done in the background: what is asked for, how far it is, and what came of it.
//!
//! Each piece has a ticket, by which whoever asked knows its news and can call it off. Must not know threads.

use super::judging::{Judged, Judging};
use super::proving::{Proof, Proving};
use crate::labs::cure::{self, Table};
use crate::labs::sweep::{Plan, Summary};
use crate::labs::why::{Found, Question};

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Work {
    /// Find out why something happened.
    Why(Question),
    /// Run a claim on its seeds.
    Prove(Proving),
    /// Judge a goal on its seeds.
    Judge(Judging),
    /// Vary knobs, each combination on many seeds.
    Sweep(Plan),
    /// Compare remedies on their seeds.
    Cure(cure::Plan),
}

/// What there is to tell of it.
#[derive(Clone, PartialEq, Debug)]
pub enum News {
    /// So many runs are done. They are done side by side, so this news may overtake each other.
    Runs(usize),
    /// Why it happened.
    Why(Found),
    /// What a claim's runs gave.
    Proved(Proof),
    /// How a goal was judged.
    Judged(Judged),
    /// What the runs of a sweep come to, or why it came to nothing, as a sentence.
    Swept(Result<Vec<Summary>, String>),
    /// What remedies buy and cost, or why it came to nothing, as a sentence.
    Cured(Result<Table, String>),
}
