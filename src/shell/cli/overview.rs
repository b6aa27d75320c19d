//! `halfopen` without a terminal, and `halfopen progress`: the course and how far the learner is.

use std::fmt::Write;
use std::process::ExitCode;

use serde_json::json;

use super::TextOrJson;
use super::journal::counted;
use super::output::{Failure, print};
use crate::app::bank;
use crate::app::calibration::topic_name;
use crate::course::plain::{WIDTH, hung, inlines, wrapped};
use crate::course::{Chapter, Course};
use crate::labs::catalogue::LABS;
use crate::shell::learner::Learner;
use crate::study::calibration::{Bucket, LEAST, Score, lines};
use crate::study::completion::{Completion, Part};
use crate::study::ledger::Standing;
use crate::study::progress::Progress;
use crate::study::record::Mode;

/// Prints the course: its chapters, lessons and labs, how far the learner is, and how to begin.
pub fn overview(course: &Course, learner: &Learner) -> Result<ExitCode, Failure> {
    let progress = learner.progress();
    let mut out = String::from("halfopen: break distributed systems before your interviewer does.\n");
    for chapter in &course.chapters {
        let label = chapter.label.as_ref().map(|label| format!("{label} ")).unwrap_or_default();
        let done = progress.completion(&chapter.id, &bank::shape(chapter));
        let _ = writeln!(out, "\n{label}{} ({}): {} % done", chapter.title, chapter.id, done.percent());
        put(&mut out, "  ", &chapter.summary);
        for lesson in &chapter.lessons {
            let prefix = format!("{}.", lesson.id);
            let seen =
                lesson.steps.iter().filter(|step| progress.has_visited(&format!("{prefix}{}", step.number)));
            put(
                &mut out,
                "  - ",
                &format!(
                    "lesson {}: {}, {} minutes, {} of {} steps seen",
                    lesson.id,
                    lesson.title,
                    lesson.minutes,
                    seen.count(),
                    lesson.steps.len()
                ),
            );
        }
        if !chapter.questions.is_empty() {
            let Part { done, of } = done.questions;
            let more = match chapter.generators.len() {
                0 => String::new(),
                n => format!(", and {} write new ones", counted(n, "generator")),
            };
            put(&mut out, "  - ", &format!("quiz {}: {done} of {of} questions right{more}", chapter.id));
        }
    }
    out.push_str("\nLabs to play in\n");
    for entry in &LABS {
        put(&mut out, "  - ", &format!("lab {}: {}", entry.spec.name, entry.spec.summary));
    }
    out.push('\n');
    start(&mut out, course, progress);
    print(&out)
}

fn start(out: &mut String, course: &Course, progress: &Progress) {
    let here = progress
        .place()
        .and_then(|place| place.step.as_deref())
        .filter(|step| course.find_step(step).is_some());
    let first = course.steps().next().map(|step| step.id().to_string());
    let where_to = match (here, first) {
        (Some(step), _) => format!("You were at step {step}: halfopen lesson --plain goes on there."),
        (None, Some(step)) => format!("Begin with: halfopen lesson {step} --plain"),
        (None, None) => "This course has no lessons yet.".to_owned(),
    };
    put(out, "", &where_to);
    put(
        out,
        "",
        "Line by line: halfopen lesson|quiz|lab NAME --plain. On a terminal, halfopen alone opens the course. halfopen \
         --help lists everything.",
    );
}

fn put(out: &mut String, mark: &str, text: &str) {
    for line in hung(wrapped(text, WIDTH.saturating_sub(mark.len())), mark) {
        let _ = writeln!(out, "{line}");
    }
}

/// Prints how far the learner is.
pub fn progress(course: &Course, learner: &Learner, format: TextOrJson) -> Result<ExitCode, Failure> {
    match format {
        TextOrJson::Text => print(&text(course, learner.progress())),
        TextOrJson::Json => print(&format!("{:#}\n", object(course, learner.progress()))),
    }
}

fn text(course: &Course, progress: &Progress) -> String {
    let mut out = String::new();
    for chapter in &course.chapters {
        let done = progress.completion(&chapter.id, &bank::shape(chapter));
        let _ = writeln!(out, "{} ({}): {} % done", chapter.title, chapter.id, done.percent());
        for (name, part) in parts(&done) {
            let _ = writeln!(out, "  - {name}: {} of {}", part.done, part.of);
        }
        if let Some(open) = progress.open_session(Some(&chapter.id), Mode::Quiz) {
            let (answers, of) = (open.answers.len(), open.started.questions.len());
            let (answers, of) = (counted(answers, "answer"), counted(of, "question"));
            let _ = writeln!(out, "  - a quiz is open: {answers} so far, to {of}");
        }
    }
    concepts(&mut out, course, progress);
    calibration(&mut out, course, progress);
    beliefs(&mut out, course, progress);
    match progress.place().and_then(|place| place.step.as_deref()) {
        Some(step) => put(&mut out, "", &format!("You were at step {step}.")),
        None => put(&mut out, "", "You have not begun yet: halfopen lesson opens the first step."),
    }
    out
}

