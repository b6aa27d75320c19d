//! The journal's file: opened, locked, read from a mark on, cut and appended to. Knows lines, not what they mean.

use std::fs::{File, OpenOptions, TryLockError, create_dir_all};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How long a lock is waited for. Another copy holds it for the time of one write; a stopped one could hold it for ever.
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: Duration = Duration::from_millis(2);

/// Opens the journal to read it, under a shared lock where that can be had. None where there is no such file.
pub fn open_to_read(path: &Path) -> io::Result<Option<File>> {
    let file = match regular(path).and_then(|()| File::open(path)) {
        Ok(file) => file,
        // A folder that can't be is told when something is to be written there.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // Without the lock a line may be seen half written. That is no loss: it is read whole the next time.
    let _ = lock(|| file.try_lock_shared());
    Ok(Some(file))
}

/// Opens the journal to append to it, under the lock; makes it and its folder where they are not there. The lock goes with
/// the file.
pub fn open_to_append(path: &Path) -> io::Result<File> {
    match regular(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                create_dir_all(folder)?;
            }
        }
        other => other?,
    }
    let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    lock(|| file.try_lock())?;
    Ok(file)
}

/// A pipe would be waited on for ever, and a device may never end.
fn regular(path: &Path) -> io::Result<()> {
    if std::fs::metadata(path)?.is_file() { Ok(()) } else { Err(ErrorKind::InvalidInput.into()) }
}

fn lock(attempt: impl Fn() -> Result<(), TryLockError>) -> io::Result<()> {
    for _ in 0..LOCK_TRIES {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(LOCK_PAUSE),
            // Some network file systems have no locks. One writer is the normal case, and each line is one write.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(ErrorKind::WouldBlock.into())
}

/// Which file a path leads to, so that a file that was replaced under us is read anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identity(u64, u64);

/// The identity and the length of an open file.
pub fn look(file: &File) -> io::Result<(Identity, u64)> {
    let metadata = file.metadata()?;
    #[cfg(unix)]
    let identity = {
        use std::os::unix::fs::MetadataExt;
        Identity(metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let identity = Identity(0, 0);
    Ok((identity, metadata.len()))
}

/// What stands in a file from a mark on.
#[derive(Debug)]
pub struct Tail {
    /// The lines that are there with their newline.
    pub whole: Vec<Vec<u8>>,
    /// What stands behind the last newline.
    pub rest: Vec<u8>,
    /// Where the last newline ends.
    pub end: u64,
}

/// Reads from `mark` on.
pub fn read_from(file: &mut File, mark: u64) -> io::Result<Tail> {
    file.seek(SeekFrom::Start(mark))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let cut = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let rest = bytes.split_off(cut);
    let end = mark + bytes.len() as u64;
    bytes.pop();
    let whole =
        if cut == 0 { Vec::new() } else { bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
    Ok(Tail { whole, rest, end })
}

/// Puts bytes to the end of the file; a test puts another one in its place to fill the disk.
pub type Put = Box<dyn FnMut(&mut File, &[u8]) -> io::Result<()> + Send>;

/// Writes all of it or nothing, and has it on the disk when it returns.
pub fn append(file: &mut File, bytes: &[u8], put: &mut Put) -> io::Result<()> {
    let (_, before) = look(file)?;
    let done = put(file, bytes).and_then(|()| file.sync_data());
    if done.is_err() {
        // Half a line must not stay in the way of the next one. Where this fails too, the next append cuts it.
        let _ = file.set_len(before);
    }
    done
}

/// A new file is only sure to be there once its folder is on the disk too.
pub fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        // Not every file system can; the record itself is written all the same.
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = path;
}
