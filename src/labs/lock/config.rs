//! The knobs of the lab `lock`, read once and not at every event.

use super::design::Design;
use crate::engine::network::Weather;
use crate::engine::time::Span;
use crate::labs::knob::Knobs;
use crate::patterns::lock::redis::{Flaw, Outage, Persistence};
use crate::patterns::lock::storage::Fencing;
use crate::patterns::lock::zookeeper::Watching;

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub designs: Vec<Design>,
    pub clients: u8,
    /// None: a lock without end.
    pub ttl: Option<Span>,
    pub renew: Option<Span>,
    pub retry: Span,
    pub flaw: Option<Flaw>,
    pub watchdog: Span,
    /// Redisson's explicit lease.
    pub lease: Option<Span>,
    /// How long Redisson's `tryLock` waits.
    pub wait: Option<Span>,
    pub servers: u8,
    pub server_timeout: Span,
    pub persistence: Persistence,
    pub outage: Outage,
    /// How long a write waits at a master before it goes to the replica.
    pub lag: Span,
    /// How long after the master's crash the replica takes over.
    pub sentinel: Option<Span>,
    pub session: Span,
    pub tick: Span,
    pub watching: Watching,
    pub etcd_ttl: Span,
    pub fencing: Fencing,
    pub work: Span,
    pub think: Span,
    pub spread: f64,
    /// The mean of a pause in each piece of work.
    pub pauses: Option<Span>,
    /// Looks at its clock before it writes.
    pub checks: bool,
    /// Between that look and the write.
    pub gap: Span,
    /// How long an answer is waited for.
    pub patience: Span,
    pub weather: Weather,
}

impl Config {
    pub fn read(knobs: &Knobs) -> Self {
        let some = |name| Some(knobs.span(name)).filter(|span| *span > Span::ZERO);
        let design = knobs.word("design");
        let flaw = match knobs.word("flaw") {
            _ if knobs.is("release", "del") => Some(Flaw::UnlockByDel),
            "count-from-answer" => Some(Flaw::CountFromAnswer),
            "expire-after-set" => Some(Flaw::ExpireAfterSet),
            "token-after-set" => Some(Flaw::TokenAfterSet),
            _ => None,
        };
        let small = |name, most| u8::try_from(knobs.count(name)).unwrap_or(most).clamp(1, most);
        Self {
            designs: Design::ALL.into_iter().filter(|it| design == "all" || design == it.word()).collect(),
            clients: small("clients", 26),
            ttl: some("ttl"),
            renew: some("renew"),
            retry: knobs.span("retry"),
            flaw,
            watchdog: knobs.span("watchdog"),
            lease: some("lease"),
            wait: some("wait"),
            servers: small("servers", 9),
            server_timeout: knobs.span("server_timeout"),
            persistence: match knobs.word("persistence") {
                "none" => Persistence::Nothing,
                "everysec" => Persistence::EverySecond,
                _ => Persistence::Always,
            },
            outage: if knobs.is("outage", "power") { Outage::Power } else { Outage::Process },
            lag: knobs.span("lag"),
            sentinel: some("sentinel"),
            session: knobs.span("session"),
            tick: knobs.span("tick"),
            watching: if knobs.is("watch", "all") { Watching::Everyone } else { Watching::Predecessor },
            etcd_ttl: knobs.span("etcd_ttl"),
            fencing: if knobs.is_on("fencing") { Fencing::Checked } else { Fencing::Ignored },
            work: knobs.span("work"),
            think: knobs.span("think"),
            spread: knobs.number("spread"),
            pauses: some("pauses"),
            checks: knobs.is("check", "clock"),
            gap: knobs.span("gap"),
            patience: knobs.span("patience"),
            weather: Weather {
                loss: knobs.number("loss"),
                ..Weather::fair(knobs.span("latency"), knobs.span("jitter"))
            },
        }
    }
}
