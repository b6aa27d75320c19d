//! A part of the stage, opened: its fields, what happened to it last, and what can be done to it.

use super::fault::{Act, Target, Vocabulary};
use super::lab::{Lab, Occurrence};
use super::scene::{Part, PartId};

/// A fault that can be aimed at a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aimed {
    /// What to say: `slow shard-3 x5`.
    pub sentence: String,
    /// What it does, in one line.
    pub meaning: &'static str,
}

/// The fields of a part in words, a line each: `attempt: 2 of 4`.
pub fn fields(part: &Part) -> Vec<String> {
    part.fields.iter().map(|field| format!("{}: {}", field.name, field.value)).collect()
}

/// The latest facts about a part, newest last: at most `most`, half of them kept for those worth telling.
pub fn latest(lab: &dyn Lab, part: &PartId, most: usize) -> Vec<Occurrence> {
    let mut facts = lab.facts_about(part, most, most);
    // What is not notable crowds out the rest within moments, so it gets only the room that is left, or its half.
    let notable = facts.iter().filter(|fact| fact.told.notable).count();
    let others = facts.len() - notable;
    let kept_notable = notable.min(most.saturating_sub(others.min(most / 2)));
    let mut drop_notable = notable - kept_notable;
    let mut drop_others = others.saturating_sub(most - kept_notable);
    facts.retain(|fact| {
        let drop = if fact.told.notable { &mut drop_notable } else { &mut drop_others };
        let gone = *drop > 0;
        *drop = drop.saturating_sub(1);
        !gone
    });
    facts
}

/// The faults that can be aimed at a part or at what it belongs to: the lab's own buttons first, then every fault as it is
/// said for short.
pub fn faults(lab: &dyn Lab, part: &Part) -> Vec<Aimed> {
    let parts = lab.parts();
    let spec = lab.spec();
    let vocabulary = Vocabulary { faults: spec.faults, parts: &parts, knobs: lab.knobs() };
    let own = [part.id.as_str().to_owned()];
    let names: &[String] = if part.aims.is_empty() { &own } else { &part.aims };
    let mut found: Vec<Aimed> = Vec::new();
    for target in
        names.iter().filter_map(|name| Target::kind_of(name, &parts).map(|kind| Target::new(name, kind)))
    {
        let meaning = |act: &Act| match act {
            Act::Fault(fault) if fault.target == target.name => {
                let fits = spec.faults.iter().find(|spec| spec.verb == fault.verb);
                fits.filter(|spec| spec.targets.contains(&target.kind)).map(|spec| spec.meaning)
            }
            _ => None,
        };
        let buttons = spec.buttons.iter().map(|(_, sentence)| (*sentence).to_owned());
        let plain = spec.faults.iter().map(|spec| format!("{} {}", spec.verb.word(), target.name));
        for act in buttons.chain(plain).filter_map(|sentence| vocabulary.read(&sentence).ok()) {
            let sentence = act.to_string();
            if let Some(meaning) = meaning(&act)
                && !found.iter().any(|known| known.sentence == sentence)
            {
                found.push(Aimed { sentence, meaning });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Time;
    use crate::labs::catalogue::find;
    use crate::labs::scenario::Scenario;

    fn lab(preset: &str, until: u64) -> Box<dyn Lab> {
        let mut scenario = Scenario::first(find("breaker").unwrap());
        scenario.use_preset(preset).unwrap();
        let mut lab = scenario.open();
        lab.advance(Time::from_secs(5), u64::MAX);
        lab.act_on("hang payments").unwrap();
        lab.advance(Time::from_secs(until), u64::MAX);
        lab
    }

    #[test]
    fn every_sentence_of_the_menu_is_one_that_the_lab_understands() {
        let lab = lab("tuned", 9);
        let scene = lab.scene();
        assert!(scene.parts().len() > 20);
        for part in scene.parts() {
            let said = faults(&*lab, part);
            assert!(!said.is_empty(), "nothing can be done to {}", part.id);
            for aimed in said {
                let mut copy = lab.boxed_clone();
                if let Err(refused) = copy.act_on(&aimed.sentence) {
                    // Senseless now, but understood: it names the target and ends as a sentence.
                    assert!(refused.ends_with('.'), "{}: {refused}", aimed.sentence);
                }
            }
        }
        let shard = scene.part(&PartId::from("shard-3")).unwrap();
        let said: Vec<_> = faults(&*lab, shard).into_iter().map(|aimed| aimed.sentence).collect();
        assert_eq!(said[..3], ["hang shard-3", "error shard-3", "slow shard-3 x5"]);
        assert!(said.contains(&"error payments 50%".to_owned()), "{said:?}");
    }

    #[test]
    fn every_part_has_fields_and_its_own_facts() {
        for preset in find("breaker").unwrap().spec.presets {
            let lab = lab(preset.name, 9);
            for part in lab.scene().parts() {
                assert!(!fields(part).is_empty(), "{} has no fields", part.id);
                // A breaker that has not moved yet has no history.
                let still =
                    part.id.as_str().starts_with("state.") || part.id.as_str().starts_with("breaker.");
                assert!(still || !latest(&*lab, &part.id, 6).is_empty(), "nothing is told of {}", part.id);
            }
        }
    }

    #[test]
    fn names_of_parts_are_unique() {
        let scene = lab("tuned", 9).scene();
        let mut names: Vec<_> = scene.parts().into_iter().map(|part| part.id.clone()).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
