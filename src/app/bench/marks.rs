//! What the row of events shows: a letter for everything that was done or happened, and what the letters mean.

use crate::app::player::{Mark, Marked, Player};
use crate::labs::fault::{Act, Vocabulary};

/// The letter of a knob that was turned, and that of a fault without a button.
const KNOB: char = 'k';
const OTHER: char = '*';

/// The letters of a run: each kind of fact has its own, given in the order in which the kinds first happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Letters {
    buttons: Vec<(Act, &'static str)>,
    kinds: Vec<(&'static str, char)>,
}

impl Letters {
    /// The letters for what is known of the run.
    pub fn of(player: &Player, marks: &[Mark]) -> Self {
        let mut kinds: Vec<(&'static str, char)> = Vec::new();
        for mark in marks {
            if let Marked::Fact(fact) = &mark.what
                && !is_echo(fact.told.kind)
                && !kinds.iter().any(|(kind, _)| *kind == fact.told.kind)
            {
                let taken: Vec<char> = kinds.iter().map(|(_, letter)| *letter).collect();
                kinds.push((fact.told.kind, free_letter(fact.told.kind, &taken)));
            }
        }
        Self { buttons: buttons(player), kinds }
    }

    /// The letter of a mark and what it means; none for what another mark tells already.
    pub fn of_mark(&self, mark: &Mark) -> Option<(char, String)> {
        match &mark.what {
            Marked::Act(act) => {
                let button = self.buttons.iter().zip('1'..='9').find(|((button, _), _)| button == act);
                Some(match (button, act) {
                    (Some(((_, label), digit)), _) => (digit, (*label).to_owned()),
                    (None, Act::Set(_, name, value)) => (KNOB, format!("{} {value}", name.replace('_', " "))),
                    (None, Act::Fault(fault)) => (OTHER, fault.to_string()),
                })
            }
            Marked::Fact(fact) => {
                let (kind, letter) = self.kinds.iter().find(|(kind, _)| *kind == fact.told.kind)?;
                Some((*letter, kind.replace('-', " ")))
            }
        }
    }
}

/// Whether a kind of fact only repeats the act that has a mark of its own.
fn is_echo(kind: &str) -> bool {
    kind == "fault-began" || kind == "knob-turned"
}

/// A capital from the words of `kind`, those after the first word first: `breaker-opened` is O.
fn free_letter(kind: &str, taken: &[char]) -> char {
    let (first, rest) = kind.split_once('-').unwrap_or(("", kind));
    let words = rest.chars().chain(first.chars()).filter(char::is_ascii_alphabetic);
    let spare = words.chain('a'..='z').map(|c| c.to_ascii_uppercase());
    let mut spare = spare.filter(|letter| !taken.contains(letter));
    spare.next().unwrap_or('!')
}

/// What the buttons do, with their labels.
fn buttons(player: &Player) -> Vec<(Act, &'static str)> {
    let lab = player.lab();
    let parts = lab.parts();
    let vocabulary = Vocabulary { faults: lab.spec().faults, parts: &parts, knobs: lab.knobs() };
    let read =
        |(label, sentence): &(&'static str, &'static str)| Some((vocabulary.read(sentence).ok()?, *label));
    lab.spec().buttons.iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_letter_of_its_own() {
        let mut taken = Vec::new();
        for kind in
            ["breaker-opened", "breaker-half-opened", "breaker-closed", "order-full", "one-odd", "over"]
        {
            taken.push(free_letter(kind, &taken));
        }
        assert_eq!(taken, ['O', 'H', 'C', 'F', 'D', 'V']);
    }
}
