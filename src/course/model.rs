//! What a course is: chapters of lessons of steps, with their questions; and how to find things in it.
//!
//! Links between parts are ids. What a loaded course refers to may be missing if its file was broken, so every look-up
//! gives an `Option`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::place::{Name, Place};
use super::prose::Block;
use super::quiz::{Concept, Drill, Misconception, Question};
use super::setup::{Claim, Cure, Goal, LabBlock, Predict, ScenarioFile};

/// Everything there is to learn.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Course {
    /// In the order of their folders.
    pub chapters: Vec<Chapter>,
    /// In the order of their file.
    pub concepts: Vec<Concept>,
    /// In the order of their file.
    pub misconceptions: Vec<Misconception>,
}

/// A chapter: one folder of lessons, one bank of questions.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Chapter {
    /// The folder's name without its number: `breaker`.
    pub id: String,
    /// The number that the learner sees, `8.1`.
    pub label: Option<String>,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// In the order of their files.
    pub lessons: Vec<Lesson>,
    /// By name. Blocks are already merged with them.
    pub scenarios: BTreeMap<String, ScenarioFile>,
    /// In the order of the bank.
    pub questions: Vec<Question>,
    /// In the order of the bank.
    pub drills: Vec<Drill>,
    /// The templates of questions that the simulator writes for its quiz. Whether there are such is judged by who knows labs.
    pub generators: Vec<Name>,
    /// Its `chapter.toml`.
    pub place: Place,
}

/// A lesson: one file.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    /// Unique: `breaker`.
    pub id: Name,
    /// Its title.
    pub title: String,
    /// How long it takes.
    pub minutes: u32,
    /// The ids of lessons to know first; all come before this one.
    pub needs: Vec<Name>,
    /// Where its facts come from.
    pub sources: Vec<Source>,
    /// Numbered from 1.
    pub steps: Vec<Step>,
    /// Its front matter.
    pub place: Place,
}

/// Where a lesson's facts come from.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// Unique in its lesson; `[text](#id)` leads here.
    pub id: Name,
    /// Name, version, part.
    pub title: String,
    /// A page on the web.
    pub url: Option<String>,
}

/// One idea, on one screen.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Counted from 1 in its lesson.
    pub number: usize,
    /// Its heading, unstyled.
    pub title: String,
    /// What it shows. At most one of them is a [`Block::Lab`].
    pub blocks: Vec<Block>,
    /// Its heading.
    pub place: Place,
}

impl Step {
    /// The lab that this step brings up itself; see [`Lesson::lab_at`] for the one that it shows.
    pub fn lab(&self) -> Option<&LabBlock> {
        self.blocks.iter().find_map(|block| if let Block::Lab(lab) = block { Some(&**lab) } else { None })
    }

    /// Its claims.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.blocks.iter().filter_map(|block| if let Block::Claim(it) = block { Some(&**it) } else { None })
    }

    /// Its predictions.
    pub fn predictions(&self) -> impl Iterator<Item = &Predict> {
        self.blocks.iter().filter_map(|block| if let Block::Predict(it) = block { Some(&**it) } else { None })
    }

    /// Its goals.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.blocks.iter().filter_map(|block| if let Block::Goal(it) = block { Some(&**it) } else { None })
    }

    /// Its comparisons of remedies.
    pub fn cures(&self) -> impl Iterator<Item = &Cure> {
        self.blocks.iter().filter_map(|block| if let Block::Cure(it) = block { Some(&**it) } else { None })
    }
}

impl Lesson {
    /// The step with that number, counted from 1.
    pub fn step(&self, number: usize) -> Option<&Step> {
        number.checked_sub(1).and_then(|at| self.steps.get(at))
    }

    /// The lab that a step shows: its own, or the one of the nearest step before it.
    pub fn lab_at(&self, number: usize) -> Option<&LabBlock> {
        self.steps.iter().take(number).rev().find_map(Step::lab)
    }

    /// The source with that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }
}

/// Names a step: `breaker.3`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StepId {
    /// The lesson's id.
    pub lesson: String,
    /// The step's number, counted from 1.
    pub number: usize,
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.lesson, self.number)
    }
}

/// The text does not name a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a step is named by its lesson and its number, like `breaker.3`")]
pub struct NotAStep;

impl FromStr for StepId {
    type Err = NotAStep;

    fn from_str(text: &str) -> Result<Self, NotAStep> {
        let (lesson, number) = text.rsplit_once('.').ok_or(NotAStep)?;
        let digits = number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|n| digits && *n > 0).ok_or(NotAStep)?;
        if !is_slug(lesson) {
            return Err(NotAStep);
        }
        Ok(Self { lesson: lesson.to_owned(), number })
    }
}

