//! How far long work is, on a terminal, and whether it is still wanted.

use std::io::{IsTerminal, Write, stderr};
use std::sync::{Mutex, PoisonError};

/// A line on standard error that is written over and over, and gone at the end.
pub struct Progress {
    what: &'static str,
    is_shown: bool,
    /// The permille that stands there.
    told: Mutex<Option<usize>>,
}

impl Progress {
    /// Of so many `what`; shows only on a terminal.
    pub fn of(what: &'static str) -> Self {
        Self { what, is_shown: stderr().is_terminal(), told: Mutex::new(None) }
    }

    /// So many of so many are done.
    pub fn tell(&self, done: usize, all: usize) {
        if !self.is_shown {
            return;
        }
        // Threads come late with small numbers, and a terminal should not be written to a hundred thousand times.
        let share = done * 1000 / all.max(1);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told < share) {
            *told = Some(share);
            // Progress is a courtesy: a terminal that cannot show it changes nothing.
            let _ = write!(stderr(), "\r{done} of {all} {}", self.what);
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.is_shown {
            let _ = write!(stderr(), "\r{:40}\r", "");
        }
    }
}
