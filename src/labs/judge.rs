//! Claims, predictions and goals against runs: what one seed says, and what all of them say together.
//!
//! Pure and one run at a time, so that whoever has threads may spread the seeds over them.

use std::ops::RangeInclusive;

use super::lab::Lab;
use super::language::{Claim, Condition, Finding, Verdict, judge_runs};
use super::scenario::Scenario;
use crate::engine::time::Time;

/// The most events that one judged run handles, so that no set-up can keep a judge busy for ever.
pub const MOST_EVENTS: u64 = 200_000_000;

/// What is run on every seed: a scenario, and how long.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The scenario; its own seed is replaced by each of those it is tried on.
    pub scenario: Scenario,
    /// When each run ends.
    pub until: Time,
}

/// Which outcome of a prediction a run made true.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decided {
    /// Exactly this one, counted from 0: the prediction is sound.
    One(usize),
    /// None of them: whatever the learner bets is wrong.
    None,
    /// More than one of them.
    Several(Vec<usize>),
}

/// What all runs say about a condition or a claim.
#[derive(Clone, PartialEq, Debug)]
pub struct Judged {
    /// Whether it holds, and what decided.
    pub verdict: Verdict,
    /// On how many seeds it was judged.
    pub of: usize,
    /// The seeds on which its condition did not hold.
    pub failed: Vec<u64>,
}

impl Judged {
    /// On how many seeds it held.
    pub fn passed(&self) -> usize {
        self.of - self.failed.len()
    }
}

impl Trial {
    /// A trial of this scenario.
    pub const fn new(scenario: Scenario, until: Time) -> Self {
        Self { scenario, until }
    }

    /// What was played on `lab`, to be tried on other seeds: its knobs as it started, and everything done since.
    pub fn played(lab: &dyn Lab, until: Time) -> Self {
        Self::new(Scenario { script: lab.log().to_vec(), ..lab.scenario().clone() }, until)
    }

    /// The run of one seed. The error is a sentence.
    pub fn run(&self, seed: u64) -> Result<Box<dyn Lab>, String> {
        let mut lab = self.scenario.with_seed(seed).open();
        if lab.advance(self.until, MOST_EVENTS) < MOST_EVENTS {
            Ok(lab)
        } else {
            Err(format!("the run was stopped at {} s, after {MOST_EVENTS} events", lab.now()))
        }
    }

    /// What the run of one seed adds to each of these claims; those that name other seeds get nothing from it.
    pub fn findings(&self, seed: u64, claims: &[(Claim, RangeInclusive<u64>)]) -> Vec<Option<Finding>> {
        let run = self.run(seed);
        let find = |claim: &Claim| match &run {
            Ok(lab) => claim.find(seed, &**lab),
            Err(because) => Finding { seed, verdict: unfinished(because), number: f64::NAN },
        };
        claims.iter().map(|(claim, seeds)| seeds.contains(&seed).then(|| find(claim))).collect()
    }

    /// What the run of one seed says about a goal's condition.
    pub fn goal(&self, seed: u64, condition: &Condition) -> Finding {
        let verdict = match self.run(seed) {
            Ok(lab) => condition.judge(&*lab),
            Err(because) => unfinished(&because),
        };
        Finding { seed, verdict, number: f64::NAN }
    }

    /// Which outcome the run of one seed makes true.
    pub fn outcome(&self, seed: u64, outcomes: &[Option<Condition>]) -> Decided {
        self.run(seed).map_or(Decided::None, |lab| decide(&*lab, outcomes))
    }
}

fn unfinished(because: &str) -> Verdict {
    Verdict { holds: false, because: because.to_owned(), at: None }
}

/// Which outcome `lab` makes true at its present instant; an outcome without a condition is true where no other is.
pub fn decide(lab: &dyn Lab, outcomes: &[Option<Condition>]) -> Decided {
    let held = |condition: &Option<Condition>| condition.as_ref().is_some_and(|it| it.holds(lab));
    let mut came: Vec<usize> = (0..outcomes.len()).filter(|i| held(&outcomes[*i])).collect();
    if came.is_empty() {
        came.extend(outcomes.iter().position(Option::is_none));
    }
    match came.as_slice() {
        [] => Decided::None,
        [one] => Decided::One(*one),
        _ => Decided::Several(came),
    }
}

/// What all runs together say about a claim.
pub fn claim(claim: &Claim, found: &[Finding]) -> Judged {
    let failed = found.iter().filter(|it| !it.verdict.holds).map(|it| it.seed).collect();
    Judged { verdict: judge_runs(claim, found), of: found.len(), failed }
}

/// What all runs together say about a goal: met where it held on every seed.
pub fn goal(condition: &Condition, found: &[Finding]) -> Judged {
    claim(&Claim::EachRun(condition.clone()), found)
}

/// The seeds that a claim is judged on: its own, or those of its context.
pub fn seeds_of(claim: &Claim, context: &RangeInclusive<u64>) -> RangeInclusive<u64> {
    claim.seeds().unwrap_or_else(|| context.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    fn trial(rate: &str) -> Trial {
        let mut scenario = Scenario::first(catalogue::find("server").unwrap());
        scenario.knobs.set("rate", rate).unwrap();
        Trial::new(scenario, Time::from_secs(20))
    }

    fn condition(text: &str) -> Condition {
        Condition::read(text, catalogue::find("server").unwrap().spec).unwrap()
    }

    #[test]
    fn a_goal_is_met_where_it_holds_on_every_seed() {
        let goal_is = condition("queue < 400");
        let judged = |rate: &str| {
            let trial = trial(rate);
            let found: Vec<Finding> = (1..=4).map(|seed| trial.goal(seed, &goal_is)).collect();
            goal(&goal_is, &found)
        };
        assert!(judged("70").verdict.holds);
        let flooded = judged("500");
        assert_eq!((flooded.passed(), flooded.of, flooded.failed), (0, 4, vec![1, 2, 3, 4]));
    }

    #[test]
    fn a_run_decides_one_outcome_none_or_several() {
        let outcome = |texts: &[&str]| {
            let read = |text: &&str| if text.is_empty() { None } else { Some(condition(text)) };
            trial("70").outcome(1, &texts.iter().map(read).collect::<Vec<_>>())
        };
        assert_eq!(outcome(&["done < 1", ""]), Decided::One(1));
        assert_eq!(outcome(&["done > 1", ""]), Decided::One(0));
        assert_eq!(outcome(&["done < 1", "done < 2"]), Decided::None);
        assert_eq!(outcome(&["done > 1", "done > 2"]), Decided::Several(vec![0, 1]));
    }

    #[test]
    fn what_was_played_is_tried_on_other_seeds() {
        let mut lab = trial("70").scenario.open();
        lab.advance(Time::from_secs(2), u64::MAX);
        lab.act_on("pause server").unwrap();
        let played = Trial::played(&*lab, Time::from_secs(20));
        assert!(played.goal(9, &condition("done_per_s < 1")).verdict.holds);
    }

    #[test]
    fn a_claim_on_seeds_of_its_own_takes_nothing_from_others() {
        let text = "p50(queue) < 1e6 on seeds 5..6";
        let own = Claim::read(text, catalogue::find("server").unwrap().spec).unwrap();
        let seeds = seeds_of(&own, &(1..=2));
        assert_eq!(seeds, 5..=6);
        let claims = [(own, seeds)];
        assert!(trial("70").findings(1, &claims)[0].is_none());
        assert!(trial("70").findings(5, &claims)[0].is_some());
    }
}
