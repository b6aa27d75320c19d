//! When `ZooKeeper` ends the session of a holder that was killed, and the next one has the lock.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::zookeeper::{Answer, Notices, Request, Server};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "lock-session-ends",
    rev: 1,
    title: "when a session ends",
    skill: "compute",
    concepts: &["ephemeral-nodes", "lock-renewal"],
    draw,
};

/// A holder that pings and is killed. All in milliseconds of the server's clock.
#[derive(Clone, Copy, Debug)]
struct Case {
    tick: u64,
    timeout: u64,
    /// The first ping, and the time from one to the next.
    first: u64,
    every: u64,
    killed: u64,
}

impl Case {
    fn draw(dice: &mut Dice) -> Self {
        let tick = 100 * dice.one_of(&[5, 10, 20], 20);
        let timeout = tick * dice.between(2, 6);
        let every = timeout / 3 / 10 * 10;
        let first = 10 * dice.between(1, every / 10);
        let last = first + every * dice.between(2, 4);
        Self { tick, timeout, first, every, killed: last + 10 * dice.between(1, every / 10 - 1) }
    }

    /// Every ping that went out.
    fn pings(&self) -> Vec<u64> {
        (0..=self.killed / self.every)
            .map(|n| self.first + n * self.every)
            .filter(|at| *at < self.killed)
            .collect()
    }

    fn last(&self) -> u64 {
        self.pings().last().copied().unwrap_or(0)
    }

    /// Runs the server: when the holder's node is gone. A ping more at `also` is what a belief takes for a sign of life.
    fn run(&self, also: Option<u64>) -> Option<u64> {
        let mut server = Server::new(Span::from_millis(self.tick));
        let mut out = Notices::default();
        let connect = Request::Connect { session: None, timeout: Span::from_millis(self.timeout) };
        let Answer::Connected(holder, _) = server.handle(Time::ZERO, None, connect, &mut out) else {
            return None;
        };
        server.handle(Time::ZERO, Some(holder), Request::Create, &mut out);
        for at in self.pings().into_iter().chain(also) {
            server.handle(Time::from_millis(at), Some(holder), Request::Ping, &mut out);
        }
        while server.holder().is_some_and(|node| node.session == holder) {
            let next = server.next_timer();
            server.tick(next, &mut out);
            if server.ends(holder).is_none() {
                return Some(next.millis());
            }
        }
        None
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    (0..100).find_map(|_| {
        let case = Case::draw(dice);
        let (right, crash) = (case.run(None)?, case.run(Some(case.killed))?);
        question(&case, right, crash, dice).full()
    })
}

fn question(case: &Case, right: u64, crash: u64, dice: &mut Dice) -> Draft {
    let Case { tick, timeout, killed, every, .. } = *case;
    let (last, exact) = (case.last(), case.last() + timeout);
    let why = format!(
        "The server last heard of A at {last} ms. {timeout} ms later it is {exact} ms, and sessions end on the edges of ticks: the \
         next edge is {right} ms, {} ms after the kill. Until then A's ephemeral node stands, and B waits.",
        right.saturating_sub(killed)
    );
    // From the kill on: an edge of a tick is a round number, and would be the best guess.
    let told = |at: u64| format!("{} ms after the kill", at.saturating_sub(killed));
    let level = if case.pings().len() > 3 { 3 } else { 2 };
    let mut draft = Draft::new(level, told(right), why);
    draft.text(format!(
        "ZooKeeper with ticks of {tick} ms, at whole multiples of that on its clock. A holds the lock in a session of {timeout} ms, B is \
         next in line. A's process is killed. No message takes any time. When does B get the lock?"
    ));
    let mut lines: Vec<String> = case.pings().iter().map(|at| format!("{at:>5} ms  ping of A")).collect();
    lines.push(format!("{killed:>5} ms  A is killed, and its connection closes"));
    draft.lines(lines);
    let mut wrong = vec![
        (killed, SOCKET, format!("The connection closes at {killed} ms; the session does not end with it.")),
        (
            exact,
            BETWEEN,
            format!("{exact} ms lies between two ticks: the server looks at sessions on the edges only."),
        ),
        (
            last + every,
            MISSED,
            format!("One ping that does not come is no end: {timeout} ms without any are."),
        ),
        (
            killed + timeout,
            EXACT,
            format!("The server knows nothing of the kill. It counts from the last ping, {last} ms."),
        ),
        (
            crash,
            FROM_CRASH,
            format!(
                "The last that the server heard of A was the ping at {last} ms, not the end at {killed} ms."
            ),
        ),
    ];
    // One of the two that lie later, so that the answer has no place of its own among the options.
    wrong.remove(if dice.chance(50) { 3 } else { 4 });
    dice.shuffle(&mut wrong);
    for (at, id, why) in wrong {
        draft.wrong(told(at), id, why);
    }
    draft
}

const SOCKET: &str = "lock-node-dies-with-socket";
const BETWEEN: &str = "lock-session-ends-between-ticks";
const MISSED: &str = "lock-missed-renewal-frees";
const EXACT: &str = "lock-session-exact";
const FROM_CRASH: &str = "lock-session-from-the-crash";

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule, written down a second time: the first edge after the timeout has passed since the last ping.
    #[test]
    fn sessions_end_on_the_first_edge_after_the_timeout() {
        for seed in 1..=2000 {
            let case = Case::draw(&mut Dice::new("session", seed, 0));
            let edge = ((case.last() + case.timeout) / case.tick + 1) * case.tick;
            assert_eq!(case.run(None), Some(edge), "{case:?}");
        }
    }
}
