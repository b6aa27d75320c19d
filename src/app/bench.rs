//! The bench: a lab on the whole screen, to break, to rewind, and to break again.

mod focus;
mod inspect;
mod log;
mod marks;
mod prompt;
mod stage;
mod strip;

use std::time::Duration;

pub use focus::Focus;
pub use inspect::Inspect;
pub use log::Log;
pub use marks::Letters;
pub use prompt::Prompt;
pub use stage::Cursor;
pub use strip::{Story, story, unit};

use super::Flow;
use super::brief::{self, Brief};
use super::key::Key;
use super::keymap::{Command, Context, LabCommand};
use super::player::{Moved, Player, Way, scenario_of};
use super::screen::{Cx, Go};
use super::shared::Shared;
use crate::course::{Claim, SetUp};
use crate::engine::time::Time;
use crate::labs::lab::Occurrence;
use crate::labs::scene::{Part, Scene};
use crate::study::record::{Place, Screen};

/// How long it may take to watch the run of a claim.
const PATIENCE: Duration = Duration::from_secs(15);

/// A lab on the whole screen.
#[derive(Clone, Debug)]
pub struct Bench {
    player: Player,
    focus: Focus,
    open: Open,
    /// The part of the stage under the cursor.
    cursor: Cursor,
    log: Log,
    /// How many readings are scrolled away above.
    top: usize,
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
    /// The line for a fault in words.
    Prompt(Prompt),
    /// The log.
    Log,
    /// A part of the stage.
    Part(Inspect),
}

