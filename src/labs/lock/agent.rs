//! A client's part of the lock, whatever the design: one face over the patterns' types.

mod steps;

use super::config::Config;
use super::design::Design;
use super::message::{Life, Message, Refusal};
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::redis::{Ask, Key, Lock, Owner, Settings, Step};
use crate::patterns::lock::redisson::{self, RLock};
use crate::patterns::lock::redlock::{self, Redlock};
use crate::patterns::lock::zookeeper::{self, Contender};
use crate::patterns::lock::{Belief, Client, Token, etcd};

/// The key of the lock.
pub(super) const LOCK: Key = Key(0);
/// The key of the counter that tokens come from.
const COUNTER: Key = Key(1);

/// What an agent tells the rest of its client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Note {
    Acquired(Option<Token>),
    /// Redisson's `tryLock` gave false.
    Refused,
    /// A command had no answer; the client asks again.
    Failed,
    /// It has left; false: the lock was not its own any more.
    Released(bool),
    /// `unlock` threw: the lock is not this thread's.
    NotOwner,
    /// It knows that the lock is gone.
    Lost,
    /// A renewal came to nothing, and nobody is told.
    WatchdogStopped,
    /// Its connection is gone; whether the lock is, it cannot know.
    Doubts,
    /// A renewal failed for now.
    NotRenewed,
}

/// What a call gives: messages, each to the server of that number, and notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Out {
    pub sends: Vec<(u8, Message)>,
    pub notes: Vec<Note>,
}

#[derive(Clone, Debug)]
enum Kind {
    Redis(Lock),
    Redlock(Redlock),
    Redisson(RLock),
    Keeper(Contender),
    Etcd(etcd::Mutex),
}

/// One process's part of the lock. `now` is the clock of its machine.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    kind: Kind,
    life: Life,
    /// Questions without an answer yet, and until when they are waited for.
    calls: Vec<(Ask, Time)>,
    patience: Span,
    wait: Option<Span>,
    lease: Option<Span>,
    /// How often Redlock extends, and when next.
    renew: Option<Span>,
    renew_at: Time,
    /// It wants to be rid of the lock.
    leaving: bool,
    /// Word from a watch may have been missed.
    missed: bool,
}

impl Agent {
    pub fn new(config: &Config, design: Design, node: u8, life: Life) -> Self {
        let kind = match design {
            Design::Redis | Design::Replica => Kind::Redis(Lock::new(Settings {
                key: LOCK,
                ttl: config.ttl,
                renew: config.renew,
                retry: Some(config.retry),
                counter: Some(COUNTER),
                flaw: config.flaw,
            })),
            Design::Redlock => Kind::Redlock(Redlock::new(redlock::Settings {
                server_timeout: config.server_timeout,
                // It asks until it has the lock, as the others do.
                tries: u32::MAX,
                retry_delay: config.retry.times(2.0),
                // It has no lock without an end: the longest stands for it.
                ..redlock::Settings::reference(config.servers, config.ttl.unwrap_or(FOREVER))
            })),
            Design::Redisson => Kind::Redisson(RLock::new(
                redisson::Settings { key: LOCK, watchdog: config.watchdog, counter: Some(COUNTER) },
                // Another process has another name, so its threads are others.
                Owner { client: Client(node.into()), thread: life },
            )),
            Design::Keeper => Kind::Keeper(Contender::new(zookeeper::Settings {
                watching: config.watching,
                ..zookeeper::Settings::with_timeout(config.session)
            })),
            Design::Etcd => Kind::Etcd(etcd::Mutex::new(etcd::Settings { ttl: config.etcd_ttl })),
        };
        Self {
            kind,
            life,
            calls: Vec::new(),
            patience: config.patience,
            wait: config.wait,
            lease: config.lease,
            renew: config.renew,
            renew_at: Time::NEVER,
            leaving: false,
            missed: false,
        }
    }

    /// The process begins.
    pub fn start(&mut self, now: Time, out: &mut Out) {
        if let Kind::Keeper(contender) = &mut self.kind {
            let mut given = zookeeper::Output::default();
            contender.start(now, &mut given);
            self.keeper(given, out);
        }
    }

    /// Asks for the lock.
    pub fn acquire(&mut self, now: Time, draw: Draw, out: &mut Out) {
        self.leaving = false;
        let (wait, lease) = (self.wait, self.lease);
        match &mut self.kind {
            Kind::Redis(lock) => {
                let step = lock.acquire(now, draw);
                self.redis(step, now, out);
            }
            Kind::Redlock(lock) => {
                let step = lock.acquire(now, draw);
                self.redlock(step, now, out);
            }
            Kind::Redisson(lock) => {
                let mut steps = Vec::new();
                lock.try_lock(now, wait, lease, &mut steps);
                self.redisson(steps, now, out);
            }
            Kind::Keeper(contender) => {
                let mut given = zookeeper::Output::default();
                contender.acquire(now, draw, &mut given);
                self.keeper(given, out);
            }
            Kind::Etcd(mutex) => {
                let mut given = etcd::Output::default();
                mutex.acquire(&mut given);
                self.etcd(given, now, out);
            }
        }
    }

