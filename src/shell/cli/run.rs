//! `halfopen run`: a lab without a screen.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::ScenarioArgs;
use super::output::{Failure, print, warn};
use super::why;
use crate::course::Problem;
use crate::course::place::Name;
use crate::engine::time::{Span, Time};
use crate::labs::lab::Lab;
use crate::labs::language::Condition;
use crate::labs::reading::{Quantity, Value};
use crate::labs::scenario::{Field, Refusal, Scenario, Wanted};
use crate::shell::library;
use crate::shell::setup::{self, Wrong};

/// What `run` takes.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// How long the run lasts [default: 60s]
    #[arg(long = "for", value_name = "TIME")]
    length: Option<Span>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print every occurrence, not only the notable ones
    #[arg(long)]
    detail: bool,
    /// Print why this holds at the end: what of the knobs and faults, against the preset, it came from
    #[arg(long, value_name = "CONDITION")]
    why: Option<String>,
}

/// How a run is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Format {
    /// A summary
    #[default]
    Text,
    /// One object with everything
    Json,
    /// The series, a row a second
    Csv,
    /// What happened, a sentence a line
    Events,
}

/// The most events that a run handles: some minutes of work, so a mistyped length ends by itself.
const MOST_EVENTS: u64 = 2_000_000_000;

/// Runs a lab and prints what happened; fails if the scenario expected something else.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let asked = read(&args.scenario)?;
    let until = Time::ZERO + args.length.or(asked.length).unwrap_or(Span::from_secs(60));
    if until == Time::ZERO {
        return Err(Failure::usage("a run of no length shows nothing: choose a longer --for"));
    }
    if let Some(condition) = &args.why {
        return why::print_answer(&asked.scenario, until, condition, args.format == Format::Json);
    }
    let mut lab = asked.scenario.open();
    if lab.advance(until, MOST_EVENTS) == MOST_EVENTS {
        return Err(Failure::usage(format!(
            "stopped at {} s after {MOST_EVENTS} events: choose a shorter --for",
            lab.now()
        )));
    }
    print(&match args.format {
        Format::Text => text(&*lab, args.detail),
        Format::Json => format!("{:#}\n", object(&*lab, args.detail)),
        Format::Csv => csv(&*lab),
        Format::Events => events(&*lab, args.detail),
    })?;
    let mut failed = false;
    for (text, expected) in &asked.expect {
        let verdict = expected.judge(&*lab);
        if !verdict.holds {
            failed = true;
            warn(&format!("expected `{text}`, but {}", verdict.because));
        }
    }
    if failed { Err(Failure::Failed) } else { Ok(ExitCode::SUCCESS) }
}

/// What the arguments ask for.
pub struct Asked {
    /// The scenario.
    pub scenario: Scenario,
    /// How long a scenario file wants it to run.
    pub length: Option<Span>,
    /// What a scenario file expects at the end, with its text.
    pub expect: Vec<(String, Condition)>,
}

/// Reads the arguments: a lab's name, or the path of a scenario file, and what is to differ.
pub fn read(args: &ScenarioArgs) -> Result<Asked, Failure> {
    let Some(name) = args.lab.as_deref() else {
        return Err(Failure::usage("name a lab: `halfopen labs` lists them"));
    };
    let mut set = Vec::new();
    for setting in &args.set {
        let Some((knob, value)) = setting.split_once('=') else {
            return Err(Failure::usage(format!("--set takes KNOB=VALUE, not `{setting}`")));
        };
        set.push((knob.to_string(), value.to_string()));
    }
    if is_file(name) {
        return read_file(Path::new(name), args, &set);
    }
    let wanted = Wanted {
        lab: name,
        preset: args.preset.as_deref(),
        set: &set,
        seed: args.seed.unwrap_or(1),
        at: &args.at,
    };
    let scenario =
        Scenario::read(&wanted).map_err(|refusals| Failure::usage(explain(&refusals, &args.at)))?;
    Ok(Asked { scenario, length: None, expect: Vec::new() })
}

/// A name with a dot or a slash is a path: labs have neither.
fn is_file(name: &str) -> bool {
    name.contains(['.', '/', '\\'])
}

fn read_file(path: &Path, args: &ScenarioArgs, set: &[(String, String)]) -> Result<Asked, Failure> {
    let loaded = library::load_scenario(path).map_err(Failure::Usage)?;
    let told = |problems: &[Problem]| problems.iter().map(Problem::render).collect::<Vec<_>>().join("\n");
    let (Some(file), true) = (loaded.scenario, loaded.problems.is_empty()) else {
        return Err(Failure::usage(format!(
            "{} is not a scenario\n{}",
            path.display(),
            told(&loaded.problems)
        )));
    };
    let placed = |wrong: Vec<Wrong>| {
        let of = |(place, misread): Wrong| {
            let place = loaded.texts.within(place, misread.at);
            loaded.texts.error(place, &misread.message, misread.help.as_deref())
        };
        let problems: Vec<Problem> = wrong.into_iter().map(of).collect();
        Failure::usage(format!("{} is not a scenario\n{}", path.display(), told(&problems)))
    };
    setup::scenario(&file.setup).map_err(placed)?;
    // What the command line says wins over the file, and its sentences come after the file's.
    let mut all = file.setup.pairs();
    all.retain(|(knob, _)| set.iter().all(|(changed, _)| changed != knob));
    all.extend(set.iter().cloned());
    let mut at = file.setup.sentences();
    at.extend(args.at.iter().cloned());
    let preset = args.preset.as_deref().or(file.setup.preset.as_ref().map(|preset| preset.value.as_str()));
    let wanted = Wanted {
        lab: &file.setup.lab,
        preset,
        set: &all,
        seed: args.seed.unwrap_or(file.setup.seed),
        at: &at,
    };
    let scenario = Scenario::read(&wanted).map_err(|refusals| Failure::usage(explain(&refusals, &at)))?;
    let read = |text: &Name| {
        setup::condition(text, scenario.lab.spec).map(|condition| (text.value.clone(), condition))
    };
    let expect =
        file.expect.iter().map(read).collect::<Result<_, _>>().map_err(|wrong| placed(vec![wrong]))?;
    Ok(Asked { scenario, length: Some(file.length), expect })
}