impl Bench {
    /// The bench with this lab.
    pub fn new(player: Player) -> Self {
        let mut log = Log::default();
        log.refresh(&player);
        let (focus, open, cursor) = (Focus::Knobs, Open::Nothing, Cursor::default());
        Self { player, focus, open, cursor, log, top: 0, handled: 0, brief: None }
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

    /// How many readings are scrolled away above.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// The log.
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// The part of the stage under the cursor, while the stage has the arrows.
    pub fn chosen_part<'a>(&self, scene: &'a Scene) -> Option<&'a Part> {
        match &self.open {
            Open::Part(inspect) => scene.part(&inspect.part().id),
            _ => self.cursor.part(scene).filter(|_| self.focus == Focus::Stage),
        }
    }

    /// The fact under the cursor, while the log has it.
    pub fn chosen_fact(&self) -> Option<Occurrence> {
        (self.focus == Focus::Log).then(|| self.log.chosen(&self.player)).flatten()
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        let mut contexts = self.own_contexts();
        if self.judges() {
            contexts.insert(0, Context::Zoomed);
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
            (Open::Log, _) if self.log.is_typing() => vec![Context::Search],
            (Open::Log, _) => vec![Context::LogView, Context::Lab, Context::Everywhere],
            (Open::Part(_), _) => vec![Context::Inspect, Context::Lab, Context::Everywhere],
            (Open::Nothing, Focus::Stage) => {
                vec![Context::Stage, Context::Lab, Context::Bench, Context::Everywhere]
            }
            (Open::Nothing, Focus::Knobs) => vec![Context::Lab, Context::Bench, Context::Everywhere],
            (Open::Nothing, Focus::Log) => {
                vec![Context::Log, Context::Lab, Context::Bench, Context::Everywhere]
            }
            (Open::Nothing, Focus::Readings) => {
                vec![Context::Readings, Context::Lab, Context::Bench, Context::Everywhere]
            }
        }
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, _shared: &Shared) -> bool {
        use Command as C;
        match &self.open {
            Open::Prompt(_) => matches!(command, C::Accept | C::Left | C::Right | C::First | C::Last),
            Open::Presets(_) => matches!(command, C::Accept | C::Up | C::Down),
            Open::Log => match command {
                C::Lab(command) => allows(&self.player, command),
                C::Cause => self.has_cause(),
                C::Accept => self.log.is_typing() || self.log.at().is_some(),
                C::Left | C::Right => self.log.is_typing(),
                C::Up | C::Down | C::PageUp | C::PageDown | C::First | C::Last => true,
                C::Search | C::Every => !self.log.is_typing(),
                _ => false,
            },
            Open::Part(_) => match command {
                C::Lab(command) => allows(&self.player, command),
                C::Accept | C::Up | C::Down | C::PageUp | C::PageDown => true,
                _ => false,
            },
            Open::Nothing => match command {
                C::Lab(command) => allows(&self.player, command),
                C::NextFocus | C::PreviousFocus | C::Search => true,
                C::Goal => self.judges(),
                C::Cause => self.has_cause(),
                C::Accept => match self.focus {
                    Focus::Log => self.log.at().is_some(),
                    Focus::Stage => self.chosen_part(&self.player.lab().scene()).is_some(),
                    Focus::Knobs | Focus::Readings => false,
                },
                C::Left | C::Right => self.focus == Focus::Stage,
                C::Up | C::Down | C::PageUp | C::PageDown | C::First | C::Last => self.focus != Focus::Knobs,
                _ => false,
            },
        }
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match (&mut self.open, command) {
            (Open::Prompt(_) | Open::Presets(_) | Open::Part(_), Command::Back) => self.open = Open::Nothing,
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
                            self.log.forget(&self.player);
                        }
                        self.open = Open::Nothing;
                    }
                    _ => return Flow::Unchanged,
                }
            }
            (_, Command::Lab(command)) => self.lab_command(command),
            (Open::Log, command) => self.in_log_view(command),
            (Open::Part(inspect), command) => inspect.update(command, &mut self.player),
            (Open::Nothing, Command::Back) if self.focus != Focus::Knobs => {
                self.log.widen(&self.player);
                self.focus = Focus::Knobs;
            }
            (Open::Nothing, Command::Back) => cx.go = Some(Go::Back),
            (Open::Nothing, Command::Goal) => cx.go = Some(Go::BackTo(Command::Goal)),
            (Open::Nothing, command) => self.move_focus(command),
        }
        self.refresh();
        Flow::Redraw
    }

    /// What shows the lab takes in what has become of it.
    fn refresh(&mut self) {
        self.log.refresh(&self.player);
        if let Open::Part(inspect) = &mut self.open {
            inspect.refresh(&self.player);
        }
    }

    fn lab_command(&mut self, command: LabCommand) {
        match command {
            LabCommand::Presets => {
                let presets = self.player.spec().presets;
                let now = presets.iter().position(|preset| preset.name == self.player.setup().preset);
                self.open = Open::Presets(now.unwrap_or(0));
            }
            LabCommand::Say => {
                self.player.pause();
                self.open = Open::Prompt(Prompt::default());
            }
            command => {
                play(&mut self.player, command);
            }
        }
        if !stays(command) {
            self.log.forget(&self.player);
        }
    }

    /// See [`super::screen::Screen::types`].
    pub const fn types(&self) -> bool {
        match self.open {
            Open::Prompt(_) => true,
            Open::Log => self.log.is_typing(),
            _ => false,
        }
    }

    /// See [`super::screen::Screen::type_key`].
    pub fn type_key(&mut self, key: Key, _cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Prompt(prompt) => prompt.type_key(key),
            Open::Log => self.log.type_key(key, &self.player),
            _ => {}
        }
        Flow::Redraw
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Flow {
        match &mut self.open {
            Open::Prompt(prompt) => prompt.line.paste(text),
            Open::Log if self.log.is_typing() => self.log.paste(text, &self.player),
            _ => return Flow::Unchanged,
        }
        Flow::Redraw
    }

    /// See [`super::screen::Screen::frame_interval`].
    pub const fn frame_interval(&self) -> Option<Duration> {
        self.player.frame_interval()
    }

    /// See [`super::screen::Screen::frame`].
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, _cx: &mut Cx<'_>) -> Flow {
        let moved = self.player.frame(elapsed, allowed);
        self.handled = moved.events();
        if moved != Moved::Still {
            self.refresh();
        }
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

/// Whether what was told stays as it is: moving in time and acting now leave it, the rest may begin another run.
const fn stays(command: LabCommand) -> bool {
    use LabCommand as L;
    matches!(
        command,
        L::Run
            | L::StepOn
            | L::StepBack
            | L::Rewind
            | L::Ahead
            | L::MarkBack
            | L::MarkAhead
            | L::Break(_)
            | L::KnobNext
            | L::KnobPrevious
            | L::Slower
            | L::Faster
    )
}

/// Whether a key would do anything to a playing lab.
pub fn allows(player: &Player, command: LabCommand) -> bool {
    match command {
        LabCommand::Break(n) => usize::from(n) < player.spec().buttons.len(),
        LabCommand::Undo => player.lab().can_undo(),
        LabCommand::ResetKnob => player.is_changed(player.chosen()),
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
        LabCommand::Presets | LabCommand::Say | LabCommand::Explain | LabCommand::Share => return false,
    }
    true
}
