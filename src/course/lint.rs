//! What can be judged of a whole course without running anything: ids, links, well-formed questions, steps that fit.

mod links;
mod questions;
mod rows;

use std::collections::BTreeSet;

pub use rows::{ROWS_OF_TEXT, ROWS_WITH_LAB, TEXT_WIDTH, rows};

use super::load::LeftOut;
use super::model::{Course, Lesson, StepId};
use super::place::{Name, Placed};
use super::problem::Ledger;
use super::prose::Block;

/// Judges a course, and takes out what cannot be used.
pub(super) fn check(
    course: &mut Course,
    followed: &[Placed<StepId>],
    left_out: &LeftOut,
    ledger: &Ledger<'_>,
) {
    refuse_duplicates(course, ledger);
    for chapter in &mut course.chapters {
        chapter.questions.retain(|question| questions::is_well_formed(question, ledger));
        questions::warn_of_length(&chapter.questions, ledger);
    }
    links::check(course, followed, left_out, ledger);
    for (_, lesson) in course.lessons() {
        if lesson.sources.is_empty() {
            ledger.warning(
                lesson.id.place,
                format!("the lesson `{}` names no source", lesson.id),
                "add [[source]]",
            );
        }
        warn_of_height(lesson, ledger);
    }
}

/// Keeps the first of those with the same id and reports the others.
fn refuse_duplicates(course: &mut Course, ledger: &Ledger<'_>) {
    let mut chapters = BTreeSet::new();
    course.chapters.retain(|chapter| {
        let first = chapters.insert(chapter.id.clone());
        if !first {
            ledger.error(
                chapter.place,
                format!("there are two chapters `{}`; this one is left out", chapter.id),
            );
        }
        first
    });
    let mut lessons = Once::new("lessons", ledger);
    let mut questions = Once::new("questions", ledger);
    let mut drills = Once::new("drills", ledger);
    let mut predictions = Once::new("predictions", ledger);
    let mut goals = Once::new("goals", ledger);
    for chapter in &mut course.chapters {
        chapter.lessons.retain(|lesson| lessons.is_first(&lesson.id));
        chapter.questions.retain(|question| questions.is_first(&question.id));
        chapter.drills.retain(|drill| drills.is_first(&drill.id));
        for step in chapter.lessons.iter_mut().flat_map(|lesson| &mut lesson.steps) {
            step.blocks.retain(|block| match block {
                Block::Predict(predict) => predictions.is_first(&predict.id),
                Block::Goal(goal) => goals.is_first(&goal.id),
                _ => true,
            });
        }
    }
    let mut concepts = Once::new("concepts", ledger);
    course.concepts.retain(|concept| concepts.is_first(&concept.id));
    let mut misconceptions = Once::new("misconceptions", ledger);
    course.misconceptions.retain(|misconception| misconceptions.is_first(&misconception.id));
}

/// Ids of one kind, each of which may stand once.
struct Once<'l> {
    what: &'static str,
    seen: BTreeSet<String>,
    ledger: &'l Ledger<'l>,
}

impl<'l> Once<'l> {
    const fn new(what: &'static str, ledger: &'l Ledger<'l>) -> Self {
        Self { what, seen: BTreeSet::new(), ledger }
    }

    fn is_first(&mut self, id: &Name) -> bool {
        let first = self.seen.insert(id.value.clone());
        if !first {
            let message = format!("there are two {} `{id}`; this one is left out", self.what);
            self.ledger.error_help(id.place, message, "give it another id");
        }
        first
    }
}

/// Warns of steps that do not fit a screen of 24 lines.
fn warn_of_height(lesson: &Lesson, ledger: &Ledger<'_>) {
    for step in &lesson.steps {
        let (room, beside) = match step.lab() {
            Some(_) => (ROWS_WITH_LAB, "beside its lab"),
            None => (ROWS_OF_TEXT, "on a screen of 24 lines"),
        };
        let tall = rows(&step.blocks);
        if tall > room {
            let message = format!("this step takes {tall} rows; {room} fit {beside}");
            ledger.warning(step.place, message, "one idea a step: shorten it, or make two of it");
        }
    }
}
