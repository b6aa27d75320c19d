//! Turns Markdown events into pieces: an explicit stack of open lists and quotes, never recursion.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::super::model::Source;
use super::super::nearest;
use super::super::origin::Origin;
use super::super::place::Place;
use super::super::prose::{Align, Block, Code, Inlines, Language, Link, List, Run, Style, Table};
use super::super::showable;
use super::super::text::look_up;
use super::{Desk, Fence, FenceKind, Piece};

/// Lists and quotes nest at most so deep; a narrow terminal has no room for more.
const DEEPEST: usize = 8;
/// A table has at most so many columns.
const WIDEST: usize = 12;

/// Inline text that is being read.
#[derive(Default)]
struct Inline {
    runs: Vec<Run>,
    strong: u32,
    emphasis: u32,
    link: Option<Link>,
    /// Where it started.
    start: usize,
}

/// A list or quote that is being read.
enum Frame {
    Quote(Vec<Block>),
    List(List),
    Item(Vec<Block>),
    /// Too deep, or refused: its blocks go to the frame around it.
    Flat,
}

/// A code block that is being read.
struct OpenCode {
    info: String,
    fenced: bool,
    start: usize,
    body: String,
    pieces: Vec<(usize, usize)>,
}

/// A table that is being read.
#[derive(Default)]
struct OpenTable {
    table: Table,
    cells: Vec<Inlines>,
}

/// Takes the events of one text.
pub(super) struct Reader<'r> {
    text: &'r str,
    origin: &'r Origin,
    sources: Option<&'r [Source]>,
    desk: &'r Desk<'r>,
    pieces: Vec<Piece>,
    open: Vec<Frame>,
    inline: Inline,
    code: Option<OpenCode>,
    table: OpenTable,
    too_deep: bool,
}

impl<'r> Reader<'r> {
    /// Nothing read yet.
    pub fn new(text: &'r str, origin: &'r Origin, sources: Option<&'r [Source]>, desk: &'r Desk<'r>) -> Self {
        Self {
            text,
            origin,
            sources,
            desk,
            pieces: Vec::new(),
            open: Vec::new(),
            inline: Inline::default(),
            code: None,
            table: OpenTable::default(),
            too_deep: false,
        }
    }

    /// What was read.
    pub fn into_pieces(self) -> Vec<Piece> {
        self.pieces
    }

    fn place(&self, range: Range<usize>) -> Place {
        self.origin.place(range)
    }

    /// The place of the first line of a range.
    fn first_line(&self, range: Range<usize>) -> Place {
        let slice = &self.text[range.clone()];
        let long = slice.trim_end().find('\n').unwrap_or(slice.trim_end().len());
        self.place(range.start..range.start + long)
    }

