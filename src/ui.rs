//! What is seen: one read-only view of the program's state, and the only user of ratatui.
//!
//! ```text
//!  title of the screen                                     what stands at its right     header
//!
//!  the screen: ui/home.rs, ui/lesson.rs, ...                                             body
//!
//!  keys that work now, or the sentence of the moment                              ? keys footer
//! ```
//!
//! Any size will do. Under 60x18 there is one sentence instead; under 80x24 a screen may leave out all but its core.

pub mod bench;
mod calibration;
pub mod confirm;
pub mod frame;
pub mod help;
pub mod home;
pub mod lesson;
pub mod markdown;
pub mod palette;
pub mod passage;
pub mod problems;
pub mod quiz;
pub mod scene;
pub mod theme;
pub mod wrap;

#[cfg(test)]
#[path = "../tests/support/harness.rs"]
pub mod harness;

use ratatui::Frame;

use crate::app::screen::Screen;
use crate::app::shared::{Colours, Glyphs, Look};
use crate::app::{App, Overlay};
use theme::{Palette, Theme};

/// Draws the whole screen.
pub fn view(app: &App, frame: &mut Frame) {
    let area = frame.area();
    let buf = frame.buffer_mut();
    let theme = theme_of(app.shared().look);
    let Some(parts) = frame::split(area) else { return frame::too_small(area, buf, theme) };
    if let Some(screen) = app.screen() {
        let title = match screen {
            Screen::Home(it) => home::title(it, app.shared()),
            Screen::Lesson(it) => lesson::title(it, app.shared()),
            Screen::Bench(it) => bench::title(it),
            Screen::Quiz(it) => quiz::title(it, app.shared()),
            Screen::Problems(_) => problems::title(app.shared()),
            Screen::Calibration(_) => calibration::title(app.shared()),
        };
        frame::header(&title, parts.header, buf, theme);
        match screen {
            Screen::Home(it) => home::view(it, app.shared(), parts.body, buf, theme),
            Screen::Lesson(it) => lesson::view(it, app.shared(), parts.body, buf, theme),
            Screen::Bench(it) => bench::view(it, parts.body, buf, theme),
            Screen::Quiz(it) => quiz::view(it, app.shared(), parts.body, buf, theme),
            Screen::Problems(it) => problems::view(it, app.shared(), parts.body, buf, theme),
            Screen::Calibration(it) => calibration::view(it, app.shared(), parts.body, buf, theme),
        }
    }
    match app.overlay() {
        Some(Overlay::Help(help)) => help::view(help, parts.body, buf, theme),
        Some(Overlay::Confirm(confirm)) => confirm::view(confirm, parts.body, buf, theme),
        Some(Overlay::Palette(palette)) => palette::view(palette, parts.body, buf, theme),
        None => {}
    }
    frame::footer(app, parts.footer, buf, theme);
}

/// The styles and glyphs of a look.
pub const fn theme_of(look: Look) -> Theme {
    let palette = match look.colours {
        Colours::None => Palette::Mono,
        Colours::Sixteen => Palette::Ansi16,
        Colours::Dark => Palette::RichDark,
        Colours::Light => Palette::RichLight,
    };
    let theme = Theme { palette, glyphs: theme::Glyphs::Unicode };
    match look.glyphs {
        Glyphs::Unicode => theme,
        Glyphs::Ascii => theme.in_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use super::harness::Harness;

    #[test]
    fn no_size_is_too_small_to_draw() {
        for width in [0, 1, 2, 3, 10, 40, 59, 60, 79, 80, 120, 200] {
            for height in [0, 1, 2, 3, 10, 17, 18, 23, 24, 45, 60] {
                let _ = Harness::new(width, height).press("?").screen();
            }
        }
    }

    #[test]
    fn the_footer_tells_what_works_and_the_help_tells_the_rest() {
        let screen = Harness::new(80, 24).press("?").screen();
        assert!(screen.contains("Here"), "{screen}");
        assert!(screen.lines().last().unwrap().contains("Esc close"), "{screen}");
        let screen = Harness::new(80, 24).press("? esc").screen();
        assert!(screen.lines().last().unwrap().contains("? keys"), "{screen}");
    }
}
