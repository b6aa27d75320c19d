//! Comparisons of remedies over the cores. What one run gives, and what all come to, is [`crate::labs::cure`]'s matter.

use super::sweep::all_runs;
use crate::labs::cure::{Plan, Table};
use crate::labs::sweep::Stopped;

/// Runs a plan. `progress` is told how many runs of how many are done, and `wanted` is asked whether to go on; both from
/// any thread. What comes out does not depend on which run was done first.
pub fn compare(
    plan: &Plan,
    progress: &(dyn Fn(usize, usize) + Sync),
    wanted: &(dyn Fn() -> bool + Sync),
) -> Result<Table, Stopped> {
    let found = all_runs(plan.runs(), &|run| plan.run(run, &wanted), progress)?;
    Ok(plan.sum(&found))
}
