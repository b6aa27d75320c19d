//! A sweep as a figure.
//!
//! Where a knob with numbers is varied, it goes to the right: a curve of medians in a band from p10 to p90 for each
//! combination of the other knobs. Where only words are varied, a box for each. Where nothing is, how the runs are
//! distributed.

use super::svg::STYLES;
use super::{Axis, Dot, Figure, Layer, Order, Panel, spelled};
use crate::labs::narrate;
use crate::labs::reading::{Quantity, ReadingSpec};
use crate::labs::sweep::table::ends;
use crate::labs::sweep::{Outcome, Plan, Summary, Varied, told};

/// Combinations of the other knobs that get a curve.
const CURVES: usize = STYLES;

/// What the sweep gave.
pub fn of_sweep(plan: &Plan, summaries: &[Summary]) -> Figure {
    let mut figure = Figure {
        title: plan.spec().title.to_owned(),
        subtitle: subtitle(plan),
        panels: Vec::new(),
        order: Order::Grid,
        legend: Vec::new(),
        marks: Vec::new(),
        notes: Vec::new(),
    };
    let count = plan.readings().len().max(1);
    let mut of = |at: usize| -> Vec<&Summary> { summaries.iter().skip(at).step_by(count).collect() };
    let specs: Vec<&ReadingSpec> = plan.specs().collect();
    if let Some((axis, varied)) = to_the_right(plan) {
        curves(plan, (axis, varied), &specs, &mut of, &mut figure);
    } else if plan.combinations() > 1 {
        for (at, spec) in specs.iter().enumerate() {
            boxes(plan, spec, &of(at), &mut figure);
        }
        figure.notes.push("Boxes from p25 to p75 with the median; whiskers to p10 and p90.".to_owned());
    } else {
        figure.panels =
            specs.iter().enumerate().filter_map(|(at, spec)| distribution(spec, &of(at))).collect();
        figure.notes.push("Lines at p10, the median p50 and p90. Quantiles by nearest rank.".to_owned());
    }
    let missing = summaries.iter().filter(|it| it.missing > 0).map(|it| it.missing).sum::<usize>();
    if missing > 0 {
        let note =
            "In some runs a reading never came to be: they are in no quantile, and markers are hollow there.";
        figure.notes.push(note.to_owned());
    }
    figure
}

fn subtitle(plan: &Plan) -> String {
    let (first, last) = (plan.seeds().start(), plan.seeds().end());
    let scenario = narrate::scenario(plan.base());
    // The base's own seed plays no part.
    let seed = format!(", seed {}", plan.base().seed);
    let scenario = scenario.replacen(&seed, &format!(", seeds {first}..{last}"), 1);
    format!("{scenario}; at {} s", crate::labs::reading::short(plan.until().secs()))
}

/// The first varied knob whose values are numbers, and its place among those that are varied.
fn to_the_right(plan: &Plan) -> Option<(usize, &Varied)> {
    let is_axis = |varied: &Varied| {
        varied.values.len() > 1
            && varied.values.iter().all(|value| value.number().is_some_and(f64::is_finite))
    };
    plan.varied().iter().enumerate().find(|(_, varied)| is_axis(varied))
}

