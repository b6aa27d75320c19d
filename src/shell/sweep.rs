//! Sweeps over the cores. What one run gives, and what all of them come to, is [`crate::labs::sweep`]'s matter.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::labs::sweep::{Plan, Stopped, Summary};

/// Runs a plan. `progress` is told how many runs of how many are done, and `wanted` is asked whether to go on; both from
/// any thread. What comes out does not depend on which run was done first.
pub fn sweep(
    plan: &Plan,
    progress: &(dyn Fn(usize, usize) + Sync),
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Summary>, Stopped> {
    let found = all_runs(plan.runs(), &|run| plan.run(run, &wanted), progress)?;
    Ok(plan.sum(&found))
}

/// Does runs `0..all` and keeps what they give in their order.
pub(super) fn all_runs<T: Send>(
    all: usize,
    run: &(dyn Fn(usize) -> Result<T, Stopped> + Sync),
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<T>, Stopped> {
    let done = AtomicUsize::new(0);
    let one = |number| {
        let found = run(number)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        Ok(found)
    };
    (0..all).into_par_iter().map(one).collect()
}
