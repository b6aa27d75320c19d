//! A bet on a reading, over the stage: which reading, what it will be, how sure, and at last what came.
//!
//! ```text
//! +- bet --------------------------------------------------------------------+
//! | What will queue be in 10 s, at t 25 s?          h/l  [10 s]  30 s  60 s  |
//! | Now: 12.  Requests that wait.                                            |
//! |                                                                          |
//! | > a  higher than now: above 13.2                                         |
//! |   b  about the same: 10.8 to 13.2                                        |
//! |   c  lower than now: below 10.8                                          |
//! |   d  a number, within 10 % or 1, whichever is wider                         |
//! +--------------------------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::{inset, numbers};
use crate::app::bench::{Bench, Making, Phase, Told};
use crate::app::lesson::bet::{SURE, letter};
use crate::app::player::Player;
use crate::app::stake::Stake;
use crate::labs::bet::{HORIZONS, Question, practice};
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Columns of the window at most.
const WIDTH: u16 = 78;
/// Rows of readings to choose from at most.
const READINGS: u16 = 14;

/// The line about a bet that is made and not told yet; the rows used.
pub(super) fn line(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) -> u16 {
    let Some(wager) = bench.wager().filter(|_| !area.is_empty()) else { return 0 };
    frame::put(&wager.told(), frame::row(inset(area), 0), buf, theme.style(Role::Strong));
    1
}

/// A bet being made.
pub(super) fn making(player: &Player, making: &Making, area: Rect, buf: &mut Buffer, theme: Theme) {
    match (making.phase(), making.question()) {
        (Phase::Picking, _) | (_, None) => picking(player, making, area, buf, theme),
        (phase, Some(question)) => {
            let mut text = Text::within(area);
            let typed = asking(making, question, phase, &mut text, theme);
            let inner = text.window(area, buf, theme);
            if let (Phase::Typing { line, .. }, Some(row)) = (phase, typed) {
                frame::typed(line, &question.example(), frame::row(inner, row), buf, theme);
            }
        }
    }
}

/// Lines of a window, wrapped to its width.
struct Text {
    lines: Vec<Line<'static>>,
    width: u16,
}

impl Text {
    fn within(area: Rect) -> Self {
        Self { lines: Vec::new(), width: WIDTH.min(area.width).saturating_sub(4) }
    }

    fn say(&mut self, text: impl Into<String>, style: Style) {
        self.lines.extend(wrap::wrap(&[Run::new(text.into(), style)], self.width));
    }

    /// An empty line; gives its number.
    fn gap(&mut self) -> u16 {
        self.lines.push(Line::default());
        u16::try_from(self.lines.len() - 1).unwrap_or(u16::MAX)
    }

    /// Draws them in a window and gives what is inside.
    fn window(&self, area: Rect, buf: &mut Buffer, theme: Theme) -> Rect {
        let height = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = inset(frame::window("bet", (WIDTH, height), area, buf, theme));
        frame::put_lines(&self.lines, inner, buf, theme);
        inner
    }
}

fn picking(player: &Player, making: &Making, area: Rect, buf: &mut Buffer, theme: Theme) {
    let (found, at) = making.found();
    let rows = READINGS.min(area.height.saturating_sub(5)).max(1);
    let title = format!("bet: on which reading? {} found", found.len());
    let inner = inset(frame::window(&title, (WIDTH, rows + 4), area, buf, theme));
    frame::typed(making.typed(), "type to find one", frame::row(inner, 0), buf, theme);
    let list = frame::rows(inner, 1, rows);
    let shown = usize::from(list.height);
    let top = (at + 1).saturating_sub(shown).min(found.len().saturating_sub(shown));
    let lab = player.lab();
    for ((place, index), row) in found.iter().enumerate().skip(top).take(shown).zip(0..) {
        let Some(spec) = lab.spec().readings.get(*index) else { continue };
        let style = theme.style(if place == at { Role::Focus } else { Role::Text });
        let cursor = if place == at { ">" } else { " " };
        let now = numbers::text(spec, lab.reading(*index));
        let text = format!("{cursor} {:<22} {:>9}  ", frame::fit(spec.name, 22), frame::fit(&now, 9));
        let row = frame::row(list, row);
        frame::put(&text, row, buf, style);
        let rest = Rect { x: row.x + 36.min(row.width), width: row.width.saturating_sub(36), ..row };
        frame::put(&frame::fit(spec.meaning, usize::from(rest.width)), rest, buf, theme.style(Role::Dim));
    }
    if found.is_empty() {
        frame::put("No reading has these words.", frame::row(list, 0), buf, theme.tone(Tone::Warn));
    }
    let below = found.len().saturating_sub(top + shown);
    let note = if below > 0 { frame::more(below, "reading", "Down") } else { String::new() };
    frame::put_right(&note, frame::row(inner, inner.height.saturating_sub(1)), buf, theme.style(Role::More));
}

