//! Drives the Resilience4j breaker.

use halfopen::engine::time::{Span, Time};
use halfopen::patterns::breaker::resilience4j::{
    AfterHalfOpen, CircuitBreaker, Config, DivisionByZero, OpenWait, WindowKind,
};
use halfopen::patterns::breaker::{IllegalTransition, Outcome, State};
use serde_json::{Value, json};

use super::replay::{Act, Calls, Log, Subject, act, letter, number};
use super::trace::{Settings, Step, Trace};

pub const COLUMNS: &[&str] = &[
    "granted",
    "state",
    "failureRate",
    "slowCallRate",
    "bufferedCalls",
    "failedCalls",
    "slowCalls",
    "notPermitted",
];

const ENDS: &[(&str, Outcome)] = &[
    ("s", Outcome::Success),
    ("e", Outcome::Failure),
    ("u", Outcome::Unrecorded),
    ("r", Outcome::Cancelled),
    ("i", Outcome::Ignored),
];

pub struct Driven {
    breaker: CircuitBreaker,
    calls: Calls<()>,
}

impl Driven {
    pub fn new(trace: &Trace) -> Result<Self, String> {
        let breaker = CircuitBreaker::new(config(&trace.config)?, trace.start);
        Ok(Self { breaker, calls: Calls::default() })
    }

    fn call(&mut self, step: &Step, what: Act, log: &mut Log) -> Result<Value, String> {
        let (outcome, granted) = match what {
            Act::End(outcome) => {
                self.calls.end(step)?;
                (outcome, Value::Null)
            }
            Act::Ask(end) => {
                let call = self.calls.ask(step)?;
                if self.breaker.try_acquire(step.at).is_err() {
                    return Ok(json!(0));
                }
                log.published(self.breaker.last_transition());
                let Some(outcome) = end else {
                    self.calls.run(call, ());
                    return Ok(json!(1));
                };
                (outcome, json!(1))
            }
        };
        let ended = self.breaker.on_result(step.at, outcome, step.took.unwrap_or(Span::ZERO));
        Ok(ended.map_or_else(|DivisionByZero| json!("ArithmeticException"), |()| granted))
    }

    fn by_hand(&mut self, step: &Step) -> Result<Value, String> {
        let to = match step.op.as_str() {
            "n" => return Ok(Value::Null),
            "RS" => {
                self.breaker.reset(step.at);
                return Ok(Value::Null);
            }
            "OF" => {
                let wait = step.took.ok_or("OF without a wait")?;
                return Ok(illegal(self.breaker.open_for(step.at, wait)));
            }
            "FO" => State::ForcedOpen,
            "DI" => State::Disabled,
            "CL" => State::Closed,
            "OP" => State::Open,
            "HO" => State::HalfOpen,
            "MO" => State::MetricsOnly,
            other => return Err(format!("unknown operation {other:?}")),
        };
        Ok(illegal(self.breaker.transition_to(step.at, to)))
    }
}

fn illegal(result: Result<(), IllegalTransition>) -> Value {
    if result.is_err() { json!("IllegalStateTransition") } else { Value::Null }
}

impl Subject for Driven {
    fn poll_timer(&mut self, now: Time, log: &mut Log) -> bool {
        let fired = self.breaker.poll_timer(now);
        log.published(self.breaker.last_transition());
        fired
    }

    fn operate(&mut self, step: &Step, log: &mut Log) -> Result<Vec<Value>, String> {
        let granted = match act(&step.op, ENDS) {
            Some(what) => self.call(step, what, log)?,
            None => self.by_hand(step)?,
        };
        log.published(self.breaker.last_transition());
        let reading = self.breaker.reading(step.at);
        Ok(vec![
            granted,
            json!(letter(reading.state)),
            reading.failure_rate.map_or(json!(-1), number),
            reading.slow_rate.map_or(json!(-1), number),
            json!(reading.counts.calls),
            json!(reading.counts.failed),
            json!(reading.counts.slow),
            json!(reading.not_permitted),
        ])
    }
}

fn config(from: &Settings) -> Result<Config, String> {
    let size = from.whole("slidingWindowSize")?;
    let wait = from.millis("waitDurationInOpenStateMs")?;
    Ok(Config {
        window: match from.word("slidingWindowType")? {
            "COUNT_BASED" => WindowKind::Count(size),
            "TIME_BASED" => WindowKind::Seconds(size),
            other => return Err(format!("unknown window {other:?}")),
        },
        minimum_calls: from.whole("minimumNumberOfCalls")?,
        failure_threshold: threshold(from, "failureRateThreshold")?,
        slow_threshold: threshold(from, "slowCallRateThreshold")?,
        slow_duration: from.millis("slowCallDurationThresholdMs")?,
        open_wait: match from.find("backoffMultiplier") {
            None => OpenWait::Constant(wait),
            Some(_) => OpenWait::Exponential {
                initial: wait,
                multiplier: from.number("backoffMultiplier")?,
                max: from.millis("backoffMaxMs")?,
            },
        },
        half_open_permits: from.whole("permittedNumberOfCallsInHalfOpenState")?,
        half_open_max_wait: from.millis("maxWaitDurationInHalfOpenStateMs")?,
        after_half_open: match from.word("transitionToStateAfterWaitDuration")? {
            "OPEN" => AfterHalfOpen::Open,
            "CLOSED" => AfterHalfOpen::Closed,
            other => return Err(format!("unknown state {other:?} after half-open")),
        },
        automatic_half_open: from.flag("automaticTransitionFromOpenToHalfOpenEnabled")?,
        initial: match from.find("initialState") {
            None => State::Closed,
            Some(_) => initial(from.word("initialState")?)?,
        },
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the library reads thresholds as 32-bit floats")]
fn threshold(from: &Settings, name: &str) -> Result<f32, String> {
    from.number(name).map(|percent| percent as f32)
}

fn initial(word: &str) -> Result<State, String> {
    Ok(match word {
        "CLOSED" => State::Closed,
        "OPEN" => State::Open,
        "HALF_OPEN" => State::HalfOpen,
        "DISABLED" => State::Disabled,
        "FORCED_OPEN" => State::ForcedOpen,
        "METRICS_ONLY" => State::MetricsOnly,
        other => return Err(format!("unknown initial state {other:?}")),
    })
}
