//! The scene: what a lab shows, as plain data.
//!
//! A lab describes its picture as a list of panels, each holding one primitive. Drawing it is `ui`'s, speaking it is
//! done here; nothing in this folder knows a screen. Every part of a primitive that can be selected, inspected or
//! aimed at carries a [`Part`]: an id that is stable over the run, and fields. State is told by a letter or a word,
//! never by a [`Tone`] alone.

mod cell;
mod histogram;
mod lanes;
mod links;
mod log_grid;
mod machine;
mod matrix;
mod meter;
mod nodes;
mod outcomes;
mod path;
mod schedule;
mod sentence;
mod slots;
mod space_time;
mod strip;
mod table;
mod value;
pub(crate) mod words;

use std::fmt;

pub use cell::{BAR_WIDTH, Cell};
pub use histogram::{Bin, Histogram};
pub use lanes::{Lane, Lanes, Mark, Stretch, Window};
pub use links::{Flow, Gate, Link, Links, Tally, Target};
pub use log_grid::{Entry, LogGrid, LogRow};
pub use machine::{Arrow, State, StateMachine};
pub use matrix::{Matrix, MatrixRow};
pub use meter::{Gauge, Meter, Threshold};
pub use nodes::{Cut, Flight, Node, Nodes, Presence};
pub use outcomes::{Outcome, OutcomeLane, Outcomes};
pub use path::{Axis, Curve, Path, Point};
pub use schedule::{Pending, Schedule};
pub use sentence::Sentence;
pub use slots::{Pool, Slot, Slots};
pub use space_time::{Fate, SpaceTime, Trip};
pub use strip::{Strip, Track, TrackRow};
pub use table::{Align, Column, Row, Table};
pub use value::{Unit, Value};

/// All that a lab shows of one instant.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Scene {
    /// The panels, in reading order.
    pub panels: Vec<Panel>,
}

/// One primitive with a heading and a claim on room.
#[derive(Clone, PartialEq, Debug)]
pub struct Panel {
    /// Stable over the run, unique in the scene.
    pub id: PartId,
    /// A few words above the picture; empty for none.
    pub title: String,
    /// Who goes first where room is short: 0 is the last to be folded and dropped.
    pub rank: u8,
    /// Where on the screen.
    pub place: Place,
    /// What it shows.
    pub picture: Picture,
}

/// The two places of a lab's screen that hold panels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The big area: the state now.
    Stage,
    /// The wide, low area below: what led here, over time.
    Strip,
}

/// The primitives.
#[derive(Clone, PartialEq, Debug)]
pub enum Picture {
    /// Rows of caller, gate and target: who calls whom, through what.
    Links(Links),
    /// States, the arrows between them, and where one stands.
    StateMachine(StateMachine),
    /// The last outcomes of named callers, a letter each.
    Outcomes(Outcomes),
    /// Bars of value against maximum, with a threshold.
    Meter(Meter),
    /// A grid of words: who believes what of whom.
    Matrix(Matrix),
    /// Named lanes over time, made of stretches: holder, lease, belief.
    Lanes(Lanes),
    /// Series over time as one-line bars, with event marks and state letters.
    Strip(Strip),
    /// Nodes as lanes over time, messages as arrows between them.
    SpaceTime(SpaceTime),
    /// Replicated logs, a row a server.
    LogGrid(LogGrid),
    /// Pools of slots, a letter each.
    Slots(Slots),
    /// Nodes with their fields and the messages in flight between them.
    Nodes(Nodes),
    /// Messages that the learner delivers by hand.
    Schedule(Schedule),
    /// Curves in a plane of two quantities.
    Path(Path),
    /// Counts by bin.
    Histogram(Histogram),
    /// Cells in columns.
    Table(Table),
    /// Words.
    Sentence(Sentence),
}

/// What every primitive can tell of itself without a screen.
pub trait Primitive {
    /// The columns and rows below which it is folded to its one line.
    fn min_size(&self) -> (u16, u16);
    /// The columns and rows beyond which more room shows nothing more.
    fn best_size(&self) -> (u16, u16);
    /// The whole in one line, most important first.
    fn one_line(&self) -> String;
    /// The whole in plain sentences, for plain mode and screen readers.
    fn speak(&self) -> Vec<String>;
    /// Its parts line by line, as they stand on a screen with room for all; those without an id cannot be selected.
    fn lines(&self) -> Vec<Vec<&Part>>;

    /// Its parts in reading order.
    fn parts(&self) -> Vec<&Part> {
        self.lines().into_iter().flatten().collect()
    }
}

