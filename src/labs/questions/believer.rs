//! A breaker that works as somebody thinks: Resilience4j told anew in the shortest way, with at most one flaw.
//!
//! Without a flaw it agrees with [`resilience4j::CircuitBreaker`](crate::patterns::breaker::resilience4j::CircuitBreaker)
//! on every call, which a test holds it to; so what a flaw changes is the flaw's doing alone. Counts with whole numbers and
//! keeps every result: it is made to be checked, not to be fast.

use crate::engine::time::{Span, Time};
use crate::patterns::breaker::State;
use crate::patterns::breaker::resilience4j::{Config, OpenWait, WindowKind};

/// A misconception that can be played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// The rate counts from the first result on.
    BelowMinimum,
    /// It opens above the threshold, not at it.
    Strict,
    /// Slow answers are successes and nothing else.
    SlowIsSuccess,
    /// Failures add up for ever.
    NeverForgets,
    /// The rate is failures by the size of the window.
    OverWindowSize,
    /// Every result in a full window must be bad.
    MustFill,
    /// Rates are compared after a failure only.
    OnlyFailures,
    /// Rates are compared all the time, also when results grow old.
    ByClock,
    /// A minimum above the size of a count window stays as it is.
    CountMinimumStays,
    /// A time window of N seconds lowers the minimum to N.
    TimeMinimumCapped,
    /// After the wait it is closed.
    ClosesByClock,
    /// It knows when the service is back.
    SeesRecovery,
    /// It finds out by checks of its own, no call is risked.
    ProbesAreExtra,
    /// Each rejected call starts the wait anew.
    RejectionsRestartWait,
    /// Each wait is as long as the first.
    WaitConstant,
    /// After closing, the old results still count.
    KeepsWindow,
    /// The first probe decides.
    OneProbe,
    /// All permitted probes must be back.
    AllProbes,
    /// Half-open waits for the whole minimum.
    FullMinimum,
    /// It opens again once enough probes have failed.
    WhenCertain,
    /// Results of calls that began before it opened are thrown away.
    LateDropped,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::BelowMinimum,
        Self::Strict,
        Self::SlowIsSuccess,
        Self::NeverForgets,
        Self::OverWindowSize,
        Self::MustFill,
        Self::OnlyFailures,
        Self::ByClock,
        Self::CountMinimumStays,
        Self::TimeMinimumCapped,
        Self::ClosesByClock,
        Self::SeesRecovery,
        Self::ProbesAreExtra,
        Self::RejectionsRestartWait,
        Self::WaitConstant,
        Self::KeepsWindow,
        Self::OneProbe,
        Self::AllProbes,
        Self::FullMinimum,
        Self::WhenCertain,
        Self::LateDropped,
    ];

    /// The id of the misconception.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BelowMinimum => "opens-below-minimum",
            Self::Strict => "threshold-is-strict",
            Self::SlowIsSuccess => "slow-is-success",
            Self::NeverForgets => "window-never-forgets",
            Self::OverWindowSize => "rate-over-window-size",
            Self::MustFill => "window-must-fill-with-failures",
            Self::OnlyFailures => "only-failures-open",
            Self::ByClock => "evaluated-by-clock",
            Self::CountMinimumStays => "count-minimum-not-capped",
            Self::TimeMinimumCapped => "time-minimum-capped",
            Self::ClosesByClock => "closes-by-clock",
            Self::SeesRecovery => "breaker-sees-recovery",
            Self::ProbesAreExtra => "probes-are-extra-calls",
            Self::RejectionsRestartWait => "rejections-restart-wait",
            Self::WaitConstant => "open-wait-constant",
            Self::KeepsWindow => "window-survives-closing",
            Self::OneProbe => "one-probe-decides",
            Self::AllProbes => "all-probes-must-finish",
            Self::FullMinimum => "half-open-uses-full-minimum",
            Self::WhenCertain => "decides-when-certain",
            Self::LateDropped => "late-results-dropped",
        }
    }

    /// Whether it can make a difference with these settings at all. With `WaitConstant` and the like it is the run that
    /// tells.
    pub const fn applies(self, config: &Config) -> bool {
        match (self, config.window) {
            (Self::OverWindowSize | Self::MustFill | Self::CountMinimumStays, WindowKind::Seconds(_))
            | (Self::ByClock | Self::TimeMinimumCapped, WindowKind::Count(_)) => false,
            (Self::CountMinimumStays, WindowKind::Count(size)) => config.minimum_calls > size,
            _ => true,
        }
    }
}

