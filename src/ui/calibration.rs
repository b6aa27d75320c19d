//! How sure the learner is, and how right.
//!
//! ```text
//!  Brier score 0.22 over 34 (0 is perfect, 0.25 is a coin toss).
//!  You are surer than you are right, by more than luck explains.
//!  At 80 % sure you are right 55 % of the time (11 of 20).
//!
//!  By concept; free bets by lab
//!  half-open state: Brier score 0.18, 9 of 12 right.
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{self, Title};
use super::passage;
use super::theme::Theme;
use crate::app::calibration::{Calibration, passages, width};
use crate::app::shared::Shared;

/// Its first line.
pub fn title(shared: &Shared) -> Title {
    let all = shared.progress.calibration().all.tally.all();
    Title { left: vec!["How sure you are, and how right".into()], right: frame::counted(all as usize, "bet") }
}

/// Draws it.
pub fn view(it: &Calibration, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    let height = area.height.saturating_sub(1);
    let inner = Rect { x: area.x + 1, y: area.y + 1, width: width(shared.size).min(area.width), height };
    passage::view(&passages(shared), it.scroll, inner, buf, theme);
}
