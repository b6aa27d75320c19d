//! Contention: N clients race to update one row, each once.
//!
//! The model behind "Exponential Backoff And Jitter" (aws-samples/aws-arch-backoff-simulator, commit 66cb169, 2015): each
//! client reads the row's version, writes with it, and has its update if the version is still the same. If not, it backs
//! off and reads again. The server takes no time and has no limit; a message takes |Normal(mean, mean / 5)|. So this is
//! about clients that get in each other's way, and not about a server that is overloaded.

use super::{Event, Fact, Storm};
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::labs::knob::Knobs;

/// Which message arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A read, at the server.
    Read,
    /// The version, at the client.
    Version,
    /// A write, at the server.
    Write,
    /// Whether it won, at the client.
    Result,
}

/// One client.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Racer {
    /// The version it has read.
    seen: u32,
    /// Messages sent by it or to it, which makes each one's luck its own.
    sent: u32,
    /// Writes that reached the server.
    pub writes: u32,
    pub won: bool,
    slept: Span,
}

/// The row and its clients; empty if the lab calls a server.
#[derive(Clone, Debug, Default)]
pub(super) struct Race {
    pub racers: Vec<Racer>,
    version: u32,
    network: Span,
    /// Clients that know of their update.
    pub done: u32,
    pub completion: Option<Time>,
}

impl Race {
    pub fn new(knobs: &Knobs) -> Self {
        let racers = if knobs.is_on("contention") {
            vec![Racer::default(); knobs.count("clients")]
        } else {
            Vec::new()
        };
        Self { racers, network: knobs.span("network"), ..Self::default() }
    }

    pub fn is_on(&self) -> bool {
        !self.racers.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.racers.len() * size_of::<Racer>()
    }
}

impl Storm {
    pub(super) fn start_race(&mut self, cx: &mut Context<'_, Self>) {
        for client in 0..self.race.racers.len() as u32 {
            self.totals.arrivals += 1;
            self.in_flight += 1;
            self.send(Step::Read, client, Span::ZERO, cx);
        }
    }

    /// A message is on its way, after a wait.
    fn send(&mut self, step: Step, client: u32, after: Span, cx: &mut Context<'_, Self>) {
        let racer = &mut self.race.racers[client as usize];
        racer.sent += 1;
        let draw = self.streams.network.draw(client.into(), racer.sent.into());
        let mean = self.race.network.secs();
        let delay = Span::from_secs_f64((mean + mean / 5.0 * draw.normal()).abs());
        cx.after(after + delay, Event::Race(step, client));
    }

    pub(super) fn race_on(&mut self, step: Step, client: u32, cx: &mut Context<'_, Self>) {
        let version = self.race.version;
        let racer = &mut self.race.racers[client as usize];
        match step {
            Step::Read => {
                racer.seen = version;
                self.send(Step::Version, client, Span::ZERO, cx);
            }
            Step::Version => self.send(Step::Write, client, Span::ZERO, cx),
            Step::Write => {
                racer.writes += 1;
                racer.won = racer.seen == version;
                self.race.version += u32::from(racer.won);
                self.totals.conflicts += u64::from(!racer.won);
                self.totals.attempts += 1;
                self.totals.retries += u64::from(racer.writes > 1);
                self.send(Step::Result, client, Span::ZERO, cx);
            }
            Step::Result if racer.won => {
                let writes = racer.writes;
                self.race.done += 1;
                self.totals.good += 1;
                self.in_flight -= 1;
                cx.report(Fact::Updated(client, writes));
                if self.race.done as usize == self.race.racers.len() {
                    self.race.completion = Some(cx.now());
                    cx.report(Fact::Finished(self.race.done));
                }
            }
            Step::Result => {
                let draw = self.streams.backoff.draw(client.into(), racer.writes.into());
                let wait = self.config.backoff.wait(racer.writes, racer.slept, draw);
                racer.slept = wait;
                cx.report(Fact::Conflict(client, racer.writes));
                self.send(Step::Read, client, wait, cx);
            }
        }
        self.check(cx);
    }
}
