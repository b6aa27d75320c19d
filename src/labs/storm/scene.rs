//! What the lab `retry-storm` shows: who calls whom, the load against the capacity, the workers, and the way that load and
//! goodput took.

use super::readings::Phase;
use super::{Storm, tell};
use crate::engine::time::Time;
use crate::labs::fault::Verb;
use crate::labs::scene::{
    Axis, Curve, Flow, Gate, Gauge, Link, Links, Meter, Panel, Part, Path, Picture, Point, Pool, Scene,
    Sentence, Slot, Slots, Target, Threshold, Tone, Unit, Value,
};
use crate::patterns::breaker::{Breaker, State};

/// So many workers are drawn one by one.
const DRAWN: usize = 100;

impl Storm {
    pub(super) fn picture(&self, now: Time) -> Scene {
        if self.race.is_on() {
            return self.race_picture();
        }
        let mut scene = Scene::new()
            .with(Panel::stage("flow", Picture::Links(self.flow(now))))
            .with(Panel::stage("load", Picture::Meter(self.load(now))).titled("load").ranked(1));
        if self.config.workers <= DRAWN {
            let workers = Picture::Slots(self.workers(now));
            scene = scene.with(Panel::stage("workers", workers).titled("workers").ranked(3));
        }
        scene
            .with(Panel::stage("sum", Picture::Sentence(self.sum(now))).ranked(2))
            .with(Panel::stage("loop", Picture::Path(self.way())).titled("load and goodput").ranked(4))
    }

    fn flow(&self, now: Time) -> Links {
        let last = self.health.way.back();
        let rows = (0..self.config.tiers).map(|level| self.link(level)).collect();
        let (state, tone) = self.server_word();
        let server = Target {
            part: self.server_part(now),
            label: "server".into(),
            state: state.into(),
            tone,
            pool: Some((self.server.busy as u64, self.config.workers as u64)),
            note: last
                .map(|second| format!("{} good", Unit::PerSecond.text(second.good.into())))
                .unwrap_or_default(),
        };
        let queue = Target {
            part: self.queue_part(now),
            label: "queue".into(),
            state: if self.server.queue.len() >= self.config.queue_cap {
                "FULL".into()
            } else {
                String::new()
            },
            tone: if self.server.dead > 0 { Tone::Bad } else { Tone::Plain },
            pool: None,
            note: self.queue_note(now),
        };
        Links { rows, targets: vec![queue, server], more: Vec::new() }
    }

    fn queue_note(&self, now: Time) -> String {
        let waiting = self.server.queue.len();
        if waiting == 0 {
            return "empty".into();
        }
        let oldest = self.server.queue.oldest().map(|oldest| now.since(oldest.since));
        let dead = match self.server.dead {
            0 => String::new(),
            dead => format!(", {} dead", Unit::Share.text(dead as f64 / waiting as f64)),
        };
        let oldest = oldest.map(|age| format!(", oldest {}", Value::Span(age))).unwrap_or_default();
        format!("{} wait{dead}{oldest}", Unit::None.text(waiting as f64))
    }

    fn server_word(&self) -> (&'static str, Tone) {
        if self.server.down {
            ("DOWN", Tone::Bad)
        } else if self.faults.has(Verb::Hang) {
            ("HANGS", Tone::Bad)
        } else if self.faults.has(Verb::Error) {
            ("ERRORS", Tone::Bad)
        } else if self.faults.has(Verb::Slow) {
            ("SLOW", Tone::Warn)
        } else {
            ("ok", Tone::Good)
        }
    }

