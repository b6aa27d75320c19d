//! How many attempts a second reach a server that answers nobody: an open loop against a closed one.

use super::super::dice::Dice;
use super::super::draft::Draft;
use super::super::{See, Template};
use super::seconds;
use crate::engine::time::Span;
use crate::patterns::backoff::{Backoff, Schedule};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "retry-loops",
    rev: 1,
    title: "how many attempts a second in an outage",
    skill: "compute",
    concepts: &["open-and-closed-loop", "retry-load"],
    draw,
};

/// Two numbers nearer than this share of the larger one are not told apart.
const APART: f64 = 0.15;
/// How long a good answer takes.
const ANSWER: Span = Span::from_millis(100);

/// Clients that make so many attempts, each with a timeout, and wait in between.
#[derive(Clone, Copy, Debug)]
struct Policy {
    retries: u32,
    timeout: Span,
    schedule: Schedule,
}

impl Policy {
    fn attempts(&self) -> f64 {
        f64::from(self.retries) + 1.0
    }

    /// All waits of a request that fails, in seconds.
    fn waits(&self) -> f64 {
        (1..=self.retries)
            .map(|failed| match self.schedule.kind {
                Backoff::Immediate => 0.0,
                Backoff::Fixed => self.schedule.base.secs(),
                _ => self.schedule.envelope(failed).secs(),
            })
            .sum()
    }

    /// How long a request takes that fails, in seconds.
    fn takes(&self) -> f64 {
        self.attempts() * self.timeout.secs() + self.waits()
    }

    fn told(&self) -> String {
        let base = seconds(self.schedule.base);
        match self.schedule.kind {
            Backoff::Immediate => "at once".to_owned(),
            Backoff::Fixed => format!("after {base} each"),
            _ => format!("after {base} at first and twice as long each time"),
        }
    }

    fn set(&self) -> Vec<(&'static str, String)> {
        let kind = match self.schedule.kind {
            Backoff::Immediate => "immediate",
            Backoff::Fixed => "fixed",
            _ => "exponential",
        };
        vec![
            ("retries", self.retries.to_string()),
            ("timeout", format!("{}ms", self.timeout.millis())),
            ("backoff", kind.to_owned()),
            ("backoff_base", format!("{}ms", self.schedule.base.millis())),
            ("backoff_cap", "60s".to_owned()),
        ]
    }
}

