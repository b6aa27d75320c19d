//! The run as a line of text, to be copied through the terminal or saved in a file.

use crate::app::Effect;
use crate::app::key::Key;
use crate::app::keymap::{Command, Context};
use crate::app::line::Line;
use crate::app::screen::Cx;
use crate::labs::lab::Lab;
use crate::labs::recording::Recording;

/// Lines that a page up or down moves.
const PAGE: usize = 8;

/// A run being shared.
#[derive(Clone, Debug)]
pub struct Share {
    recording: Recording,
    line: String,
    top: usize,
    naming: Option<Naming>,
}

/// The name of the file being typed.
#[derive(Clone, Debug)]
pub struct Naming {
    /// What was typed.
    pub line: Line,
    /// Why nothing was saved under that name.
    pub refused: Option<String>,
}

/// Whether it stays open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stays {
    Open,
    Closes,
}

impl Share {
    /// The run of this lab as it stands.
    pub(super) fn of(lab: &dyn Lab) -> Self {
        let recording = Recording::of(lab);
        let line = recording.line();
        Self { recording, line, top: 0, naming: None }
    }

    /// The run as one line.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// How many rows of it are scrolled away above.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// The name of the file, while it is typed.
    pub const fn naming(&self) -> Option<&Naming> {
        self.naming.as_ref()
    }

    pub(super) fn contexts(&self) -> Vec<Context> {
        if self.types() { vec![Context::Name] } else { vec![Context::Share, Context::Everywhere] }
    }

    pub(super) fn allows(&self, command: Command) -> bool {
        use Command as C;
        if self.types() {
            return matches!(command, C::Accept | C::Left | C::Right | C::First | C::Last);
        }
        matches!(command, C::Accept | C::Save | C::Up | C::Down | C::PageUp | C::PageDown)
    }

    pub(super) fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Stays {
        match (&mut self.naming, command) {
            (None, Command::Back) => return Stays::Closes,
            (naming @ Some(_), Command::Back) => *naming = None,
            (Some(naming), Command::Accept) => match (naming.line.is_blank(), self.recording.unreadable()) {
                (true, _) => self.naming = None,
                (false, Some(sentence)) => naming.refused = Some(sentence),
                (false, None) => {
                    let path = naming.line.text().trim().to_owned();
                    cx.effects.push(Effect::Save { path, text: self.recording.file(None, &[]) });
                }
            },
            (Some(naming), command) => naming.line.go(command),
            (None, Command::Save) => {
                self.naming = Some(Naming { line: Line::new(&self.recording.file_name()), refused: None });
            }
            (None, Command::Accept) => {
                cx.effects.push(Effect::Copy(self.line.clone()));
                cx.say("Sent to the terminal. If nothing can be pasted, select it with the mouse.");
            }
            (None, command) => self.scroll(command, cx.shared.size.width),
        }
        Stays::Open
    }

    fn scroll(&mut self, command: Command, width: u16) {
        // About as many rows as there are; the view knows exactly.
        let last = self.line.len() / usize::from(width.max(20));
        self.top = match command {
            Command::Up => self.top.saturating_sub(1),
            Command::Down => self.top + 1,
            Command::PageUp => self.top.saturating_sub(PAGE),
            Command::PageDown => self.top + PAGE,
            _ => self.top,
        }
        .min(last);
    }

    /// Whether the name of a file is being typed.
    pub(super) const fn types(&self) -> bool {
        self.naming.is_some()
    }

    /// What was wrong with a name may not be wrong any more.
    pub(super) fn type_key(&mut self, key: Key) {
        if let Some(naming) = &mut self.naming {
            naming.line.type_key(key);
            naming.refused = None;
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(naming) = &mut self.naming {
            naming.line.paste(text);
            naming.refused = None;
        }
    }

    /// The file was written, or stays to be named otherwise.
    pub(super) fn written(&mut self, outcome: &Result<String, String>, cx: &mut Cx<'_>) {
        if let (Err(sentence), Some(naming)) = (outcome, &mut self.naming) {
            naming.refused = Some(sentence.clone());
        } else {
            self.naming = None;
            tell(outcome, cx);
        }
    }
}

/// Tells in the last line what became of a file.
pub(super) fn tell(outcome: &Result<String, String>, cx: &mut Cx<'_>) {
    match outcome {
        Ok(sentence) => cx.say(sentence.as_str()),
        Err(sentence) => cx.refuse(sentence.as_str()),
    }
}
