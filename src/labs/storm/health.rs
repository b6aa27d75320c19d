//! How the whole stands, second by second: what is answered against what comes, before, during and after a fault.

use std::collections::VecDeque;

use super::readings::Phase;
use super::{Event, Fact, Storm};
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;

/// Over how many seconds goodput is averaged before it is judged.
const WINDOW: usize = 10;
/// Seconds of the way that is drawn.
const WAY: usize = 120;
/// The share of what comes that a healthy system answers.
const HEALTHY: f64 = 0.9;
/// Below this share, with no fault left, it is stuck.
const STUCK: f64 = 0.5;

/// One second.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Second {
    pub came: u32,
    pub attempts: u32,
    pub good: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    /// The last seconds, oldest first.
    pub way: VecDeque<Second>,
    /// The counts at the end of the last second.
    seen: (u64, u64, u64, u64),
    /// The number of the fact that is to blame for what follows: the latest begin or end of a fault.
    pub blamed: Option<u64>,
    /// Whether a fault is on that makes things worse.
    pub on: bool,
    /// When the last such fault ended.
    pub trigger_ended: Option<Time>,
    /// The first second from which goodput over [`WINDOW`] was healthy again.
    pub recovered: Option<Time>,
    /// What was told since the last fault began or ended.
    told_stuck: bool,
    told_outnumbered: bool,
}

impl Health {
    pub fn disturbed(&mut self, is_worse: bool) {
        if is_worse {
            *self = Self {
                way: std::mem::take(&mut self.way),
                seen: self.seen,
                blamed: self.blamed,
                ..Self::default()
            };
            self.on = true;
        }
    }

    pub fn ended(&mut self, now: Time) {
        self.on = false;
        self.trigger_ended = Some(now);
        self.recovered = None;
        self.told_stuck = false;
    }

    pub fn bytes(&self) -> usize {
        self.way.len() * size_of::<Second>()
    }

    /// Goodput per second, over the last [`WINDOW`] seconds at most, and of how many that is.
    pub fn goodput(&self) -> (f64, usize) {
        let last = self.way.iter().rev().take(WINDOW);
        let (sum, n) = last.fold((0.0, 0), |(sum, n), second| (sum + f64::from(second.good), n + 1));
        (if n == 0 { f64::NAN } else { sum / n as f64 }, n)
    }

    /// Seconds that lie wholly after the last fault.
    fn quiet(&self, now: Time) -> u64 {
        self.trigger_ended.map_or(u64::MAX, |ended| {
            now.whole_secs().saturating_sub((ended + Span::from_nanos(999_999_999)).whole_secs())
        })
    }

    pub fn phase(&self, wanted: f64, now: Time) -> Phase {
        let (goodput, seconds) = self.goodput();
        if self.on {
            Phase::Disturbed
        } else if seconds == 0 || goodput >= HEALTHY * wanted {
            Phase::Healthy
        } else if goodput < STUCK * wanted && seconds == WINDOW && self.quiet(now) >= WINDOW as u64 {
            Phase::Stuck
        } else {
            Phase::Recovering
        }
    }
}

impl Storm {
    /// A second is over.
    pub(super) fn tick(&mut self, cx: &mut Context<'_, Self>) {
        cx.after(Span::from_secs(1), Event::Tick);
        let t = &self.totals;
        let seen = (t.arrivals, t.attempts, t.retries, t.good);
        let before = std::mem::replace(&mut self.health.seen, seen);
        let since = |now: u64, then: u64| u32::try_from(now - then).unwrap_or(u32::MAX);
        let (came, retries) = (since(seen.0, before.0), since(seen.2, before.2));
        let (attempts, good) = (since(seen.1, before.1), since(seen.3, before.3));
        if self.health.way.len() == WAY {
            self.health.way.pop_front();
        }
        self.health.way.push_back(Second { came, attempts, good });
        if self.race.is_on() {
            return;
        }
        let blamed = self.health.blamed;
        if retries > came && !self.health.told_outnumbered {
            self.health.told_outnumbered = true;
            cx.report_because(blamed, Fact::Outnumbered(came, retries));
        }
        let (goodput, _) = self.health.goodput();
        let wanted = self.config.wanted();
        if let Some(ended) = self.health.trigger_ended.filter(|_| self.health.recovered.is_none())
            && self.health.quiet(cx.now()) >= WINDOW as u64
            && goodput >= HEALTHY * wanted
        {
            let from = Time::from_secs(cx.now().whole_secs() - WINDOW as u64);
            self.health.recovered = Some(from);
            self.health.told_outnumbered = false;
            cx.report_because(blamed, Fact::Recovered(from.since(ended)));
        }
        if self.health.phase(wanted, cx.now()) == Phase::Stuck && !self.health.told_stuck {
            self.health.told_stuck = true;
            cx.report_because(blamed, Fact::Stuck(good_per_s(goodput), attempts));
        }
    }
}

/// Goodput as it is told.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
fn good_per_s(goodput: f64) -> u32 {
    goodput.round() as u32
}
