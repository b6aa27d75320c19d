//! Doing something to the lab, taking it back, beginning anew.

use super::{Bench, commands, misread};
use crate::engine::run::OnBreak;
use crate::labs::fault::{Act, Vocabulary};
use crate::labs::knob::Effect;
use crate::labs::narrate::{Detail, Narrator};
use crate::labs::remarks;
use crate::labs::scenario::Scenario;
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;

impl Bench {
    /// Does a fault now.
    pub(super) fn fault(&mut self, line: &str, console: &mut Console) -> Result<(), Failure> {
        let spec = self.lab().spec();
        let first = line.split(' ').next().unwrap_or_default();
        let is_verb = spec.faults.iter().any(|fault| fault.verb.word() == first);
        let is_time = first.starts_with(|c: char| c.is_ascii_digit());
        if is_verb || is_time { self.act(line, console) } else { Err(commands::unknown(first, spec)) }
    }

    /// Turns a knob.
    pub(super) fn set(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        let Some((name, value)) = rest.split_once(' ') else {
            return Err(Failure::usage(
                "set takes a knob and its value, such as: set rate 90. knobs lists them.",
            ));
        };
        let (index, knob) = self.lab().knobs().find(name).map_err(misread)?;
        if knob.effect == Effect::Live {
            return self.act(&format!("set {name} {}", value.trim()), console);
        }
        let value = knob.read(value.trim()).map_err(misread)?;
        let mut setup = self.branches.current().setup();
        setup.knobs.put(index, value);
        self.begin(&setup, &remarks::new_run(knob, value), console)
    }

    /// Does what a sentence says, now; where a future was seen, in a branch of its own.
    fn act(&mut self, sentence: &str, console: &mut Console) -> Result<(), Failure> {
        let act = self.read(sentence)?;
        let said = format!("At {} s: Done: {act}.", self.lab().now());
        let forked = self.branches.act(act).map_err(Failure::Usage)?;
        self.compare_anew();
        if let Some(forked) = forked {
            console.say(&remarks::future_kept(&forked))?;
        }
        let told = self.narrator.tell(self.branches.current().lab(), Detail::Notable);
        if told.is_empty() { console.say(&said) } else { console.each(&told) }
    }

    fn read(&self, sentence: &str) -> Result<Act, Failure> {
        let lab = self.lab();
        let parts = lab.parts();
        let vocabulary = Vocabulary { faults: lab.spec().faults, parts: &parts, knobs: lab.knobs() };
        vocabulary.read_now(sentence).map_err(misread)
    }

    pub(super) fn undo(&mut self, console: &mut Console) -> Result<(), Failure> {
        let now = self.lab().now();
        let Some((act, forked)) = self.branches.undo() else {
            return console.say(remarks::NOTHING_TO_TAKE_BACK);
        };
        self.compare_anew();
        self.go(now, OnBreak::GoOn);
        console.say(&remarks::taken_back(&act, forked.as_ref()))?;
        self.tell_place(console)
    }

    pub(super) fn restart(&mut self, console: &mut Console) -> Result<(), Failure> {
        let setup = self.branches.current().setup();
        self.begin(&setup, &remarks::again(setup.seed), console)
    }

    pub(super) fn seed(&mut self, text: &str, console: &mut Console) -> Result<(), Failure> {
        let mut setup = self.branches.current().setup();
        setup.seed = match text {
            "" => setup.seed.wrapping_add(1),
            _ => text
                .parse()
                .map_err(|_| Failure::usage(format!("A seed is a whole number, not \"{text}\".")))?,
        };
        self.begin(&setup, &remarks::other_seed(setup.seed), console)
    }

    pub(super) fn preset(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let mut setup = self.branches.current().setup();
        setup.use_preset(name).map_err(misread)?;
        self.origin = setup.clone();
        self.begin(&setup, &remarks::preset(name), console)
    }

    /// Begins another run in place of the current branch; a twin begins anew with it.
    fn begin(&mut self, setup: &Scenario, remark: &str, console: &mut Console) -> Result<(), Failure> {
        self.branches.begin(self.branches.index(), setup.open());
        self.narrator = Narrator::new();
        self.begin_beside(setup.seed);
        console.say(remark)?;
        self.name_run(console)
    }
}
