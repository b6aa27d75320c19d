//! Time that passes in a lesson, and news of what is computed in the background.

use std::time::Duration;

use super::{Focus, Lesson, Panel};
use crate::app::Flow;
use crate::app::player::{Moved, Player};
use crate::app::screen::Cx;
use crate::app::work::News;

/// Time.
impl Lesson {
    /// See [`crate::app::screen::Screen::frame_interval`].
    pub fn frame_interval(&self) -> Option<Duration> {
        self.player().and_then(Player::frame_interval)
    }

    /// See [`crate::app::screen::Screen::frame`].
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, cx: &mut Cx<'_>) -> Flow {
        let moved = self.player_mut().map_or(Moved::Still, |player| player.frame(elapsed, allowed));
        self.handled = moved.events();
        if self.panel == Panel::Bet
            && let Some(bet) = &mut self.bet
            && bet.look()
        {
            self.focus = Focus::Text;
            self.follow(cx.shared);
            return Flow::Redraw;
        }
        if moved == Moved::Still { Flow::Unchanged } else { Flow::Redraw }
    }

    /// See [`crate::app::screen::Screen::events_handled`].
    pub const fn events_handled(&self) -> u64 {
        self.handled
    }

    /// See [`crate::app::screen::Screen::worked`].
    pub fn worked(&mut self, ticket: u64, news: &News, cx: &mut Cx<'_>) -> Flow {
        let by_proof =
            if let Panel::Proof(proof) = &mut self.panel { proof.hear(ticket, news) } else { false };
        let by_cure = self.cure.as_mut().is_some_and(|cure| cure.hear(ticket, news));
        let by_goal = self.attempt.as_mut().is_some_and(|attempt| attempt.hear(ticket, news, cx));
        if by_proof || by_goal || by_cure { Flow::Redraw } else { Flow::Unchanged }
    }
}
