//! The player's clock: run, stop, step, jump, and how fast.

use std::time::Duration;

use super::{Moved, Pace, Player, Way};
use crate::app::speed::Speed;
use crate::engine::run::OnBreak;
use crate::engine::time::{Span, Time};
use crate::labs::{narrate, remarks};

/// How much of watching time one jump back or forward skips.
const JUMP: Duration = Duration::from_secs(5);
/// The longest jump in simulated time, so that it stays quick at high speeds.
const LONGEST_JUMP: Span = Span::from_secs(20);
/// How many events a jump may handle at once, before it goes on from frame to frame.
const AT_ONCE: u64 = 50_000;

impl Player {
    /// Runs if it stood, stands if it ran, or ends a jump that is on its way. Running on from a stop that was set lets go
    /// of it.
    pub fn toggle(&mut self) {
        if self.heading.take().is_some() {
            return self.pause();
        }
        match self.pace {
            Pace::Running => self.pause(),
            Pace::Paused => self.run(),
        }
    }

    /// Lets the clock run.
    pub fn run(&mut self) {
        if self.stop.is_some_and(|stop| stop <= self.lab().now()) {
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
        if self.lab().now() < stop {
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

    /// Lets go of where the clock would stand.
    pub const fn forget_stop(&mut self) {
        self.stop = None;
    }

    /// Where a jump leads that is still on its way, and how far it has come, from 0 to 1.
    pub fn heading(&self) -> Option<(Time, f64)> {
        let to = self.heading?;
        let lab = self.beside().map_or(self.lab(), |other| {
            if other.lab().now() < self.lab().now() { other.lab() } else { self.lab() }
        });
        Some((to, lab.now().secs() / to.secs().max(1e-9)))
    }

    /// Lets `elapsed` of wall time pass, with at most `events_allowed` events. What does not fit is not caught up: the
    /// lab's clock goes slower instead.
    pub fn frame(&mut self, elapsed: Duration, events_allowed: u64) -> Moved {
        if self.heading.is_some() {
            return Moved::On { events: self.head(events_allowed) };
        }
        if self.pace == Pace::Paused {
            // A twin may still be on its way.
            let lags = self.beside_lags();
            let events = if lags { self.beside_catches_up(events_allowed) } else { 0 };
            return if lags { Moved::On { events } } else { Moved::Still };
        }
        self.remark = self.remark.take().and_then(|remark| remark.after(elapsed));
        let before = self.lab().now();
        let wanted = self.speed.of(elapsed);
        let halt = self.halt.filter(|halt| before < *halt);
        let target = [self.stop, halt].into_iter().flatten().fold(before + wanted, Time::min);
        // A run that is judged goes on to its end; every other one shows the event that breaks an invariant.
        let is_judged = self.stop.is_some() || halt.is_some();
        let events =
            self.go_on(target, events_allowed, if is_judged { OnBreak::GoOn } else { OnBreak::Stop });
        self.keep_account(before, target);
        if self.stop.is_some_and(|stop| self.lab().now() >= stop) {
            self.pace = Pace::Paused;
        }
        if let Some(halt) = halt.filter(|halt| self.lab().now() >= *halt) {
            self.pace = Pace::Paused;
            self.say_halted(halt);
        }
        Moved::On { events }
    }

    /// Lets both runs, or the only one, go on to `target`. A twin that lags is waited for.
    fn go_on(&mut self, target: Time, allowed: u64, on_break: OnBreak) -> u64 {
        let share = if self.beside.is_some() { allowed.div_ceil(2) } else { allowed };
        let mut events = 0;
        if !self.beside_lags() {
            let broken = self.broken();
            let branch = self.branches.current_mut();
            events = match on_break {
                OnBreak::GoOn => branch.lab_mut().advance(target, share),
                OnBreak::Stop => branch.lab_mut().advance_to_break(target, share),
            };
            branch.look();
            if on_break == OnBreak::Stop && self.broken() > broken {
                self.say_broken();
            }
        }
        events + self.beside_catches_up(allowed - events)
    }

    /// How many invariants are broken.
    fn broken(&self) -> usize {
        self.lab().invariants().iter().filter(|it| it.broken.is_some()).count()
    }

    /// Stands at the event that broke an invariant, and says which facts contradict each other.
    fn say_broken(&mut self) {
        self.pause();
        if let Some(sentence) = narrate::broke_here(self.lab()) {
            self.refuse(sentence);
        }
    }

    /// Goes to `to`, back or forth: at once if that is near, else from frame to frame.
    pub(super) fn head_for(&mut self, to: Time) {
        self.lab_mut().rewind(to);
        self.heading = Some(to);
        self.head(AT_ONCE);
    }

    /// Goes on with a jump.
    fn head(&mut self, allowed: u64) -> u64 {
        let Some(to) = self.heading else { return 0 };
        let events = self.go_on(to, allowed, OnBreak::GoOn);
        if self.are_at(to) {
            self.heading = None;
        }
        events
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
        if wanted > 0.0 && !self.speed.is_unbounded() {
            let part = self.lab().now().since(before).secs() / wanted;
            self.kept = self.kept.mul_add(0.9, 0.1 * part);
        }
    }

    /// Lets one event happen, standing.
    pub fn step(&mut self) {
        self.pause();
        self.remark = None;
        let broken = self.broken();
        if !self.lab_mut().step() {
            self.refuse(remarks::NOTHING_LEFT.to_owned());
        }
        self.branches.current_mut().look();
        self.beside_catches_up(AT_ONCE);
        if self.broken() > broken {
            self.say_broken();
        }
    }

    /// Takes back one event, standing.
    pub fn step_back(&mut self) {
        self.pause();
        self.remark = None;
        let before = self.lab().events().saturating_sub(1);
        self.lab_mut().seek_event(before);
        self.branches.current_mut().look();
        self.beside_catches_up(AT_ONCE);
    }

    /// Goes to the instant `to`.
    pub fn seek(&mut self, to: Time) {
        self.remark = None;
        self.head_for(to);
    }

    /// Goes back or on by one of `parts` equal parts of what was seen of the run, but not beyond it.
    pub fn scrub(&mut self, way: Way, parts: u64) {
        self.pause();
        let (now, end) = (self.lab().now(), self.lab().reached());
        let part = Span::from_nanos((end.nanos() / parts).max(1));
        self.seek(match way {
            Way::Back => now - part,
            Way::Forward => (now + part).min(end),
        });
    }

    /// Goes to the beginning, or to the latest instant that was seen.
    pub fn seek_end(&mut self, way: Way) {
        self.pause();
        self.seek(match way {
            Way::Back => Time::ZERO,
            Way::Forward => self.lab().reached(),
        });
    }

    /// Jumps back or forward by what takes five seconds to watch.
    pub fn jump(&mut self, way: Way) {
        let span = self.speed.of(JUMP).min(LONGEST_JUMP);
        let now = self.lab().now();
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
        let now = self.lab().now();
        let marks = self.marks();
        let mut times = marks.iter().map(|mark| mark.at);
        let found = match way {
            Way::Back => Some(times.rfind(|at| *at < now).unwrap_or(Time::ZERO)),
            Way::Forward => times.find(|at| *at > now),
        };
        self.pause();
        match found {
            Some(at) => self.seek(at),
            None => self.refuse(remarks::NO_LATER_MARK.to_owned()),
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
