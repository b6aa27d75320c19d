//! The player's clock: run, stop, step, jump, and how fast.

use std::time::Duration;

use super::{Moved, Pace, Player, Way};
use crate::app::speed::Speed;
use crate::engine::time::{Span, Time};

/// How much of watching time one jump back or forward skips.
const JUMP: Duration = Duration::from_secs(5);
/// The longest jump in simulated time, so that it stays quick at high speeds.
const LONGEST_JUMP: Span = Span::from_secs(20);

impl Player {
    /// Runs if it stood, stands if it ran. Running on from a stop that was set lets go of it.
    pub fn toggle(&mut self) {
        match self.pace {
            Pace::Running => self.pause(),
            Pace::Paused => self.run(),
        }
    }

    /// Lets the clock run.
    pub fn run(&mut self) {
        if self.stop.is_some_and(|stop| stop <= self.lab.now()) {
            self.stop = None;
        }
        self.pace = Pace::Running;
        self.kept = 1.0;
        self.remark = None;
    }

    /// Stops the clock.
    pub const fn pause(&mut self) {
        self.pace = Pace::Paused;
    }

    /// Lets the clock run to `stop` and stand there.
    pub fn run_until(&mut self, stop: Time) {
        if self.lab.now() < stop {
            self.run();
        } else {
            self.pause();
        }
        self.stop = Some(stop);
    }

    /// Lets the clock halt at `end` in every run, once; running on from there is free.
    pub const fn halt_at(&mut self, end: Time) {
        self.halt = Some(end);
    }

    /// Where the clock will stand, if that was set.
    pub const fn stop(&self) -> Option<Time> {
        self.stop
    }

    /// Lets `elapsed` of wall time pass, with at most `events_allowed` events. What does not fit is not caught up: the
    /// lab's clock goes slower instead.
    pub fn frame(&mut self, elapsed: Duration, events_allowed: u64) -> Moved {
        if self.pace == Pace::Paused {
            return Moved::Still;
        }
        self.remark = self.remark.take().and_then(|remark| remark.after(elapsed));
        let before = self.lab.now();
        let wanted = self.speed.of(elapsed);
        let halt = self.halt.filter(|halt| before < *halt);
        let target = [self.stop, halt].into_iter().flatten().fold(before + wanted, Time::min);
        let events = self.lab.advance(target, events_allowed);
        self.keep_account(before, target);
        self.story.take_in(&*self.lab);
        if self.stop.is_some_and(|stop| self.lab.now() >= stop) {
            self.pace = Pace::Paused;
        }
        if let Some(halt) = halt.filter(|halt| self.lab.now() >= *halt) {
            self.pace = Pace::Paused;
            self.say_halted(halt);
        }
        Moved::On { events }
    }

    fn say_halted(&mut self, halt: Time) {
        let secs = halt.secs();
        self.done(format!(
            "What is judged ends here, at {secs} s. R starts over with the knobs as they stand."
        ));
    }

    /// Smooths what part of the wanted time was reached, so that one slow frame is no alarm.
    fn keep_account(&mut self, before: Time, target: Time) {
        let wanted = target.since(before).secs();
        if wanted > 0.0 {
            let part = self.lab.now().since(before).secs() / wanted;
            self.kept = self.kept.mul_add(0.9, 0.1 * part);
        }
    }

    /// Lets one event happen, standing.
    pub fn step(&mut self) {
        self.pause();
        self.remark = None;
        if !self.lab.step() {
            self.refuse("Nothing is left to happen.".to_owned());
        }
        self.story.take_in(&*self.lab);
    }

    /// Takes back one event, standing.
    pub fn step_back(&mut self) {
        self.pause();
        self.remark = None;
        let before = self.lab.events().saturating_sub(1);
        // The time of the event before is not told: go back ever further until it has not happened, then on to it.
        let mut back = Span::from_nanos(1);
        while self.lab.events() >= before && self.lab.now() > Time::ZERO {
            self.lab.seek(self.lab.now() - back);
            back = back.times(8.0);
        }
        while self.lab.events() < before && self.lab.step() {}
        self.story.take_in(&*self.lab);
    }

    /// Goes to the instant `to`.
    pub fn seek(&mut self, to: Time) {
        self.remark = None;
        self.lab.seek(to);
        self.story.take_in(&*self.lab);
    }

    /// Jumps back or forward by what takes five seconds to watch.
    pub fn jump(&mut self, way: Way) {
        let span = self.speed.of(JUMP).min(LONGEST_JUMP);
        let now = self.lab.now();
        let to = match way {
            Way::Back => now - span,
            Way::Forward => now + span,
        };
        // No jump leaps over the end of what is judged.
        let halt = self.halt.filter(|halt| now < *halt && to >= *halt);
        self.seek(halt.unwrap_or(to));
        if let Some(halt) = halt {
            self.pause();
            self.say_halted(halt);
        }
    }

    /// Goes to the next or the previous mark, standing.
    pub fn jump_to_mark(&mut self, way: Way) {
        let now = self.lab.now();
        let marks = self.marks();
        let mut times = marks.iter().map(|mark| mark.at);
        let found = match way {
            Way::Back => Some(times.rfind(|at| *at < now).unwrap_or(Time::ZERO)),
            Way::Forward => times.find(|at| *at > now),
        };
        self.pause();
        match found {
            Some(at) => self.seek(at),
            None => self.refuse("No later mark is known: let it run.".to_owned()),
        }
    }

    /// One speed up or down.
    pub fn change_speed(&mut self, way: Way) {
        self.set_speed(match way {
            Way::Back => self.speed.slower(),
            Way::Forward => self.speed.faster(),
        });
    }

    /// Sets the slowest speed at which `span` is seen within `patience`.
    pub fn hurry(&mut self, span: Span, patience: Duration) {
        let speeds = std::iter::successors(Some(Speed::default()), |speed| Some(speed.faster()));
        if let Some(speed) = speeds.take(16).find(|speed| speed.of(patience) >= span) {
            self.set_speed(speed);
        }
    }

    /// Sets the speed.
    pub const fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        self.kept = 1.0;
    }
}
