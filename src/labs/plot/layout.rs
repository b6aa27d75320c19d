//! Where everything of a figure stands.
//!
//! ```text
//! title
//! subtitle
//! legend
//!          (1)   (A)              badges of the marks
//! name  100 |    |                one panel above the other,
//! unit    0 +----+--------        or in rows and columns
//!           0    20    40
//! (1) 20 s hang payments          what the marks are
//! note
//! ```

use super::axis::Axis;
use super::svg::{Anchor, Sheet};
use super::{Figure, Layer, Order, Panel, Theme, marks};

/// The size of a slide.
const WIDTH: f64 = 1280.0;
const HEIGHT: f64 = 720.0;
/// Room at the sides.
const EDGE: f64 = 28.0;
/// Room at the left of stacked panels, for their names and ticks.
const LEFT: f64 = 230.0;
/// Room between panels.
const GAP: f64 = 12.0;
/// The least height of a stacked panel: of more panels the page grows.
const LEAST: f64 = 44.0;
/// Pixels of a further line of a tick's label.
const BELOW: f64 = 15.0;
/// Pixels of a letter, about.
pub const LETTER: f64 = 7.0;
/// Pixels of a line of text.
pub const LINE: f64 = 18.0;

/// A rectangle on the page.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    fn at(self, panel: &Panel, x: f64, y: f64) -> (f64, f64) {
        (self.across(&panel.x, x), self.up(&panel.y, y))
    }

    pub fn across(self, axis: &Axis, value: f64) -> f64 {
        self.x + axis.share(value) * self.width
    }

    fn up(self, axis: &Axis, value: f64) -> f64 {
        self.bottom() - axis.share(value) * self.height
    }
}

impl Figure {
    /// The figure as an SVG file.
    pub fn svg(&self, theme: Theme) -> String {
        let legend = self.legend_rows();
        let (badges, key) = marks::rooms(self, LEFT, WIDTH - EDGE);
        let spare = if legend.is_empty() { 0.0 } else { 8.0 };
        let top = 78.0 + LINE * 1.2 * legend.len() as f64 + spare + badges;
        let below = key + LINE * self.notes.len() as f64 + 14.0;
        let frames = match self.order {
            Order::Stacked => {
                let count = self.panels.len().max(1) as f64;
                let least = top + count * (LEAST + GAP) + 40.0 + below;
                let height = HEIGHT.max(least);
                let each = (height - top - 40.0 - below) / count - GAP;
                let frame = |at: usize| Frame {
                    x: LEFT,
                    y: top + at as f64 * (each + GAP),
                    width: WIDTH - EDGE - LEFT,
                    height: each,
                };
                ((0..self.panels.len()).map(frame).collect::<Vec<_>>(), height)
            }
            Order::Grid => self.grid(top, below),
        };
        let (frames, height) = frames;
        let mut sheet = Sheet::new((WIDTH, height), &self.title, theme);
        sheet.text("title", (EDGE, 40.0), Anchor::Start, &self.title);
        sheet.text("dim", (EDGE, 63.0), Anchor::Start, &cut(&self.subtitle, WIDTH - 2.0 * EDGE));
        for (row, entries) in legend.iter().enumerate() {
            let y = 84.0 + LINE * 1.2 * row as f64;
            for (x, style, label) in entries {
                sheet.line(&format!("l{}", style % super::svg::STYLES), (*x, y), (x + 34.0, y));
                sheet.marker(*style, false, (x + 17.0, y));
                sheet.text("ink", (x + 42.0, y + 4.5), Anchor::Start, label);
            }
        }
        if let (Some(first), Some(last), Some(panel)) = (frames.first(), frames.last(), self.panels.first()) {
            let over = Frame { height: last.bottom() - first.y, ..*first };
            marks::shades(self, panel, over, &mut sheet);
        }
        for (at, (panel, frame)) in self.panels.iter().zip(&frames).enumerate() {
            let is_last = at + 1 == self.panels.len();
            self.panel(panel, *frame, is_last || self.order == Order::Grid, &mut sheet);
        }
        if let (Some(first), Some(last), Some(panel)) = (frames.first(), frames.last(), self.panels.first()) {
            let over = Frame { height: last.bottom() - first.y, ..*first };
            marks::lines(self, panel, over, &mut sheet);
        }
        let mut y = height - below + 8.0;
        marks::key(self, (EDGE, y), WIDTH - 2.0 * EDGE, &mut sheet);
        y += key;
        for note in &self.notes {
            sheet.text("small", (EDGE, y), Anchor::Start, &cut(note, WIDTH - 2.0 * EDGE));
            y += LINE;
        }
        sheet.finish()
    }

