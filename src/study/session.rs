//! A quiz from its first question to its result.
//!
//! The order of the questions and of what each shows comes from a seed, so a quiz that was left in its middle is taken up
//! again from its records. What was wrong comes again at the end until it is right. Must not know the words of a question,
//! nor how it is shown.

use std::collections::{BTreeMap, VecDeque};

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;

use super::ledger::Tally;
use super::question::{Ask, Question, Verdict};
use super::record::{Answer, Answered, Mode, QuizFinished, QuizStarted};

/// A quiz in progress.
#[derive(Clone, PartialEq, Debug)]
pub struct QuizSession {
    started: QuizStarted,
    questions: Vec<Question>,
    /// What is still to be asked, the next one first.
    queue: VecDeque<Waiting>,
    /// For each question, whether the first answer was right, once there is one.
    first: Vec<Option<bool>>,
    misconceptions: BTreeMap<String, u32>,
}

/// A question that waits for its turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Waiting {
    question: usize,
    attempt: u32,
}

/// Which quiz to begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The session's id, unique to it.
    pub session: String,
    /// The chapter, or none for a quiz over all of them.
    pub chapter: Option<String>,
    /// The occasion.
    pub mode: Mode,
    /// How many questions at most.
    pub count: usize,
    /// Decides which ones, and every order.
    pub seed: u64,
}

/// The question to be answered now.
#[derive(Clone, PartialEq, Debug)]
pub struct Turn<'a> {
    /// The question.
    pub question: &'a Question,
    /// Which one it is, the first being 1; one that comes again keeps its number.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The first time, the second time …, the first being 1.
    pub attempt: u32,
    /// How many are still to be answered, this one and those that come again included.
    pub left: usize,
    /// What stands where: the positions in the course file of the options, the items or the right sides, in the order in
    /// which they are shown. Empty where there is nothing to shuffle.
    pub shown: Vec<usize>,
}

/// An answer, judged.
#[derive(Clone, PartialEq, Debug)]
pub struct Graded {
    /// How it was judged.
    pub verdict: Verdict,
    /// What to write into the journal.
    pub record: Answered,
    /// It was wrong and comes again at the end.
    pub comes_again: bool,
}

/// What a quiz came to.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct QuizResult {
    /// First answers, right and wrong.
    pub first: Tally,
    /// First answers by concept.
    pub concepts: BTreeMap<String, Tally>,
    /// How often each misconception showed, in all answers.
    pub misconceptions: BTreeMap<String, u32>,
    /// The questions whose first answer was wrong.
    pub missed: Vec<String>,
}

impl QuizSession {
    /// Begins a quiz with some of these questions.
    pub fn start(plan: Plan, questions: &[Question]) -> Self {
        let Plan { session, chapter, mode, count, seed } = plan;
        let mut chosen: Vec<Question> = questions.to_vec();
        chosen.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        chosen.truncate(count);
        let ids = chosen.iter().map(|question| question.id.clone()).collect();
        Self::with(QuizStarted { session, chapter, mode, seed, questions: ids }, chosen)
    }

    /// What a quiz of so many asks, by the same seed: all of the generated questions, and written ones for the rest.
    pub fn mixed(
        mut written: Vec<Question>,
        generated: Vec<Question>,
        count: usize,
        seed: u64,
    ) -> Vec<Question> {
        if generated.is_empty() {
            return written;
        }
        written.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        written.truncate(count.saturating_sub(generated.len()));
        written.extend(generated);
        written
    }

    /// Takes up a quiz from its records. Questions that the course has no more, or whose meaning has changed, are left out
    /// or asked anew.
    pub fn resume(started: &QuizStarted, answers: &[Answered], questions: &[Question]) -> Self {
        let find = |id: &String| questions.iter().find(|question| question.id == *id).cloned();
        let known: Vec<Question> = started.questions.iter().filter_map(find).collect();
        let mut session = Self::with(started.clone(), known);
        for answered in answers {
            let answers = |waiting: &Waiting| {
                let question = session.questions.get(waiting.question);
                question.is_some_and(|it| it.id == answered.question && it.rev == answered.rev)
            };
            // Next in turn, unless the course has changed since.
            if let Some(at) = session.queue.iter().position(answers)
                && let Some(waiting) = session.queue.remove(at)
            {
                session.note(waiting, answered.right, &answered.misconceptions);
            }
        }
        session
    }

    fn with(started: QuizStarted, questions: Vec<Question>) -> Self {
        let queue = (0..questions.len()).map(|question| Waiting { question, attempt: 1 }).collect();
        let first = vec![None; questions.len()];
        Self { started, questions, queue, first, misconceptions: BTreeMap::new() }
    }

    /// What to write into the journal when it begins.
    pub const fn started(&self) -> &QuizStarted {
        &self.started
    }

