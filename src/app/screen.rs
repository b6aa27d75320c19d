//! The screens, and what every one of them can be asked.
//!
//! Screens are a closed set on a stack, so every `match` here is exhaustive: a new screen is a variant, an arm in each
//! function below, `app/x.rs` for what it is and `ui/x.rs` for how it looks. A screen never touches the stack: it asks
//! through [`Cx`], and the app moves once the screen has returned.

use std::time::Duration;

use super::bench::Bench;
use super::brief::Brief;
use super::calibration::Calibration;
use super::confirm::Confirm;
use super::home::Home;
use super::key::Key;
use super::keymap::{Command, Context, LabCommand};
use super::lesson::Lesson;
use super::player::Player;
use super::problems::Problems;
use super::quiz::Quiz;
use super::shared::{Notice, Shared};
use super::work::News;
use super::{Effect, Flow};
use crate::course::{Claim, SetUp, StepId};
use crate::engine::time::Time;
use crate::study::record::{Kind, Place};

/// A screen on the stack.
#[derive(Debug)]
pub enum Screen {
    /// The course map.
    Home(Home),
    /// A lesson.
    Lesson(Box<Lesson>),
    /// A lab on the whole screen.
    Bench(Box<Bench>),
    /// A quiz.
    Quiz(Box<Quiz>),
    /// What is wrong in the course folder.
    Problems(Problems),
    /// How sure the learner is, and how right.
    Calibration(Calibration),
}

/// Where a screen wants to go.
#[derive(Clone, Debug)]
pub enum Go {
    /// Back to the screen below; from the lowest one, out of the program.
    Back,
    /// Back to the screen below, and there do this.
    BackTo(Command),
    /// To a step of a lesson, in place of a lesson on top.
    Step(StepId),
    /// To a lab on the whole screen, set up like this, shown from this moment.
    Lab(Box<SetUp>, Time),
    /// To this very lab on the whole screen, watched for that; it comes back by [`Screen::take_back`].
    Zoom(Box<Player>, Option<Box<Brief>>, Option<LabCommand>),
    /// To the run that proves a claim, on the whole screen.
    Proof(Box<Claim>),
    /// To the lab of this name, as this preset sets it up, or its first one.
    Play(&'static str, Option<&'static str>),
    /// To the course map, leaving everything above it.
    Map,
    /// To the quiz of a chapter, or of all of them.
    Quiz(Option<String>),
    /// To what is wrong in the course folder.
    Problems,
    /// To how sure the learner is, and how right.
    Calibration,
}

/// What a screen may touch while it handles something.
#[derive(Debug)]
pub struct Cx<'a> {
    /// What all screens share.
    pub shared: &'a mut Shared,
    /// What is to happen outside.
    pub effects: &'a mut Vec<Effect>,
    /// Where to go afterwards.
    pub go: Option<Go>,
    /// What to ask before.
    pub ask: Option<Confirm>,
}

impl Cx<'_> {
    /// Writes a fact about the learner into the journal, now.
    pub fn record(&mut self, kind: Kind) {
        self.effects.push(Effect::Record(kind));
    }

    /// Shows a sentence until the next key.
    pub fn say(&mut self, sentence: impl Into<String>) {
        self.shared.notice = Some(Notice::plain(sentence));
    }

    /// Shows what cannot be done, and why, until the next key.
    pub fn refuse(&mut self, sentence: impl Into<String>) {
        self.shared.notice = Some(Notice::error(sentence));
    }
}

impl Screen {
    /// The contexts that it is in, most specific first.
    pub fn contexts(&self) -> Vec<Context> {
        match self {
            Self::Home(it) => it.contexts(),
            Self::Lesson(it) => it.contexts(),
            Self::Bench(it) => it.contexts(),
            Self::Quiz(it) => it.contexts(),
            Self::Problems(it) => it.contexts(),
            Self::Calibration(it) => it.contexts(),
        }
    }

    /// The lab that it shows.
    pub fn player(&self) -> Option<&Player> {
        match self {
            Self::Lesson(it) => it.player(),
            Self::Bench(it) => Some(it.player()),
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => None,
        }
    }

    /// Does something to the lab that it shows, if it shows one.
    pub fn with_player<T>(&mut self, act: impl FnOnce(&mut Player) -> T) -> Option<T> {
        match self {
            Self::Lesson(it) => it.player_mut().map(act),
            Self::Bench(it) => Some(it.with_player(act)),
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => None,
        }
    }

    /// The palette opens above it: what lies over a lab closes, and a lab that takes faults stands.
    pub fn cover(&mut self, shared: &Shared, effects: &mut Vec<Effect>) {
        if let Self::Bench(it) = self {
            it.close(effects);
        }
        if self.allows(Command::Lab(LabCommand::Say), shared) {
            self.with_player(Player::pause);
        }
    }

