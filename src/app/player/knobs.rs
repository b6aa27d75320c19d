//! The player's hand on the knobs.

use super::{Player, Way};
use crate::labs::fault::Act;
use crate::labs::knob::{Effect, Knob, Value};
use crate::labs::remarks;

impl Player {
    /// The knob under the cursor, by its index.
    pub const fn chosen(&self) -> usize {
        self.chosen
    }

    /// The knob under the cursor and where it stands.
    pub fn knob(&self) -> Option<(&'static Knob, Value)> {
        self.spec().knobs.get(self.chosen).zip(self.lab().knobs().value(self.chosen))
    }

    /// Whether the knob at `index` may not be turned.
    pub fn is_locked(&self, index: usize) -> bool {
        self.locked.contains(&index)
    }

    /// Whether the knob at `index` stands elsewhere than the scenario set it.
    pub fn is_changed(&self, index: usize) -> bool {
        self.lab().knobs().value(index) != self.origin.knobs.value(index)
    }

    /// Forbids turning the knobs of these names.
    pub fn lock<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let knobs = self.spec().knobs;
        let index = |name| knobs.iter().position(|knob| knob.name == name);
        self.locked = names.into_iter().filter_map(index).collect();
    }

    /// Puts the cursor on the next or the previous knob.
    pub fn choose(&mut self, way: Way) {
        self.choose_at(match way {
            Way::Back => self.chosen.saturating_sub(1),
            Way::Forward => self.chosen + 1,
        });
    }

    /// Puts the cursor on the knob at `index`, or on the last one.
    pub fn choose_at(&mut self, index: usize) {
        self.chosen = index.min(self.spec().knobs.len().saturating_sub(1));
        self.remark = None;
    }

    /// Turns the chosen knob to its next value, up or down.
    pub fn turn(&mut self, way: Way) {
        if let Some((knob, value)) = self.knob() {
            self.set(knob.turned(value, way == Way::Forward));
        }
    }

    /// Puts the chosen knob back to where the scenario has it.
    pub fn reset_knob(&mut self) {
        if let Some(value) = self.origin.knobs.value(self.chosen) {
            self.set(value);
        }
    }

    /// Sets the chosen knob. A knob that cannot change in a running world starts the run anew.
    fn set(&mut self, value: Value) {
        let Some((knob, before)) = self.knob() else { return };
        self.remark = None;
        if value == before {
            return;
        }
        if self.is_locked(self.chosen) {
            return self.refuse(format!("{} is fixed here.", knob.name));
        }
        match knob.effect {
            Effect::Live => {
                if let Err(sentence) = self.act(Act::Set(self.chosen, knob.name, value)) {
                    self.refuse(sentence);
                }
            }
            Effect::Restart => {
                let mut setup = self.setup();
                setup.knobs.put(self.chosen, value);
                self.begin(&setup);
                self.done(remarks::new_run(knob, value));
            }
        }
    }
}
