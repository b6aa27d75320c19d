//! What a server is told about itself and its cluster, and the settings of the paper and of real systems.

use super::message::Server;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};

/// Spans from `min` up to but not including `max`; exactly `min` if that leaves nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Between {
    /// The shortest.
    pub min: Span,
    /// None is as long as this.
    pub max: Span,
}

impl Between {
    /// Always the same.
    pub const fn exactly(span: Span) -> Self {
        Self { min: span, max: span }
    }

    /// From `min` to `max` milliseconds.
    pub const fn millis(min: u64, max: u64) -> Self {
        Self { min: Span::from_millis(min), max: Span::from_millis(max) }
    }
}

/// A clock that only ticks: whatever is timed takes a whole number of its ticks, and is over at one of them.
///
/// Two servers with the same settings tick at different moments. So a timeout of 10 ticks takes anything from 9 to 10
/// times `every`, counted from the message that began it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Tick {
    /// From tick to tick. Zero is taken for one nanosecond.
    pub every: Span,
    /// When the first one is, on the clock of this server. Less than `every`.
    pub phase: Span,
}

impl Tick {
    /// How many ticks have been up to and at `now`.
    fn count(self, now: Time) -> u64 {
        let since = now.since(Time::ZERO + self.phase).nanos();
        if now < Time::ZERO + self.phase { 0 } else { since / self.every.nanos().max(1) + 1 }
    }

    /// How many whole ticks fit in `span`; at least one, as nothing is timed by none.
    fn within(self, span: Span) -> u64 {
        (span.nanos() / self.every.nanos().max(1)).max(1)
    }

    /// The moment of the tick that comes `length` after `since`.
    fn due(self, since: Time, length: Span) -> Time {
        let nth = self.count(since).saturating_add(self.within(length)) - 1;
        Time::ZERO + self.phase + Span::from_nanos(nth.saturating_mul(self.every.nanos().max(1)))
    }
}

/// Where implementations differ without being wrong.
///
/// | | [`Manner::Paper`] | [`Manner::Etcd`] |
/// |---|---|---|
/// | a new random timeout | whenever the timer starts again | when the term or the role changes |
/// | a later term seen | a leader starts its timer, others leave theirs running | the timer starts again |
/// | a majority refuses a candidate | it waits for its timer | it follows, and its timer starts again |
/// | a `RequestVote` of an old term | is refused, with the later term | gets no answer |
/// | an entry is committed | followers hear of it with the next message | they are told at once |
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Manner {
    /// As in Figure 2 and in `LogCabin`, its author's implementation.
    #[default]
    Paper,
    /// As in etcd-io/raft at 00db8d31, `raft.go`.
    Etcd,
}

/// How a leader makes sure that a read sees all that was committed before it was asked (§8; dissertation §6.4).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Reads {
    /// Not at all, and any server answers: from what it has applied, which may be old.
    Local,
    /// `ReadIndex`: a majority confirms that it still leads, in a round of heartbeats that began after the read.
    #[default]
    Index,
    /// A lease: as long as [`Config::lease`] after the start of a round of heartbeats that a majority answered, no other can
    /// have been elected. Depends on clocks that run at about the same rate. Turns the voters' half of [`Config::check_quorum`]
    /// on, and a server that restarts votes for nobody until all that it may have promised before the crash is over.
    Lease,
    /// As `ReadOnlyLeaseBased` of etcd-io/raft: a leader that was not deposed by [`Config::check_quorum`] answers at once. It
    /// looks only once in an election timeout, and may have lost its majority just after the last look; so it can answer for
    /// nearly two election timeouts after it was cut off, while others elect after one (etcd-io/raft issue 166).
    CheckQuorum,
}

