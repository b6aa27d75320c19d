//! Two runs side by side, and their readings.
//!
//! ```text
//! +- A  main --------------------+ +- B  twin @12.4 (here) --------+
//! | the scene of the one         | | the scene of the other        |
//! +------------------------------+ +-------------------------------+
//! +- A | B ---------------------------------------------------------+
//! | ok/s       29 |  12      p99        410 ms | 2.1 s             |
//! +-----------------------------------------------------------------+
//!  They part at 9.120 s, in B alone: A opens: ...
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::numbers::{name, text};
use super::{framed, inset};
use crate::app::bench::Bench;
use crate::app::player::{Player, Side};
use crate::labs::branch::Branch;
use crate::labs::scene::{Place, Tone};
use crate::labs::twin::Compared;
use crate::ui::frame;
use crate::ui::scene::{self, Look, Shown};
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::Run;

/// Columns of one compared reading at least, and between two of them.
const COLUMN: u16 = 34;
const GAP: u16 = 3;

/// Draws both scenes next to each other.
pub(super) fn stages(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let Some((a, b)) = bench.player().sides() else { return };
    let half = area.width / 2;
    let left = Rect { width: half, ..area };
    let right = Rect { x: area.x + half, width: area.width - half, ..area };
    stage(bench, (Side::A, a), left, buf, theme);
    stage(bench, (Side::B, b), right, buf, theme);
}

fn stage(bench: &Bench, (side, branch): (Side, &Branch), area: Rect, buf: &mut Buffer, theme: Theme) {
    let is_current = bench.player().side() == Some(side);
    let (role, here) = if is_current { (Role::Focus, "  > you act here") } else { (Role::Frame, "") };
    let room = usize::from(area.width.saturating_sub(8)).saturating_sub(here.len());
    let title = format!("{}  {}{here}", side.letter(), frame::fit(branch.name(), room));
    let inner = framed(&title, role, area, buf, theme);
    let scene = branch.lab().scene();
    let selected = bench.chosen_part(&scene).filter(|_| is_current).map(|part| &part.id);
    scene::draw(&scene, Shown::Only(Place::Stage), inner, buf, Look { selected, ..Look::of(theme) });
}

/// Draws the readings of both: those of the strips first, then those that differ.
pub(super) fn compare(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = inset(framed("A | B", Role::Frame, area, buf, theme));
    let compared = in_order(bench.player());
    let columns = usize::from(((inner.width + GAP) / (COLUMN + GAP)).max(1));
    let width = ((inner.width + GAP) / u16::try_from(columns).unwrap_or(1)).saturating_sub(GAP);
    let rows = usize::from(inner.height);
    for (place, it) in compared.iter().take(columns * rows).enumerate() {
        let (column, row) = (place / rows.max(1), place % rows.max(1));
        let x = inner.x + u16::try_from(column).unwrap_or(0) * (width + GAP);
        let cell = frame::row(Rect { x, width, ..inner }, u16::try_from(row).unwrap_or(0));
        reading(it, cell, buf, theme);
    }
}

fn in_order(player: &Player) -> Vec<Compared> {
    let strips = player.spec().strips;
    let mut compared = player.compared();
    // Stable: within each class the order of the specification stays.
    compared.sort_by_key(|it| {
        let strip = strips.iter().position(|(_, name)| *name == it.spec.name);
        (strip.unwrap_or(strips.len()), it.a == it.b)
    });
    compared
}

/// Columns of each value.
const VALUE: usize = 9;

fn reading(it: &Compared, cell: Rect, buf: &mut Buffer, theme: Theme) {
    let (a, b) = (text(it.spec, it.a), text(it.spec, it.b));
    let style = if it.a == it.b { theme.style(Role::Dim) } else { Style::new() };
    let mark = if it.a == it.b { "|" } else { "*" };
    let pad = |text: &str| " ".repeat(VALUE.saturating_sub(text.width()));
    let values = format!("{}{a} {mark} {b}{}", pad(&a), pad(&b));
    let left = frame::put_right(&values, cell, buf, style);
    let left = Rect { width: left.width.saturating_sub(1), ..left };
    frame::put(&frame::fit(&name(it.spec), usize::from(left.width)), left, buf, theme.style(Role::Dim));
}

/// Where the two part.
pub(super) fn told(player: &Player, theme: Theme) -> Vec<Run> {
    let (first, notable) = player.divergence();
    let Some(first) = first else {
        let now = player.lab().now();
        return vec![Run::new(format!("A and B are the same up to {now} s."), theme.style(Role::Dim))];
    };
    let found = notable.unwrap_or(first);
    let mut runs = vec![Run::new(found.tell("A", "B"), Style::new())];
    if found.at > first.at {
        runs.push(Run::new(format!(" They part first at {} s.", first.at), theme.tone(Tone::Idle)));
    }
    runs
}
