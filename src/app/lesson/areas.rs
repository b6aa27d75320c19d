//! Where text and lab of a lesson stand, by the size of the terminal.
//!
//! Known to the state and to the view alike: the state must know how many rows of text are seen to scroll by them.

use crate::app::shared::Size;

/// The smallest terminal that shows text and lab one above the other.
const STACKED: Size = Size { width: 80, height: 24 };
/// From this width on they stand side by side.
const WIDE: u16 = 150;
/// Text lines longer than this are hard to read.
const LONGEST_LINE: u16 = 76;
/// Rows of text above a lab on 24 rows.
const TEXT_ROWS: u16 = 9;
/// Blank columns at the left of a text.
const MARGIN: u16 = 2;

/// A rectangle inside the body of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Area {
    /// Columns from the left.
    pub x: u16,
    /// Rows from the top of the body.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// The parts of a lesson's screen. A part without room has no height.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Areas {
    /// The text, a bet or a goal.
    pub text: Area,
    /// The line that tells how the lab stands.
    pub bar: Area,
    /// The lab.
    pub stage: Area,
    /// What the lab tells, in one line.
    pub narrator: Area,
}

/// What a step has to show, and what of it comes first where only one thing fits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shows {
    /// No lab.
    Text,
    /// Text and lab, the text first.
    TextFirst,
    /// Text and lab, the lab first.
    LabFirst,
}

impl Areas {
    /// The parts on a terminal of this size, whose first and last row are not the lesson's.
    pub fn of(size: Size, shows: Shows) -> Self {
        let (width, height) = (size.width, size.height.saturating_sub(2));
        let text_width = width.saturating_sub(2 * MARGIN).min(LONGEST_LINE);
        let narrator = Area { x: 0, y: height.saturating_sub(1), width, height: height.min(1) };
        let full = Area { x: MARGIN, y: 1, width: text_width, height: height.saturating_sub(2) };
        if shows == Shows::Text {
            return Self { text: full, narrator, ..Self::default() };
        }
        if width >= WIDE {
            return Self::side_by_side(width, full, narrator);
        }
        if width >= STACKED.width && size.height >= STACKED.height {
            return Self::stacked(width, full, narrator);
        }
        let bar = Area { x: 0, y: 0, width, height: 1 };
        match shows {
            Shows::LabFirst => Self { bar, stage: Area { x: 0, width, ..full }, narrator, ..Self::default() },
            Shows::Text | Shows::TextFirst => Self { text: full, narrator, ..Self::default() },
        }
    }

    fn side_by_side(width: u16, full: Area, narrator: Area) -> Self {
        let text = full;
        let x = text.x + text.width + MARGIN;
        let right = Area { x, width: width.saturating_sub(x), ..full };
        let bar = Area { y: 0, height: 1, ..right };
        Self { text, bar, stage: right, narrator }
    }

    fn stacked(width: u16, full: Area, narrator: Area) -> Self {
        // Of the rows beyond 24, text and lab get two and three in five.
        let spare = narrator.y.saturating_sub(STACKED.height - 3);
        let text = Area { height: TEXT_ROWS + spare * 2 / 5, ..full };
        let bar = Area { x: 0, y: text.y + text.height, width, height: 1 };
        let y = bar.y + 1;
        let stage = Area { x: 0, y, width, height: narrator.y.saturating_sub(y) };
        Self { text, bar, stage, narrator }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_by_twenty_four_gives_nine_rows_to_the_text_and_ten_to_the_lab() {
        let areas = Areas::of(Size { width: 80, height: 24 }, Shows::TextFirst);
        assert_eq!((areas.text.height, areas.text.width, areas.stage.height), (9, 76, 10));
        assert_eq!(areas.narrator.y, 21);
        let alone = Areas::of(Size { width: 80, height: 24 }, Shows::Text);
        assert_eq!((alone.text.height, alone.stage.height), (20, 0));
    }

    #[test]
    fn parts_never_overlap_and_never_leave_the_body() {
        for width in (0..200).step_by(7) {
            for height in 0..60 {
                for shows in [Shows::Text, Shows::TextFirst, Shows::LabFirst] {
                    let size = Size { width, height };
                    let areas = Areas::of(size, shows);
                    let body = height.saturating_sub(2);
                    for area in [areas.text, areas.bar, areas.stage, areas.narrator] {
                        assert!(
                            area.y + area.height <= body.max(1) || area.height == 0,
                            "{size:?} {areas:?}"
                        );
                        assert!(area.x + area.width <= width || area.width == 0, "{size:?} {areas:?}");
                    }
                    let stacked = areas.stage.x == 0 && areas.stage.height > 0;
                    let above =
                        !stacked || areas.text.y + areas.text.height <= areas.bar.y || areas.text.height == 0;
                    assert!(above, "{size:?} {areas:?}");
                }
            }
        }
    }
}
