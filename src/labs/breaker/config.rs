//! The knobs of the lab `breaker` as typed settings.

use super::Owner;
use crate::engine::random::Stream;
use crate::engine::time::Span;
use crate::labs::knob::Knobs;
use crate::patterns::breaker::resilience4j::{self, AfterHalfOpen, OpenWait, WindowKind};
use crate::patterns::breaker::{Settings, State, hystrix, opossum, pybreaker};

/// Every setting, read once from the knobs.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub closed_loop: bool,
    pub rate: f64,
    pub clients: usize,
    pub think: Span,
    pub payments_share: f64,
    pub gateway_threads: usize,
    pub callers: usize,
    pub order_threads: usize,
    pub order_queue: usize,
    pub order_time: Span,
    pub shards: usize,
    pub shard_workers: usize,
    pub shard_queue: usize,
    pub service_time: Span,
    pub exponential: bool,
    pub error_rate: f64,
    pub slow_call: Span,
    pub call_timeout: Option<Span>,
    pub gateway_timeout: Option<Span>,
    pub scope: Scope,
    pub open_for: Span,
    pub open_jitter: f64,
    pub count_4xx: bool,
    pub retries: u32,
    pub retry_inside: bool,
    pub backoff: Backoff,
    pub retry_rejected: bool,
    pub cached: bool,
}

/// Which calls share a breaker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    PerCaller,
    Shared,
    PerShard,
}

/// How the wait before a further attempt is chosen.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Backoff {
    kind: &'static str,
    base: Span,
    factor: f64,
}

impl Backoff {
    /// The wait before the `retry`-th further attempt, counted from 1.
    pub fn wait(self, retry: u32, jitter: f64) -> Span {
        let grown = self.base.times(libm::pow(self.factor, f64::from(retry.saturating_sub(1))));
        match self.kind {
            "fixed" => self.base,
            "exponential" => grown,
            "full-jitter" => grown.times(jitter),
            _ => Span::ZERO,
        }
    }
}

impl Config {
    pub fn read(knobs: &Knobs) -> Self {
        let some = |name| Some(knobs.span(name)).filter(|span| *span > Span::ZERO);
        Self {
            closed_loop: knobs.is("arrivals", "closed"),
            rate: knobs.number("rate"),
            clients: knobs.count("clients"),
            think: knobs.span("think"),
            payments_share: knobs.number("payments_share"),
            gateway_threads: knobs.count("gateway_threads"),
            callers: knobs.count("callers"),
            order_threads: knobs.count("order_threads"),
            order_queue: knobs.count("order_queue"),
            order_time: knobs.span("order_time"),
            shards: knobs.count("shards"),
            shard_workers: knobs.count("shard_workers"),
            shard_queue: knobs.count("shard_queue"),
            service_time: knobs.span("service_time"),
            exponential: knobs.is("service_distribution", "exponential"),
            error_rate: knobs.number("error_rate"),
            slow_call: knobs.span("slow_call"),
            call_timeout: some("call_timeout"),
            gateway_timeout: some("gateway_timeout"),
            scope: match knobs.word("scope") {
                "shared" => Scope::Shared,
                "per-shard" => Scope::PerShard,
                _ => Scope::PerCaller,
            },
            open_for: knobs.span("open_for"),
            open_jitter: knobs.number("open_jitter"),
            count_4xx: knobs.is_on("count_4xx"),
            retries: knobs.count("retries") as u32,
            retry_inside: knobs.is("retry_place", "inside"),
            backoff: Backoff {
                kind: knobs.word("backoff"),
                base: knobs.span("backoff_base"),
                factor: knobs.number("backoff_factor"),
            },
            retry_rejected: knobs.is_on("retry_rejected"),
            cached: knobs.is("fallback", "cached"),
        }
    }

    /// How many breakers there are.
    pub fn breakers(&self) -> usize {
        match self.scope {
            Scope::PerCaller => self.callers,
            Scope::Shared => 1,
            Scope::PerShard => self.callers * self.shards,
        }
    }

    /// The breaker that a call from `caller` to `shard` passes.
    pub fn breaker_of(&self, caller: usize, shard: usize) -> usize {
        match self.scope {
            Scope::PerCaller => caller,
            Scope::Shared => 0,
            Scope::PerShard => caller * self.shards + shard,
        }
    }

    /// Whose calls pass breaker number `number`.
    pub fn owner(&self, number: usize) -> Owner {
        let (caller, shard) = match self.scope {
            Scope::PerCaller => (Some(number), None),
            Scope::Shared => (None, None),
            Scope::PerShard => (Some(number / self.shards), Some(number % self.shards)),
        };
        Owner { caller: caller.map(|n| n as u32), shard: shard.map(|n| n as u32) }
    }

    /// How long breaker number `number` stays open: the setting, spread by the jitter.
    pub fn open_wait(&self, number: usize, jitter: Stream) -> Span {
        let spread = 2.0 * jitter.draw(number as u64, 0).unit() - 1.0;
        Span::from_millis(self.open_for.times(1.0 + self.open_jitter * spread).millis().max(1))
    }
}

/// The settings of the breaker that the knobs name, staying open for `wait`.
#[expect(clippy::cast_sign_loss, reason = "thresholds are percentages")]
pub(super) fn settings(knobs: &Knobs, wait: Span) -> Settings {
    let count = |name| knobs.count(name) as u32;
    let percent = |name| (knobs.number(name) * 100.0) as f32;
    let hystrix = || hystrix::Config {
        request_volume: count("minimum_calls"),
        error_threshold: percent("failure_threshold") as u32,
        sleep_window: wait,
        window: Span::from_secs(u64::from(count("window_size"))),
        ..hystrix::Config::default()
    };
    match knobs.word("breaker") {
        "resilience4j" => Settings::Resilience4j(resilience4j::Config {
            window: if knobs.is("window", "time") {
                WindowKind::Seconds(count("window_size"))
            } else {
                WindowKind::Count(count("window_size"))
            },
            minimum_calls: count("minimum_calls").max(1),
            failure_threshold: percent("failure_threshold").max(f32::MIN_POSITIVE),
            slow_threshold: percent("slow_threshold").max(f32::MIN_POSITIVE),
            slow_duration: knobs.span("slow_call"),
            open_wait: open_wait(knobs, wait),
            half_open_permits: count("probes"),
            half_open_max_wait: knobs.span("max_half_open"),
            after_half_open: AfterHalfOpen::Open,
            automatic_half_open: knobs.is_on("auto_half_open"),
            initial: State::Closed,
        }),
        "hystrix" => Settings::Hystrix(hystrix()),
        "hystrix-master" => Settings::HystrixMaster(hystrix()),
        "opossum" => Settings::Opossum(opossum::Config {
            error_threshold: f64::from(percent("failure_threshold")),
            volume_threshold: count("minimum_calls"),
            reset_timeout: wait,
            window: Span::from_secs(u64::from(count("window_size"))),
            ..opossum::Config::default()
        }),
        "pybreaker" => Settings::Pybreaker(pybreaker::Config {
            fail_max: count("consecutive"),
            reset_timeout: wait,
            success_threshold: count("probes"),
            ..pybreaker::Config::default()
        }),
        _ => Settings::None,
    }
}

fn open_wait(knobs: &Knobs, wait: Span) -> OpenWait {
    let multiplier = knobs.number("open_factor");
    if multiplier <= 1.0 {
        return OpenWait::Constant(wait);
    }
    let cap = knobs.span("open_max");
    let max = if cap == Span::ZERO { Span::from_secs(86_400) } else { cap };
    OpenWait::Exponential { initial: wait, multiplier, max }
}
