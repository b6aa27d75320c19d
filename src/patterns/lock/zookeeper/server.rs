//! A stand-alone server: sessions that end on the edges of ticks, nodes that go with them, watches that fire once.

use std::collections::BTreeMap;

use super::{Answer, Event, Node, Request, Sequence, Session};
use crate::engine::time::{Span, Time};
use crate::patterns::lock::Token;

/// What a call gives besides its answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Notices {
    /// Watches that fired, to whom they belong.
    pub events: Vec<(Session, Event)>,
    /// Sessions that have ended. Their connections are closed, if they still have one.
    pub ended: Vec<Session>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Tracked {
    timeout: Span,
    ends: Time,
}

/// One server with one lock path. `now` is its monotonic clock (`Time.currentElapsedTime`), so setting the date changes nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Server {
    tick: Span,
    sessions: BTreeMap<Session, Tracked>,
    next_session: u32,
    /// Lowest first.
    nodes: Vec<Node>,
    next_sequence: u32,
    zxid: u64,
    node_watches: Vec<(Sequence, Session)>,
    child_watches: Vec<Session>,
    lists: u64,
    notified: u64,
}

impl Server {
    /// A server without sessions, whose `tickTime` is `tick`. `zoo_sample.cfg` has 2 s.
    pub const fn new(tick: Span) -> Self {
        Self {
            tick,
            sessions: BTreeMap::new(),
            next_session: 1,
            nodes: Vec::new(),
            next_sequence: 0,
            zxid: 0,
            node_watches: Vec::new(),
            child_watches: Vec::new(),
            lists: 0,
            notified: 0,
        }
    }

    /// `ExpiryQueue.roundToNextInterval`: the first edge *after* an instant, in whole milliseconds.
    fn edge_after(&self, instant: Time) -> Time {
        let tick = self.tick.millis().max(1);
        Time::from_millis((instant.millis() / tick + 1).saturating_mul(tick))
    }

    /// A request came on the connection of `session`; of none, if it is to connect.
    pub fn handle(
        &mut self,
        now: Time,
        session: Option<Session>,
        request: Request,
        out: &mut Notices,
    ) -> Answer {
        if let Request::Connect { session, timeout } = request {
            return self.connect(now, session, timeout);
        }
        let Some(session) = session.filter(|&session| self.touch(now, session)) else {
            return Answer::Expired;
        };
        match request {
            Request::Connect { .. } | Request::Ping => Answer::Pong,
            Request::Create => {
                self.zxid += 1;
                let sequence = Sequence(self.next_sequence);
                self.next_sequence += 1;
                let node = Node { sequence, session, created: Token(self.zxid) };
                self.nodes.push(node);
                self.children_changed(out);
                Answer::Created(node)
            }
            Request::List { watch } => {
                self.lists += 1;
                if watch && !self.child_watches.contains(&session) {
                    self.child_watches.push(session);
                }
                Answer::Children(self.nodes.clone())
            }
            Request::Exists { node, watch } => {
                let there = self.nodes.iter().any(|other| other.sequence == node);
                if watch && there && !self.node_watches.contains(&(node, session)) {
                    self.node_watches.push((node, session));
                }
                Answer::Exists(there)
            }
            Request::Delete(node) => {
                self.zxid += 1;
                Answer::Deleted(self.delete(node, out))
            }
            Request::Close => {
                self.end(session, out);
                Answer::Closed
            }
        }
    }

    /// Timeouts are kept between 2 and 20 ticks.
    fn connect(&mut self, now: Time, session: Option<Session>, timeout: Span) -> Answer {
        let session = match session {
            Some(session) if self.touch(now, session) => {
                // A new connection: what the old one watched is not watched any more.
                self.unwatch(session);
                session
            }
            Some(_) => return Answer::Expired,
            None => {
                let session = Session(self.next_session);
                self.next_session += 1;
                self.zxid += 1;
                let ticks = |n| Span::from_nanos(self.tick.nanos().saturating_mul(n));
                let timeout = timeout.max(ticks(2)).min(ticks(20));
                let ends = self.edge_after(now + timeout);
                self.sessions.insert(session, Tracked { timeout, ends });
                session
            }
        };
        let timeout = self.sessions.get(&session).map_or(timeout, |tracked| tracked.timeout);
        Answer::Connected(session, timeout)
    }

    fn touch(&mut self, now: Time, session: Session) -> bool {
        let Some(timeout) = self.sessions.get(&session).map(|tracked| tracked.timeout) else { return false };
        let ends = self.edge_after(now + timeout);
        self.sessions.insert(session, Tracked { timeout, ends });
        true
    }

    fn delete(&mut self, node: Sequence, out: &mut Notices) -> bool {
        let before = self.nodes.len();
        self.nodes.retain(|other| other.sequence != node);
        if self.nodes.len() == before {
            return false;
        }
        let (fired, left) =
            std::mem::take(&mut self.node_watches).into_iter().partition(|&(of, _)| of == node);
        self.node_watches = left;
        let fired: Vec<(Sequence, Session)> = fired;
        self.notified += fired.len() as u64;
        out.events.extend(fired.into_iter().map(|(_, session)| (session, Event::Gone(node))));
        self.children_changed(out);
        true
    }

    fn children_changed(&mut self, out: &mut Notices) {
        self.notified += self.child_watches.len() as u64;
        out.events.extend(self.child_watches.drain(..).map(|session| (session, Event::ChildrenChanged)));
    }

    fn unwatch(&mut self, session: Session) {
        self.node_watches.retain(|&(_, watcher)| watcher != session);
        self.child_watches.retain(|&watcher| watcher != session);
    }

