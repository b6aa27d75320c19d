//! Where the course comes from: the binary itself, or a folder.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::course::{self, Loaded, LoadedScenario, SourceFile};

/// The largest file that is handed on, and a bound on their number; the course's own limits are a little tighter.
const LARGEST: u64 = 1_100_000;
const MOST: usize = 20_100;
/// Folders below the course folder: lessons/NN-name/scenarios.
const DEEPEST: usize = 4;

/// Loads the course in `folder`, or the built-in one. The error says what cannot be read and what to do.
pub fn load(folder: Option<&Path>) -> Result<Loaded, String> {
    let Some(folder) = folder else { return Ok(course::load(&course::embedded::files())) };
    if !folder.is_dir() {
        return Err(format!(
            "{} is not a folder; a course is a folder with lessons/ and quizzes/",
            folder.display()
        ));
    }
    let mut files = Vec::new();
    for part in ["lessons", "quizzes"] {
        let inside = folder.join(part);
        if inside.is_dir() {
            gather(folder, &inside, 0, &mut files).map_err(|err| format!("{}: {err}", inside.display()))?;
        }
    }
    if files.is_empty() {
        return Err(format!("{} has no lessons/ and no quizzes/ to read", folder.display()));
    }
    Ok(course::load(&files))
}

/// Loads a scenario file. The error says what cannot be read.
pub fn load_scenario(path: &Path) -> Result<LoadedScenario, String> {
    let root = path.parent().unwrap_or(Path::new(""));
    let file = read(root, path).map_err(|err| format!("{} cannot be read: {err}", path.display()))?;
    Ok(course::load_scenario(&SourceFile::new(path.display().to_string(), file.text)))
}

fn gather(root: &Path, folder: &Path, depth: usize, files: &mut Vec<SourceFile>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < DEEPEST {
            gather(root, &path, depth + 1, files)?;
        } else if path.is_file() && files.len() < MOST {
            let ends = path.extension().is_some_and(|ending| ending == "md" || ending == "toml");
            if ends {
                files.push(read(root, &path)?);
            }
        }
    }
    Ok(())
}

/// A file's text as far as it is of a sane size; what is cut or is not text shows as an error of the course.
fn read(root: &Path, path: &Path) -> std::io::Result<SourceFile> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    let inside =
        path.strip_prefix(root).unwrap_or(path).components().map(|part| part.as_os_str().to_string_lossy());
    let name = inside.collect::<Vec<_>>().join("/");
    Ok(SourceFile::new(name, String::from_utf8_lossy(&bytes).into_owned()))
}
