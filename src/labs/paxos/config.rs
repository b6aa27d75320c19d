//! The knobs of the lab `paxos`, read once and not at every event.

use crate::engine::network::Weather;
use crate::engine::time::Span;
use crate::labs::knob::Knobs;
use crate::patterns::paxos::multi::Lease;
use crate::patterns::paxos::{Config as Rules, Flaw};

#[derive(Clone, Copy, Debug)]
pub(super) struct Config {
    pub rules: Rules,
    /// Many values with a leader, and not one.
    pub multi: bool,
    pub proposers: u8,
    pub by_hand: bool,
    pub weather: Weather,
    pub fsync: Span,
    /// Proposers begin at random within this.
    pub stagger: Span,
    /// How long a proposer waits after a round without hope, from and to.
    pub retry: (Span, Span),
    /// When a round that nobody answers is without hope.
    pub round_timeout: Span,
    pub lease: Option<Lease>,
    pub renew: Span,
    /// How long a replica waits for a leader, from and to.
    pub suspect: (Span, Span),
    pub reads: Reads,
    pub think: Span,
    pub read_share: f64,
    pub client_timeout: Span,
}

/// How a replica answers a read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reads {
    /// From what it knows, while it holds the lease.
    Lease,
    /// As a value of its own, after which the state is known.
    Slot,
    /// From what it knows, as long as it takes itself for the leader.
    Leader,
}

impl Config {
    pub fn read(knobs: &Knobs) -> Self {
        let small = |name| u8::try_from(knobs.count(name)).unwrap_or(u8::MAX);
        let acceptors = small("acceptors").clamp(1, 7);
        let quorum = |name| match small(name) {
            0 => acceptors / 2 + 1,
            some => some.min(acceptors),
        };
        let multi = knobs.is("mode", "multi");
        let flaw = match knobs.word("flaw") {
            "break-promise" => Some(Flaw::BreakPromise),
            "ignore-highest-value" => Some(Flaw::IgnoreHighestValue),
            "same-ballot" => Some(Flaw::SameBallot),
            "two-are-enough" => Some(Flaw::TwoNodesAreEnough),
            "forget-on-restart" => Some(Flaw::ForgetOnRestart),
            "skip-phase-1" => Some(Flaw::SkipPhaseOne),
            "lease-from-answer" => Some(Flaw::LeaseFromAnswer),
            _ => None,
        };
        let learners = u8::from(!multi);
        let rules = Rules { learners, flaw, ..Rules::flexible(acceptors, quorum("q1"), quorum("q2")) };
        let from_to = |min, max| (knobs.span(min), knobs.span(max).max(knobs.span(min)));
        let granted = knobs.span("lease");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a million")]
        let drift = (knobs.number("drift") * 1e6).round().min(999_999.0) as u32;
        Self {
            rules,
            multi,
            proposers: small("proposers").clamp(1, 3),
            by_hand: knobs.is("delivery", "by-hand"),
            weather: Weather {
                latency: knobs.span("latency"),
                jitter: knobs.span("jitter"),
                loss: knobs.number("loss"),
                duplicates: knobs.number("duplicates"),
                ordered: false,
                by_hand: knobs.is("delivery", "by-hand"),
            },
            fsync: knobs.span("fsync"),
            stagger: knobs.span("stagger"),
            retry: from_to("retry_min", "retry_max"),
            round_timeout: knobs.span("round_timeout"),
            lease: (granted > Span::ZERO).then(|| Lease::with_drift(granted, drift)),
            renew: knobs.span("renew"),
            suspect: from_to("suspect_min", "suspect_max"),
            reads: match knobs.word("reads") {
                "slot" => Reads::Slot,
                "leader" => Reads::Leader,
                _ => Reads::Lease,
            },
            think: knobs.span("think"),
            read_share: knobs.number("read_share"),
            client_timeout: knobs.span("client_timeout"),
        }
    }

    /// How many nodes remember.
    pub const fn acceptors(&self) -> u8 {
        self.rules.acceptors
    }

    /// How many nodes send and hear of rounds: acceptors and proposers, or replicas.
    pub const fn agents(&self) -> u8 {
        if self.multi { self.rules.acceptors } else { self.rules.acceptors + self.proposers }
    }
}
