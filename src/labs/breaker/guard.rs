//! The breakers of the lab: built from the knobs, watched for what they do.

use std::collections::VecDeque;

use super::config::{Config, settings};
use crate::engine::random::Stream;
use crate::engine::time::{Span, Time};
use crate::labs::knob::Knobs;
use crate::patterns::breaker::{Breaker, Outcome, Permit, Refused, State, Transition};

/// A breaker and what the lab remembers of it.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    pub breaker: Breaker,
    seen: u32,
    /// Calls let through, and permits given back, in the half-open phase that runs.
    admitted: u32,
    released: u32,
    /// The latest outcomes, refusals included; newest last.
    pub recent: VecDeque<char>,
    /// The number of the fact that it changed its state last.
    pub told: Option<u64>,
    /// How long it stays open, or stayed open last.
    pub wait: Span,
}

/// How many outcomes are remembered for the strip of a breaker.
const RECENT: usize = 60;
/// Probes are counted over this window.
const PEAK: Span = Span::from_millis(100);

/// Every breaker of the lab.
#[derive(Clone, Debug)]
pub(super) struct Guards {
    pub list: Vec<Guard>,
    probes: VecDeque<Time>,
    pub tally: Tally,
}

/// What the breakers have done so far.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tally {
    pub opens: u64,
    pub closes: u64,
    pub half_open_admitted: u64,
    pub probe_peak: u64,
    pub first_open: Option<Time>,
    pub first_half_open: Option<Time>,
    pub first_close: Option<Time>,
}

/// What came of asking a breaker.
pub(super) struct Asked {
    pub permit: Result<Permit, Refused>,
    /// Transitions that happened on the way.
    pub moved: Vec<Transition>,
    /// An invariant that broke, by its index, and the facts.
    pub broken: Option<(usize, String)>,
}

impl Guards {
    pub fn build(config: &Config, knobs: &Knobs, jitter: Stream, now: Time) -> Self {
        let guard = |number| {
            let wait = config.open_wait(number, jitter);
            let breaker = settings(knobs, wait).build(now);
            Guard { breaker, seen: 0, admitted: 0, released: 0, recent: VecDeque::new(), told: None, wait }
        };
        let list = (0..config.breakers()).map(guard).collect();
        Self { list, probes: VecDeque::new(), tally: Tally::default() }
    }

    /// Starts every breaker anew, keeping what has been counted.
    pub fn rebuild(&mut self, config: &Config, knobs: &Knobs, jitter: Stream, now: Time) {
        let tally = self.tally;
        *self = Self { tally, ..Self::build(config, knobs, jitter, now) };
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        let held = |guard: &Guard| {
            size_of::<Guard>() + guard.recent.len() * size_of::<char>() + guard.breaker.bytes()
        };
        self.list.iter().map(held).sum::<usize>() + self.probes.len() * size_of::<Time>()
    }

    /// Fires the timers of breaker `number` that are due.
    pub fn on_time(&mut self, number: usize, now: Time) -> Vec<Transition> {
        let mut moved = Vec::new();
        while self.list[number].breaker.poll_timer(now) {
            self.notice(number, &mut moved);
        }
        moved
    }

    /// Asks breaker `number` for a permit.
    pub fn ask(&mut self, number: usize, now: Time) -> Asked {
        let mut moved = self.on_time(number, now);
        let guard = &mut self.list[number];
        let permit = guard.breaker.try_acquire(now);
        self.notice(number, &mut moved);
        let mut broken = None;
        if let Ok(permit) = permit {
            broken = self.admitted(number, permit, now);
        } else {
            self.list[number].remember('-');
        }
        Asked { permit, moved, broken }
    }

    fn admitted(&mut self, number: usize, permit: Permit, now: Time) -> Option<(usize, String)> {
        let guard = &mut self.list[number];
        let tests_while_open = matches!(guard.breaker, Breaker::Hystrix(_));
        if permit.began == State::Open && !tests_while_open {
            return Some((0, format!("a call was let through at {now} although the breaker is open")));
        }
        let probe = permit.began == State::HalfOpen || (permit.began == State::Open && tests_while_open);
        if !probe {
            return None;
        }
        guard.admitted += 1;
        let allowed = match &guard.breaker {
            Breaker::Resilience4j(breaker) => breaker.config().half_open_permits + guard.released,
            Breaker::HystrixMaster(_) | Breaker::Opossum(_) => 1,
            _ => u32::MAX,
        };
        let admitted = guard.admitted;
        self.tally.half_open_admitted += 1;
        self.probes.push_back(now);
        while self.probes.front().is_some_and(|first| now.since(*first) > PEAK) {
            self.probes.pop_front();
        }
        self.tally.probe_peak = self.tally.probe_peak.max(self.probes.len() as u64);
        (admitted > allowed)
            .then(|| (1, format!("{admitted} probes were let through, {allowed} are allowed")))
    }

    /// Tells breaker `number` how a call ended.
    pub fn tell(&mut self, number: usize, now: Time, permit: Permit, outcome: Outcome, took: Span) -> Asked {
        let mut moved = self.on_time(number, now);
        let guard = &mut self.list[number];
        guard.breaker.on_result(now, permit, outcome, took);
        if matches!(outcome, Outcome::Ignored | Outcome::Cancelled) {
            guard.released += 1;
        }
        guard.remember(match outcome {
            Outcome::Success => '.',
            Outcome::Timeout => 't',
            Outcome::Ignored | Outcome::Cancelled => 'i',
            Outcome::Failure | Outcome::Rejected | Outcome::Unrecorded => 'x',
        });
        let broken = guard.window_too_large(now);
        self.notice(number, &mut moved);
        Asked { permit: Ok(permit), moved, broken }
    }

    fn notice(&mut self, number: usize, moved: &mut Vec<Transition>) {
        let guard = &mut self.list[number];
        let Some(last) = guard.breaker.last_transition().filter(|last| last.number != guard.seen) else {
            return;
        };
        guard.seen = last.number;
        guard.admitted = 0;
        guard.released = 0;
        let at = last.at;
        match last.to {
            State::Open => {
                // It may be longer each time.
                let until = guard.breaker.reading(at).and_then(|reading| reading.open_until);
                guard.wait = until.map_or(guard.wait, |until| until.since(at));
                self.tally.opens += 1;
                self.tally.first_open.get_or_insert(at);
            }
            State::HalfOpen => _ = self.tally.first_half_open.get_or_insert(at),
            State::Closed => {
                self.tally.closes += 1;
                self.tally.first_close.get_or_insert(at);
            }
            State::Disabled | State::ForcedOpen | State::MetricsOnly => {}
        }
        moved.push(last);
    }
}

impl Guard {
    fn remember(&mut self, letter: char) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(letter);
    }

    fn window_too_large(&self, now: Time) -> Option<(usize, String)> {
        let (_, size) = self.breaker.count_window()?;
        let held = self.breaker.reading(now)?.counts.calls;
        (held > size).then(|| (2, format!("the window holds {held} results, its size is {size}")))
    }
}
