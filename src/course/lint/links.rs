//! Whether what refers to something refers to something that is there.

use std::collections::{BTreeMap, BTreeSet};

use super::super::load::LeftOut;
use super::super::model::{Chapter, Course, Step, StepId};
use super::super::nearest;
use super::super::place::{Name, Placed};
use super::super::problem::Ledger;
use super::super::quiz::{Ask, Question, Verdict};

/// Reports every reference that leads nowhere; what refers is kept.
pub(super) fn check(course: &Course, followed: &[Placed<StepId>], left_out: &LeftOut, ledger: &Ledger<'_>) {
    let index = Index::of(course, left_out, ledger);
    for step in followed {
        index.step(step);
    }
    needs(course, &index);
    for chapter in &course.chapters {
        self::chapter(chapter, &index);
    }
    for concept in &course.concepts {
        index.step(&concept.step);
        index.chapter(&concept.chapter);
    }
    for misconception in &course.misconceptions {
        index.step(&misconception.step);
        index.chapter(&misconception.chapter);
    }
}

fn chapter(chapter: &Chapter, index: &Index<'_>) {
    for step in chapter.lessons.iter().flat_map(|lesson| &lesson.steps) {
        interactive(step, index);
    }
    for asked in &chapter.questions {
        question(asked, index);
    }
    for drill in &chapter.drills {
        drill.concepts.iter().for_each(|concept| index.concept(concept));
    }
}

fn interactive(step: &Step, index: &Index<'_>) {
    for predict in step.predictions() {
        index.concept_wanted(predict.concept.as_ref(), &predict.id);
        predict
            .outcomes
            .iter()
            .filter_map(|it| it.misconception.as_ref())
            .for_each(|it| index.misconception(it));
    }
    for goal in step.goals() {
        index.concept_wanted(goal.concept.as_ref(), &goal.id);
    }
}

fn question(question: &Question, index: &Index<'_>) {
    index.step(&question.step);
    question.concepts.iter().for_each(|concept| index.concept(concept));
    question.misconception.iter().for_each(|it| index.misconception(it));
    match &question.ask {
        Ask::Single { options } | Ask::Several { options } => {
            for option in options {
                if let Verdict::Wrong { misconception, .. } = &option.verdict {
                    index.misconception(misconception);
                }
            }
        }
        Ask::Number { traps, .. } => traps.iter().for_each(|trap| index.misconception(&trap.misconception)),
        Ask::Text { traps, .. } => traps.iter().for_each(|trap| index.misconception(&trap.misconception)),
        Ask::Order { .. } | Ask::Line { .. } | Ask::Match { .. } => {}
    }
}

/// What a lesson needs comes before it, so that the course can be read from first to last.
fn needs(course: &Course, index: &Index<'_>) {
    for (number, (_, lesson)) in course.lessons().enumerate() {
        for need in &lesson.needs {
            match index.lessons.get(need.value.as_str()) {
                Some((at, _)) if *at < number => {}
                Some((at, _)) if *at == number => {
                    index.ledger.error(need.place, "a lesson that needs itself");
                }
                Some(_) => {
                    let message = format!("needs `{need}`, which comes later");
                    index.ledger.error_help(need.place, message, "a lesson needs only lessons before it");
                }
                None if index.left_out.lessons.contains(&need.value) => {}
                None => index.unknown(need, "lesson", index.lessons.keys().copied()),
            }
        }
    }
}

/// What there is to refer to.
struct Index<'c> {
    /// By id: its number in the course and how many steps it has.
    lessons: BTreeMap<&'c str, (usize, usize)>,
    course: &'c Course,
    concepts: BTreeSet<&'c str>,
    misconceptions: BTreeSet<&'c str>,
    left_out: &'c LeftOut,
    ledger: &'c Ledger<'c>,
}

impl<'c> Index<'c> {
    fn of(course: &'c Course, left_out: &'c LeftOut, ledger: &'c Ledger<'c>) -> Self {
        let lessons = course.lessons().enumerate();
        Self {
            lessons: lessons.map(|(n, (_, it))| (it.id.as_str(), (n, it.steps.len()))).collect(),
            course,
            concepts: course.concepts.iter().map(|it| it.id.as_str()).collect(),
            misconceptions: course.misconceptions.iter().map(|it| it.id.as_str()).collect(),
            left_out,
            ledger,
        }
    }

    fn step(&self, step: &Placed<StepId>) {
        match self.lessons.get(step.lesson.as_str()) {
            Some((_, count)) if step.number <= *count => {}
            Some((_, count)) => {
                let message = format!("there is no step `{step}`: the lesson has {count}");
                self.ledger.error(step.place, message);
            }
            None if self.left_out.lessons.contains(&step.lesson) => {}
            None => {
                let lesson = Placed::new(step.lesson.clone(), step.place);
                self.unknown(&lesson, "lesson", self.lessons.keys().copied());
            }
        }
    }

    fn chapter(&self, chapter: &Name) {
        if self.course.chapters.iter().all(|known| known.id != chapter.value) {
            self.unknown(chapter, "chapter", self.course.chapters.iter().map(|known| known.id.as_str()));
        }
    }

    fn concept(&self, concept: &Name) {
        if !self.concepts.contains(concept.as_str()) && !self.left_out.concepts.contains(&concept.value) {
            self.unknown(concept, "concept", self.concepts.iter().copied());
        }
    }

    /// Predictions and goals should train a concept: else they count for nothing.
    fn concept_wanted(&self, concept: Option<&Name>, id: &Name) {
        match concept {
            Some(concept) => self.concept(concept),
            None => self.ledger.warning(id.place, format!("`{id}` trains no concept"), "add `concept = …`"),
        }
    }

    fn misconception(&self, misconception: &Name) {
        let id = misconception.as_str();
        if !self.misconceptions.contains(id) && !self.left_out.misconceptions.contains(id) {
            self.unknown(misconception, "misconception", self.misconceptions.iter().copied());
        }
    }

    fn unknown<'a>(&self, name: &Name, what: &str, known: impl Iterator<Item = &'a str>) {
        let help = nearest::suggestion(name, known);
        self.ledger.error_help(name.place, format!("there is no {what} `{name}`"), help);
    }
}
