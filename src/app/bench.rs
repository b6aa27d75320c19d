//! The bench: a lab on the whole screen, to break, to rewind, and to break again.

mod bet;
mod branches;
mod focus;
mod inspect;
mod log;
mod marks;
mod open;
mod play;
mod share;
mod stage;
mod strip;
mod sweep;
mod wager;
mod why;

use std::time::Duration;

pub use bet::{Making, Phase};
pub use branches::List;
pub use focus::Focus;
pub use inspect::Inspect;
pub use log::Log;
pub use marks::Letters;
pub use open::Open;
pub use play::{allows, play};
pub use share::Share;
pub use stage::Cursor;
pub use strip::{Story, story, unit};
pub use sweep::{Progress, Sweep};
pub use wager::{Told, Wager};
pub use why::{Searched, Why};

use self::share::Stays;
use super::Flow;
use super::brief::Brief;
use super::keymap::{Command, LabCommand};
use super::player::{Moved, Player, scenario_of};
use super::screen::{Cx, Go};
use crate::course::{Claim, SetUp};
use crate::engine::time::Time;
use crate::labs::lab::Occurrence;
use crate::labs::scene::{Part, Scene};
use crate::study::record::{Place, Screen};

/// How often a bet wants time while the lab stands.
const FRAME: Duration = Duration::from_millis(33);
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
    /// The number under the cursor.
    reading: usize,
    handled: u64,
    brief: Option<Brief>,
    /// The bet that is made and not told yet.
    wager: Option<Box<Wager>>,
    /// Of the run that the log was taken from: see [`Player::edition`].
    edition: u64,
}

impl Bench {
    /// The bench with this lab.
    pub fn new(player: Player) -> Self {
        let mut log = Log::default();
        log.refresh(&player);
        let (focus, open, cursor) = (Focus::Knobs, Open::Nothing, Cursor::default());
        let (reading, handled, edition) = (0, 0, 0);
        Self { player, focus, open, cursor, log, reading, handled, brief: None, wager: None, edition }
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

    /// Does something to the lab, and shows what came of it.
    pub fn with_player<T>(&mut self, act: impl FnOnce(&mut Player) -> T) -> T {
        let done = act(&mut self.player);
        self.refresh();
        done
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

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        match (&mut self.open, command) {
            (Open::Presets(_) | Open::Part(_) | Open::Told(_), Command::Back)
            | (Open::Told(_), Command::Accept) => self.open = Open::Nothing,
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
            (Open::Sweep(_), command) => self.in_sweep(command, cx),
            (Open::Bet(_), command) => self.in_bet(command, cx),
            (Open::Told(_), _) => return Flow::Unchanged,
            (Open::Nothing, Command::Predict) => self.begin_bet(cx),
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
            (Open::Nothing, Command::Lab(LabCommand::Vary)) => self.vary(cx),
            (_, Command::Lab(command)) => self.lab_command(command),
            (Open::Nothing | Open::Log, Command::Why) => self.why(cx),
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
        self.watch_bet(cx);
        Flow::Redraw
    }

    /// What shows the lab takes in what has become of it.
    fn refresh(&mut self) {
        if self.edition != self.player.edition() {
            self.edition = self.player.edition();
            self.log.forget(&self.player);
        }
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

    /// Gives the arrows to the knobs.
    pub const fn turn_knobs(&mut self) {
        self.focus = Focus::Knobs;
    }

    /// See [`super::screen::Screen::frame_interval`].
    pub fn frame_interval(&self) -> Option<Duration> {
        self.player.frame_interval().or_else(|| self.bet_wants_time().then_some(FRAME))
    }

    /// See [`super::screen::Screen::frame`].
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, cx: &mut Cx<'_>) -> Flow {
        // A bet that is not decided yet takes half of what there is.
        let ahead = self.wager.as_mut().map_or(0, |wager| wager.go(allowed / 2, cx));
        let moved = self.player.frame(elapsed, allowed.saturating_sub(ahead).max(1));
        self.handled = moved.events() + ahead;
        if moved != Moved::Still {
            self.refresh();
        }
        let had_bet = self.wager.is_some();
        self.watch_bet(cx);
        if moved == Moved::Still && !had_bet { Flow::Unchanged } else { Flow::Redraw }
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
