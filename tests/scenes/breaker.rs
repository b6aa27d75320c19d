//! A circuit breaker a caller, three callers, one dependency: A has just opened.

use halfopen::engine::time::{Span, Time};
use halfopen::labs::scene::{
    Arrow, Flow, Gate, Gauge, Link, Links, Mark, Meter, Outcome, OutcomeLane, Outcomes, Panel, Part, Picture,
    Scene, State, StateMachine, Stretch, Strip, Target, Threshold, Tone, Track, TrackRow, Unit, Value,
    Window,
};

const NOW: Time = Time::from_millis(18_400);

pub fn scene() -> Scene {
    Scene::new()
        .with(Panel::stage("calls", Picture::Links(links())))
        .with(
            Panel::stage("outcomes", Picture::Outcomes(outcomes()))
                .titled("last 20 calls, newest right")
                .ranked(1),
        )
        .with(Panel::stage("rates", Picture::Meter(meter())).titled("A's window").ranked(3))
        .with(
            Panel::stage("machine", Picture::StateMachine(machine())).titled("state machine of A").ranked(2),
        )
        .with(Panel::strip("series", Picture::Strip(strip())))
}

fn caller(name: &str, load: f64, gate: (&str, &str, Tone), flow: Flow) -> Link {
    let (state, note, tone) = gate;
    Link {
        part: Part::new(format!("caller.{name}"))
            .field("breaker", state)
            .field("load", Value::Number(load, Unit::PerSecond)),
        from: format!("caller {name}"),
        load: Value::Number(load, Unit::PerSecond),
        gates: vec![Gate {
            part: Part::new(format!("breaker.{name}")),
            state: state.to_owned(),
            note: note.to_owned(),
            tone,
        }],
        flow,
        to: String::new(),
    }
}

fn links() -> Links {
    let payments = Target {
        part: Part::new("payments").field("pool", "8/10"),
        label: "payments".to_owned(),
        pool: Some((8, 10)),
        tone: Tone::Warn,
        ..Target::default()
    };
    Links {
        rows: vec![
            caller("A", 30.0, ("OPEN", "3.1 s", Tone::Bad), Flow::Blocked),
            caller("B", 30.0, ("CLOSED", "20 %", Tone::Good), Flow::Passing),
            caller("C", 1.0, ("HALF-OPEN", "2/5", Tone::Warn), Flow::Trickle),
        ],
        targets: vec![payments],
        more: Vec::new(),
    }
}

/// Many callers, two in three of them open, with five shards behind.
pub fn crowd(count: u64) -> Scene {
    let row = |n: u64| {
        let open = !n.is_multiple_of(3);
        let gate = if open { ("OPEN", "3.1 s", Tone::Bad) } else { ("CLOSED", "20 %", Tone::Good) };
        caller(&n.to_string(), 30.0, gate, if open { Flow::Blocked } else { Flow::Passing })
    };
    let shard = |n: u64| Target {
        part: Part::new(format!("shard.{n}")),
        label: format!("shard {n}"),
        state: if n == 3 { "DOWN" } else { "ok" }.to_owned(),
        tone: if n == 3 { Tone::Bad } else { Tone::Good },
        pool: None,
        note: if n == 3 { "1.0 s".to_owned() } else { format!("{} ms", 38 + n) },
    };
    let links = Links {
        rows: (1..=count).map(row).collect(),
        targets: (1..=5).map(shard).collect(),
        more: Vec::new(),
    };
    Scene::new().with(Panel::stage("calls", Picture::Links(links)))
}

fn outcome(letter: char) -> Outcome {
    Outcome::ALL.into_iter().find(|outcome| outcome.letter() == letter).unwrap_or(Outcome::Pending)
}

fn lane(name: &str, (window, after): (&str, &str), notes: &[&str], tone: Tone) -> OutcomeLane {
    OutcomeLane {
        part: Part::new(format!("window.{name}")),
        label: name.to_owned(),
        window: window.chars().map(outcome).collect(),
        capacity: 20,
        after: after.chars().map(outcome).collect(),
        notes: notes.iter().map(ToString::to_string).collect(),
        tone,
    }
}

