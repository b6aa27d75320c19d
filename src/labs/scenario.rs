//! A scenario: a lab, how it is set up, a seed and a script. Together they decide everything that happens.

use super::catalogue;
use super::fault::{Act, Vocabulary};
use super::knob::Knobs;
use super::lab::Lab;
use super::text::{Misread, nearest};
use crate::engine::run::{By, Entry};
use crate::engine::time::Time;

/// How a lab is set up and what is done to it, and when.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The lab.
    pub lab: &'static catalogue::Entry,
    /// The preset that it starts from.
    pub preset: &'static str,
    /// Every knob.
    pub knobs: Knobs,
    /// The seed of every draw.
    pub seed: u64,
    /// What is done, when, and by whom, in the order given.
    pub script: Vec<Entry<Act>>,
}

/// A scenario in words, as files, lessons and commands give it.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The lab's name.
    pub lab: &'a str,
    /// The preset's name; the lab's first if none is given.
    pub preset: Option<&'a str>,
    /// Knobs and their values.
    pub set: &'a [(String, String)],
    /// The seed.
    pub seed: u64,
    /// Fault sentences with their times.
    pub at: &'a [String],
}

/// Where in a [`Wanted`] an error lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Field {
    /// The lab's name.
    Lab,
    /// The preset's name.
    Preset,
    /// The name of the knob at this index of `set`.
    Knob(usize),
    /// The value at this index of `set`.
    Value(usize),
    /// The sentence at this index of `at`.
    Sentence(usize),
}

/// An error in a [`Wanted`]: the field, and what is wrong in its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which text.
    pub field: Field,
    /// What is wrong in it.
    pub misread: Misread,
}

impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        // A lab is known by its name.
        self.lab.spec.name == other.lab.spec.name
            && (self.preset, &self.knobs, self.seed) == (other.preset, &other.knobs, other.seed)
            && self.script == other.script
    }
}

impl Scenario {
    /// The lab `entry` as its first preset sets it up.
    pub fn first(entry: &'static catalogue::Entry) -> Self {
        let mut knobs = Knobs::defaults(entry.spec.knobs);
        let preset = entry.spec.presets.first();
        for (name, value) in preset.map(|p| p.set).unwrap_or_default() {
            // A test holds every preset against its knobs.
            let _refused = knobs.set(name, value);
        }
        Self { lab: entry, preset: preset.map_or("", |p| p.name), knobs, seed: 1, script: Vec::new() }
    }

    /// The scenario that is wanted, or everything that is wrong with it.
    pub fn read(wanted: &Wanted<'_>) -> Result<Self, Vec<Refusal>> {
        let refuse = |field, misread| vec![Refusal { field, misread }];
        let entry = catalogue::find(wanted.lab).map_err(|misread| refuse(Field::Lab, misread))?;
        let mut scenario = Self::first(entry);
        scenario.seed = wanted.seed;
        if let Some(name) = wanted.preset {
            scenario.use_preset(name).map_err(|misread| refuse(Field::Preset, misread))?;
        }
        let mut refusals = Vec::new();
        for (i, (name, value)) in wanted.set.iter().enumerate() {
            if let Err(misread) = scenario.knobs.find(name) {
                refusals.push(Refusal { field: Field::Knob(i), misread });
            } else if let Err(misread) = scenario.knobs.set(name, value) {
                refusals.push(Refusal { field: Field::Value(i), misread });
            }
        }
        if let Err(misread) = scenario.add(wanted.at, By::Script) {
            let placed = |(i, misread)| Refusal { field: Field::Sentence(i), misread };
            refusals.extend(misread.into_iter().map(placed));
        }
        if refusals.is_empty() { Ok(scenario) } else { Err(refusals) }
    }

    /// Adds timed sentences to the script, as done by `by`; or everything that is wrong, with the number of its sentence.
    pub fn add(&mut self, sentences: &[String], by: By) -> Result<(), Vec<(usize, Misread)>> {
        let parts = (self.lab.parts)(&self.knobs);
        let vocabulary = Vocabulary { faults: self.lab.spec.faults, parts: &parts, knobs: &self.knobs };
        let mut wrong = Vec::new();
        for (i, sentence) in sentences.iter().enumerate() {
            match vocabulary.read_timed(sentence) {
                Ok(entry) => self.script.push(Entry { by, ..entry }),
                Err(misread) => wrong.push((i, misread)),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Sets the knobs as the preset `name` says, the others to their defaults.
    pub fn use_preset(&mut self, name: &str) -> Result<(), Misread> {
        let presets = self.lab.spec.presets;
        let Some(preset) = presets.iter().find(|preset| preset.name == name) else {
            let help = nearest(name, presets.iter().map(|p| p.name)).map_or_else(
                || format!("it has: {}", presets.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("lab `{}` has no preset `{name}`", self.lab.spec.name);
            return Err(Misread::whole(name, message, Some(help)));
        };
        self.knobs = Knobs::defaults(self.lab.spec.knobs);
        self.preset = preset.name;
        for (knob, value) in preset.set {
            self.knobs.set(knob, value)?;
        }
        Ok(())
    }

    /// The same with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }

    /// Starts the lab.
    pub fn open(&self) -> Box<dyn Lab> {
        (self.lab.open)(self)
    }

    /// Runs the lab from its start to `until`.
    pub fn run(&self, until: Time) -> Box<dyn Lab> {
        let mut lab = self.open();
        lab.advance(until, u64::MAX);
        lab
    }
}
