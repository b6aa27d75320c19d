//! The learner's journal: one file of JSON lines that is only ever appended to.
//!
//! A record is one write under the file's lock, on the disk before the program goes on, so a killed program loses at most
//! the answer being typed. Two running copies take turns by the lock and read each other's records when they append.
//! Nothing here stops the program: what can't be written waits in memory and goes with the next record, and what can't be
//! read is named and left as it is. Must not know what a record means; `study::progress` derives that.

mod exchange;
mod file;
pub mod home;
mod id;
mod lines;
mod notice;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use jiff::Timestamp;

pub use self::exchange::{ExportError, ImportError, Imported};
use self::file::Identity;
pub use self::file::Put;
pub use self::id::fresh as fresh_id;
use self::lines::Sorted;
pub use self::notice::{Cause, Notice};
use crate::study::record::{Entry, Kind, Record, VERSION};

/// The file's name in its folder.
pub const FILE_NAME: &str = "journal.jsonl";

/// The journal, open.
pub struct Journal {
    /// Where it is, or why it is nowhere.
    path: Result<PathBuf, String>,
    /// Which file was read up to `mark`.
    identity: Option<Identity>,
    /// How far it was read: always behind a newline.
    mark: u64,
    /// How many lines stand before the mark.
    line: u64,
    /// The ids of all records seen and made.
    ids: BTreeSet<String>,
    /// Lines that are not in the file yet.
    waiting: Vec<String>,
    /// The trouble that was told last, so that it is told once.
    told: Option<Notice>,
    put: Put,
}

/// What came out of the file.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct News {
    /// Records not seen before, in the file's order.
    pub entries: Vec<Entry>,
    /// What the learner should know.
    pub notices: Vec<Notice>,
}

/// What came of appending a record.
#[derive(Clone, PartialEq, Debug)]
pub struct Appended {
    /// The record as it was made, whether it could be written or not.
    pub record: Record,
    /// What another copy of the program has written meanwhile, and what is new to tell.
    pub news: News,
    /// Whether the record is on the disk. The same trouble comes with every record; it is in the news only once.
    pub saved: Result<(), Notice>,
}

/// What to do about a last line without its newline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Torn {
    /// Without the lock another copy may be about to complete it.
    Leave,
    /// Under the lock nobody will.
    Mend,
}

impl Journal {
    /// Opens the journal in this folder, or none with the reason why there is no folder, and reads it. Writes nothing.
    pub fn open(folder: Result<PathBuf, String>) -> (Self, News) {
        Self::open_with(folder, Box::new(File::write_all))
    }

    /// As [`Journal::open`], with another way to put bytes to the file: for tests of a disk that is full.
    pub fn open_with(folder: Result<PathBuf, String>, put: Put) -> (Self, News) {
        let mut journal = Self {
            path: folder.map(|folder| folder.join(FILE_NAME)),
            identity: None,
            mark: 0,
            line: 0,
            ids: BTreeSet::new(),
            waiting: Vec::new(),
            told: None,
            put,
        };
        let mut news = News::default();
        if let Err(trouble) = journal.read(&mut news) {
            journal.tell(trouble, &mut news);
        }
        let foreign = news.entries.iter().filter(|entry| entry.known().is_none()).count();
        if let (Ok(path), 1..) = (&journal.path, foreign) {
            news.notices.push(Notice::Foreign { path: path.clone(), records: foreign });
        }
        (journal, news)
    }

    /// Makes a record of what happened at this time and writes it, together with those that are still waiting.
    pub fn append(&mut self, kind: Kind, at: Timestamp) -> Appended {
        let record = Record { id: id::fresh(at), v: VERSION, at, kind };
        let waited = self.waiting.len();
        let mut news = News::default();
        let saved = match record.to_line() {
            Ok(line) => {
                self.ids.insert(record.id.clone());
                self.waiting.push(line);
                self.write(&mut news)
            }
            Err(error) => Err(self.not_saved(Cause::Other(error.to_string()))),
        };
        match &saved {
            Ok(()) => {
                self.told = None;
                if waited > 0 {
                    news.notices.push(Notice::SavedAgain { records: waited });
                }
            }
            Err(trouble) => self.tell(trouble.clone(), &mut news),
        }
        Appended { record, news, saved }
    }

    /// What another copy of the program has written since this one looked. Writes nothing.
    pub fn catch_up(&mut self) -> News {
        let mut news = News::default();
        if let Err(trouble) = self.read(&mut news) {
            self.tell(trouble, &mut news);
        }
        news
    }

