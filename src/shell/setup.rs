//! A course's set-ups and conditions, which are text with its place, as the labs' own scenarios, claims and conditions.
//!
//! An error comes with the place of the text and with what is wrong in it: `texts.within(place, misread.at)` is the
//! guilty word.

pub use crate::app::setup::{Wrong, scenario, with};
use crate::course::place::Name;
use crate::course::setup::{RunKeys, When};
use crate::course::{Goal, Predict, ScenarioFile};
use crate::engine::run::By;
use crate::engine::time::Time;
use crate::labs::lab::Spec;
use crate::labs::language::{Claim, Condition};
use crate::labs::recording::{Recording, read_digest};
use crate::labs::scenario::Scenario;
use crate::labs::text::Misread;

/// The run that a run file recorded, or the scenario of a scenario file with nothing known of what comes of it; or
/// everything that is wrong with it.
pub fn recording(file: &ScenarioFile) -> Result<Recording, Vec<Wrong>> {
    let mut scenario = scenario(&file.setup)?;
    let RunKeys { hand, model, digest } = &file.run;
    let sentences: Vec<String> = hand.iter().map(|sentence| sentence.value.clone()).collect();
    scenario.add(&sentences, By::Hand).map_err(|wrong| {
        let placed = |(i, misread): (usize, Misread)| {
            (hand.get(i).map_or(file.place, |sentence| sentence.place), misread)
        };
        wrong.into_iter().map(placed).collect::<Vec<_>>()
    })?;
    let digest = digest.as_ref().and_then(|digest| read_digest(digest));
    Ok(Recording { scenario, model: *model, until: Some(Time::ZERO + file.length), digest })
}

/// The scenario of a goal with its solution: the solution's knobs in place of the set-up's, its sentences after them.
pub fn solved(goal: &Goal) -> Result<Scenario, Vec<Wrong>> {
    scenario(&with(&goal.setup, &goal.solution))
}

/// A claim about a lab of this kind.
pub fn claim(text: &Name, spec: &'static Spec) -> Result<Claim, Wrong> {
    Claim::read(text, spec).map_err(|misread| (text.place, misread))
}

/// A condition on a lab of this kind.
pub fn condition(text: &Name, spec: &'static Spec) -> Result<Condition, Wrong> {
    Condition::read(text, spec).map_err(|misread| (text.place, misread))
}

/// The condition of each outcome of a prediction; none for the one that is true where no other is.
pub fn outcomes(predict: &Predict, spec: &'static Spec) -> Result<Vec<Option<Condition>>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut conditions = Vec::new();
    for outcome in &predict.outcomes {
        match &outcome.when {
            When::Otherwise => conditions.push(None),
            When::Holds(text) => match condition(text, spec) {
                Ok(condition) => conditions.push(Some(condition)),
                Err(it) => wrong.push(it),
            },
        }
    }
    if wrong.is_empty() { Ok(conditions) } else { Err(wrong) }
}

/// The names in `locked` that are no knobs of this lab.
pub fn unknown_locks(goal: &Goal, scenario: &Scenario) -> Vec<Wrong> {
    let unknown = |name: &Name| scenario.knobs.find(name).err().map(|misread| (name.place, misread));
    goal.locked.iter().filter_map(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{SourceFile, load};

    #[test]
    fn an_error_lies_at_its_word() {
        let lesson = "+++\nid = \"one\"\ntitle = \"One\"\nminutes = 5\n+++\n\n## A step\n\nText.\n\n```lab\nlab = \"server\"\n\
                      set = { rat = 3, workers = \"many\" }\nat = [\"5s slwo server\"]\n```\n";
        let files = [
            SourceFile::new("lessons/00-one/chapter.toml", "title = \"One\"\nsummary = \"One.\"\n"),
            SourceFile::new("lessons/00-one/01-one.md", lesson),
        ];
        let loaded = load(&files);
        let step = loaded.course.find_step("one.1").unwrap().step;
        let wrong = scenario(&step.lab().unwrap().setup).unwrap_err();
        let text = loaded.texts.text(wrong[0].0.file);
        let guilty: Vec<&str> = wrong
            .iter()
            .map(|(place, misread)| {
                let place = loaded.texts.within(*place, misread.at.clone());
                &text[place.start as usize..place.end as usize]
            })
            .collect();
        assert_eq!(guilty, ["rat", "many", "slwo"]);
    }
}
