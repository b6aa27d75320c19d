//! The bench: a lab on the whole screen, to break, to rewind, and to break again.

mod branches;
mod focus;
mod marks;
mod play;
mod share;
mod strip;
mod why;

use std::time::Duration;

pub use branches::List;
pub use focus::Focus;
pub use marks::Letters;
pub use play::{allows, play};
pub use share::Share;
pub use strip::{Story, story, unit};
pub use why::{Searched, Why};

use self::share::Stays;
use super::Flow;
use super::brief::{self, Brief};
use super::key::Key;
use super::keymap::{Command, Context, LabCommand};
use super::player::{Moved, Player, Way, scenario_of};
use super::screen::{Cx, Go};
use super::shared::Shared;
use super::work::News;
use crate::course::{Claim, SetUp};
use crate::engine::time::Time;
use crate::labs::lab::Occurrence;
use crate::study::record::{Place, Screen};

/// How long it may take to watch the run of a claim.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many lines a page up or down moves.
const PAGE: usize = 8;

/// A lab on the whole screen.
#[derive(Clone, Debug)]
pub struct Bench {
    player: Player,
    focus: Focus,
    open: Open,
    /// The fact under the cursor, by its number; none for the newest, whichever that is.
    fact: Option<u64>,
    /// The number under the cursor.
    reading: usize,
    handled: u64,
    brief: Option<Brief>,
}

/// What lies over the stage.
#[derive(Clone, Debug)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// The presets, with the cursor on this one.
    Presets(usize),
    /// The branches of the run.
    Branches(List),
    /// Why something happened.
    Why(Why),
    /// The run as a line of text.
    Share(Box<Share>),
}

impl Bench {
    /// The bench with this lab.
    pub const fn new(player: Player) -> Self {
        Self {
            player,
            focus: Focus::Knobs,
            open: Open::Nothing,
            fact: None,
            reading: 0,
            handled: 0,
            brief: None,
        }
    }

    /// The bench with the lab of a lesson, watched for its goal, after this command.
    pub fn zoomed(player: Player, brief: Option<Brief>, command: Option<LabCommand>) -> Self {
        let mut bench = Self { brief, ..Self::new(player) };
        if let Some(command) = command {
            bench.lab_command(command);
        }
        bench
    }

    /// The bench with the run that proves a claim, from its start; the error is a sentence.
    pub fn of_claim(claim: &Claim) -> Result<Self, String> {
        let scenario = scenario_of(&claim.setup)?;
        let brief = Brief::of_claim(claim, &scenario)?;
        let mut player = Player::open(&scenario, Time::ZERO);
        player.halt_at(brief.end);
        player.hurry(claim.length, PATIENCE);
        Ok(Self::zoomed(player, Some(brief), None))
    }

    /// What the run is watched for.
    pub const fn brief(&self) -> Option<&Brief> {
        self.brief.as_ref()
    }

    /// The bench with what a course sets up, standing at `from`; the error is a sentence.
    pub fn of_setup(setup: &SetUp, from: Time) -> Result<Self, String> {
        Player::of_setup(setup, from).map(Self::new)
    }

    /// The lab.
    pub const fn player(&self) -> &Player {
        &self.player
    }

    /// The lab, to be played.
    pub const fn player_mut(&mut self) -> &mut Player {
        &mut self.player
    }

    /// The lab, to go on elsewhere.
    pub fn into_player(self) -> Player {
        self.player
    }

    /// Which part has the arrows.
    pub const fn focus(&self) -> Focus {
        self.focus
    }

    /// What lies over the stage.
    pub const fn open(&self) -> &Open {
        &self.open
    }

    /// The index of the number under the cursor.
    pub const fn reading(&self) -> usize {
        self.reading
    }

    /// The place of the fact under the cursor among [`Player::notable`].
    pub fn fact(&self) -> Option<usize> {
        let facts = self.player.notable();
        let last = facts.len().checked_sub(1)?;
        Some(self.fact.map_or(last, |number| facts.partition_point(|fact| fact.number < number).min(last)))
    }

    /// The fact under the cursor, while the log has it.
    pub fn chosen_fact(&self) -> Option<&Occurrence> {
        self.fact().filter(|_| self.focus == Focus::Log).and_then(|at| self.player.notable().get(at))
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        let mut contexts = self.own_contexts();
        if self.judges() {
            contexts.insert(0, Context::Zoomed);
        }
        if matches!(self.open, Open::Nothing) && self.player.side().is_some() {
            contexts.insert(0, Context::Twins);
        }
        contexts
    }