    /// Tries once more to write what is waiting, before leaving.
    pub fn save(&mut self) -> Result<(), Notice> {
        if self.waiting.is_empty() { Ok(()) } else { self.write(&mut News::default()) }
    }

    /// What to say when leaving while records are not on the disk: they are lost then.
    pub fn unsaved(&self) -> Option<Notice> {
        let records = self.waiting.len();
        match (&self.told, records) {
            (_, 0) | (None, _) => None,
            (Some(Notice::NotSaved { path, cause, .. }), _) => {
                Some(Notice::NotSaved { path: path.clone(), cause: cause.clone(), records })
            }
            (Some(other), _) => Some(other.clone()),
        }
    }

    /// Where the journal is, if anywhere.
    pub fn path(&self) -> Option<&PathBuf> {
        self.path.as_ref().ok()
    }

    /// Puts a trouble into the news, unless it was the last one told.
    fn tell(&mut self, trouble: Notice, news: &mut News) {
        if !self.told.as_ref().is_some_and(|told| told.repeats(&trouble)) {
            news.notices.push(trouble.clone());
        }
        self.told = Some(trouble);
    }

    fn not_saved(&self, cause: Cause) -> Notice {
        match &self.path {
            Ok(path) => Notice::NotSaved { path: path.clone(), cause, records: self.waiting.len() },
            Err(reason) => Notice::NoHome { reason: reason.clone() },
        }
    }

    fn read(&mut self, news: &mut News) -> Result<(), Notice> {
        let path = self.path.clone().map_err(|reason| Notice::NoHome { reason })?;
        let cannot = |error: io::Error| Notice::CannotRead { path: path.clone(), cause: error.into() };
        match file::open_to_read(&path).map_err(cannot)? {
            Some(mut file) => self.take_in(&mut file, Torn::Leave, news, cannot),
            None => Ok(()),
        }
    }

    fn write(&mut self, news: &mut News) -> Result<(), Notice> {
        let path = self.path.clone().map_err(|reason| Notice::NoHome { reason })?;
        let records = self.waiting.len();
        let cannot = |error: io::Error| Notice::NotSaved { path: path.clone(), cause: error.into(), records };
        let mut file = file::open_to_append(&path).map_err(cannot)?;
        self.take_in(&mut file, Torn::Mend, news, cannot)?;
        let is_new = self.mark == 0;
        let text: String = self.waiting.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        file::append(&mut file, text.as_bytes(), &mut self.put).map_err(cannot)?;
        self.mark += text.len() as u64;
        self.line += self.waiting.len() as u64;
        self.waiting.clear();
        if is_new {
            file::sync_folder(&path);
        }
        Ok(())
    }

    /// Reads what is new in the file. What is no journal at all is refused, so that nothing is ever appended to it.
    fn take_in(
        &mut self,
        file: &mut File,
        torn: Torn,
        news: &mut News,
        cannot: impl Fn(io::Error) -> Notice,
    ) -> Result<(), Notice> {
        let path = self.path.clone().unwrap_or_default();
        let (identity, length) = file::look(file).map_err(&cannot)?;
        // Replaced or shortened by something else: read anew, what is known already is known by its id.
        if self.identity != Some(identity) || length < self.mark {
            (self.identity, self.mark, self.line) = (Some(identity), 0, 0);
        }
        let tail = file::read_from(file, self.mark).map_err(&cannot)?;
        let sorted = Sorted::new(&tail.whole, self.line);
        let last = lines::entry(&tail.rest);
        if self.mark == 0 && sorted.is_alien(&tail.rest) && last.is_err() {
            return Err(Notice::NotAJournal { path });
        }
        self.mark = tail.end;
        self.line += tail.whole.len() as u64;
        for (_, entry) in sorted.good {
            self.see(entry, news);
        }
        if !sorted.bad.is_empty() {
            news.notices.push(Notice::BadLines { path: path.clone(), lines: sorted.bad });
        }
        if let Ok(entry) = &last {
            self.see(entry.clone(), news);
        }
        if torn == Torn::Mend && !tail.rest.is_empty() {
            if last.is_ok() {
                // Only the newline is missing, as some editors leave it.
                file.write_all(b"\n").map_err(&cannot)?;
                self.mark += tail.rest.len() as u64 + 1;
                self.line += 1;
            } else {
                file.set_len(tail.end).map_err(&cannot)?;
                news.notices.push(Notice::Torn { path, bytes: tail.rest.len() });
            }
        }
        Ok(())
    }

    fn see(&mut self, entry: Entry, news: &mut News) {
        if self.ids.insert(entry.id().to_owned()) {
            news.entries.push(entry);
        }
    }
}
