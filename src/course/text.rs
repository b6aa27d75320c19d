//! The files of a course as text, and the way from a [`Place`] back to path, line and column.
//!
//! Whatever a terminal cannot show is already replaced here, so that neither content nor an error that quotes a line
//! can carry it.

use std::borrow::Cow;
use std::ops::Range;

use super::place::Place;
use super::problem::{Problem, Severity};
use super::showable;

/// The longest file that is read, in bytes.
pub const LONGEST_FILE: usize = 1_000_000;
/// The longest line that is read, in characters.
pub const LONGEST_LINE: usize = 10_000;
/// The most files that are read.
pub const MOST_FILES: usize = 20_000;
/// The most text that is read over all files, in bytes.
pub const MOST_TEXT: usize = 50_000_000;

/// A file as handed in: its path inside the course folder, with `/`, and its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// `lessons/01-breaker/01-breaker.md`
    pub path: Cow<'static, str>,
    /// What stands in it.
    pub text: Cow<'static, str>,
}

impl SourceFile {
    /// A file with this path and text.
    pub fn new(path: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// The cleaned texts of all files, by the file number of a [`Place`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Texts {
    files: Vec<SourceFile>,
}

impl Texts {
    /// Cleans and keeps the files.
    pub(crate) fn new(files: &[SourceFile]) -> Self {
        let files = files.iter().map(|file| SourceFile {
            path: showable::one_line(&file.path).into(),
            text: if file.text.len() > LONGEST_FILE { Cow::Borrowed("") } else { clean_file(file) },
        });
        Self { files: files.collect() }
    }

    /// The path of a file; empty if there is no such file.
    pub fn path(&self, file: u32) -> &str {
        self.file(file).map_or("", |file| &file.path)
    }

    /// The text of a file; empty if there is no such file.
    pub fn text(&self, file: u32) -> &str {
        self.file(file).map_or("", |file| &file.text)
    }

    /// The place of the whole file.
    pub(crate) fn whole(&self, file: u32) -> Place {
        Place { file, start: 0, end: offset(self.text(file).len()) }
    }

    fn file(&self, file: u32) -> Option<&SourceFile> {
        self.files.get(usize::try_from(file).ok()?)
    }

    /// An error at a place, for judges outside this module: `texts.error(sentence.place, "no such verb")`.
    pub fn error(&self, place: Place, message: &str, help: Option<&str>) -> Problem {
        self.problem(Severity::Error, place, message, help)
    }

    /// A warning at a place.
    pub fn warning(&self, place: Place, message: &str, help: Option<&str>) -> Problem {
        self.problem(Severity::Warning, place, message, help)
    }

