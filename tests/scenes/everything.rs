//! One panel of each primitive that the other scenes do not show, and numbers at their edges.

use halfopen::engine::time::Time;
use halfopen::labs::scene::{
    Axis, Bin, Cell, Curve, Histogram, Lanes, Matrix, MatrixRow, Panel, Part, Path, Pending, Picture, Point,
    Pool, Scene, Schedule, Slot, Slots, StateMachine, Strip, Tone, Track, TrackRow, Unit, Window,
};

pub fn scene() -> Scene {
    Scene::new()
        .with(Panel::stage("views", Picture::Matrix(matrix())).titled("rows believe, columns are instances"))
        .with(Panel::stage("pool", Picture::Slots(slots())).titled("shared pool").ranked(1))
        .with(Panel::stage("messages", Picture::Schedule(schedule())).titled("pending messages").ranked(2))
        .with(
            Panel::stage("runs", Picture::Histogram(histogram()))
                .titled("unavailable ms over 1000 seeds")
                .ranked(4),
        )
        .with(Panel::stage("map", Picture::Path(path())).titled("load x goodput").ranked(3))
        .with(Panel::stage("no machine", Picture::StateMachine(StateMachine::default())).ranked(9))
        .with(Panel::strip("no lanes", Picture::Lanes(Lanes::default())).ranked(9))
        .with(Panel::strip("edges", Picture::Strip(edges())))
}

fn matrix() -> Matrix {
    let row = |label: &str, cells: &str, note: &str| MatrixRow {
        part: Part::new(format!("view.{label}")),
        label: label.to_owned(),
        cells: cells
            .split(' ')
            .map(|word| match word.strip_suffix('!') {
                Some(word) => Cell::toned(format!("{word} !"), Tone::Bad),
                None => Cell::new(word),
            })
            .collect(),
        note: note.to_owned(),
    };
    Matrix {
        columns: (1..=8).map(|n| format!("i{n}")).collect(),
        rows: vec![
            row("TRUTH", "UP UP DEAD UP NEW UP SLOW UP", ""),
            row("registry", "UP UP UP! UP UP UP UP UP", "21 s old"),
            row("LB east", "UP UP UP! UP --! UP UP UP", "33 s old"),
            row("client 1", "UP UP UP! UP --! UP UP UP", "12 s old"),
        ],
    }
}

fn slots() -> Slots {
    let slot = |pool: &str, number: usize, letter: char| Slot {
        part: Part::new(format!("{pool}.{number}")),
        letter,
        tone: if letter == 'R' { Tone::Bad } else { Tone::Good },
    };
    let pool = |label: &str, used: String, total, waiting, note: &str| Pool {
        part: Part::new(format!("pool.{label}")),
        label: label.to_owned(),
        used: used.chars().enumerate().map(|(number, letter)| slot(label, number, letter)).collect(),
        total,
        waiting,
        tone: if waiting > 0 { Tone::Bad } else { Tone::Plain },
        note: note.to_owned(),
    };
    Slots {
        pools: vec![
            pool("threads", "R".repeat(36) + "PPC", 40, 212, "oldest 3.1 s"),
            pool("database", "P".repeat(3), 10, 0, ""),
            pool("sockets", "C".repeat(700), 1000, 0, ""),
        ],
        legend: vec![('R', "recs".to_owned()), ('P', "profile".to_owned()), ('C', "cart".to_owned())],
    }
}

fn schedule() -> Schedule {
    let message = |number: u64, label: &str, from: &str, to: &str, effect: &str, tone| Pending {
        part: Part::new(format!("message.{number}")),
        number,
        label: label.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        effect: effect.to_owned(),
        tone,
    };
    Schedule {
        pending: vec![
            message(15, "accept(7, red)", "P1", "A", "would be refused: 7 < 9", Tone::Bad),
            message(17, "promise(9, none)", "A", "P2", "gives P2 its majority (A, B)", Tone::Good),
            message(18, "nack(9)", "A", "P1", "P1 will retry with ballot 10", Tone::Plain),
        ],
    }
}

fn histogram() -> Histogram {
    let bin = |label: &str, count: u64, note: &str, tone| Bin {
        part: Part::new(format!("bin.{label}")),
        label: label.to_owned(),
        count,
        tone,
        note: note.to_owned(),
    };
    Histogram {
        counted: "runs".to_owned(),
        bins: vec![
            bin("100-150", 85, "", Tone::Plain),
            bin("150-200", 481, "median 196", Tone::Accent),
            bin("200-250", 292, "", Tone::Plain),
            bin("250-300", 101, "", Tone::Plain),
            bin("300-400", 38, "", Tone::Plain),
            bin("400+", 3, "split votes", Tone::Warn),
        ],
    }
}

fn path() -> Path {
    let axis = |label: &str, max: f64| Axis { label: label.to_owned(), unit: Unit::PerSecond, min: 0.0, max };
    let curve = |letter, label: &str, tone, points: &[(f64, f64)]| Curve {
        part: Part::new(format!("curve.{label}")),
        label: label.to_owned(),
        letter,
        tone,
        points: points.to_vec(),
    };
    let point = |letter, label: &str, at, tone| Point {
        part: Part::new(format!("point.{letter}")),
        letter,
        label: label.to_owned(),
        at,
        tone,
    };
    Path {
        x: axis("offered", 300.0),
        y: axis("goodput", 100.0),
        curves: vec![
            curve('.', "on the way up", Tone::Idle, &[(0.0, 0.0), (100.0, 100.0), (110.0, 60.0)]),
            curve('*', "after the trigger", Tone::Warn, &[(110.0, 60.0), (280.0, 2.0)]),
        ],
        points: vec![
            point('A', "stuck here", (280.0, 2.0), Tone::Bad),
            point('B', "no retries", (70.0, 70.0), Tone::Good),
        ],
    }
}

/// Nothing, zero, not a number, and far too much.
fn edges() -> Strip {
    let bars = |label: &str, samples: &[Option<f64>]| TrackRow::bars(label, Unit::None, samples.to_vec());
    Strip {
        window: Window::until(Time::ZERO, Time::from_secs(3)),
        rows: vec![
            bars("nothing", &[]),
            bars("zero", &[Some(0.0), Some(0.0)]),
            bars("odd", &[Some(1.0), None, Some(f64::NAN), Some(-3.0), Some(1e300), Some(2.0)]),
            TrackRow { part: Part::default(), label: "marks".to_owned(), track: Track::Marks(Vec::new()) },
        ],
    }
}