fn curves<'a>(
    plan: &Plan,
    (axis, varied): (usize, &Varied),
    specs: &[&ReadingSpec],
    of: &mut impl FnMut(usize) -> Vec<&'a Summary>,
    figure: &mut Figure,
) {
    let knob = varied.knob;
    let values: Vec<(f64, String)> =
        varied.values.iter().filter_map(|value| Some((value.number()?, knob.show(*value)))).collect();
    let mut x = Axis::of_values(knob.name, &values);
    if x.log {
        x.label.push_str(" (logarithmic)");
    }
    figure.order = Order::Stacked;
    // What the other knobs are set to, in words, in their order.
    let other = |summary: &Summary| {
        let mut settings = summary.settings.clone();
        settings.remove(axis);
        told(&settings)
    };
    let mut others: Vec<String> = Vec::new();
    for combination in 0..plan.combinations() {
        let mut settings = plan.settings(combination);
        settings.remove(axis);
        let name = told(&settings);
        if !others.contains(&name) {
            others.push(name);
        }
    }
    if others.len() > CURVES {
        figure.notes.push(format!("{} of {} combinations are drawn.", CURVES, others.len()));
        others.truncate(CURVES);
    }
    if others.len() > 1 {
        figure.legend = others.iter().cloned().enumerate().collect();
    }
    for (at, spec) in specs.iter().enumerate() {
        let all = of(at);
        let mut layers: Vec<Layer> = Vec::new();
        let mut y = ends_of_bands(&all).map(|(low, high)| Axis::round("", low, high, 4));
        for (style, name) in others.iter().enumerate() {
            let mut along: Vec<(f64, &Summary)> = all
                .iter()
                .filter(|summary| other(summary) == *name)
                .filter_map(|summary| Some((summary.settings.get(axis)?.1.number()?, *summary)))
                .collect();
            along.sort_by(|a, b| a.0.total_cmp(&b.0));
            if let Quantity::State(words) = spec.kind {
                y = Some(Axis::exact("", 0.0, 1.0, 4));
                if style > 0 {
                    continue;
                }
                let came: Vec<&str> = words
                    .iter()
                    .copied()
                    .filter(|word| along.iter().any(|it| count(it.1, word) > 0))
                    .collect();
                for (extra, word) in came.into_iter().enumerate() {
                    let style = others.len().saturating_sub(1) + extra;
                    let share = |(x, summary): &(f64, &Summary)| {
                        let y = count(summary, word) as f64 / summary.n().max(1) as f64;
                        Some(Dot { x: *x, y, hollow: false })
                    };
                    figure.legend.push((style, format!("{} {word}", spec.name)));
                    layers.push(Layer::Line {
                        style,
                        marked: true,
                        points: along.iter().map(share).collect(),
                    });
                }
                continue;
            }
            let band = along.iter().map(|(x, it)| it.figures().map(|figures| (*x, figures.p10, figures.p90)));
            let dot = |(x, it): &(f64, &Summary)| {
                it.figures().map(|figures| Dot { x: *x, y: figures.p50, hollow: it.missing > 0 })
            };
            // Bands lie behind every curve.
            layers.insert(style, Layer::Band { style, points: band.collect() });
            layers.push(Layer::Line { style, marked: true, points: along.iter().map(dot).collect() });
        }
        let unit = if let Quantity::State(_) = spec.kind {
            "share of the runs".to_owned()
        } else {
            spelled(spec.unit())
        };
        let y = y.unwrap_or_else(|| Axis::exact("", 0.0, 1.0, 2));
        figure.panels.push(Panel { name: spec.name.to_owned(), unit, x: x.clone(), y, layers });
    }
    figure.notes.push(
        "Curves are medians (p50), bands go from p10 to p90 of the runs. Quantiles by nearest rank."
            .to_owned(),
    );
}

fn count(summary: &Summary, word: &str) -> usize {
    let Outcome::Words(counts) = &summary.outcome else { return 0 };
    counts.iter().find(|(it, _)| *it == word).map_or(0, |(_, count)| *count)
}

fn ends_of_bands(all: &[&Summary]) -> Option<(f64, f64)> {
    all.iter().filter_map(|summary| summary.figures()).fold(None, |ends, it| {
        let (low, high) = ends.unwrap_or((it.p10, it.p90));
        Some((it.p10.min(low), it.p90.max(high)))
    })
}

