//! `halfopen sweep`: a lab on many seeds, with knobs varied.

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};

use super::output::{Failure, print, warn};
use super::progress::Progress;
use super::run::plain;
use super::{ScenarioArgs, asked, plot};
use crate::course::showable;
use crate::engine::time::{Span, Time};
use crate::labs::knob::Value as Setting;
use crate::labs::plot::of_sweep;
use crate::labs::reading::Value;
use crate::labs::scenario::Scenario;
use crate::labs::sweep::{Figures, Outcome, Plan, Stopped, Summary, Varied, reading, seeds, shown, table};
use crate::labs::text::Misread;
use crate::shell::{signals, sweep};

/// What `sweep` takes.
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// The seeds, both ends included: `1..200`
    #[arg(long, value_name = "A..B")]
    seeds: String,
    /// Vary a knob: `rate=70,95,120`; of several, every combination is run
    #[arg(long, value_name = "KNOB=A,B,C")]
    vary: Vec<String>,
    /// Look at this reading at the end of each run; those of the lab's strips if none is named
    #[arg(long, value_name = "R")]
    reading: Vec<String>,
    /// Print what every run gave as well (JSON and CSV)
    #[arg(long)]
    samples: bool,
    /// How long each run lasts [default: 60s]
    #[arg(long = "for", value_name = "TIME")]
    length: Option<Span>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    plot: plot::PlotArgs,
}

const HELP: &str = "A reading is what it shows at the end of a run: a rate that of the last second, a total since the \
start, a moment (first_open_s) when it happened. `missing` counts the runs in which it never came to be; those are in no \
other figure, while `n` counts all runs. Quantiles are by nearest rank: p90 is the smallest value that at least 90 % of the \
runs do not exceed. Of a state, the runs are counted for each word.";

/// How a sweep is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Format {
    /// A table and a small plot
    #[default]
    Text,
    /// A list, an object for each combination and reading
    Json,
    /// A row for each combination and reading
    Csv,
}

/// Runs a sweep and prints what came of it.
pub fn sweep(args: &Args) -> Result<ExitCode, Failure> {
    args.plot.check()?;
    let plan = read(args)?;
    let interrupted = signals::interrupts()?;
    let progress = Progress::of("runs");
    let swept =
        sweep::sweep(&plan, &|done, all| progress.tell(done, all), &|| !interrupted.load(Ordering::Relaxed));
    progress.clear();
    let summaries = swept.map_err(|stopped| match stopped {
        Stopped::Cancelled => Failure::Interrupted,
        Stopped::Endless(sentence) => Failure::Usage(sentence),
    })?;
    args.plot.write(|| of_sweep(&plan, &summaries))?;
    print(&match args.format {
        Format::Text => table::text(&plan, &summaries),
        Format::Json => json(&summaries, args.samples),
        Format::Csv => csv(&plan, &summaries, args.samples),
    })
}

/// What the arguments ask for.
fn read(args: &Args) -> Result<Plan, Failure> {
    if args.scenario.seed.is_some() {
        return Err(Failure::usage("a sweep takes --seeds A..B, not --seed"));
    }
    for vary in &args.vary {
        let knob = vary.split('=').next().unwrap_or_default();
        if args.scenario.set.iter().any(|set| set.split('=').next() == Some(knob)) {
            return Err(Failure::usage(format!("`{knob}` is both set and varied: leave out one of them")));
        }
    }
    // What a sentence may name depends on the knobs, so it is read as the first of the combinations has them.
    let mut scenario = args.scenario.clone();
    let first = |vary: &String| vary.split_once(',').map_or(vary.as_str(), |(first, _)| first).to_owned();
    let bare = asked::read(&ScenarioArgs { at: Vec::new(), ..args.scenario.clone() })?;
    let mut varied = Vec::new();
    for vary in &args.vary {
        varied.push(Varied::read(vary, &bare.scenario.knobs).map_err(|wrong| pointed(&wrong, vary))?);
        scenario.set.push(first(vary));
    }
    let asked = asked::read(&scenario)?;
    if let Some(sentence) = &asked.note {
        warn(sentence);
    }
    let spec = asked.scenario.lab.spec;
    let mut readings = Vec::new();
    for name in &args.reading {
        let index =
            reading(name, spec).map_err(|wrong| Failure::usage(showable::one_line(&wrong.to_string())))?;
        if !readings.contains(&index) {
            readings.push(index);
        }
    }
    if readings.is_empty() {
        readings = shown(spec);
    }
    let until = Time::ZERO + args.length.or(asked.length).unwrap_or(Span::from_secs(60));
    if until == Time::ZERO {
        return Err(Failure::usage("a run of no length shows nothing: choose a longer --for"));
    }
    let seeds = seeds(&args.seeds).map_err(|wrong| Failure::usage(showable::one_line(&wrong.to_string())))?;
    // The knobs as they were before the first combination was put in.
    let plain = Scenario { knobs: bare.scenario.knobs, ..asked.scenario };
    Plan::new(plain, until, seeds, varied, readings).map_err(Failure::Usage)
}

