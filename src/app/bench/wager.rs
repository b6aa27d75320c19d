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
use crate::app::stake::{Stake, seen_until};
use crate::engine::time::Time;
use crate::labs::bet::{Answer, Question};
use crate::labs::lab::Lab;
use crate::labs::reading::Value;
use crate::labs::scenario::Scenario;
use crate::study::record::Kind;

/// How many events of the copy are handled at once; more go on from frame to frame.
const AT_ONCE: u64 = 300_000;

/// A bet that is made and not told yet.
#[derive(Clone, Debug)]
pub struct Wager {
    stake: Stake,
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
    /// What was bet.
    pub stake: Stake,
    /// What came.
    pub came: Value,
    /// Whether it was right; none if there was nothing to measure, and then the bet is off.
    pub right: Option<bool>,
    /// Whether the run on the screen is another one by now.
    pub is_another: bool,
    /// How right the learner is when so sure, in a line.
    pub beside: String,
}

impl Wager {
    /// Up to when the learner has seen the run on the bench, in this session or by an earlier bet.
    pub(super) fn seen(player: &Player, shared: &Shared) -> Time {
        let seed = player.lab().scenario().seed;
        seen_until(player.origin(), seed, &shared.seen, &shared.progress).max(player.lab().now())
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
            stake: Stake { question, answer, sure, counts: question.at > Self::seen(player, cx.shared) },
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

    /// Lets the copy go on; at the moment the outcome is written down. Returns the events handled.
    pub(super) fn go(&mut self, allowed: u64, cx: &mut Cx<'_>) -> u64 {
        if self.came.is_some() {
            return 0;
        }
        let question = &self.stake.question;
        let handled = self.ahead.0.advance(question.at, allowed);
        if self.ahead.0.now() < question.at || handled >= allowed {
            return handled;
        }
        let came = question.came(&*self.ahead.0);
        self.came = Some(came);
        if let Some(bet) = self.stake.record(came, &self.origin, self.run.seed) {
            cx.record(Kind::Bet(bet));
        }
        handled
    }

    /// What was bet, and when it is decided, in a line.
    pub fn told(&self) -> String {
        self.stake.told()
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
        self.came.filter(|_| self.is_another || player.lab().now() >= self.stake.question.at)
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
        let stake = wager.stake;
        let told = Told {
            stake,
            came,
            right: stake.question.judge(stake.answer, came),
            is_another: wager.is_another,
            beside: cx.shared.progress.calibration().beside(stake.sure),
        };
        // Told before its time, it is known from now on.
        let (seed, at) = (wager.run.seed, stake.question.at);
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
