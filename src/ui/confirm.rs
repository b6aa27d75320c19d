//! The question before something cannot be taken back.
//!
//! ```text
//! +- sure? ----------------------------------------+
//! | Forget what you did in "The circuit breaker"?  |
//! | The journal file keeps it.                     |
//! |                                   y yes   n no |
//! +------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame;
use super::theme::{Role, Theme};
use crate::app::confirm::Confirm;

/// Draws the question over `area`.
pub fn view(confirm: &Confirm, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = frame::window("sure?", (64, 6), area, buf, theme);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    frame::put(&confirm.question, frame::row(inner, 0), buf, theme.style(Role::Strong));
    frame::put(&confirm.detail, frame::row(inner, 1), buf, theme.style(Role::Text));
    frame::put_right("y yes   n no", frame::row(inner, 3), buf, theme.style(Role::Key));
}
