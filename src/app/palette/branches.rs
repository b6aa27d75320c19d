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

/// The branches of this run, but for the one that it is in.
pub fn branches(player: &Player) -> Vec<Branch> {
    let all = player.branches();
    let others = all.all().iter().enumerate().filter(|(number, _)| *number != all.index());
    others
        .map(|(number, branch)| {
            let left =
                branch.forked_at().map(|at| format!("left another one at {at} s and ")).unwrap_or_default();
            let meaning = format!("This future {left}is known up to {} s.", branch.lab().reached());
            Branch { number, name: branch.name().to_owned(), meaning }
        })
        .collect()
}
