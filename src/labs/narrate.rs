//! A running lab in plain sentences: what happened since it was last told, and how it stands.

use std::fmt::Write;

use super::fault::timed;
use super::knob;
use super::lab::{Invariant, Lab, Occurrence, Standing};
use super::reading::{ReadingSpec, Value};
use super::scenario::Scenario;
use crate::engine::run::Broken;
use crate::engine::time::Time;

/// The most facts that are told at a time; of more, the first and the last.
const MOST: usize = 24;

/// Which facts are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Those that are worth a mark.
    Notable,
    /// Every one.
    Every,
}

/// Remembers what was told already.
#[derive(Clone, Debug, Default)]
pub struct Narrator {
    /// The number of the next fact to tell.
    next: u64,
    /// How many invariants are told to be broken.
    broken: usize,
}

impl Narrator {
    /// From the start of a run.
    pub fn new() -> Self {
        Self::default()
    }

    /// As if everything up to now had been told: after going back, or at the start of a tale.
    pub fn skip(&mut self, lab: &dyn Lab) {
        self.next = last(lab).map_or(0, |fact| fact.number + 1);
        self.broken = broken(lab).len();
    }

    /// What happened since, a sentence each.
    pub fn tell(&mut self, lab: &dyn Lab, detail: Detail) -> Vec<String> {
        let mut facts: Vec<Occurrence> = (0..lab.fact_count())
            .rev()
            .map_while(|i| lab.occurrence(i).filter(|fact| fact.number >= self.next))
            .filter(|fact| detail == Detail::Every || fact.told.notable)
            .collect();
        facts.reverse();
        let mut told: Vec<String> = facts.iter().map(sentence).collect();
        if let Some(more @ 1..) = told.len().checked_sub(MOST) {
            let left_out = format!("… and {more} more in between.");
            told.splice(MOST / 2..told.len() - MOST / 2, [left_out]);
        }
        told.extend(broken(lab).into_iter().skip(self.broken));
        self.skip(lab);
        told
    }
}

fn last(lab: &dyn Lab) -> Option<Occurrence> {
    lab.fact_count().checked_sub(1).and_then(|i| lab.occurrence(i))
}

/// A fact and when it happened.
pub fn sentence(fact: &Occurrence) -> String {
    format!("At {} s: {}", fact.at, fact.told.sentence)
}

/// The invariants that broke, the first one first.
fn broken(lab: &dyn Lab) -> Vec<String> {
    let standings = lab.invariants();
    let mut broken: Vec<_> = standings.iter().filter_map(|it| it.broken.map(|b| (b.at, it, b))).collect();
    broken.sort_by_key(|(at, ..)| *at);
    let told = |(at, standing, broken): (_, &Standing<'_>, _)| {
        broke(standing.invariant, broken, &format!("at {at} s"))
    };
    broken.into_iter().map(told).collect()
}

/// That an invariant broke, where, and which facts contradict each other.
pub fn broke(invariant: &Invariant, broken: &Broken, place: &str) -> String {
    format!("{} broke {place}: {}. It says: {}", invariant.name, broken.facts, invariant.meaning)
}

/// The same of the invariant that broke last, at the event where a run stopped for it.
pub fn broke_here(lab: &dyn Lab) -> Option<String> {
    let standings = lab.invariants();
    let broken = standings.iter().filter_map(|it| Some((it.invariant, it.broken?)));
    let (invariant, broken) = broken.max_by_key(|(_, broken)| broken.at)?;
    Some(broke(invariant, broken, "here"))
}

/// How the lab stands, in one line: the readings that its strips show.
pub fn standing(lab: &dyn Lab) -> String {
    let shown = lab.spec().strips.iter().map(|(_, name)| reading(lab, name));
    format!("At {} s: {}.", lab.now(), shown.collect::<Vec<_>>().join(", "))
}

/// A reading with its unit: `ok_per_s 29/s`.
pub fn reading(lab: &dyn Lab, name: &str) -> String {
    let spec = lab.spec().readings.iter().find(|spec| spec.name == name);
    spec.map_or_else(|| format!("{name} none"), |spec| format!("{name} {}", value(spec, lab.read(name))))
}

