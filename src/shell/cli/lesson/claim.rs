//! Claims run on demand: what the text says, on every seed, now.

use super::{Reader, broken, nth};
use crate::course::Claim;
use crate::course::plain::inlines;
use crate::engine::time::Time;
use crate::labs::judge::Trial;
use crate::shell::cli::output::Failure;
use crate::shell::{judge, setup};

impl Reader<'_> {
    /// Runs the claims of this step, or the one that is meant.
    pub fn claims(&mut self, typed: &str) -> Result<(), Failure> {
        let step = self.at.step;
        if !typed.is_empty() {
            return self.claim(nth(step.claims(), typed, "claim")?);
        }
        if step.claims().next().is_none() {
            return Err(Failure::usage("This step has no claim."));
        }
        step.claims().try_for_each(|claim| self.claim(claim))
    }

    fn claim(&mut self, claim: &Claim) -> Result<(), Failure> {
        let scenario = setup::scenario(&claim.setup).map_err(|wrong| broken(&wrong))?;
        let spec = scenario.lab.spec;
        let expected: Result<Vec<_>, _> = claim.expect.iter().map(|text| setup::claim(text, spec)).collect();
        let expected = expected.map_err(|wrong| broken(&[wrong]))?;
        if let Some(says) = &claim.says {
            self.console.say(&inlines(says))?;
        }
        let trial = Trial::new(scenario, Time::ZERO + claim.length);
        let judged = judge::claims(&trial, expected, &claim.seeds.iter());
        for (text, judged) in claim.expect.iter().zip(judged) {
            let verdict = if judged.verdict.holds { "holds" } else { "does NOT hold" };
            self.console.item("- ", &format!("{text} {verdict}: {}.", judged.verdict.because))?;
        }
        Ok(())
    }
}
