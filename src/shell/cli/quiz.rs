//! `halfopen quiz --plain`: a quiz by typed lines.
//!
//! Every answer is in the journal before it is told whether it is right, so a quiz that is left is taken up again.

mod feedback;

use std::process::ExitCode;
use std::time::Instant;

use super::console::Console;
use super::journal::{counted, no_chapter};
use super::output::Failure;
use crate::app::{bank, generated};
use crate::course::plain::{blocks, inlines};
use crate::course::quiz::Ask;
use crate::course::{Chapter, Course, Question};
use crate::shell::journal::fresh_id;
use crate::shell::learner::{self, Learner};
use crate::study::record::{Kind, Mode};
use crate::study::session::{Plan, QuizSession};
use crate::study::typed::{self, Shown, letter};
use crate::study::{question, session};

/// How many questions a quiz has where nobody says.
const USUAL: usize = 10;

/// Which quiz is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The chapter; none for all of them.
    pub chapter: Option<&'a str>,
    /// How many questions.
    pub count: Option<usize>,
    /// What decides every order.
    pub seed: Option<u64>,
}

/// Asks questions until all are right.
pub fn plain(course: &Course, learner: &mut Learner, wanted: Wanted<'_>) -> Result<ExitCode, Failure> {
    let mut quiz = Quiz { course, learner, console: Console::standard(), generated: Vec::new() };
    let mut session = quiz.open(wanted)?;
    match quiz.ask_all(&mut session) {
        Ok(()) => {
            quiz.learner.record(Kind::QuizFinished(session.finished()));
            quiz.result(&session)?;
        }
        Err(Failure::Ended) => {
            let left = session.turn().map_or(0, |turn| turn.left);
            quiz.console.say(&format!(
                "{} still to be answered. halfopen quiz takes it up here again.",
                counted(left, "question")
            ))?;
        }
        Err(other) => return Err(other),
    }
    quiz.console.flush()?;
    Ok(ExitCode::SUCCESS)
}

struct Quiz<'a> {
    course: &'a Course,
    learner: &'a mut Learner,
    console: Console,
    /// The questions of this quiz that the simulator wrote.
    generated: Vec<Question>,
}

