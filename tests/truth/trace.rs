//! Trace files: found, read, and their settings by name. Every error is a sentence.

use std::path::{Path, PathBuf};

use halfopen::engine::time::{Span, Time};
use serde_json::{Map, Value};

/// One recorded run.
pub struct Trace {
    pub id: String,
    /// `impl`: which system, and which version of it.
    pub system: String,
    /// The clock when the system was created.
    pub start: Time,
    pub config: Settings,
    pub steps: Vec<Step>,
    /// `[step index, clock, from, to]` each.
    pub transitions: Vec<Value>,
}

/// One step: what is done, and the whole recorded row.
pub struct Step {
    pub at: Time,
    pub op: String,
    pub call: Option<usize>,
    /// The duration given with a result, or the argument of an operation.
    pub took: Option<Span>,
    pub row: Vec<Value>,
}

impl Step {
    fn read(value: &Value) -> Result<Self, String> {
        let row = value.as_array().filter(|row| row.len() > 6).ok_or("a step is not a row")?.clone();
        let at = row[0].as_u64().ok_or("a step has no time")?;
        Ok(Self {
            at: Time::from_millis(at),
            op: row[1].as_str().ok_or("a step has no operation")?.to_owned(),
            call: row[2].as_u64().and_then(|n| usize::try_from(n).ok()),
            took: row[3].as_f64().map(millis),
            row,
        })
    }
}

/// The settings of a trace, in the words and units of the system.
pub struct Settings(Map<String, Value>);

impl Settings {
    /// A setting that may be absent.
    pub fn find(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn get<'a, T>(&'a self, name: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<T, String> {
        self.find(name).and_then(read).ok_or_else(|| format!("config.{name} is missing or of the wrong kind"))
    }

    pub fn whole(&self, name: &str) -> Result<u32, String> {
        self.get(name, |v| v.as_u64().and_then(|n| u32::try_from(n).ok()))
    }

    pub fn number(&self, name: &str) -> Result<f64, String> {
        self.get(name, Value::as_f64)
    }

    pub fn millis(&self, name: &str) -> Result<Span, String> {
        self.number(name).map(millis)
    }

    pub fn flag(&self, name: &str) -> Result<bool, String> {
        self.get(name, Value::as_bool)
    }

    pub fn word(&self, name: &str) -> Result<&str, String> {
        self.get(name, Value::as_str)
    }
}

/// Milliseconds with a fraction, to the nearest nanosecond.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
pub fn millis(ms: f64) -> Span {
    Span::from_nanos((ms * 1e6).round() as u64)
}

/// All traces in `folder/*.jsonl` and `folder/textbook/**/*.json`, each with its place, in a fixed order.
pub fn load(folder: &Path) -> Vec<(String, Result<Trace, String>)> {
    let mut traces = Vec::new();
    for file in files(folder, "jsonl", false) {
        for (index, line) in text(&file).lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            traces.push((format!("{}:{}", file.display(), index + 1), read(line)));
        }
    }
    for file in files(&folder.join("textbook"), "json", true) {
        traces.push((file.display().to_string(), read(&text(&file))));
    }
    traces
}

/// An unreadable file is an empty one, which is no trace and so a failure.
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

fn files(folder: &Path, extension: &str, deep: bool) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let mut found: Vec<_> =
        files.into_iter().filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    if deep {
        found.extend(folders.iter().flat_map(|folder| files_below(folder, extension)));
    }
    found
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    files(folder, extension, true)
}

fn read(text: &str) -> Result<Trace, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("not a trace: {e}"))?;
    let word = |name: &str| {
        value[name].as_str().map(str::to_owned).ok_or_else(|| format!("a trace without {name:?}"))
    };
    let list = |name: &str| value[name].as_array().ok_or_else(|| format!("a trace without {name:?}"));
    Ok(Trace {
        id: word("id")?,
        system: word("impl")?,
        start: Time::from_millis(value["start"].as_u64().ok_or("a trace without \"start\"")?),
        config: Settings(value["config"].as_object().ok_or("a trace without \"config\"")?.clone()),
        steps: list("steps")?.iter().map(Step::read).collect::<Result<_, _>>()?,
        transitions: list("transitions")?.clone(),
    })
}
