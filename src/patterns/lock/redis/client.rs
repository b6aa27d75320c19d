//! One client of a lock on one server: sets, waits, counts, renews, releases.

use super::command::{Command, Key, Reply, Value};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::{Belief, Token};

/// Mistakes that are made with this lock, to be shown beside the right way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Flaw {
    /// Releases by a plain `DEL`: after its own time it deletes the lock of whoever came next.
    UnlockByDel,
    /// Counts its time from the answer, which may come long after the server began to count.
    CountFromAnswer,
    /// `SETNX`, then `EXPIRE`: dies it between the two, the lock stays for ever.
    ExpireAfterSet,
    /// `SET`, then `INCR` for the token: stops it between the two, it comes back with a token above that of its successor.
    TokenAfterSet,
}

/// How a client locks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// The lock.
    pub key: Key,
    /// How long it is asked for. `None`: until it is released, which a dead client never does.
    pub ttl: Option<Span>,
    /// How often a holder starts the time anew; `None`: never. A third of the TTL is usual.
    pub renew: Option<Span>,
    /// How long after a refusal it asks again; `None`: it gives up.
    pub retry: Option<Span>,
    /// The counter from which a token is taken; `None`: no token.
    pub counter: Option<Key>,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

impl Settings {
    /// A lock for `ttl` that is not renewed, has no token, and gives up when refused.
    pub const fn with_ttl(ttl: Span) -> Self {
        Self { key: Key(0), ttl: Some(ttl), renew: None, retry: None, counter: None, flaw: None }
    }
}

/// Names a question, so that an answer that comes too late is known as such.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Ask(pub u32);

/// A command to be sent, by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Call {
    /// The name.
    pub ask: Ask,
    /// The command.
    pub command: Command,
}

/// What a client does next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Sends this.
    Send(Call),
    /// Nothing, until an answer comes or [`Lock::next_timer`].
    Wait,
    /// It holds the lock from now on.
    Acquired,
    /// Somebody else has it, and this client does not ask again.
    Refused,
    /// It has released; `own` is false if there was nothing of its own left.
    Released {
        /// What the server said.
        own: bool,
    },
    /// A renewal came too late: the lock is not its own any more.
    Lost,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Phase {
    Out,
    Setting,
    /// The second command of [`Flaw::ExpireAfterSet`].
    Expiring,
    /// The second command of [`Flaw::TokenAfterSet`].
    Counting,
    Sleeping,
    Holding,
    Releasing,
    Lost,
}

/// One client's part of a lock.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Lock {
    settings: Settings,
    phase: Phase,
    asked: Ask,
    /// The renewal that is under way.
    renewing: Option<Ask>,
    value: Option<Value>,
    token: Option<Token>,
    /// When the command went out from which its time counts.
    sent: Time,
    /// When a renewal went out that has no answer yet.
    renewal_sent: Time,
    until: Option<Time>,
    timer: Time,
}

