//! Reads TOML tables field by field, so that every mistake is reported at its own line and column: what is missing,
//! what has the wrong type, and, once all known fields were asked for, what nobody asked for.

mod depth;
mod drain;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest;
use super::origin::{Origin, Prose};
use super::place::{Name, Place, Placed};
use super::problem::Ledger;
use super::showable;
use super::text::{index, string_map};

/// Where a value was written and by whom it is read.
#[derive(Clone, Copy)]
struct Source<'s> {
    text: &'s str,
    origin: &'s Origin,
    ledger: &'s Ledger<'s>,
}

/// A TOML table that is being read.
pub(crate) struct Fields<'s> {
    left: DeTable<'s>,
    source: Source<'s>,
    asked: Vec<&'static str>,
    what: &'static str,
    /// The table's header, or the whole inline table.
    pub place: Place,
    missing: Vec<&'static str>,
    errors_before: Option<usize>,
}

/// Parses a TOML text. Syntax errors are reported; whatever could be read is given.
///
/// The second value lists where syntax errors were, so that the item around one is not blamed again.
pub(crate) fn parse<'s>(
    text: &'s str,
    origin: &'s Origin,
    ledger: &'s Ledger<'s>,
    what: &'static str,
) -> (Fields<'s>, Vec<usize>) {
    let source = Source { text, origin, ledger };
    let place = origin.place(0..text.find('\n').unwrap_or(text.len()));
    let mut broken = Vec::new();
    let left = if let Some(at) = depth::too_deep(text) {
        ledger.error(origin.place(at..at + 1), "nested too deeply");
        broken.push(0);
        DeTable::new()
    } else {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            broken.push(span.start);
            ledger.error(origin.place(span), format!("not valid TOML: {}", error.message()));
        }
        table.into_inner()
    };
    (
        Fields { left, source, asked: Vec::new(), what, place, missing: Vec::new(), errors_before: None },
        broken,
    )
}

impl<'s> Source<'s> {
    fn place(&self, span: Range<usize>) -> Place {
        self.origin.place(span)
    }

    /// Decodes a string for one line.
    fn line(&self, key: &str, value: &Spanned<DeValue<'s>>) -> Option<Name> {
        let place = self.place(value.span());
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, "a string", value);
            return None;
        };
        self.report_unshowable(text, place);
        if text.contains('\n') {
            self.ledger.error(place, format!("`{key}` must be one line"));
            return None;
        }
        Some(Placed::new(showable::one_line(text).trim().to_owned(), place))
    }

    /// Decodes a string of any number of lines.
    fn prose(&self, key: &str, value: &Spanned<DeValue<'s>>) -> Option<Prose> {
        let span = value.span();
        let place = self.place(span.clone());
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, "a string", value);
            return None;
        };
        if text.trim().is_empty() {
            self.ledger.error(place, format!("`{key}` is empty"));
            return None;
        }
        self.report_unshowable(text, place);
        let raw = self.text.get(span.clone()).unwrap_or_default();
        let pieces = string_map(raw)
            .into_iter()
            .map(|(inner, at)| (inner, index(self.place(span.start + at..span.start + at).start)))
            .collect();
        let origin = Origin { file: self.origin.file, pieces };
        Some(Prose { text: showable::cleaned(text).into_owned(), origin })
    }

    /// Escapes can bring in what the cleaning of the file could not see.
    fn report_unshowable(&self, text: &str, place: Place) {
        if let Some((_, c, why)) = showable::unshowables(text).find(|(_, c, _)| *c != showable::STAND_IN) {
            self.ledger.error(place, format!("U+{:04X} is {why}", u32::from(c)));
        }
    }

    fn wrong_type(&self, key: &str, wanted: &str, value: &Spanned<DeValue<'s>>) {
        let message = format!("`{key}` must be {wanted}, not {}", kind(value.get_ref()));
        self.ledger.error(self.place(value.span()), message);
    }
}

