//! How much of a chapter is done. What a chapter holds is an argument.

/// How much there is to do in a chapter: the ids of its parts.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Shape {
    /// Steps.
    pub steps: Vec<String>,
    /// Predictions.
    pub predictions: Vec<String>,
    /// Goals.
    pub goals: Vec<String>,
    /// Questions.
    pub questions: Vec<String>,
}

/// How much of a chapter is done.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Completion {
    /// Steps seen.
    pub steps: Part,
    /// Predictions made, right or wrong.
    pub predictions: Part,
    /// Goals reached.
    pub goals: Part,
    /// Questions whose last answer was right.
    pub questions: Part,
}

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Part {
    /// Done.
    pub done: usize,
    /// There are.
    pub of: usize,
}

impl Part {
    /// Those of these ids that are done.
    pub(super) fn of(ids: &[String], done: impl Fn(&str) -> bool) -> Self {
        Self { done: ids.iter().filter(|id| done(id)).count(), of: ids.len() }
    }

    /// Everything.
    pub const fn is_whole(self) -> bool {
        self.done == self.of
    }
}

impl Completion {
    /// Everything.
    pub fn is_whole(&self) -> bool {
        self.parts().into_iter().all(Part::is_whole)
    }

    /// In whole percent of all parts, rounded down, so that 100 means everything.
    pub fn percent(&self) -> usize {
        let (done, of) =
            self.parts().into_iter().fold((0, 0), |sum, part| (sum.0 + part.done, sum.1 + part.of));
        (done * 100).checked_div(of).unwrap_or(100)
    }

    const fn parts(&self) -> [Part; 4] {
        [self.steps, self.predictions, self.goals, self.questions]
    }
}
