//! The engine beside a loop written by hand: the same M/M/1 queue, the same generator, the same binary heap.
//!
//! The promise is a ratio: the engine handles at least 0.9 as many events a second as the loop.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use divan::counter::ItemsCount;
use halfopen::engine::random::{Random, Stream};
use halfopen::engine::run::{OnBreak, Run};
use halfopen::engine::time::{Span, Time};
use halfopen::engine::world::{Context, World};

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
        run.advance(Time::from_secs(1_000_000), u64::MAX, OnBreak::GoOn);
        (run.world().done, run.world().sojourn)
    });
}

/// Any instant of a ten-minute run, back from its end.
#[divan::bench(args = [1, 300, 599])]
fn going_back_in_ten_minutes_of_the_breaker_lab(bencher: divan::Bencher, second: u64) {
    let entry = &halfopen::labs::catalogue::LABS[1];
    let end = halfopen::labs::scenario::Scenario::first(entry).run(Time::from_secs(600));
    bencher.with_inputs(|| end.boxed_clone()).bench_local_values(|mut lab| {
        lab.seek(Time::from_secs(second));
        lab
    });
}
