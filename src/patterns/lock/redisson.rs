//! `RLock` and `RFencedLock` of Redisson, as in redisson/redisson @ 66863978 (after 4.7.0): `RedissonLock`,
//! `RedissonFencedLock`, `renewal/RenewalTask`, `renewal/LockTask`.
//!
//! Without a lease, a watchdog renews: `lockWatchdogTimeout` is 30 s, and a third of it after each renewal comes the next.
//! With a lease, as in `tryLock(10, 30, SECONDS)`, nothing renews. The owner is a *thread* of a client.
//!
//! The watchdog lives with the client: what stops the one stops the other. If a renewal finds that the lock is not its own any
//! more, the watchdog stops, and the thread that believes it holds the lock is not told. It learns when it unlocks, by an
//! `IllegalMonitorStateException`: [`Step::NotOwner`]. The same comes of `unlock()` after a `tryLock` that failed.

use super::redis::{Ask, Call, Command, Key, Owner, Reply};
use super::{Belief, Token};
use crate::engine::time::{Span, Time};

/// How a client locks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// The lock.
    pub key: Key,
    /// `lockWatchdogTimeout`. Default 30 s.
    pub watchdog: Span,
    /// `redisson_lock_token:{name}`, for `getFencedLock`; `None` for `getLock`.
    pub counter: Option<Key>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { key: Key(0), watchdog: Span::from_secs(30), counter: None }
    }
}

/// What a thread does next, or is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Sends this.
    Send(Call),
    /// It has the lock, once more if it had it already.
    Acquired,
    /// `tryLock` gave `false`.
    Refused,
    /// A command had no answer: an exception. Whether it was carried out is unknown.
    Failed,
    /// A re-entry less; it still has the lock.
    Left,
    /// It has the lock no more.
    Released,
    /// `unlock()` threw `IllegalMonitorStateException`: the lock is not this thread's.
    NotOwner,
    /// The watchdog found the lock gone and stopped. In the real thing nobody is told but a log.
    WatchdogStopped,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Phase {
    Idle,
    Trying,
    Subscribing,
    Listening,
    Leaving,
}

/// One thread's part of a lock.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RLock {
    settings: Settings,
    owner: Owner,
    phase: Phase,
    asked: Ask,
    /// What `lock` was called with.
    lease: Option<Span>,
    /// When the wait is over.
    deadline: Time,
    subscribed: bool,
    /// A message came while a try was under way.
    permit: bool,
    /// How long it sleeps if no message comes.
    latch: Time,
    holds: u32,
    token: Option<Token>,
    sent: Time,
    until: Option<Time>,
    /// When the watchdog runs next.
    renew_at: Time,
    renewing: Option<(Ask, Time)>,
    renewals: u32,
}

impl RLock {
    /// A thread that does not want the lock yet.
    pub const fn new(settings: Settings, owner: Owner) -> Self {
        Self {
            settings,
            owner,
            phase: Phase::Idle,
            asked: Ask(0),
            lease: None,
            deadline: Time::NEVER,
            subscribed: false,
            permit: false,
            latch: Time::NEVER,
            holds: 0,
            token: None,
            sent: Time::ZERO,
            until: None,
            renew_at: Time::NEVER,
            renewing: None,
            renewals: 0,
        }
    }

    /// `tryLock(wait, lease, unit)`. Without a lease it is `tryLock(wait, unit)`; without a wait, `lock(lease, unit)`; without
    /// both, `lock()`. A wait of zero is `tryLock()`.
    pub fn try_lock(&mut self, now: Time, wait: Option<Span>, lease: Option<Span>, out: &mut Vec<Step>) {
        self.deadline = wait.map_or(Time::NEVER, |wait| now + wait);
        self.lease = lease;
        self.permit = false;
        self.enter(now, out);
    }

    fn enter(&mut self, now: Time, out: &mut Vec<Step>) {
        self.phase = Phase::Trying;
        self.sent = now;
        self.latch = Time::NEVER;
        let (ttl, Settings { key, counter, .. }) = (self.ttl(), self.settings);
        self.send(Command::Enter { key, owner: self.owner, ttl, counter }, out);
    }

    fn ttl(&self) -> Span {
        self.lease.unwrap_or(self.settings.watchdog)
    }

    fn send(&mut self, command: Command, out: &mut Vec<Step>) {
        self.asked.0 += 1;
        out.push(Step::Send(Call { ask: self.asked, command }));
    }

