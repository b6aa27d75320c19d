//! What the journal has to say to a person: what happened, to which file, and what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::home::VARIABLE;
use crate::study::record::Unreadable;

/// Something that the learner should know about the journal. None of it stops the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// There is no place for a journal.
    NoHome {
        /// Why not.
        reason: String,
    },
    /// The journal is there and can't be read.
    CannotRead {
        /// The journal.
        path: PathBuf,
        /// Why not.
        cause: Cause,
    },
    /// The file holds something else.
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// Lines in the file's middle are no records.
    BadLines {
        /// The journal.
        path: PathBuf,
        /// Their numbers, the first being 1, and what is wrong with them.
        lines: Vec<(u64, Unreadable)>,
    },
    /// The last line had been cut off and was removed.
    Torn {
        /// The journal.
        path: PathBuf,
        /// How many bytes were removed.
        bytes: usize,
    },
    /// Records of another version were found.
    Foreign {
        /// The journal.
        path: PathBuf,
        /// How many.
        records: usize,
    },
    /// Records could not be written.
    NotSaved {
        /// The journal.
        path: PathBuf,
        /// What went wrong.
        cause: Cause,
        /// How many records wait in memory.
        records: usize,
    },
    /// Records that had waited are written.
    SavedAgain {
        /// How many.
        records: usize,
    },
}

/// Why records could not be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The disk or the quota is full.
    Full(String),
    /// Not allowed to.
    Denied(String),
    /// Another process holds the lock and does not let go.
    Locked,
    /// Not a regular file.
    NotAFile,
    /// Anything else.
    Other(String),
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        // "No space left on device" is for people; " (os error 28)" behind it is not.
        let text = error.to_string();
        let text = text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words).to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::Full(text),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied(text),
            ErrorKind::WouldBlock => Self::Locked,
            ErrorKind::InvalidInput | ErrorKind::IsADirectory => Self::NotAFile,
            _ => Self::Other(text),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(reason) | Self::Denied(reason) | Self::Other(reason) => f.write_str(reason),
            Self::Locked => f.write_str("another program holds its lock"),
            Self::NotAFile => f.write_str("it is not a regular file"),
        }
    }
}

impl Cause {
    fn advice_to_read(&self) -> String {
        match self {
            Self::Denied(_) => format!("Make it readable, or set {VARIABLE} to a folder of yours."),
            Self::NotAFile => format!("Move it away, or set {VARIABLE} to another folder."),
            Self::Full(_) | Self::Locked | Self::Other(_) => {
                format!("Mend that, or set {VARIABLE} to another folder.")
            }
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::Full(_) => "Free some space; they are written with the next one.".to_owned(),
            Self::Denied(_) => format!("Make it writable, or set {VARIABLE} to a folder of yours."),
            Self::Locked => "End that program; they are written with the next one.".to_owned(),
            Self::NotAFile => format!("Move it away, or set {VARIABLE} to another folder."),
            Self::Other(_) => format!("Mend that, or set {VARIABLE} to another folder."),
        }
    }
}

impl Notice {
    /// Whether it says the same again, but for the number of records.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::NotSaved { path, cause, .. }, Self::NotSaved { path: path2, cause: cause2, .. }) => {
                path == path2 && cause == cause2
            }
            _ => self == other,
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome { reason } => write!(
                f,
                "Nothing is saved: there is no place for your progress ({reason}). Set {VARIABLE} to a folder to keep it."
            ),
            Self::CannotRead { path, cause } => write!(
                f,
                "Your progress in {} can't be read ({cause}). It is left as it is. {}",
                path.display(),
                cause.advice_to_read(),
            ),
            Self::NotAJournal { path } => write!(
                f,
                "{} is no journal of this program: not one of its lines is a record. It is left as it is and nothing \
                 is saved. Move it away, or set {VARIABLE} to another folder.",
                path.display()
            ),
            Self::BadLines { path, lines } => write_bad_lines(f, path, lines),
            Self::Torn { path, bytes } => write!(
                f,
                "The last line of {} had been cut off while it was written, so {} {} removed. Everything before it is \
                 kept.",
                path.display(),
                count(*bytes, "byte", "bytes"),
                if *bytes == 1 { "was" } else { "were" },
            ),
            Self::Foreign { path, records } => write!(
                f,
                "{} in {} made by another version of this program: kept, and not counted here.",
                count(*records, "record", "records"),
                path.display(),
            ),
            Self::NotSaved { path, cause, records } => write!(
                f,
                "Not saved: {} can't be written ({cause}). {} in memory. {}",
                path.display(),
                count(*records, "record waits", "records wait"),
                cause.advice(),
            ),
            Self::SavedAgain { records } => write!(
                f,
                "Saved again: {} written.",
                count(*records, "record that had waited is", "records that had waited are")
            ),
        }
    }
}

/// Names the first few; the first one's fault stands for all.
fn write_bad_lines(f: &mut fmt::Formatter<'_>, path: &Path, lines: &[(u64, Unreadable)]) -> fmt::Result {
    const NAMED: usize = 5;
    let numbers: Vec<String> = lines.iter().take(NAMED).map(|(number, _)| number.to_string()).collect();
    let more = lines.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let (line, skipped) = if lines.len() == 1 {
        ("line", "it is left in the file and")
    } else {
        ("lines", "they are left in the file and")
    };
    write!(f, "{}: {line} {}{more} can't be read", path.display(), numbers.join(", "))?;
    if let Some((number, reason)) = lines.first() {
        write!(f, " (line {number}: {reason})")?;
    }
    write!(f, "; {skipped} skipped. Everything else counts.")
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
