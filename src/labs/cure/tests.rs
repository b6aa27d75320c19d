//! A queue that is overloaded for a while, and what might be done about it.

use super::*;
use crate::labs::scenario::Wanted;

fn scenario(set: &[(&str, &str)], at: &[&str]) -> Scenario {
    let set: Vec<_> = set.iter().map(|(knob, value)| ((*knob).to_owned(), (*value).to_owned())).collect();
    let at: Vec<String> = at.iter().map(|it| (*it).to_owned()).collect();
    Scenario::read(&Wanted { lab: "server", preset: Some("calm"), set: &set, seed: 1, at: &at }).unwrap()
}

fn axis(name: &str, measure: &str, better: Better, kind: Kind, day: usize) -> Axis {
    let measure = Measure::read(measure, scenario(&[], &[]).lab.spec).unwrap();
    Axis { name: name.into(), says: String::new(), measure, better, kind, least: None, day }
}

/// More workers cure it and cost nothing here; a longer service time cures nothing and costs on every day.
fn plan() -> Plan {
    let days = [&["10s slow server x5 for 10s"][..], &[]];
    let day = |at: &&[&str]| Day {
        untreated: scenario(&[], at),
        treated: vec![scenario(&[("workers", "60")], at), scenario(&[("service_time", "160ms")], at)],
        until: Time::from_secs(60),
    };
    let remedy = |name: &str| Remedy { name: name.into(), says: String::new(), changes: Vec::new() };
    Plan {
        remedies: vec![remedy("more workers"), remedy("slower")],
        axes: vec![
            axis("queue", "max(queue) for 20s after 10s", Better::Less, Kind::Cured, 0),
            axis("back", "until queue <= 5 for 3s after 20s", Better::Less, Kind::Cured, 0),
            axis("busy", "mean(busy) after 10s", Better::Less, Kind::Paid, 1),
        ],
        days: days.iter().map(day).collect(),
        seeds: 1..=5,
    }
}

#[test]
fn each_remedy_is_marked_along_each_axis_against_doing_nothing() {
    let plan = plan();
    assert_eq!((plan.runs(), plan.rows()), (2 * 3 * 5, 3));
    let table = plan.compare().unwrap();
    let marks = |row: usize| -> String {
        (0..plan.axes.len()).map(|axis| glyph(table.cell(row, axis).unwrap().mark())).collect()
    };
    assert_eq!((marks(0).as_str(), marks(1).as_str(), marks(2).as_str()), ("   ", "++=", "---"));
    assert!(table.is_useless(2, &plan) && !table.is_useless(1, &plan));
    assert!(table.is_free(1, &plan) && !table.is_free(2, &plan));
    assert_eq!(plan.verdict(&table, 1), "buys queue, back; costs nothing");
    // With more work than the workers can do the queue never empties again.
    let never = plan.told(&table, 2, 1);
    assert!(never.starts_with("back: never in nearly every run; no remedy "), "{never}");
    assert!(never.ends_with(" s. COSTS: worse on 5 of 5 seeds."), "{never}");
}

#[test]
fn the_order_in_which_runs_are_done_changes_nothing() {
    let plan = plan();
    let mut found = vec![Vec::new(); plan.runs()];
    for run in (0..plan.runs()).rev() {
        found[run] = plan.run(run, &|| true).unwrap();
    }
    assert_eq!(plan.sum(&found), plan.compare().unwrap());
    assert_eq!(plan.run(0, &|| false), Err(Stopped::Cancelled));
}

#[test]
fn the_run_behind_a_cell_gives_its_median() {
    let plan = plan();
    let table = plan.compare().unwrap();
    let cell = table.cell(1, 0).unwrap();
    let (scenario, from) = plan.typical(1, 0, cell).unwrap();
    assert_eq!(from, Time::from_secs(8));
    let lab = scenario.run(plan.days[0].until);
    assert_eq!(Some(plan.axes[0].measure.of(&*lab)), cell.median());
}

#[test]
fn a_difference_that_does_not_count_is_none() {
    let mut plan = plan();
    plan.axes[0].least = Some(1e9);
    let table = plan.compare().unwrap();
    assert_eq!(table.cell(1, 0).unwrap().mark(), Some(Mark::Same));
    assert_eq!(table.cell(1, 1).unwrap().mark(), Some(Mark::Buys));
}