    /// One transaction, `closeSession`, takes the session and its nodes away.
    fn end(&mut self, session: Session, out: &mut Notices) {
        self.zxid += 1;
        self.sessions.remove(&session);
        self.unwatch(session);
        let own: Vec<Sequence> =
            self.nodes.iter().filter(|node| node.session == session).map(|node| node.sequence).collect();
        for node in own {
            self.delete(node, out);
        }
        out.ended.push(session);
    }

    /// When the next session ends if nothing is heard of it.
    pub fn next_timer(&self) -> Time {
        self.sessions.values().map(|tracked| tracked.ends).min().unwrap_or(Time::NEVER)
    }

    /// Ends the sessions whose time is over.
    pub fn tick(&mut self, now: Time, out: &mut Notices) {
        let over: Vec<Session> = self
            .sessions
            .iter()
            .filter(|(_, tracked)| tracked.ends <= now)
            .map(|(&session, _)| session)
            .collect();
        for session in over {
            self.end(session, out);
        }
    }

    /// The contenders, lowest first: the first one has the lock.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Who has the lock, and since which transaction.
    pub fn holder(&self) -> Option<Node> {
        self.nodes.first().copied()
    }

    /// When `session` ends if nothing more is heard of it; `None` if there is none.
    pub fn ends(&self, session: Session) -> Option<Time> {
        self.sessions.get(&session).map(|tracked| tracked.ends)
    }

    /// The number of the latest transaction.
    pub const fn zxid(&self) -> Token {
        Token(self.zxid)
    }

    /// How many watches have fired.
    pub const fn notified(&self) -> u64 {
        self.notified
    }

    /// How often it was asked for all nodes.
    pub const fn lists(&self) -> u64 {
        self.lists
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    fn ask(server: &mut Server, now: u64, session: Session, request: Request) -> (Answer, Notices) {
        let mut out = Notices::default();
        (server.handle(ms(now), Some(session), request, &mut out), out)
    }

    fn connect(server: &mut Server, now: u64, timeout: u64) -> (Session, Span) {
        let request = Request::Connect { session: None, timeout: Span::from_millis(timeout) };
        match server.handle(ms(now), None, request, &mut Notices::default()) {
            Answer::Connected(session, timeout) => (session, timeout),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_session_ends_on_the_first_edge_after_its_time() {
        let mut server = Server::new(Span::from_secs(2));
        let (a, timeout) = connect(&mut server, 100, 4000);
        assert_eq!(timeout, Span::from_secs(4));
        for (heard, ends) in [(100, 6000), (1999, 6000), (2000, 8000), (2500, 8000)] {
            assert_eq!(ask(&mut server, heard, a, Request::Ping).0, Answer::Pong);
            assert_eq!(server.ends(a), Some(ms(ends)), "{heard}");
        }
        let mut out = Notices::default();
        server.tick(ms(7999), &mut out);
        assert_eq!((server.next_timer(), out.ended.len()), (ms(8000), 0));
        server.tick(ms(8000), &mut out);
        assert_eq!((server.next_timer(), out.ended), (Time::NEVER, vec![a]));
        assert_eq!(ask(&mut server, 8000, a, Request::Ping).0, Answer::Expired);
    }

    #[test]
    fn timeouts_are_kept_between_two_and_twenty_ticks() {
        let mut server = Server::new(Span::from_secs(2));
        let timeouts = [1000, 4000, 30_000, 60_000].map(|asked| connect(&mut server, 0, asked).1.millis());
        assert_eq!(timeouts, [4000, 4000, 30_000, 40_000]);
    }

    #[test]
    fn nodes_are_numbered_go_with_their_session_and_their_numbers_do_not_come_again() {
        let mut server = Server::new(Span::from_secs(2));
        let sessions = [4000, 4000, 4000].map(|timeout| connect(&mut server, 0, timeout).0);
        for session in sessions {
            let _ = ask(&mut server, 0, session, Request::Create);
        }
        let tokens: Vec<Token> = server.nodes().iter().map(|node| node.created).collect();
        assert!(tokens.is_sorted_by(|a, b| a < b), "{tokens:?}");
        let (_, out) = ask(&mut server, 10, sessions[0], Request::Close);
        assert_eq!(out.ended, [sessions[0]]);
        let Answer::Created(node) = ask(&mut server, 20, sessions[1], Request::Create).0 else { panic!() };
        assert_eq!(
            (node.sequence, server.holder().map(|node| node.session)),
            (Sequence(3), Some(sessions[1]))
        );
    }

    #[test]
    fn a_watch_fires_once_and_not_for_a_connection_that_is_gone() {
        let mut server = Server::new(Span::from_secs(2));
        let [a, b, c] = [0; 3].map(|_| connect(&mut server, 0, 4000).0);
        for session in [a, b] {
            let _ = ask(&mut server, 0, session, Request::Create);
        }
        let watch = Request::Exists { node: Sequence(0), watch: true };
        assert_eq!(ask(&mut server, 0, b, watch).0, Answer::Exists(true));
        assert_eq!(ask(&mut server, 0, c, watch).0, Answer::Exists(true));
        let _ = ask(&mut server, 0, c, Request::List { watch: true });
        let again = Request::Connect { session: Some(c), timeout: Span::from_secs(4) };
        let _ = server.handle(ms(1), None, again, &mut Notices::default());
        let (answer, out) = ask(&mut server, 1, a, Request::Delete(Sequence(0)));
        assert_eq!((answer, out.events), (Answer::Deleted(true), vec![(b, Event::Gone(Sequence(0)))]));
        assert_eq!(
            ask(&mut server, 1, a, Request::Delete(Sequence(0))),
            (Answer::Deleted(false), Notices::default())
        );
        assert_eq!((server.notified(), server.lists()), (1, 1));
    }
}