/// Whether the text may be an id: lower-case letters, digits and inner hyphens.
pub fn is_slug(text: &str) -> bool {
    text.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// A step with everything around it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StepRef<'a> {
    /// Its chapter.
    pub chapter: &'a Chapter,
    /// Its lesson.
    pub lesson: &'a Lesson,
    /// The step.
    pub step: &'a Step,
}

impl StepRef<'_> {
    /// Its name.
    pub fn id(&self) -> StepId {
        StepId { lesson: self.lesson.id.value.clone(), number: self.step.number }
    }
}

impl Course {
    /// Every lesson in order, with its chapter.
    pub fn lessons(&self) -> impl Iterator<Item = (&Chapter, &Lesson)> {
        self.chapters.iter().flat_map(|chapter| chapter.lessons.iter().map(move |lesson| (chapter, lesson)))
    }

    /// Every step in order.
    pub fn steps(&self) -> impl Iterator<Item = StepRef<'_>> {
        self.lessons().flat_map(|(chapter, lesson)| {
            lesson.steps.iter().map(move |step| StepRef { chapter, lesson, step })
        })
    }

    /// Every written question in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.chapters.iter().flat_map(|chapter| &chapter.questions)
    }

    /// Every drill in order.
    pub fn drills(&self) -> impl Iterator<Item = &Drill> {
        self.chapters.iter().flat_map(|chapter| &chapter.drills)
    }

    /// The chapter with that id, that label, or a lesson with that id.
    pub fn find_chapter(&self, name: &str) -> Option<&Chapter> {
        let by = |test: &dyn Fn(&Chapter) -> bool| self.chapters.iter().find(|chapter| test(chapter));
        by(&|chapter| chapter.id == name)
            .or_else(|| by(&|chapter| chapter.label.as_deref() == Some(name)))
            .or_else(|| by(&|chapter| chapter.lessons.iter().any(|lesson| lesson.id == name)))
    }

    /// The lesson with that id, and its chapter.
    pub fn find_lesson(&self, id: &str) -> Option<(&Chapter, &Lesson)> {
        self.lessons().find(|(_, lesson)| lesson.id == id)
    }

    /// The step that a learner names: `breaker.3`, or `breaker` for its first.
    pub fn find_step(&self, name: &str) -> Option<StepRef<'_>> {
        match name.parse::<StepId>() {
            Ok(id) => self.step(&id),
            Err(NotAStep) => self.step(&StepId { lesson: name.to_owned(), number: 1 }),
        }
    }

    /// The step with that id.
    pub fn step(&self, id: &StepId) -> Option<StepRef<'_>> {
        let (chapter, lesson) = self.find_lesson(&id.lesson)?;
        lesson.step(id.number).map(|step| StepRef { chapter, lesson, step })
    }

    /// The step after this one, across lessons and chapters.
    pub fn step_after(&self, id: &StepId) -> Option<StepRef<'_>> {
        self.steps().skip_while(|step| step.id() != *id).nth(1)
    }

    /// The step before this one, across lessons and chapters.
    pub fn step_before(&self, id: &StepId) -> Option<StepRef<'_>> {
        self.steps().zip(self.steps().skip(1)).find(|(_, after)| after.id() == *id).map(|(before, _)| before)
    }

    /// The question with that id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|question| question.id == id)
    }

    /// The drill with that id.
    pub fn drill(&self, id: &str) -> Option<&Drill> {
        self.drills().find(|drill| drill.id == id)
    }

    /// The concept with that id.
    pub fn concept(&self, id: &str) -> Option<&Concept> {
        self.concepts.iter().find(|concept| concept.id == id)
    }

    /// The misconception with that id.
    pub fn misconception(&self, id: &str) -> Option<&Misconception> {
        self.misconceptions.iter().find(|misconception| misconception.id == id)
    }

    /// The prediction with that id, and its step.
    pub fn prediction(&self, id: &str) -> Option<(StepRef<'_>, &Predict)> {
        self.steps().find_map(|at| at.step.predictions().find(|it| it.id == id).map(|it| (at, it)))
    }

    /// The goal with that id, and its step.
    pub fn goal(&self, id: &str) -> Option<(StepRef<'_>, &Goal)> {
        self.steps().find_map(|at| at.step.goals().find(|it| it.id == id).map(|it| (at, it)))
    }
}
