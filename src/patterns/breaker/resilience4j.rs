//! The circuit breaker of Resilience4j 2.4.0, complete: `CircuitBreakerStateMachine` and `CircuitBreakerMetrics`.
//!
//! Results are judged when they are *recorded*, never when a call asks and never because time passes. A result belongs to
//! no state: it goes to whichever state is current when its call ends. Both rules explain most of the surprises, such as a
//! success that opens the breaker, or half-open decided by calls that began before the trouble.
//!
//! Not here: threads racing, the lock-free windows, `transitionOnResult`, and events other than transitions. Exceptions are
//! given in as [`Outcome`]s; who sorts them is none of the breaker's business.

pub mod config;
mod metrics;
pub mod window;

pub use config::{AfterHalfOpen, Config, OpenWait, WindowKind};

use self::metrics::Metrics;
use self::window::Window;
use super::{
    Counts, History, IllegalTransition, Outcome, Permit, Rate, Reading, Recorded, Refused, State, Transition,
    Why,
};
use crate::engine::time::{Span, Time};

/// A result came in while OPEN, and OPEN was entered by hand from DISABLED or `FORCED_OPEN`.
///
/// Those states have a window of size 0, OPEN inherits it, and the library's ring divides by its size: the caller of the
/// protected call gets an `ArithmeticException`, after the totals were already raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("/ by zero")]
pub struct DivisionByZero;

/// What the library calls a state object, without its metrics and attempts.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Phase {
    Closed,
    Open { until: Time },
    HalfOpen { permits: u32 },
    Disabled,
    ForcedOpen,
    MetricsOnly,
}

#[derive(Clone, Copy, Debug)]
struct Timer {
    due: Time,
    /// The state object that started it.
    owner: u32,
    aim: Aim,
}

#[derive(Clone, Copy, Debug)]
enum Aim {
    ToHalfOpen,
    OutOfHalfOpen,
}

/// One breaker. See the [module's page](self) for what it does, [`Config`] for its settings.
#[derive(Clone, Debug)]
pub struct CircuitBreaker {
    config: Config,
    phase: Phase,
    metrics: Metrics,
    /// Openings in a row: the argument of the wait-interval function.
    attempts: u32,
    /// Numbers the state objects, so that a timer knows whether its own is still current.
    object: u32,
    /// In order of creation. At most one belongs to the current state; resets leave others behind.
    timers: Vec<Timer>,
    history: History,
}

impl CircuitBreaker {
    /// A breaker in its initial state at `now`.
    pub fn new(config: Config, now: Time) -> Self {
        let mut breaker = Self {
            config,
            phase: Phase::Closed,
            metrics: Metrics::as_configured(&config, now),
            attempts: 0,
            object: 0,
            timers: Vec::new(),
            history: History::default(),
        };
        if config.initial == State::HalfOpen {
            breaker.attempts = 1;
        }
        breaker.become_state(now, config.initial, None);
        breaker
    }

    /// `tryAcquirePermission`. After the wait it is this request that makes OPEN half-open, and it takes the first permit.
    /// The wait is over strictly *after* its end: at exactly open + wait the answer is still no.
    pub fn try_acquire(&mut self, now: Time) -> Result<Permit, Refused> {
        self.on_time(now);
        if let Phase::Open { until } = self.phase {
            if now <= until {
                return self.metrics.refuse(Refused::Open);
            }
            self.go(now, State::HalfOpen, Why::WaitOver);
        }
        let began = self.state();
        match &mut self.phase {
            Phase::HalfOpen { permits } => match permits.checked_sub(1) {
                Some(left) => *permits = left,
                None => return self.metrics.refuse(Refused::ProbesOut),
            },
            Phase::ForcedOpen => return self.metrics.refuse(Refused::ForcedOpen),
            Phase::Closed | Phase::Open { .. } | Phase::Disabled | Phase::MetricsOnly => {}
        }
        Ok(Permit { began })
    }

    /// `onSuccess`, `onError` and `releasePermission`: a permitted call ended at `now` after `took`.
    pub fn on_result(&mut self, now: Time, outcome: Outcome, took: Span) -> Result<(), DivisionByZero> {
        self.on_time(now);
        let failed = match outcome {
            Outcome::Success | Outcome::Unrecorded => false,
            Outcome::Failure | Outcome::Timeout | Outcome::Rejected => true,
            Outcome::Ignored | Outcome::Cancelled => {
                self.release();
                return Ok(());
            }
        };
        if matches!(self.phase, Phase::Disabled | Phase::ForcedOpen) {
            return Ok(());
        }
        self.metrics.window.record(now, Recorded { failed, slow: took > self.config.slow_duration })?;
        self.judge(now);
        Ok(())
    }

