//! How sure the learner is, and how right: every line of it on the whole screen.

use super::Flow;
use super::keymap::{Command, Context};
use super::passage::{Passage, Scroll, Weight};
use super::screen::{Cx, Go};
use super::shared::{Shared, Size};
use crate::course::Course;
use crate::study::calibration::{Topic, lines};

/// The list of scores.
#[derive(Clone, Debug, Default)]
pub struct Calibration {
    /// How far it is scrolled.
    pub scroll: Scroll,
}

/// Columns of text at most.
pub const WIDEST: u16 = 90;

/// What a topic is called.
pub fn topic_name(course: &Course, topic: &Topic) -> String {
    match topic {
        Topic::Concept(id) => course.concept(id).map_or_else(|| id.clone(), |concept| concept.name.clone()),
        Topic::Chapter(id) => {
            course.find_chapter(id).map_or_else(|| id.clone(), |chapter| chapter.title.clone())
        }
        Topic::Lab(id) => format!("lab {id}"),
    }
}

/// What the screen says.
pub fn passages(shared: &Shared) -> Vec<Passage> {
    let calibration = shared.progress.calibration();
    let told = lines(&calibration, |topic| topic_name(&shared.course, topic));
    let topics = told.len() - calibration.by.len();
    let mut passages = Vec::new();
    for (n, line) in told.into_iter().enumerate() {
        if n == topics {
            passages.extend([Passage::Gap, Passage::note("By concept; free bets by lab", Weight::Strong)]);
        }
        passages.push(Passage::note(line, if n == 0 { Weight::Strong } else { Weight::Plain }));
    }
    let counted = "What counts: the first bet on each prediction of a lesson, bets with p in a lab on time that you had not \
                   seen, and answers to quizzes that say how sure you are.";
    passages.extend([Passage::Gap, Passage::note(counted, Weight::Dim)]);
    passages
}

/// Columns of the text on a terminal of this size.
pub fn width(size: Size) -> u16 {
    size.width.saturating_sub(2).min(WIDEST)
}

/// How many rows are seen.
pub const fn rows(size: Size) -> usize {
    (size.height as usize).saturating_sub(3)
}

impl Calibration {
    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        vec![Context::Reader, Context::Everywhere]
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, shared: &Shared) -> bool {
        let moves = matches!(command, Command::Up | Command::Down | Command::PageUp | Command::PageDown);
        moves && height(shared) > rows(shared.size)
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        let (height, rows) = (height(cx.shared), rows(cx.shared.size));
        match command {
            Command::Back => cx.go = Some(Go::Back),
            _ if self.scroll.obey(command, height, rows) => {}
            _ => return Flow::Unchanged,
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, shared: &Shared) {
        self.scroll.clamp(height(shared), rows(shared.size));
    }
}

fn height(shared: &Shared) -> usize {
    (shared.measure)(&passages(shared), width(shared.size))
}
