//! Which request gets through next: the waits of Resilience4j, Hystrix and opossum.

use super::Template;
use super::dice::Dice;
use super::draft::Draft;
use crate::engine::time::{Span, Time};
use crate::patterns::breaker::resilience4j::{self, OpenWait, WindowKind};
use crate::patterns::breaker::{Breaker, Outcome, Permit, Settings, hystrix, opossum};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-next-call",
    rev: 1,
    title: "which request gets through next",
    skill: "predict",
    concepts: &["open-wait", "half-open", "library-defaults"],
    draw,
};

/// When it opened, in tenths of a second.
const OPENED: u64 = 100;

/// What is thought of the wait.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Belief {
    /// The first wait and the second, in tenths; the second counts from the end of a failed probe.
    FromEnd(u64, u64),
    /// The second counts from the start of a failed probe.
    FromStart(u64, u64),
    /// After the wait it is closed.
    Closes(u64),
    /// A rejected request starts the wait anew.
    Restarts(u64, u64),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum System {
    Constant,
    Exponential,
    Hystrix,
    Opossum,
}

/// A wrong belief: what it makes of the waits, its id, and what refutes it.
type Wrong = (Belief, &'static str, String);

fn draw(dice: &mut Dice) -> Option<Draft> {
    let system = dice
        .one_of(&[System::Constant, System::Exponential, System::Hystrix, System::Opossum], System::Constant);
    let wait = dice.between(3, 8) * 10;
    let took = dice.between(6, 25);
    let (factor, second) = match system {
        System::Exponential if dice.chance(50) => ("1.5", wait * 3 / 2),
        System::Exponential => ("3", wait * 3),
        _ => ("1", wait),
    };
    let mut at = OPENED;
    let requests: Vec<u64> = (0..11)
        .map(|_| {
            at += dice.between(8, 38);
            at
        })
        .collect();
    let (truth, from) = run(system, wait, factor, took, &requests)?;
    // What happens on the very tenth is not the question.
    let edges = [OPENED + wait, from + second, from + took + second, from + wait];
    if requests.iter().any(|at| edges.iter().any(|edge| at.abs_diff(*edge) < 2)) {
        return None;
    }
    let level = if system == System::Constant { 2 } else { 3 };
    let wrong = wrongs(system, wait, second, factor);
    let begun = if system == System::Hystrix { from } else { from + took };
    let next = seconds(truth?);
    let right = request(truth);
    let because = format!(
        "The first wait is over at {} s, so the request at {} s is the first that passes. It fails at {} s. {} {} s \
         more end at {} s, and the next request after that is at {next} s.",
        seconds(OPENED + wait),
        seconds(from),
        seconds(from + took),
        if system == System::Hystrix {
            "Hystrix counts the sleep window from the start of its last test call:"
        } else {
            "Then the breaker opens again, from that moment:"
        },
        seconds(second),
        seconds(begun + second)
    );
    let mut draft = Draft::new(level, right, because);
    draft.text(format!(
        "{} It opened at 10.0 s. Payments is down: each call that reaches it fails after {} s. Requests ask at these \
         seconds:",
        settings(system, wait, factor),
        seconds(took)
    ));
    let (first, rest) = requests.split_at(6);
    let row = |requests: &[u64]| {
        requests.iter().fold(String::new(), |row, at| row + &format!("{:>7}", seconds(*at)))
    };
    draft.lines(vec![row(first), row(rest)]);
    draft.text(format!("The request at {} s is the first that passes. Which is the second?", seconds(from)));
    for (belief, id, why) in wrong {
        draft.wrong(request(believed(belief, took, &requests)), id, why);
    }
    Some(draft)
}

/// The second request that passes, and when the first one did.
fn run(system: System, wait: u64, factor: &str, took: u64, requests: &[u64]) -> Option<(Option<u64>, u64)> {
    let passed = passing(&mut opened(&build(system, wait, factor), system)?, took, requests);
    let (first, second) = (passed.first().copied()?, passed.get(1).copied());
    Some((second, first))
}

fn build(system: System, wait: u64, factor: &str) -> Settings {
    let wait = tenths(wait);
    match system {
        System::Constant | System::Exponential => Settings::Resilience4j(resilience4j::Config {
            window: WindowKind::Count(1),
            minimum_calls: 1,
            half_open_permits: 1,
            open_wait: match factor.parse() {
                Ok(multiplier) if system == System::Exponential => {
                    OpenWait::Exponential { initial: wait, multiplier, max: Span::from_secs(600) }
                }
                _ => OpenWait::Constant(wait),
            },
            ..resilience4j::Config::default()
        }),
        System::Hystrix => Settings::Hystrix(hystrix::Config {
            request_volume: 1,
            sleep_window: wait,
            ..hystrix::Config::default()
        }),
        System::Opossum => {
            Settings::Opossum(opossum::Config { reset_timeout: wait, ..opossum::Config::default() })
        }
    }
}

/// The breaker, opened at 10.0 s.
fn opened(settings: &Settings, system: System) -> Option<Breaker> {
    let mut breaker = settings.build(Time::ZERO);
    let now = |at| Time::ZERO + tenths(at);
    // Hystrix opens when the next request asks and finds a bad snapshot, the others when the failure comes in.
    let failed = if system == System::Hystrix { OPENED - 10 } else { OPENED };
    let permit = breaker.try_acquire(now(failed - 1)).ok()?;
    let _own = breaker.on_result(now(failed), permit, Outcome::Failure, tenths(1));
    if system == System::Hystrix && breaker.try_acquire(now(OPENED)).is_ok() {
        return None;
    }
    Some(breaker)
}

/// The requests that pass; each of them fails.
fn passing(breaker: &mut Breaker, took: u64, requests: &[u64]) -> Vec<u64> {
    let mut passed = Vec::new();
    let mut under_way: Vec<(u64, Permit)> = Vec::new();
    for at in requests {
        under_way.retain(|(end, permit)| {
            if end <= at {
                let _own =
                    breaker.on_result(Time::ZERO + tenths(*end), *permit, Outcome::Failure, tenths(took));
            }
            end > at
        });
        if let Ok(permit) = breaker.try_acquire(Time::ZERO + tenths(*at)) {
            passed.push(*at);
            under_way.push((at + took, permit));
        }
    }
    passed
}

/// The second request that passes as somebody thinks.
fn believed(belief: Belief, took: u64, requests: &[u64]) -> Option<u64> {
    let wait = match belief {
        Belief::FromEnd(wait, _)
        | Belief::FromStart(wait, _)
        | Belief::Closes(wait)
        | Belief::Restarts(wait, _) => wait,
    };
    let restarts = matches!(belief, Belief::Restarts(..));
    // The first one is told in the question, whatever is thought of the wait before it.
    let first = *requests.iter().find(|at| **at > OPENED + wait)?;
    let mut until = match belief {
        Belief::FromEnd(_, second) | Belief::Restarts(_, second) => first + took + second,
        Belief::FromStart(_, second) => first + second,
        Belief::Closes(_) => first,
    };
    for at in requests.iter().copied().filter(|at| *at > first) {
        if at > until {
            return Some(at);
        }
        if let (true, Belief::Restarts(_, second)) = (restarts && at > first + took, belief) {
            until = at + second;
        }
    }
    None
}

fn wrongs(system: System, wait: u64, second: u64, factor: &str) -> Vec<Wrong> {
    let closes = "When the wait is over one call is let through as a probe, and its failure starts another wait. \
                  Nothing closes by the clock.";
    let restarts =
        "A rejected request changes nothing but a counter: the end of the wait is set when it opens.";
    let mut all = vec![
        (Belief::Closes(wait), "closes-by-clock", closes.to_owned()),
        (Belief::Restarts(wait, second), "rejections-restart-wait", restarts.to_owned()),
    ];
    if system == System::Hystrix {
        let why = "Hystrix 1.5.18 has no half-open state: a failed test call changes nothing, and the sleep window counts \
                   from the start of that call.";
        all.push((Belief::FromEnd(wait, second), "hystrix-has-half-open", why.to_owned()));
    } else {
        let why = "The breaker learns of the failure when the call ends. It opens at that moment, and the whole wait comes \
                   after it.";
        all.push((Belief::FromStart(wait, second), "wait-counts-from-the-probe", why.to_owned()));
    }
    if system == System::Exponential {
        let why = format!(
            "It has not closed in between, so the second wait is {factor} times the first: {} s.",
            seconds(second)
        );
        all.push((Belief::FromEnd(wait, wait), "open-wait-constant", why));
        let why = format!("The multiplier here is {factor}, so the second wait is {} s.", seconds(second));
        all.push((Belief::FromEnd(wait, wait * 2), "exponential-means-double", why));
    }
    all
}

fn settings(system: System, wait: u64, factor: &str) -> String {
    let (wait, millis) = (seconds(wait), wait * 100);
    match system {
        System::Constant => format!(
            "A Resilience4j breaker: `waitDurationInOpenState` {wait} s, `permittedNumberOfCallsInHalfOpenState` 1."
        ),
        System::Exponential => format!(
            "A Resilience4j breaker: `waitIntervalFunctionInOpenState` is `ofExponentialBackoff` from {wait} s with \
             multiplier {factor}, `permittedNumberOfCallsInHalfOpenState` 1. It opened for the first time."
        ),
        System::Hystrix => format!("A Hystrix 1.5.18 breaker: `sleepWindowInMilliseconds` is {millis}."),
        System::Opossum => format!("An opossum 9.0.0 breaker: `resetTimeout` is {millis} ms."),
    }
}

fn request(at: Option<u64>) -> String {
    at.map_or_else(|| "None of them".to_owned(), |at| format!("The one at {} s", seconds(at)))
}

const fn tenths(tenths: u64) -> Span {
    Span::from_millis(tenths * 100)
}

fn seconds(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_breakers_wait_as_the_words_say() {
        let requests: Vec<u64> = (0..60).map(|n| OPENED + 4 + n * 7).collect();
        for (wait, took) in [(30, 6), (50, 22), (80, 13)] {
            let real = |system, factor| run(system, wait, factor, took, &requests).unwrap().0;
            let end = |second| believed(Belief::FromEnd(wait, second), took, &requests);
            assert_eq!(real(System::Constant, "1"), end(wait));
            assert_eq!(real(System::Opossum, "1"), end(wait));
            assert_eq!(real(System::Exponential, "3"), end(wait * 3));
            let start = believed(Belief::FromStart(wait, wait), took, &requests);
            assert_eq!(real(System::Hystrix, "1"), start);
        }
    }
}