    /// A release adds a permit to half-open, whoever releases and without a limit; elsewhere it does nothing.
    fn release(&mut self) {
        if let Phase::HalfOpen { permits } = &mut self.phase {
            *permits = permits.saturating_add(1);
        }
    }

    /// Holds the rates against the thresholds, right after a result was recorded.
    fn judge(&mut self, now: Time) {
        let half_open = matches!(self.phase, Phase::HalfOpen { .. });
        if !half_open && self.phase != Phase::Closed {
            return;
        }
        let counts = self.metrics.window.counts(now);
        let (Some(failed), Some(slow)) =
            (self.metrics.percent(counts.failed, counts), self.metrics.percent(counts.slow, counts))
        else {
            return;
        };
        let rate = |bad, percent, threshold| Rate { bad, of: counts.calls, percent, threshold };
        let failure = rate(counts.failed, failed, self.config.failure_threshold);
        let slow = rate(counts.slow, slow, self.config.slow_threshold);
        match (failure.percent >= failure.threshold, slow.percent >= slow.threshold) {
            (true, true) => self.go(now, State::Open, Why::BothRates { failure, slow }),
            (true, false) => self.go(now, State::Open, Why::FailureRate(failure)),
            (false, true) => self.go(now, State::Open, Why::SlowRate(slow)),
            (false, false) if half_open => self.go(now, State::Closed, Why::ProbesPassed(failure)),
            (false, false) => {}
        }
    }

    /// When the next timer is due, if one runs.
    pub fn next_timer(&self) -> Option<Time> {
        self.timers.iter().map(|timer| timer.due).min()
    }

    /// Fires the earliest timer due at or before `now`, at its due time; `false` if there is none.
    pub fn poll_timer(&mut self, now: Time) -> bool {
        // `min_by_key` takes the first of equals: the one created first.
        let earliest = self.timers.iter().enumerate().min_by_key(|(_, timer)| timer.due);
        let Some((index, timer)) = earliest.map(|(i, t)| (i, *t)).filter(|(_, timer)| timer.due <= now)
        else {
            return false;
        };
        self.timers.remove(index);
        let own = timer.owner == self.object;
        let (to, why) = match (timer.aim, self.config.after_half_open) {
            (Aim::ToHalfOpen, _) => (State::HalfOpen, Why::Timer),
            (Aim::OutOfHalfOpen, AfterHalfOpen::Open) => (State::Open, Why::HalfOpenTooLong),
            (Aim::OutOfHalfOpen, AfterHalfOpen::Closed) => (State::Closed, Why::HalfOpenTooLong),
        };
        let why = if own { why } else { Why::StaleTimer };
        if is_legal(self.state(), to) {
            self.go(timer.due, to, why);
        }
        true
    }

    /// Fires all timers due at or before `now`, in order of due time, then of creation.
    pub fn on_time(&mut self, now: Time) {
        while !self.timers.is_empty() && self.poll_timer(now) {}
    }

    /// `transitionToClosedState`, `transitionToOpenState` and so on, from OPEN to OPEN too (a new wait), or from CLOSED to
    /// CLOSED (an empty window). By hand, half-open takes no permit. Illegal, and without effect: CLOSED to `HALF_OPEN`,
    /// `METRICS_ONLY` to OPEN or `HALF_OPEN`.
    pub fn transition_to(&mut self, now: Time, to: State) -> Result<(), IllegalTransition> {
        self.on_time(now);
        self.check(to)?;
        self.go(now, to, Why::ByHand);
        Ok(())
    }

    /// `transitionToOpenStateFor`: open with a wait of its own, cut to whole milliseconds, which does not count as an attempt.
    pub fn open_for(&mut self, now: Time, wait: Span) -> Result<(), IllegalTransition> {
        self.on_time(now);
        self.check(State::Open)?;
        let from = self.state();
        self.cancel_own_timer();
        self.object = self.object.wrapping_add(1);
        self.become_open(now, Span::from_millis(wait.millis()));
        self.history.note(now, from, State::Open, Why::ByHand);
        Ok(())
    }

    /// `reset`: closed, with an empty window. Unlike every transition it forgets to cancel the timer of the state it leaves,
    /// and that timer will act on whatever state is current then.
    pub fn reset(&mut self, now: Time) {
        self.on_time(now);
        self.become_state(now, State::Closed, Some(Why::Reset));
    }

    fn check(&self, to: State) -> Result<(), IllegalTransition> {
        let from = self.state();
        if is_legal(from, to) { Ok(()) } else { Err(IllegalTransition { from, to }) }
    }

