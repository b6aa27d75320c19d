//! How deep a TOML text nests, before it is parsed. The parser bounds brackets and dotted keys each for itself, but a
//! table inside a table, each with a long dotted key, multiplies to thousands of levels. Refusing those first keeps the
//! stack out of reach of content, whatever the parser's own bounds are.

/// Arrays of arrays of tables, and dotted keys, at most so deep. Real content needs four.
const DEEPEST: usize = 12;

/// Where brackets or dotted keys nest too deeply: each level would cost stack when the values are dropped.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut dots, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at).saturating_sub(1),
            b'"' | b'\'' => at = string_end(bytes, at).saturating_sub(1),
            b'[' | b'{' => {
                depth += 1;
                dots = 0;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'.' => dots += 1,
            b'=' | b',' | b'\n' => dots = 0,
            _ => {}
        }
        if depth > DEEPEST || dots > DEEPEST {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// One past the end of the string that starts at `at`; a one-line string ends with its line at the latest.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !triple => return at,
            b if b == quote && !triple => return at + 1,
            b if b == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_content_is_not_deep_and_strings_do_not_count() {
        assert_eq!(too_deep("a = [[[1.5]]] # [[[[[[[[[[[[[[[["), None);
        assert_eq!(too_deep("a = \"[[[[[[[[[[[[[[[[\\\"[[[\"\nb = '[[[[[[[[[[[[[[[[['"), None);
        assert_eq!(too_deep("a = \"\"\"\n[[[[[[[[[\"[[[[[[[\n\"\"\"\nb = 1"), None);
        assert_eq!(too_deep("[a.b]\nc.d = { e = [1] }"), None);
    }

    #[test]
    fn deep_brackets_and_long_dotted_keys_are_found() {
        assert_eq!(too_deep(&format!("a = {}", "[".repeat(500))), Some(4 + DEEPEST));
        assert_eq!(too_deep(&format!("{}z = 1", "a.".repeat(500))), Some(2 * DEEPEST + 1));
        // A string that never ends hides nothing on the next line.
        assert!(too_deep(&format!("a = \"x\nb = {}", "[".repeat(500))).is_some());
    }
}
