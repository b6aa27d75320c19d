//! The words of questions about a list of calls: settings, the list, and why a belief gives another answer.

use super::believer::Flaw;
use super::calls::{Answer, Call, Fate, Seen};
use crate::engine::time::Span;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};
use crate::patterns::breaker::{State, Why};

/// How wide a column of the list is.
const COLUMN: usize = 4;

/// The settings that matter, by the names of the library.
pub(super) fn settings(config: &Config) -> String {
    let (kind, size, unit) = match config.window {
        WindowKind::Count(size) => ("COUNT_BASED", size, ""),
        WindowKind::Seconds(seconds) => ("TIME_BASED", seconds, " seconds"),
    };
    let text = format!(
        "`slidingWindowType` {kind}, `slidingWindowSize` {size}{unit}, `minimumNumberOfCalls` {}, \
         `failureRateThreshold` {} %",
        config.minimum_calls, config.failure_threshold
    );
    if counts_slow(config) {
        return text
            + &format!(
                ", `slowCallRateThreshold` {} %, `slowCallDurationThreshold` {} ms",
                config.slow_threshold,
                config.slow_duration.millis()
            );
    }
    text
}

/// Whether a call of the list can be slow.
pub(super) fn counts_slow(config: &Config) -> bool {
    config.slow_duration < Span::from_secs(1)
}

/// What the marks of a list mean.
pub(super) fn legend(calls: &[Call]) -> String {
    let mut text = "ok is an answer after 100 ms, F an error after 100 ms".to_owned();
    if calls.iter().any(|call| call.answer == Answer::Slow) {
        text.push_str(", S a correct answer after 800 ms");
    }
    text
}

/// The list, a call a column. Times are told where they matter.
pub(super) fn list(calls: &[Call], timed: bool, last: (&str, &[String])) -> Vec<String> {
    let row = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        cells.fold(format!("{name:<5}"), |row, cell| row + &format!("{cell:>COLUMN$}"))
    };
    let mut lines = vec![row("call", &mut (1..=calls.len()).map(|n| n.to_string()))];
    if timed {
        lines.push(row("at s", &mut calls.iter().map(|call| call.second.to_string())));
    }
    let (name, marks) = last;
    lines.push(row(name, &mut marks.iter().cloned()));
    lines
}

/// The marks of what payments gives.
pub(super) fn marks(calls: &[Call]) -> Vec<String> {
    calls.iter().map(|call| call.answer.mark().to_owned()).collect()
}

/// `call 3`, `calls 3 and 4`, `calls 3, 4 and 5`.
pub(super) fn numbered(numbers: &[usize]) -> String {
    let all: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [] => "no call".to_owned(),
        [one] => format!("call {one}"),
        [most @ .., last] => format!("calls {} and {last}", most.join(", ")),
    }
}

/// A share as a learner would write it: `50 %`, `66.7 %`.
pub(super) fn percent(bad: u32, of: u32) -> String {
    let share = f64::from(bad) * 100.0 / f64::from(of.max(1));
    if (bad * 100).is_multiple_of(of.max(1)) { format!("{share} %") } else { format!("{share:.1} %") }
}

/// What opened it, as one sentence.
pub(super) fn opening(call: usize, why: Why) -> String {
    let rate = |what: &str, rate: crate::patterns::breaker::Rate| {
        format!(
            "{} of the {} results in the window {what}, which is {}, and the threshold is {} %",
            rate.bad,
            rate.of,
            percent(rate.bad, rate.of),
            rate.threshold
        )
    };
    match why {
        Why::FailureRate(failure) => format!("Call {call} opens it: {}.", rate("have failed", failure)),
        Why::SlowRate(slow) => format!("Call {call} opens it: {}.", rate("were slow", slow)),
        Why::BothRates { failure, slow } => format!(
            "Call {call} opens it, for two reasons: {}; {}.",
            rate("have failed", failure),
            rate("were slow", slow)
        ),
        _ => format!("Call {call} opens it."),
    }
}

