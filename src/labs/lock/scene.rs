//! What the lab `lock` shows: belief and truth on one time axis, the parts and what is on its way, all designs in a table.

use std::collections::VecDeque;

use super::Locks;
use super::history::{Stance, Verdict};
use super::parts::{stage_word, stance_word};
use super::side::Side;
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::labs::scene::{
    self, Align, Cell, Column, Lane, Lanes, Mark, Nodes, Panel, Part, Picture, Row, Scene, Sentence, Stretch,
    Strip, Table, Tone, Track, TrackRow, Value, Window,
};

/// How much of the past the lanes show.
const PAST: Span = Span::from_secs(20);
/// Rows of clients in the lanes.
const ROWS: u8 = 6;

impl Locks {
    pub(super) fn picture(&self, now: Time) -> Scene {
        if self.is_several() {
            return Scene::new()
                .with(Panel::stage("designs", Picture::Table(self.designs(now))).titled("the same schedule"))
                .with(Panel::stage("sum", Picture::Sentence(self.sum_of_all(now))).ranked(1))
                .with(
                    Panel::strip("truth", Picture::Strip(self.over_time(now)))
                        .titled("whose lock it is by the servers   ! two believe"),
                );
        }
        let side = &self.sides[0];
        Scene::new()
            .with(Panel::stage("lanes", Picture::Lanes(self.lanes(side, now))))
            .with(Panel::stage("sum", Picture::Sentence(self.sum(now))).ranked(1))
            .with(Panel::stage("nodes", Picture::Nodes(self.cluster_nodes(now))).ranked(2))
    }

    fn lanes(&self, side: &Side, now: Time) -> Lanes {
        let from = Time::ZERO + now.since(Time::ZERO).saturating_sub(PAST);
        let shown = side.store_node().min(ROWS);
        let mut lanes: Vec<Lane> = (0..shown).map(|node| self.client_lane(side, node, now, from)).collect();
        let truth = Part::new("truth")
            .field("whose lock it is", side.truth(now).map_or("nobody's", |node| side.cluster.name(node)))
            .field("its lease lasts", side.lease_left(now).map_or(Value::None, Value::Span))
            .field("believe to hold it", side.seen.believers)
            .field("several believed for", side.overlap(now))
            .hit_at("lock");
        let mut owners = truth_stretches(side, from);
        owners.extend(overlap_stretches(side, from));
        lanes.push(Lane { part: truth, label: "lock".into(), stretches: owners, marks: ends(side, from) });
        lanes.push(Lane {
            part: self.store_part(0),
            label: "store".into(),
            stretches: Vec::new(),
            marks: store_marks(side, from),
        });
        Lanes { window: Window::until(from, now), lanes }
    }

    /// What a client believes, with its writes.
    fn client_lane(&self, side: &Side, node: Node, now: Time, from: Time) -> Lane {
        let token = |at: Time| {
            // The token of the stretch that is under way; earlier ones stand at their writes.
            let client = side.client(node).filter(|client| client.since == at);
            client.and_then(|client| client.token)
        };
        let history = &side.history.clients[usize::from(node)];
        let stretches = stretches(history, from, |at, stance| {
            let (letter, tone) = match stance {
                Stance::Out => return None,
                Stance::Waits => ('.', Tone::Idle),
                Stance::Holds => ('#', Tone::Good),
                Stance::Wrong => ('!', Tone::Bad),
                Stance::Doubts => ('?', Tone::Warn),
                Stance::Still(_) => ('z', Tone::Warn),
                Stance::Down => ('x', Tone::Bad),
            };
            let label = match (stance, token(at)) {
                (Stance::Holds, Some(token)) => format!("holds {}", token.0),
                (Stance::Holds, None) => "holds".into(),
                (Stance::Waits, _) => "waits".into(),
                (Stance::Still(true), _) => "stands still, holds".into(),
                _ => stance_word(stance).into(),
            };
            Some((letter, label, tone))
        });
        let writes = side.history.writes.iter().filter(|write| write.by == node && write.at >= from);
        let marks = writes
            .map(|write| {
                let token = write.token.map_or_else(String::new, |token| token.0.to_string());
                Mark {
                    at: write.at,
                    letter: 'w',
                    label: format!("w{token}"),
                    tone: verdict_tone(write.verdict),
                }
            })
            .collect();
        Lane { part: self.client_part(0, node, now), label: side.cluster.name(node).into(), stretches, marks }
    }

