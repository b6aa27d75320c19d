//! The facts of the lab `retry-storm` as sentences, each with its cause.

use super::readings::breaker_word;
use super::{Ending, Fact, Failure, Storm};
use crate::engine::time::Time;
use crate::labs::lab::Told;
use crate::labs::reading::short;
use crate::labs::scene::Value;

/// Whether a fact is worth a mark on the timeline.
pub(super) const fn is_notable(fact: &Fact) -> bool {
    match fact {
        Fact::Outnumbered(..)
        | Fact::AllDead(_)
        | Fact::QueueFull(_)
        | Fact::Drained
        | Fact::Stuck(..)
        | Fact::Recovered(_)
        | Fact::Breaker(..)
        | Fact::Finished(_)
        | Fact::Began(_)
        | Fact::Over(_)
        | Fact::Tuned(_) => true,
        Fact::Came(_)
        | Fact::Sent(..)
        | Fact::Ended(..)
        | Fact::Waits(..)
        | Fact::Failed(..)
        | Fact::Started(..)
        | Fact::Wasted(..)
        | Fact::Dropped(..)
        | Fact::Conflict(..)
        | Fact::Updated(..) => false,
    }
}

/// Numbers of closed arrivals hold their client: `17.3` is the fourth request of client 17.
pub(super) fn plain(number: u64) -> String {
    let number = number & !(1 << 63);
    match number >> 32 {
        0 => number.to_string(),
        client => format!("{client}.{}", number & 0xffff_ffff),
    }
}

/// An instant in seconds.
pub(super) fn secs(at: Time) -> String {
    short(at.secs())
}

impl Storm {
    pub(super) fn told_fact(&self, fact: &Fact) -> Told {
        let (kind, part, sentence) = match *fact {
            Fact::Came(number) => ("came", "clients", format!("Request {} comes.", plain(number))),
            Fact::Sent(number, attempt, layer) => ("sent", "clients", self.sent(number, attempt, layer)),
            Fact::Ended(number, attempt, layer, ending, took) => (
                ended_kind(ending),
                "clients",
                self.ended(number, attempt, layer, ending, &short(took.secs())),
            ),
            Fact::Waits(number, wait) => (
                "backs-off",
                "clients",
                format!("Request {} waits {} before its next attempt.", plain(number), Value::Span(wait)),
            ),
            Fact::Failed(number, attempts, why) => ("failed", "clients", failed(number, attempts, why)),
            Fact::Started(number, attempt, wait) => (
                "started",
                "server",
                format!(
                    "Attempt {attempt} of request {} gets a worker after {} s.",
                    plain(number),
                    short(wait.secs())
                ),
            ),
            Fact::Wasted(number, attempt) => (
                "wasted",
                "server",
                format!("Attempt {attempt} of request {} is served, but nobody waits for it.", plain(number)),
            ),
            Fact::Dropped(number, attempt) => (
                "dropped",
                "server",
                format!("Attempt {attempt} of request {} is thrown away: its time is up.", plain(number)),
            ),
            Fact::Conflict(client, writes) => (
                "conflict",
                "clients",
                format!(
                    "Client {client} loses the race with write {writes}: the row has changed since it read."
                ),
            ),
            Fact::Updated(client, writes) => {
                ("updated", "clients", format!("Client {client} has its update after {writes} writes."))
            }
            _ => return self.told_notable(fact),
        };
        Told { kind, part: part.into(), sentence, notable: false }
    }