    /// The question to be answered now; none when all are right.
    pub fn turn(&self) -> Option<Turn<'_>> {
        let waiting = self.queue.front()?;
        let question = self.questions.get(waiting.question)?;
        Some(Turn {
            question,
            number: waiting.question + 1,
            of: self.questions.len(),
            attempt: waiting.attempt,
            left: self.queue.len(),
            shown: shown(question, self.started.seed, waiting.attempt),
        })
    }

    /// Answers the question of this turn, by positions in the course file, and goes on to the next. None when there is no
    /// turn.
    pub fn answer(&mut self, answer: Answer, confidence: Option<u8>, ms: u64) -> Option<Graded> {
        let waiting = self.queue.pop_front()?;
        let question = self.questions.get(waiting.question)?;
        let verdict = question.judge(&answer);
        let record = Answered {
            question: question.id.clone(),
            rev: question.rev,
            chapter: question.chapter.clone(),
            concepts: question.concepts.clone(),
            mode: self.started.mode,
            session: Some(self.started.session.clone()),
            answer,
            right: verdict.right,
            confidence,
            misconceptions: verdict.misconceptions.clone(),
            refuted: verdict.refuted.clone(),
            ms,
        };
        self.note(waiting, verdict.right, &verdict.misconceptions);
        Some(Graded { comes_again: !verdict.right, verdict, record })
    }

    fn note(&mut self, waiting: Waiting, right: bool, misconceptions: &[String]) {
        if let Some(first) = self.first.get_mut(waiting.question) {
            first.get_or_insert(right);
        }
        for id in misconceptions {
            *self.misconceptions.entry(id.clone()).or_default() += 1;
        }
        if !right {
            self.queue.push_back(Waiting { attempt: waiting.attempt + 1, ..waiting });
        }
    }

    /// Whether every question was answered right.
    pub fn is_over(&self) -> bool {
        self.queue.is_empty()
    }

    /// What to write into the journal when it ends, at its end or before.
    pub fn finished(&self) -> QuizFinished {
        QuizFinished {
            session: self.started.session.clone(),
            chapter: self.started.chapter.clone(),
            asked: u32::try_from(self.first.iter().flatten().count()).unwrap_or(u32::MAX),
            right_first: self.result().first.right,
            abandoned: !self.is_over(),
        }
    }

    /// What it came to so far.
    pub fn result(&self) -> QuizResult {
        let mut result = QuizResult { misconceptions: self.misconceptions.clone(), ..QuizResult::default() };
        for (question, right) in self.questions.iter().zip(&self.first) {
            let Some(right) = *right else { continue };
            result.first.count(right);
            for concept in &question.concepts {
                result.concepts.entry(concept.clone()).or_default().count(right);
            }
            if !right {
                result.missed.push(question.id.clone());
            }
        }
        result
    }
}

/// The order in which a question shows its parts. It depends on the question and the attempt, not on what came before, so
/// that it is the same after a resume; and it differs between attempts, so that nobody learns "the second one".
fn shown(question: &Question, seed: u64, attempt: u32) -> Vec<usize> {
    let parts = match &question.ask {
        Ask::Single(choices) | Ask::Several(choices) => choices.len(),
        Ask::Order(items) => *items,
        Ask::Match(pairs) => pairs.len(),
        Ask::Number { .. } | Ask::Text { .. } | Ask::Line(_) => 0,
    };
    let mut shown: Vec<usize> = (0..parts).collect();
    let own = fnv_1a(question.id.as_bytes()) ^ seed.rotate_left(32);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(own.wrapping_add(u64::from(attempt)));
    shown.shuffle(&mut random);
    // Items shown in their right order would be no question.
    if matches!(question.ask, Ask::Order(_) | Ask::Match(_)) && shown.is_sorted() && parts > 1 {
        shown.rotate_left(1);
    }
    shown
}

