//! Questions, drills, and the concepts and misconceptions that they refer to. Nothing about who answers them.

use std::collections::BTreeMap;

use super::model::StepId;
use super::place::{Name, Place, Placed};
use super::prose::{Block, Inlines, Language};
use super::setup::See;

/// A written question.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Unique, stable: answers are remembered under it.
    pub id: Name,
    /// The id of its chapter.
    pub chapter: String,
    /// Its revision; raised only when the meaning changes.
    pub rev: u32,
    /// How many steps of reasoning it takes: 1 to 3.
    pub level: u8,
    /// What it asks the learner to do.
    pub skill: Skill,
    /// The concepts that it tests, at least one.
    pub concepts: Vec<Name>,
    /// What is asked.
    pub prompt: Vec<Block>,
    /// How it is answered.
    pub ask: Ask,
    /// The step in which it is taught.
    pub step: Placed<StepId>,
    /// Why the right answer is right.
    pub why: Inlines,
    /// The run that shows it.
    pub see: Option<See>,
    /// The wrong belief that it tests as a whole; wrong options and traps name their own.
    pub misconception: Option<Name>,
    /// Where it is written.
    pub place: Place,
}

/// How a question is answered, with the answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Ask {
    /// One option is right.
    Single {
        /// In the order written; shown shuffled.
        options: Vec<Choice>,
    },
    /// At least one option is right and at least one wrong.
    Several {
        /// In the order written; shown shuffled.
        options: Vec<Choice>,
    },
    /// Put in order.
    Order {
        /// In the right order; shown shuffled.
        items: Vec<Inlines>,
    },
    /// A number.
    Number {
        /// The right one.
        answer: f64,
        /// How far off is still right, in the same unit.
        tolerance: f64,
        /// Its unit.
        unit: String,
        /// Wrong answers that a misconception leads to.
        traps: Vec<Trap<f64>>,
    },
    /// A word or two, compared by [`same_text`].
    Text {
        /// Accepted forms; the first is the one shown.
        accept: Vec<String>,
        /// Wrong answers that a misconception leads to.
        traps: Vec<Trap<String>>,
    },
    /// Find the faulty line.
    Line {
        /// The code, each line ending in `'\n'`.
        code: String,
        /// What it is written in.
        language: Language,
        /// The faulty line, counted from 1.
        answer: usize,
        /// Why other lines are not the faulty one, by line.
        why_not: BTreeMap<usize, Inlines>,
    },
    /// Match the left with the right.
    Match {
        /// Three to six right pairs; one side is shown shuffled.
        pairs: Vec<(Inlines, Inlines)>,
    },
}

impl Ask {
    /// The kind's word in a quiz file: `single`, `line`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Single { .. } => "single",
            Self::Several { .. } => "several",
            Self::Order { .. } => "order",
            Self::Number { .. } => "number",
            Self::Text { .. } => "text",
            Self::Line { .. } => "line",
            Self::Match { .. } => "match",
        }
    }
}

/// Whether two short answers are the same: case, spaces, hyphens and underscores do not count.
pub fn same_text(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    letters(one) == letters(other)
}

/// An option to choose.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// What it says.
    pub text: Inlines,
    /// Whether it is right.
    pub verdict: Verdict,
}

impl Choice {
    /// Whether choosing it is right.
    pub const fn is_right(&self) -> bool {
        matches!(self.verdict, Verdict::Right)
    }
}

/// Whether an option is right, or what leads there.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong {
        /// The belief that leads to it.
        misconception: Name,
        /// Why it is wrong.
        why: Inlines,
    },
}

/// A wrong answer that can be told apart from a slip.
#[derive(Clone, PartialEq, Debug)]
pub struct Trap<T> {
    /// The wrong answer.
    pub answer: T,
    /// The belief that leads to it.
    pub misconception: Name,
    /// Why it is wrong.
    pub why: Inlines,
}

/// What a question asks the learner to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Skill {
    /// Say how it works.
    Explain,
    /// Say what happens.
    Predict,
    /// Work out a number.
    Compute,
    /// Tell two things apart.
    Compare,
    /// Find the cause.
    Diagnose,
    /// Pick for a situation.
    Choose,
}

impl Skill {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Explain, Self::Predict, Self::Compute, Self::Compare, Self::Diagnose, Self::Choose];

    /// Its word in a quiz file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Explain => "explain",
            Self::Predict => "predict",
            Self::Compute => "compute",
            Self::Compare => "compare",
            Self::Diagnose => "diagnose",
            Self::Choose => "choose",
        }
    }
}

/// An interview question with what a strong answer holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Drill {
    /// Unique, stable.
    pub id: Name,
    /// The id of its chapter.
    pub chapter: String,
    /// A few words.
    pub title: String,
    /// As an interviewer says it.
    pub prompt: Vec<Block>,
    /// Time to answer.
    pub minutes: u32,
    /// The concepts that it uses, at least one.
    pub concepts: Vec<Name>,
    /// Two to four questions that depend on what was said.
    pub follow_ups: Vec<FollowUp>,
    /// What the answer is judged on.
    pub points: Vec<Point>,
    /// What must not be said.
    pub red_flags: Vec<Inlines>,
    /// A model answer for each level.
    pub answers: Answers,
    /// The run that shows it.
    pub see: Option<See>,
    /// Where it is written.
    pub place: Place,
}

/// What an interviewer asks next.
#[derive(Clone, PartialEq, Debug)]
pub struct FollowUp {
    /// What must have been said, `said: retries`.
    pub when: String,
    /// The question.
    pub ask: Inlines,
}

/// A point of a drill's rubric: a causal link that the answer must contain.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// How much it counts.
    pub weight: Weight,
    /// A because B.
    pub text: Inlines,
}

/// How much a rubric point counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// No pass without it.
    Must,
    /// A good answer has it.
    Should,
    /// A strong answer has it.
    Bonus,
}

impl Weight {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::Bonus];

    /// Its word in a quiz file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Bonus => "bonus",
        }
    }
}

/// Model answers.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answers {
    /// At mid level.
    pub mid: Vec<Block>,
    /// At senior level.
    pub senior: Vec<Block>,
    /// At staff level.
    pub staff: Vec<Block>,
}

/// Something to understand; questions and drills train it.
#[derive(Clone, PartialEq, Debug)]
pub struct Concept {
    /// Unique.
    pub id: Name,
    /// What an interviewer calls it.
    pub name: String,
    /// One sentence.
    pub definition: Inlines,
    /// The step that teaches it.
    pub step: Placed<StepId>,
    /// The id of its chapter.
    pub chapter: Name,
    /// Where it is written.
    pub place: Place,
}

/// A wrong belief that a sensible person may hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Misconception {
    /// Unique.
    pub id: Name,
    /// The id of its chapter.
    pub chapter: Name,
    /// In its holder's words.
    pub belief: Inlines,
    /// The run or source that refutes it, in one sentence.
    pub refuted_by: Inlines,
    /// The step that refutes it.
    pub step: Placed<StepId>,
    /// Where it is written.
    pub place: Place,
}
