//! Where the learner is, as the journal keeps it.

use super::screen::Screen;
use super::{App, Effect};
use crate::study::record::{Kind, Place};

impl App {
    /// Writes down where the learner is, if that is elsewhere than was written last. How far a text is scrolled is worth a
    /// record only when it is left.
    pub(super) fn keep_place(&mut self, keep: Keep, effects: &mut Vec<Effect>) {
        let Some(place) = self.screen().and_then(Screen::place) else { return };
        let last = self.place.as_ref().or_else(|| self.shared.progress.place());
        let same = last.is_some_and(|last| match keep {
            Keep::Row => *last == place,
            Keep::Step => Place { row: 0, ..last.clone() } == Place { row: 0, ..place.clone() },
        });
        if !same {
            effects.push(Effect::Record(Kind::Place(place.clone())));
            self.place = Some(place);
        }
    }
}

/// How exactly a place is compared with the one written last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    /// By screen and step.
    Step,
    /// And by the row of the text.
    Row,
}
