//! Going on and going back.

use super::{Bench, count, span};
use crate::engine::run::OnBreak;
use crate::engine::time::{Span, Time};
use crate::labs::judge::MOST_EVENTS;
use crate::labs::narrate::{self, Detail};
use crate::labs::remarks;
use crate::labs::story::{Mark, Marked};
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;

/// How far a run or a way back goes if nothing is said.
const USUAL: Span = Span::from_secs(1);

impl Bench {
    pub(super) fn run(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        let now = self.lab().now();
        let to = match rest.strip_prefix("until") {
            _ if rest.is_empty() => now + USUAL,
            Some(moment) => Time::ZERO + span(moment.trim())?,
            None => now + span(rest)?,
        };
        if to < now {
            return Err(Failure::usage(format!(
                "It is {now} s already: \"to {rest}\" goes back.",
                rest = to.since(Time::ZERO)
            )));
        }
        self.go_telling(to, OnBreak::Stop, console)
    }

    pub(super) fn to(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        match rest {
            "end" => self.seek(self.lab().reached(), console),
            "parting" => self.seek_parting(console),
            _ => self.seek(Time::ZERO + span(rest)?, console),
        }
    }

    pub(super) fn back(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        if let Some(steps) = rest.strip_prefix("step") {
            let events = self.lab().events().saturating_sub(count("back step", steps.trim())?);
            self.branches.current_mut().lab_mut().seek_event(events);
            self.branches.current_mut().look();
            self.follow();
            return self.tell_place(console);
        }
        let span = if rest.is_empty() { USUAL } else { span(rest)? };
        self.seek(self.lab().now() - span, console)
    }

    /// Goes to `to`, back or forth; forth, what happens on the way is told.
    pub(super) fn seek(&mut self, to: Time, console: &mut Console) -> Result<(), Failure> {
        if to >= self.lab().now() {
            return self.go_telling(to, OnBreak::GoOn, console);
        }
        self.go(to, OnBreak::GoOn);
        self.tell_place(console)
    }

    pub(super) fn step(&mut self, rest: &str, console: &mut Console) -> Result<(), Failure> {
        let broken = self.broken();
        let mut remark = None;
        for _ in 0..count("step", rest)? {
            if !self.branches.current_mut().lab_mut().step() {
                remark = Some(remarks::NOTHING_LEFT.to_owned());
                break;
            }
            if self.broken() > broken {
                break;
            }
        }
        self.branches.current_mut().look();
        self.follow();
        if let Some(remark) = remark {
            console.say(&remark)?;
        }
        self.tell(Detail::Every, false, console)
    }

    pub(super) fn next_mark(&mut self, console: &mut Console) -> Result<(), Failure> {
        let (now, marks) = (self.lab().now(), self.branches.current().marks());
        match marks.iter().find(|mark| mark.at > now) {
            Some(mark) => self.go_telling(mark.at, OnBreak::GoOn, console),
            None => console.say(remarks::NO_LATER_MARK),
        }
    }

    pub(super) fn previous_mark(&mut self, console: &mut Console) -> Result<(), Failure> {
        let (now, marks) = (self.lab().now(), self.branches.current().marks());
        let at = marks.iter().rfind(|mark| mark.at < now).map_or(Time::ZERO, |mark| mark.at);
        self.go(at, OnBreak::GoOn);
        console.each(&told(&marks, at))?;
        self.tell_place(console)
    }

    /// Goes on to `to` and tells what happened on the way, and how it stands then.
    pub(super) fn go_telling(
        &mut self,
        to: Time,
        on_break: OnBreak,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let came = self.go(to, on_break);
        self.tell(Detail::Notable, true, console)?;
        if came && self.lab().now() < to {
            console.say("It stops here for that: run goes on.")?;
        }
        if !came {
            console.say(&format!("It stops here for now, after {MOST_EVENTS} events: run goes on."))?;
        }
        Ok(())
    }

    /// Tells what happened since it was last told, and how it stands if that is wanted.
    pub(super) fn tell(
        &mut self,
        detail: Detail,
        standing: bool,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let lab = self.branches.current().lab();
        let mut told = self.narrator.tell(lab, detail);
        if told.is_empty() && !standing {
            told.push(format!("At {} s: nothing to tell.", lab.now()));
        }
        if standing {
            told.push(narrate::standing(lab));
        }
        self.tell_sides(told, standing, console)
    }

    /// Tells where it stands after going back; what happened before is not told again.
    pub(super) fn tell_place(&mut self, console: &mut Console) -> Result<(), Failure> {
        self.skip();
        self.tell(Detail::Notable, true, console)
    }

    /// How many invariants are broken.
    fn broken(&self) -> usize {
        self.lab().invariants().iter().filter(|it| it.broken.is_some()).count()
    }
}

/// The marks of one instant in words; an act only where no fact tells of it.
fn told(marks: &[Mark], at: Time) -> Vec<String> {
    let here = || marks.iter().filter(|mark| mark.at == at);
    let facts: Vec<String> = here()
        .filter_map(
            |mark| if let Marked::Fact(fact) = &mark.what { Some(narrate::sentence(fact)) } else { None },
        )
        .collect();
    if !facts.is_empty() {
        return facts;
    }
    here()
        .filter_map(
            |mark| if let Marked::Act(act) = &mark.what { Some(format!("At {at} s: {act}.")) } else { None },
        )
        .collect()
}
