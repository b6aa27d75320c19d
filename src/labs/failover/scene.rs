//! What the lab `failover` shows: the servers and what is on its way, their logs, how it came, and what follows.

use super::Failover;
use super::parts::role_word;
use crate::engine::network::Node;
use crate::engine::time::{Span, Time};
use crate::labs::scene::{
    self, Cell, Entry, LogGrid, LogRow, Nodes, Panel, Part, Picture, Scene, Sentence, Tone, Unit, Value,
};
use crate::patterns::raft::{Index, Payload, Raft, Role};

/// So many entries are shown of each log, the last ones.
const SHOWN: u64 = 9;

impl Failover {
    pub(super) fn picture(&self, now: Time) -> Scene {
        Scene::new()
            .with(Panel::stage("servers", Picture::Nodes(self.nodes(now))))
            .with(Panel::stage("sum", Picture::Sentence(self.sum(now))).ranked(1))
            .with(
                Panel::stage("logs", Picture::LogGrid(self.logs()))
                    .titled("logs: the term of each entry")
                    .ranked(2),
            )
            .with(Panel::strip("space-time", Picture::SpaceTime(self.space_time(now))).titled(format!(
                "last {}   L leads  F follows  C campaigns  x down",
                Value::Span(self.past())
            )))
    }

    fn nodes(&self, now: Time) -> Nodes {
        let servers = (0..self.config.servers).map(|node| self.server_row(node, now));
        let clients =
            (self.config.servers..self.cluster.network.nodes()).map(|node| self.client_row(node, now));
        Nodes {
            columns: ["", "term", "voted", "timer"].map(str::to_owned).into(),
            nodes: servers.chain(clients).collect(),
            cuts: self.cluster.cuts(),
            flights: self.cluster.flights(now, |_, flight| self.describe(flight)),
        }
    }

    fn server_row(&self, node: Node, now: Time) -> scene::Node {
        let raft = self.servers[usize::from(node)].raft.as_ref();
        let (letter, tone) = match raft.map(Raft::role) {
            Some(Role::Leader) => ('L', Tone::Good),
            Some(Role::Candidate) => ('C', Tone::Warn),
            Some(Role::PreCandidate) => ('P', Tone::Warn),
            _ => ('F', Tone::Plain),
        };
        let term = raft.map_or(self.servers[usize::from(node)].disk.term, Raft::term);
        let vote = raft.map_or(self.servers[usize::from(node)].disk.vote, Raft::vote);
        let voted = vote.map_or("-", |vote| self.cluster.name(vote.0));
        let role = Cell::toned(role_word(raft), if raft.is_some() { tone } else { Tone::Bad });
        scene::Node {
            part: self.server_part(node, now),
            label: self.cluster.name(node).into(),
            letter,
            tone,
            presence: self.cluster.presence(node),
            cells: vec![role, term.to_string().into(), voted.into(), self.timer_cell(node, now)],
        }
    }

    /// How far the election timer has run; of a candidate, its votes; of a leader, how many are with it.
    fn timer_cell(&self, node: Node, now: Time) -> Cell {
        let Some(raft) = &self.servers[usize::from(node)].raft else { return Cell::default() };
        match raft.role() {
            Role::Leader => Cell::default(),
            Role::Candidate | Role::PreCandidate => {
                Cell::new(format!("votes {}, needs {}", raft.granted().len(), self.config.majority()))
            }
            Role::Follower => {
                let Some((since, due)) = raft.election_timer() else { return Cell::default() };
                if self.config.by_hand {
                    return Cell::default();
                }
                let whole = due.since(since).nanos().max(1) as f64;
                let passed = self.cluster.clock(node, now).since(since).nanos() as f64;
                Cell::bar((passed / whole).min(1.0), Value::Span(self.left(node, due, now)).to_string())
            }
        }
    }

    fn client_row(&self, node: Node, now: Time) -> scene::Node {
        let client = &self.clients[usize::from(node - self.config.servers)];
        let (word, tone) = match client.waits {
            Some((want, since, _)) if now.since(since) > Span::from_millis(50) => {
                (format!("{} for {}", want.word(), Value::Span(now.since(since))), Tone::Warn)
            }
            Some((want, ..)) => (format!("waits: {}", want.word()), Tone::Plain),
            None => (String::new(), Tone::Plain),
        };
        scene::Node {
            part: self.client_part(node, now),
            label: self.cluster.name(node).into(),
            letter: 'c',
            tone,
            presence: self.cluster.presence(node),
            cells: vec!["client".into(), Cell::default(), Cell::default(), Cell::toned(word, tone)],
        }
    }

