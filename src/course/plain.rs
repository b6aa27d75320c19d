//! Lesson and question text without a screen: plain lines that a pipe carries and a screen reader reads.
//!
//! No boxes, no columns to line up, no marks for stress. A link stands behind its text, a table is a line a row, code is
//! indented and keeps its lines. The interactive blocks are told by whoever runs labs.

mod wrap;

use super::prose::{Block, Inlines, Link, List, Run, Table};
pub use wrap::wrapped;

/// How many columns a line takes at most, but for code and for words that cannot be broken.
pub const WIDTH: usize = 76;
/// However deep something is nested, it gets this many.
const NARROWEST: usize = 30;

/// Blocks as lines, with an empty line between them.
pub fn blocks(blocks: &[Block]) -> Vec<String> {
    apart(blocks, WIDTH)
}

/// Text as one string: forced line breaks are kept.
pub fn inlines(text: &Inlines) -> String {
    text.0.chunk_by(|one, next| one.link == next.link).map(linked).collect()
}

/// The ids of the sources that these blocks cite, each once, in the order of their first mention.
pub fn cited(blocks: &[Block]) -> Vec<&str> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => sources(text, &mut found),
            Block::List(list) => list.items.iter().for_each(|item| found.extend(cited(item))),
            Block::Table(table) => {
                table
                    .head
                    .iter()
                    .chain(table.rows.iter().flatten())
                    .for_each(|cell| sources(cell, &mut found));
            }
            Block::Quote(inner) => found.extend(cited(inner)),
            Block::Claim(claim) => claim.says.iter().for_each(|says| sources(says, &mut found)),
            Block::Cure(cure) => cure.remedies.iter().for_each(|remedy| sources(&remedy.says, &mut found)),
            Block::Code(_) | Block::Rule | Block::Lab(_) | Block::Predict(_) | Block::Goal(_) => {}
        }
    }
    let mut seen = Vec::new();
    for id in found {
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

fn sources<'a>(text: &'a Inlines, found: &mut Vec<&'a str>) {
    found.extend(text.runs().filter_map(|run| match &run.link {
        Some(Link::Source(id)) => Some(id.as_str()),
        _ => None,
    }));
}

fn apart(blocks: &[Block], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        let next = self::block(block, width);
        if !lines.is_empty() && !next.is_empty() {
            lines.push(String::new());
        }
        lines.extend(next);
    }
    lines
}

fn block(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Heading { text, .. } => {
            let lines = wrapped(&inlines(text), width);
            let longest = lines.iter().map(|line| wrap::columns(line)).max().unwrap_or(0);
            lines.into_iter().chain(["-".repeat(longest)]).collect()
        }
        Block::Paragraph(text) => wrapped(&inlines(text), width),
        Block::List(it) => list(it, width),
        Block::Table(it) => table(it, width),
        Block::Code(code) => {
            code.text.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect()
        }
        Block::Quote(inner) => hung(apart(inner, narrowed(width, 7)), "Quote: "),
        Block::Rule => vec!["* * *".to_owned()],
        Block::Lab(_) | Block::Claim(_) | Block::Predict(_) | Block::Goal(_) | Block::Cure(_) => Vec::new(),
    }
}

fn list(list: &List, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, item) in (0_u64..).zip(&list.items) {
        let mark =
            list.start.map_or_else(|| "- ".to_owned(), |start| format!("{}. ", start.saturating_add(i)));
        if list.loose && i > 0 {
            lines.push(String::new());
        }
        let inner = narrowed(width, mark.len());
        let inside = if list.loose {
            apart(item, inner)
        } else {
            item.iter().flat_map(|block| self::block(block, inner)).collect()
        };
        lines.extend(hung(inside, &mark));
    }
    lines
}

/// A line a row, each cell behind the name of its column.
fn table(table: &Table, width: usize) -> Vec<String> {
    let row = |cells: &Vec<Inlines>| {
        let named = table.head.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        let cells = named.map(|(name, cell)| match inlines(name) {
            name if name.is_empty() => inlines(cell),
            name => format!("{name}: {}", inlines(cell)),
        });
        hung(wrapped(&cells.collect::<Vec<_>>().join("; "), narrowed(width, 2)), "- ")
    };
    table.rows.iter().flat_map(row).collect()
}

