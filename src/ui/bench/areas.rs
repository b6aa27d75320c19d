//! Where the parts of the bench stand, at any size.

use ratatui::layout::Rect;

/// The parts of the bench. A part without room is empty.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Areas {
    pub(super) stage: Rect,
    pub(super) side: Rect,
    pub(super) strip: Rect,
    pub(super) log: Rect,
    pub(super) readings: Rect,
    pub(super) checks: Rect,
    pub(super) narrator: Rect,
    pub(super) knob: Rect,
}

impl Areas {
    /// Whether everything has an area of its own.
    pub(super) const fn has_all(&self) -> bool {
        !self.readings.is_empty()
    }

    /// Whether only the stage and the narrator have room, and no frames.
    pub(super) const fn is_bare(&self) -> bool {
        self.side.is_empty()
    }
}

/// The body of an 80x24 screen: all rows but header and footer.
const FULL: (u16, u16) = (80, 22);
/// From here on, everything has an area of its own.
const WIDE: (u16, u16) = (120, 34);
/// The rows below the frames: narrator and the meaning of the knob.
const FOOT: u16 = 3;
/// The stage's share of 80x24: eleven rows and a frame.
const STAGE: u16 = 13;

/// Splits the body of a screen; the strip has `tracks` rows to show, and `own` of the lab's own.
pub(super) fn split(area: Rect, tracks: usize, own: u16) -> Areas {
    if area.width < FULL.0 || area.height < FULL.1 {
        return bare(area);
    }
    let [frames, foot] = cut_below(area, area.height - FOOT);
    let [narrator, knob] = cut_below(foot, FOOT - 1);
    let side_width = (26 + (area.width - FULL.0) * 3 / 8).min(64);
    // A frame, a row each, and the time axis.
    let strip_best = u16::try_from(tracks).unwrap_or(u16::MAX).saturating_add(3).saturating_add(own);
    if area.width < WIDE.0 || area.height < WIDE.1 {
        let strip_height = (frames.height - STAGE).min(strip_best);
        let [top, strip] = cut_below(frames, frames.height - strip_height);
        let [stage, side] = cut_right(top, side_width);
        return Areas { stage, side, strip, narrator, knob, ..Areas::default() };
    }
    let [left, right] = cut_right(frames, side_width);
    // A picture of the lab's own takes its room from the log, which tells the same in words.
    let log_height = if own > 0 { left.height / 6 } else { left.height / 4 };
    let strip_height = strip_best.min(left.height / 3 + left.height / 4 - log_height);
    let [stage, below] = cut_below(left, left.height - strip_height - log_height);
    let [strip, log] = cut_below(below, strip_height);
    let checks_height = 7.min(right.height / 4);
    let [side, below] = cut_below(right, (right.height - checks_height) * 5 / 9);
    let [readings, checks] = cut_below(below, below.height - checks_height);
    Areas { stage, side, strip, log, readings, checks, narrator, knob }
}

/// The stage, and below it two rows of narrator while that leaves most of the room to the stage.
fn bare(area: Rect) -> Areas {
    let rows = if area.height >= 12 { 2 } else { 0 };
    let [stage, narrator] = cut_below(area, area.height - rows);
    Areas { stage, narrator, ..Areas::default() }
}

/// The first `height` rows, and the rest.
fn cut_below(area: Rect, height: u16) -> [Rect; 2] {
    let height = height.min(area.height);
    let below = Rect { y: area.y + height, height: area.height - height, ..area };
    [Rect { height, ..area }, below]
}

/// All but the last `width` columns, and those.
fn cut_right(area: Rect, width: u16) -> [Rect; 2] {
    let width = width.min(area.width);
    let left = Rect { width: area.width - width, ..area };
    [left, Rect { x: left.right(), width, ..area }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_80x24_the_parts_have_the_sizes_of_the_contract() {
        let areas = split(Rect::new(0, 1, 80, 22), 5, 0);
        let inner = |area: Rect| (area.width - 2, area.height - 2);
        assert_eq!(inner(areas.stage), (52, 11));
        assert_eq!(inner(areas.side), (24, 11));
        assert_eq!(inner(areas.strip), (78, 4));
        assert_eq!((areas.narrator.height, areas.knob.height), (2, 1));
    }

    #[test]
    fn the_parts_cover_the_body_without_overlap() {
        for (width, height) in (0..200).step_by(7).flat_map(|w| (0..60).map(move |h| (w, h))) {
            let area = Rect::new(0, 1, width, height);
            let areas = split(area, 5, 0);
            let parts = [
                areas.stage,
                areas.side,
                areas.strip,
                areas.log,
                areas.readings,
                areas.checks,
                areas.narrator,
                areas.knob,
            ];
            let cells = |rect: &Rect| u32::from(rect.width) * u32::from(rect.height);
            assert_eq!(parts.iter().map(cells).sum::<u32>(), cells(&area), "{width}x{height}");
            assert!(parts.iter().all(|part| part.is_empty() || part.intersection(area) == *part));
        }
    }
}