    /// An answer came. One to a question that is given up is ignored.
    pub fn answer(&mut self, now: Time, ask: Ask, reply: Reply, out: &mut Vec<Step>) {
        if let Some((_, sent)) = self.renewing.take_if(|(renewal, _)| *renewal == ask) {
            self.renewed(now, sent, reply, out);
            return;
        }
        if ask != self.asked {
            return;
        }
        match (self.phase, reply) {
            (Phase::Trying, Reply::Entered(token)) => {
                self.phase = Phase::Idle;
                self.holds += 1;
                self.token = token;
                self.until = Some(self.sent + self.ttl());
                if self.lease.is_none() && self.renew_at == Time::NEVER && self.renewing.is_none() {
                    self.renew_at = now + self.period();
                }
                self.unsubscribe(out);
                out.push(Step::Acquired);
            }
            (Phase::Trying, Reply::Taken(left)) => self.wait(now, left, out),
            (Phase::Subscribing, Reply::Ok) => {
                self.subscribed = true;
                if now >= self.deadline { self.refuse(out) } else { self.enter(now, out) }
            }
            (Phase::Leaving, reply) => self.left(reply, out),
            (Phase::Trying | Phase::Subscribing, _) => self.fail(out),
            (Phase::Idle | Phase::Listening, _) => {}
        }
    }

    fn wait(&mut self, now: Time, left: Option<Span>, out: &mut Vec<Step>) {
        if now >= self.deadline {
            self.refuse(out);
        } else if !self.subscribed {
            self.phase = Phase::Subscribing;
            self.send(Command::Subscribe(self.settings.key, self.owner.client), out);
        } else if std::mem::take(&mut self.permit) {
            self.enter(now, out);
        } else {
            self.phase = Phase::Listening;
            // In its last millisecond a lock has 0 ms left. The real thing then asks without pause; here that would be for ever.
            let sleep = |left: Span| now + left.max(Span::from_millis(1));
            self.latch = left.map_or(Time::NEVER, sleep).min(self.deadline);
        }
    }

    fn left(&mut self, reply: Reply, out: &mut Vec<Step>) {
        self.phase = Phase::Idle;
        if reply == Reply::Integer(0) {
            self.holds = self.holds.saturating_sub(1);
            self.until = Some(self.sent + self.ttl());
            out.push(Step::Left);
            return;
        }
        self.forget();
        out.push(if reply == Reply::Integer(1) { Step::Released } else { Step::NotOwner });
    }

    fn forget(&mut self) {
        self.holds = 0;
        self.until = None;
        self.renew_at = Time::NEVER;
        self.renewing = None;
    }

    fn renewed(&mut self, now: Time, sent: Time, reply: Reply, out: &mut Vec<Step>) {
        if reply == Reply::Integer(1) {
            self.until = Some(sent + self.settings.watchdog);
            self.renew_at = now + self.period();
        } else {
            out.push(Step::WatchdogStopped);
        }
    }

    /// A third of the watchdog's timeout, from one renewal's answer to the next renewal (`RenewalTask.schedule`).
    fn period(&self) -> Span {
        Span::from_millis(self.settings.watchdog.millis() / 3)
    }

    fn refuse(&mut self, out: &mut Vec<Step>) {
        self.phase = Phase::Idle;
        self.latch = Time::NEVER;
        self.unsubscribe(out);
        out.push(Step::Refused);
    }

    fn fail(&mut self, out: &mut Vec<Step>) {
        self.phase = Phase::Idle;
        self.unsubscribe(out);
        out.push(Step::Failed);
    }

    fn unsubscribe(&mut self, out: &mut Vec<Step>) {
        if std::mem::take(&mut self.subscribed) {
            self.send(Command::Unsubscribe(self.settings.key, self.owner.client), out);
        }
    }

    /// A message came on the lock's channel: somebody has left it.
    pub fn message(&mut self, now: Time, out: &mut Vec<Step>) {
        match self.phase {
            Phase::Listening => self.enter(now, out),
            Phase::Trying => self.permit = true,
            Phase::Idle | Phase::Subscribing | Phase::Leaving => {}
        }
    }

    /// No answer came in the client's own time. A renewal is tried again a period later; anything else is an exception.
    pub fn give_up(&mut self, now: Time, ask: Ask, out: &mut Vec<Step>) {
        if self.renewing.take_if(|(renewal, _)| *renewal == ask).is_some() {
            self.renew_at = now + self.period();
        } else if ask == self.asked && matches!(self.phase, Phase::Trying | Phase::Subscribing) {
            self.fail(out);
        } else if ask == self.asked && self.phase == Phase::Leaving {
            self.phase = Phase::Idle;
            self.forget();
            out.push(Step::Failed);
        }
    }

    /// `unlock()`. Asks the server whether it may; so it can be called, and fail, without holding the lock.
    pub fn unlock(&mut self, now: Time, out: &mut Vec<Step>) {
        self.phase = Phase::Leaving;
        self.sent = now;
        self.send(Command::Leave { key: self.settings.key, owner: self.owner, ttl: self.ttl() }, out);
    }

