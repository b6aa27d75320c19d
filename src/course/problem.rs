//! What is wrong in a course's text, shown with the line itself and what to do about it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::place::Place;
use super::text::Texts;

/// Something wrong at one place of a course.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Whether something had to be left out.
    pub severity: Severity,
    /// The file, inside the course folder.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The line, fit for a terminal.
    pub line_text: String,
    /// The guilty part of `line_text`, in bytes; may be empty.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Something is wrong; where it could not be read, it was left out.
    Error,
    /// Everything was read; an author should look at it.
    Warning,
}

impl Problem {
    /// The problem as several lines of plain text: message, `path:line:column`, the line with a mark, help.
    pub fn render(&self) -> String {
        let (level, kind) = match self.severity {
            Severity::Error => (Level::ERROR, AnnotationKind::Primary),
            Severity::Warning => (Level::WARNING, AnnotationKind::Primary),
        };
        let snippet = Snippet::source(self.line_text.as_str())
            .line_start(self.line)
            .path(self.path.as_str())
            .annotation(kind.span(self.span.clone()));
        let mut group = level.primary_title(self.message.as_str()).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::plain().term_width(110).render(&[group])
    }
}

/// One line: `path:line:column: message`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

/// What may be given as help: a sentence, or perhaps one.
pub(crate) trait Help {
    /// The sentence.
    fn help(self) -> Option<String>;
}

impl Help for Option<String> {
    fn help(self) -> Option<String> {
        self
    }
}

impl Help for String {
    fn help(self) -> Option<String> {
        Some(self)
    }
}

impl Help for &str {
    fn help(self) -> Option<String> {
        Some(self.to_owned())
    }
}

/// The problems found so far. Shared by all readers of one load, hence the cells.
pub(crate) struct Ledger<'t> {
    /// The texts that problems point into.
    pub texts: &'t Texts,
    found: RefCell<Vec<Problem>>,
    by_file: RefCell<BTreeMap<u32, usize>>,
    errors: Cell<usize>,
}

/// Problems shown for one file; past that, an author mends these first, and a hostile file costs no memory.
const MOST_PER_FILE: usize = 100;
/// Problems shown in all.
const MOST: usize = 2_000;

impl<'t> Ledger<'t> {
    /// Nothing found yet.
    pub const fn new(texts: &'t Texts) -> Self {
        Self {
            texts,
            found: RefCell::new(Vec::new()),
            by_file: RefCell::new(BTreeMap::new()),
            errors: Cell::new(0),
        }
    }

    /// How many errors were found: more than before means that what was just read is wrong.
    pub const fn errors(&self) -> usize {
        self.errors.get()
    }

    /// Notes an error.
    pub fn error(&self, place: Place, message: impl Into<String>) {
        self.note(Severity::Error, place, &message.into(), None);
    }

    /// Notes an error and what to do.
    pub fn error_help(&self, place: Place, message: impl Into<String>, help: impl Help) {
        self.note(Severity::Error, place, &message.into(), help.help().as_deref());
    }

    /// Notes a warning and what to do.
    pub fn warning(&self, place: Place, message: impl Into<String>, help: impl Help) {
        self.note(Severity::Warning, place, &message.into(), help.help().as_deref());
    }

    fn note(&self, severity: Severity, place: Place, message: &str, help: Option<&str>) {
        if severity == Severity::Error {
            self.errors.set(self.errors.get() + 1);
        }
        let mut by_file = self.by_file.borrow_mut();
        let count = by_file.entry(place.file).or_default();
        *count += 1;
        if *count > MOST_PER_FILE || self.found.borrow().len() >= MOST {
            return;
        }
        let (message, help) = if *count == MOST_PER_FILE {
            ("too many problems in this file; the rest is not shown", Some("mend those above first"))
        } else {
            (message, help)
        };
        let problem = self.texts.problem(severity, place, message, help);
        self.found.borrow_mut().push(problem);
    }

    /// What was found, by path and position.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
        found.dedup();
        found
    }
}
