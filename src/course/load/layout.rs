//! Which file of a course folder is what, by its path alone.

use super::super::model::is_slug;
use super::super::place::Place;
use super::super::problem::Ledger;
use super::ByName;

/// The files of a course, sorted by what they are.
#[derive(Default)]
pub(super) struct Layout {
    /// Chapters, in order.
    pub folders: Vec<Folder>,
    /// Banks of questions.
    pub questions: Vec<Bank>,
    /// Banks of drills.
    pub drills: Vec<Bank>,
    /// `concepts.toml`.
    pub concepts: Option<u32>,
    /// `misconceptions.toml`.
    pub misconceptions: Option<u32>,
}

/// The folder of a chapter.
pub(super) struct Folder {
    /// With its number: the order of chapters.
    pub name: String,
    /// Without.
    pub id: String,
    /// Some file in it.
    pub first: u32,
    /// `chapter.toml`.
    pub chapter: Option<u32>,
    /// Lessons by file name.
    pub lessons: ByName,
    /// Scenarios by name.
    pub scenarios: ByName,
}

/// A file of questions or drills.
pub(super) struct Bank {
    /// The chapter's id, from the file's name.
    pub chapter: String,
    /// The file.
    pub file: u32,
}

impl Layout {
    /// Sorts the files; reports those that have no place in a course.
    pub fn of(files: &[u32], ledger: &Ledger<'_>) -> Self {
        let mut paths: Vec<(&str, u32)> =
            files.iter().map(|file| (ledger.texts.path(*file), *file)).collect();
        paths.sort_unstable();
        let mut layout = Self::default();
        let mut last = None;
        for (path, file) in paths {
            let here = Place { file, start: 0, end: 0 };
            if last.replace(path) == Some(path) {
                ledger.error(here, "this file is given twice");
                continue;
            }
            let known = match path.split('/').collect::<Vec<_>>().as_slice() {
                ["lessons", folder, rest @ ..] => layout.lesson_file(folder, rest, file),
                ["quizzes", name] => layout.quiz_file(name, file),
                // Whatever else stands beside the course is none of its business.
                _ => Ok(()),
            };
            if let Err(help) = known {
                ledger.warning(here, "this file is not part of a course and is not read", help);
            }
        }
        layout
    }

    fn lesson_file(&mut self, folder: &str, rest: &[&str], file: u32) -> Result<(), &'static str> {
        let id = numbered(folder).ok_or("a chapter's folder is named like `03-breaker`")?;
        let at = self.folders.iter().position(|known| known.name == folder).unwrap_or_else(|| {
            self.folders.push(Folder {
                name: folder.to_owned(),
                id: id.to_owned(),
                first: file,
                chapter: None,
                lessons: ByName::new(),
                scenarios: ByName::new(),
            });
            self.folders.len() - 1
        });
        let folder = &mut self.folders[at];
        match rest {
            ["chapter.toml"] => folder.chapter = Some(file),
            ["scenarios", name] => {
                let name = name.strip_suffix(".toml").filter(|name| is_slug(name));
                let name = name.ok_or("a scenario is named like `hang.toml`")?;
                folder.scenarios.insert(name.to_owned(), file);
            }
            [name] => {
                let stem = name.strip_suffix(".md").filter(|stem| numbered(stem).is_some());
                let stem =
                    stem.ok_or("a lesson is named like `01-breaker.md`, a chapter's file `chapter.toml`")?;
                folder.lessons.insert(stem.to_owned(), file);
            }
            _ => return Err("a chapter holds `chapter.toml`, lessons, and `scenarios/`"),
        }
        Ok(())
    }

    fn quiz_file(&mut self, name: &str, file: u32) -> Result<(), &'static str> {
        let stem = name.strip_suffix(".toml").filter(|stem| is_slug(stem));
        match stem.ok_or("a bank is named for its chapter or one of its lessons, like `breaker.toml` or `breaker-drills.toml`")? {
            "concepts" => self.concepts = Some(file),
            "misconceptions" => self.misconceptions = Some(file),
            stem => match stem.strip_suffix("-drills") {
                Some(name) => self.drills.push(Bank { chapter: self.chapter_of(name), file }),
                None => self.questions.push(Bank { chapter: self.chapter_of(stem), file }),
            },
        }
        Ok(())
    }

    /// The chapter that a bank of this name belongs to: the one of that name, or the one with a lesson of that name. Lessons
    /// are known by now, since their folder sorts before the quizzes.
    fn chapter_of(&self, name: &str) -> String {
        let named = |folder: &Folder| folder.lessons.keys().any(|lesson| numbered(lesson) == Some(name));
        let is_chapter = self.folders.iter().any(|folder| folder.id == name);
        let of_lesson = self.folders.iter().find(|folder| !is_chapter && named(folder));
        of_lesson.map_or_else(|| name.to_owned(), |folder| folder.id.clone())
    }
}

/// The name after two digits and a hyphen.
pub(super) fn numbered(name: &str) -> Option<&str> {
    let (number, rest) = name.split_once('-')?;
    let two = number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
    (two && is_slug(rest)).then_some(rest)
}