/// How a call ended, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Result {
    /// It failed.
    pub failed: bool,
    /// It took longer than the limit.
    pub slow: bool,
    /// It began before the breaker opened.
    pub late: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Kept {
    second: u64,
    result: Result,
}

/// A breaker as somebody thinks that it works.
#[derive(Clone, Debug)]
pub struct Believer {
    config: Config,
    flaw: Option<Flaw>,
    state: State,
    until: Time,
    waits: u32,
    permits: u32,
    closed: Vec<Kept>,
    probes: Vec<Kept>,
    /// The second up to which the clock was looked at.
    seen: u64,
}

impl Believer {
    /// Closed, with an empty window, at the start of time.
    pub const fn new(config: Config, flaw: Option<Flaw>) -> Self {
        Self {
            config,
            flaw,
            state: State::Closed,
            until: Time::ZERO,
            waits: 0,
            permits: 0,
            closed: Vec::new(),
            probes: Vec::new(),
            seen: 0,
        }
    }

    fn believes(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// What it shows.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Opens, as if by hand.
    pub fn open(&mut self, now: Time) {
        self.waits += 1;
        self.state = State::Open;
        self.until = now + self.wait();
    }

    fn wait(&self) -> Span {
        let times = if self.believes(Flaw::WaitConstant) { 1 } else { self.waits };
        match self.config.open_wait {
            OpenWait::Constant(wait) => wait,
            OpenWait::Exponential { initial, multiplier, max } => {
                (1..times).fold(initial, |wait, _| wait.times(multiplier)).min(max)
            }
        }
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.waits = 0;
        if !self.believes(Flaw::KeepsWindow) {
            self.closed.clear();
        }
    }

    /// Whether a call passes at `now`; `well` says that it would succeed in good time.
    pub fn acquire(&mut self, now: Time, well: bool) -> bool {
        self.clock(now);
        if self.state == State::Open {
            if self.believes(Flaw::SeesRecovery) && well {
                self.close();
            } else if now > self.until {
                match self.flaw {
                    Some(Flaw::ClosesByClock) => self.close(),
                    Some(Flaw::ProbesAreExtra) if well => self.close(),
                    Some(Flaw::ProbesAreExtra) => self.open(now),
                    _ => {
                        self.state = State::HalfOpen;
                        self.permits = self.config.half_open_permits;
                        self.probes.clear();
                    }
                }
            } else if self.believes(Flaw::RejectionsRestartWait) {
                self.until = now + self.wait();
            }
        }
        match self.state {
            State::HalfOpen if self.permits == 0 => false,
            State::HalfOpen => {
                self.permits -= 1;
                true
            }
            state => state == State::Closed,
        }
    }

    /// Who thinks that the rate is watched all the time watches it once a second.
    fn clock(&mut self, now: Time) {
        if self.believes(Flaw::ByClock) {
            for second in self.seen..=now.whole_secs() {
                let at = Time::from_secs(second);
                if self.state == State::Closed && self.is_bad(at) {
                    self.open(at);
                }
            }
        }
        self.seen = now.whole_secs();
    }

    /// A call ended.
    pub fn result(&mut self, now: Time, result: Result) {
        let slow = result.slow && !self.believes(Flaw::SlowIsSuccess);
        let kept = Kept { second: now.whole_secs(), result: Result { slow, ..result } };
        if result.late && self.believes(Flaw::LateDropped) {
            return;
        }
        match self.state {
            State::Closed => {
                self.closed.push(kept);
                if (result.failed || !self.believes(Flaw::OnlyFailures)) && self.is_bad(now) {
                    self.open(now);
                }
            }
            State::HalfOpen => {
                self.probes.push(kept);
                self.judge_probes(now);
            }
            _ => {}
        }
    }

    /// Results in the window, failed ones, slow ones.
    fn counts(&self, now: Time) -> (u64, u64, u64) {
        let all = self.closed.len();
        let skipped = match self.config.window {
            _ if self.believes(Flaw::NeverForgets) => 0,
            WindowKind::Count(size) => all.saturating_sub(size as usize),
            WindowKind::Seconds(seconds) => {
                let oldest = (now.whole_secs() + 1).saturating_sub(u64::from(seconds));
                self.closed.iter().take_while(|kept| kept.second < oldest).count()
            }
        };
        count(self.closed.get(skipped..).unwrap_or_default())
    }

    /// Whether the window is bad enough to open.
    fn is_bad(&self, now: Time) -> bool {
        let (calls, failed, slow) = self.counts(now);
        let size = match self.config.window {
            WindowKind::Count(size) => Some(u64::from(size)),
            WindowKind::Seconds(_) => None,
        };
        let minimum = u64::from(self.config.minimum_calls);
        let minimum = match (self.flaw, self.config.window) {
            (Some(Flaw::BelowMinimum), _) => 1,
            (Some(Flaw::TimeMinimumCapped), WindowKind::Seconds(seconds)) => minimum.min(u64::from(seconds)),
            (Some(Flaw::CountMinimumStays), _) => minimum,
            _ => size.map_or(minimum, |size| minimum.min(size)),
        };
        if calls < minimum || calls == 0 {
            return false;
        }
        match (self.flaw, size) {
            (Some(Flaw::MustFill), Some(size)) => calls >= size && (failed == calls || slow == calls),
            (Some(Flaw::OverWindowSize), Some(size)) => self.exceeds(size, failed, slow),
            // Bad results of all time, by as many results as the window holds.
            (Some(Flaw::NeverForgets), Some(size)) => self.exceeds(calls.min(size), failed, slow),
            _ => self.exceeds(calls, failed, slow),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "thresholds are whole percents"
    )]
    fn exceeds(&self, of: u64, failed: u64, slow: u64) -> bool {
        let reaches = |bad: u64, threshold: f32| {
            let (share, threshold) = (bad * 100, threshold as u64 * of);
            if self.believes(Flaw::Strict) { share > threshold } else { share >= threshold }
        };
        reaches(failed, self.config.failure_threshold) || reaches(slow, self.config.slow_threshold)
    }

    fn judge_probes(&mut self, now: Time) {
        let (calls, failed, slow) = count(&self.probes);
        let (whole, permits) =
            (u64::from(self.config.minimum_calls), u64::from(self.config.half_open_permits));
        let minimum = match self.flaw {
            Some(Flaw::OneProbe) => 1,
            Some(Flaw::AllProbes) => permits,
            Some(Flaw::FullMinimum) => whole,
            _ => whole.min(permits),
        };
        let certain = self.believes(Flaw::WhenCertain) && self.exceeds(minimum, failed, slow);
        if calls < minimum && !certain {
            return;
        }
        if certain || self.exceeds(calls, failed, slow) {
            self.open(now);
        } else {
            self.close();
        }
    }
}

fn count(kept: &[Kept]) -> (u64, u64, u64) {
    let of = |test: &dyn Fn(&Result) -> bool| kept.iter().filter(|kept| test(&kept.result)).count() as u64;
    (kept.len() as u64, of(&|result| result.failed), of(&|result| result.slow))
}
