//! The shipped course holds: every claim, prediction and goal was run, every link leads somewhere.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use halfopen::course::{Severity, embedded, load};
use halfopen::shell::check::check;

#[test]
fn the_shipped_course_has_no_error() {
    let loaded = load(&embedded::files());
    let report = check(&loaded, None, &|_, _| ());
    let errors = report.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<String> = errors.map(halfopen::course::Problem::render).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n\n"));
    // A check that runs nothing proves nothing.
    let ran = report.ran;
    assert!(ran.claims >= 50 && ran.predictions >= 10 && ran.goals >= 5, "{ran:?}");
}

#[test]
fn the_breaker_chapter_is_complete() {
    let course = load(&embedded::files()).course;
    let chapter = course.find_chapter("8.1").expect("chapter 8.1");
    let steps: Vec<_> = chapter.lessons.iter().flat_map(|lesson| &lesson.steps).collect();
    let count =
        |of: &dyn Fn(&halfopen::course::Step) -> usize| steps.iter().map(|step| of(step)).sum::<usize>();
    assert!((10..=18).contains(&steps.len()), "{} steps", steps.len());
    assert!(count(&|step| step.predictions().count()) >= 5);
    assert!(count(&|step| step.goals().count()) >= 3);
    assert!(chapter.questions.len() >= 25);
    assert!(chapter.drills.len() >= 2);
    let active = steps.iter().filter(|step| step.predictions().count() + step.goals().count() > 0).count();
    assert!(3 * active >= steps.len(), "{active} of {} steps ask the learner for something", steps.len());
}

#[test]
fn a_changed_pattern_makes_a_sentence_false() {
    // The same sentences about breakers whose window is a fifth larger: some claim must notice.
    let mut files = embedded::files();
    let mut changed = 0;
    for file in files.iter_mut().filter(|file| file.path.starts_with("lessons/")) {
        let larger = file.text.replace("window_size = 20,", "window_size = 24,");
        let text = larger.replace("minimum_calls = 20 ", "minimum_calls = 24 ");
        changed += usize::from(text != file.text);
        file.text = text.into();
    }
    assert!(changed > 0);
    let report = check(&load(&files), Some(3), &|_, _| ());
    assert!(report.problems.iter().any(|problem| problem.message.starts_with("this does not hold")));
}
