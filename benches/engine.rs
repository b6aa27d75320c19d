//! The engine beside a loop written by hand: the same M/M/1 queue, the same generator, the same binary heap.
//!
//! The promise is a ratio: the engine handles at least 0.9 as many events a second as the loop. And what an event costs
//! must hardly grow with what is pending, nor with the size of the world: a million clients run live.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench fails by panicking, and prints what divan has no column for"
)]
#![allow(clippy::disallowed_methods, reason = "it measures time")]
#![allow(clippy::cast_possible_truncation, reason = "numbers of clients and nanoseconds of waits are small")]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use divan::counter::ItemsCount;
use halfopen::engine::queue::{Queue as Pending, TimerKey};
use halfopen::engine::random::{Random, Stream};
use halfopen::engine::run::{OnBreak, Run};
use halfopen::engine::time::{Span, Time};
use halfopen::engine::world::{Context, World};
use halfopen::labs::branch::Branches;
use halfopen::labs::catalogue::{Entry, LABS};
use halfopen::labs::scenario::{Scenario, Wanted};
use halfopen::labs::twin::Twin;

const ARRIVALS: u64 = 1_000_000;
const MEAN_GAP: Span = Span::from_nanos(1_111_111);
const MEAN_SERVICE: Span = Span::from_millis(1);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrive,
    Done,
}

#[derive(Clone)]
struct Queue {
    arrivals: Stream,
    services: Stream,
    waiting: VecDeque<(u64, Time)>,
    serving: Option<(u64, Time)>,
    arrived: u64,
    done: u64,
    sojourn: u64,
}

impl Queue {
    fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        Self {
            arrivals: random.stream("arrival"),
            services: random.stream("service"),
            waiting: VecDeque::new(),
            serving: None,
            arrived: 0,
            done: 0,
            sojourn: 0,
        }
    }

    /// Lets an event happen; what follows is handed to `after`.
    fn happen(&mut self, event: Event, now: Time, mut after: impl FnMut(Span, Event)) {
        match event {
            Event::Arrive => {
                let job = self.arrived;
                self.arrived += 1;
                if self.arrived < ARRIVALS {
                    after(self.arrivals.draw(self.arrived, 0).exponential(MEAN_GAP), Event::Arrive);
                }
                if self.serving.is_none() {
                    self.serving = Some((job, now));
                    after(self.services.draw(job, 0).exponential(MEAN_SERVICE), Event::Done);
                } else {
                    self.waiting.push_back((job, now));
                }
            }
            Event::Done => {
                if let Some((_, came)) = self.serving.take() {
                    self.sojourn += now.since(came).nanos();
                    self.done += 1;
                }
                if let Some(next) = self.waiting.pop_front() {
                    self.serving = Some(next);
                    after(self.services.draw(next.0, 0).exponential(MEAN_SERVICE), Event::Done);
                }
            }
        }
    }
}

impl World for Queue {
    type Event = Event;
    type Act = ();
    type Occurrence = ();

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        cx.after(Span::ZERO, Event::Arrive);
    }

    fn handle(&mut self, event: Event, cx: &mut Context<'_, Self>) {
        self.happen(event, cx.now(), |delay, event| cx.after(delay, event));
    }

    fn act(&mut self, (): &(), _: &mut Context<'_, Self>) -> Result<(), String> {
        Ok(())
    }

    fn sample(&mut self, _: Time, _: &[f64], row: &mut Vec<f64>) {
        row.push(self.waiting.len() as f64);
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.waiting.len() * size_of::<(u64, Time)>()
    }
}

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 15)]
fn a_loop_written_by_hand(bencher: divan::Bencher) {
    bencher.counter(ItemsCount::new(2 * ARRIVALS)).bench(|| {
        let mut world = Queue::new(1);
        let mut heap = BinaryHeap::new();
        let mut order = 0_u64;
        heap.push(Reverse((0_u64, order, Event::Arrive)));
        while let Some(Reverse((at, _, event))) = heap.pop() {
            world.happen(event, Time::from_nanos(at), |delay, event| {
                order += 1;
                heap.push(Reverse((at + delay.nanos(), order, event)));
            });
        }
        (world.done, world.sojourn)
    });
}

#[divan::bench(sample_count = 15)]
fn the_engine(bencher: divan::Bencher) {
    bencher.counter(ItemsCount::new(2 * ARRIVALS)).bench(|| {
        let mut run = Run::new(Queue::new(1), []);
        // Beyond the last event, and not so far that samples of an idle world are what is measured.
        run.advance(Time::from_secs(2_000), u64::MAX, OnBreak::GoOn);
        (run.world().done, run.world().sojourn)
    });
}

