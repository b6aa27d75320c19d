//! One trace against one system: the steps done, the rows and the transitions compared.

use std::fmt::Display;

use halfopen::engine::time::Time;
use halfopen::patterns::breaker::{Outcome, State, Transition};
use serde_json::{Value, json};

use super::trace::{Step, Trace};

/// A system that traces drive.
pub trait Subject {
    /// Fires the earliest timer due at or before `now`; `false` if there is none.
    fn poll_timer(&mut self, now: Time, log: &mut Log) -> bool;

    /// Does the operation of a step and gives the columns from `granted` on.
    fn operate(&mut self, step: &Step, log: &mut Log) -> Result<Vec<Value>, String>;
}

/// The first columns, which say what is done.
const INPUTS: [&str; 4] = ["t", "op", "id", "d"];

/// Does all steps and compares all columns and transitions; says where they first differ.
pub fn replay(trace: &Trace, subject: &mut dyn Subject, columns: &[&str]) -> Result<(), String> {
    let mut log = Log::default();
    for (index, step) in trace.steps.iter().enumerate() {
        log.index = index;
        while subject.poll_timer(step.at, &mut log) {}
        let got = subject.operate(step, &mut log).map_err(|why| format!("step {index}: {why}"))?;
        let expected = &step.row[INPUTS.len()..];
        if expected.len() != columns.len() || got.len() != columns.len() {
            return Err(format!(
                "step {index}: {} columns, not {}",
                step.row.len(),
                INPUTS.len() + columns.len()
            ));
        }
        for ((name, expected), got) in columns.iter().zip(expected).zip(&got) {
            if expected != got {
                return Err(format!("step {index}, column {name}: expected {expected}, got {got}"));
            }
        }
    }
    if log.transitions != trace.transitions {
        let differ = |i: &usize| log.transitions.get(*i) != trace.transitions.get(*i);
        let index = (0..log.transitions.len().max(trace.transitions.len())).find(differ).unwrap_or_default();
        let show = |list: &[Value]| list.get(index).map_or("none".to_owned(), Value::to_string);
        let (expected, got) = (show(&trace.transitions), show(&log.transitions));
        return Err(format!("transition {index}: expected {expected}, got {got}"));
    }
    Ok(())
}

/// The transitions as the trace lists them.
#[derive(Default)]
pub struct Log {
    /// The step being done.
    index: usize,
    transitions: Vec<Value>,
    number: u32,
    polled: Option<State>,
}

impl Log {
    /// Notes a published transition, if it is a new one. To be called often enough that none is missed.
    pub fn published(&mut self, last: Option<Transition>) {
        if let Some(transition) = last.filter(|t| t.number != self.number) {
            self.number = transition.number;
            self.push(transition.at, transition.from, transition.to);
        }
    }

    /// Notes a transition found by looking at the state now and then.
    pub fn polled(&mut self, at: Time, state: State) {
        let before = self.polled.replace(state).unwrap_or(State::Closed);
        if before != state {
            self.push(at, before, state);
        }
    }

    fn push(&mut self, at: Time, from: State, to: State) {
        self.transitions.push(json!([self.index, at.millis(), letter(from), letter(to)]));
    }
}

/// The letter of a state in the traces.
pub fn letter(state: State) -> &'static str {
    match state {
        State::Closed => "C",
        State::Open => "O",
        State::HalfOpen => "H",
        State::Disabled => "D",
        State::ForcedOpen => "F",
        State::MetricsOnly => "M",
    }
}

/// A number as the traces print it: the shortest digits that read back the same, through the same reader.
pub fn number(n: impl Display) -> Value {
    serde_json::from_str(&n.to_string()).unwrap_or(Value::Null)
}

/// What an operation does with calls.
#[derive(Clone, Copy)]
pub enum Act {
    /// Asks for a call and, if it may be made, ends it at once or lets it run.
    Ask(Option<Outcome>),
    /// Ends a call that runs.
    End(Outcome),
}

/// Reads an operation: one that ends at once, `a`, or `f` and the same letter for a call that runs.
pub fn act(op: &str, ends: &[(&str, Outcome)]) -> Option<Act> {
    let end = |op: &str| ends.iter().find(|(name, _)| *name == op).map(|(_, outcome)| *outcome);
    match op.strip_prefix('f') {
        Some(rest) => end(rest).map(Act::End),
        None if op == "a" => Some(Act::Ask(None)),
        None => end(op).map(|outcome| Act::Ask(Some(outcome))),
    }
}

/// The calls of a trace by number, each with what belongs to it while it runs.
pub struct Calls<T>(Vec<Option<T>>);

impl<T> Default for Calls<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Calls<T> {
    /// Numbers a new call, which must be the number in the step.
    pub fn ask(&mut self, step: &Step) -> Result<usize, String> {
        let number = self.0.len();
        self.0.push(None);
        if step.call == Some(number) { Ok(number) } else { Err(format!("call {number} has another number")) }
    }

    /// Lets a call run.
    pub fn run(&mut self, number: usize, call: T) {
        if let Some(slot) = self.0.get_mut(number) {
            *slot = Some(call);
        }
    }

    /// Ends the call of the step.
    pub fn end(&mut self, step: &Step) -> Result<T, String> {
        let slot = step.call.and_then(|number| self.0.get_mut(number));
        slot.and_then(Option::take).ok_or_else(|| format!("call {:?} doesn't run", step.call))
    }

    /// How many run.
    pub fn running(&self) -> usize {
        self.0.iter().flatten().count()
    }
}