/// What a value is, with its article.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<'s> Fields<'s> {
    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'s>>> {
        self.ask(key);
        self.left.remove(key)
    }

    /// Tables of a list are all cut out before the first is read: only from its first question on is an error its own.
    fn ask(&mut self, key: &'static str) {
        self.errors_before.get_or_insert(self.source.ledger.errors());
        self.asked.push(key);
    }

    /// Whether the key stands there, without reading it.
    pub fn has(&self, key: &str) -> bool {
        self.left.contains_key(key)
    }

    /// Where the key stands, without reading it.
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.left.get_key_value(key).map(|(key, _)| self.source.place(key.span()))
    }

    /// Reads a key that must be there.
    fn needed<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if !self.has(key) {
            self.ask(key);
            self.missing.push(key);
            return None;
        }
        read(self)
    }

    /// A needed string of one line.
    pub fn line(&mut self, key: &'static str) -> Option<Name> {
        let line = self.needed(key, |fields| fields.line_maybe(key))?;
        if line.value.is_empty() {
            self.error(line.place, format!("`{key}` is empty"));
            return None;
        }
        Some(line)
    }

    /// A string of one line.
    pub fn line_maybe(&mut self, key: &'static str) -> Option<Name> {
        let value = self.take(key)?;
        self.source.line(key, &value)
    }

    /// A needed string of any number of lines.
    pub fn prose(&mut self, key: &'static str) -> Option<Prose> {
        self.needed(key, |fields| fields.prose_maybe(key))
    }

    /// A string of any number of lines.
    pub fn prose_maybe(&mut self, key: &'static str) -> Option<Prose> {
        let value = self.take(key)?;
        self.source.prose(key, &value)
    }

    /// A whole number within bounds.
    pub fn whole(&mut self, key: &'static str, bounds: Range<u64>) -> Option<Placed<u64>> {
        let value = self.take(key)?;
        let place = self.source.place(value.span());
        let DeValue::Integer(written) = value.get_ref() else {
            self.source.wrong_type(key, "a whole number", &value);
            return None;
        };
        let number = u64::from_str_radix(written.as_str(), written.radix()).ok();
        let Some(number) = number.filter(|number| bounds.contains(number)) else {
            let most = bounds.end - 1;
            self.error(place, format!("`{key}` must be from {} to {most}", bounds.start));
            return None;
        };
        Some(Placed::new(number, place))
    }

    /// A number.
    pub fn number(&mut self, key: &'static str) -> Option<Placed<f64>> {
        let value = self.take(key)?;
        let place = self.source.place(value.span());
        let number = match value.get_ref() {
            DeValue::Integer(written) if written.radix() == 10 => written.as_str().parse().ok(),
            DeValue::Float(written) => written.as_str().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|number: &f64| number.is_finite()) else {
            self.source.wrong_type(key, "a finite number", &value);
            return None;
        };
        Some(Placed::new(number, place))
    }

    /// A needed number.
    pub fn number_needed(&mut self, key: &'static str) -> Option<Placed<f64>> {
        self.needed(key, |fields| fields.number(key))
    }

    /// A needed whole number within bounds.
    pub fn whole_needed(&mut self, key: &'static str, bounds: Range<u64>) -> Option<Placed<u64>> {
        self.needed(key, |fields| fields.whole(key, bounds))
    }

    /// True or false; false if it is not there.
    pub fn truth(&mut self, key: &'static str) -> bool {
        let Some(value) = self.take(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.source.wrong_type(key, "true or false", &value);
            false
        })
    }

    /// A list of one-line strings, or one such string; empty if it is not there.
    pub fn lines(&mut self, key: &'static str) -> Vec<Name> {
        let Some(value) = self.take(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.source.line(key, item)).collect(),
            _ => self.source.line(key, &value).into_iter().collect(),
        }
    }

    /// A needed list of one-line strings, or one such string.
    pub fn lines_needed(&mut self, key: &'static str) -> Option<Vec<Name>> {
        let place = self.key_place(key);
        let lines = self.needed(key, |fields| Some(fields.lines(key)))?;
        if let (true, Some(place)) = (lines.is_empty(), place) {
            self.error(place, format!("`{key}` is empty"));
        }
        Some(lines)
    }

    /// A list of prose strings; empty if it is not there.
    pub fn proses(&mut self, key: &'static str) -> Vec<Prose> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.source.wrong_type(key, "a list of strings", &value);
            return Vec::new();
        };
        items.iter().filter_map(|item| self.source.prose(key, item)).collect()
    }

    /// A list of pairs of prose strings, each with its place; empty if it is not there.
    pub fn pairs(&mut self, key: &'static str) -> Vec<(Prose, Prose)> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.source.wrong_type(key, "a list of pairs", &value);
            return Vec::new();
        };
        let pair = |item: &Spanned<DeValue<'s>>| {
            let sides = item.get_ref().as_array().map(|pair| pair.iter().as_slice());
            if let Some([left, right]) = sides {
                return Some((self.source.prose(key, left)?, self.source.prose(key, right)?));
            }
            let message = "a pair is written [\"left\", \"right\"]";
            self.source.ledger.error(self.source.place(item.span()), message);
            None
        };
        items.iter().filter_map(pair).collect()
    }

    /// An inner table.
    pub fn table(&mut self, key: &'static str, what: &'static str) -> Option<Fields<'s>> {
        let value = self.take(key)?;
        self.inner(key, value, what)
    }

    /// A needed inner table.
    pub fn table_needed(&mut self, key: &'static str, what: &'static str) -> Option<Fields<'s>> {
        self.needed(key, |fields| fields.table(key, what))
    }

    /// A list of tables; empty if it is not there.
    pub fn tables(&mut self, key: &'static str, what: &'static str) -> Vec<Fields<'s>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        if !value.get_ref().is_array() {
            self.source.wrong_type(key, "a list of tables", &value);
            return Vec::new();
        }
        let DeValue::Array(items) = value.into_inner() else { return Vec::new() };
        items.into_iter().filter_map(|item| self.inner(key, item, what)).collect()
    }

    fn inner(&self, key: &str, value: Spanned<DeValue<'s>>, what: &'static str) -> Option<Fields<'s>> {
        let place = self.source.place(value.span());
        if !value.get_ref().is_table() {
            self.source.wrong_type(key, "a table", &value);
            return None;
        }
        let DeValue::Table(left) = value.into_inner() else { return None };
        Some(Fields {
            left,
            source: self.source,
            asked: Vec::new(),
            what,
            place,
            missing: Vec::new(),
            errors_before: None,
        })
    }

    /// Notes an error somewhere in this table.
    pub fn error(&self, place: Place, message: impl Into<String>) {
        self.source.ledger.error(place, message);
    }

    /// Reports what nobody asked for and what is missing. `None` if anything in this table was wrong.
    pub fn finish(self) -> Option<()> {
        let ledger = self.source.ledger;
        let mut missing = self.missing;
        for key in self.left.keys() {
            let name = showable::one_line(key.get_ref());
            let place = self.source.place(key.span());
            // A misspelt key is not also a missing one.
            if let Some(at) = missing.iter().position(|it| nearest::is_slip(&name, it)) {
                let meant = missing.remove(at);
                let help = format!("did you mean `{meant}`?");
                ledger.error_help(place, format!("unknown key `{name}` in this {}", self.what), help);
                continue;
            }
            let help = nearest::suggestion(&name, self.asked.iter().copied());
            ledger.error_help(place, format!("unknown key `{name}` in this {}", self.what), help);
        }
        for key in missing {
            ledger.error_help(
                self.place,
                format!("this {} has no `{key}`", self.what),
                format!("add `{key} = …`"),
            );
        }
        (Some(ledger.errors()) == self.errors_before).then_some(())
    }
}
