//! How tall a step is: an estimate that needs no screen, close to what the reader lays out.

use unicode_width::UnicodeWidthStr;

use super::super::prose::{Block, Inlines, List, Table};

/// The width at which steps are measured: 80 columns less the margins.
pub const TEXT_WIDTH: usize = 76;
/// The rows that a step without a lab may take on a screen of 24.
pub const ROWS_OF_TEXT: usize = 20;
/// The rows that a step may take beside its lab.
pub const ROWS_WITH_LAB: usize = 9;

/// Rows that a prediction or a goal takes while it is folded: what it asks, and how to start.
const ROWS_FOLDED: usize = 2;
/// Columns before the text of a quote or of a bulleted item.
const INDENT: usize = 2;

/// The rows that blocks take at [`TEXT_WIDTH`], with a blank row between them.
pub fn rows(blocks: &[Block]) -> usize {
    stacked(blocks, TEXT_WIDTH, Gap::Blank)
}

/// Whether blocks are set apart.
#[derive(Clone, Copy)]
enum Gap {
    Blank,
    None,
}

fn stacked(blocks: &[Block], width: usize, gap: Gap) -> usize {
    let heights = blocks.iter().map(|block| height(block, width)).filter(|rows| *rows > 0);
    let (sum, count) = heights.fold((0, 0), |(sum, count), rows| (sum + rows, count + 1_usize));
    match gap {
        Gap::Blank => sum + count.saturating_sub(1),
        Gap::None => sum,
    }
}

fn height(block: &Block, width: usize) -> usize {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => wrapped(text, width),
        Block::List(list) => list_height(list, width),
        Block::Table(table) => table_height(table, width),
        Block::Code(code) => code.text.lines().count(),
        Block::Quote(blocks) => stacked(blocks, width.saturating_sub(INDENT), Gap::Blank),
        Block::Rule => 1,
        // The lab stands beside the text, and a claim is a mark at the end of its paragraph.
        Block::Lab(_) | Block::Claim(_) => 0,
        Block::Predict(_) | Block::Goal(_) | Block::Cure(_) => ROWS_FOLDED,
    }
}

fn list_height(list: &List, width: usize) -> usize {
    let indent = if list.start.is_some() { INDENT + 1 } else { INDENT };
    let gap = if list.loose { Gap::Blank } else { Gap::None };
    let items: usize = list.items.iter().map(|item| stacked(item, width.saturating_sub(indent), gap)).sum();
    let between = if list.loose { list.items.len().saturating_sub(1) } else { 0 };
    items + between
}

/// Columns that fit keep their width; the others share what is left.
fn table_height(table: &Table, width: usize) -> usize {
    let columns = table.columns.len().max(1);
    let all_rows = || std::iter::once(&table.head).chain(&table.rows);
    let mut widths: Vec<usize> = (0..columns)
        .map(|column| all_rows().filter_map(|row| row.get(column)).map(widest_line).max().unwrap_or(0))
        .collect();
    let room = width.saturating_sub((columns - 1) * 3);
    if widths.iter().sum::<usize>() > room {
        let share = room / columns;
        let kept: usize = widths.iter().filter(|wide| **wide <= share).sum();
        let wide = widths.iter().filter(|wide| **wide > share).count().max(1);
        let each = room.saturating_sub(kept) / wide;
        for width in widths.iter_mut().filter(|wide| **wide > share) {
            *width = each;
        }
    }
    let tall = |row: &Vec<Inlines>| {
        row.iter().zip(&widths).map(|(cell, width)| wrapped(cell, *width)).max().unwrap_or(0).max(1)
    };
    // One more for the line under the head.
    all_rows().map(tall).sum::<usize>() + 1
}

fn widest_line(text: &Inlines) -> usize {
    text.plain().lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// The rows of a text filled word by word.
fn wrapped(text: &Inlines, width: usize) -> usize {
    let width = width.max(1);
    text.plain().lines().map(|line| filled(line, width)).sum()
}

fn filled(line: &str, width: usize) -> usize {
    let (mut rows, mut column) = (1, 0);
    for word in line.split_whitespace() {
        let long = word.width();
        if column > 0 && column + 1 + long > width {
            rows += 1;
            column = 0;
        }
        column += long + usize::from(column > 0);
        // A word longer than a line is cut.
        while column > width {
            rows += 1;
            column -= width;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_filled_word_by_word() {
        assert_eq!(filled("one two three", 7), 2);
        assert_eq!(filled("one two three", 13), 1);
        assert_eq!(filled("abcdefghij", 4), 3);
        assert_eq!(wrapped(&Inlines::from_plain("a\nb"), 10), 2);
    }

    #[test]
    fn blocks_stand_apart() {
        let paragraph = Block::Paragraph(Inlines::from_plain("one"));
        let item = vec![paragraph.clone()];
        let list = List { items: vec![item.clone(), item], ..List::default() };
        assert_eq!(rows(&[paragraph.clone(), paragraph.clone()]), 3);
        assert_eq!(rows(&[paragraph.clone(), Block::List(list.clone())]), 4);
        assert_eq!(rows(&[paragraph, Block::List(List { loose: true, ..list })]), 5);
    }
}
