//! What the learner has done so far: derived from records by replay, never stored.
//!
//! Kept by chapter, so that beginning a chapter anew is forgetting one entry. Must not know where records come from, nor
//! what a course holds: how much there is to do arrives as a [`Shape`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::completion::{Completion, Part, Shape};
use super::generated::{COUNTED, GeneratedId};
use super::ledger::{Belief, Tally};
use super::record::{
    Answer, Answered, GoalTried, HintTaken, Kind, Mode, Place, Predicted, QuizStarted, Record, Scope, Visited,
};

/// What the learner has done so far.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Progress {
    place: Option<Place>,
    chapters: BTreeMap<String, ChapterProgress>,
    open: Vec<OpenSession>,
    /// By template of generated questions, the lowest seed above all that were counted up so far. Outlives a reset: what
    /// was seen is seen.
    next_seeds: BTreeMap<String, u64>,
}

/// What the learner has done in a chapter.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct ChapterProgress {
    /// The steps seen.
    pub steps: BTreeSet<String>,
    /// By question.
    pub questions: BTreeMap<String, QuestionState>,
    /// By prediction, every bet, the first one first.
    pub predictions: BTreeMap<String, Vec<Predicted>>,
    /// By goal.
    pub goals: BTreeMap<String, GoalState>,
    /// By concept: answers, predictions and goals together.
    pub concepts: BTreeMap<String, Tally>,
    /// By misconception.
    pub beliefs: BTreeMap<String, Belief>,
    /// How many quizzes were finished.
    pub quizzes: u32,
}

/// How a question went.
#[derive(Clone, PartialEq, Debug)]
pub struct QuestionState {
    /// The revision that was answered. Answers to older ones are forgotten.
    pub rev: u32,
    /// The last answer.
    pub last: Answer,
    /// Every answer to this revision, the first one first: what spaced repetition is computed from.
    pub attempts: Vec<Attempt>,
}

impl QuestionState {
    /// Whether the last answer was right.
    pub fn is_right(&self) -> bool {
        self.attempts.last().is_some_and(|attempt| attempt.right)
    }

    /// How often it was answered right and wrong.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.attempts.iter().for_each(|attempt| tally.count(attempt.right));
        tally
    }
}

/// One answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// On which occasion.
    pub mode: Mode,
    /// Whether it was right.
    pub right: bool,
    /// How sure the learner was, in percent.
    pub confidence: Option<u8>,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// How a goal went.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct GoalState {
    /// Reached once; it stays reached.
    pub done: bool,
    /// How often it was tried.
    pub tries: u32,
    /// How many of its hints were opened.
    pub hints: u32,
    /// The last try.
    pub last: Option<GoalTried>,
}

/// A quiz that was begun and not ended.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenSession {
    /// As it was started.
    pub started: QuizStarted,
    /// Its answers so far, in their order.
    pub answers: Vec<Answered>,
}

