//! The learner of a command without a screen: the journal, what follows from it, and its troubles on standard error.
//!
//! Whatever goes wrong with the journal is said once and stops nothing.

use std::io::{self, Write};

use jiff::{Timestamp, Unit};

use super::journal::{Journal, News, home};
use crate::study::progress::Progress;
use crate::study::record::{Entry, Kind, Record};

/// The learner's journal and progress.
pub struct Learner {
    journal: Journal,
    progress: Progress,
}

impl Learner {
    /// Opens the journal where it lives.
    pub fn open() -> Self {
        let (journal, news) = Journal::open(home::find());
        let records: Vec<&Record> = news.entries.iter().filter_map(Entry::known).collect();
        let progress = Progress::replay(records);
        tell(&news);
        Self { journal, progress }
    }

    /// What was done so far.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The journal itself, for what goes in and out of it as a file.
    pub const fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Writes down what just happened.
    pub fn record(&mut self, kind: Kind) {
        let appended = self.journal.append(kind, now());
        tell(&appended.news);
        for record in appended.news.entries.iter().filter_map(Entry::known) {
            self.progress.apply(record);
        }
        self.progress.apply(&appended.record);
    }
}

/// The present, without what is finer than milliseconds: that says nothing here and makes every line longer.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}

/// Tells what the learner should know.
pub fn tell(news: &News) {
    for notice in &news.notices {
        // If even standard error is gone, nobody is there to be told.
        let _gone = writeln!(io::stderr().lock(), "halfopen: {notice}");
    }
}
