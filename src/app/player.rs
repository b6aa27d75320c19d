//! A lab being played: run, step, rewind, break, turn knobs, restart, fork. Shared by the lesson screen and the bench.
//!
//! Pure: time comes in as [`Player::frame`]. Must not know keys, screens or records.

mod beside;
mod clock;
mod knobs;
mod remark;

use std::fmt;
use std::time::Duration;

use super::speed::Speed;
use crate::course::setup::SetUp;
use crate::engine::time::Time;
use crate::labs::branch::{Branches, Forked};
use crate::labs::fault::{Act, Vocabulary, timed};
use crate::labs::lab::{Lab, Occurrence, Spec};
use crate::labs::remarks;
use crate::labs::scenario::{Scenario, Wanted};
pub use crate::labs::story::{Mark, Marked};

pub use beside::{Beside, Side};
pub use remark::{Outcome, Refused, Remark};

/// How often a running lab wants to be moved on.
const FRAME: Duration = Duration::from_millis(33);

/// A lab being played.
pub struct Player {
    /// The run, with every future of it that was kept.
    branches: Branches,
    /// The branch that is shown next to the current one.
    beside: Option<Beside>,
    /// The scenario as it was opened or as a preset set it: where a knob is reset to.
    origin: Scenario,
    pace: Pace,
    speed: Speed,
    /// What part of the speed was reached lately, 1 for all of it.
    kept: f64,
    stop: Option<Time>,
    /// Where a jump leads that is still on its way: a long one is simulated piece by piece, so that keys stay quick.
    heading: Option<Time>,
    /// Where what is judged ends: the clock halts there once, in every run.
    halt: Option<Time>,
    chosen: usize,
    locked: Vec<usize>,
    remark: Option<Remark>,
    /// Grows whenever the run may have become another one.
    edition: u64,
}

/// Whether the lab's clock runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// It stands.
    Paused,
    /// It runs.
    Running,
}

/// What a frame did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Moved {
    /// Nothing: the lab is paused.
    Still,
    /// Time went on, and so many events happened.
    On {
        /// How many.
        events: u64,
    },
}

impl Moved {
    /// How many events happened.
    pub const fn events(self) -> u64 {
        match self {
            Self::Still => 0,
            Self::On { events } => events,
        }
    }
}

/// Which way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Earlier, up, or less.
    Back,
    /// Later, down, or more.
    Forward,
}

impl Player {
    /// Opens `scenario`, paused at `from`.
    pub fn open(scenario: &Scenario, from: Time) -> Self {
        let mut player = Self {
            branches: Branches::new(scenario.open()),
            beside: None,
            origin: scenario.clone(),
            pace: Pace::Paused,
            speed: scenario
                .lab
                .spec
                .moment
                .map_or_else(Speed::default, |moment| Speed::to_watch(moment(&scenario.knobs))),
            kept: 1.0,
            stop: None,
            heading: None,
            halt: None,
            chosen: 0,
            locked: Vec::new(),
            remark: None,
            edition: 0,
        };
        player.lab_mut().seek(from);
        player.branches.current_mut().look();
        player
    }

    /// Opens what a course sets up, paused at `from`; the error is a sentence.
    pub fn of_setup(setup: &SetUp, from: Time) -> Result<Self, String> {
        scenario_of(setup).map(|scenario| Self::open(&scenario, from))
    }

    /// The lab, to look at.
    pub fn lab(&self) -> &dyn Lab {
        self.branches.current().lab()
    }

    fn lab_mut(&mut self) -> &mut dyn Lab {
        self.branches.current_mut().lab_mut()
    }

    /// The run and every future of it that was kept.
    pub const fn branches(&self) -> &Branches {
        &self.branches
    }

    /// Grows whenever the run may have become another one: by an act, another branch, a new start. Who keeps facts of it
    /// looks again then.
    pub const fn edition(&self) -> u64 {
        self.edition
    }

