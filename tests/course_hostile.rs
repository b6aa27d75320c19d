//! Content from strangers: whatever stands in the files, loading ends, panics nowhere, and lets no character through
//! that drives a terminal.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, too, fail by panic")]

use std::fmt::Write as _;

use halfopen::course::showable::unshowable;
use halfopen::course::{Loaded, SourceFile, load};
use proptest::prelude::*;

const LESSON: &str = include_str!("fixtures/course/lessons/01-sample/01-first.md");
const BANK: &str = include_str!("fixtures/course/quizzes/sample.toml");

/// Every kind of file, by path.
const FILES: [(&str, &str); 7] = [
    ("lessons/01-sample/chapter.toml", include_str!("fixtures/course/lessons/01-sample/chapter.toml")),
    (
        "lessons/01-sample/scenarios/hang.toml",
        include_str!("fixtures/course/lessons/01-sample/scenarios/hang.toml"),
    ),
    ("lessons/01-sample/01-first.md", LESSON),
    ("quizzes/concepts.toml", include_str!("fixtures/course/quizzes/concepts.toml")),
    ("quizzes/misconceptions.toml", include_str!("fixtures/course/quizzes/misconceptions.toml")),
    ("quizzes/sample.toml", BANK),
    ("quizzes/sample-drills.toml", include_str!("fixtures/course/quizzes/sample-drills.toml")),
];

/// What an attacker, or a slip, puts into a file.
const TOKENS: [&str; 40] = [
    "\u{1b}[2J",
    "\\u001b[2J",
    "\\u202e",
    "&#27;",
    "&#x202e;",
    "\u{202e}",
    "\u{200b}",
    "\u{9b}",
    "\r",
    "\0",
    "🚀",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    "\\",
    "\n",
    "\n\n",
    "```",
    "```lab\n",
    "+++\n",
    "## ",
    "#### ",
    "> ",
    "- ",
    "1. ",
    "|",
    "<b>",
    "![x](y)",
    "[x](first.9)",
    "[^1]",
    "\t",
    "é",
    "99999999999999999999",
];

fn course_with(path: &str, text: String) -> Vec<SourceFile> {
    let files =
        FILES.iter().filter(|(known, _)| *known != path).map(|(path, text)| SourceFile::new(*path, *text));
    files.chain([SourceFile::new(path.to_owned(), text)]).collect()
}

/// Whatever was loaded is safe to show: content as `Debug` prints it, where a character that is not plain is escaped.
fn assert_safe(loaded: &Loaded) {
    let shown = format!("{:?}", loaded.course);
    let mut chars = shown.chars();
    while let Some(c) = chars.next() {
        assert!(c == '\u{fffd}' || unshowable(c).is_none(), "{c:?} in the course");
        if c != '\\' {
            continue;
        }
        match chars.next() {
            Some('n' | '\\' | '"' | '\'') => {}
            Some('u') => {
                let code: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let c = char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap();
                assert!(unshowable(c).is_none(), "{c:?} in the course");
            }
            escape => panic!("{escape:?} escaped in the course"),
        }
    }
    for problem in &loaded.problems {
        let rendered = problem.render();
        let bad = rendered.chars().find(|c| !matches!(c, '\n' | '\u{fffd}') && unshowable(*c).is_some());
        assert_eq!(bad, None, "{rendered}");
        assert!(
            rendered.contains(&format!("{}:{}:{}", problem.path, problem.line, problem.column)),
            "{rendered}"
        );
    }
}

proptest! {
    #[test]
    fn random_bytes_are_only_problems(file in 0..FILES.len(), bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_safe(&load(&course_with(FILES[file].0, text)));
    }

    #[test]
    fn a_cut_file_is_only_problems(file in 0..FILES.len(), share in 0.0..1.0_f64) {
        let (path, text) = FILES[file];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a cut")]
        let cut = text.floor_char_boundary((text.len() as f64 * share) as usize);
        assert_safe(&load(&course_with(path, text[..cut].to_owned())));
    }

    #[test]
    fn a_mutilated_file_is_only_problems(
        file in 0..FILES.len(),
        strikes in prop::collection::vec((any::<prop::sample::Index>(), 0..TOKENS.len(), 0..20_usize), 1..6),
    ) {
        let (path, text) = FILES[file];
        let mut text = text.to_owned();
        for (at, token, gone) in strikes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + gone).min(text.len()));
            text.replace_range(start..end, TOKENS[token]);
        }
        assert_safe(&load(&course_with(path, text)));
    }

    #[test]
    fn a_heap_of_tokens_is_only_problems(
        file in 0..FILES.len(),
        tokens in prop::collection::vec(0..TOKENS.len(), 0..200),
    ) {
        let (path, _) = FILES[file];
        let heap: String = tokens.into_iter().map(|token| TOKENS[token]).collect();
        let front = if path.contains("01-first") { "+++\nid = \"first\"\ntitle = \"T\"\nminutes = 1\n+++\n## S\n" } else { "" };
        assert_safe(&load(&course_with(path, format!("{front}{heap}"))));
    }
}

