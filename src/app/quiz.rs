//! Taking a quiz: a question, an answer, at once the verdict with its reasons; at the end the result.

mod draft;

use std::cmp::Reverse;

pub use draft::Draft;

use super::Flow;
use super::key::{Code, Key};
use super::keymap::{Command, Context};
use super::screen::{Cx, Go};
use super::shared::Shared;
use super::{bank, generated};
use crate::course::{Chapter, Course, Question, StepId};
use crate::study::progress::Progress;
use crate::study::question::Question as Bare;
use crate::study::record::{Answer, Kind, Mode, Place, Screen};
use crate::study::session::{Graded, Plan, QuizSession};

/// How many questions a quiz has.
pub const QUESTIONS: usize = 10;
/// How sure one can be, in percent.
pub const SURE: [u8; 6] = [50, 60, 70, 80, 90, 99];
/// How many lines a page up or down moves.
const PAGE: usize = 8;

/// A quiz being taken.
#[derive(Clone, Debug)]
pub struct Quiz {
    session: QuizSession,
    /// Its questions that the simulator wrote, made when it opens: answering waits for no run.
    generated: Vec<Question>,
    stage: Stage,
    /// How sure the learner is of the answer in the making.
    sure: Option<u8>,
    /// How many lines are scrolled away above; none where the cursor decides.
    top: Option<usize>,
    /// How sure the learner was of first answers, where that was said, and whether they were right.
    bets: Vec<(u8, bool)>,
}

/// What a quiz shows.
#[derive(Clone, Debug)]
pub enum Stage {
    /// A question, with the answer in the making.
    Asking {
        /// The question's id.
        question: String,
        /// The answer.
        draft: Draft,
        /// Enter was pressed on nothing: once more means "I don't know".
        hesitates: bool,
    },
    /// The verdict on an answer.
    Told(Box<Told>),
    /// What it came to.
    Result,
}

/// An answer and its verdict.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// The question's id.
    pub question: String,
    /// The options, items or right sides in the order in which they were shown.
    pub shown: Vec<usize>,
    /// The answer, judged.
    pub graded: Graded,
}

impl Quiz {
    /// The quiz of a chapter, or of all of them: the one that was left in its middle, or a new one, whose start is to be
    /// recorded. `luck` decides which questions, and their order.
    pub fn open(
        chapter: Option<&str>,
        course: &Course,
        progress: &Progress,
        luck: u64,
    ) -> (Self, Option<Kind>) {
        let chapters: Vec<&Chapter> = match chapter {
            Some(id) => course.find_chapter(id).into_iter().collect(),
            None => course.chapters.iter().collect(),
        };
        let questions: Vec<Bare> = chapters.iter().flat_map(|chapter| bank::questions(chapter)).collect();
        if let Some(open) = progress.open_session(chapter, Mode::Quiz) {
            let generated = generated::among(&open.started.questions, course);
            let known: Vec<Bare> =
                questions.iter().cloned().chain(generated.iter().map(bank::question)).collect();
            let session = QuizSession::resume(&open.started, &open.answers, &known);
            let is_first = |at: usize, id: &str| !open.answers.iter().take(at).any(|it| it.question == id);
            let firsts = open.answers.iter().enumerate().filter(|(at, it)| is_first(*at, &it.question));
            let bets = firsts.filter_map(|(_, it)| Some((it.confidence?, it.right))).collect();
            // One that has no question left in this course is not worth taking up.
            if !session.is_over() {
                return (Self::of(session, generated, bets, course), None);
            }
        }
        let plan = Plan {
            session: format!("{luck:016x}"),
            chapter: chapter.map(str::to_owned),
            mode: Mode::Quiz,
            count: QUESTIONS,
            seed: luck,
        };
        let generated = generated::fresh(&chapters, course, progress, QUESTIONS, None);
        let bare = generated.iter().map(bank::question).collect();
        let mixed = QuizSession::mixed(due(questions, progress, luck), bare, QUESTIONS, luck);
        let session = QuizSession::start(plan, &mixed);
        let started = (!session.is_over()).then(|| Kind::QuizStarted(session.started().clone()));
        (Self::of(session, generated, Vec::new(), course), started)
    }

    fn of(session: QuizSession, generated: Vec<Question>, bets: Vec<(u8, bool)>, course: &Course) -> Self {
        let mut quiz = Self { session, generated, stage: Stage::Result, sure: None, top: None, bets };
        quiz.ask(course);
        quiz
    }

    /// The session behind it.
    pub const fn session(&self) -> &QuizSession {
        &self.session
    }

