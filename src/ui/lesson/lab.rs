//! The lab of a lesson: how it stands, its scene, beside it the knobs and what can be broken.
//!
//! ```text
//! -- t 0:18.4   x1 running   seed 7   3 checks ok ----------------- Enter: whole screen
//!    the scene of the lab                               |> rate             60/s
//!                                                       |  workers            10
//!                                                       |BREAK IT
//!                                                       |1 errors  2 slow x5
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::player::Player;
use crate::labs::scene::Place;
use crate::ui::bench::{self, side};
use crate::ui::frame;
use crate::ui::scene::{self, Look, Shown};
use crate::ui::theme::{Role, Theme};

/// Columns of the knobs.
const SIDE: u16 = 26;
/// Columns that the scene must keep, else the knobs are left to the bench.
const LEAST_SCENE: u16 = 52;
/// Rows from which on there is room for what led here.
const ROOMY: u16 = 20;
/// Rows of that.
const STRIP: u16 = 9;

/// The line above the lab.
pub fn bar(player: &Player, has_focus: bool, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let style = theme.style(if has_focus { Role::Focus } else { Role::Frame });
    frame::put(&theme.rule().repeat(usize::from(area.width)), area, buf, style);
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let left = frame::put_right(" Enter: whole screen ", inner, buf, theme.style(Role::Dim));
    let told = format!(" {} ", bench::standing(player));
    frame::put(&told, left, buf, theme.style(if has_focus { Role::Focus } else { Role::Text }));
}

/// The lab.
pub fn view(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let strip = if area.height >= ROOMY { STRIP } else { 0 };
    let stage = Rect { height: area.height - strip, ..area };
    bench::strip(player, Rect { y: stage.bottom(), height: strip, ..area }, buf, theme);
    let side = if area.width >= SIDE + LEAST_SCENE { SIDE } else { 0 };
    let scene = Rect { width: stage.width - side, ..stage };
    scene::draw(&player.lab().scene(), Shown::Only(Place::Stage), scene, buf, Look::of(theme));
    if side > 0 {
        beside(player, Rect { x: scene.right(), width: side, ..stage }, buf, theme);
    }
}

fn beside(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    for y in area.top()..area.bottom() {
        buf.set_string(area.x, y, theme.bar(), theme.style(Role::Frame));
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let buttons = side::buttons(player, inner.width, theme);
    let least = inner.height.min(4);
    let height = u16::try_from(buttons.len()).unwrap_or(u16::MAX).min(inner.height - least);
    side::knobs(player, frame::rows(inner, 0, inner.height - height), buf, theme);
    for (line, y) in buttons.iter().zip(inner.height - height..inner.height) {
        frame::put_line(line, frame::row(inner, y), buf);
    }
}
