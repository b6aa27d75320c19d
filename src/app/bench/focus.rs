//! Which part of the bench has the arrows, and the way from one to the next.

/// Which part of the bench has the arrows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// The knobs.
    Knobs,
    /// What happened.
    Log,
    /// The numbers.
    Readings,
    /// The timeline of the whole run.
    Timeline,
}

impl Focus {
    const ALL: [Self; 4] = [Self::Knobs, Self::Log, Self::Readings, Self::Timeline];

    /// The one after.
    pub(super) fn next(self) -> Self {
        self.turned(1)
    }

    /// The one before.
    pub(super) fn previous(self) -> Self {
        self.turned(Self::ALL.len() - 1)
    }

    fn turned(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|focus| *focus == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }
}
