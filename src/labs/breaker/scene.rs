//! What the lab `breaker` shows: who calls whom through which breaker, the windows, the state machine, the pools.

use super::guard::Guard;
use super::parts::{is_probe, window_part};
use super::readings::state_word;
use super::{Request, Shop, Stage, caller_name};
use crate::engine::time::{Span, Time};
use crate::labs::fault::Verb;
use crate::labs::scene::{
    Arrow, Flow, Gate, Link, Links, Outcome, OutcomeLane, Outcomes, Panel, Part, PartId, Picture, Pool,
    Scene, Slot, Slots, State as Shown, StateMachine, Tally, Target, Tone, Unit, Value,
};
use crate::patterns::breaker::{Breaker, Counts, Reading, Recorded, State};

/// Callers that get a row; the others are counted.
const ROWS: usize = 6;

impl Shop {
    pub(super) fn picture(&self, now: Time) -> Scene {
        let links = Panel::stage("links", Picture::Links(self.links(now)));
        let threads = Panel::stage("threads", Picture::Slots(self.pools(now))).titled("threads");
        if self.guards.list.iter().all(|guard| matches!(guard.breaker, Breaker::None)) {
            return Scene::new().with(links).with(threads.ranked(1));
        }
        // With a breaker its window is the story; the threads are what it spares.
        let window =
            Panel::stage("window", Picture::Outcomes(self.windows(now))).titled("last results, newest right");
        let machine = Panel::stage("machine", Picture::StateMachine(self.machine(now)));
        Scene::new().with(links).with(window.ranked(1)).with(machine.ranked(3)).with(threads.ranked(2))
    }

    fn links(&self, now: Time) -> Links {
        let shown = self.callers.len().min(ROWS);
        let per_caller = self.config.rate * self.faults.factor(Verb::Burst) * self.config.payments_share
            / self.callers.len() as f64;
        let rows = (0..shown).map(|caller| self.link(caller, per_caller, now)).collect();
        let mut more: Vec<Tally> = Vec::new();
        for caller in shown..self.callers.len() {
            let (word, tone) = self.caller_word(caller);
            match more.iter_mut().find(|tally| tally.word == word) {
                Some(tally) => tally.count += 1,
                None => more.push(Tally { word: word.into(), count: 1, tone }),
            }
        }
        let mut targets = vec![self.payments_target()];
        targets.extend((0..self.payments.shards.len()).map(|shard| self.shard_target(shard)));
        Links { rows, targets, more }
    }

    fn caller_word(&self, caller: usize) -> (&'static str, Tone) {
        if self.callers[caller].down {
            return ("down", Tone::Bad);
        }
        match self.worst(&self.breakers_of(caller)) {
            "open" => ("open", Tone::Bad),
            "half-open" => ("half-open", Tone::Warn),
            "none" if self.callers[caller].full => ("full", Tone::Bad),
            "none" => ("working", Tone::Good),
            word => (word, Tone::Good),
        }
    }

    fn link(&self, caller: usize, rate: f64, now: Time) -> Link {
        let state = &self.callers[caller];
        let part = self.caller_part(caller);
        let (word, tone) = self.caller_word(caller);
        let reading = self.reading_of(caller, now);
        let gate = |reading: Reading| {
            let part = self.breaker_part(caller, &reading, now);
            Gate { part, state: word.to_uppercase(), note: gate_note(&reading, now), tone }
        };
        let gates = reading.map(gate).into_iter().collect();
        let flow = match word {
            "open" | "forced-open" | "full" => Flow::Blocked,
            "half-open" => Flow::Trickle,
            "down" => Flow::Idle,
            _ if self.any_fault() => Flow::Failing,
            _ => Flow::Passing,
        };
        let load = if self.config.closed_loop { Value::None } else { Value::Number(rate, Unit::PerSecond) };
        let from = if state.down { format!("{} DOWN", caller_name(caller)) } else { caller_name(caller) };
        Link { part, from, load, gates, flow, to: "payments".into() }
    }

    fn any_fault(&self) -> bool {
        self.faults.iter().any(|fault| {
            matches!(fault.verb, Verb::Hang | Verb::Error | Verb::Crash | Verb::Slow | Verb::Flap)
        })
    }

    fn payments_target(&self) -> Target {
        let (busy, total) =
            (self.payments.busy() as u64, (self.config.shard_workers * self.config.shards) as u64);
        Target {
            part: self.payments_part(),
            label: "payments".into(),
            state: String::new(),
            tone: Tone::Plain,
            pool: Some((busy, total)),
            note: String::new(),
        }
    }