impl Lock {
    /// A client that has not asked.
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            phase: Phase::Out,
            asked: Ask(0),
            renewing: None,
            value: None,
            token: None,
            sent: Time::ZERO,
            renewal_sent: Time::ZERO,
            until: None,
            timer: Time::NEVER,
        }
    }

    /// Asks for the lock, with a fresh value. Whatever it held before, it forgets.
    pub fn acquire(&mut self, now: Time, draw: Draw) -> Step {
        self.value = Some(Value::from(draw));
        self.token = None;
        self.until = None;
        self.renewing = None;
        self.set(now)
    }

    fn set(&mut self, now: Time) -> Step {
        let Some(value) = self.value else { return Step::Wait };
        self.phase = Phase::Setting;
        self.sent = now;
        self.timer = Time::NEVER;
        let apart = |flaw| self.settings.flaw == Some(flaw);
        let command = Command::SetIfAbsent {
            key: self.settings.key,
            value,
            ttl: self.settings.ttl.filter(|_| !apart(Flaw::ExpireAfterSet)),
            counter: self.settings.counter.filter(|_| !apart(Flaw::TokenAfterSet)),
        };
        self.send(command)
    }

    fn send(&mut self, command: Command) -> Step {
        self.asked.0 += 1;
        Step::Send(Call { ask: self.asked, command })
    }

    /// An answer came. One to a question that is given up is ignored.
    pub fn answer(&mut self, now: Time, ask: Ask, reply: Reply) -> Step {
        if self.renewing == Some(ask) {
            self.renewing = None;
            return self.renewed(now, reply);
        }
        if ask != self.asked {
            return Step::Wait;
        }
        match (self.phase, reply) {
            (Phase::Setting, Reply::Ok | Reply::Entered(_)) => {
                if let Reply::Entered(token) = reply {
                    self.token = token;
                }
                match (self.settings.flaw, self.settings.ttl, self.settings.counter) {
                    (Some(Flaw::ExpireAfterSet), Some(ttl), _) => {
                        self.phase = Phase::Expiring;
                        self.sent = now;
                        self.send(Command::Expire(self.settings.key, ttl))
                    }
                    (Some(Flaw::TokenAfterSet), _, Some(counter)) => {
                        self.phase = Phase::Counting;
                        self.send(Command::Increment(counter))
                    }
                    _ => self.hold(now),
                }
            }
            (Phase::Setting, _) => self.refused(now),
            (Phase::Expiring, _) => self.hold(now),
            (Phase::Counting, reply) => {
                if let Reply::Integer(number) = reply {
                    self.token = u64::try_from(number).ok().map(Token);
                }
                self.hold(now)
            }
            (Phase::Releasing, reply) => {
                self.leave();
                Step::Released { own: reply == Reply::Integer(1) }
            }
            (Phase::Out | Phase::Sleeping | Phase::Holding | Phase::Lost, _) => Step::Wait,
        }
    }

    fn hold(&mut self, now: Time) -> Step {
        self.phase = Phase::Holding;
        let from = if self.settings.flaw == Some(Flaw::CountFromAnswer) { now } else { self.sent };
        self.until = self.settings.ttl.map(|ttl| from + ttl);
        self.timer = self.settings.renew.map_or(Time::NEVER, |renew| self.sent + renew);
        Step::Acquired
    }

    fn refused(&mut self, now: Time) -> Step {
        if let Some(retry) = self.settings.retry {
            self.phase = Phase::Sleeping;
            self.timer = now + retry;
            Step::Wait
        } else {
            self.leave();
            Step::Refused
        }
    }

    fn renewed(&mut self, now: Time, reply: Reply) -> Step {
        if self.phase != Phase::Holding {
            return Step::Wait;
        }
        if reply != Reply::Integer(1) {
            self.phase = Phase::Lost;
            self.timer = Time::NEVER;
            return Step::Lost;
        }
        let from = if self.settings.flaw == Some(Flaw::CountFromAnswer) { now } else { self.renewal_sent };
        self.until = self.settings.ttl.map(|ttl| from + ttl);
        Step::Wait
    }

    fn leave(&mut self) {
        self.phase = Phase::Out;
        self.until = None;
        self.timer = Time::NEVER;
    }

    /// No answer came in the client's own time. Whether the command was carried out is unknown: a `SET` may have taken the
    /// lock, so it is taken back before the next try.
    pub fn give_up(&mut self, now: Time, ask: Ask) -> Step {
        if self.renewing == Some(ask) {
            self.renewing = None;
            return Step::Wait;
        }
        if ask != self.asked {
            return Step::Wait;
        }
        match self.phase {
            Phase::Setting | Phase::Expiring | Phase::Counting => {
                let undo = self.release_command();
                let _ = self.refused(now);
                undo.map_or(Step::Wait, |command| self.send(command))
            }
            Phase::Releasing => {
                self.leave();
                Step::Released { own: false }
            }
            Phase::Out | Phase::Sleeping | Phase::Holding | Phase::Lost => Step::Wait,
        }
    }

    /// Does what is due at `now`: asks again, or renews.
    pub fn tick(&mut self, now: Time) -> Step {
        if now < self.timer {
            return Step::Wait;
        }
        match (self.phase, self.settings.renew, self.settings.ttl, self.value) {
            (Phase::Sleeping, ..) => self.set(now),
            (Phase::Holding, Some(renew), Some(ttl), Some(value)) => {
                self.timer = now + renew;
                self.renewal_sent = now;
                let step = self.send(Command::CompareAndExpire(self.settings.key, value, ttl));
                self.renewing = Some(self.asked);
                step
            }
            _ => {
                self.timer = Time::NEVER;
                Step::Wait
            }
        }
    }

    /// Gives the lock back, or what it takes for its own: whoever was stopped does not know that its time has passed.
    pub fn release(&mut self) -> Step {
        if !matches!(self.phase, Phase::Holding | Phase::Lost) {
            return Step::Wait;
        }
        self.phase = Phase::Releasing;
        self.renewing = None;
        self.timer = Time::NEVER;
        self.release_command().map_or(Step::Wait, |command| self.send(command))
    }

    fn release_command(&self) -> Option<Command> {
        Some(match self.settings.flaw {
            Some(Flaw::UnlockByDel) => Command::Delete(self.settings.key),
            _ => Command::CompareAndDelete(self.settings.key, self.value?),
        })
    }

    /// When [`Lock::tick`] has something to do.
    pub const fn next_timer(&self) -> Time {
        self.timer
    }

    /// What it goes by. It does not look at its clock by itself: compare [`Lock::until`] before you write.
    pub const fn belief(&self) -> Belief {
        match self.phase {
            Phase::Out | Phase::Releasing => Belief::Out,
            Phase::Setting | Phase::Expiring | Phase::Counting | Phase::Sleeping => Belief::Waiting,
            Phase::Holding => Belief::Holds,
            Phase::Lost => Belief::Lost,
        }
    }

    /// Until when the lock is its own by its own clock; `None` if it holds nothing, or without end.
    pub const fn until(&self) -> Option<Time> {
        self.until
    }

    /// How much of that is left at `now`; zero if it is over.
    pub fn left(&self, now: Time) -> Option<Span> {
        self.until.map(|until| until.since(now))
    }

    /// The value that it set, or tries to.
    pub const fn value(&self) -> Option<Value> {
        self.value
    }

    /// Its fencing token, if it has taken one.
    pub const fn token(&self) -> Option<Token> {
        self.token
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Output, Persistence, Redis};
    use super::*;
    use crate::engine::random::Random;

    const TTL: Span = Span::from_millis(900);
    const COUNTER: Key = Key(1);

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    fn draw(n: u64) -> Draw {
        Random::new(3).stream("value").draw(n, 0)
    }

    fn client(flaw: Option<Flaw>) -> Lock {
        Lock::new(Settings { flaw, ..Settings::with_ttl(TTL) })
    }

    fn server() -> Redis {
        Redis::new(Persistence::Nothing, Time::ZERO)
    }

    /// Sends what `step` says and goes on until there is nothing to send. Nothing takes time.
    fn settle(server: &mut Redis, client: &mut Lock, now: Time, mut step: Step) -> Step {
        while let Step::Send(call) = step {
            let reply = server.execute(now, &call.command, &mut Output::default());
            step = client.answer(now, call.ask, reply);
        }
        step
    }

    fn acquire(server: &mut Redis, client: &mut Lock, now: Time, n: u64) -> Step {
        let step = client.acquire(now, draw(n));
        settle(server, client, now, step)
    }

    fn release(server: &mut Redis, client: &mut Lock, now: Time) -> Step {
        let step = client.release();
        settle(server, client, now, step)
    }

    #[test]
    fn a_plain_del_opens_the_lock_of_the_next_holder() {
        for (flaw, third) in [(None, Step::Refused), (Some(Flaw::UnlockByDel), Step::Acquired)] {
            let (mut server, mut a, mut b, mut c) = (server(), client(flaw), client(None), client(None));
            assert_eq!(acquire(&mut server, &mut a, at(0), 0), Step::Acquired);
            assert_eq!(acquire(&mut server, &mut b, at(901), 1), Step::Acquired);
            assert_eq!(a.belief(), Belief::Holds, "nobody told it");
            assert_eq!(release(&mut server, &mut a, at(950)), Step::Released { own: flaw.is_some() });
            assert_eq!(acquire(&mut server, &mut c, at(960), 2), third);
            assert_eq!(release(&mut server, &mut b, at(970)), Step::Released { own: flaw.is_none() });
        }
    }

    #[test]
    fn who_counts_from_the_answer_goes_on_after_the_end() {
        for (flaw, until) in [(None, 900), (Some(Flaw::CountFromAnswer), 1400)] {
            let (mut server, mut a) = (server(), client(flaw));
            let Step::Send(call) = a.acquire(at(0), draw(0)) else { panic!() };
            let reply = server.execute(at(100), &call.command, &mut Output::default());
            assert_eq!(a.answer(at(500), call.ask, reply), Step::Acquired);
            assert_eq!(a.until(), Some(at(until)));
            assert_eq!(a.left(at(800)), Some(Span::from_millis(until - 800)));
            let ended = server.entry(at(1001), Key(0)).is_none();
            assert!(ended && (a.left(at(1001)) == Some(Span::ZERO)) == flaw.is_none());
        }
    }

    #[test]
    fn who_dies_between_set_and_expire_leaves_a_lock_for_ever() {
        for (flaw, end) in [(None, true), (Some(Flaw::ExpireAfterSet), false)] {
            let (mut server, mut a) = (server(), client(flaw));
            let Step::Send(call) = a.acquire(at(0), draw(0)) else { panic!() };
            let _ = server.execute(at(0), &call.command, &mut Output::default());
            let mut b = client(None);
            let step = acquire(&mut server, &mut b, Time::from_secs(1_000_000), 1);
            assert_eq!(step == Step::Acquired, end);
        }
        let (mut server, mut a) = (server(), client(Some(Flaw::ExpireAfterSet)));
        assert_eq!(acquire(&mut server, &mut a, at(0), 0), Step::Acquired);
        assert_eq!(server.entry(at(0), Key(0)).and_then(|entry| entry.left(at(0))), Some(TTL));
    }

    #[test]
    fn a_token_taken_after_the_lock_may_outrank_the_successor() {
        for flaw in [None, Some(Flaw::TokenAfterSet)] {
            let fenced = || Lock::new(Settings { counter: Some(COUNTER), flaw, ..Settings::with_ttl(TTL) });
            let (mut server, mut a, mut b) = (server(), fenced(), fenced());
            let Step::Send(call) = a.acquire(at(0), draw(0)) else { panic!() };
            let reply = server.execute(at(0), &call.command, &mut Output::default());
            // A stops here, until after B has had its turn.
            assert_eq!(acquire(&mut server, &mut b, at(901), 1), Step::Acquired);
            let step = a.answer(at(2000), call.ask, reply);
            assert_eq!(settle(&mut server, &mut a, at(2000), step), Step::Acquired);
            assert_eq!(a.token() > b.token(), flaw.is_some(), "{:?} {:?}", a.token(), b.token());
        }
    }

    #[test]
    fn a_holder_renews_until_it_is_told_that_it_is_too_late() {
        let settings = Settings { renew: Some(Span::from_millis(300)), ..Settings::with_ttl(TTL) };
        let (mut server, mut a) = (server(), Lock::new(settings));
        assert_eq!(acquire(&mut server, &mut a, at(0), 0), Step::Acquired);
        for due in (300..3000).step_by(300) {
            assert_eq!(a.next_timer(), at(due));
            let step = a.tick(at(due));
            assert_eq!(settle(&mut server, &mut a, at(due), step), Step::Wait);
            assert_eq!(a.until(), Some(at(due) + TTL));
        }
        let mut b = client(None);
        assert_eq!(acquire(&mut server, &mut b, at(3600), 1), Step::Refused);
        assert_eq!(acquire(&mut server, &mut b, at(3601), 1), Step::Acquired);
        let step = a.tick(at(4000));
        assert_eq!(settle(&mut server, &mut a, at(4000), step), Step::Lost);
        assert_eq!((a.belief(), a.next_timer()), (Belief::Lost, Time::NEVER));
    }

    #[test]
    fn what_may_have_been_set_is_taken_back() {
        let retry = Some(Span::from_millis(50));
        let (mut server, mut a) = (server(), Lock::new(Settings { retry, ..Settings::with_ttl(TTL) }));
        let Step::Send(call) = a.acquire(at(0), draw(0)) else { panic!() };
        let reply = server.execute(at(1), &call.command, &mut Output::default());
        let Step::Send(undo) = a.give_up(at(20), call.ask) else { panic!() };
        assert_eq!(a.answer(at(21), call.ask, reply), Step::Wait, "too late to be believed");
        assert_eq!(a.belief(), Belief::Waiting);
        let undone = server.execute(at(22), &undo.command, &mut Output::default());
        assert_eq!((undone, a.answer(at(23), undo.ask, undone)), (Reply::Integer(1), Step::Wait));
        assert_eq!(a.next_timer(), at(70));
        let step = a.tick(at(70));
        assert_eq!(settle(&mut server, &mut a, at(70), step), Step::Acquired);
        assert_eq!(a.until(), Some(at(70) + TTL));
    }
}