fn boxes(plan: &Plan, spec: &ReadingSpec, all: &[&Summary], figure: &mut Figure) {
    let label = |summary: &&Summary| {
        let values = summary.settings.iter().map(|(knob, value)| knob.show(*value));
        values.collect::<Vec<_>>().join("\n")
    };
    let names = plan.varied().iter().map(|varied| varied.knob.name).collect::<Vec<_>>().join(", ");
    let x = Axis::of_words(names, all.iter().map(label));
    if let Quantity::State(_) = spec.kind {
        figure.notes.push(format!("{} is a state: its counts are in the table.", spec.name));
        return;
    }
    let Some((low, high)) = ends_of_bands(all) else { return };
    let boxes = all.iter().enumerate();
    let boxes = boxes.filter_map(|(at, it)| it.figures().map(|figures| (at as f64, *figures))).collect();
    let y = Axis::round("", low, high, 5);
    let unit = spelled(spec.unit());
    figure.panels.push(Panel { name: spec.name.to_owned(), unit, x, y, layers: vec![Layer::Boxes(boxes)] });
}

/// How the runs are distributed.
fn distribution(spec: &ReadingSpec, all: &[&Summary]) -> Option<Panel> {
    let summary = *all.first()?;
    let name = spec.name.to_owned();
    if let Outcome::Words(counts) = &summary.outcome {
        let x = Axis::of_words("", counts.iter().map(|(word, _)| (*word).to_owned()));
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let bar =
            |(at, (_, count)): (usize, &(&str, usize))| (at as f64 - 0.35, at as f64 + 0.35, *count as f64);
        let layers = vec![Layer::Bars(counts.iter().enumerate().map(bar).collect())];
        return Some(Panel {
            name,
            unit: "runs".to_owned(),
            x,
            y: Axis::round("", 0.0, most as f64, 4),
            layers,
        });
    }
    let figures = *summary.figures()?;
    let (low, high) = ends([summary].into_iter())?;
    let numbers: Vec<f64> = summary.numbers().collect();
    let bars = binned(&numbers, (low, high));
    let most = bars.iter().map(|bar| bar.2).fold(1.0, f64::max);
    let from = bars.first().map_or(low, |bar| bar.0);
    let to = bars.last().map_or(high, |bar| bar.1);
    let label = if spec.unit().is_empty() {
        spec.name.to_owned()
    } else {
        format!("{} [{}]", spec.name, spec.unit())
    };
    let x = Axis::exact(label, from, to, 6);
    let mut layers = vec![Layer::Bars(bars), Layer::Rule(figures.p50, "p50".to_owned())];
    // Where two lines would cover each other, the median stands alone.
    for (value, word) in [(figures.p10, "p10"), (figures.p90, "p90")] {
        if (x.share(value) - x.share(figures.p50)).abs() > 0.06 {
            layers.push(Layer::Rule(value, word.to_owned()));
        }
    }
    Some(Panel { name, unit: "runs".to_owned(), x, y: Axis::round("", 0.0, most, 4), layers })
}

/// The numbers by bins of a round width.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen bins")]
fn binned(numbers: &[f64], (low, high): (f64, f64)) -> Vec<(f64, f64, f64)> {
    let wanted = (2.0 * (numbers.len() as f64).sqrt()).ceil().clamp(8.0, 40.0) as usize;
    let whole = numbers.iter().all(|x| x.fract() == 0.0);
    let wide = if high > low { high - low } else { low.abs().max(1.0) };
    let step = super::axis::step(wide, wanted);
    let step = if whole { step.max(1.0) } else { step };
    // A bar of one whole number stands over it.
    let shift = if whole && step <= 1.0 { 0.5 } else { 0.0 };
    let from = (low / step).floor();
    let count = ((high / step).floor() - from).clamp(0.0, 200.0) as usize + 1;
    let mut bins: Vec<(f64, f64, f64)> = (0..count)
        .map(|at| ((from + at as f64) * step - shift, (from + at as f64 + 1.0) * step - shift, 0.0))
        .collect();
    for x in numbers {
        let at = ((x / step).floor() - from).max(0.0) as usize;
        if let Some(bin) = bins.get_mut(at.min(count - 1)) {
            bin.2 += 1.0;
        }
    }
    bins
}
