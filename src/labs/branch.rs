//! The futures of a run, kept as a tree of named branches.
//!
//! Looking back never edits. Whoever acts in the past, with a future already seen, goes on in a new branch, and the old
//! one keeps everything that was done in it. Branches share their checkpoints, so keeping one costs little.

use super::fault::Act;
use super::lab::Lab;
use super::scenario::Scenario;
use super::story::{Mark, Story};
use crate::engine::run::By;
use crate::engine::time::Time;

/// One future of a run.
pub struct Branch {
    id: u32,
    name: String,
    /// Whether a person chose the name: then it is not let go of when there are too many.
    named: bool,
    from: Option<Fork>,
    lab: Box<dyn Lab>,
    story: Story,
}

/// Where a branch left another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fork {
    parent: u32,
    at: Time,
}

/// All branches of a run; there is always one, and one of them is current.
pub struct Branches {
    list: Vec<Branch>,
    current: usize,
    next_id: u32,
}

/// A new branch, and the one that was let go to make room for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forked {
    /// The name of the new branch.
    pub name: String,
    /// The name of the branch that is no longer kept.
    pub dropped: Option<String>,
}

/// The most branches that are kept.
pub const MOST: usize = 24;
/// The longest name of a branch, in characters.
pub const LONGEST_NAME: usize = 32;

impl Branch {
    /// What stays the same while it is kept, whatever its name and place.
    pub const fn id(&self) -> u32 {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The run, as it stands.
    pub fn lab(&self) -> &dyn Lab {
        &*self.lab
    }

    /// The run, to let it go on. Say [`Branch::look`] when it has.
    pub fn lab_mut(&mut self) -> &mut dyn Lab {
        &mut *self.lab
    }

    /// What a restart starts: the scenario with the knobs that were turned since; other acts by hand are gone.
    pub fn setup(&self) -> Scenario {
        let lab = &*self.lab;
        let mut setup = lab.scenario().clone();
        setup.script.retain(|entry| entry.by == By::Script);
        for entry in lab.log().iter().take(lab.done()).filter(|entry| entry.by == By::Hand) {
            if let Act::Set(index, _, value) = entry.act {
                setup.knobs.put(index, value);
            }
        }
        setup
    }

    /// Takes in what the run reported since the last time.
    pub fn look(&mut self) {
        self.story.take_in(&*self.lab);
    }

    /// The notable facts up to now, and those ahead that were seen before a jump back.
    pub const fn story(&self) -> &Story {
        &self.story
    }

    /// Acts and notable facts in order of time, also those ahead that are known.
    pub fn marks(&self) -> Vec<Mark> {
        self.story.marks(&*self.lab)
    }

    /// When it left the branch that it came from; none for a run of its own.
    pub fn forked_at(&self) -> Option<Time> {
        self.from.map(|fork| fork.at)
    }
}

impl Branches {
    /// A run that has not been forked yet.
    pub fn new(lab: Box<dyn Lab>) -> Self {
        let mut branch =
            Branch { id: 0, name: "main".to_owned(), named: false, from: None, lab, story: Story::default() };
        branch.look();
        Self { list: vec![branch], current: 0, next_id: 1 }
    }

    /// Every branch, in the order in which they came to be.
    pub fn all(&self) -> &[Branch] {
        &self.list
    }

    /// The place of the current branch among [`Branches::all`].
    pub const fn index(&self) -> usize {
        self.current
    }

    /// The branch that is acted on.
    pub fn current(&self) -> &Branch {
        &self.list[self.current]
    }

    /// The branch that is acted on.
    pub fn current_mut(&mut self) -> &mut Branch {
        &mut self.list[self.current]
    }

    /// The branch at `index`, to let it go on.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Branch> {
        self.list.get_mut(index)
    }

    /// The place of the branch with this id.
    pub fn place(&self, id: u32) -> Option<usize> {
        self.list.iter().position(|branch| branch.id == id)
    }

