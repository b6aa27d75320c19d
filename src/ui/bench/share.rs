//! The run as a line of text, over the stage.
//!
//! ```text
//! -- share: 187 bytes -------------------------------------------------------------
//!  halfopen breaker v1 preset tuned seed 7; 20s hang payments for 10s; you 24.366s
//!  crash A; until 38.5s; digest 9c1f27d0b3a4e58f
//!
//!  Enter copies it through the terminal; where that does nothing, select it ...
//! ---------------------------------------------------------------------------------
//! ```
//!
//! It takes the whole width, has nothing at its sides, and breaks at blanks: so it can be selected with the mouse, and the
//! breaks that come along are blanks to whoever reads it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Borders, Clear, Widget};

use crate::app::bench::Share;
use crate::labs::recording::SHORT;
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// Draws the line, and below it what can be done with it.
pub(super) fn view(share: &Share, area: Rect, buf: &mut Buffer, theme: Theme) {
    let inner_width = area.width.saturating_sub(2);
    let rows = broken(share.line(), usize::from(inner_width));
    let notes = wrap::wrap(&notes(share, theme), inner_width);
    let typed = u16::from(share.naming().is_some());
    // Two lines of frame and one between the line and the notes.
    let below = count(notes.len()).saturating_add(typed);
    let most = area.height.saturating_sub(3).saturating_sub(below).max(1);
    let shown = count(rows.len()).min(most);
    let height = (shown + below).saturating_add(3).min(area.height);
    let whole = Rect { y: area.y + (area.height - height) / 2, height, ..area };
    Clear.render(whole, buf);
    let size = format!("share: {} bytes", share.line().len());
    let block = theme.frame(&size, Role::Focus).borders(Borders::TOP | Borders::BOTTOM);
    let inner = block.inner(whole);
    block.render(whole, buf);
    let inner = Rect { x: inner.x.saturating_add(1), width: inner_width.min(inner.width), ..inner };
    let hidden = rows.len().saturating_sub(usize::from(shown));
    let top = share.top().min(hidden);
    for (row, number) in rows.iter().skip(top).zip(0..shown) {
        frame::put(row, frame::row(inner, number), buf, theme.style(Role::Text));
    }
    if hidden > 0 {
        let below = hidden - top;
        let text = format!(" {} ", frame::more(below, "line", "j"));
        frame::put_right(&text, frame::row(inner, shown), buf, theme.style(Role::More));
    }
    let mut from = shown + 1;
    if let Some(naming) = share.naming() {
        frame::typed(&naming.line, "", frame::row(inner, from), buf, theme);
        from += 1;
    }
    frame::put_lines(&notes, frame::rows(inner, from, inner.height.saturating_sub(from)), buf, theme);
}

fn notes(share: &Share, theme: Theme) -> Vec<Run> {
    let dim = theme.style(Role::Dim);
    if let Some(naming) = share.naming() {
        return vec![match &naming.refused {
            Some(sentence) => Run::new(sentence.as_str(), theme.tone(Tone::Bad)),
            None => Run::new("The name of a new file. Enter saves the run in it.", dim),
        }];
    }
    let mut notes = Vec::new();
    if share.line().len() > SHORT {
        let text = "This is more than some chats take: save it as a file. ";
        notes.push(Run::new(text, theme.tone(Tone::Warn)));
    }
    let text = "Enter copies it through the terminal; where that does nothing, select it with the mouse. \
                w saves a file. halfopen lab 'LINE' opens this run again, halfopen run 'LINE' replays it.";
    notes.push(Run::new(text, dim));
    notes
}

fn count(rows: usize) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX)
}

/// The line in rows of at most `room` columns, broken at blanks only: within a word a break would be an error to who
/// reads it.
fn broken(line: &str, room: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match rows.last_mut() {
            Some(row) if row.len() + 1 + word.len() <= room => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}
