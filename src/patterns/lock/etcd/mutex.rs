//! A client: a session that keeps its lease alive, and a mutex on it.

use super::{Answer, Key, Lease, Request};
use crate::engine::time::{Span, Time};
use crate::patterns::lock::redis::Ask;
use crate::patterns::lock::{Belief, Token};

/// How a client locks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settings {
    /// `WithTTL` of the session. Default 60 s.
    pub ttl: Span,
}

impl Default for Settings {
    fn default() -> Self {
        Self { ttl: Span::from_secs(60) }
    }
}

/// A request to be sent, by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Call {
    /// The name, for the answer.
    pub ask: Ask,
    /// The request.
    pub request: Request,
}

/// What a client tells its user.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Note {
    /// `Lock` has returned.
    Acquired(Token),
    /// `Unlock` has returned.
    Released,
    /// `Session.Done()`: the lease is gone, or no keepalive was answered for as long as it lasts.
    Done,
    /// `Lock` returned `ErrSessionExpired`, or the lease was not found.
    Expired,
}

/// What a call gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Output {
    /// To be sent.
    pub calls: Vec<Call>,
    /// To be known.
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Phase {
    Out,
    /// Has no lease yet.
    Wanting,
    Entering,
    /// Asks for the key before its own.
    Looking,
    /// Waits for this one's key to go.
    Watching(Lease),
    /// Looks whether its own key is still there.
    Checking,
    Holding,
    Leaving,
    Lost,
}

/// One client. `now` is its own clock; while it is stopped, nothing of it is called.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Mutex {
    settings: Settings,
    asked: Ask,
    /// What it waits for, of the mutex.
    awaited: Option<Call>,
    lease: Option<Lease>,
    /// When a keepalive is due.
    keep_at: Time,
    /// When the session is over, if no keepalive is answered.
    deadline: Time,
    /// `sendKeepAliveLoop` looks every 500 ms.
    send_loop: Time,
    /// `deadlineLoop` looks every second.
    deadline_loop: Time,
    phase: Phase,
    own: Option<Key>,
}

impl Mutex {
    const SEND_LOOP: Span = Span::from_millis(500);
    const DEADLINE_LOOP: Span = Span::from_secs(1);

