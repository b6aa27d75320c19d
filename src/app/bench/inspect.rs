//! A part of the stage, opened: its fields as they stand now, and the faults that can be aimed at it.

use super::focus::moved;
use crate::app::keymap::Command;
use crate::app::player::Player;
use crate::labs::inspect::{self, Aimed};
use crate::labs::scene::Part;

/// An open part.
#[derive(Clone, Debug)]
pub struct Inspect {
    part: Part,
    gone: bool,
    /// The fault under the cursor.
    at: usize,
    /// How many lines of fields are scrolled away above.
    top: usize,
    /// What came of the last fault, as a sentence; `Err` if it was refused.
    said: Option<Result<String, String>>,
}

impl Inspect {
    /// Opens a part.
    pub const fn new(part: Part) -> Self {
        Self { part, gone: false, at: 0, top: 0, said: None }
    }

    /// The part with its fields, or as it was last.
    pub const fn part(&self) -> &Part {
        &self.part
    }

    /// Whether it has left the stage: answered, given up, healed.
    pub const fn is_gone(&self) -> bool {
        self.gone
    }

    /// The place of the fault under the cursor.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// How many lines of fields are scrolled away above.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// What came of the last fault.
    pub const fn said(&self) -> Option<&Result<String, String>> {
        self.said.as_ref()
    }

    /// The faults that can be aimed at it.
    pub fn faults(&self, player: &Player) -> Vec<Aimed> {
        inspect::faults(player.lab(), &self.part)
    }

    /// Looks at it anew.
    pub fn refresh(&mut self, player: &Player) {
        match player.lab().scene().part(&self.part.id) {
            Some(part) => (self.part, self.gone) = (part.clone(), false),
            None => self.gone = true,
        }
    }

    /// Moves the cursor among the faults, scrolls the fields, or does the fault under the cursor.
    pub fn update(&mut self, command: Command, player: &mut Player) {
        let faults = self.faults(player);
        match command {
            Command::Accept => {
                if let Some(aimed) = faults.get(self.at) {
                    let said = player.say(&aimed.sentence);
                    let done = format!("Done: {}.", aimed.sentence);
                    self.said = Some(said.map(|()| done).map_err(|refused| refused.to_string()));
                }
            }
            Command::PageUp | Command::PageDown => {
                self.top = moved(self.top, self.part.fields.len().saturating_sub(1), command);
            }
            command => {
                self.said = None;
                self.at = moved(self.at, faults.len().saturating_sub(1), command);
            }
        }
    }
}