    fn shard_target(&self, index: usize) -> Target {
        let (shard, number) = (&self.payments.shards[index], index as u32);
        let (state, tone) = if shard.down {
            ("DOWN", Tone::Bad)
        } else if self.is(Verb::Hang, number) {
            ("HANGS", Tone::Bad)
        } else if self.is(Verb::Error, number) || self.is(Verb::Flap, number) {
            ("ERRORS", Tone::Bad)
        } else if self.is(Verb::Slow, number) {
            ("SLOW", Tone::Warn)
        } else {
            ("ok", Tone::Good)
        };
        let stuck = shard.stuck.iter().filter(|key| self.payments.calls.contains_key(**key)).count();
        let note = match (stuck, shard.queue.len()) {
            (0, 0) => String::new(),
            (0, waiting) => format!("+{waiting} wait"),
            (stuck, _) => format!("{stuck} stuck"),
        };
        let part = self.shard_part(index, state);
        Target { part, label: format!("shard-{}", index + 1), state: state.into(), tone, pool: None, note }
    }

    fn pools(&self, now: Time) -> Slots {
        let full = self.gateway_busy >= self.config.gateway_threads;
        let mut pools = vec![Pool {
            part: self.gateway_part(),
            label: "gateway".into(),
            used: self.gateway_slots(now),
            total: self.config.gateway_threads as u64,
            waiting: 0,
            tone: if full { Tone::Bad } else { Tone::Plain },
            note: if full { "FULL".into() } else { String::new() },
        }];
        for (index, caller) in self.callers.iter().enumerate().take(ROWS) {
            let (tone, note) = match (caller.down, caller.busy >= self.config.order_threads) {
                (true, _) => (Tone::Bad, "DOWN"),
                (false, true) => (Tone::Bad, "FULL"),
                (false, false) => (Tone::Plain, ""),
            };
            pools.push(Pool {
                part: self.threads_part(index),
                label: caller_name(index),
                used: self.caller_slots(index, now),
                total: self.config.order_threads as u64,
                waiting: caller.queue.len() as u64,
                tone,
                note: note.into(),
            });
        }
        let legend = [
            ('w', "waits for payments"),
            ('p', "probes payments"),
            ('z', "sleeps before a retry"),
            ('#', "works"),
        ];
        Slots { pools, legend: legend.map(|(letter, word)| (letter, word.to_string())).into() }
    }

    /// The threads of a caller: those that wait for payments first, then those that sleep, then those that work.
    fn caller_slots(&self, caller: usize, now: Time) -> Vec<Slot> {
        let order = |stage: Stage| match stage {
            Stage::Blocked => 0,
            Stage::Sleeping => 1,
            Stage::Working => 2,
            Stage::Queued => 3,
        };
        let holds = |request: &&Request| request.caller as usize == caller && request.stage != Stage::Queued;
        let mut held: Vec<&Request> = self.requests.values().filter(holds).collect();
        held.sort_by_key(|request| (order(request.stage), request.came, request.number));
        let slot = |request: &Request| {
            let (letter, tone) = match request.stage {
                Stage::Blocked if is_probe(request) => ('p', Tone::Accent),
                Stage::Blocked => ('w', Tone::Warn),
                Stage::Sleeping => ('z', Tone::Idle),
                Stage::Working | Stage::Queued => ('#', Tone::Plain),
            };
            Slot { part: self.request_part("request", request, now), letter, tone }
        };
        held.into_iter().map(slot).collect()
    }

    /// The threads of the gateway, the oldest request first.
    fn gateway_slots(&self, now: Time) -> Vec<Slot> {
        let mut held: Vec<&Request> = self.requests.values().filter(|request| request.awaited).collect();
        held.sort_by_key(|request| (request.came, request.number));
        let slot = |request: &Request| Slot {
            part: self.request_part("gateway", request, now),
            letter: '#',
            tone: Tone::Plain,
        };
        held.into_iter().map(slot).collect()
    }

    fn windows(&self, now: Time) -> Outcomes {
        let lanes = (0..self.callers.len().min(ROWS)).filter_map(|caller| self.window(caller, now)).collect();
        Outcomes { lanes }
    }

    fn window(&self, caller: usize, now: Time) -> Option<OutcomeLane> {
        let reading = self.reading_of(caller, now)?;
        let number = *self.breakers_of(caller).first()?;
        let guard = self.guards.list.get(number)?;
        let (window, capacity) = match guard.breaker.count_window() {
            Some((window, size)) => (window.map(outcome).collect(), u64::from(size)),
            None => (timed_window(guard, &reading, now), 0),
        };
        // What came after the window: the refusals at the end of what is remembered.
        let refusals = guard.recent.iter().rev().take_while(|letter| **letter == '-').count();
        let after = vec![Outcome::Rejected; refusals];
        let tone = if reading.state == State::Open { Tone::Bad } else { Tone::Plain };
        let notes = window_notes(&reading);
        Some(OutcomeLane {
            part: window_part(caller, &reading, (&window, refusals)),
            label: caller_name(caller),
            window,
            capacity,
            after,
            notes,
            tone,
        })
    }