/// Why the run went another way than a flaw would have it, at the call where the two part.
pub(super) fn refuted(flaw: Flaw, config: &Config, truth: &[Seen], believed: &[Fate], at: usize) -> String {
    let Some((seen, other)) = truth.get(at).zip(believed.get(at)) else { return String::new() };
    let (call, counts) = (at + 1, seen.counts);
    let (n, failed, slow) = (counts.calls, counts.failed, counts.slow);
    let opens_too_early = other.state == State::Open || !other.passed;
    let minimum = match config.window {
        WindowKind::Count(size) => config.minimum_calls.min(size),
        WindowKind::Seconds(_) => config.minimum_calls,
    };
    let share = if failed * u32::from(!opens_too_early) > 0 || slow == 0 {
        format!("{failed} of {n} failed, {}", percent(failed, n))
    } else {
        format!(
            "{failed} of {n} failed ({}) and {slow} of {n} were slow ({})",
            percent(failed, n),
            percent(slow, n)
        )
    };
    match flaw {
        Flaw::BelowMinimum => format!(
            "At call {call} the window holds {n} {}, and the minimum is {minimum}: there is no rate yet.",
            if n == 1 { "result" } else { "results" }
        ),
        Flaw::Strict => {
            format!("At call {call} {}, and that is enough: the comparison is >=.", threshold(seen))
        }
        Flaw::SlowIsSuccess => format!(
            "At call {call}, {slow} of {n} results are slow, {}. The slow-call rate has a threshold of its own, {} %, \
             and a correct answer counts in it too.",
            percent(slow, n),
            config.slow_threshold
        ),
        Flaw::NeverForgets => {
            format!("At call {call} older results have left the window. Of those in it, {share}.")
        }
        Flaw::OverWindowSize => {
            format!("At call {call} the window holds {n} results, and the rate is taken of these: {share}.")
        }
        Flaw::MustFill => format!("At call {call} {}. A share of the window is enough.", threshold(seen)),
        Flaw::OnlyFailures => format!(
            "Call {call} succeeds, and its result is compared like any other: {share}, and the minimum of {minimum} is met."
        ),
        Flaw::ByClock => format!(
            "Results that grow old raise the rate without a word. It is compared again when the result of call {call} \
             is recorded, so call {call} is let through."
        ),
        Flaw::CountMinimumStays => format!(
            "A count window of {minimum} holds no more than {minimum} results, so the minimum in effect is {minimum}, \
             not {}. At call {call} it is met.",
            config.minimum_calls
        ),
        Flaw::TimeMinimumCapped => format!(
            "A time window leaves the minimum as it is. At call {call} it holds {n} results, fewer than {minimum}."
        ),
        _ => half_open(flaw, config, seen, call),
    }
}

/// The threshold that opened it.
fn threshold(seen: &Seen) -> String {
    match seen.why {
        Some(Why::SlowRate(rate)) => {
            format!(
                "the slow-call rate is {} of {}, and the threshold is {} %",
                rate.bad, rate.of, rate.threshold
            )
        }
        Some(Why::FailureRate(rate) | Why::BothRates { failure: rate, .. }) => {
            format!(
                "the failure rate is {} of {}, and the threshold is {} %",
                rate.bad, rate.of, rate.threshold
            )
        }
        _ => "the threshold is reached".to_owned(),
    }
}

/// The same for what happens after it opened.
fn half_open(flaw: Flaw, config: &Config, seen: &Seen, call: usize) -> String {
    let permits = config.half_open_permits;
    let needed = config.minimum_calls.min(permits);
    let results = if needed == 1 { "1 result".to_owned() } else { format!("{needed} results") };
    let passes = if seen.fate.passed { "call passes" } else { "call is rejected" };
    match flaw {
        Flaw::ClosesByClock => format!(
            "At call {call} the wait is over and the breaker is HALF_OPEN, not CLOSED: {results} of probes decide."
        ),
        Flaw::SeesRecovery => format!(
            "Call {call} would succeed, but an OPEN breaker makes no call and so cannot know. The {passes}."
        ),
        Flaw::ProbesAreExtra => {
            format!("The breaker makes no calls of its own. Call {call} is a real call, and it is the probe.")
        }
        Flaw::RejectionsRestartWait => format!(
            "The end of the wait is set when it opens. Rejected calls do not move it, so it is over at call {call}."
        ),
        Flaw::WaitConstant => format!(
            "It had opened again without closing in between, so this wait is longer. At call {call} it is not over."
        ),
        Flaw::KeepsWindow => format!(
            "Closing starts an empty window. At call {call} it holds {} results, and none from before.",
            seen.counts.calls
        ),
        Flaw::OneProbe => format!(
            "One result is not enough at call {call}: half-open decides after min(`minimumNumberOfCalls`, permitted) = \
             {results}."
        ),
        Flaw::AllProbes => format!(
            "At call {call} {results} are in. That is min(`minimumNumberOfCalls`, permitted), and it decides, although \
             {permits} are permitted."
        ),
        Flaw::FullMinimum => format!(
            "In HALF_OPEN the minimum is capped by the {permits} permitted calls: with {results} it decides, at call {call}."
        ),
        Flaw::WhenCertain => format!(
            "At call {call} fewer than {results} are in, so there is no rate, however clear the outcome is."
        ),
        _ => format!("At call {call} the {passes}."),
    }
}

/// How long it stays open, as a setting.
pub(super) fn wait(config: &Config) -> String {
    match config.open_wait {
        OpenWait::Constant(wait) => format!("`waitDurationInOpenState` {} s", wait.secs()),
        OpenWait::Exponential { initial, multiplier, .. } => format!(
            "`waitIntervalFunctionInOpenState` exponential from {} s with multiplier {multiplier}",
            initial.secs()
        ),
    }
}