/// A width that means: as wide as there is room.
pub const FULL_WIDTH: u16 = 1000;

/// How a thing stands. Drawn as a colour where there are colours, so always with a letter or a word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Heading for trouble.
    Warn,
    /// Trouble.
    Bad,
    /// Not taking part.
    Idle,
    /// What to look at.
    Accent,
}

/// The name of a part, stable over the run: `caller.A`, `server.2`, `message.17`. What faults are aimed at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct PartId(pub String);

/// What makes an element of a primitive selectable: its id, and what an inspector shows of it.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Part {
    /// Its name; empty for an element that cannot be selected.
    pub id: PartId,
    /// What there is to know about it, in order.
    pub fields: Vec<Field>,
    /// What a fault can aim at to hit it, the nearest first; empty if that is the part itself, or nothing.
    pub aims: Vec<String>,
}

/// One line of an inspector.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// What it is.
    pub name: String,
    /// How much, or which.
    pub value: Value,
}

impl Scene {
    /// A scene without panels.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same scene with one more panel at its end.
    #[must_use]
    pub fn with(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }
}

impl Scene {
    /// Everything that can be selected, in reading order.
    pub fn parts(&self) -> Vec<&Part> {
        let parts = self.panels.iter().flat_map(|panel| panel.picture.primitive().parts());
        parts.filter(|part| !part.id.as_str().is_empty()).collect()
    }

    /// What can be selected in one place of the screen, line by line.
    pub fn lines(&self, place: Place) -> Vec<Vec<&Part>> {
        let panels = self.panels.iter().filter(|panel| panel.place == place);
        let lines = panels.flat_map(|panel| panel.picture.primitive().lines());
        let named = lines.map(|mut line| {
            line.retain(|part| !part.id.as_str().is_empty());
            line
        });
        named.filter(|line| !line.is_empty()).collect()
    }

    /// The part of this name.
    pub fn part(&self, id: &PartId) -> Option<&Part> {
        self.parts().into_iter().find(|part| part.id == *id)
    }

    /// The scene in plain sentences, panel by panel.
    pub fn speak(&self) -> Vec<String> {
        self.panels.iter().flat_map(Panel::speak).collect()
    }
}

impl Picture {
    /// What it can tell of itself.
    pub fn primitive(&self) -> &dyn Primitive {
        match self {
            Self::Links(picture) => picture,
            Self::StateMachine(picture) => picture,
            Self::Outcomes(picture) => picture,
            Self::Meter(picture) => picture,
            Self::Matrix(picture) => picture,
            Self::Lanes(picture) => picture,
            Self::Strip(picture) => picture,
            Self::SpaceTime(picture) => picture,
            Self::LogGrid(picture) => picture,
            Self::Slots(picture) => picture,
            Self::Nodes(picture) => picture,
            Self::Schedule(picture) => picture,
            Self::Path(picture) => picture,
            Self::Histogram(picture) => picture,
            Self::Table(picture) => picture,
            Self::Sentence(picture) => picture,
        }
    }
}

impl Panel {
    /// The panel in plain sentences: its title, then what it shows.
    pub fn speak(&self) -> Vec<String> {
        let title = (!self.title.is_empty()).then(|| words::sentence(&self.title, ""));
        title.into_iter().chain(self.picture.primitive().speak()).collect()
    }

    /// A panel of the stage without a title, of rank 0.
    pub fn stage(id: impl Into<PartId>, picture: Picture) -> Self {
        Self { id: id.into(), title: String::new(), rank: 0, place: Place::Stage, picture }
    }

    /// A panel of the strip without a title, of rank 0.
    pub fn strip(id: impl Into<PartId>, picture: Picture) -> Self {
        Self { place: Place::Strip, ..Self::stage(id, picture) }
    }

    /// The same panel under a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The same panel, to be dropped before those of a lower rank.
    #[must_use]
    pub fn ranked(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }
}

impl Part {
    /// A part with this name and no fields yet.
    pub fn new(id: impl Into<PartId>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// The same part with one more field.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push(Field { name: name.into(), value: value.into() });
        self
    }

    /// The same part, hit by faults that aim at `target`.
    #[must_use]
    pub fn hit_at(mut self, target: impl Into<String>) -> Self {
        self.aims.push(target.into());
        self
    }
}

impl PartId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as it is read: `breaker A`.
    pub fn spoken(&self) -> String {
        self.0.replace('.', " ")
    }
}

impl From<&str> for PartId {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for PartId {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
