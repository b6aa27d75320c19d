//! What the learner has done so far: derived from records by replay, never stored.
//!
//! Kept by chapter, so that beginning a chapter anew is forgetting one entry. Must not know where records come from, nor
//! what a course holds: how much there is to do arrives as a [`Shape`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::calibration::{Calibration, Forecast, Topic};
use super::completion::{Completion, Part, Shape};
use super::generated::{COUNTED, GeneratedId};
use super::ledger::{Belief, Tally};
use super::record::{
    Answer, Answered, Bet, GoalTried, HintTaken, Kind, Mode, Place, Predicted, QuizStarted, Record, Scope,
    Visited,
};

/// After so many seconds an answer that was told is no longer fresh in mind.
const FORGETTING: i64 = 12 * 60 * 60;

/// What the learner has done so far.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Progress {
    place: Option<Place>,
    chapters: BTreeMap<String, ChapterProgress>,
    open: Vec<OpenSession>,
    /// Every bet on a reading of a lab, the first one first.
    bets: Vec<Bet>,
    /// By run as it began, up to which moment a bet has shown it, in milliseconds. Outlives a reset: what was seen is seen.
    shown: BTreeMap<String, u64>,
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
    /// What the learner was so sure of, and whether it was right: first bets, and answers not known from just before.
    pub forecasts: Vec<Forecast>,
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
            Kind::Bet(bet) => {
                let shown = self.shown.entry(bet.run.clone()).or_default();
                *shown = bet.at_ms.max(*shown);
                self.bets.push(bet.clone());
            }
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
        let before = chapter.questions.get(&answered.question).and_then(|state| state.attempts.last());
        // Who was told the answer a moment ago knows it: that says nothing about how sure one should be.
        let is_fresh = before.is_none_or(|before| at.as_second() - before.at.as_second() >= FORGETTING);
        if let Some(confidence) = confidence.filter(|_| is_fresh && answered.answer != Answer::Unknown) {
            let about = answered.concepts.iter().cloned().map(Topic::Concept).collect();
            chapter.forecasts.push(Forecast { about, confidence, right });
        }
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
        // The next time the answer is known.
        if !predicted.seen && !chapter.predictions.contains_key(&predicted.prediction) {
            let about = predicted.concept.clone().map(Topic::Concept);
            chapter.forecasts.push(Forecast {
                about: vec![about.unwrap_or_else(|| Topic::Chapter(predicted.chapter.clone()))],
                confidence: predicted.confidence,
                right: predicted.right,
            });
        }
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
                *self = Self {
                    next_seeds: std::mem::take(&mut self.next_seeds),
                    shown: std::mem::take(&mut self.shown),
                    ..Self::default()
                };
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

    /// Every bet on a reading of a lab, the first one first.
    pub fn bets(&self) -> &[Bet] {
        &self.bets
    }

    /// Up to which moment earlier bets have shown the run that began like this, in milliseconds.
    pub fn shown_until(&self, run: &str) -> u64 {
        self.shown.get(run).copied().unwrap_or(0)
    }

    /// How well stated confidence agrees with what came, over everything that was bet on, predicted and answered.
    pub fn calibration(&self) -> Calibration {
        let mut all = Calibration::of(self.chapters.values().flat_map(|chapter| &chapter.forecasts));
        for bet in &self.bets {
            let about = bet.concept.clone().map(Topic::Concept);
            all.count(&Forecast {
                about: vec![about.unwrap_or_else(|| Topic::Lab(bet.lab.clone()))],
                confidence: bet.confidence,
                right: bet.right,
            });
        }
        all
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
    use crate::study::record::{Came, QuizFinished, Said, Screen, VERSION};

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

    fn predicted(prediction: &str, concept: Option<&str>, right: bool) -> Kind {
        Kind::Predicted(Predicted {
            prediction: prediction.to_owned(),
            chapter: "breaker".to_owned(),
            concept: concept.map(str::to_owned),
            seed: 7,
            chosen: 0,
            confidence: 80,
            right,
            came: usize::from(!right),
            seen: false,
            misconception: None,
            refuted: vec![],
        })
    }

    fn bet(run: &str, at_ms: u64) -> Kind {
        Kind::Bet(Bet {
            lab: "server".to_owned(),
            run: run.to_owned(),
            reading: "queue".to_owned(),
            concept: None,
            made_ms: 0,
            at_ms,
            said: Said::Outcome("higher".to_owned()),
            confidence: 60,
            came: Came::Number(3.0),
            right: true,
        })
    }

    #[test]
    fn only_what_was_not_known_before_counts_for_calibration() {
        let sure = |hour: i64, confidence| {
            let answer = Answered { confidence, ..answered("q", true) };
            record(hour * 3600, Kind::Answered(answer))
        };
        let progress = Progress::replay(&[
            record(1, predicted("p", Some("half-open"), false)),
            record(2, predicted("p", Some("half-open"), true)),
            record(3, predicted("other", None, true)),
            record(4, bet("run", 10_000)),
            sure(1, Some(70)),
            sure(2, Some(90)),
            sure(3, None),
            sure(16, Some(60)),
        ]);
        let all = progress.calibration();
        // Two first bets on predictions, one on a reading, and the answers of hours 1 and 16.
        assert_eq!(all.all.tally, Tally { right: 4, wrong: 1 });
        let of = |topic: Topic| all.by.get(&topic).map(|score| score.tally);
        assert_eq!(of(Topic::Concept("half-open".into())), Some(Tally { right: 2, wrong: 1 }));
        assert_eq!(of(Topic::Chapter("breaker".into())), Some(Tally { right: 1, wrong: 0 }));
        assert_eq!(of(Topic::Lab("server".into())), Some(Tally { right: 1, wrong: 0 }));
    }

    #[test]
    fn what_a_bet_has_shown_stays_shown_after_a_reset() {
        let reset = Kind::Reset { scope: Scope::All };
        let progress = replayed([bet("run", 10_000), bet("run", 5_000), reset]);
        assert!(progress.bets().is_empty());
        assert_eq!((progress.shown_until("run"), progress.shown_until("other")), (10_000, 0));
    }
}