    /// Whose lock it is under each design, with `!` where several believe.
    fn over_time(&self, now: Time) -> Strip {
        let from = Time::ZERO + now.since(Time::ZERO).saturating_sub(PAST);
        let row = |side: &Side| {
            let mut stretches = truth_stretches(side, from);
            // Drawn over it: who is right no longer matters once two believe.
            stretches.extend(overlap_stretches(side, from));
            TrackRow {
                part: Self::design_part(side, now, "time"),
                label: side.design.word().into(),
                track: Track::States(stretches),
            }
        };
        Strip { window: Window::until(from, now), rows: self.sides.iter().map(row).collect() }
    }

    fn design_part(side: &Side, now: Time, prefix: &str) -> Part {
        let word = side.design.word();
        let id = if prefix.is_empty() { side.design.part() } else { format!("{prefix}.{word}") };
        let mut part = Part::new(id)
            .field("design", word)
            .field("believes to hold it", side.holder_word())
            .field("whose it is", side.truth(now).map_or("nobody's", |node| side.cluster.name(node)))
            .field("highest token", side.granted.map_or(Value::None, |token| Value::Count(token.0)))
            .field("several believed for", side.overlap(now))
            .field("updates lost", side.counts.lost_updates)
            .field("writes rejected", side.counts.rejected)
            .field("longest outage", side.outage(now))
            .field("acquired", side.counts.acquired)
            .field("messages", side.counts.messages);
        for node in 0..side.store_node() {
            part = part.field(side.cluster.name(node), stance_word(side.stance(node, side.seen.truth)));
        }
        part
    }

    /// A row for each design.
    fn designs(&self, now: Time) -> Table {
        let heading = |heading: &str, align| Column { heading: heading.into(), align };
        let row = |side: &Side| {
            let overlap = side.overlap(now);
            let seconds =
                |span: Span| if span == Span::ZERO { "-".to_owned() } else { Value::Span(span).to_string() };
            let lost = side.counts.lost_updates;
            let holder = match side.seen.believers {
                0 => "-".to_owned(),
                1 => side.holder_word().to_owned(),
                n => format!("{n} !"),
            };
            Row {
                part: Self::design_part(side, now, ""),
                cells: vec![
                    side.design.word().into(),
                    Cell::toned(holder, if side.seen.believers > 1 { Tone::Bad } else { Tone::Plain }),
                    side.truth(now).map_or("-", |node| side.cluster.name(node)).into(),
                    Cell::toned(lost.to_string(), if lost > 0 { Tone::Bad } else { Tone::Plain }),
                    Cell::toned(
                        seconds(overlap),
                        if overlap > Span::ZERO { Tone::Warn } else { Tone::Plain },
                    ),
                    seconds(side.outage(now)).into(),
                    side.counts.rejected.to_string().into(),
                    side.counts.messages.to_string().into(),
                    side.granted.map_or_else(|| "none".to_owned(), |token| token.0.to_string()).into(),
                ],
            }
        };
        Table {
            columns: vec![
                heading("", Align::Left),
                heading("holds", Align::Left),
                heading("lock", Align::Left),
                heading("lost", Align::Right),
                heading("overlap", Align::Right),
                heading("outage", Align::Right),
                heading("rej", Align::Right),
                heading("msgs", Align::Right),
                heading("token", Align::Right),
            ],
            rows: self.sides.iter().map(row).collect(),
        }
    }

