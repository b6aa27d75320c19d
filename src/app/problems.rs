//! What is wrong in the course folder: every problem as a terminal shows it, with its line.

use super::Flow;
use super::keymap::{Command, Context};
use super::passage::Scroll;
use super::screen::{Cx, Go};
use super::shared::{Shared, Size};

/// The list of problems.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// How far it is scrolled.
    pub scroll: Scroll,
}

/// Every line of the list.
pub fn lines(shared: &Shared) -> impl Iterator<Item = &str> {
    shared.problems.iter().flat_map(|problem| problem.trim_end().lines().chain([""]))
}

/// How many rows are seen.
pub const fn rows(size: Size) -> usize {
    (size.height as usize).saturating_sub(3)
}

impl Problems {
    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        vec![Context::Reader, Context::Everywhere]
    }

    /// See [`super::screen::Screen::allows`].
    pub const fn allows(&self, command: Command) -> bool {
        matches!(command, Command::Up | Command::Down | Command::PageUp | Command::PageDown)
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        let (height, rows) = (lines(cx.shared).count(), rows(cx.shared.size));
        match command {
            Command::Back => cx.go = Some(Go::Back),
            _ if self.scroll.obey(command, height, rows) => {}
            _ => return Flow::Unchanged,
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, shared: &Shared) {
        self.scroll.clamp(lines(shared).count(), rows(shared.size));
    }
}
