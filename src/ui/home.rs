//! The course map.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame::{self, Title};
use super::theme::{Role, Theme};
use crate::app::home::Home;
use crate::app::shared::Shared;

/// Its first line.
pub fn title(_home: &Home, _shared: &Shared) -> Title {
    Title { left: vec!["halfopen".into()], right: String::new() }
}

/// Draws it.
pub fn view(home: &Home, shared: &Shared, area: Rect, buf: &mut Buffer, theme: Theme) {
    for (i, chapter) in shared.course.chapters.iter().enumerate() {
        let mark = if i == home.cursor { ">" } else { " " };
        let row = frame::row(area, u16::try_from(i).unwrap_or(u16::MAX));
        frame::put(&format!("{mark} {}", chapter.title), row, buf, theme.style(Role::Text));
    }
}
