//! Claims, predictions and goals on many seeds, over the cores. What one run says is [`crate::labs::judge`]'s matter.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use rayon::prelude::*;

use crate::labs::judge::{self, Decided, Judged, Trial};
use crate::labs::language::{Claim, Condition, Finding};

/// Judges claims, in their order, on `seeds` or on those that they name themselves; each seed is run once for all.
pub fn claims(trial: &Trial, claims: Vec<Claim>, seeds: &RangeInclusive<u64>) -> Vec<Judged> {
    let claims: Vec<(Claim, RangeInclusive<u64>)> = claims
        .into_iter()
        .map(|claim| {
            let seeds = judge::seeds_of(&claim, seeds);
            (claim, seeds)
        })
        .collect();
    let all: BTreeSet<u64> = claims.iter().flat_map(|(_, seeds)| seeds.clone()).collect();
    let all: Vec<u64> = all.into_iter().collect();
    let runs: Vec<Vec<Option<Finding>>> = all.par_iter().map(|seed| trial.findings(*seed, &claims)).collect();
    let judged = |(i, (claim, _)): (usize, &(Claim, RangeInclusive<u64>))| {
        let found: Vec<Finding> = runs.iter().filter_map(|run| run.get(i).cloned().flatten()).collect();
        judge::claim(claim, &found)
    };
    claims.iter().enumerate().map(judged).collect()
}

/// Judges a goal on each seed.
pub fn goal(trial: &Trial, condition: &Condition, seeds: RangeInclusive<u64>) -> Judged {
    let all: Vec<u64> = seeds.collect();
    let found: Vec<Finding> = all.par_iter().map(|seed| trial.goal(*seed, condition)).collect();
    judge::goal(condition, &found)
}

/// Decides a prediction on each seed; an outcome without a condition is true where no other is.
pub fn prediction(
    trial: &Trial,
    outcomes: &[Option<Condition>],
    seeds: RangeInclusive<u64>,
) -> Vec<(u64, Decided)> {
    let all: Vec<u64> = seeds.collect();
    all.par_iter().map(|seed| (*seed, trial.outcome(*seed, outcomes))).collect()
}
