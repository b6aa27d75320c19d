//! Why something happened: the question, how far the search is, and the answer.

use super::{Bench, Focus, Open};
use crate::app::Effect;
use crate::app::keymap::Command;
use crate::app::screen::Cx;
use crate::app::work::{News, Work};
use crate::labs::why::{Found, Question};

/// A question about the run, and its answer as soon as it is found.
#[derive(Clone, Debug)]
pub struct Why {
    ticket: u64,
    about: String,
    seed: u64,
    state: Searched,
    top: usize,
}

/// How far the search is.
#[derive(Clone, PartialEq, Debug)]
pub enum Searched {
    /// So many reruns are done.
    Runs(usize),
    /// It is over.
    Found(Box<Found>),
}

/// What to say where there is nothing to ask about.
const NOTHING: &str = "Nothing notable has happened yet. With Tab to the numbers, w asks about a number.";

/// What `w` asks about: the number or the line under the cursor, else the latest fact worth a mark.
fn question(bench: &Bench) -> Option<Question> {
    let lab = bench.player.lab();
    let in_log = bench.focus == Focus::Log || matches!(bench.open, Open::Log);
    if bench.focus == Focus::Readings && !in_log {
        return Some(Question::reading(lab, bench.reading));
    }
    let chosen = if in_log { bench.log.chosen(&bench.player) } else { None };
    let fact = chosen.or_else(|| bench.player.notable().last().cloned())?;
    Some(Question::fact(lab, &fact))
}

/// Asking.
impl Bench {
    pub(super) fn why(&mut self, cx: &mut Cx<'_>) {
        let Some(question) = question(self) else { return cx.refuse(NOTHING) };
        self.player.pause();
        self.open = Open::Why(Why::ask(question, cx));
    }
}

impl Why {
    /// Asks.
    pub fn ask(question: Question, cx: &mut Cx<'_>) -> Self {
        let ticket = cx.shared.draw();
        let (about, seed) = (question.about(), question.scenario.seed);
        cx.effects.push(Effect::Work(ticket, Box::new(Work::Why(question))));
        Self { ticket, about, seed, state: Searched::Runs(0), top: 0 }
    }

    /// What is asked about.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The seed of the run.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// How far the search is.
    pub const fn state(&self) -> &Searched {
        &self.state
    }

    /// How many lines are scrolled away above.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// Does what was asked for; true if it is to be closed, which calls a search off.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Up => self.top = self.top.saturating_sub(1),
            // The view stops at the end.
            Command::Down => self.top = (self.top + 1).min(self.longest()),
            Command::Back => {
                self.call_off(cx.effects);
                return true;
            }
            _ => {}
        }
        false
    }

    /// Calls off what is not done yet.
    pub(super) fn call_off(&self, effects: &mut Vec<Effect>) {
        if matches!(self.state, Searched::Runs(_)) {
            effects.push(Effect::CallOff(self.ticket));
        }
    }

    /// Takes in what the search has to tell; false if it is another's.
    pub fn hear(&mut self, ticket: u64, news: &News) -> bool {
        if ticket != self.ticket {
            return false;
        }
        match news {
            News::Runs(runs) => self.state = Searched::Runs(*runs),
            News::Why(found) => self.state = Searched::Found(Box::new(found.clone())),
            News::Proved(_) | News::Judged(_) | News::Swept(_) | News::Cured(_) => {}
        }
        true
    }

    /// Lines that the answer may take, roughly: what scrolling needs not exceed.
    fn longest(&self) -> usize {
        match &self.state {
            Searched::Runs(_) => 0,
            Searched::Found(found) => found.lines().iter().map(|line| line.len() / 40 + 1).sum(),
        }
    }
}
