//! A lesson.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{self, Title};
use super::theme::{Role, Theme};
use crate::app::lesson::Lesson;
use crate::app::shared::Shared;

/// Its first line.
pub fn title(lesson: &Lesson, _shared: &Shared) -> Title {
    Title { left: vec![lesson.at.to_string()], right: String::new() }
}

/// Draws it.
pub fn view(lesson: &Lesson, _shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    frame::put(&lesson.at.to_string(), area, buf, theme.style(Role::Text));
}
