//! Redlock: the same lock on N independent Redis servers, held by whoever gets a majority in time.
//!
//! The algorithm is that of redis.io/docs, "Distributed Locks with Redis", "The Redlock algorithm" (redis/redis-doc @
//! 10442244). What it leaves open comes from antirez/redlock-rb @ 2af803d8: a drift of 1 % of the TTL plus 2 ms, three
//! tries in all, a wait of 0 to 200 ms between them, one value for all tries.
//!
//! The servers are asked one after the other, each for at most [`Settings::server_timeout`]. Then the clock is read again:
//! the lock counts if a majority said yes and TTL − elapsed − drift is more than nothing. So a pause while answers are on
//! their way is noticed (Sanfilippo, "Is Redlock safe?", 2016); a pause after that is not (Kleppmann, "How to do
//! distributed locking", 2016). There is no token: the value is random, so it has no order.

use super::Belief;
use super::redis::{Ask, Command, Key, Reply, Value};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};

/// How a client locks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// How many servers there are.
    pub servers: u8,
    /// The lock.
    pub key: Key,
    /// How long it is asked for.
    pub ttl: Span,
    /// How long one server is waited for. Far less than the TTL, else one that is down costs the validity: "for example 5
    /// to 50 ms" for a TTL of 10 s.
    pub server_timeout: Span,
    /// How often it tries in all. Default 3.
    pub tries: u32,
    /// The longest wait between two tries. Default 200 ms.
    pub retry_delay: Span,
}

impl Settings {
    /// The reference's constants, and 50 ms for a server.
    pub const fn reference(servers: u8, ttl: Span) -> Self {
        Self {
            servers,
            key: Key(0),
            ttl,
            server_timeout: Span::from_millis(50),
            tries: 3,
            retry_delay: Span::from_millis(200),
        }
    }

    /// How many servers make a majority.
    pub const fn quorum(&self) -> usize {
        self.servers as usize / 2 + 1
    }

    /// What is taken off for clocks that run at different rates: 1 % of the TTL in whole milliseconds, plus 2 ms.
    pub const fn drift(&self) -> Span {
        Span::from_millis(self.ttl.millis() / 100 + 2)
    }

    /// How long a lock counts whose first command went out `elapsed` ago.
    pub fn validity(&self, elapsed: Span) -> Validity {
        let nanos = |span: Span| i64::try_from(span.nanos()).unwrap_or(i64::MAX);
        Validity(nanos(self.ttl).saturating_sub(nanos(elapsed)).saturating_sub(nanos(self.drift())))
    }
}

/// How long a lock counts, in nanoseconds. Below zero, it was over before it was had.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Validity(pub i64);

/// What one server said in the round under way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Vote {
    /// It is not asked yet.
    Open,
    /// It gave the lock.
    Yes,
    /// Somebody else has it there.
    No,
    /// No answer in time, or no connection.
    Silent,
}

/// What a client does next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Sends this to one server.
    Send {
        /// Its name, for the answer.
        ask: Ask,
        /// To which server, from 0.
        server: u8,
        /// The command.
        command: Command,
    },
    /// Nothing, until an answer comes or [`Redlock::next_timer`].
    Wait,
    /// It holds the lock until [`Redlock::until`].
    Acquired,
    /// Not had in any try. What some servers gave is taken back.
    Refused,
    /// The time starts anew.
    Extended,
    /// No majority extended it in time. What it has still counts to its old end.
    NotExtended,
    /// All servers were told.
    Released,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Phase {
    Out,
    Locking,
    Undoing,
    Sleeping,
    Holding,
    Extending,
    Releasing,
}

/// One client's part of a lock.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Redlock {
    settings: Settings,
    phase: Phase,
    asked: Ask,
    /// Whose answer it waits for.
    at: u8,
    value: Option<Value>,
    tries_left: u32,
    started: Time,
    votes: Vec<Vote>,
    validity: Option<Validity>,
    until: Option<Time>,
    timer: Time,
}