    /// Takes the next event.
    pub fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => match &mut self.code {
                Some(code) => {
                    code.pieces.push((code.body.len(), range.start));
                    code.body.push_str(&text);
                }
                None => self.push(&text, false, range),
            },
            Event::Code(text) => self.push(&text, true, range),
            Event::SoftBreak => self.push(" ", false, range),
            Event::HardBreak => self.line_break(),
            Event::Rule => {
                self.flush(range.start);
                let place = self.place(range);
                self.add(Block::Rule, place);
            }
            Event::InlineHtml(text) => {
                self.refuse_html(range.clone());
                self.push(&text, false, range);
            }
            Event::FootnoteReference(_) => self.refuse_footnote(range),
            // Inside a HTML block, which is refused as a whole; the others are not switched on.
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis => self.inline.emphasis += 1,
            Tag::Strong => self.inline.strong += 1,
            Tag::Link { dest_url, .. } => {
                let place = self.place(range);
                self.inline.link = super::link(&dest_url, place, self.sources, self.desk);
            }
            Tag::Image { .. } => {
                let place = self.place(range);
                self.desk.ledger.error_help(
                    place,
                    "a terminal shows no images",
                    "say it, or show it in a lab",
                );
            }
            Tag::TableHead | Tag::TableRow | Tag::TableCell => self.inline.start = range.start,
            _ => {
                self.flush(range.start);
                self.start_block(tag, range);
            }
        }
    }

    fn start_block(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                if let [.., Frame::List(list), Frame::Item(_)] = self.open.as_mut_slice() {
                    list.loose = true;
                }
            }
            Tag::BlockQuote(_) => self.open_frame(Frame::Quote(Vec::new()), range),
            Tag::List(start) => self.open_frame(Frame::List(List { start, ..List::default() }), range),
            Tag::Item => {
                let flat = !matches!(self.open.last(), Some(Frame::List(_)));
                self.open.push(if flat { Frame::Flat } else { Frame::Item(Vec::new()) });
            }
            Tag::CodeBlock(kind) => {
                let (info, fenced) = match kind {
                    CodeBlockKind::Fenced(info) => (info.into_string(), true),
                    CodeBlockKind::Indented => (String::new(), false),
                };
                let start = range.start;
                self.code = Some(OpenCode { info, fenced, start, body: String::new(), pieces: Vec::new() });
            }
            Tag::HtmlBlock => self.refuse_html(range),
            Tag::FootnoteDefinition(_) => {
                self.refuse_footnote(range);
                self.open.push(Frame::Flat);
            }
            Tag::Table(columns) => {
                if columns.len() > WIDEST {
                    let place = self.first_line(range);
                    self.desk.ledger.error(place, format!("a table of more than {WIDEST} columns"));
                }
                self.table = OpenTable::default();
                self.table.table.columns = columns.iter().take(WIDEST).map(|it| align(*it)).collect();
            }
            _ => {}
        }
    }

    fn open_frame(&mut self, frame: Frame, range: Range<usize>) {
        let deep = self.open.iter().filter(|frame| matches!(frame, Frame::Quote(_) | Frame::List(_))).count();
        if deep < DEEPEST {
            self.open.push(frame);
            return;
        }
        if !std::mem::replace(&mut self.too_deep, true) {
            let place = self.first_line(range);
            self.desk.ledger.error(place, format!("lists and quotes nest more than {DEEPEST} deep"));
        }
        self.open.push(Frame::Flat);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis => self.inline.emphasis = self.inline.emphasis.saturating_sub(1),
            TagEnd::Strong => self.inline.strong = self.inline.strong.saturating_sub(1),
            TagEnd::Link => self.inline.link = None,
            TagEnd::Paragraph => self.flush(range.start),
            TagEnd::Heading(level) => self.heading(level, range),
            TagEnd::CodeBlock => self.code_block(range),
            TagEnd::Item => {
                self.flush(range.start);
                if let Some(Frame::Item(blocks)) = self.open.pop()
                    && let Some(Frame::List(list)) = self.open.last_mut()
                {
                    list.items.push(blocks);
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition => {
                self.flush(range.start);
                let place = self.first_line(range);
                match self.open.pop() {
                    Some(Frame::Quote(blocks)) => self.add(Block::Quote(blocks), place),
                    Some(Frame::List(list)) => self.add(Block::List(list), place),
                    Some(Frame::Item(_) | Frame::Flat) | None => {}
                }
            }
            TagEnd::TableCell => {
                let cell = Inlines(std::mem::take(&mut self.inline.runs));
                if self.table.cells.len() < WIDEST {
                    self.table.cells.push(cell);
                }
            }
            TagEnd::TableHead => self.table.table.head = self.row(),
            TagEnd::TableRow => {
                let row = self.row();
                self.table.table.rows.push(row);
            }
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table.table);
                let place = self.first_line(range);
                self.add(Block::Table(table), place);
            }
            _ => {}
        }
    }

    fn row(&mut self) -> Vec<Inlines> {
        let mut row = std::mem::take(&mut self.table.cells);
        row.resize(self.table.table.columns.len(), Inlines::default());
        row
    }

    /// Ends the paragraph that is being read, if there is one: in a tight list nothing else marks its end.
    fn flush(&mut self, start: usize) {
        let runs = std::mem::take(&mut self.inline.runs);
        if !runs.is_empty() {
            let place = self.place(self.inline.start..self.inline.start.max(start) + 1);
            self.add(Block::Paragraph(Inlines(runs)), place);
        }
    }

    /// Adds a block to the innermost list item or quote, or to the text itself.
    fn add(&mut self, block: Block, place: Place) {
        let inner = self.open.iter_mut().rev().find_map(|frame| match frame {
            Frame::Quote(blocks) | Frame::Item(blocks) => Some(blocks),
            Frame::List(_) | Frame::Flat => None,
        });
        match inner {
            Some(blocks) => blocks.push(block),
            None => self.pieces.push(Piece::Block(block, place)),
        }
    }

    fn push(&mut self, text: &str, code: bool, range: Range<usize>) {
        // An entity like &#27; is seen only now.
        if let Some((_, c, why)) = showable::unshowables(text).find(|(_, c, _)| *c != showable::STAND_IN) {
            let place = self.place(range.clone());
            self.desk.ledger.error(place, format!("U+{:04X} is {why}", u32::from(c)));
        }
        let text = showable::one_line(text);
        let style = Style { strong: self.inline.strong > 0, emphasis: self.inline.emphasis > 0, code };
        match self.inline.runs.last_mut() {
            Some(run) if run.style == style && run.link == self.inline.link && run.text != "\n" => {
                run.text.push_str(&text);
            }
            last => {
                if last.is_none() {
                    self.inline.start = range.start;
                }
                self.inline.runs.push(Run { text, style, link: self.inline.link.clone() });
            }
        }
    }

    fn line_break(&mut self) {
        self.inline.runs.push(Run { text: "\n".into(), ..Run::default() });
    }

    fn heading(&mut self, level: HeadingLevel, range: Range<usize>) {
        let text = Inlines(std::mem::take(&mut self.inline.runs));
        let place = self.first_line(range);
        let level = level as u8;
        if text.is_empty() {
            self.desk.ledger.error(place, "a heading without text");
        } else if !self.open.is_empty() {
            self.desk.ledger.error(place, "a heading inside a list or quote");
        } else if level <= 2 {
            self.pieces.push(Piece::Title(level, text, place));
        } else {
            self.add(Block::Heading { level, text }, place);
        }
    }

    fn code_block(&mut self, range: Range<usize>) {
        let Some(code) = self.code.take() else { return };
        let fence = self.first_line(code.start..range.end.max(code.start));
        let word = code.info.split_whitespace().next().unwrap_or_default();
        let pieces =
            code.pieces.iter().map(|(inner, at)| (*inner, look_up(&self.origin.pieces, *at))).collect();
        let origin = Origin { file: self.origin.file, pieces };
        if let Some(kind) = FenceKind::ALL.into_iter().find(|kind| kind.word() == word) {
            if self.open.is_empty() {
                self.pieces.push(Piece::Fence(Fence { kind, body: code.body, origin, place: fence }));
            } else {
                self.desk.ledger.error(fence, format!("a {word} block inside a list or quote"));
            }
            return;
        }
        let language = Language::from_word(word).unwrap_or_else(|| {
            self.unknown_language(word, &code, fence);
            Language::Text
        });
        let place = if code.body.is_empty() { fence } else { origin.place(0..code.body.len()) };
        self.add(Block::Code(Code { language, text: showable::code_lines(&code.body), place }), fence);
    }

    fn unknown_language(&self, word: &str, code: &OpenCode, fence: Place) {
        let ledger = self.desk.ledger;
        if !code.fenced {
            let help = "put it between ``` fences, or take the indent away";
            return ledger.error_help(fence, "indented code has no language", help);
        }
        if word.is_empty() {
            return ledger.error_help(
                fence,
                "code without a language",
                "name it after the fence: ```java, ```text",
            );
        }
        let at = self.text[code.start..].find(word).map_or(code.start, |at| code.start + at);
        let words = Language::ALL.iter().map(|it| it.word()).chain(FenceKind::ALL.iter().map(|it| it.word()));
        let help = nearest::suggestion(word, words);
        let place = self.place(at..at + word.len());
        ledger.error_help(place, format!("code in an unknown language `{}`", showable::one_line(word)), help);
    }

    fn refuse_html(&self, range: Range<usize>) {
        let place = self.first_line(range);
        self.desk.ledger.error_help(place, "HTML is not shown", "if it is code, put it in backticks");
    }

    fn refuse_footnote(&self, range: Range<usize>) {
        let place = self.first_line(range);
        self.desk.ledger.error_help(place, "footnotes are not shown", "say it in the text, or name a source");
    }
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Left,
        Alignment::Center => Align::Centre,
        Alignment::Right => Align::Right,
    }
}
