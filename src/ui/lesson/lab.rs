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
/// Rows of what led here, at most and at least.
const STRIP: u16 = 9;
const LEAST_STRIP: u16 = 5;
/// Rows of knobs and buttons that go before it.
const FAIR_SIDE: u16 = 14;

/// The least room, columns and rows, in which the knobs stand below a scene that leaves them none beside it.
const LEAST_BENEATH: (u16, u16) = (60, 15);
/// Rows of knobs there, the buttons not counted.
const BENEATH: u16 = 4;

/// Rows of knobs more where there is room.
const SPARE_KNOBS: u16 = 8;

/// Whether the knobs stand below the scene.
const fn knobs_beneath(stage: Rect) -> bool {
    stage.width < SIDE + LEAST_SCENE && stage.width >= LEAST_BENEATH.0 && stage.height >= LEAST_BENEATH.1
}

/// The line above the lab, which has the room of `stage`.
pub fn bar(player: &Player, has_focus: bool, (area, stage): (Rect, Rect), buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let style = theme.style(if has_focus { Role::Focus } else { Role::Frame });
    frame::put(&theme.rule().repeat(usize::from(area.width)), area, buf, style);
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    // Where the knobs have no room beside the scene, the chosen one stands here.
    let right =
        match player.knob().filter(|_| has_focus && area.width < SIDE + LEAST_SCENE && !knobs_beneath(stage))
        {
            Some((knob, value)) => format!(" > {} {} ", knob.name.replace('_', " "), knob.show(value)),
            None => " Enter: whole screen ".to_owned(),
        };
    let left =
        frame::put_right(&right, inner, buf, theme.style(if has_focus { Role::Focus } else { Role::Dim }));
    let told = format!(" {} ", bench::standing_in(player, usize::from(left.width).saturating_sub(2)));
    frame::put(&told, left, buf, theme.style(if has_focus { Role::Focus } else { Role::Text }));
}

/// The lab.
pub fn view(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    if area.is_empty() {
        return;
    }
    let side = if area.width >= SIDE + LEAST_SCENE { SIDE } else { 0 };
    let beneath = if knobs_beneath(area) { beneath(player, area.width, theme) } else { 0 };
    let whole = area;
    let area = Rect { height: area.height - beneath, ..area };
    let picture = player.lab().scene();
    let best = scene::best_height(&picture, Shown::Only(Place::Stage), area.width - side);
    let beside_best = if side > 0 { side::height(player, side - 2, theme) } else { 0 };
    // What led here gets the rows that neither the scene nor a fair list of knobs lacks.
    let left = area.height.saturating_sub(best.max(beside_best.min(FAIR_SIDE)));
    let strip = if left >= LEAST_STRIP { left.min(STRIP) } else { 0 };
    let best = best.max(beside_best);
    // Below a strip no room is wanted: what belongs together stands together.
    let height = if strip > 0 { best.min(area.height - strip) } else { area.height };
    let stage = Rect { width: area.width - side, height, ..area };
    scene::draw(&picture, Shown::Only(Place::Stage), stage, buf, Look::of(theme));
    if side > 0 {
        beside(player, Rect { x: stage.right(), width: side, ..stage }, buf, theme);
    }
    // Rows that nobody else wants go to the knobs.
    let spare = if strip > 0 { area.height.saturating_sub(stage.height + strip).min(SPARE_KNOBS) } else { 0 };
    let beneath = if beneath > 0 { beneath + spare } else { 0 };
    let below = Rect { y: stage.bottom(), height: beneath, ..whole };
    if beneath > 0 {
        let rule = theme.rule().repeat(usize::from(below.width));
        frame::put(&rule, below, buf, theme.style(Role::Frame));
        let inner =
            Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..frame::rows(below, 1, beneath) };
        controls(player, inner, buf, theme);
    }
    if strip > 0 {
        bench::strip(player, Rect { y: below.bottom(), height: strip, ..whole }, buf, theme);
    }
}

/// The rows of the knobs below the scene: a rule, a few knobs, the buttons.
fn beneath(player: &Player, width: u16, theme: Theme) -> u16 {
    let buttons = side::buttons(player, width.saturating_sub(2), theme).len();
    u16::try_from(buttons).unwrap_or(u16::MAX).saturating_add(BENEATH + 1).min(LEAST_BENEATH.1 / 2)
}

fn beside(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    for y in area.top()..area.bottom() {
        buf.set_string(area.x, y, theme.bar(), theme.style(Role::Frame));
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    controls(player, inner, buf, theme);
}

/// The knobs, and below them the buttons.
fn controls(player: &Player, area: Rect, buf: &mut Buffer, theme: Theme) {
    let rest = side::put_buttons(player, area, "Enter", buf, theme);
    side::knobs(player, rest, buf, theme);
}
