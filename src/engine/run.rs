//! A run: a world, its pending events, the log of what was done to it, and the way back.
//!
//! A run is a pure function of (world as built, log of acts). Going back takes the nearest checkpoint and
//! replays; looking back never edits the log, only acting in the past cuts off what was done by hand later. Who wants to
//! keep both futures acts on a copy: copies share their checkpoints.

use super::history::{History, Moment};
pub use super::log::{By, Entry};
use super::queue::Queue;
use super::story::Story;
pub use super::story::{Broken, Noted};
use super::time::{Span, Time};
use super::world::{Context, World};

/// Series are sampled this often.
const SAMPLE: Span = Span::from_secs(1);

/// A running world with its history.
#[derive(Clone)]
pub struct Run<W: World> {
    moment: Moment<W>,
    story: Story<W::Occurrence>,
    log: Vec<Entry<W::Act>>,
    /// The latest instant that was ever reached with this log.
    reached: Time,
    /// The samples, row after row.
    series: Vec<f64>,
    rows: usize,
    history: History<W>,
}

/// Whether a run that goes on stops at an event that breaks an invariant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnBreak {
    /// It goes on.
    GoOn,
    /// It stops right after the guilty event.
    Stop,
}

impl<W: World> Run<W> {
    /// Starts `world` with a log of what is to be done to it, which need not be sorted.
    pub fn new(mut world: W, log: impl IntoIterator<Item = Entry<W::Act>>) -> Self {
        let mut log: Vec<_> = log.into_iter().collect();
        log.sort_by_key(Entry::place);
        let mut queue = Queue::default();
        let mut story = Story::new();
        world.start(&mut Context::new(Time::ZERO, &mut queue, &mut story));
        let mut run = Self {
            moment: Moment { world, queue, now: Time::ZERO, events: 0, events_now: 0, done: 0 },
            story,
            log,
            reached: Time::ZERO,
            series: Vec::new(),
            rows: 0,
            history: History::new(),
        };
        run.keep();
        run.act_due();
        run
    }

    /// The world as it is now.
    pub fn world(&self) -> &W {
        &self.moment.world
    }

    /// The current instant.
    pub fn now(&self) -> Time {
        self.moment.now
    }

    /// The latest instant that was seen of this future: later than now after going back.
    pub fn reached(&self) -> Time {
        self.reached.max(self.moment.now)
    }

    /// Events handled since the start.
    pub fn events(&self) -> u64 {
        self.moment.events
    }

    /// What was done to the world, entries that are still to come included.
    pub fn log(&self) -> &[Entry<W::Act>] {
        &self.log
    }

    /// How many entries of the log have been done by now.
    pub fn done(&self) -> usize {
        self.moment.done
    }

    /// The facts reported so far, oldest first; the last 50 000 at least, but for those before a jump back.
    pub fn facts(&self) -> &[Noted<W::Occurrence>] {
        &self.story.facts
    }

    /// How many facts were reported since the start.
    pub fn reported(&self) -> u64 {
        self.story.reported
    }

    /// The invariants that broke, in order of time.
    pub fn broken(&self) -> &[Broken] {
        &self.story.broken
    }

    /// How many whole seconds have been sampled.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The sample that closes second `row` (the one that begins at `row` seconds); empty if there is none yet.
    pub fn row(&self, row: usize) -> &[f64] {
        if row >= self.rows {
            return &[];
        }
        let width = self.series.len() / self.rows;
        &self.series[row * width..(row + 1) * width]
    }

    /// How many moments are kept to go back to, and about how many bytes the whole history takes.
    pub fn kept(&self) -> (usize, usize) {
        let told = self.story.bytes() + self.series.capacity() * size_of::<f64>();
        (self.history.len(), self.history.bytes() + told)
    }

