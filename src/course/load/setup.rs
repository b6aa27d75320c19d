//! Reads set-ups, scenario files and the interactive blocks. Knows no lab: names and conditions stay text.

use std::collections::BTreeMap;

use super::super::fields::{self, Fields};
use super::super::markdown::{self, Desk, Fence, FenceKind};
use super::super::nearest;
use super::super::origin::Origin;
use super::super::place::{Name, Place};
use super::super::prose::{Block, Inlines};
use super::super::setup::{
    Claim, Goal, LabBlock, Outcome, Predict, RunKeys, ScenarioFile, See, Seeds, SetUp, Setting, Solution,
    Start, When,
};
use super::{cure, slug};
use crate::engine::time::{Span, Time};

/// The scenarios of a chapter by name; `None` for one whose file is broken.
pub(super) type Scenarios = BTreeMap<String, Option<ScenarioFile>>;

/// What the readers of one chapter share.
#[derive(Clone, Copy)]
pub(super) struct Shelf<'a> {
    /// Where problems and links go.
    pub desk: &'a Desk<'a>,
    /// The chapter's scenarios.
    pub scenarios: &'a Scenarios,
}

/// How long a run takes where nobody says.
pub(super) const LENGTH: Span = Span::from_secs(60);
/// The longest run that content may ask for.
const LONGEST_RUN: Span = Span::from_secs(3_600);
/// The seeds of claims, predictions and comparisons where nobody says.
pub(super) const SEEDS: Seeds = Seeds { first: 1, last: 20 };
/// The seeds of goals where nobody says: none that a learner sees.
const UNSEEN_SEEDS: Seeds = Seeds { first: 1001, last: 1100 };
/// The most fault sentences of a script.
const MOST_SENTENCES: usize = 10_000;
/// The most knobs that are set; no lab has as many.
const MOST_KNOBS: usize = 500;
/// The most seeds that content may ask for.
const MOST_SEEDS: u64 = 10_000;

/// Reads the set-up keys of a table: `scenario`, `lab`, `preset`, `seed`, `set`, `at`.
pub(super) fn setup(fields: &mut Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<SetUp> {
    let scenario = fields.line_maybe("scenario");
    let lab = fields.line_maybe("lab");
    let preset = fields.line_maybe("preset");
    let seed = fields.whole("seed", 0..u64::MAX).map(|seed| seed.value);
    let set = settings(fields);
    let at = sentences(fields, "at");
    let base = match &scenario {
        Some(name) => Some(find_scenario(name, shelf)?),
        None => None,
    };
    let Some(lab) = lab.or_else(|| base.map(|base| base.setup.lab.clone())) else {
        let help = "add `lab = …`, or `scenario = …` to start from a file of the chapter";
        shelf.desk.ledger.error_help(fields.place, "no lab is named", help);
        return None;
    };
    let mut merged = SetUp {
        lab,
        preset: preset.or_else(|| base.and_then(|base| base.setup.preset.clone())),
        seed: seed.or(base.map(|base| base.setup.seed)).unwrap_or(1),
        set: base.map(|base| base.setup.set.clone()).unwrap_or_default(),
        at: base.map(|base| base.setup.at.clone()).unwrap_or_default(),
        scenario,
        place,
    };
    for setting in set {
        match merged.set.iter_mut().find(|old| old.knob.value == setting.knob.value) {
            Some(old) => *old = setting,
            None => merged.set.push(setting),
        }
    }
    merged.at.extend(at);
    Some(merged)
}

fn find_scenario<'a>(name: &Name, shelf: Shelf<'a>) -> Option<&'a ScenarioFile> {
    match shelf.scenarios.get(&name.value) {
        Some(Some(scenario)) => Some(scenario),
        Some(None) => {
            shelf.desk.ledger.error_help(
                name.place,
                format!("the scenario `{name}` has errors"),
                "mend it first",
            );
            None
        }
        None => {
            let help = nearest::suggestion(name, shelf.scenarios.keys().map(String::as_str));
            shelf.desk.ledger.error_help(name.place, format!("this chapter has no scenario `{name}`"), help);
            None
        }
    }
}

