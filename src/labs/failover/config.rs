//! The knobs of the lab `failover`, read once and not at every event.

use crate::engine::network::Weather;
use crate::engine::random::Stream;
use crate::engine::time::Span;
use crate::labs::knob::Knobs;
use crate::patterns::raft::{self, Between, Flaw, Manner, Reads, Server, Tick};

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub servers: u8,
    pub clients: u8,
    /// As every server has it, but for its own number and phase.
    raft: raft::Config,
    phases: Stream,
    /// Clocks tick, and a process that stands still counts no ticks.
    pub ticks: bool,
    pub fsync: Span,
    /// Timers wake their process up to so much late.
    pub timer_late: Span,
    /// A candidate asks for votes while its own is still being written.
    pub asks_meanwhile: bool,
    pub weather: Weather,
    pub think: Span,
    pub read_share: f64,
    pub timeout: Span,
    pub retries: bool,
    pub sessions: bool,
    /// Servers that do not lead pass requests on, instead of naming the leader.
    pub forward: bool,
    pub by_hand: bool,
    /// When the world itself crashes the leader, if ever; some moment within a heartbeat later.
    pub own_crash: Option<Span>,
    /// So many followers lack the last entries until then.
    pub behind: u8,
    /// An election is over when the others have heard of it, and not when it is won.
    pub heard: bool,
}

impl Config {
    pub fn read(knobs: &Knobs, phases: Stream) -> Self {
        let servers = u8::try_from(knobs.count("servers")).unwrap_or(u8::MAX).clamp(1, 15);
        let ticks = knobs.is("timing", "ticks");
        let (min, max) = (knobs.span("election_min"), knobs.span("election_max"));
        let heartbeat = knobs.span("heartbeat");
        let some = |name| Some(knobs.span(name)).filter(|span| *span > Span::ZERO);
        let election = Between { min, max: max.max(min) };
        let raft = raft::Config {
            election,
            heartbeat: Between {
                min: heartbeat,
                max: heartbeat.times(1.0 + knobs.number("heartbeat_spread")),
            },
            tick: ticks.then_some(Tick { every: heartbeat, phase: Span::ZERO }),
            manner: if ticks { Manner::Etcd } else { Manner::Paper },
            pre_vote: knobs.is_on("pre_vote"),
            check_quorum: some("check_quorum"),
            noop: knobs.is_on("noop"),
            reads: match knobs.word("reads") {
                "local" => Reads::Local,
                "lease" => Reads::Lease,
                "check-quorum" => Reads::CheckQuorum,
                _ => Reads::Index,
            },
            lease: min.times(0.9).saturating_sub(if ticks { heartbeat } else { Span::ZERO }),
            flaw: match knobs.word("flaw") {
                "vote-without-log-check" => Some(Flaw::VoteWithoutLogCheck),
                "commit-old-term-by-counting" => Some(Flaw::CommitOldTermByCounting),
                "forget-vote-on-restart" => Some(Flaw::ForgetVoteOnRestart),
                "no-randomisation" => Some(Flaw::NoRandomisation),
                _ => None,
            },
            ..raft::Config::paper(Server(0), servers, 150, 300)
        };
        Self {
            servers,
            clients: u8::try_from(knobs.count("clients")).unwrap_or(0),
            raft,
            phases,
            ticks,
            fsync: knobs.span("fsync"),
            timer_late: knobs.span("timer_late"),
            asks_meanwhile: knobs.is("candidates", "ask-meanwhile"),
            weather: Weather {
                latency: knobs.span("latency"),
                jitter: knobs.span("jitter"),
                loss: knobs.number("loss"),
                duplicates: knobs.number("duplicates"),
                ordered: !knobs.is_on("reorder"),
                by_hand: knobs.is("delivery", "by-hand"),
            },
            think: knobs.span("think"),
            read_share: knobs.number("read_share"),
            timeout: knobs.span("client_timeout"),
            retries: knobs.is_on("client_retries"),
            sessions: knobs.is_on("sessions"),
            forward: knobs.is("followers", "forward"),
            by_hand: knobs.is("delivery", "by-hand"),
            own_crash: some("crash_at"),
            behind: u8::try_from(knobs.count("behind")).unwrap_or(0),
            heard: knobs.is("election_ends", "heard"),
        }
    }

    /// The settings of server `id`.
    pub fn raft(&self, id: u8) -> raft::Config {
        let mut config = raft::Config { id: Server(id), ..self.raft };
        if let Some(tick) = &mut config.tick {
            tick.phase = self.phases.draw(id.into(), 0).between(Span::ZERO, tick.every);
        }
        config
    }

    /// How long a leader waits between heartbeats, at least.
    pub fn heartbeat(&self) -> Span {
        self.raft.heartbeat.min
    }

    /// Servers that must agree.
    pub fn majority(&self) -> usize {
        self.raft.majority()
    }
}