/// FNV-1a, 64 bits: the same everywhere and for ever, which the standard library's hasher does not promise.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::question::Choice;

    fn question(n: usize) -> Question {
        Question {
            id: format!("q{n}"),
            rev: 1,
            chapter: "breaker".to_owned(),
            concepts: vec![if n.is_multiple_of(2) { "even" } else { "odd" }.to_owned()],
            misconception: None,
            ask: Ask::Single(vec![
                Choice::Right,
                Choice::Wrong("m".to_owned()),
                Choice::Wrong("n".to_owned()),
            ]),
        }
    }

    fn bank(n: usize) -> Vec<Question> {
        (0..n).map(question).collect()
    }

    fn plan(count: usize, seed: u64) -> Plan {
        Plan { session: "s".to_owned(), chapter: Some("breaker".to_owned()), mode: Mode::Quiz, count, seed }
    }

    fn answer(session: &mut QuizSession, option: usize) -> Graded {
        session.answer(Answer::Options(vec![option]), Some(70), 1000).unwrap()
    }

    #[test]
    fn the_seed_decides_every_order() {
        let order = |seed| QuizSession::start(plan(5, seed), &bank(9)).started().questions.clone();
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
        assert_eq!(order(1).len(), 5);
        // Pinned, so that an update of the generator that would shuffle open quizzes anew is seen.
        assert_eq!(order(42), PINNED);
        let shown = |seed| QuizSession::start(plan(1, seed), &bank(1)).turn().unwrap().shown;
        assert!((0..20).any(|seed| shown(seed) != [0, 1, 2]));
    }

    #[test]
    fn a_count_beyond_the_bank_takes_all_and_an_empty_bank_is_over() {
        assert_eq!(QuizSession::start(plan(99, 1), &bank(3)).turn().unwrap().of, 3);
        let mut nothing = QuizSession::start(plan(9, 1), &[]);
        assert!(nothing.is_over() && nothing.turn().is_none());
        assert_eq!(nothing.answer(Answer::Unknown, None, 0), None);
    }

    #[test]
    fn what_was_wrong_comes_again_at_the_end_until_it_is_right() {
        let mut session = QuizSession::start(plan(3, 7), &bank(3));
        let first = session.turn().unwrap().question.id.clone();
        let graded = answer(&mut session, 1);
        assert!(graded.comes_again && !graded.record.right);
        assert_eq!(graded.record.misconceptions, ["m"]);
        assert!(!answer(&mut session, 0).comes_again);
        assert_eq!(answer(&mut session, 0).record.refuted, ["m", "n"]);
        let turn = session.turn().unwrap();
        assert_eq!(
            (turn.question.id.clone(), turn.number, turn.attempt, turn.left),
            (first.clone(), 1, 2, 1)
        );
        answer(&mut session, 2);
        assert!(!session.is_over());
        answer(&mut session, 0);
        assert!(session.is_over() && session.turn().is_none());
        let result = session.result();
        assert_eq!((result.first, result.missed), (Tally { right: 2, wrong: 1 }, vec![first]));
        assert_eq!(result.misconceptions, BTreeMap::from([("m".to_owned(), 1), ("n".to_owned(), 1)]));
        let finished = session.finished();
        assert_eq!((finished.asked, finished.right_first, finished.abandoned), (3, 2, false));
    }

    #[test]
    fn the_result_is_told_by_concept() {
        let mut session = QuizSession::start(plan(4, 3), &bank(4));
        for _ in 0..4 {
            let is_even = session.turn().unwrap().question.concepts[0] == "even";
            answer(&mut session, usize::from(is_even));
        }
        let concepts = session.result().concepts;
        assert_eq!(concepts["even"], Tally { right: 0, wrong: 2 });
        assert_eq!(concepts["odd"], Tally { right: 2, wrong: 0 });
    }

    #[test]
    fn a_quiz_is_taken_up_where_it_was_left() {
        let mut session = QuizSession::start(plan(5, 11), &bank(8));
        let mut records = Vec::new();
        for option in [0, 1, 0, 2, 0, 1] {
            let resumed = QuizSession::resume(session.started(), &records, &bank(8));
            assert_eq!(resumed, session);
            assert_eq!(resumed.turn(), session.turn());
            records.push(answer(&mut session, option).record);
        }
        assert_eq!(QuizSession::resume(session.started(), &records, &bank(8)), session);
    }

    #[test]
    fn a_course_that_changed_meanwhile_loses_only_what_changed() {
        let mut session = QuizSession::start(plan(4, 11), &bank(4));
        let records: Vec<Answered> = (0..2).map(|_| answer(&mut session, 0).record).collect();
        let mut changed = bank(4);
        changed.retain(|question| question.id != session.started().questions[3]);
        for question in &mut changed {
            question.rev += u32::from(question.id == records[0].question);
        }
        let resumed = QuizSession::resume(session.started(), &records, &changed);
        assert_eq!(resumed.turn().unwrap().question.id, records[0].question, "it means something else now");
        assert_eq!((resumed.turn().unwrap().of, resumed.turn().unwrap().left), (3, 2));
    }

    #[test]
    fn items_are_never_shown_in_their_right_order_and_options_move_between_attempts() {
        let order = Question { ask: Ask::Order(2), ..question(0) };
        assert!((0..50).all(|seed| shown(&order, seed, 1) == [1, 0]));
        let single = question(0);
        assert!((0..50).any(|seed| shown(&single, seed, 1) != shown(&single, seed, 2)));
    }

    const PINNED: [&str; 5] = ["q2", "q1", "q4", "q6", "q0"];
}
