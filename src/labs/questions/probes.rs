//! What these probes decide.

use super::Template;
use super::believer::{Believer, Flaw, Result};
use super::dice::Dice;
use super::draft::Draft;
use super::words;
use crate::engine::time::{Span, Time};
use crate::patterns::breaker::resilience4j::{CircuitBreaker, Config, OpenWait, WindowKind};
use crate::patterns::breaker::{Outcome, State, Why};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-probes",
    rev: 1,
    title: "what these probes decide",
    skill: "predict",
    concepts: &["half-open"],
    draw,
};

const FLAWS: [Flaw; 6] =
    [Flaw::OneProbe, Flaw::AllProbes, Flaw::FullMinimum, Flaw::WhenCertain, Flaw::LateDropped, Flaw::Strict];

const TOOK: Span = Span::from_millis(100);

/// A result that comes in while half-open.
#[derive(Clone, Copy, Debug)]
struct Came {
    failed: bool,
    late: bool,
}

/// The state after a result, and what changed it.
#[derive(Clone, Copy, Debug)]
struct After {
    state: State,
    why: Option<Why>,
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let level = dice.one_of(&[1, 2, 3], 2);
    let permits = dice.count(3, 8);
    // At level 1 all permitted probes decide; above, a lower minimum does, or a higher one that is capped.
    let minimum = match level {
        1 => permits + dice.count(4, 14),
        _ => dice.count(2, permits - 1),
    };
    // Larger than any minimum, so that it caps none.
    let size = 5 * dice.count(5, 12);
    let config = Config {
        window: WindowKind::Count(size),
        minimum_calls: minimum,
        failure_threshold: dice.one_of(&[50.0, 50.0, 60.0, 40.0, 30.0, 70.0], 50.0),
        half_open_permits: permits,
        open_wait: OpenWait::Constant(Span::from_secs(5)),
        ..Config::default()
    };
    let needed = minimum.min(permits);
    let number =
        if level == 1 { dice.count(permits - 1, permits) } else { dice.count(needed.max(3) - 1, permits) };
    let failed = dice.between(35, 65);
    let mut came: Vec<Came> =
        (0..number).map(|_| Came { failed: dice.chance(failed), late: false }).collect();
    if level == 3 {
        let at = usize::try_from(dice.between(0, u64::from(number) - 1)).ok()?;
        came.insert(at, Came { failed: dice.chance(70), late: true });
    }
    let after = truth(&config, &came);
    let mut draft =
        Draft::new(level, answer(after.iter().map(|it| it.state)), because(&config, &came, &after));
    draft.text(format!(
        "A Resilience4j breaker has just become HALF_OPEN: `permittedNumberOfCallsInHalfOpenState` {permits}, \
         `minimumNumberOfCalls` {minimum}, `slidingWindowSize` {size}, `failureRateThreshold` {} %. Its {permits} permitted \
         calls are under way. Then results come in, one after the other (F is a failure{}):",
        config.failure_threshold,
        if level == 3 { "; old marks the result of a call that began before it opened" } else { "" }
    ));
    let row = |name: &str, cell: &dyn Fn(usize, &Came) -> String| {
        came.iter()
            .enumerate()
            .fold(format!("{name:<7}"), |row, (at, it)| row + &format!("{:>5}", cell(at, it)))
    };
    let mut lines = vec![
        row("result", &|at, _| (at + 1).to_string()),
        row("", &|_, it| if it.failed { "F" } else { "ok" }.to_owned()),
    ];
    if level == 3 {
        lines
            .push(row("call", &|_, it| if it.late { "old" } else { "new" }.to_owned()).trim_end().to_owned());
    }
    draft.lines(lines);
    draft.text(match permits - number {
        0 => "Which state is it in now?".to_owned(),
        1 => "One probe has not answered yet. Which state is it in now?".to_owned(),
        left => format!("{left} probes have not answered yet. Which state is it in now?"),
    });
    for flaw in FLAWS {
        let other = believed(&config, Some(flaw), &came);
        let parted = after.iter().zip(&other).position(|(it, other)| it.state != *other);
        if let Some(at) = parted {
            draft.wrong(answer(other), flaw.id(), refuted(flaw, &config, &came, at));
        }
    }
    Some(draft)
}

fn truth(config: &Config, came: &[Came]) -> Vec<After> {
    let mut breaker = CircuitBreaker::new(*config, Time::ZERO);
    // From CLOSED to OPEN by hand is legal.
    let _ = breaker.transition_to(Time::ZERO, State::Open);
    let now = Time::from_secs(6);
    for _ in 0..config.half_open_permits {
        let _permitted = breaker.try_acquire(now);
    }
    came.iter()
        .map(|it| {
            let before = breaker.last_transition().map_or(0, |it| it.number);
            // No window of size 0 here, so nothing is divided by zero.
            let _ = breaker.on_result(now + TOOK, outcome(*it), TOOK);
            let last = breaker.last_transition().filter(|it| it.number != before);
            After { state: breaker.state(), why: last.map(|it| it.why) }
        })
        .collect()
}

