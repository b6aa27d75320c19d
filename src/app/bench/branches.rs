//! The list of branches: every future of the run that was kept.

use crate::app::key::Key;
use crate::app::keymap::{Command, LabCommand};
use crate::app::line::Line;
use crate::app::player::Player;

/// The list, with a cursor.
#[derive(Clone, Debug)]
pub struct List {
    at: usize,
    naming: Option<Line>,
    refused: Option<String>,
}

impl List {
    /// The list with the cursor on the current branch.
    pub fn new(player: &Player) -> Self {
        Self { at: player.branches().index(), naming: None, refused: None }
    }

    /// The place of the branch under the cursor.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The new name of the branch under the cursor, while it is typed.
    pub const fn naming(&self) -> Option<&Line> {
        self.naming.as_ref()
    }

    /// Why the name was not taken.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Whether `command` would do anything.
    pub fn allows(&self, command: Command, player: &Player) -> bool {
        use Command as C;
        let count = player.branches().all().len();
        let is_current = self.at == player.branches().index();
        match command {
            _ if self.naming.is_some() => {
                matches!(command, C::Accept | C::Left | C::Right | C::First | C::Last)
            }
            C::Accept | C::Rename => true,
            C::Up | C::Down | C::Delete => count > 1,
            C::Lab(LabCommand::Twin) => !is_current,
            _ => false,
        }
    }

    /// Does what was asked for; true if the list is to be closed.
    pub fn update(&mut self, command: Command, player: &mut Player) -> bool {
        if let Some(line) = &mut self.naming {
            match command {
                Command::Back => self.naming = None,
                Command::Accept => match player.rename(self.at, line.text()) {
                    Ok(()) => self.naming = None,
                    Err(sentence) => self.refused = Some(sentence),
                },
                command => line.go(command),
            }
            return false;
        }
        let last = player.branches().all().len().saturating_sub(1);
        match command {
            Command::Back => return true,
            Command::Up => self.at = self.at.saturating_sub(1),
            Command::Down => self.at = (self.at + 1).min(last),
            Command::Accept => {
                if self.at != player.branches().index() {
                    player.switch(self.at);
                }
                return true;
            }
            Command::Lab(LabCommand::Twin) => {
                player.show_beside(self.at);
                return true;
            }
            Command::Rename => {
                let name = player.branches().all().get(self.at).map(|branch| branch.name().to_owned());
                self.naming = name.map(|name| Line::new(&name));
            }
            Command::Delete => {
                player.delete(self.at);
                self.at = self.at.min(player.branches().all().len().saturating_sub(1));
            }
            _ => {}
        }
        false
    }

    /// Takes a key into the name.
    pub fn type_key(&mut self, key: Key) {
        self.refused = None;
        if let Some(line) = &mut self.naming {
            line.type_key(key);
        }
    }

    /// Takes pasted text into the name.
    pub fn paste(&mut self, text: &str) {
        if let Some(line) = &mut self.naming {
            line.paste(text);
        }
    }
}