/// How much is pending, or how many clients there are.
const SCALES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Events of one sample of what follows.
const HELD: u64 = 1_000_000;
/// What clients do between two requests.
const THINK: Span = Span::from_secs(10);
const TIMEOUT: Span = Span::from_secs(1);
const SERVICE: Span = Span::from_millis(100);

/// Waits drawn beforehand, so that the logarithm is not what is measured.
#[derive(Clone)]
struct Waits(Vec<Span>, usize);

impl Waits {
    fn new() -> Self {
        let stream = Random::new(1).stream("waits");
        Self((0..4096).map(|n| stream.draw(n, 0).exponential(Span::from_secs(1))).collect(), 0)
    }

    /// The next one, about a mean in nanoseconds that is cheap to multiply by.
    fn next(&mut self, mean: Span) -> Span {
        self.1 = (self.1 + 1) % self.0.len();
        Span::from_nanos(
            (u128::from(self.0[self.1].nanos()) * u128::from(mean.nanos()) / 1_000_000_000) as u64,
        )
    }
}

/// The hold model: so many events are pending; one happens, and the next is scheduled ten seconds later or so.
#[divan::bench(args = SCALES, sample_count = 5, sample_size = 1)]
fn holding(bencher: divan::Bencher, pending: u32) {
    let full = || {
        let (mut queue, mut waits) = (Pending::default(), Waits::new());
        (0..pending).for_each(|n| queue.push(Time::ZERO + waits.next(THINK), 0, u64::from(n)));
        hold(&mut queue, &mut waits, 2 * u64::from(pending));
        (queue, waits)
    };
    bencher
        .counter(ItemsCount::new(HELD))
        .with_inputs(full)
        .bench_local_refs(|(queue, waits)| hold(queue, waits, HELD));
}

fn hold(queue: &mut Pending<u64>, waits: &mut Waits, events: u64) {
    for _ in 0..events {
        if let Some((at, tag, event)) = queue.pop() {
            queue.push(at + waits.next(THINK), tag, event);
        }
    }
}

/// The same with a plain binary heap, whose cost grows: what the queue is measured against.
#[divan::bench(args = SCALES, sample_count = 5, sample_size = 1)]
fn holding_in_a_plain_heap(bencher: divan::Bencher, pending: u32) {
    let hold = |heap: &mut BinaryHeap<Reverse<(Time, u64, u64)>>, waits: &mut Waits, events: u64| {
        for order in 0..events {
            if let Some(Reverse((at, _, event))) = heap.pop() {
                heap.push(Reverse((at + waits.next(THINK), order, event)));
            }
        }
    };
    let full = || {
        let (mut heap, mut waits) = (BinaryHeap::new(), Waits::new());
        (0..pending).for_each(|n| heap.push(Reverse((Time::ZERO + waits.next(THINK), 0, u64::from(n)))));
        hold(&mut heap, &mut waits, 2 * u64::from(pending));
        (heap, waits)
    };
    bencher
        .counter(ItemsCount::new(HELD))
        .with_inputs(full)
        .bench_local_refs(|(heap, waits)| hold(heap, waits, HELD));
}

/// A client thinks, asks, and is answered or gives up: timers that are mostly cancelled, beside long and short waits.
#[derive(Clone, Copy)]
enum Turn {
    Ask(u32),
    Answer(u32),
    GiveUp,
}

/// A step of such clients: which timer is set or cancelled, and what is scheduled.
fn turn(
    turn: Turn,
    now: Time,
    waits: &mut Waits,
    mut then: impl FnMut(Option<TimerKey>, Option<(Time, Turn)>),
) {
    match turn {
        Turn::Ask(client) => {
            then(Some(TimerKey(client)), Some((now + TIMEOUT, Turn::GiveUp)));
            then(None, Some((now + waits.next(SERVICE), Turn::Answer(client))));
        }
        Turn::Answer(client) => {
            then(Some(TimerKey(client)), None);
            then(None, Some((now + waits.next(THINK), Turn::Ask(client))));
        }
        Turn::GiveUp => {}
    }
}

fn take_turns(queue: &mut Pending<Turn>, waits: &mut Waits, events: u64) {
    for _ in 0..events {
        let Some((now, tag, event)) = queue.pop() else { return };
        turn(event, now, waits, |timer, what| match (timer, what) {
            (Some(key), Some((at, event))) => queue.set(key, at, tag, event),
            (Some(key), None) => queue.cancel(key),
            (None, Some((at, event))) => queue.push(at, tag, event),
            (None, None) => {}
        });
    }
}

