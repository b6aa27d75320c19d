//! Comparisons of remedies over the cores. What one run gives, and what all come to, is [`crate::labs::cure`]'s matter.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::labs::cure::{Plan, Table};
use crate::labs::sweep::Stopped;

/// Runs a plan. `progress` is told how many runs of how many are done, and `wanted` is asked whether to go on; both from
/// any thread. What comes out does not depend on which run was done first.
pub fn compare(
    plan: &Plan,
    progress: &(dyn Fn(usize, usize) + Sync),
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Table, Stopped> {
    let done = AtomicUsize::new(0);
    let all = plan.runs();
    let found: Vec<Vec<f64>> = (0..all)
        .into_par_iter()
        .map(|run| {
            let found = plan.run(run, &wanted)?;
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
            Ok(found)
        })
        .collect::<Result<_, Stopped>>()?;
    Ok(plan.sum(&found))
}
