//! Long work in the background, over the cores, with its progress; and the same in the foreground for commands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;
use tokio::sync::mpsc::UnboundedSender;

use super::{cure as comparing, sweep};
use crate::app::Message;
use crate::app::judging::{Judged, Judging};
use crate::app::proving::{Proof, Proving};
use crate::app::work::{News, Work};
use crate::labs::cure::{self, Table};
use crate::labs::sweep::{Plan, Stopped, Summary};
use crate::labs::why::{self, Found, MOST_RERUNS, Question};

/// The work that goes on.
#[derive(Debug, Default)]
pub struct Works {
    wanted: BTreeMap<u64, Arc<AtomicBool>>,
}

impl Works {
    /// Begins a piece of work; its news goes to `outbox`.
    pub fn begin(&mut self, ticket: u64, work: Work, outbox: UnboundedSender<Message>) {
        let wanted = Arc::new(AtomicBool::new(true));
        // Only what still holds on to its flag is going on.
        self.wanted.retain(|_, flag| Arc::strong_count(flag) > 1);
        self.wanted.insert(ticket, Arc::clone(&wanted));
        rayon::spawn(move || {
            // A program that has ended meanwhile no longer listens.
            let tell = |news: News| drop(outbox.send(Message::Worked(ticket, Box::new(news))));
            let keep_on = |runs: usize| {
                tell(News::Runs(runs));
                wanted.load(Ordering::Relaxed)
            };
            let done = match work {
                Work::Why(question) => answer(&question, &keep_on).map(News::Why),
                Work::Prove(proving) => prove(&proving, &keep_on).map(News::Proved),
                Work::Judge(judging) => judge(&judging, &keep_on).map(News::Judged),
                Work::Cure(plan) => cured(&plan, &keep_on).map(News::Cured),
                Work::Sweep(plan) => swept(&plan, &keep_on).map(News::Swept),
            };
            if let Some(news) = done.filter(|_| wanted.load(Ordering::Relaxed)) {
                tell(news);
            }
        });
    }

    /// Calls a piece of work off.
    pub fn call_off(&mut self, ticket: u64) {
        if let Some(wanted) = self.wanted.remove(&ticket) {
            wanted.store(false, Ordering::Relaxed);
        }
    }
}

/// What a claim's runs gave, its seeds over the cores. `keep_on` hears how many are done and ends it by false.
pub fn prove(proving: &Proving, keep_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Proof> {
    let runs = AtomicUsize::new(0);
    let one = |seed: u64| {
        let ran = proving.run_on(seed);
        keep_on(runs.fetch_add(1, Ordering::Relaxed) + 1).then_some(ran)
    };
    let ran: Option<Vec<_>> = proving.seeds().into_par_iter().map(one).collect();
    ran.map(|ran| proving.sum(&ran))
}

/// How a goal is judged, its seeds over the cores. `keep_on` hears how many are done and ends it by false.
fn judge(judging: &Judging, keep_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Judged> {
    let runs = AtomicUsize::new(0);
    let one = |seed: u64| {
        let holds = judging.holds_on(seed);
        keep_on(runs.fetch_add(1, Ordering::Relaxed) + 1).then_some((seed, holds))
    };
    let seeds = judging.seeds.first..=judging.seeds.last;
    let results: Option<Vec<_>> = seeds.into_par_iter().map(one).collect();
    results.map(|results| judging.sum(results))
}

/// What a sweep comes to, or why it came to nothing. `keep_on` hears how many runs are done and ends it by false.
fn swept(plan: &Plan, keep_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Result<Vec<Summary>, String>> {
    let wanted = AtomicBool::new(true);
    let tell = |done: usize, _| wanted.fetch_and(keep_on(done), Ordering::Relaxed);
    match sweep::sweep(plan, &|done, all| _ = tell(done, all), &|| wanted.load(Ordering::Relaxed)) {
        Ok(summaries) => Some(Ok(summaries)),
        Err(Stopped::Endless(sentence)) => Some(Err(sentence)),
        Err(Stopped::Cancelled) => None,
    }
}

/// What remedies buy and cost, or why it came to nothing. `keep_on` hears how many runs are done and ends it by false.
fn cured(plan: &cure::Plan, keep_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Result<Table, String>> {
    let wanted = AtomicBool::new(true);
    let tell = |done: usize, _| wanted.fetch_and(keep_on(done), Ordering::Relaxed);
    match comparing::compare(plan, &|done, all| _ = tell(done, all), &|| wanted.load(Ordering::Relaxed)) {
        Ok(table) => Some(Ok(table)),
        Err(Stopped::Endless(sentence)) => Some(Err(sentence)),
        Err(Stopped::Cancelled) => None,
    }
}

/// Why something happened, the other seeds over the cores. `keep_on` hears how many runs are done and ends it by false.
pub fn answer(question: &Question, keep_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Found> {
    let runs = AtomicUsize::new(0);
    why::answer(
        question,
        MOST_RERUNS,
        &mut |progress| {
            runs.store(progress.reruns, Ordering::Relaxed);
            keep_on(progress.reruns)
        },
        &|tries, happens| {
            let one = |it| {
                let count = runs.fetch_add(1, Ordering::Relaxed) + 1;
                happens(it, &mut || keep_on(count))
            };
            tries.par_iter().map(one).collect()
        },
    )
}