    /// Whether `g` judges the goal that the run is watched for.
    fn judges(&self) -> bool {
        let goal = self.brief.as_ref().is_some_and(|brief| brief.kind == brief::Kind::Goal);
        goal && matches!(self.open, Open::Nothing)
    }

    fn own_contexts(&self) -> Vec<Context> {
        match (&self.open, self.focus) {
            (Open::Presets(_), _) => vec![Context::Presets, Context::Everywhere],
            (Open::Branches(list), _) if list.naming().is_some() => vec![Context::Name],
            (Open::Branches(_), _) => vec![Context::Branches, Context::Everywhere],
            (Open::Why(_), _) => vec![Context::Why, Context::Everywhere],
            (Open::Share(share), _) => share.contexts(),
            (Open::Nothing, Focus::Knobs) => vec![Context::Lab, Context::Bench, Context::Everywhere],
            (Open::Nothing, Focus::Log) => {
                vec![Context::Log, Context::Lab, Context::Bench, Context::Everywhere]
            }
            (Open::Nothing, Focus::Readings) => {
                vec![Context::Readings, Context::Lab, Context::Bench, Context::Everywhere]
            }
            (Open::Nothing, Focus::Timeline) => {
                vec![Context::Timeline, Context::Lab, Context::Bench, Context::Everywhere]
            }
        }
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, _shared: &Shared) -> bool {
        use Command as C;
        match &self.open {
            Open::Branches(list) => list.allows(command, &self.player),
            Open::Share(share) => share.allows(command),
            Open::Presets(_) => matches!(command, C::Accept | C::Up | C::Down),
            Open::Why(_) => matches!(command, C::Up | C::Down),
            Open::Nothing => match command {
                C::Lab(command) => allows(&self.player, command),
                C::NextFocus | C::PreviousFocus | C::Why => true,
                C::Goal => self.judges(),
                C::Accept => self.focus == Focus::Log && !self.player.notable().is_empty(),
                C::Left | C::Right => self.focus == Focus::Timeline,
                C::Up | C::Down => matches!(self.focus, Focus::Log | Focus::Readings),
                C::PageUp | C::PageDown | C::First | C::Last => self.focus != Focus::Knobs,
                _ => false,
            },
        }
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match (&mut self.open, command) {
            (Open::Branches(list), command) => {
                if list.update(command, &mut self.player) {
                    self.open = Open::Nothing;
                }
            }
            (Open::Why(why), command) => {
                if why.update(command, cx) {
                    self.open = Open::Nothing;
                }
            }
            (Open::Share(share), command) => {
                if share.update(command, cx) == Stays::Closes {
                    self.open = Open::Nothing;
                }
            }
            (Open::Presets(_), Command::Back) => self.open = Open::Nothing,
            (Open::Presets(at), command) => {
                let presets = self.player.spec().presets;
                match command {
                    Command::Up => *at = at.saturating_sub(1),
                    Command::Down => *at = (*at + 1).min(presets.len().saturating_sub(1)),
                    Command::Accept => {
                        if let Some(preset) = presets.get(*at) {
                            self.player.use_preset(preset.name);
                        }
                        self.open = Open::Nothing;
                    }
                    _ => return Flow::Unchanged,
                }
            }
            (Open::Nothing, Command::Back) if self.focus != Focus::Knobs => self.focus = Focus::Knobs,
            (Open::Nothing, Command::Back) => cx.go = Some(Go::Back),
            (Open::Nothing, Command::Goal) => cx.go = Some(Go::BackTo(Command::Goal)),
            (Open::Nothing, Command::Why) => self.why(cx),
            (Open::Nothing, Command::Lab(command)) => self.lab_command(command),
            (Open::Nothing, command) => self.move_focus(command),
        }
        Flow::Redraw
    }

    fn lab_command(&mut self, command: LabCommand) {
        match command {
            LabCommand::Presets => {
                let presets = self.player.spec().presets;
                let now = presets.iter().position(|preset| preset.name == self.player.setup().preset);
                self.open = Open::Presets(now.unwrap_or(0));
            }
            LabCommand::Branches => {
                self.player.pause();
                self.open = Open::Branches(List::new(&self.player));
            }
            LabCommand::Share => {
                self.player.pause();
                self.open = Open::Share(Box::new(Share::of(self.player.lab())));
            }
            command => {
                play(&mut self.player, command);
            }
        }
    }

