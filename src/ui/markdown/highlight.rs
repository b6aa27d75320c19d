//! Highlighting: code as pieces of a few syntactic kinds, whatever the language.
//!
//! The grammars are loaded at the first block (a few milliseconds) and the first block of a language costs tens of
//! milliseconds, so what was highlighted is kept: a frame never highlights what an earlier frame did. Colours come
//! later, from the theme.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::toml;
use crate::course::prose::Language;
use crate::ui::theme::Syntax;

/// A block of code: lines of pieces. The pieces of a line, joined, are the line.
pub type Highlighted = Arc<Vec<Vec<(Syntax, String)>>>;

/// Blocks that are kept; a lesson has a handful.
const KEPT: usize = 64;
/// Lines and columns beyond which code is left plain: grammars are not made for such text.
const LONGEST: (usize, usize) = (400, 400);

/// What scopes mean to us; for each place in the code, the innermost scope that is listed decides.
const KINDS: [(&str, Syntax); 26] = [
    ("comment", Syntax::Comment),
    ("punctuation.definition.comment", Syntax::Comment),
    ("meta.mapping.key string", Syntax::Name),
    ("meta.structure.dictionary.key string", Syntax::Name),
    ("constant.character.escape", Syntax::Number),
    ("string", Syntax::Text),
    ("constant.numeric", Syntax::Number),
    ("constant.language", Syntax::Number),
    ("constant.other", Syntax::Number),
    ("keyword.operator", Syntax::Plain),
    ("keyword", Syntax::Keyword),
    ("storage.type.primitive", Syntax::Type),
    ("storage.type.numeric", Syntax::Type),
    ("storage", Syntax::Keyword),
    ("entity.name.function", Syntax::Name),
    ("entity.name.tag", Syntax::Name),
    ("entity.other.attribute-name", Syntax::Name),
    ("entity.other.inherited-class", Syntax::Type),
    ("entity.name", Syntax::Type),
    ("support.function", Syntax::Name),
    ("support.class", Syntax::Type),
    ("support.type", Syntax::Type),
    ("support.constant", Syntax::Number),
    ("variable.function", Syntax::Name),
    ("variable.annotation", Syntax::Type),
    ("variable.language", Syntax::Keyword),
];

/// The pieces of a code block. The same block is highlighted once.
pub fn highlight(language: Language, text: &str) -> Highlighted {
    static MEMO: Mutex<BTreeMap<(Language, String), Highlighted>> = Mutex::new(BTreeMap::new());
    let mut memo = MEMO.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = memo.get(&(language, text.to_owned())) {
        return Arc::clone(known);
    }
    let made: Highlighted = Arc::new(pieces(language, text));
    if memo.len() >= KEPT {
        memo.clear();
    }
    memo.insert((language, text.to_owned()), Arc::clone(&made));
    made
}

fn pieces(language: Language, text: &str) -> Vec<Vec<(Syntax, String)>> {
    let too_long = text.lines().count() > LONGEST.0 || text.lines().any(|line| line.len() > LONGEST.1);
    let lines = match language {
        _ if too_long => None,
        Language::Text => None,
        Language::Toml => return toml::highlight(text),
        _ => parsed(language, text),
    };
    lines.unwrap_or_else(|| text.lines().map(|line| vec![(Syntax::Plain, line.to_owned())]).collect())
}

fn grammars() -> &'static SyntaxSet {
    static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();
    GRAMMARS.get_or_init(SyntaxSet::load_defaults_newlines)
}

/// The grammar of a language, by the extension that it is listed under.
fn grammar(language: Language) -> Option<&'static SyntaxReference> {
    let extension = match language {
        Language::Java => "java",
        Language::Yaml => "yaml",
        Language::Rust => "rs",
        Language::Go => "go",
        Language::Python => "py",
        Language::JavaScript => "js",
        Language::Json => "json",
        Language::Xml => "xml",
        Language::Sh => "sh",
        Language::CSharp => "cs",
        Language::Toml | Language::Text => return None,
    };
    grammars().find_syntax_by_extension(extension)
}