    /// A layer and what it does with its calls.
    fn link(&self, level: u8) -> Link {
        let config = &self.config;
        let bottom = level + 1 == config.tiers;
        let policy = match config.attempts {
            1 => "no retries".to_owned(),
            n => format!("{} tries, {}", n, self.knobs.word("backoff")),
        };
        let mut gates =
            vec![Gate { part: Part::default(), state: policy, note: String::new(), tone: Tone::Plain }];
        if config.budget > 0.0 {
            let left = self.protection.budgets[usize::from(level)].tokens();
            let part = Part::new(format!("budget.{}", level + 1)).hit_at("clients");
            let tone = if left < 1.0 { Tone::Warn } else { Tone::Plain };
            let note = format!("{} retries left", Unit::None.text(libm::floor(left)));
            gates.push(Gate { part, state: "BUDGET".into(), note, tone });
        }
        let breaker = bottom && !matches!(self.protection.breaker, Breaker::None);
        if breaker {
            let open = matches!(self.protection.breaker.state(), State::Open | State::ForcedOpen);
            let part = Part::new("breaker")
                .field("state", self.state_word())
                .field("held back", self.totals.held_back);
            let tone = if open { Tone::Bad } else { Tone::Good };
            gates.push(Gate { part, state: self.state_word().to_uppercase(), note: String::new(), tone });
        }
        let flow = match self.protection.breaker.state() {
            State::Open | State::ForcedOpen if breaker => Flow::Blocked,
            State::HalfOpen if breaker => Flow::Trickle,
            _ if self.health.way.back().is_some_and(|second| second.good == 0 && second.attempts > 0) => {
                Flow::Failing
            }
            _ => Flow::Passing,
        };
        let from = if level == 0 { "clients".into() } else { format!("layer {}", level + 1) };
        let load = if level == 0 {
            let burst = if config.closed { 1.0 } else { self.faults.factor(Verb::Burst) };
            Value::Number(config.wanted() * burst, Unit::PerSecond)
        } else {
            Value::None
        };
        let to = if bottom { "queue".into() } else { format!("layer {}", level + 2) };
        Link { part: self.clients_part(level), from, load, gates, flow, to }
    }

    fn load(&self, now: Time) -> Meter {
        let (came, attempts, good) = self.rates();
        let capacity = self.config.capacity() / (self.faults.factor(Verb::Slow) * self.coldness(now));
        let most = self.config.wanted() * self.config.worst_amplification();
        let max = most.min(self.config.capacity() * 5.0).max(self.config.capacity() * 1.2);
        let gauge = |label: &str, value: f64, note: String, tone| Gauge {
            part: Part::new(format!("load.{label}"))
                .field("now", Value::Number(value, Unit::PerSecond))
                .field("capacity", Value::Number(capacity, Unit::PerSecond))
                .field("if every attempt fails", Value::Number(most, Unit::PerSecond))
                .hit_at("clients")
                .hit_at("server"),
            label: label.into(),
            value,
            max,
            unit: Unit::PerSecond,
            threshold: Some(Threshold { at: capacity, label: String::new() }),
            tone,
            note,
        };
        let times = if came > 0.0 { attempts / came } else { 1.0 };
        let attempts_tone = if attempts > capacity { Tone::Bad } else { Tone::Plain };
        let good_tone = if good < 0.5 * came { Tone::Bad } else { Tone::Good };
        Meter {
            gauges: vec![
                gauge(
                    "first tries",
                    came,
                    format!("capacity {}", Unit::PerSecond.text(capacity)),
                    Tone::Plain,
                ),
                gauge("attempts", attempts, Unit::Times.text(times), attempts_tone),
                gauge("goodput", good, String::new(), good_tone),
            ],
        }
    }

    /// First tries, attempts and goodput of the last second.
    fn rates(&self) -> (f64, f64, f64) {
        let last = self.health.way.back();
        let came = last.map_or(0.0, |second| second.came.into());
        (came, last.map_or(0.0, |s| s.attempts.into()), last.map_or(0.0, |s| s.good.into()))
    }

    fn workers(&self, now: Time) -> Slots {
        let slot = |work: &super::server::Work| {
            let awaited =
                self.is_out(work.call.task, work.call.attempt) && self.root(work.call.task).is_some();
            let (letter, tone) = match (work.ends == Time::NEVER, awaited) {
                (true, _) => ('h', Tone::Bad),
                (false, true) => ('#', Tone::Good),
                (false, false) => ('x', Tone::Bad),
            };
            Slot { part: self.work_part(work, now), letter, tone }
        };
        let pool = Pool {
            part: Part::default(),
            label: "workers".into(),
            used: self.server.works.iter().flatten().map(slot).collect(),
            total: self.config.workers as u64,
            waiting: 0,
            tone: Tone::Plain,
            note: String::new(),
        };
        let legend = [('#', "works for a client that waits"), ('x', "works for nobody"), ('h', "hangs")];
        Slots { pools: vec![pool], legend: legend.map(|(c, word)| (c, word.to_string())).into() }
    }