    /// Gives the lock back, or what it takes for its own.
    pub fn release(&mut self, now: Time, draw: Draw, out: &mut Out) {
        self.leaving = true;
        self.renew_at = Time::NEVER;
        match &mut self.kind {
            Kind::Redis(lock) => {
                let step = lock.release();
                self.redis(step, now, out);
            }
            Kind::Redlock(lock) => {
                let step = lock.release(now);
                self.redlock(step, now, out);
            }
            Kind::Redisson(lock) => {
                let mut steps = Vec::new();
                lock.unlock(now, &mut steps);
                self.redisson(steps, now, out);
            }
            Kind::Keeper(contender) => {
                let mut given = zookeeper::Output::default();
                contender.release(now, draw, &mut given);
                self.keeper(given, out);
            }
            Kind::Etcd(mutex) => {
                let had = mutex.lease().is_some();
                let mut given = etcd::Output::default();
                mutex.release(&mut given);
                self.etcd(given, now, out);
                if !had {
                    self.leaving = false;
                    out.notes.push(Note::Released(false));
                }
            }
        }
    }

    /// Something came for it.
    pub fn receive(&mut self, now: Time, draw: Draw, message: &Message, out: &mut Out) {
        match (message, &mut self.kind) {
            (Message::Reply(life, ask, reply), kind) if *life == self.life => {
                self.calls.retain(|(call, _)| call != ask);
                match kind {
                    Kind::Redis(lock) => {
                        let renewal = lock.belief() == Belief::Holds;
                        let step = lock.answer(now, *ask, *reply);
                        let lost = renewal && step == Step::Lost;
                        self.redis(step, now, out);
                        if lost {
                            out.notes.push(Note::NotRenewed);
                        }
                    }
                    Kind::Redlock(lock) => {
                        let step = lock.answer(now, *ask, *reply, draw);
                        self.redlock(step, now, out);
                    }
                    Kind::Redisson(lock) => {
                        let mut steps = Vec::new();
                        lock.answer(now, *ask, *reply, &mut steps);
                        self.redisson(steps, now, out);
                    }
                    Kind::Keeper(_) | Kind::Etcd(_) => {}
                }
            }
            (Message::Free, Kind::Redisson(lock)) => {
                let mut steps = Vec::new();
                lock.message(now, &mut steps);
                self.redisson(steps, now, out);
            }
            (Message::Answered(life, connection, answer), Kind::Keeper(contender)) if *life == self.life => {
                let mut given = zookeeper::Output::default();
                contender.answer(now, draw, *connection, answer, &mut given);
                self.keeper(given, out);
            }
            (Message::Watched(life, connection, event), Kind::Keeper(contender)) if *life == self.life => {
                let mut given = zookeeper::Output::default();
                contender.event(now, draw, *connection, *event, &mut given);
                self.keeper(given, out);
            }
            (
                Message::Closed(life, connection) | Message::Refused(life, Refusal::Connection(connection)),
                Kind::Keeper(contender),
            ) if *life == self.life => {
                let mut given = zookeeper::Output::default();
                contender.cut(now, draw, *connection, &mut given);
                self.keeper(given, out);
            }
            (Message::Told(life, ask, answer), Kind::Etcd(mutex)) if *life == self.life => {
                self.calls.retain(|(call, _)| call != ask);
                let mut given = etcd::Output::default();
                mutex.answer(now, *ask, *answer, &mut given);
                // A stream that broke goes on from where it was: what was deleted meanwhile is told.
                if std::mem::take(&mut self.missed)
                    && let Some(watched) = mutex.watches()
                {
                    mutex.deleted(watched, &mut given);
                }
                self.etcd(given, now, out);
            }
            (Message::Deleted(life, lease), Kind::Etcd(mutex)) if *life == self.life => {
                let mut given = etcd::Output::default();
                mutex.deleted(*lease, &mut given);
                self.etcd(given, now, out);
            }
            (Message::Refused(life, Refusal::Ask(ask)), _) if *life == self.life => {
                self.fail(now, *ask, draw, out);
            }
            _ => {}
        }
    }

    /// A question has no answer: it was refused, or waited for long enough.
    fn fail(&mut self, now: Time, ask: Ask, draw: Draw, out: &mut Out) {
        match &mut self.kind {
            Kind::Redis(lock) => {
                self.calls.retain(|(call, _)| *call != ask);
                let renewal = lock.belief() == Belief::Holds;
                let step = lock.give_up(now, ask);
                // What was carried out is unknown; the pattern says only that nothing more is done.
                match step {
                    Step::Released { .. } => out.notes.push(Note::Failed),
                    step => self.redis(step, now, out),
                }
                if renewal {
                    out.notes.push(Note::NotRenewed);
                }
            }
            Kind::Redlock(lock) => {
                let step = lock.failed(now, ask, draw);
                self.redlock(step, now, out);
            }
            Kind::Redisson(lock) => {
                self.calls.retain(|(call, _)| *call != ask);
                let mut steps = Vec::new();
                let renewal = lock.holds() > 0 && lock.belief() == Belief::Holds && !self.leaving;
                lock.give_up(now, ask, &mut steps);
                self.redisson(steps, now, out);
                if renewal {
                    out.notes.push(Note::NotRenewed);
                }
            }
            // One refused at once is asked again when its time is over, and not without pause.
            Kind::Etcd(_) => self.missed = true,
            Kind::Keeper(_) => {}
        }
    }