    fn grid(&self, top: f64, below: f64) -> (Vec<Frame>, f64) {
        let count = self.panels.len().max(1);
        let columns = match count {
            1 => 1,
            2..=4 => 2,
            5..=9 => 3,
            _ => 4,
        };
        let rows = count.div_ceil(columns);
        let height = HEIGHT.max(top + rows as f64 * 190.0 + below);
        let (wide, high) = ((WIDTH - 2.0 * EDGE) / columns as f64, (height - top - below) / rows as f64);
        let frame = |at: usize| Frame {
            x: EDGE + (at % columns) as f64 * wide + 56.0,
            y: top + (at / columns) as f64 * high + 38.0,
            width: wide - 76.0,
            height: high - 96.0 - BELOW * (self.tick_lines() - 1) as f64,
        };
        ((0..count).map(frame).collect(), height)
    }

    /// Lines of the longest label below a panel.
    fn tick_lines(&self) -> usize {
        let ticks = self.panels.iter().flat_map(|panel| &panel.x.ticks);
        ticks.map(|(_, label)| label.lines().count()).max().unwrap_or(1).max(1)
    }

    /// The legend in rows: where each entry begins, its style, its words.
    fn legend_rows(&self) -> Vec<Vec<(f64, usize, String)>> {
        let mut rows: Vec<Vec<(f64, usize, String)>> = Vec::new();
        let mut x = f64::INFINITY;
        for (style, label) in &self.legend {
            let wide = 42.0 + label.chars().count() as f64 * LETTER + 24.0;
            if x + wide > WIDTH - EDGE {
                rows.push(Vec::new());
                x = EDGE;
            }
            if let Some(row) = rows.last_mut() {
                row.push((x, *style, label.clone()));
            }
            x += wide;
        }
        rows
    }

    fn panel(&self, panel: &Panel, frame: Frame, with_x: bool, sheet: &mut Sheet) {
        let fits = |gap: f64| gap >= 13.0;
        let mut last = f64::INFINITY;
        for (value, label) in &panel.y.ticks {
            let y = frame.up(&panel.y, *value);
            sheet.line("grid", (frame.x, y), (frame.right(), y));
            if fits(last - y) {
                sheet.text("small", (frame.x - 8.0, y + 4.0), Anchor::End, label);
                last = y;
            }
        }
        let mut last = f64::NEG_INFINITY;
        for (value, label) in &panel.x.ticks {
            let x = frame.across(&panel.x, *value);
            sheet.line("axis", (x, frame.bottom()), (x, frame.bottom() + 4.0));
            let wide = label.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            let half = wide as f64 * LETTER / 2.0;
            if with_x && x - half > last + 8.0 {
                for (below, line) in label.lines().enumerate() {
                    let y = frame.bottom() + 18.0 + BELOW * below as f64;
                    sheet.text("small", (x, y), Anchor::Middle, line);
                }
                last = x + half;
            }
        }
        for layer in &panel.layers {
            draw(layer, panel, frame, sheet);
        }
        sheet.line("axis", (frame.x, frame.y), (frame.x, frame.bottom()));
        sheet.line("axis", (frame.x, frame.bottom()), (frame.right(), frame.bottom()));
        if with_x && !panel.x.label.is_empty() {
            let middle = frame.x + frame.width / 2.0;
            let y = frame.bottom() + 36.0 + BELOW * (self.tick_lines() - 1) as f64;
            sheet.text("dim", (middle, y), Anchor::Middle, &panel.x.label);
        }
        match self.order {
            Order::Stacked => {
                let y = frame.y + frame.height / 2.0;
                sheet.text("name", (EDGE, y), Anchor::Start, &cut(&panel.name, LEFT - EDGE - 40.0));
                sheet.text("small", (EDGE, y + 16.0), Anchor::Start, &panel.unit);
            }
            Order::Grid => {
                sheet.text("name", (frame.x - 48.0, frame.y - 22.0), Anchor::Start, &panel.name);
                let x = frame.x - 40.0 + panel.name.chars().count() as f64 * (LETTER + 0.8);
                sheet.text("small", (x, frame.y - 22.0), Anchor::Start, &panel.unit);
            }
        }
    }
}

