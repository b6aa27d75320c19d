//! `halfopen lesson --plain`: a lesson line by line, with its labs, predictions, goals and claims.

mod claim;
mod cure;
mod goal;
mod predict;
mod step;

use std::process::ExitCode;

use super::console::{Console, ended};
use super::lab::{self, Bench, Purse};
use super::output::Failure;
use crate::course::model::StepRef;
use crate::course::{Course, Predict, StepId};
use crate::engine::time::Time;
use crate::labs::seen::Seen;
use crate::labs::text::nearest;
use crate::shell::learner::Learner;
use crate::shell::setup::{self, Wrong};
use crate::study::progress::Progress;
use crate::study::record::{Kind, Place, Screen, Visited};

/// Reads a lesson from this step on, or from where the learner was.
pub fn plain(course: &Course, learner: &mut Learner, name: Option<&str>) -> Result<ExitCode, Failure> {
    let at = match name {
        Some(name) => find(course, name)?,
        None => here(course, learner.progress())?,
    };
    let mut reader = Reader {
        course,
        learner,
        console: Console::standard(),
        at,
        offered: Vec::new(),
        seen: Seen::default(),
    };
    match reader.read() {
        Ok(()) => {}
        Err(Failure::Ended) => {
            let at = reader.at.id();
            reader.console.say(&format!("Left at step {at}. halfopen lesson --plain goes on there."))?;
        }
        Err(other) => return Err(other),
    }
    reader.console.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The step that a name stands for: a step, a lesson, or a chapter. The error names the nearest.
pub fn find<'a>(course: &'a Course, name: &str) -> Result<StepRef<'a>, Failure> {
    if let Some(step) = course.find_step(name) {
        return Ok(step);
    }
    if let Ok(StepId { lesson: id, .. }) = name.parse()
        && let Some((_, lesson)) = course.find_lesson(&id)
    {
        let of = lesson.steps.len();
        return Err(Failure::usage(format!(
            "there is no step `{name}`: lesson `{id}` has steps {id}.1 to {id}.{of}"
        )));
    }
    let first = course.find_chapter(name).and_then(|chapter| chapter.lessons.first());
    if let Some(step) = first.and_then(|lesson| course.find_step(&lesson.id)) {
        return Ok(step);
    }
    let ids = || course.lessons().map(|(_, lesson)| lesson.id.value.as_str());
    let wanted = name.split_once('.').map_or(name, |(lesson, _)| lesson);
    let help = match nearest(wanted, ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", ids().collect::<Vec<_>>().join(", ")),
    };
    Err(Failure::usage(format!("there is no lesson `{name}`; {help}")))
}

/// Where the learner was, or else the first step that was not seen yet, or the first of all.
pub fn here<'a>(course: &'a Course, progress: &Progress) -> Result<StepRef<'a>, Failure> {
    let place = progress.place().and_then(|place| place.step.as_deref());
    place
        .and_then(|step| course.find_step(step))
        .or_else(|| course.steps().find(|step| !progress.has_visited(&step.id().to_string())))
        .or_else(|| course.steps().next())
        .ok_or_else(|| Failure::usage("this course has no lessons yet"))
}

/// A lesson being read.
struct Reader<'a> {
    course: &'a Course,
    learner: &'a mut Learner,
    console: Console,
    at: StepRef<'a>,
    /// The predictions that were asked already.
    offered: Vec<&'a str>,
    /// How far the runs were watched: what was seen cannot be bet on.
    seen: Seen,
}

/// Whether reading goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Done,
}

