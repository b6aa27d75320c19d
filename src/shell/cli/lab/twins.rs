//! Two branches side by side, called A and B: the clock moves both, what is done is done to the current one.

use super::Bench;
use crate::engine::run::OnBreak;
use crate::engine::time::Time;
use crate::labs::branch::Branch;
use crate::labs::judge::MOST_EVENTS;
use crate::labs::lab::Lab;
use crate::labs::narrate::{self, Detail, Narrator};
use crate::labs::remarks;
use crate::labs::twin::{Divergence, Twin};
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;

/// The branch that runs beside the current one.
pub struct Beside {
    id: u32,
    /// Whether it is A.
    is_left: bool,
    twin: Twin,
    /// What was told of it.
    narrator: Narrator,
    /// The partings that were told last: of any facts, and of notable ones.
    told: [Option<Time>; 2],
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// Its letter.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

const NO_TWIN: &str = "There is one run only: twin makes another one beside it.";

impl Bench {
    /// Makes a twin, or lets the branch `name` run beside this one; of twins, tells where they part.
    pub(super) fn twin(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        if !name.is_empty() {
            let index = self.find("twin", name)?;
            if index == self.branches.index() {
                return Err(Failure::usage(remarks::NOT_BESIDE_ITSELF));
            }
            self.put_beside(index);
            let (a, b) = (self.branches.all()[index].name(), self.branches.current().name());
            console.say(&format!("{a} is A, {b} is B. You are in B."))?;
            return self.tell_parting(console);
        }
        if self.beside_index().is_some() {
            return self.tell_parting(console);
        }
        let forked = self.branches.fork("twin").map_err(Failure::Usage)?;
        if let Some(left) = self.branches.parent(self.branches.index()) {
            self.put_beside(left);
        }
        console.say(&remarks::twins(&forked))
    }

    fn put_beside(&mut self, index: usize) {
        let id = self.branches.all()[index].id();
        self.beside = Some(Beside {
            id,
            is_left: true,
            twin: Twin::default(),
            narrator: Narrator::new(),
            told: [None; 2],
        });
        self.follow();
        self.skip();
    }

    pub(super) fn take_side(&mut self, side: Side, console: &mut Console) -> Result<(), Failure> {
        if self.side_of(self.branches.index()) == Some(side) {
            return console.say(&format!("You are in {}.", self.called(side)));
        }
        self.swap(console)
    }

    /// Makes the other one current.
    pub(super) fn swap(&mut self, console: &mut Console) -> Result<(), Failure> {
        let Some(index) = self.beside_index() else { return Err(Failure::usage(NO_TWIN)) };
        let left = self.branches.current().id();
        self.branches.switch(index);
        if let Some(beside) = &mut self.beside {
            beside.id = left;
            beside.is_left = !beside.is_left;
            std::mem::swap(&mut beside.narrator, &mut self.narrator);
        }
        let side = self.side_of(self.branches.index()).unwrap_or(Side::A);
        console.say(&format!("You are in {}.", self.called(side)))
    }

    /// Lets the current branch run alone.
    pub(super) fn single(&mut self, console: &mut Console) -> Result<(), Failure> {
        if self.beside.take().is_none() {
            return Err(Failure::usage(NO_TWIN));
        }
        console.say(remarks::SINGLE)?;
        console.say(&remarks::switched(self.branches.current().name()))
    }

    /// Goes to where the two part in something worth a mark, or else to where they part at all.
    pub(super) fn seek_parting(&mut self, console: &mut Console) -> Result<(), Failure> {
        let Some(beside) = &self.beside else { return Err(Failure::usage(NO_TWIN)) };
        match beside.twin.first_notable().or(beside.twin.first()).map(|found| found.at) {
            None => console.say(&remarks::same_up_to(self.lab().now())),
            Some(at) => {
                self.go(at, OnBreak::GoOn);
                self.tell_place(console)?;
                self.tell_parting(console)
            }
        }
    }

    /// Tells where the two part.
    fn tell_parting(&mut self, console: &mut Console) -> Result<(), Failure> {
        let now = self.lab().now();
        let Some(beside) = &mut self.beside else { return Err(Failure::usage(NO_TWIN)) };
        let found = [beside.twin.first(), beside.twin.first_notable()];
        beside.told = found.map(|found| found.map(|it| it.at));
        match found {
            [None, _] => console.say(&remarks::same_up_to(now)),
            found => console.each(&parting(found)),
        }
    }