    fn logs(&self) -> LogGrid {
        let log = |node: Node| {
            let server = &self.servers[usize::from(node)];
            server.raft.as_ref().map_or(&server.disk.log, Raft::log)
        };
        let longest = (0..self.config.servers).map(|node| log(node).last().index).max().unwrap_or(0);
        let first = longest.saturating_sub(SHOWN) + 1;
        let row = |node: Node| {
            let entries = log(node).from(first).iter().zip(first..);
            let raft = self.servers[usize::from(node)].raft.as_ref();
            let commit = raft.map_or(0, Raft::commit);
            LogRow {
                part: Part::new(format!("log.{}", self.cluster.name(node)))
                    .field("log of", self.cluster.name(node))
                    .field("entries", log(node).last().index)
                    .field("committed, as it knows", commit)
                    .hit_at(self.cluster.name(node)),
                label: self.cluster.name(node).into(),
                entries: entries.map(|(entry, index)| self.entry(*entry, index)).collect(),
                commit,
                note: match log(node).last().index {
                    last if last < first => format!("ends at {last}"),
                    _ if raft.is_none() => "on disk".into(),
                    _ => String::new(),
                },
            }
        };
        LogGrid {
            first_index: first,
            rows: (0..self.config.servers).map(row).collect(),
            committed: self.observer.top(),
        }
    }

    fn entry(&self, entry: crate::patterns::raft::Entry, index: Index) -> Entry {
        let command = match entry.payload {
            Payload::Noop => "-".to_owned(),
            Payload::Register => "s".to_owned(),
            Payload::Command(_) => String::new(),
        };
        let tone = match self.observer.committed(index) {
            Some(other) if other == entry => Tone::Plain,
            Some(_) => Tone::Bad,
            None => Tone::Accent,
        };
        Entry { term: entry.term, command, tone }
    }

    /// Long enough to see an election in it.
    fn past(&self) -> Span {
        self.knobs.span("election_max").times(2.0).max(Span::from_millis(100))
    }

    /// The last moments.
    fn space_time(&self, now: Time) -> scene::SpaceTime {
        let quiet = |label: &str| matches!(label, "Heartbeat" | "ok" | "write" | "done" | "read");
        self.cluster.space_time(0..self.config.servers, self.past(), now, |kept| !quiet(kept.label))
    }

    /// Who leads, or how long nobody has, and what that hangs on.
    fn sum(&self, now: Time) -> Sentence {
        let seconds = |span: Span| Unit::Seconds.text(span.secs());
        let leading = self.servers.iter().filter(|server| server.leads()).count();
        let running = self.outage.began.filter(|_| self.outage.led.is_none());
        let (text, tone) = match (self.leader(), running) {
            (_, Some(began)) => {
                let so_far = match self.outage.detected {
                    None => "nobody has noticed yet".to_owned(),
                    Some(at) => {
                        format!("noticed after {}, {}", seconds(at.since(began)), self.campaign_words())
                    }
                };
                (format!("The leader was lost {} ago: {so_far}.", seconds(now.since(began))), Tone::Warn)
            }
            (Some(_), _) if leading > 1 => (
                format!("{leading} servers take themselves for the leader, each in a term of its own."),
                Tone::Warn,
            ),
            (Some(leader), _) => (self.leading_words(leader), Tone::Plain),
            (None, None) => ("Nobody leads.".into(), Tone::Warn),
        };
        Sentence { text, tone }
    }

    fn campaign_words(&self) -> String {
        let needs = self.config.majority();
        let best = (0..self.config.servers).filter(|node| self.cluster.acts(*node));
        let best = best
            .map(|node| (self.votes_within_reach(node), node))
            .max_by_key(|(votes, node)| (*votes, std::cmp::Reverse(*node)));
        match best {
            Some((votes, _)) if votes < needs as u64 => {
                format!("and nobody can get the {needs} votes of a majority")
            }
            _ => format!(
                "{} so far",
                if self.outage.rounds == 1 {
                    "1 campaign".into()
                } else {
                    format!("{} campaigns", self.outage.rounds)
                }
            ),
        }
    }

    fn leading_words(&self, leader: Node) -> String {
        let name = self.cluster.name(leader);
        let term = self.servers[usize::from(leader)].raft.as_ref().map_or(0, Raft::term);
        if self.outage.led.is_none() {
            return format!("{name} leads term {term}.");
        }
        let took = |end: Option<Time>| Unit::Seconds.text(self.outage.until(end));
        let led = self.outage.led.map(|(at, ..)| at);
        let written = match self.outage.written {
            Some(at) => format!(", written {}", took(Some(at))),
            None => String::new(),
        };
        format!(
            "{name} leads term {term}. Last failover: noticed {}, led {}{written}.",
            took(self.outage.detected),
            took(led)
        )
    }
}
