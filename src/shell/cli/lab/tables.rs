//! What a lab lists: its readings, its invariants, what can be done to it.

use super::not_done;
use crate::labs::knob::Knobs;
use crate::labs::lab::{Lab, Spec};
use crate::labs::narrate;
use crate::labs::reading::Value;
use crate::labs::text::nearest;
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;

/// The readings of these names, or every one that has a value.
pub fn readings(lab: &dyn Lab, names: &str, console: &mut Console) -> Result<(), Failure> {
    let specs = lab.spec().readings;
    let wanted: Vec<&str> = names.split([' ', ',']).filter(|name| !name.is_empty()).collect();
    for name in &wanted {
        if !specs.iter().any(|spec| spec.name == *name) {
            let near = nearest(name, specs.iter().map(|spec| spec.name));
            let help =
                near.map_or_else(|| "readings lists them".to_owned(), |near| format!("did you mean {near}?"));
            return Err(not_done(&format!("there is no reading {name}; {help}")));
        }
    }
    for (i, spec) in specs.iter().enumerate() {
        let asked = wanted.contains(&spec.name);
        if asked || wanted.is_empty() && lab.reading(i) != Value::None {
            console.item("- ", &format!("{}. {}", narrate::reading(lab, spec.name), spec.meaning))?;
        }
    }
    Ok(())
}

/// What must hold, and whether it does.
pub fn invariants(lab: &dyn Lab, console: &mut Console) -> Result<(), Failure> {
    for standing in lab.invariants() {
        let how = match standing.broken {
            None => "held so far".to_owned(),
            Some(broken) => format!("broke at {} s: {}", broken.at, broken.facts),
        };
        let invariant = standing.invariant;
        console.item(
            "- ",
            &format!("{} ({}) {how}.", invariant.name, invariant.meaning.trim_end_matches('.')),
        )?;
    }
    Ok(())
}

/// The faults, and at what each can be aimed.
pub fn faults(lab: &dyn Lab, console: &mut Console) -> Result<(), Failure> {
    let parts = lab.parts();
    for fault in lab.spec().faults {
        let names = fault.aims(&parts);
        console.item("- ", &format!("{} {}: {}", fault.verb.word(), names.join("|"), fault.meaning))?;
    }
    let ready: Vec<&str> = lab.spec().buttons.iter().map(|(_, sentence)| *sentence).collect();
    console.say(&format!("For example: {}.", ready.join("; ")))
}

/// The knobs, where they stand and what they take.
pub fn knobs(knobs: &Knobs, console: &mut Console) -> Result<(), Failure> {
    knobs.iter().try_for_each(|(knob, value)| {
        let text = format!("{} {}: {} It takes {}.", knob.name, knob.show(value), knob.meaning, knob.range());
        console.item("- ", &text)
    })
}

/// The presets.
pub fn presets(spec: &Spec, console: &mut Console) -> Result<(), Failure> {
    let mut presets = spec.presets.iter();
    presets.try_for_each(|preset| console.item("- ", &format!("{}: {}", preset.name, preset.meaning)))
}