    /// What is shown.
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }

    /// How sure the learner says to be.
    pub const fn sure(&self) -> Option<u8> {
        self.sure
    }

    /// How many lines are scrolled away above; none where the cursor decides.
    pub const fn top(&self) -> Option<usize> {
        self.top
    }

    /// How sure the learner was on average and how often right, in percent, of the first answers that said so; none if
    /// they were fewer than `least`.
    pub fn calibration(&self, least: usize) -> Option<(f64, f64)> {
        let enough = self.bets.len() >= least.max(1);
        let count = f64::from(u32::try_from(self.bets.len()).ok().filter(|_| enough)?);
        let sure: f64 = self.bets.iter().map(|(sure, _)| f64::from(*sure)).sum();
        let right = self.bets.iter().map(|(_, right)| f64::from(u8::from(*right))).sum::<f64>();
        Some((sure / count, 100.0 * right / count))
    }

    /// The question at hand.
    pub fn question<'a>(&'a self, course: &'a Course) -> Option<&'a Question> {
        match &self.stage {
            Stage::Asking { question, .. } => self.find(question, course),
            Stage::Told(told) => self.find(&told.question, course),
            Stage::Result => None,
        }
    }

    fn find<'a>(&'a self, id: &str, course: &'a Course) -> Option<&'a Question> {
        course.question(id).or_else(|| self.generated.iter().find(|question| question.id == id))
    }

    /// The step to read again: where the question is taught; at the end, where the weakest concept is.
    pub fn step(&self, course: &Course) -> Option<StepId> {
        if let Stage::Result = self.stage {
            return self
                .weak()
                .into_iter()
                .find_map(|concept| course.concept(&concept))
                .map(|it| it.step.value.clone());
        }
        self.question(course).map(|question| question.step.value.clone())
    }

    /// The concepts with a wrong first answer, the weakest first.
    pub fn weak(&self) -> Vec<String> {
        let concepts = self.session.result().concepts;
        let mut weak: Vec<_> = concepts.into_iter().filter(|(_, tally)| tally.wrong > 0).collect();
        weak.sort_by_key(|(_, tally)| Reverse((tally.wrong * 100 / tally.all().max(1), tally.wrong)));
        weak.into_iter().map(|(concept, _)| concept).collect()
    }

    /// Puts the next question, or shows the result.
    fn ask(&mut self, course: &Course) {
        self.top = None;
        self.sure = None;
        let turn = self.session.turn();
        let asked = turn.and_then(|turn| Some((self.find(&turn.question.id, course)?, turn.shown)));
        self.stage = match asked {
            Some((question, shown)) => Stage::Asking {
                question: question.id.value.clone(),
                draft: Draft::new(question, shown),
                hesitates: false,
            },
            None => Stage::Result,
        };
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        match &self.stage {
            // Where letters are typed, none of them is a key.
            Stage::Asking { draft, .. } if draft.line().is_some() => vec![Context::Question, draft.context()],
            Stage::Asking { draft, .. } => vec![draft.context(), Context::Question, Context::Everywhere],
            Stage::Told(_) => vec![Context::Verdict, Context::Everywhere],
            Stage::Result => vec![Context::Result, Context::Everywhere],
        }
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, shared: &Shared) -> bool {
        use Command as C;
        let always = matches!(command, C::Accept | C::PageUp | C::PageDown);
        let here = match (&self.stage, command) {
            (Stage::Asking { draft, .. }, C::DontKnow) => draft.line().is_none(),
            (Stage::Asking { draft, .. }, command) => {
                matches!(command, C::Surer | C::LessSure) || draft.allows(command)
            }
            (Stage::Told(_), C::See) => self.question(&shared.course).is_some_and(|it| it.see.is_some()),
            (_, C::Reread) => self.step(&shared.course).is_some_and(|it| shared.course.step(&it).is_some()),
            (Stage::Told(_) | Stage::Result, command) => matches!(command, C::Up | C::Down),
        };
        always || here
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match (&self.stage, command) {
            (_, Command::Back) | (Stage::Result, Command::Accept) => cx.go = Some(Go::Back),
            (_, Command::PageUp | Command::PageDown) => self.scroll(command),
            (Stage::Asking { .. }, Command::Surer) => self.sure = surer(self.sure),
            (Stage::Asking { .. }, Command::LessSure) => self.sure = less_sure(self.sure),
            (Stage::Asking { .. }, Command::DontKnow) => self.answer(Answer::Unknown, cx),
            (Stage::Asking { .. }, Command::Accept) => self.commit(cx),
            (Stage::Asking { .. }, command) => {
                if let Stage::Asking { draft, hesitates, .. } = &mut self.stage {
                    draft.update(command);
                    *hesitates = false;
                    self.top = None;
                }
            }
            (Stage::Told(_), Command::Accept) => self.go_on(cx),
            (Stage::Told(_), Command::See) => self.see(cx),
            (Stage::Told(_) | Stage::Result, Command::Reread) => {
                cx.go = self.step(&cx.shared.course).map(Go::Step);
            }
            (Stage::Told(_) | Stage::Result, command) => self.scroll(command),
        }
        Flow::Redraw
    }

    fn scroll(&mut self, command: Command) {
        let top = self.top.unwrap_or(0);
        self.top = Some(match command {
            Command::Up => top.saturating_sub(1),
            Command::Down => top + 1,
            Command::PageUp => top.saturating_sub(PAGE),
            Command::PageDown => top + PAGE,
            _ => top,
        });
    }

    /// Enter: answers if there is an answer.
    fn commit(&mut self, cx: &mut Cx<'_>) {
        let Stage::Asking { draft, hesitates, .. } = &self.stage else { return };
        let Some(asked) = self.question(&cx.shared.course) else { return };
        match draft.answer(asked) {
            Err(sentence) => cx.refuse(sentence),
            Ok(Some(answer)) => self.answer(answer, cx),
            Ok(None) if *hesitates => self.answer(Answer::Unknown, cx),
            Ok(None) => {
                if let Stage::Asking { hesitates, .. } = &mut self.stage {
                    *hesitates = true;
                }
                cx.say("Nothing is answered yet. Enter once more for: I don't know.");
            }
        }
    }

    /// Judges an answer and records it at once.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let Some(turn) = self.session.turn() else { return };
        let (question, shown, is_first) = (turn.question.id.clone(), turn.shown, turn.attempt == 1);
        let sure = if answer == Answer::Unknown { None } else { self.sure };
        // The app has no clock, so how long it took is not told.
        let Some(graded) = self.session.answer(answer, sure, 0) else { return };
        self.bets.extend(sure.filter(|_| is_first).map(|sure| (sure, graded.verdict.right)));
        cx.record(Kind::Answered(graded.record.clone()));
        self.stage = Stage::Told(Box::new(Told { question, shown, graded }));
        self.top = Some(0);
    }

    fn go_on(&mut self, cx: &mut Cx<'_>) {
        self.ask(&cx.shared.course);
        if self.session.is_over() {
            cx.record(Kind::QuizFinished(self.session.finished()));
        }
    }

    /// The lab at the moment that answers the question.
    fn see(&self, cx: &mut Cx<'_>) {
        if let Some(see) = self.question(&cx.shared.course).and_then(|question| question.see.as_ref()) {
            cx.go = Some(Go::Lab(Box::new(see.setup.clone()), see.from));
        }
    }

    /// See [`super::screen::Screen::types`].
    pub fn types(&self) -> bool {
        matches!(&self.stage, Stage::Asking { draft, .. } if draft.line().is_some())
    }

    /// See [`super::screen::Screen::type_key`].
    pub fn type_key(&mut self, key: Key, _cx: &mut Cx<'_>) -> Flow {
        if let Stage::Asking { draft, hesitates, .. } = &mut self.stage {
            draft.type_key(key);
            *hesitates &= !matches!(key.code, Code::Char(_));
        }
        Flow::Redraw
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Flow {
        let Stage::Asking { draft: Draft::Number(line) | Draft::Text(line), .. } = &mut self.stage else {
            return Flow::Unchanged;
        };
        line.paste(text);
        Flow::Redraw
    }

    /// See [`super::screen::Screen::place`]. There is nothing to come back to in a quiz that is over.
    pub fn place(&self) -> Place {
        let started = self.session.started();
        if self.session.is_over() {
            return Place::default();
        }
        Place {
            screen: Screen::Quiz,
            chapter: started.chapter.clone(),
            session: Some(started.session.clone()),
            ..Place::default()
        }
    }
}

