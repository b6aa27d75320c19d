//! When the breaker of the lab opens after payments goes wrong.
//!
//! The misconceptions here are knobs and faults: somebody who thinks that a hung call has failed sees the run in which it
//! fails.

use super::dice::Dice;
use super::draft::Draft;
use super::{See, Template};
use crate::engine::time::Time;
use crate::labs::reading::Value;
use crate::labs::scenario::{Scenario, Wanted};

pub(super) static TEMPLATE: Template = Template {
    name: "breaker-lab-opens",
    rev: 1,
    title: "how long until this breaker opens",
    skill: "predict",
    concepts: &["timeout", "slow-calls", "minimum-calls"],
    draw,
};

/// When payments goes wrong, and for how long is looked, in seconds.
const WRONG_AT: u64 = 5;
const LOOKED: u64 = 20;

/// Two times nearer than this share of the longer one are not told apart by reckoning.
const APART: f64 = 0.25;

/// A set-up of the lab.
#[derive(Clone, Debug)]
struct Try {
    set: Vec<(&'static str, String)>,
    fault: &'static str,
    wrong_at: u64,
}

impl Try {
    fn with(&self, knob: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.set.retain(|(name, _)| *name != knob);
        other.set.push((knob, value.to_owned()));
        other
    }

    /// Seconds from the fault until it opens; none if it does not.
    fn opens(&self, seed: u64) -> Option<f64> {
        let set: Vec<(String, String)> =
            self.set.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let at = [format!("{}s {}", self.wrong_at, self.fault)];
        let wanted = Wanted { lab: "breaker", preset: Some("tuned"), set: &set, seed, at: &at };
        let lab = Scenario::read(&wanted).ok()?.run(Time::from_secs(self.wrong_at + LOOKED));
        match lab.read("first_open_s") {
            Value::Number(at) => Some(at - self.wrong_at as f64).filter(|after| *after >= 0.0),
            Value::Word(_) | Value::None => None,
        }
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let (fault, what) = dice.one_of(
        &[
            ("hang payments", "payments hangs: it takes each call and never answers"),
            ("error payments 100%", "payments answers each call with an error, as fast as before"),
            ("slow payments x20", "payments answers each call correctly, after 1 s in place of 50 ms"),
        ],
        ("hang payments", "payments hangs: it takes each call and never answers"),
    );
    let slow = fault.starts_with("slow");
    let rate = dice.between(2, 20);
    let window = 2 * dice.between(4, 15);
    let minimum = if dice.chance(50) { window } else { window / 2 };
    let threshold = dice.one_of(&[40_u64, 50, 60, 80], 50);
    let timeout = dice.between(2, 6);
    let run = Try {
        set: vec![
            ("callers", "1".to_owned()),
            ("rate", rate.to_string()),
            ("payments_share", "100%".to_owned()),
            ("order_threads", "200".to_owned()),
            ("gateway_threads", "400".to_owned()),
            ("shard_workers", "100".to_owned()),
            ("service_time", "50ms".to_owned()),
            ("service_distribution", "constant".to_owned()),
            ("window_size", window.to_string()),
            ("minimum_calls", minimum.to_string()),
            ("failure_threshold", format!("{threshold}%")),
            ("slow_threshold", format!("{threshold}%")),
            ("slow_call", "500ms".to_owned()),
            ("call_timeout", format!("{timeout}s")),
            ("open_for", "60s".to_owned()),
        ],
        fault,
        wrong_at: WRONG_AT,
    };
    let seed = dice.between(1, 1_000_000);
    let real = run.opens(seed)?;
    let level = if slow { 3 } else { 2 };
    let bad = (threshold * window).div_ceil(100);
    let mut draft = Draft::new(level, told(Some(real)), because(fault, real, bad, rate, timeout));
    draft.text(format!(
        "order-service makes {rate} calls a second to payments, spread at random, with a call timeout of {timeout} s. Its \
         Resilience4j breaker: `slidingWindowType` COUNT_BASED, `slidingWindowSize` {window}, `minimumNumberOfCalls` \
         {minimum}, `failureRateThreshold` and `slowCallRateThreshold` {threshold} %, `slowCallDurationThreshold` 500 ms."
    ));
    draft.text(format!(
        "All has gone well for 5 s. Then {what}. How long does it take until the breaker opens?"
    ));
    draft.see(See {
        lab: "breaker",
        preset: "tuned",
        set: run.set.clone(),
        at: vec![format!("{WRONG_AT}s {fault}")],
        seed,
        from: WRONG_AT - 1,
    });
    let mut times = vec![Some(real)];
    let mut offer = |draft: &mut Draft, other: Option<f64>, id: &'static str, why: String| {
        if times.iter().all(|time| apart(*time, other)) {
            times.push(other);
            draft.wrong(told(other), id, why);
        }
    };
    let errors = Try { fault: "error payments 100%", ..run.clone() };
    if fault.starts_with("hang") {
        let why = format!(
            "A breaker learns of a call when it ends. A hung call ends with its timeout, so the first failure is recorded \
             {timeout} s after payments hung."
        );
        offer(&mut draft, errors.opens(seed), "calls-in-flight-count", why);
        let why =
            format!("The timeout ends each call after {timeout} s, and each of these counts as a failure.");
        offer(&mut draft, run.with("call_timeout", "3600s").opens(seed), "timeouts-do-not-count", why);
    }
    if slow {
        let why = "Each answer is correct and takes 1 s: above 500 ms it counts as slow, and the slow-call rate opens too.";
        offer(&mut draft, run.with("slow_call", "60s").opens(seed), "slow-is-success", why.to_owned());
        let why =
            "A call is slow when it has ended and took long. The breaker does not look at a call under way.";
        offer(&mut draft, errors.opens(seed), "calls-in-flight-count", why.to_owned());
    }
    let why =
        format!("{threshold} % of the window is enough: {bad} bad results of {window}, not all {window}.");
    let full = run.with("failure_threshold", "100%").with("slow_threshold", "100%");
    offer(&mut draft, full.opens(seed), "window-must-fill-with-failures", why);
    let why = format!(
        "The window still holds good results from before: it takes {bad} bad ones among the last {window}."
    );
    offer(&mut draft, Try { wrong_at: 0, ..run.clone() }.opens(seed), "good-results-are-forgotten", why);
    let why = format!("With fewer than {minimum} results there is no rate, whatever share of them is bad.");
    offer(&mut draft, run.with("minimum_calls", "1").opens(seed), "opens-below-minimum", why);
    Some(draft)
}

/// Whether two times are too far apart to be taken for each other.
fn apart(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() > (APART * one.max(other)).max(0.4),
        (one, other) => one != other,
    }
}

fn told(time: Option<f64>) -> String {
    time.map_or_else(|| format!("It stays CLOSED for {LOOKED} s"), |time| format!("About {time:.1} s"))
}

fn because(fault: &str, real: f64, bad: u64, rate: u64, timeout: u64) -> String {
    let fills = bad as f64 / rate as f64;
    let delay = match fault.split(' ').next() {
        Some("hang") => format!(" Each of them ends with its timeout, {timeout} s after it began."),
        Some("slow") => " Each of them ends 1 s after it began.".to_owned(),
        _ => String::new(),
    };
    format!(
        "The window holds good results at first, and it takes about {bad} bad ones to reach the threshold: at {rate} calls a \
         second that is about {fills:.1} s.{delay} In this run it opens after {real:.1} s."
    )
}
