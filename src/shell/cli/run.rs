//! `halfopen run`: a lab without a screen.

mod tale;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use self::tale::Tale;
use super::asked::{self, Asked};
use super::output::{Failure, print, warn};
use super::{ScenarioArgs, plot, why};
use crate::engine::time::{Span, Time};
use crate::labs::digest::digest;
use crate::labs::lab::{Lab, Spec};
use crate::labs::language::Verdict;
use crate::labs::plot::of_run;
use crate::labs::reading::{Quantity, Value};
use crate::labs::recording::{Recording, Replay, SHORT};
use crate::labs::sweep::{reading, shown};
use crate::shell::new_file;

/// What `run` takes.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// How long the run lasts [default: as long as the file or line says, or 60s]
    #[arg(long = "for", value_name = "TIME")]
    length: Option<Span>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print every occurrence, not only the notable ones
    #[arg(long)]
    detail: bool,
    #[command(flatten)]
    plot: plot::PlotArgs,
    /// Draw this reading; those of the lab's strips if none is named
    #[arg(long, value_name = "R", requires = "plot")]
    reading: Vec<String>,
    /// Print why this holds at the end: what of the knobs and faults, against the preset, it came from
    #[arg(long, value_name = "CONDITION")]
    why: Option<String>,
    /// Write the run to a new file, to be run or opened again
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
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
    /// The run itself as one line, to be sent to somebody
    Line,
}

/// The most events that a run handles: some minutes of work, so a mistyped length ends by itself.
const MOST_EVENTS: u64 = 2_000_000_000;

/// Runs a lab and prints what happened; fails if it is not the run that was recorded, or not what was expected.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.plot.check()?;
    let asked = asked::read(&args.scenario)?;
    let drawn = drawn(&args.reading, asked.scenario.lab.spec)?;
    if let Some(path) = &args.save {
        new_file::is_free(path).map_err(Failure::usage)?;
    }
    // For another time it is another run.
    let recording = asked.recording.as_ref().filter(|_| args.length.is_none());
    let until = Time::ZERO + args.length.or(asked.length).unwrap_or(Span::from_secs(60));
    if until == Time::ZERO && recording.is_none() {
        return Err(Failure::usage("a run of no length shows nothing: choose a longer --for"));
    }
    if let Some(condition) = &args.why {
        return why::print_answer(&asked.scenario, until, condition, args.format == Format::Json);
    }
    let mut lab = asked.scenario.open();
    let (tale, ended) = Tale::gather(&mut *lab, until, MOST_EVENTS, args.detail);
    if !ended {
        return Err(Failure::usage(format!(
            "stopped at {} s after {MOST_EVENTS} events: choose a shorter --for",
            lab.now()
        )));
    }
    let replay = recording.map_or(Replay::Unknown, |recording| recording.compare(&*lab));
    let remark = recording.and_then(|recording| recording.remark(replay));
    for sentence in asked.note.iter().chain(&remark) {
        warn(sentence);
    }
    let judged: Vec<(&str, Verdict)> =
        asked.expect.iter().map(|(text, expected)| (text.as_str(), expected.judge(&*lab))).collect();
    args.plot.write(|| of_run(&*lab, &drawn))?;
    if let Some(path) = &args.save {
        save(path, &*lab, &asked)?;
    }
    print(&match args.format {
        Format::Text => text(&*lab, &tale),
        Format::Json => format!("{:#}\n", object(&*lab, &tale, &judged)),
        Format::Csv => csv(&*lab),
        Format::Events => tale.whole(&*lab),
        Format::Line => line(&*lab),
    })?;
    for (text, verdict) in judged.iter().filter(|(_, verdict)| !verdict.holds) {
        warn(&format!("expected `{text}`, but {}", verdict.because));
    }
    let failed = matches!(replay, Replay::Other(_)) || judged.iter().any(|(_, verdict)| !verdict.holds);
    if failed { Err(Failure::Failed) } else { Ok(ExitCode::SUCCESS) }
}

/// The readings of these names; the strips' if there are none.
fn drawn(names: &[String], spec: &'static Spec) -> Result<Vec<usize>, Failure> {
    if names.is_empty() {
        return Ok(shown(spec));
    }
    names.iter().map(|name| reading(name, spec).map_err(Failure::usage)).collect()
}

/// Writes the run to a new file, with the title and the expectations of the file that it came from.
fn save(path: &Path, lab: &dyn Lab, asked: &Asked) -> Result<(), Failure> {
    let expect: Vec<String> = asked.expect.iter().map(|(text, _)| text.clone()).collect();
    let recording = Recording::of(lab);
    if let Some(sentence) = recording.unreadable() {
        return Err(Failure::usage(sentence));
    }
    let text = recording.file(asked.title.as_deref(), &expect);
    new_file::write(path, &text).map_err(Failure::usage)?;
    warn(&format!("saved in {}, {} bytes", path.display(), text.len()));
    Ok(())
}

/// The run as a line; if it is a long one, that is said beside it.
fn line(lab: &dyn Lab) -> String {
    let line = Recording::of(lab).line();
    if line.len() > SHORT {
        warn(&format!("this line has {} bytes, more than some chats take: --save writes a file", line.len()));
    }
    line + "\n"
}

fn text(lab: &dyn Lab, tale: &Tale) -> String {
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
    out.push_str(&tale.lines(lab));
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

/// The object that `run --format json` prints.
fn object(lab: &dyn Lab, tale: &Tale, judged: &[(&str, Verdict)]) -> Json {
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
    let occurrences: Vec<Json> = tale
        .facts()
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
    let expectations: Vec<Json> = judged
        .iter()
        .map(|(text, it)| json!({"text": text, "holds": it.holds, "because": it.because}))
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
        "expectations": expectations,
        "model": lab.spec().version,
        "digest": format!("{:016x}", digest(lab)),
    })
}

/// A value as JSON has it.
pub fn plain(value: Value) -> Json {
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