fn outcome(came: Came) -> Outcome {
    if came.failed { Outcome::Failure } else { Outcome::Success }
}

fn believed(config: &Config, flaw: Option<Flaw>, came: &[Came]) -> Vec<State> {
    let mut breaker = Believer::new(*config, flaw);
    breaker.open(Time::ZERO);
    let now = Time::from_secs(6);
    for _ in 0..config.half_open_permits {
        breaker.acquire(now, false);
    }
    came.iter()
        .map(|it| {
            breaker.result(now + TOOK, Result { failed: it.failed, slow: false, late: it.late });
            breaker.state()
        })
        .collect()
}

/// The state at the end, and the result that made it so.
fn answer(states: impl IntoIterator<Item = State>) -> String {
    let states: Vec<State> = states.into_iter().collect();
    let last = states.last().copied().unwrap_or(State::HalfOpen);
    let since = states.iter().rposition(|state| *state != last).map_or(0, |at| at + 1) + 1;
    match last {
        State::Open => format!("OPEN, since result {since}"),
        State::Closed => format!("CLOSED, since result {since}"),
        _ => "HALF_OPEN: nothing is decided".to_owned(),
    }
}

fn because(config: &Config, came: &[Came], after: &[After]) -> String {
    let needed = config.minimum_calls.min(config.half_open_permits);
    let rule = format!(
        "Half-open decides after min(`minimumNumberOfCalls`, permitted) = min({}, {}) = {needed} results.",
        config.minimum_calls, config.half_open_permits
    );
    let decided = after.iter().enumerate().find_map(|(at, it)| Some((at, it.why?)));
    let failed = |upto: usize| came.iter().take(upto).filter(|it| it.failed).count();
    let old = if came.iter().any(|it| it.late) { " The result of the old call is one of them." } else { "" };
    match decided {
        None => format!("{rule} Only {} are in.", came.len()),
        Some((at, why)) => {
            let (bad, of) = (failed(at + 1), at + 1);
            let share = words::percent(u32::try_from(bad).unwrap_or(0), u32::try_from(of).unwrap_or(1));
            let threshold = config.failure_threshold;
            let verdict = if matches!(why, Why::ProbesPassed(_)) {
                format!("below the threshold of {threshold} %: it closes.")
            } else {
                format!("and the threshold is {threshold} %: it opens again.")
            };
            format!("{rule} With result {of}, {bad} of {of} failed, {share}, {verdict}{old}")
        }
    }
}

fn refuted(flaw: Flaw, config: &Config, came: &[Came], at: usize) -> String {
    let needed = config.minimum_calls.min(config.half_open_permits);
    let in_by_then = at + 1;
    let failed = came.iter().take(in_by_then).filter(|it| it.failed).count();
    let permits = config.half_open_permits;
    match flaw {
        Flaw::OneProbe => format!("At result {in_by_then} there is no rate yet: it takes {needed} results."),
        Flaw::AllProbes => format!(
            "It does not wait for all {permits} probes. With result {in_by_then} the {needed} that it takes are in."
        ),
        Flaw::FullMinimum => format!(
            "The minimum of {} is capped by the {permits} permitted calls, so {needed} results are enough.",
            config.minimum_calls
        ),
        Flaw::WhenCertain => format!(
            "At result {in_by_then}, {failed} have failed, which may settle the matter, but below {needed} results there \
             is no rate to compare."
        ),
        Flaw::LateDropped => {
            "Resilience4j gives a result to the state that is current when the call ends, so the old call's result \
             counts here."
                .to_owned()
        }
        _ => format!(
            "With result {in_by_then} it is {failed} of {in_by_then}, exactly the threshold of {} %, and that is enough \
             to open.",
            config.failure_threshold
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_flaw_a_believer_decides_as_the_real_breaker() {
        for seed in 0..2000 {
            let dice = &mut Dice::new("agreement", seed, 0);
            let config = Config {
                window: WindowKind::Count(20),
                minimum_calls: dice.count(1, 8),
                half_open_permits: dice.count(1, 6),
                ..Config::default()
            };
            let came: Vec<Came> = (0..dice.count(1, 6))
                .map(|_| Came { failed: dice.chance(50), late: dice.chance(20) })
                .collect();
            let real: Vec<State> = truth(&config, &came).iter().map(|it| it.state).collect();
            assert_eq!(believed(&config, None, &came), real, "{config:?} {came:?}");
        }
    }
}