    /// What the lab is made of.
    pub fn spec(&self) -> &'static Spec {
        self.lab().spec()
    }

    /// The scenario as it was opened, or as a preset set it.
    pub const fn origin(&self) -> &Scenario {
        &self.origin
    }

    /// What a restart starts: the scenario with the knobs that were turned since; other acts by hand are gone.
    pub fn setup(&self) -> Scenario {
        self.branches.current().setup()
    }

    /// This very run, as a scenario: its knobs at the start, its seed, everything that was done to it.
    pub fn recorded(&self) -> Scenario {
        Scenario { script: self.lab().log().to_vec(), ..self.lab().scenario().clone() }
    }

    /// What the learner changed, each as a line: knobs set before the run, and what was done in it.
    pub fn changes(&self) -> Vec<String> {
        let started = &self.lab().scenario().knobs;
        let knobs = self.origin.knobs.iter().zip(started.iter()).filter(|((_, was), (_, is))| was != is);
        let mut lines: Vec<String> = knobs.map(|(_, (knob, is))| format!("set {} {is}", knob.name)).collect();
        let done = self.lab().log().iter().take(self.lab().done());
        lines.extend(done.filter(|entry| !self.origin.script.contains(entry)).map(timed));
        lines
    }

    /// Whether the clock runs.
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// Whether the clock runs.
    pub fn is_running(&self) -> bool {
        self.pace == Pace::Running
    }

    /// How fast the clock runs.
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// What part of the speed is reached, if it is noticeably less than all: the lab has more events than time.
    pub fn lag(&self) -> Option<f64> {
        (self.is_running() && self.kept < 0.95).then_some(self.kept)
    }

    /// What the last command had to tell, for a while.
    pub const fn remark(&self) -> Option<&Remark> {
        self.remark.as_ref()
    }

    /// Every notable fact up to now, oldest first.
    pub fn notable(&self) -> &[Occurrence] {
        self.branches.current().story().past()
    }

    /// The sentence of the latest notable fact.
    pub fn narrator(&self) -> Option<&str> {
        self.notable().last().map(|occurrence| occurrence.told.sentence.as_str())
    }

    /// Acts and notable facts in order of time, also those ahead that are known from before a jump back.
    pub fn marks(&self) -> Vec<Mark> {
        self.branches.current().marks()
    }

    /// How often time should be told; none while nothing moves.
    pub fn frame_interval(&self) -> Option<Duration> {
        let moves = self.heading.is_some() || matches!(self.pace, Pace::Running) || self.beside_lags();
        if moves { Some(FRAME) } else { None }
    }

    fn done(&mut self, text: String) {
        self.remark = Some(Remark::new(Outcome::Done, text));
    }

    fn refuse(&mut self, text: String) {
        self.remark = Some(Remark::new(Outcome::Refused, text));
    }
}

/// Doing something to the world.
impl Player {
    /// Does what button `number` says, the first being 1.
    pub fn press(&mut self, number: usize) {
        let buttons = self.spec().buttons;
        let Some((_, sentence)) = number.checked_sub(1).and_then(|at| buttons.get(at)) else {
            return self.refuse(match buttons.len() {
                0 => "This lab has no buttons; `:` takes a sentence.".to_owned(),
                last => format!("The buttons go from 1 to {last}; `:` takes any sentence."),
            });
        };
        if let Err(refused) = self.say(sentence) {
            self.refuse(refused.to_string());
        }
    }

    /// Does what a fault sentence says, now: `hang payments for 10s`.
    pub fn say(&mut self, sentence: &str) -> Result<(), Refused> {
        let lab = self.lab();
        let parts = lab.parts();
        let vocabulary = Vocabulary { faults: lab.spec().faults, parts: &parts, knobs: lab.knobs() };
        let act = vocabulary.read_now(sentence).map_err(Refused::Misread)?;
        if let Act::Set(index, knob, _) = act
            && self.is_locked(index)
        {
            return Err(Refused::Senseless(format!("{knob} is fixed here.")));
        }
        self.act(act).map_err(Refused::Senseless)
    }

