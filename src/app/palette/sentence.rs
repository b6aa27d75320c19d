//! What is typed, read as a fault of the lab at hand: `hang payments for 10s`, `set call_timeout 500ms`.

use crate::app::player::Player;
use crate::engine::time::Span;
use crate::labs::fault::{Act, FaultSpec, Target, Vocabulary};
use crate::labs::knob::Knobs;
use crate::labs::text::Misread;

/// What can be said to a lab as it stands.
#[derive(Clone, Debug)]
pub struct Tongue {
    faults: &'static [FaultSpec],
    parts: Vec<Target>,
    knobs: Knobs,
}

/// A text as a fault.
#[derive(Clone, PartialEq, Debug)]
pub enum Reading {
    /// It does not begin like one.
    Other,
    /// It is one, with a sentence about it.
    Act(Act, &'static str),
    /// It begins like one.
    Misread {
        /// What is wrong.
        misread: Misread,
        /// Whether the word at fault is typed to its end.
        finished: bool,
    },
}

impl Tongue {
    /// What can be said to this lab.
    pub fn of(player: &Player) -> Self {
        let lab = player.lab();
        Self { faults: player.spec().faults, parts: lab.parts(), knobs: lab.knobs().clone() }
    }

    fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary { faults: self.faults, parts: &self.parts, knobs: &self.knobs }
    }

    /// Reads `text`.
    pub fn read(&self, text: &str) -> Reading {
        match self.vocabulary().read(text) {
            Ok(act) => {
                let meaning = self.meaning(&act);
                Reading::Act(act, meaning)
            }
            Err(misread) if self.begins_like_one(text) => {
                let after = text.get(misread.at.end..).unwrap_or_default();
                Reading::Misread { finished: after.starts_with(char::is_whitespace), misread }
            }
            Err(_) => Reading::Other,
        }
    }

    /// Whether a verb stands before something else. A time does too: those of files begin with it.
    fn begins_like_one(&self, text: &str) -> bool {
        let Some((word, _)) = text.trim_start().split_once(char::is_whitespace) else { return false };
        word == "set" || word.parse::<Span>().is_ok() || self.faults.iter().any(|it| it.verb.word() == word)
    }

    fn meaning(&self, act: &Act) -> &'static str {
        match act {
            Act::Set(index, ..) => self.knobs.iter().nth(*index).map_or("", |(knob, _)| knob.meaning),
            Act::Fault(fault) => {
                let kind = Target::kind_of(&fault.target, &self.parts);
                let fits = |it: &&FaultSpec| {
                    it.verb == fault.verb && kind.is_some_and(|kind| it.targets.contains(&kind))
                };
                self.faults.iter().find(fits).map_or("", |it| it.meaning)
            }
        }
    }

    /// Every fault to every part that it can be done to.
    pub fn faults(&self) -> impl Iterator<Item = (&'static FaultSpec, &str)> {
        self.faults.iter().flat_map(|fault| {
            let fits = self.parts.iter().filter(|part| fault.targets.contains(&part.kind));
            fits.map(move |part| (fault, part.name.as_str()))
        })
    }

    /// A sentence as the lab writes it; none if it makes no sense there.
    pub fn written(&self, sentence: &str) -> Option<String> {
        self.vocabulary().read(sentence).ok().map(|act| act.to_string())
    }
}