    /// The sum that decides whether a storm keeps itself going.
    fn sum(&self, now: Time) -> Sentence {
        let config = &self.config;
        let (wanted, capacity) = (config.wanted(), config.capacity());
        let per_s = |x: f64| Unit::PerSecond.text(x);
        let times = config.worst_amplification();
        let worst =
            format!("{} x {} tries = {}", per_s(wanted), Unit::None.text(times), per_s(wanted * times));
        let text = match (config.timeout, self.sustains()) {
            (None, _) => "Nobody gives up: a slow answer is never tried again.".to_owned(),
            (_, _) if config.closed => "Who waits does not ask: only retries can pile up.".into(),
            (_, true) => format!("{worst} > {}: it can stay down.", per_s(capacity)),
            (_, false) => format!("{worst} <= {}: it comes back.", per_s(capacity)),
        };
        let (stands, tone) = match self.health.phase(wanted, now) {
            Phase::Healthy => ("", Tone::Plain),
            Phase::Disturbed => (" A fault is on.", Tone::Warn),
            Phase::Stuck => (" No fault is left: a metastable failure.", Tone::Bad),
            Phase::Recovering => (" It is not back yet.", Tone::Warn),
        };
        Sentence { text: text + stands, tone }
    }

    /// The way of the last two minutes in the plane of load and goodput: the way back is not the way there.
    fn way(&self) -> Path {
        let config = &self.config;
        let most = self.health.way.iter().map(|second| f64::from(second.attempts)).fold(0.0, f64::max);
        let axis = |label: &str, max: f64| Axis { label: label.into(), unit: Unit::PerSecond, min: 0.0, max };
        let points: Vec<(f64, f64)> =
            self.health.way.iter().map(|second| (second.attempts.into(), second.good.into())).collect();
        let now = points.last().copied();
        let curve = Curve {
            part: Part::new("loop.way").field("seconds", points.len()),
            label: "the last two minutes".into(),
            letter: '.',
            tone: Tone::Plain,
            points,
        };
        let point = |at| Point {
            part: Part::new("loop.now"),
            letter: '@',
            label: "now".into(),
            at,
            tone: Tone::Accent,
        };
        Path {
            x: axis("attempts", most.max(1.2 * config.capacity())),
            y: axis("goodput", 1.2 * config.capacity().min(config.wanted()).max(1.0)),
            curves: vec![curve],
            points: now.map(point).into_iter().collect(),
        }
    }

    fn race_picture(&self) -> Scene {
        let n = self.race.racers.len();
        let done = self.race.racers.iter().filter(|racer| racer.won).count();
        let writes = self.totals.attempts as f64;
        let worst = self.race.racers.iter().map(|racer| racer.writes).max().unwrap_or(0);
        let gauge = |label: &str, value: f64, max: f64, note: String| Gauge {
            part: Part::new(format!("race.{label}"))
                .field("clients", n)
                .field("updated", done)
                .field("writes", self.totals.attempts)
                .field("conflicts", self.totals.conflicts)
                .field("most writes of one client", u64::from(worst)),
            label: label.into(),
            value,
            max,
            unit: Unit::None,
            threshold: None,
            tone: Tone::Plain,
            note,
        };
        let most = (n as f64 * 4.0).max(writes);
        let meter = Meter {
            gauges: vec![
                gauge("updated", done as f64, n as f64, format!("of {n} clients")),
                gauge(
                    "writes",
                    writes,
                    most,
                    format!("{} for each client", Unit::None.text(writes / n.max(1) as f64)),
                ),
                gauge("conflicts", self.totals.conflicts as f64, most, String::new()),
            ],
        };
        let text = match self.race.completion {
            Some(at) => format!(
                "All {n} clients have their update: {} writes, {} s.",
                self.totals.attempts,
                tell::secs(at)
            ),
            None => format!("{} of {n} clients still race for the row.", n - self.race.done as usize),
        };
        Scene::new()
            .with(Panel::stage("race", Picture::Meter(meter)).titled("one row, one update each"))
            .with(Panel::stage("sum", Picture::Sentence(Sentence { text, tone: Tone::Plain })).ranked(1))
    }
}