    /// Tells of partings that were not told yet.
    fn tell_new_parting(&mut self, console: &mut Console) -> Result<(), Failure> {
        let Some(beside) = &mut self.beside else { return Ok(()) };
        let found = [beside.twin.first(), beside.twin.first_notable()];
        let at = found.map(|found| found.map(|it| it.at));
        let is_new = |i: usize| at[i].is_some() && at[i] != beside.told[i];
        let fresh = [found[0].filter(|_| is_new(0)), found[1].filter(|_| is_new(1))];
        let told = parting(fresh);
        beside.told = at;
        console.each(&told)
    }

    /// Says what was told of the current branch, and what there is to tell of the one beside it.
    pub(super) fn tell_sides(
        &mut self,
        told: Vec<String>,
        standing: bool,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let Some(index) = self.beside_index() else { return console.each(&told) };
        let Some(beside) = &mut self.beside else { return console.each(&told) };
        let lab = self.branches.all()[index].lab();
        let mut other = beside.narrator.tell(lab, Detail::Notable);
        if standing {
            other.push(narrate::standing(lab));
        }
        if told == other {
            console.say("A and B alike:")?;
            console.each(&told)?;
        } else {
            let sides = if beside.is_left { [other, told] } else { [told, other] };
            for (side, told) in [Side::A, Side::B].into_iter().zip(sides) {
                if !told.is_empty() {
                    console.say(&format!("{}:", self.called(side)))?;
                    console.each(&told)?;
                }
            }
        }
        self.tell_new_parting(console)
    }

    /// What happened up to now is not to be told again.
    pub(super) fn skip(&mut self) {
        self.narrator.skip(self.branches.current().lab());
        if let Some(index) = self.beside_index()
            && let Some(beside) = &mut self.beside
        {
            beside.narrator.skip(self.branches.all()[index].lab());
        }
    }

    /// Lets the branch beside come to where the current one is.
    pub(super) fn follow(&mut self) {
        let now = self.lab().now();
        let Some(other) = self.beside_index().and_then(|index| self.branches.get_mut(index)) else { return };
        other.lab_mut().rewind(now);
        other.lab_mut().advance(now, MOST_EVENTS);
        other.look();
        self.compare_sides();
    }

    /// One of the runs is another one from here on: what was found of them may no longer hold.
    pub(super) fn compare_anew(&mut self) {
        if let Some(beside) = &mut self.beside {
            beside.twin = Twin::default();
        }
        self.compare_sides();
    }

    /// Starts the branch beside again with its own knobs and this seed, so that twins stay twins.
    pub(super) fn begin_beside(&mut self, seed: u64) {
        let Some(index) = self.beside_index() else { return };
        let setup = self.branches.all()[index].setup().with_seed(seed);
        self.branches.begin(index, setup.open());
        if let Some(beside) = &mut self.beside {
            beside.narrator = Narrator::new();
            beside.told = [None; 2];
        }
        self.compare_anew();
    }

    fn compare_sides(&mut self) {
        let Some(mut beside) = self.beside.take() else { return };
        if let Some(other) = self.branches.place(beside.id).and_then(|index| self.branches.all().get(index)) {
            let (current, other) = (self.lab(), other.lab());
            let (a, b) = if beside.is_left { (other, current) } else { (current, other) };
            beside.twin.compare(a, b);
            self.beside = Some(beside);
        }
    }

    /// The place of the branch beside.
    pub(super) fn beside_index(&self) -> Option<usize> {
        self.branches.place(self.beside.as_ref()?.id)
    }

    /// A and B.
    pub(super) fn sides(&self) -> Option<(&dyn Lab, &dyn Lab)> {
        let (current, other) = (self.lab(), self.branches.all().get(self.beside_index()?)?.lab());
        Some(if self.beside.as_ref()?.is_left { (other, current) } else { (current, other) })
    }

    /// Which side the branch at `index` is on.
    pub(super) fn side_of(&self, index: usize) -> Option<Side> {
        let other_is_left = self.beside.as_ref()?.is_left;
        match index {
            _ if index == self.branches.index() => Some(if other_is_left { Side::B } else { Side::A }),
            _ if Some(index) == self.beside_index() => Some(if other_is_left { Side::A } else { Side::B }),
            _ => None,
        }
    }

    /// A side and its branch: `B, the branch twin @3`.
    fn called(&self, side: Side) -> String {
        let all = self.branches.all();
        let branch = (0..all.len()).find(|index| self.side_of(*index) == Some(side));
        let name = branch.and_then(|index| all.get(index)).map_or("", Branch::name);
        format!("{}, the branch {name}", side.letter())
    }
}

/// Where two runs part at all, and where they part in something worth a mark.
fn parting([first, notable]: [Option<&Divergence>; 2]) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(first) = first {
        told.push(format!("They part. {}", first.tell("A", "B")));
    }
    if let Some(notable) = notable.filter(|notable| first != Some(*notable)) {
        told.push(format!("The first difference worth a mark. {}", notable.tell("A", "B")));
    }
    told
}
