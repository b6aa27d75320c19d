//! A goal being tried: the learner turns knobs and perturbs, sees live how the condition stands, and has it judged on
//! runs that they have not seen. Three hints and a solution are there for who wants them.

use std::time::Duration;

use crate::app::brief::Brief;
use crate::app::keymap::Command;
use crate::app::passage::{Passage, Weight};
use crate::app::player::{Player, scenario_of};
use crate::app::screen::Cx;
use crate::app::work::{News, Work};
use crate::app::{Effect, Judged, Judging};
use crate::course::Inlines;
use crate::course::setup::Goal;
use crate::engine::run::{By, Entry};
use crate::engine::time::Time;
use crate::labs::fault::{Act, timed};
use crate::labs::scenario::Scenario;
use crate::labs::why::{Element, changes, typed};
use crate::study::progress::GoalState;
use crate::study::record::{GoalTried, HintTaken, Kind};

/// How long it may take to watch a run to its end.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many hints there are; the solution comes after them.
const HINTS: u32 = 3;
/// How many failed seeds are named.
const NAMED: usize = 6;

/// A goal being tried.
#[derive(Debug)]
pub struct Attempt {
    /// The goal.
    pub goal: Goal,
    chapter: String,
    /// The goal's own set-up.
    base: Scenario,
    /// The lab.
    pub player: Player,
    /// What it is judged by.
    pub brief: Brief,
    /// How many hints are open; one more with the solution.
    rungs: u32,
    asked: Option<Scenario>,
    /// The ticket under which it is being judged, or was last.
    ticket: u64,
    /// The learner's own lab, while the solution plays in its place.
    own: Option<Box<Player>>,
    /// How it was judged.
    pub verdict: Verdict,
    failing: usize,
}

/// How a goal was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Not yet.
    None,
    /// It is being judged, on so many seeds by now.
    Waiting(usize),
    /// It was.
    Judged(Judged),
}

impl Attempt {
    /// Opens a goal of a chapter; the error is a sentence.
    pub fn open(goal: &Goal, chapter: &str, state: Option<&GoalState>) -> Result<Self, String> {
        let base = scenario_of(&goal.setup)?;
        let brief = Brief::of_goal(goal, &base)?;
        let mut attempt = Self {
            goal: goal.clone(),
            chapter: chapter.to_owned(),
            player: Player::open(&base, Time::ZERO),
            base,
            brief,
            rungs: state.map_or(0, |it| it.hints.min(HINTS)),
            asked: None,
            ticket: 0,
            own: None,
            verdict: Verdict::None,
            failing: 0,
        };
        attempt.settle();
        Ok(attempt)
    }

    /// Fixes the locked knobs of a new player and gives it a pace at which the end is seen soon.
    fn settle(&mut self) {
        self.player.halt_at(self.brief.end);
        self.player.lock(self.goal.locked.iter().map(|it| it.value.as_str()));
        self.player.hurry(self.goal.length, PATIENCE);
    }

    const fn is_waiting(&self) -> bool {
        matches!(self.verdict, Verdict::Waiting(_))
    }

    /// Whether it was judged and held on every run.
    pub fn is_reached(&self) -> bool {
        matches!(&self.verdict, Verdict::Judged(judged) if judged.of > 0 && judged.passed == judged.of)
    }

    /// Whether a command would do anything now.
    pub fn allows(&self, command: Command) -> bool {
        match command {
            Command::Goal => !self.is_waiting() && self.own.is_none(),
            Command::Hint => self.rungs <= HINTS + 1,
            Command::OpenFailing => {
                matches!(&self.verdict, Verdict::Judged(judged) if !judged.failed.is_empty())
            }
            Command::Back => true,
            _ => false,
        }
    }

