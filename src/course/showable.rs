//! Which characters any terminal shows as one would expect, and the cleaning of text that holds others.
//!
//! Content may come from strangers: a control character could drive the learner's terminal, a direction mark could show
//! code that is not the code, and an emoji breaks the columns where terminals disagree about its width.

use std::borrow::Cow;

/// What stands in for a character that was taken out.
pub const STAND_IN: char = '\u{FFFD}';

/// Columns between tab stops in code.
const TAB: usize = 4;

/// Emoji of the basic plane that are drawn one or two columns wide, depending on the terminal.
const WIDE_OR_NARROW: [(char, char); 31] = [
    ('\u{231A}', '\u{231B}'),
    ('\u{2328}', '\u{2328}'),
    ('\u{23CF}', '\u{23CF}'),
    ('\u{23E9}', '\u{23F3}'),
    ('\u{23F8}', '\u{23FA}'),
    ('\u{24C2}', '\u{24C2}'),
    ('\u{25FD}', '\u{25FE}'),
    ('\u{2600}', '\u{2604}'),
    ('\u{260E}', '\u{260E}'),
    ('\u{2611}', '\u{2611}'),
    ('\u{2614}', '\u{26FF}'),
    ('\u{2702}', '\u{2702}'),
    ('\u{2705}', '\u{2705}'),
    ('\u{2708}', '\u{270D}'),
    ('\u{270F}', '\u{270F}'),
    ('\u{2712}', '\u{2712}'),
    ('\u{2714}', '\u{2714}'),
    ('\u{2716}', '\u{2716}'),
    ('\u{271D}', '\u{271D}'),
    ('\u{2728}', '\u{2728}'),
    ('\u{274C}', '\u{274C}'),
    ('\u{274E}', '\u{274E}'),
    ('\u{2753}', '\u{2757}'),
    ('\u{2763}', '\u{2764}'),
    ('\u{2795}', '\u{2797}'),
    ('\u{27A1}', '\u{27A1}'),
    ('\u{27B0}', '\u{27B0}'),
    ('\u{27BF}', '\u{27BF}'),
    ('\u{2B1B}', '\u{2B1C}'),
    ('\u{2B50}', '\u{2B55}'),
    ('\u{3297}', '\u{3299}'),
];

/// Why a plain terminal cannot show this character; `None` if it can. Line ends and tabs count as control characters.
pub fn unshowable(c: char) -> Option<&'static str> {
    // Nearly all text is this, so it is decided first.
    if matches!(c, ' '..='~') {
        return None;
    }
    match c {
        _ if c.is_control() => Some("a control character"),
        '\u{2028}' | '\u{2029}' => Some("a line separator"),
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some("a text direction mark")
        }
        '\u{00AD}'
        | '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' => Some("an invisible character"),
        STAND_IN => Some("what is left of a character that could not be read"),
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Some("a private character"),
        '\u{1F000}'..='\u{1FAFF}' => Some("an emoji, whose width differs between terminals"),
        _ if WIDE_OR_NARROW.iter().any(|(from, to)| (*from..=*to).contains(&c)) => {
            Some("an emoji, whose width differs between terminals")
        }
        _ => None,
    }
}

/// The characters that a plain terminal cannot show, with their offsets; line ends and tabs are not among them.
pub fn unshowables(text: &str) -> impl Iterator<Item = (usize, char, &'static str)> {
    text.char_indices()
        .filter(|(_, c)| !matches!(c, '\n' | '\t'))
        .filter_map(|(at, c)| unshowable(c).map(|why| (at, c, why)))
}

/// The text with [`STAND_IN`] for whatever a plain terminal cannot show; line ends and tabs stay.
pub fn cleaned(text: &str) -> Cow<'_, str> {
    let keep = |c: char| matches!(c, '\n' | '\t') || unshowable(c).is_none();
    if text.chars().all(keep) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if keep(c) { c } else { STAND_IN }).collect())
}

/// The text for one line of prose: cleaned, tabs and line ends become spaces.
pub fn one_line(text: &str) -> String {
    cleaned(text).chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }).collect()
}

/// The text as code: cleaned, tabs expanded, each line ended.
pub fn code_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut column = 0;
    for c in cleaned(text).chars() {
        match c {
            '\t' => {
                let blanks = TAB - column % TAB;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\n' => {
                out.push(c);
                column = 0;
            }
            _ => {
                out.push(c);
                column += 1;
            }
        }
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prose_needs_can_be_shown() {
        for c in "aÄßλ中→←↔≥≤×·…–—“”±√∞✓✗│─█░▲●µ²½€ \u{a0}".chars()
        {
            assert_eq!(unshowable(c), None, "{c:?}");
        }
    }

    #[test]
    fn what_drives_or_confuses_a_terminal_cannot() {
        for c in
            "\u{1b}\u{7}\r\n\t\u{9b}\u{202e}\u{200b}\u{200d}\u{fe0f}\u{feff}\u{2028}🚀⚠❌⚡\u{e0041}".chars()
        {
            assert!(unshowable(c).is_some(), "{c:?}");
        }
    }

    #[test]
    fn code_keeps_its_columns_and_ends_its_lines() {
        assert_eq!(code_lines("a\tb\n\tc"), "a   b\n    c\n");
        assert_eq!(code_lines("\u{1b}[2J"), "\u{fffd}[2J\n");
        assert_eq!(code_lines(""), "");
    }
}
