//! One read-only view of the app. The only user of ratatui's widgets; must not know the clock, files or the terminal.

use ratatui::Frame;
use ratatui::text::Line;

use crate::app::App;

/// Draws the whole screen.
pub fn view(app: &App, frame: &mut Frame) {
    frame.render_widget(Line::from(app.line.as_str()), frame.area());
}
