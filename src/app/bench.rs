//! The bench: a lab on the whole screen, to break, to rewind, and to break again.

mod branches;
mod marks;
mod prompt;
mod strip;
mod why;

use std::time::Duration;

pub use branches::List;
pub use marks::Letters;
pub use prompt::Prompt;
pub use strip::{Story, story, unit};
pub use why::{Searched, Why};

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
use crate::labs::why::Question;
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

/// Which part of the bench has the arrows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// The knobs.
    Knobs,
    /// What happened.
    Log,
    /// The numbers.
    Readings,
    /// The timeline of the whole run.
    Timeline,
}

/// What lies over the stage.
#[derive(Clone, Debug)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// The presets, with the cursor on this one.
    Presets(usize),
    /// The line for a fault in words.
    Prompt(Prompt),
    /// The branches of the run.
    Branches(List),
    /// Why something happened.
    Why(Why),
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
            (Open::Prompt(_), _) => vec![Context::Prompt],
            (Open::Presets(_), _) => vec![Context::Presets, Context::Everywhere],
            (Open::Branches(list), _) if list.naming().is_some() => vec![Context::Name],
            (Open::Branches(_), _) => vec![Context::Branches, Context::Everywhere],
            (Open::Why(_), _) => vec![Context::Why, Context::Everywhere],
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
            Open::Prompt(_) => matches!(command, C::Accept | C::Left | C::Right | C::First | C::Last),
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
            (Open::Prompt(_) | Open::Presets(_), Command::Back) => self.open = Open::Nothing,
            (Open::Prompt(prompt), Command::Accept) => {
                if prompt.line.is_blank() || prompt.say_to(&mut self.player) {
                    self.open = Open::Nothing;
                }
            }
            (Open::Prompt(prompt), command) => prompt.line.go(command),
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
            LabCommand::Say => {
                self.player.pause();
                self.open = Open::Prompt(Prompt::default());
            }
            command => {
                play(&mut self.player, command);
            }
        }
    }

    /// Asks why: the fact under the cursor, the number under the cursor, else the latest fact.
    fn why(&mut self, cx: &mut Cx<'_>) {
        let lab = self.player.lab();
        let facts = self.player.notable();
        let question = if self.focus == Focus::Readings {
            Some(Question::reading(lab, self.reading))
        } else {
            let at = self.fact().filter(|_| self.focus == Focus::Log).or(facts.len().checked_sub(1));
            at.and_then(|at| facts.get(at).map(|fact| (at, fact))).map(|(at, fact)| {
                let same =
                    |it: &&Occurrence| (it.told.kind, &it.told.part) == (fact.told.kind, &fact.told.part);
                Question::fact(lab, fact, facts.iter().take(at).filter(same).count())
            })
        };
        let Some(question) = question else {
            return cx
                .refuse("Nothing notable has happened yet. With Tab to the numbers, w asks about a number.");
        };
        self.player.pause();
        self.open = Open::Why(Why::ask(question, cx));
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

    /// See [`super::screen::Screen::types`].
    pub const fn types(&self) -> bool {
        match &self.open {
            Open::Prompt(_) => true,
            Open::Branches(list) => list.naming().is_some(),
            Open::Nothing | Open::Presets(_) | Open::Why(_) => false,
        }
    }

    /// See [`super::screen::Screen::type_key`].
    pub fn type_key(&mut self, key: Key, _cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Prompt(prompt) => prompt.type_key(key),
            Open::Branches(list) => list.type_key(key),
            Open::Nothing | Open::Presets(_) | Open::Why(_) => {}
        }
        Flow::Redraw
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Flow {
        match &mut self.open {
            Open::Prompt(prompt) => prompt.line.paste(text),
            Open::Branches(list) => list.paste(text),
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

impl Focus {
    const ALL: [Self; 4] = [Self::Knobs, Self::Log, Self::Readings, Self::Timeline];

    fn next(self) -> Self {
        self.turned(1)
    }

    fn previous(self) -> Self {
        self.turned(Self::ALL.len() - 1)
    }

    fn turned(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|focus| *focus == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
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

/// Whether a key would do anything to a playing lab.
pub fn allows(player: &Player, command: LabCommand) -> bool {
    match command {
        LabCommand::Break(n) => usize::from(n) < player.spec().buttons.len(),
        LabCommand::Undo => player.lab().can_undo(),
        LabCommand::ResetKnob => player.is_changed(player.chosen()),
        LabCommand::Swap | LabCommand::Parting => player.side().is_some(),
        LabCommand::Explain | LabCommand::Share => false,
        _ => true,
    }
}

/// Does to a playing lab what a key asks for; false for what needs a screen.
pub fn play(player: &mut Player, command: LabCommand) -> bool {
    match command {
        LabCommand::Run => player.toggle(),
        LabCommand::StepOn => player.step(),
        LabCommand::StepBack => player.step_back(),
        LabCommand::Rewind => player.jump(Way::Back),
        LabCommand::Ahead => player.jump(Way::Forward),
        LabCommand::MarkBack => player.jump_to_mark(Way::Back),
        LabCommand::MarkAhead => player.jump_to_mark(Way::Forward),
        LabCommand::Break(n) => player.press(usize::from(n) + 1),
        LabCommand::KnobNext => player.choose(Way::Forward),
        LabCommand::KnobPrevious => player.choose(Way::Back),
        LabCommand::KnobDown => player.turn(Way::Back),
        LabCommand::KnobUp => player.turn(Way::Forward),
        LabCommand::ResetKnob => player.reset_knob(),
        LabCommand::Undo => player.undo(),
        LabCommand::Restart => player.restart(),
        LabCommand::NewSeed => player.reseed(),
        LabCommand::Slower => player.change_speed(Way::Back),
        LabCommand::Faster => player.change_speed(Way::Forward),
        LabCommand::Fork => player.fork(),
        LabCommand::Twin => player.twin(),
        LabCommand::Swap => player.swap(),
        LabCommand::Parting => player.jump_to_divergence(),
        LabCommand::Branches
        | LabCommand::Presets
        | LabCommand::Say
        | LabCommand::Explain
        | LabCommand::Share => return false,
    }
    true
}
