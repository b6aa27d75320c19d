//! What is bet, and what is written down of it; the same on the screen and by typed lines.

use crate::engine::time::Time;
use crate::labs::bet::{Answer, Question, record_line};
use crate::labs::narrate::short_time;
use crate::labs::reading::Value;
use crate::labs::scenario::Scenario;
use crate::labs::seen::Seen;
use crate::study::progress::Progress;
use crate::study::record::{Bet, Came, Said};

/// A question, what is said to it, and how sure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Stake {
    /// What is asked.
    pub question: Question,
    /// What is said.
    pub answer: Answer,
    /// How sure, in percent.
    pub sure: u8,
    /// Whether it counts: nobody has seen the moment.
    pub counts: bool,
}

/// Up to when a learner has seen the run that began as `origin` on this seed: in this session, or by an earlier bet.
pub fn seen_until(origin: &Scenario, seed: u64, session: &Seen, progress: &Progress) -> Time {
    let before = progress.shown_until(&record_line(origin, seed));
    session.until(origin, seed).max(Time::from_millis(before))
}

impl Stake {
    /// What is bet and when it is decided, in a line.
    pub fn told(&self) -> String {
        let practice = if self.counts { "" } else { ", practice" };
        let (at, said) = (short_time(self.question.at), self.question.say(self.answer));
        format!("Bet for t {at} s: {} {said}, {} % sure{practice}.", self.question.spec.name, self.sure)
    }

    /// What is written down of it, about a run that began as `origin` on this seed; none if it does not count, or if what
    /// came decides nothing.
    pub fn record(&self, came: Value, origin: &Scenario, seed: u64) -> Option<Bet> {
        let right = self.question.judge(self.answer, came).filter(|_| self.counts)?;
        let said = match self.answer {
            Answer::Number(number) => {
                let (low, high) = self.question.range(number);
                Said::Number { number, low, high }
            }
            other => Said::Outcome(Question::word(other).to_owned()),
        };
        let came = match came {
            Value::Number(number) => Came::Number(number),
            Value::Word(word) => Came::Word(word.to_owned()),
            Value::None => Came::Nothing,
        };
        Some(Bet {
            lab: origin.lab.spec.name.to_owned(),
            run: record_line(origin, seed),
            reading: self.question.spec.name.to_owned(),
            concept: None,
            made_ms: self.question.made.millis(),
            at_ms: self.question.at.millis(),
            said,
            confidence: self.sure,
            came,
            right,
        })
    }
}
