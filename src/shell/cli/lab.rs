//! `halfopen lab --plain`: a lab played line by line. Commands in, sentences out, in the words of the screen.

mod acts;
mod bet;
mod branches;
mod commands;
mod inspect;
mod share;
mod tables;
mod time;
mod twins;

use std::process::ExitCode;

pub use self::bet::Purse;
use self::bet::Wager;
use self::twins::Beside;
use super::console::{Console, ended};
use super::output::Failure;
use super::{ScenarioArgs, asked};
use crate::engine::run::OnBreak;
use crate::engine::time::{Span, Time};
use crate::labs::branch::Branches;
use crate::labs::catalogue::LABS;
use crate::labs::judge::MOST_EVENTS;
use crate::labs::lab::Lab;
use crate::labs::narrate::{self, Detail, Narrator};
use crate::labs::scenario::Scenario;
use crate::labs::seen::Seen;
use crate::labs::text::Misread;

/// Plays a lab on standard input and output.
pub fn plain(args: &ScenarioArgs) -> Result<ExitCode, Failure> {
    let mut args = args.clone();
    let mut console = Console::standard();
    if args.lab.is_none() {
        console.say("Which lab?")?;
        for entry in &LABS {
            console.item("- ", &format!("{}: {}", entry.spec.name, entry.spec.summary))?;
        }
        args.lab = Some(console.ask("")?);
    }
    let asked = asked::read(&args)?;
    let scenario = &asked.scenario;
    console.say(&format!("{}. {}", scenario.lab.spec.title, scenario.lab.spec.summary))?;
    let (from, told) = asked.opens_at();
    console.each(&told)?;
    let mut bench = Bench::open(scenario, from);
    bench.introduce(&mut console)?;
    bench.play(&mut console, "", &mut Purse::Closed)?;
    Ok(ExitCode::SUCCESS)
}

/// A lab being played: a run with every future of it that was kept.
pub struct Bench {
    branches: Branches,
    /// What was told of the current branch.
    narrator: Narrator,
    /// The branch that runs beside the current one.
    beside: Option<Beside>,
    /// The scenario as it was opened, or as a preset set it.
    origin: Scenario,
    /// How far the runs were watched.
    seen: Seen,
    /// The bet that is made and not told yet.
    wager: Option<Wager>,
}

/// Whether the session goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Leave,
}

impl Bench {
    /// Opens a lab at a moment.
    pub fn open(scenario: &Scenario, from: Time) -> Self {
        let branches = Branches::new(scenario.open());
        let mut bench = Self {
            branches,
            narrator: Narrator::new(),
            beside: None,
            origin: scenario.clone(),
            seen: Seen::default(),
            wager: None,
        };
        bench.go(from, OnBreak::GoOn);
        bench
    }

    /// Takes over how far runs were watched before.
    pub fn knowing(mut self, seen: Seen) -> Self {
        self.seen = seen;
        self
    }

    /// How far runs were watched, this one included.
    pub fn into_seen(mut self) -> Seen {
        self.seen.take_in(&self.origin, &self.branches);
        self.seen
    }

    /// Tells what is run and what it shows.
    pub fn introduce(&mut self, console: &mut Console) -> Result<(), Failure> {
        self.name_run(console)?;
        console.each(&self.narrator.tell(self.branches.current().lab(), Detail::Notable))?;
        self.scene(console)?;
        console.say("Type run 5s to go on, a fault to break something, help for all commands, quit to leave.")
    }

    /// Goes to a moment and tells what happened on the way, and how it stands then.
    pub fn tell_to(&mut self, to: Time, console: &mut Console) -> Result<(), Failure> {
        self.go_telling(to, OnBreak::GoOn, console)
    }

    /// Tells the picture.
    pub fn scene(&self, console: &mut Console) -> Result<(), Failure> {
        console.say(&format!("At {} s.", self.lab().now()))?;
        console.each(&self.lab().scene().speak())
    }

    /// The lab as it stands.
    pub fn lab(&self) -> &dyn Lab {
        self.branches.current().lab()
    }

