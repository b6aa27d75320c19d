//! `halfopen export`, `halfopen import` and `halfopen reset`: the journal as a file, and beginning anew.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use super::console::Console;
use super::output::{Failure, print};
use crate::course::Course;
use crate::labs::text::nearest;
use crate::shell::learner::{self, Learner};
use crate::study::record::{Kind, Scope};

/// Writes the journal to a new file.
pub fn export(file: &Path) -> Result<ExitCode, Failure> {
    let records = Learner::open().journal().export(file).map_err(Failure::usage)?;
    print(&format!("{} written to {}.\n", counted(records, "record"), file.display()))
}

/// Adds the records of another journal.
pub fn import(file: &Path) -> Result<ExitCode, Failure> {
    let imported = Learner::open().journal().import(file).map_err(Failure::usage)?;
    learner::tell(&imported.news);
    let mut text = format!("{} new, {} known already.\n", counted(imported.added, "record"), imported.known);
    if let Some((line, reason)) = imported.bad.first() {
        let lines = counted(imported.bad.len(), "line");
        let _ = writeln!(text, "{lines} left out, as no record stands there; line {line}: {reason}.");
    }
    print(&text)
}

/// Begins a chapter anew, or everything if none is named. Asks first, unless told not to.
pub fn reset(course: &Course, chapter: Option<&str>, consent: Consent) -> Result<ExitCode, Failure> {
    let (scope, what) = match chapter {
        None => (Scope::All, "Everything".to_owned()),
        Some(name) => {
            let found = course.find_chapter(name).ok_or_else(|| no_chapter(course, name))?;
            (Scope::Chapter(found.id.clone()), format!("\"{}\"", found.title))
        }
    };
    let mut learner = Learner::open();
    if consent == Consent::Ask {
        let mut console = Console::standard();
        console.say(&format!(
            "{what} begins anew: the answers, predictions, goals and steps so far stay in the journal and no longer count. \
             Type yes to do it."
        ))?;
        let answer = console.ask("").or_else(|end| match end {
            Failure::Ended => Ok(String::new()),
            other => Err(other),
        })?;
        if answer.to_lowercase() != "yes" {
            console.say("Nothing was changed.")?;
            console.flush()?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    learner.record(Kind::Reset { scope });
    print(&format!("{what} begins anew.\n"))
}

/// Whether a reset is asked about first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consent {
    /// Not yet given.
    Ask,
    /// Given on the command line.
    Given,
}

/// There is no such chapter; the nearest is named.
pub fn no_chapter(course: &Course, name: &str) -> Failure {
    let ids = || course.chapters.iter().map(|chapter| chapter.id.as_str());
    let help = match nearest(name, ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", ids().collect::<Vec<_>>().join(", ")),
    };
    Failure::usage(format!("there is no chapter `{name}`; {help}"))
}

/// `1 record`, `3 records`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