    fn go(&mut self, now: Time, to: State, why: Why) {
        self.cancel_own_timer();
        self.become_state(now, to, Some(why));
    }

    fn cancel_own_timer(&mut self) {
        self.timers.retain(|timer| timer.owner != self.object);
    }

    /// Makes the new state object. Without a reason it is the initial one, which is no transition.
    fn become_state(&mut self, now: Time, to: State, why: Option<Why>) {
        let from = self.state();
        self.object = self.object.wrapping_add(1);
        match to {
            State::Open => {
                self.attempts = self.attempts.saturating_add(1);
                self.become_open(now, self.config.open_wait.after(self.attempts));
            }
            State::HalfOpen => self.become_half_open(now),
            State::ForcedOpen => {
                self.attempts = self.attempts.saturating_add(1);
                self.become_plain(Phase::ForcedOpen, Metrics::counting(0, 0));
            }
            State::Disabled => {
                self.attempts = 0;
                self.become_plain(Phase::Disabled, Metrics::counting(0, 0));
            }
            State::Closed => {
                self.attempts = 0;
                self.become_plain(Phase::Closed, Metrics::as_configured(&self.config, now));
            }
            State::MetricsOnly => {
                self.attempts = 0;
                self.become_plain(Phase::MetricsOnly, Metrics::as_configured(&self.config, now));
            }
        }
        if let Some(why) = why {
            self.history.note(now, from, to, why);
        }
    }

    fn become_plain(&mut self, phase: Phase, metrics: Metrics) {
        self.phase = phase;
        self.metrics = metrics;
    }

    /// OPEN keeps the metrics, so that the rate that opened stays visible and late results still count.
    fn become_open(&mut self, now: Time, wait: Span) {
        self.phase = Phase::Open { until: now + wait };
        if self.config.automatic_half_open {
            self.start_timer(now + wait, Aim::ToHalfOpen);
        }
    }

    fn become_half_open(&mut self, now: Time) {
        let permits = self.config.half_open_permits;
        self.phase = Phase::HalfOpen { permits };
        // Count-based even if the configured window is not, and its size caps the minimum.
        self.metrics = Metrics::counting(permits, self.config.minimum_calls);
        let longest = Span::from_millis(self.config.half_open_max_wait.millis());
        if longest > Span::ZERO {
            self.start_timer(now + longest, Aim::OutOfHalfOpen);
        }
    }

    fn start_timer(&mut self, due: Time, aim: Aim) {
        self.timers.push(Timer { due, owner: self.object, aim });
    }
}

/// `StateTransition` of the library lists all pairs but these.
const fn is_legal(from: State, to: State) -> bool {
    !matches!(
        (from, to),
        (State::Closed, State::HalfOpen) | (State::MetricsOnly, State::Open | State::HalfOpen)
    )
}

