//! How many of these calls reach payments.

use super::Template;
use super::believer::Flaw;
use super::calls::{Fate, Seen, believed, listed, parted, truth};
use super::dice::Dice;
use super::draft::Draft;
use super::words;
use crate::engine::time::Span;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};
use crate::patterns::breaker::{State, Why};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-reach",
    rev: 1,
    title: "how many of these calls reach payments",
    skill: "compute",
    concepts: &["fail-fast", "half-open", "open-wait"],
    draw,
};

const FLAWS: [Flaw; 12] = [
    Flaw::BelowMinimum,
    Flaw::Strict,
    Flaw::MustFill,
    Flaw::ClosesByClock,
    Flaw::SeesRecovery,
    Flaw::ProbesAreExtra,
    Flaw::RejectionsRestartWait,
    Flaw::KeepsWindow,
    Flaw::OneProbe,
    Flaw::AllProbes,
    Flaw::WhenCertain,
    Flaw::WaitConstant,
];

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[2, 2, 3], 2);
    let size = dice.count(3, 5);
    let wait = Span::from_millis(1000 * dice.between(2, 4) + 500);
    let permits = dice.count(1, 3);
    let config = Config {
        window: WindowKind::Count(size),
        minimum_calls: dice.count(2, size),
        failure_threshold: dice.one_of(&[50.0, 60.0], 50.0),
        half_open_permits: permits,
        open_wait: if level == 3 && dice.chance(40) {
            OpenWait::Exponential { initial: wait, multiplier: 2.0, max: Span::from_secs(600) }
        } else {
            OpenWait::Constant(wait)
        },
        ..Config::default()
    };
    let failed = dice.between(35, 60);
    let calls = listed(dice, 12, failed, 0, if level == 3 { 2 } else { 1 });
    let seen = truth(&config, &calls);
    let fates: Vec<Fate> = seen.iter().map(|it| it.fate).collect();
    // Without a probe the question is that of the state.
    let probes = seen
        .iter()
        .any(|it| it.fate.state == State::HalfOpen || matches!(it.why, Some(Why::ProbesPassed(_))));
    if !probes || fates.iter().take(3).any(|fate| !fate.passed) {
        return None;
    }
    let mut draft = Draft::new(level, answer(&fates), because(&seen));
    draft.text(format!(
        "A Resilience4j breaker is new and CLOSED: `slidingWindowType` COUNT_BASED, `slidingWindowSize` {size}, \
         `minimumNumberOfCalls` {}, `failureRateThreshold` {} %, {}, `permittedNumberOfCallsInHalfOpenState` {permits}. \
         It is asked for a call at each of these seconds. The last row is what payments gives within 100 ms, if the call \
         reaches it: ok, or an error F.",
        config.minimum_calls,
        config.failure_threshold,
        words::wait(&config)
    ));
    draft.lines(words::list(&calls, true, ("gives", &words::marks(&calls))));
    draft.text("How many of the 12 calls reach payments?");
    for flaw in FLAWS.into_iter().filter(|flaw| flaw.applies(&config)) {
        let other = believed(&config, Some(flaw), &calls);
        if let Some(at) = parted(&seen, &other) {
            draft.wrong(answer(&other), flaw.id(), words::refuted(flaw, &config, &seen, &other, at));
        }
    }
    Some(draft)
}

fn answer(fates: &[Fate]) -> String {
    format!("{} calls", fates.iter().filter(|fate| fate.passed).count())
}

/// What happened, stretch by stretch.
fn because(seen: &[Seen]) -> String {
    let rejected: Vec<usize> =
        seen.iter().enumerate().filter(|(_, it)| !it.fate.passed).map(|(at, _)| at + 1).collect();
    let changes = seen.iter().enumerate().filter_map(|(at, it)| {
        let call = at + 1;
        Some(match (it.why?, it.fate.state) {
            (Why::FailureRate(rate), _) => {
                format!("call {call} opens it ({} of {} failed)", rate.bad, rate.of)
            }
            (Why::ProbesPassed(rate), _) => {
                format!("call {call} closes it ({} of {} probes failed)", rate.bad, rate.of)
            }
            (Why::WaitOver, _) => format!("call {call} is the first probe"),
            _ => return None,
        })
    });
    let story = changes.collect::<Vec<_>>().join(", ");
    format!("In turn: {story}. Rejected: {}.", words::numbered(&rejected))
}
