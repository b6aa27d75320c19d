//! One line of text that the learner types: a fault, a number, a word.

use tui_input::{Input, InputRequest};

use super::key::{Code, Key};
use super::keymap::Command;

/// The most characters that a line takes; nothing that is asked for needs as many.
const LONGEST: usize = 200;

/// A line with a cursor.
#[derive(Clone, Default, Debug)]
pub struct Line {
    input: Input,
}

impl Line {
    /// A line that holds `text`, with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()) }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether nothing was typed, or only spaces.
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// How many columns lie before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Takes a key that types or deletes. Control characters never come in.
    pub fn type_key(&mut self, key: Key) {
        let request = match (key.typed(), key.code) {
            (_, Code::Char('u')) if key.ctrl => InputRequest::DeleteLine,
            (_, Code::Char('w')) if key.ctrl => InputRequest::DeletePrevWord,
            (Some(c), _) if !c.is_control() && self.text().chars().count() < LONGEST => {
                InputRequest::InsertChar(c)
            }
            (_, Code::Backspace) if key.ctrl || key.alt => InputRequest::DeletePrevWord,
            (_, Code::Backspace) => InputRequest::DeletePrevChar,
            (_, Code::Delete) => InputRequest::DeleteNextChar,
            _ => return,
        };
        self.input.handle(request);
    }

    /// Takes pasted text, up to its first line break.
    pub fn paste(&mut self, text: &str) {
        for c in text.lines().next().unwrap_or_default().chars() {
            self.type_key(Key::char(c));
        }
    }

    /// Moves the cursor.
    pub fn go(&mut self, command: Command) {
        let request = match command {
            Command::Left => InputRequest::GoToPrevChar,
            Command::Right => InputRequest::GoToNextChar,
            Command::First => InputRequest::GoToStart,
            Command::Last => InputRequest::GoToEnd,
            _ => return,
        };
        self.input.handle(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_what_is_typed_where_the_cursor_is() {
        let mut line = Line::default();
        line.paste("hang\u{7} payments\nfor 10s");
        assert_eq!(line.text(), "hang payments");
        line.go(Command::First);
        line.type_key(Key::char('x'));
        line.type_key("delete".parse().unwrap());
        line.go(Command::Right);
        line.type_key("backspace".parse().unwrap());
        assert_eq!((line.text(), line.cursor()), ("xng payments", 1));
        line.type_key("ctrl-w".parse().unwrap());
        assert_eq!(line.text(), "ng payments");
        line.type_key("ctrl-u".parse().unwrap());
        assert_eq!(line.text(), "");
        line.paste(&"y".repeat(500));
        assert_eq!(line.text().len(), LONGEST);
    }
}