fn pointed(misread: &Misread, text: &str) -> Failure {
    Failure::usage(showable::cleaned(&format!("{misread}\n{}", misread.point(text))))
}

/// A setting as files have it: a plain number where it is one.
fn setting(value: Setting) -> Json {
    match value.number() {
        Some(x) if x.is_finite() => json!(x),
        _ => json!(value.to_string()),
    }
}

/// An object a line, so that it can be read and compared.
fn json(summaries: &[Summary], samples: bool) -> String {
    let lines: Vec<String> =
        summaries.iter().map(|summary| format!("  {}", object(summary, samples))).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn object(summary: &Summary, samples: bool) -> Json {
    let knobs: Map<String, Json> =
        summary.settings.iter().map(|(knob, value)| (knob.name.to_owned(), setting(*value))).collect();
    let mut object = Map::new();
    object.insert("knobs".to_owned(), knobs.into());
    object.insert("reading".to_owned(), json!(summary.reading.name));
    object.insert("n".to_owned(), json!(summary.n()));
    object.insert("missing".to_owned(), json!(summary.missing));
    let figures = summary.figures().map(Figures::values);
    for (at, name) in Figures::NAMES.into_iter().enumerate() {
        let figure = figures.map_or(Value::None, |all| Value::Number(all[at]));
        object.insert(name.to_owned(), plain(figure));
    }
    if let Outcome::Words(counts) = &summary.outcome {
        let counts: Map<String, Json> =
            counts.iter().map(|(word, count)| ((*word).to_owned(), json!(count))).collect();
        object.insert("words".to_owned(), counts.into());
    }
    if samples {
        object.insert("samples".to_owned(), summary.samples.iter().map(|value| plain(*value)).collect());
    }
    Json::Object(object)
}

fn csv(plan: &Plan, summaries: &[Summary], samples: bool) -> String {
    let has_words = summaries.iter().any(|summary| matches!(summary.outcome, Outcome::Words(_)));
    let mut head: Vec<&str> = plan.varied().iter().map(|varied| varied.knob.name).collect();
    head.extend(["reading", "n", "missing"]);
    head.extend(Figures::NAMES);
    head.extend(has_words.then_some("words"));
    head.extend(samples.then_some("samples"));
    let mut out = format!("{}\n", head.join(","));
    for summary in summaries {
        let mut cells: Vec<String> =
            summary.settings.iter().map(|(_, value)| bare(&setting(*value))).collect();
        cells.extend([summary.reading.name.to_owned(), summary.n().to_string(), summary.missing.to_string()]);
        match summary.figures().map(Figures::values) {
            Some(figures) => cells.extend(figures.map(|x| x.to_string())),
            None => cells.extend(Figures::NAMES.map(|_| String::new())),
        }
        if has_words {
            let counted = |(word, count): &(&str, usize)| format!("{word}:{count}");
            cells.push(match &summary.outcome {
                Outcome::Words(counts) => counts.iter().map(counted).collect::<Vec<_>>().join(";"),
                Outcome::Numbers(_) => String::new(),
            });
        }
        if samples {
            let all: Vec<String> = summary.samples.iter().map(|value| sample(*value)).collect();
            cells.push(all.join(";"));
        }
        let _ = writeln!(out, "{}", cells.join(","));
    }
    out
}

/// Neither knobs nor readings have words with commas or quotes in them.
fn bare(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn sample(value: Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Word(word) => word.to_owned(),
        Value::Number(x) => x.to_string(),
    }
}
