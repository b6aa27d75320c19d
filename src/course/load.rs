//! Loads a course: files in, content and every problem out. Never stops at the first error, never panics.

mod cure;
mod drill;
mod layout;
mod lesson;
mod question;
mod run;
mod setup;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::fields::{self, Fields};
use super::lint;
use super::markdown::Desk;
use super::model::{Chapter, Course, is_slug};
use super::nearest;
use super::origin::Origin;
use super::place::{Name, Place};
use super::problem::{Ledger, Problem};
use super::setup::ScenarioFile;
use super::showable;
use super::text::{LONGEST_FILE, LONGEST_LINE, MOST_FILES, MOST_TEXT, SourceFile, Texts, offset};
use layout::{Bank, Folder, Layout};
use setup::{Scenarios, Shelf};

/// A course as far as it could be read, and what is wrong with it.
#[derive(Clone, PartialEq, Debug)]
pub struct Loaded {
    /// The content; whatever could not be read is left out.
    pub course: Course,
    /// By path and line.
    pub problems: Vec<Problem>,
    /// The texts, to report further problems at their place.
    pub texts: Texts,
}

/// Reads the files of a course folder, in any order. Paths are inside the folder, with `/`.
pub fn load(files: &[SourceFile]) -> Loaded {
    let texts = Texts::new(files);
    let ledger = Ledger::new(&texts);
    let desk = Desk { ledger: &ledger, links: RefCell::new(Vec::new()) };
    let layout = Layout::of(&admitted(files, &ledger), &ledger);
    let mut left_out = LeftOut::default();
    let mut course = Course {
        chapters: layout
            .folders
            .iter()
            .map(|folder| chapter(folder, &layout, &desk, &mut left_out))
            .collect(),
        ..Course::default()
    };
    question::refuse_strangers(&layout, &desk);
    if let Some(bank) = layout.concepts {
        course.concepts.extend(question::concepts(bank, &desk, &mut left_out.concepts));
    }
    if let Some(bank) = layout.misconceptions {
        course.misconceptions.extend(question::misconceptions(bank, &desk, &mut left_out.misconceptions));
    }
    lint::check(&mut course, &desk.links.into_inner(), &left_out, &ledger);
    Loaded { course, problems: ledger.into_problems(), texts }
}

/// A scenario file on its own, as far as it could be read, and what is wrong with it.
#[derive(Clone, PartialEq, Debug)]
pub struct LoadedScenario {
    /// The scenario; none if an error keeps it from being one.
    pub scenario: Option<ScenarioFile>,
    /// By line.
    pub problems: Vec<Problem>,
    /// The text, to report further problems at their place.
    pub texts: Texts,
}

/// Reads one scenario file, which may be a run file; its path is only shown.
pub fn load_scenario(file: &SourceFile) -> LoadedScenario {
    let texts = Texts::new(std::slice::from_ref(file));
    let ledger = Ledger::new(&texts);
    let desk = Desk { ledger: &ledger, links: RefCell::new(Vec::new()) };
    let stem = file.path.rsplit('/').next().unwrap_or_default();
    let name = stem.strip_suffix(".toml").unwrap_or(stem);
    let admitted = admitted(std::slice::from_ref(file), &ledger);
    let scenario = admitted.first().and_then(|number| run::file(name, *number, &desk));
    LoadedScenario { scenario, problems: ledger.into_problems(), texts }
}

/// The ids of what had errors of its own: who refers to it is not blamed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct LeftOut {
    /// Lessons.
    pub lessons: BTreeSet<String>,
    /// Concepts.
    pub concepts: BTreeSet<String>,
    /// Misconceptions.
    pub misconceptions: BTreeSet<String>,
}

/// The numbers of the files that are small enough to read; reports the others, and what no terminal can show.
fn admitted(files: &[SourceFile], ledger: &Ledger<'_>) -> Vec<u32> {
    let mut admitted = Vec::new();
    let mut sum = 0_usize;
    for (number, file) in files.iter().enumerate() {
        let place = Place { file: offset(number), start: 0, end: 0 };
        sum = sum.saturating_add(file.text.len());
        if number >= MOST_FILES {
            ledger.error(
                place,
                format!("a course of more than {MOST_FILES} files; this one and the rest are not read"),
            );
            break;
        }
        if sum > MOST_TEXT {
            ledger.error(
                place,
                format!("a course of more than {MOST_TEXT} bytes; this file and the rest are not read"),
            );
            break;
        }
        if file.text.len() > LONGEST_FILE {
            ledger.error(place, format!("a file of more than {LONGEST_FILE} bytes is not read"));
            continue;
        }
        let text = ledger.texts.text(place.file);
        if let Some(start) = long_line(text) {
            let place = Place { start: offset(start), end: offset(start), ..place };
            ledger
                .error(place, format!("a line of more than {LONGEST_LINE} characters; the file is not read"));
            continue;
        }
        report_unshowable(&file.text, place.file, ledger);
        admitted.push(place.file);
    }
    admitted
}

