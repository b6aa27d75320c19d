//! The state of this breaker after these calls.

use super::Template;
use super::believer::Flaw;
use super::calls::{Call, Fate, LIMIT, Seen, believed, listed, opened, parted, truth};
use super::dice::Dice;
use super::draft::Draft;
use super::words;
use crate::engine::time::Span;
use crate::patterns::breaker::State;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-state",
    rev: 1,
    title: "the state of this breaker after these calls",
    skill: "predict",
    concepts: &["sliding-window", "minimum-calls"],
    draw,
};

const FLAWS: [Flaw; 10] = [
    Flaw::BelowMinimum,
    Flaw::Strict,
    Flaw::SlowIsSuccess,
    Flaw::NeverForgets,
    Flaw::OverWindowSize,
    Flaw::MustFill,
    Flaw::OnlyFailures,
    Flaw::ByClock,
    Flaw::CountMinimumStays,
    Flaw::TimeMinimumCapped,
];

/// Settings of a breaker that is to be reckoned with by hand; the level says how much there is to keep in mind.
pub(super) fn config(dice: &mut Dice, level: u8) -> Config {
    let timed = level == 3 && dice.chance(60);
    let size = dice.count(4, 8);
    let mut config = Config {
        window: if timed { WindowKind::Seconds(dice.count(4, 8)) } else { WindowKind::Count(size) },
        minimum_calls: if timed { dice.count(3, 6) } else { dice.count(3, size) },
        failure_threshold: dice.one_of(&[40.0, 50.0, 50.0, 60.0, 75.0], 50.0),
        open_wait: OpenWait::Constant(Span::from_secs(60)),
        ..Config::default()
    };
    if !timed && level > 1 && dice.chance(15) {
        config.minimum_calls = size + dice.count(2, 6);
    }
    if level > 1 && dice.chance(60) {
        config.slow_duration = LIMIT;
        config.slow_threshold = dice.one_of(&[40.0, 50.0, 60.0, 75.0], 50.0);
    }
    config
}

/// Calls that fit the settings.
pub(super) fn calls(dice: &mut Dice, config: &Config, number: usize) -> Vec<Call> {
    let timed = matches!(config.window, WindowKind::Seconds(_));
    let failed = dice.between(20, 45);
    let slow = if words::counts_slow(config) { dice.between(20, 35) } else { 0 };
    listed(dice, number, failed, slow, if timed { 2 } else { 1 })
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[1, 2, 2, 3], 2);
    let config = config(dice, level);
    let calls = {
        let number = dice.between(8, 12);
        calls(dice, &config, usize::try_from(number).ok()?)
    };
    let seen = truth(&config, &calls);
    // What opens at the first rate that there is makes a dull question, if all of them do.
    if opened(seen.iter().map(|it| it.fate)).is_some_and(|call| call < 5) && !dice.chance(15) {
        return None;
    }
    let mut draft = Draft::new(level, answer(seen.iter().map(|it| it.fate)), because(&config, &seen));
    let timed = matches!(config.window, WindowKind::Seconds(_));
    draft.text(format!(
        "A Resilience4j breaker is new and CLOSED: {}. It is asked for these calls, one after the other ({}):",
        words::settings(&config),
        words::legend(&calls)
    ));
    draft.lines(words::list(&calls, timed, ("gives", &words::marks(&calls))));
    draft.text("It would stay OPEN for 60 s. Which state is it in after the last call?");
    for flaw in FLAWS.into_iter().filter(|flaw| flaw.applies(&config)) {
        let fates = believed(&config, Some(flaw), &calls);
        if let Some(at) = parted(&seen, &fates) {
            draft.wrong(
                answer(fates.iter().copied()),
                flaw.id(),
                words::refuted(flaw, &config, &seen, &fates, at),
            );
        }
    }
    Some(draft)
}

/// The state at the end and what made it so.
pub(super) fn answer(fates: impl IntoIterator<Item = Fate>) -> String {
    let fates: Vec<Fate> = fates.into_iter().collect();
    match opened(fates.iter().copied()).and_then(|call| Some((call, fates.get(call - 1)?))) {
        None => "CLOSED: it never opened".to_owned(),
        Some((call, fate)) if fate.passed => format!("OPEN: call {call} opened it"),
        Some((call, _)) => format!("OPEN: it opened before call {call}"),
    }
}

/// The call that decided, and how near it was before; or why none did.
pub(super) fn because(config: &Config, seen: &[Seen]) -> String {
    let opened = seen.iter().enumerate().find_map(|(at, it)| Some((at, it.why?)));
    if let Some((at, why)) = opened {
        let before = at.checked_sub(1).and_then(|at| seen.get(at)).map(|it| it.counts);
        let minimum = match config.window {
            WindowKind::Count(size) => config.minimum_calls.min(size),
            WindowKind::Seconds(_) => config.minimum_calls,
        };
        let before = match before {
            Some(counts) if counts.calls < minimum => {
                format!(" After call {at} there were {} results, and the minimum is {minimum}.", counts.calls)
            }
            Some(counts) => format!(
                " After call {at} it was {} of {} failed{}.",
                counts.failed,
                counts.calls,
                if words::counts_slow(config) { format!(" and {} slow", counts.slow) } else { String::new() }
            ),
            None => String::new(),
        };
        let rest = if at + 1 < seen.len() { " The calls after it are rejected." } else { "" };
        return format!("{}{before}{rest}", words::opening(at + 1, why));
    }
    let nearest = seen.iter().enumerate().filter(|(_, it)| it.fate.state == State::Closed);
    let last = nearest.max_by_key(|(at, it)| {
        (it.counts.failed.max(it.counts.slow) * 1000 / it.counts.calls.max(config.minimum_calls.min(8)), *at)
    });
    let Some((at, it)) = last else { return String::new() };
    let slow =
        if words::counts_slow(config) { format!(" and {} slow", it.counts.slow) } else { String::new() };
    format!(
        "No result meets both the minimum and a threshold. It comes nearest at call {}: {} of {} results failed{slow}.",
        at + 1,
        it.counts.failed,
        it.counts.calls
    )
}
