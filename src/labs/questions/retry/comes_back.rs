//! Which change brings a system back that a slow spell has left in a storm of retries. Every option is a run.

use super::super::dice::Dice;
use super::super::draft::Draft;
use super::super::{See, Template};
use crate::engine::time::Time;
use crate::labs::reading::Value;
use crate::labs::scenario::{Scenario, Wanted};
use crate::patterns::amplification::sustains_itself;

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "retry-comes-back",
    rev: 1,
    title: "which change ends this storm",
    skill: "predict",
    concepts: &["metastable-failure", "retry-storm", "retry-budget", "queue-discipline"],
    draw,
};

/// When the server becomes slow, and how long after the slow spell is looked, in seconds.
const SLOW_AT: u64 = 5;
const LOOKED: u64 = 40;
/// The share of what comes that is answered by a system that is back, and at most by one that is stuck.
const BACK: f64 = 0.9;
const STUCK: f64 = 0.5;
/// The same of a system of which one says that it is down.
const DOWN: f64 = 0.1;
/// How many wrong options there are.
const WRONG: usize = 3;

type Set = Vec<(&'static str, String)>;

/// A system and what happens to it.
#[derive(Clone, Debug)]
struct System {
    rate: u64,
    workers: u64,
    service_ms: u64,
    timeout_ms: u64,
    retries: u32,
    queue: u64,
    factor: u64,
    slow_s: u64,
    seed: u64,
}

/// Something done before.
#[derive(Clone, Debug)]
struct Change {
    text: String,
    set: Set,
    /// What those believe who think that it helps where it does not, and why it does not.
    wrong: Option<(&'static str, String)>,
    /// Why it helps where it does.
    helps: String,
}

impl System {
    fn capacity(&self) -> u64 {
        self.workers * 1000 / self.service_ms
    }

    fn sentence(&self) -> String {
        format!("{SLOW_AT}s slow server x{} for {}s", self.factor, self.slow_s)
    }

    fn set(&self) -> Set {
        vec![
            ("rate", self.rate.to_string()),
            ("workers", self.workers.to_string()),
            ("service", format!("{}ms", self.service_ms)),
            ("service_distribution", "constant".to_owned()),
            ("timeout", format!("{}ms", self.timeout_ms)),
            ("retries", self.retries.to_string()),
            ("queue_cap", self.queue.to_string()),
        ]
    }

    fn with(&self, change: &Set) -> Set {
        let mut set = self.set();
        set.retain(|(name, _)| change.iter().all(|(other, _)| other != name));
        set.extend(change.iter().cloned());
        set
    }

    /// Requests answered each second, in the last ten seconds.
    fn goodput(&self, change: &Set) -> Option<f64> {
        let set: Vec<(String, String)> =
            self.with(change).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let at = [self.sentence()];
        let wanted =
            Wanted { lab: "retry-storm", preset: Some("reference"), set: &set, seed: self.seed, at: &at };
        let lab = Scenario::read(&wanted).ok()?.run(Time::from_secs(SLOW_AT + self.slow_s + LOOKED));
        match lab.read("goodput_10s") {
            Value::Number(goodput) => Some(goodput),
            Value::Word(_) | Value::None => None,
        }
    }

    fn changes(&self) -> Vec<Change> {
        let mut all = self.of_clients();
        all.extend(self.of_the_server());
        all.extend(self.of_amounts());
        all
    }

    /// What clients do otherwise.
    fn of_clients(&self) -> Vec<Change> {
        let load = self.rate * self.attempts();
        let half = format!("{}ms", self.timeout_ms / 2);
        vec![
            Change::new("Exponential backoff: waits of 1, 2, 4 s and so on", &[("backoff", "exponential")]).tempts(
                "backoff-ends-the-storm",
                format!("Each request still makes its {} attempts, only later: {load} a second.", self.attempts()),
            ),
            Change::new("Full jitter: waits from 0 to 1, 2, 4 s and so on", &[("backoff", "full-jitter")]).tempts(
                "jitter-reduces-load",
                format!("Jitter spreads attempts over time. There are as many of them: {load} a second."),
            ),
            Change::new(format!("Clients give up after {} ms", self.timeout_ms / 2), &[("timeout", &half)]).tempts(
                "short-timeout-is-safe",
                "The attempts give up sooner, so a still shorter queue makes all of them late.",
            ),
            Change::new("No retries", &[("retries", "0")]).helps(
                "Without retries the load is the requests, and these are fewer than the capacity: the queue drains.",
            ),
        ]
    }

    /// What the server does otherwise.
    fn of_the_server(&self) -> Vec<Change> {
        let capacity = self.capacity();
        let long = self.queue * 5;
        let short = (capacity * self.timeout_ms / 2000).max(1);
        let margin = self.service_ms * 3 / 2;
        vec![
            Change::new(format!("A queue of {long} places"), &[("queue_cap", &long.to_string())]).tempts(
                "long-queue-rides-it-out",
                format!("{long} places are a wait of {} s, and clients leave after {} ms.", long / capacity, self.timeout_ms),
            ),
            Change::new(format!("A queue of {short} places"), &[("queue_cap", &short.to_string())]).helps(
                "What gets one of these places is served within half of its timeout. It is answered, and is not repeated.",
            ),
            Change::new("The server drops attempts whose client has left", &[("drop_expired", "on")])
                .tempts(
                    "dropping-expired-is-enough",
                    "It then serves the oldest that still waits, which expires before it is done.",
                )
                .helps("The server works for nobody who has left, so what it does reaches a client."),
            Change::new(
                format!("The server drops attempts with {margin} ms left or less"),
                &[("drop_expired", "on"), ("deadline_margin", &format!("{margin}ms"))],
            )
            .helps(
                "The server begins only what it can finish in time, so its work reaches clients, and these do not repeat.",
            ),
            Change::new("The server takes the newest attempt first", &[("discipline", "lifo")]).helps(
                "The newest attempt has a client that still waits. What is served is answered, and is not repeated.",
            ),
        ]
    }

    /// Changes that help if there is enough of them.
    fn of_amounts(&self) -> Vec<Change> {
        let Self { rate, retries, workers, .. } = *self;
        let capacity = self.capacity();
        let budgets = [5, 10, 20, 50, 100].map(|percent| {
            let value = format!("{percent}%");
            let change = Change::new(format!("A retry budget of {percent} % of the requests"), &[("budget", &value)]);
            let load = rate * (100 + percent);
            if load > capacity * 100 {
                let load = load as f64 / 100.0;
                return change.tempts(
                    "any-ratio-will-do",
                    format!("With {percent} % more the {rate} requests are {load:.1} attempts a second, more than {capacity}."),
                );
            }
            change.helps(format!(
                "At most {percent} % of the requests are repeated, which keeps the load below the capacity: the queue drains."
            ))
        });
        let fewer = (1..retries).map(|fewer| {
            let word = if fewer == 1 { "retry" } else { "retries" };
            let change = Change::new(
                format!("At most {fewer} {word} in place of {retries}"),
                &[("retries", &fewer.to_string())],
            );
            let load = rate * (u64::from(fewer) + 1);
            if load <= capacity {
                return change;
            }
            change.tempts(
                "count-is-a-budget",
                format!(
                    "All requests use them: {rate} a second become {load} attempts, more than {capacity}."
                ),
            )
        });
        let load = rate * self.attempts();
        let more = [workers * 3 / 2, workers * 2, workers * 5].map(|more| {
            let change = Change::new(format!("{more} workers in place of {workers}"), &[("workers", &more.to_string())]);
            let could = more * 1000 / self.service_ms;
            if could < load {
                return change.tempts(
                    "more-servers-end-it",
                    format!("{more} workers serve {could} attempts a second, and {load} come."),
                );
            }
            change.helps(format!(
                "{more} workers serve {could} attempts a second, more than the {load} that requests and retries are together."
            ))
        });
        budgets.into_iter().chain(fewer).chain(more).collect()
    }

    fn attempts(&self) -> u64 {
        u64::from(self.retries) + 1
    }
}

impl Change {
    fn new(text: impl Into<String>, set: &[(&'static str, &str)]) -> Self {
        let set = set.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { text: text.into(), set, wrong: None, helps: String::new() }
    }

    fn tempts(mut self, misconception: &'static str, why: impl Into<String>) -> Self {
        self.wrong = Some((misconception, why.into()));
        self
    }

    fn helps(mut self, why: impl Into<String>) -> Self {
        self.helps = why.into();
        self
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let workers = dice.one_of(&[2, 4], 2);
    let service_ms = dice.one_of(&[100, 125, 200, 250], 100);
    let capacity = workers * 1000 / service_ms;
    let timeout_ms = service_ms * dice.between(5, 8);
    let system = System {
        rate: (capacity * dice.between(60, 80) / 100).max(1),
        workers,
        service_ms,
        timeout_ms,
        retries: dice.count(2, 4),
        queue: capacity * timeout_ms * dice.between(3, 5) / 1000,
        factor: dice.between(4, 8),
        slow_s: dice.between(6, 12),
        seed: dice.between(1, 1_000_000),
    };
    let rate = system.rate as f64;
    if !sustains_itself(rate, system.retries, capacity as f64) {
        return None;
    }
    let stuck = system.goodput(&Vec::new()).filter(|goodput| *goodput < DOWN * rate)?;
    let mut changes = system.changes();
    dice.shuffle(&mut changes);
    let reverse = dice.chance(40);
    // With each change that is looked at, what its run answers; the run is made when it is asked for.
    let ran = changes.iter().filter_map(|change| Some((change, system.goodput(&change.set)?)));
    let back = |it: &(&Change, f64)| !it.0.helps.is_empty() && it.1 >= BACK * rate;
    let down = |it: &(&Change, f64)| it.0.wrong.is_some() && it.1 < STUCK * rate;
    let text = |change: &Change| change.text.clone();
    let (right, mut draft) = if reverse {
        let (right, goodput) = ran.clone().find(down)?;
        let (_, why) = right.wrong.as_ref()?;
        let why = format!("{why} {} the other changes it is back.", answered(goodput, "With"));
        let mut draft = Draft::new(3, text(right), why);
        for (change, goodput) in kinds(ran.filter(back)) {
            let why = format!("{} {}", change.helps, answered(goodput, ""));
            draft.wrong(text(change), "any-storm-stays", why.trim_end());
        }
        (right, draft)
    } else {
        let (right, goodput) = ran.clone().find(back)?;
        let why =
            format!("{} {} the change it stays at {stuck:.1}.", right.helps, answered(goodput, "Without"));
        let mut draft = Draft::new(2, text(right), why);
        for (change, goodput) in kinds(ran.filter(down)) {
            let (id, why) = change.wrong.as_ref()?;
            draft.wrong(text(change), id, format!("{why} {}", answered(goodput, "")).trim_end());
        }
        (right, draft)
    };
    draft.text(format!(
        "{} requests a second come to a server whose {workers} workers take {service_ms} ms for each attempt: {capacity} a \
         second. Clients give an attempt up after {timeout_ms} ms and retry at once, up to {} times; {} attempts can wait, \
         oldest first.",
        system.rate, system.retries, system.queue
    ));
    let asked = if reverse {
        "Which one of these, done before, would not have users answered again by then?"
    } else {
        "Which one of these, done before, has users answered again by then?"
    };
    draft.text(format!(
        "Then the server is {} times slower for {} s. {LOOKED} s after that it is still answering almost nobody in time. \
         {asked}",
        system.factor, system.slow_s
    ));
    draft.see(See {
        lab: "retry-storm",
        preset: "reference",
        set: system.with(&right.set),
        at: vec![system.sentence()],
        seed: system.seed,
        from: SLOW_AT - 1,
    });
    Some(draft)
}

/// A few of them, each of another kind: no two turn the same knob.
fn kinds<'a>(ran: impl Iterator<Item = (&'a Change, f64)>) -> Vec<(&'a Change, f64)> {
    let mut some: Vec<(&Change, f64)> = Vec::new();
    for (change, goodput) in ran {
        let knob = |change: &Change| change.set.first().map(|(name, _)| *name);
        if some.iter().all(|(other, _)| knob(other) != knob(change)) {
            some.push((change, goodput));
        }
        if some.len() == WRONG {
            break;
        }
    }
    some
}

/// What a run answers, and the beginning of the next sentence.
fn answered(goodput: f64, next: &str) -> String {
    format!("In its run {goodput:.1} requests a second are answered {LOOKED} s after the slow spell. {next}")
}
