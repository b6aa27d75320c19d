//! Checks a comparison of remedies: that it can be run, that each remedy buys something, and that each has a price.

use crate::app::curing;
use crate::course::setup::{Cure, Remedy};
use crate::course::{Problem, Texts};
use crate::labs::cure::{Mark, Plan, Table};
use crate::labs::sweep::Stopped;
use crate::shell::cure;
use crate::shell::setup::Wrong;

/// What is wrong or doubtful in a comparison; on 1 to `seeds` in place of its own.
pub(super) fn check(cure: &Cure, seeds: Option<u64>, texts: &Texts) -> Result<Vec<Problem>, Vec<Wrong>> {
    let mut plan = curing::plan(cure)?;
    if let Some(n) = seeds {
        plan.seeds = 1..=n.max(1);
    }
    match cure::compare(&plan, &|_, _| (), &|| true) {
        Ok(table) => Ok(cure
            .remedies
            .iter()
            .zip(1..)
            .flat_map(|(remedy, row)| doubts(remedy, row, (&plan, &table), texts))
            .collect()),
        Err(Stopped::Endless(sentence)) => Ok(vec![texts.error(cure.place, &sentence, None)]),
        Err(Stopped::Cancelled) => Ok(Vec::new()),
    }
}

/// What is doubtful in a remedy: that it does nothing, that it is free, or that it is not what the author says of it.
fn doubts(remedy: &Remedy, row: usize, (plan, table): (&Plan, &Table), texts: &Texts) -> Vec<Problem> {
    let mut found = Vec::new();
    let name = &remedy.name;
    let mut warn = |message: String, help: &str| found.push(texts.warning(name.place, &message, Some(help)));
    match (table.is_useless(row, plan), remedy.useless) {
        (true, false) => warn(
            format!("`{name}` buys nothing on any axis on most seeds"),
            "measure what it is for, or say `useless = true` if that is its lesson",
        ),
        (false, true) => {
            let buys = names(table.along(row, Mark::Buys, plan).map(|axis| axis.name.as_str()));
            warn(format!("`{name}` is said to be useless, but buys {buys}"), "take `useless` away");
        }
        _ => {}
    }
    match (table.is_free(row, plan), remedy.free) {
        (true, false) => warn(
            format!("`{name}` costs nothing on any axis of what is paid, on most seeds"),
            "measure its price, or say `free = true` if it has none here",
        ),
        (false, true) => {
            warn(
                format!("`{name}` is said to be free, but {}", plan.verdict(table, row)),
                "take `free` away",
            );
        }
        _ => {}
    }
    found
}

fn names<'a>(of: impl Iterator<Item = &'a str>) -> String {
    of.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