    /// Puts the cursor on a knob of its lab, to be turned.
    pub fn choose_knob(&mut self, index: usize) {
        self.with_player(|player| player.choose_at(index));
        match self {
            Self::Lesson(it) => it.focus = super::lesson::Focus::Lab,
            Self::Bench(it) => it.turn_knobs(),
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => {}
        }
    }

    /// Whether `command` would do anything now.
    pub fn allows(&self, command: Command, shared: &Shared) -> bool {
        match self {
            Self::Home(it) => it.allows(command, shared),
            Self::Lesson(it) => it.allows(command, shared),
            Self::Bench(it) => it.allows(command, shared),
            Self::Quiz(it) => it.allows(command, shared),
            Self::Problems(it) => it.allows(command),
            Self::Calibration(it) => it.allows(command, shared),
        }
    }

    /// Does what was asked for.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Home(it) => it.update(command, cx),
            Self::Lesson(it) => it.update(command, cx),
            Self::Bench(it) => it.update(command, cx),
            Self::Quiz(it) => it.update(command, cx),
            Self::Problems(it) => it.update(command, cx),
            Self::Calibration(it) => it.update(command, cx),
        }
    }

    /// The learner said yes to the question that it asked for `command`.
    pub fn confirmed(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Home(it) => it.confirmed(command, cx),
            Self::Lesson(_) | Self::Bench(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => {
                Flow::Unchanged
            }
        }
    }

    /// Whether characters go into a line of text instead of being looked up in the key table.
    pub fn types(&self) -> bool {
        match self {
            Self::Home(_) | Self::Lesson(_) | Self::Problems(_) | Self::Calibration(_) => false,
            Self::Bench(it) => it.types(),
            Self::Quiz(it) => it.types(),
        }
    }

    /// Takes a key into the line of text.
    pub fn type_key(&mut self, key: Key, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Home(_) | Self::Lesson(_) | Self::Problems(_) | Self::Calibration(_) => Flow::Unchanged,
            Self::Bench(it) => it.type_key(key, cx),
            Self::Quiz(it) => it.type_key(key, cx),
        }
    }

    /// Takes pasted text into the line of text, if there is one.
    pub fn paste(&mut self, text: &str) -> Flow {
        match self {
            Self::Home(_) | Self::Lesson(_) | Self::Problems(_) | Self::Calibration(_) => Flow::Unchanged,
            Self::Bench(it) => it.paste(text),
            Self::Quiz(it) => it.paste(text),
        }
    }

    /// The screen above it was closed: what it lent, such as a running lab, comes back.
    pub fn take_back(&mut self, gone: Self) {
        if let (Self::Lesson(lesson), Self::Bench(bench)) = (self, gone) {
            lesson.take_back(bench.into_player());
        }
    }

    /// It is on top now: opened, or come back to.
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        match self {
            Self::Home(it) => it.shown(cx),
            Self::Lesson(it) => it.shown(cx),
            Self::Bench(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => {}
        }
    }

    /// The size of the terminal changed.
    pub fn resized(&mut self, shared: &Shared) {
        match self {
            Self::Home(it) => it.resized(shared),
            Self::Lesson(it) => it.resized(shared),
            Self::Problems(it) => it.resized(shared),
            Self::Calibration(it) => it.resized(shared),
            Self::Bench(_) | Self::Quiz(_) => {}
        }
    }

    /// How often it wants to be told that time passed.
    pub fn frame_interval(&self) -> Option<Duration> {
        match self {
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => None,
            Self::Lesson(it) => it.frame_interval(),
            Self::Bench(it) => it.frame_interval(),
        }
    }

    /// Time passed. `allowed` events may be handled.
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => Flow::Unchanged,
            Self::Lesson(it) => it.frame(elapsed, allowed, cx),
            Self::Bench(it) => it.frame(elapsed, allowed, cx),
        }
    }

    /// How many events the last frame handled.
    pub const fn events_handled(&self) -> u64 {
        match self {
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => 0,
            Self::Lesson(it) => it.events_handled(),
            Self::Bench(it) => it.events_handled(),
        }
    }

    /// News of work in the background, whoever asked for it.
    pub fn worked(&mut self, ticket: u64, news: &News, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Bench(it) => it.worked(ticket, news),
            Self::Lesson(it) => it.worked(ticket, news, cx),
            Self::Home(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => Flow::Unchanged,
        }
    }

    /// A file was written, or was not.
    pub fn written(&mut self, outcome: &Result<String, String>, cx: &mut Cx<'_>) -> Flow {
        match self {
            Self::Bench(it) => it.written(outcome, cx),
            Self::Home(_) | Self::Lesson(_) | Self::Quiz(_) | Self::Problems(_) | Self::Calibration(_) => {
                Flow::Unchanged
            }
        }
    }

    /// What the journal keeps of where the learner is; none where there is nothing to come back to.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Lesson(it) => Some(it.place()),
            Self::Quiz(it) => Some(it.place()),
            Self::Home(_) | Self::Bench(_) | Self::Problems(_) | Self::Calibration(_) => None,
        }
    }
}
