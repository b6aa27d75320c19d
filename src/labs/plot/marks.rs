//! The marks of a figure: lines through every panel, badges at their tops, and what they say below.

use super::layout::{Frame, LETTER, LINE, cut};
use super::svg::{Anchor, Sheet};
use super::{Figure, Mark, MarkKind, Panel};

/// Pixels of a badge with the room around it.
const BADGE: f64 = 20.0;
/// So many more letters of the key's smaller type find room.
const SMALL: f64 = 1.08;

impl Figure {
    /// What stands in each badge: numbers for what was done, letters for what happened.
    fn badges(&self) -> Vec<String> {
        let (mut done, mut happened) = (0_u32, 0_u8);
        let sign = |mark: &Mark| match mark.kind {
            MarkKind::Done => {
                done += 1;
                done.to_string()
            }
            MarkKind::Happened => {
                happened += 1;
                char::from(b'A' + (happened - 1) % 26).to_string()
            }
        };
        self.marks.iter().map(sign).collect()
    }

    /// In which row each badge stands, so that none covers another; the uppermost is 0.
    fn rows(&self, panel: &Panel, frame: Frame) -> Vec<usize> {
        let mut ends: Vec<f64> = Vec::new();
        let row = |mark: &Mark| {
            let x = frame.across(&panel.x, mark.at);
            let free = ends.iter().position(|end| *end + BADGE <= x).unwrap_or(ends.len());
            match ends.get_mut(free) {
                Some(end) => *end = x,
                None => ends.push(x),
            }
            free
        };
        self.marks.iter().map(row).collect()
    }
}

/// The heights that badges and key take.
pub fn rooms(figure: &Figure, left: f64, right: f64) -> (f64, f64) {
    let Some(panel) = figure.panels.first().filter(|_| !figure.marks.is_empty()) else { return (0.0, 0.0) };
    let frame = Frame { x: left, y: 0.0, width: right - left, height: 0.0 };
    let rows = figure.rows(panel, frame).into_iter().max().unwrap_or(0) + 1;
    (rows as f64 * BADGE + 4.0, figure.marks.len().div_ceil(2) as f64 * LINE + 6.0)
}

/// What lasts, behind everything.
pub fn shades(figure: &Figure, panel: &Panel, frame: Frame, sheet: &mut Sheet) {
    for mark in &figure.marks {
        let Some(until) = mark.until else { continue };
        let (from, to) = (frame.across(&panel.x, mark.at), frame.across(&panel.x, until));
        sheet.rect("shade", (from, frame.y), (to - from, frame.height));
    }
}

/// The lines and their badges.
pub fn lines(figure: &Figure, panel: &Panel, frame: Frame, sheet: &mut Sheet) {
    let rows = figure.rows(panel, frame);
    let count = rows.iter().max().map_or(0, |last| last + 1);
    for ((mark, row), badge) in figure.marks.iter().zip(rows).zip(figure.badges()) {
        let x = frame.across(&panel.x, mark.at);
        let y = frame.y - 4.0 - BADGE * (count - row) as f64 + BADGE / 2.0;
        let class = if mark.kind == MarkKind::Done { "done" } else { "fact" };
        sheet.line(class, (x, y), (x, frame.bottom()));
        sign(mark.kind, &badge, (x, y), sheet);
    }
}

/// What the badges stand for, in two columns.
pub fn key(figure: &Figure, (x, y): (f64, f64), width: f64, sheet: &mut Sheet) {
    let rows = figure.marks.len().div_ceil(2);
    for (at, (mark, badge)) in figure.marks.iter().zip(figure.badges()).enumerate() {
        let (column, row) = (at / rows.max(1), at % rows.max(1));
        let (x, y) = (x + 9.0 + column as f64 * width / 2.0, y + row as f64 * LINE);
        sign(mark.kind, &badge, (x, y - 4.0), sheet);
        sheet.text(
            "small",
            (x + 16.0, y),
            Anchor::Start,
            &cut(&mark.sentence, (width / 2.0 - 5.0 * LETTER) * SMALL),
        );
    }
}

fn sign(kind: MarkKind, badge: &str, (x, y): (f64, f64), sheet: &mut Sheet) {
    match kind {
        MarkKind::Done => {
            sheet.circle("doneb", (x, y), 8.5);
            sheet.text("badge onink", (x, y + 4.0), Anchor::Middle, badge);
        }
        MarkKind::Happened => {
            sheet.rect("factb", (x - 7.5, y - 7.5), (15.0, 15.0));
            sheet.text("badge ink", (x, y + 4.0), Anchor::Middle, badge);
        }
    }
}