impl Progress {
    /// Everything from the start: in the order of time, and in the given order at equal times. A merged journal holds two
    /// machines' records one behind the other; by time alone, a reset on one of them forgets only what came before it, and
    /// both machines derive the same.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut records: Vec<&Record> = records.into_iter().collect();
        records.sort_by_key(|record| record.at);
        let mut progress = Self::default();
        for record in records {
            progress.apply(record);
        }
        progress
    }

    /// One record more, just made.
    pub fn apply(&mut self, record: &Record) {
        match &record.kind {
            Kind::Visited(Visited { chapter, step }) => {
                self.chapter_mut(chapter).steps.insert(step.clone());
            }
            Kind::Answered(answered) => self.answered(record.at, answered),
            Kind::Predicted(predicted) => self.predicted(predicted),
            Kind::GoalTried(tried) => self.goal_tried(tried),
            Kind::HintTaken(HintTaken { goal, chapter, n }) => {
                let state = self.chapter_mut(chapter).goals.entry(goal.clone()).or_default();
                state.hints = state.hints.max(*n);
            }
            Kind::QuizStarted(started) => {
                started.questions.iter().for_each(|id| self.seen(id));
                // A new one takes the place of one that was left lying.
                self.open.retain(|open| {
                    (&open.started.chapter, open.started.mode) != (&started.chapter, started.mode)
                });
                self.open.push(OpenSession { started: started.clone(), answers: Vec::new() });
            }
            Kind::QuizFinished(finished) => {
                self.open.retain(|open| open.started.session != finished.session);
                if let (Some(chapter), false) = (&finished.chapter, finished.abandoned) {
                    self.chapter_mut(chapter).quizzes += 1;
                }
            }
            Kind::Place(place) => self.place = Some(place.clone()),
            Kind::Reset { scope } => self.reset(scope),
        }
    }

    /// Counts a generated question as seen.
    fn seen(&mut self, question: &str) {
        if let Ok(GeneratedId { template, seed }) = question.parse()
            && seed < COUNTED
        {
            let next = self.next_seeds.entry(template).or_default();
            *next = (*next).max(seed + 1);
        }
    }

    fn answered(&mut self, at: Timestamp, answered: &Answered) {
        self.seen(&answered.question);
        if let Some(session) = &answered.session
            && let Some(open) = self.open.iter_mut().find(|open| open.started.session == *session)
        {
            open.answers.push(answered.clone());
        }
        let Answered { rev, mode, right, confidence, ms, .. } = *answered;
        let chapter = self.chapter_mut(&answered.chapter);
        chapter.count(&answered.concepts, right);
        chapter.believe(&answered.misconceptions, &answered.refuted);
        let last = answered.answer.clone();
        let attempt = Attempt { at, mode, right, confidence, ms };
        match chapter.questions.get_mut(&answered.question) {
            // An older revision asked something else.
            Some(state) if state.rev > rev => {}
            Some(state) if state.rev == rev => {
                state.last = last;
                state.attempts.push(attempt);
            }
            _ => {
                let state = QuestionState { rev, last, attempts: vec![attempt] };
                chapter.questions.insert(answered.question.clone(), state);
            }
        }
    }

    fn predicted(&mut self, predicted: &Predicted) {
        let chapter = self.chapter_mut(&predicted.chapter);
        chapter.count(&predicted.concept, predicted.right);
        chapter.believe(&predicted.misconception, &predicted.refuted);
        chapter.predictions.entry(predicted.prediction.clone()).or_default().push(predicted.clone());
    }

    fn goal_tried(&mut self, tried: &GoalTried) {
        let chapter = self.chapter_mut(&tried.chapter);
        let state = chapter.goals.entry(tried.goal.clone()).or_default();
        state.tries += 1;
        state.last = Some(tried.clone());
        // Trying is how a goal is reached, so only reaching it, once, says something about the concept.
        if tried.done() && !state.done {
            state.done = true;
            chapter.count(&tried.concept, true);
        }
    }

    fn reset(&mut self, scope: &Scope) {
        match scope {
            Scope::All => {
                *self = Self { next_seeds: std::mem::take(&mut self.next_seeds), ..Self::default() };
            }
            Scope::Chapter(chapter) => {
                self.chapters.remove(chapter);
                self.open.retain(|open| open.started.chapter.as_ref() != Some(chapter));
                self.place.take_if(|place| place.chapter.as_ref() == Some(chapter));
            }
        }
    }

    fn chapter_mut(&mut self, chapter: &str) -> &mut ChapterProgress {
        self.chapters.entry(chapter.to_owned()).or_default()
    }

    /// Where the learner was last; nowhere at the very start and after a reset.
    pub const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// What was done in this chapter, if anything.
    pub fn chapter(&self, chapter: &str) -> Option<&ChapterProgress> {
        self.chapters.get(chapter)
    }

    /// Every chapter in which something was done.
    pub fn chapters(&self) -> impl Iterator<Item = (&str, &ChapterProgress)> {
        self.chapters.iter().map(|(id, chapter)| (id.as_str(), chapter))
    }

    /// The state of a question, in whatever chapter it is.
    pub fn question(&self, id: &str) -> Option<&QuestionState> {
        self.chapters.values().find_map(|chapter| chapter.questions.get(id))
    }

    /// The seed of this template's next question: one that this learner has not seen.
    pub fn next_seed(&self, template: &str) -> u64 {
        self.next_seeds.get(template).copied().unwrap_or(1)
    }

    /// Whether a step was seen.
    pub fn has_visited(&self, step: &str) -> bool {
        self.chapters.values().any(|chapter| chapter.steps.contains(step))
    }

    /// The quiz of this chapter, or the one over all of them, that was begun and not ended.
    pub fn open_session(&self, chapter: Option<&str>, mode: Mode) -> Option<&OpenSession> {
        self.open.iter().find(|open| open.started.chapter.as_deref() == chapter && open.started.mode == mode)
    }

    /// The unfinished quiz with this id.
    pub fn session(&self, session: &str) -> Option<&OpenSession> {
        self.open.iter().find(|open| open.started.session == session)
    }

    /// Results by concept, over all chapters.
    pub fn concepts(&self) -> BTreeMap<&str, Tally> {
        let mut all: BTreeMap<&str, Tally> = BTreeMap::new();
        for (concept, tally) in self.chapters.values().flat_map(|chapter| &chapter.concepts) {
            all.entry(concept).or_default().add(*tally);
        }
        all
    }

    /// The ledger of misconceptions, over all chapters.
    pub fn beliefs(&self) -> BTreeMap<&str, Belief> {
        let mut all: BTreeMap<&str, Belief> = BTreeMap::new();
        for (id, belief) in self.chapters.values().flat_map(|chapter| &chapter.beliefs) {
            all.entry(id).or_default().add(*belief);
        }
        all
    }

    /// How much of a chapter of this shape is done. Parts that the course has no more don't count.
    pub fn completion(&self, chapter: &str, shape: &Shape) -> Completion {
        let nothing = ChapterProgress::default();
        let done = self.chapters.get(chapter).unwrap_or(&nothing);
        Completion {
            steps: Part::of(&shape.steps, |id| done.steps.contains(id)),
            predictions: Part::of(&shape.predictions, |id| done.predictions.contains_key(id)),
            goals: Part::of(&shape.goals, |id| done.goals.get(id).is_some_and(|goal| goal.done)),
            questions: Part::of(&shape.questions, |id| {
                done.questions.get(id).is_some_and(QuestionState::is_right)
            }),
        }
    }
}