fn explain(refusals: &[Refusal], at: &[String]) -> String {
    let one = |refusal: &Refusal| match refusal.field {
        Field::Sentence(i) => format!("{}\n{}", refusal.misread, refusal.misread.point(&at[i])),
        _ => refusal.misread.to_string(),
    };
    refusals.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn text(lab: &dyn Lab, detail: bool) -> String {
    let scenario = lab.scenario();
    let mut out = format!(
        "{}, preset {}, seed {}, {} s, {} events\n",
        scenario.lab.spec.name,
        scenario.preset,
        scenario.seed,
        lab.now(),
        lab.events()
    );
    out.push_str("\nWHAT HAPPENED\n");
    out.push_str(&events(lab, detail));
    out.push_str("\nREADINGS AT THE END\n");
    for (index, spec) in lab.spec().readings.iter().enumerate() {
        let value = lab.reading(index);
        if value != Value::None {
            let _ = writeln!(
                out,
                "  {:<24} {:>10} {:<3} {}",
                spec.name,
                value.to_string(),
                spec.unit(),
                spec.meaning
            );
        }
    }
    out.push_str("\nINVARIANTS\n");
    for standing in lab.invariants() {
        let stands = match standing.broken {
            None => "held".into(),
            Some(broken) => format!("BROKEN at {} s: {}", broken.at, broken.facts),
        };
        let _ = writeln!(out, "  {:<24} {stands}", standing.invariant.name);
    }
    out
}

fn events(lab: &dyn Lab, detail: bool) -> String {
    let mut out = String::new();
    let all = (0..lab.fact_count()).filter_map(|i| lab.occurrence(i));
    for occurrence in all.filter(|o| detail || o.told.notable) {
        let _ = writeln!(out, "  {:>9}  {}", occurrence.at.to_string(), occurrence.told.sentence);
    }
    if out.is_empty() { "  Nothing worth telling.\n".into() } else { out }
}

/// The object that `run --format json` prints.
pub fn object(lab: &dyn Lab, detail: bool) -> Json {
    let scenario = lab.scenario();
    let specs = lab.spec().readings;
    let named = |value: &dyn Fn(usize) -> Json| -> Map<String, Json> {
        specs.iter().enumerate().map(|(i, spec)| (spec.name.to_string(), value(i))).collect()
    };
    let knobs: Map<String, Json> = lab
        .knobs()
        .iter()
        .map(|(knob, value)| {
            (knob.name.into(), value.number().map_or_else(|| json!(value.to_string()), |x| json!(x)))
        })
        .collect();
    let series =
        named(&|i| (0..lab.seconds()).map(|second| json!([second, plain(lab.sampled(i, second))])).collect());
    let occurrences: Vec<Json> = (0..lab.fact_count())
        .filter_map(|i| lab.occurrence(i))
        .filter(|o| detail || o.told.notable)
        .map(|o| json!({"t": o.at.secs(), "kind": o.told.kind, "part": o.told.part, "sentence": o.told.sentence}))
        .collect();
    let invariants: Map<String, Json> = lab
        .invariants()
        .into_iter()
        .map(|s| {
            let stands = s
                .broken
                .map_or_else(|| json!("held"), |b| json!({"broken_at": b.at.secs(), "facts": b.facts}));
            (s.invariant.name.into(), stands)
        })
        .collect();
    json!({
        "lab": scenario.lab.spec.name,
        "preset": scenario.preset,
        "seed": scenario.seed,
        "knobs": knobs,
        "until": lab.now().secs(),
        "readings": named(&|i| plain(lab.reading(i))),
        "series": series,
        "occurrences": occurrences,
        "invariants": invariants,
    })
}

fn plain(value: Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Word(word) => json!(word),
        // Whole numbers print without a fraction: counts stay counts.
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Value::Number(x) if x.fract() == 0.0 && x.abs() < 9e15 => json!(x as i64),
        Value::Number(x) => json!(x),
    }
}

fn csv(lab: &dyn Lab) -> String {
    let specs = lab.spec().readings;
    let mut out = String::from("t");
    for spec in specs {
        let _ = write!(out, ",{}", spec.name);
    }
    out.push('\n');
    for second in 0..lab.seconds() {
        let _ = write!(out, "{second}");
        for (index, spec) in specs.iter().enumerate() {
            let value = lab.sampled(index, second);
            let _ = match (value, spec.kind) {
                (Value::None, _) => write!(out, ","),
                (value, Quantity::State(_)) => write!(out, ",{value}"),
                (value, _) => write!(out, ",{}", value.number().unwrap_or(f64::NAN)),
            };
        }
        out.push('\n');
    }
    out
}