    fn act(&mut self, act: Act) -> Result<(), String> {
        self.refuse_on_the_way()?;
        let forked = self.branches.act(act)?;
        self.remark = None;
        self.forked(forked);
        Ok(())
    }

    /// Nothing is done to a lab that is on its way to another instant.
    fn refuse_on_the_way(&self) -> Result<(), String> {
        match self.heading {
            Some(to) => Err(format!("It is still on its way to {to} s; space stops it here.")),
            None => Ok(()),
        }
    }

    /// The world is another one from here on.
    fn forked(&mut self, forked: Option<Forked>) {
        self.compare_anew();
        if let Some(forked) = forked {
            self.done(remarks::future_kept(&forked));
        }
    }

    /// Takes back what was done last.
    pub fn undo(&mut self) {
        if let Err(sentence) = self.refuse_on_the_way() {
            return self.refuse(sentence);
        }
        let now = self.lab().now();
        let Some((act, forked)) = self.branches.undo() else {
            return self.refuse(remarks::NOTHING_TO_TAKE_BACK.to_owned());
        };
        self.compare_anew();
        self.head_for(now);
        self.done(remarks::taken_back(&act, forked.as_ref()));
    }

    /// Starts again with the same seed and script; knobs stay as they are turned, faults done by hand are gone.
    pub fn restart(&mut self) {
        let setup = self.setup();
        self.begin(&setup);
        self.done(remarks::again(setup.seed));
    }

    /// Starts again with another seed.
    pub fn reseed(&mut self) {
        let mut setup = self.setup();
        setup.seed = setup.seed.wrapping_add(1);
        self.begin(&setup);
        self.done(remarks::other_seed(setup.seed));
    }

    /// Starts again with the knobs of the preset `name`; the script stays.
    pub fn use_preset(&mut self, name: &str) {
        let before = self.setup();
        let mut setup = before.clone();
        if let Err(misread) = setup.use_preset(name) {
            return self.refuse(misread.to_string());
        }
        for index in &self.locked {
            if let Some(value) = before.knobs.value(*index) {
                setup.knobs.put(*index, value);
            }
        }
        self.origin = setup.clone();
        self.begin(&setup);
        self.done(remarks::preset(name));
    }

    /// Opens `setup` at 0 s in place of the current branch, running if it ran. A twin begins anew with it.
    fn begin(&mut self, setup: &Scenario) {
        self.branches.begin(self.branches.index(), setup.open());
        self.stop = None;
        self.heading = None;
        self.begin_beside(setup.seed);
    }
}

/// The scenario that a course sets up; the error is a sentence. A checked course gives none.
pub fn scenario_of(setup: &SetUp) -> Result<Scenario, String> {
    let (set, at) = (setup.pairs(), setup.sentences());
    let preset = setup.preset.as_ref().map(|preset| preset.value.as_str());
    let wanted = Wanted { lab: &setup.lab, preset, set: &set, seed: setup.seed, at: &at };
    Scenario::read(&wanted).map_err(|refusals| {
        let reasons: Vec<String> = refusals.iter().map(|refusal| refusal.misread.to_string()).collect();
        reasons.join("; ")
    })
}

impl Clone for Player {
    fn clone(&self) -> Self {
        Self {
            branches: self.branches.clone(),
            beside: self.beside.clone(),
            origin: self.origin.clone(),
            locked: self.locked.clone(),
            remark: self.remark.clone(),
            ..*self
        }
    }
}

/// The lab itself has too much state to print.
impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Player")
            .field("lab", &self.spec().name)
            .field("now", &self.lab().now())
            .field("pace", &self.pace)
            .field("speed", &self.speed)
            .field("chosen", &self.chosen)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
