//! A run as a figure: its series over time, with what was done and what happened.

use std::collections::BTreeSet;

use super::{Axis, Dot, Figure, Layer, Mark, MarkKind, Order, Panel, spelled};
use crate::labs::fault::Act;
use crate::labs::lab::{Lab, Occurrence};
use crate::labs::narrate;
use crate::labs::reading::{Quantity, ReadingSpec, Value, short};

/// Marks that a slide can bear.
const MARKS: usize = 10;
/// Points that a curve can bear: of a longer run every point stands for several seconds.
const POINTS: usize = 1200;

/// The readings at these indices, over the whole run.
pub fn of_run(lab: &dyn Lab, readings: &[usize]) -> Figure {
    let until = lab.now().secs();
    let x = Axis::exact("time [s]", 0.0, until, 12);
    let specs = lab.spec().readings;
    let panels = readings
        .iter()
        .filter_map(|index| specs.get(*index).map(|spec| panel(lab, *index, spec, x.clone())))
        .collect();
    let (marks, more) = marks(lab);
    let mut notes = Vec::new();
    if more > 0 {
        notes.push(format!("… and {more} more notable occurrences, not marked."));
    }
    if step(lab) > 1 {
        notes.push(format!("Each point is the mean of {} s.", step(lab)));
    }
    Figure {
        title: lab.spec().title.to_owned(),
        subtitle: narrate::scenario(lab.scenario()),
        panels,
        order: Order::Stacked,
        legend: Vec::new(),
        marks,
        notes,
    }
}

/// How many seconds a point stands for.
fn step(lab: &dyn Lab) -> usize {
    lab.seconds().div_ceil(POINTS).max(1)
}

fn panel(lab: &dyn Lab, index: usize, spec: &ReadingSpec, x: Axis) -> Panel {
    let state = if let Quantity::State(words) = spec.kind { Some(seen(lab, index, words)) } else { None };
    let number = |second: usize| match lab.sampled(index, second) {
        Value::Number(x) if x.is_finite() => Some(x),
        Value::Word(word) => {
            state.as_ref().and_then(|words| words.iter().position(|it| *it == word)).map(|at| at as f64)
        }
        Value::Number(_) | Value::None => None,
    };
    let step = if state.is_some() { 1 } else { step(lab) };
    let mut points = Vec::new();
    for first in (0..lab.seconds()).step_by(step) {
        let (from, to) = (first, (first + step).min(lab.seconds()));
        let known: Vec<f64> = (from..to).filter_map(number).collect();
        let y = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        let dot = |x: usize| y.map(|y| Dot { x: x as f64, y, hollow: false });
        match spec.kind {
            // What is measured over a second holds from its start to its end.
            Quantity::Rate(_) | Quantity::PerSecond(_) => points.extend([dot(from), dot(to)]),
            // A state is looked at as its second ends, and taken to last until it is looked at again.
            Quantity::State(_) => points.extend([dot(to), dot((to + 1).min(lab.seconds()))]),
            Quantity::Total | Quantity::Level(_) | Quantity::Moment => points.push(dot(to)),
        }
    }
    let y = if let Some(words) = &state {
        Axis::of_words("", words.iter().map(|word| (*word).to_owned()))
    } else {
        let known = points.iter().flatten().map(|dot| dot.y);
        let (low, high) =
            known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
        if low > high { Axis::round("", 0.0, 1.0, 2) } else { Axis::round("", low, high, 3) }
    };
    let layers = vec![Layer::Line { style: 0, marked: false, points }];
    Panel { name: spec.name.to_owned(), unit: spelled(spec.unit()), x, y, layers }
}

/// The states that came, in the order of the specification.
fn seen(lab: &dyn Lab, index: usize, words: &[&'static str]) -> Vec<&'static str> {
    let came =
        |word: &&&'static str| (0..lab.seconds()).any(|at| lab.sampled(index, at) == Value::Word(word));
    words.iter().filter(came).copied().collect()
}

/// The marks in order of time, and how many found no room. Every kind of fact comes first to a mark once.
fn marks(lab: &dyn Lab) -> (Vec<Mark>, usize) {
    let acts = lab.log().iter().filter(|entry| entry.at <= lab.now());
    let mut marks: Vec<Mark> = acts
        .map(|entry| {
            let lasts = if let Act::Fault(fault) = &entry.act { fault.lasts } else { None };
            let until = lasts.map(|lasts| (entry.at + lasts).min(lab.now()).secs());
            let sentence = format!("{} s: {}", short(entry.at.secs()), entry.act);
            Mark { at: entry.at.secs(), until, kind: MarkKind::Done, sentence }
        })
        .collect();
    let mut facts: Vec<Occurrence> = (0..lab.fact_count())
        .filter_map(|at| lab.occurrence(at))
        .filter(|it| it.told.notable && !it.told.is_of_an_act())
        .collect();
    let mut kinds = BTreeSet::new();
    // Stable: within the firsts and within the others time decides.
    facts.sort_by_key(|fact| !kinds.insert(fact.told.kind));
    let room = MARKS.saturating_sub(marks.len());
    let more = marks.len().saturating_sub(MARKS) + facts.len().saturating_sub(room);
    marks.truncate(MARKS);
    marks.extend(facts.into_iter().take(room).map(|fact| Mark {
        at: fact.at.secs(),
        until: None,
        kind: MarkKind::Happened,
        sentence: format!("{} s: {}", short(fact.at.secs()), fact.told.sentence),
    }));
    marks.sort_by(|a, b| a.at.total_cmp(&b.at));
    (marks, more)
}
