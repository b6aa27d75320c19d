//! Keys and mouse as the app names them: `ctrl-c`, `enter`, `shift-tab`, `pgup`.
//!
//! The same names stand in key tables, help, tests and the README. Must not know the terminal library: `shell` translates.

use std::fmt;
use std::str::FromStr;

/// A key with its modifiers, in one spelling only: `shift` is never set beside a character, which is already upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With Control.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift, for keys that are not characters.
    pub shift: bool,
}

/// Which key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Code {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// The keys that have a name; the rest are characters and function keys.
const NAMES: [(&str, Code); 16] = [
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("minus", Code::Char('-')),
];

impl Key {
    /// The key alone.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character alone.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// The key with these modifiers, in its one spelling: terminals differ in whether they report Shift beside `A`, and
    /// whether Ctrl-C comes as `c` or `C`.
    #[must_use]
    pub const fn with(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char(c) if ctrl => {
                Self { code: Code::Char(c.to_ascii_lowercase()), ctrl, alt, shift: false }
            }
            Code::Char(c) if shift => {
                Self { code: Code::Char(c.to_ascii_uppercase()), ctrl, alt, shift: false }
            }
            _ => Self { code, ctrl, alt, shift },
        }
    }

    /// Whether it changes a line that is typed into.
    pub fn edits(self) -> bool {
        let clears = self.ctrl && matches!(self.code, Code::Char('u' | 'w'));
        clears || self.typed().is_some() || matches!(self.code, Code::Backspace | Code::Delete)
    }

    /// The character, if this key types one.
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

/// A name that is no key.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is no key: write `a`, `space`, `ctrl-c`, `shift-tab`, `pgup`, `f1` …")]
pub struct NoSuchKey(String);

impl FromStr for Key {
    type Err = NoSuchKey;

    fn from_str(text: &str) -> Result<Self, NoSuchKey> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text;
        let code = loop {
            // A single character is itself, even `-`.
            let mut chars = rest.chars();
            if let (Some(c), None) = (chars.next(), chars.next()) {
                break Code::Char(c);
            }
            if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == rest) {
                break *code;
            }
            if let Some(n) =
                rest.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=24).contains(n))
            {
                break Code::F(n);
            }
            let Some((modifier, after)) = rest.split_once('-') else {
                return Err(NoSuchKey(text.to_owned()));
            };
            match modifier {
                "ctrl" => ctrl = true,
                "alt" => alt = true,
                "shift" => shift = true,
                _ => return Err(NoSuchKey(text.to_owned())),
            }
            rest = after;
        };
        Ok(Self::with(code, ctrl, alt, shift))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if on {
                f.write_str(name)?;
            }
        }
        // A lone `-` reads well; `ctrl--` does not.
        let bare = !(self.ctrl || self.alt || self.shift);
        match self.code {
            Code::F(n) => write!(f, "f{n}"),
            Code::Char('-') if bare => f.write_str("-"),
            code => match (NAMES.iter().find(|(_, named)| *named == code), code) {
                (Some((name, _)), _) => f.write_str(name),
                (None, Code::Char(c)) => write!(f, "{c}"),
                (None, _) => Ok(()),
            },
        }
    }
}

/// The mouse did something in this cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mouse {
    /// Column, the leftmost being 0.
    pub column: u16,
    /// Row, the topmost being 0.
    pub row: u16,
    /// What it did.
    pub action: MouseAction,
}

/// What the mouse did. Other buttons and mere movement are not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MouseAction {
    /// The left button went down.
    Press,
    /// The mouse moved with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel turned up.
    ScrollUp,
    /// The wheel turned down.
    ScrollDown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_key_are_one() {
        for name in [
            "a",
            "A",
            "-",
            "?",
            "é",
            "space",
            "enter",
            "esc",
            "tab",
            "shift-tab",
            "ctrl-c",
            "alt-x",
            "ctrl-alt-x",
            "pgup",
            "pgdn",
            "f1",
            "f12",
            "ctrl-minus",
            "shift-up",
            "backspace",
            "f",
        ] {
            let key: Key = name.parse().unwrap();
            assert_eq!(key.to_string(), name, "{key:?}");
        }
    }

    #[test]
    fn what_terminals_report_differently_is_one_key() {
        let c = "ctrl-c".parse();
        assert_eq!(Ok(Key::with(Code::Char('C'), true, false, true)), c);
        assert_eq!("ctrl-C".parse(), c);
        assert_eq!(Key::with(Code::Char('a'), false, false, true), Key::char('A'));
        assert_eq!("shift-a".parse(), Ok(Key::char('A')));
    }

    #[test]
    fn what_is_no_key_is_named() {
        for name in ["", "hyper-x", "enterr", "f99", "ctrl-", "ctrl-foo"] {
            let error = name.parse::<Key>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` is no key")), "{error}");
        }
    }

    #[test]
    fn only_bare_characters_type() {
        assert_eq!(Key::char('x').typed(), Some('x'));
        assert_eq!("ctrl-x".parse::<Key>().unwrap().typed(), None);
        assert_eq!("enter".parse::<Key>().unwrap().typed(), None);
    }
}