    /// Lets the next event happen, or what the log asks for before it; false if nothing is left.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.next_time() else { return false };
        self.sample_until(next);
        if !self.act_at(next)
            && let Some((at, tag, event)) = self.moment.queue.pop()
        {
            self.handle(at, tag, event);
        }
        true
    }

    /// When the next event or act of the log is due.
    pub fn next_time(&mut self) -> Option<Time> {
        let event = self.moment.queue.next_time();
        let entry = self.log.get(self.moment.done).map(|entry| entry.at.max(self.moment.now));
        match (event, entry) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Goes on to `to`, events at that instant included, or until `budget` events have been handled, or to an event that
    /// breaks an invariant if that is wanted. Returns the number of events handled; less than `budget` means that `to`
    /// was reached, or that an invariant broke.
    pub fn advance(&mut self, to: Time, budget: u64, on_break: OnBreak) -> u64 {
        let broken = match on_break {
            OnBreak::GoOn => usize::MAX,
            OnBreak::Stop => self.story.broken.len(),
        };
        let mut handled = 0;
        while handled < budget {
            if let Some(limit) = self.uneventful(to) {
                handled += self.events_until(limit, budget - handled, broken);
            }
            if self.story.broken.len() > broken {
                return handled;
            }
            // What is due at the next instant may have to wait for a sample or an act of the log.
            if handled == budget || self.next_time().is_none_or(|next| next > to) {
                break;
            }
            self.step();
            handled += 1;
            if self.story.broken.len() > broken {
                return handled;
            }
        }
        if handled < budget {
            self.sample_until(to);
            if to > self.moment.now {
                self.moment.now = to;
                self.moment.events_now = 0;
            }
        }
        handled
    }

    /// Up to when nothing but events can happen: before the next sample and the next act of the log. None if an act is due
    /// at the very start, before which nothing is.
    fn uneventful(&self, to: Time) -> Option<Time> {
        let instant = Span::from_nanos(1);
        let act = self.log.get(self.moment.done).map_or(Time::NEVER, |entry| entry.at);
        (act > Time::ZERO).then(|| to.min(self.next_sample() - instant).min(act - instant))
    }

    /// Handles events that are due at or before `limit`, and nothing else; ends early when more than `broken` invariants
    /// are broken.
    fn events_until(&mut self, limit: Time, budget: u64, broken: usize) -> u64 {
        for handled in 0..budget {
            let Some((at, tag, event)) = self.moment.queue.pop_until(limit) else { return handled };
            self.handle(at, tag, event);
            if self.story.broken.len() > broken {
                return handled + 1;
            }
        }
        budget
    }

    /// Does `act` now, after what the log asks for at this very place. What was done by hand later is cut off, since the
    /// future is another one from here on; a script goes on.
    pub fn act(&mut self, act: W::Act) -> Result<(), String> {
        let due = |run: &Self| {
            let entry = run.log.get(run.moment.done)?;
            (entry.at <= run.moment.now && entry.n <= run.moment.events_now && entry.by == By::Script)
                .then_some(())
        };
        while due(self).is_some() {
            self.do_next();
        }
        let Moment { world, queue, now, done, .. } = &mut self.moment;
        world.act(&act, &mut Context::new(*now, queue, &mut self.story))?;
        let later = self.log.split_off(*done);
        self.log.push(Entry { at: *now, n: self.moment.events_now, act, by: By::Hand });
        self.log.extend(later.into_iter().filter(|entry| entry.by == By::Script));
        self.moment.done += 1;
        self.reached = self.moment.now;
        self.history.retain(|kept| kept.events <= self.moment.events);
        Ok(())
    }

    /// Takes the latest act that was done by hand by now out of the log. The run then stands at a kept moment before it:
    /// advance to where it shall be seen. None if there is none.
    pub fn undo(&mut self) -> Option<W::Act> {
        let last = self.log.iter().take(self.moment.done).rposition(|entry| entry.by == By::Hand)?;
        let entry = self.log.remove(last);
        // The first checkpoint is from before every act, so one is always left.
        self.history.retain(|kept| kept.done <= last);
        self.restore(|kept| kept.now < entry.at);
        self.reached = Time::ZERO;
        Some(entry.act)
    }

    /// Goes to the instant `to`, back or forth; events at `to` are handled. The log stays as it is.
    pub fn seek(&mut self, to: Time) {
        self.rewind(to);
        self.advance(to, u64::MAX, OnBreak::GoOn);
    }

    /// Goes back to the nearest kept moment before `to`, if that has passed: advance from there.
    pub fn rewind(&mut self, to: Time) {
        if to < self.moment.now {
            self.restore(|kept| kept.now < to);
        }
    }

    /// Goes back to just after event number `events`, if more have happened.
    pub fn seek_event(&mut self, events: u64) {
        if events < self.moment.events {
            self.restore(|kept| kept.events <= events);
            while self.moment.events < events && self.step() {}
        }
    }

    fn handle(&mut self, at: Time, tag: u32, event: W::Event) {
        let Moment { world, queue, now, events, events_now, .. } = &mut self.moment;
        *events_now = if at == *now { *events_now + 1 } else { 1 };
        *now = at;
        *events += 1;
        world.handle(event, &mut Context::of_event(at, tag, queue, &mut self.story));
        if self.history.is_due(self.moment.events) {
            self.keep();
        }
    }

    /// Does the next entry of the log if its place is now; `next` is the next instant at which anything is due.
    fn act_at(&mut self, next: Time) -> bool {
        let Some(entry) = self.log.get(self.moment.done) else { return false };
        let handled = if entry.at == self.moment.now { self.moment.events_now } else { 0 };
        let more_first = entry.n > handled && self.moment.queue.next_time() == Some(entry.at);
        if entry.at > next || more_first {
            return false;
        }
        if entry.at > self.moment.now {
            self.moment.now = entry.at;
            self.moment.events_now = 0;
        }
        self.do_next();
        true
    }

    /// Does the next entry of the log, now.
    fn do_next(&mut self) {
        let Some(entry) = self.log.get(self.moment.done) else { return };
        self.moment.done += 1;
        let Moment { world, queue, now, events_now, .. } = &mut self.moment;
        // It may name more events than this instant had: what is done from here on is done after it.
        *events_now = entry.n.max(*events_now);
        // An act that is refused in a replay was refused, or made senseless by an undo, and changes nothing.
        let _refused = world.act(&entry.act, &mut Context::new(*now, queue, &mut self.story));
    }

    /// Does what a script asks for at the very start.
    fn act_due(&mut self) {
        let at_start = |entry: &Entry<W::Act>| entry.at == Time::ZERO && entry.n == 0;
        while self.log.get(self.moment.done).is_some_and(at_start) {
            self.do_next();
        }
    }

    /// The instant of the next sample.
    fn next_sample(&self) -> Time {
        Time::ZERO + Span::from_nanos(SAMPLE.nanos() * (self.rows as u64 + 1))
    }

    fn sample_until(&mut self, to: Time) {
        let mut row = Vec::new();
        while self.next_sample() <= to {
            let width = self.series.len() / self.rows.max(1);
            let previous = &self.series[self.series.len() - width..];
            self.moment.world.sample(self.next_sample(), previous, &mut row);
            self.series.append(&mut row);
            self.rows += 1;
        }
    }

    /// Keeps the present moment.
    fn keep(&mut self) {
        self.history.keep(&self.moment, self.story.reported, self.story.broken.len(), self.rows);
    }

    /// Back to the latest checkpoint for which `wanted` holds, or to the start.
    fn restore(&mut self, wanted: impl Fn(&Moment<W>) -> bool) {
        self.reached = self.reached();
        let Some(checkpoint) = self.history.latest(wanted) else { return };
        self.moment = checkpoint.moment.clone();
        self.story.rewind(checkpoint.reported, checkpoint.broken);
        let width = self.series.len() / self.rows.max(1);
        self.series.truncate(width * checkpoint.rows);
        self.rows = checkpoint.rows;
        if self.moment.events == 0 {
            self.act_due();
        }
    }
}