/// Reads `set`.
pub(super) fn settings(fields: &mut Fields<'_>) -> Vec<Setting> {
    let Some(mut table) = fields.table("set", "list of knobs") else { return Vec::new() };
    let mut words = table.drain_words();
    if let Some((knob, _)) = words.get(MOST_KNOBS) {
        table.error(knob.place, format!("more than {MOST_KNOBS} knobs; the rest is not read"));
        words.truncate(MOST_KNOBS);
    }
    words.into_iter().map(|(knob, value)| Setting { knob, value }).collect()
}

/// Reads fault sentences.
pub(super) fn sentences(fields: &mut Fields<'_>, key: &'static str) -> Vec<Name> {
    let mut lines = fields.lines(key);
    if let Some(sentence) = lines.get(MOST_SENTENCES) {
        fields.error(sentence.place, format!("more than {MOST_SENTENCES} sentences; the rest is not read"));
        lines.truncate(MOST_SENTENCES);
    }
    lines
}

/// Reads a length of time.
pub(super) fn span(fields: &mut Fields<'_>, key: &'static str) -> Option<Span> {
    span_up_to(fields, key, LONGEST_RUN)
}

/// Reads a length of time that may be as long as `most`.
pub(super) fn span_up_to(fields: &mut Fields<'_>, key: &'static str, most: Span) -> Option<Span> {
    let written = fields.line_maybe(key)?;
    match written.parse::<Span>() {
        Ok(span) if span <= most => Some(span),
        Ok(_) => {
            fields.error(written.place, format!("`{key}` is longer than {most}"));
            None
        }
        Err(_) => {
            let message =
                format!("`{written}` is not a time: write a number and its unit, like 20s, 1.5s or 150ms");
            fields.error(written.place, message);
            None
        }
    }
}

/// Reads a moment of the run.
fn moment(fields: &mut Fields<'_>, key: &'static str) -> Option<Time> {
    span(fields, key).map(|span| Time::ZERO + span)
}

/// Reads a moment of the run that must be given.
fn needed_moment(fields: &mut Fields<'_>, key: &'static str) -> Option<Time> {
    if fields.has(key) { moment(fields, key) } else { fields.line(key).map(|_| Time::ZERO) }
}

/// Reads `for`, which cannot be nothing.
pub(super) fn length(fields: &mut Fields<'_>, scenario: Option<Span>) -> Span {
    let length = span(fields, "for").or(scenario).unwrap_or(LENGTH);
    if length == Span::ZERO {
        fields.error(fields.place, "a run of no length");
    }
    length
}

/// The length that a scenario gives to the blocks that start from it.
pub(super) fn scenario_length(setup: Option<&SetUp>, shelf: Shelf<'_>) -> Option<Span> {
    let name = setup?.scenario.as_ref()?;
    shelf.scenarios.get(&name.value)?.as_ref().map(|scenario| scenario.length)
}

/// Reads `seeds`, like `1..20`, both ends included.
pub(super) fn seeds(fields: &mut Fields<'_>, default: Seeds) -> Option<Seeds> {
    let Some(written) = fields.line_maybe("seeds") else { return Some(default) };
    let read = || {
        let (first, last) = written.split_once("..").unwrap_or((&written, &written));
        Some(Seeds { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? })
    };
    match read() {
        Some(seeds) if seeds.first <= seeds.last && seeds.count() <= MOST_SEEDS => Some(seeds),
        Some(seeds) if seeds.first <= seeds.last => {
            fields.error(written.place, format!("more than {MOST_SEEDS} seeds"));
            None
        }
        _ => {
            fields.error(written.place, format!("`{written}` is no range of seeds: write it like 1..20"));
            None
        }
    }
}

