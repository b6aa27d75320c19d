//! Wrapping at a width, by what a terminal shows.

use unicode_linebreak::linebreaks;
use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `width` columns, broken between words. Addresses are never broken, so that they can be
/// copied; any other word that is wider than a line is, where Unicode allows it.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (i, piece) in pieces(word, width).into_iter().enumerate() {
            let blank = usize::from(i == 0 && !line.is_empty());
            if !line.is_empty() && columns(&line) + blank + columns(piece) > width {
                lines.push(std::mem::take(&mut line));
            } else if blank == 1 {
                line.push(' ');
            }
            line.push_str(piece);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The parts of a word that may stand on lines of their own: the whole of it, if it fits on one.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    if columns(word) <= width || word.contains("://") {
        return vec![word];
    }
    let mut from = 0;
    let mut pieces = Vec::new();
    for (end, _) in linebreaks(word) {
        pieces.push(&word[from..end]);
        from = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_and_addresses_stay_whole() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(
            wrapped("see https://example.org/a-long-way", 10),
            ["see", "https://example.org/a-long-way"]
        );
        assert_eq!(wrapped("one\ntwo", 8), ["one", "two"]);
        assert_eq!(wrapped("", 8), [""; 0]);
    }

    #[test]
    fn a_text_without_spaces_is_broken_where_its_script_allows() {
        assert_eq!(wrapped("断路器打开时", 6), ["断路器", "打开时"]);
    }
}
