//! The waiting room of a server, and whom it turns away.
//!
//! A queue without a bound is latency without a bound, and under overload a plain first-in-first-out queue serves only those whose
//! callers have just given up. What helps is a short queue, another order, or throwing out what is too old:
//!
//! * bounded FIFO: full, it refuses the new one, who learns it at once;
//! * LIFO: the newest is served first; full, it throws out the oldest, who is the least likely to be still wanted;
//! * deadline-aware: whoever waited too long is thrown out instead of served, at no cost to the worker;
//! * controlled delay and adaptive LIFO, as at Facebook (Maurer, *Fail at Scale*, ACM Queue 13(8), 2015): both act only while a
//!   *standing* queue shows that this is no burst.
//!
//! The room stores when each one came and nothing else about it: 16 bytes each, if the item has 8.

use std::collections::VecDeque;

use crate::engine::time::{Span, Time};

/// Who is served next, and who leaves when it is full.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// The oldest first; full, the new one is refused.
    #[default]
    Fifo,
    /// The newest first; full, the oldest is thrown out.
    Lifo,
    /// FIFO until the room has not been empty for so long, then LIFO until it is. The article has it switch when a queue begins to
    /// form, and gives no number; the interval of the controlled delay (100 ms) is the natural one.
    Adaptive(Span),
}

/// The queue timeout of *Fail at Scale*: short while there is a standing queue, long otherwise. It was inspired by `CoDel`
/// (Nichols and Jacobson, ACM Queue 10(5), 2012), and is not that algorithm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ControlledDelay {
    /// M: the timeout of those who come while the room has not been empty for longer than the interval. Default 5 ms.
    pub target: Span,
    /// N: that interval, and the timeout of all others. Default 100 ms.
    pub interval: Span,
}

impl Default for ControlledDelay {
    fn default() -> Self {
        Self { target: Span::from_millis(5), interval: Span::from_millis(100) }
    }
}

/// The rules of a waiting room. By default it is FIFO, without a bound, and keeps everybody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// How many may wait.
    pub capacity: usize,
    /// Who is next.
    pub order: Order,
    /// Whoever has waited for this long, or longer, is dropped when their turn comes. For clients with a timeout T that is T less
    /// the margin that serving takes.
    pub max_wait: Option<Span>,
    /// The timeout of *Fail at Scale*; with `max_wait` too, the shorter one counts.
    pub controlled_delay: Option<ControlledDelay>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { capacity: usize::MAX, order: Order::Fifo, max_wait: None, controlled_delay: None }
    }
}

/// One who waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting<T> {
    /// Who.
    pub item: T,
    /// Since when.
    pub since: Time,
}

/// What became of a new one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use = "somebody may have been turned away, and has to be told"]
pub enum Admission<T> {
    /// It waits.
    Accepted,
    /// It was refused.
    Rejected(T),
    /// It waits, and this one was thrown out for it.
    Displaced(Waiting<T>),
}

/// Somebody who leaves the room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use = "a dropped one is not served, and the next has to be asked for"]
pub enum Leaving<T> {
    /// To be served.
    Served(Waiting<T>),
    /// Waited for too long: not served. Ask again for the next.
    Dropped(Waiting<T>),
}

/// A waiting room. Each operation takes the same time, however many wait. Time is an argument and never goes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingRoom<T> {
    /// The rules. They may change while somebody waits, and then hold for those too; nobody is thrown out by a smaller
    /// capacity.
    pub rules: Rules,
    /// The oldest in front.
    line: VecDeque<Waiting<T>>,
    /// The last moment at which it was empty, if it is not.
    empty_until: Time,
}

impl<T> WaitingRoom<T> {
    /// An empty room.
    pub const fn new(rules: Rules) -> Self {
        Self { rules, line: VecDeque::new(), empty_until: Time::ZERO }
    }

    /// Somebody comes at `now`.
    pub fn push(&mut self, now: Time, item: T) -> Admission<T> {
        if self.line.is_empty() {
            self.empty_until = now;
        }
        let displaced = if self.line.len() < self.rules.capacity {
            None
        } else if self.is_lifo(now) && self.rules.capacity > 0 {
            self.line.pop_front()
        } else {
            return Admission::Rejected(item);
        };
        self.line.push_back(Waiting { item, since: now });
        displaced.map_or(Admission::Accepted, Admission::Displaced)
    }

