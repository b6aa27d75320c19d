//! What a course holds, as `study` wants it: questions without their words, chapters as lists of ids.
//!
//! The only place where `course` and `study` meet, so that neither knows the other.

use crate::course::model::{Chapter, StepRef};
use crate::course::quiz::{self, Trap, Verdict};
use crate::study::completion::Shape;
use crate::study::question::{Ask, Choice, Question};

/// A question without its words. Positions are those of the course file.
pub fn question(from: &quiz::Question) -> Question {
    Question {
        id: from.id.value.clone(),
        rev: from.rev,
        chapter: from.chapter.clone(),
        concepts: from.concepts.iter().map(|name| name.value.clone()).collect(),
        misconception: from.misconception.as_ref().map(|name| name.value.clone()),
        ask: ask(&from.ask),
    }
}

/// All questions of a chapter.
pub fn questions(chapter: &Chapter) -> Vec<Question> {
    chapter.questions.iter().map(question).collect()
}

/// What there is to do in a chapter.
pub fn shape(chapter: &Chapter) -> Shape {
    let steps = || {
        let lessons = chapter.lessons.iter();
        lessons.flat_map(|lesson| lesson.steps.iter().map(move |step| StepRef { chapter, lesson, step }))
    };
    Shape {
        steps: steps().map(|at| at.id().to_string()).collect(),
        predictions: steps().flat_map(|at| at.step.predictions().map(|it| it.id.value.clone())).collect(),
        goals: steps().flat_map(|at| at.step.goals().map(|it| it.id.value.clone())).collect(),
        questions: chapter.questions.iter().map(|it| it.id.value.clone()).collect(),
    }
}

fn ask(from: &quiz::Ask) -> Ask {
    match from {
        quiz::Ask::Single { options } => Ask::Single(options.iter().map(choice).collect()),
        quiz::Ask::Several { options } => Ask::Several(options.iter().map(choice).collect()),
        quiz::Ask::Order { items } => Ask::Order(items.len()),
        quiz::Ask::Number { answer, tolerance, traps, .. } => {
            Ask::Number { answer: *answer, tolerance: *tolerance, traps: traps.iter().map(trap).collect() }
        }
        quiz::Ask::Text { accept, traps } => {
            Ask::Text { accept: accept.clone(), traps: traps.iter().map(trap).collect() }
        }
        quiz::Ask::Line { answer, .. } => Ask::Line(*answer),
        quiz::Ask::Match { pairs } => {
            let first_alike =
                |right: &_| pairs.iter().position(|(_, other)| other == right).unwrap_or_default();
            Ask::Match(pairs.iter().map(|(_, right)| first_alike(right)).collect())
        }
    }
}

fn choice(from: &quiz::Choice) -> Choice {
    match &from.verdict {
        Verdict::Right => Choice::Right,
        Verdict::Wrong { misconception, .. } => Choice::Wrong(misconception.value.clone()),
    }
}

fn trap<T: Clone>(from: &Trap<T>) -> (T, String) {
    (from.answer.clone(), from.misconception.value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::prose::Inlines;

    #[test]
    fn every_shipped_question_can_be_answered_right_and_wrong() {
        let loaded = crate::course::load(&crate::course::embedded::files());
        for written in loaded.course.questions() {
            let question = question(written);
            assert!(question.judge(&question.solution()).right, "{}", question.id);
            assert!(!question.judge(&crate::study::record::Answer::Unknown).right, "{}", question.id);
        }
    }

    #[test]
    fn right_sides_that_read_the_same_are_the_same() {
        let pair = |left: &str, right: &str| (Inlines::from_plain(left), Inlines::from_plain(right));
        let pairs = vec![pair("a", "open"), pair("b", "closed"), pair("c", "open")];
        assert_eq!(ask(&quiz::Ask::Match { pairs }), Ask::Match(vec![0, 1, 0]));
    }
}