    /// Does what is due at `now`: tries again when the other's time should be over, ends its wait, or renews.
    pub fn tick(&mut self, now: Time, out: &mut Vec<Step>) {
        if self.phase == Phase::Listening && self.latch <= now {
            if now >= self.deadline { self.refuse(out) } else { self.enter(now, out) }
        }
        if self.renew_at <= now {
            self.renew_at = Time::NEVER;
            // Numbered apart from the thread's own question, which may be under way.
            self.renewals = self.renewals.wrapping_add(1);
            let ask = Ask(self.renewals | WATCHDOG);
            self.renewing = Some((ask, now));
            let (key, owner, ttl) = (self.settings.key, self.owner, self.settings.watchdog);
            out.push(Step::Send(Call { ask, command: Command::Renew { key, owner, ttl } }));
        }
    }

    /// When [`RLock::tick`] has something to do.
    pub fn next_timer(&self) -> Time {
        self.latch.min(self.renew_at)
    }

    /// What the thread goes by. It never looks at the time.
    pub const fn belief(&self) -> Belief {
        match self.phase {
            _ if self.holds > 0 => Belief::Holds,
            Phase::Idle | Phase::Leaving => Belief::Out,
            Phase::Trying | Phase::Subscribing | Phase::Listening => Belief::Waiting,
        }
    }

    /// Until when the server keeps the lock, counted from the last command that is known to have worked. Redisson itself
    /// does not look at it.
    pub const fn until(&self) -> Option<Time> {
        self.until
    }

    /// How often it has entered and not left.
    pub const fn holds(&self) -> u32 {
        self.holds
    }

    /// The token of its latest entry, of a fenced lock.
    pub const fn token(&self) -> Option<Token> {
        self.token
    }

    /// Whether the watchdog is at work.
    pub fn watched(&self) -> bool {
        self.renew_at != Time::NEVER || self.renewing.is_some()
    }

    /// When it renews next; `None` if it does not, or waits for an answer.
    pub fn renews_at(&self) -> Option<Time> {
        (self.renew_at != Time::NEVER).then_some(self.renew_at)
    }

    /// Who it is.
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// Set in the name of a renewal.
const WATCHDOG: u32 = 1 << 31;

#[cfg(test)]
mod tests {
    use super::super::Client;
    use super::super::redis::{Output, Persistence, Redis};
    use super::*;

    fn at(s: u64) -> Time {
        Time::from_secs(s)
    }

    const AT_ONCE: Option<Span> = Some(Span::ZERO);
    const TEN: Option<Span> = Some(Span::from_secs(10));
    const THIRTY: Option<Span> = Some(Span::from_secs(30));

    /// A server and threads of different clients. Nothing takes time on the way.
    struct World {
        server: Redis,
        threads: Vec<RLock>,
        said: Vec<(usize, Step)>,
    }

    impl World {
        fn new(threads: u16) -> Self {
            let counter = Some(Key(1));
            let thread = |n| {
                let owner = Owner { client: Client(n), thread: 1 };
                RLock::new(Settings { counter, ..Settings::default() }, owner)
            };
            let threads = (0..threads).map(thread).collect();
            Self { server: Redis::new(Persistence::Nothing, Time::ZERO), threads, said: Vec::new() }
        }

        fn call(&mut self, now: Time, n: usize, f: &dyn Fn(&mut RLock, &mut Vec<Step>)) {
            let mut steps = Vec::new();
            f(&mut self.threads[n], &mut steps);
            for step in steps {
                let Step::Send(call) = step else {
                    self.said.push((n, step));
                    continue;
                };
                let mut out = Output::default();
                let reply = self.server.execute(now, &call.command, &mut out);
                self.call(now, n, &|thread, steps| thread.answer(now, call.ask, reply, steps));
                for (client, _) in out.messages {
                    self.call(now, usize::from(client.0), &|thread, steps| thread.message(now, steps));
                }
            }
        }

        fn lock(&mut self, s: u64, n: usize, wait: Option<Span>, lease: Option<Span>) -> Vec<(usize, Step)> {
            self.call(at(s), n, &|thread, steps| thread.try_lock(at(s), wait, lease, steps));
            std::mem::take(&mut self.said)
        }

        fn unlock(&mut self, s: u64, n: usize) -> Vec<(usize, Step)> {
            self.call(at(s), n, &|thread, steps| thread.unlock(at(s), steps));
            std::mem::take(&mut self.said)
        }