/// Clients who think, ask, set a timeout and cancel it.
#[divan::bench(args = SCALES, sample_count = 5, sample_size = 1)]
fn holding_timers_too(bencher: divan::Bencher, clients: u32) {
    let full = || {
        let (mut queue, mut waits) = (Pending::default(), Waits::new());
        (0..clients).for_each(|n| queue.push(Time::ZERO + waits.next(THINK), 0, Turn::Ask(n)));
        take_turns(&mut queue, &mut waits, 4 * u64::from(clients));
        (queue, waits)
    };
    bencher
        .counter(ItemsCount::new(HELD))
        .with_inputs(full)
        .bench_local_refs(|(queue, waits)| take_turns(queue, waits, HELD));
}

/// A copy of what so many clients have pending.
#[divan::bench(args = SCALES, sample_count = 5, sample_size = 1)]
fn copying_what_is_pending(bencher: divan::Bencher, clients: u32) {
    let (mut queue, mut waits) = (Pending::default(), Waits::new());
    (0..clients).for_each(|n| queue.push(Time::ZERO + waits.next(THINK), 0, Turn::Ask(n)));
    take_turns(&mut queue, &mut waits, 4 * u64::from(clients));
    println!("  {clients} clients: {} entries, a copy takes {} kB", queue.len(), queue.bytes() / 1000);
    bencher.bench_local(|| queue.clone());
}

/// What a world of a million clients remembers of each, here: 100 MB with what is pending.
type Row = [u64; 8];

/// Clients who think, ask, set a timeout and cancel it, as a world whose copies are large.
#[derive(Clone)]
struct Clients {
    rows: Vec<Row>,
    waits: Waits,
}

impl Clients {
    fn new(clients: u32) -> Self {
        Self { rows: vec![[0; 8]; clients as usize], waits: Waits::new() }
    }

    /// Lets an event happen; `then` sets or cancels timers and schedules.
    fn happen(&mut self, event: Turn, now: Time, then: impl FnMut(Option<TimerKey>, Option<(Time, Turn)>)) {
        if let Turn::Ask(client) | Turn::Answer(client) = event {
            let row = &mut self.rows[client as usize];
            row[0] += 1;
            row[7] = now.nanos();
        }
        turn(event, now, &mut self.waits, then);
    }
}

impl World for Clients {
    type Event = Turn;
    type Act = ();
    type Occurrence = ();

    fn start(&mut self, cx: &mut Context<'_, Self>) {
        (0..self.rows.len() as u32).for_each(|n| cx.after(self.waits.next(THINK), Turn::Ask(n)));
    }

    fn handle(&mut self, event: Turn, cx: &mut Context<'_, Self>) {
        self.happen(event, cx.now(), |timer, what| match (timer, what) {
            (Some(key), Some((at, event))) => cx.set_timer(key, at, event),
            (Some(key), None) => cx.cancel_timer(key),
            (None, Some((at, event))) => cx.at(at, event),
            (None, None) => {}
        });
    }

    fn act(&mut self, (): &(), _: &mut Context<'_, Self>) -> Result<(), String> {
        Ok(())
    }

    fn sample(&mut self, _: Time, _: &[f64], row: &mut Vec<f64>) {
        row.push(0.0);
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.rows.len() * size_of::<Row>() + self.waits.0.len() * size_of::<Span>()
    }
}

/// So many events of a large world that its history has to be kept some times.
const LONG: u64 = 20_000_000;

/// A world of clients with its history.
#[divan::bench(args = SCALES, sample_count = 3, sample_size = 1)]
fn clients_in_the_engine(bencher: divan::Bencher, clients: u32) {
    let warm = || {
        let mut run = Run::new(Clients::new(clients), []);
        run.advance(Time::NEVER, 4 * u64::from(clients), OnBreak::GoOn);
        run
    };
    bencher.counter(ItemsCount::new(LONG)).with_inputs(warm).bench_local_refs(|run| {
        run.advance(Time::NEVER, LONG, OnBreak::GoOn);
        let (moments, bytes) = run.kept();
        println!("  {clients} clients: {moments} moments, {} kB", bytes / 1000);
    });
}

