//! A run as text, to be carried elsewhere and replayed to the same bytes: a line for a chat, or a file.
//!
//! ```text
//! halfopen breaker v1 preset tuned seed 7; 20s hang payments for 10s; you 24.366s crash A; until 38.5s; digest 9c1f…
//! ```
//!
//! Both hold the scenario, what was done by hand, the version of the model, the instant at which the run stands, and the
//! [digest](super::digest) of the run there, by which a replay is known to be the same. The file is a scenario file
//! with a few more keys, which is read where scenario files are; the line is read here.

mod line;

use std::fmt::Write;

pub use line::{Words, read_digest};

use super::digest::digest;
use super::fault::timed;
use super::lab::Lab;
use super::narrate;
use super::scenario::Scenario;
use crate::engine::run::By;
use crate::engine::time::{Span, Time};

/// The format of run files and lines; a newer one is refused.
pub const FORMAT: u64 = 1;
/// The most sentences that are read.
pub const MOST_ACTS: usize = 10_000;
/// The longest run that is read: more than eleven days.
pub const LONGEST_RUN: Span = Span::from_secs(1_000_000);
/// A line of more bytes is too long for many a chat.
pub const SHORT: usize = 2_000;

/// A run as it was recorded.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What decides everything that happens; what was done by hand is in the script, too.
    pub scenario: Scenario,
    /// The version of the model, if it is told.
    pub model: Option<u32>,
    /// The instant at which it stands, if it is told.
    pub until: Option<Time>,
    /// The digest of the run there, if it is told.
    pub digest: Option<u64>,
}

/// What a replay of a recording came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replay {
    /// The run that was recorded.
    Same,
    /// Another run, with this digest.
    Other(u64),
    /// Nothing tells.
    Unknown,
}

impl Recording {
    /// The run of `lab` as it is when everything that is due at its present instant has happened.
    pub fn of(lab: &dyn Lab) -> Self {
        Self {
            scenario: Scenario { script: lab.log().to_vec(), ..lab.scenario().clone() },
            model: Some(lab.spec().version),
            until: Some(lab.now()),
            digest: Some(settled(lab)),
        }
    }

    /// Holds a replay, which stands at the recorded instant, against the recording.
    pub fn compare(&self, replayed: &dyn Lab) -> Replay {
        match self.digest {
            None => Replay::Unknown,
            Some(recorded) => {
                let now = settled(replayed);
                if now == recorded { Replay::Same } else { Replay::Other(now) }
            }
        }
    }

    /// What there is to tell of a replay: another version of the model, another digest. Its beginning fits a narrow line.
    pub fn remark(&self, replay: Replay) -> Option<String> {
        let version = self.scenario.lab.spec.version;
        let other = self.model.filter(|model| *model != version);
        let digests = match (self.digest, replay) {
            (Some(recorded), Replay::Other(now)) => {
                format!(" (digest {recorded:016x} then, {now:016x} now)")
            }
            _ => String::new(),
        };
        let was = other.map(|model| format!("Recorded with model version {model}, this is {version}"));
        match (was, replay) {
            (None, Replay::Same | Replay::Unknown) => None,
            (Some(was), Replay::Same) => Some(format!("{was}; it replays the same.")),
            (Some(was), Replay::Unknown) => {
                Some(format!("{was}, and nothing tells whether it replays the same."))
            }
            (Some(was), Replay::Other(_)) => {
                Some(format!("{was}, and it no longer replays the same{digests}."))
            }
            (None, Replay::Other(_)) => Some(format!(
                "This is not the run that was recorded{digests}: its text was changed, or this program is another one."
            )),
        }
    }

    /// What was done by `by`, as timed sentences.
    pub fn sentences(&self, by: By) -> impl Iterator<Item = String> {
        self.scenario.script.iter().filter(move |entry| entry.by == by).map(timed)
    }

