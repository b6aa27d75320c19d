//! The branches of a run, as the palette offers them.

use crate::app::player::Player;

/// A branch that the palette can go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// What sets it apart, as one sentence.
    pub meaning: String,
    /// What `go_to` takes.
    pub number: usize,
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
