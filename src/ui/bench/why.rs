//! Why something happened, over the stage.
//!
//! ```text
//! +- why -----------------------------------------------------+
//! | 24.300 s: A opens: 55 % of its last 20 calls failed.      |
//! |                                                           |
//! | Because of: 20s hang payments for 10s; call_timeout 500ms.|
//! | Without either it does not happen.                        |
//! | 15s slow shard-3 x5 made no difference.                   |
//! |                                                           |
//! | Against the preset tuned on seed 1: 37 reruns.            |
//! +-----------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::inset;
use crate::app::bench::{Searched, Why};
use crate::labs::why::Found;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

const WIDTH: u16 = 76;

/// Draws it.
pub(super) fn view(why: &Why, area: Rect, buf: &mut Buffer, theme: Theme) {
    let width = WIDTH.min(area.width).saturating_sub(4);
    let lines = lines(why, width, theme);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inner = inset(frame::window("why", (WIDTH, height), area, buf, theme));
    let rows = usize::from(inner.height);
    if lines.len() <= rows {
        return frame::put_lines(&lines, inner, buf, theme);
    }
    // The last row says how much is out of sight.
    let shown = rows.saturating_sub(1);
    let top = why.top().min(lines.len() - shown);
    frame::put_lines(
        lines.get(top..top + shown).unwrap_or_default(),
        frame::rows(inner, 0, inner.height - 1),
        buf,
        theme,
    );
    let note = frame::more(lines.len() - shown, "line", "j/k");
    frame::put_right(&note, frame::row(inner, inner.height - 1), buf, theme.style(Role::More));
}

fn lines(why: &Why, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut say = |text: String, role: Role| {
        if text.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(wrap::wrap(&[Run::new(text, theme.style(role))], width));
    };
    say(why.about().to_owned(), Role::Strong);
    say(String::new(), Role::Text);
    let about = why.about();
    match why.state() {
        Searched::Runs(runs) => {
            say(format!("Running it again with less of what was done: {}.", reruns(*runs)), Role::Text);
            say("Esc stops the search.".to_owned(), Role::Dim);
        }
        Searched::Found(found) => {
            found.lines().into_iter().for_each(|line| say(line, Role::Text));
            if let Found::Because(answer) = &**found {
                say(String::new(), Role::Text);
                // What a number was held against stands in the outcome alone.
                if answer.outcome != about {
                    say(format!("Asked: {}.", answer.outcome), Role::Dim);
                }
                let preset = if answer.preset.is_empty() { "the defaults" } else { answer.preset };
                say(
                    format!("Against {preset} on seed {}: {}.", why.seed(), reruns(answer.reruns)),
                    Role::Dim,
                );
            }
        }
    }
    lines
}

fn reruns(count: usize) -> String {
    frame::counted(count, "rerun")
}
