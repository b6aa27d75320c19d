//! How far each run was seen in this session: a bet counts only on time that nobody has watched yet.
//!
//! A run here is what was opened or chosen as a preset, on one seed. Knobs turned and faults done since don't make it
//! another one, since an act that changes nothing would then make its future look new; another preset or another seed do.

use super::branch::Branches;
use super::scenario::Scenario;
use crate::engine::time::Time;

/// How far each run was seen.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    runs: Vec<(Scenario, Time)>,
}

/// Whether both are the same run, the second on this seed.
fn is_same(run: &Scenario, origin: &Scenario, seed: u64) -> bool {
    run.seed == seed
        && (run.lab.spec.name, run.preset) == (origin.lab.spec.name, origin.preset)
        && (&run.knobs, &run.script) == (&origin.knobs, &origin.script)
}

impl Seen {
    /// Takes in how far every branch of a run was seen that began as `origin`, whatever its seed.
    pub fn take_in(&mut self, origin: &Scenario, branches: &Branches) {
        for branch in branches.all() {
            let lab = branch.lab();
            if lab.scenario().preset == origin.preset {
                self.note(origin, lab.scenario().seed, lab.reached());
            }
        }
    }

    /// The run that began as `origin`, on this seed, was seen up to `reached`.
    pub fn note(&mut self, origin: &Scenario, seed: u64, reached: Time) {
        // The one looked for is mostly the latest.
        match self.runs.iter_mut().rev().find(|(run, _)| is_same(run, origin, seed)) {
            Some((_, until)) => *until = reached.max(*until),
            None => self.runs.push((origin.with_seed(seed), reached)),
        }
    }

    /// How far the run that began as `origin` was seen on this seed.
    pub fn until(&self, origin: &Scenario, seed: u64) -> Time {
        let found = self.runs.iter().rev().find(|(run, _)| is_same(run, origin, seed));
        found.map_or(Time::ZERO, |(_, until)| *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    #[test]
    fn what_was_watched_stays_seen_through_rewinds_acts_and_new_starts() {
        let origin = Scenario::first(catalogue::find("server").unwrap());
        let mut branches = Branches::new(origin.open());
        let mut seen = Seen::default();
        let secs = Time::from_secs;
        branches.current_mut().lab_mut().seek(secs(9));
        seen.take_in(&origin, &branches);
        branches.current_mut().lab_mut().seek(secs(2));
        seen.take_in(&origin, &branches);
        assert_eq!(seen.until(&origin, 1), secs(9), "going back forgets nothing");

        // A new start with another knob: the same arrivals, so no new run.
        let mut turned = branches.current().setup();
        turned.knobs.set("workers", "11").unwrap();
        branches.begin(0, turned.open());
        seen.take_in(&origin, &branches);
        assert_eq!(seen.until(&origin, 1), secs(9));

        assert_eq!(seen.until(&origin, 2), Time::ZERO, "another seed is another run");
        let mut busy = origin.clone();
        busy.use_preset("busy").unwrap();
        assert_eq!(seen.until(&busy, 1), Time::ZERO, "another preset is another run");
        let again = Scenario::first(catalogue::find("server").unwrap());
        assert_eq!(seen.until(&again, 1), secs(9), "the same lab opened again is the same run");
    }
}
