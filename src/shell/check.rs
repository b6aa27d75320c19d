//! Checks a course against the labs: every set-up is one, every claim holds, every prediction has one outcome, every
//! goal can be reached and is not reached already.

mod remedies;

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::judge;
use super::setup::{self, Wrong};
use crate::course::place::{Name, Place};
use crate::course::setup::{Claim, Cure, Goal, Predict, ScenarioFile, SetUp};
use crate::course::{Course, Coverage, Loaded, Problem, Texts};
use crate::engine::run::Entry;
use crate::engine::time::{Span, Time};
use crate::labs::fault::{Act, Verb};
use crate::labs::judge::{Decided, Judged, Trial};
use crate::labs::knob::{Knob, Value};
use crate::labs::lab::Promise;
use crate::labs::language;
use crate::labs::questions;
use crate::labs::scenario::Scenario;
use crate::labs::text::nearest;

/// The share of its seeds on which doing nothing must not reach a goal.
const UNREACHED: f64 = 0.8;
/// Seeds that doing nothing is judged on at most: a share needs fewer than a promise.
const IDLE_SEEDS: u64 = 20;

/// How many problems of one generator are shown: one is rarely alone.
const SHOWN: usize = 5;

/// The seeds of generated questions that are looked at, of each template.
const GENERATED: RangeInclusive<u64> = 1..=50;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// Everything that is wrong or doubtful, in the order of the files.
    pub problems: Vec<Problem>,
    /// How many things were run.
    pub ran: Ran,
}

/// How much of a course was run.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Ran {
    /// Claims, each `expect` line counted.
    pub claims: usize,
    /// Predictions.
    pub predictions: usize,
    /// Goals.
    pub goals: usize,
    /// Remedies, each counted.
    pub remedies: usize,
    /// Scenario files, labs of steps, and labs of questions and drills.
    pub setups: usize,
    /// Questions that the simulator wrote.
    pub generated: u64,
}