fn concepts(out: &mut String, course: &Course, progress: &Progress) {
    let tallies = progress.concepts();
    if !tallies.is_empty() {
        out.push_str("By concept\n");
    }
    for (id, tally) in tallies {
        let name = course.concept(id).map_or(id, |concept| concept.name.as_str());
        put(out, "  - ", &format!("{name}: {} of {} right", tally.right, tally.all()));
    }
}

/// How sure the learner was and how often right, where anything was bet on.
fn calibration(out: &mut String, course: &Course, progress: &Progress) {
    let calibration = progress.calibration();
    if calibration.all.tally.all() > 0 {
        out.push_str("How sure you are, and how right\n");
        for line in lines(&calibration, |topic| topic_name(course, topic)) {
            put(out, "  - ", &line);
        }
    }
}

fn beliefs(out: &mut String, course: &Course, progress: &Progress) {
    let held: Vec<_> =
        progress.beliefs().into_iter().filter(|(_, belief)| belief.standing() == Standing::Held).collect();
    if !held.is_empty() {
        out.push_str("Beliefs to get rid of\n");
    }
    for (id, _) in held {
        let known = course.misconception(id);
        let text = known.map_or_else(
            || id.to_owned(),
            |it| format!("\"{}\" {} (step {})", inlines(&it.belief), inlines(&it.refuted_by), it.step.value),
        );
        put(out, "  - ", &text);
    }
}

const fn parts(done: &Completion) -> [(&'static str, Part); 4] {
    [
        ("steps", done.steps),
        ("predictions", done.predictions),
        ("goals", done.goals),
        ("questions", done.questions),
    ]
}

fn object(course: &Course, progress: &Progress) -> serde_json::Value {
    let chapter = |chapter: &Chapter| {
        let done = progress.completion(&chapter.id, &bank::shape(chapter));
        let parts: serde_json::Map<String, serde_json::Value> = parts(&done)
            .into_iter()
            .map(|(name, part)| (name.to_owned(), json!({"done": part.done, "of": part.of})))
            .collect();
        json!({"id": chapter.id, "title": chapter.title, "percent": done.percent(), "parts": parts})
    };
    let concepts: serde_json::Map<String, serde_json::Value> = progress
        .concepts()
        .into_iter()
        .map(|(id, tally)| (id.to_owned(), json!({"right": tally.right, "wrong": tally.wrong})))
        .collect();
    let beliefs: serde_json::Map<String, serde_json::Value> = progress
        .beliefs()
        .into_iter()
        .map(|(id, belief)| {
            let standing = match belief.standing() {
                Standing::Held => "held",
                Standing::Refuted => "refuted",
                Standing::NeverHeld => "never-held",
            };
            (id.to_owned(), json!({"standing": standing, "held": belief.held, "refuted": belief.refuted}))
        })
        .collect();
    json!({
        "chapters": course.chapters.iter().map(chapter).collect::<Vec<_>>(),
        "concepts": concepts,
        "misconceptions": beliefs,
        "calibration": calibrated(progress),
        "step": progress.place().and_then(|place| place.step.clone()),
    })
}

/// Scores and rates of too few are null; `missing` says how many more make a score.
fn calibrated(progress: &Progress) -> serde_json::Value {
    let calibration = progress.calibration();
    let score = |score: &Score| {
        let all = score.tally.all();
        json!({"right": score.tally.right, "of": all, "brier": score.brier(), "missing": LEAST.saturating_sub(all)})
    };
    let bucket = |it: &Bucket| json!({"from": it.from, "to": it.to, "right": it.tally.right, "of": it.tally.all(), "rate": it.rate()});
    let by = calibration.by.iter().map(|(topic, scored)| {
        let mut scored = score(scored);
        scored[topic.kind()] = json!(topic.id());
        scored
    });
    let mut told = score(&calibration.all);
    told["buckets"] = json!(calibration.all.buckets().map(bucket).collect::<Vec<_>>());
    told["by"] = json!(by.collect::<Vec<_>>());
    told
}
