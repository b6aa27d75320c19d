//! The strip of a lab: its series over the last seconds, and what happened in them.

use super::marks::Letters;
use crate::app::player::{Marked, Player};
use crate::engine::time::Time;
use crate::labs::lab::Lab;
use crate::labs::reading::{Quantity, ReadingSpec, Value};
use crate::labs::scene::{self, Part, Stretch, Strip, Tone, Track, TrackRow, Unit, Window};

/// A strip and what the letters of its last row mean.
#[derive(Clone, PartialEq, Debug)]
pub struct Story {
    /// The picture.
    pub strip: Strip,
    /// Letters that occur in the window, with their meanings, in order of time.
    pub legend: Vec<(char, String)>,
}

/// The last `seconds` of `player`'s run; fewer have passed at its start, and then the right of the picture is empty.
pub fn story(player: &Player, seconds: u64) -> Story {
    let lab = player.lab();
    let window = window(lab.now(), seconds.max(1));
    let mut rows: Vec<TrackRow> = Vec::new();
    for (label, name) in lab.spec().strips {
        if let Some((index, spec)) = find(lab, name) {
            let track = track(lab, index, spec, window);
            rows.push(TrackRow {
                part: Part::new(format!("strip.{name}")),
                label: (*label).to_owned(),
                track,
            });
        }
    }
    let (marks, legend) = events(player, window);
    rows.push(TrackRow {
        part: Part::new("strip.events"),
        label: "events".to_owned(),
        track: Track::Marks(marks),
    });
    Story { strip: Strip { window, rows }, legend }
}

/// Whole seconds, so that bars stand still while time passes below them.
fn window(now: Time, seconds: u64) -> Window {
    let whole = now.whole_secs();
    let to = (if Time::from_secs(whole) < now { whole + 1 } else { whole }).max(seconds);
    Window { from: Time::from_secs(to - seconds), to: Time::from_secs(to), now }
}

fn find(lab: &dyn Lab, name: &str) -> Option<(usize, &'static ReadingSpec)> {
    let index = lab.find_reading(name)?;
    Some((index, lab.spec().readings.get(index)?))
}

fn track(lab: &dyn Lab, index: usize, spec: &ReadingSpec, window: Window) -> Track {
    if let Quantity::State(_) = spec.kind {
        return Track::States(states(lab, index, window));
    }
    let number = |second: u64| {
        let second = usize::try_from(second).ok().filter(|second| *second < lab.seconds())?;
        lab.sampled(index, second).number()
    };
    let seconds = window.from.whole_secs()..window.to.whole_secs();
    // Over the whole run, so that the scale does not jump as a peak leaves the window.
    let peak = (0..lab.seconds() as u64).filter_map(number).fold(0.0, f64::max);
    let unit = unit(spec);
    let least = if unit == Unit::Seconds { 0.0 } else { 1.0 };
    Track::Bars {
        samples: seconds.map(number).collect(),
        max: if unit == Unit::Share { 1.0 } else { peak.max(least) },
        last: lab.reading(index).number(),
        unit,
        tone: tone(spec.name),
    }
}

/// The unit of a reading as pictures name it.
pub fn unit(spec: &ReadingSpec) -> Unit {
    match spec.unit() {
        "/s" => Unit::PerSecond,
        "s" => Unit::Seconds,
        "%" => Unit::Share,
        _ => Unit::None,
    }
}

/// What a high bar means, by the names that all labs share.
fn tone(name: &str) -> Tone {
    let any = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if any(&["err", "refused", "rejected", "failed", "lost"]) {
        Tone::Bad
    } else if any(&["ok_", "done_", "goodput"]) {
        Tone::Good
    } else {
        Tone::Plain
    }
}

/// Seconds in a row with the same state, as one stretch.
fn states(lab: &dyn Lab, index: usize, window: Window) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for second in window.from.whole_secs()..window.to.whole_secs() {
        let sampled = usize::try_from(second).ok().filter(|at| *at < lab.seconds());
        let Some(Value::Word(word)) = sampled.map(|at| lab.sampled(index, at)) else { continue };
        let (from, to) = (Time::from_secs(second), Time::from_secs(second + 1));
        match found.last_mut().filter(|stretch| stretch.label == word && stretch.to == from) {
            Some(stretch) => stretch.to = to,
            None => found.push(Stretch {
                from,
                to,
                letter: word.chars().next().unwrap_or(' ').to_ascii_uppercase(),
                label: word.to_owned(),
                tone: Tone::Plain,
            }),
        }
    }
    found
}

/// The marks in the window, and what their letters mean. What the learner did is drawn over what came of it.
fn events(player: &Player, window: Window) -> (Vec<scene::Mark>, Vec<(char, String)>) {
    let marks = player.marks();
    let letters = Letters::of(player, &marks);
    let mut legend: Vec<(char, String)> = Vec::new();
    let mut found: Vec<(bool, scene::Mark)> = Vec::new();
    for mark in marks.iter().filter(|mark| (window.from..=window.to).contains(&mark.at)) {
        let Some((letter, meaning)) = letters.of_mark(mark) else { continue };
        if !legend.iter().any(|(known, _)| *known == letter) {
            legend.push((letter, meaning.clone()));
        }
        let by_hand = matches!(mark.what, Marked::Act(_));
        let tone = if mark.at > window.now {
            Tone::Idle
        } else if by_hand {
            Tone::Accent
        } else {
            Tone::Plain
        };
        found.push((by_hand, scene::Mark { at: mark.at, letter, label: meaning, tone }));
    }
    found.sort_by_key(|(by_hand, mark)| (*by_hand, mark.at));
    (found.into_iter().map(|(_, mark)| mark).collect(), legend)
}
