//! The palette: everything that can be done or opened, found by typing a part of its name.
//!
//! It is built when it opens and only searched afterwards. Where a lab is at hand, what is typed may also be a fault in
//! words; that goes before everything that has a name. What is wrong with a sentence is told at the word, once that word is
//! typed to its end or Enter is pressed. Must not know the screens: `offers` asks them what there is.

mod branches;
mod doing;
mod entry;
mod offers;
mod search;
mod sentence;

pub use branches::{Branch, branches};
pub use entry::{Does, Entry, Kind};

use super::key::Key;
use super::keymap::Command;
use super::line::Line;
use super::player::Refused;
use search::{Fit, Found, search};
use sentence::{Reading, Tongue};

/// How many lines a page up or down moves.
const PAGE: usize = 8;

/// The open palette.
#[derive(Clone, Debug)]
pub struct Palette {
    line: Line,
    /// Everything that is offered, what is nearest to the screen first.
    entries: Vec<Entry>,
    /// What can be said to the lab at hand, if one is.
    tongue: Option<Tongue>,
    /// What is typed, as a fault that can be done.
    now: Option<Entry>,
    /// What fits what is typed, the likeliest first.
    found: Vec<Found>,
    /// The chosen row; none while what is typed is a sentence that cannot be done.
    cursor: Option<usize>,
    refused: Option<Refused>,
}

/// A row of the list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// What it offers.
    pub entry: &'a Entry,
    /// Which characters of its name were typed.
    pub marks: &'a [usize],
}

impl Palette {
    fn new(entries: Vec<Entry>, tongue: Option<Tongue>) -> Self {
        let line = Line::default();
        let mut palette =
            Self { line, entries, tongue, now: None, found: Vec::new(), cursor: None, refused: None };
        palette.look();
        palette
    }

    /// What was typed.
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// Why what is typed cannot be done.
    pub const fn refused(&self) -> Option<&Refused> {
        self.refused.as_ref()
    }

    /// Whether a fault can be said here.
    pub const fn takes_faults(&self) -> bool {
        self.tongue.is_some()
    }

    /// The number of the chosen row.
    pub const fn cursor(&self) -> Option<usize> {
        self.cursor
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.found.len() + usize::from(self.now.is_some())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of this number.
    pub fn row(&self, number: usize) -> Option<Row<'_>> {
        match (&self.now, number.checked_sub(usize::from(self.now.is_some()))) {
            (Some(now), None) => Some(Row { entry: now, marks: &[] }),
            (_, at) => {
                let found = self.found.get(at?)?;
                Some(Row { entry: self.entries.get(found.at)?, marks: &found.marks })
            }
        }
    }

    /// The chosen entry.
    pub fn chosen(&self) -> Option<&Entry> {
        self.row(self.cursor?).map(|row| row.entry)
    }

    /// Whether `command` would do anything now.
    pub fn allows(&self, command: Command) -> bool {
        match command {
            Command::Accept => self.cursor.is_some() || self.says().is_some(),
            Command::Complete | Command::Up | Command::Down | Command::PageUp | Command::PageDown => {
                !self.is_empty()
            }
            Command::Left | Command::Right | Command::First | Command::Last => true,
            _ => command == Command::Back,
        }
    }

    /// Takes a key into the line.
    pub fn type_key(&mut self, key: Key) {
        self.line.type_key(key);
        self.look();
    }

    /// Takes pasted text into the line.
    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.look();
    }

    /// Moves in the list or in the line; what is to be done now, on Enter.
    fn update(&mut self, command: Command) -> Option<Does> {
        let last = self.len().saturating_sub(1);
        let moved = |by: &dyn Fn(usize) -> usize| Some(self.cursor.map_or(0, by).min(last));
        match command {
            Command::Up => self.cursor = moved(&|at| at.saturating_sub(1)),
            Command::Down => self.cursor = moved(&|at| at + 1),
            Command::PageUp => self.cursor = moved(&|at| at.saturating_sub(PAGE)),
            Command::PageDown => self.cursor = moved(&|at| at + PAGE),
            Command::Complete => {
                if let Some(row) = self.row(self.cursor.unwrap_or(0)) {
                    self.line = Line::new(&row.entry.completed);
                    self.look();
                }
            }
            Command::Accept => {
                return self.chosen().map(|entry| entry.does.clone()).or_else(|| self.says());
            }
            command => self.line.go(command),
        }
        None
    }

    /// What is typed, to be said to the lab as it is: the lab knows best what is wrong with it.
    fn says(&self) -> Option<Does> {
        let typed = self.tongue.is_some() && !self.line.is_blank();
        typed.then(|| Does::Say(self.line.text().to_owned()))
    }

    /// Looks for what is typed. What was wrong with it may not be wrong any more.
    fn look(&mut self) {
        let text = self.line.text();
        self.found = search(text, &self.entries);
        (self.now, self.refused) = (None, None);
        self.cursor = (!self.found.is_empty()).then_some(0);
        match self.tongue.as_ref().map_or(Reading::Other, |tongue| tongue.read(text)) {
            Reading::Act(act, meaning) => {
                let (name, does) = (act.to_string(), Does::Say(text.to_owned()));
                let same = |it: &Found| self.entries.get(it.at).is_some_and(|entry| entry.name == name);
                self.found.retain(|it| !same(it));
                self.now = Some(Entry::new(Kind::Now, name, meaning, does).completing(text));
                self.cursor = Some(0);
            }
            // A name that begins like this may be what is being typed.
            Reading::Misread { misread, finished } if !self.found.iter().any(|it| it.fit == Fit::Begins) => {
                self.cursor = None;
                self.refused = finished.then_some(Refused::Misread(misread));
                if self.found.is_empty() {
                    let verb = text.split_whitespace().next().unwrap_or_default();
                    self.found = search(verb, &self.entries);
                }
                let entries = &self.entries;
                let sayable = |it: &Found| entries.get(it.at).is_some_and(|it| it.kind.is_said());
                self.found.retain(sayable);
            }
            Reading::Misread { .. } | Reading::Other => {}
        }
    }

    /// Tells why a sentence was not carried out.
    fn refuse(&mut self, refused: Refused) {
        self.refused = Some(refused);
    }
}
