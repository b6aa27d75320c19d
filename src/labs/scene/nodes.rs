//! Nodes: servers with their fields, and the messages in flight between them.

use super::words::{counted, joined, rows, sentence, tallied, tally, widest, width};
use super::{Cell, Part, PartId, Primitive, Tone, Value};
use crate::engine::time::Span;

/// A row a node, then a row a message.
///
/// ```text
///         role       term  voted  timer
/// S1  x   crashed       3  S1
/// S3  C   candidate     4  S3     votes 1/3
/// S5  |   cut off       3  S1     [#########.]
/// RequestVote t4   S3 ---o----> S4   in 5 ms
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Nodes {
    /// The names of the fields that every node shows.
    pub columns: Vec<String>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Links that carry nothing.
    pub cuts: Vec<Cut>,
    /// The messages, the next to arrive first.
    pub flights: Vec<Flight>,
}

/// One node.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Node {
    /// The node.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// Its role as a letter: `L`, `F`, `C`. Overruled by its presence if it is not up.
    pub letter: char,
    /// How it stands.
    pub tone: Tone,
    /// Whether it takes part.
    pub presence: Presence,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// Whether a node takes part.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Presence {
    /// Runs and is reachable.
    #[default]
    Up,
    /// Crashed: `x`
    Dead,
    /// Stopped for a while, without knowing: `z`
    Paused,
    /// Runs, but cut off from everyone: `|`
    Cut,
}

/// A link that carries nothing in one or both directions.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Cut {
    /// The id of a node.
    pub from: PartId,
    /// The id of another.
    pub to: PartId,
    /// Whether the way back works.
    pub one_way: bool,
}

/// One message between two nodes.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Flight {
    /// The message.
    pub part: Part,
    /// What it says: `RequestVote t4`.
    pub label: String,
    /// The id of the node that sent it.
    pub from: PartId,
    /// The id of the node that it goes to.
    pub to: PartId,
    /// How far it is, as a share of its way.
    pub progress: f64,
    /// When it arrives; `None` if it never will, because the link is cut.
    pub due: Option<Span>,
    /// What it will cause, if that is known: `S4 will grant`.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
}

/// Messages beyond this many are spoken as a tally.
const SPOKEN: usize = 8;

impl Presence {
    /// What it is, in words; empty for a node that is up.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Up => "",
            Self::Dead => "crashed",
            Self::Paused => "paused",
            Self::Cut => "cut off",
        }
    }
}

impl Node {
    /// The letter to show: presence first, then role.
    pub const fn shown_letter(&self) -> char {
        match self.presence {
            Presence::Up => self.letter,
            Presence::Dead => 'x',
            Presence::Paused => 'z',
            Presence::Cut => '|',
        }
    }

    /// The tone to show: presence first, then role.
    pub const fn shown_tone(&self) -> Tone {
        match self.presence {
            Presence::Up => self.tone,
            Presence::Dead => Tone::Bad,
            Presence::Paused | Presence::Cut => Tone::Warn,
        }
    }
}

impl Flight {
    /// `in 5 ms`, or `cut` if it never arrives.
    pub fn due_text(&self) -> String {
        self.due.map_or_else(|| "cut".to_owned(), |span| format!("in {}", Value::from(span)))
    }
}

impl Nodes {
    /// The name of the node of this id, or the id itself.
    pub fn name<'a>(&'a self, id: &'a PartId) -> &'a str {
        self.nodes.iter().find(|node| node.part.id == *id).map_or(id.as_str(), |node| &node.label)
    }

    /// `S1 -/-> S2`: a cut in a few letters.
    pub fn cut_text(&self, cut: &Cut) -> String {
        let arrow = if cut.one_way { "-/->" } else { "-/-" };
        format!("{} {arrow} {}", self.name(&cut.from), self.name(&cut.to))
    }

    fn speak_node(&self, node: &Node) -> String {
        let presence = node.presence.words();
        let cells = self.columns.iter().zip(&node.cells).map(|(name, cell)| (name, cell.spoken()));
        let cells = cells.filter(|(_, cell)| !cell.is_empty() && cell != presence);
        let cells: Vec<String> = cells.map(|(name, cell)| format!("{name} {cell}")).collect();
        // The letter abbreviates a field: it is said only if there are no fields.
        let letter = if cells.is_empty() { node.letter.to_string() } else { String::new() };
        let known = [presence, &letter].into_iter().chain(cells.iter().map(String::as_str));
        sentence(&node.label, &joined(known, ", "))
    }

    fn speak_cut(&self, cut: &Cut) -> String {
        let (from, to) = (self.name(&cut.from), self.name(&cut.to));
        if cut.one_way {
            format!("Cut from {from} to {to}; the way back works.")
        } else {
            format!("Cut between {from} and {to}.")
        }
    }

    fn speak_flight(&self, flight: &Flight) -> String {
        let due = flight
            .due
            .map_or_else(|| "never arrives".to_owned(), |s| format!("arrives in {}", Value::from(s)));
        let way = format!("from {} to {}", self.name(&flight.from), self.name(&flight.to));
        sentence(&flight.label, &joined([way.as_str(), &due, &flight.note], ", "))
    }
}

impl Primitive for Nodes {
    fn min_size(&self) -> (u16, u16) {
        let labels = widest(self.nodes.iter().map(|node| node.label.as_str()));
        (labels.saturating_add(14), rows(self.nodes.len()).min(7))
    }

    fn best_size(&self) -> (u16, u16) {
        let column = |at: usize| {
            let cells = self.nodes.iter().filter_map(|node| node.cells.get(at));
            let name = self.columns.get(at).map_or(0, |name| width(name));
            cells.map(Cell::width).max().unwrap_or(0).max(name).saturating_add(2)
        };
        let cells = (0..self.columns.len()).map(column).fold(0, u16::saturating_add);
        let labels = widest(self.nodes.iter().map(|node| node.label.as_str()));
        let flights = self.flights.iter().map(|flight| {
            let words = width(&flight.label).saturating_add(width(&flight.note));
            words.saturating_add(labels.saturating_mul(2)).saturating_add(30)
        });
        let wide = labels.saturating_add(cells).saturating_add(4).max(flights.max().unwrap_or(0));
        let head = usize::from(!self.columns.is_empty());
        let cuts = usize::from(!self.cuts.is_empty());
        let gap = usize::from(!self.flights.is_empty());
        let tall = self.nodes.len().saturating_add(self.flights.len()).saturating_add(head + cuts + gap);
        (wide, rows(tall))
    }

    fn one_line(&self) -> String {
        let letters = self.nodes.iter().map(|node| format!("{} {}", node.label, node.shown_letter()));
        let flights = match self.flights.len() {
            0 => String::new(),
            n => format!("{} in flight", counted(n as u64, "message")),
        };
        joined([letters.collect::<Vec<_>>().join("  ").as_str(), &flights], "; ")
    }

    fn speak(&self) -> Vec<String> {
        let mut said: Vec<String> = self.nodes.iter().map(|node| self.speak_node(node)).collect();
        said.extend(self.cuts.iter().map(|cut| self.speak_cut(cut)));
        said.extend(self.flights.iter().take(SPOKEN).map(|flight| self.speak_flight(flight)));
        if self.flights.len() > SPOKEN {
            let rest =
                tally(self.flights.iter().skip(SPOKEN).map(|flight| (flight.label.as_str(), flight.tone)));
            said.push(sentence("More in flight", &tallied(&rest)));
        }
        said
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        let nodes = self.nodes.iter().map(|node| vec![&node.part]);
        nodes.chain(self.flights.iter().map(|flight| vec![&flight.part])).collect()
    }
}