/// The questions that a new quiz may ask: those that were not right the last time, filled up with others.
fn due(questions: Vec<Bare>, progress: &Progress, luck: u64) -> Vec<Bare> {
    let is_known = |question: &Bare| {
        let state = progress.question(&question.id).filter(|state| state.rev == question.rev);
        state.is_some_and(crate::study::progress::QuestionState::is_right)
    };
    let (mut known, mut due): (Vec<Bare>, Vec<Bare>) = questions.into_iter().partition(is_known);
    let missing = QUESTIONS.saturating_sub(due.len()).min(known.len());
    if missing > 0 {
        let turned = usize::try_from(luck % u64::try_from(known.len()).unwrap_or(1)).unwrap_or(0);
        known.rotate_left(turned);
        due.extend(known.into_iter().take(missing));
    }
    due
}

/// One more: not said, 50 %, 60 % … 99 %, and round again.
fn surer(sure: Option<u8>) -> Option<u8> {
    match sure {
        None => SURE.first().copied(),
        Some(sure) => SURE.into_iter().find(|more| *more > sure),
    }
}

fn less_sure(sure: Option<u8>) -> Option<u8> {
    match sure {
        None => SURE.last().copied(),
        Some(sure) => SURE.into_iter().rfind(|less| *less < sure),
    }
}
