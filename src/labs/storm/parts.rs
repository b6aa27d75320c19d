//! The parts of the stage of the lab `retry-storm`, with all that there is to know of each.

use super::server::Work;
use super::tell::plain;
use super::{Stage, Storm};
use crate::engine::time::Time;
use crate::labs::scene::{Part, Unit, Value};

impl Storm {
    pub(super) fn clients_part(&self, level: u8) -> Part {
        let config = &self.config;
        let (id, who) = match level {
            0 => ("clients".to_owned(), "client".to_owned()),
            n => (format!("layer.{}", n + 1), format!("layer {}", n + 1)),
        };
        let patience = config.patience(level).map_or_else(|| "for ever".into(), |span| span.to_string());
        let mut part = Part::new(id)
            .field("who", who)
            .field("waits for an attempt", patience)
            .field("attempts of a request", u64::from(config.attempts))
            .field("backoff", self.knobs.word("backoff"))
            .field("calls so far", self.totals.calls[usize::from(level)]);
        if level == 0 {
            part = part
                .field("requests so far", self.totals.arrivals)
                .field("answered", self.totals.good)
                .field("failed for good", self.totals.failed)
                .field("open now", self.in_flight)
                .field("wait before a retry", self.sleeping);
        }
        if config.budget > 0.0 {
            let tokens = self.protection.budgets[usize::from(level)].tokens();
            part = part
                .field("retry budget", Value::Number(config.budget, Unit::Share))
                .field("retries it holds", Value::Number(tokens, Unit::None))
                .field("denied so far", self.totals.denied);
        }
        if level == 0 { part.hit_at("clients") } else { part }
    }

    pub(super) fn server_part(&self, now: Time) -> Part {
        let server = &self.server;
        let state = if server.down { "down" } else { "works" };
        let mut part = Part::new("server")
            .field("state", state)
            .field("workers busy", format!("{} of {}", server.busy, self.config.workers))
            .field("capacity", Value::Number(self.config.capacity(), Unit::PerSecond))
            .field("served so far", server.served)
            .field("of those for nobody", server.late)
            .field("worker time spent", server.worked)
            .field("of that for nobody", server.wasted);
        if self.coldness(now) > 1.0 {
            part = part.field("cold, service takes", Value::Number(self.coldness(now), Unit::Times));
        }
        part.hit_at("server")
    }

    pub(super) fn queue_part(&self, now: Time) -> Part {
        let server = &self.server;
        let places = if self.config.queue_cap == usize::MAX {
            Value::Text("no limit".into())
        } else {
            Value::from(self.config.queue_cap)
        };
        let oldest = server.queue.oldest().map_or(Value::None, |oldest| Value::Span(now.since(oldest.since)));
        Part::new("queue")
            .field("waiting", server.queue.len())
            .field("places", places)
            .field("given up by their client", server.dead)
            .field("the oldest waits", oldest)
            .field("who is next", if self.config.lifo { "the newest" } else { "the oldest" })
            .field("turned away so far", self.totals.rejected)
            .field("thrown away so far", server.dropped)
            .hit_at("server")
            .hit_at("clients")
    }

    /// An attempt that has a worker.
    pub(super) fn work_part(&self, work: &Work, now: Time) -> Part {
        let call = &work.call;
        let awaited = self.is_out(call.task, call.attempt) && self.root(call.task).is_some();
        let left =
            if work.ends == Time::NEVER { "it hangs".into() } else { Value::Span(work.ends.since(now)) };
        let number = self.number(call.task).max(call.subject & !(1 << 63));
        let doing = match self.tasks.get(call.task).map(|task| task.stage) {
            _ if awaited => "waits for it",
            Some(Stage::Sleeping) => "has given up, and waits before a retry",
            Some(_) => "has given up, and waits for a later attempt",
            None => "has given up, or has its answer",
        };
        Part::new(format!("request.{number}"))
            .field("request", plain(number))
            .field("attempt", format!("{} of {}", call.attempt, self.config.attempts))
            .field("submitted", work.submitted)
            .field("waited", work.began.since(work.submitted))
            .field("still takes", left)
            .field("its client", doing)
            .hit_at("server")
    }
}
