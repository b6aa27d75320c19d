//! Styled text into lines of a width, by the line-breaking rules of Unicode (UAX #14).
//!
//! Widths are those that a buffer will use, grapheme by grapheme, so no line is ever wider than asked and nothing that
//! can be seen is lost. Blanks at a break and control characters are dropped; tabs are blanks.

use std::ops::Range;

use ratatui::buffer::CellWidth;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation;

/// A stretch of text in one style.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Run {
    /// The text; a newline in it ends a line.
    pub text: String,
    /// How it is set.
    pub style: Style,
}

/// The narrowest width that is honoured: one wide character.
pub const NARROWEST: u16 = 2;

impl Run {
    /// A run; tabs become four blanks.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        let text: String = text.into();
        let text = if text.contains('\t') { text.replace('\t', "    ") } else { text };
        Self { text, style }
    }
}

/// How many columns `text` takes in a buffer.
pub fn width(text: &str) -> u16 {
    graphemes(text).fold(0, |sum, (_, wide)| sum.saturating_add(wide))
}

/// The graphemes that a buffer shows, with their columns.
pub fn graphemes(text: &str) -> impl Iterator<Item = (&str, u16)> {
    let visible = text.graphemes(true).filter(|grapheme| !grapheme.contains(char::is_control));
    visible.map(|grapheme| (grapheme, grapheme.cell_width()))
}

/// The start of `text` that fits `room` columns with a mark `+N` behind it, and N: how many columns are hidden.
pub fn clip(text: &str, room: u16) -> (&str, u16) {
    let whole = width(text);
    if whole <= room {
        return (text, 0);
    }
    // The mark's length depends on how much is hidden, which depends on the mark's length: two rounds settle it.
    let mark = |hidden: u16| u16::try_from(hidden.to_string().len()).unwrap_or(5).saturating_add(1);
    let first = mark(whole.saturating_sub(room));
    let kept = room.saturating_sub(mark(whole.saturating_sub(room).saturating_add(first)));
    let (mut end, mut taken) = (0, 0_u16);
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = if grapheme.contains(char::is_control) { 0 } else { grapheme.cell_width() };
        if taken.saturating_add(wide) > kept {
            break;
        }
        (end, taken) = (at + grapheme.len(), taken.saturating_add(wide));
    }
    (text.get(..end).unwrap_or(""), whole.saturating_sub(taken))
}

/// The runs as lines of at most `columns` columns; no line for no text. What a reader sees as one character is never cut:
/// a joined sequence of emoji that is wider than the line stands alone and sticks out.
pub fn wrap(runs: &[Run], columns: u16) -> Vec<Line<'static>> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    ranges(&text, columns.max(NARROWEST)).into_iter().map(|range| cut(runs, &range)).collect()
}

/// The byte ranges of the lines of `text`.
fn ranges(text: &str, columns: u16) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    if text.is_empty() {
        return lines;
    }
    // The line so far: where it begins, where its last visible character ends, and its columns with trailing blanks.
    let (mut start, mut end, mut taken) = (0, 0, 0_u16);
    let mut from = 0;
    for (at, kind) in linebreaks(text) {
        let fragment = text.get(from..at).unwrap_or("");
        let seen = from + fragment.trim_end().len();
        let visible = width(text.get(from..seen).unwrap_or(""));
        if taken > 0 && taken.saturating_add(visible) > columns {
            lines.push(start..end);
            (start, end, taken) = (from, from, 0);
        }
        if visible > columns {
            // What stands before it on the line takes no columns: a mark without a letter, say.
            (start, taken) = split(text, start..seen, columns, &mut lines);
        } else {
            taken = taken.saturating_add(visible);
        }
        end = seen.max(end);
        taken = taken.saturating_add(width(text.get(seen..at).unwrap_or("")));
        if kind == BreakOpportunity::Mandatory {
            lines.push(start..end.max(start));
            (start, end, taken) = (at, at, 0);
        }
        from = at;
    }
    lines
}

/// Splits a fragment that is wider than a line; gives the start and the columns of what is left for the last line.
fn split(text: &str, range: Range<usize>, columns: u16, lines: &mut Vec<Range<usize>>) -> (usize, u16) {
    let (mut start, mut taken) = (range.start, 0_u16);
    for (at, grapheme) in text.get(range.clone()).unwrap_or("").grapheme_indices(true) {
        if grapheme.contains(char::is_control) {
            continue;
        }
        let wide = grapheme.cell_width();
        if taken.saturating_add(wide) > columns {
            lines.push(start..range.start + at);
            (start, taken) = (range.start + at, 0);
        }
        taken = taken.saturating_add(wide);
    }
    (start, taken)
}

/// The part of the runs in a byte range of their joined text.
fn cut(runs: &[Run], range: &Range<usize>) -> Line<'static> {
    let mut line = Line::default();
    let mut offset = 0;
    for run in runs {
        let (from, to) = (offset, offset + run.text.len());
        offset = to;
        let inside = range.start.clamp(from, to)..range.end.clamp(from, to);
        let text = run.text.get(inside.start - from..inside.end - from).unwrap_or("");
        if !text.is_empty() {
            line.push_span(Span::styled(text.replace(char::is_control, ""), run.style));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str, columns: u16) -> Vec<String> {
        wrap(&[Run::new(text, Style::new())], columns).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_break_between_words_and_where_the_text_says() {
        assert_eq!(plain("fail fast, not slow", 10), ["fail fast,", "not slow"]);
        assert_eq!(plain("one\ntwo", 10), ["one", "two"]);
        assert_eq!(plain("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(plain("", 10), [""; 0]);
    }

    #[test]
    fn what_is_too_long_is_split_between_graphemes() {
        assert_eq!(plain("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(plain("ab abcdefgh c", 3), ["ab", "abc", "def", "gh", "c"]);
        assert_eq!(plain("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn what_is_clipped_says_how_much_is_hidden() {
        assert_eq!(clip("abc", 3), ("abc", 0));
        assert_eq!(clip("abcdefghij", 6), ("abcd", 6));
        assert_eq!(clip("abcdefghijklmnop", 8), ("abcde", 11));
        assert_eq!(clip("日本語日本語", 6), ("日本", 8));
        assert_eq!(clip("abc", 0), ("", 3));
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_nothing_visible_is_lost(
            runs in prop::collection::vec("[a-z \u{301}日語é👩\u{200d}🚀\t\n.,()-]{0,20}", 0..6),
            columns in 0_u16..40,
        ) {
            let runs: Vec<Run> = runs.into_iter().map(|text| Run::new(text, Style::new())).collect();
            let lines = wrap(&runs, columns);
            for line in &lines {
                let text = line.to_string();
                // What a reader sees as one character is never cut, even if it is wider than the line.
                let widest = graphemes(&text).map(|(_, wide)| wide).max().unwrap_or(0);
                prop_assert!(width(&text) <= columns.max(NARROWEST) || widest > NARROWEST, "{text:?}");
                prop_assert!(!text.contains(char::is_control));
            }
            let visible = |text: String| text.replace(char::is_whitespace, "");
            let before = runs.iter().map(|run| run.text.as_str()).collect::<String>();
            let after = lines.iter().map(ToString::to_string).collect::<String>();
            prop_assert_eq!(visible(before), visible(after));
        }
    }
}
