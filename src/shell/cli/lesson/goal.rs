//! A goal by typed lines: change the run, try it, have it judged on seeds that were not seen.

use super::{Flow, Reader, broken};
use crate::course::Goal;
use crate::course::plain::inlines;
use crate::engine::time::{Span, Time};
use crate::labs::attempt::Attempt;
use crate::labs::judge::Trial;
use crate::labs::language::Condition;
use crate::labs::narrate;
use crate::labs::text::nearest;
use crate::shell::cli::lab::{Bench, misread};
use crate::shell::cli::output::Failure;
use crate::shell::{judge, setup};
use crate::study::record::{GoalTried, HintTaken, Kind};

/// A goal being worked on.
struct Trying<'a> {
    goal: &'a Goal,
    attempt: Attempt,
    condition: Condition,
    /// How many hints were told in this session.
    hints: usize,
}

const COMMANDS: [(&str, &str); 10] = [
    ("set KNOB VALUE", "turns a knob from the start of the run on"),
    ("20s FAULT", "does a fault at that moment, such as: 20s heal all"),
    ("changes", "lists what you changed"),
    ("undo", "takes back the latest change"),
    ("clear", "takes back every change"),
    ("run", "tells one run with your changes; run 1003: that seed"),
    ("judge", "judges your changes on seeds that you have not seen"),
    ("hint", "tells the next of three hints"),
    ("solution", "tells one way to reach it"),
    ("back", "goes back to the lesson"),
];

