//! Two branches side by side, and the branches themselves: fork, switch, rename, delete.
//!
//! The clock moves both, what is done is done to the current one. Called A and B on screens, from left to right.

use super::Player;
use crate::engine::time::Time;
use crate::labs::branch::Branch;
use crate::labs::remarks;
use crate::labs::twin::{Compared, Divergence, Twin, compare};

/// The branch that is shown next to the current one.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Its id.
    id: u32,
    /// Whether it stands to the left of the current one.
    is_left: bool,
    twin: Twin,
}

/// Which of two branches that stand side by side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The left one.
    A,
    /// The right one.
    B,
}

impl Side {
    /// Its letter.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// Branches.
impl Player {
    /// Forks here: what comes of the run as it stands is kept, and a copy of it goes on.
    pub fn fork(&mut self) {
        match self.branches.fork("fork") {
            Ok(forked) => {
                self.compare_anew();
                self.done(remarks::forked(&forked));
            }
            Err(sentence) => self.refuse(sentence),
        }
    }

    /// Goes on in the branch at `index`, at the same instant.
    pub fn switch(&mut self, index: usize) {
        if self.beside_index() == Some(index) {
            return self.swap();
        }
        let now = self.lab().now();
        self.branches.switch(index);
        self.compare_anew();
        self.head_for(now);
        self.done(remarks::switched(self.branches.current().name()));
    }

    /// Names the branch at `index`; the error is a sentence.
    pub fn rename(&mut self, index: usize, name: &str) -> Result<(), String> {
        self.branches.rename(index, name)
    }

    /// Forgets the branch at `index`.
    pub fn delete(&mut self, index: usize) {
        let now = self.lab().now();
        match self.branches.delete(index) {
            Ok(name) => {
                let gone = self.beside.as_ref().is_some_and(|beside| self.is_gone(beside.id));
                if gone {
                    self.beside = None;
                }
                self.compare_anew();
                self.head_for(now);
                self.done(remarks::gone(&name));
            }
            Err(sentence) => self.refuse(sentence),
        }
    }

    /// Whether there is no branch of this id, or it is the current one.
    fn is_gone(&self, id: u32) -> bool {
        self.branches.place(id).is_none_or(|index| index == self.branches.index())
    }
}

/// Twins.
impl Player {
    /// Shows a copy of this run next to it, or only the current one again. The copy is current: change something in it.
    pub fn twin(&mut self) {
        if self.beside.take().is_some() {
            return self.done(remarks::SINGLE.to_owned());
        }
        let here = self.branches.index();
        match self.branches.fork("twin") {
            Ok(forked) => {
                // Making room may have moved the places, never the ids.
                let left = self.branches.parent(self.branches.index()).unwrap_or(here);
                self.show_beside(left);
                self.done(remarks::twins(&forked));
            }
            Err(sentence) => self.refuse(sentence),
        }
    }

    /// Shows the branch at `index` next to the current one, at the same instant.
    pub fn show_beside(&mut self, index: usize) {
        let Some(id) = self.branches.all().get(index).map(Branch::id).filter(|id| !self.is_gone(*id)) else {
            return self.refuse(remarks::NOT_BESIDE_ITSELF.to_owned());
        };
        self.beside = Some(Beside { id, is_left: true, twin: Twin::default() });
        self.head_for(self.lab().now());
    }

    /// Makes the other one of two branches that stand side by side current.
    pub fn swap(&mut self) {
        let Some(index) = self.beside_index() else {
            return self.refuse("There is one run only: t makes a twin of it.".to_owned());
        };
        let left = self.branches.current().id();
        self.branches.switch(index);
        if let Some(beside) = &mut self.beside {
            beside.id = left;
            beside.is_left = !beside.is_left;
        }
        self.compare_anew();
    }

    /// The branch that is shown next to the current one.
    pub fn beside(&self) -> Option<&Branch> {
        self.branches.all().get(self.beside_index()?)
    }

    /// Which side the current branch is on, if another one is shown next to it.
    pub fn side(&self) -> Option<Side> {
        self.beside.as_ref().map(|beside| if beside.is_left { Side::B } else { Side::A })
    }

    /// The branches that stand side by side, from left to right.
    pub fn sides(&self) -> Option<(&Branch, &Branch)> {
        let (current, other) = (self.branches.current(), self.beside()?);
        Some(if self.side() == Some(Side::A) { (current, other) } else { (other, current) })
    }

    /// Where the two first part, and where they first part in something worth a mark.
    pub fn divergence(&self) -> (Option<&Divergence>, Option<&Divergence>) {
        self.beside.as_ref().map_or((None, None), |beside| (beside.twin.first(), beside.twin.first_notable()))
    }

    /// Goes to where the two part in something worth a mark, or else to where they part at all.
    pub fn jump_to_divergence(&mut self) {
        let (first, notable) = self.divergence();
        let Some(at) = notable.or(first).map(|found| found.at) else {
            return self.refuse(match self.beside {
                Some(_) => remarks::same_up_to(self.lab().now()),
                None => "There is one run only: t makes a twin of it.".to_owned(),
            });
        };
        self.pause();
        self.head_for(at);
    }

    /// Every reading of A and B, where a branch is shown next to the current one.
    pub fn compared(&self) -> Vec<Compared> {
        self.sides().map(|(a, b)| compare(a.lab(), b.lab())).unwrap_or_default()
    }

    fn beside_index(&self) -> Option<usize> {
        self.branches.place(self.beside.as_ref()?.id)
    }

    /// Whether the other branch has not yet come to where the current one is.
    pub(super) fn beside_lags(&self) -> bool {
        self.beside().is_some_and(|other| other.lab().now() < self.lab().now())
    }

    /// Lets the other branch come to where the current one is; returns how many events happened in it.
    pub(super) fn beside_catches_up(&mut self, allowed: u64) -> u64 {
        let now = self.lab().now();
        let Some(other) = self.beside_index().and_then(|index| self.branches.get_mut(index)) else {
            return 0;
        };
        other.lab_mut().rewind(now);
        let events = other.lab_mut().advance(now, allowed);
        other.look();
        self.compare();
        events
    }

    fn compare(&mut self) {
        let Some(mut beside) = self.beside.take() else { return };
        if let Some((a, b)) = self.branches.place(beside.id).map(|index| {
            let (current, other) = (self.branches.current().lab(), self.branches.all()[index].lab());
            if beside.is_left { (other, current) } else { (current, other) }
        }) {
            beside.twin.compare(a, b);
        }
        self.beside = Some(beside);
    }

    /// One of the runs is another one from here on: what was found of them may no longer hold.
    pub(super) fn compare_anew(&mut self) {
        self.edition += 1;
        if let Some(beside) = &mut self.beside {
            beside.twin = Twin::default();
        }
        self.compare();
    }

    /// Starts the other branch again with its own knobs and this seed, so that the twins stay twins.
    pub(super) fn begin_beside(&mut self, seed: u64) {
        let Some(index) = self.beside_index() else { return self.compare_anew() };
        let setup = self.branches.all()[index].setup().with_seed(seed);
        self.branches.begin(index, setup.open());
        self.compare_anew();
    }

    /// Whether both runs, or the only one, stand at `to` or beyond.
    pub(super) fn are_at(&self, to: Time) -> bool {
        self.lab().now() >= to && !self.beside_lags()
    }
}
