//! Reading what was recorded, and a few sums.

#![allow(clippy::disallowed_methods, reason = "reads the recorded files")]

use std::path::Path;

use serde_json::Value;

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth/locks").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A recorded file.
pub fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// The rows of a recorded table, without its heading.
pub fn rows(name: &str) -> Vec<Vec<String>> {
    let rows = text(name).lines().skip(1).map(|line| line.split(',').map(String::from).collect()).collect();
    let rows: Vec<Vec<String>> = rows;
    assert!(!rows.is_empty(), "{name}");
    rows
}

pub fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

pub fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)))
}
