//! What is wrong in the course folder.
//!
//! ```text
//!  error: `set` has no knob `rate_`
//!    --> lessons/01-x/01-y.md:14:3
//!     |
//!  14 | set = { rate_ = 70 }
//!     |         ^^^^^ did you mean `rate`?
//!  +12 lines, j
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{self, Title};
use super::theme::{Role, Theme};
use crate::app::problems::{Problems, lines};
use crate::app::shared::Shared;

/// Its first line.
pub fn title(shared: &Shared) -> Title {
    Title {
        left: vec!["What is wrong in the course folder".into()],
        right: frame::counted(shared.problems.len(), "problem"),
    }
}

/// Draws it.
pub fn view(problems: &Problems, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner =
        Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height - 1 };
    let rows = usize::from(inner.height);
    let top = problems.scroll.top;
    let below = lines(shared).count().saturating_sub(top + rows);
    let shown = if below > 0 { rows.saturating_sub(1) } else { rows };
    for (line, y) in lines(shared).skip(top).take(shown).zip(0..) {
        frame::put(line, frame::row(inner, y), buf, theme.style(Role::Text));
    }
    if below > 0 {
        let last = frame::row(inner, inner.height.saturating_sub(1));
        frame::put(&frame::more(below + 1, "line", "j"), last, buf, theme.style(Role::More));
    }
}
