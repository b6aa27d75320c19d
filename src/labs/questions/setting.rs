//! Which settings explain this run.
//!
//! The others are settings that would explain it if a misconception were true: a believer with them does exactly what was
//! seen, and the real breaker with them does not.

use super::Template;
use super::believer::Flaw;
use super::calls::{Call, Seen, believed, listed, opened, parted, truth};
use super::dice::Dice;
use super::draft::Draft;
use super::words;
use crate::engine::time::Span;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-setting",
    rev: 1,
    title: "which settings explain this run",
    skill: "diagnose",
    concepts: &["minimum-calls", "sliding-window"],
    draw,
};

const FLAWS: [Flaw; 7] = [
    Flaw::BelowMinimum,
    Flaw::Strict,
    Flaw::NeverForgets,
    Flaw::OverWindowSize,
    Flaw::MustFill,
    Flaw::OnlyFailures,
    Flaw::CountMinimumStays,
];

const THRESHOLDS: [f32; 4] = [40.0, 50.0, 60.0, 75.0];

fn config(size: u32, minimum: u32, threshold: f32) -> Config {
    Config {
        window: WindowKind::Count(size),
        minimum_calls: minimum,
        failure_threshold: threshold,
        open_wait: OpenWait::Constant(Span::from_secs(60)),
        ..Config::default()
    }
}

/// Every setting that may be offered.
fn all() -> Vec<Config> {
    let minimums = |size: u32| (2..=size).chain([size + 2, size + 4]);
    let sizes = (3..=8).flat_map(|size| minimums(size).map(move |minimum| (size, minimum)));
    sizes.flat_map(|(size, minimum)| THRESHOLDS.map(|threshold| config(size, minimum, threshold))).collect()
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[2, 3], 3);
    let size = dice.count(4, 8);
    let minimum = dice.count(2, size);
    let settings = config(size, minimum, dice.one_of(&THRESHOLDS, 50.0));
    let failed = dice.between(35, 55);
    let calls = listed(dice, if level == 2 { 9 } else { 12 }, failed, 0, 1);
    let seen = truth(&settings, &calls);
    let call = opened(seen.iter().map(|it| it.fate)).filter(|call| *call >= 4 && *call < calls.len())?;
    let mut draft = Draft::new(level, answer(&settings), String::new());
    let mut candidates = all();
    dice.shuffle(&mut candidates);
    let mut others = Vec::new();
    for flaw in FLAWS {
        if let Some((config, seen, why)) = mistaken(flaw, call, &candidates, &calls, &others) {
            draft.wrong(answer(&config), flaw.id(), why);
            others.push((config, seen));
        }
    }
    let why = seen.get(call - 1).and_then(|it| it.why)?;
    draft.because(format!(
        "{} At call {} it was not so: {}.",
        words::opening(call, why),
        call - 1,
        before(&settings, &seen, call - 1)
    ));
    draft.text(
        "A Resilience4j breaker with a count window was new and CLOSED. It was asked for these calls: ok succeeded, F \
         failed, - was rejected.",
    );
    let mut marks = words::marks(&calls);
    marks.iter_mut().skip(call).for_each(|mark| "-".clone_into(mark));
    draft.lines(words::list(&calls, false, ("was", &marks)));
    draft.text("Which settings explain that? They are `slidingWindowSize`, `minimumNumberOfCalls`, `failureRateThreshold`.");
    Some(draft)
}

/// Settings that explain an opening at `call` to somebody with this flaw, and not to the real breaker.
fn mistaken(
    flaw: Flaw,
    call: usize,
    candidates: &[Config],
    calls: &[Call],
    others: &[(Config, Vec<Seen>)],
) -> Option<(Config, Vec<Seen>, String)> {
    candidates.iter().find_map(|config| {
        let is_new = others.iter().all(|(other, _)| other != config);
        if !flaw.applies(config) || !is_new {
            return None;
        }
        let fates = believed(config, Some(flaw), calls);
        let seen = truth(config, calls);
        let really = opened(seen.iter().map(|it| it.fate));
        if opened(fates.iter().copied()) != Some(call) || really == Some(call) {
            return None;
        }
        let at = parted(&seen, &fates)?;
        let really = really
            .map_or_else(|| "it would stay CLOSED".to_owned(), |at| format!("it would open at call {at}"));
        let why = format!("With these {really}. {}", words::refuted(flaw, config, &seen, &fates, at));
        Some((*config, seen, why))
    })
}

fn answer(config: &Config) -> String {
    let size = if let WindowKind::Count(size) = config.window { size } else { 0 };
    format!("size {size}, minimum {}, threshold {} %", config.minimum_calls, config.failure_threshold)
}

/// Why it was not open after the call before.
fn before(config: &Config, seen: &[Seen], call: usize) -> String {
    let counts = call.checked_sub(1).and_then(|at| seen.get(at)).map(|it| it.counts).unwrap_or_default();
    if counts.calls < config.minimum_calls {
        format!("{} results, fewer than the minimum of {}", counts.calls, config.minimum_calls)
    } else {
        format!(
            "{} of {} failed, {}",
            counts.failed,
            counts.calls,
            words::percent(counts.failed, counts.calls)
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::labs::questions::{Part, find};

    /// Reads the options back and runs each of them.
    #[test]
    fn exactly_one_of_the_options_gives_the_run() {
        let template = find("breaker-setting").unwrap();
        for seed in 1..200 {
            let question = template.generate(seed).unwrap();
            let rows = question.prompt.iter().find_map(|part| match part {
                Part::Lines(lines) => lines.last(),
                Part::Text(_) => None,
            });
            let marks: Vec<&str> = rows.unwrap().split_whitespace().skip(1).collect();
            let call = marks.iter().position(|mark| *mark == "-").unwrap();
            let failed: Vec<bool> = marks.iter().map(|mark| *mark == "F").collect();
            for option in &question.options {
                let numbers: Vec<usize> = option
                    .text
                    .split(|c: char| !c.is_ascii_digit())
                    .filter_map(|digits| digits.parse().ok())
                    .collect();
                let [size, minimum, threshold] = numbers[..] else { panic!("{}", option.text) };
                let opens = (1..=call).find(|n| {
                    let window = &failed[n.saturating_sub(size)..*n];
                    let bad = window.iter().filter(|failed| **failed).count();
                    window.len() >= minimum.min(size) && bad * 100 >= threshold * window.len()
                });
                assert_eq!(opens == Some(call), option.wrong.is_none(), "seed {seed}: {}", option.text);
            }
        }
    }
}