/// The ways to get Raft wrong that can be watched here. Each is one condition, marked by its name where it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Flaw {
    /// Gives its vote to any candidate, whatever that one's log lacks (against §5.4.1): committed entries are lost.
    VoteWithoutLogCheck,
    /// Takes an entry of an old term for committed as soon as a majority stores it (against §5.4.2, Figure 8): it may still
    /// be overwritten.
    CommitOldTermByCounting,
    /// Remembers its term over a restart and not its vote (against §5.1 and Figure 2): it votes twice, and a term has two
    /// leaders.
    ForgetVoteOnRestart,
    /// Takes the shortest timeout always (against §5.2): nothing unsafe, and votes split again and again.
    NoRandomisation,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::VoteWithoutLogCheck,
        Self::CommitOldTermByCounting,
        Self::ForgetVoteOnRestart,
        Self::NoRandomisation,
    ];
}

/// The settings of one server. Those of a cluster differ in `id` and in the phase of `tick`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// Who it is.
    pub id: Server,
    /// How many servers there are, 1 to 16, numbered from 0.
    pub servers: u8,
    /// How long a follower waits for its leader, and a candidate for votes.
    pub election: Between,
    /// How long a leader waits between heartbeats.
    pub heartbeat: Between,
    /// The clock ticks, or it runs on.
    pub tick: Option<Tick>,
    /// Where implementations differ.
    pub manner: Manner,
    /// Ask whether one could win before raising the term (dissertation §9.6).
    pub pre_vote: bool,
    /// How often a leader looks whether it has heard from a majority, and if not, steps down. With it servers that have heard
    /// of a leader within the shortest election timeout take no part in elections (dissertation §6.2 and §4.2.3; etcd
    /// `CheckQuorum`).
    pub check_quorum: Option<Span>,
    /// A new leader writes a no-op. Without, nothing is committed and no read answered before the first command.
    pub noop: bool,
    /// How reads are made safe.
    pub reads: Reads,
    /// How long a lease for reads lasts: the shortest election timeout, less what clocks may drift apart in it, and less one
    /// tick if clocks tick.
    pub lease: Span,
    /// So many entries fit in one message, at least one.
    pub batch: u16,
    /// What this server does wrong.
    pub flaw: Option<Flaw>,
}

impl Config {
    /// As the paper has it: timeouts from `min` to `max` milliseconds, heartbeats every half of `min` (§9.3).
    pub const fn paper(id: Server, servers: u8, min: u64, max: u64) -> Self {
        Self {
            id,
            servers,
            election: Between::millis(min, max),
            heartbeat: Between::exactly(Span::from_nanos(min * 500_000)),
            tick: None,
            manner: Manner::Paper,
            pre_vote: false,
            check_quorum: None,
            noop: true,
            reads: Reads::Index,
            lease: Span::from_nanos(min * 900_000),
            batch: 64,
            flaw: None,
        }
    }

    /// As etcd runs it: a tick for each heartbeat, timeouts of `ticks` to 2 × `ticks` − 1 ticks, `CheckQuorum` on. Its
    /// defaults are 100 ms, 10 ticks, and since 3.5 `pre_vote`, which is off here. `phase` is for each server its own.
    pub const fn etcd(id: Server, servers: u8, tick: Span, ticks: u64, phase: Span) -> Self {
        let election = Span::from_nanos(tick.nanos() * ticks);
        Self {
            election: Between { min: election, max: Span::from_nanos(2 * election.nanos()) },
            heartbeat: Between::exactly(tick),
            tick: Some(Tick { every: tick, phase }),
            manner: Manner::Etcd,
            check_quorum: Some(election),
            lease: Span::from_nanos(election.nanos() * 9 / 10).saturating_sub(tick),
            ..Self::paper(id, servers, 0, 0)
        }
    }

    /// As hashicorp/raft runs in Consul with a `raft_multiplier` (5 by default, 1 in production): followers wait 1 to 2 s,
    /// leaders send a heartbeat every 100 to 200 ms and step down after 500 ms without a majority, all times the multiplier.
    pub const fn consul(id: Server, servers: u8, multiplier: u64) -> Self {
        Self {
            election: Between::millis(1000 * multiplier, 2000 * multiplier),
            heartbeat: Between::millis(100 * multiplier, 200 * multiplier),
            check_quorum: Some(Span::from_millis(500 * multiplier)),
            lease: Span::from_millis(450 * multiplier),
            ..Self::paper(id, servers, 0, 0)
        }
    }

