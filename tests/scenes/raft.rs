//! Five servers: the leader is dead, one is cut off, one campaigns with a log that is too short.

use halfopen::engine::time::{Span, Time};
use halfopen::labs::scene::{
    Cell, Cut, Entry, Fate, Flight, Lane, LogGrid, LogRow, Mark, Node, Nodes, Panel, Part, Picture, Presence,
    Scene, SpaceTime, Stretch, Tone, Trip, Window,
};

pub fn scene() -> Scene {
    Scene::new()
        .with(Panel::stage("servers", Picture::Nodes(nodes())))
        .with(
            Panel::stage("logs", Picture::LogGrid(logs())).titled("logs: a cell an entry, by term").ranked(1),
        )
        .with(Panel::strip("space-time", Picture::SpaceTime(space_time())))
}

fn node(n: u64, (letter, tone): (char, Tone), presence: Presence, cells: [Cell; 4]) -> Node {
    Node {
        part: Part::new(format!("server.{n}")).field("term", cells[1].text.as_str()),
        label: format!("S{n}"),
        letter,
        tone,
        presence,
        cells: cells.into(),
    }
}

fn nodes() -> Nodes {
    let row =
        |role: &str, term: &str, voted: &str, timer: Cell| [role.into(), term.into(), voted.into(), timer];
    let follower = ('F', Tone::Plain);
    Nodes {
        columns: ["role", "term", "voted", "timer 150-300 ms"].map(str::to_owned).into(),
        nodes: vec![
            node(1, ('L', Tone::Good), Presence::Dead, row("crashed", "3", "S1", Cell::default())),
            node(2, follower, Presence::Up, row("follower", "4", "refused", Cell::bar(0.5, ""))),
            node(3, ('C', Tone::Accent), Presence::Up, row("candidate", "4", "S3", "votes 1/3".into())),
            node(4, follower, Presence::Up, row("follower", "3", "S1", Cell::bar(0.2, ""))),
            node(5, follower, Presence::Cut, row("cut off", "3", "S1", Cell::bar(0.9, ""))),
        ],
        cuts: vec![Cut { from: "server.5".into(), to: "server.3".into(), one_way: false }],
        flights: vec![
            flight(1, "RequestVote t4", (3, 4), 0.5, Some(5), "S4 will grant"),
            flight(2, "VoteReply t4 no", (2, 3), 0.1, Some(9), "S2's log is longer"),
            flight(3, "RequestVote t4", (3, 5), 0.0, None, "partition"),
        ],
    }
}

fn flight(
    n: u64,
    label: &str,
    (from, to): (u64, u64),
    progress: f64,
    due: Option<u64>,
    note: &str,
) -> Flight {
    Flight {
        part: Part::new(format!("message.{n}")),
        label: label.to_owned(),
        from: format!("server.{from}").into(),
        to: format!("server.{to}").into(),
        progress,
        due: due.map(Span::from_millis),
        note: note.to_owned(),
        tone: Tone::Plain,
    }
}

fn logs() -> LogGrid {
    let commands = ["x=1", "y=2", "x=3", "y=4", "x=5"];
    let row = |n: u64, terms: &[u64], note: &str| LogRow {
        part: Part::new(format!("log.{n}")),
        label: format!("S{n}"),
        entries: terms
            .iter()
            .zip(commands)
            .map(|(term, command)| Entry { term: *term, command: command.to_owned(), tone: Tone::Plain })
            .collect(),
        commit: 4,
        note: note.to_owned(),
    };
    LogGrid {
        first_index: 1,
        rows: vec![
            row(1, &[1, 1, 2, 3, 3], ""),
            row(2, &[1, 1, 2, 3, 3], "longest alive"),
            row(3, &[1, 1, 2, 3], ""),
            row(4, &[1, 1, 2, 3], ""),
            row(5, &[1, 1, 2], "behind"),
        ],
        committed: 4,
    }
}

fn ms(at: u64) -> Time {
    Time::from_millis(at)
}

/// A stretch; one that ends with the present has not ended.
fn stretch(from: u64, to: u64, letter: char, tone: Tone) -> Stretch {
    let label = match letter {
        'L' => "leads",
        'C' => "campaigns",
        '|' => "cut off",
        _ => "follows",
    };
    let to = if to == 412 { Time::NEVER } else { ms(to) };
    Stretch { from: ms(from), to, letter, label: label.to_owned(), tone }
}

fn space_time() -> SpaceTime {
    let lane = |n: u64, stretches: Vec<Stretch>, marks: Vec<Mark>| Lane {
        part: Part::new(format!("server.{n}")),
        label: format!("S{n}"),
        stretches,
        marks,
    };
    let mark =
        |at: u64, letter: char, label: &str, tone| Mark { at: ms(at), letter, label: label.to_owned(), tone };
    let f = |from, to| stretch(from, to, 'F', Tone::Plain);
    SpaceTime {
        window: Window { from: ms(0), to: ms(500), now: ms(412) },
        nodes: vec![
            lane(1, vec![stretch(0, 150, 'L', Tone::Good)], vec![mark(150, 'x', "crashed", Tone::Bad)]),
            lane(2, vec![f(0, 412)], vec![mark(403, 'n', "refuses S3", Tone::Warn)]),
            lane(3, vec![f(0, 362), stretch(362, 412, 'C', Tone::Accent)], vec![]),
            lane(4, vec![f(0, 412)], vec![]),
            lane(5, vec![f(0, 212), stretch(212, 412, '|', Tone::Warn)], vec![]),
        ],
        trips: vec![
            trip(1, "heartbeat", (1, 2), 20, Fate::Arrived(ms(45))),
            trip(2, "heartbeat", (1, 3), 20, Fate::Arrived(ms(60))),
            trip(3, "heartbeat", (1, 2), 70, Fate::Arrived(ms(95))),
            trip(4, "heartbeat", (1, 2), 120, Fate::Arrived(ms(145))),
            trip(5, "RequestVote t4", (3, 2), 364, Fate::Arrived(ms(403))),
            trip(6, "RequestVote t4", (3, 4), 364, Fate::Due(ms(417))),
            trip(7, "RequestVote t4", (3, 5), 364, Fate::Lost(ms(420))),
        ],
    }
}

fn trip(n: u64, label: &str, (from, to): (u64, u64), sent: u64, fate: Fate) -> Trip {
    let tone = match fate {
        Fate::Arrived(_) => Tone::Idle,
        Fate::Due(_) => Tone::Accent,
        Fate::Lost(_) => Tone::Bad,
    };
    Trip {
        part: Part::new(format!("message.{n}")),
        label: label.to_owned(),
        from: format!("server.{from}").into(),
        to: format!("server.{to}").into(),
        sent: ms(sent),
        fate,
        tone,
    }
}
