//! A course's set-ups, which are text with its place, as the labs' own scenarios.
//!
//! An error comes with the [`Place`] of the text and with what is wrong in it: `texts.within(place, misread.at)` is the
//! guilty word.

use crate::course::SetUp;
use crate::course::place::Place;
use crate::course::setup::{Setting, Solution};
use crate::labs::scenario::{Field, Refusal, Scenario, Wanted};
use crate::labs::text::Misread;

/// What is wrong, where.
pub type Wrong = (Place, Misread);

/// The scenario that a set-up describes, or everything that is wrong with it.
pub fn scenario(setup: &SetUp) -> Result<Scenario, Vec<Wrong>> {
    let (set, at) = (setup.pairs(), setup.sentences());
    let wanted = Wanted {
        lab: &setup.lab,
        preset: setup.preset.as_ref().map(|preset| preset.value.as_str()),
        set: &set,
        seed: setup.seed,
        at: &at,
    };
    Scenario::read(&wanted)
        .map_err(|refusals| refusals.into_iter().map(|refusal| placed(setup, refusal)).collect())
}

fn placed(setup: &SetUp, refusal: Refusal) -> Wrong {
    let place = match refusal.field {
        Field::Lab => Some(setup.lab.place),
        Field::Preset => setup.preset.as_ref().map(|preset| preset.place),
        Field::Knob(i) => setup.set.get(i).map(|setting| setting.knob.place),
        Field::Value(i) => setup.set.get(i).map(|setting| setting.value.place),
        Field::Sentence(i) => setup.at.get(i).map(|sentence| sentence.place),
    };
    (place.unwrap_or(setup.place), refusal.misread)
}

/// A set-up with these knobs in place of its own, and these sentences after its own.
pub fn with(setup: &SetUp, solution: &Solution) -> SetUp {
    let mut changed = setup.clone();
    let others = |setting: &Setting| solution.set.iter().all(|it| it.knob.value != setting.knob.value);
    changed.set.retain(others);
    changed.set.extend(solution.set.iter().cloned());
    changed.at.extend(solution.at.iter().cloned());
    changed
}
