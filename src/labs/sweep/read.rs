//! A sweep in words: `rate=70,95,120`, `first_open_s`, `1..200`.

use std::ops::RangeInclusive;

use super::{MOST_RUNS, Varied};
use crate::labs::knob::{Kind, Knob, Knobs, Value};
use crate::labs::lab::Spec;
use crate::labs::language::read_seeds;
use crate::labs::text::{Misread, nearest};

impl Varied {
    /// Reads `KNOB=a,b,c`. The error points at the word.
    pub fn read(text: &str, knobs: &Knobs) -> Result<Self, Misread> {
        let Some((name, list)) = text.split_once('=') else {
            let help = Some("such as rate=70,95,120".to_owned());
            return Err(Misread::whole(text, format!("--vary takes KNOB=a,b,c, not `{text}`"), help));
        };
        // The knob itself is at fault, wherever blanks stand.
        let (index, knob) = knobs.find(name.trim()).map_err(|misread| misread.shifted(blanks(name)))?;
        let mut values = Vec::new();
        let mut start = name.len() + 1;
        for word in list.split(',') {
            let at = start + blanks(word);
            start += word.len() + 1;
            let value = knob.read(word).map_err(|misread| misread.shifted(at))?;
            if values.contains(&value) {
                let message = format!("`{}` stands twice", word.trim());
                return Err(Misread::whole(word.trim(), message, None).shifted(at));
            }
            values.push(value);
        }
        Ok(Self { index, knob, values })
    }

    /// A handful of values on a knob's own scale around the present one; every word of a knob that has words.
    pub fn around(index: usize, knob: &'static Knob, value: Value) -> Self {
        let values = match knob.kind {
            Kind::Choice(words) => words.iter().map(|word| Value::Choice(word)).collect(),
            Kind::Switch => vec![Value::Switch(false), Value::Switch(true)],
            _ => {
                let mut values = beside(knob, value, false);
                values.reverse();
                values.push(value);
                values.extend(beside(knob, value, true));
                values
            }
        };
        Self { index, knob, values }
    }
}

/// How many values there are on each side of the present one.
const SIDE: usize = 3;
/// Turns of a knob that may lie between two values.
const TURNS: usize = 40;

/// The values above or below `value`, the nearest first.
fn beside(knob: &Knob, value: Value, up: bool) -> Vec<Value> {
    let mut found = Vec::new();
    let mut last = value;
    for _ in 0..SIDE {
        let mut at = last;
        for _ in 0..TURNS {
            let next = knob.turned(at, up);
            if next == at {
                break;
            }
            at = next;
            if are_apart(last, at) {
                break;
            }
        }
        if at == last {
            break;
        }
        found.push(at);
        last = at;
    }
    found
}

/// Whether two values are so far apart that both are worth a run: a third more, or a tenth of the whole.
fn are_apart(a: Value, b: Value) -> bool {
    let (Some(x), Some(y)) = (a.number(), b.number()) else { return true };
    if let Value::Share(_) = a {
        return (x - y).abs() > 0.099;
    }
    let (low, high) = (x.min(y), x.max(y));
    low <= 0.0 || !high.is_finite() || high / low > 1.33
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The reading of that name; the error names the nearest.
pub fn reading(name: &str, spec: &'static Spec) -> Result<usize, Misread> {
    spec.readings.iter().position(|reading| reading.name == name).ok_or_else(|| {
        let help = nearest(name, spec.readings.iter().map(|reading| reading.name)).map_or_else(
            || format!("`halfopen labs {}` lists them", spec.name),
            |near| format!("did you mean `{near}`?"),
        );
        Misread::whole(name, format!("this lab has no reading `{name}`"), Some(help))
    })
}

/// The readings that the lab's strips show.
pub fn shown(spec: &'static Spec) -> Vec<usize> {
    spec.strips.iter().filter_map(|(_, name)| reading(name, spec).ok()).collect()
}

/// A range of seeds, both ends included: `1..200`, or `7` alone.
pub fn seeds(text: &str) -> Result<RangeInclusive<u64>, Misread> {
    read_seeds(text).map_err(|misread| {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let ends = text.split_once("..").and_then(|(first, last)| number(first).zip(number(last)));
        match ends {
            Some((first, last)) if first <= last => {
                let message = format!("`{text}` are too many seeds, the most is {MOST_RUNS}");
                Misread::whole(text, message, None)
            }
            _ => misread,
        }
    })
}
