//! Which run is asked for: a lab by its name, a scenario file, a run file, or the line of a run; and what the command line
//! changes about it.

use std::fmt::Write;
use std::path::Path;

use super::ScenarioArgs;
use super::output::Failure;
use crate::course::place::Name;
use crate::course::showable;
use crate::course::{LoadedScenario, Problem, ScenarioFile};
use crate::engine::run::By;
use crate::engine::time::{Span, Time};
use crate::labs::language::Condition;
use crate::labs::recording::{Recording, Words};
use crate::labs::scenario::{Field, Refusal, Scenario, Wanted};
use crate::labs::text::Misread;
use crate::labs::{catalogue, judge};
use crate::shell::library;
use crate::shell::setup::{self, Wrong};

/// The most errors in one text that are told.
const MOST_TOLD: usize = 20;

/// What is asked for.
pub struct Asked {
    /// The scenario, with what was done by hand.
    pub scenario: Scenario,
    /// How long a file or a line wants it to run.
    pub length: Option<Span>,
    /// What a file says that it shows.
    pub title: Option<String>,
    /// What a file expects at the end, with its text.
    pub expect: Vec<(String, Condition)>,
    /// The run as it was recorded; none where nothing was, or where the command line makes it another run.
    pub recording: Option<Recording>,
    /// What else there is to know of the text.
    pub note: Option<String>,
}

/// Reads the arguments: what is to be run, and what is to differ.
pub fn read(args: &ScenarioArgs) -> Result<Asked, Failure> {
    let Some(name) = args.lab.as_deref() else {
        return Err(Failure::usage("name a lab: `halfopen labs` lists them"));
    };
    let changes = Changes::read(args)?;
    if is_file(name) {
        return read_file(Path::new(name), &changes);
    }
    if Words::are_in(name) {
        return read_line(name, &changes);
    }
    let plain = Base { lab: name.to_owned(), seed: 1, ..Base::default() };
    let scenario = changes.applied_to(plain)?;
    Ok(Asked { scenario, length: None, title: None, expect: Vec::new(), recording: None, note: None })
}

/// A name with a dot or a slash is a path, since labs have neither; and any other that is there and is no lab.
fn is_file(name: &str) -> bool {
    let path = || Path::new(name).is_file();
    if Words::are_in(name) {
        return path();
    }
    name.contains(['.', '/', '\\']) || catalogue::find(name).is_err() && path()
}

/// A run in words.
#[derive(Default)]
struct Base {
    lab: String,
    preset: Option<String>,
    seed: u64,
    set: Vec<(String, String)>,
    at: Vec<String>,
    hand: Vec<String>,
}

/// What the command line changes.
struct Changes<'a> {
    preset: Option<&'a str>,
    seed: Option<u64>,
    set: Vec<(String, String)>,
    at: &'a [String],
}

impl<'a> Changes<'a> {
    fn read(args: &'a ScenarioArgs) -> Result<Self, Failure> {
        let pair = |setting: &String| match setting.split_once('=') {
            Some((knob, value)) => Ok((knob.to_owned(), value.to_owned())),
            None => Err(Failure::usage(format!("--set takes KNOB=VALUE, not `{setting}`"))),
        };
        let set = args.set.iter().map(pair).collect::<Result<_, _>>()?;
        Ok(Self { preset: args.preset.as_deref(), seed: args.seed, set, at: &args.at })
    }

    fn are_none(&self) -> bool {
        self.preset.is_none() && self.seed.is_none() && self.set.is_empty() && self.at.is_empty()
    }

    /// What the command line says wins, and its sentences come after those that are there.
    fn applied_to(&self, mut base: Base) -> Result<Scenario, Failure> {
        base.set.retain(|(knob, _)| self.set.iter().all(|(changed, _)| changed != knob));
        base.set.extend(self.set.iter().cloned());
        base.at.extend(self.at.iter().cloned());
        let wanted = Wanted {
            lab: &base.lab,
            preset: self.preset.or(base.preset.as_deref()),
            set: &base.set,
            seed: self.seed.unwrap_or(base.seed),
            at: &base.at,
        };
        let mut scenario =
            Scenario::read(&wanted).map_err(|refusals| Failure::usage(explain(&refusals, &base.at)))?;
        scenario.add(&base.hand, By::Hand).map_err(|wrong| {
            let refused = |(i, misread)| Refusal { field: Field::Sentence(i), misread };
            let refusals: Vec<Refusal> = wrong.into_iter().map(refused).collect();
            Failure::usage(explain(&refusals, &base.hand))
        })?;
        Ok(scenario)
    }
}

fn explain(refusals: &[Refusal], at: &[String]) -> String {
    let one = |refusal: &Refusal| match (&refusal.field, &refusal.misread) {
        (Field::Sentence(i), misread) => match at.get(*i) {
            Some(sentence) => format!("{}\n{}", brief(misread), misread.point_near(sentence)),
            None => brief(misread),
        },
        (_, misread) => brief(misread),
    };
    let told: Vec<String> = refusals.iter().take(MOST_TOLD).map(one).collect();
    showable::cleaned(&told.join("\n")).into_owned()
}