    /// Takes the next one out at `now`: to be served, or dropped because of its wait. `None` if nobody is there.
    pub fn pop(&mut self, now: Time) -> Option<Leaving<T>> {
        let next = if self.is_lifo(now) { self.line.pop_back() } else { self.line.pop_front() }?;
        let waited = now.since(next.since);
        let late = self.limit(next.since).is_some_and(|limit| waited >= limit);
        Some(if late { Leaving::Dropped(next) } else { Leaving::Served(next) })
    }

    /// The next one to be served at `now`; `on_drop` hears of everybody who is dropped before.
    pub fn next(&mut self, now: Time, mut on_drop: impl FnMut(Waiting<T>)) -> Option<Waiting<T>> {
        loop {
            match self.pop(now)? {
                Leaving::Served(next) => return Some(next),
                Leaving::Dropped(late) => on_drop(late),
            }
        }
    }

    /// How long somebody who came at `since` may wait. The article fixes this on arrival; while somebody waits the room isn't
    /// empty, so the last moment at which it was is still the same, and it can be told later.
    fn limit(&self, since: Time) -> Option<Span> {
        let controlled = self.rules.controlled_delay.map(|delay| {
            if since.since(self.empty_until) > delay.interval { delay.target } else { delay.interval }
        });
        match (self.rules.max_wait, controlled) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn is_lifo(&self, now: Time) -> bool {
        match self.rules.order {
            Order::Fifo => false,
            Order::Lifo => true,
            Order::Adaptive(interval) => self.standing(now) > interval,
        }
    }

    /// For how long the room has not been empty.
    pub fn standing(&self, now: Time) -> Span {
        if self.line.is_empty() { Span::ZERO } else { now.since(self.empty_until) }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Whoever has waited longest.
    pub fn oldest(&self) -> Option<&Waiting<T>> {
        self.line.front()
    }

    /// How many have waited for `age` or longer at `now`: those whose clients are gone, if that is the clients' timeout. Found by
    /// halving, since all stand in the order in which they came.
    pub fn older_than(&self, now: Time, age: Span) -> usize {
        self.line.partition_point(|waiting| now.since(waiting.since) >= age)
    }

    /// All who wait, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Waiting<T>> {
        self.line.iter()
    }

    /// Sends everybody away, the oldest first.
    pub fn drain(&mut self) -> impl Iterator<Item = Waiting<T>> + '_ {
        self.line.drain(..)
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.line.len() * size_of::<Waiting<T>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    fn room(rules: Rules) -> WaitingRoom<u64> {
        WaitingRoom::new(rules)
    }

    /// Who is served at `now`, and who is dropped before.
    fn serve(room: &mut WaitingRoom<u64>, now: u64) -> (Option<u64>, Vec<u64>) {
        let mut dropped = Vec::new();
        let served = room.next(at(now), |late| dropped.push(late.item));
        (served.map(|next| next.item), dropped)
    }

    #[test]
    fn a_full_fifo_room_refuses_the_new_one() {
        let mut room = room(Rules { capacity: 2, ..Rules::default() });
        assert_eq!(room.push(at(0), 1), Admission::Accepted);
        assert_eq!(room.push(at(1), 2), Admission::Accepted);
        assert_eq!(room.push(at(2), 3), Admission::Rejected(3));
        assert_eq!(serve(&mut room, 3), (Some(1), vec![]));
        assert_eq!(serve(&mut room, 3), (Some(2), vec![]));
        assert_eq!(serve(&mut room, 3), (None, vec![]));
    }

    #[test]
    fn a_full_lifo_room_throws_out_the_oldest_and_serves_the_newest() {
        let mut room = room(Rules { capacity: 2, order: Order::Lifo, ..Rules::default() });
        let _ = room.push(at(0), 1);
        let _ = room.push(at(1), 2);
        assert_eq!(room.push(at(2), 3), Admission::Displaced(Waiting { item: 1, since: at(0) }));
        assert_eq!(serve(&mut room, 3), (Some(3), vec![]));
        assert_eq!(serve(&mut room, 3), (Some(2), vec![]));
    }

    #[test]
    fn a_room_without_places_refuses_everybody() {
        for order in [Order::Fifo, Order::Lifo, Order::Adaptive(Span::ZERO)] {
            let mut room = room(Rules { capacity: 0, order, ..Rules::default() });
            assert_eq!(room.push(at(5), 1), Admission::Rejected(1));
        }
    }

    /// A timeout of 1 s with a margin of 200 ms: at an age of 800 ms already.
    #[test]
    fn whoever_waited_too_long_is_dropped_and_the_next_is_looked_at() {
        let max_wait = Some(Span::from_millis(800));
        for (order, served) in [(Order::Fifo, 3), (Order::Lifo, 4)] {
            let mut room = room(Rules { order, max_wait, ..Rules::default() });
            for (when, who) in [(0, 1), (200, 2), (201, 3), (500, 4)] {
                let _ = room.push(at(when), who);
            }
            let (who, dropped) = serve(&mut room, 1000);
            assert_eq!(who, Some(served));
            assert_eq!(dropped, if order == Order::Fifo { vec![1, 2] } else { vec![] });
        }
    }

    /// M = 5 ms, N = 100 ms: whoever comes while the room hasn't been empty for more than 100 ms may wait for 5 ms.
    #[test]
    fn a_standing_queue_shortens_the_timeout() {
        let mut room = room(Rules { controlled_delay: Some(ControlledDelay::default()), ..Rules::default() });
        for (when, who) in [(0, 1), (99, 2), (100, 3), (101, 4), (195, 5)] {
            let _ = room.push(at(when), who);
        }
        assert_eq!(serve(&mut room, 99), (Some(1), vec![]), "a burst may wait for 100 ms");
        assert_eq!(serve(&mut room, 198), (Some(2), vec![]));
        assert_eq!(serve(&mut room, 199), (Some(3), vec![]), "exactly 100 ms is not longer");
        assert_eq!(serve(&mut room, 199), (Some(5), vec![4]));
        let _ = room.push(at(300), 6);
        assert_eq!(serve(&mut room, 399), (Some(6), vec![]), "it was empty, so 100 ms again");
    }

    #[test]
    fn adaptive_lifo_turns_around_while_the_queue_stands() {
        let mut room =
            room(Rules { capacity: 3, order: Order::Adaptive(Span::from_millis(100)), ..Rules::default() });
        for who in 1..=3 {
            let _ = room.push(at(0), who);
        }
        assert_eq!(room.push(at(100), 4), Admission::Rejected(4), "still a burst");
        assert_eq!(serve(&mut room, 100), (Some(1), vec![]));
        let _ = room.push(at(101), 5);
        assert_eq!(room.push(at(102), 6), Admission::Displaced(Waiting { item: 2, since: at(0) }));
        assert_eq!(serve(&mut room, 103), (Some(6), vec![]));
        assert_eq!(serve(&mut room, 103), (Some(5), vec![]));
        assert_eq!(serve(&mut room, 103), (Some(3), vec![]));
        for who in 7..=8 {
            let _ = room.push(at(200), who);
        }
        assert_eq!(serve(&mut room, 200), (Some(7), vec![]), "it was empty: first come, first served");
    }

    #[test]
    fn rules_may_change_while_somebody_waits() {
        let mut room = room(Rules::default());
        (0..5).for_each(|who| assert_eq!(room.push(at(who), who), Admission::Accepted));
        room.rules = Rules { capacity: 2, order: Order::Lifo, ..Rules::default() };
        assert_eq!(room.len(), 5);
        assert_eq!(room.push(at(9), 9), Admission::Displaced(Waiting { item: 0, since: at(0) }));
        assert_eq!(serve(&mut room, 10).0, Some(9));
        assert_eq!(room.oldest().map(|w| w.item), Some(1));
        assert_eq!(room.drain().map(|w| w.item).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert!(room.is_empty());
    }

    #[test]
    fn a_million_may_wait_in_sixteen_bytes_each() {
        assert_eq!(size_of::<Waiting<u64>>(), 16);
        let mut room = room(Rules { max_wait: Some(Span::from_secs(1)), ..Rules::default() });
        for who in 0..1_000_000 {
            let _ = room.push(Time::from_nanos(who), who);
        }
        assert!(room.bytes() < 16_000_200);
        assert_eq!(room.standing(at(1000)), Span::from_secs(1));
        assert_eq!(room.older_than(at(1001), Span::from_secs(1)), 1_000_000);
        assert_eq!(room.older_than(at(1000), Span::from_nanos(999_999_990)), 11);
        let (served, dropped) = serve(&mut room, 1000);
        assert_eq!((served, dropped.len()), (Some(1), 1));
    }
}
