//! TOML, which the default grammars lack: tables, keys, strings, numbers and comments.

use crate::ui::theme::Syntax;

type Pieces = Vec<(Syntax, String)>;

/// The lines of a TOML text.
pub(super) fn highlight(text: &str) -> Vec<Pieces> {
    let mut open = None;
    text.lines().map(|line| highlight_line(line, &mut open)).collect()
}

/// One line; `open` is the delimiter of a string that began in an earlier one.
fn highlight_line(line: &str, open: &mut Option<&'static str>) -> Pieces {
    let mut pieces = Pieces::new();
    let mut rest = line;
    if let Some(delimiter) = *open {
        let Some(end) = rest.find(delimiter) else { return vec![(Syntax::Text, line.to_owned())] };
        let (string, after) = rest.split_at(end + delimiter.len());
        pieces.push((Syntax::Text, string.to_owned()));
        (rest, *open) = (after, None);
    } else {
        let indent = rest.len() - rest.trim_start().len();
        let (blank, after) = rest.split_at(indent);
        push(&mut pieces, Syntax::Plain, blank);
        rest = after;
        if rest.starts_with('[') {
            let end = rest.rfind(']').map_or(rest.len(), |at| at + 1);
            let (table, after) = rest.split_at(end);
            push(&mut pieces, Syntax::Type, table);
            rest = after;
        } else if let Some(end) = key_end(rest) {
            let (key, after) = rest.split_at(end);
            push(&mut pieces, Syntax::Name, key);
            rest = after;
        }
    }
    highlight_values(rest, &mut pieces, open);
    pieces
}

/// The end of the key that a line begins with; `None` if it has no `=` outside quotes and remarks.
fn key_end(line: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '#') => return None,
            (None, '=') => return Some(line.get(..at)?.trim_end().len()),
            _ => {}
        }
    }
    None
}

/// What stands behind a key: strings, numbers, words, and a remark at the end.
fn highlight_values(mut rest: &str, pieces: &mut Pieces, open: &mut Option<&'static str>) {
    while let Some(first) = rest.chars().next() {
        let (kind, end) = match first {
            '#' => (Syntax::Comment, rest.len()),
            '"' | '\'' => (Syntax::Text, string_end(rest, open)),
            c if is_word(c) => {
                let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                (word_kind(rest.get(..end).unwrap_or("")), end)
            }
            c => (Syntax::Plain, c.len_utf8()),
        };
        let (piece, after) = rest.split_at(end);
        push(pieces, kind, piece);
        rest = after;
    }
}

/// Words hold numbers, dates and `true`; a key of an inline table is a word too.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '+' | '_' | '.' | ':')
}

fn word_kind(word: &str) -> Syntax {
    let constant = word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    if constant || matches!(word, "true" | "false" | "inf" | "nan") { Syntax::Number } else { Syntax::Name }
}

/// The end of the string that the text begins with; if it goes on in the next line, that is noted in `open`.
fn string_end(text: &str, open: &mut Option<&'static str>) -> usize {
    for delimiter in ["\"\"\"", "'''"] {
        if let Some(after) = text.strip_prefix(delimiter) {
            return after.find(delimiter).map_or_else(
                || {
                    *open = Some(delimiter);
                    text.len()
                },
                |at| at + 2 * delimiter.len(),
            );
        }
    }
    let quote = text.chars().next().unwrap_or('"');
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Adds a piece, joined to the one before if it is of the same kind.
fn push(pieces: &mut Pieces, kind: Syntax, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some((last, joined)) if *last == kind => joined.push_str(text),
        _ => pieces.push((kind, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Vec<(Syntax, &str)>> {
        let lines: Vec<Pieces> = highlight(text);
        let owned: &'static Vec<Pieces> = Box::leak(Box::new(lines));
        owned.iter().map(|line| line.iter().map(|(kind, text)| (*kind, text.as_str())).collect()).collect()
    }

    #[test]
    fn keys_values_tables_and_remarks() {
        use Syntax::{Comment, Name, Number, Plain, Text, Type};
        assert_eq!(kinds("[lab] # x"), [vec![(Type, "[lab]"), (Plain, " "), (Comment, "# x")]]);
        assert_eq!(
            kinds("a.b = [1, \"t\\\"wo\", true]"),
            [vec![
                (Name, "a.b"),
                (Plain, " = ["),
                (Number, "1"),
                (Plain, ", "),
                (Text, "\"t\\\"wo\""),
                (Plain, ", "),
                (Number, "true"),
                (Plain, "]"),
            ]]
        );
    }

    #[test]
    fn strings_may_go_on_over_lines() {
        use Syntax::{Name, Plain, Text};
        assert_eq!(
            kinds("a = '''x\ny = 1\nz''' "),
            [
                vec![(Name, "a"), (Plain, " = "), (Text, "'''x")],
                vec![(Text, "y = 1")],
                vec![(Text, "z'''"), (Plain, " ")]
            ]
        );
    }
}