/// The value of a reading with its unit: `29/s`.
pub fn value(spec: &ReadingSpec, value: Value) -> String {
    match (value, spec.unit()) {
        (Value::None, _) => "none".to_owned(),
        (value, unit) if unit.is_empty() || unit.starts_with('/') => format!("{value}{unit}"),
        (value, unit) => format!("{value} {unit}"),
    }
}

/// What is run, in one line: `lab server, preset calm, seed 1; 20s slow server x5 for 20s`.
pub fn scenario(scenario: &Scenario) -> String {
    let mut told = format!("lab {}, preset {}", scenario.lab.spec.name, scenario.preset);
    for (knob, value) in changed(scenario) {
        let _ = write!(told, ", {knob} {value}");
    }
    let _ = write!(told, ", seed {}", scenario.seed);
    for entry in &scenario.script {
        let _ = write!(told, "; at {} s {}", short_time(entry.at), entry.act);
    }
    told
}

/// The command that prints this run; some seconds beyond `from`, where something is to be seen.
pub fn command(scenario: &Scenario, from: Time) -> String {
    const BEYOND: u64 = 10;
    let mut told = format!("halfopen run {} --preset {}", scenario.lab.spec.name, scenario.preset);
    for (knob, value) in changed(scenario) {
        let _ = write!(told, " --set {knob}={value}");
    }
    if scenario.seed != 1 {
        let _ = write!(told, " --seed {}", scenario.seed);
    }
    for entry in &scenario.script {
        let _ = write!(told, " --at \"{}\"", timed(entry));
    }
    let _ = write!(told, " --for {}s", from.whole_secs().saturating_add(BEYOND));
    told
}

/// The knobs that differ from the preset's.
pub(super) fn changed(scenario: &Scenario) -> Vec<(&'static str, knob::Value)> {
    let mut preset = scenario.clone();
    // The preset's own name was found before.
    let _refused = preset.use_preset(scenario.preset);
    let both = scenario.knobs.iter().zip(preset.knobs.iter());
    both.filter(|((_, value), (_, usual))| value != usual)
        .map(|((knob, value), _)| (knob.name, value))
        .collect()
}

/// A time without the zeros at its end.
pub fn short_time(at: Time) -> String {
    let text = at.to_string();
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    #[test]
    fn each_fact_is_told_once_and_again_after_going_back() {
        let mut lab = Scenario::first(catalogue::find("server").unwrap()).open();
        let mut narrator = Narrator::new();
        lab.act_on("pause server for 5s").unwrap();
        lab.advance(Time::from_secs(1), u64::MAX);
        assert_eq!(narrator.tell(&*lab, Detail::Notable)[0], "At 0.000 s: Begins: pause server for 5s.");
        lab.advance(Time::from_secs(6), u64::MAX);
        let told = narrator.tell(&*lab, Detail::Notable);
        assert!(told.contains(&"At 5.000 s: Ends: pause server for 5s.".to_owned()), "{told:?}");
        assert!(told.iter().all(|line| !line.contains("Begins:")));
        lab.seek(Time::from_secs(4));
        narrator.skip(&*lab);
        lab.advance(Time::from_secs(6), u64::MAX);
        let again = narrator.tell(&*lab, Detail::Notable);
        assert!(again.contains(&"At 5.000 s: Ends: pause server for 5s.".to_owned()), "{again:?}");
        assert_eq!(narrator.tell(&*lab, Detail::Every), [""; 0]);
    }

    #[test]
    fn a_scenario_and_its_state_are_told_in_a_line() {
        let mut it = Scenario::first(catalogue::find("server").unwrap());
        it.knobs.set("workers", "3").unwrap();
        assert_eq!(scenario(&it), "lab server, preset calm, workers 3, seed 1");
        let mut lab = it.open();
        lab.advance(Time::from_secs(2), u64::MAX);
        assert!(standing(&*lab).starts_with("At 2.000 s: done_per_s "), "{}", standing(&*lab));
    }
}