    fn told_notable(&self, fact: &Fact) -> Told {
        let fault = |number: u32| {
            self.told.get(number as usize).map(|told| told.fault.to_string()).unwrap_or_default()
        };
        let patience =
            self.config.timeout.map_or_else(|| "their patience".into(), |timeout| timeout.to_string());
        let (kind, part, sentence) = match *fact {
            Fact::Outnumbered(came, retries) => (
                "retries-outnumber",
                "clients",
                format!("Retries outnumber first tries: {retries} to {came} in the last second."),
            ),
            Fact::AllDead(wait) => (
                "serves-the-dead",
                "server",
                format!(
                    "The server works for nobody: what gets a worker has waited {} s, clients give up after {patience}.",
                    short(wait.secs())
                ),
            ),
            Fact::QueueFull(n) => (
                "queue-full",
                "server",
                format!("The queue is full: {n} attempts wait, more are turned away."),
            ),
            Fact::Drained => ("queue-empty", "server", "The queue is empty again.".into()),
            Fact::Stuck(goodput, attempts) => (
                "stuck",
                "server",
                format!(
                    "No fault is left, and still {goodput}/s are answered of {}/s: {attempts}/s attempts keep the server busy.",
                    short(self.config.wanted().round())
                ),
            ),
            Fact::Recovered(after) => (
                "recovered",
                "server",
                format!(
                    "90 % of what comes is answered again, from {} after the last fault on.",
                    Value::Span(after)
                ),
            ),
            Fact::Breaker(from, to) => (
                "breaker-moved",
                "clients",
                format!("The breaker goes from {} to {}.", breaker_word(from), breaker_word(to)),
            ),
            Fact::Finished(n) => ("finished", "clients", format!("All {n} clients have their update.")),
            Fact::Began(number) => ("fault-began", "you", format!("Begins: {}.", fault(number))),
            Fact::Over(number) => ("fault-ended", "you", format!("Ends: {}.", fault(number))),
            Fact::Tuned(index) => {
                let knob = self.knobs.iter().nth(index as usize);
                let told = knob.map(|(knob, value)| format!("{} is now {}.", knob.name, knob.show(value)));
                ("knob-turned", "you", told.unwrap_or_default())
            }
            _ => return self.told_fact(fact),
        };
        Told { kind, part: part.into(), sentence, notable: true }
    }

    /// Who makes the calls of a layer.
    fn caller(&self, layer: u8) -> String {
        match (layer, self.config.tiers) {
            (0, _) => "The client".into(),
            _ => format!("Layer {}", layer + 1),
        }
    }

    fn sent(&self, number: u64, attempt: u8, layer: u8) -> String {
        let to =
            if layer + 1 == self.config.tiers { "the server".into() } else { format!("layer {}", layer + 2) };
        format!("{} sends attempt {attempt} of request {} to {to}.", self.caller(layer), plain(number))
    }

    fn ended(&self, number: u64, attempt: u8, layer: u8, ending: Ending, took: &str) -> String {
        let (who, request) = (self.caller(layer), plain(number));
        match ending {
            Ending::Ok => format!("{who} has the answer for request {request} after {took} s."),
            Ending::Error => format!("{who} gets an error for attempt {attempt} of request {request}."),
            Ending::Rejected => {
                format!(
                    "{who} is turned away with attempt {attempt} of request {request}: the queue is full."
                )
            }
            Ending::Shed => {
                format!("{who} is turned away with attempt {attempt} of request {request}: load is shed.")
            }
            Ending::Reset => {
                format!("{who} loses the connection with attempt {attempt} of request {request}.")
            }
            Ending::HeldBack => {
                format!("{who} holds attempt {attempt} of request {request} back: the breaker is open.")
            }
            Ending::TimedOut => format!(
                "{who} gives up on attempt {attempt} of request {request} after {took} s; nobody behind it hears of that."
            ),
        }
    }
}

const fn ended_kind(ending: Ending) -> &'static str {
    match ending {
        Ending::Ok => "answered",
        Ending::Error => "error",
        Ending::Rejected | Ending::Shed => "turned-away",
        Ending::Reset => "reset",
        Ending::HeldBack => "held-back",
        Ending::TimedOut => "timed-out",
    }
}

fn failed(number: u64, attempts: u8, why: Failure) -> String {
    let request = plain(number);
    match why {
        Failure::OutOfAttempts => {
            format!("Request {request} has failed: {attempts} of {attempts} attempts are used.")
        }
        Failure::OutOfBudget => format!("Request {request} has failed: the retry budget is empty."),
        Failure::OutOfTime => format!("Request {request} has failed: its deadline has passed."),
        Failure::ByItself => format!("Request {request} has failed before it was sent."),
    }
}