    /// Takes commands until the learner leaves; the input's end is an error.
    pub fn play(
        &mut self,
        console: &mut Console,
        prompt: &str,
        purse: &mut Purse<'_>,
    ) -> Result<(), Failure> {
        self.seen.take_in(&self.origin, &self.branches);
        loop {
            let line = console.ask(prompt)?;
            match self.obey_betting(&line, console, purse) {
                Ok(Flow::On) => {}
                Ok(Flow::Leave) => return Ok(()),
                // What is wrong with a command is said where its output would stand.
                Err(Failure::Usage(sentence)) => console.say(&sentence)?,
                Err(other) => return Err(other),
            }
        }
    }

    fn obey(&mut self, line: &str, console: &mut Console) -> Result<Flow, Failure> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => {}
            "q" | "quit" | "exit" => return Ok(Flow::Leave),
            "help" | "?" => commands::list(console)?,
            "run" => self.run(rest, console)?,
            "to" => self.to(rest, console)?,
            "back" => self.back(rest, console)?,
            "step" => self.step(rest, console)?,
            "next" => self.next_mark(console)?,
            "previous" => self.previous_mark(console)?,
            "set" => self.set(rest, console)?,
            "undo" => self.undo(console)?,
            "restart" => self.restart(console)?,
            "preset" => self.preset(rest, console)?,
            "seed" => self.seed(rest, console)?,
            "share" => self.share(console)?,
            "save" => self.save(rest, console)?,
            "fork" => self.fork(rest, console)?,
            "branches" => self.list_branches(console)?,
            "switch" => self.switch(rest, console)?,
            "rename" => self.rename(rest, console)?,
            "delete" => self.delete(rest, console)?,
            "compare" => self.compare(rest, console)?,
            "twin" => self.twin(rest, console)?,
            "A" | "a" => self.take_side(twins::Side::A, console)?,
            "B" | "b" => self.take_side(twins::Side::B, console)?,
            "swap" => self.swap(console)?,
            "single" => self.single(console)?,
            "scene" => self.scene(console)?,
            "inspect" => inspect::part(self.lab(), rest, console)?,
            "log" => inspect::log(self.lab(), rest, console)?,
            "why" if rest.contains(' ') => console.each(&super::why::of_condition(self.lab(), rest)?)?,
            "why" | "cause" => inspect::why(self.lab(), rest, console)?,
            "readings" => tables::readings(self.lab(), rest, console)?,
            "events" => console.each(&Narrator::new().tell(self.lab(), Detail::Every))?,
            "invariants" => tables::invariants(self.lab(), console)?,
            "faults" => tables::faults(self.lab(), console)?,
            "knobs" => tables::knobs(self.lab().knobs(), console)?,
            "presets" => tables::presets(self.lab().spec(), console)?,
            _ => self.fault(line, console)?,
        }
        Ok(Flow::On)
    }

    /// Names what is run.
    fn name_run(&self, console: &mut Console) -> Result<(), Failure> {
        console.say(&format!("This is {}.", narrate::scenario(self.lab().scenario())))
    }

    /// Goes to `to`, back or forth, and a branch beside goes there too; whether it came there.
    fn go(&mut self, to: Time, on_break: OnBreak) -> bool {
        let branch = self.branches.current_mut();
        branch.lab_mut().rewind(to);
        let handled = match on_break {
            OnBreak::GoOn => branch.lab_mut().advance(to, MOST_EVENTS),
            OnBreak::Stop => branch.lab_mut().advance_to_break(to, MOST_EVENTS),
        };
        branch.look();
        self.follow();
        handled < MOST_EVENTS
    }
}

/// A length of time as typed after a command.
pub fn span(text: &str) -> Result<Span, Failure> {
    text.parse()
        .map_err(|_| Failure::usage(format!("A time such as 5s or 500ms was expected, not \"{text}\".")))
}

/// A count as typed after a command; nothing typed is 1.
fn count(command: &str, text: &str) -> Result<u64, Failure> {
    const MOST: u64 = 1_000_000;
    let number = if text.is_empty() { Some(1) } else { text.parse().ok() };
    number
        .filter(|number| (1..=MOST).contains(number))
        .ok_or_else(|| Failure::usage(format!("{command} takes a number from 1 to {MOST}, not \"{text}\".")))
}

/// What was wanted was not understood.
#[expect(clippy::needless_pass_by_value, reason = "stands where an error is turned into another")]
pub fn misread(misread: Misread) -> Failure {
    not_done(&misread.to_string())
}

/// What was wanted was not done, for this reason.
fn not_done(reason: &str) -> Failure {
    Failure::usage(format!("Not done: {}", ended(reason)))
}
