//! What is said of a command that was carried out, in the same words on the screen and by typed lines.

use super::branch::Forked;
use super::fault::Act;
use super::knob::{Knob, Value};
use crate::engine::time::Time;

/// Nothing was done by hand that could be taken back.
pub const NOTHING_TO_TAKE_BACK: &str = "There is nothing to take back.";
/// The run has no further event.
pub const NOTHING_LEFT: &str = "Nothing is left to happen.";
/// What lies ahead has not been seen.
pub const NO_LATER_MARK: &str = "No later mark is known: let it run.";
/// Two runs no longer stand side by side.
pub const SINGLE: &str = "Both runs are kept as branches.";
/// A branch was to stand next to the current one, and is it.
pub const NOT_BESIDE_ITSELF: &str = "A branch is not shown next to itself.";

/// Something was done in the past.
pub fn future_kept(forked: &Forked) -> String {
    let Forked { name, .. } = forked;
    format!("The future that you saw is kept; this one is the branch {name}.{}", dropped(forked))
}

/// The run was forked where it stands.
pub fn forked(forked: &Forked) -> String {
    format!("This is the branch {}, the other one is kept.{}", forked.name, dropped(forked))
}

/// The run was given a twin.
pub fn twins(forked: &Forked) -> String {
    format!("A and B are the same run. You are in B: change one thing.{}", dropped(forked))
}

/// An act was taken back, in a branch of its own if a future was seen.
pub fn taken_back(act: &Act, forked: Option<&Forked>) -> String {
    let kept = if forked.is_some() { " The run with it is kept as a branch." } else { "" };
    format!("Taken back: {act}.{kept}{}", forked.map(dropped).unwrap_or_default())
}

/// The run begins again.
pub fn again(seed: u64) -> String {
    format!("Again from 0 s, with the same seed {seed}.")
}

/// The run begins again with another seed.
pub fn other_seed(seed: u64) -> String {
    format!("From 0 s with seed {seed}: the same rules, other luck.")
}

/// The run begins again as a preset sets it up.
pub fn preset(name: &str) -> String {
    format!("Preset {name}, from 0 s.")
}

/// A knob was turned that cannot change in a running world.
pub fn new_run(knob: &Knob, value: Value) -> String {
    format!("{} {} needs a new run: again from 0 s.", knob.name, knob.show(value))
}

/// Another branch is current.
pub fn switched(name: &str) -> String {
    format!("This is the branch {name}.")
}

/// A branch was deleted.
pub fn gone(name: &str) -> String {
    format!("The branch {name} is gone.")
}

/// Two runs side by side have not parted.
pub fn same_up_to(now: Time) -> String {
    format!("A and B are the same up to {now} s.")
}

fn dropped(forked: &Forked) -> String {
    forked.dropped.as_ref().map(|name| format!(" {name} is no longer kept.")).unwrap_or_default()
}
