//! A sweep in the background: what is asked for, and what is told of it.

use crate::labs::sweep::{Plan, Stopped, Summary};

/// A sweep to run.
#[derive(Clone, Debug)]
pub struct Sweeping {
    /// Its number; no two have the same.
    pub number: u64,
    /// What is run.
    pub plan: Plan,
}

impl PartialEq for Sweeping {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

/// What is told of a sweep.
#[derive(Clone, PartialEq, Debug)]
pub struct Swept {
    /// Its number.
    pub number: u64,
    /// What.
    pub news: News,
}

/// How far a sweep is.
#[derive(Clone, PartialEq, Debug)]
pub enum News {
    /// So many runs of so many are done.
    Progress {
        /// How many.
        done: usize,
        /// Of how many.
        all: usize,
    },
    /// It is done.
    Done(Vec<Summary>),
    /// It came to nothing; a sentence.
    Failed(String),
}

impl Sweeping {
    /// What to tell at its end; none if it was not wanted any more.
    pub fn told(&self, outcome: Result<Vec<Summary>, Stopped>) -> Option<Swept> {
        let news = match outcome {
            Ok(summaries) => News::Done(summaries),
            Err(Stopped::Endless(sentence)) => News::Failed(sentence),
            Err(Stopped::Cancelled) => return None,
        };
        Some(Swept { number: self.number, news })
    }
}