    /// The place of the branch called `name`.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|branch| branch.name == name)
    }

    /// The place of the branch that the one at `index` left.
    pub fn parent(&self, index: usize) -> Option<usize> {
        self.place(self.list.get(index)?.from?.parent)
    }

    /// Does `act` in the current branch, or in a new one if a future of the current one has been seen. The error is a
    /// sentence, and then nothing has changed.
    pub fn act(&mut self, act: Act) -> Result<Option<Forked>, String> {
        if !self.has_future() {
            let branch = self.current_mut();
            branch.lab.act(act)?;
            branch.story.forget_future();
            branch.look();
            return Ok(None);
        }
        let name = named_for(&act, self.current().lab.now());
        let mut lab = self.current().lab.boxed_clone();
        lab.act(act)?;
        self.grow(lab, &name).map(Some)
    }

    /// Takes back the latest act by hand, in a new branch if a future of the current one has been seen. The current
    /// branch then stands somewhere before that act, to be advanced from there. None if there is nothing to take back.
    pub fn undo(&mut self) -> Option<(Act, Option<Forked>)> {
        let now = self.current().lab.now();
        if !self.has_future() {
            let branch = self.current_mut();
            let act = branch.lab.undo()?;
            branch.story = Story::default();
            branch.look();
            return Some((act, None));
        }
        let mut lab = self.current().lab.boxed_clone();
        let act = lab.undo()?;
        let forked = self.grow(lab, &format!("no {}", named_for(&act, now))).ok()?;
        let branch = self.current_mut();
        branch.story = Story::default();
        branch.look();
        Some((act, Some(forked)))
    }

    /// Forks here: the current branch is kept, and a copy of it becomes current, named `word` and when.
    pub fn fork(&mut self, word: &str) -> Result<Forked, String> {
        let lab = self.current().lab.boxed_clone();
        let name = format!("{word} @{}", short(lab.now()));
        self.grow(lab, &name)
    }

    /// Forks here under a name of its own; the error is a sentence, and then nothing has changed.
    pub fn fork_as(&mut self, name: &str) -> Result<Forked, String> {
        let name = self.checked(name, None)?;
        let lab = self.current().lab.boxed_clone();
        let forked = self.grow(lab, name)?;
        self.current_mut().named = true;
        Ok(forked)
    }

    /// Makes the branch at `index` current.
    pub fn switch(&mut self, index: usize) {
        if index < self.list.len() {
            self.current = index;
        }
    }

    /// Gives the branch at `index` another name; the error is a sentence.
    pub fn rename(&mut self, index: usize, name: &str) -> Result<(), String> {
        let name = self.checked(name, Some(index))?;
        if let Some(branch) = self.list.get_mut(index) {
            name.clone_into(&mut branch.name);
            branch.named = true;
        }
        Ok(())
    }

    /// Forgets the branch at `index`; branches that left it stand for themselves then. The last one stays. If it was the
    /// current one, the one that it left becomes current, or else the first. The name of what is gone is returned.
    pub fn delete(&mut self, index: usize) -> Result<String, String> {
        if self.list.len() == 1 {
            return Err("The last branch stays.".to_owned());
        }
        if index >= self.list.len() {
            return Err("There is no such branch.".to_owned());
        }
        let to = if index == self.current { self.parent(index).unwrap_or(0) } else { self.current };
        let kept = self.list.get(to).map_or(0, |branch| branch.id);
        let gone = self.list.remove(index);
        self.orphan(gone.id);
        self.current = self.place(kept).unwrap_or(0);
        Ok(gone.name)
    }

    /// Begins another run in place of the branch at `index`; those that left it stand for themselves then.
    pub fn begin(&mut self, index: usize, lab: Box<dyn Lab>) {
        let Some(branch) = self.list.get(index) else { return };
        self.orphan(branch.id);
        let branch = &mut self.list[index];
        branch.from = None;
        branch.lab = lab;
        branch.story = Story::default();
        branch.look();
    }

    /// About how many bytes the histories of all branches take, if they shared nothing.
    pub fn bytes(&self) -> usize {
        self.list.iter().map(|branch| branch.lab.kept().1).sum()
    }

    /// Whether more was seen of the current branch than lies before now.
    fn has_future(&self) -> bool {
        self.current().lab.reached() > self.current().lab.now()
    }

    /// Goes on in a new branch with this run, which left the current one now.
    fn grow(&mut self, lab: Box<dyn Lab>, name: &str) -> Result<Forked, String> {
        let dropped = if self.list.len() < MOST { None } else { Some(self.make_room()?) };
        let parent = self.current();
        let mut story = parent.story.clone();
        story.forget_future();
        let from = Some(Fork { parent: parent.id, at: parent.lab.now() });
        let name = self.unused(name);
        let mut branch = Branch { id: self.next_id, name: name.clone(), named: false, from, lab, story };
        branch.look();
        self.next_id += 1;
        self.list.push(branch);
        self.current = self.list.len() - 1;
        Ok(Forked { name, dropped })
    }

    /// Lets the oldest branch go that nobody named.
    fn make_room(&mut self) -> Result<String, String> {
        let spare = (0..self.list.len()).find(|index| *index != self.current && !self.list[*index].named);
        match spare {
            Some(index) => self.delete(index),
            None => Err(format!("{MOST} branches are kept, all of them named: delete one first.")),
        }
    }

    /// The name without blanks around it, if the branch at `index` or a new one may be called so.
    fn checked<'a>(&self, name: &'a str, index: Option<usize>) -> Result<&'a str, String> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(format!("A branch has a name of 1 to {LONGEST_NAME} characters."));
        }
        if self.find(name).is_some_and(|other| Some(other) != index) {
            return Err(format!("There is a branch {name} already."));
        }
        Ok(name)
    }

    fn orphan(&mut self, parent: u32) {
        for branch in &mut self.list {
            branch.from = branch.from.filter(|fork| fork.parent != parent);
        }
    }

    /// `name`, with a number if it is taken.
    fn unused(&self, name: &str) -> String {
        let names = (1..).map(|n| if n == 1 { name.to_owned() } else { format!("{name} ({n})") });
        names.into_iter().find(|name| self.find(name).is_none()).unwrap_or_default()
    }
}