    /// Asks why: the number or the fact under the cursor, else the latest fact.
    fn why(&mut self, cx: &mut Cx<'_>) {
        let Some(question) = why::question(self) else {
            return cx.refuse(why::NOTHING);
        };
        self.player.pause();
        self.open = Open::Why(Why::ask(question, cx));
    }

    /// See [`super::screen::Screen::written`].
    pub fn written(&mut self, outcome: &Result<String, String>, cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Share(share) => share.written(outcome, cx),
            _ => share::tell(outcome, cx),
        }
        Flow::Redraw
    }

    fn move_focus(&mut self, command: Command) {
        match command {
            Command::NextFocus => self.focus = self.focus.next(),
            Command::PreviousFocus => self.focus = self.focus.previous(),
            Command::Accept => {
                if let Some(at) = self.chosen_fact().map(|fact| fact.at) {
                    self.player.pause();
                    self.player.seek(at);
                }
            }
            command if self.focus == Focus::Log => self.move_in_log(command),
            command if self.focus == Focus::Timeline => self.scrub(command),
            command => {
                let last = self.player.spec().readings.len().saturating_sub(1);
                self.reading = moved(self.reading, last, command);
            }
        }
    }

    /// Along the timeline: a sixtieth of the run, a tenth, or to its ends.
    fn scrub(&mut self, command: Command) {
        match command {
            Command::Left => self.player.scrub(Way::Back, 60),
            Command::Right => self.player.scrub(Way::Forward, 60),
            Command::PageUp => self.player.scrub(Way::Back, 10),
            Command::PageDown => self.player.scrub(Way::Forward, 10),
            Command::First => self.player.seek_end(Way::Back),
            Command::Last => self.player.seek_end(Way::Forward),
            _ => {}
        }
    }

    fn move_in_log(&mut self, command: Command) {
        let Some(at) = self.fact() else { return };
        let facts = self.player.notable();
        let last = facts.len().saturating_sub(1);
        let to = moved(at, last, command);
        // At the end the cursor goes along with what happens.
        self.fact = facts.get(to).filter(|_| to < last).map(|fact| fact.number);
    }

    /// Closes what lies over the stage.
    pub fn close(&mut self) {
        self.open = Open::Nothing;
    }

    /// Gives the arrows to the knobs.
    pub const fn turn_knobs(&mut self) {
        self.focus = Focus::Knobs;
    }

    /// See [`super::screen::Screen::types`].
    pub const fn types(&self) -> bool {
        match &self.open {
            Open::Branches(list) => list.naming().is_some(),
            Open::Share(share) => share.types(),
            Open::Nothing | Open::Presets(_) | Open::Why(_) => false,
        }
    }

    /// See [`super::screen::Screen::type_key`].
    pub fn type_key(&mut self, key: Key, _cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Branches(list) => list.type_key(key),
            Open::Share(share) => share.type_key(key),
            Open::Nothing | Open::Presets(_) | Open::Why(_) => {}
        }
        Flow::Redraw
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Flow {
        match &mut self.open {
            Open::Branches(list) => list.paste(text),
            Open::Share(share) => share.paste(text),
            Open::Nothing | Open::Presets(_) | Open::Why(_) => return Flow::Unchanged,
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::worked`].
    pub fn worked(&mut self, ticket: u64, news: &News) -> Flow {
        let Open::Why(why) = &mut self.open else { return Flow::Unchanged };
        if why.hear(ticket, news) { Flow::Redraw } else { Flow::Unchanged }
    }

    /// See [`super::screen::Screen::frame_interval`].
    pub fn frame_interval(&self) -> Option<Duration> {
        self.player.frame_interval()
    }

    /// See [`super::screen::Screen::frame`].
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, _cx: &mut Cx<'_>) -> Flow {
        let moved = self.player.frame(elapsed, allowed);
        self.handled = moved.events();
        if moved == Moved::Still { Flow::Unchanged } else { Flow::Redraw }
    }

    /// See [`super::screen::Screen::events_handled`].
    pub const fn events_handled(&self) -> u64 {
        self.handled
    }

    /// See [`super::screen::Screen::place`].
    pub fn place(&self) -> Place {
        Place { screen: Screen::Lab, ..Place::default() }
    }
}

/// Where a cursor in a list of `last + 1` lines goes.
fn moved(at: usize, last: usize, command: Command) -> usize {
    match command {
        Command::Up => at.saturating_sub(1),
        Command::Down => at + 1,
        Command::PageUp => at.saturating_sub(PAGE),
        Command::PageDown => at + PAGE,
        Command::First => 0,
        Command::Last => last,
        _ => at,
    }
    .min(last)
}
