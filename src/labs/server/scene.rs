//! What the lab `server` shows.

use super::{Server, Work};
use crate::engine::time::Time;
use crate::labs::fault::Verb;
use crate::labs::knob::{NO_LIMIT, Value};
use crate::labs::scene::{
    Gauge, Meter, Panel, Part, Picture, Pool, Scene, Sentence, Slot, Slots, Threshold, Tone, Unit,
    Value as Shown,
};

/// How many waiting requests a field names; the others are counted.
const NAMED: usize = 8;

impl Server {
    /// The stage: the workers, the queue, the load on them, and the sum that explains the wait.
    pub(super) fn picture(&self, now: Time) -> Scene {
        Scene::new()
            .with(Panel::stage("pool", Picture::Slots(self.pool(now))).titled("workers"))
            .with(Panel::stage("load", Picture::Meter(self.load(now))).titled("load").ranked(1))
            .with(Panel::stage("sum", Picture::Sentence(self.sum())).titled("theory").ranked(2))
    }

    fn pool(&self, now: Time) -> Slots {
        let slow = self.faults.has(Verb::Slow);
        let (letter, tone) = match (self.paused, slow) {
            (Some(_), _) => ('z', Tone::Bad),
            (None, true) => ('s', Tone::Warn),
            (None, false) => ('#', Tone::Plain),
        };
        let total = self.knobs.count("workers").max(self.busy) as u64;
        let part = Part::new("server")
            .field("busy", self.busy)
            .field("waiting", self.queue.len())
            .field("served", self.totals.done)
            .field("refused", self.totals.refused)
            .field("the queue", self.waiting())
            .field("paused since", self.paused.map_or(Shown::None, Shown::At))
            .hit_at("server")
            .hit_at("users");
        let mut works: Vec<&Work> = self.workers.iter().flatten().collect();
        works.sort_by_key(|work| (work.job.came, work.job.number));
        let taken = |work: &Work| Slot { part: self.request_part(work, now), letter, tone };
        let pool = Pool {
            part,
            label: "workers".into(),
            used: works.into_iter().map(taken).collect(),
            total,
            waiting: self.queue.len() as u64,
            tone: if self.queue.len() > 2 * self.knobs.count("workers") { Tone::Bad } else { Tone::Plain },
            note: String::new(),
        };
        let legend = [('#', "works"), ('s', "works slowly"), ('z', "paused")];
        Slots { pools: vec![pool], legend: legend.map(|(c, word)| (c, word.to_string())).into() }
    }

    /// A request that has a worker.
    fn request_part(&self, work: &Work, now: Time) -> Part {
        let left = match self.paused {
            Some(_) => "stands still".into(),
            None => Shown::Span(work.ends.since(now)),
        };
        Part::new(format!("request.{}", work.job.number))
            .field("request", work.job.number)
            .field("came", work.job.came)
            .field("got a worker", work.began)
            .field("waited", work.began.since(work.job.came))
            .field("will be done at", work.ends)
            .field("still takes", left)
            .hit_at("server")
    }

    /// The first of those that wait.
    fn waiting(&self) -> Shown {
        let numbers = self.queue.iter().take(NAMED).map(|job| job.number.to_string());
        let mut told: Vec<String> = numbers.collect();
        let more = self.queue.len().saturating_sub(NAMED);
        told.extend((more > 0).then(|| format!("{more} more")));
        if told.is_empty() { Shown::None } else { told.join(", ").into() }
    }

    fn load(&self, now: Time) -> Meter {
        let offered = self.offered();
        let used = if now == Time::ZERO {
            0.0
        } else {
            self.busy as f64 / self.knobs.count("workers").max(1) as f64
        };
        let gauge = |label: &str, value: f64, tone| Gauge {
            part: Part::new(format!("load.{}", label.replace(' ', "-")))
                .field("share of the workers", Shown::Number(value, Unit::Share))
                .field("rate", Shown::Number(self.rate * self.faults.factor(Verb::Burst), Unit::PerSecond))
                .field("service time", self.service_time.times(self.faults.factor(Verb::Slow)))
                .field("workers", self.knobs.count("workers"))
                .hit_at("users")
                .hit_at("server"),
            label: label.into(),
            value,
            max: 1.5,
            unit: Unit::Share,
            threshold: Some(Threshold { at: 1.0, label: "all there is".into() }),
            tone,
            note: String::new(),
        };
        let tone = if offered >= 1.0 { Tone::Bad } else { Tone::Plain };
        Meter { gauges: vec![gauge("offered", offered, tone), gauge("busy now", used, Tone::Plain)] }
    }

    /// Work that comes per second of worker time: the utilisation, while it is below 1.
    fn offered(&self) -> f64 {
        let per_s = self.rate
            * self.faults.factor(Verb::Burst)
            * self.faults.factor(Verb::Slow)
            * self.service_time.secs();
        per_s / self.knobs.count("workers").max(1) as f64
    }

    fn sum(&self) -> Sentence {
        let (rate, load) = (self.rate * self.faults.factor(Verb::Burst), self.offered());
        let capacity =
            self.knobs.count("workers") as f64 / (self.service_time.secs() * self.faults.factor(Verb::Slow));
        let compared =
            format!("{} come, {} can be served.", Unit::PerSecond.text(rate), Unit::PerSecond.text(capacity));
        let capped = self.knobs.get("queue_cap") != Some(Value::Count(NO_LIMIT));
        let excess = Unit::PerSecond.text(rate - capacity);
        match (load > 1.0 + 1e-9, capped) {
            (false, _) => {
                Sentence { text: format!("{compared} Load {}.", Unit::Share.text(load)), tone: Tone::Plain }
            }
            (true, false) => {
                Sentence { text: format!("{compared} The queue grows by {excess}."), tone: Tone::Bad }
            }
            (true, true) => Sentence {
                text: format!("{compared} Once the queue is full, {excess} are refused."),
                tone: Tone::Bad,
            },
        }
    }
}