fn narrowed(width: usize, by: usize) -> usize {
    width.saturating_sub(by).max(NARROWEST)
}

/// The lines behind a mark that stands before the first.
pub fn hung(lines: Vec<String>, mark: &str) -> Vec<String> {
    let blank = " ".repeat(wrap::columns(mark));
    let behind = |(i, line): (usize, String)| {
        let before = if i == 0 { mark } else { &blank };
        format!("{before}{line}").trim_end().to_owned()
    };
    lines.into_iter().enumerate().map(behind).collect()
}

/// Runs that lead to the same place, with the place behind them.
fn linked(runs: &[Run]) -> String {
    let text: String = runs.iter().map(spelled).collect();
    match runs.first().and_then(|run| run.link.as_ref()) {
        None => text,
        Some(Link::Web(url)) if *url == text => text,
        Some(Link::Web(url)) => format!("{text} ({url})"),
        Some(Link::Step(id)) if text.contains(&id.to_string()) => text,
        Some(Link::Step(id)) => format!("{text} (step {id})"),
        Some(Link::Source(id)) if *id == text => format!("[{id}]"),
        Some(Link::Source(id)) => format!("{text} [{id}]"),
    }
}

/// Code of more than one word, or of signs alone, is quoted: where it begins and ends would not be heard.
fn spelled(run: &Run) -> String {
    let is_a_word = !run.text.contains(' ') && run.text.contains(|c: char| c.is_alphanumeric());
    if !run.style.code || is_a_word {
        return run.text.clone();
    }
    let mark = if run.text.contains('"') { '\'' } else { '"' };
    format!("{mark}{}{mark}", run.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{SourceFile, load};

    fn shown(markdown: &str) -> (String, Vec<String>) {
        let front = "+++\nid = \"one\"\ntitle = \"One\"\nminutes = 5\n\n[[source]]\nid = \"r4j\"\ntitle = \"R\"\n+++\n\n## S\n\n";
        let files = [
            SourceFile::new("lessons/00-one/chapter.toml", "title = \"One\"\nsummary = \"One.\"\n"),
            SourceFile::new("lessons/00-one/01-one.md", format!("{front}{markdown}")),
        ];
        let loaded = load(&files);
        let step = loaded.course.find_step("one.1").unwrap().step;
        (blocks(&step.blocks).join("\n"), cited(&step.blocks).iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_kind_of_block_reads_aloud() {
        let markdown = "Text with **stress**, `code`, `more code`, `[`, a [page](https://example.org/), a\n\
            [step](one.1) and [r4j](#r4j).\\\nForced.\n\n### Smaller\n\n- a\n  1. b\n- c\n\n> Said.\n\n\
            | Knob | Default |\n|---|---|\n| window | 100 |\n\n***\n\n```java\nif (x) {\n  y();\n}\n```\n";
        let expected = "Text with stress, code, \"more code\", \"[\", a page (https://example.org/), a\n\
            step (step one.1) and [r4j].\nForced.\n\nSmaller\n-------\n\n- a\n  1. b\n- c\n\nQuote: Said.\n\n\
            - Knob: window; Default: 100\n\n* * *\n\n    if (x) {\n      y();\n    }";
        let (text, sources) = shown(markdown);
        assert_eq!(text, expected);
        assert_eq!(sources, ["r4j"]);
    }

    #[test]
    fn no_line_of_the_shipped_course_is_too_wide_or_draws() {
        let loaded = load(&crate::course::embedded::files());
        for at in loaded.course.steps() {
            for line in blocks(&at.step.blocks) {
                let is_code = line.starts_with("    ");
                assert!(
                    is_code || line.contains("://") || wrap::columns(&line) <= WIDTH,
                    "{}: {line}",
                    at.id()
                );
                assert!(!line.contains(|c| ('\u{2500}'..='\u{259f}').contains(&c)) || is_code, "{line}");
            }
        }
    }
}
