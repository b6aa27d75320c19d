//! A sweep as text: for every reading a table, and below it a line for each combination on a common scale.
//!
//! ```text
//! sojourn_mean_s [s]  Mean time from arrival to answer since the start.
//!   rate                        min    p10    p50    p90    p99    max   mean
//!   5                         0.157  0.183  0.199   0.22  0.236  0.238    0.2
//!   9                         0.366  0.546  0.833   1.49   2.43   2.76  0.948
//!
//!   5                        -=|-
//!   9                          ..----====|=====---------..............
//!                            0.157                                    2.76
//! ```

use std::fmt::Write as _;

use super::{Figures, Outcome, Plan, Summary};

/// Columns of a line.
const WIDTH: usize = 80;
/// Columns of one figure, with the blank before it.
const FIGURE: usize = 7;
/// Columns of what a line is about.
const LABEL: usize = 24;
/// The figures of the table, by their place in [`Figures::NAMES`]; the line below it shows the quartiles as well.
const SHOWN: [usize; 7] = [0, 1, 3, 5, 7, 8, 9];

/// What the signs of the lines mean.
pub const KEY: &str = "  . min to max   - p10 to p90   = p25 to p75   | median";

/// The whole sweep.
pub fn text(plan: &Plan, summaries: &[Summary]) -> String {
    let runs = plan.runs();
    let mut out = format!("{}: {runs} {}\n", plan.title(), if runs == 1 { "run" } else { "runs" });
    for reading in 0..plan.readings().len() {
        let of: Vec<&Summary> = summaries.iter().skip(reading).step_by(plan.readings().len()).collect();
        out.push('\n');
        block(&of, &mut out);
    }
    if summaries.iter().any(|summary| summary.figures().is_some_and(|it| it.min < it.max)) {
        let _ = writeln!(out, "\n{KEY}");
    }
    out
}

/// One reading under every combination.
fn block(of: &[&Summary], out: &mut String) {
    let Some(first) = of.first() else { return };
    let unit = match first.reading.unit() {
        "" => String::new(),
        unit => format!(" [{unit}]"),
    };
    let _ =
        writeln!(out, "{}", cut(&format!("{}{unit}  {}", first.reading.name, first.reading.meaning), WIDTH));
    let labels = labels(of);
    if let Outcome::Words(_) = first.outcome {
        return words(of, &labels, out);
    }
    let missing = of.iter().any(|summary| summary.missing > 0);
    let mut head = vec![];
    if missing {
        head.push("never");
    }
    head.extend(SHOWN.iter().map(|at| Figures::NAMES[*at]));
    line(&heading(first), &head.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), out);
    for (summary, label) in of.iter().zip(&labels) {
        let mut cells = vec![];
        if missing {
            cells.push(summary.missing.to_string());
        }
        let figures = summary.figures().map(Figures::values);
        cells.extend(SHOWN.iter().map(|at| figures.map_or_else(|| "-".to_owned(), |all| digits(all[*at]))));
        line(label, &cells, out);
    }
    let Some((low, high)) = ends(of.iter().copied()) else { return };
    if low >= high {
        return;
    }
    out.push('\n');
    let width = WIDTH - LABEL - 4;
    for (summary, label) in of.iter().zip(&labels) {
        let strip = summary.figures().map_or_else(String::new, |it| strip(it, (low, high), width));
        let _ = writeln!(out, "{}", format!("  {:<LABEL$}  {strip}", cut(label, LABEL)).trim_end());
    }
    let (low, high) = (digits(low), digits(high));
    let gap = width.saturating_sub(low.len());
    let _ = writeln!(out, "  {:<LABEL$}  {low}{high:>gap$}", "");
}

/// A state: how many runs ended in it.
fn words(of: &[&Summary], labels: &[String], out: &mut String) {
    if let Some(head) = of.first().map(|first| heading(first)).filter(|head| !head.is_empty()) {
        let _ = writeln!(out, "  {}", cut(&head, WIDTH - 2));
    }
    for (summary, label) in of.iter().zip(labels) {
        let Outcome::Words(counts) = &summary.outcome else { continue };
        let share = |count: usize| 100.0 * count as f64 / summary.n().max(1) as f64;
        let told: Vec<String> =
            counts.iter().map(|(word, count)| format!("{word} {count} ({:.0} %)", share(*count))).collect();
        let told = if told.is_empty() { "-".to_owned() } else { told.join("  ") };
        let _ = writeln!(out, "{}", cut(&format!("  {:<LABEL$}  {told}", cut(label, LABEL)), WIDTH));
    }
}

fn line(label: &str, cells: &[String], out: &mut String) {
    // Without the column of runs in which it never came to be the label has its room.
    let room = WIDTH.saturating_sub(2 + cells.len() * FIGURE);
    let _ = write!(out, "  {:<room$}", cut(label, room));
    for cell in cells {
        let _ = write!(out, "{cell:>FIGURE$}");
    }
    out.push('\n');
}

/// The names of the varied knobs.
fn heading(first: &Summary) -> String {
    first.settings.iter().map(|(knob, _)| knob.name).collect::<Vec<_>>().join(", ")
}

/// What each line is about: the values of the varied knobs, one under the other.
fn labels(of: &[&Summary]) -> Vec<String> {
    let values = |summary: &&Summary| -> Vec<String> {
        summary.settings.iter().map(|(knob, value)| knob.show(*value)).collect()
    };
    let rows: Vec<Vec<String>> = of.iter().map(values).collect();
    let columns = rows.first().map_or(0, Vec::len);
    if columns == 0 {
        return vec!["every run".to_owned(); rows.len()];
    }
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let row = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(row).collect()
}

/// The least and the largest number of all.
pub fn ends<'a>(of: impl Iterator<Item = &'a Summary>) -> Option<(f64, f64)> {
    of.filter_map(Summary::figures).fold(None, |ends, it| {
        let (low, high) = ends.unwrap_or((it.min, it.max));
        Some((it.min.min(low), it.max.max(high)))
    })
}

/// The figures as a box and its whiskers, `width` columns wide from `low` to `high`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a column within the width")]
pub fn strip(figures: &Figures, (low, high): (f64, f64), width: usize) -> String {
    let last = width.saturating_sub(1) as f64;
    let column = |x: f64| {
        let share = if high > low { (x - low) / (high - low) } else { 0.5 };
        (share.clamp(0.0, 1.0) * last).round() as usize
    };
    let mut cells = vec![' '; width.max(1)];
    for (from, to, sign) in [
        (figures.min, figures.max, '.'),
        (figures.p10, figures.p90, '-'),
        (figures.p25, figures.p75, '='),
        (figures.p50, figures.p50, '|'),
    ] {
        cells[column(from)..=column(to)].fill(sign);
    }
    cells.into_iter().collect::<String>().trim_end().to_owned()
}

/// A number with about three digits in at most six columns: `0.265`, `24.8`, `1043`, `1.2e6`, `4.2e-4`.
pub fn digits(x: f64) -> String {
    let size = x.abs();
    match size {
        _ if size == 0.0 => "0".to_owned(),
        1e5.. => format!("{x:.1e}"),
        _ if size < 0.001 => format!("{x:.1e}"),
        _ if size < 0.01 => format!("{x:.4}").trim_end_matches('0').to_owned(),
        _ => crate::labs::reading::short(x),
    }
}

/// The text in at most `width` columns; a cut end is marked.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('~');
    cut
}