fn draw(layer: &Layer, panel: &Panel, frame: Frame, sheet: &mut Sheet) {
    let at = |x: f64, y: f64| frame.at(panel, x, y);
    match layer {
        Layer::Line { style, marked, points } => {
            let class = format!("l{}", style % super::svg::STYLES);
            for piece in points.split(Option::is_none) {
                let line: Vec<(f64, f64)> = piece.iter().flatten().map(|dot| at(dot.x, dot.y)).collect();
                sheet.path(&class, &line, false);
            }
            for dot in points.iter().flatten().filter(|_| *marked) {
                sheet.marker(*style, dot.hollow, at(dot.x, dot.y));
            }
        }
        Layer::Band { style, points } => {
            let style = style % super::svg::STYLES;
            for piece in points.split(Option::is_none) {
                let low: Vec<(f64, f64)> = piece.iter().flatten().map(|(x, low, _)| at(*x, *low)).collect();
                let high: Vec<(f64, f64)> =
                    piece.iter().flatten().map(|(x, _, high)| at(*x, *high)).collect();
                let area: Vec<(f64, f64)> = low.iter().copied().chain(high.iter().rev().copied()).collect();
                sheet.path(&format!("b{style}"), &area, true);
                sheet.path(&format!("e{style}"), &low, false);
                sheet.path(&format!("e{style}"), &high, false);
            }
        }
        Layer::Bars(bars) => {
            for (from, to, high) in bars {
                let (left, top) = at(*from, *high);
                let (right, foot) = at(*to, panel.y.from);
                sheet.rect("bar", (left, top), (right - left, foot - top));
            }
        }
        Layer::Rule(x, word) => {
            let (x, _) = at(*x, panel.y.from);
            sheet.line("rule", (x, frame.y), (x, frame.bottom()));
            sheet.text("small", (x, frame.y - 3.0), Anchor::Middle, word);
        }
        Layer::Boxes(boxes) => {
            let wide = (frame.width / boxes.len().max(1) as f64 * 0.4).min(70.0);
            for (x, it) in boxes {
                let (middle, _) = at(*x, it.p50);
                let y = |value: f64| at(*x, value).1;
                sheet.line("whisker", (middle, y(it.p10)), (middle, y(it.p25)));
                sheet.line("whisker", (middle, y(it.p75)), (middle, y(it.p90)));
                for end in [it.p10, it.p90] {
                    sheet.line("whisker", (middle - wide / 4.0, y(end)), (middle + wide / 4.0, y(end)));
                }
                let (top, foot) = (y(it.p75), y(it.p25));
                sheet.rect("box", (middle - wide / 2.0, top), (wide, foot - top));
                sheet.line("median", (middle - wide / 2.0, y(it.p50)), (middle + wide / 2.0, y(it.p50)));
            }
        }
    }
}

/// The text in at most so many pixels; a cut end is marked.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred letters")]
pub fn cut(text: &str, pixels: f64) -> String {
    let most = (pixels / LETTER).max(1.0) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