fn outcomes() -> Outcomes {
    Outcomes {
        lanes: vec![
            lane("A", ("..x.xx.s.xxx.x.xx.xx", "-----"), &["fail 55 %", "TRIPPED", "n 20/20"], Tone::Bad),
            lane("B", ("..x.......x...xx....", ""), &["fail 20 %", "below 50 %", "n 20/20"], Tone::Plain),
            lane("C", (".x", ""), &["fail 50 %", "CANNOT TRIP", "n 2/20"], Tone::Warn),
        ],
    }
}

fn meter() -> Meter {
    let trips = |at: f64, label: &str| Some(Threshold { at, label: label.to_owned() });
    let gauge = |label: &str, value: f64, threshold, tone| Gauge {
        part: Part::new(format!("rate.{label}")),
        label: label.to_owned(),
        value,
        max: 1.0,
        unit: Unit::Share,
        threshold,
        tone,
        note: String::new(),
    };
    Meter {
        gauges: vec![
            gauge("fail", 0.55, trips(0.5, "trips at 50 %"), Tone::Bad),
            gauge("slow", 0.05, trips(0.8, "trips at 80 %"), Tone::Plain),
        ],
    }
}

fn machine() -> StateMachine {
    let state = |id: &str, name: &str, tone| State { part: Part::new(id), name: name.to_owned(), tone };
    let arrow = |from: &str, to: &str, label: &str| Arrow {
        from: from.into(),
        to: to.into(),
        label: label.to_owned(),
    };
    StateMachine {
        owner: "A".to_owned(),
        states: vec![
            state("A.closed", "CLOSED", Tone::Good),
            state("A.open", "OPEN", Tone::Bad),
            state("A.half-open", "HALF-OPEN", Tone::Warn),
        ],
        arrows: vec![
            arrow("A.closed", "A.open", "55% >= 50%"),
            arrow("A.open", "A.half-open", "5.0 s"),
            arrow("A.half-open", "A.closed", "5 of 5 probes ok"),
            arrow("A.half-open", "A.open", "probes fail"),
        ],
        current: "A.open".into(),
        remaining: Some(Span::from_millis(3_100)),
    }
}

/// A series of 92 samples, on a scale to 60.
fn series(label: &str, sample: fn(u32) -> f64, tone: Tone) -> TrackRow {
    let samples: Vec<Option<f64>> = (0..92).map(|n| Some(sample(n))).collect();
    let mut row = TrackRow::bars(label, Unit::PerSecond, samples);
    row.part = Part::new(format!("series.{label}"));
    if let Track::Bars { tone: old, max, .. } = &mut row.track {
        (*old, *max) = (tone, 60.0);
    }
    row
}

fn letters(from: u64, to: Time, letter: char, label: &str, tone: Tone) -> Stretch {
    Stretch { from: Time::from_millis(from), to, letter, label: label.to_owned(), tone }
}

fn mark(at: u64, letter: char, label: &str, tone: Tone) -> Mark {
    Mark { at: Time::from_millis(at), letter, label: label.to_owned(), tone }
}

fn strip() -> Strip {
    let ok = |n: u32| match n {
        0..45 => 58.0,
        45..70 => 58.0 - f64::from(n - 45) * 1.4,
        _ => 24.0,
    };
    let slow = |n: u32| match n {
        0..45 => 0.0,
        45..70 => f64::from(n - 44) * 1.2,
        _ => 6.0,
    };
    let fast = |n: u32| if n < 70 { 0.0 } else { 30.0 };
    let opens = Time::from_millis(14_100);
    let states = vec![
        letters(0, opens, 'C', "CLOSED", Tone::Plain),
        letters(14_100, Time::NEVER, 'O', "OPEN", Tone::Bad),
    ];
    let marks = vec![mark(9_000, '3', "shard 3 down", Tone::Accent), mark(14_100, 'O', "A opens", Tone::Bad)];
    let row = |id: &str, label: &str, track| TrackRow { part: Part::new(id), label: label.to_owned(), track };
    Strip {
        window: Window::until(Time::ZERO, NOW),
        rows: vec![
            series("ok/s", ok, Tone::Good),
            series("slow-err/s", slow, Tone::Warn),
            series("fast-err/s", fast, Tone::Idle),
            row("series.A", "state A", Track::States(states)),
            row("series.events", "events", Track::Marks(marks)),
        ],
    }
}