impl Reader<'_> {
    /// Lets the learner work on a goal until it is left.
    pub fn goal(&mut self, goal: &Goal) -> Result<(), Failure> {
        let base = setup::scenario(&goal.setup).map_err(|wrong| broken(&wrong))?;
        let condition = setup::condition(&goal.goal, base.lab.spec).map_err(|wrong| broken(&[wrong]))?;
        self.console.gap()?;
        self.console.say(&format!("Goal: {}.", goal.title))?;
        self.console.say(&format!("The run: {}, for {}.", narrate::scenario(&base), goal.length))?;
        self.console.say(&format!("At its end must hold: {}", goal.goal))?;
        let locked: Vec<String> = goal.locked.iter().map(|name| name.value.clone()).collect();
        if !locked.is_empty() {
            self.console.say(&format!("What stays as it is: {}.", locked.join(", ")))?;
        }
        self.console.say(
            "Change it with set KNOB VALUE or with a fault and its time, then judge. help: all commands.",
        )?;
        let mut trying = Trying { goal, attempt: Attempt::new(base, locked), condition, hints: 0 };
        loop {
            let line = self.console.ask("goal")?;
            match self.obey_goal(&mut trying, &line) {
                Ok(Flow::On) => {}
                Ok(Flow::Done) => return self.console.say(&format!("Back at step {}.", self.at.id())),
                Err(Failure::Usage(sentence)) => self.console.say(&sentence)?,
                Err(other) => return Err(other),
            }
        }
    }

    fn obey_goal(&mut self, trying: &mut Trying<'_>, line: &str) -> Result<Flow, Failure> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" => {}
            "q" | "quit" | "exit" | "b" | "back" => return Ok(Flow::Done),
            "set" => {
                let (knob, value) = rest.split_once(' ').ok_or_else(|| {
                    Failure::usage("set takes a knob and its value, such as: set workers 20.")
                })?;
                trying.attempt.set(knob, value).map_err(misread)?;
                self.changes(trying)?;
            }
            "changes" => self.changes(trying)?,
            "undo" => match trying.attempt.undo() {
                Some(change) => self.console.say(&format!("Taken back: {change}."))?,
                None => self.console.say("There is nothing to take back.")?,
            },
            "clear" => {
                trying.attempt.clear();
                self.changes(trying)?;
            }
            "run" => self.run(trying, rest)?,
            "judge" => self.judge(trying)?,
            "hint" => self.hint(trying)?,
            "solution" => self.solution(trying)?,
            "help" | "?" => {
                for (usage, meaning) in COMMANDS {
                    self.console.item("- ", &format!("{usage}: {meaning}."))?;
                }
            }
            _ if word.parse::<Span>().is_ok() => {
                trying.attempt.at(line).map_err(misread)?;
                self.changes(trying)?;
            }
            _ => return Err(unknown(trying, word)),
        }
        Ok(Flow::On)
    }

    fn changes(&mut self, trying: &Trying<'_>) -> Result<(), Failure> {
        match trying.attempt.lines() {
            none if none.is_empty() => self.console.say("You changed nothing."),
            lines => self.console.say(&format!("You changed: {}.", lines.join("; "))),
        }
    }

    fn run(&mut self, trying: &Trying<'_>, seed: &str) -> Result<(), Failure> {
        let mut scenario = trying.attempt.scenario().map_err(misread)?;
        if !seed.is_empty() {
            scenario.seed = seed
                .parse()
                .map_err(|_| Failure::usage(format!("A seed is a whole number, not \"{seed}\".")))?;
        }
        let mut bench = Bench::open(&scenario, Time::ZERO);
        self.seen.note(&scenario, scenario.seed, Time::ZERO + trying.goal.length);
        bench.tell_to(Time::ZERO + trying.goal.length, &mut self.console)?;
        let verdict = trying.condition.judge(bench.lab());
        let holds =
            if verdict.holds { "The goal holds in this run" } else { "The goal does not hold in this run" };
        self.console.say(&format!("{holds}: {}.", verdict.because))
    }

    fn judge(&mut self, trying: &Trying<'_>) -> Result<(), Failure> {
        let goal = trying.goal;
        let scenario = trying.attempt.scenario().map_err(misread)?;
        let trial = Trial::new(scenario, Time::ZERO + goal.length);
        let judged = judge::goal(&trial, &trying.condition, goal.seeds.iter());
        self.learner.record(Kind::GoalTried(GoalTried {
            goal: goal.id.value.clone(),
            chapter: self.at.chapter.id.clone(),
            concept: goal.concept.as_ref().map(|id| id.value.clone()),
            changes: trying.attempt.lines(),
            passed: u32::try_from(judged.passed()).unwrap_or(u32::MAX),
            of: u32::try_from(judged.of).unwrap_or(u32::MAX),
            failed: judged.failed.clone(),
        }));
        let (passed, of) = (judged.passed(), judged.of);
        match judged.failed.first() {
            None => self.console.say(&format!("Reached: it holds on {passed} of {of} seeds.")),
            Some(seed) => self
                .console
                .say(&format!("Not yet: {}. Type run {seed} to be told that run.", judged.verdict.because)),
        }
    }

    fn hint(&mut self, trying: &mut Trying<'_>) -> Result<(), Failure> {
        let Some(hint) = trying.goal.hints.get(trying.hints) else {
            return self.console.say("Those were all the hints. Type solution to be told one way.");
        };
        trying.hints += 1;
        self.learner.record(Kind::HintTaken(HintTaken {
            goal: trying.goal.id.value.clone(),
            chapter: self.at.chapter.id.clone(),
            n: u32::try_from(trying.hints).unwrap_or(u32::MAX),
        }));
        self.console.say(&format!("Hint {} of 3: {}", trying.hints, inlines(hint)))
    }

    fn solution(&mut self, trying: &Trying<'_>) -> Result<(), Failure> {
        let solution = &trying.goal.solution;
        self.console.say("One way:")?;
        for turned in &solution.set {
            self.console.item("- ", &format!("set {} {}", turned.knob, turned.value))?;
        }
        for sentence in &solution.at {
            self.console.item("- ", sentence)?;
        }
        self.console.say(&inlines(&trying.goal.solution_text))
    }
}

fn unknown(trying: &Trying<'_>, word: &str) -> Failure {
    let faults = trying.attempt.lab().spec.faults;
    if faults.iter().any(|fault| fault.verb.word() == word) {
        return Failure::usage(format!("A fault needs its time here, such as: 20s {word}."));
    }
    let words = COMMANDS.iter().filter_map(|(usage, _)| usage.split(' ').next());
    let help = nearest(word, words)
        .map_or_else(|| "help lists the commands".to_owned(), |near| format!("did you mean {near}?"));
    Failure::usage(format!("\"{word}\" is no command here; {help}"))
}
