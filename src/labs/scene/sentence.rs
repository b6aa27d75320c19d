//! Sentences: words that stand in the picture, such as the sum that explains it.

use super::Tone;

/// Words, wrapped to the width; each line of the text stands alone.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Sentence {
    /// What to say.
    pub text: String,
    /// How it stands.
    pub tone: Tone,
}
