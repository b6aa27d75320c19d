//! How far the text of a lesson is scrolled: by a key, or to what is under the cursor.

use super::{Focus, Lesson, Panel, text};
use crate::app::keymap::Command;
use crate::app::shared::Shared;

/// Scrolling.
impl Lesson {
    fn height(&self, shared: &Shared) -> (usize, u16, usize) {
        let area = self.areas(shared).text;
        ((shared.measure)(&self.passages(shared), area.width), area.width, usize::from(area.height))
    }

    pub(super) fn scroll_by(&mut self, command: Command, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        if !self.scroll.obey(command, height, rows) {
            self.scroll.clamp(height, rows);
        }
    }

    pub(super) fn show_end(&mut self, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        self.scroll.show(height, height, height, rows);
    }

    /// Brings what is under the cursor into sight.
    pub(super) fn follow(&mut self, shared: &Shared) {
        let (height, width, rows) = self.height(shared);
        let passages = self.passages(shared);
        let upto = |n: usize| (shared.measure)(passages.get(..n).unwrap_or(&passages), width);
        let item = |n: usize| (upto(n), upto(n + 1));
        let seen = match (&self.panel, &self.bet, self.focus) {
            (Panel::Step, _, Focus::Claim(n)) => self.step(shared).map(|at| {
                let end = (shared.measure)(&text::passages_to(at, shared, n), width);
                (end.saturating_sub(2), end)
            }),
            (Panel::Bet, Some(bet), _) => match bet.cursor() {
                Some(n) => Some(item(n)),
                // A verdict is read from its first line.
                None => Some((0, 1)),
            },
            (Panel::Sources(sources), ..) => Some(item(2 + sources.cursor)),
            _ => None,
        };
        match seen {
            Some((from, to)) => self.scroll.show(from, to, height, rows),
            None => self.scroll.clamp(height, rows),
        }
    }

    /// See [`crate::app::screen::Screen::resized`].
    pub fn resized(&mut self, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        self.scroll.clamp(height, rows);
    }
}