const COMMANDS: [(&str, &str); 14] = [
    ("Enter", "goes on: to a prediction of this step, or to the next step"),
    ("b", "goes back a step"),
    ("go breaker.3", "goes to that step"),
    ("again", "tells this step again"),
    ("steps", "lists the steps of this lesson"),
    ("lab", "plays in the lab of this step"),
    ("lab 40s", "tells the lab's run up to that moment"),
    ("predict", "asks the prediction of this step, also once more"),
    ("goal", "works on the goal of this step"),
    ("claim", "runs what the claims of this step say; claim 2: that one"),
    ("remedies", "runs the remedies of this step: what each buys and costs"),
    ("sources", "lists the sources of this lesson"),
    ("help", "tells this"),
    ("q", "leaves; the next time it goes on here"),
];

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), Failure> {
        self.show()?;
        self.console.say(
            "Enter: next. b: back. q: quit. help: all commands. Where the text names a key of the screen, type lab, goal, \
             claim or remedies instead.",
        )?;
        loop {
            let line = self.console.ask("")?;
            match self.obey(&line) {
                Ok(Flow::On) => {}
                Ok(Flow::Done) => return Ok(()),
                // What is wrong with a command is said where its output would stand.
                Err(Failure::Usage(sentence)) => self.console.say(&sentence)?,
                Err(other) => return Err(other),
            }
        }
    }

    fn obey(&mut self, line: &str) -> Result<Flow, Failure> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" | "n" | "next" => return self.next(),
            "b" | "back" => self.back()?,
            "q" | "quit" | "exit" => return Err(Failure::Ended),
            "go" => {
                let step = find(self.course, rest)?;
                self.go(step)?;
            }
            "again" => self.tell_step()?,
            "steps" => self.steps()?,
            "lab" => self.lab(rest)?,
            "predict" => {
                let predict = nth(self.at.step.predictions(), rest, "prediction")?;
                self.predict(predict)?;
            }
            "goal" => {
                let goal = nth(self.at.step.goals(), rest, "goal")?;
                self.goal(goal)?;
            }
            "claim" => self.claims(rest)?,
            "remedies" => {
                let cure = nth(self.at.step.cures(), rest, "comparison of remedies")?;
                self.cure(cure)?;
            }
            "sources" => self.sources()?,
            "help" | "?" => {
                for (usage, meaning) in COMMANDS {
                    self.console.item("- ", &format!("{usage}: {meaning}."))?;
                }
            }
            _ => return Err(unknown(word)),
        }
        Ok(Flow::On)
    }

    fn next(&mut self) -> Result<Flow, Failure> {
        if let Some(predict) = self.pending() {
            self.predict(predict)?;
            return Ok(Flow::On);
        }
        if let Some(step) = self.course.step_after(&self.at.id()) {
            self.go(step)?;
            return Ok(Flow::On);
        }
        self.console
            .say("That was the last step of the course. halfopen quiz --plain asks what you remember.")?;
        Ok(Flow::Done)
    }

    /// The first prediction of this step that was neither asked in this session nor ever answered.
    fn pending(&self) -> Option<&'a Predict> {
        let done = self.learner.progress().chapter(&self.at.chapter.id);
        let is_new = |predict: &&Predict| {
            let id = predict.id.value.as_str();
            !self.offered.contains(&id) && !done.is_some_and(|done| done.predictions.contains_key(id))
        };
        self.at.step.predictions().find(is_new)
    }

    fn back(&mut self) -> Result<(), Failure> {
        match self.course.step_before(&self.at.id()) {
            Some(step) => self.go(step),
            None => self.console.say("This is the first step."),
        }
    }

    fn go(&mut self, step: StepRef<'a>) -> Result<(), Failure> {
        self.at = step;
        self.show()
    }

    /// Tells the step, and notes that it was seen and that the learner is here.
    fn show(&mut self) -> Result<(), Failure> {
        let (chapter, step) = (self.at.chapter.id.clone(), self.at.id().to_string());
        if !self.learner.progress().has_visited(&step) {
            self.learner.record(Kind::Visited(Visited { chapter: chapter.clone(), step: step.clone() }));
        }
        let place =
            Place { screen: Screen::Lesson, chapter: Some(chapter), step: Some(step), ..Place::default() };
        if self.learner.progress().place() != Some(&place) {
            self.learner.record(Kind::Place(place));
        }
        self.tell_step()
    }

    fn steps(&mut self) -> Result<(), Failure> {
        for step in &self.at.lesson.steps {
            let id = StepId { lesson: self.at.lesson.id.value.clone(), number: step.number };
            let seen = if self.learner.progress().has_visited(&id.to_string()) { ", seen" } else { "" };
            let here = if step.number == self.at.step.number { ", here" } else { "" };
            self.console.item("- ", &format!("{id} {}{seen}{here}", step.title))?;
        }
        Ok(())
    }

    fn sources(&mut self) -> Result<(), Failure> {
        if self.at.lesson.sources.is_empty() {
            return self.console.say("This lesson names no sources.");
        }
        let lesson = self.at.lesson;
        lesson.sources.iter().try_for_each(|source| self.console.item("- ", &step::source(source)))
    }

    fn lab(&mut self, rest: &str) -> Result<(), Failure> {
        let Some(block) = self.at.lesson.lab_at(self.at.step.number) else {
            return Err(Failure::usage("No lab belongs to this step."));
        };
        let scenario = setup::scenario(&block.setup).map_err(|wrong| broken(&wrong))?;
        if rest.is_empty() {
            let mut bench = Bench::open(&scenario, block.from).knowing(std::mem::take(&mut self.seen));
            bench.introduce(&mut self.console)?;
            bench.play(&mut self.console, "lab", &mut Purse::Lent(self.learner))?;
            self.seen = bench.into_seen();
            return self.console.say(&format!("Back at step {}.", self.at.id()));
        }
        let until = Time::ZERO + lab::span(rest)?;
        let mut bench = Bench::open(&scenario, Time::ZERO);
        self.seen.note(&scenario, scenario.seed, until);
        bench.tell_to(until, &mut self.console)?;
        bench.scene(&mut self.console)
    }
}

/// The one of these that is meant: `2` is the second; nothing said is the first.
fn nth<'a, T>(mut items: impl Iterator<Item = &'a T>, typed: &str, noun: &str) -> Result<&'a T, Failure> {
    let number = if typed.is_empty() { Some(1) } else { typed.parse::<usize>().ok() };
    let found = number.and_then(|number| number.checked_sub(1)).and_then(|i| items.nth(i));
    found.ok_or_else(|| match typed {
        "" => Failure::usage(format!("This step has no {noun}.")),
        _ => Failure::usage(format!("This step has no {noun} {typed}.")),
    })
}

fn unknown(word: &str) -> Failure {
    let words = COMMANDS.iter().filter_map(|(usage, _)| usage.split(' ').next());
    let help = nearest(word, words).map_or_else(
        || "help lists the commands".to_owned(),
        |near| format!("did you mean {near}? help lists the commands"),
    );
    Failure::usage(format!("\"{word}\" is no command here; {help}"))
}

/// The course is at fault: what it says cannot be run.
fn broken(wrong: &[Wrong]) -> Failure {
    let told: Vec<String> = wrong.iter().map(|(_, misread)| misread.to_string()).collect();
    let told = ended(&told.join("; "));
    Failure::usage(format!("This can't be run: {told} halfopen check shows where the course says so."))
}
