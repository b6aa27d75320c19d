//! Drives the opossum breaker. The timeouts of calls are played here: the caller measures them.

use std::collections::BTreeMap;

use halfopen::engine::time::{Span, Time};
use halfopen::patterns::breaker::opossum::{CircuitBreaker, Config};
use halfopen::patterns::breaker::{Outcome, Permit, Refused, State};
use serde_json::{Value, json};

use super::replay::{Act, Calls, Log, Subject, act, letter, number};
use super::trace::{Settings, Step, Trace};

pub const COLUMNS: &[&str] = &[
    "granted",
    "state",
    "errorRate",
    "7",
    "fires",
    "failures",
    "10",
    "rejects",
    "successes",
    "timeouts",
    "semaphoreRejections",
    "pendingClose",
    "errorCode",
];

const ENDS: &[(&str, Outcome)] = &[("s", Outcome::Success), ("e", Outcome::Failure)];

pub struct Driven {
    breaker: CircuitBreaker,
    /// The calls that run, also those that have timed out.
    calls: Calls<()>,
    timeout: Option<Span>,
    /// The calls that run and have not timed out, by when they will, then by number.
    waiting: BTreeMap<(Time, usize), Permit>,
}

impl Driven {
    pub fn new(trace: &Trace) -> Result<Self, String> {
        let breaker = CircuitBreaker::new(config(&trace.config)?, trace.start);
        let timeout = trace.config.millis("timeout").ok();
        Ok(Self { breaker, calls: Calls::default(), timeout, waiting: BTreeMap::new() })
    }

    /// Gives `granted` and the error code.
    fn call(&mut self, step: &Step, what: Act, log: &mut Log) -> Result<(Value, Value), String> {
        match what {
            Act::End(outcome) => {
                self.calls.end(step)?;
                let key = self.waiting.keys().find(|(_, call)| Some(*call) == step.call).copied();
                if let Some(permit) = key.and_then(|key| self.waiting.remove(&key)) {
                    self.breaker.on_result(step.at, permit, outcome);
                }
                Ok((Value::Null, Value::Null))
            }
            Act::Ask(end) => {
                let call = self.calls.ask(step)?;
                let permit = match self.breaker.try_acquire(step.at) {
                    Ok(permit) => permit,
                    Err(Refused::Capacity) => return Ok((json!(0), json!("ESEMLOCKED"))),
                    Err(_) => return Ok((json!(0), json!("EOPENBREAKER"))),
                };
                log.published(self.breaker.last_transition());
                if let Some(outcome) = end {
                    self.breaker.on_result(step.at, permit, outcome);
                } else {
                    self.calls.run(call, ());
                    let deadline = self.timeout.map_or(Time::NEVER, |timeout| step.at + timeout);
                    self.waiting.insert((deadline, call), permit);
                }
                Ok((json!(1), Value::Null))
            }
        }
    }

    fn by_hand(&mut self, step: &Step) -> Result<(), String> {
        let to = match step.op.as_str() {
            "n" => return Ok(()),
            "EN" => {
                self.breaker.enable();
                return Ok(());
            }
            "OP" => State::Open,
            "CL" => State::Closed,
            "DI" => State::Disabled,
            other => return Err(format!("unknown operation {other:?}")),
        };
        self.breaker.transition_to(step.at, to).map_err(|e| e.to_string())
    }
}

impl Subject for Driven {
    fn poll_timer(&mut self, now: Time, log: &mut Log) -> bool {
        let own = self.breaker.next_timer();
        let timed_out =
            self.waiting.first_entry().filter(|entry| entry.key().0 < own && entry.key().0 <= now);
        let fired = if let Some(entry) = timed_out {
            let ((due, _), permit) = entry.remove_entry();
            self.breaker.on_result(due, permit, Outcome::Timeout);
            true
        } else {
            self.breaker.poll_timer(now)
        };
        log.published(self.breaker.last_transition());
        fired
    }

    fn operate(&mut self, step: &Step, log: &mut Log) -> Result<Vec<Value>, String> {
        let (granted, code) = match act(&step.op, ENDS) {
            Some(what) => self.call(step, what, log)?,
            None => self.by_hand(step).map(|()| (Value::Null, Value::Null))?,
        };
        log.published(self.breaker.last_transition());
        let stats = self.breaker.stats();
        Ok(vec![
            granted,
            json!(letter(self.breaker.circuit())),
            stats.error_rate().map_or(Value::Null, number),
            Value::Null,
            json!(stats.fires),
            json!(stats.failures),
            Value::Null,
            json!(stats.rejects),
            json!(stats.successes),
            json!(stats.timeouts),
            json!(stats.semaphore_rejections),
            json!(self.breaker.reading().permits_left.unwrap_or(0)),
            code,
        ])
    }
}

fn config(from: &Settings) -> Result<Config, String> {
    Ok(Config {
        error_threshold: from.number("errorThresholdPercentage")?,
        volume_threshold: from.whole("volumeThreshold")?,
        reset_timeout: from.millis("resetTimeout")?,
        window: from.millis("rollingCountTimeout")?,
        buckets: from.whole("rollingCountBuckets")?,
        capacity: from.whole("capacity").ok(),
    })
}