    /// The run as a file: a scenario file that also tells what was done by hand and what came of it. `expect` are
    /// conditions on it.
    ///
    /// The digest stands first, so that a file that is cut off is known for it.
    pub fn file(&self, title: Option<&str>, expect: &[String]) -> String {
        let scenario = &self.scenario;
        let spec = scenario.lab.spec;
        let mut out = String::from(
            "# A run. `halfopen run FILE` replays it, `halfopen lab FILE` opens it where it stands.\n",
        );
        let _ = writeln!(out, "format = {FORMAT}");
        if let Some(digest) = self.digest {
            let _ = writeln!(out, "digest = \"{digest:016x}\"");
        }
        let named = format!("{}, {}, seed {}", spec.title, scenario.preset, scenario.seed);
        let _ = writeln!(out, "title = {}", quoted(title.unwrap_or(&named)));
        let _ = writeln!(out, "lab = {}", quoted(spec.name));
        if let Some(model) = self.model {
            let _ = writeln!(out, "model = {model}");
        }
        if !scenario.preset.is_empty() {
            let _ = writeln!(out, "preset = {}", quoted(scenario.preset));
        }
        let _ = writeln!(out, "seed = {}", scenario.seed);
        if let Some(until) = self.until {
            let _ = writeln!(out, "for = \"{}\"", until.since(Time::ZERO));
        }
        let knobs = narrate::changed(scenario);
        if !knobs.is_empty() {
            let set: Vec<String> = knobs
                .iter()
                .map(|(knob, value)| format!("{knob} = {}", quoted(&value.to_string())))
                .collect();
            let _ = writeln!(out, "set = {{ {} }}", set.join(", "));
        }
        list(&mut out, "expect", expect.iter().cloned());
        list(&mut out, "at", self.sentences(By::Script));
        list(&mut out, "hand", self.sentences(By::Hand));
        out
    }

    /// Why its line and its file would not be read again, as a sentence, if that is so.
    pub fn unreadable(&self) -> Option<String> {
        let acts = self.scenario.script.len();
        if acts > MOST_ACTS {
            return Some(format!(
                "This run has {acts} acts, and no more than {MOST_ACTS} would be read again."
            ));
        }
        let until = self.until.filter(|until| until.since(Time::ZERO) > LONGEST_RUN)?;
        Some(format!("This run stands at {until} s, and no more than {LONGEST_RUN} would be read again."))
    }

    /// A name for its file: `breaker-tuned-7.toml`.
    pub fn file_name(&self) -> String {
        let scenario = &self.scenario;
        let parts = [scenario.lab.spec.name, scenario.preset].into_iter().filter(|part| !part.is_empty());
        format!("{}-{}.toml", parts.collect::<Vec<_>>().join("-"), scenario.seed)
    }
}

/// The digest of the run with every event of its present instant handled.
fn settled(lab: &dyn Lab) -> u64 {
    let mut lab = lab.boxed_clone();
    lab.advance(lab.now(), u64::MAX);
    digest(&*lab)
}

/// Writes a list of strings, one a line.
fn list(out: &mut String, key: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for line in lines {
        let _ = writeln!(out, "  {},", quoted(&line));
    }
    out.push_str("]\n");
}

/// A TOML string. Control characters never come this far; if one did, it would be escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue::find;

    fn run() -> Box<dyn Lab> {
        let mut scenario = Scenario::first(find("breaker").unwrap()).with_seed(7);
        scenario.knobs.set("call_timeout", "500ms").unwrap();
        scenario.add(&["2s hang payments for 3s".to_owned()], By::Script).unwrap();
        let mut lab = scenario.open();
        lab.advance(Time::from_nanos(4_366_000_001), u64::MAX);
        lab.act_on("crash A").unwrap();
        lab.advance(Time::from_millis(6500), u64::MAX);
        lab
    }

    #[test]
    fn a_run_is_written_as_a_line_and_as_a_file() {
        let lab = run();
        let recording = Recording::of(&*lab);
        let digest = format!("{:016x}", recording.digest.unwrap());
        assert_eq!(
            recording.line(),
            format!(
                "halfopen breaker v{} preset no-breaker seed 7; set call_timeout 500ms; 2s hang payments for 3s; \
                 you 4.366000001s crash A; until 6.5s; digest {digest}",
                lab.spec().version
            )
        );
        let file = recording.file(None, &["ok_per_s > \"x\"".to_owned()]);
        assert!(file.contains("hand = [\n  \"4.366000001s crash A\",\n]\n"), "{file}");
        assert!(file.contains("set = { call_timeout = \"500ms\" }\n"), "{file}");
        assert!(file.contains("  \"ok_per_s > \\\"x\\\"\",\n"), "{file}");
        assert_eq!(recording.file_name(), "breaker-no-breaker-7.toml");
    }

    #[test]
    fn what_became_of_a_recording_is_told() {
        let lab = run();
        let mut recording = Recording::of(&*lab);
        let told = |recording: &Recording| recording.remark(recording.compare(&*lab));
        assert_eq!(told(&recording), None);
        recording.model = Some(99);
        let version = lab.spec().version;
        assert_eq!(
            told(&recording).unwrap(),
            format!("Recorded with model version 99, this is {version}; it replays the same.")
        );
        recording.digest = Some(1);
        let sentence = told(&recording).unwrap();
        assert!(
            sentence.contains("it no longer replays the same (digest 0000000000000001 then,"),
            "{sentence}"
        );
        recording.model = None;
        assert!(told(&recording).unwrap().starts_with("This is not the run that was recorded (digest"));
        recording.digest = None;
        assert_eq!(told(&recording), None);
    }
}
