//! The bench: a lab on the whole screen.
//!
//! ```text
//! +- stage ------------------------------------+ +- knobs 2 of 5 -----------+
//! | the scene of the lab                       | |  rate               70/s |
//! |                                            | |> workers              10 |
//! | with Tab: the log, then the numbers        | |BREAK IT                  |
//! +--------------------------------------------+ |1 slow x5   2 traffic x2  |
//! +- last 60 s   1 slow x5   G queue grows ----+-+--------------------------+
//! | done/s   ########===--                                             70/s |
//! | events   .....1...G......                                               |
//! +-------------------------------------------------------------------------+
//!  t 17.902  what happened last, and why: two lines
//!  workers   what the chosen knob means
//! ```
//!
//! From 120x36 on the log, the numbers and the checks have areas of their own; under 80x24 only the stage and the
//! narrator are left.

mod areas;
mod bet;
mod branches;
mod brief;
mod inspect;
mod log;
mod numbers;
mod over;
mod share;
pub(super) mod side;
mod sweep;
mod timeline;
mod twins;
mod why;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use self::areas::Areas;
use super::frame::{self, Title};
use super::scene::{self, Look, Shown};
use super::theme::{Role, Theme};
use super::wrap::{self, Run};
use crate::app::bench::{self, Bench, Focus, Open};
use crate::app::player::{Outcome, Player};
use crate::labs::lab::{Occurrence, Promise};
use crate::labs::scene::{Picture, Place, Scene, Strip, Tone};

/// Its first line.
pub fn title(bench: &Bench) -> Title {
    let player = bench.player();
    let right = standing(player);
    let mut left = vec![player.spec().title.to_owned(), player.lab().scenario().preset.to_owned()];
    if player.branches().all().len() > 1 {
        let side = player.side().map_or(String::new(), |side| format!("{}: ", side.letter()));
        left.push(format!("{side}{}", player.branches().current().name()));
    }
    left.extend(bench.brief().map(brief::title));
    Title { left, right }
}

/// When, how fast, with which seed, and whether all is well.
pub(super) fn standing(player: &Player) -> String {
    let pace = match (player.is_running(), player.lag()) {
        _ if player.heading().is_some() => {
            let (to, part) = player.heading().unwrap_or_default();
            format!("going to {} s: {:.0} %", timeline::tenths(to), part * 100.0)
        }
        (true, None) => format!("{} running", player.speed()),
        (true, Some(part)) => format!("{} slowed to {:.0} %", player.speed(), part * 100.0),
        (false, _) => format!("{} paused", player.speed()),
    };
    let seed = player.lab().scenario().seed;
    // In seconds, as lessons and occurrences tell it.
    let at = format!("t {} s", timeline::tenths(player.lab().now()));
    [at, pace, format!("seed {seed}"), checks(player)].join(PARTED)
}

/// The same in at most `room` columns: the seed gives way first, then the checks that hold, then the speed.
pub(super) fn standing_in(player: &Player, room: usize) -> String {
    let whole = standing(player);
    let parts: Vec<&str> = whole.split(PARTED).collect();
    let kept: [&[usize]; 4] = [&[0, 1, 2, 3], &[0, 1, 3], &[0, 1], &[0]];
    let told = kept
        .map(|kept| kept.iter().filter_map(|at| parts.get(*at).copied()).collect::<Vec<_>>().join(PARTED));
    told.into_iter().find(|text| text.len() <= room).unwrap_or_default()
}

/// What stands between two parts of the standing.
const PARTED: &str = "   ";

/// How the invariants stand, in a few words.
fn checks(player: &Player) -> String {
    let standings = player.lab().invariants();
    let broken = || standings.iter().filter(|standing| standing.broken.is_some());
    let worst = broken().find(|standing| standing.invariant.kind != Promise::Property);
    match (worst, broken().count()) {
        (Some(standing), _) => format!("BROKEN {}", standing.invariant.name),
        (None, 0) => format!("{} checks ok", standings.len()),
        (None, count) => format!("{count} of {} broken", standings.len()),
    }
}