/// Says the question, its outcomes and how sure; gives the number of the line that is typed into.
fn asking(making: &Making, question: &Question, phase: &Phase, text: &mut Text, theme: Theme) -> Option<u16> {
    let (plain, dim) = (theme.style(Role::Text), theme.style(Role::Dim));
    let mut typed = None;
    text.say(question.text(), theme.style(Role::Strong));
    text.say(format!("Now: {}.  {}", now(question), question.spec.meaning), dim);
    text.gap();
    match phase {
        Phase::Weighing { answer, sure } => {
            text.say(format!("You say: {}.", question.say(*answer)), theme.style(Role::Strong));
            let marks = SURE.iter().map(|it| if it == sure { format!("[{it}]") } else { format!(" {it} ") });
            text.say(format!("How sure? {} %", marks.collect::<String>()), plain);
            text.say("50 is a coin toss. Enter commits, and the run decides.", dim);
        }
        Phase::Typing { refused, .. } => {
            typed = Some(text.gap());
            match refused {
                Some(sentence) => text.say(sentence.as_str(), theme.tone(Tone::Bad)),
                None => text.say(format!("Right {}.", question.rule()), dim),
            }
        }
        Phase::Picking | Phase::Saying { .. } => {
            let chosen = if let Phase::Saying { cursor } = phase { Some(*cursor) } else { None };
            let number = question.takes_number().then(|| format!("a number, {}", question.rule()));
            let answers = question.answers().into_iter().map(|answer| question.say(answer));
            for (row, outcome) in answers.chain(number).enumerate() {
                let (cursor, role) = if chosen == Some(row) { ('>', Role::Focus) } else { (' ', Role::Text) };
                text.say(format!("{cursor} {}  {outcome}", letter(row)), theme.style(role));
            }
            text.gap();
            text.say(horizons(question), plain);
        }
    }
    if let Some(seen) = making.seen() {
        let sentence = format!("{} A later moment counts, and so does another seed (S).", practice(seen));
        text.say(sentence, theme.tone(Tone::Warn));
    }
    typed
}

fn horizons(question: &Question) -> String {
    let mark = |secs: &u64| if *secs == question.horizon { format!("[{secs}]") } else { format!(" {secs} ") };
    format!("When? h/l {} s", HORIZONS.iter().map(mark).collect::<String>())
}

fn now(question: &Question) -> String {
    match question.now.number() {
        Some(number) => question.shown(number),
        None => question.value(question.now),
    }
}

/// A bet and what came.
pub(super) fn told(told: &Told, area: Rect, buf: &mut Buffer, theme: Theme) {
    let mut text = Text::within(area);
    let (plain, dim) = (theme.style(Role::Text), theme.style(Role::Dim));
    if told.is_another {
        text.say("The run is another one now. This is what came of it as you bet on it:", plain);
    }
    let Stake { question, answer, sure, counts } = told.stake;
    let (verdict, tone) = match told.right {
        Some(true) => ("Right. ", theme.tone(Tone::Good)),
        Some(false) => ("Not so. ", theme.tone(Tone::Bad)),
        None => ("Off: there was nothing to measure. ", theme.tone(Tone::Warn)),
    };
    text.say(format!("{verdict}{}", question.told(told.came)), tone);
    text.say(format!("You said {}, {} % sure.", question.say(answer), sure), plain);
    text.gap();
    match (counts, told.right) {
        (true, Some(_)) => text.say(told.beside.as_str(), plain),
        (true, None) => text.say("Nothing was recorded.", dim),
        (false, _) => text.say("Practice: the moment was seen before, so nothing was recorded.", dim),
    }
    text.window(area, buf, theme);
}
