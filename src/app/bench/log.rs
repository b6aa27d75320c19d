//! The log: what happened, narrowed by words, with a cursor that follows causes.

use super::focus::moved;
use crate::app::key::Key;
use crate::app::keymap::Command;
use crate::app::line::Line as Typed;
use crate::app::player::Player;
use crate::labs::lab::Occurrence;
use crate::labs::search::{Line, Search, Words};

/// The log, in its own area or over the whole stage.
#[derive(Clone, Default, Debug)]
pub struct Log {
    typed: Typed,
    typing: bool,
    search: Search,
    /// The line under the cursor; none for the newest, whichever that is.
    cursor: Option<Line>,
}

impl Log {
    /// The words that it is narrowed by, as they are typed.
    pub const fn typed(&self) -> &Typed {
        &self.typed
    }

    /// Whether characters go into the words.
    pub const fn is_typing(&self) -> bool {
        self.typing
    }

    /// What was found.
    pub const fn search(&self) -> &Search {
        &self.search
    }

    /// The place of the line under the cursor among those that were found.
    pub fn at(&self) -> Option<usize> {
        let last = self.search.lines().len().checked_sub(1)?;
        Some(self.cursor.map_or(last, |line| self.search.place(line).min(last)))
    }

    /// What the line under the cursor says.
    pub fn chosen(&self, player: &Player) -> Option<Occurrence> {
        self.search.lines().get(self.at()?)?.told(player.lab())
    }

    /// Takes in what happened since.
    pub fn refresh(&mut self, player: &Player) {
        self.search.look(player.lab());
    }

    /// Looks at everything anew: the run may be another one.
    pub fn forget(&mut self, player: &Player) {
        self.search.forget();
        self.look_for(player, self.search.every());
    }

    /// Begins to take words.
    pub const fn ask(&mut self) {
        self.typing = true;
    }

    /// Takes no more words; those that were typed hold.
    pub const fn stop_asking(&mut self) {
        self.typing = false;
    }

    /// Shows every notable fact again.
    pub fn widen(&mut self, player: &Player) {
        self.typing = false;
        self.typed = Typed::default();
        self.look_for(player, false);
    }

    /// Takes a key into the words.
    pub fn type_key(&mut self, key: Key, player: &Player) {
        self.typed.type_key(key);
        self.look_for(player, self.search.every());
    }

    /// Takes pasted words.
    pub fn paste(&mut self, text: &str, player: &Player) {
        self.typed.paste(text);
        self.look_for(player, self.search.every());
    }

    /// Every fact, or only the notable ones.
    pub fn toggle_every(&mut self, player: &Player) {
        self.look_for(player, !self.search.every());
    }

    /// To the fact that led to the one under the cursor, which is shown whatever the words; false if none is known.
    pub fn to_cause(&mut self, player: &Player) -> bool {
        let Some(cause) = self.chosen(player).and_then(|fact| player.lab().fact(fact.cause?)) else {
            return false;
        };
        let line = Line::of_fact(cause.number);
        if self.search.lines().get(self.search.place(line)) != Some(&line) {
            self.typed = Typed::default();
            self.look_for(player, self.search.every() || !cause.told.notable);
        }
        self.cursor = Some(line);
        true
    }

    /// Moves the cursor, in the list or in the words.
    pub fn go(&mut self, command: Command) {
        if self.typing && matches!(command, Command::Left | Command::Right | Command::First | Command::Last) {
            return self.typed.go(command);
        }
        let Some(at) = self.at() else { return };
        let last = self.search.lines().len() - 1;
        let to = moved(at, last, command);
        // At the end the cursor goes along with what happens.
        self.cursor = self.search.lines().get(to).copied().filter(|_| to < last);
    }

    /// Keeps the cursor where it is, whatever happens next.
    pub fn hold(&mut self) {
        self.cursor = self.at().and_then(|at| self.search.lines().get(at).copied());
    }

    fn look_for(&mut self, player: &Player, every: bool) {
        self.search.look_for(Words::read(self.typed.text()), every, player.lab());
    }
}
