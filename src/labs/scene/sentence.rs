//! Sentences: words that stand in the picture, such as the sum that explains it.

use super::words::{joined, rows, widest};
use super::{Part, Primitive, Tone};

/// Words, wrapped to the width; each line of the text stands alone.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sentence {
    /// What to say.
    pub text: String,
    /// How it stands.
    pub tone: Tone,
}

impl Sentence {
    /// Plain words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }
}

impl Primitive for Sentence {
    fn min_size(&self) -> (u16, u16) {
        (12, 1)
    }

    fn best_size(&self) -> (u16, u16) {
        (widest(self.text.lines()), rows(self.text.lines().count()).max(1))
    }

    fn one_line(&self) -> String {
        joined(self.text.lines(), " ")
    }

    fn speak(&self) -> Vec<String> {
        self.text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        Vec::new()
    }
}
