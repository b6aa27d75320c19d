//! Opening the palette over a screen, and doing there what was chosen.

use super::Palette;
use super::entry::Does;
use super::offers::{self, Around};
use super::sentence::Tongue;
use crate::app::home;
use crate::app::keymap::Command;
use crate::app::screen::Go;
use crate::app::{App, Effect, Flow, Overlay};

impl App {
    /// Opens the palette over the screen on top, in place of another overlay.
    pub(in crate::app) fn open_palette(&mut self, effects: &mut Vec<Effect>) {
        self.overlay = None;
        if let Some(screen) = self.stack.last_mut() {
            screen.cover(&self.shared, effects);
        }
        let keys = self.working_keys();
        let Some(screen) = self.stack.last() else { return };
        let around = Around { screen, shared: &self.shared, keys: &keys };
        let palette = Palette::new(offers::all(around), around.player().map(Tongue::of));
        self.overlay = Some(Overlay::Palette(Box::new(palette)));
    }

    /// A key of the palette.
    pub(in crate::app) fn in_palette(&mut self, command: Command, effects: &mut Vec<Effect>) -> Flow {
        let Some(Overlay::Palette(palette)) = &mut self.overlay else { return Flow::Unchanged };
        if command == Command::Back {
            self.overlay = None;
        } else if let Some(does) = palette.update(command) {
            return self.carry_out(does, effects);
        }
        Flow::Redraw
    }

    /// Closes the palette and does it. A sentence that is refused keeps the palette open, to be mended.
    fn carry_out(&mut self, does: Does, effects: &mut Vec<Effect>) -> Flow {
        if let (Does::Say(sentence), Some(screen)) = (&does, self.stack.last_mut())
            && let Some(Err(refused)) = screen.with_player(|player| player.say(sentence))
        {
            if let Some(Overlay::Palette(palette)) = &mut self.overlay {
                palette.refuse(refused);
            }
            return Flow::Redraw;
        }
        self.overlay = None;
        match does {
            Does::Say(_) => {}
            Does::Go(go) => self.leave_for(go, effects),
            Does::Read(lesson) => {
                if let Some(id) = home::step_to_read(&lesson, &self.shared) {
                    self.leave_for(Go::Step(id), effects);
                }
            }
            Does::Command(command) => return self.command(command, effects),
            Does::Preset(name) => self.with_player(|player| player.use_preset(name)),
            Does::Branch(number) => self.with_player(|player| player.switch(number)),
            Does::Knob(index) => {
                if let Some(screen) = self.stack.last_mut() {
                    screen.choose_knob(index);
                }
            }
        }
        Flow::Redraw
    }

    fn with_player(&mut self, act: impl FnOnce(&mut crate::app::player::Player)) {
        if let Some(screen) = self.stack.last_mut() {
            screen.with_player(act);
        }
    }
}
