//! Every lab and preset has a digest: the same seed gives the same bytes on every platform and in every build.
//!
//! A digest changes only with the behaviour of a lab. Then raise the lab's version, so that runs recorded before are known
//! for what they are, say in the commit why, and take the new table from the failure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write;

use halfopen::engine::time::Time;
use halfopen::labs::catalogue::LABS;
use halfopen::labs::digest::digest;
use halfopen::labs::scenario::Scenario;

#[path = "support/scenarios.rs"]
mod scenarios;
use scenarios::disturbance;

/// Events, more than most presets have in this time: a million clients need not go on for so long.
const ENOUGH: u64 = 300_000;

#[test]
fn every_preset_replays_to_the_same_bytes() {
    let mut table = String::new();
    for entry in &LABS {
        for preset in entry.spec.presets {
            let mut scenario = Scenario::first(entry).with_seed(7);
            scenario.use_preset(preset.name).unwrap();
            let mut lab = scenario.open();
            lab.advance(Time::from_secs(10), ENOUGH);
            // In a preset that is played by hand nobody leads.
            let _ = lab.act_on(&format!("{} for 5s", disturbance(entry.spec.name)));
            lab.advance(Time::from_secs(30), ENOUGH);
            let spec = entry.spec;
            writeln!(table, "{} v{} {} {:016x}", spec.name, spec.version, preset.name, digest(&*lab))
                .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_default_and_preset_is_one_that_its_knobs_admit() {
    for entry in &LABS {
        for knob in entry.spec.knobs {
            knob.read(knob.default).unwrap_or_else(|err| panic!("{}: {err}", entry.spec.name));
        }
        for preset in entry.spec.presets {
            let mut scenario = Scenario::first(entry);
            scenario
                .use_preset(preset.name)
                .unwrap_or_else(|err| panic!("{} {}: {err}", entry.spec.name, preset.name));
        }
        for (label, sentence) in entry.spec.buttons {
            let mut lab = Scenario::first(entry).run(Time::from_secs(1));
            // There is nothing yet to heal, or to throw away.
            if !sentence.starts_with("heal") && !sentence.starts_with("drain") {
                lab.act_on(sentence).unwrap_or_else(|err| panic!("{label}: {err}"));
            }
        }
    }
}
