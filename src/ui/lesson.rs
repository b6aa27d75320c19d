//! A lesson: text above its lab, or beside it.
//!
//! ```text
//!  8.1  The circuit breaker  A small window trips by luck            step 4 of 19
//!
//!   payments works, but each call fails with 20 % probability. The threshold
//!   is 50 %, far away. [claim: 100 seeds]
//!
//!   p  Predict: which breaker opens first?
//!
//! -- t 0:18.4   x1 running   seed 7   3 checks ok -------------- Enter: whole screen
//!    the scene of the lab                               |> rate             60/s
//!                                                       |BREAK IT
//!                                                       |1 errors  2 slow x5
//!  t 17.902  what happened last, and why
//!  n next  N back  p predict  Tab text/lab  space run                     ? keys
//! ```

mod cure;
mod lab;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{self, Title};
use super::passage;
use super::theme::{Role, Theme};
use super::{bench, home, wrap};
use crate::app::lesson::areas::Area;
use crate::app::lesson::{Focus, Lesson, Panel};
use crate::app::shared::Shared;
use crate::labs::scene::Tone;

/// Its first line.
pub fn title(lesson: &Lesson, shared: &Shared) -> Title {
    let Some(at) = lesson.step(shared) else {
        return Title { left: vec![lesson.at.to_string()], right: String::new() };
    };
    let mut left = vec![home::heading(at.chapter)];
    if at.lesson.title != at.chapter.title {
        left.push(at.lesson.title.clone());
    }
    left.push(at.step.title.clone());
    Title { left, right: format!("step {} of {}", at.step.number, at.lesson.steps.len()) }
}

/// Draws it.
pub fn view(lesson: &Lesson, shared: &Shared, body: Rect, buf: &mut Buffer, theme: Theme) {
    if let Some(compared) = lesson.compared() {
        return cure::view(compared, body, buf, theme);
    }
    let areas = lesson.areas(shared);
    let text = place(areas.text, body);
    passage::view(&lesson.passages(shared), lesson.scroll, text, buf, theme);
    match (lesson.player(), &lesson.broken) {
        (Some(player), _) => {
            let parts = (place(areas.bar, body), place(areas.stage, body));
            lab::bar(player, lesson.focus == Focus::Lab, parts, buf, theme);
            lab::view(player, place(areas.stage, body), buf, theme);
        }
        (None, Some(sentence)) => {
            frame::put(
                &format!(" The lab cannot start: {sentence}"),
                place(areas.bar, body),
                buf,
                theme.tone(Tone::Bad),
            );
        }
        (None, None) => {}
    }
    narrator(lesson, shared, place(areas.narrator, body), buf, theme);
}

/// A part of the lesson on the screen.
fn place(area: Area, body: Rect) -> Rect {
    Rect { x: body.x + area.x, y: body.y + area.y, width: area.width, height: area.height }.intersection(body)
}

/// What the claim under the cursor says, or what the lab has to say.
fn narrator(lesson: &Lesson, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if let Some(claim) = lesson.claim(shared) {
        let says = claim.says.as_ref().map_or_else(String::new, |says| format!(": {says}"));
        let key = match lesson.panel {
            Panel::Proof(_) => "Enter opens one of its runs".to_owned(),
            _ => format!(
                "Enter runs it on {}",
                frame::counted(usize::try_from(claim.seeds.count()).unwrap_or(0), "seed")
            ),
        };
        let told = [wrap::Run::new(format!("{key}{says}"), theme.style(Role::Strong))];
        frame::put_lines(&wrap::wrap(&told, area.width), area, buf, theme);
    } else if let Some(player) = lesson.player() {
        // A sentence that is too long for the line is cut by its words; the bench has it whole.
        frame::put_lines(&wrap::wrap(&bench::told(player, theme), area.width), area, buf, theme);
    }
}