    fn cluster_nodes(&self, now: Time) -> Nodes {
        let side = &self.sides[0];
        let node = |node: Node| {
            let (part, letter, does, lock) = if let Some(client) = side.client(node) {
                let does = if side.is_starved(node) { "starved" } else { stage_word(client.stage) };
                let until = client.agent.until().map(|until| until.since(side.cluster.clock(node, now)));
                let lock = until.map_or_else(String::new, |left| format!("for {}", Value::Span(left)));
                (self.client_part(0, node, now), 'c', does.to_owned(), lock)
            } else if node == side.store_node() {
                let token = side.store.highest().map_or_else(|| "-".into(), |token| token.0.to_string());
                let checks = side.store.fencing() == crate::patterns::lock::storage::Fencing::Checked;
                let checks = if checks { "checked" } else { "not checked" };
                (
                    self.store_part(0),
                    's',
                    format!("value {}", side.store.read().0),
                    format!("token {token}, {checks}"),
                )
            } else {
                (self.server_part(0, node, now), 'L', "lock".into(), side.server_words(node, now))
            };
            scene::Node {
                part,
                label: side.cluster.name(node).into(),
                letter,
                tone: Tone::Plain,
                presence: side.cluster.presence(node),
                cells: vec![does.into(), lock.into()],
            }
        };
        let servers = side.servers().chain([side.store_node()]);
        let clients = 0..side.store_node().min(ROWS);
        Nodes {
            columns: ["", ""].map(str::to_owned).into(),
            nodes: servers.chain(clients).map(node).collect(),
            cuts: side.cluster.cuts(),
            flights: side.cluster.flights(now, |_, flight| self.describe(0, flight)),
        }
    }

    /// What stands, in a sentence.
    fn sum(&self, now: Time) -> Sentence {
        let side = &self.sides[0];
        let name = |node: Node| side.cluster.name(node);
        let believers: Vec<Node> = (0..side.store_node()).filter(|node| side.believes(*node)).collect();
        let truth = side.truth(now);
        let lease = match side.lease_left(now) {
            Some(left) => format!(" for {}", Value::Span(left)),
            None => " without end".to_owned(),
        };
        let (text, tone) = match (&believers[..], truth) {
            ([a, b, ..], _) => {
                let whose = truth.map_or_else(|| "nobody's".to_owned(), |node| format!("{}'s", name(node)));
                (
                    format!(
                        "{} and {} both believe they hold the lock; by the server it is {whose}.",
                        name(*a),
                        name(*b)
                    ),
                    Tone::Bad,
                )
            }
            ([a], Some(owner)) if *a == owner => {
                (format!("{} holds the lock{lease}.", name(*a)), Tone::Plain)
            }
            ([a], Some(owner)) => (
                format!("{} believes it holds the lock; by the server it is {}'s.", name(*a), name(owner)),
                Tone::Bad,
            ),
            ([a], None) => {
                (format!("{} believes it holds the lock; the server has ended it.", name(*a)), Tone::Warn)
            }
            ([], Some(owner)) if !side.cluster.host(owner).up => {
                (format!("{} is gone, and its lock stays{lease}.", name(owner)), Tone::Warn)
            }
            ([], Some(owner)) => {
                (format!("The lock is {}'s{lease}; it is on its way in or out.", name(owner)), Tone::Plain)
            }
            ([], None) => ("The lock is free.".to_owned(), Tone::Plain),
        };
        let dry = side.seen.dry.map(|since| now.since(since)).filter(|span| *span >= Span::from_secs(1));
        let waits = (0..side.store_node()).filter(|node| side.waits(*node)).count();
        let outage = dry.map_or_else(String::new, |span| {
            format!(" {waits} wait, and nobody who runs has had it for {}.", Value::Span(span))
        });
        let counts = side.counts;
        let mut sums = Vec::new();
        if counts.lost_updates > 0 {
            sums.push(format!("{} updates lost", counts.lost_updates));
        }
        if counts.rejected > 0 {
            sums.push(format!("{} writes rejected", counts.rejected));
        }
        let sums = if sums.is_empty() { String::new() } else { format!(" So far {}.", sums.join(", ")) };
        Sentence { text: format!("{text}{outage}{sums}"), tone }
    }