impl ChapterProgress {
    fn count<'a>(&mut self, concepts: impl IntoIterator<Item = &'a String>, right: bool) {
        for concept in concepts {
            self.concepts.entry(concept.clone()).or_default().count(right);
        }
    }

    fn believe<'a>(&mut self, held: impl IntoIterator<Item = &'a String>, refuted: &[String]) {
        for id in held {
            self.beliefs.entry(id.clone()).or_default().hold();
        }
        for id in refuted {
            self.beliefs.entry(id.clone()).or_default().refute();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::ledger::Standing;
    use crate::study::record::{QuizFinished, Screen, VERSION};

    fn record(second: i64, kind: Kind) -> Record {
        let at = Timestamp::from_second(second).unwrap();
        Record { id: format!("id-{second}"), v: VERSION, at, kind }
    }

    fn visited(chapter: &str, n: u32) -> Kind {
        Kind::Visited(Visited { chapter: chapter.to_owned(), step: format!("{chapter}.{n}") })
    }

    fn answered(question: &str, right: bool) -> Answered {
        let names = |yes: bool| if yes { vec!["more-is-safer".to_owned()] } else { vec![] };
        Answered {
            question: question.to_owned(),
            rev: 1,
            chapter: "breaker".to_owned(),
            concepts: vec!["half-open".to_owned()],
            mode: Mode::Quiz,
            session: None,
            answer: Answer::Options(vec![usize::from(right)]),
            right,
            confidence: None,
            misconceptions: names(!right),
            refuted: names(right),
            ms: 1000,
        }
    }

    fn started(session: &str) -> QuizStarted {
        QuizStarted {
            session: session.to_owned(),
            chapter: Some("breaker".to_owned()),
            mode: Mode::Quiz,
            seed: 1,
            questions: vec!["q".to_owned()],
        }
    }

    fn replayed(kinds: impl IntoIterator<Item = Kind>) -> Progress {
        let records: Vec<Record> = (1..).zip(kinds).map(|(second, kind)| record(second, kind)).collect();
        Progress::replay(&records)
    }

    #[test]
    fn the_last_place_is_where_the_learner_is() {
        let place =
            |step: &str| Place { screen: Screen::Lesson, step: Some(step.to_owned()), ..Place::default() };
        let progress = replayed([Kind::Place(place("breaker.2")), Kind::Place(place("breaker.3"))]);
        assert_eq!(progress.place(), Some(&place("breaker.3")));
        assert_eq!(Progress::default().place(), None);
    }

    #[test]
    fn a_question_keeps_every_attempt_at_its_revision() {
        let wrong = answered("q", false);
        let again = Answered { rev: 2, ..answered("q", true) };
        let progress = replayed([&wrong, &wrong, &answered("q", true)].map(|it| Kind::Answered(it.clone())));
        let state = progress.question("q").unwrap();
        assert_eq!((state.tally(), state.is_right()), (Tally { right: 1, wrong: 2 }, true));
        let progress = replayed([&wrong, &again, &wrong].map(|it| Kind::Answered(it.clone())));
        let state = progress.question("q").unwrap();
        assert_eq!((state.rev, state.tally()), (2, Tally { right: 1, wrong: 0 }));
    }

    #[test]
    fn the_ledger_tells_held_from_refuted_from_never_held() {
        let standing = |answers: &[bool]| {
            let kinds = answers.iter().map(|right| Kind::Answered(answered("q", *right)));
            replayed(kinds).beliefs()["more-is-safer"].standing()
        };
        assert_eq!(standing(&[true]), Standing::NeverHeld);
        assert_eq!(standing(&[false]), Standing::Held);
        assert_eq!(standing(&[false, true]), Standing::Refuted);
        assert_eq!(standing(&[true, false]), Standing::Held);
    }

    #[test]
    fn a_goal_once_reached_stays_reached_and_hints_are_counted_once() {
        let tried = |passed| GoalTried {
            goal: "g".to_owned(),
            chapter: "breaker".to_owned(),
            concept: Some("half-open".to_owned()),
            changes: vec![],
            passed,
            of: 20,
            failed: vec![],
        };
        let hint = HintTaken { goal: "g".to_owned(), chapter: "breaker".to_owned(), n: 2 };
        let progress = replayed([
            Kind::HintTaken(hint.clone()),
            Kind::HintTaken(hint),
            Kind::GoalTried(tried(19)),
            Kind::GoalTried(tried(20)),
            Kind::GoalTried(tried(3)),
        ]);
        let goal = &progress.chapter("breaker").unwrap().goals["g"];
        assert_eq!((goal.done, goal.tries, goal.hints), (true, 3, 2));
        assert_eq!(progress.concepts()["half-open"], Tally { right: 1, wrong: 0 });
    }

    #[test]
    fn an_unfinished_quiz_can_be_found_with_its_answers_until_it_ends() {
        let mine = Answered { session: Some("s".to_owned()), ..answered("q", true) };
        let mut progress = replayed([
            Kind::QuizStarted(started("old")),
            Kind::QuizStarted(started("s")),
            Kind::Answered(answered("q", true)),
            Kind::Answered(mine.clone()),
        ]);
        assert_eq!(progress.session("old"), None, "its place is taken");
        let open = progress.open_session(Some("breaker"), Mode::Quiz).unwrap();
        assert_eq!((open.started.session.as_str(), &open.answers[..]), ("s", &[mine][..]));
        let finished = QuizFinished {
            session: "s".to_owned(),
            chapter: Some("breaker".to_owned()),
            asked: 1,
            right_first: 1,
            abandoned: false,
        };
        progress.apply(&record(9, Kind::QuizFinished(finished)));
        assert_eq!(progress.open_session(Some("breaker"), Mode::Quiz), None);
        assert_eq!(progress.chapter("breaker").unwrap().quizzes, 1);
    }

    #[test]
    fn completion_counts_what_the_course_has() {
        let ids = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let shape = Shape {
            steps: ids(&["breaker.1", "breaker.2"]),
            questions: ids(&["q", "r"]),
            ..Shape::default()
        };
        let nothing = Progress::default().completion("breaker", &shape);
        assert_eq!((nothing.percent(), nothing.is_whole()), (0, false));
        let progress = replayed([
            visited("breaker", 1),
            visited("breaker", 9),
            Kind::Answered(answered("q", true)),
            Kind::Answered(answered("r", false)),
        ]);
        let some = progress.completion("breaker", &shape);
        assert_eq!((some.steps, some.questions), (Part { done: 1, of: 2 }, Part { done: 1, of: 2 }));
        assert_eq!(some.percent(), 50);
        assert!(progress.completion("breaker", &Shape::default()).is_whole(), "nothing to do is done");
    }

    #[test]
    fn a_reset_forgets_its_scope_and_nothing_else() {
        let place = Place { chapter: Some("breaker".to_owned()), ..Place::default() };
        let kinds = [
            visited("breaker", 1),
            visited("welcome", 1),
            Kind::Answered(answered("q", false)),
            Kind::QuizStarted(started("s")),
            Kind::Place(place),
        ];
        let reset = |scope| replayed(kinds.iter().cloned().chain([Kind::Reset { scope }]));
        let mut chapter = reset(Scope::Chapter("breaker".to_owned()));
        assert_eq!(chapter, replayed([visited("welcome", 1)]));
        assert!(reset(Scope::Chapter("welcome".to_owned())).place().is_some());
        assert_eq!(reset(Scope::All), Progress::default());
        chapter.apply(&record(99, visited("breaker", 2)));
        assert!(
            chapter.has_visited("breaker.2") && !chapter.has_visited("breaker.1"),
            "and goes on from there"
        );
    }

    #[test]
    fn a_merge_of_two_machines_is_the_same_on_both() {
        let here = [record(1, visited("breaker", 1)), record(5, visited("breaker", 2))];
        let there = [record(2, visited("welcome", 1)), record(3, Kind::Reset { scope: Scope::All })];
        let one = Progress::replay(here.iter().chain(&there));
        let other = Progress::replay(there.iter().chain(&here));
        assert_eq!(one, other);
        assert!(one.has_visited("breaker.2"), "a reset does not reach what came after it");
        assert!(!one.has_visited("breaker.1"));
    }
}
