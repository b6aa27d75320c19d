//! A bet that is made: the run as it stands decides it, however it goes on.
//!
//! What will come is computed in a copy of the run the moment the bet is made, out of sight, and written down: so a bet that
//! goes badly cannot be got rid of by acting, going back or leaving. It is told when the run on the screen comes to the
//! moment, or at once when that run becomes another one.

use std::fmt;

use super::{Bench, Open};
use crate::app::player::Player;
use crate::app::screen::Cx;
use crate::app::shared::Shared;
use crate::engine::time::Time;
use crate::labs::bet::{Answer, Question, record_line};
use crate::labs::lab::Lab;
use crate::labs::narrate::short_time;
use crate::labs::reading::Value;
use crate::labs::scenario::Scenario;
use crate::study::record::{Bet, Came, Kind, Said};

/// How many events of the copy are handled at once; more go on from frame to frame.
const AT_ONCE: u64 = 300_000;

/// A bet that is made and not told yet.
#[derive(Clone, Debug)]
pub struct Wager {
    question: Question,
    answer: Answer,
    sure: u8,
    /// Whether it counts: nobody has seen the moment.
    counts: bool,
    /// The run that it is about.
    run: Scenario,
    /// What that run began as.
    origin: Scenario,
    edition: u64,
    is_another: bool,
    ahead: Ahead,
    came: Option<Value>,
}

/// A copy of the run that goes ahead out of sight.
struct Ahead(Box<dyn Lab>);

/// A bet and what came.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// What was asked.
    pub question: Question,
    /// What was said.
    pub answer: Answer,
    /// How sure, in percent.
    pub sure: u8,
    /// What came.
    pub came: Value,
    /// Whether it was right; none if there was nothing to measure, and then the bet is off.
    pub right: Option<bool>,
    /// Whether it was written down.
    pub counts: bool,
    /// Whether the run on the screen is another one by now.
    pub is_another: bool,
    /// How right the learner is when so sure, in a line.
    pub beside: String,
}

impl Wager {
    /// Up to when the learner has seen the run on the bench, in this session or by an earlier bet.
    pub(super) fn seen(player: &Player, shared: &Shared) -> Time {
        let seed = player.lab().scenario().seed;
        let here = shared.seen.until(player.origin(), seed).max(player.lab().now());
        let before = shared.progress.shown_until(&record_line(player.origin(), seed));
        here.max(Time::from_millis(before))
    }

    /// Makes a bet.
    pub(super) fn make(
        question: Question,
        answer: Answer,
        sure: u8,
        player: &Player,
        cx: &mut Cx<'_>,
    ) -> Self {
        let mut wager = Self {
            question,
            answer,
            sure,
            counts: question.at > Self::seen(player, cx.shared),
            run: player.recorded(),
            origin: player.origin().clone(),
            edition: player.edition(),
            is_another: false,
            ahead: Ahead(player.lab().boxed_clone()),
            came: None,
        };
        wager.go(AT_ONCE, cx);
        wager
    }

    /// Whether the copy has not come to the moment yet.
    pub const fn is_open(&self) -> bool {
        self.came.is_none()
    }

    /// Whether it is practice.
    pub const fn is_practice(&self) -> bool {
        !self.counts
    }

    /// Lets the copy go on; at the moment the outcome is written down. Returns the events handled.
    pub(super) fn go(&mut self, allowed: u64, cx: &mut Cx<'_>) -> u64 {
        if self.came.is_some() {
            return 0;
        }
        let handled = self.ahead.0.advance(self.question.at, allowed);
        if self.ahead.0.now() < self.question.at || handled >= allowed {
            return handled;
        }
        let came = self.question.came(&*self.ahead.0);
        self.came = Some(came);
        if let Some(right) = self.question.judge(self.answer, came).filter(|_| self.counts) {
            cx.record(Kind::Bet(self.record(came, right)));
        }
        handled
    }

    fn record(&self, came: Value, right: bool) -> Bet {
        let said = match self.answer {
            Answer::Number(number) => {
                let (low, high) = self.question.range(number);
                Said::Number { number, low, high }
            }
            other => Said::Outcome(Question::word(other).to_owned()),
        };
        Bet {
            lab: self.origin.lab.spec.name.to_owned(),
            run: record_line(&self.origin, self.run.seed),
            reading: self.question.spec.name.to_owned(),
            concept: None,
            made_ms: self.question.made.millis(),
            at_ms: self.question.at.millis(),
            said,
            confidence: self.sure,
            came: match came {
                Value::Number(number) => Came::Number(number),
                Value::Word(word) => Came::Word(word.to_owned()),
                Value::None => Came::Nothing,
            },
            right,
        }
    }

    /// What was bet, and when it is decided, in a line.
    pub fn told(&self) -> String {
        let practice = if self.counts { "" } else { ", practice" };
        let at = short_time(self.question.at);
        let said = self.question.say(self.answer);
        format!("Bet: {} {said}, {} % sure, told at t {at} s{practice}.", self.question.spec.name, self.sure)
    }

    /// Looks whether the run on the screen is still the one that it is about.
    fn look(&mut self, player: &Player) {
        if self.edition != player.edition() {
            self.edition = player.edition();
            self.is_another = player.recorded() != self.run;
        }
    }

    /// What came, if that is to be told now.
    fn due(&self, player: &Player) -> Option<Value> {
        self.came.filter(|_| self.is_another || player.lab().now() >= self.question.at)
    }
}

impl Bench {
    /// The bet that is made and not told yet.
    pub fn wager(&self) -> Option<&Wager> {
        self.wager.as_deref()
    }

    /// Tells the bet if its moment has come. What lies over the stage is closed first.
    pub(super) fn watch_bet(&mut self, cx: &mut Cx<'_>) {
        let Some(wager) = &mut self.wager else { return };
        wager.look(&self.player);
        let Some(came) = wager.due(&self.player).filter(|_| matches!(self.open, Open::Nothing)) else {
            return;
        };
        let right = wager.question.judge(wager.answer, came);
        let told = Told {
            question: wager.question,
            answer: wager.answer,
            sure: wager.sure,
            came,
            right,
            counts: wager.counts,
            is_another: wager.is_another,
            beside: cx.shared.progress.calibration().beside(wager.sure),
        };
        // Told before its time, it is known from now on.
        let (seed, at) = (wager.run.seed, wager.question.at);
        cx.shared.seen.note(&wager.origin, seed, at);
        self.wager = None;
        self.player.pause();
        self.player.forget_stop();
        self.open = Open::Told(Box::new(told));
    }

    /// Whether time is wanted for a bet while the lab stands.
    pub(super) fn bet_wants_time(&self) -> bool {
        let nothing_over = matches!(self.open, Open::Nothing);
        self.wager.as_ref().is_some_and(|it| it.is_open() || nothing_over && it.due(&self.player).is_some())
    }
}

impl Clone for Ahead {
    fn clone(&self) -> Self {
        Self(self.0.boxed_clone())
    }
}

/// The lab itself has too much state to print.
impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ahead").field(&self.0.now()).finish()
    }
}
