//! The futures that are kept: a tree of branches.

use std::fmt::Write;

use super::{Bench, not_done};
use crate::engine::run::{By, OnBreak};
use crate::labs::branch::Branch;
use crate::labs::lab::Lab;
use crate::labs::narrate::{self, Narrator, short_time};
use crate::labs::remarks;
use crate::labs::text::nearest;
use crate::labs::twin::{Compared, compare};
use crate::shell::cli::console::{Console, ended};
use crate::shell::cli::output::Failure;

impl Bench {
    pub(super) fn fork(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let forked = match name {
            "" => self.branches.fork("fork"),
            _ => self.branches.fork_as(name),
        };
        let forked = forked.map_err(Failure::Usage)?;
        self.compare_anew();
        console.say(&remarks::forked(&forked))
    }

    /// Lists every branch under the one that it left.
    pub(super) fn list_branches(&self, console: &mut Console) -> Result<(), Failure> {
        let roots = (0..self.branches.all().len()).filter(|index| self.branches.parent(*index).is_none());
        roots.into_iter().try_for_each(|root| self.list_from(root, 0, console))
    }

    fn list_from(&self, index: usize, depth: usize, console: &mut Console) -> Result<(), Failure> {
        let Some(branch) = self.branches.all().get(index) else { return Ok(()) };
        let lab = branch.lab();
        let mut told = format!("{} {}: ", index + 1, branch.name());
        if let Some((parent, at)) = self.branches.parent(index).zip(branch.forked_at()) {
            let parent = self.branches.all()[parent].name();
            let _ = write!(told, "left {parent} at {} s, ", short_time(at));
        }
        let acts = lab.log().iter().filter(|entry| entry.by == By::Hand).count();
        let acts = match acts {
            0 => "nothing done".to_owned(),
            1 => "1 act".to_owned(),
            _ => format!("{acts} acts"),
        };
        let _ = write!(told, "seen up to {} s, {acts}", short_time(lab.reached()));
        if let Some(side) = self.side_of(index) {
            let _ = write!(told, "; it is {}", side.letter());
        }
        if index == self.branches.index() {
            told.push_str("; you are here");
        }
        console.item(&format!("{}- ", "  ".repeat(depth)), &format!("{told}."))?;
        let children =
            (0..self.branches.all().len()).filter(|child| self.branches.parent(*child) == Some(index));
        children.into_iter().try_for_each(|child| self.list_from(child, depth + 1, console))
    }

    pub(super) fn switch(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let index = self.find("switch", name)?;
        if self.beside_index() == Some(index) {
            return self.swap(console);
        }
        if index == self.branches.index() {
            return console.say(&remarks::switched(self.branches.current().name()));
        }
        let now = self.lab().now();
        self.branches.switch(index);
        self.compare_anew();
        self.go(now, OnBreak::GoOn);
        console.say(&remarks::switched(self.branches.current().name()))?;
        self.tell_place(console)
    }

    pub(super) fn rename(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let index = self.branches.index();
        self.branches.rename(index, name).map_err(Failure::Usage)?;
        console.say(&remarks::switched(self.branches.current().name()))
    }

    pub(super) fn delete(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        let index = self.find("delete", name)?;
        let (now, was_current) = (self.lab().now(), index == self.branches.index());
        let gone = self.branches.delete(index).map_err(Failure::Usage)?;
        console.say(&remarks::gone(&gone))?;
        if self.beside.is_some() && self.beside_index().is_none() {
            self.beside = None;
        }
        self.compare_anew();
        if !was_current {
            return Ok(());
        }
        self.narrator = Narrator::new();
        self.go(now, OnBreak::GoOn);
        console.say(&remarks::switched(self.branches.current().name()))?;
        self.tell_place(console)
    }

    /// The readings of the current branch and of another one at the same moment, those that differ first.
    pub(super) fn compare(&mut self, name: &str, console: &mut Console) -> Result<(), Failure> {
        if name.is_empty()
            && let Some((a, b)) = self.sides()
        {
            return tell_compared("A", a, "B", b, console);
        }
        let index = self.find("compare", name)?;
        if index == self.branches.index() {
            return Err(not_done("a branch is compared with another one; branches lists them"));
        }
        // A copy: looking at the other branch does not move it.
        let now = self.lab().now();
        let mut other = self.branches.all()[index].lab().boxed_clone();
        other.seek(now);
        let (here, there) = (self.branches.current(), &self.branches.all()[index]);
        tell_compared(here.name(), here.lab(), there.name(), &*other, console)
    }

    /// The branch of this name, or with this number in the list.
    pub(super) fn find(&self, command: &str, name: &str) -> Result<usize, Failure> {
        let all = self.branches.all();
        if name.is_empty() {
            return Err(Failure::usage(format!(
                "{command} takes a branch, such as: {command} {}. branches lists them.",
                all.first().map_or("main", Branch::name)
            )));
        }
        let number = name.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let found = self.branches.find(name).or_else(|| number.filter(|index| *index < all.len()));
        found.ok_or_else(|| {
            let near = nearest(name, all.iter().map(Branch::name));
            let help =
                near.map_or_else(|| "branches lists them".to_owned(), |near| format!("did you mean {near}?"));
            Failure::usage(ended(&format!("There is no branch {name}; {help}")))
        })
    }
}

fn tell_compared(
    name: &str,
    lab: &dyn Lab,
    other_name: &str,
    other: &dyn Lab,
    console: &mut Console,
) -> Result<(), Failure> {
    let (same, differ): (Vec<Compared>, Vec<Compared>) =
        compare(lab, other).into_iter().partition(|it| it.a == it.b);
    console.say(&format!("At {} s, in {name} and in {other_name}:", lab.now()))?;
    for it in &differ {
        let (a, b) = (narrate::value(it.spec, it.a), narrate::value(it.spec, it.b));
        console.item("- ", &format!("{}: {a} and {b}. {}", it.spec.name, it.spec.meaning))?;
    }
    if same.is_empty() {
        return Ok(());
    }
    let told: Vec<String> =
        same.iter().map(|it| format!("{} {}", it.spec.name, narrate::value(it.spec, it.a))).collect();
    console.say(&format!("The same in both: {}.", told.join(", ")))
}
