//! How many runs a second a sweep makes, one after the other and over the cores.

use divan::counter::ItemsCount;
use halfopen::engine::time::Time;
use halfopen::labs::catalogue;
use halfopen::labs::scenario::Scenario;
use halfopen::labs::sweep::{Plan, shown};
use halfopen::shell::sweep::sweep;

fn main() {
    divan::main();
}

/// A minute of a lab as its first preset sets it up, on so many seeds.
fn plan(lab: &str, seeds: u64) -> Option<Plan> {
    let base = Scenario::first(catalogue::find(lab).ok()?);
    let readings = shown(base.lab.spec);
    Plan::new(base, Time::from_secs(60), 1..=seeds, Vec::new(), readings).ok()
}

#[divan::bench(args = ["server", "breaker"], sample_count = 10)]
fn one_after_the_other(bencher: divan::Bencher, lab: &str) {
    let plan = plan(lab, 50);
    bencher.counter(ItemsCount::new(50_u32)).bench(|| plan.as_ref().map(Plan::sweep));
}

#[divan::bench(args = ["server", "breaker"], sample_count = 10)]
fn over_the_cores(bencher: divan::Bencher, lab: &str) {
    let plan = plan(lab, 50);
    bencher
        .counter(ItemsCount::new(50_u32))
        .bench(|| plan.as_ref().map(|plan| sweep(plan, &|_, _| {}, &|| true)));
}