    /// Finds path, line and column of a place.
    pub(crate) fn problem(
        &self,
        severity: Severity,
        place: Place,
        message: &str,
        help: Option<&str>,
    ) -> Problem {
        let text = self.text(place.file);
        let start = text.floor_char_boundary(index(place.start).min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text.ceil_char_boundary(index(place.end).clamp(start, line_end));
        let line_text = text[line_start..line_end].to_owned();
        let span = (start - line_start).min(line_text.len())..(end - line_start).min(line_text.len());
        Problem {
            severity,
            path: self.path(place.file).to_owned(),
            line: text[..start].bytes().filter(|b| *b == b'\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            line_text,
            span,
            message: sentence(message),
            help: help.map(sentence),
        }
    }

    /// The place of a part of a placed TOML string: `range` counts bytes of its value. So an error in a fault sentence
    /// is reported at the guilty word.
    pub fn within(&self, place: Place, range: Range<usize>) -> Place {
        let text = self.text(place.file);
        let Some(raw) = text.get(index(place.start)..index(place.end)) else { return place };
        let map = string_map(raw);
        let at = |inner: usize| place.start + offset(look_up(&map, inner)).min(place.end - place.start);
        Place { file: place.file, start: at(range.start), end: at(range.end).max(at(range.start)) }
    }
}

/// A message fit for a terminal, cut if it quotes something endless.
fn sentence(text: &str) -> String {
    const LONGEST: usize = 400;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => showable::one_line(&text[..end]) + "…",
        None => showable::one_line(text),
    }
}

/// Windows line ends become plain ones, and whatever cannot be shown its stand-in.
fn clean_file(file: &SourceFile) -> Cow<'static, str> {
    let plain = |b: u8| matches!(b, b'\n' | b'\t' | b' '..=b'~');
    if file.text.bytes().all(plain) {
        return file.text.clone();
    }
    let text = file.text.strip_prefix('\u{FEFF}').unwrap_or(&file.text).replace("\r\n", "\n");
    match showable::cleaned(&text) {
        Cow::Borrowed(_) => Cow::Owned(text),
        Cow::Owned(cleaned) => Cow::Owned(cleaned),
    }
}

/// Offsets are kept in 32 bits: files are shorter than [`LONGEST_FILE`].
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// And back.
pub(crate) fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// Where a position of a text leads, given pairs (from, to) in order of `from`: as far past its pair as it was.
pub(crate) fn look_up(map: &[(usize, usize)], at: usize) -> usize {
    match map.partition_point(|(from, _)| *from <= at).checked_sub(1).and_then(|i| map.get(i)) {
        Some((from, to)) => to + (at - from),
        None => at,
    }
}

/// For a TOML string as written, quotes included: pairs of an offset in its value and the offset in `raw`, one for each
/// stretch without an escape, and for each line.
pub(crate) fn string_map(raw: &str) -> Vec<(usize, usize)> {
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote));
    let Some(quotes) = quotes else { return vec![(0, 0)] };
    let mut at = quotes.len();
    if quotes.len() == 3 && raw[at..].starts_with('\n') {
        at += 1;
    }
    let mut map = vec![(0, at)];
    let mut value = 0;
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let (wide, gives) = if c == '\\' && quotes.starts_with('"') {
            escape(&raw[at..])
        } else {
            (c.len_utf8(), c.len_utf8())
        };
        at += wide;
        value += gives;
        if wide != gives || c == '\n' {
            map.push((value, at));
        }
    }
    map
}

/// How long the escape at the start of `raw` is, and how many bytes of value it gives.
fn escape(raw: &str) -> (usize, usize) {
    let code = |digits: usize| {
        let hex = raw.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (2 + digits, hex.and_then(char::from_u32).map_or(3, char::len_utf8))
    };
    match raw.as_bytes().get(1) {
        Some(b'u') => code(4),
        Some(b'U') => code(8),
        Some(b'x') => code(2),
        Some(b' ' | b'\t' | b'\n') => (1 + raw[1..].len() - raw[1..].trim_start().len(), 0),
        Some(b) if b.is_ascii() => (2, 1),
        _ => (1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(text: &'static str, part: &str) -> String {
        let texts = Texts::new(&[SourceFile::new("a.toml", text)]);
        let start = text.find(['"', '\'']).unwrap();
        let place = Place { file: 0, start: offset(start), end: offset(text.len()) };
        let table: toml::Table = text.parse().unwrap();
        let at = table["a"].as_str().unwrap().find(part).unwrap();
        let place = texts.within(place, at..at + part.len());
        text[index(place.start)..index(place.end)].to_owned()
    }

    #[test]
    fn a_part_of_a_string_is_found_past_quotes_and_escapes() {
        assert_eq!(within("a = \"20s hang payments\"", "hang"), "hang");
        assert_eq!(within("a = '20s hang payments'", "hang"), "hang");
        assert_eq!(within("a = \"\\u00e4 \\\"x\\\" \\t hang it\"", "hang"), "hang");
        assert_eq!(within("a = \"\"\"\nfirst\\\n   then\nhang it\"\"\"", "hang"), "hang");
        assert_eq!(within("a = \"\"\"\nfirst\\\n   then\nhang it\"\"\"", "then"), "then");
    }

    #[test]
    fn a_place_outside_any_text_is_still_reported() {
        let texts = Texts::new(&[SourceFile::new("a\u{1b}.toml", "x = ä")]);
        let problem = texts.error(Place { file: 0, start: 5, end: 900 }, "m\u{1b}[2J", None);
        assert_eq!((problem.line, problem.column), (1, 5));
        assert_eq!(problem.path, "a\u{fffd}.toml");
        assert_eq!(problem.message, "m\u{fffd}[2J");
        let nowhere = texts.error(Place { file: 9, start: 5, end: 9 }, "m", None);
        assert_eq!((nowhere.path.as_str(), nowhere.line, nowhere.column), ("", 1, 1));
    }
}
