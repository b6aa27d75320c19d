//! The branches of the run at hand, as the palette offers them.

use crate::app::player::Player;

/// A branch that can be gone to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// Which one, as the player counts them.
    pub number: usize,
    /// What it is called.
    pub name: String,
    /// What sets it apart, as one sentence.
    pub meaning: String,
}

/// The branches of this run. A player that plays one run has none.
pub const fn branches(_player: &Player) -> Vec<Branch> {
    Vec::new()
}

/// Goes to branch `number`.
pub const fn go_to(_player: &mut Player, _number: usize) {}
