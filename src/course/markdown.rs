//! Reads Markdown into blocks. What a lesson must not hold (HTML, images, footnotes, links to nowhere) is reported.
//!
//! Knows nothing of steps and labs: titles and interactive fences are handed on as they stand.

mod reader;

use std::cell::RefCell;

use pulldown_cmark::{Options, Parser};

use super::model::{Source, StepId};
use super::nearest;
use super::origin::{Origin, Prose};
use super::place::{Place, Placed};
use super::problem::Ledger;
use super::prose::{Block, Inlines, Link, Run};
use super::showable;
use reader::Reader;

/// What all readers of one load share.
pub(crate) struct Desk<'t> {
    /// Where problems go.
    pub ledger: &'t Ledger<'t>,
    /// Links to steps, to be followed once all lessons are read.
    pub links: RefCell<Vec<Placed<StepId>>>,
}

/// A piece of a Markdown text at its top level.
pub(crate) enum Piece {
    /// Plain content.
    Block(Block, Place),
    /// A heading of level 1 or 2.
    Title(u8, Inlines, Place),
    /// An interactive block, not read yet.
    Fence(Fence),
}

/// An interactive block as written.
pub(crate) struct Fence {
    /// Which.
    pub kind: FenceKind,
    /// Its TOML.
    pub body: String,
    /// The way from the body back to the file.
    pub origin: Origin,
    /// The fence's first line.
    pub place: Place,
}

/// The interactive blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FenceKind {
    Lab,
    Claim,
    Predict,
    Goal,
    Cure,
}

impl FenceKind {
    /// In the order in which they are offered.
    const ALL: [Self; 5] = [Self::Lab, Self::Claim, Self::Predict, Self::Goal, Self::Cure];

    /// The word after the fence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Claim => "claim",
            Self::Predict => "predict",
            Self::Goal => "goal",
            Self::Cure => "cure",
        }
    }
}

/// Reads a text. `sources` are those of the lesson; elsewhere nothing may link to a source.
pub(crate) fn pieces(text: &str, origin: &Origin, sources: Option<&[Source]>, desk: &Desk<'_>) -> Vec<Piece> {
    let mut reader = Reader::new(text, origin, sources, desk);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.into_pieces()
}

/// Reads a prose string as blocks, without titles and interactive ones.
pub(crate) fn blocks(prose: &Prose, desk: &Desk<'_>) -> Vec<Block> {
    let block = |piece| match piece {
        Piece::Block(block, _) => Some(block),
        Piece::Title(_, _, place) => {
            desk.ledger.error_help(place, "a title in a text that has none", "use ### at most");
            None
        }
        Piece::Fence(fence) => {
            desk.ledger.error(fence.place, format!("a {} block stands only in a lesson", fence.kind.word()));
            None
        }
    };
    pieces(&prose.text, &prose.origin, None, desk).into_iter().filter_map(block).collect()
}

/// Reads a prose string as one stretch of text; several paragraphs are joined by line breaks.
pub(crate) fn inlines(prose: &Prose, desk: &Desk<'_>) -> Inlines {
    let mut runs = Vec::new();
    for piece in pieces(&prose.text, &prose.origin, None, desk) {
        match piece {
            Piece::Block(Block::Paragraph(text), _) => {
                if !runs.is_empty() {
                    runs.push(Run { text: "\n".into(), ..Run::default() });
                }
                runs.extend(text.0);
            }
            Piece::Block(_, place) | Piece::Title(_, _, place) | Piece::Fence(Fence { place, .. }) => {
                desk.ledger.error_help(
                    place,
                    "only paragraphs stand here, and Markdown reads this as something else",
                    "put a backslash before the character that starts it",
                );
            }
        }
    }
    Inlines(runs)
}

/// Reads where a link leads; links to steps are noted, to be followed later.
fn link(target: &str, place: Place, sources: Option<&[Source]>, desk: &Desk<'_>) -> Option<Link> {
    let target = showable::one_line(target);
    if target.starts_with("https://") || target.starts_with("http://") {
        return Some(Link::Web(target));
    }
    if let Some(id) = target.strip_prefix('#') {
        let Some(sources) = sources else {
            desk.ledger.error(place, "only a lesson links to a source");
            return None;
        };
        if sources.iter().any(|source| source.id == id) {
            return Some(Link::Source(id.to_owned()));
        }
        let help = nearest::suggestion(id, sources.iter().map(|source| source.id.as_str()));
        desk.ledger.error_help(place, format!("this lesson has no source `{id}`"), help);
        return None;
    }
    if let Ok(step) = target.parse::<StepId>() {
        desk.links.borrow_mut().push(Placed::new(step.clone(), place));
        return Some(Link::Step(step));
    }
    let help = "a link leads to a page (https://…), a step (breaker.5) or a source (#id)";
    desk.ledger.error_help(place, format!("a link to nowhere: `{target}`"), help);
    None
}
