//! The knobs of the lab `retry-storm`, read once and not at every event.

use crate::engine::time::{Span, Time};
use crate::labs::knob::{Knobs, NO_LIMIT, Value};
use crate::patterns::amplification;
use crate::patterns::backoff::{Backoff, Schedule};
use crate::patterns::breaker::resilience4j::{self, OpenWait, WindowKind};
use crate::patterns::breaker::{Breaker, Settings};
use crate::patterns::shedding::{Order, Rules};

/// Above so many attempts a second nobody reads them one by one, and only what is worth a mark is told.
const TOLD_PER_S: f64 = 3000.0;

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub closed: bool,
    pub rate: f64,
    pub clients: u32,
    pub think: Span,
    /// None: for ever.
    pub timeout: Option<Span>,
    pub inner_timeout: Option<Span>,
    pub deadline: Option<Span>,
    /// Attempts of a request: the first try and the retries.
    pub attempts: u8,
    pub backoff: Schedule,
    pub budget: f64,
    pub budget_burst: u32,
    pub quota: &'static str,
    pub throttle: bool,
    pub breaker: bool,
    pub tiers: u8,
    pub propagate: bool,
    pub tier_errors: f64,
    pub workers: usize,
    pub service: Span,
    pub exponential: bool,
    pub queue_cap: usize,
    pub lifo: bool,
    pub drop_expired: bool,
    pub margin: Span,
    pub error_rate: f64,
    pub warm_up: Span,
    /// Whether single attempts are told of.
    pub telling: bool,
}

impl Config {
    pub fn read(knobs: &Knobs) -> Self {
        let some = |name| Some(knobs.span(name)).filter(|span| *span > Span::ZERO);
        let timeout = some("timeout");
        let mut config = Self {
            closed: knobs.is("arrivals", "closed"),
            rate: knobs.number("rate"),
            clients: knobs.count("clients") as u32,
            think: knobs.span("think"),
            timeout,
            inner_timeout: some("inner_timeout").or(timeout),
            deadline: some("deadline"),
            attempts: knobs.count("retries") as u8 + 1,
            backoff: Schedule {
                kind: match knobs.word("backoff") {
                    "fixed" => Backoff::Fixed,
                    "exponential" => Backoff::Exponential,
                    "equal-jitter" => Backoff::EqualJitter,
                    "full-jitter" => Backoff::FullJitter,
                    "decorrelated" => Backoff::Decorrelated,
                    _ => Backoff::Immediate,
                },
                base: knobs.span("backoff_base"),
                cap: knobs.span("backoff_cap"),
                factor: knobs.number("backoff_factor"),
                first_exponent: knobs.count("first_exponent") as u32,
            },
            budget: knobs.number("budget"),
            budget_burst: knobs.count("budget_burst") as u32,
            quota: knobs.word("quota"),
            throttle: knobs.is_on("throttle"),
            breaker: knobs.is("breaker", "resilience4j"),
            tiers: knobs.count("tiers") as u8,
            propagate: knobs.is_on("propagate"),
            tier_errors: knobs.number("tier_errors"),
            workers: knobs.count("workers"),
            service: knobs.span("service"),
            exponential: knobs.is("service_distribution", "exponential"),
            queue_cap: match knobs.get("queue_cap") {
                Some(Value::Count(NO_LIMIT)) => usize::MAX,
                _ => knobs.count("queue_cap"),
            },
            lifo: knobs.is("discipline", "lifo"),
            drop_expired: knobs.is_on("drop_expired"),
            margin: knobs.span("deadline_margin"),
            error_rate: knobs.number("error_rate"),
            warm_up: knobs.span("warm_up"),
            telling: true,
        };
        config.telling = config.wanted() * f64::from(config.attempts) <= TOLD_PER_S;
        config
    }

    /// First tries per second, while all is well.
    pub fn wanted(&self) -> f64 {
        if self.closed { f64::from(self.clients) / (self.think + self.service).secs() } else { self.rate }
    }

    /// Attempts that the server can finish per second, while all is well.
    pub fn capacity(&self) -> f64 {
        self.workers as f64 / self.service.secs()
    }

    /// The rules of the queue. What has expired is dropped by the server, since each attempt has a deadline of its own.
    pub fn waiting(&self) -> Rules {
        let order = if self.lifo { Order::Lifo } else { Order::Fifo };
        Rules { capacity: self.queue_cap, order, ..Rules::default() }
    }

    /// Attempts at the server for each request if every one of them fails.
    pub fn worst_amplification(&self) -> f64 {
        amplification::worst_case(self.tiers.into(), u32::from(self.attempts) - 1) as f64
    }

    /// How long layer `level` waits for an attempt (0 is the client).
    pub fn patience(&self, level: u8) -> Option<Span> {
        if level == 0 { self.timeout } else { self.inner_timeout }
    }

    /// The breaker before the server: the one that the lab's page names.
    pub fn build_breaker(&self, now: Time) -> Breaker {
        if !self.breaker {
            return Breaker::None;
        }
        let config = resilience4j::Config {
            window: WindowKind::Count(50),
            minimum_calls: 20,
            open_wait: OpenWait::Constant(Span::from_secs(5)),
            half_open_permits: 5,
            ..resilience4j::Config::default()
        };
        Settings::Resilience4j(config).build(now)
    }
}
