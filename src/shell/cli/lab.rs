//! `halfopen lab --plain`: a lab played line by line. Commands in, sentences out.

use std::path::Path;
use std::process::ExitCode;

use super::console::{Console, ended};
use super::output::Failure;
use super::{ScenarioArgs, asked};
use crate::engine::time::{Span, Time};
use crate::labs::catalogue::LABS;
use crate::labs::judge::MOST_EVENTS;
use crate::labs::knob::{Effect, Knobs};
use crate::labs::lab::Lab;
use crate::labs::narrate::{self, Detail, Narrator};
use crate::labs::reading::Value;
use crate::labs::recording::{Recording, SHORT};
use crate::labs::scenario::Scenario;
use crate::labs::text::{Misread, nearest};
use crate::shell::new_file;

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
    bench.play(&mut console, "")?;
    Ok(ExitCode::SUCCESS)
}

/// A lab being played.
pub struct Bench {
    lab: Box<dyn Lab>,
    narrator: Narrator,
}

/// Whether the session goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Leave,
}

/// The commands, each with what it does.
const COMMANDS: [(&str, &str); 22] = [
    ("run 5s", "goes on for that time and tells what happened; run alone: 1 s"),
    ("to 30s", "goes on, or back, to that moment"),
    ("step", "lets one event happen; step 10: ten"),
    ("back 5s", "goes back by that time"),
    ("FAULT", "does a fault now, such as those that faults lists"),
    ("set KNOB VALUE", "turns a knob; one that can't turn while the lab runs begins a new run"),
    ("undo", "takes back the latest fault or turn of a knob"),
    ("scene", "tells the picture"),
    ("readings", "tells every reading; readings NAME NAME: those"),
    ("events", "tells everything that happened, in full"),
    ("invariants", "tells what must hold, and whether it does"),
    ("why CONDITION", "tells what it came from, by running it again without; why alone: the latest event"),
    ("faults", "lists the faults"),
    ("knobs", "lists the knobs"),
    ("presets", "lists the presets"),
    ("preset NAME", "begins a new run with that preset"),
    ("seed N", "begins a new run with other chance"),
    ("restart", "begins the same run anew"),
    ("share", "tells this run as one line of text, which halfopen lab or run takes"),
    ("save FILE", "saves this run in a new file"),
    ("help", "tells this"),
    ("quit", "leaves the lab"),
];

impl Bench {
    /// Opens a lab at a moment.
    pub fn open(scenario: &Scenario, from: Time) -> Self {
        let mut bench = Self { lab: scenario.open(), narrator: Narrator::new() };
        bench.lab.advance(from, MOST_EVENTS);
        bench
    }

    /// Tells what is run and what it shows.
    pub fn introduce(&mut self, console: &mut Console) -> Result<(), Failure> {
        console.say(&format!("This is {}.", narrate::scenario(self.lab.scenario())))?;
        console.each(&self.narrator.tell(&*self.lab, Detail::Notable))?;
        self.scene(console)?;
        console.say("Type run 5s to go on, a fault to break something, help for all commands, quit to leave.")
    }

    /// Goes to a moment and tells what happened on the way, and how it stands then.
    pub fn tell_to(&mut self, to: Time, console: &mut Console) -> Result<(), Failure> {
        let handled = self.lab.advance(to, MOST_EVENTS);
        console.each(&self.narrator.tell(&*self.lab, Detail::Notable))?;
        if handled >= MOST_EVENTS {
            console.say(&format!("It stops here for now, after {MOST_EVENTS} events: run goes on."))?;
        }
        console.say(&narrate::standing(&*self.lab))
    }

    /// Tells the picture.
    pub fn scene(&self, console: &mut Console) -> Result<(), Failure> {
        let now = format!("At {} s.", self.lab.now());
        console.say(&now)?;
        console.each(&self.lab.scene().speak())
    }

    /// The lab as it stands.
    pub fn lab(&self) -> &dyn Lab {
        &*self.lab
    }

