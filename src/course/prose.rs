//! What lesson and question text is made of: blocks of styled runs. Knows no width, colour or terminal.
//!
//! No string in here holds a control, zero-width or direction character; the only exceptions are `'\n'` between the
//! lines of code and `'\n'` as a forced line break inside [`Inlines`].

use std::fmt;

use super::model::StepId;
use super::place::Place;
use super::setup::{Claim, Cure, Goal, LabBlock, Predict};

/// One block of a step, a prompt or a model answer.
///
/// The last five, the interactive ones, stand only at the top level of a lesson step.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// A heading inside a step: level 3 to 6.
    Heading {
        /// 3 for `###`, and so on.
        level: u8,
        /// Its text.
        text: Inlines,
    },
    /// A paragraph.
    Paragraph(Inlines),
    /// A bulleted or numbered list.
    List(List),
    /// A table with a head.
    Table(Table),
    /// A code sample.
    Code(Code),
    /// A quotation.
    Quote(Vec<Block>),
    /// A horizontal rule.
    Rule,
    /// The lab that this step shows.
    Lab(Box<LabBlock>),
    /// An executed claim; it proves the paragraph before it.
    Claim(Box<Claim>),
    /// A question that a run decides.
    Predict(Box<Predict>),
    /// A state to reach in the lab.
    Goal(Box<Goal>),
    /// What remedies buy and cost.
    Cure(Box<Cure>),
}

/// A list. An item is usually one paragraph, perhaps followed by an inner list.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct List {
    /// The number of the first item; `None` for bullets.
    pub start: Option<u64>,
    /// Whether blank lines stood between the items, so that they are drawn apart.
    pub loose: bool,
    /// The items, each a series of blocks.
    pub items: Vec<Vec<Block>>,
}

/// A table. Every row has as many cells as there are columns.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    /// How each column is aligned.
    pub columns: Vec<Align>,
    /// The head's cells.
    pub head: Vec<Inlines>,
    /// The rows' cells.
    pub rows: Vec<Vec<Inlines>>,
}

/// How a table's column is aligned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Align {
    /// To the left, also when the author did not say.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// To the right, for numbers.
    Right,
}

/// A code sample: its lines end in `'\n'`, tabs are expanded to four columns.
#[derive(Clone, PartialEq, Debug)]
pub struct Code {
    /// What it is written in.
    pub language: Language,
    /// The code.
    pub text: String,
    /// Where its body stands.
    pub place: Place,
}

/// The languages that code samples are written in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Language {
    /// Java.
    Java,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Rust.
    Rust,
    /// Go.
    Go,
    /// Python.
    Python,
    /// JavaScript.
    JavaScript,
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// A shell.
    Sh,
    /// C#.
    CSharp,
    /// Plain text, logs, output.
    Text,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 12] = [
        Self::Java,
        Self::Yaml,
        Self::Toml,
        Self::Rust,
        Self::Go,
        Self::Python,
        Self::JavaScript,
        Self::Json,
        Self::Xml,
        Self::Sh,
        Self::CSharp,
        Self::Text,
    ];

    /// The word after a fence: `java`, `csharp`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Java => "java",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Rust => "rust",
            Self::Go => "go",
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Sh => "sh",
            Self::CSharp => "csharp",
            Self::Text => "text",
        }
    }

    /// The language called `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.word() == word)
    }
}

/// A line of text in several styles, of any length.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inlines(pub Vec<Run>);

/// A stretch of text in one style.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// The text; a run that is just `"\n"` is a forced line break.
    pub text: String,
    /// How it is set.
    pub style: Style,
    /// Where it leads.
    pub link: Option<Link>,
}

/// How a run is set; the three combine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// `**so**`
    pub strong: bool,
    /// `*so*`
    pub emphasis: bool,
    /// `` `so` ``
    pub code: bool,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Link {
    /// A page on the web, `http://` or `https://`.
    Web(String),
    /// A step of a lesson, `[text](breaker.5)`.
    Step(StepId),
    /// A source of this lesson by its id, `[r4j](#r4j)`.
    Source(String),
}

impl Inlines {
    /// Unstyled text.
    pub fn from_plain(text: impl Into<String>) -> Self {
        Self(vec![Run { text: text.into(), ..Run::default() }])
    }

    /// The text without its styles.
    pub fn plain(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.text.is_empty())
    }

    /// The runs.
    pub fn runs(&self) -> std::slice::Iter<'_, Run> {
        self.0.iter()
    }
}

/// The text without its styles.
impl fmt::Display for Inlines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|run| f.write_str(&run.text))
    }
}
