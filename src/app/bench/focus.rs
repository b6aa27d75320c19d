//! Which part of the bench has the arrows, and where a cursor in a list goes.

use super::{Bench, Inspect, Open};
use crate::app::keymap::Command;
use crate::app::player::Way;

/// How many lines a page up or down moves.
const PAGE: usize = 8;

/// Which part of the bench has the arrows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// The knobs.
    Knobs,
    /// The parts on the stage.
    Stage,
    /// What happened.
    Log,
    /// The numbers.
    Readings,
    /// The timeline of the whole run.
    Timeline,
}

impl Focus {
    /// In the order of Tab.
    const ALL: [Self; 5] = [Self::Knobs, Self::Stage, Self::Log, Self::Readings, Self::Timeline];

    /// The one after it, or before it.
    pub(super) fn moved(self, command: Command) -> Self {
        let at = Self::ALL.iter().position(|focus| *focus == self).unwrap_or(0);
        let step = if command == Command::PreviousFocus { Self::ALL.len() - 1 } else { 1 };
        Self::ALL.get((at + step) % Self::ALL.len()).copied().unwrap_or(self)
    }
}

/// What the keys do to what has them.
impl Bench {
    /// With nothing over the stage.
    pub(super) fn move_focus(&mut self, command: Command) {
        match (self.focus, command) {
            (_, Command::NextFocus | Command::PreviousFocus) => self.focus = self.focus.moved(command),
            (_, Command::Search) => {
                self.log.ask();
                self.open = Open::Log;
            }
            (Focus::Stage, Command::Accept) => {
                let scene = self.player.lab().scene();
                if let Some(part) = self.cursor.part(&scene) {
                    self.open = Open::Part(Inspect::new(part.clone()));
                }
            }
            (Focus::Stage, command) => self.cursor.go(command, &self.player.lab().scene()),
            (Focus::Log, Command::Accept) => self.go_there(),
            (Focus::Log, Command::Cause) => {
                self.open = Open::Log;
                self.log.to_cause(&self.player);
            }
            (Focus::Log, command) => self.log.go(command),
            (Focus::Timeline, command) => self.scrub(command),
            (Focus::Knobs | Focus::Readings, command) => {
                let last = self.player.spec().readings.len().saturating_sub(1);
                self.reading = moved(self.reading, last, command);
            }
        }
    }

    /// Along the timeline: a sixtieth of the run, a tenth, or to its ends.
    fn scrub(&mut self, command: Command) {
        match command {
            Command::Left => self.player.scrub(Way::Back, 60),
            Command::Right => self.player.scrub(Way::Forward, 60),
            Command::PageUp => self.player.scrub(Way::Back, 10),
            Command::PageDown => self.player.scrub(Way::Forward, 10),
            Command::First => self.player.seek_end(Way::Back),
            Command::Last => self.player.seek_end(Way::Forward),
            _ => {}
        }
    }

    /// With the log over the stage.
    pub(super) fn in_log_view(&mut self, command: Command) {
        match command {
            Command::Back if self.log.is_typing() => self.log.widen(&self.player),
            Command::Back => {
                self.log.widen(&self.player);
                self.open = Open::Nothing;
            }
            Command::Accept if self.log.is_typing() => self.log.stop_asking(),
            Command::Accept => {
                (self.open, self.focus) = (Open::Nothing, Focus::Log);
                self.go_there();
            }
            Command::Search => self.log.ask(),
            Command::Cause => _ = self.log.to_cause(&self.player),
            Command::Every => self.log.toggle_every(&self.player),
            command => self.log.go(command),
        }
    }

    /// To the moment of the line under the cursor of the log.
    fn go_there(&mut self) {
        if let Some(fact) = self.log.chosen(&self.player) {
            self.log.hold();
            self.player.pause();
            self.player.seek(fact.at);
        }
    }

    /// Whether the line under the cursor of the log leads to another.
    pub(super) fn has_cause(&self) -> bool {
        let in_log = self.focus == Focus::Log || matches!(self.open, Open::Log);
        in_log && self.log.chosen(&self.player).is_some_and(|fact| fact.cause.is_some())
    }
}

/// Where a cursor in a list of `last + 1` lines goes.
pub(super) fn moved(at: usize, last: usize, command: Command) -> usize {
    match command {
        Command::Up => at.saturating_sub(1),
        Command::Down => at + 1,
        Command::PageUp => at.saturating_sub(PAGE),
        Command::PageDown => at + PAGE,
        Command::First => 0,
        Command::Last => last,
        _ => at,
    }
    .min(last)
}
