//! A part of the stage, the log, and what led to a fact of it.

use super::not_done;
use crate::labs::causes;
use crate::labs::inspect;
use crate::labs::lab::{Lab, Occurrence};
use crate::labs::narrate::sentence;
use crate::labs::search::{Line, Search, Words};
use crate::labs::text::nearest;
use crate::shell::cli::console::{Console, ended};
use crate::shell::cli::output::Failure;
use crate::shell::cli::why::of_fact;

/// The most lines of the log that are told at a time, the latest ones.
const LINES: usize = 20;
/// The most facts that are told about a part.
const FACTS: usize = 6;
/// The most causes that are told of a fact: the nearest, and the first of all.
const CAUSES: usize = 20;

/// What there is to know about a part, or which parts there are.
pub fn part(lab: &dyn Lab, name: &str, console: &mut Console) -> Result<(), Failure> {
    let scene = lab.scene();
    let parts = scene.parts();
    if name.is_empty() {
        let names: Vec<String> = parts.iter().map(|part| part.id.spoken()).collect();
        return console.say(&format!("inspect takes one of: {}.", names.join(", ")));
    }
    let is_meant =
        |id: &str, spoken: &str| id.eq_ignore_ascii_case(name) || spoken.eq_ignore_ascii_case(name);
    let Some(part) = parts.iter().find(|part| is_meant(part.id.as_str(), &part.id.spoken())) else {
        let names: Vec<String> = parts.iter().map(|part| part.id.spoken()).collect();
        let near = nearest(name, names.iter().map(String::as_str));
        let help = near.map_or_else(
            || "inspect alone lists the parts".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(Failure::usage(ended(&format!("There is no part {name} now; {help}"))));
    };
    console.say(&format!("{}, at {} s:", part.id.spoken(), lab.now()))?;
    for field in inspect::fields(part) {
        console.item("- ", &format!("{field}."))?;
    }
    let facts = inspect::latest(lab, &part.id, FACTS);
    if !facts.is_empty() {
        console.say("What happened to it last:")?;
        for fact in &facts {
            console.item("- ", &format!("{}. {}", fact.number, sentence(fact)))?;
        }
    }
    let faults: Vec<String> = inspect::faults(lab, part).into_iter().map(|aimed| aimed.sentence).collect();
    if faults.is_empty() {
        return Ok(());
    }
    console.say(&format!("What can be done to it: {}.", faults.join("; ")))
}

/// The latest lines of the log in which all these words stand, each with its number.
pub fn log(lab: &dyn Lab, words: &str, console: &mut Console) -> Result<(), Failure> {
    let every = words == "all" || words.starts_with("all ");
    let words = if every { words["all".len()..].trim() } else { words };
    let mut search = Search::default();
    search.look_for(Words::read(words), every, lab);
    let found = search.lines();
    if found.is_empty() {
        let of = if every { "" } else { " log all looks at everything that happened." };
        return console.say(&format!("Nothing is found in {}.{of}", lines(search.all())));
    }
    let skipped = found.len().saturating_sub(LINES);
    if skipped > 0 {
        console.say(&format!("{} before these: log WORDS narrows it.", lines(skipped)))?;
    }
    for line in found.iter().skip(skipped) {
        let Some(told) = line.told(lab) else { continue };
        let number = line.fact().map_or_else(String::new, |number| format!("{number}. "));
        console.item("- ", &format!("{number}{}", sentence(&told)))?;
    }
    Ok(())
}

/// What led to the fact with this number, or to the latest notable one, down to what was done.
pub fn why(lab: &dyn Lab, number: &str, console: &mut Console) -> Result<(), Failure> {
    let number = match number {
        "" => lab
            .notable(1)
            .last()
            .map(|fact| fact.number)
            .ok_or_else(|| not_done("nothing worth telling happened yet"))?,
        _ => number.parse().map_err(|_| {
            Failure::usage(format!("why takes a number of the log, such as: why 7, not \"{number}\"."))
        })?,
    };
    let Some(fact) = Line::of_fact(number).told(lab) else {
        return Err(Failure::usage(format!("There is no number {number} in the log; log lists the latest.")));
    };
    console.say(&sentence(&fact))?;
    told_chain(&causes::chain(lab, number), console)?;
    console.say("Run again without this and that:")?;
    console.each(&of_fact(lab, &fact))
}

fn told_chain(chain: &[Occurrence], console: &mut Console) -> Result<(), Failure> {
    if chain.is_empty() {
        return console.say("Nothing that is told led to it.");
    }
    console.say("What led to it, the nearest first:")?;
    let skipped = if chain.len() > CAUSES { CAUSES - 1..chain.len() - 1 } else { 0..0 };
    for (place, cause) in chain.iter().enumerate() {
        if place == skipped.start && !skipped.is_empty() {
            console.item("- ", &format!("{} in between.", lines(skipped.len())))?;
        }
        if !skipped.contains(&place) {
            console.item("- ", &format!("{}. {}", cause.number, sentence(cause)))?;
        }
    }
    Ok(())
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}