#[test]
fn windows_line_ends_change_nothing_but_the_bytes() {
    let plain: Vec<_> = FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    let windows: Vec<_> =
        FILES.iter().map(|(path, text)| SourceFile::new(*path, text.replace('\n', "\r\n"))).collect();
    assert_eq!(load(&windows), load(&plain));
    assert_eq!(load(&plain).problems, []);
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let plain: Vec<_> = FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
    let ids =
        |files: &[SourceFile]| load(files).course.questions().map(|it| it.id.to_string()).collect::<Vec<_>>();
    let reversed: Vec<_> = plain.iter().rev().cloned().collect();
    assert_eq!(load(&reversed).problems, []);
    assert_eq!(ids(&reversed), ids(&plain));
}

/// Loads a lesson with this body.
fn lesson(body: &str) -> Loaded {
    let text = format!("{}\n## Deep\n\n{body}\n", &LESSON[..LESSON.find("## A lab from").unwrap()]);
    load(&course_with("lessons/01-sample/01-first.md", text))
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let list = (0..400).fold(String::new(), |mut list, depth| {
        let _ = writeln!(list, "{}- x", "  ".repeat(depth));
        list
    });
    let brackets = format!("```lab\nlab = \"server\"\nset = {}\n```", "[".repeat(9_000));
    let dotted = format!("```lab\n{}a = 1\n```", "a.".repeat(4_000));
    let bodies = [
        "> ".repeat(4_900),
        list,
        "*a **b ".repeat(1_400),
        "[".repeat(9_900),
        "![".repeat(4_900),
        brackets,
        dotted,
    ];
    for body in bodies {
        let loaded = lesson(&body);
        assert_safe(&loaded);
        assert!(loaded.course.find_step("first.3").is_some());
    }
}

#[test]
fn dotted_keys_inside_tables_do_not_multiply() {
    let key = format!("{}a", "a.".repeat(70));
    let text = format!("[{key}]\n{}b = 1{}\n", format!("{key} = {{\n").repeat(70), " }".repeat(70));
    let loaded = load(&course_with("quizzes/sample.toml", text));
    assert!(loaded.problems.iter().any(|problem| problem.message == "nested too deeply"));
}

#[test]
fn a_wide_table_does_not_fill_the_memory() {
    let row = "|a".repeat(4_000);
    let table = format!("{row}|\n{}|\n{}", "|-".repeat(4_000), "|\n".repeat(20_000));
    let loaded = lesson(&table);
    assert!(loaded.problems.iter().any(|problem| problem.message == "a table of more than 12 columns"));
}

#[test]
fn sizes_are_bounded() {
    let large = SourceFile::new("lessons/02-large/01-large.md", "x\n".repeat(600_000));
    let said = |files: &[SourceFile]| {
        load(files).problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(said(&[large]).contains("a file of more than 1000000 bytes is not read"));
    let many: Vec<_> = (0..20_002).map(|n| SourceFile::new(format!("lessons/03-many/{n}.txt"), "")).collect();
    assert!(said(&many).contains("a course of more than 20000 files"));
    let text: &'static str = Box::leak("x\n".repeat(490_000).into_boxed_str());
    let much: Vec<_> = (0..60).map(|n| SourceFile::new(format!("elsewhere/{n}.txt"), text)).collect();
    assert!(said(&much).contains("a course of more than 50000000 bytes"));
}

#[test]
fn a_flood_of_mistakes_is_cut() {
    let loaded = lesson(&"<b>\n\n[x](nowhere)\n\n".repeat(20_000));
    assert_safe(&loaded);
    assert!(loaded.problems.len() <= 101);
    assert!(loaded.problems.iter().any(|problem| problem.message.starts_with("too many problems")));
}
