//! The course map: one obvious next thing on top, then everything there is.

use super::Flow;
use super::confirm::Confirm;
use super::keymap::{Command, Context};
use super::passage::Scroll;
use super::screen::{Cx, Go};
use super::shared::{Shared, Size};
use crate::course::{Chapter, Course, Lesson, StepId, StepRef};
use crate::labs::catalogue::LABS;
use crate::study::progress::Progress;
use crate::study::record::{Kind, Scope, Screen};

/// The course map.
#[derive(Debug, Default)]
pub struct Home {
    /// The chosen line, counted among those that can be chosen.
    pub cursor: usize,
    /// How far the map is scrolled.
    pub scroll: Scroll,
}

/// A line of the map.
#[derive(Clone, PartialEq, Debug)]
pub enum Line<'a> {
    /// The one obvious next thing.
    Next(Next<'a>),
    /// Something about the journal that stays true.
    Warning(&'a str),
    /// So many things are wrong in the course folder.
    Problems(usize),
    /// How sure the learner is, and how right, in a line.
    Calibration(String),
    /// There is no lesson at all.
    Empty,
    /// A chapter's heading.
    Chapter(&'a Chapter),
    /// A lesson.
    Lesson {
        /// Its chapter.
        chapter: &'a Chapter,
        /// The lesson.
        lesson: &'a Lesson,
        /// How many of its steps were shown.
        seen: usize,
        /// The step at which it opens: the first one not shown, or the first of a lesson that is read.
        next: usize,
    },
    /// A chapter's quiz.
    Quiz {
        /// The chapter.
        chapter: &'a Chapter,
        /// How many of its questions were answered right when last asked.
        right: usize,
        /// How many were ever answered.
        answered: usize,
    },
    /// The heading of the labs.
    Labs,
    /// The lab at this index of the catalogue.
    Lab(usize),
    /// An empty line.
    Gap,
}

/// The one obvious next thing.
#[derive(Clone, PartialEq, Debug)]
pub enum Next<'a> {
    /// The first step of a course of which nothing was seen.
    Begin(StepRef<'a>),
    /// Where the learner was.
    Continue(StepRef<'a>),
    /// The quiz in which the learner was.
    Resume(&'a Chapter),
    /// The first lesson with something unseen.
    Read(StepRef<'a>),
    /// A chapter's quiz, since its lessons are read.
    Quiz(&'a Chapter),
}

impl<'a> Next<'a> {
    /// What comes next for this learner; none in a course without lessons.
    pub fn of(course: &'a Course, progress: &Progress) -> Option<Self> {
        let resumed = Self::resumed(course, progress);
        let unseen = |it: &StepRef<'_>| !progress.has_visited(&it.id().to_string());
        resumed
            .or_else(|| {
                let step = course.steps().find(unseen)?;
                let first = course.steps().all(|step| unseen(&step));
                Some(if first { Self::Begin(step) } else { Self::Read(step) })
            })
            .or_else(|| course.chapters.iter().find(|it| !it.questions.is_empty()).map(Self::Quiz))
            .or_else(|| course.steps().next().map(Self::Continue))
    }

    fn resumed(course: &'a Course, progress: &Progress) -> Option<Self> {
        let place = progress.place()?;
        if place.screen == Screen::Quiz {
            // A quiz that ended is not where the learner is.
            progress.session(place.session.as_deref()?)?;
            return course.find_chapter(place.chapter.as_deref()?).map(Self::Resume);
        }
        course.find_step(place.step.as_deref()?).map(Self::Continue)
    }

    fn chapter(&self) -> &'a Chapter {
        match self {
            Self::Begin(step) | Self::Continue(step) | Self::Read(step) => step.chapter,
            Self::Resume(chapter) | Self::Quiz(chapter) => chapter,
        }
    }

    fn go(&self) -> Go {
        match self {
            Self::Begin(step) | Self::Continue(step) | Self::Read(step) => Go::Step(step.id()),
            Self::Resume(chapter) | Self::Quiz(chapter) => Go::Quiz(Some(chapter.id.clone())),
        }
    }
}

fn id(lesson: &Lesson, number: usize) -> String {
    StepId { lesson: lesson.id.value.clone(), number }.to_string()
}

/// The first step of a lesson that was not shown, or the first of all.
fn next_step(lesson: &Lesson, progress: &Progress) -> usize {
    let mut numbers = lesson.steps.iter().map(|step| step.number);
    numbers.find(|number| !progress.has_visited(&id(lesson, *number))).unwrap_or(1)
}

/// The step at which a lesson is opened.
pub fn step_to_read(lesson: &str, shared: &Shared) -> Option<StepId> {
    let (_, found) = shared.course.find_lesson(lesson)?;
    Some(StepId { lesson: lesson.to_owned(), number: next_step(found, &shared.progress) })
}

impl Line<'_> {
    /// Whether the cursor can stand on it.
    pub const fn is_choice(&self) -> bool {
        matches!(
            self,
            Self::Next(_) | Self::Calibration(_) | Self::Lesson { .. } | Self::Quiz { .. } | Self::Lab(_)
        )
    }
}

/// `text` in pieces of at most `width` characters, cut at blanks where there are any.
fn pieces(text: &str, width: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.char_indices().nth(width.max(1)).map_or(rest.len(), |(at, _)| at);
        let cut =
            if end == rest.len() { end } else { rest[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end) };
        let (piece, after) = rest.split_at(cut);
        rest = after.trim_start();
        Some(piece)
    })
}

/// Every line of the map, from top to bottom.
pub fn lines(shared: &Shared) -> Vec<Line<'_>> {
    let (course, progress) = (&shared.course, &shared.progress);
    let mut lines = Vec::new();
    if let Some(warning) = &shared.warning {
        // A path that is cut off helps nobody.
        lines.extend(pieces(warning, usize::from(shared.size.width.saturating_sub(4))).map(Line::Warning));
    }
    if !shared.problems.is_empty() {
        lines.push(Line::Problems(shared.problems.len()));
    }
    match Next::of(course, progress) {
        Some(next) => lines.push(Line::Next(next)),
        None => lines.push(Line::Empty),
    }
    let calibration = progress.calibration().all;
    if calibration.tally.all() > 0 {
        lines.push(Line::Calibration(calibration.told()));
    }
    for chapter in &course.chapters {
        lines.extend([Line::Gap, Line::Chapter(chapter)]);
        lines.extend(chapter.lessons.iter().map(|lesson| {
            let is_seen = |number: usize| progress.has_visited(&id(lesson, number));
            let seen = lesson.steps.iter().filter(|step| is_seen(step.number)).count();
            Line::Lesson { chapter, lesson, seen, next: next_step(lesson, progress) }
        }));
        if !chapter.questions.is_empty() {
            let states = || chapter.questions.iter().filter_map(|question| progress.question(&question.id));
            let right = states().filter(|state| state.is_right()).count();
            lines.push(Line::Quiz { chapter, right, answered: states().count() });
        }
    }
    lines.extend([Line::Gap, Line::Labs]);
    lines.extend((0..LABS.len()).map(Line::Lab));
    lines
}

/// How many rows of the map are seen: the screen without header, footer and the empty rows beside them.
pub const fn rows(size: Size) -> usize {
    (size.height as usize).saturating_sub(4)
}

impl Home {
    /// The chosen line and its row.
    pub fn chosen<'a>(&self, lines: &[Line<'a>]) -> Option<(usize, Line<'a>)> {
        lines
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_choice())
            .nth(self.cursor)
            .map(|(row, it)| (row, it.clone()))
    }

    /// The chapter of the chosen line.
    fn chapter<'a>(&self, shared: &'a Shared) -> Option<&'a Chapter> {
        match self.chosen(&lines(shared))?.1 {
            Line::Lesson { chapter, .. } | Line::Quiz { chapter, .. } => Some(chapter),
            Line::Next(next) => Some(next.chapter()),
            _ => None,
        }
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Home, Context::Everywhere]
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, shared: &Shared) -> bool {
        match command {
            Command::Up
            | Command::Down
            | Command::First
            | Command::Last
            | Command::PageUp
            | Command::PageDown => true,
            Command::Accept => self.chosen(&lines(shared)).is_some(),
            Command::Quiz => self.chapter(shared).is_some_and(|it| !it.questions.is_empty()),
            Command::ResetChapter => self.chapter(shared).is_some() && has_progress(shared),
            Command::ResetAll => has_progress(shared),
            Command::Problems => !shared.problems.is_empty(),
            _ => false,
        }
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match command {
            Command::Back => cx.go = Some(Go::Back),
            Command::Accept => cx.go = self.chosen(&lines(cx.shared)).and_then(|(_, line)| go(&line)),
            Command::Quiz => cx.go = self.chapter(cx.shared).map(|it| Go::Quiz(Some(it.id.clone()))),
            Command::Problems => cx.go = Some(Go::Problems),
            Command::ResetChapter => {
                let title = self.chapter(cx.shared).map(|it| it.title.clone());
                cx.ask = title.map(|title| reset(command, &format!("\"{title}\"")));
            }
            Command::ResetAll => cx.ask = Some(reset(command, "the whole course")),
            _ => self.move_cursor(command, cx.shared),
        }
        Flow::Redraw
    }

    fn move_cursor(&mut self, command: Command, shared: &Shared) {
        let lines = lines(shared);
        let last = lines.iter().filter(|it| it.is_choice()).count().saturating_sub(1);
        let page = rows(shared.size).max(2) / 2;
        self.cursor = match command {
            Command::Up => self.cursor.saturating_sub(1),
            Command::Down => self.cursor + 1,
            Command::PageUp => self.cursor.saturating_sub(page),
            Command::PageDown => self.cursor + page,
            Command::First => 0,
            Command::Last => last,
            _ => self.cursor,
        }
        .min(last);
        self.follow(&lines, shared.size);
    }

    /// Scrolls to where the cursor is; on the first choice, to the very top.
    fn follow(&mut self, lines: &[Line<'_>], size: Size) {
        let row = if self.cursor == 0 { Some(0) } else { self.chosen(lines).map(|(row, _)| row) };
        if let Some(row) = row {
            // One more row than the line itself, so that the heading above it is seen too.
            self.scroll.show(row.saturating_sub(1), row + 1, lines.len(), rows(size));
        }
    }

    /// See [`super::screen::Screen::confirmed`].
    pub fn confirmed(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        let scope = match command {
            Command::ResetAll => Some(Scope::All),
            Command::ResetChapter => self.chapter(cx.shared).map(|it| Scope::Chapter(it.id.clone())),
            _ => None,
        };
        if let Some(scope) = scope {
            cx.record(Kind::Reset { scope });
            self.cursor = 0;
            self.scroll = Scroll::default();
            cx.say("Begun anew.");
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::shown`].
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        self.resized(cx.shared);
    }

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, shared: &Shared) {
        self.follow(&lines(shared), shared.size);
    }
}

fn has_progress(shared: &Shared) -> bool {
    let progress = &shared.progress;
    progress.place().is_some() || progress.chapters().next().is_some() || !progress.bets().is_empty()
}

fn go(line: &Line<'_>) -> Option<Go> {
    match line {
        Line::Next(next) => Some(next.go()),
        Line::Calibration(_) => Some(Go::Calibration),
        Line::Lesson { lesson, next, .. } => {
            Some(Go::Step(StepId { lesson: lesson.id.value.clone(), number: *next }))
        }
        Line::Quiz { chapter, .. } => Some(Go::Quiz(Some(chapter.id.clone()))),
        Line::Lab(index) => LABS.get(*index).map(|entry| Go::Play(entry.spec.name, None)),
        _ => None,
    }
}

fn reset(yes: Command, what: &str) -> Confirm {
    Confirm {
        question: format!("Begin {what} anew?"),
        detail: "Progress starts from nothing; the journal keeps what was.".into(),
        yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::record::{Place, QuizStarted, Record, VERSION, Visited};
    use jiff::Timestamp;

    fn course() -> Course {
        crate::course::load(&crate::course::embedded::files()).course
    }

    fn after(kinds: impl IntoIterator<Item = Kind>) -> Progress {
        let record = |kind| Record { id: String::new(), v: VERSION, at: Timestamp::UNIX_EPOCH, kind };
        let records: Vec<Record> = kinds.into_iter().map(record).collect();
        Progress::replay(&records)
    }

    #[test]
    fn a_warning_is_told_whole_in_lines_that_fit() {
        let told: Vec<&str> = pieces("Nothing is saved: /a/rather/long/path is read-only", 20).collect();
        assert_eq!(told, ["Nothing is saved:", "/a/rather/long/path", "is read-only"]);
        assert_eq!(pieces("abcdefgh", 3).collect::<String>(), "abcdefgh");
        assert_eq!(pieces("", 3).count(), 0);
    }

    fn visited(at: &StepRef<'_>) -> Kind {
        Kind::Visited(Visited { chapter: at.chapter.id.clone(), step: at.id().to_string() })
    }

    #[test]
    fn the_next_thing_is_where_one_was_or_else_what_was_not_seen() {
        let course = course();
        assert!(matches!(Next::of(&course, &Progress::default()), Some(Next::Begin(_))));
        let first = course.steps().next().unwrap();
        let read = after([visited(&first)]);
        assert!(matches!(Next::of(&course, &read), Some(Next::Read(it)) if it.step.number == 2));
        let place = Kind::Place(Place {
            screen: Screen::Lesson,
            step: Some(first.id().to_string()),
            ..Place::default()
        });
        let there = after([visited(&first), place]);
        assert!(matches!(Next::of(&course, &there), Some(Next::Continue(it)) if it.id() == first.id()));
        let all = after(course.steps().map(|it| visited(&it)));
        assert!(matches!(Next::of(&course, &all), Some(Next::Quiz(_))));
    }

    #[test]
    fn a_quiz_is_gone_on_with_only_until_it_ends() {
        let course = course();
        let chapter = course.chapters.iter().find(|it| !it.questions.is_empty()).unwrap().id.clone();
        let started = Kind::QuizStarted(QuizStarted {
            session: "s".into(),
            chapter: Some(chapter.clone()),
            mode: crate::study::record::Mode::Quiz,
            seed: 1,
            questions: vec![],
        });
        let place = Kind::Place(Place {
            screen: Screen::Quiz,
            chapter: Some(chapter),
            session: Some("s".into()),
            ..Place::default()
        });
        let open = after([started, place.clone()]);
        assert!(matches!(Next::of(&course, &open), Some(Next::Resume(_))));
        assert!(matches!(Next::of(&course, &after([place])), Some(Next::Begin(_))));
    }
}