/// What it shows. None of this changes anything.
impl CircuitBreaker {
    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The current state.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen { .. } => State::HalfOpen,
            Phase::Disabled => State::Disabled,
            Phase::ForcedOpen => State::ForcedOpen,
            Phase::MetricsOnly => State::MetricsOnly,
        }
    }

    /// The last published transition, and why.
    pub fn last_transition(&self) -> Option<Transition> {
        self.history.last()
    }

    /// Openings in a row, the argument of an exponential wait.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// State, rates, counts and thresholds at `now`. Refusals are those counted by the current metrics object: from 0 in
    /// CLOSED and `HALF_OPEN`, going on from half-open in OPEN.
    pub fn reading(&self, now: Time) -> Reading {
        let counts = self.metrics.window.counts(now);
        Reading {
            state: self.state(),
            open_until: if let Phase::Open { until } = self.phase { Some(until) } else { None },
            failure_rate: self.metrics.percent(counts.failed, counts),
            slow_rate: self.metrics.percent(counts.slow, counts),
            counts,
            not_permitted: self.metrics.not_permitted,
            permits_left: if let Phase::HalfOpen { permits } = self.phase { Some(permits) } else { None },
            minimum: self.metrics.minimum,
            failure_threshold: Some(self.config.failure_threshold),
            slow_threshold: Some(self.config.slow_threshold),
        }
    }

    /// Bytes that a copy takes, its window included.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.metrics.window.bytes() + self.timers.len() * size_of::<Timer>()
    }

    /// The results in the count window now in use, oldest first, and its size; `None` if a time window is in use.
    pub fn count_window(&self) -> Option<(impl Iterator<Item = Recorded> + '_, u32)> {
        match &self.metrics.window {
            Window::Count(window) => Some((window.results(), window.size())),
            Window::Time(_) => None,
        }
    }

    /// The clock seconds in the time window now in use, oldest first; `None` if a count window is in use.
    pub fn time_window(&self, now: Time) -> Option<impl Iterator<Item = (u64, Counts)> + '_> {
        match &self.metrics.window {
            Window::Time(window) => Some(window.buckets(now)),
            Window::Count(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Span = Span::from_millis(1);
    const FAIL: Outcome = Outcome::Failure;
    const FINE: Outcome = Outcome::Success;

    fn at(ms: u64) -> Time {
        Time::from_millis(ms)
    }

    /// Window and minimum of 4 results, one second open, 2 probes.
    fn small() -> Config {
        Config {
            window: WindowKind::Count(4),
            open_wait: OpenWait::Constant(Span::from_secs(1)),
            half_open_permits: 2,
            ..Config::default()
        }
    }

    fn after(config: Config, results: &[Outcome]) -> CircuitBreaker {
        let mut breaker = CircuitBreaker::new(config, at(0));
        for &outcome in results {
            breaker.on_result(at(0), outcome, MS).unwrap();
        }
        breaker
    }

    #[test]
    fn a_success_can_open() {
        let breaker = after(small(), &[FAIL, FAIL, FINE, FINE]);
        let rate = Rate { bad: 2, of: 4, percent: 50.0, threshold: 50.0 };
        let opened = Transition {
            number: 1,
            at: at(0),
            from: State::Closed,
            to: State::Open,
            why: Why::FailureRate(rate),
        };
        assert_eq!(breaker.last_transition(), Some(opened));
    }

    #[test]
    fn a_call_exactly_as_long_as_the_threshold_is_not_slow() {
        let mut breaker = after(Config { slow_threshold: 25.0, ..small() }, &[FINE, FINE, FINE]);
        breaker.on_result(at(0), FINE, Span::from_secs(60)).unwrap();
        assert_eq!(breaker.state(), State::Closed);
        breaker.on_result(at(0), FINE, Span::from_secs(60) + Span::from_nanos(1)).unwrap();
        assert_eq!(breaker.state(), State::Open);
    }

    #[test]
    fn the_first_call_strictly_after_the_wait_takes_the_first_permit() {
        let mut breaker = after(small(), &[FAIL; 4]);
        assert_eq!(breaker.try_acquire(at(1000)), Err(Refused::Open));
        assert!(breaker.try_acquire(at(1001)).is_ok());
        assert_eq!(breaker.reading(at(1001)).permits_left, Some(1));
        assert!(breaker.try_acquire(at(1001)).is_ok());
        assert_eq!(breaker.try_acquire(at(1001)), Err(Refused::ProbesOut));
    }

    #[test]
    fn late_results_of_closed_calls_decide_half_open() {
        let mut breaker = after(small(), &[FAIL; 4]);
        assert!(breaker.try_acquire(at(1001)).is_ok());
        breaker.on_result(at(1002), FAIL, MS).unwrap();
        assert_eq!(breaker.state(), State::HalfOpen, "one failed probe of two does not reopen");
        breaker.on_result(at(1003), FINE, MS).unwrap();
        assert_eq!(breaker.state(), State::Open);
    }

    #[test]
    fn a_release_adds_a_permit_whoever_releases() {
        let mut breaker = after(small(), &[FAIL; 4]);
        assert!(breaker.try_acquire(at(1001)).is_ok());
        for _ in 0..3 {
            breaker.on_result(at(1002), Outcome::Ignored, MS).unwrap();
        }
        assert_eq!(breaker.reading(at(1002)).permits_left, Some(4));
    }

    #[test]
    fn a_reset_leaves_the_half_open_timer_running_and_it_opens_a_healthy_breaker() {
        let mut breaker = after(Config { half_open_max_wait: Span::from_secs(5), ..small() }, &[FAIL; 4]);
        assert!(breaker.try_acquire(at(1001)).is_ok());
        breaker.reset(at(2000));
        breaker.on_time(at(6000));
        assert_eq!(breaker.state(), State::Closed);
        assert_eq!(breaker.next_timer(), Some(at(6001)));
        breaker.on_time(at(6001));
        assert_eq!(breaker.state(), State::Open);
        assert_eq!(breaker.last_transition().map(|t| t.why), Some(Why::StaleTimer));
    }

    #[test]
    fn open_entered_from_disabled_divides_by_zero() {
        let mut breaker = after(small(), &[]);
        breaker.transition_to(at(0), State::Disabled).unwrap();
        breaker.transition_to(at(0), State::Open).unwrap();
        assert_eq!(breaker.on_result(at(1), FAIL, MS), Err(DivisionByZero));
        assert_eq!(breaker.reading(at(1)).failure_rate, Some(100.0));
    }
}
