//! Journals carried from one machine to another: import is the union by id, export is a copy.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::lines::{self, Sorted};
use super::{Cause, FILE_NAME, Journal, News, Notice, file};
use crate::study::record::Unreadable;

/// What an import brought.
#[derive(Clone, PartialEq, Debug)]
pub struct Imported {
    /// The records that are new here, and those that another copy of the program has written meanwhile.
    pub news: News,
    /// How many records came from the file.
    pub added: usize,
    /// How many of the file's records were here already.
    pub known: usize,
    /// The numbers of lines that are no records, and what is wrong with them. They were left out.
    pub bad: Vec<(u64, Unreadable)>,
}

/// Why nothing was imported.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("{} can't be read ({cause}). Nothing was imported: check the name and the permissions.", path.display())]
    CannotRead {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: Cause,
    },
    /// The file holds something else.
    #[error(
        "{} holds no record of this program, so nothing was imported. Name a file that `halfopen export` wrote, or a \
         `{FILE_NAME}`.", path.display()
    )]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// The journal here can't be written.
    #[error("Nothing was imported. {0}")]
    NotSaved(Notice),
}

/// Why nothing was exported.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExportError {
    /// The file is there already.
    #[error("{} is there already and is not overwritten. Name another file, or remove it first.", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file can't be written.
    #[error("{} can't be written ({cause}). Nothing was exported: name a file in a folder of yours.", path.display())]
    CannotWrite {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: Cause,
    },
    /// The journal here can't be read.
    #[error("Nothing was exported. {0}")]
    CannotRead(Notice),
}

impl Journal {
    /// Takes over the records of another journal that are not here yet, as they stand: also those of kinds that this
    /// program does not know.
    ///
    /// # Errors
    /// Where the file or the journal is not usable; then nothing has changed.
    pub fn import(&mut self, path: &Path) -> Result<Imported, ImportError> {
        let cannot =
            |error: std::io::Error| ImportError::CannotRead { path: path.to_owned(), cause: error.into() };
        if !fs::metadata(path).map_err(cannot)?.is_file() {
            return Err(ImportError::CannotRead { path: path.to_owned(), cause: Cause::NotAFile });
        }
        let mut all: Vec<Vec<u8>> =
            fs::read(path).map_err(cannot)?.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        // Behind the last newline stands nothing, or a line that was cut off and may still be whole.
        if all.last().is_some_and(Vec::is_empty) {
            all.pop();
        }
        let sorted = Sorted::new(&all, 0);
        if sorted.good.is_empty() && !sorted.bad.is_empty() {
            return Err(ImportError::NotAJournal { path: path.to_owned() });
        }
        self.merge(sorted)
    }

    fn merge(&mut self, sorted: Sorted) -> Result<Imported, ImportError> {
        let mut news = News::default();
        self.read(&mut news).map_err(ImportError::NotSaved)?;
        let (waited, of) = (self.waiting.len(), sorted.good.len());
        let mut added = Vec::new();
        for (line, entry) in sorted.good {
            if self.ids.insert(entry.id().to_owned()) {
                self.waiting.push(line);
                added.push(entry);
            }
        }
        let count = added.len();
        if count > 0 {
            if let Err(trouble) = self.write(&mut news) {
                self.waiting.truncate(waited);
                for entry in &added {
                    self.ids.remove(entry.id());
                }
                return Err(ImportError::NotSaved(trouble));
            }
            self.told = None;
        }
        news.entries.extend(added);
        Ok(Imported { news, added: count, known: of - count, bad: sorted.bad })
    }

    /// Writes all records to a new file, also those that are not saved yet. Returns how many.
    ///
    /// # Errors
    /// Where the journal can't be read or the file can't be made. A file that is there is never overwritten.
    pub fn export(&mut self, path: &Path) -> Result<usize, ExportError> {
        let lines = self.every_line().map_err(ExportError::CannotRead)?;
        let cannot = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => ExportError::Exists { path: path.to_owned() },
            _ => ExportError::CannotWrite { path: path.to_owned(), cause: error.into() },
        };
        let mut target = OpenOptions::new().write(true).create_new(true).open(path).map_err(cannot)?;
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let written = target.write_all(text.as_bytes()).and_then(|()| target.sync_all());
        if let Err(error) = written {
            // Half an export would be mistaken for a whole one.
            let _ = fs::remove_file(path);
            return Err(cannot(error));
        }
        Ok(lines.len())
    }

    /// The lines of all records, each once, those in the file first.
    fn every_line(&mut self) -> Result<Vec<String>, Notice> {
        let mut lines = Vec::new();
        if let Ok(path) = self.path.clone() {
            let cannot =
                |error: std::io::Error| Notice::CannotRead { path: path.clone(), cause: error.into() };
            if let Some(mut file) = file::open_to_read(&path).map_err(cannot)? {
                let tail = file::read_from(&mut file, 0).map_err(cannot)?;
                let mut seen = std::collections::BTreeSet::new();
                let mut all = tail.whole;
                all.push(tail.rest);
                all.retain(|line| lines::entry(line).is_ok_and(|entry| seen.insert(entry.id().to_owned())));
                lines.extend(Sorted::new(&all, 0).good.into_iter().map(|(line, _)| line));
            }
        }
        lines.extend(self.waiting.iter().cloned());
        Ok(lines)
    }
}
