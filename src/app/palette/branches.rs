//! The branches of a run, as the palette offers them.

use crate::app::player::Player;

/// A branch that the palette can go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// What sets it apart, as one sentence.
    pub meaning: String,
    /// What [`go_to`] takes.
    pub number: usize,
}

/// Every branch of the run but the one that plays.
pub fn branches(player: &Player) -> Vec<Branch> {
    let all = player.branches();
    let other = all.all().iter().enumerate().filter(|(number, _)| *number != all.index());
    let branch = |(number, branch): (usize, &crate::labs::branch::Branch)| Branch {
        name: branch.name().to_owned(),
        meaning: format!("Go on in this branch, which was seen up to {} s.", branch.lab().reached()),
        number,
    };
    other.map(branch).collect()
}

/// Goes on in branch `number`.
pub fn go_to(player: &mut Player, number: usize) {
    player.switch(number);
}
