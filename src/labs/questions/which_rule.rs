//! Which rule opens this breaker: failures, slow calls, or both.

use super::Template;
use super::believer::Flaw;
use super::calls::{LIMIT, believed, listed, opened, parted, truth};
use super::dice::Dice;
use super::draft::Draft;
use super::{state, words};
use crate::engine::time::Span;
use crate::patterns::breaker::Why;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-which-rule",
    rev: 1,
    title: "which rule opens this breaker",
    skill: "diagnose",
    concepts: &["slow-calls", "sliding-window"],
    draw,
};

const FLAWS: [Flaw; 8] = [
    Flaw::SlowIsSuccess,
    Flaw::BelowMinimum,
    Flaw::Strict,
    Flaw::NeverForgets,
    Flaw::OverWindowSize,
    Flaw::MustFill,
    Flaw::OnlyFailures,
    Flaw::CountMinimumStays,
];

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[2, 2, 3], 2);
    let size = dice.count(4, 8);
    let config = Config {
        window: WindowKind::Count(size),
        minimum_calls: if level == 3 && dice.chance(25) {
            size + dice.count(2, 6)
        } else {
            dice.count(3, size)
        },
        failure_threshold: dice.one_of(&[40.0, 50.0, 60.0], 50.0),
        slow_threshold: dice.one_of(&[40.0, 50.0, 60.0], 50.0),
        slow_duration: LIMIT,
        open_wait: OpenWait::Constant(Span::from_secs(60)),
        ..Config::default()
    };
    let (failed, slow) = (dice.between(25, 40), dice.between(25, 45));
    let number = usize::try_from(dice.between(9, 12)).ok()?;
    let calls = listed(dice, number, failed, slow, 1);
    let seen = truth(&config, &calls);
    if opened(seen.iter().map(|it| it.fate)).is_some_and(|call| call < 4) {
        return None;
    }
    let answer = |settings: &Config, flaw: Option<Flaw>| {
        let fates = believed(settings, flaw, &calls);
        let Some(call) = opened(fates.iter().copied()) else { return NEITHER.to_owned() };
        // Which of the two it was shows when the other one is taken away.
        let without = |config: Config| opened(believed(&config, flaw, &calls)) != Some(call);
        let by_failures = without(Config { failure_threshold: NEVER, ..*settings });
        let by_slow = without(Config { slow_threshold: NEVER, ..*settings });
        match (by_failures, by_slow) {
            (true, false) => format!("The failure rate, at call {call}"),
            (false, true) => format!("The slow-call rate, at call {call}"),
            _ => format!("Both rates at once, at call {call}"),
        }
    };
    let right = match seen.iter().enumerate().find_map(|(at, it)| Some((at + 1, it.why?))) {
        None => NEITHER.to_owned(),
        Some((call, Why::FailureRate(_))) => format!("The failure rate, at call {call}"),
        Some((call, Why::SlowRate(_))) => format!("The slow-call rate, at call {call}"),
        Some((call, _)) => format!("Both rates at once, at call {call}"),
    };
    let mut draft = Draft::new(level, right, state::because(&config, &seen));
    draft.text(format!(
        "A Resilience4j breaker is new and CLOSED: {}. It is asked for these calls, one after the other ({}):",
        words::settings(&config),
        words::legend(&calls)
    ));
    draft.lines(words::list(&calls, false, ("gives", &words::marks(&calls))));
    draft.text("What opens it first, if anything does?");
    for flaw in FLAWS.into_iter().filter(|flaw| flaw.applies(&config)) {
        let fates = believed(&config, Some(flaw), &calls);
        if let Some(at) = parted(&seen, &fates) {
            draft.wrong(
                answer(&config, Some(flaw)),
                flaw.id(),
                words::refuted(flaw, &config, &seen, &fates, at),
            );
        }
    }
    Some(draft)
}

const NEITHER: &str = "Nothing: it stays CLOSED";
/// No share reaches it.
const NEVER: f32 = 1000.0;