    /// How many servers are a majority.
    pub const fn majority(&self) -> usize {
        self.servers as usize / 2 + 1
    }

    /// The other servers.
    pub fn others(&self) -> impl Iterator<Item = Server> + use<> {
        let me = self.id;
        (0..self.servers).map(Server).filter(move |&server| server != me)
    }

    /// Whether servers that have just heard of a leader keep out of elections.
    pub const fn voters_wait(&self) -> bool {
        self.check_quorum.is_some() || matches!(self.reads, Reads::Lease)
    }

    /// A timeout for an election.
    pub fn election_timeout(&self, draw: Draw) -> Span {
        if self.flaw == Some(Flaw::NoRandomisation) {
            return self.election.min;
        }
        self.drawn(self.election, draw)
    }

    /// A wait until the next heartbeat.
    pub fn heartbeat_wait(&self, draw: Draw) -> Span {
        self.drawn(self.heartbeat, draw)
    }

    /// When what began at `since` and takes `length` is over on this server's clock.
    pub fn due(&self, since: Time, length: Span) -> Time {
        match self.tick {
            None => since + length,
            Some(tick) => tick.due(since, length),
        }
    }

    /// A span of that range; in whole ticks where there are any.
    fn drawn(&self, range: Between, draw: Draw) -> Span {
        match self.tick {
            None => draw.between(range.min, range.max),
            Some(tick) => {
                let every = tick.every.nanos().max(1);
                let spread = range.max.saturating_sub(range.min).nanos() / every;
                Span::from_nanos((range.min.nanos() / every + draw.below(spread)) * every)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;
    use std::collections::BTreeSet;

    const MS: fn(u64) -> Span = Span::from_millis;

    #[test]
    fn etcd_times_out_after_ten_to_nineteen_whole_ticks() {
        let config = Config::etcd(Server(0), 3, MS(100), 10, MS(30));
        let stream = Random::new(1).stream("timeouts");
        let seen: BTreeSet<u64> =
            (0..500).map(|n| config.election_timeout(stream.draw(n, 0)).millis()).collect();
        assert_eq!(seen, (10..20).map(|ticks| ticks * 100).collect());
    }

    /// A message right before a tick costs nearly a whole one: the measured minimum of etcd lies below its election timeout.
    #[test]
    fn a_timeout_in_ticks_ends_at_a_tick_and_may_be_one_tick_short() {
        let config = Config::etcd(Server(0), 3, MS(100), 10, MS(30));
        let due = |since| config.due(Time::from_millis(since), MS(1000)).millis();
        assert_eq!((due(0), due(29), due(30), due(129), due(130)), (930, 930, 1030, 1030, 1130));
        let runs_on = Config::paper(Server(0), 5, 150, 300);
        assert_eq!(runs_on.due(Time::from_millis(7), MS(150)), Time::from_millis(157));
        assert_eq!(runs_on.heartbeat, Between::exactly(MS(75)));
    }

    #[test]
    fn section_9_3_timeouts_are_spread_over_their_range() {
        let config = Config::paper(Server(0), 5, 150, 300);
        let stream = Random::new(1).stream("timeouts");
        let all: Vec<Span> = (0..10_000).map(|n| config.election_timeout(stream.draw(n, 0))).collect();
        let mean = all.iter().map(|span| span.secs()).sum::<f64>() / all.len() as f64;
        assert!(all.iter().all(|&span| span >= MS(150) && span < MS(300)));
        assert!((mean - 0.225).abs() < 0.0015, "{mean}");
        let flawed = Config { flaw: Some(Flaw::NoRandomisation), ..config };
        assert_eq!(flawed.election_timeout(stream.draw(1, 0)), MS(150));
    }
}
