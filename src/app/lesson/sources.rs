//! Where a step's facts come from, and where its links lead.

use crate::app::passage::{Passage, Weight};
use crate::course::model::Source;
use crate::course::prose::Link;
use crate::course::{Inlines, StepId, StepRef};

use super::text;

/// The open list.
#[derive(Clone, PartialEq, Debug)]
pub struct Sources {
    /// What it lists.
    pub entries: Vec<Entry>,
    /// The entry under the cursor.
    pub cursor: usize,
}

/// A link or a source.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub to: To,
}

/// Where an entry leads.
#[derive(Clone, PartialEq, Debug)]
pub enum To {
    /// To a step.
    Step(StepId),
    /// To a page, whose address can be copied.
    Web(String),
    /// Nowhere: a book, a paper.
    Nowhere,
}

impl Sources {
    /// The links of a step under the numbers that they have in its text, then the other sources of its lesson.
    pub fn of(at: StepRef<'_>) -> Self {
        let mut entries = Vec::new();
        let links = text::links(&at.step.blocks);
        for ((text, link), number) in links.iter().zip(1..) {
            let (text, to) = match link {
                Link::Step(id) => (format!("{text} ({id})"), To::Step(id.clone())),
                Link::Web(url) => (text.clone(), To::Web(url.clone())),
                Link::Source(id) => match at.lesson.source(id) {
                    Some(source) => told(source),
                    None => (text.clone(), To::Nowhere),
                },
            };
            entries.push(Entry { text: format!("[{number}] {text}"), to });
        }
        let is_linked = |source: &Source| {
            links.iter().any(|(_, link)| matches!(link, Link::Source(id) if source.id == id.as_str()))
        };
        let rest = at.lesson.sources.iter().filter(|source| !is_linked(source)).map(told);
        entries.extend(rest.map(|(text, to)| Entry { text, to }));
        Self { entries, cursor: 0 }
    }

    /// The entry under the cursor.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(self.cursor)
    }

    /// What stands in the text area; the title, a gap, then an item for each entry.
    pub fn passages(&self) -> Vec<Passage> {
        let mut passages = vec![Passage::note("Links and sources", Weight::Strong), Passage::Gap];
        for (n, entry) in self.entries.iter().enumerate() {
            let (mark, weight) =
                if n == self.cursor { ("> ", Weight::Selected) } else { ("  ", Weight::Plain) };
            let url = if let To::Web(url) = &entry.to { format!("  {url}") } else { String::new() };
            passages.push(Passage::item(mark, Inlines::from_plain(format!("{}{url}", entry.text)), weight));
        }
        passages
    }
}

fn told(source: &Source) -> (String, To) {
    (source.title.clone(), source.url.clone().map_or(To::Nowhere, To::Web))
}
