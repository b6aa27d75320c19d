//! Random scenarios over all labs and presets. Tests that want them include this file by its path.

#![allow(dead_code, reason = "not every test that includes this wants all of it")]

use halfopen::labs::catalogue::LABS;
use halfopen::labs::fault::{Takes, Vocabulary};
use halfopen::labs::scenario::Scenario;
use proptest::prelude::*;

/// A fault that every preset of this lab knows, without how long it lasts.
pub fn disturbance(lab: &str) -> &'static str {
    match lab {
        "breaker" => "hang payments",
        "failover" => "slow S1 x5",
        "paxos" => "slow A x5",
        "lock" => "slow lock x5",
        _ => "slow server x5",
    }
}

/// A random lab and preset, set up with a random seed and a random script of faults.
pub fn scenarios() -> impl Strategy<Value = Scenario> {
    let labs =
        LABS.iter().flat_map(|entry| entry.spec.presets.iter().map(move |preset| (entry, preset.name)));
    let labs: Vec<_> = labs.collect();
    let acts = proptest::collection::vec(
        (0_u64..20_000, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_u64..8),
        0..6,
    );
    (proptest::sample::select(labs), any::<u64>(), acts).prop_map(|((entry, preset), seed, acts)| {
        let mut scenario = Scenario::first(entry);
        scenario.use_preset(preset).unwrap();
        scenario.seed = seed;
        // Two hundred callers and a million clients make a slow test and add nothing to these promises.
        match (entry.spec.name, preset) {
            ("breaker", "herd") => scenario.knobs.set("callers", "10").unwrap(),
            ("retry-storm", "million") => {
                scenario.knobs.set("clients", "1000").unwrap();
                scenario.knobs.set("workers", "12").unwrap();
            }
            _ => {}
        }
        let parts = (entry.parts)(&scenario.knobs);
        for (at, fault, part, lasts) in acts {
            let fault = fault.get(entry.spec.faults);
            let fitting: Vec<_> = parts.iter().filter(|part| fault.targets.contains(&part.kind)).collect();
            if fitting.is_empty() {
                // It is done to a message, and none is on its way before the run.
                continue;
            }
            let amount = match fault.amount {
                Takes::Nothing => "",
                Takes::Factor(_) => "x3",
                Takes::Share => "50%",
                Takes::By(_) => "by 300ms",
            };
            let sentence =
                format!("{at}ms {} {} {amount} for {lasts}s", fault.verb.word(), part.get(&fitting).name);
            let vocabulary = Vocabulary { faults: entry.spec.faults, parts: &parts, knobs: &scenario.knobs };
            scenario.script.push(vocabulary.read_timed(&sentence).unwrap());
        }
        scenario
    })
}
