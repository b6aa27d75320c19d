//! The help: first the keys that work here, then all of them by group.

use super::keymap::{Binding, Command, Context, LabCommand, TABLE};
use super::shared::Size;

/// The open help.
#[derive(Clone, Debug)]
pub struct Help {
    /// The lines that work on the screen below.
    pub here: Vec<&'static Binding>,
    /// What the digits do there, as (label, sentence).
    pub digits: &'static [(&'static str, &'static str)],
    /// How many lines are scrolled away above.
    pub top: usize,
}

/// A line of the help.
#[derive(Clone, Copy, Debug)]
pub enum HelpLine {
    /// A heading.
    Title(&'static str),
    /// A key and its meaning.
    Key(&'static Binding),
    /// What a digit does to the lab: its label and its sentence.
    Digit(u8, &'static str, &'static str),
    /// Nothing.
    Gap,
}

/// Where else keys work, by the place that a learner knows.
const ELSEWHERE: &[(&str, &[Context])] = &[
    ("On the course map", &[Context::Home, Context::List]),
    (
        "In a lesson",
        &[Context::Lesson, Context::Text, Context::Halves, Context::Claim, Context::Aside, Context::Reader],
    ),
    ("With remedies compared", &[Context::Cure]),
    ("With a bet open", &[Context::OfFour, Context::Bet, Context::Weigh, Context::Watch]),
    ("With a goal open", &[Context::Goal, Context::Reached, Context::Zoomed]),
    ("Where a lab plays", &[Context::Lab]),
    (
        "With a lab on the whole screen",
        &[
            Context::Bench,
            Context::Stage,
            Context::Inspect,
            Context::Log,
            Context::LogView,
            Context::Search,
            Context::Readings,
            Context::Presets,
            Context::Twins,
            Context::Timeline,
            Context::Branches,
            Context::Name,
            Context::Share,
        ],
    ),
    (
        "In a quiz, before you answer",
        &[
            Context::Question,
            Context::Single,
            Context::Several,
            Context::Order,
            Context::Typed,
            Context::Code,
            Context::Match,
        ],
    ),
    ("In a quiz, after you answered", &[Context::Verdict, Context::Result]),
    ("Everywhere", &[Context::Everywhere, Context::Always, Context::Help, Context::Confirm]),
    ("In the palette", &[Context::Palette]),
];

/// Keys that move about: told once a place, whatever they move there.
const MOVES: &[&str] = &["j/k", "h/l", "PgDn/PgUp", "Home/End"];

impl Help {
    /// The help over a screen on which these keys work, and the digits do this.
    pub const fn new(here: Vec<&'static Binding>, digits: &'static [(&'static str, &'static str)]) -> Self {
        Self { here, digits, top: 0 }
    }

    /// Every line, in order.
    pub fn lines(&self) -> Vec<HelpLine> {
        let mut lines = vec![HelpLine::Title("Here")];
        let mut told: Vec<(&str, &str)> = Vec::new();
        // What is told once, under whatever screen, is not told again.
        let mut fresh = |binding: &&'static Binding| {
            let new = (binding.label, binding.meaning);
            let is_new = !binding.label.is_empty() && !told.contains(&new);
            if is_new {
                told.push(new);
            }
            is_new
        };
        for binding in self.here.iter().copied().filter(&mut fresh) {
            lines.push(HelpLine::Key(binding));
            if matches!(binding.command, Command::Lab(LabCommand::Break(_))) {
                let digits = self.digits.iter().zip(1..=9);
                lines
                    .extend(digits.map(|((label, sentence), digit)| HelpLine::Digit(digit, label, sentence)));
            }
        }
        for (title, contexts) in ELSEWHERE {
            let mut moves: Vec<&str> = Vec::new();
            let keys: Vec<_> = contexts
                .iter()
                .flat_map(|context| TABLE.iter().filter(move |binding| binding.context == *context))
                .filter(&mut fresh)
                .filter(|binding| {
                    let again = moves.contains(&binding.label);
                    moves.push(binding.label);
                    !(again && MOVES.contains(&binding.label))
                })
                .collect();
            if !keys.is_empty() {
                lines.extend([HelpLine::Gap, HelpLine::Title(title)]);
                lines.extend(keys.into_iter().map(HelpLine::Key));
            }
        }
        lines
    }

    /// How many lines fit on a terminal of this size: all but the frame.
    pub const fn rows(size: Size) -> usize {
        (size.height as usize).saturating_sub(4)
    }

    /// Scrolls.
    pub fn update(&mut self, command: Command, size: Size) {
        let rows = Self::rows(size).max(1);
        let most = self.lines().len().saturating_sub(rows);
        self.top = match command {
            Command::Down => self.top + 1,
            Command::Up => self.top.saturating_sub(1),
            Command::PageDown => self.top + rows,
            Command::PageUp => self.top.saturating_sub(rows),
            _ => self.top,
        }
        .min(most);
    }
}
