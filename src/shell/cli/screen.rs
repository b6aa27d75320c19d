//! The interactive program: what it knows at its start, and where it opens.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use tokio::sync::mpsc::unbounded_channel;

use super::journal::no_chapter;
use super::output::{Failure, warn};
use super::{ScenarioArgs, asked, lesson};
use crate::app::bench::Bench;
use crate::app::player::Player;
use crate::app::screen::{Go, Screen};
use crate::app::shared::{Colours, Glyphs, Look, Notice, Shared};
use crate::app::{App, Effect, Message};
use crate::course::Severity;
use crate::shell::edge::Outside;
use crate::shell::event_loop::Edge;
use crate::shell::interactive;
use crate::shell::journal::{Journal, News, home};
use crate::shell::library;
use crate::study::progress::Progress;
use crate::study::record::{Entry, Record};

/// Where the program opens.
pub enum Start<'a> {
    /// At the course map.
    Home,
    /// At a step, or at the place of the learner.
    Lesson(Option<&'a str>),
    /// In a lab.
    Lab(&'a ScenarioArgs),
    /// In a quiz.
    Quiz(Option<&'a str>),
}

/// Runs the interactive program until the learner leaves.
pub fn open(course: Option<&Path>, start: &Start<'_>) -> Result<ExitCode, Failure> {
    let (journal, news) = Journal::open(home::find());
    let mut app = App::new(shared(course, &news)?);
    let mut effects = Vec::new();
    begin(&mut app, start, &mut effects)?;
    let (outbox, inbox) = unbounded_channel();
    let mut outside = Outside::new(journal, outbox);
    for message in effects.into_iter().flat_map(|effect| outside.carry_out(effect)) {
        let _ = app.update(message, &mut Vec::new());
    }
    interactive::run(&mut app, &mut outside, inbox)?;
    if let Some(unsaved) = outside.finish() {
        warn(&unsaved.to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn shared(course: Option<&Path>, news: &News) -> Result<Shared, Failure> {
    let loaded = library::load(course).map_err(Failure::usage)?;
    let errors = loaded.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let known = |entry: &Entry| entry.known().cloned();
    let records: Vec<Record> = news.entries.iter().filter_map(known).collect();
    Ok(Shared {
        problems: errors.map(crate::course::Problem::render).collect(),
        course: loaded.course,
        progress: Progress::replay(&records),
        warning: news.notices.first().map(ToString::to_string),
        look: look(),
        luck: rand::random(),
        measure: crate::ui::passage::measure,
        notice: news.notices.get(1).map(|notice| Notice::plain(notice.to_string())),
        ..Shared::default()
    })
}

fn begin(app: &mut App, start: &Start<'_>, effects: &mut Vec<Effect>) -> Result<(), Failure> {
    match start {
        Start::Home => {}
        Start::Lesson(step) => {
            let Shared { course, progress, .. } = app.shared();
            let at = match step {
                Some(name) => lesson::find(course, name)?,
                None => lesson::here(course, progress)?,
            };
            app.go(Go::Step(at.id()), effects);
        }
        Start::Lab(args) => {
            let Some(name) = &args.lab else {
                return Err(Failure::usage("name a lab: `halfopen labs` lists them"));
            };
            let asked = asked::read(&ScenarioArgs { lab: Some(name.clone()), ..(*args).clone() })?;
            let (from, told) = asked.opens_at();
            app.open(Screen::Bench(Box::new(Bench::new(Player::open(&asked.scenario, from)))));
            if !told.is_empty() {
                let _ = app.update(Message::Notice(told.join(" ")), effects);
            }
        }
        Start::Quiz(chapter) => {
            let course = &app.shared().course;
            let find = |name| {
                course.find_chapter(name).map(|it| it.id.clone()).ok_or_else(|| no_chapter(course, name))
            };
            let chapter = chapter.map(find).transpose()?;
            app.go(Go::Quiz(chapter), effects);
        }
    }
    Ok(())
}

/// What the terminal can show, as far as it says so.
fn look() -> Look {
    let said = |name| env::var(name).unwrap_or_default();
    let no_colour = !said("NO_COLOR").is_empty() || said("TERM") == "dumb";
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(said).find(|value| !value.is_empty());
    let utf8 = locale.is_none_or(|value| {
        let value = value.to_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    });
    Look {
        colours: if no_colour { Colours::None } else { Colours::Sixteen },
        glyphs: if utf8 && said("HALFOPEN_ASCII").is_empty() { Glyphs::Unicode } else { Glyphs::Ascii },
    }
}
