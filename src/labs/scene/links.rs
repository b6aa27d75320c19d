//! Links: who calls whom, through which gates, and what gets through.

use super::{Part, Tone, Value};

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
