//! The help: first the keys that work here, then all of them by group.

use super::keymap::{Binding, Command, Group, TABLE};
use super::shared::Size;

/// The open help.
#[derive(Clone, Debug)]
pub struct Help {
    /// The lines that work on the screen below.
    pub here: Vec<&'static Binding>,
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
    /// Nothing.
    Gap,
}

impl Help {
    /// The help over a screen on which these keys work.
    pub const fn new(here: Vec<&'static Binding>) -> Self {
        Self { here, top: 0 }
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
        lines.extend(self.here.iter().copied().filter(&mut fresh).map(HelpLine::Key));
        for group in Group::ALL {
            let keys: Vec<_> = TABLE.iter().filter(|b| b.group == group).filter(&mut fresh).collect();
            if !keys.is_empty() {
                lines.extend([HelpLine::Gap, HelpLine::Title(group.title())]);
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
