//! Going from step to step of a lesson, and what happens on arrival.

use super::{Lesson, Panel, Pause, bet_before};
use crate::app::player::Player;
use crate::app::screen::{Cx, Go};
use crate::course::StepId;
use crate::course::setup::Start;
use crate::study::record::{Kind, Place, Screen, Visited};

/// Going from step to step.
impl Lesson {
    pub(super) fn next(&mut self, cx: &mut Cx<'_>) {
        let Some(at) = self.step(cx.shared) else { return };
        let open = at.step.predictions().any(|it| bet_before(cx.shared, at, &it.id).is_none());
        if open && self.panel == Panel::Step && self.pause != Pause::Bet {
            self.open_bet(cx);
            self.pause = Pause::Bet;
            if self.panel == Panel::Bet {
                cx.say("First say what will happen. n goes on without.");
            }
            return;
        }
        let after = cx.shared.course.step_after(&self.at);
        let same = after.is_some_and(|after| after.chapter.id == at.chapter.id);
        if same {
            let id = after.map(|it| it.id());
            return self.go_to(id, cx);
        }
        if self.pause != Pause::End {
            self.pause = Pause::End;
            let quiz = if at.chapter.questions.is_empty() { "" } else { " z: its quiz." };
            let on = if after.is_some() { " n: the next chapter." } else { " n: back to the map." };
            return cx.say(format!("The chapter ends here.{quiz}{on}"));
        }
        match after.map(|it| it.id()) {
            Some(id) => self.go_to(Some(id), cx),
            None => cx.go = Some(Go::Back),
        }
    }

    pub(super) fn go_to(&mut self, to: Option<StepId>, cx: &mut Cx<'_>) {
        let Some(to) = to else { return };
        self.stop_comparing(cx);
        let same_lesson = to.lesson == self.at.lesson;
        let (player, lab_of) = (self.player.take(), self.lab_of.take());
        *self = Self::new(to);
        if same_lesson {
            (self.player, self.lab_of) = (player, lab_of);
        }
        self.arrive(cx);
    }

    /// See [`crate::app::screen::Screen::shown`].
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        if self.chapter.is_empty() {
            let place = cx.shared.progress.place();
            let same = place.filter(|place| place.step.as_deref() == Some(&self.at.to_string()));
            self.scroll.top = same.map_or(0, |place| place.row);
            self.arrive(cx);
        }
        self.resized(cx.shared);
    }

    /// The step is on the screen now: it counts as seen, and its lab is brought up.
    fn arrive(&mut self, cx: &mut Cx<'_>) {
        let Some(at) = self.step(cx.shared) else {
            cx.refuse(format!("This course has no step {}.", self.at));
            cx.go = Some(Go::Back);
            return;
        };
        self.chapter.clone_from(&at.chapter.id);
        let (chapter, step) = (self.chapter.clone(), self.at.to_string());
        let origin = at
            .lesson
            .steps
            .iter()
            .take(at.step.number)
            .rev()
            .find_map(|it| it.lab().map(|lab| (it.number, lab)));
        match origin {
            None => (self.player, self.lab_of) = (None, None),
            Some((number, _)) if self.lab_of == Some(number) && self.player.is_some() => {}
            Some((number, block)) => match Player::of_setup(&block.setup, block.from) {
                Ok(mut player) => {
                    if block.start == Start::Running {
                        player.run();
                    }
                    (self.player, self.lab_of) = (Some(player), Some(number));
                }
                Err(sentence) => {
                    (self.player, self.lab_of) = (None, None);
                    self.broken = Some(sentence);
                }
            },
        }
        if !cx.shared.progress.has_visited(&step) {
            cx.record(Kind::Visited(Visited { chapter, step }));
        }
    }

    /// See [`crate::app::screen::Screen::place`].
    pub fn place(&self) -> Place {
        let row = if self.panel == Panel::Step { self.scroll.top } else { 0 };
        Place {
            screen: Screen::Lesson,
            chapter: Some(self.chapter.clone()),
            step: Some(self.at.to_string()),
            row,
            ..Place::default()
        }
    }
}