    fn sum_of_all(&self, now: Time) -> Sentence {
        let names = |which: &dyn Fn(&Side) -> bool| {
            let names: Vec<&str> =
                self.sides.iter().filter(|side| which(side)).map(|side| side.design.word()).collect();
            names.join(", ")
        };
        let two = names(&|side| side.seen.believers > 1);
        let dry = names(&|side| side.seen.dry.is_some_and(|since| now.since(since) >= Span::from_secs(1)));
        let lost = names(&|side| side.counts.lost_updates > 0);
        let mut text = Vec::new();
        if !two.is_empty() {
            text.push(format!("Two believe they hold it: {two}."));
        }
        if !dry.is_empty() {
            text.push(format!("Waiting for a lock that nobody uses: {dry}."));
        }
        text.push(if lost.is_empty() {
            "No update is lost so far.".into()
        } else {
            format!("Updates lost: {lost}.")
        });
        let tone = if !two.is_empty() {
            Tone::Bad
        } else if !dry.is_empty() {
            Tone::Warn
        } else {
            Tone::Plain
        };
        Sentence { text: text.join(" "), tone }
    }
}

fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Taken => Tone::Plain,
        Verdict::Lost(_) => Tone::Bad,
        Verdict::Refused => Tone::Good,
    }
}

/// The stretches of a row of the history that reach into the window, as `look` shows them.
fn stretches<T: Copy>(
    row: &VecDeque<(Time, T)>,
    from: Time,
    look: impl Fn(Time, T) -> Option<(char, String, Tone)>,
) -> Vec<Stretch> {
    let ends = row.iter().skip(1).map(|(since, _)| *since).chain([Time::NEVER]);
    let shown = row.iter().zip(ends).filter(|(_, to)| *to > from);
    let stretch = |((since, what), to): (&(Time, T), Time)| {
        let (letter, label, tone) = look(*since, *what)?;
        Some(Stretch { from: *since, to, letter, label, tone })
    };
    shown.filter_map(stretch).collect()
}

/// Whose lock it was.
fn truth_stretches(side: &Side, from: Time) -> Vec<Stretch> {
    stretches(&side.history.truth, from, |_, owner| {
        let name = side.cluster.name(owner?);
        Some((name.chars().next().unwrap_or('?'), String::new(), Tone::Plain))
    })
}

fn overlap_stretches(side: &Side, from: Time) -> Vec<Stretch> {
    stretches(&side.history.overlap, from, |_, several| {
        several.then(|| ('!', "two believe".to_owned(), Tone::Bad))
    })
}

/// Where a lock ended at the server while its holder still believed.
fn ends(side: &Side, from: Time) -> Vec<Mark> {
    let mut marks = Vec::new();
    let changes = side.history.truth.iter().zip(side.history.truth.iter().skip(1));
    for ((_, owner), (at, next)) in changes.filter(|(_, (at, _))| *at >= from) {
        let Some(owner) = owner.filter(|owner| Some(*owner) != *next) else { continue };
        let stances = &side.history.clients[usize::from(owner)];
        let stance = stances.iter().rev().find(|(since, _)| since <= at).map(|(_, stance)| *stance);
        if matches!(
            stance,
            Some(Stance::Wrong | Stance::Holds | Stance::Doubts | Stance::Still(true) | Stance::Down)
        ) {
            marks.push(Mark { at: *at, letter: 'e', label: "ends".into(), tone: Tone::Warn });
        }
    }
    marks
}

/// What the store said.
fn store_marks(side: &Side, from: Time) -> Vec<Mark> {
    let writes = side.history.writes.iter().filter(|write| write.at >= from);
    let mark = |write: &super::history::Written| {
        let token = write.token.map_or_else(String::new, |token| format!(" {}", token.0));
        let by = side.cluster.name(write.by);
        let (letter, label) = match write.verdict {
            Verdict::Taken => ('w', format!("{by}{token}")),
            Verdict::Lost(_) => ('!', format!("!{by}{token} LOST UPDATE")),
            Verdict::Refused => ('-', format!("-{by}{token} rejected")),
        };
        Mark { at: write.at, letter, label, tone: verdict_tone(write.verdict) }
    };
    writes.map(mark).collect()
}
