//! A goal being worked on: the scenario that it starts from, and what the learner changed of it.
//!
//! Changes are kept as typed, since what a sentence may name depends on the knobs: with five shards there is a `shard-5`.

use super::catalogue::Entry;
use super::fault::Vocabulary;
use super::scenario::Scenario;
use super::text::Misread;

/// A goal being worked on.
#[derive(Clone, Debug)]
pub struct Attempt {
    base: Scenario,
    locked: Vec<String>,
    changes: Vec<Change>,
}

/// Something that the learner changed.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Change {
    /// A knob, from the start of the run on.
    Knob(&'static str, String),
    /// A sentence with its time.
    Sentence(String),
}

impl Attempt {
    /// Nothing changed yet. Knobs in `locked` stay as they are.
    pub const fn new(base: Scenario, locked: Vec<String>) -> Self {
        Self { base, locked, changes: Vec::new() }
    }

    /// The lab.
    pub const fn lab(&self) -> &'static Entry {
        self.base.lab
    }

    /// Turns a knob from the start of the run on.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Misread> {
        let (_, knob) = self.base.knobs.find(name)?;
        self.refuse_locked(knob.name)?;
        let value = knob.read(value)?.to_string();
        let before = self.changes.clone();
        self.changes.retain(|change| !matches!(change, Change::Knob(name, _) if *name == knob.name));
        self.changes.push(Change::Knob(knob.name, value));
        self.keep_if_sound(before)
    }

    /// Adds a sentence with its time: `20s heal payments`.
    pub fn at(&mut self, sentence: &str) -> Result<(), Misread> {
        if let [_, "set", name, ..] = sentence.split_whitespace().collect::<Vec<_>>()[..] {
            self.refuse_locked(name)?;
        }
        let before = self.changes.clone();
        self.changes.push(Change::Sentence(sentence.trim().to_owned()));
        self.keep_if_sound(before)
    }

    /// Takes back the latest change; it is returned.
    pub fn undo(&mut self) -> Option<String> {
        self.changes.pop().map(|change| change.line())
    }

    /// Takes back every change.
    pub fn clear(&mut self) {
        self.changes.clear();
    }

    /// The changes, each as it can be typed.
    pub fn lines(&self) -> Vec<String> {
        self.changes.iter().map(Change::line).collect()
    }

    /// The scenario with the changes.
    pub fn scenario(&self) -> Result<Scenario, Misread> {
        let mut scenario = self.base.clone();
        for change in &self.changes {
            if let Change::Knob(name, value) = change {
                scenario.knobs.set(name, value)?;
            }
        }
        let parts = (scenario.lab.parts)(&scenario.knobs);
        let mut more = Vec::new();
        for change in &self.changes {
            if let Change::Sentence(sentence) = change {
                let faults = scenario.lab.spec.faults;
                more.push(Vocabulary { faults, parts: &parts, knobs: &scenario.knobs }.read_timed(sentence)?);
            }
        }
        scenario.script.extend(more);
        Ok(scenario)
    }

    fn keep_if_sound(&mut self, before: Vec<Change>) -> Result<(), Misread> {
        let sound = self.scenario().map(|_| ());
        if sound.is_err() {
            self.changes = before;
        }
        sound
    }

    fn refuse_locked(&self, name: &str) -> Result<(), Misread> {
        if self.locked.iter().any(|locked| locked == name) {
            let message = format!("this goal keeps `{name}` as it is");
            return Err(Misread::whole(name, message, Some("change something else".to_owned())));
        }
        Ok(())
    }
}

impl Change {
    fn line(&self) -> String {
        match self {
            Self::Knob(name, value) => format!("set {name} {value}"),
            Self::Sentence(sentence) => sentence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    fn attempt() -> Attempt {
        Attempt::new(Scenario::first(catalogue::find("breaker").unwrap()), vec!["rate".to_owned()])
    }

    #[test]
    fn what_is_locked_stays_as_it_is() {
        let mut attempt = attempt();
        assert!(attempt.set("rate", "1").unwrap_err().message.contains("keeps `rate`"));
        assert!(attempt.at("5s set rate 1").unwrap_err().message.contains("keeps `rate`"));
        assert_eq!(attempt.lines(), [""; 0]);
    }

    #[test]
    fn a_change_that_makes_another_meaningless_is_refused() {
        let mut attempt = attempt();
        attempt.set("shards", "2").unwrap();
        assert!(attempt.at("5s hang shard-5").is_err());
        attempt.set("shards", "5").unwrap();
        attempt.at("5s hang shard-5").unwrap();
        assert!(attempt.set("shards", "2").is_err());
        assert_eq!(attempt.lines(), ["set shards 5", "5s hang shard-5"]);
        assert_eq!(attempt.scenario().unwrap().script.len(), 1);
        assert_eq!(attempt.undo().as_deref(), Some("5s hang shard-5"));
        attempt.set("shards", "2").unwrap();
    }
}
