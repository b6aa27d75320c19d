//! The line in which a fault is said in words.

use crate::app::key::Key;
use crate::app::line::Line;
use crate::app::player::{Player, Refused};

/// A fault being typed.
#[derive(Clone, Default, Debug)]
pub struct Prompt {
    /// What was typed.
    pub line: Line,
    /// Why the sentence was not carried out.
    pub refused: Option<Refused>,
}

impl Prompt {
    /// Takes a key into the line. What was wrong with it may not be wrong any more.
    pub fn type_key(&mut self, key: Key) {
        self.line.type_key(key);
        self.refused = None;
    }

    /// Says the sentence to the lab; true if it was carried out.
    pub fn say_to(&mut self, player: &mut Player) -> bool {
        self.refused = player.say(self.line.text()).err();
        self.refused.is_none()
    }
}