/// Draws it.
pub fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let tracks = bench.player().spec().strips.len() + 1;
    let own = own_height(&bench.player().lab().scene(), area.width);
    let areas = areas::split(area, tracks, own);
    let is_twin = bench.player().side().is_some();
    if areas.is_bare() && is_twin {
        let half = areas.stage.height / 2;
        stage_picture(bench, frame::rows(areas.stage, 0, half), buf, theme);
        twins::compare(bench, frame::rows(areas.stage, half, areas.stage.height), buf, theme);
    } else if areas.is_bare() {
        match bench.focus() {
            Focus::Knobs | Focus::Stage | Focus::Timeline => stage_picture(bench, areas.stage, buf, theme),
            Focus::Log => log::view(bench, areas.stage, buf, theme),
            Focus::Readings => numbers::view(bench, areas.stage, buf, theme),
        }
    } else {
        stage(bench, &areas, buf, theme);
        if !is_twin || areas.has_all() {
            side::view(bench, areas.side, buf, theme);
            strip(bench.player(), areas.strip, buf, theme);
        } else {
            twins::compare(bench, areas.strip, buf, theme);
        }
        timeline::view(bench, areas.strip, buf, theme);
        log::view(bench, areas.log, buf, theme);
        if is_twin {
            twins::compare(bench, areas.readings, buf, theme);
        } else {
            numbers::readings(bench, areas.readings, buf, theme);
        }
        numbers::checks(bench, areas.checks, buf, theme);
    }
    let briefed = brief::view(bench, areas.narrator, buf, theme);
    let briefed =
        briefed + bet::line(bench, frame::rows(areas.narrator, briefed, areas.narrator.height), buf, theme);
    // Without frames the second line is the knob's, and a brief takes the first.
    let rows = if areas.is_bare() { areas.narrator.height.min(1) } else { areas.narrator.height };
    let told = frame::rows(areas.narrator, briefed, rows.saturating_sub(briefed));
    let used = briefed + narrator(bench, told, buf, theme);
    if areas.is_bare() {
        let row = frame::row(areas.narrator, 1);
        match part_name(bench) {
            Some(part) => {
                let text = format!("> {part}   Enter opens it");
                frame::put(&text, inset(row), buf, theme.style(Role::Focus));
            }
            None => side::chosen(bench.player(), row, buf, theme),
        }
    } else {
        // A line that the narrator does not need is the knob's.
        let foot = areas.narrator.union(areas.knob);
        let foot = frame::rows(foot, used.min(foot.height), foot.height);
        if is_twin && !areas.has_all() {
            side::chosen(bench.player(), frame::row(foot, foot.height.saturating_sub(1)), buf, theme);
        } else {
            side::meaning(bench.player(), foot, buf, theme);
        }
    }
    match bench.open() {
        Open::Nothing => {}
        Open::Presets(at) => over::presets(bench.player(), *at, area, buf, theme),
        Open::Branches(list) => branches::view(bench.player(), list, area, buf, theme),
        Open::Bet(making) => bet::making(bench.player(), making, area, buf, theme),
        Open::Told(it) => bet::told(it, area, buf, theme),
        Open::Sweep(sweep) => sweep::view(bench.player(), sweep, area, buf, theme),
        Open::Why(why) => why::view(why, area, buf, theme),
        Open::Share(it) => share::view(it, area, buf, theme),
        Open::Log => log::whole(bench, area, buf, theme),
        Open::Part(part) => inspect::view(bench.player(), part, area, buf, theme),
    }
}

