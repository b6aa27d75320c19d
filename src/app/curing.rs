//! A comparison of remedies to run: what a lesson writes of it, as the plan of its runs.

use super::setup::{Wrong, scenario, with};
use crate::course::Cure;
use crate::course::plain::inlines;
use crate::course::setup::{Axis as Wanted, Day as Other, SetUp, Solution};
use crate::engine::time::{Span, Time};
use crate::labs::cure::{Axis, Better, Day, Kind, Plan, Remedy};
use crate::labs::language::Measure;
use crate::labs::scenario::Scenario;
use crate::labs::text::Misread;

/// The most runs of one comparison: a learner waits for it.
const MOST_RUNS: usize = 5_000;

/// The plan of a comparison, or everything that is wrong with it.
pub fn plan(cure: &Cure) -> Result<Plan, Vec<Wrong>> {
    // What is wrong with the set-up itself is told once, not once for each remedy.
    let base = scenario(&cure.setup)?;
    let mut wrong = Vec::new();
    let others = others(cure);
    let days: Vec<Day> = others.iter().filter_map(|other| hold(day(cure, *other), &mut wrong)).collect();
    let mut axes = Vec::new();
    for axis in &cure.axes {
        let until = Time::ZERO + length(cure, axis.day.as_ref());
        let day = others.iter().position(|other| *other == axis.day.as_ref()).unwrap_or(0);
        axes.extend(hold(read(axis, &base, until, day).map_err(|it| vec![it]), &mut wrong));
    }
    if !wrong.is_empty() {
        wrong.dedup();
        return Err(wrong);
    }
    for (at, remedy) in cure.remedies.iter().enumerate() {
        if days.iter().all(|day| day.treated.get(at) == Some(&day.untreated)) {
            let message = format!("the remedy `{}` is as the scenario without it", remedy.name);
            wrong.push((remedy.place, whole(message, "change a knob to another value, or add a sentence")));
        }
    }
    let remedies = cure.remedies.iter().map(|remedy| Remedy {
        name: remedy.name.value.clone(),
        says: inlines(&remedy.says),
        changes: changes(&remedy.change),
    });
    let plan = Plan { remedies: remedies.collect(), axes, days, seeds: cure.seeds.iter() };
    if plan.runs() > MOST_RUNS {
        let message = format!("{} runs are too many, the most is {MOST_RUNS}", plan.runs());
        wrong.push((cure.place, whole(message, "take fewer seeds")));
    }
    if wrong.is_empty() { Ok(plan) } else { Err(wrong) }
}

/// The days on which something is measured, each once.
fn others(cure: &Cure) -> Vec<Option<&Other>> {
    let mut days: Vec<Option<&Other>> = Vec::new();
    for axis in &cure.axes {
        if !days.contains(&axis.day.as_ref()) {
            days.push(axis.day.as_ref());
        }
    }
    days
}

fn length(cure: &Cure, other: Option<&Other>) -> Span {
    other.and_then(|other| other.length).unwrap_or(cure.length)
}

fn day(cure: &Cure, other: Option<&Other>) -> Result<Day, Vec<Wrong>> {
    let mut setup = cure.setup.clone();
    if let Some(other) = other {
        setup = with(&setup, &Solution { set: other.set.clone(), at: Vec::new() });
        if let Some(at) = &other.at {
            setup.at.clone_from(at);
        }
    }
    let treated = |setup: &SetUp| {
        let mut wrong = Vec::new();
        let each = cure.remedies.iter().map(|remedy| scenario(&with(setup, &remedy.change)));
        let all: Vec<Scenario> = each.filter_map(|it| hold(it, &mut wrong)).collect();
        if wrong.is_empty() { Ok(all) } else { Err(wrong) }
    };
    Ok(Day {
        untreated: scenario(&setup)?,
        treated: treated(&setup)?,
        until: Time::ZERO + length(cure, other),
    })
}

fn read(axis: &Wanted, base: &Scenario, until: Time, day: usize) -> Result<Axis, Wrong> {
    let place = axis.measure.place;
    let measure = Measure::read(&axis.measure, base.lab.spec).map_err(|misread| (place, misread))?;
    if measure.latest() > until {
        let message = format!("this looks at {} s, but the run ends at {until} s", measure.latest());
        return Err((place, Misread::whole(&axis.measure, message, None)));
    }
    Ok(Axis {
        name: axis.name.value.clone(),
        says: axis.says.as_ref().map_or_else(String::new, inlines),
        measure,
        better: if axis.more { Better::More } else { Better::Less },
        kind: if axis.paid { Kind::Paid } else { Kind::Cured },
        least: axis.least,
        day,
    })
}

fn changes(change: &Solution) -> Vec<String> {
    let set = change.set.iter().map(|setting| format!("{} = {}", setting.knob, setting.value));
    set.chain(change.at.iter().map(|sentence| sentence.value.clone())).collect()
}

/// What is wrong is noted; what is not is given.
fn hold<T>(read: Result<T, Vec<Wrong>>, wrong: &mut Vec<Wrong>) -> Option<T> {
    read.map_err(|it| wrong.extend(it)).ok()
}

fn whole(message: String, help: &str) -> Misread {
    Misread { at: 0..0, message, help: Some(help.to_owned()) }
}