/// Reads a scenario file.
pub(super) fn scenario(name: &str, file: u32, desk: &Desk<'_>) -> Option<ScenarioFile> {
    let text = desk.ledger.texts.text(file);
    let origin = Origin::at(file, 0);
    let (mut fields, broken) = fields::parse(text, &origin, desk.ledger, "scenario");
    let place = desk.ledger.texts.whole(file);
    let none = Scenarios::new();
    let title = fields.line("title");
    let setup = setup(&mut fields, Shelf { desk, scenarios: &none }, place);
    let length = length(&mut fields, None);
    let expect = fields.lines("expect");
    let ok = fields.finish();
    if !broken.is_empty() {
        return None;
    }
    ok?;
    let run = RunKeys::default();
    Some(ScenarioFile {
        name: name.to_owned(),
        title: title?.value,
        setup: setup?,
        length,
        expect,
        run,
        place,
    })
}

/// Reads `see`, the run that shows an answer.
pub(super) fn see(fields: &mut Fields<'_>, shelf: Shelf<'_>) -> Option<See> {
    let mut inner = fields.table("see", "set-up")?;
    let place = inner.place;
    let setup = setup(&mut inner, shelf, place);
    let from = moment(&mut inner, "from").unwrap_or(Time::ZERO);
    inner.finish()?;
    Some(See { setup: setup?, from })
}

/// Reads an interactive block. `None` if anything in it is wrong.
pub(super) fn block(fence: &Fence, shelf: Shelf<'_>) -> Option<Block> {
    let ledger = shelf.desk.ledger;
    let (mut fields, broken) = fields::parse(&fence.body, &fence.origin, ledger, fence.kind.word());
    fields.place = fence.place;
    if !broken.is_empty() {
        return None;
    }
    let whole = fence.origin.place(0..fence.body.len());
    let place = Place { end: whole.end.max(fence.place.end), ..fence.place };
    match fence.kind {
        FenceKind::Lab => lab(fields, shelf, place).map(|lab| Block::Lab(Box::new(lab))),
        FenceKind::Claim => claim(fields, shelf, place).map(|claim| Block::Claim(Box::new(claim))),
        FenceKind::Predict => predict(fields, shelf, place).map(|predict| Block::Predict(Box::new(predict))),
        FenceKind::Goal => goal(fields, shelf, place).map(|goal| Block::Goal(Box::new(goal))),
        FenceKind::Cure => cure::read(fields, shelf, place).map(|cure| Block::Cure(Box::new(cure))),
    }
}

