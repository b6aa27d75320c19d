//! `halfopen search`: the machine goes through all that may be done to a lab and looks for the shortest way to break it.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::output::{Failure, print, warn};
use super::{ScenarioArgs, asked};
use crate::labs::fault::{Verb, timed};
use crate::labs::recording::Recording;
use crate::labs::violation::{Found, Violation, Wanted};
use crate::shell::new_file;

/// What `search` takes.
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Look for this invariant only
    #[arg(long, value_name = "NAME")]
    invariant: Vec<String>,
    /// Let this be done so often: `restart=1`, `propose=2`
    #[arg(long, value_name = "VERB=N")]
    may: Vec<String>,
    /// Look at no more states than this
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    states: usize,
    /// Write the run that breaks it to a new file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

const HELP: &str = "The search begins after what --at says. It delivers each message once or never, in every order, \
and does what --may allows in between. What it finds is one of the shortest; open it with `halfopen lab LINE`.";

/// Searches, and prints what was found.
pub fn search(args: &Args) -> Result<ExitCode, Failure> {
    let asked = asked::read(&args.scenario)?;
    let entry = asked.scenario.lab;
    let Some(search) = entry.search else {
        return Err(Failure::usage(format!(
            "lab `{}` can't be searched: things happen in it by themselves; `paxos` and `failover` can, by hand",
            entry.spec.name
        )));
    };
    if let Some(path) = &args.save {
        new_file::is_free(path).map_err(Failure::usage)?;
    }
    let may = args.may.iter().map(|text| bound(text)).collect::<Result<Vec<_>, _>>()?;
    let wanted = Wanted { may: &may, invariants: &args.invariant, states: args.states };
    let found = search(&asked.scenario, &wanted).map_err(Failure::usage)?;
    let mut out = format!("{}, preset {}\n", entry.spec.name, asked.scenario.preset);
    let _ = writeln!(out, "{}", counts(&found));
    let _ = writeln!(out, "{}", found.sentence());
    if let Some(violation) = &found.violation {
        tell(&mut out, violation, asked.scenario.script.len());
        if let Some(path) = &args.save {
            let text = recording(violation).file(None, &[]);
            new_file::write(path, &text).map_err(Failure::usage)?;
            warn(&format!("saved in {}, {} bytes", path.display(), text.len()));
        }
    }
    print(&out)
}

/// A bound such as `restart=1`.
fn bound(text: &str) -> Result<(Verb, u32), Failure> {
    let wrong =
        || Failure::usage(format!("--may takes a verb and a number, such as restart=1, not `{text}`"));
    let (word, times) = text.split_once('=').ok_or_else(wrong)?;
    let verb = Verb::ALL.into_iter().find(|verb| verb.word() == word).ok_or_else(wrong)?;
    Ok((verb, times.parse().map_err(|_| wrong())?))
}

fn counts(found: &Found) -> String {
    let all = if found.complete { ", all there are" } else { "" };
    format!(
        "{} states{all}, {} moves tried, up to {} acts deep; looking at {}",
        found.states,
        found.moves,
        found.depth,
        found.invariants.join(", ")
    )
}

/// The script, a sentence and what came of it a line, and the line of the run.
fn tell(out: &mut String, violation: &Violation, before: usize) {
    out.push_str("\nTHE SHORTEST WAY\n");
    let lab = violation.scenario.run(violation.until);
    for entry in violation.scenario.script.iter().skip(before) {
        let facts = (0..lab.fact_count()).filter_map(|index| lab.occurrence(index));
        let came = facts.filter(|fact| fact.at == entry.at && !fact.told.is_of_an_act());
        let came: Vec<String> = came.map(|fact| fact.told.sentence).collect();
        let _ = writeln!(out, "  {:<20} {}", timed(entry), came.join(" "));
    }
    let _ = writeln!(out, "\n{}", recording(violation).line());
}

fn recording(violation: &Violation) -> Recording {
    Recording::of(&*violation.scenario.run(violation.until))
}
