//! What is taught and not asked: a report for authors, kept apart from errors because a course grows.

use std::collections::BTreeSet;

use super::model::{Course, StepId};
use super::place::Place;
use super::problem::Problem;
use super::prose::Block;
use super::text::Texts;

/// Questions that a concept should have.
const ASKED: usize = 3;
/// Written questions that a chapter should have.
const QUESTIONS: usize = 25;
/// Kinds of question that a chapter should have.
const KINDS: usize = 5;

/// How well a course asks what it teaches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Coverage {
    /// Each concept, in order.
    pub concepts: Vec<ConceptCover>,
    /// Each chapter, in order.
    pub chapters: Vec<ChapterCover>,
}

/// How well one concept is covered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConceptCover {
    /// Its id.
    pub id: String,
    /// Whether the step that teaches it exists.
    pub taught: bool,
    /// Whether that step shows a lab or code.
    pub seen: bool,
    /// How many questions ask it.
    pub questions: usize,
    /// How many drills use it.
    pub drills: usize,
    /// Where it is written.
    pub place: Place,
}

/// How well one chapter is covered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChapterCover {
    /// Its id.
    pub id: String,
    /// How many written questions it has.
    pub questions: usize,
    /// How many kinds these are of.
    pub kinds: usize,
    /// Its `chapter.toml`.
    pub place: Place,
}

impl Coverage {
    /// Counts what a course has.
    pub fn of(course: &Course) -> Self {
        let concept = |concept: &super::quiz::Concept| ConceptCover {
            id: concept.id.value.clone(),
            taught: course.step(&concept.step).is_some(),
            seen: is_seen(course, &concept.step),
            questions: course
                .questions()
                .filter(|it| it.concepts.iter().any(|id| *id == *concept.id.value))
                .count(),
            drills: course
                .drills()
                .filter(|it| it.concepts.iter().any(|id| *id == *concept.id.value))
                .count(),
            place: concept.place,
        };
        let chapter = |chapter: &super::model::Chapter| ChapterCover {
            id: chapter.id.clone(),
            questions: chapter.questions.len(),
            kinds: chapter.questions.iter().map(|it| it.ask.kind()).collect::<BTreeSet<_>>().len(),
            place: chapter.place,
        };
        Self {
            concepts: course.concepts.iter().map(concept).collect(),
            chapters: course.chapters.iter().map(chapter).collect(),
        }
    }

    /// What is not covered, as warnings.
    pub fn gaps(&self, texts: &Texts) -> Vec<Problem> {
        let concepts = self.concepts.iter().filter_map(|concept| {
            let gaps = concept.gaps();
            (!gaps.is_empty())
                .then(|| texts.warning(concept.place, &format!("`{}` {}", concept.id, gaps.join(", ")), None))
        });
        let chapters =
            self.chapters.iter().filter(|it| it.questions < QUESTIONS || it.kinds < KINDS).map(|it| {
                let message = format!(
                    "the chapter `{}` has {} questions of {} kinds; {QUESTIONS} of {KINDS} are wanted",
                    it.id, it.questions, it.kinds
                );
                texts.warning(it.place, &message, None)
            });
        concepts.chain(chapters).collect()
    }
}

impl ConceptCover {
    /// What is missing, each as the end of a sentence.
    fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        if !self.taught {
            gaps.push("is taught in no step".to_owned());
        } else if !self.seen {
            gaps.push("is seen in no lab and no code".to_owned());
        }
        if self.questions < ASKED {
            gaps.push(format!("is asked by {} of {ASKED} questions", self.questions));
        }
        if self.drills == 0 {
            gaps.push("is used by no drill".to_owned());
        }
        gaps
    }
}

/// Whether the step shows a lab or code.
fn is_seen(course: &Course, step: &StepId) -> bool {
    course.step(step).is_some_and(|at| {
        let shown = |block: &Block| {
            matches!(
                block,
                Block::Code(_) | Block::Claim(_) | Block::Predict(_) | Block::Goal(_) | Block::Cure(_)
            )
        };
        at.lesson.lab_at(at.step.number).is_some() || at.step.blocks.iter().any(shown)
    })
}
