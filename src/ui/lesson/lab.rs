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

/// Columns of the knobs: two buttons of most labs fit beside each other.
const SIDE: u16 = 28;
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
    // Where the knobs have no room beside the scene, the chosen one stands here.
    let right = match player.knob().filter(|_| has_focus && area.width < SIDE + LEAST_SCENE) {
        Some((knob, value)) => format!(" > {} {} ", knob.name.replace('_', " "), knob.show(value)),
        None => " Enter: whole screen ".to_owned(),
    };
    let left =
        frame::put_right(&right, inner, buf, theme.style(if has_focus { Role::Focus } else { Role::Dim }));
    let told = format!(" {} ", bench::standing(player));
    frame::put(&told, left, buf, theme.style(if has_focus { Role::Focus } else { Role::Text }));
}

/// The lab.
pub fn view(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let side = if area.width >= SIDE + LEAST_SCENE { SIDE } else { 0 };
    let strip = if area.height >= ROOMY { STRIP } else { 0 };
    let picture = player.lab().scene();
    let best = scene::best_height(&picture, Shown::Only(Place::Stage), area.width - side);
    let best = if side > 0 { best.max(side::height(player, side - 2, theme)) } else { best };
    // Below a strip no room is wanted: what belongs together stands together.
    let height = if strip > 0 { best.min(area.height - strip) } else { area.height };
    let stage = Rect { width: area.width - side, height, ..area };
    scene::draw(&picture, Shown::Only(Place::Stage), stage, buf, Look::of(theme));
    if side > 0 {
        beside(player, Rect { x: stage.right(), width: side, ..stage }, buf, theme);
    }
    if strip > 0 {
        bench::strip(player, Rect { y: stage.bottom(), height: strip, ..area }, buf, theme);
    }
}

fn beside(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    for y in area.top()..area.bottom() {
        buf.set_string(area.x, y, theme.bar(), theme.style(Role::Frame));
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let buttons = side::buttons(player, inner.width, theme);
    let for_knobs = inner.height.min(4);
    let height = u16::try_from(buttons.len()).unwrap_or(u16::MAX).min(inner.height - for_knobs);
    side::knobs(player, frame::rows(inner, 0, inner.height - height), buf, theme);
    for (line, y) in buttons.iter().zip(inner.height - height..inner.height) {
        frame::put_line(line, frame::row(inner, y), buf);
    }
    let cut = buttons.len().saturating_sub(usize::from(height));
    if cut > 0 {
        let last = frame::row(inner, inner.height.saturating_sub(1));
        frame::put_right(
            &format!(" {}", frame::more(cut, "line", "Enter")),
            last,
            buf,
            theme.style(Role::More),
        );
    }
}