/// Where a line starts that is too long.
fn long_line(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.len() > LONGEST_LINE && line.chars().count() > LONGEST_LINE {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// Reports what was replaced when the file was cleaned: the first few, one is rarely alone.
fn report_unshowable(original: &str, file: u32, ledger: &Ledger<'_>) {
    const SHOWN: usize = 5;
    if !ledger.texts.text(file).contains(showable::STAND_IN) {
        return;
    }
    let original = original.strip_prefix('\u{FEFF}').unwrap_or(original).replace("\r\n", "\n");
    let (mut drift, mut found) = (0, 0);
    for (at, c, why) in showable::unshowables(&original) {
        // The stand-in may be longer than what it replaces.
        let start = offset(at + drift);
        drift = drift + showable::STAND_IN.len_utf8() - c.len_utf8().min(showable::STAND_IN.len_utf8());
        found += 1;
        if found <= SHOWN {
            let place = Place { file, start, end: start + 3 };
            ledger.error_help(place, format!("U+{:04X} is {why}", u32::from(c)), "take it out");
        }
    }
}

/// Reads one chapter: its own file, scenarios, lessons, and banks.
fn chapter(folder: &Folder, layout: &Layout, desk: &Desk<'_>, left_out: &mut LeftOut) -> Chapter {
    let mut chapter = chapter_file(folder, desk);
    let mut scenarios = Scenarios::new();
    for (name, file) in &folder.scenarios {
        scenarios.insert(name.clone(), setup::scenario(name, *file, desk));
    }
    let shelf = Shelf { desk, scenarios: &scenarios };
    for (name, file) in &folder.lessons {
        match lesson::lesson(name, *file, shelf) {
            Ok(lesson) => chapter.lessons.push(lesson),
            Err(id) => {
                left_out.lessons.insert(id);
            }
        }
    }
    for bank in layout.questions.iter().filter(|bank| bank.chapter == folder.id) {
        chapter.questions.extend(question::questions(bank, shelf));
    }
    for bank in layout.drills.iter().filter(|bank| bank.chapter == folder.id) {
        chapter.drills.extend(drill::drills(bank, shelf));
    }
    chapter.scenarios = scenarios.into_iter().filter_map(|(name, it)| it.map(|it| (name, it))).collect();
    chapter
}

/// Reads `chapter.toml`. A chapter opens even without: then its id is its title.
fn chapter_file(folder: &Folder, desk: &Desk<'_>) -> Chapter {
    let mut chapter = Chapter { id: folder.id.clone(), title: folder.id.clone(), ..Chapter::default() };
    let Some(file) = folder.chapter else {
        let place = Place { file: folder.first, start: 0, end: 0 };
        let message = format!("the chapter `{}` has no chapter.toml", folder.id);
        desk.ledger.error_help(place, message, "add one with `title` and `summary`");
        return chapter;
    };
    chapter.place = desk.ledger.texts.whole(file);
    let origin = Origin::at(file, 0);
    let text = desk.ledger.texts.text(file);
    let (mut fields, _) = fields::parse(text, &origin, desk.ledger, "chapter");
    if let Some(title) = fields.line("title") {
        chapter.title = title.value;
    }
    chapter.label = fields.line_maybe("label").map(|label| label.value);
    chapter.summary = fields.line("summary").map(|summary| summary.value).unwrap_or_default();
    chapter.generators = fields.lines("generators");
    fields.finish();
    chapter
}

/// Refuses an id that is not a slug.
fn slug(id: Option<Name>, desk: &Desk<'_>) -> Option<Name> {
    let id = id?;
    if is_slug(&id) {
        return Some(id);
    }
    let help = "an id has lower-case letters, digits and inner hyphens, like `half-open`";
    desk.ledger.error_help(id.place, format!("`{id}` is no id"), help);
    None
}

/// Reads each item of a bank that is not damaged by a syntax error.
fn each<'s, T>(
    bank: &Bank,
    (key, what): (&'static str, &'static str),
    origin: &'s Origin,
    ledger: &'s Ledger<'s>,
    mut read: impl FnMut(Fields<'s>) -> Option<T>,
) -> Vec<T> {
    let (mut fields, broken) = fields::parse(ledger.texts.text(bank.file), origin, ledger, "file");
    let items = fields.tables(key, what);
    fields.finish();
    let ends: Vec<u32> = items.iter().skip(1).map(|item| item.place.start).chain([u32::MAX]).collect();
    let mut read_items = Vec::new();
    for (item, end) in items.into_iter().zip(ends) {
        let range = item.place.start..end;
        if !broken.iter().any(|at| range.contains(&offset(*at))) {
            read_items.extend(read(item));
        }
    }
    read_items
}

/// Nearest chapter ids, as help.
fn nearest_chapter(name: &str, layout: &Layout) -> Option<String> {
    nearest::suggestion(name, layout.folders.iter().map(|folder| folder.id.as_str()))
}

/// Words of an enum, by word.
fn word<T: Copy>(
    name: Option<Name>,
    all: &[T],
    spell: impl Fn(T) -> &'static str,
    desk: &Desk<'_>,
) -> Option<T> {
    let name = name?;
    if let Some(found) = all.iter().copied().find(|it| spell(*it) == name.value) {
        return Some(found);
    }
    let words: Vec<&str> = all.iter().map(|it| spell(*it)).collect();
    let help = nearest::suggestion(&name, words.iter().copied());
    let message = format!("`{name}` is none of {}", nearest::listed(&words));
    desk.ledger.error_help(name.place, message, help.filter(|help| help.starts_with("did")));
    None
}

/// Files by name, in order.
type ByName = BTreeMap<String, u32>;