impl Clone for Branches {
    fn clone(&self) -> Self {
        let copy = |branch: &Branch| Branch {
            id: branch.id,
            name: branch.name.clone(),
            named: branch.named,
            from: branch.from,
            lab: branch.lab.boxed_clone(),
            story: branch.story.clone(),
        };
        Self { list: self.list.iter().map(copy).collect(), current: self.current, next_id: self.next_id }
    }
}

/// What a branch is called that began with `act`: `hang payments @12.4`.
fn named_for(act: &Act, now: Time) -> String {
    let now = short(now);
    match act {
        Act::Fault(fault) => format!("{} {} @{now}", fault.verb.word(), fault.target),
        Act::Set(_, knob, value) => format!("{knob} {value} @{now}"),
    }
}

/// In tenths of a second, whole seconds whole.
fn short(at: Time) -> String {
    match at.millis() / 100 {
        tenths if tenths % 10 == 0 => format!("{}", tenths / 10),
        tenths => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;
    use crate::labs::digest::digest;
    use crate::labs::fault::Vocabulary;

    const END: Time = Time::from_secs(12);

    fn branches() -> Branches {
        Branches::new(Scenario::first(catalogue::find("server").unwrap()).open())
    }

    fn read(branches: &Branches, sentence: &str) -> Act {
        let lab = branches.current().lab();
        let parts = lab.parts();
        Vocabulary { faults: lab.spec().faults, parts: &parts, knobs: lab.knobs() }.read(sentence).unwrap()
    }

    fn act(branches: &mut Branches, sentence: &str) -> Option<Forked> {
        branches.act(read(branches, sentence)).unwrap()
    }

    fn go(branches: &mut Branches, secs: u64) {
        branches.current_mut().lab_mut().seek(Time::from_secs(secs));
        branches.current_mut().look();
    }

    fn names(branches: &Branches) -> Vec<&str> {
        branches.all().iter().map(Branch::name).collect()
    }

    #[test]
    fn acting_in_the_past_keeps_the_future_that_was_seen() {
        let mut it = branches();
        go(&mut it, 2);
        assert_eq!(act(&mut it, "slow server x4 for 3s"), None, "nothing was seen beyond");
        go(&mut it, 12);
        let seen = digest(it.current().lab());
        go(&mut it, 5);
        let forked = act(&mut it, "pause server for 1s").unwrap();
        assert_eq!((forked.name.as_str(), names(&it)), ("pause server @5", vec!["main", "pause server @5"]));
        go(&mut it, 12);
        assert_ne!(digest(it.current().lab()), seen);
        it.switch(0);
        go(&mut it, 12);
        assert_eq!(digest(it.current().lab()), seen, "the old future is as it was");
        assert_eq!((it.parent(1), it.all()[1].forked_at()), (Some(0), Some(Time::from_secs(5))));
    }

    #[test]
    fn looking_back_changes_nothing_and_taking_back_in_the_past_forks_too() {
        let mut it = branches();
        go(&mut it, 2);
        act(&mut it, "slow server x4");
        go(&mut it, 12);
        let seen = digest(it.current().lab());
        for secs in [1, 9, 3, 12] {
            go(&mut it, secs);
        }
        assert_eq!((it.all().len(), digest(it.current().lab())), (1, seen));
        go(&mut it, 6);
        let (undone, forked) = it.undo().unwrap();
        assert_eq!(undone.to_string(), "slow server x4");
        assert_eq!(forked.unwrap().name, "no slow server @6");
        go(&mut it, 12);
        let clean = Scenario::first(catalogue::find("server").unwrap()).run(END);
        assert_eq!(digest(it.current().lab()), digest(&*clean));
        it.switch(0);
        go(&mut it, 12);
        assert_eq!(digest(it.current().lab()), seen);
    }

    #[test]
    fn branches_are_renamed_and_deleted_and_the_last_one_stays() {
        let mut it = branches();
        go(&mut it, 3);
        it.fork("fork").unwrap();
        it.fork("fork").unwrap();
        assert_eq!(names(&it), ["main", "fork @3", "fork @3 (2)"]);
        it.rename(1, " better ").unwrap();
        assert_eq!(it.rename(2, "better"), Err("There is a branch better already.".to_owned()));
        assert!(it.rename(2, "").is_err());
        assert_eq!(it.parent(2), Some(1));
        assert_eq!(it.delete(2).as_deref(), Ok("fork @3 (2)"));
        assert_eq!(it.current().name(), "better", "back to the branch that it left");
        it.delete(0).unwrap();
        assert_eq!((names(&it), it.parent(0)), (vec!["better"], None));
        assert!(it.delete(0).is_err());
    }

    #[test]
    fn only_so_many_are_kept_and_those_with_a_name_of_their_own_stay() {
        let mut it = branches();
        it.rename(0, "mine").unwrap();
        for _ in 1..MOST {
            assert_eq!(it.fork("fork").unwrap().dropped, None);
        }
        assert_eq!(it.fork("fork").unwrap().dropped.as_deref(), Some("fork @0"));
        assert_eq!((it.all().len(), it.find("mine")), (MOST, Some(0)));
        for index in 0..MOST {
            it.rename(index, &format!("kept {index}")).unwrap();
        }
        assert!(it.fork("fork").is_err());
        assert_eq!(it.all().len(), MOST);
    }

    #[test]
    fn an_act_that_is_refused_leaves_no_branch() {
        let mut it = branches();
        go(&mut it, 5);
        go(&mut it, 2);
        let heal = read(&it, "heal all");
        assert!(it.act(heal).is_err());
        assert_eq!(it.all().len(), 1);
    }
}
