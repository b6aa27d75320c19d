//! What the palette offers: its kind, its name, a sentence of help, and what it does.

use crate::app::keymap::Command;
use crate::app::screen::Go;

/// Something that can be found by name.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it is found by.
    pub name: String,
    /// One sentence of help.
    pub meaning: String,
    /// What stands at its right: the key that does the same, or the value of a knob.
    pub right: String,
    /// What Tab puts into the line.
    pub completed: String,
    /// What Enter does.
    pub does: Does,
    /// Its name, its kind and its other names, folded: the search reads this.
    folded: String,
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The sentence that is typed.
    Now,
    /// A lesson.
    Lesson,
    /// A step of a lesson.
    Step,
    /// A quiz.
    Quiz,
    /// A lab.
    Lab,
    /// A preset of a lab.
    Preset,
    /// A fault of the lab at hand.
    Fault,
    /// A knob of the lab at hand.
    Knob,
    /// A branch of the run at hand.
    Branch,
    /// What a key does.
    Command,
}

impl Kind {
    /// Whether it is said to the lab in words.
    pub const fn is_said(self) -> bool {
        matches!(self, Self::Now | Self::Fault | Self::Knob)
    }

    /// Its word, as it stands before the name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Now => "do it",
            Self::Lesson => "lesson",
            Self::Step => "step",
            Self::Quiz => "quiz",
            Self::Lab => "lab",
            Self::Preset => "preset",
            Self::Fault => "break",
            Self::Knob => "knob",
            Self::Branch => "branch",
            Self::Command => "key",
        }
    }
}

/// What is done on Enter.
#[derive(Clone, Debug)]
pub enum Does {
    /// Goes there.
    Go(Go),
    /// Opens this lesson at the step that comes next.
    Read(String),
    /// Says this to the lab at hand.
    Say(String),
    /// Starts the lab at hand again with this preset.
    Preset(&'static str),
    /// Puts the cursor on the knob at this index.
    Knob(usize),
    /// Goes to this branch.
    Branch(usize),
    /// Does what a key does.
    Command(Command),
}

impl Entry {
    /// An entry without anything at its right, which Tab completes to its name.
    pub fn new(kind: Kind, name: impl Into<String>, meaning: impl Into<String>, does: Does) -> Self {
        let name = name.into();
        let folded = format!("{} {}", fold(&name), kind.word());
        Self {
            kind,
            completed: name.clone(),
            name,
            meaning: meaning.into(),
            right: String::new(),
            does,
            folded,
        }
    }

    /// The same, found by this too.
    #[must_use]
    pub fn called(mut self, other: &str) -> Self {
        self.folded.push(' ');
        self.folded.push_str(&fold(other));
        self
    }

    /// The same with this at its right.
    #[must_use]
    pub fn beside(self, right: impl Into<String>) -> Self {
        Self { right: right.into(), ..self }
    }

    /// The same, completed to this.
    #[must_use]
    pub fn completing(self, completed: impl Into<String>) -> Self {
        Self { completed: completed.into(), ..self }
    }

    /// Its name, its kind and its other names in lower case. The name comes first, as many characters as it has.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// The text in lower case, character for character, so that a place in one is a place in the other.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}