    /// Takes commands until the learner leaves; the input's end is an error.
    pub fn play(&mut self, console: &mut Console, prompt: &str) -> Result<(), Failure> {
        loop {
            let line = console.ask(prompt)?;
            match self.obey(&line, console) {
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
            "help" | "?" => commands(console)?,
            "run" => self.run(rest, console)?,
            "to" => self.seek(Time::ZERO + span(rest)?, console)?,
            "back" => self.seek(self.lab.now() - span(rest)?, console)?,
            "step" => self.step(rest, console)?,
            "set" => self.set(rest, console)?,
            "undo" => self.undo(console)?,
            "scene" => self.scene(console)?,
            "readings" => self.readings(rest, console)?,
            "events" => console.each(&Narrator::new().tell(&*self.lab, Detail::Every))?,
            "invariants" => self.invariants(console)?,
            "why" => console.each(&super::why::lines_of(&*self.lab, rest)?)?,
            "faults" => self.faults(console)?,
            "knobs" => knobs(self.lab.knobs(), console)?,
            "presets" => {
                for preset in self.lab.spec().presets {
                    console.item("- ", &format!("{}: {}", preset.name, preset.meaning))?;
                }
            }
            "preset" => self.preset(rest, console)?,
            "seed" => self.seed(rest, console)?,
            "share" => self.share(console)?,
            "save" => self.save(rest, console)?,
            "restart" => self.begin(&self.lab.scenario().clone(), console)?,
            _ => self.fault(line, console)?,
        }
        Ok(Flow::On)
    }

    fn run(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        let span = if rest.is_empty() { Span::from_secs(1) } else { span(rest)? };
        self.tell_to(self.lab.now() + span, console)
    }

    fn seek(&mut self, to: Time, console: &mut Console) -> Result<(), Failure> {
        if to >= self.lab.now() {
            return self.tell_to(to, console);
        }
        self.lab.seek(to);
        self.narrator.skip(&*self.lab);
        console.say(&narrate::standing(&*self.lab))
    }

    fn step(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        const MOST: u64 = 1_000_000;
        let steps: u64 = if rest.is_empty() { 1 } else { rest.parse().unwrap_or(0) };
        if !(1..=MOST).contains(&steps) {
            return Err(Failure::usage(format!("step takes a number from 1 to {MOST}, not \"{rest}\".")));
        }
        for _ in 0..steps {
            if !self.lab.step() {
                console.say("Nothing is left to happen.")?;
                break;
            }
        }
        let told = self.narrator.tell(&*self.lab, Detail::Every);
        if told.is_empty() {
            return console.say(&format!("At {} s: nothing to tell.", self.lab.now()));
        }
        console.each(&told)
    }

    fn fault(&mut self, line: &str, console: &mut Console) -> Result<(), Failure> {
        let first = line.split(' ').next().unwrap_or_default();
        if first.parse::<Span>().is_ok() {
            return Err(Failure::usage(
                "Here a fault happens now: go to its moment with \"to 20s\" and leave the time out.",
            ));
        }
        let verbs = || self.lab.spec().faults.iter().map(|fault| fault.verb.word());
        if !verbs().any(|verb| verb == first) {
            let words = COMMANDS.iter().filter_map(|(usage, _)| usage.split(' ').next());
            let near = nearest(first, words.filter(|word| *word != "FAULT").chain(verbs()));
            let help = near
                .map_or_else(|| "help lists the commands".to_owned(), |near| format!("did you mean {near}?"));
            return Err(Failure::usage(format!(
                "\"{first}\" is no command and no fault of this lab; {help}"
            )));
        }
        self.lab.act_on(line).map_err(|reason| not_done(&reason))?;
        self.acted(line, console)
    }

    fn acted(&mut self, act: &str, console: &mut Console) -> Result<(), Failure> {
        let told = self.narrator.tell(&*self.lab, Detail::Notable);
        if told.is_empty() {
            console.say(&format!("At {} s: {act}.", self.lab.now()))
        } else {
            console.each(&told)
        }
    }

    fn set(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        let Some((name, value)) = rest.split_once(' ') else {
            return Err(Failure::usage(
                "set takes a knob and its value, such as: set rate 90. knobs lists them.",
            ));
        };
        let (_, knob) = self.lab.knobs().find(name).map_err(misread)?;
        if knob.effect == Effect::Live {
            let act = format!("set {rest}");
            self.lab.act_on(&act).map_err(|reason| not_done(&reason))?;
            return self.acted(&act, console);
        }
        let mut scenario = self.lab.scenario().clone();
        scenario.knobs.set(name, value).map_err(misread)?;
        console.say(&format!("{name} can't turn while the lab runs, so a new run begins."))?;
        self.begin(&scenario, console)
    }

    fn undo(&mut self, console: &mut Console) -> Result<(), Failure> {
        let undone = self.lab.take_back();
        self.narrator.skip(&*self.lab);
        match undone {
            Some(act) => console.say(&format!("Taken back: {act}. It is {} s.", self.lab.now())),
            None => console.say("There is nothing to take back."),
        }
    }

    fn preset(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let mut scenario = self.lab.scenario().clone();
        scenario.use_preset(name).map_err(misread)?;
        self.begin(&scenario, console)
    }

    fn seed(&mut self, text: &str, console: &mut Console) -> Result<(), Failure> {
        let seed =
            text.parse().map_err(|_| Failure::usage(format!("A seed is a whole number, not \"{text}\".")))?;
        let scenario = self.lab.scenario().with_seed(seed);
        self.begin(&scenario, console)
    }

    fn begin(&mut self, scenario: &Scenario, console: &mut Console) -> Result<(), Failure> {
        *self = Self::open(scenario, Time::ZERO);
        console.say(&format!("At 0 s of {}.", narrate::scenario(self.lab.scenario())))
    }

    fn share(&self, console: &mut Console) -> Result<(), Failure> {
        let line = Recording::of(&*self.lab).line();
        let bytes = line.len();
        console.lines(&[line])?;
        match bytes {
            bytes @ ..=SHORT => console.say(&format!("That is {bytes} bytes.")),
            bytes => {
                console.say(&format!("That is {bytes} bytes, more than some chats take: save FILE saves it."))
            }
        }
    }

    fn save(&self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let recording = Recording::of(&*self.lab);
        if name.is_empty() {
            let usage =
                format!("save takes the name of a new file, such as: save {}.", recording.file_name());
            return Err(Failure::usage(usage));
        }
        if let Some(sentence) = recording.unreadable() {
            return Err(Failure::usage(sentence));
        }
        let text = recording.file(None, &[]);
        new_file::write(Path::new(name), &text).map_err(Failure::usage)?;
        console.say(&format!("Saved in {name}, {} bytes.", text.len()))
    }

    fn readings(&self, names: &str, console: &mut Console) -> Result<(), Failure> {
        let specs = self.lab.spec().readings;
        let wanted: Vec<&str> = names.split([' ', ',']).filter(|name| !name.is_empty()).collect();
        for name in &wanted {
            if !specs.iter().any(|spec| spec.name == *name) {
                let near = nearest(name, specs.iter().map(|spec| spec.name));
                let help = near
                    .map_or_else(|| "readings lists them".to_owned(), |near| format!("did you mean {near}?"));
                return Err(Failure::usage(format!("There is no reading {name}; {help}")));
            }
        }
        for (i, spec) in specs.iter().enumerate() {
            let asked = wanted.contains(&spec.name);
            if asked || wanted.is_empty() && self.lab.reading(i) != Value::None {
                console
                    .item("- ", &format!("{}. {}", narrate::reading(&*self.lab, spec.name), spec.meaning))?;
            }
        }
        Ok(())
    }

    fn invariants(&self, console: &mut Console) -> Result<(), Failure> {
        for standing in self.lab.invariants() {
            let how = match standing.broken {
                None => "held so far".to_owned(),
                Some(broken) => format!("broke at {} s: {}", broken.at, broken.facts),
            };
            let invariant = standing.invariant;
            console.item(
                "- ",
                &format!("{} ({}) {how}.", invariant.name, invariant.meaning.trim_end_matches('.')),
            )?;
        }
        Ok(())
    }

    fn faults(&self, console: &mut Console) -> Result<(), Failure> {
        let parts = self.lab.parts();
        for fault in self.lab.spec().faults {
            let fits = parts.iter().filter(|part| fault.targets.contains(&part.kind));
            let names: Vec<&str> = fits.map(|part| part.name.as_str()).collect();
            let text = format!("{} {}: {}", fault.verb.word(), names.join("|"), fault.meaning);
            console.item("- ", &text)?;
        }
        let ready: Vec<&str> = self.lab.spec().buttons.iter().map(|(_, sentence)| *sentence).collect();
        console.say(&format!("For example: {}.", ready.join("; ")))
    }
}

fn knobs(knobs: &Knobs, console: &mut Console) -> Result<(), Failure> {
    for (knob, value) in knobs.iter() {
        let text = format!("{} {}: {} It takes {}.", knob.name, knob.show(value), knob.meaning, knob.range());
        console.item("- ", &text)?;
    }
    Ok(())
}

fn commands(console: &mut Console) -> Result<(), Failure> {
    COMMANDS.iter().try_for_each(|(usage, meaning)| console.item("- ", &format!("{usage}: {meaning}.")))
}

/// A length of time as typed after a command.
pub fn span(text: &str) -> Result<Span, Failure> {
    text.parse()
        .map_err(|_| Failure::usage(format!("A time such as 5s or 500ms was expected, not \"{text}\".")))
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