/// The stage, or where there is no other place for it, what the learner asked for with Tab.
fn stage(bench: &Bench, areas: &Areas, buf: &mut Buffer, theme: Theme) {
    let is_twin = bench.player().side().is_some();
    // Twins need the width: what is beside the stage gives way where room is short.
    let whole = if is_twin && !areas.has_all() { areas.stage.union(areas.side) } else { areas.stage };
    match bench.focus() {
        Focus::Log if areas.log.is_empty() => log::view(bench, whole, buf, theme),
        Focus::Readings if areas.readings.is_empty() => numbers::view(bench, whole, buf, theme),
        _ if is_twin => twins::stages(bench, whole, buf, theme),
        _ => {
            let part = part_name(bench);
            let room = usize::from(areas.stage.width).saturating_sub(22);
            let (title, role) = match &part {
                Some(part) => (format!("stage: {}   Enter opens it", frame::fit(part, room)), Role::Focus),
                None => ("stage".to_owned(), Role::Frame),
            };
            let inner = framed(&title, role, areas.stage, buf, theme);
            stage_picture(bench, inner, buf, theme);
        }
    }
}

fn stage_picture(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let scene = bench.player().lab().scene();
    let selected = bench.chosen_part(&scene).map(|part| &part.id);
    scene::draw(&scene, Shown::Only(Place::Stage), area, buf, Look { selected, ..Look::of(theme) });
}

/// The name of the part under the cursor, while the stage has the arrows.
fn part_name(bench: &Bench) -> Option<String> {
    bench.chosen_part(&bench.player().lab().scene()).map(|part| part.id.spoken())
}

/// The rows that the lab's own pictures over time would like to have.
fn own_height(scene: &Scene, width: u16) -> u16 {
    scene::best_height(scene, Shown::Only(Place::Strip), width.saturating_sub(2))
}

/// What led here: the lab's own pictures over time, if it has any, then its series, if there is room for them.
pub(super) fn strip(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    let scene = player.lab().scene();
    let own = own_height(&scene, area.width);
    if own == 0 {
        return series(player, area, buf, theme);
    }
    let title =
        scene.panels.iter().find(|panel| panel.place == Place::Strip).map(|panel| panel.title.as_str());
    let mut inner = framed(title.unwrap_or("over time"), Role::Frame, area, buf, theme);
    // The title stands in the frame.
    let untitled = Scene { panels: scene.panels.into_iter().map(|panel| panel.titled("")).collect() };
    let left = inner.height.saturating_sub(own);
    let series_height = if left >= FAIR_SERIES { left } else { FAIR_SERIES.min(inner.height / 3) };
    if series_height >= LEAST_SERIES {
        inner.height -= series_height;
        let below = Rect { y: inner.bottom(), height: series_height, ..inner };
        let (story, _) = cut_story(player, below);
        scene::draw_picture(&Picture::Strip(story.strip), below, buf, Look::of(theme));
    }
    scene::draw(&untitled, Shown::Only(Place::Strip), inner, buf, Look::of(theme));
}

/// Beside a picture of the lab's own, series get so many rows if they can, and none below the least.
const FAIR_SERIES: u16 = 4;
const LEAST_SERIES: u16 = 3;

/// The last seconds as series, as many as fit into `area`, and how many are left out.
fn cut_story(player: &Player, area: Rect) -> (bench::Story, usize) {
    let seconds = seconds_shown(player, area.width);
    let mut story = bench::story(player, seconds);
    let hidden = keep_events(&mut story.strip, area.height);
    (story, hidden)
}

/// A column a second at most; at the start of a run what little has happened is spread out.
fn seconds_shown(player: &Player, width: u16) -> u64 {
    let most = u64::from(width.saturating_sub(SPARE)).max(STEP);
    ((player.lab().now().whole_secs() / STEP + 1) * STEP).min(most)
}

