//! A sweep from the bench: the chosen knob over values around the present one, each on the same seeds.

use super::{Bench, Open};
use crate::app::Effect;
use crate::app::keymap::Command;
use crate::app::player::Player;
use crate::app::screen::Cx;
use crate::app::work::{News, Work};
use crate::engine::time::Time;
use crate::labs::fault::Act;
use crate::labs::sweep::{Plan, Summary, Varied, shown};

/// On how many seeds each value is run.
const SEEDS: u64 = 20;
/// How long the runs are, in seconds: as long as the run on the bench was seen, but within these.
const LENGTH: (u64, u64) = (60, 600);

/// A sweep being run, or what came of it.
#[derive(Clone, Debug)]
pub struct Sweep {
    plan: Plan,
    ticket: u64,
    progress: Progress,
    /// Which of the plan's readings is shown.
    reading: usize,
}

/// How far a sweep is.
#[derive(Clone, PartialEq, Debug)]
pub enum Progress {
    /// So many runs are done.
    Runs(usize),
    /// All of them.
    Done(Vec<Summary>),
    /// It came to nothing; a sentence.
    Failed(String),
}

impl Sweep {
    /// A sweep over the chosen knob of a lab, as it was set up and with what was done to it; asks for it to be run. The
    /// error is a sentence.
    pub fn start(player: &Player, cx: &mut Cx<'_>) -> Result<Self, String> {
        let (knob, value) = player.knob().ok_or("This lab has no knobs.")?;
        let index = player.chosen();
        let varied = Varied::around(index, knob, value);
        if varied.values.len() < 2 {
            return Err(format!("{} has only one value.", knob.name));
        }
        let mut base = player.recorded();
        // Turning it by hand later would undo what is varied.
        base.script.retain(|entry| !matches!(entry.act, Act::Set(at, ..) if at == index));
        let reached = player.lab().reached().whole_secs().saturating_add(1).clamp(LENGTH.0, LENGTH.1);
        let plan = Plan::new(base, Time::from_secs(reached), 1..=SEEDS, vec![varied], shown(player.spec()))?;
        let ticket = cx.shared.draw();
        cx.effects.push(Effect::Work(ticket, Box::new(Work::Sweep(plan.clone()))));
        Ok(Self { ticket, progress: Progress::Runs(0), plan, reading: 0 })
    }

    /// What is run.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How far it is, or what came of it.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Which of the plan's readings is shown.
    pub const fn reading(&self) -> usize {
        self.reading
    }

    /// The shown reading under every value of the knob; none while it is run.
    pub fn summaries(&self) -> Vec<&Summary> {
        let Progress::Done(all) = &self.progress else { return Vec::new() };
        all.iter().skip(self.reading).step_by(self.plan.readings().len().max(1)).collect()
    }

    /// Whether `command` would do anything.
    pub fn allows(&self, command: Command) -> bool {
        matches!(command, Command::Left | Command::Right) && self.plan.readings().len() > 1
    }

    /// Does what was asked for; true if the window is to be closed.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let count = self.plan.readings().len().max(1);
        match command {
            Command::Left => self.reading = (self.reading + count - 1) % count,
            Command::Right => self.reading = (self.reading + 1) % count,
            Command::Back => {
                self.call_off(cx.effects);
                return true;
            }
            _ => {}
        }
        false
    }

    /// Calls off what is not done yet.
    pub(super) fn call_off(&self, effects: &mut Vec<Effect>) {
        if let Progress::Runs(_) = self.progress {
            effects.push(Effect::CallOff(self.ticket));
        }
    }

    /// Takes in what there is to tell; false if it is another's.
    pub(super) fn hear(&mut self, ticket: u64, news: &News) -> bool {
        if ticket != self.ticket {
            return false;
        }
        match (news, &mut self.progress) {
            (News::Runs(runs), Progress::Runs(before)) => *before = (*runs).max(*before),
            (News::Swept(Ok(summaries)), _) => self.progress = Progress::Done(summaries.clone()),
            (News::Swept(Err(sentence)), _) => self.progress = Progress::Failed(sentence.clone()),
            _ => {}
        }
        true
    }
}

impl Bench {
    /// Sweeps the chosen knob.
    pub(super) fn vary(&mut self, cx: &mut Cx<'_>) {
        self.player.pause();
        match Sweep::start(&self.player, cx) {
            Ok(sweep) => self.open = Open::Sweep(Box::new(sweep)),
            Err(sentence) => cx.refuse(sentence),
        }
    }

    pub(super) fn in_sweep(&mut self, command: Command, cx: &mut Cx<'_>) {
        if let Open::Sweep(sweep) = &mut self.open
            && sweep.update(command, cx)
        {
            self.open = Open::Nothing;
        }
    }
}