    /// Does what is due at `now`. Starved: what runs beside the work, and keeps the lock, does not run.
    pub fn tick(&mut self, now: Time, draw: Draw, starved: bool, out: &mut Out) {
        let due: Vec<Ask> = self.calls.iter().filter(|(_, at)| *at <= now).map(|(ask, _)| *ask).collect();
        self.calls.retain(|(_, at)| *at > now);
        for ask in &due {
            self.fail(now, *ask, draw, out);
        }
        let stuck = self.is_stuck(starved);
        match &mut self.kind {
            Kind::Redis(lock) if !stuck => {
                let step = lock.tick(now);
                self.redis(step, now, out);
            }
            Kind::Redlock(lock) => {
                let mut step = lock.tick(now, draw);
                if step == redlock::Step::Wait && self.renew_at <= now && !stuck {
                    self.renew_at = self.renew.map_or(Time::NEVER, |renew| now + renew);
                    step = lock.extend(now);
                }
                self.redlock(step, now, out);
            }
            Kind::Redisson(lock) if !stuck => {
                let mut steps = Vec::new();
                lock.tick(now, &mut steps);
                self.redisson(steps, now, out);
            }
            Kind::Keeper(contender) if !stuck => {
                let mut given = zookeeper::Output::default();
                contender.tick(now, draw, &mut given);
                self.keeper(given, out);
            }
            Kind::Etcd(mutex) => {
                let mut given = etcd::Output::default();
                if !due.is_empty() {
                    mutex.retry(&mut given);
                }
                if !stuck {
                    mutex.tick(now, &mut given);
                }
                self.etcd(given, now, out);
            }
            _ => {}
        }
    }

    /// Whether starving stops this agent's own timers: always where a thread keeps a session alive, else only its renewals.
    fn is_stuck(&self, starved: bool) -> bool {
        let keeps_session = matches!(self.kind, Kind::Keeper(_) | Kind::Etcd(_));
        starved && (keeps_session || self.belief() == Belief::Holds)
    }

    /// When [`Agent::tick`] has something to do.
    pub fn next_timer(&self, starved: bool) -> Time {
        let stuck = self.is_stuck(starved);
        let own = match &self.kind {
            Kind::Redlock(lock) => lock.next_timer().min(if stuck { Time::NEVER } else { self.renew_at }),
            _ if stuck => Time::NEVER,
            Kind::Redis(lock) => lock.next_timer(),
            Kind::Redisson(lock) => lock.next_timer(),
            Kind::Keeper(contender) => contender.next_timer(),
            Kind::Etcd(mutex) => mutex.next_timer(),
        };
        self.calls.iter().map(|(_, at)| *at).min().unwrap_or(Time::NEVER).min(own)
    }

    /// What it goes by.
    pub fn belief(&self) -> Belief {
        match &self.kind {
            Kind::Redis(lock) => lock.belief(),
            Kind::Redlock(lock) => lock.belief(),
            // Who has called `unlock` takes the lock for given back.
            Kind::Redisson(_) if self.leaving => Belief::Out,
            Kind::Redisson(lock) => lock.belief(),
            Kind::Keeper(contender) => contender.belief(),
            Kind::Etcd(mutex) => mutex.belief(),
        }
    }

    /// Until when the lock is its own by its own clock, if it counts.
    pub fn until(&self) -> Option<Time> {
        match &self.kind {
            Kind::Redis(lock) => lock.until(),
            Kind::Redlock(lock) => lock.until(),
            Kind::Redisson(lock) => lock.until(),
            Kind::Keeper(_) => None,
            Kind::Etcd(mutex) => mutex.until(),
        }
    }

    /// The session of `ZooKeeper`, or the lease of etcd, as a number.
    pub fn session(&self) -> Option<u32> {
        match &self.kind {
            Kind::Keeper(contender) => contender.session().map(|session| session.0),
            Kind::Etcd(mutex) => mutex.lease().map(|lease| lease.0),
            _ => None,
        }
    }

    /// How many servers said yes in Redlock's last round.
    pub fn yes(&self) -> Option<usize> {
        if let Kind::Redlock(lock) = &self.kind { Some(lock.yes()) } else { None }
    }

    /// About how many bytes it holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.calls.capacity() * size_of::<(Ask, Time)>() + 16
    }
}

/// The longest lease that Redlock can be asked for here.
const FOREVER: Span = Span::from_secs(1_000_000);
