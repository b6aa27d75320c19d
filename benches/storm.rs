//! What an event costs in a collapsed retry storm, from a thousand clients to a million.
//!
//! Closed loop, think time 10 s, timeout 1 s, three retries; the server has been slow for long enough that every attempt
//! times out. Live in a terminal it must run in real time on one core: at a million clients that is 600 000 to 900 000
//! events a second, so an event may cost 1.1 µs. And it must cost about what it does at a thousand.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::counter::ItemsCount;
use halfopen::engine::time::{Span, Time};
use halfopen::labs::catalogue;
use halfopen::labs::lab::Lab;
use halfopen::labs::scenario::Scenario;

fn main() {
    divan::main();
}

/// When the server is slow, and when all of it is down.
const SLOW: Time = Time::from_secs(5);
const COLLAPSED: Time = Time::from_secs(25);

fn collapsed(clients: u64) -> Box<dyn Lab> {
    let mut scenario = Scenario::first(catalogue::find("retry-storm").unwrap());
    scenario.use_preset("million").unwrap();
    for (knob, value) in [("clients", clients), ("workers", clients * 12 / 1000), ("queue_cap", clients)] {
        scenario.knobs.set(knob, &value.to_string()).unwrap();
    }
    let mut lab = scenario.open();
    lab.advance(SLOW, u64::MAX);
    lab.act_on("slow server x5 for 10s").unwrap();
    lab.advance(COLLAPSED, u64::MAX);
    lab
}

/// One virtual second; items are events.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn a_second_of_a_collapsed_storm(bencher: divan::Bencher<'_, '_>, clients: u64) {
    let mut lab = collapsed(clients);
    let before = lab.events();
    lab.advance(lab.now() + Span::from_secs(1), u64::MAX);
    let events = lab.events() - before;
    bencher.counter(ItemsCount::new(events)).bench_local(|| {
        lab.advance(lab.now() + Span::from_secs(1), u64::MAX);
    });
}
