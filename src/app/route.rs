//! Going from screen to screen: what each [`Go`] opens, and what happens to the screen below.

use super::bench::Bench;
use super::calibration::Calibration;
use super::lesson::Lesson;
use super::place::Keep;
use super::player::Player;
use super::problems::Problems;
use super::quiz::Quiz;
use super::screen::{Go, Screen};
use super::shared::Notice;
use super::{App, Effect, Flow};
use crate::engine::time::Time;
use crate::labs::catalogue;
use crate::labs::scenario::Scenario;
use crate::labs::text::Misread;

impl App {
    /// Goes somewhere, as if the screen on top had asked for it.
    pub fn go(&mut self, go: Go, effects: &mut Vec<Effect>) {
        let bench = |bench: Result<Bench, String>| bench.map(|bench| Screen::Bench(Box::new(bench)));
        let opened = match go {
            Go::Back if self.stack.len() <= 1 => return effects.push(Effect::Quit),
            Go::Back => {
                let gone = self.stack.pop();
                if let (Some(gone), Some(top)) = (gone, self.stack.last_mut()) {
                    top.take_back(gone);
                }
                return self.shown(effects);
            }
            Go::BackTo(command) => {
                self.go(Go::Back, effects);
                let _ = self.with_screen(effects, |screen, cx| screen.update(command, cx));
                return;
            }
            Go::Map => {
                self.stack.truncate(1);
                return self.shown(effects);
            }
            Go::Step(at) => {
                if matches!(self.stack.last(), Some(Screen::Lesson(_))) {
                    self.stack.pop();
                }
                Ok(Screen::Lesson(Box::new(Lesson::new(at))))
            }
            Go::Lab(setup, from) => bench(Bench::of_setup(&setup, from)),
            Go::Zoom(player, brief, command) => {
                bench(Ok(Bench::zoomed(*player, brief.map(|it| *it), command)))
            }
            Go::Proof(claim) => bench(Bench::of_claim(&claim)),
            Go::Play(name, preset) => bench(play(name, preset)),
            Go::Problems => Ok(Screen::Problems(Problems::default())),
            Go::Calibration => Ok(Screen::Calibration(Calibration::default())),
            Go::Quiz(chapter) => self.quiz(chapter.as_deref(), effects),
        };
        match opened {
            Ok(screen) => self.stack.push(screen),
            Err(sentence) => self.shared.notice = Some(Notice::error(sentence)),
        }
        self.shown(effects);
    }

    /// The quiz of a chapter, or of all of them: where it was left, or a new one.
    fn quiz(&mut self, chapter: Option<&str>, effects: &mut Vec<Effect>) -> Result<Screen, String> {
        let luck = self.shared.draw();
        let (quiz, started) = Quiz::open(chapter, &self.shared.course, &self.shared.progress, luck);
        if quiz.session().started().questions.is_empty() {
            return Err("There are no questions here yet.".to_owned());
        }
        effects.extend(started.map(Effect::Record));
        Ok(Screen::Quiz(Box::new(quiz)))
    }

    /// Tells the screen on top that it is there.
    fn shown(&mut self, effects: &mut Vec<Effect>) {
        let _ = self.with_screen(effects, |screen, cx| {
            screen.shown(cx);
            Flow::Redraw
        });
    }

    /// Goes where the palette leads. It can go from anywhere to anywhere, so the oldest screens above the map give way.
    pub(super) fn leave_for(&mut self, go: Go, effects: &mut Vec<Effect>) {
        self.keep_place(Keep::Row, effects);
        if matches!((&go, self.stack.last()), (Go::Quiz(_), Some(Screen::Quiz(_)))) && self.stack.len() > 1 {
            self.stack.pop();
        }
        if self.stack.len() >= DEEPEST {
            self.stack.remove(1);
        }
        self.go(go, effects);
    }
}

/// How many screens the palette piles up.
const DEEPEST: usize = 16;

/// The bench with this lab, as this preset sets it up, or its first one; the error is a sentence.
fn play(name: &str, preset: Option<&str>) -> Result<Bench, String> {
    let told = |misread: Misread| misread.to_string();
    let mut scenario = catalogue::find(name).map(Scenario::first).map_err(told)?;
    if let Some(preset) = preset {
        scenario.use_preset(preset).map_err(told)?;
    }
    Ok(Bench::new(Player::open(&scenario, Time::ZERO)))
}