    /// Does what was asked for; true if what is new stands at the end of the text. Scrolling and closing are the lesson's.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let before = self.rungs;
        match command {
            Command::Goal => self.judge(cx),
            Command::Hint => self.hint(cx),
            Command::OpenFailing => self.open_failing(cx),
            _ => {}
        }
        self.rungs > before
    }

    fn judge(&mut self, cx: &mut Cx<'_>) {
        if self.own.is_some() {
            return cx
                .refuse("This is the solution that plays: i brings your own set-up back, to do it by hand.");
        }
        let played = as_started(self.player.recorded());
        let set =
            played.knobs.iter().map(|(knob, value)| (knob.name.to_owned(), value.to_string())).collect();
        self.ticket = cx.shared.draw();
        let judging = Judging {
            lab: self.base.lab.spec.name.to_owned(),
            preset: played.preset.to_owned(),
            set,
            at: played.script.iter().map(timed).collect(),
            condition: self.goal.goal.value.clone(),
            length: self.goal.length,
            seeds: self.goal.seeds,
        };
        cx.effects.push(Effect::Work(self.ticket, Box::new(Work::Judge(judging))));
        self.asked = Some(played);
        self.verdict = Verdict::Waiting(0);
        self.failing = 0;
    }

    /// Takes in how far the judging is, or how it ended, and then records it; false if it is another's.
    pub fn hear(&mut self, ticket: u64, news: &News, cx: &mut Cx<'_>) -> bool {
        if ticket != self.ticket {
            return false;
        }
        match (news, &mut self.verdict) {
            (News::Runs(runs), Verdict::Waiting(before)) => *before = (*runs).max(*before),
            (News::Judged(judged), Verdict::Waiting(_)) => self.judged(judged, cx),
            _ => {}
        }
        true
    }

    fn judged(&mut self, judged: &Judged, cx: &mut Cx<'_>) {
        let changes = typed(&self.changes());
        cx.record(Kind::GoalTried(GoalTried {
            goal: self.goal.id.value.clone(),
            chapter: self.chapter.clone(),
            concept: self.goal.concept.as_ref().map(|it| it.value.clone()),
            changes,
            passed: judged.passed,
            of: judged.of,
            failed: judged.failed.clone(),
        }));
        self.verdict = Verdict::Judged(judged.clone());
    }

    /// What the learner changed of the goal's set-up when it was judged last.
    fn changes(&self) -> Vec<Element> {
        self.asked.as_ref().map_or_else(Vec::new, |asked| changes(&self.base, asked))
    }

    /// How many changes the solution takes.
    fn par(&self) -> usize {
        self.goal.solution.set.len() + self.goal.solution.at.len()
    }

    /// The next hint, then the solution, then the solution in the lab, and back.
    fn hint(&mut self, cx: &mut Cx<'_>) {
        self.rungs += 1;
        if self.rungs <= HINTS {
            let (goal, chapter) = (self.goal.id.value.clone(), self.chapter.clone());
            cx.record(Kind::HintTaken(HintTaken { goal, chapter, n: self.rungs }));
        } else if self.rungs > HINTS + 1 {
            self.rungs = HINTS + 1;
            self.watch(cx);
        }
    }

    /// Plays the solution in place of the learner's lab, which is kept; or brings that back.
    fn watch(&mut self, cx: &mut Cx<'_>) {
        if let Some(own) = self.own.take() {
            self.player = *own;
            return cx.say("Your own set-up, as you left it. Now do it by hand; g judges it.");
        }
        match self.solved() {
            Ok(player) => {
                self.player.pause();
                self.own = Some(Box::new(std::mem::replace(&mut self.player, player)));
                self.settle();
                self.player.toggle();
                cx.say("The solution plays. i brings your own set-up back.");
            }
            Err(sentence) => cx.refuse(sentence),
        }
    }

    fn solved(&self) -> Result<Player, String> {
        let mut setup = self.goal.setup.clone();
        let solution = &self.goal.solution;
        setup.set.retain(|old| !solution.set.iter().any(|new| new.knob.value == old.knob.value));
        setup.set.extend(solution.set.iter().cloned());
        setup.at.extend(solution.at.iter().cloned());
        Ok(Player::open(&scenario_of(&setup)?, Time::ZERO))
    }

    fn open_failing(&mut self, cx: &mut Cx<'_>) {
        let (Verdict::Judged(judged), Some(asked)) = (&self.verdict, &self.asked) else { return };
        let Some(seed) = judged.failed.get(self.failing % judged.failed.len().max(1)).copied() else {
            return;
        };
        self.failing += 1;
        self.own = None;
        self.player = Player::open(&asked.with_seed(seed), Time::ZERO);
        self.settle();
        cx.say(format!("Your set-up with seed {seed}, on which it did not hold. Space runs it."));
    }

    /// What stands in the text area.
    pub fn passages(&self) -> Vec<Passage> {
        let title = Inlines::from_plain(self.goal.title.clone());
        let mut passages = vec![Passage::item("GOAL  ", title, Weight::Strong)];
        passages.extend(self.brief.standings(self.player.lab()).into_iter().map(|it| {
            let weight = match it.holds {
                Some(true) => Weight::Good,
                Some(false) => Weight::Bad,
                None => Weight::Plain,
            };
            Passage::item(format!("  {}  ", it.mark()), Inlines::from_plain(it.text), weight)
        }));
        passages.push(self.result());
        passages.extend(self.note());
        let hints = self.goal.hints.iter().zip(1..).take_while(|(_, n)| *n <= self.rungs);
        passages
            .extend(hints.map(|(hint, n)| Passage::item(format!("hint {n}  "), hint.clone(), Weight::Plain)));
        if self.rungs > HINTS {
            passages.push(Passage::item("solution  ", Inlines::from_plain(self.solution()), Weight::Strong));
            passages.push(Passage::item("          ", self.goal.solution_text.clone(), Weight::Plain));
            let note = if self.own.is_some() {
                "i brings your own set-up back."
            } else {
                "i plays it in the lab; after that it is still yours to do by hand."
            };
            passages.push(Passage::note(note, Weight::Dim));
        }
        passages
    }

    /// What must be known to understand the result.
    fn note(&self) -> Option<Passage> {
        let end = self.brief.end.secs();
        if self.player.lab().now() > self.brief.end {
            let text = format!("The run went on past {end} s, where it is judged: R starts over from 0 s.");
            return Some(Passage::note(text, Weight::Strong));
        }
        let waiting = self.is_waiting() || self.is_reached() || self.own.is_some();
        let text = "A knob counts from the moment you turn it. R starts over, with all of them from 0 s.";
        (!waiting).then(|| Passage::note(text, Weight::Dim))
    }

    fn result(&self) -> Passage {
        let runs = self.goal.seeds.count();
        let par = counted(self.par());
        if self.own.is_some() {
            let text = "The solution plays. i brings your own set-up back: do it by hand, then g judges it.";
            return Passage::note(text, Weight::Strong);
        }
        match &self.verdict {
            Verdict::None => {
                let text = format!(
                    "Change knobs, run it, then press g: it is judged on {runs} runs that you have not seen. Par is {par}."
                );
                Passage::note(text, Weight::Dim)
            }
            Verdict::Waiting(done) => {
                Passage::note(format!("Judging: {done} of {runs} runs ..."), Weight::Strong)
            }
            Verdict::Judged(judged) if self.is_reached() => {
                let (passed, of) = (judged.passed, judged.of);
                let text = format!("{passed} of {of} runs: reached, with {}. n goes on.", self.against_par());
                Passage::note(text, Weight::Good)
            }
            Verdict::Judged(judged) => {
                let seeds: Vec<String> = judged.failed.iter().take(NAMED).map(u64::to_string).collect();
                let rest = judged.failed.len().saturating_sub(NAMED);
                let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                let text = format!(
                    "{} of {} runs, with {}. It did not hold on seeds {}{rest}: x opens one.",
                    judged.passed,
                    judged.of,
                    self.against_par(),
                    seeds.join(", ")
                );
                Passage::note(text, Weight::Bad)
            }
        }
    }

    /// How many changes the learner took, and how many the solution takes: `3 changes, par 2`.
    fn against_par(&self) -> String {
        format!("{}, par {}", counted(self.changes().len()), self.par())
    }

    fn solution(&self) -> String {
        let set = self.goal.solution.set.iter().map(|it| format!("{} = {}", it.knob, it.value));
        let at = self.goal.solution.at.iter().map(|it| it.value.clone());
        set.chain(at).collect::<Vec<_>>().join(", ")
    }
}

/// The run with the knobs that were turned before anything happened set from its start: the same change, told once.
fn as_started(mut run: Scenario) -> Scenario {
    let before = |entry: &Entry<Act>| entry.at == Time::ZERO && entry.n == 0 && entry.by == By::Hand;
    run.script.retain(|entry| match entry.act {
        Act::Set(index, _, value) if before(entry) => {
            run.knobs.put(index, value);
            false
        }
        _ => true,
    });
    run
}

fn counted(changes: usize) -> String {
    format!("{changes} change{}", if changes == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;

    #[test]
    fn changes_are_knobs_and_acts_that_the_goal_did_not_bring() {
        let base = Scenario::first(catalogue::find("server").unwrap());
        let mut player = Player::open(&base, Time::ZERO);
        player.seek(Time::from_secs(2));
        player.press(1);
        let mut own = player.recorded();
        own.knobs.set("workers", "20").unwrap();
        let lines = typed(&changes(&base, &own));
        assert_eq!(lines[0], "set workers 20");
        assert!(lines[1].starts_with("2s slow server"), "{lines:?}");
        assert_eq!(changes(&base, &base), []);
    }
}