impl Quiz<'_> {
    /// A new quiz, or the one that was left, if nothing about the new one is said.
    fn open(&mut self, wanted: Wanted<'_>) -> Result<QuizSession, Failure> {
        let chapter = match wanted.chapter {
            None => None,
            Some(name) => Some(self.course.find_chapter(name).ok_or_else(|| no_chapter(self.course, name))?),
        };
        let chapters: Vec<&Chapter> = match chapter {
            Some(chapter) => vec![chapter],
            None => self.course.chapters.iter().collect(),
        };
        let questions: Vec<question::Question> =
            chapters.iter().flat_map(|chapter| bank::questions(chapter)).collect();
        if questions.is_empty() {
            return Err(Failure::usage("there are no questions here yet"));
        }
        let id = chapter.map(|chapter| chapter.id.clone());
        if wanted.count.is_none()
            && wanted.seed.is_none()
            && let Some(open) = self.learner.progress().open_session(id.as_deref(), Mode::Quiz)
        {
            self.generated = generated::among(&open.started.questions, self.course);
            let known: Vec<question::Question> =
                questions.iter().cloned().chain(self.generated.iter().map(bank::question)).collect();
            let session = QuizSession::resume(&open.started, &open.answers, &known);
            if !session.is_over() {
                let answers = counted(open.answers.len(), "answer");
                self.console.say(&format!("The quiz that you left goes on, after {answers}."))?;
                return Ok(session);
            }
        }
        let unique = fresh_id(learner::now());
        let own = unique.get(..6).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let seed = wanted.seed.or(own).unwrap_or(1);
        let count = wanted.count.unwrap_or(USUAL);
        if count == 0 {
            return Err(Failure::usage("--count takes a number from 1 on, not 0"));
        }
        let plan = Plan { session: unique, chapter: id, mode: Mode::Quiz, count, seed };
        self.generated =
            generated::fresh(&chapters, self.course, self.learner.progress(), count, wanted.seed);
        let bare = self.generated.iter().map(bank::question).collect();
        let session = QuizSession::start(plan, &QuizSession::mixed(questions, bare, count, seed));
        self.learner.record(Kind::QuizStarted(session.started().clone()));
        let title = chapter.map_or("all chapters", |chapter| chapter.title.as_str());
        let of = counted(session.started().questions.len(), "question");
        self.console
            .say(&format!("A quiz on {title}: {of}, seed {seed}. ? means: I don't know. q leaves."))?;
        Ok(session)
    }

    fn ask_all(&mut self, session: &mut QuizSession) -> Result<(), Failure> {
        loop {
            let Some(turn) = session.turn() else { return Ok(()) };
            let id = turn.question.id.as_str();
            let generated = self.generated.iter().find(|question| question.id == id).cloned();
            let Some(written) = self.course.question(id).or(generated.as_ref()) else { return Ok(()) };
            let shown = Shown { order: &turn.shown, unit: unit(written), lines: code_lines(written) };
            self.present(&turn, written, shown)?;
            let asked = Instant::now();
            let answer = loop {
                let line = self.console.ask("")?;
                match line.as_str() {
                    "q" | "quit" | "exit" => return Err(Failure::Ended),
                    "again" => self.present(&turn, written, shown)?,
                    line => match typed::read(turn.question, shown, line) {
                        Ok(answer) => break answer,
                        Err(sentence) => self.console.say(&sentence)?,
                    },
                }
            };
            let ms = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
            let (question, order) = (turn.question.clone(), turn.shown.clone());
            let Some(graded) = session.answer(answer, None, ms) else { return Ok(()) };
            self.learner.record(Kind::Answered(graded.record.clone()));
            let told = feedback::Told { course: self.course, written, question: &question, order: &order };
            told.tell(&graded, &mut self.console)?;
        }
    }

    fn present(
        &mut self,
        turn: &session::Turn<'_>,
        written: &Question,
        shown: Shown<'_>,
    ) -> Result<(), Failure> {
        self.console.gap()?;
        let again = if turn.attempt > 1 { ", again" } else { "" };
        self.console.say(&format!("Question {} of {}{again}. {} left.", turn.number, turn.of, turn.left))?;
        self.console.lines(&blocks(&written.prompt))?;
        match &written.ask {
            Ask::Single { options } | Ask::Several { options } => {
                self.lettered(&turn.shown, |i| options.get(i).map(|option| inlines(&option.text)))?;
            }
            Ask::Order { items } => self.lettered(&turn.shown, |i| items.get(i).map(inlines))?,
            Ask::Match { pairs } => {
                for (i, (left, _)) in pairs.iter().enumerate() {
                    self.console.item(&format!("{}. ", i + 1), &inlines(left))?;
                }
                self.lettered(&turn.shown, |i| pairs.get(i).map(|(_, right)| inlines(right)))?;
            }
            Ask::Line { code, .. } => {
                let numbered = code.lines().zip(1..).map(|(line, n)| format!("{n:>4}: {line}"));
                self.console.lines(&numbered.collect::<Vec<_>>())?;
            }
            Ask::Number { .. } | Ask::Text { .. } => {}
        }
        self.console.say(&format!("Type {}.", typed::how(turn.question, shown)))
    }

    fn lettered(&mut self, shown: &[usize], text: impl Fn(usize) -> Option<String>) -> Result<(), Failure> {
        for (place, text) in shown.iter().map(|i| text(*i).unwrap_or_default()).enumerate() {
            self.console.item(&format!("{}. ", letter(place)), &text)?;
        }
        Ok(())
    }

    fn result(&mut self, session: &QuizSession) -> Result<(), Failure> {
        let result = session.result();
        self.console.gap()?;
        let (right, all) = (result.first.right, result.first.all());
        self.console.say(&format!("All right now; {right} of {all} at the first try. By concept:"))?;
        for (id, tally) in &result.concepts {
            let name = self.course.concept(id).map_or(id.as_str(), |concept| concept.name.as_str());
            self.console.item("- ", &format!("{name}: {} of {}", tally.right, tally.all()))?;
        }
        if !result.misconceptions.is_empty() {
            self.console.say("Beliefs that showed:")?;
        }
        for id in result.misconceptions.keys() {
            if let Some(belief) = feedback::belief(self.course, id) {
                self.console.item("- ", &belief)?;
            }
        }
        Ok(())
    }
}

fn unit(question: &Question) -> &str {
    if let Ask::Number { unit, .. } = &question.ask { unit } else { "" }
}

fn code_lines(question: &Question) -> usize {
    if let Ask::Line { code, .. } = &question.ask { code.lines().count() } else { 0 }
}