        /// Lets timers run up to `s`, but not those of `stopped`.
        fn run(&mut self, s: u64, stopped: Option<usize>) -> Vec<(usize, Step)> {
            loop {
                let awake = (0..self.threads.len()).filter(|&n| Some(n) != stopped);
                let next = awake.min_by_key(|&n| self.threads[n].next_timer());
                let Some(n) = next.filter(|&n| self.threads[n].next_timer() <= at(s)) else { break };
                let now = self.threads[n].next_timer();
                self.call(now, n, &|thread, steps| thread.tick(now, steps));
            }
            std::mem::take(&mut self.said)
        }
    }

    #[test]
    fn the_watchdog_renews_every_ten_seconds_and_a_lease_turns_it_off() {
        let mut world = World::new(2);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!(world.run(95, None), []);
        assert_eq!(world.threads[0].until(), Some(at(120)));
        assert_eq!(world.threads[0].renews_at(), Some(at(100)));
        assert_eq!(world.lock(96, 1, AT_ONCE, None), [(1, Step::Refused)]);

        let mut world = World::new(2);
        assert_eq!(world.lock(0, 0, TEN, THIRTY), [(0, Step::Acquired)]);
        assert!(!world.threads[0].watched());
        assert_eq!(world.lock(31, 1, AT_ONCE, None), [(1, Step::Acquired)]);
        assert_eq!(world.threads[0].belief(), Belief::Holds);
        assert_eq!(world.unlock(32, 0), [(0, Step::NotOwner)]);
        assert_eq!(world.unlock(33, 1), [(1, Step::Released)]);
    }

    #[test]
    fn unlock_after_a_try_that_failed_throws() {
        let mut world = World::new(2);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!(world.lock(1, 1, AT_ONCE, THIRTY), [(1, Step::Refused)]);
        assert_eq!(world.unlock(2, 1), [(1, Step::NotOwner)]);
        assert_eq!(world.threads[0].belief(), Belief::Holds);
    }

    #[test]
    fn the_watchdog_stops_with_its_process_and_stops_for_good_when_it_comes_too_late() {
        let mut world = World::new(2);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!(world.lock(5, 1, None, None), []);
        // Thread 0 stands still: it renews at 10 no more. The other one sleeps for what is left, at 5: 25 s, and asks again.
        let said = world.run(31, Some(0));
        assert_eq!(said, [(1, Step::Acquired)]);
        assert_eq!([0, 1].map(|n| world.threads[n].token()), [Some(Token(1)), Some(Token(2))]);
        assert_eq!(world.run(31, None), [(0, Step::WatchdogStopped)]);
        assert_eq!((world.threads[0].belief(), world.threads[0].watched()), (Belief::Holds, false));
    }

    #[test]
    fn a_release_wakes_every_client_that_waits_and_one_gets_in() {
        let mut world = World::new(4);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        for n in 1..4 {
            assert_eq!(world.lock(1, n, None, None), []);
        }
        assert_eq!(world.server.subscribers(Key(0)).count(), 3);
        let said = world.unlock(2, 0);
        assert_eq!(said, [(0, Step::Released), (1, Step::Acquired)]);
        assert_eq!(world.server.subscribers(Key(0)).count(), 2);
        assert_eq!(world.threads[2].belief(), Belief::Waiting);
    }

    #[test]
    fn a_wait_ends_when_it_is_over() {
        let mut world = World::new(2);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!(world.lock(1, 1, TEN, None), []);
        assert_eq!(world.threads[1].next_timer(), at(11));
        assert_eq!(world.run(11, None), [(1, Step::Refused)]);
        assert_eq!(world.server.subscribers(Key(0)).count(), 0);
    }

    #[test]
    fn the_same_thread_enters_again_and_each_entry_has_a_token() {
        let mut world = World::new(1);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!(world.lock(1, 0, None, None), [(0, Step::Acquired)]);
        assert_eq!((world.threads[0].holds(), world.threads[0].token()), (2, Some(Token(2))));
        assert_eq!(world.unlock(2, 0), [(0, Step::Left)]);
        assert_eq!(world.unlock(3, 0), [(0, Step::Released)]);
        assert!(!world.threads[0].watched());
        assert_eq!(world.unlock(4, 0), [(0, Step::NotOwner)]);
    }

    #[test]
    fn a_renewal_without_an_answer_is_tried_again_a_period_later() {
        let mut world = World::new(1);
        assert_eq!(world.lock(0, 0, None, None), [(0, Step::Acquired)]);
        let (thread, mut out) = (&mut world.threads[0], Vec::new());
        thread.tick(at(10), &mut out);
        let [Step::Send(call)] = out[..] else { panic!("{out:?}") };
        thread.give_up(at(13), call.ask, &mut out);
        assert_eq!(thread.renews_at(), Some(at(23)));
        assert_eq!(thread.until(), Some(at(30)), "nothing is known to be renewed");
    }
}
