//! What all screens share: the course, the learner, the size of the terminal, and the sentence of the moment.

use super::passage::{Measure, Passage};
use crate::course::Course;
use crate::labs::seen::Seen;
use crate::study::progress::Progress;

/// The size of the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Which colours there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Colours {
    /// None: state is told by letters, words and weight alone, as it always is.
    None,
    /// The terminal's own sixteen.
    #[default]
    Sixteen,
    /// True colours for a dark ground.
    Dark,
    /// True colours for a light ground.
    Light,
}

/// Which characters there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Glyphs {
    /// Boxes and blocks.
    #[default]
    Unicode,
    /// Nothing beyond ASCII.
    Ascii,
}

/// What the terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Look {
    /// Which colours.
    pub colours: Colours,
    /// Which characters.
    pub glyphs: Glyphs,
}

/// A sentence in the last line, until the next key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// What kind it is.
    pub kind: NoticeKind,
}

/// Kinds of notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// Something worth knowing.
    Plain,
    /// Something went wrong or cannot be done.
    Error,
}

impl Notice {
    /// Something worth knowing.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: NoticeKind::Plain }
    }

    /// Something went wrong or cannot be done.
    pub fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: NoticeKind::Error }
    }
}

/// What all screens share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Everything there is to learn.
    pub course: Course,
    /// What was left out of the course and why, each as the text that a terminal shows.
    pub problems: Vec<String>,
    /// What the learner has done so far.
    pub progress: Progress,
    /// How far the runs of this session were watched.
    pub seen: Seen,
    /// Something about the journal that stays true: read-only, no home.
    pub warning: Option<String>,
    /// The terminal's size.
    pub size: Size,
    /// What the terminal can show.
    pub look: Look,
    /// The sentence of the moment.
    pub notice: Option<Notice>,
    /// How high a text is; the view knows.
    pub measure: Measure,
    /// Decides what is left to chance, such as the questions of a quiz; the shell sets it anew at each start.
    pub luck: u64,
}

impl Shared {
    /// The next number that chance gives.
    pub fn draw(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea and Flood 2014): every draw differs from the last, whatever the start.
        self.luck = self.luck.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.luck ^ (self.luck >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            course: Course::default(),
            problems: Vec::new(),
            progress: Progress::default(),
            seen: Seen::default(),
            warning: None,
            size: Size::default(),
            look: Look::default(),
            notice: None,
            measure: unmeasured,
            luck: 0,
        }
    }
}

/// Without a view nothing has a height, so nothing scrolls.
const fn unmeasured(_: &[Passage], _: u16) -> usize {
    0
}
