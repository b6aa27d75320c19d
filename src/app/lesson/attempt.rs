//! A goal being tried: the learner turns knobs and perturbs, sees live how the condition stands, and has it judged on
//! runs that they have not seen. Three hints and a solution are there for who wants them.

use std::time::Duration;

use crate::app::brief::Brief;
use crate::app::keymap::Command;
use crate::app::passage::{Passage, Weight};
use crate::app::player::{Player, scenario_of};
use crate::app::screen::Cx;
use crate::app::{Effect, Judged, Judging};
use crate::course::Inlines;
use crate::course::setup::Goal;
use crate::engine::time::Time;
use crate::labs::fault::timed;
use crate::labs::scenario::Scenario;
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
    /// How it was judged.
    pub verdict: Verdict,
    failing: usize,
}

/// How a goal was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Not yet.
    None,
    /// It is being judged.
    Waiting,
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

    /// Whether it was judged and held on every run.
    pub fn is_reached(&self) -> bool {
        matches!(&self.verdict, Verdict::Judged(judged) if judged.of > 0 && judged.passed == judged.of)
    }

    /// Whether a command would do anything now.
    pub fn allows(&self, command: Command) -> bool {
        match command {
            Command::Goal => self.verdict != Verdict::Waiting,
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
        let played = self.player.recorded();
        let set =
            played.knobs.iter().map(|(knob, value)| (knob.name.to_owned(), value.to_string())).collect();
        cx.effects.push(Effect::Judge(Box::new(Judging {
            goal: self.goal.id.value.clone(),
            lab: self.base.lab.spec.name.to_owned(),
            preset: played.preset.to_owned(),
            set,
            at: played.script.iter().map(timed).collect(),
            condition: self.goal.goal.value.clone(),
            length: self.goal.length,
            seeds: self.goal.seeds,
        })));
        self.asked = Some(played);
        self.verdict = Verdict::Waiting;
        self.failing = 0;
    }

    /// Takes in how it was judged and records it, if it is this goal that was.
    pub fn judged(&mut self, judged: &Judged, cx: &mut Cx<'_>) {
        if self.goal.id != judged.goal.as_str() || self.verdict != Verdict::Waiting {
            return;
        }
        let changes = self.asked.as_ref().map_or_else(Vec::new, |asked| changes(&self.base, asked));
        cx.record(Kind::GoalTried(GoalTried {
            goal: judged.goal.clone(),
            chapter: self.chapter.clone(),
            concept: self.goal.concept.as_ref().map(|it| it.value.clone()),
            changes,
            passed: judged.passed,
            of: judged.of,
            failed: judged.failed.clone(),
        }));
        self.verdict = Verdict::Judged(judged.clone());
    }

    /// The next hint, then the solution, then the solution in the lab.
    fn hint(&mut self, cx: &mut Cx<'_>) {
        self.rungs += 1;
        if self.rungs <= HINTS {
            let (goal, chapter) = (self.goal.id.value.clone(), self.chapter.clone());
            cx.record(Kind::HintTaken(HintTaken { goal, chapter, n: self.rungs }));
        } else if self.rungs > HINTS + 1 {
            self.rungs = HINTS + 1;
            match self.solved() {
                Ok(player) => {
                    self.player = player;
                    self.settle();
                    cx.say("The solution is set up from 0 s. Space runs it, g judges it.");
                }
                Err(sentence) => cx.refuse(sentence),
            }
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
            passages.push(Passage::note("i sets it up in the lab.", Weight::Dim));
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
        let waiting = self.verdict == Verdict::Waiting || self.is_reached();
        let text = "A knob counts from the moment you turn it. R starts over, with all of them from 0 s.";
        (!waiting).then(|| Passage::note(text, Weight::Dim))
    }

    fn result(&self) -> Passage {
        let runs = self.goal.seeds.count();
        match &self.verdict {
            Verdict::None => {
                let text = format!(
                    "Change knobs, run it, then press g: it is judged on {runs} runs that you have not seen."
                );
                Passage::note(text, Weight::Dim)
            }
            Verdict::Waiting => Passage::note(format!("Judging on {runs} runs ..."), Weight::Strong),
            Verdict::Judged(judged) if self.is_reached() => {
                let text = format!("{} of {} runs: reached. n goes on.", judged.passed, judged.of);
                Passage::note(text, Weight::Good)
            }
            Verdict::Judged(judged) => {
                let seeds: Vec<String> = judged.failed.iter().take(NAMED).map(u64::to_string).collect();
                let rest = judged.failed.len().saturating_sub(NAMED);
                let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                let text = format!(
                    "{} of {} runs. It did not hold on seeds {}{rest}: x opens one.",
                    judged.passed,
                    judged.of,
                    seeds.join(", ")
                );
                Passage::note(text, Weight::Bad)
            }
        }
    }

    fn solution(&self) -> String {
        let set = self.goal.solution.set.iter().map(|it| format!("{} = {}", it.knob, it.value));
        let at = self.goal.solution.at.iter().map(|it| it.value.clone());
        set.chain(at).collect::<Vec<_>>().join(", ")
    }
}

/// What the learner changed of a goal's set-up, each as a line.
fn changes(base: &Scenario, played: &Scenario) -> Vec<String> {
    let knobs = base.knobs.iter().zip(played.knobs.iter()).filter(|((_, was), (_, is))| was != is);
    let knobs = knobs.map(|(_, (knob, is))| format!("set {} {is}", knob.name));
    let own = played.script.iter().filter(|entry| !base.script.contains(entry));
    knobs.chain(own.map(timed)).collect()
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
        let lines = changes(&base, &own);
        assert_eq!(lines[0], "set workers 20");
        assert!(lines[1].starts_with("2s slow server"), "{lines:?}");
        assert_eq!(changes(&base, &base), [""; 0]);
    }
}