/// Attempts a second of so many clients that think for so many seconds before each request.
fn closed(clients: u64, think: f64, policy: &Policy) -> f64 {
    clients as f64 * policy.attempts() / (think + policy.takes())
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let kind = dice.one_of(&[Backoff::Immediate, Backoff::Fixed, Backoff::Exponential], Backoff::Fixed);
    let base = Span::from_millis(500 * dice.between(1, 4));
    let policy = Policy {
        retries: dice.count(2, 4),
        timeout: Span::from_millis(500 * dice.between(1, 6)),
        schedule: Schedule::new(kind, base, Span::from_secs(60)),
    };
    let clients = 50 * dice.between(2, 40);
    let think = dice.between(2, 12);
    let is_closed = dice.chance(60);
    let asked = clients as f64 / (think as f64 + ANSWER.secs());
    let open_rate = dice.between(20, 200);
    let rate = if is_closed { asked } else { open_rate as f64 };
    let right = if is_closed { closed(clients, think as f64, &policy) } else { rate * policy.attempts() };
    let mut draft = Draft::new(
        if is_closed { 3 } else { 2 },
        told(right),
        if is_closed {
            format!(
                "A client that fails makes {} attempts, and its round takes {think} s of thinking and {} s of attempts and \
                 waits. {clients} clients x {} attempts / {} s are {right:.0} attempts a second.",
                policy.attempts(),
                policy.takes(),
                policy.attempts(),
                think as f64 + policy.takes()
            )
        } else {
            format!(
                "Requests come whatever happens, and each makes all its {} attempts, sooner or later: {open_rate} x {} = \
                 {right:.0} a second. Timeouts and waits only move them.",
                policy.attempts(),
                policy.attempts()
            )
        },
    );
    draft.text(if is_closed {
        format!(
            "{clients} clients each send a request, wait until it is answered or has failed, think for {think} s and send the \
             next one. On a good day an answer takes {}.",
            seconds(ANSWER)
        )
    } else {
        format!("{open_rate} requests a second come from users who know nothing of each other, on good days and bad ones.")
    });
    draft.text(format!(
        "The server goes silent for minutes. Clients give each attempt up after {} and repeat it up to {} times, {}. How many \
         attempts a second do they make then, about?",
        seconds(policy.timeout),
        policy.retries,
        policy.told()
    ));
    let mut seen = vec![right];
    let mut offer = |draft: &mut Draft, other: f64, id: &'static str, why: &str| {
        if seen.iter().all(|one| (one - other).abs() > APART * one.max(other)) {
            seen.push(other);
            draft.wrong(told(other), id, why);
        }
    };
    let first_why =
        "Those are the first tries. Each of them fails and is repeated, and repeats are load, too.";
    if is_closed {
        let why = "Clients that wait for an attempt send nothing else meanwhile, so they begin far fewer requests than before.";
        offer(&mut draft, rate * policy.attempts(), "all-load-is-open", why);
        let eager = Policy { schedule: Schedule { kind: Backoff::Immediate, ..policy.schedule }, ..policy };
        let why = "That leaves the waits out. A client that waits sends nothing, and its round takes longer.";
        offer(&mut draft, closed(clients, think as f64, &eager), "backoff-never-lowers-load", why);
        offer(&mut draft, rate, "first-tries-are-the-load", first_why);
        let why = "Those are the requests that fail. Each of them is made of several attempts.";
        offer(&mut draft, right / policy.attempts(), "attempts-are-requests", why);
    } else {
        offer(&mut draft, rate, "first-tries-are-the-load", first_why);
        let why = "The first attempt comes before the retries, and the server gets it as well.";
        offer(&mut draft, rate * f64::from(policy.retries), "attempts-are-retries", why);
        // As many clients as have a request open on average, if each waited before the next one.
        let why = "That is so if users wait for their answers. These come however long the others wait.";
        offer(&mut draft, rate * policy.attempts() / (1.0 + policy.takes()), "load-limits-itself", why);
    }
    let mut set = policy.set();
    if is_closed {
        set.extend([
            ("arrivals", "closed".to_owned()),
            ("clients", clients.to_string()),
            ("think", format!("{think}s")),
            ("workers", "5000".to_owned()),
        ]);
    } else {
        set.extend([("rate", open_rate.to_string()), ("workers", "1000".to_owned())]);
    }
    set.push(("queue_cap", "none".to_owned()));
    draft.see(See {
        lab: "retry-storm",
        preset: "reference",
        set,
        at: vec!["5s hang server".to_owned()],
        seed: 1,
        from: 4,
    });
    Some(draft).filter(|_| right < 2000.0)
}

fn told(attempts: f64) -> String {
    format!("About {attempts:.0} a second")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::time::Time;
    use crate::labs::reading::Value;
    use crate::labs::scenario::{Scenario, Wanted};

    /// The lab, silent from the start, sends as many.
    #[test]
    fn clients_that_wait_send_as_many_attempts_as_those_of_the_lab() {
        for kind in [Backoff::Immediate, Backoff::Fixed, Backoff::Exponential] {
            let policy = Policy {
                retries: 3,
                timeout: Span::from_secs(1),
                schedule: Schedule::new(kind, Span::from_secs(1), Span::from_secs(60)),
            };
            let mut set: Vec<(String, String)> =
                policy.set().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            for (name, value) in
                [("arrivals", "closed"), ("clients", "400"), ("think", "5s"), ("queue_cap", "none")]
            {
                set.push((name.to_owned(), value.to_owned()));
            }
            let at = ["0s hang server".to_owned()];
            let wanted =
                Wanted { lab: "retry-storm", preset: Some("reference"), set: &set, seed: 1, at: &at };
            let attempts =
                |until| match Scenario::read(&wanted).unwrap().run(Time::from_secs(until)).read("attempts") {
                    Value::Number(attempts) => attempts,
                    other => panic!("{other:?}"),
                };
            let measured = (attempts(260) - attempts(60)) / 200.0;
            let expected = closed(400, 5.0, &policy);
            assert!((measured / expected - 1.0).abs() < 0.05, "{kind:?}: {measured} and {expected}");
        }
    }
}