    fn machine(&self, now: Time) -> StateMachine {
        let id = |name: &str| PartId::from(format!("state.{name}"));
        let state = |name: &str, tone| Shown { part: Part::new(id(name)), name: name.to_uppercase(), tone };
        let arrow = |from: &str, to: &str, label: String| Arrow { from: id(from), to: id(to), label };
        let reading = self.reading_of(0, now);
        let current = reading.map_or(State::Closed, |reading| reading.state);
        let threshold = match reading.and_then(|reading| reading.failure_threshold) {
            Some(percent) => format!("failed >= {}", Unit::Share.text(f64::from(percent) / 100.0)),
            None => format!("{} failures in a row", reading.map_or(0, |reading| reading.minimum)),
        };
        let wait = Value::Span(self.config.open_for).to_string();
        let mut states = vec![state("closed", Tone::Good), state("open", Tone::Bad)];
        let mut arrows = vec![arrow("closed", "open", threshold)];
        if matches!(self.guards.list.first().map(|guard| &guard.breaker), Some(Breaker::Hystrix(_))) {
            arrows.push(arrow("open", "closed", format!("any success; one test per {wait}")));
        } else {
            states.push(state("half-open", Tone::Warn));
            arrows.push(arrow("open", "half-open", wait));
            arrows.push(arrow("half-open", "closed", "probes succeed".into()));
            arrows.push(arrow("half-open", "open", "probes fail".into()));
        }
        let remaining: Option<Span> = reading
            .filter(|reading| reading.state == State::Open)
            .and_then(|r| r.open_until)
            .map(|until| until.since(now));
        let current = id(state_word(current));
        for state in &mut states {
            state.part = self.state_part(state, &current, &arrows);
        }
        StateMachine { owner: caller_name(0), states, arrows, current, remaining }
    }
}

fn gate_note(reading: &Reading, now: Time) -> String {
    match (reading.state, reading.open_until) {
        (State::Open, Some(until)) => Value::Span(until.since(now)).to_string(),
        (State::HalfOpen, _) => {
            reading.permits_left.map(|left| format!("{left} probes left")).unwrap_or_default()
        }
        _ => match reading.failure_rate {
            Some(rate) => Unit::Share.text(f64::from(rate) / 100.0),
            None => format!("{}/{}", reading.counts.calls, reading.minimum),
        },
    }
}

fn outcome(result: Recorded) -> Outcome {
    match (result.failed, result.slow) {
        (true, _) => Outcome::Error,
        (false, true) => Outcome::Slow,
        (false, false) => Outcome::Ok,
    }
}

/// What a window of seconds holds. Resilience4j keeps counts of each second, not the order within it; of the others the
/// latest results are shown, as many as count.
fn timed_window(guard: &Guard, reading: &Reading, now: Time) -> Vec<Outcome> {
    if let Breaker::Resilience4j(breaker) = &guard.breaker
        && let Some(seconds) = breaker.time_window(now)
    {
        let of_second = |counts: Counts| {
            let slow = counts.slow.saturating_sub(counts.failed);
            let ok = counts.calls.saturating_sub(counts.failed + slow);
            let kinds = [(Outcome::Error, counts.failed), (Outcome::Slow, slow), (Outcome::Ok, ok)];
            kinds.into_iter().flat_map(|(kind, n)| std::iter::repeat_n(kind, n as usize))
        };
        return seconds.flat_map(|(_, counts)| of_second(counts)).collect();
    }
    let results = guard.recent.iter().filter(|letter| **letter != '-');
    let mut latest: Vec<Outcome> = results
        .rev()
        .take(reading.counts.calls as usize)
        .map(|letter| match letter {
            '.' => Outcome::Ok,
            't' => Outcome::Timeout,
            'i' => Outcome::Ignored,
            _ => Outcome::Error,
        })
        .collect();
    latest.reverse();
    latest
}

fn window_notes(reading: &Reading) -> Vec<String> {
    let mut notes = Vec::new();
    match reading.failure_rate {
        Some(rate) => notes.push(format!("fail {}", Unit::Share.text(f64::from(rate) / 100.0))),
        None => notes.push(format!("{} of {} needed", reading.counts.calls, reading.minimum)),
    }
    if let Some(rate) = reading.slow_rate.filter(|rate| *rate > 0.0) {
        notes.push(format!("slow {}", Unit::Share.text(f64::from(rate) / 100.0)));
    }
    notes
}