/// A misread word in a sentence, cut if it quotes something endless.
fn brief(misread: &Misread) -> String {
    const LONGEST: usize = 400;
    let told = misread.to_string();
    match told.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &told[..end]),
        None => told,
    }
}

fn read_line(text: &str, changes: &Changes<'_>) -> Result<Asked, Failure> {
    // What breaks a line or drives a terminal is blank or marked before it can be quoted.
    let text = showable::one_line(&text.replace('\r', " "));
    let refused =
        |wrong: &[Misread]| Failure::usage(format!("this line is not a run\n{}", pointed(wrong, &text)));
    let words = Words::read(&text).map_err(|misread| refused(&[misread]))?;
    let recording = words.recording().map_err(|wrong| refused(&wrong))?;
    let note = recording
        .digest
        .is_none()
        .then(|| "This line has no digest: if you did not leave it out, it was cut off.".to_owned());
    let length = recording.until.map(|until| until.since(Time::ZERO));
    let mut asked = Asked {
        scenario: recording.scenario.clone(),
        length,
        title: None,
        expect: Vec::new(),
        recording: Some(recording),
        note,
    };
    if !changes.are_none() {
        asked.recording = None;
        asked.scenario = changes.applied_to(Base {
            lab: words.lab().to_owned(),
            preset: words.preset().map(ToOwned::to_owned),
            seed: words.seed(),
            set: words.pairs(),
            at: words.sentences(),
            hand: words.by_hand(),
        })?;
    }
    Ok(asked)
}

/// Each error with its column, and the words at fault marked in what stands around them.
fn pointed(wrong: &[Misread], text: &str) -> String {
    let mut told = String::new();
    for misread in wrong {
        let _ = writeln!(
            told,
            "column {}: {}\n{}",
            misread.column(text),
            brief(misread),
            misread.point_near(text)
        );
    }
    told.trim_end().to_owned()
}

fn read_file(path: &Path, changes: &Changes<'_>) -> Result<Asked, Failure> {
    let loaded = library::load_scenario(path).map_err(Failure::Usage)?;
    let refused = |problems: &[Problem]| {
        let told: Vec<String> = problems.iter().take(MOST_TOLD).map(Problem::render).collect();
        let path = showable::one_line(&path.display().to_string());
        Failure::usage(format!("{path} is neither a scenario nor a run\n{}", told.join("\n")))
    };
    let (Some(file), true) = (&loaded.scenario, loaded.problems.is_empty()) else {
        return Err(refused(&loaded.problems));
    };
    let recording = setup::recording(file).map_err(|wrong| refused(&placed(&loaded, wrong)))?;
    let spec = recording.scenario.lab.spec;
    let read = |text: &Name| setup::condition(text, spec).map(|condition| (text.value.clone(), condition));
    let expect = file
        .expect
        .iter()
        .map(read)
        .collect::<Result<_, _>>()
        .map_err(|wrong| refused(&placed(&loaded, vec![wrong])))?;
    let mut asked = Asked {
        scenario: recording.scenario.clone(),
        length: Some(file.length),
        title: Some(file.title.clone()),
        expect,
        note: undigested(file),
        recording: is_run(file).then_some(recording),
    };
    if !changes.are_none() {
        asked.recording = None;
        asked.scenario = changes.applied_to(Base {
            lab: file.setup.lab.value.clone(),
            preset: file.setup.preset.as_ref().map(|preset| preset.value.clone()),
            seed: file.setup.seed,
            set: file.setup.pairs(),
            at: file.setup.sentences(),
            hand: file.run.hand.iter().map(|sentence| sentence.value.clone()).collect(),
        })?;
    }
    Ok(asked)
}

/// Whether a file tells of a run, and not only of what is to be run.
fn is_run(file: &ScenarioFile) -> bool {
    file.run.digest.is_some() || file.run.model.is_some() || !file.run.hand.is_empty()
}

fn undigested(file: &ScenarioFile) -> Option<String> {
    (is_run(file) && file.run.digest.is_none())
        .then(|| "This run file has no digest, so nothing tells whether it replays the same.".to_owned())
}

/// The first errors, each at its word.
fn placed(loaded: &LoadedScenario, wrong: Vec<Wrong>) -> Vec<Problem> {
    let problem = |(place, misread): Wrong| {
        let place = loaded.texts.within(place, misread.at);
        loaded.texts.error(place, &misread.message, misread.help.as_deref())
    };
    wrong.into_iter().take(MOST_TOLD).map(problem).collect()
}

impl Asked {
    /// Where a lab opens: at the instant at which a recorded run stands, else at its start; and what there is to tell.
    pub fn opens_at(&self) -> (Time, Vec<String>) {
        let mut told: Vec<String> = self.note.iter().cloned().collect();
        let Some(recording) = &self.recording else { return (Time::ZERO, told) };
        let Some(until) = recording.until else { return (Time::ZERO, told) };
        let mut lab = self.scenario.open();
        if lab.advance(until, judge::MOST_EVENTS) >= judge::MOST_EVENTS {
            told.push(format!(
                "It is too long to be replayed to {until} s at once, so it opens at its start."
            ));
            return (Time::ZERO, told);
        }
        told.extend(recording.remark(recording.compare(&*lab)));
        (until, told)
    }
}