/// One thing to run.
#[derive(Clone, Copy)]
enum Item<'a> {
    Scenario(&'a ScenarioFile),
    SetUp(&'a SetUp, Time),
    Claim(&'a Claim),
    Predict(&'a Predict),
    Goal(&'a Goal),
    Cure(&'a Cure),
    Generator(&'a Name, &'a Course),
}

/// Checks a loaded course; `seeds` judges on 1 to that many in place of the seeds that the course names. `progress` is
/// told how many items of how many are done, from any thread.
pub fn check(loaded: &Loaded, seeds: Option<u64>, progress: &(dyn Fn(usize, usize) + Sync)) -> Report {
    let items = items(&loaded.course);
    let done = AtomicUsize::new(0);
    let checker = Checker { texts: &loaded.texts, seeds };
    let found: Vec<Vec<Problem>> = items
        .par_iter()
        .map(|item| {
            let found = checker.item(*item);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
            found
        })
        .collect();
    let mut ran = Ran::default();
    for item in &items {
        match item {
            Item::Scenario(_) | Item::SetUp(..) => ran.setups += 1,
            Item::Claim(claim) => ran.claims += claim.expect.len(),
            Item::Predict(_) => ran.predictions += 1,
            Item::Goal(_) => ran.goals += 1,
            Item::Cure(cure) => ran.remedies += cure.remedies.len(),
            Item::Generator(..) => ran.generated += checker.seeds(GENERATED).count() as u64,
        }
    }
    let mut problems = loaded.problems.clone();
    problems.extend(found.into_iter().flatten());
    problems.extend(Coverage::of(&loaded.course).gaps(&loaded.texts));
    problems.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    problems.dedup();
    Report { problems, ran }
}

fn items(course: &Course) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    for chapter in &course.chapters {
        items.extend(chapter.scenarios.values().map(Item::Scenario));
        for step in chapter.lessons.iter().flat_map(|lesson| &lesson.steps) {
            items.extend(step.lab().map(|lab| Item::SetUp(&lab.setup, lab.from)));
            items.extend(step.claims().map(Item::Claim));
            items.extend(step.predictions().map(Item::Predict));
            items.extend(step.goals().map(Item::Goal));
            items.extend(step.cures().map(Item::Cure));
        }
        items.extend(chapter.generators.iter().map(|name| Item::Generator(name, course)));
        let questions = chapter.questions.iter().filter_map(|question| question.see.as_ref());
        let drills = chapter.drills.iter().filter_map(|drill| drill.see.as_ref());
        items.extend(questions.chain(drills).map(|see| Item::SetUp(&see.setup, see.from)));
    }
    items
}

struct Checker<'a> {
    texts: &'a Texts,
    seeds: Option<u64>,
}

impl Checker<'_> {
    fn item(&self, item: Item<'_>) -> Vec<Problem> {
        let result = match item {
            Item::Scenario(file) => self.scenario(file),
            Item::SetUp(setup, from) => self.setup(setup, from),
            Item::Claim(claim) => self.claim(claim),
            Item::Predict(predict) => self.predict(predict),
            Item::Goal(goal) => self.goal(goal),
            Item::Cure(cure) => remedies::check(cure, self.seeds, self.texts),
            Item::Generator(name, course) => Ok(self.generator(name, course)),
        };
        result.unwrap_or_else(|wrong| wrong.into_iter().map(|wrong| self.misread(&wrong)).collect())
    }

    fn misread(&self, (place, misread): &Wrong) -> Problem {
        let place = self.texts.within(*place, misread.at.clone());
        self.texts.error(place, &misread.message, misread.help.as_deref())
    }

    fn error(&self, place: Place, message: &str) -> Problem {
        self.texts.error(place, message, None)
    }

    fn seeds(&self, own: RangeInclusive<u64>) -> RangeInclusive<u64> {
        self.seeds.map_or(own, |n| 1..=n.max(1))
    }

    fn setup(&self, setup: &SetUp, from: Time) -> Result<Vec<Problem>, Vec<Wrong>> {
        let run = Trial::new(setup::scenario(setup)?, from).run(setup.seed);
        Ok(self.sound(run, setup.place).into_iter().collect())
    }

    /// A run that did not end, or that broke what must never break.
    fn sound(&self, run: Result<Box<dyn crate::labs::lab::Lab>, String>, place: Place) -> Option<Problem> {
        let lab = match run {
            Ok(lab) => lab,
            Err(because) => return Some(self.error(place, &because)),
        };
        // A property may break, that is the lesson; and a guarantee is void where a rule is broken on purpose.
        let must_hold = |kind| match kind {
            Promise::Sanity => true,
            Promise::Guarantee => !breaks_rules(lab.scenario()),
            Promise::Property => false,
        };
        let mut standings = lab.invariants().into_iter().filter(|it| must_hold(it.invariant.kind));
        let broken = standings.find_map(|it| it.broken.map(|broken| (it.invariant.name, broken.clone())));
        let (name, broken) = broken?;
        Some(
            self.error(place, &format!("the invariant `{name}` breaks at {} s: {}", broken.at, broken.facts)),
        )
    }

    fn scenario(&self, file: &ScenarioFile) -> Result<Vec<Problem>, Vec<Wrong>> {
        let seed = file.setup.seed;
        self.expected(&file.setup, file.length, &file.expect, seed..=seed)
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<Problem>, Vec<Wrong>> {
        self.expected(&claim.setup, claim.length, &claim.expect, self.seeds(claim.seeds.iter()))
    }

    /// Runs a set-up on each seed and judges every condition.
    fn expected(
        &self,
        setup: &SetUp,
        length: Span,
        expect: &[Name],
        seeds: RangeInclusive<u64>,
    ) -> Result<Vec<Problem>, Vec<Wrong>> {
        let scenario = setup::scenario(setup)?;
        let until = Time::ZERO + length;
        let mut problems: Vec<Problem> = self
            .sound(Trial::new(scenario.clone(), until).run(*seeds.start()), setup.place)
            .into_iter()
            .collect();
        let claims: Vec<language::Claim> = read_all(expect, |text| setup::claim(text, scenario.lab.spec))?;
        for (text, claim) in expect.iter().zip(&claims) {
            problems.extend(self.beyond(text, claim.latest(), until));
        }
        let judged = judge::claims(&Trial::new(scenario, until), claims, &seeds);
        for (text, judged) in expect.iter().zip(&judged) {
            if !judged.verdict.holds {
                problems
                    .push(self.error(text.place, &format!("this does not hold: {}", judged.verdict.because)));
            }
        }
        Ok(problems)
    }

    /// A condition that looks past the end of its run.
    fn beyond(&self, text: &Name, latest: Time, until: Time) -> Option<Problem> {
        let message = format!("this looks at {latest} s, but the run ends at {until} s");
        (latest > until).then(|| self.error(text.place, &message))
    }

    fn predict(&self, predict: &Predict) -> Result<Vec<Problem>, Vec<Wrong>> {
        let scenario = setup::scenario(&predict.setup)?;
        let outcomes = setup::outcomes(predict, scenario.lab.spec)?;
        let seeds = self.seeds(predict.seeds.iter());
        let own = predict.setup.seed;
        let trial = Trial::new(scenario, predict.until);
        let mut decided = judge::prediction(&trial, &outcomes, seeds);
        decided.push((own, trial.outcome(own, &outcomes)));
        let unsound = decided.iter().find_map(|(seed, decided)| match decided {
            Decided::One(_) => None,
            Decided::None => Some(format!("on seed {seed} none of the outcomes comes true")),
            Decided::Several(which) => {
                let which: Vec<String> = which.iter().map(|i| (i + 1).to_string()).collect();
                Some(format!("on seed {seed} outcomes {} come true together", which.join(" and ")))
            }
        });
        Ok(unsound.map(|message| self.error(predict.id.place, &message)).into_iter().collect())
    }

    /// Writes questions of a template and looks for what makes one unusable.
    fn generator(&self, name: &Name, course: &Course) -> Vec<Problem> {
        let Some(template) = questions::find(name) else {
            let all: Vec<&str> = questions::TEMPLATES.iter().map(|it| it.name).collect();
            let help = nearest(name, all.iter().copied()).map_or_else(
                || format!("there are: {}", all.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no generator `{name}`");
            return vec![self.texts.error(name.place, &message, Some(&help))];
        };
        let unknown = template.concepts.iter().filter(|id| course.concept(id).is_none());
        let mut wrong: Vec<String> =
            unknown.map(|id| format!("it is about the concept `{id}`, which the course lacks")).collect();
        for seed in self.seeds(GENERATED) {
            wrong
                .extend(generated_wrong(template, seed, course).map(|why| format!("with seed {seed} {why}")));
        }
        wrong.sort();
        wrong.dedup();
        wrong.truncate(SHOWN);
        wrong.iter().map(|why| self.error(name.place, why)).collect()
    }

    fn goal(&self, goal: &Goal) -> Result<Vec<Problem>, Vec<Wrong>> {
        let scenario = setup::scenario(&goal.setup)?;
        let solved = setup::solved(goal)?;
        let condition = setup::condition(&goal.goal, scenario.lab.spec).map_err(|wrong| vec![wrong])?;
        let locks = setup::unknown_locks(goal, &scenario);
        if !locks.is_empty() {
            return Err(locks);
        }
        let until = Time::ZERO + goal.length;
        let mut problems: Vec<Problem> =
            self.beyond(&goal.goal, condition.latest(), until).into_iter().collect();
        let judge = |scenario: Scenario, seeds| judge::goal(&Trial::new(scenario, until), &condition, seeds);
        let seeds = self.seeds(goal.seeds.iter());
        let few = *seeds.start()..=(*seeds.end()).min(seeds.start().saturating_add(IDLE_SEEDS - 1));
        let (idle, solved) = (judge(scenario, few), judge(solved, seeds));
        let share = |judged: &Judged| judged.passed() as f64 / judged.of.max(1) as f64;
        if share(&idle) > 1.0 - UNREACHED {
            let message =
                format!("this goal is met by doing nothing on {} of {} seeds", idle.passed(), idle.of);
            problems.push(self.error(goal.goal.place, &message));
        }
        // A learner has reached it when it holds on every seed, so the solution has to.
        if solved.passed() < solved.of {
            let because = &solved.verdict.because;
            let message = format!(
                "its solution meets it on {} of {} seeds only; {because}",
                solved.passed(),
                solved.of
            );
            problems.push(self.error(goal.goal.place, &message));
        }
        Ok(problems)
    }
}

/// What is wrong with a generated question.
fn generated_wrong(template: &questions::Template, seed: u64, course: &Course) -> Option<String> {
    let Some(question) = template.generate(seed) else { return Some("it finds no question".to_owned()) };
    let rights = question.options.iter().filter(|option| option.wrong.is_none()).count();
    if rights != 1 {
        return Some(format!("it writes a question with {rights} right options"));
    }
    if template.generate(seed).as_ref() != Some(&question) {
        return Some("it writes another question the second time".to_owned());
    }
    let ids = question.options.iter().filter_map(|option| option.wrong.as_ref().map(|it| it.misconception));
    let lost = ids.into_iter().find(|id| course.misconception(id).is_none())?;
    Some(format!("an option names the misconception `{lost}`, which the course lacks"))
}

/// Reads every text, or gives all errors.
fn read_all<T>(texts: &[Name], read: impl Fn(&Name) -> Result<T, Wrong>) -> Result<Vec<T>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let all: Vec<T> =
        texts.iter().filter_map(|text| read(text).map_err(|err| wrong.push(err)).ok()).collect();
    if wrong.is_empty() { Ok(all) } else { Err(wrong) }
}
/// Whether a scenario breaks a rule of what it shows on purpose: by a flaw, by quorums of its own, or by losing a disk.
fn breaks_rules(scenario: &Scenario) -> bool {
    let differs = |(knob, value): (&Knob, Value)| {
        ["flaw", "q1", "q2"].contains(&knob.name) && knob.read(knob.default) != Ok(value)
    };
    let wipes = |entry: &Entry<Act>| matches!(&entry.act, Act::Fault(fault) if fault.verb == Verb::Wipe);
    scenario.knobs.iter().any(differs) || scenario.script.iter().any(wipes)
}
