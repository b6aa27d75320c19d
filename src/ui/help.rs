//! Every key: first those that work here, then all.
//!
//! ```text
//! +- keys --------------------------------------------------+
//! | Here                                                    |
//! |   Enter    open what the cursor is on                   |
//! |   j/k      down one line                                |
//! |                                                         |
//! | Lesson                                                  |
//! |   n        the next step                                |
//! | +12 lines, j                                            |
//! +---------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame;
use super::theme::{Role, Theme};
use crate::app::help::{Help, HelpLine};

/// Draws the keys over `area`.
pub fn view(help: &Help, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner = frame::window("keys", (66, area.height), area, buf, theme);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let lines = help.lines();
    let rows = usize::from(inner.height);
    let hidden = lines.len().saturating_sub(help.top + rows);
    // The marker takes a row, so one more line is hidden than would be without it.
    let shown = if hidden > 0 { rows.saturating_sub(1) } else { rows };
    for (line, y) in lines.iter().skip(help.top).take(shown).zip(0..) {
        frame::put_line(&spoken(*line, theme), frame::row(inner, y), buf);
    }
    if hidden > 0 {
        let last = frame::row(inner, inner.height.saturating_sub(1));
        frame::put(&frame::more(hidden + 1, "line", "j"), last, buf, theme.style(Role::More));
    }
}

fn spoken(line: HelpLine, theme: Theme) -> Line<'static> {
    match line {
        HelpLine::Gap => Line::default(),
        HelpLine::Title(title) => Line::styled(title, theme.style(Role::Caption)),
        HelpLine::Digit(digit, label, sentence) => Line::from(vec![
            Span::styled(format!("     {digit}  "), theme.style(Role::Key)),
            Span::styled(format!("{label:<18} "), theme.style(Role::Text)),
            Span::styled(sentence, theme.style(Role::Dim)),
        ]),
        HelpLine::Key(binding) => Line::from(vec![
            Span::styled(format!("  {:<11}", binding.label), theme.style(Role::Key)),
            Span::styled(binding.meaning, theme.style(Role::Text)),
        ]),
    }
}
