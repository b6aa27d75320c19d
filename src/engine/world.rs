//! A world: the state machine that a run drives, and what it may do while something happens to it.

use super::queue::{Queue, TimerKey};
use super::story::Story;
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

    /// About how many bytes a copy takes, what it owns on the heap included: the history of a run is thinned by this.
    fn bytes(&self) -> usize;
}

/// What a world may do while it handles an event.
///
/// Every fact knows what led to it: the fact reported last while the same event was handled, or else the fact after
/// which that event was scheduled. Where a state rather than an event is the reason ("the breaker is open"), the world
/// names the fact that made it so: [`Context::report_because`].
pub struct Context<'a, W: World> {
    now: Time,
    /// The number of the fact that led here.
    cause: Option<u64>,
    queue: &'a mut Queue<W::Event>,
    story: &'a mut Story<W::Occurrence>,
}

/// The tag of an event that no fact led to.
const UNCAUSED: u32 = u32::MAX;

impl<'a, W: World> Context<'a, W> {
    /// For something that happens at `now` by itself, or from outside.
    pub(super) fn new(
        now: Time,
        queue: &'a mut Queue<W::Event>,
        story: &'a mut Story<W::Occurrence>,
    ) -> Self {
        Self { now, cause: None, queue, story }
    }

    /// For an event that was scheduled with this tag.
    pub(super) fn of_event(
        now: Time,
        tag: u32,
        queue: &'a mut Queue<W::Event>,
        story: &'a mut Story<W::Occurrence>,
    ) -> Self {
        Self { now, cause: (tag != UNCAUSED).then_some(u64::from(tag)), queue, story }
    }

    /// The current instant.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Schedules `event` after `delay`.
    pub fn after(&mut self, delay: Span, event: W::Event) {
        self.queue.push(self.now + delay, self.tag(), event);
    }

    /// Schedules `event` at `at`, or now if that has passed.
    pub fn at(&mut self, at: Time, event: W::Event) {
        self.queue.push(at.max(self.now), self.tag(), event);
    }

    /// Sets the timer `key` to `at`, in place of its former setting.
    pub fn set_timer(&mut self, key: TimerKey, at: Time, event: W::Event) {
        self.queue.set(key, at.max(self.now), self.tag(), event);
    }

    /// Cancels the timer `key`.
    pub fn cancel_timer(&mut self, key: TimerKey) {
        self.queue.cancel(key);
    }

    /// Reports a fact; its number is returned.
    pub fn report(&mut self, occurrence: W::Occurrence) -> u64 {
        self.report_because(self.cause, occurrence)
    }

    /// Reports a fact that the fact with the number `cause` led to; its own number is returned.
    pub fn report_because(&mut self, cause: Option<u64>, occurrence: W::Occurrence) -> u64 {
        let number = self.story.note(self.now, cause, occurrence);
        self.cause = Some(number);
        number
    }

    /// Reports that invariant number `invariant` broke, and which two facts contradict. The first time counts.
    pub fn broken(&mut self, invariant: usize, facts: impl FnOnce() -> String) {
        self.story.broke(invariant, self.now, facts);
    }

    /// The tag of events that are scheduled now. Facts beyond 2^32 lead to nothing that is told.
    fn tag(&self) -> u32 {
        self.cause.and_then(|number| u32::try_from(number).ok()).unwrap_or(UNCAUSED)
    }
}
