//! A text as a new file: whole or not at all, and never over one that is there.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::journal::Cause;

/// Why a file was not written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotWritten {
    /// It is there already.
    #[error("{} is there already and is not overwritten. Name another file, or remove it first.", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It can't be written.
    #[error("{} can't be written ({cause}). Nothing was saved: name a file in a folder of yours.", path.display())]
    Cannot {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: Cause,
    },
}

/// Whether there is nothing at `path` yet, not even a link that leads nowhere: to be asked before long work.
pub fn is_free(path: &Path) -> Result<(), NotWritten> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(NotWritten::Exists { path: path.to_owned() }),
        // What is wrong with the folder shows when the file is written.
        Err(_) => Ok(()),
    }
}

/// Writes `text` to a new file. It is written beside its place first, so that nobody ever reads half of it.
pub fn write(path: &Path, text: &str) -> Result<(), NotWritten> {
    is_free(path)?;
    write_beside(path, text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => NotWritten::Exists { path: path.to_owned() },
        _ => NotWritten::Cannot { path: path.to_owned(), cause: error.into() },
    })
}

fn write_beside(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let done = create(&beside, text).and_then(|()| put(&beside, path, text));
    let _gone = fs::remove_file(&beside);
    done
}

/// A link, unlike renaming, leaves alone what came there meanwhile.
fn put(beside: &Path, path: &Path, text: &str) -> io::Result<()> {
    match fs::hard_link(beside, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            // Not every file system has links.
            create(path, text).inspect_err(|error| {
                if error.kind() != ErrorKind::AlreadyExists {
                    let _gone = fs::remove_file(path);
                }
            })
        }
        done => done,
    }
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.toml");
        write(&path, "one\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let refused = write(&path, "two\n").unwrap_err();
        assert!(refused.to_string().contains("is there already and is not overwritten"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
    }

    #[test]
    fn where_nothing_can_be_written_it_says_so() {
        for path in ["/nowhere/run.toml", "/", "", ".."] {
            let refused = write(Path::new(path), "one\n").unwrap_err().to_string();
            assert!(
                refused.contains("can't be written") || refused.contains("is there already"),
                "{path}: {refused}"
            );
        }
        if Path::new("/dev/full").exists() {
            let refused = create(Path::new("/dev/full"), "x");
            assert!(refused.is_err());
        }
    }
}
