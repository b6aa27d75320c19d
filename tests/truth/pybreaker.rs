//! Drives the pybreaker breaker.

use halfopen::engine::time::{Span, Time};
use halfopen::patterns::breaker::pybreaker::{CircuitBreaker, Config};
use halfopen::patterns::breaker::{Ending, Outcome, Permit, State};
use serde_json::{Value, json};

use super::replay::{Act, Calls, Log, Subject, act, letter};
use super::trace::{Settings, Step, Trace};

pub const COLUMNS: &[&str] =
    &["granted", "state", "6", "7", "8", "fail_counter", "10", "11", "success_counter", "exception"];

const ENDS: &[(&str, Outcome)] = &[("s", Outcome::Success), ("e", Outcome::Failure), ("x", Outcome::Ignored)];

pub struct Driven {
    breaker: CircuitBreaker,
    calls: Calls<Permit>,
}

impl Driven {
    pub fn new(trace: &Trace) -> Result<Self, String> {
        Ok(Self { breaker: CircuitBreaker::new(config(&trace.config)?), calls: Calls::default() })
    }

    /// Gives `granted` and the exception that the caller sees.
    fn call(&mut self, step: &Step, what: Act, log: &mut Log) -> Result<(Value, Value), String> {
        let (permit, outcome, granted) = match what {
            Act::End(outcome) => (self.calls.end(step)?, outcome, Value::Null),
            Act::Ask(end) => {
                let call = self.calls.ask(step)?;
                let Ok(permit) = self.breaker.try_acquire(step.at) else {
                    return Ok((json!(0), json!("CircuitBreakerError")));
                };
                log.published(self.breaker.last_transition());
                let Some(outcome) = end else {
                    self.calls.run(call, permit);
                    return Ok((json!(1), Value::Null));
                };
                (permit, outcome, json!(1))
            }
        };
        let exception = match (self.breaker.on_result(step.at, permit, outcome), outcome) {
            (Ending::BreakerError, _) => json!("CircuitBreakerError"),
            (_, Outcome::Failure) => json!("Boom"),
            (_, Outcome::Ignored) => json!("Business"),
            _ => Value::Null,
        };
        Ok((granted, exception))
    }

    fn by_hand(&mut self, step: &Step) -> Result<(), String> {
        let to = match step.op.as_str() {
            "n" => return Ok(()),
            "OP" => State::Open,
            "CL" => State::Closed,
            "HO" => State::HalfOpen,
            other => return Err(format!("unknown operation {other:?}")),
        };
        self.breaker.transition_to(step.at, to).map_err(|e| e.to_string())
    }
}

impl Subject for Driven {
    fn poll_timer(&mut self, _now: Time, _log: &mut Log) -> bool {
        false
    }

    fn operate(&mut self, step: &Step, log: &mut Log) -> Result<Vec<Value>, String> {
        let (granted, exception) = match act(&step.op, ENDS) {
            Some(what) => self.call(step, what, log)?,
            None => self.by_hand(step).map(|()| (Value::Null, Value::Null))?,
        };
        log.published(self.breaker.last_transition());
        Ok(vec![
            granted,
            json!(letter(self.breaker.state())),
            Value::Null,
            Value::Null,
            Value::Null,
            json!(self.breaker.fail_counter()),
            Value::Null,
            Value::Null,
            json!(self.breaker.success_counter()),
            exception,
        ])
    }
}

fn config(from: &Settings) -> Result<Config, String> {
    Ok(Config {
        fail_max: from.whole("fail_max")?,
        reset_timeout: Span::from_secs_f64(from.number("reset_timeout_s")?),
        success_threshold: from.whole("success_threshold")?,
        new_error_on_trip: from.flag("throw_new_error_on_trip")?,
    })
}
