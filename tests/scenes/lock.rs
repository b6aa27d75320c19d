//! A lock with three clients: A stops for four seconds, its lease runs out, and its late write is accepted.

use halfopen::engine::time::Time;
use halfopen::labs::scene::{
    Align, Cell, Column, Lane, Lanes, Mark, Panel, Part, Picture, Row, Scene, Sentence, Stretch, Strip,
    Table, Tone, Track, TrackRow, Window,
};

const NOW: Time = Time::from_millis(7_400);
const WINDOW: Window = Window { from: Time::ZERO, to: Time::from_millis(8_000), now: NOW };

pub fn scene() -> Scene {
    let words = "A checked the lock, stopped, then wrote: check and write are not one action.";
    Scene::new()
        .with(Panel::stage("lanes", Picture::Lanes(lanes())).titled("who thinks they hold it"))
        .with(
            Panel::stage("writes", Picture::Table(writes()))
                .titled("storage: writes and their tokens")
                .ranked(1),
        )
        .with(
            Panel::stage("why", Picture::Sentence(Sentence { text: words.to_owned(), tone: Tone::Accent }))
                .ranked(2),
        )
        .with(Panel::strip("belief", Picture::Strip(belief())))
}

fn stretch(from: u64, to: u64, letter: char, label: &str, tone: Tone) -> Stretch {
    let to = if to == 0 { Time::NEVER } else { Time::from_millis(to) };
    Stretch { from: Time::from_millis(from), to, letter, label: label.to_owned(), tone }
}

fn mark(at: u64, letter: char, label: &str, tone: Tone) -> Mark {
    Mark { at: Time::from_millis(at), letter, label: label.to_owned(), tone }
}

fn lane(label: &str, stretches: Vec<Stretch>, marks: Vec<Mark>) -> Lane {
    Lane { part: Part::new(label.replace(' ', ".")), label: label.to_owned(), stretches, marks }
}

fn lanes() -> Lanes {
    Lanes {
        window: WINDOW,
        lanes: vec![
            lane(
                "A",
                vec![
                    stretch(0, 2_800, '=', "work", Tone::Plain),
                    stretch(2_800, 6_800, 'z', "GC pause", Tone::Warn),
                ],
                vec![mark(6_800, '!', "writes 33", Tone::Bad)],
            ),
            lane("A thinks", vec![stretch(0, 0, '#', "I hold 33", Tone::Accent)], vec![]),
            lane(
                "lease A",
                vec![stretch(0, 5_000, '#', "token 33", Tone::Good)],
                vec![mark(5_000, 'e', "expired", Tone::Warn)],
            ),
            lane(
                "B",
                vec![
                    stretch(900, 5_100, '.', "waits", Tone::Idle),
                    stretch(5_100, 6_100, '=', "", Tone::Plain),
                ],
                vec![mark(6_100, 'w', "writes 34", Tone::Good)],
            ),
            lane("lease B", vec![stretch(5_100, 0, '#', "token 34", Tone::Good)], vec![]),
            lane("C", vec![stretch(3_000, 0, '.', "waits", Tone::Idle)], vec![]),
        ],
    }
}

fn writes() -> Table {
    let column = |heading: &str, align| Column { heading: heading.to_owned(), align };
    let row = |cells: [Cell; 5]| Row { part: Part::default(), cells: cells.into() };
    Table {
        columns: vec![
            column("t", Align::Right),
            column("client", Align::Left),
            column("token", Align::Right),
            column("last", Align::Right),
            column("answer", Align::Left),
        ],
        rows: vec![
            row(["6.1".into(), "B".into(), "34".into(), "33".into(), Cell::toned("ok", Tone::Good)]),
            row([
                "6.8".into(),
                "A".into(),
                "33".into(),
                "34".into(),
                Cell::toned("ACCEPTED, lost update", Tone::Bad),
            ]),
        ],
    }
}

fn belief() -> Strip {
    let states = |label: &str, stretches| TrackRow {
        part: Part::new(format!("belief.{label}")),
        label: label.to_owned(),
        track: Track::States(stretches),
    };
    Strip {
        window: WINDOW,
        rows: vec![
            states("believes A", vec![stretch(0, 0, '#', "holds", Tone::Accent)]),
            states("believes B", vec![stretch(5_100, 0, '#', "holds", Tone::Accent)]),
            states(
                "truth",
                vec![stretch(0, 5_000, 'A', "A", Tone::Plain), stretch(5_100, 0, 'B', "B", Tone::Plain)],
            ),
            states("overlap", vec![stretch(5_100, 0, '!', "two holders", Tone::Bad)]),
        ],
    }
}
