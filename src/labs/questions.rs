//! Questions that the simulator writes: a template and a seed give a question, and a run gives its answer.
//!
//! The wrong options are not made up either: each is what the same run gives under a named misconception, played by a
//! breaker that works as its holder thinks ([`believer`]). A misconception that gives the right answer, or the answer of
//! another one, gives no option. A draw that leaves fewer than two wrong options is thrown away and the next one of the same
//! seed is taken, so every seed has a question, always the same one.
//!
//! Knows no learner and no course: concepts and misconceptions are ids, and texts are plain, with `` `names` `` in
//! backticks.

pub mod believer;
mod calls;
mod dice;
mod draft;
mod failover;
mod first_open;
mod lab_calls;
mod lock;
mod next_call;
mod probes;
mod reach;
mod retry;
mod setting;
#[cfg(test)]
mod sound;
mod state;
mod which_rule;
mod words;

use self::dice::Dice;
use self::draft::Draft;

/// How many draws of one seed may be thrown away. The poorest template throws away two of three.
const DRAWS: u64 = 400;

/// A kind of question that never runs out.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its name, a slug: `breaker-state`.
    pub name: &'static str,
    /// Raised when the same seed gives another question than before.
    pub rev: u32,
    /// What it asks, in a few words.
    pub title: &'static str,
    /// What it asks the learner to do: the word of a skill in a quiz file.
    pub skill: &'static str,
    /// The ids of the concepts that it tests; the first one says where it is taught.
    pub concepts: &'static [&'static str],
    /// Makes one draw; none if it came out as no question.
    draw: fn(&mut Dice) -> Option<Draft>,
}

/// A question with its answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Generated {
    /// The template's name.
    pub template: &'static str,
    /// The seed.
    pub seed: u64,
    /// How many steps of reasoning it takes: 1 to 3.
    pub level: u8,
    /// What is asked, from top to bottom.
    pub prompt: Vec<Part>,
    /// What can be answered: exactly one is right, and no two read the same.
    pub options: Vec<Choice>,
    /// Why the right one is right, with the calls that decide.
    pub why: String,
    /// The run that shows it.
    pub see: Option<See>,
}

/// A part of a prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// Lines that are shown as they stand, at most [`WIDEST`] columns.
    Lines(Vec<String>),
}

/// How many columns a line that stands as it is takes at most: it is shown on 60 columns too.
pub const WIDEST: usize = 54;

/// An option.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// What leads there; none for the right one.
    pub wrong: Option<Wrong>,
}

/// Why somebody would choose a wrong option, and why it is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The id of the misconception under which the run gives it.
    pub misconception: &'static str,
    /// What the run did instead.
    pub why: String,
}

/// A run of a lab, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct See {
    /// The lab's name.
    pub lab: &'static str,
    /// The preset's name.
    pub preset: &'static str,
    /// Knobs and their values.
    pub set: Vec<(&'static str, String)>,
    /// Fault sentences.
    pub at: Vec<String>,
    /// The run's seed.
    pub seed: u64,
    /// The second from which it is shown.
    pub from: u64,
}

/// Every template.
pub static TEMPLATES: [&Template; 24] = [
    &state::TEMPLATE,
    &reach::TEMPLATE,
    &probes::TEMPLATE,
    &which_rule::TEMPLATE,
    &first_open::TEMPLATE,
    &setting::TEMPLATE,
    &next_call::TEMPLATE,
    &lab_calls::TEMPLATE,
    &retry::layers::TEMPLATE,
    &retry::budget::TEMPLATE,
    &retry::waits::TEMPLATE,
    &retry::throttle::TEMPLATE,
    &retry::deadline::TEMPLATE,
    &retry::loops::TEMPLATE,
    &retry::comes_back::TEMPLATE,
    &failover::who_wins::TEMPLATE,
    &failover::committed::TEMPLATE,
    &failover::gap::TEMPLATE,
    &failover::retried::TEMPLATE,
    &failover::stale::TEMPLATE,
    &lock::which_write::TEMPLATE,
    &lock::redlock::TEMPLATE,
    &lock::passes_on::TEMPLATE,
    &lock::session_ends::TEMPLATE,
];

/// The template with that name.
pub fn find(name: &str) -> Option<&'static Template> {
    TEMPLATES.into_iter().find(|template| template.name == name)
}

impl Template {
    /// The question of a seed. None would be a bug of the template; `halfopen check` and a test look for it.
    pub fn generate(&self, seed: u64) -> Option<Generated> {
        (0..DRAWS).find_map(|number| {
            let mut dice = Dice::new(self.name, seed, number);
            let draft = (self.draw)(&mut dice)?;
            draft.finish(self, seed, &mut dice)
        })
    }
}

impl Generated {
    /// The place of the right option.
    pub fn right(&self) -> Option<usize> {
        self.options.iter().position(|option| option.wrong.is_none())
    }
}
