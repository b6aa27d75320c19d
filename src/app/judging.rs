//! A goal to judge: everything that is needed to run what the learner set up on seeds that they have not seen.
//!
//! In words, so that it can be sent, kept and compared. One seed at a time: who has threads spreads them.

use crate::course::setup::Seeds;
use crate::engine::time::{Span, Time};
use crate::labs::judge::Trial;
use crate::labs::language::Condition;
use crate::labs::scenario::{Scenario, Wanted};

/// A goal to judge: what the learner set up and did is replayed on each seed.
#[derive(Clone, PartialEq, Debug)]
pub struct Judging {
    /// The lab's name.
    pub lab: String,
    /// The preset's name.
    pub preset: String,
    /// Every knob as the learner's run started with it.
    pub set: Vec<(String, String)>,
    /// Fault sentences with their times: the goal's own, and what the learner did.
    pub at: Vec<String>,
    /// What must hold at the end.
    pub condition: String,
    /// How long each run takes.
    pub length: Span,
    /// The seeds.
    pub seeds: Seeds,
}

/// How a goal was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// On how many seeds it held.
    pub passed: u32,
    /// On how many it was judged.
    pub of: u32,
    /// The seeds on which it did not hold.
    pub failed: Vec<u64>,
}

impl Judging {
    /// Whether the goal holds on a seed. What cannot be run does not hold.
    pub fn holds_on(&self, seed: u64) -> bool {
        let wanted =
            Wanted { lab: &self.lab, preset: Some(&self.preset), set: &self.set, seed, at: &self.at };
        let Ok(scenario) = Scenario::read(&wanted) else { return false };
        let Ok(condition) = Condition::read(&self.condition, scenario.lab.spec) else { return false };
        Trial::new(scenario, Time::ZERO + self.length).goal(seed, &condition).verdict.holds
    }

    /// What the results say, each a seed and whether the goal held on it.
    pub fn sum(&self, mut results: Vec<(u64, bool)>) -> Judged {
        results.sort_unstable();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let failed: Vec<u64> = results.iter().filter(|(_, holds)| !holds).map(|(seed, _)| *seed).collect();
        Judged { passed: count(results.len() - failed.len()), of: count(results.len()), failed }
    }

    /// Judges it on every seed, one after the other.
    pub fn judge(&self) -> Judged {
        self.sum(self.seeds.into_iter().map(|seed| (seed, self.holds_on(seed))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judging(condition: &str) -> Judging {
        Judging {
            lab: "server".into(),
            preset: "calm".into(),
            set: vec![("rate".into(), "70".into())],
            at: vec!["5000000000ns set service_time 200ms".into()],
            condition: condition.into(),
            length: Span::from_secs(20),
            seeds: Seeds { first: 1, last: 4 },
        }
    }

    #[test]
    fn a_goal_is_judged_on_each_of_its_seeds() {
        let judged = judging("queue > 10").judge();
        assert_eq!((judged.passed, judged.of, judged.failed.len()), (4, 4, 0));
        let judged = judging("queue < 10").judge();
        assert_eq!((judged.passed, judged.failed), (0, vec![1, 2, 3, 4]));
    }

    #[test]
    fn what_cannot_be_run_does_not_hold() {
        assert_eq!(judging("no_such_reading > 1").judge().passed, 0);
        let strange = Judging { lab: "nowhere".into(), ..judging("queue > 10") };
        assert_eq!(strange.judge().passed, 0);
    }
}
