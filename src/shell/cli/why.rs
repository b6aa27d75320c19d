//! `halfopen run --why`: what an outcome came from, found by rerunning.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::output::{Failure, print};
use crate::engine::time::Time;
use crate::labs::lab::{Lab, Occurrence};
use crate::labs::language::Condition;
use crate::labs::scenario::Scenario;
use crate::labs::why::{Answer, Found, Question};
use crate::shell::work;

/// Prints why a condition holds at the end of a run, or that it does not.
pub fn print_answer(
    scenario: &Scenario,
    until: Time,
    text: &str,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let condition = Condition::read(text, scenario.lab.spec)
        .map_err(|misread| Failure::usage(format!("{misread}\n{}", misread.point(text))))?;
    if condition.latest() > until {
        let latest = condition.latest();
        return Err(Failure::usage(format!(
            "`{text}` looks at {latest} s, but the run ends at {until} s: --for"
        )));
    }
    let found = find(&Question::condition(scenario.clone(), until, text.to_owned(), condition));
    print(&if as_json { format!("{:#}\n", object(text, until, &found)) } else { lines(text, until, &found) })
}

/// Why a condition holds in a lab now.
pub fn of_condition(lab: &dyn Lab, text: &str) -> Result<Vec<String>, Failure> {
    let condition =
        Condition::read(text, lab.spec()).map_err(|misread| Failure::usage(misread.to_string()))?;
    Ok(find(&Question::now(lab, text.to_owned(), condition)).lines())
}

/// Why a fact of a lab came to be.
pub fn of_fact(lab: &dyn Lab, fact: &Occurrence) -> Vec<String> {
    find(&Question::fact(lab, fact)).lines()
}

/// The answer, with progress on a terminal.
fn find(question: &Question) -> Found {
    let is_shown = stderr().is_terminal();
    let tell = |line: &str| {
        // Progress is worth no error.
        let _gone = write!(stderr().lock(), "\r\x1b[K{line}").and_then(|()| stderr().lock().flush());
    };
    let keep_on = |runs: usize| {
        if is_shown {
            tell(&format!("{runs} reruns"));
        }
        true
    };
    let found = work::answer(question, &keep_on);
    if is_shown {
        tell("");
    }
    // Only who calls a search off gets none.
    found.unwrap_or_else(|| Found::NotSo("the search was called off".to_owned()))
}

fn lines(text: &str, until: Time, found: &Found) -> String {
    let mut out = format!("Why {text}, at {until} s?\n");
    for line in found.lines() {
        out.push_str(&line);
        out.push('\n');
    }
    if let Found::Because(answer) = found {
        let _ = writeln!(out, "({} reruns)", answer.reruns);
    }
    out
}

fn object(text: &str, until: Time, found: &Found) -> Json {
    let answer = match found {
        Found::NotSo(because) => {
            return json!({"outcome": text, "until": until.secs(), "happened": false, "because": because});
        }
        Found::Because(answer) => answer,
    };
    let names = |set: &[usize]| -> Vec<String> {
        set.iter()
            .filter_map(|index| answer.elements.get(*index))
            .map(crate::labs::why::Element::told)
            .collect()
    };
    let told = answer.sets.iter().enumerate().filter(|(_, set)| !set.is_empty());
    let sets: Vec<Json> = told.map(|(at, set)| set_object(&names(set), at, answer)).collect();
    json!({
        "outcome": text,
        "until": until.secs(),
        "happened": true,
        "sets": sets,
        "by_itself": answer.sets.iter().any(Vec::is_empty),
        "makes_up_for_others": names(&answer.undoing),
        "not_needed": names(&answer.rest()),
        "reruns": answer.reruns,
        "cut_short": answer.cut_short,
        "other_seeds": answer.others.as_ref().map(|others| json!({"of": others.of, "by_itself": others.bare})),
    })
}

fn set_object(names: &[String], at: usize, answer: &Answer) -> Json {
    let others = answer.others.as_ref().and_then(|others| others.with.get(at).copied());
    json!({"because": names, "on_other_seeds": others})
}
