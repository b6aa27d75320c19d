//! The facts of the lab `breaker` as sentences, each with its cause.

use super::about::is_notable;
use super::parts::plain;
use super::readings::state_word;
use super::{CallEnd, Fact, Owner, Shop, caller_name};
use crate::engine::time::Span;
use crate::labs::lab::Told;
use crate::labs::reading::short;
use crate::patterns::breaker::{Rate, Refused, State, Transition, Why};

impl Shop {
    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let caller = |number: u32| caller_name(number as usize);
        let fault = |number: u32| {
            self.told.get(number as usize).map(|told| told.fault.to_string()).unwrap_or_default()
        };
        let (kind, part, sentence) = match *fact {
            Fact::Came(number, to) => {
                ("request", caller(to), format!("Request {} goes to {}.", plain(number), caller(to)))
            }
            Fact::Called(number, from, shard, attempt) => {
                let nth = if attempt == 0 { String::new() } else { format!(", attempt {}", attempt + 1) };
                let sentence =
                    format!("{} calls shard-{} for request {}{nth}.", caller(from), shard + 1, plain(number));
                ("call", caller(from), sentence)
            }
            Fact::Ended(number, from, end, took) => {
                ("call-ended", caller(from), ended(number, &caller(from), end, took))
            }
            Fact::Rejected(number, from, why) => {
                ("call-rejected", caller(from), rejected(number, &caller(from), why))
            }
            Fact::Moved(owner, transition, wait) => {
                let name = breaker_name(owner);
                let kind = match transition.to {
                    State::Open | State::ForcedOpen => "breaker-opened",
                    State::HalfOpen => "breaker-half-open",
                    State::Closed | State::Disabled | State::MetricsOnly => "breaker-closed",
                };
                let sentence = moved(&name, &transition, wait);
                (kind, name, sentence)
            }
            Fact::CallerFull(number, waiting) => {
                ("caller-full", caller(number), caller_full(number, waiting))
            }
            Fact::CallerFree(number) => {
                ("caller-free", caller(number), format!("{} has a free thread again.", caller(number)))
            }
            Fact::GatewayFull => {
                let sentence = "Every thread of the gateway is taken: it refuses every further request.";
                ("gateway-full", "gateway".into(), sentence.into())
            }
            Fact::GatewayFree => {
                ("gateway-free", "gateway".into(), "The gateway has a free thread again.".into())
            }
            Fact::Began(number) => ("fault-began", "you".into(), format!("Begins: {}.", fault(number))),
            Fact::Over(number) => ("fault-ended", "you".into(), format!("Ends: {}.", fault(number))),
            Fact::Tuned(number) => {
                let act = self.tuned.get(number as usize).cloned().unwrap_or_default();
                ("knob-turned", "you".into(), format!("Done: {act}."))
            }
        };
        Told { kind, part, sentence, notable: is_notable(fact) }
    }
}

/// The name of a breaker, as the subject of a sentence.
fn breaker_name(owner: Owner) -> String {
    match (owner.caller, owner.shard) {
        (Some(caller), Some(shard)) => format!("{} for shard-{}", caller_name(caller as usize), shard + 1),
        (Some(caller), None) => caller_name(caller as usize),
        (None, _) => "The shared breaker".into(),
    }
}

fn caller_full(number: u32, waiting: u32) -> String {
    let name = caller_name(number as usize);
    let waits = if waiting > 0 {
        format!("{waiting} of them wait for payments")
    } else {
        "none waits for payments".into()
    };
    format!("{name} has every thread taken; {waits}.")
}

fn moved(name: &str, transition: &Transition, wait: Span) -> String {
    let verb = match transition.to {
        State::Open => "opens",
        State::HalfOpen => "goes half-open",
        State::Closed => "closes",
        other => return format!("{name} is {} now.", state_word(other)),
    };
    let cause = match transition.why {
        Why::FailureRate(rate) => format!("{} of its results failed, {}", percent(rate), reached(rate)),
        Why::SlowRate(rate) => format!("{} of its results were slow, {}", percent(rate), reached(rate)),
        Why::BothRates { failure, slow } => {
            format!("{} of its results failed and {} were slow", percent(failure), percent(slow))
        }
        Why::ConsecutiveFailures { failures, limit } => {
            format!("{failures} failures in a row, the limit is {limit}")
        }
        Why::WaitOver => {
            format!("its wait of {wait} is over and a call asks, which goes through as a probe")
        }
        Why::Timer => format!("its wait of {wait} is over and its own timer moves it"),
        Why::HalfOpenTooLong => "half-open lasted too long without a decision".into(),
        Why::StaleTimer => "a timer that a reset had left running fires".into(),
        Why::ProbesPassed(rate) => {
            format!(
                "{} of {} probes failed, below the threshold of {} %",
                rate.bad,
                rate.of,
                short(rate.threshold.into())
            )
        }
        Why::Succeeded => "a success came in, and that is enough".into(),
        Why::ProbeFailed => "a call failed while it was half-open, and one is enough".into(),
        Why::RefusalReopened => "a refused call counts against it while it is half-open".into(),
        Why::ByHand => "somebody moved it by hand".into(),
        Why::Reset => "somebody reset it".into(),
    };
    format!("{name} {verb}: {cause}.")
}

fn percent(rate: Rate) -> String {
    format!("{} of {} ({} %)", rate.bad, rate.of, short(f64::from(rate.percent)))
}

fn reached(rate: Rate) -> String {
    format!("the threshold is {} %", short(f64::from(rate.threshold)))
}

fn ended(number: u64, caller: &str, end: CallEnd, took: Span) -> String {
    let request = plain(number);
    let took = short(took.secs());
    match end {
        CallEnd::Ok => format!("{caller} has the answer for request {request} after {took} s."),
        CallEnd::Failed => format!("{caller} gets an error for request {request} after {took} s."),
        CallEnd::Bad => {
            format!("{caller} gets 400 for request {request} after {took} s: the request is malformed.")
        }
        CallEnd::Reset => format!("{caller} loses the connection for request {request} after {took} s."),
        CallEnd::TimedOut => {
            format!("{caller} gives up on request {request} after {took} s; payments does not hear of it.")
        }
    }
}

fn rejected(number: u64, caller: &str, why: Refused) -> String {
    let because = match why {
        Refused::Open => "its breaker is open",
        Refused::ProbesOut => "its breaker is half-open and all probes are out",
        Refused::ForcedOpen => "its breaker is forced open",
        Refused::Capacity => "too many calls are in flight",
    };
    format!("{caller} refuses the call for request {} at once: {because}.", plain(number))
}
