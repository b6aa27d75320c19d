//! How long a caller waits at most while every attempt hangs: the schedules of real clients, timeouts included.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::seconds;
use crate::engine::time::Span;
use crate::patterns::backoff::{Backoff, Schedule};
use crate::patterns::retry::grpc::{MAX_ATTEMPTS, RetryPolicy};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "retry-waits",
    rev: 1,
    title: "how long until the caller gets its error",
    skill: "compute",
    concepts: &["backoff-formulas", "deadline", "retry-defaults"],
    draw,
};

/// How much more or less the waits of gRPC may be, in percent.
const GRPC_JITTER: u64 = 20;

/// Longer waits are not asked for.
const LONGEST: Span = Span::from_secs(60);

/// A client that retries.
#[derive(Clone, Copy, Debug)]
enum Client {
    Plain(Schedule),
    Resilience4j {
        initial: Span,
        multiplier: f64,
        randomization: Option<f64>,
    },
    Grpc(RetryPolicy),
    /// Standard mode: the longest wait.
    Aws,
}

impl Client {
    /// The wait after the n-th failure without jitter; with full jitter that is the longest one.
    fn middle(self, failed: u32) -> Span {
        match self {
            Self::Plain(schedule) => schedule.envelope(failed),
            // With no jitter no draw matters.
            Self::Resilience4j { initial, multiplier, .. } => {
                let grown = libm::pow(multiplier, f64::from(failed.saturating_sub(1)));
                initial.times(grown)
            }
            Self::Grpc(policy) => {
                let growth = libm::pow(policy.backoff_multiplier, f64::from(failed.saturating_sub(1)));
                policy.initial_backoff.times(growth).min(policy.max_backoff)
            }
            Self::Aws => {
                Schedule::new(Backoff::FullJitter, Span::from_secs(1), Span::from_secs(20)).envelope(failed)
            }
        }
    }

    /// How much longer than that it may be, in percent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few tens")]
    fn more(self) -> u64 {
        match self {
            Self::Plain(_) | Self::Aws => 0,
            Self::Resilience4j { randomization, .. } => (randomization.unwrap_or(0.0) * 100.0 + 0.5) as u64,
            Self::Grpc(_) => GRPC_JITTER,
        }
    }

    /// The longest wait after the n-th failure.
    fn longest(self, failed: u32) -> Span {
        let millis = self.middle(failed).millis();
        Span::from_millis(millis * (100 + self.more()) / 100)
    }

    /// What is said of it; `number` attempts are configured.
    fn told(self, number: u32) -> String {
        match self {
            Self::Plain(schedule) => {
                let kind =
                    if schedule.kind == Backoff::FullJitter { "with full jitter" } else { "without jitter" };
                format!(
                    "A client makes up to {} retries. It waits exponentially before each, {kind}: from {}, doubled each time, \
                     at most {}.",
                    number - 1,
                    seconds(schedule.base),
                    seconds(schedule.cap)
                )
            }
            Self::Resilience4j { initial, multiplier, randomization } => {
                let function = if multiplier <= 1.0 {
                    format!("a `waitDuration` of {} ms", initial.millis())
                } else if let Some(factor) = randomization {
                    format!(
                        "an exponential random interval: initial {} ms, multiplier {multiplier}, randomization factor \
                         {factor}, no limit",
                        initial.millis()
                    )
                } else {
                    format!(
                        "an exponential interval: initial {} ms, multiplier {multiplier}, no limit",
                        initial.millis()
                    )
                };
                format!("A Resilience4j 2.4.0 `Retry` has `maxAttempts` {number} and {function}.")
            }
            Self::Grpc(policy) => format!(
                "A gRPC `retryPolicy` has `maxAttempts` {number}, `initialBackoff` {}, `maxBackoff` {} and \
                 `backoffMultiplier` {}. The jitter is that of proposal A6, no throttling stops it, and the call has no \
                 deadline.",
                seconds(policy.initial_backoff),
                seconds(policy.max_backoff),
                policy.backoff_multiplier
            ),
            Self::Aws => format!(
                "An AWS SDK in standard mode, as in botocore 1.43.11, has `max_attempts` {number} and else its defaults: full \
                 jitter from 1 s, doubled each time, at most 20 s. Its quota is full."
            ),
        }
    }
}

