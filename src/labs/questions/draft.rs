//! A question in the making: the right answer, and what misconceptions make of the same run.

use super::dice::Dice;
use super::{Choice, Generated, Part, See, Template, Wrong};

/// How many wrong options a question has at most, and at least.
const MOST: usize = 3;
const LEAST: usize = 2;

/// A question in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    level: u8,
    prompt: Vec<Part>,
    right: String,
    why: String,
    wrong: Vec<(String, Wrong)>,
    see: Option<See>,
}

impl Draft {
    /// One with its right answer and why that is right.
    pub fn new(level: u8, right: impl Into<String>, why: impl Into<String>) -> Self {
        Self { level, prompt: Vec::new(), right: right.into(), why: why.into(), wrong: Vec::new(), see: None }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<String>) {
        self.prompt.push(Part::Text(text.into()));
    }

    /// Adds lines that are shown as they stand.
    pub fn lines(&mut self, lines: Vec<String>) {
        self.prompt.push(Part::Lines(lines));
    }

    /// Says why the right answer is right.
    pub fn because(&mut self, why: impl Into<String>) {
        self.why = why.into();
    }

    /// Adds the run that shows it.
    pub fn see(&mut self, see: See) {
        self.see = Some(see);
    }

    /// Whether an answer is the right one.
    pub fn is_right(&self, answer: &str) -> bool {
        self.right == answer
    }

    /// Whether an answer is offered already.
    pub fn offers(&self, answer: &str) -> bool {
        self.is_right(answer) || self.wrong.iter().any(|(other, _)| other == answer)
    }

    /// Adds what a misconception answers, unless that is right or said already.
    pub fn wrong(&mut self, answer: impl Into<String>, misconception: &'static str, why: impl Into<String>) {
        let answer = answer.into();
        if !self.offers(&answer) {
            self.wrong.push((answer, Wrong { misconception, why: why.into() }));
        }
    }

    /// Itself, if a question of it offers as many options as any.
    pub fn full(self) -> Option<Self> {
        (self.wrong.len() >= MOST).then_some(self)
    }

    /// The question, if there is enough to choose from.
    pub fn finish(mut self, template: &Template, seed: u64, dice: &mut Dice) -> Option<Generated> {
        if self.wrong.len() < LEAST {
            return None;
        }
        // Any misconception may be the one that is left out.
        dice.shuffle(&mut self.wrong);
        self.wrong.truncate(MOST);
        let wrong = self.wrong.into_iter().map(|(text, wrong)| Choice { text, wrong: Some(wrong) });
        let mut options: Vec<Choice> = wrong.chain([Choice { text: self.right, wrong: None }]).collect();
        dice.shuffle(&mut options);
        Some(Generated {
            template: template.name,
            seed,
            level: self.level,
            prompt: self.prompt,
            options,
            why: self.why,
            see: self.see,
        })
    }
}
