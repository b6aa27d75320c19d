//! The list of branches, as the tree that they are.
//!
//! ```text
//! +- branches 2 of 3 -----------------------------------------+
//! |  main                      0 s to 60.0 s     2 acts       |
//! |> + slow server @12.4    12.4 s to 30.0 s     3 acts  here |
//! |    + twin @20           20.0 s to 25.0 s     3 acts       |
//! +-----------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::timeline::{bytes, tenths};
use crate::app::bench::List;
use crate::app::player::Player;
use crate::engine::run::By;
use crate::engine::time::Time;
use crate::labs::branch::{Branch, LONGEST_NAME};
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};

const WIDTH: u16 = 76;

/// Draws the list.
pub(super) fn view(player: &Player, list: &List, area: Rect, buf: &mut Buffer, theme: Theme) {
    let branches = player.branches();
    let order = in_order(player);
    let height = u16::try_from(order.len()).unwrap_or(u16::MAX).saturating_add(4);
    let cursor = order.iter().position(|(index, _)| *index == list.at()).unwrap_or(0);
    let title = format!("branches {} of {}", cursor + 1, order.len());
    let inner = frame::window(&title, (WIDTH, height), area, buf, theme);
    let rows = usize::from(inner.height.saturating_sub(2));
    let top = cursor.saturating_sub(rows / 2).min(order.len().saturating_sub(rows));
    for ((index, depth), number) in order.iter().skip(top).take(rows).zip(0..) {
        let row = frame::row(inner, number);
        let is_chosen = *index == list.at();
        if let (true, Some(line)) = (is_chosen, list.naming()) {
            frame::typed(line, "", row, buf, theme);
            continue;
        }
        let Some(branch) = branches.all().get(*index) else { continue };
        let standing = if *index == branches.index() {
            "here"
        } else if player.beside().is_some_and(|other| other.id() == branch.id()) {
            "beside"
        } else {
            ""
        };
        put(branch, (*depth, is_chosen, standing), row, buf, theme);
    }
    let foot = frame::row(inner, inner.height.saturating_sub(1));
    let (note, style) = match list.refused() {
        Some(sentence) => (sentence.to_owned(), theme.tone(Tone::Warn)),
        None => (format!("Their history takes about {}.", bytes(branches.bytes())), theme.style(Role::Dim)),
    };
    frame::put(&format!(" {note}"), foot, buf, style);
}

fn put(
    branch: &Branch,
    (depth, is_chosen, standing): (usize, bool, &str),
    row: Rect,
    buf: &mut Buffer,
    theme: Theme,
) {
    let lab = branch.lab();
    let acts = lab.log().iter().filter(|entry| entry.by == By::Hand).count();
    let from = tenths(branch.forked_at().unwrap_or(Time::ZERO));
    let facts =
        format!("{from:>6} s to {:>6} s  {:>8}  {standing:<6} ", tenths(lab.reached()), counted(acts));
    let style = if is_chosen { theme.style(Role::Focus) } else { theme.style(Role::Text) };
    let left = frame::put_right(&facts, row, buf, if is_chosen { style } else { theme.style(Role::Dim) });
    let cursor = if is_chosen { ">" } else { " " };
    let indent = if depth > 0 { format!("{}+ ", "  ".repeat(depth.min(6) - 1)) } else { String::new() };
    let room = usize::from(left.width).saturating_sub(indent.len() + 3).min(LONGEST_NAME);
    let name = frame::fit(branch.name(), room);
    frame::put_line(&Line::from(Span::styled(format!("{cursor} {indent}{name}"), style)), left, buf);
}

fn counted(acts: usize) -> String {
    match acts {
        1 => "1 act".to_owned(),
        _ => format!("{acts} acts"),
    }
}

/// Every branch after the one that it left, with its depth.
fn in_order(player: &Player) -> Vec<(usize, usize)> {
    fn below(player: &Player, parent: Option<usize>, depth: usize, order: &mut Vec<(usize, usize)>) {
        for index in 0..player.branches().all().len() {
            if player.branches().parent(index) == parent {
                order.push((index, depth));
                below(player, Some(index), depth + 1, order);
            }
        }
    }
    let mut order = Vec::new();
    below(player, None, 0, &mut order);
    order
}