/// The lines of `text` by its grammar; `None` if there is none, or if it fails.
fn parsed(language: Language, text: &str) -> Option<Vec<Vec<(Syntax, String)>>> {
    let mut state = ParseState::new(grammar(language)?);
    let mut scopes = ScopeStack::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let whole = format!("{line}\n");
        let changes = state.parse_line(&whole, grammars()).ok()?;
        let mut pieces = Vec::new();
        let mut from = 0;
        for (at, change) in changes {
            push(&mut pieces, line.get(from..at.min(line.len())), &scopes);
            from = at.min(line.len());
            scopes.apply(&change).ok()?;
        }
        push(&mut pieces, line.get(from..), &scopes);
        lines.push(pieces);
    }
    Some(lines)
}

/// Adds a piece of a line, joined to the one before if it is of the same kind.
fn push(pieces: &mut Vec<(Syntax, String)>, text: Option<&str>, scopes: &ScopeStack) {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    let kind = kind(scopes);
    match pieces.last_mut() {
        Some((last, joined)) if *last == kind => joined.push_str(text),
        _ => pieces.push((kind, text.to_owned())),
    }
}

/// What the innermost listed scope means.
fn kind(scopes: &ScopeStack) -> Syntax {
    static SCOPES: OnceLock<Vec<(Vec<Scope>, Syntax)>> = OnceLock::new();
    let known = SCOPES.get_or_init(|| {
        let scopes = |names: &str| names.split(' ').map(Scope::new).collect::<Result<Vec<_>, _>>().ok();
        KINDS.iter().filter_map(|(names, kind)| Some((scopes(names)?, *kind))).collect()
    });
    let stack = scopes.as_slice();
    for (depth, scope) in stack.iter().enumerate().rev() {
        let outer = stack.get(..depth).unwrap_or(&[]);
        let matches = |names: &[Scope]| match names {
            [own] => own.is_prefix_of(*scope),
            [around, own] => {
                own.is_prefix_of(*scope) && outer.iter().any(|outer| around.is_prefix_of(*outer))
            }
            _ => false,
        };
        if let Some((_, kind)) = known.iter().find(|(names, _)| matches(names)) {
            return *kind;
        }
    }
    Syntax::Plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with its kinds: `k(if)`.
    fn marked(language: Language, text: &str) -> Vec<String> {
        let letter = |syntax: Syntax| match syntax {
            Syntax::Plain => ' ',
            Syntax::Keyword => 'k',
            Syntax::Type => 't',
            Syntax::Name => 'n',
            Syntax::Text => 's',
            Syntax::Number => '1',
            Syntax::Comment => 'c',
        };
        let line = |pieces: &Vec<(Syntax, String)>| {
            pieces
                .iter()
                .map(|(syntax, text)| letter(*syntax).to_string().repeat(text.chars().count()))
                .collect()
        };
        highlight(language, text).iter().map(line).map(|line: String| line.trim_end().to_owned()).collect()
    }

    #[test]
    fn keywords_strings_numbers_and_comments_are_told_apart() {
        assert_eq!(marked(Language::Rust, "let x = \"a\"; // no\n"), ["kkk     sss  ccccc"]);
        assert_eq!(marked(Language::Yaml, "open: 5 # s\n"), ["nnnn  1 ccc"]);
        assert_eq!(marked(Language::Json, "{\"a\": 1}\n"), [" nnn  1"]);
        assert_eq!(marked(Language::Java, "return true;\n"), ["kkkkkk 1111"]);
        assert_eq!(marked(Language::Python, "def f(): pass\n"), ["kkk n    kkkk"]);
    }

    #[test]
    fn every_language_but_plain_text_has_a_grammar() {
        for language in Language::ALL {
            let own = matches!(language, Language::Text | Language::Toml);
            assert!(own || grammar(language).is_some(), "{}", language.word());
        }
    }

    #[test]
    fn the_pieces_of_a_line_are_the_line() {
        let text = "class A {\n  int x = 1; // é 日本\n\n}\n";
        for language in Language::ALL {
            let joined: Vec<String> = highlight(language, text)
                .iter()
                .map(|line| line.iter().map(|(_, t)| t.as_str()).collect())
                .collect();
            assert_eq!(joined, text.lines().collect::<Vec<_>>(), "{}", language.word());
        }
    }

    #[test]
    fn a_block_is_highlighted_once() {
        let first = highlight(Language::Go, "func main() {}\n");
        assert!(Arc::ptr_eq(&first, &highlight(Language::Go, "func main() {}\n")));
    }
}