/// The same with nothing but the queue: what history costs is the difference.
#[divan::bench(args = SCALES, sample_count = 3, sample_size = 1)]
fn clients_without_history(bencher: divan::Bencher, clients: u32) {
    let go_on = |(queue, world): &mut (Pending<Turn>, Clients), events: u64| {
        for _ in 0..events {
            let Some((now, tag, event)) = queue.pop() else { return };
            world.happen(event, now, |timer, what| match (timer, what) {
                (Some(key), Some((at, event))) => queue.set(key, at, tag, event),
                (Some(key), None) => queue.cancel(key),
                (None, Some((at, event))) => queue.push(at, tag, event),
                (None, None) => {}
            });
        }
    };
    let warm = || {
        let mut both = (Pending::default(), Clients::new(clients));
        (0..clients).for_each(|n| both.0.push(Time::ZERO + both.1.waits.next(THINK), 0, Turn::Ask(n)));
        go_on(&mut both, 4 * u64::from(clients));
        both
    };
    bencher.counter(ItemsCount::new(LONG)).with_inputs(warm).bench_local_refs(|both| go_on(both, LONG));
}

/// The end of the runs that are gone back in.
const TEN_MINUTES: Time = Time::from_secs(600);

/// Every lab and preset.
fn presets() -> Vec<String> {
    let of = |entry: &'static Entry| entry.spec.presets.iter().map(move |preset| (entry, preset.name));
    LABS.iter().flat_map(of).map(|(entry, preset)| format!("{} {preset}", entry.spec.name)).collect()
}

/// The lab and preset of that name, as lessons use it: something breaks, and heals.
fn scenario(name: &str) -> Scenario {
    let (lab, preset) = name.split_once(' ').unwrap_or((name, ""));
    let fault = if lab == "breaker" { "20s hang payments for 30s" } else { "20s slow server x5 for 20s" };
    let at = [fault.to_owned()];
    let wanted = Wanted { lab, preset: Some(preset), set: &[], seed: 1, at: &at };
    Scenario::read(&wanted).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

/// Any instant of a ten-minute run, back from its end: at most 50 ms. One iteration goes to sixty instants all over the
/// run, so the figure that counts is printed for the worst of them.
#[divan::bench(args = presets(), sample_count = 1, sample_size = 1)]
fn going_back_in_ten_minutes(bencher: divan::Bencher, name: &str) {
    let end = scenario(name).run(TEN_MINUTES);
    let mut worst = (Duration::ZERO, 0);
    bencher.bench_local(|| {
        for second in (5..600).step_by(10) {
            let mut lab = end.boxed_clone();
            let before = Instant::now();
            lab.seek(Time::from_secs(second));
            worst = worst.max((before.elapsed(), second));
        }
    });
    let (took, second) = worst;
    let (moments, bytes) = end.kept();
    println!(
        "  worst of {name}: {took:.1?}, to {second} s; {} events, {moments} moments, {} kB",
        end.events(),
        bytes / 1000
    );
}

/// A fork of such a run, and going on in it for a second.
#[divan::bench(args = presets(), sample_count = 10, sample_size = 1)]
fn a_fork_of_ten_minutes(bencher: divan::Bencher, name: &str) {
    let branches = Branches::new(scenario(name).run(TEN_MINUTES));
    bencher.with_inputs(|| branches.clone()).bench_local_values(|mut branches| {
        branches.fork("fork").unwrap_or_else(|sentence| panic!("{sentence}"));
        branches
    });
}

/// Twins that never part, so that every fact of ten minutes that both have at hand is compared, at once.
#[divan::bench(args = presets(), sample_count = 5, sample_size = 1)]
fn comparing_twins_over_ten_minutes(bencher: divan::Bencher, name: &str) {
    let (a, b) = (scenario(name).run(TEN_MINUTES), scenario(name).run(TEN_MINUTES));
    bencher.bench_local(|| {
        let mut twin = Twin::default();
        twin.compare(&*a, &*b);
        twin.first().is_some()
    });
}

/// The same as the screen does it: both go on by a frame of a thirtieth of a second, and are compared.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn playing_twins_for_ten_minutes(bencher: divan::Bencher) {
    bencher.with_inputs(|| scenario("breaker tuned")).bench_local_values(|scenario| {
        let (mut a, mut b) = (scenario.open(), scenario.open());
        let mut twin = Twin::default();
        for frame in 1..=600 * 30 {
            let now = Time::from_millis(frame * 1000 / 30);
            a.advance(now, u64::MAX);
            b.advance(now, u64::MAX);
            twin.compare(&*a, &*b);
        }
        twin.first().is_some()
    });
}
