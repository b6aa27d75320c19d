//! `halfopen check`: a course's format, links, claims, predictions and goals.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr};
use std::path::Path;
use std::process::ExitCode;

use super::output::{Failure, print};
use crate::course::Severity;
use crate::shell::check::{Report, check as check_course};
use crate::shell::library;

/// Checks the course in `dir`, or the built-in one; prints what is wrong and fails if something is.
pub fn check(dir: Option<&Path>, seeds: Option<u64>) -> Result<ExitCode, Failure> {
    let loaded = library::load(dir).map_err(Failure::Usage)?;
    let shown = stderr().is_terminal();
    let report = check_course(&loaded, seeds, &|done, all| {
        if shown {
            // Progress is a courtesy: a terminal that cannot show it changes nothing.
            let _ = write!(stderr(), "\r{done} of {all} checked");
        }
    });
    if shown {
        let _ = write!(stderr(), "\r{:30}\r", "");
    }
    print(&text(&report))?;
    let failed = report.problems.iter().any(|problem| problem.severity == Severity::Error);
    if failed { Err(Failure::Failed) } else { Ok(ExitCode::SUCCESS) }
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        let _ = writeln!(out, "{}\n", problem.render());
    }
    let count = |severity| report.problems.iter().filter(|problem| problem.severity == severity).count();
    let ran = report.ran;
    let _ = writeln!(
        out,
        "{} claims, {} predictions, {} goals, {} remedies and {} labs were run, {} questions generated: {} errors, {} warnings.",
        ran.claims,
        ran.predictions,
        ran.goals,
        ran.remedies,
        ran.setups,
        ran.generated,
        count(Severity::Error),
        count(Severity::Warning)
    );
    out
}
