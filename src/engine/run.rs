//! A run: a world, its pending events, the log of what was done to it, and the way back.
//!
//! A run is a pure function of (world as built, log of acts). Going back takes the nearest checkpoint and
//! replays; looking back never edits the log, only acting in the past cuts off what was done by hand later.

pub use super::log::{By, Entry};
use super::queue::{Queue, TimerKey};
use super::story::Story;
pub use super::story::{Broken, Noted};
use super::time::{Span, Time};

/// A state machine that a run drives. It owns no I/O and no randomness of its own beyond keyed streams.
pub trait World: Clone {
    /// What can happen by itself; keep it small (16 bytes or so).
    type Event: Clone;
    /// What can be done to it from outside: a fault, a changed knob.
    type Act: Clone;
    /// A typed fact worth telling: "breaker opened because 55 % >= 50 %".
    type Occurrence: Clone;

    /// Schedules the first events.
    fn start(&mut self, cx: &mut Context<'_, Self>);

    /// Lets `event` happen.
    fn handle(&mut self, event: Self::Event, cx: &mut Context<'_, Self>);

    /// Does `act`, or says in a sentence why it makes no sense now and changes nothing.
    fn act(&mut self, act: &Self::Act, cx: &mut Context<'_, Self>) -> Result<(), String>;

    /// Appends one number for each series; called at every whole second, before the events of that instant.
    /// `NaN` means "nothing to measure". `previous` is the row of the second before, empty at first.
    fn sample(&mut self, now: Time, previous: &[f64], row: &mut Vec<f64>);
}

/// What a world may do while it handles an event.
pub struct Context<'a, W: World> {
    now: Time,
    queue: &'a mut Queue<W::Event>,
    story: &'a mut Story<W::Occurrence>,
}

impl<W: World> Context<'_, W> {
    /// The current instant.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Schedules `event` after `delay`.
    pub fn after(&mut self, delay: Span, event: W::Event) {
        self.queue.push(self.now + delay, event);
    }

    /// Schedules `event` at `at`, or now if that has passed.
    pub fn at(&mut self, at: Time, event: W::Event) {
        self.queue.push(at.max(self.now), event);
    }

    /// Sets the timer `key` to `at`, in place of its former setting.
    pub fn set_timer(&mut self, key: TimerKey, at: Time, event: W::Event) {
        self.queue.set(key, at.max(self.now), event);
    }

    /// Cancels the timer `key`.
    pub fn cancel_timer(&mut self, key: TimerKey) {
        self.queue.cancel(key);
    }

    /// Reports a fact.
    pub fn report(&mut self, occurrence: W::Occurrence) {
        self.story.note(self.now, occurrence);
    }

    /// Reports that invariant number `invariant` broke, and which two facts contradict. The first time counts.
    pub fn broken(&mut self, invariant: usize, facts: impl FnOnce() -> String) {
        self.story.broke(invariant, self.now, facts);
    }
}

/// What changes while a run goes on, except its facts and series, which only grow.
#[derive(Clone)]
struct Moment<W: World> {
    world: W,
    queue: Queue<W::Event>,
    now: Time,
    /// Events handled in all, and at `now`.
    events: u64,
    events_now: u64,
    /// Log entries already done.
    done: usize,
}

#[derive(Clone)]
struct Checkpoint<W: World> {
    moment: Moment<W>,
    reported: u64,
    broken: usize,
    rows: usize,
}

/// Events between checkpoints at first; doubles each time that the checkpoints are thinned.
const CHECKPOINT_EVERY: u64 = 1 << 14;
/// Checkpoints that are kept, the first included.
const CHECKPOINTS: usize = 48;
/// Series are sampled this often.
const SAMPLE: Span = Span::from_secs(1);

/// A running world with its history.
#[derive(Clone)]
pub struct Run<W: World> {
    moment: Moment<W>,
    story: Story<W::Occurrence>,
    log: Vec<Entry<W::Act>>,
    /// The samples, row after row.
    series: Vec<f64>,
    rows: usize,
    checkpoints: Vec<Checkpoint<W>>,
    /// Events between checkpoints, and the count at which the next is due.
    every: u64,
    next_checkpoint: u64,
}

impl<W: World> Run<W> {
    /// Starts `world` with a script of acts, which need not be sorted.
    pub fn new(mut world: W, script: impl IntoIterator<Item = (Time, W::Act)>) -> Self {
        let mut log: Vec<_> =
            script.into_iter().map(|(at, act)| Entry { at, n: 0, act, by: By::Script }).collect();
        log.sort_by_key(|entry| entry.at);
        let mut queue = Queue::default();
        let mut story = Story::new();
        world.start(&mut Context { now: Time::ZERO, queue: &mut queue, story: &mut story });
        let moment = Moment { world, queue, now: Time::ZERO, events: 0, events_now: 0, done: 0 };
        let mut run = Self {
            moment,
            story,
            log,
            series: Vec::new(),
            rows: 0,
            checkpoints: Vec::new(),
            every: CHECKPOINT_EVERY,
            next_checkpoint: 0,
        };
        run.checkpoint();
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

    /// Events handled since the start.
    pub fn events(&self) -> u64 {
        self.moment.events
    }

    /// What was done to the world, future entries of a script included.
    pub fn log(&self) -> &[Entry<W::Act>] {
        &self.log
    }

    /// How many entries of the log have been done by now.
    pub fn done(&self) -> usize {
        self.moment.done
    }

    /// The facts reported so far, oldest first; the last 50 000 at least.
    pub fn facts(&self) -> &[Noted<W::Occurrence>] {
        &self.story.facts
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

    /// Handles the next event, and what comes before it; false if nothing is left to happen.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.next_time() else { return false };
        self.sample_until(next);
        if !self.act_at(next)
            && let Some((at, event)) = self.moment.queue.pop()
        {
            self.handle(at, event);
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

    /// Goes on to `to`, events at that instant included, or until `budget` events have been handled.
    /// Returns the number of events handled; less than `budget` means that `to` was reached.
    pub fn advance(&mut self, to: Time, budget: u64) -> u64 {
        let mut handled = 0;
        while handled < budget {
            handled += self.events_until(self.uneventful(to), budget - handled);
            // What is due at the next instant may have to wait for a sample or an act of the log.
            if handled == budget || self.next_time().is_none_or(|next| next > to) {
                break;
            }
            self.step();
            handled += 1;
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

    /// The latest instant up to which neither a sample nor an act of the log is due.
    fn uneventful(&self, to: Time) -> Time {
        let instant = Span::from_nanos(1);
        let act = self.log.get(self.moment.done).map_or(Time::NEVER, |entry| entry.at);
        to.min(self.next_sample() - instant).min(act - instant)
    }

    /// Handles events that are due at or before `limit`, and nothing else.
    fn events_until(&mut self, limit: Time, budget: u64) -> u64 {
        for handled in 0..budget {
            let Some((at, event)) = self.moment.queue.pop_until(limit) else { return handled };
            self.handle(at, event);
        }
        budget
    }

    /// Does `act` now. What was done by hand later is cut off, since the future is another one from here on; the script
    /// goes on.
    pub fn act(&mut self, act: W::Act) -> Result<(), String> {
        let Moment { world, queue, now, done, .. } = &mut self.moment;
        world.act(&act, &mut Context { now: *now, queue, story: &mut self.story })?;
        let later = self.log.split_off(*done);
        self.log.push(Entry { at: *now, n: self.moment.events_now, act, by: By::Hand });
        self.log.extend(later.into_iter().filter(|entry| entry.by == By::Script));
        self.moment.done += 1;
        self.checkpoints.retain(|c| c.moment.events <= self.moment.events);
        Ok(())
    }

    /// Takes back the latest act that was done by hand, keeping the instant. None if there is none.
    pub fn undo(&mut self) -> Option<W::Act> {
        let last = self.log.iter().take(self.moment.done).rposition(|entry| entry.by == By::Hand)?;
        let now = self.moment.now;
        let entry = self.log.remove(last);
        // The first checkpoint is from before every act, so one is always left.
        self.checkpoints.retain(|c| c.moment.done <= last);
        self.restore(entry.at);
        self.advance(now, u64::MAX);
        Some(entry.act)
    }

    /// Goes to the instant `to`, back or forth; events at `to` are handled. The log stays as it is.
    pub fn seek(&mut self, to: Time) {
        if to < self.moment.now {
            self.restore(to);
        }
        self.advance(to, u64::MAX);
    }

    fn handle(&mut self, at: Time, event: W::Event) {
        let Moment { world, queue, now, events, events_now, .. } = &mut self.moment;
        *events_now = if at == *now { *events_now + 1 } else { 1 };
        *now = at;
        *events += 1;
        world.handle(event, &mut Context { now: at, queue, story: &mut self.story });
        if self.moment.events >= self.next_checkpoint {
            self.checkpoint();
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
        self.moment.done += 1;
        let Moment { world, queue, now, .. } = &mut self.moment;
        // An act that is refused in a replay was refused, or made senseless by an undo, and changes nothing.
        let _refused = world.act(&entry.act, &mut Context { now: *now, queue, story: &mut self.story });
        true
    }

    /// Does what a script asks for at the very start.
    fn act_due(&mut self) {
        while self.log.get(self.moment.done).is_some_and(|entry| entry.at == Time::ZERO)
            && self.act_at(Time::ZERO)
        {}
    }

    /// The instant of the next sample.
    fn next_sample(&self) -> Time {
        Time::ZERO + Span::from_nanos(SAMPLE.nanos() * (self.rows as u64 + 1))
    }

    fn sample_until(&mut self, to: Time) {
        while self.next_sample() <= to {
            let width = self.series.len() / self.rows.max(1);
            let mut row = Vec::with_capacity(width);
            let previous = &self.series[self.series.len() - width..];
            self.moment.world.sample(self.next_sample(), previous, &mut row);
            self.series.append(&mut row);
            self.rows += 1;
        }
    }

    /// Keeps the present moment, unless a replay passes where it was kept already.
    fn checkpoint(&mut self) {
        if self.checkpoints.len() == CHECKPOINTS {
            let mut keep = false;
            self.checkpoints.retain(|_| {
                keep = !keep;
                keep
            });
            self.every *= 2;
        }
        self.next_checkpoint = self.moment.events + self.every;
        if self.checkpoints.last().is_some_and(|last| last.moment.events >= self.moment.events) {
            return;
        }
        self.checkpoints.push(Checkpoint {
            moment: self.moment.clone(),
            reported: self.story.reported,
            broken: self.story.broken.len(),
            rows: self.rows,
        });
    }

    /// Back to the latest checkpoint that lies before `to`, or to the start.
    fn restore(&mut self, to: Time) {
        let found = self.checkpoints.iter().rposition(|c| c.moment.now < to).unwrap_or(0);
        let Some(checkpoint) = self.checkpoints.get(found) else { return };
        self.moment = checkpoint.moment.clone();
        self.story.rewind(checkpoint.reported, checkpoint.broken);
        let width = self.series.len() / self.rows.max(1);
        self.series.truncate(width * checkpoint.rows);
        self.rows = checkpoint.rows;
        self.next_checkpoint = self.moment.events + self.every;
        self.act_due();
    }
}
