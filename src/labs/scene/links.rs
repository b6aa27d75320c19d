//! Links: who calls whom, through which gates, and what gets through.

use std::ops::Range;

use super::words::{counted, joined, rows, sentence, tallied, tally, widest, width};
use super::{Part, Primitive, Tone, Value};

/// Rows of caller, gates and target.
///
/// ```text
/// caller A 30/s --> [ OPEN    3.1 s ] --X        payments  8/10 [########..]
/// caller B 30/s --> [ CLOSED   20 % ] =======>   shard 1   ok    40 ms
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Links {
    /// One row a caller. There may be hundreds: what does not fit is counted by state.
    pub rows: Vec<Link>,
    /// What they call: a list of its own, since a caller may reach several.
    pub targets: Vec<Target>,
    /// Callers that are counted only, by state, because there are too many for rows.
    pub more: Vec<Tally>,
}

/// One caller and its way.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Link {
    /// The caller.
    pub part: Part,
    /// Its name.
    pub from: String,
    /// How much it offers: `30/s`.
    pub load: Value,
    /// What stands in the way, in order: a breaker, a queue, a pool.
    pub gates: Vec<Gate>,
    /// What gets through the last gate.
    pub flow: Flow,
    /// Where it goes, in words; drawn only if the links have no targets.
    pub to: String,
}

/// Something that lets calls through, or does not.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Gate {
    /// The gate itself, if it can be aimed at apart from its caller.
    pub part: Part,
    /// Its state in a word: `OPEN`.
    pub state: String,
    /// What else matters: `3.1 s left`, `20 %  10/10`.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
}

/// What passes the last gate of a link.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Flow {
    /// Everything.
    #[default]
    Passing,
    /// A few: probes, or what a limit lets through.
    Trickle,
    /// Calls that arrive and fail.
    Failing,
    /// Nothing, although calls are made.
    Blocked,
    /// Nothing, as no calls are made.
    Idle,
}

/// What is called.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Target {
    /// The target.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// Its state in a word: `ok`, `DOWN`; may be empty.
    pub state: String,
    /// How it stands.
    pub tone: Tone,
    /// A pool that callers share: used and total.
    pub pool: Option<(u64, u64)>,
    /// What else matters: `40 ms`.
    pub note: String,
}

/// So many of a state.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// The state in a word.
    pub word: String,
    /// How many.
    pub count: u64,
    /// How the state stands.
    pub tone: Tone,
}

/// Callers beyond this many are spoken as a tally.
const SPOKEN: usize = 8;

impl Flow {
    /// What gets through, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Passing => "calls get through",
            Self::Trickle => "a few calls get through",
            Self::Failing => "calls get through and fail",
            Self::Blocked => "nothing gets through",
            Self::Idle => "no calls",
        }
    }
}

impl Gate {
    /// State and note: `OPEN 3.1 s left`.
    pub fn text(&self) -> String {
        joined([self.state.as_str(), &self.note], " ")
    }
}

impl Link {
    /// The offered load; empty if there is none to tell.
    pub fn load_text(&self) -> String {
        if self.load == Value::None { String::new() } else { self.load.to_string() }
    }

    /// The state of the last gate, by which callers are counted; what gets through if there is no gate.
    pub fn state(&self) -> (&str, Tone) {
        self.gates.last().map_or((self.flow.words(), Tone::Plain), |gate| (&gate.state, gate.tone))
    }

    /// Itself, then its gates.
    fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.part).chain(self.gates.iter().map(|gate| &gate.part))
    }

    fn speak(&self) -> String {
        let gates: Vec<String> = self.gates.iter().map(Gate::text).collect();
        let load = self.load_text();
        let parts = std::iter::once(load.as_str()).chain(gates.iter().map(String::as_str));
        sentence(&self.from, &joined(parts.chain([self.flow.words()]), ", "))
    }
}

impl Target {
    /// `8/10` of the shared pool; empty without one.
    pub fn pool_text(&self) -> String {
        self.pool.map_or_else(String::new, |(used, total)| format!("{used}/{total}"))
    }

    fn speak(&self) -> String {
        let pool = self.pool.map_or_else(String::new, |(used, total)| format!("{used} of {total} in use"));
        sentence(&self.label, &joined([self.state.as_str(), &pool, &self.note], ", "))
    }
}

impl Links {
    /// The callers outside the rows `shown` by state, with those that have no row.
    pub fn tally_outside(&self, shown: &Range<usize>) -> Vec<Tally> {
        let outside = self.rows.iter().enumerate().filter(|(at, _)| !shown.contains(at));
        let mut tallies = tally(outside.map(|(_, link)| link.state()));
        for more in &self.more {
            match tallies.iter_mut().find(|tally| tally.word.eq_ignore_ascii_case(&more.word)) {
                Some(tally) => tally.count = tally.count.saturating_add(more.count),
                None => tallies.push(more.clone()),
            }
        }
        tallies
    }

    /// How many callers there are, with those that have no row.
    pub fn callers(&self) -> u64 {
        self.more.iter().fold(self.rows.len() as u64, |sum, tally| sum.saturating_add(tally.count))
    }
}

impl Primitive for Links {
    fn min_size(&self) -> (u16, u16) {
        let gate =
            self.rows.iter().flat_map(|row| &row.gates).map(|gate| width(&gate.state)).max().unwrap_or(0);
        let targets = widest(self.targets.iter().map(|target| target.label.as_str()));
        (
            widest(self.rows.iter().map(|row| row.from.as_str())) + gate + targets + 12,
            rows(self.rows.len().min(3).max(self.targets.len().min(4))),
        )
    }

    fn best_size(&self) -> (u16, u16) {
        let from = widest(self.rows.iter().map(|row| row.from.as_str()));
        let gates =
            self.rows.iter().map(|row| row.gates.iter().map(|gate| width(&gate.text()) + 10).sum::<u16>());
        let targets = self.targets.iter().map(|target| width(&target.label) + width(&target.note) + 26);
        let wide = from.saturating_add(gates.max().unwrap_or(0)).saturating_add(targets.max().unwrap_or(12));
        let callers = rows(self.rows.len()).saturating_add(u16::from(!self.more.is_empty()));
        (wide.saturating_add(18), callers.max(rows(self.targets.len())))
    }

    fn one_line(&self) -> String {
        format!("{}: {}", counted(self.callers(), "caller"), tallied(&self.tally_outside(&(0..0))))
    }

    fn speak(&self) -> Vec<String> {
        let mut said: Vec<String> = self.rows.iter().take(SPOKEN).map(Link::speak).collect();
        let rest = self.tally_outside(&(0..SPOKEN));
        if !rest.is_empty() {
            let count = self.callers().saturating_sub(SPOKEN.min(self.rows.len()) as u64);
            said.push(sentence(&format!("{} more", counted(count, "caller")), &tallied(&rest)));
        }
        said.extend(self.targets.iter().map(Target::speak));
        said
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        let line = |at: usize| {
            let row = self.rows.get(at).into_iter().flat_map(Link::parts);
            row.chain(self.targets.get(at).map(|target| &target.part)).collect()
        };
        (0..self.rows.len().max(self.targets.len())).map(line).collect()
    }
}