impl Redlock {
    /// A client that has not asked.
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            phase: Phase::Out,
            asked: Ask(0),
            at: 0,
            value: None,
            tries_left: 0,
            started: Time::ZERO,
            votes: Vec::new(),
            validity: None,
            until: None,
            timer: Time::NEVER,
        }
    }

    /// Asks for the lock.
    pub fn acquire(&mut self, now: Time, draw: Draw) -> Step {
        self.value = Some(Value::from(draw));
        self.tries_left = self.settings.tries;
        self.until = None;
        self.validity = None;
        self.round(now, Phase::Locking)
    }

    /// Asks all servers for a new time, if it holds the lock.
    pub fn extend(&mut self, now: Time) -> Step {
        if self.phase == Phase::Holding { self.round(now, Phase::Extending) } else { Step::Wait }
    }

    /// Tells all servers that it is done, those too that never said yes: an answer may have been lost.
    pub fn release(&mut self, now: Time) -> Step {
        if !matches!(self.phase, Phase::Holding | Phase::Extending) {
            return Step::Wait;
        }
        self.until = None;
        self.round(now, Phase::Releasing)
    }

    fn round(&mut self, now: Time, phase: Phase) -> Step {
        self.phase = phase;
        self.at = 0;
        if matches!(phase, Phase::Locking | Phase::Extending) {
            self.started = now;
            self.votes = vec![Vote::Open; usize::from(self.settings.servers)];
        }
        self.ask(now)
    }

    fn ask(&mut self, now: Time) -> Step {
        let Some(value) = self.value else { return Step::Wait };
        let Settings { key, ttl, server_timeout, .. } = self.settings;
        let command = match self.phase {
            Phase::Locking => Command::SetIfAbsent { key, value, ttl: Some(ttl), counter: None },
            Phase::Extending => Command::CompareAndExpire(key, value, ttl),
            Phase::Undoing | Phase::Releasing => Command::CompareAndDelete(key, value),
            Phase::Out | Phase::Sleeping | Phase::Holding => return Step::Wait,
        };
        self.asked.0 += 1;
        self.timer = now + server_timeout;
        Step::Send { ask: self.asked, server: self.at, command }
    }

    /// A server answered. An answer that comes after its time is ignored.
    pub fn answer(&mut self, now: Time, ask: Ask, reply: Reply, draw: Draw) -> Step {
        let yes = matches!((self.phase, reply), (Phase::Locking, Reply::Ok) | (_, Reply::Integer(1)));
        self.vote(now, ask, if yes { Vote::Yes } else { Vote::No }, draw)
    }

    /// The connection was refused, or broke: on to the next server.
    pub fn failed(&mut self, now: Time, ask: Ask, draw: Draw) -> Step {
        self.vote(now, ask, Vote::Silent, draw)
    }

    fn vote(&mut self, now: Time, ask: Ask, vote: Vote, draw: Draw) -> Step {
        let asking =
            matches!(self.phase, Phase::Locking | Phase::Undoing | Phase::Extending | Phase::Releasing);
        if ask != self.asked || !asking {
            return Step::Wait;
        }
        let counted = matches!(self.phase, Phase::Locking | Phase::Extending);
        if let Some(place) = self.votes.get_mut(usize::from(self.at)).filter(|_| counted) {
            *place = vote;
        }
        self.at += 1;
        if self.at < self.settings.servers {
            return self.ask(now);
        }
        self.timer = Time::NEVER;
        match self.phase {
            Phase::Locking => {
                self.tries_left = self.tries_left.saturating_sub(1);
                if self.counts(now) { self.hold(Step::Acquired) } else { self.round(now, Phase::Undoing) }
            }
            // A majority that came after the old end is worth nothing: somebody may have had the lock between.
            Phase::Extending => {
                let in_time = self.until.is_some_and(|until| now < until);
                if self.counts(now) && in_time {
                    return self.hold(Step::Extended);
                }
                self.phase = Phase::Holding;
                Step::NotExtended
            }
            Phase::Undoing if self.tries_left > 0 => {
                self.phase = Phase::Sleeping;
                self.timer = now + Span::from_millis(draw.below(self.settings.retry_delay.millis()));
                Step::Wait
            }
            Phase::Undoing => {
                self.phase = Phase::Out;
                Step::Refused
            }
            _ => {
                self.phase = Phase::Out;
                Step::Released
            }
        }
    }

    /// Step 3 of the specification: a majority, and time left by a clock that is read now.
    fn counts(&mut self, now: Time) -> bool {
        let validity = self.settings.validity(now.since(self.started));
        self.validity = Some(validity);
        self.yes() >= self.settings.quorum() && validity > Validity(0)
    }

    fn hold(&mut self, step: Step) -> Step {
        self.phase = Phase::Holding;
        self.until = Some(self.started + self.settings.ttl.saturating_sub(self.settings.drift()));
        step
    }

    /// Does what is due at `now`: goes on without a server that has not answered, or tries again.
    pub fn tick(&mut self, now: Time, draw: Draw) -> Step {
        if now < self.timer {
            Step::Wait
        } else if self.phase == Phase::Sleeping {
            self.round(now, Phase::Locking)
        } else {
            self.vote(now, self.asked, Vote::Silent, draw)
        }
    }

    /// When [`Redlock::tick`] has something to do.
    pub const fn next_timer(&self) -> Time {
        self.timer
    }

    /// What it goes by. It does not look at its clock by itself: compare [`Redlock::until`] before you write.
    pub const fn belief(&self) -> Belief {
        match self.phase {
            Phase::Out | Phase::Releasing => Belief::Out,
            Phase::Locking | Phase::Undoing | Phase::Sleeping => Belief::Waiting,
            Phase::Holding | Phase::Extending => Belief::Holds,
        }
    }

    /// Until when the lock counts by its own clock; `None` if it holds none.
    pub const fn until(&self) -> Option<Time> {
        self.until
    }

    /// What the latest round was worth when its last answer was in.
    pub const fn validity(&self) -> Option<Validity> {
        self.validity
    }

    /// What the servers said in the latest round.
    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// How many said yes.
    pub fn yes(&self) -> usize {
        self.votes.iter().filter(|&&vote| vote == Vote::Yes).count()
    }

    /// How many tries it has left.
    pub const fn tries_left(&self) -> u32 {
        self.tries_left
    }

    /// Its value on the servers.
    pub const fn value(&self) -> Option<Value> {
        self.value
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::super::redis::{Output, Persistence, Redis};
    use super::*;
    use crate::engine::random::Random;

    const TTL: Span = Span::from_secs(10);

    fn draw(n: u64) -> Draw {
        Random::new(5).stream("redlock").draw(n, 0)
    }

    fn ms(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    struct Cluster {
        servers: Vec<Redis>,
        /// Servers that do not answer.
        paused: Vec<u8>,
        now: Time,
    }

    impl Cluster {
        fn new(servers: usize, paused: &[u8]) -> Self {
            let server = Redis::new(Persistence::Nothing, Time::ZERO);
            Self { servers: vec![server; servers], paused: paused.to_vec(), now: ms(7) }
        }

        /// Goes on until the client waits for something other than a server. A round trip takes 1 ms.
        fn settle(&mut self, client: &mut Redlock, mut step: Step) -> Step {
            while let Step::Send { ask, server, command } = step {
                if self.paused.contains(&server) {
                    self.now = client.next_timer();
                    step = client.tick(self.now, draw(1));
                } else {
                    let reply =
                        self.servers[usize::from(server)].execute(self.now, &command, &mut Output::default());
                    self.now += Span::from_millis(1);
                    step = client.answer(self.now, ask, reply, draw(1));
                }
            }
            step
        }
    }

    #[test]
    fn validity_is_ttl_less_elapsed_less_drift() {
        let validity = |ttl, elapsed| {
            Settings::reference(5, Span::from_millis(ttl)).validity(Span::from_millis(elapsed)).0 / 1_000_000
        };
        assert_eq!((validity(10_000, 250), validity(30_000, 50)), (9_648, 29_648));
        assert_eq!(validity(80, 102), -24);
        assert_eq!([1, 2, 3, 4, 5, 7].map(|n| Settings::reference(n, TTL).quorum()), [1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn a_majority_is_asked_for_one_after_the_other() {
        let mut cluster = Cluster::new(5, &[1, 3]);
        let mut a = Redlock::new(Settings::reference(5, TTL));
        let step = a.acquire(cluster.now, draw(0));
        assert_eq!(cluster.settle(&mut a, step), Step::Acquired);
        let (y, s) = (Vote::Yes, Vote::Silent);
        assert_eq!(a.votes(), [y, s, y, s, y]);
        assert_eq!(cluster.now, ms(7 + 3 + 100));
        assert_eq!(a.validity(), Some(Validity((10_000 - 103 - 102) * 1_000_000)));
        assert_eq!(a.until(), Some(ms(7 + 10_000 - 102)));
    }

    #[test]
    fn who_fails_takes_back_waits_a_random_time_and_stops_after_three_tries() {
        let mut cluster = Cluster::new(5, &[0, 1, 2]);
        let mut a = Redlock::new(Settings::reference(5, TTL));
        let mut step = a.acquire(cluster.now, draw(0));
        let mut waits = Vec::new();
        loop {
            step = cluster.settle(&mut a, step);
            for server in &cluster.servers {
                assert_eq!(server.entry(cluster.now, Key(0)), None, "nothing stays behind");
            }
            if step == Step::Refused {
                break;
            }
            waits.push(a.next_timer().since(cluster.now));
            cluster.now = a.next_timer();
            step = a.tick(cluster.now, draw(2));
        }
        assert_eq!((waits.len(), a.belief()), (2, Belief::Out));
        assert!(waits.iter().all(|&wait| wait < Span::from_millis(200)), "{waits:?}");
    }

    #[test]
    fn a_pause_while_answers_are_on_their_way_is_noticed() {
        let settings = Settings { tries: 1, ..Settings::reference(1, TTL) };
        for (pause, step) in [(9_897, Step::Acquired), (9_898, Step::Refused)] {
            let mut a = Redlock::new(settings);
            let mut cluster = Cluster::new(1, &[]);
            let Step::Send { ask, command, .. } = a.acquire(ms(0), draw(0)) else { panic!() };
            let reply = cluster.servers[0].execute(ms(0), &command, &mut Output::default());
            cluster.now = ms(pause);
            let next = a.answer(cluster.now, ask, reply, draw(1));
            assert_eq!(cluster.settle(&mut a, next), step);
        }
    }

    #[test]
    fn an_extension_counts_only_before_the_old_end_and_by_a_majority() {
        for (at, paused, extended) in [
            (5_000, &[][..], Step::Extended),
            (5_000, &[0, 1, 2], Step::NotExtended),
            (9_904, &[], Step::NotExtended),
        ] {
            let mut cluster = Cluster::new(5, &[]);
            let mut a = Redlock::new(Settings::reference(5, TTL));
            let step = a.acquire(cluster.now, draw(0));
            assert_eq!(cluster.settle(&mut a, step), Step::Acquired);
            cluster.paused = paused.to_vec();
            cluster.now = ms(at);
            let step = a.extend(cluster.now);
            assert_eq!(cluster.settle(&mut a, step), extended, "{at}");
            let from = if extended == Step::Extended { at } else { 7 };
            assert_eq!(a.until(), Some(ms(from + 9_898)));
            let step = a.release(cluster.now);
            assert_eq!((cluster.settle(&mut a, step), a.until()), (Step::Released, None));
        }
    }

    #[test]
    fn three_clocks_of_five_that_jump_let_a_second_one_in_and_one_does_not() {
        for (jumped, second) in [(1, Step::Wait), (3, Step::Acquired)] {
            let mut cluster = Cluster::new(5, &[]);
            let (mut a, mut b) =
                (Redlock::new(Settings::reference(5, TTL)), Redlock::new(Settings::reference(5, TTL)));
            let step = a.acquire(cluster.now, draw(0));
            assert_eq!(cluster.settle(&mut a, step), Step::Acquired);
            let ahead = cluster.now + Span::from_secs(12);
            for server in &mut cluster.servers[..jumped] {
                server.tick(ahead, &mut Output::default());
            }
            let step = b.acquire(cluster.now, draw(9));
            assert_eq!(cluster.settle(&mut b, step), second, "{jumped}");
        }
    }
}
