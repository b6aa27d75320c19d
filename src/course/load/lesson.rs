//! Reads a lesson file: front matter, then one step for each title.

use super::super::fields::{self, Fields};
use super::super::markdown::{self, FenceKind, Piece};
use super::super::model::{Lesson, Source, Step};
use super::super::origin::Origin;
use super::super::place::{Name, Place};
use super::super::prose::Block;
use super::super::text::offset;
use super::setup::{self, Shelf};
use super::{layout, slug};

/// The mark around the front matter.
const MARK: &str = "+++";

/// Reads a lesson. If its front matter has no id that can be used, gives the id that it probably has.
pub(super) fn lesson(name: &str, file: u32, shelf: Shelf<'_>) -> Result<Lesson, String> {
    let guess = layout::numbered(name).unwrap_or(name).to_owned();
    let ledger = shelf.desk.ledger;
    let text = ledger.texts.text(file);
    let Some((matter, body)) = split(text) else {
        let place = Place { file, start: 0, end: offset(text.find('\n').unwrap_or(text.len())) };
        let help = "start the file with +++, id, title and minutes, and +++ again";
        ledger.error_help(place, "no front matter", help);
        return Err(guess);
    };
    let origin = Origin::at(file, matter.start);
    let (fields, _) = fields::parse(&text[matter.clone()], &origin, ledger, "front matter");
    let place = Place { file, start: offset(matter.start), end: offset(matter.end) };
    let lesson = front_matter(fields, place, shelf);
    let mut lesson = lesson.map_err(|id| id.map_or(guess, |id| id.value))?;
    let origin = Origin::at(file, body);
    let pieces = markdown::pieces(&text[body..], &origin, Some(&lesson.sources), shelf.desk);
    lesson.steps = steps(pieces, shelf);
    if lesson.steps.is_empty() {
        ledger.error_help(lesson.id.place, "a lesson without steps", "each ## heading starts one");
    }
    Ok(lesson)
}

/// The range of the front matter and where the rest begins.
fn split(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == MARK)?;
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == MARK {
            return Some((first.len()..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// Reads the front matter; a wrong part is left out, only id and title must be there. Gives the id if no more is known.
fn front_matter(mut fields: Fields<'_>, place: Place, shelf: Shelf<'_>) -> Result<Lesson, Option<Name>> {
    let id = slug(fields.line("id"), shelf.desk);
    let title = fields.line("title");
    let minutes = fields.whole_needed("minutes", 1..601);
    let needs = fields.lines("needs");
    let mut sources: Vec<Source> = Vec::new();
    for table in fields.tables("source", "source") {
        if let Some(source) = source(table, shelf) {
            if sources.iter().any(|other| other.id.value == source.id.value) {
                let message = format!("this lesson has two sources `{}`", source.id);
                shelf.desk.ledger.error(source.id.place, message);
            } else {
                sources.push(source);
            }
        }
    }
    fields.finish();
    let (Some(id), Some(title)) = (id.clone(), title) else { return Err(id) };
    let minutes = minutes.and_then(|minutes| u32::try_from(minutes.value).ok()).unwrap_or(1);
    Ok(Lesson { id, title: title.value, minutes, needs, sources, steps: Vec::new(), place })
}

fn source(mut fields: Fields<'_>, shelf: Shelf<'_>) -> Option<Source> {
    let id = slug(fields.line("id"), shelf.desk);
    let title = fields.line("title");
    let url = fields.line_maybe("url");
    if let Some(url) = url.as_ref().filter(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        fields.error(url.place, "a url starts with https:// or http://");
    }
    fields.finish()?;
    Some(Source { id: id?, title: title?.value, url: url.map(|url| url.value) })
}

/// Cuts the pieces at their titles.
fn steps(pieces: Vec<Piece>, shelf: Shelf<'_>) -> Vec<Step> {
    let ledger = shelf.desk.ledger;
    let mut steps: Vec<Step> = Vec::new();
    let mut orphaned = false;
    for piece in pieces {
        match piece {
            Piece::Title(1, _, place) => {
                ledger.error_help(
                    place,
                    "a title of level 1",
                    "the lesson's title is in its front matter; use ##",
                );
            }
            Piece::Title(_, text, place) => {
                let number = steps.len() + 1;
                steps.push(Step { number, title: text.plain(), blocks: Vec::new(), place });
            }
            Piece::Block(block, place) => match steps.last_mut() {
                Some(step) => add(step, block, place, shelf),
                None if std::mem::replace(&mut orphaned, true) => {}
                None => {
                    ledger.error_help(
                        place,
                        "text before the first step",
                        "start the step with a ## heading",
                    );
                }
            },
            Piece::Fence(fence) => {
                let Some(block) = setup::block(&fence, shelf) else { continue };
                match steps.last_mut() {
                    Some(step) if fence.kind == FenceKind::Lab && step.lab().is_some() => {
                        ledger.error_help(
                            fence.place,
                            "a second lab in one step",
                            "start another step for it",
                        );
                    }
                    Some(step) => add(step, block, fence.place, shelf),
                    None => {
                        let message = format!("a {} block before the first step", fence.kind.word());
                        ledger.error_help(fence.place, message, "start the step with a ## heading");
                    }
                }
            }
        }
    }
    steps
}

/// Adds a block to a step and reports what cannot stand there.
fn add(step: &mut Step, block: Block, place: Place, shelf: Shelf<'_>) {
    let ledger = shelf.desk.ledger;
    match &block {
        Block::Heading { level, .. } => {
            let above = step.blocks.iter().rev().find_map(|block| match block {
                Block::Heading { level, .. } => Some(*level),
                _ => None,
            });
            let above = above.unwrap_or(2);
            if *level > above + 1 {
                let message = format!("a heading of level {level} under one of level {above}");
                ledger.error_help(place, message, format!("use {}", "#".repeat(usize::from(above) + 1)));
            }
        }
        Block::Claim(_) => {
            // What is interactive does not part a claim from its paragraph.
            let text = step.blocks.iter().rev().find(|block| {
                !matches!(
                    block,
                    Block::Lab(_) | Block::Claim(_) | Block::Predict(_) | Block::Goal(_) | Block::Cure(_)
                )
            });
            let proves = matches!(
                text,
                Some(Block::Paragraph(_) | Block::List(_) | Block::Table(_) | Block::Quote(_))
            );
            if !proves {
                let help = "put it directly after the paragraph that it proves";
                ledger.warning(place, "a claim that stands after no text", help);
            }
        }
        _ => {}
    }
    step.blocks.push(block);
}
