//! The course map.

use super::Flow;
use super::keymap::{Command, Context};
use super::screen::Cx;
use super::shared::Shared;

/// The course map.
#[derive(Debug, Default)]
pub struct Home {
    /// The line that the cursor is on.
    pub cursor: usize,
}

impl Home {
    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        vec![Context::Home, Context::List, Context::Everywhere]
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, _shared: &Shared) -> bool {
        matches!(command, Command::Up | Command::Down | Command::Accept)
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, _cx: &mut Cx<'_>) -> Flow {
        match command {
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor += 1,
            _ => {}
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::confirmed`].
    pub fn confirmed(&mut self, _command: Command, _cx: &mut Cx<'_>) -> Flow {
        Flow::Redraw
    }

    /// See [`super::screen::Screen::shown`].
    pub fn shown(&mut self, _cx: &mut Cx<'_>) {}

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, _shared: &Shared) {}
}