fn client(dice: &mut Dice) -> (Client, u32) {
    let kind = dice.between(0, 9);
    let ms = |n: u64| Span::from_millis(n);
    match kind {
        0..=2 => {
            let kind = if dice.chance(50) { Backoff::FullJitter } else { Backoff::Exponential };
            let base = ms(100 * dice.between(2, 10));
            let cap = Span::from_secs(dice.between(2, 5));
            (Client::Plain(Schedule::new(kind, base, cap)), dice.count(3, 6))
        }
        3 | 4 => {
            let initial = ms(100 * dice.between(2, 15));
            let multiplier = dice.one_of(&[1.0, 2.0, 3.0], 1.0);
            (Client::Resilience4j { initial, multiplier, randomization: None }, dice.count(3, 5))
        }
        5 | 6 => {
            let initial = ms(200 * dice.between(1, 6));
            let multiplier = dice.one_of(&[2.0, 3.0], 2.0);
            let randomization = Some(dice.one_of(&[0.5, 0.2, 0.25], 0.5));
            (Client::Resilience4j { initial, multiplier, randomization }, dice.count(3, 5))
        }
        7 | 8 => {
            let policy = RetryPolicy {
                initial_backoff: ms(100 * dice.between(2, 10)),
                max_backoff: Span::from_secs(dice.between(1, 4)),
                backoff_multiplier: dice.one_of(&[2.0, 3.0], 2.0),
                max_attempts: dice.count(3, 8),
            };
            (Client::Grpc(policy), policy.max_attempts)
        }
        _ => (Client::Aws, dice.count(3, 6)),
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let (client, number) = client(dice);
    let attempts = if let Client::Grpc(_) = client { number.min(MAX_ATTEMPTS) } else { number };
    let timeout = Span::from_millis(250 * dice.between(2, 16));
    let last_start = dice.chance(40);
    // From the first attempt to what is asked for.
    let span = |attempts: u32, wait: &dyn Fn(u32) -> Span| {
        let hung = if last_start { attempts.saturating_sub(1) } else { attempts };
        let waits = (1..attempts).fold(Span::ZERO, |sum, failed| sum + wait(failed));
        timeout.times(f64::from(hung)) + waits
    };
    let longest = |failed: u32| client.longest(failed);
    let right = span(attempts, &longest);
    if right > LONGEST {
        return None;
    }
    let jitter = client.more() > 0;
    let level = if jitter || number != attempts { 3 } else { 2 };
    let mut draft = Draft::new(level, told(right), because(client, attempts, timeout, last_start, right));
    draft.text(client.told(number));
    let each = seconds(timeout);
    draft.text(if last_start {
        format!(
            "The server hangs, and the client gives each attempt up after {each}. How long after the first attempt does the \
             last one start, at the latest?"
        )
    } else {
        format!(
            "The server hangs, and the client gives each attempt up after {each}. How long does the caller wait for its error, \
             at most?"
        )
    });
    let none = |_: u32| Span::ZERO;
    let gaps = attempts - 1;
    draft.wrong(
        told(span(attempts, &none)),
        "waits-do-not-count",
        format!("Between {attempts} attempts lie {gaps} waits, and the caller waits through them, too."),
    );
    if let Client::Plain(_) = client {
        draft.wrong(
            told(span(attempts - 1, &longest)),
            "attempts-are-retries",
            format!("{gaps} retries come after the first attempt: {attempts} attempts, with {gaps} waits between them."),
        );
    } else {
        draft.wrong(
            told(span(attempts + 1, &longest)),
            "attempts-are-retries",
            format!("The first call is one of the {attempts} attempts, so there are {gaps} retries with a wait before each."),
        );
    }
    let waits = (1..attempts).fold(Span::ZERO, |sum, failed| sum + client.longest(failed));
    let once = if last_start { waits } else { waits + timeout };
    draft.wrong(
        told(once),
        "time-limit-covers-all-attempts",
        format!(
            "The limit of {each} is that of one attempt, and it begins anew with each of the {attempts}."
        ),
    );
    if jitter {
        draft.wrong(
            told(span(attempts, &|failed| client.middle(failed))),
            "jitter-is-plus-minus",
            format!("The jitter is not small: a wait may be {} % longer than its middle.", client.more()),
        );
    }
    if let Client::Grpc(policy) = client {
        draft.wrong(
            told(span(attempts, &|failed| client.longest(failed).min(policy.max_backoff))),
            "cap-is-the-longest-wait",
            "gRPC applies `maxBackoff` first and multiplies by 0.8 to 1.2 then, so a wait may exceed it by a fifth.",
        );
        draft.wrong(
            told(span(number, &longest)),
            "config-is-taken-literally",
            "gRPC treats every `maxAttempts` above 5 as 5.",
        );
    }
    Some(draft)
}

fn told(span: Span) -> String {
    seconds(span)
}

fn because(client: Client, attempts: u32, timeout: Span, last_start: bool, right: Span) -> String {
    let waits: Vec<String> = (1..attempts).map(|failed| seconds(client.longest(failed))).collect();
    let waits = waits.join(", ");
    let random = match client {
        Client::Plain(schedule) if schedule.kind == Backoff::FullJitter => {
            " Full jitter draws from 0 to these."
        }
        Client::Aws => " Full jitter draws from 0 to these.",
        Client::Grpc(_) => " These are the values after `maxBackoff`, times 1.2.",
        Client::Resilience4j { randomization: Some(_), .. } => {
            " These are the exponential values and the randomization factor on top."
        }
        _ => "",
    };
    let hung = if last_start { attempts - 1 } else { attempts };
    let until = if last_start { "before the last one starts" } else { "in all" };
    format!(
        "There are {attempts} attempts, and the waits between them are at most {waits}.{random} {hung} attempts of {} pass \
         {until}: with the waits that is {}.",
        seconds(timeout),
        seconds(right)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use crate::patterns::retry::resilience4j::IntervalFunction;

    /// The patterns never wait longer, and come near.
    #[test]
    fn the_longest_waits_are_those_of_the_patterns() {
        let ms = Span::from_millis;
        let schedule = Schedule::new(Backoff::FullJitter, ms(300), Span::from_secs(2));
        let policy =
            RetryPolicy { initial_backoff: ms(300), backoff_multiplier: 3.0, ..RetryPolicy::default() };
        let random = IntervalFunction::ExponentialRandom {
            initial: ms(400),
            multiplier: 3.0,
            randomization: 0.25,
            max: None,
        };
        let resilience4j =
            Client::Resilience4j { initial: ms(400), multiplier: 3.0, randomization: Some(0.25) };
        for failed in 1..=4 {
            let draws = (0..3000).map(|n| Random::new(1).stream("waits").draw(n, u64::from(failed)));
            let (mut plain, mut grpc, mut java) = (Span::ZERO, Span::ZERO, Span::ZERO);
            for draw in draws {
                plain = plain.max(schedule.wait(failed, Span::ZERO, draw));
                grpc = grpc.max(policy.backoff(failed, draw));
                java = java.max(random.apply(failed, draw));
            }
            for (client, longest) in
                [(Client::Plain(schedule), plain), (Client::Grpc(policy), grpc), (resilience4j, java)]
            {
                let share = longest.secs() / client.longest(failed).secs();
                assert!((0.99..=1.001).contains(&share), "{client:?} after {failed}: {share}");
            }
        }
    }
}