/// The series over time, a second a column.
fn series(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    let seconds = seconds_shown(player, area.width);
    let (story, hidden) = cut_story(player, Rect { height: area.height.saturating_sub(2), ..area });
    let mut title = match hidden {
        0 => format!("last {seconds} s"),
        hidden => format!("last {seconds} s  +{hidden} series"),
    };
    let room = usize::from(area.width.saturating_sub(4)).saturating_sub(title.len());
    title.push_str(&legend(&story.legend, room));
    let inner = framed(&title, Role::Frame, area, buf, theme);
    scene::draw_picture(&Picture::Strip(story.strip), inner, buf, Look::of(theme));
}

/// What the letters mean, in `room` columns: in full, else without the part that it happened to, else not all. Digits
/// and other signs come last, since the buttons tell what they mean.
fn legend(letters: &[(char, String)], room: usize) -> String {
    let (facts, acts): (Vec<_>, Vec<_>) = letters.iter().partition(|(letter, _)| letter.is_ascii_uppercase());
    let spoken = |short: bool| -> Vec<String> {
        let fact = |(letter, meaning): &(char, String)| {
            let rest = meaning.split_once(' ').filter(|_| short).map_or(meaning.as_str(), |(_, rest)| rest);
            format!("  {letter} {rest}")
        };
        let facts = facts.iter().map(|known| fact(known));
        facts.chain(acts.iter().map(|(sign, meaning)| format!("  {sign} {meaning}"))).collect()
    };
    let wide = |parts: &[String]| parts.iter().map(String::len).sum::<usize>();
    let full = spoken(false);
    let mut parts = if wide(&full) <= room { full } else { spoken(true) };
    let more = "  ...";
    let cut = wide(&parts) > room;
    while cut && wide(&parts) + more.len() > room && parts.pop().is_some() {}
    if cut && more.len() <= room {
        parts.push(more.to_owned());
    }
    parts.concat()
}

/// Columns of the strip that hold no bars: the frame, labels, values.
const SPARE: u16 = 20;
/// The strip grows by so many seconds until it is full.
const STEP: u64 = 20;

/// Drops the last series so that the row of events has room; returns how many.
fn keep_events(strip: &mut Strip, height: u16) -> usize {
    let hidden = strip.rows.len().saturating_sub(usize::from(height).max(1));
    let events = strip.rows.len().saturating_sub(1);
    strip.rows.drain(events.saturating_sub(hidden)..events);
    hidden
}

/// What there is to say: why a command was refused, what happened last, or what the lab is about. Returns the rows used.
fn narrator(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) -> u16 {
    let runs = match bench.chosen_fact() {
        Some(fact) => fact_told(&fact, theme),
        None if bench.player().side().is_some() && bench.player().remark().is_none() => {
            twins::told(bench.player(), theme)
        }
        None => told(bench.player(), theme),
    };
    let area = inset(area);
    let lines = wrap::wrap(&runs, area.width);
    frame::put_lines(&lines, area, buf, theme);
    u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height)
}

/// What a lab that plays has to say.
pub(super) fn told(player: &Player, theme: Theme) -> Vec<Run> {
    match (player.remark(), player.notable().last()) {
        (Some(remark), _) => {
            let style = match remark.outcome {
                Outcome::Done => theme.style(Role::Strong),
                Outcome::Refused => theme.tone(Tone::Warn),
            };
            vec![Run::new(remark.text.as_str(), style)]
        }
        (None, Some(fact)) => fact_told(fact, theme),
        (None, None) => vec![Run::new(player.spec().summary, Style::new())],
    }
}

fn fact_told(fact: &Occurrence, theme: Theme) -> Vec<Run> {
    let at = Run::new(format!("t {}  ", fact.at), theme.style(Role::Dim));
    vec![at, Run::new(fact.told.sentence.as_str(), Style::new())]
}

/// Draws a frame and returns what is inside.
fn framed(title: &str, line: Role, area: Rect, buf: &mut Buffer, theme: Theme) -> Rect {
    let block = theme.frame(title, line);
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}

/// The area without its first and last column.
const fn inset(area: Rect) -> Rect {
    Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area }
}

#[cfg(test)]
mod tests;