    /// A client without a session.
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            asked: Ask(0),
            awaited: None,
            lease: None,
            keep_at: Time::NEVER,
            deadline: Time::NEVER,
            send_loop: Time::NEVER,
            deadline_loop: Time::NEVER,
            phase: Phase::Out,
            own: None,
        }
    }

    fn send(&mut self, request: Request, out: &mut Output) -> Call {
        self.asked.0 += 1;
        let call = Call { ask: self.asked, request };
        out.calls.push(call);
        call
    }

    fn ask(&mut self, phase: Phase, request: Request, out: &mut Output) {
        self.phase = phase;
        self.awaited = Some(self.send(request, out));
    }

    /// `Lock`: opens a session, if it has none, and asks for the lock.
    pub fn acquire(&mut self, out: &mut Output) {
        match self.lease {
            Some(lease) => self.ask(Phase::Entering, Request::Enter(lease), out),
            None => self.ask(Phase::Wanting, Request::Grant(self.settings.ttl), out),
        }
    }

    /// `Unlock`, also of a client that waits: deletes its key.
    pub fn release(&mut self, out: &mut Output) {
        match self.lease {
            Some(lease) if self.phase != Phase::Out => self.ask(Phase::Leaving, Request::Delete(lease), out),
            _ => self.phase = Phase::Out,
        }
    }

    /// `Session.Close`: revokes the lease, and so deletes its key.
    pub fn close(&mut self, out: &mut Output) {
        if let Some(lease) = self.lease {
            self.ask(Phase::Leaving, Request::Revoke(lease), out);
            self.end_session();
        }
    }

    fn end_session(&mut self) {
        self.lease = None;
        for timer in [&mut self.keep_at, &mut self.deadline, &mut self.send_loop, &mut self.deadline_loop] {
            *timer = Time::NEVER;
        }
    }

    /// The session is over. A holder has lost the lock; one that waited is refused.
    fn done(&mut self, out: &mut Output) {
        self.end_session();
        out.notes.push(Note::Done);
        match self.phase {
            Phase::Holding => self.phase = Phase::Lost,
            Phase::Out | Phase::Lost | Phase::Leaving => {}
            _ => self.expired(out),
        }
    }

    fn expired(&mut self, out: &mut Output) {
        self.phase = Phase::Out;
        self.awaited = None;
        self.own = None;
        out.notes.push(Note::Expired);
    }

    /// An answer came.
    pub fn answer(&mut self, now: Time, ask: Ask, answer: Answer, out: &mut Output) {
        if let Answer::Kept(lease, left) = answer {
            if self.lease == Some(lease) {
                match left {
                    Some(ttl) => self.kept(now, ttl),
                    None => self.done(out),
                }
            }
            return;
        }
        let Some(call) = self.awaited.take_if(|call| call.ask == ask) else { return };
        match (self.phase, answer) {
            // The client goes on asking until somebody leads.
            (_, Answer::NoLeader) => self.awaited = Some(call),
            (Phase::Wanting, Answer::Granted(lease, ttl)) => {
                self.lease = Some(lease);
                self.kept(now, ttl);
                self.keep_at = now;
                self.send_loop = now;
                self.deadline_loop = now + Self::DEADLINE_LOOP;
                self.ask(Phase::Entering, Request::Enter(lease), out);
            }
            (Phase::Entering, Answer::Entered { own, lowest }) => {
                self.own = Some(own);
                if own == lowest {
                    self.hold(own, out);
                } else {
                    self.ask(Phase::Looking, Request::Before(own.created), out);
                }
            }
            (Phase::Looking, Answer::Found(Some(key))) => {
                self.ask(Phase::Watching(key.lease), Request::Watch(key.lease), out);
            }
            (Phase::Looking, Answer::Found(None)) => match self.lease {
                Some(lease) => self.ask(Phase::Checking, Request::Get(lease), out),
                None => self.expired(out),
            },
            (Phase::Checking, Answer::Found(found)) => match found.filter(|key| Some(*key) == self.own) {
                Some(own) => self.hold(own, out),
                None => self.expired(out),
            },
            (Phase::Leaving, _) => {
                self.phase = Phase::Out;
                self.own = None;
                out.notes.push(Note::Released);
            }
            (Phase::Wanting | Phase::Entering | Phase::Checking, Answer::NoLease) => self.expired(out),
            _ => {}
        }
    }

    fn hold(&mut self, own: Key, out: &mut Output) {
        self.phase = Phase::Holding;
        out.notes.push(Note::Acquired(Token(own.created.0)));
    }

    /// From an answer it is TTL to the end and a third of it to the next keepalive. The server counted from when it sent it,
    /// so this clock is late by the way back.
    fn kept(&mut self, now: Time, ttl: Span) {
        self.deadline = now + ttl;
        self.keep_at = now + Span::from_nanos(ttl.nanos() / 3);
    }

    /// The key that it watched is deleted.
    pub fn deleted(&mut self, key: Lease, out: &mut Output) {
        if let (Phase::Watching(watched), Some(own)) = (self.phase, self.own)
            && watched == key
        {
            self.ask(Phase::Looking, Request::Before(own.created), out);
        }
    }

    /// Sends again what it waits for. All requests of the mutex may be carried out twice.
    pub fn retry(&mut self, out: &mut Output) {
        if let Some(call) = self.awaited {
            self.awaited = Some(self.send(call.request, out));
        }
    }

    /// Does what is due at `now`: keeps the lease alive, or finds that it was not kept.
    pub fn tick(&mut self, now: Time, out: &mut Output) {
        if self.send_loop <= now {
            self.send_loop = now + Self::SEND_LOOP;
            if let Some(lease) = self.lease.filter(|_| self.keep_at <= now) {
                let _ = self.send(Request::KeepAlive(lease), out);
            }
        }
        if self.deadline_loop <= now {
            self.deadline_loop = now + Self::DEADLINE_LOOP;
            if self.deadline < now {
                self.done(out);
            }
        }
    }

    /// When [`Mutex::tick`] has something to do.
    pub fn next_timer(&self) -> Time {
        self.send_loop.min(self.deadline_loop)
    }

    /// What it goes by.
    pub const fn belief(&self) -> Belief {
        match self.phase {
            Phase::Out | Phase::Leaving => Belief::Out,
            Phase::Holding => Belief::Holds,
            Phase::Lost => Belief::Lost,
            _ => Belief::Waiting,
        }
    }

    /// Until when it believes in its lease; `None` without one.
    pub fn until(&self) -> Option<Time> {
        self.lease.map(|_| self.deadline)
    }

    /// Its lease.
    pub const fn lease(&self) -> Option<Lease> {
        self.lease
    }

    /// Whose key it watches.
    pub const fn watches(&self) -> Option<Lease> {
        if let Phase::Watching(lease) = self.phase { Some(lease) } else { None }
    }

    /// The create revision of its key, which can be its fencing token.
    pub fn token(&self) -> Option<Token> {
        self.own.map(|key| Token(key.created.0))
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Deleted, Server};
    use super::*;
    use crate::patterns::lock::Client;

    fn ms(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    /// A cluster and its clients. Nothing takes time on the way.
    struct World {
        server: Server,
        clients: Vec<Mutex>,
        stopped: Vec<usize>,
        notes: Vec<(Time, usize, Note)>,
        keepalives: Vec<Time>,
        woken: usize,
    }

    impl World {
        fn new(clients: usize, ttl: u64) -> Self {
            let settings = Settings { ttl: Span::from_secs(ttl) };
            let mut world = Self {
                server: Server::new(Span::from_secs(1), ms(0)),
                clients: vec![Mutex::new(settings); clients],
                stopped: Vec::new(),
                notes: Vec::new(),
                keepalives: Vec::new(),
                woken: 0,
            };
            for n in 0..clients {
                world.call(ms(0), n, &|client, out| client.acquire(out));
            }
            world
        }

        fn call(&mut self, now: Time, n: usize, f: &dyn Fn(&mut Mutex, &mut Output)) {
            let mut out = Output::default();
            f(&mut self.clients[n], &mut out);
            self.notes.extend(out.notes.into_iter().map(|note| (now, n, note)));
            for call in out.calls {
                if matches!(call.request, Request::KeepAlive(_)) && n == 0 {
                    self.keepalives.push(now);
                }
                let mut deleted = Vec::new();
                let from = Client(u16::try_from(n).unwrap());
                let answer = self.server.handle(now, from, call.request, &mut deleted);
                self.call(now, n, &|client, out| client.answer(now, call.ask, answer, out));
                self.tell(now, &deleted);
            }
        }

        fn tell(&mut self, now: Time, deleted: &[Deleted]) {
            self.woken += deleted.len();
            for &Deleted { to, key } in deleted {
                self.call(now, usize::from(to.0), &|client, out| client.deleted(key, out));
            }
        }

        fn run(&mut self, until: Time) {
            loop {
                let running: Vec<usize> =
                    (0..self.clients.len()).filter(|n| !self.stopped.contains(n)).collect();
                let timer =
                    running.iter().map(|&n| self.clients[n].next_timer()).min().unwrap_or(Time::NEVER);
                let now = timer.min(self.server.next_timer());
                if now > until {
                    return;
                }
                for n in running {
                    self.call(now, n, &|client, out| client.tick(now, out));
                }
                let mut deleted = Vec::new();
                self.server.tick(now, &mut deleted);
                self.tell(now, &deleted);
            }
        }

        fn holders(&self) -> Vec<usize> {
            let holds = |&n: &usize| self.clients[n].belief() == Belief::Holds;
            (0..self.clients.len()).filter(holds).collect()
        }
    }

    #[test]
    fn a_lease_is_kept_alive_every_third_of_its_ttl_or_half_a_second_later() {
        let mut world = World::new(1, 10);
        world.run(ms(20_000));
        let gaps: Vec<u64> =
            world.keepalives.windows(2).map(|pair| pair[1].since(pair[0]).millis()).collect();
        assert!(gaps.len() > 4 && gaps.iter().all(|&gap| gap == 3500), "{gaps:?}");
        assert_eq!(world.holders(), [0]);
        assert_eq!(Server::new(Span::from_secs(1), ms(0)).min_ttl(), Span::from_secs(2));
    }

    #[test]
    fn a_release_wakes_one_and_the_order_is_kept() {
        let mut world = World::new(5, 10);
        for n in 0..5 {
            assert_eq!(world.holders(), [n]);
            let tokens = world.server.keys().iter().map(|key| key.created);
            assert!(tokens.is_sorted());
            world.call(ms(10), n, &Mutex::release);
            assert_eq!(world.woken, (n + 1).min(4));
        }
    }

    #[test]
    fn who_leaves_the_queue_wakes_its_watcher_which_looks_again() {
        let mut world = World::new(3, 10);
        world.call(ms(10), 1, &Mutex::close);
        assert_eq!((world.holders(), world.clients[2].watches()), (vec![0], world.clients[0].lease()));
    }

    #[test]
    fn a_stopped_holder_is_followed_after_its_ttl_and_learns_when_it_runs_again() {
        let mut world = World::new(2, 10);
        world.run(ms(4000));
        // The last keepalive was at 3500.
        world.stopped = vec![0];
        world.run(ms(13_499));
        assert_eq!(world.holders(), [0]);
        world.run(ms(20_000));
        assert_eq!(world.holders(), [0, 1], "both believe");
        let acquired = world.notes.iter().rev().find(|(_, n, _)| *n == 1).unwrap();
        assert_eq!(acquired.0, ms(13_500));
        assert!(world.clients[1].token() > world.clients[0].token());
        world.stopped.clear();
        world.run(ms(20_000));
        assert_eq!(world.holders(), [1]);
        assert_eq!(world.clients[0].belief(), Belief::Lost);
    }

    #[test]
    fn no_lease_ends_without_a_leader_and_all_start_anew_with_one() {
        let mut world = World::new(2, 10);
        world.stopped = vec![0, 1];
        world.run(ms(4000));
        world.server.lose_leader();
        world.run(ms(60_000));
        assert_eq!(world.server.keys().len(), 2);
        let now = ms(60_000);
        let answer = world.server.handle(now, Client(0), Request::Get(Lease(1)), &mut Vec::new());
        assert_eq!(answer, Answer::NoLeader);
        world.server.elect(now);
        assert_eq!(world.server.ends(Lease(1)), Some(ms(71_000)), "TTL and an election timeout");
        world.run(ms(70_999));
        assert_eq!(world.server.keys().len(), 2);
        world.run(ms(71_500));
        assert_eq!(world.server.keys().len(), 0);
    }

    #[test]
    fn whose_own_key_is_gone_when_its_turn_comes_is_refused() {
        let mut world = World::new(2, 10);
        let lease = world.clients[1].lease().unwrap();
        let _ = world.server.handle(ms(5), Client(9), Request::Revoke(lease), &mut Vec::new());
        world.call(ms(10), 0, &Mutex::release);
        assert!(world.notes.contains(&(ms(10), 0, Note::Released)));
        assert!(world.notes.contains(&(ms(10), 1, Note::Expired)));
        assert!(world.holders().is_empty());
    }
}