fn lab(mut fields: Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<LabBlock> {
    let setup = setup(&mut fields, shelf, place);
    let from = moment(&mut fields, "from").unwrap_or(Time::ZERO);
    let start = if fields.truth("run") { Start::Running } else { Start::Paused };
    fields.finish()?;
    Some(LabBlock { setup: setup?, from, start, place })
}

fn claim(mut fields: Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<Claim> {
    let setup = setup(&mut fields, shelf, place);
    let says = fields.prose_maybe("says").map(|says| markdown::inlines(&says, shelf.desk));
    let length = length(&mut fields, scenario_length(setup.as_ref(), shelf));
    let expect = fields.lines_needed("expect");
    let seeds = seeds(&mut fields, SEEDS);
    fields.finish()?;
    Some(Claim { setup: setup?, says, length, expect: expect?, seeds: seeds?, place })
}

fn predict(mut fields: Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<Predict> {
    let id = slug(fields.line("id"), shelf.desk);
    let setup = setup(&mut fields, shelf, place);
    let question = fields.prose("question").map(|it| markdown::inlines(&it, shelf.desk));
    let from = moment(&mut fields, "from").unwrap_or(Time::ZERO);
    let until = fields.key_place("until");
    let decided = needed_moment(&mut fields, "until");
    if let (Some(place), Some(decided)) = (until, decided)
        && decided <= from
    {
        fields.error(place, "`until`, when the run decides, must come after `from`");
    }
    let outcomes = outcomes(&mut fields, shelf);
    let after = fields.prose("after").map(|it| markdown::inlines(&it, shelf.desk));
    let concept = fields.line_maybe("concept");
    let seeds = seeds(&mut fields, SEEDS);
    fields.finish()?;
    Some(Predict {
        id: id?,
        setup: setup?,
        question: question?,
        from,
        until: decided?,
        outcomes: outcomes?,
        after: after?,
        concept,
        seeds: seeds?,
        place,
    })
}

fn outcomes(fields: &mut Fields<'_>, shelf: Shelf<'_>) -> Option<Vec<Outcome>> {
    let tables = fields.tables("outcome", "outcome");
    let count = tables.len();
    if !(2..=4).contains(&count) {
        shelf.desk.ledger.error(fields.place, format!("a prediction has 2 to 4 outcomes, this one {count}"));
    }
    let read = tables.into_iter().enumerate().map(|(i, table)| outcome(table, i + 1 == count, shelf));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn outcome(mut fields: Fields<'_>, last: bool, shelf: Shelf<'_>) -> Option<Outcome> {
    let text = fields.prose("text").map(|it| markdown::inlines(&it, shelf.desk));
    let place = fields.place;
    let otherwise = fields.truth("otherwise");
    let when = if otherwise {
        if fields.has("when") {
            fields.error(place, "an outcome has `when` or `otherwise`, not both");
        } else if !last {
            fields.error(place, "only the last outcome may be `otherwise`");
        }
        fields.line_maybe("when");
        Some(When::Otherwise)
    } else {
        fields.line("when").map(When::Holds)
    };
    let misconception = fields.line_maybe("misconception");
    let why = fields.prose_maybe("why").map(|it| markdown::inlines(&it, shelf.desk));
    fields.finish()?;
    Some(Outcome { text: text?, when: when?, misconception, why })
}

fn goal(mut fields: Fields<'_>, shelf: Shelf<'_>, place: Place) -> Option<Goal> {
    let id = slug(fields.line("id"), shelf.desk);
    let title = fields.line("title");
    let setup = setup(&mut fields, shelf, place);
    let length = length(&mut fields, scenario_length(setup.as_ref(), shelf));
    let condition = fields.line("goal");
    let hints = hints(&mut fields, shelf);
    let solution = solution(&mut fields);
    let solution_text = fields.prose("solution_text").map(|it| markdown::inlines(&it, shelf.desk));
    let seeds = seeds(&mut fields, UNSEEN_SEEDS);
    let locked = fields.lines("locked");
    if let Some(solution) = &solution {
        for setting in solution.set.iter().filter(|it| locked.iter().any(|knob| knob.value == it.knob.value))
        {
            fields
                .error(setting.knob.place, format!("the solution turns `{}`, which is locked", setting.knob));
        }
    }
    let concept = fields.line_maybe("concept");
    fields.finish()?;
    Some(Goal {
        id: id?,
        title: title?.value,
        setup: setup?,
        length,
        goal: condition?,
        hints: hints?,
        solution: solution?,
        solution_text: solution_text?,
        seeds: seeds?,
        locked,
        concept,
        place,
    })
}

fn hints(fields: &mut Fields<'_>, shelf: Shelf<'_>) -> Option<[Inlines; 3]> {
    let place = fields.key_place("hints").unwrap_or(fields.place);
    let hints: Vec<Inlines> =
        fields.proses("hints").iter().map(|hint| markdown::inlines(hint, shelf.desk)).collect();
    let count = hints.len();
    hints.try_into().map_or_else(
        |_| {
            fields.error(place, format!("a goal has exactly 3 hints, this one {count}"));
            None
        },
        Some,
    )
}

fn solution(fields: &mut Fields<'_>) -> Option<Solution> {
    let mut inner = fields.table_needed("solution", "solution")?;
    let solution = Solution { set: settings(&mut inner), at: inner.lines("at") };
    if solution == Solution::default() {
        fields.error(inner.place, "a solution that changes nothing");
    }
    inner.finish()?;
    Some(solution)
}
