//! An answer in sentences.

use super::{Answer, Element, Found};
use crate::engine::run::Entry;
use crate::engine::time::Span;
use crate::labs::fault::{Act, timed};

/// How many of the elements that made no difference are named.
const NAMED: usize = 8;

/// An act with its time in milliseconds: `20s hang payments for 10s`.
pub fn act(entry: &Entry<Act>) -> String {
    format!("{} {}", Span::from_millis(entry.at.millis()), entry.act)
}

impl Element {
    /// As a learner would type it: `call_timeout 500ms`, `20s hang payments for 10s`.
    pub fn told(&self) -> String {
        match self {
            Self::Knob(_, name, value) => format!("{name} {value}"),
            Self::Acts(entries) => entries.last().map(act).unwrap_or_default(),
        }
    }
}

/// What was changed, each as it can be typed, to the nanosecond.
pub fn typed(changes: &[Element]) -> Vec<String> {
    let one = |it: &Element| match it {
        Element::Knob(_, name, value) => format!("set {name} {value}"),
        Element::Acts(entries) => entries.last().map(timed).unwrap_or_default(),
    };
    changes.iter().map(one).collect()
}

impl Found {
    /// The answer, a sentence or two a line.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::NotSo(because) => vec![format!("It did not happen: {because}.")],
            Self::Because(answer) => answer.lines(),
        }
    }
}

impl Answer {
    /// The answer, a sentence or two a line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = match self.sets.as_slice() {
            [] => Vec::new(),
            [none] if none.is_empty() => vec![self.by_itself()],
            [one] => vec![self.because(one)],
            several => self.several(several),
        };
        if !self.sets.iter().any(Vec::is_empty) {
            lines.extend(self.undoing());
            lines.extend(self.idle());
        }
        if self.cut_short {
            let note = "so what is named may be more than was needed, and not the only way";
            lines.push(format!("The search stopped after {} reruns, {note}.", self.reruns));
        }
        lines
    }

    /// Everything that no set holds.
    pub fn rest(&self) -> Vec<usize> {
        (0..self.elements.len()).filter(|index| !self.sets.iter().any(|set| set.contains(index))).collect()
    }

    fn name(&self, index: usize) -> String {
        self.elements.get(index).map(Element::told).unwrap_or_default()
    }

    fn names(&self, set: &[usize]) -> String {
        set.iter().map(|index| self.name(*index)).collect::<Vec<_>>().join("; ")
    }

    fn by_itself(&self) -> String {
        let preset = if self.preset.is_empty() { "" } else { " " };
        let needed = match self.elements.len() {
            0 => "",
            1 => " What was changed was not needed for it.",
            _ => " Nothing of what was changed was needed for it.",
        };
        let others = self.others.as_ref().map_or_else(String::new, |others| {
            format!(", and on {} of {} other seeds", others.bare, others.of)
        });
        format!("It happens in the preset{preset}{} by itself, on this seed{others}.{needed}", self.preset)
    }

    fn because(&self, set: &[usize]) -> String {
        let names = self.names(set);
        if self.cut_short {
            return format!("Because of: {names}.{}", self.elsewhere(0));
        }
        let without = match set.len() {
            1 => "Without that it does not happen.",
            2 => "Without either it does not happen.",
            _ => "Without any one of them it does not happen.",
        };
        format!("Because of: {names}. {without}{}", self.elsewhere(0))
    }

    fn several(&self, sets: &[Vec<usize>]) -> Vec<String> {
        let count = match sets.len() {
            2 => "Two".to_owned(),
            3 => "Three".to_owned(),
            n => n.to_string(),
        };
        let things = if sets.iter().all(|set| set.len() == 1) { "things" } else { "sets of things" };
        let mut lines = vec![format!("{count} {things} are each enough alone, so no single one was needed:")];
        // What all the sets share is needed whichever of them it is.
        let shared: Vec<usize> = sets.first().map_or_else(Vec::new, |first| {
            first.iter().copied().filter(|it| sets.iter().all(|set| set.contains(it))).collect()
        });
        if !shared.is_empty() {
            lines =
                vec![format!("{count} sets are each enough, and {} is in all of them:", self.names(&shared))];
        }
        lines.extend(
            sets.iter()
                .enumerate()
                .map(|(at, set)| format!("{}) {}.{}", at + 1, self.names(set), self.elsewhere(at))),
        );
        lines
    }

    /// How the set at this place does on other seeds.
    fn elsewhere(&self, at: usize) -> String {
        let Some(others) = &self.others else { return String::new() };
        let with = others.with.get(at).copied().unwrap_or(0);
        let bare = match others.bare {
            0 => String::new(),
            bare => format!(", where the preset by itself does it on {bare}"),
        };
        let too = if with > 0 { " too" } else { "" };
        format!(" On {with} of {} other seeds{too}{bare}.", others.of)
    }

    fn undoing(&self) -> Option<String> {
        let which = self.names(&self.undoing);
        (!self.undoing.is_empty()).then(|| {
            format!("{which} only makes up for others: without it alone it does not happen, without them all it does.")
        })
    }

    fn idle(&self) -> Option<String> {
        let rest: Vec<usize> = self.rest().into_iter().filter(|it| !self.undoing.contains(it)).collect();
        let more = rest.len().saturating_sub(NAMED);
        let named = self.names(rest.get(..NAMED).unwrap_or(&rest));
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        // At the bound nobody looked.
        (!rest.is_empty() && !self.cut_short).then(|| format!("{named}{more} made no difference."))
    }
}
