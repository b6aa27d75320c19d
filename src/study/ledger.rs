//! Right and wrong, and the misconceptions behind the wrong. Must not know what a question is.

/// Right and wrong.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// How often right.
    pub right: u32,
    /// How often wrong.
    pub wrong: u32,
}

impl Tally {
    /// One more.
    pub const fn count(&mut self, right: bool) {
        if right {
            self.right += 1;
        } else {
            self.wrong += 1;
        }
    }

    /// Both together.
    pub const fn all(self) -> u32 {
        self.right + self.wrong
    }

    /// Both of two.
    pub(super) const fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
    }
}

/// A misconception in the learner's ledger.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Belief {
    /// How often an answer showed it.
    pub held: u32,
    /// How often it tempted and was not fallen for.
    pub refuted: u32,
    last_held: bool,
}

/// How a misconception stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// The last time that it tempted, it won.
    Held,
    /// It was held once; since then it was seen through.
    Refuted,
    /// It never won.
    NeverHeld,
}

impl Belief {
    /// How it stands.
    pub const fn standing(self) -> Standing {
        match (self.held, self.last_held) {
            (0, _) => Standing::NeverHeld,
            (_, true) => Standing::Held,
            (_, false) => Standing::Refuted,
        }
    }

    /// It won.
    pub(super) const fn hold(&mut self) {
        self.held += 1;
        self.last_held = true;
    }

    /// It was seen through.
    pub(super) const fn refute(&mut self) {
        self.refuted += 1;
        self.last_held = false;
    }

    /// The same misconception as two chapters have it.
    pub(super) const fn add(&mut self, other: Self) {
        self.held += other.held;
        self.refuted += other.refuted;
        self.last_held |= other.last_held;
    }
}
