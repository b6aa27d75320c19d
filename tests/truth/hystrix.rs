//! Drives both Hystrix breakers. The semaphore of a command is played here: it is not part of the breaker.

use halfopen::engine::time::{Span, Time};
use halfopen::patterns::breaker::hystrix::{Config, Force};
use halfopen::patterns::breaker::{Breaker, Outcome, Permit, Settings as Which};
use serde_json::{Value, json};

use super::replay::{Act, Calls, Log, Subject, act, letter, number};
use super::trace::{Settings, Step, Trace};

pub const COLUMNS: &[&str] = &[
    "granted",
    "state",
    "errorPercentage",
    "7",
    "total",
    "errors",
    "10",
    "11",
    "isOpen",
    "allowRequest",
    "failureType",
];

const ENDS: &[(&str, Outcome)] =
    &[("s", Outcome::Success), ("e", Outcome::Failure), ("b", Outcome::Ignored), ("u", Outcome::Cancelled)];

pub struct Driven {
    breaker: Breaker,
    calls: Calls<Permit>,
    concurrent: usize,
}

impl Driven {
    pub fn new(trace: &Trace) -> Result<Self, String> {
        let config = config(&trace.config)?;
        let which = if trace.system.contains("master") {
            Which::HystrixMaster(config)
        } else {
            Which::Hystrix(config)
        };
        let concurrent = trace.config.whole("executionIsolationSemaphoreMaxConcurrentRequests")?;
        Ok(Self {
            breaker: which.build(trace.start),
            calls: Calls::default(),
            concurrent: usize::try_from(concurrent).unwrap_or(usize::MAX),
        })
    }

    /// Gives `granted` and the failure type.
    fn call(&mut self, step: &Step, what: Act) -> Result<(Value, Value), String> {
        let (permit, outcome, granted) = match what {
            Act::End(outcome) => (self.calls.end(step)?, outcome, Value::Null),
            Act::Ask(end) => {
                let call = self.calls.ask(step)?;
                let Ok(permit) = self.breaker.try_acquire(step.at) else {
                    return Ok((json!(0), json!("SHORTCIRCUIT")));
                };
                match end {
                    _ if self.calls.running() >= self.concurrent => (permit, Outcome::Rejected, json!(0)),
                    Some(outcome) => (permit, outcome, json!(1)),
                    None => {
                        self.calls.run(call, permit);
                        return Ok((json!(1), Value::Null));
                    }
                }
            }
        };
        let _ = self.breaker.on_result(step.at, permit, outcome, step.took.unwrap_or(Span::ZERO));
        let failure = match outcome {
            Outcome::Failure => json!("COMMAND_EXCEPTION"),
            Outcome::Rejected => json!("REJECTED_SEMAPHORE_EXECUTION"),
            Outcome::Ignored => json!("HystrixBadRequestException"),
            _ => Value::Null,
        };
        Ok((granted, failure))
    }
}

impl Subject for Driven {
    fn poll_timer(&mut self, now: Time, log: &mut Log) -> bool {
        let due = self.breaker.next_timer().unwrap_or(now);
        let fired = self.breaker.poll_timer(now);
        log.polled(due, self.breaker.state());
        fired
    }

    fn operate(&mut self, step: &Step, log: &mut Log) -> Result<Vec<Value>, String> {
        let (granted, failure) = match act(&step.op, ENDS) {
            Some(what) => self.call(step, what)?,
            None if step.op == "n" => (Value::Null, Value::Null),
            None => return Err(format!("unknown operation {:?}", step.op)),
        };
        log.polled(step.at, self.breaker.state());
        let reading = self.breaker.reading(step.at).ok_or("no breaker")?;
        let (is_open, would_allow) = match &self.breaker {
            Breaker::HystrixMaster(master) => {
                (json!(u8::from(master.is_open())), json!(u8::from(master.would_allow(step.at))))
            }
            _ => (Value::Null, Value::Null),
        };
        Ok(vec![
            granted,
            json!(letter(reading.state)),
            reading.failure_rate.map_or(Value::Null, number),
            Value::Null,
            json!(reading.counts.calls),
            json!(reading.counts.failed),
            Value::Null,
            Value::Null,
            is_open,
            would_allow,
            failure,
        ])
    }
}

fn config(from: &Settings) -> Result<Config, String> {
    Ok(Config {
        request_volume: from.whole("circuitBreakerRequestVolumeThreshold")?,
        error_threshold: from.whole("circuitBreakerErrorThresholdPercentage")?,
        sleep_window: from.millis("circuitBreakerSleepWindowInMilliseconds")?,
        window: from.millis("metricsRollingStatisticalWindowInMilliseconds")?,
        snapshot_interval: from.millis("metricsHealthSnapshotIntervalInMilliseconds")?,
        force: match (from.flag("circuitBreakerForceOpen")?, from.flag("circuitBreakerForceClosed")?) {
            (true, _) => Force::Open,
            (false, true) => Force::Closed,
            (false, false) => Force::Nothing,
        },
    })
}
