//! A claim that is run while the learner watches: how far that is, and what its runs gave against what it says.

use crate::app::Effect;
use crate::app::passage::{Passage, Weight};
use crate::app::proving::{Part, Proof, Proving};
use crate::app::screen::Cx;
use crate::app::work::{News, Work};
use crate::course::{Claim, Inlines};

/// A hard space, so that a drawn distribution is never broken over two lines.
const HARD_SPACE: &str = "\u{a0}";

/// A claim that is run.
#[derive(Clone, PartialEq, Debug)]
pub struct Proved {
    /// The claim.
    pub claim: Box<Claim>,
    ticket: u64,
    of: usize,
    state: State,
    failing: usize,
}

/// How far it is.
#[derive(Clone, PartialEq, Debug)]
enum State {
    /// On so many seeds.
    Runs(usize),
    /// On all of them.
    Done(Proof),
}

impl Proved {
    /// Runs a claim in the background; the error is a sentence.
    pub fn begin(claim: &Claim, cx: &mut Cx<'_>) -> Result<Self, String> {
        let proving = Proving::of(claim)?;
        let (ticket, of) = (cx.shared.draw(), proving.seeds().len());
        cx.effects.push(Effect::Work(ticket, Box::new(Work::Prove(proving))));
        Ok(Self { claim: Box::new(claim.clone()), ticket, of, state: State::Runs(0), failing: 0 })
    }

    /// Takes in what there is to tell; false if it is another's.
    pub fn hear(&mut self, ticket: u64, news: &News) -> bool {
        if ticket != self.ticket {
            return false;
        }
        match (news, &mut self.state) {
            // Seeds run side by side, so the news may overtake each other.
            (News::Runs(runs), State::Runs(before)) => *before = (*runs).max(*before),
            (News::Proved(proof), _) => self.state = State::Done(proof.clone()),
            _ => {}
        }
        true
    }

    /// Calls off what is not done yet.
    pub fn call_off(&self, cx: &mut Cx<'_>) {
        if matches!(self.state, State::Runs(_)) {
            cx.effects.push(Effect::CallOff(self.ticket));
        }
    }

    /// Whether it did not hold on some seed.
    pub fn has_failed(&self) -> bool {
        matches!(&self.state, State::Done(proof) if !proof.failed().is_empty())
    }

    /// The claim on the next seed on which it did not hold.
    pub fn next_failed(&mut self) -> Option<Claim> {
        let State::Done(proof) = &self.state else { return None };
        let failed = proof.failed();
        let seed = *failed.get(self.failing % failed.len().max(1))?;
        self.failing += 1;
        let mut claim = (*self.claim).clone();
        claim.setup.seed = seed;
        Some(claim)
    }

    /// What stands in the text area.
    pub fn passages(&self) -> Vec<Passage> {
        let says = self.claim.says.clone();
        let says = says.unwrap_or_else(|| Inlines::from_plain("The sentence before its mark."));
        let mut passages = vec![Passage::item("CLAIM  ", says, Weight::Strong)];
        match &self.state {
            State::Runs(runs) => {
                let text = format!("Running it: {runs} of {} seeds ...", self.of);
                passages.push(Passage::note(text, Weight::Strong));
            }
            State::Done(proof) => proof.parts.iter().for_each(|part| passages.extend(told(part))),
        }
        let note = if self.has_failed() {
            "Enter opens one of its runs, x one on which it did not hold."
        } else {
            "Enter opens one of its runs."
        };
        passages.push(Passage::note(note, Weight::Dim));
        passages
    }
}

fn told(part: &Part) -> Vec<Passage> {
    let (mark, weight) = if part.holds { ("  [ok]  ", Weight::Good) } else { ("  [no]  ", Weight::Bad) };
    let counted = if part.passed == part.of {
        format!("{} of {} hold", part.passed, part.of)
    } else {
        format!("{} of {}", part.passed, part.of)
    };
    // Where the runs count together, how many hold says nothing.
    let result = if part.text.contains(" on seeds") || !part.holds { &part.because } else { &counted };
    let mut told = vec![Passage::item(mark, Inlines::from_plain(format!("{}: {result}", part.text)), weight)];
    for number in &part.numbers {
        told.push(Passage::item("        ", Inlines::from_plain(number.figures()), Weight::Plain));
        let drawn = number.drawn().map(|line| line.replace(' ', HARD_SPACE));
        told.extend(drawn.map(|line| Passage::item("        ", Inlines::from_plain(line), Weight::Plain)));
    }
    told
}
